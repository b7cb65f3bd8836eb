//! What a reader is told when something went wrong.

use std::net::TcpListener;

use clearprint::internals::server::SiteConfig;
use url::Url;

use super::site::Site;
use super::{get, proxy, with};
use crate::http::ask;

#[test]
fn what_went_wrong_is_told_on_an_accessible_page() {
    let site = Site::start();
    let at = proxy(&site);
    for (target, status, ru, en) in [
        ("/lv/~1.white-on-black/gone", 404, "Такой страницы нет", "There is no such page"),
        ("/lv/~1.white-on-black/broken", 500, "На сайте ошибка", "The site has an error"),
        ("/lv/~1.white-on-black/mute", 504, "Сайт отвечает слишком долго", "The site takes too long"),
        ("/lv/~1.white-on-black/lying", 415, "не страница с текстом", "no page of text"),
        ("/lv/~1.white-on-black/huge", 413, "Страница слишком велика", "The page is too large"),
        ("/print/menu", 422, "Для печати здесь нет статьи", "There is no article to print"),
        ("/print/gone", 404, "Такой страницы нет", "There is no such page"),
        ("/print/pics/bridge.jpg", 415, "не страница с текстом", "no page of text"),
    ] {
        for (language, words) in [("ru-RU,ru;q=0.9,en;q=0.8", ru), ("en", en)] {
            let answer = ask(at, "GET", target, &format!("Accept-Language: {language}\r\n"), b"");
            let page = answer.text();
            assert_eq!((answer.status, answer.header("cache-control")), (status, Some("no-store")), "{target}: {page}");
            assert!(page.contains(words), "{target}: {words} is not in {page}");
            assert!(page.contains(&format!("<html lang=\"{}\"", &language[..2])), "{page}");
            assert_eq!((page.matches("<h1").count(), page.matches("<main").count()), (1, 1), "{page}");
            let path = target.trim_start_matches("/lv/~1.white-on-black").trim_start_matches("/print");
            assert!(page.contains(&format!("href=\"https://www.example.ru{path}\"")), "no way back: {page}");
            if target.starts_with("/lv/") {
                assert!(
                    page.contains("/~1.white-on-black.css\"") && page.contains("href=\"/lv/~1.white-on-black/\""),
                    "{page}"
                );
            }
        }
    }
    // Nobody is there at all.
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let nobody = Url::parse(&format!("http://{free}")).expect("an address");
    let at = with(SiteConfig { upstream: nobody, ..site.config() });
    for target in ["/lv/~1.dark/news/1", "/print/news/1"] {
        let answer = get(at, target);
        assert_eq!(answer.status, 502, "{target}");
        assert!(answer.text().contains("Сайт сейчас не отвечает"), "{target}");
    }
}
