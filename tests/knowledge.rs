//! What the user knows of a site: profiles and filter lists, as the stream follows them, and the account of it.

use std::sync::Arc;

use clearprint::clean::{Filters, Receipt, Rules, Site, SiteProfile};
use clearprint::rewrite::{Options, Rewriter};

/// The page under a profile and a filter list, with its receipt.
fn rewrite(html: &str, profile: &str, list: &str) -> (String, Receipt) {
    let profile = SiteProfile::from_toml("site.toml", profile).expect("a profile");
    let site = Site::new("site.toml", profile, Filters::new([list])).expect("selectors");
    let base_url = url::Url::parse("https://www.example.ru/news/1.html").ok();
    let mut options = Options::default();
    (options.base_url, options.site, options.panel) = (base_url, Some(Arc::new(site)), false);
    let mut page = Vec::new();
    let mut rewriter = Rewriter::new(Rules::built_in(), &options, |bytes: &[u8]| page.extend_from_slice(bytes));
    rewriter.write(html).expect("within limits");
    let receipt = rewriter.end().expect("within limits");
    (String::from_utf8(page).expect("UTF-8"), receipt)
}

const PAGE: &str = "<title>Мост открыт</title><div class=page><h1>Мост открыт</h1>\
    <p>Движение по новому мосту через Унжу открыли утром, и первым по нему проехал автобус с учениками сельской школы, \
    которые ждали этого дня три года и каждое утро обходили реку по льду.</p>\
    <div class=promo>Купи <a href='/shop'>лодку</a></div>\
    <p><a href='https://track.example/c?id=1'>Реклама</a> и <a href='/news/2.html'>вторая новость</a>.</p>\
    <p><img src='https://ads.example/1.png' alt='Баннер'><img src='/photo.jpg' alt='Мост'></p></div>";

#[test]
fn a_rule_that_eats_a_parent_fills_the_account_of_losses() {
    let (page, receipt) = rewrite(PAGE, "", "");
    assert!(page.contains("Движение"));
    assert_eq!(receipt.lost, Vec::<String>::new());
    for parent in [".page", "div", "body > div"] {
        let (page, receipt) = rewrite(PAGE, &format!("remove = ['{parent}']"), "");
        assert!(!page.contains("Движение"));
        assert!(receipt.lost.iter().any(|loss| loss.contains("headline") && loss.contains(parent)), "{receipt:?}");
    }
    let (_, receipt) = rewrite(PAGE, "remove = ['p']", "");
    assert_eq!(receipt.lost, Vec::<String>::new(), "each paragraph by itself is what the owner asked for");
}

#[test]
fn what_a_filter_list_takes_is_told_with_the_rule() {
    let list = "##.promo\nexample.ru##a[href^=\"https://track.\"]\n||ads.example^$image\nother.ru##p\n";
    let (page, receipt) = rewrite(PAGE, "", list);
    for gone in ["лодку", "track.example", "ads.example", "Реклама"] {
        assert!(!page.contains(gone), "{gone}");
    }
    for kept in ["вторая новость", "photo.jpg", "Движение"] {
        assert!(page.contains(kept), "{kept}");
    }
    let told: Vec<&str> = receipt.removed.iter().map(|removal| removal.selector.as_str()).collect();
    assert_eq!(told, [".promo", "a[href^=\"https://track.\"]", "||ads.example^$image"]);
    assert_eq!(receipt.removed[0].words, 2);
    assert_eq!(receipt.lost, Vec::<String>::new());
}

#[test]
fn a_filter_list_takes_neither_the_headline_nor_the_text() {
    let sentences =
        "<p>Мост строили три года, и каждое утро ученики обходили реку по льду, а весной ждали лодку.".repeat(30);
    let html = format!("<title>Мост открыт</title><div class=wide>{sentences}</div>");
    let (page, receipt) = rewrite(&html, "", "##.wide");
    assert!(page.contains("ждали лодку"));
    assert_eq!(receipt.spared.len(), 1);
    let (page, _) = rewrite(PAGE, "", "##.page");
    assert!(page.contains("<h1>Мост открыт</h1>"));
}

#[test]
fn what_a_profile_keeps_no_list_takes() {
    let (page, receipt) = rewrite(PAGE, "keep = ['.promo']", "##.promo");
    assert!(page.contains("лодку"));
    assert_eq!(receipt.lost, Vec::<String>::new());
}

#[test]
fn what_says_nothing_is_left_out_and_told() {
    let html = "<title>Мост открыт</title><h1>Мост открыт</h1><h2> </h2><p>Текст <a href='/a'></a> и \
        <img src='/dot.gif' width=2 height=2> <img alt='без адреса'> <a href='/b'>ссылка</a></p>";
    let (_, receipt) = rewrite(html, "", "");
    let mut told: Vec<&str> = receipt.removed.iter().map(|removal| removal.selector.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["a", "h2", "img", "img"]);
    assert!(receipt.removed.iter().all(|removal| removal.rule.starts_with("empty: ") && removal.offset > 0));
    assert_eq!((receipt.kept.links, receipt.kept.headings, receipt.kept.images), (1, 1, 0));
    assert_eq!(receipt.lost, Vec::<String>::new());
}

/// The page with this body, in which nothing is lost.
fn without_loss(body: &str) -> String {
    let (page, receipt) = rewrite(&format!("<title>Мост</title><h1>Мост</h1><div>{body}</div>"), "", "");
    assert_eq!(receipt.lost, Vec::<String>::new(), "{body}\n{page}");
    page
}

#[test]
fn a_name_that_stands_for_a_picture_does_not_grow_into_the_words_beside_it() {
    let page = without_loss(
        "до<a href='/1' title='Схема'></a>Сёла у реки <a href='/2' aria-label='Карта'><img alt=''></a>Ещё",
    );
    assert!(page.contains("до <a href=\"https://www.example.ru/1\">Схема</a> Сёла"), "{page}");
    assert!(page.contains(">Карта</a> Ещё"), "{page}");
    let page = without_loss("<p><img src='data:image/png;base64,AA' alt='Ворона'>Галка</p>");
    assert!(page.contains("Ворона Галка"), "{page}");
    let page = without_loss("<p><a href='/' aria-label='В начало'><a href='/contact'>Написать нам</a></p>");
    assert!(page.contains("В начало</a> <a href=\"https://www.example.ru/contact\">Написать"), "{page}");
}

#[test]
fn a_link_of_a_no_break_space_parts_words() {
    let page = without_loss("<p>можно<a href='/1'>&nbsp;</a>идти</p>");
    assert!(page.contains("можно идти"), "{page}");
}

#[test]
fn a_drawing_or_a_list_of_options_parts_words_and_is_none_itself() {
    for between in [
        "<svg><title></title><path d='M0'></svg>",
        "<svg></svg>",
        "<select><option value=''></select>",
        "<select><option>раз<option>два</select>",
        "<canvas></canvas>",
    ] {
        let page = without_loss(&format!("<p>Назад{between}<span>Вперёд</span></p>"));
        assert!(page.contains("Назад Вперёд"), "{between}: {page}");
    }
}

#[test]
fn a_place_where_a_long_word_may_break_does_not_part_it() {
    let page = without_loss("<p>0.40616753<wbr>67769961</p>");
    assert!(page.contains("0.40616753<wbr>67769961"), "{page}");
}

#[test]
fn what_a_drawing_holds_within_what_a_rule_hit_by_mistake_is_no_loss() {
    let sentence = "Движение по новому мосту через Унжу открыли утром, и первым по нему проехал автобус. ".repeat(8);
    let page =
        without_loss(&format!("<div hidden><svg><text>Path Created with Sketch</text></svg><p>{sentence}</p></div>"));
    assert!(page.contains("проехал автобус") && !page.contains("Sketch"), "{page}");
}

#[test]
fn every_link_of_a_summary_stands_below_it() {
    let page = without_loss(
        "<details><summary><a href='/themes'>Темы</a> и <a href='/people'>люди</a></summary><p>Список</p></details>\
         <details><summary>Помощь <a href='/help'><svg></svg></a></summary><p>Здесь</p></details>\
         <details><summary><a href='/none'></a></summary><p>Там</p></details>",
    );
    for link in ["/themes\">Темы</a>", "/people\">люди</a>", "/help\">Помощь</a>"] {
        assert!(page.contains(&format!("<p><a href=\"https://www.example.ru{link}")), "{link}: {page}");
    }
}

#[test]
fn a_summary_of_links_without_end_keeps_their_words_and_says_which_lead_nowhere() {
    let links: String = (0..1_000).map(|n| format!("<a href='/{n}'>слово{n}</a> ")).collect();
    let (page, receipt) = rewrite(&format!("<details><summary>{links}</summary><p>Список</p></details>"), "", "");
    assert!(page.contains("слово999") && receipt.lost.is_empty(), "{:?}", receipt.lost);
    let dropped = receipt.removed.iter().filter(|removal| removal.rule.contains("summary")).count();
    assert!(dropped >= 900, "{dropped}");
}

#[test]
fn a_link_within_a_table_within_a_link_is_kept() {
    let page = without_loss("<a href='/1'>Весь ряд<table><a href='/2'>Ячейка</a><tr><td>Текст</td></tr></table></a>");
    for link in ["/1\">Весь ряд</a>", "/2\">Ячейка</a>"] {
        assert!(page.contains(link), "{link}: {page}");
    }
}
