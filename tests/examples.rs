//! The examples do what they say.

use std::fs;
use std::path::Path;

#[path = "../examples/files.rs"]
#[allow(dead_code, reason = "its main is for the command line")]
mod files;
#[cfg(feature = "server")]
#[path = "../examples/layer.rs"]
#[allow(dead_code, reason = "its main is for the command line")]
mod layer;
#[path = "../examples/print.rs"]
#[allow(dead_code, reason = "its main is for the command line")]
mod print;

#[test]
fn a_loop_over_files_makes_every_page_of_a_folder_accessible() {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = files::rewrite_folder(Path::new("samples"), folder.path()).expect("pages");
    assert!(pages.len() >= 6 && pages.iter().map(|(_, removed)| removed).sum::<usize>() > 0, "{pages:?}");
    for (page, _) in pages {
        let made = fs::read_to_string(folder.path().join(page.file_name().expect("a name"))).expect("a page");
        assert!(made.contains("<main") && made.ends_with("</html>\n"), "{}", page.display());
        assert!(!made.contains("<iframe"), "{}", page.display());
    }
}

#[test]
fn an_article_becomes_the_bytes_of_a_tagged_pdf() {
    let sample = Path::new("samples/longread.html");
    let bytes = print::print(sample, &fs::read(sample).expect("a sample")).expect("a PDF");
    let findings = clearprint::check::pdf(&bytes, None, &clearprint::Limits::default()).expect("a PDF");
    assert!(findings.is_empty(), "{findings:?}");
}

#[cfg(feature = "server")]
#[test]
fn a_layer_rewrites_the_pages_of_a_service_and_nothing_else() {
    let (ready, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("an event loop");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            ready.send(listener.local_addr().expect("an address")).expect("the test waits");
            axum::serve(listener, layer::site()).await.expect("it serves");
        });
    });
    let address = address.recv().expect("it starts");
    let page = crate::http::ask(address, "GET", "/", "", b"");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let text = page.text();
    assert!(text.contains("<main") && text.contains("It leaves every hour"), "{text}");
    assert!(!text.contains("Buy!") && !text.contains("track()"), "{text}");
    let robots = crate::http::ask(address, "GET", "/robots.txt", "", b"");
    assert_eq!(robots.text(), "User-agent: *\nAllow: /\n");
}
