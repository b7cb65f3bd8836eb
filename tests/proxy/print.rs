//! Articles of the site as PDFs.

use crate::site::Site;
use crate::{get, proxy};

#[test]
fn an_article_is_printed_under_a_name_of_its_own() {
    let site = Site::start();
    let at = proxy(&site);
    let answer = get(at, "/print/news/1?id=5&style=rnib-large");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/pdf")), "{}", answer.head);
    assert!(answer.body.starts_with(b"%PDF-"));
    let name = answer.header("content-disposition").expect("a name");
    let encoded: String =
        "Мост-открыли".bytes().map(|b| if b == b'-' { "%2D".into() } else { format!("%{b:02X}") }).collect();
    assert!(name.contains(&format!("filename*=UTF-8''{encoded}")), "{name}");
    assert_eq!(answer.header("x-robots-tag"), Some("noindex"));
    let requests = site.requests.lock().expect("no panic");
    assert!(requests.iter().any(|r| r.starts_with("GET /news/1?id=5 HTTP/1.1")), "{requests:?}");
    // The picture came by our own way to the site, though its address is the public one.
    assert!(requests.iter().any(|r| r.starts_with("GET /pics/bridge.jpg ")), "{requests:?}");
    drop(requests);
    let wrong = get(at, "/print/news/1?style=nonesuch");
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("nonesuch"));
}
