//! Articles on several pages, and other versions of an article, against a real server on this machine.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Output};

const HEADLINE: &str = "The bridge over the Velga opens a month early";

/// A page of the article: its own paragraphs, and what stands in the head.
fn page(head: &str, headline: &str, word: &str) -> String {
    let paragraph = format!(
        "<p>Part {word} of the report tells how the {word} crew set the last beam of the bridge, what it cost the \
         district, and why the river had to wait for the {word} inspection before anybody could cross it.</p>"
    );
    format!(
        "<!doctype html><html lang=en><head><title>{headline}</title>{head}</head><body><header><a href=/>Post</a></header>\
         <main><article><h1>{headline}</h1>{}</article></main><footer>© Post</footer></body></html>",
        paragraph.clone() + &paragraph.replace("tells", "also tells") + &paragraph.replace("Part", "This part")
    )
}

/// Serves these pages by their paths, and answers 404 to every other; gives the origin.
fn serve(pages: &[(&str, String)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let pages: HashMap<String, String> = pages.iter().map(|(path, page)| ((*path).to_owned(), page.clone())).collect();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut line = String::new();
            let _ = BufReader::new(&stream).read_line(&mut line);
            let path = line.split(' ').nth(1).unwrap_or_default();
            let (status, body) = pages.get(path).map_or(("404 Not Found", ""), |page| ("200 OK", page.as_str()));
            let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n");
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    origin
}

fn article(arguments: &[&str]) -> Output {
    command(&[&["article"], arguments].concat())
}

fn command(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearprint"));
    command.args(arguments).args(["--timeout", "5"]).env("NO_COLOR", "1").output().expect("it runs")
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn next(path: &str) -> String {
    format!("<link rel=next href='{path}'>")
}

#[test]
fn an_article_on_three_pages_is_one_article_and_says_nothing_twice() {
    let origin = serve(&[
        ("/bridge", page(&next("/bridge/2"), HEADLINE, "first")),
        ("/bridge/2", page(&next("/bridge/3"), &format!("{HEADLINE} (page 2)"), "second")),
        ("/bridge/3", page(&next("/bridge"), HEADLINE, "third")),
    ]);
    let text = text(&article(&[&format!("{origin}/bridge")]));
    let places: Vec<usize> = ["first crew", "second crew", "third crew"]
        .into_iter()
        .map(|word| text.find(word).unwrap_or_else(|| panic!("{word} is missing: {text}")))
        .collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(text.matches("Part first of the report tells").count(), 1);
}

#[test]
fn the_next_article_of_a_blog_is_no_further_page() {
    let origin = serve(&[
        ("/bridge", page(&next("/ferry"), HEADLINE, "first")),
        ("/ferry", page("", "The ferry retires after sixty years of service", "second")),
    ]);
    let text = text(&article(&[&format!("{origin}/bridge")]));
    assert!(text.contains("first crew") && !text.contains("second crew"), "{text}");
}

#[test]
fn no_page_of_another_origin_is_fetched() {
    let other = serve(&[("/bridge/2", page("", HEADLINE, "second"))]);
    let origin = serve(&[("/bridge", page(&next(&format!("{other}/bridge/2")), HEADLINE, "first"))]);
    let text = text(&article(&[&format!("{origin}/bridge")]));
    assert!(text.contains("first crew") && !text.contains("second crew"), "{text}");
}

#[test]
fn more_pages_than_allowed_are_a_limit_that_names_its_flag() {
    let origin = serve(&[
        ("/bridge", page(&next("/bridge/2"), HEADLINE, "first")),
        ("/bridge/2", page(&next("/bridge/3"), HEADLINE, "second")),
        ("/bridge/3", page("", HEADLINE, "third")),
    ]);
    let output = article(&[&format!("{origin}/bridge"), "--follow", "2"]);
    assert_eq!(output.status.code(), Some(4));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("limit of 2") && message.contains("--follow"), "{message}");
}

#[test]
fn a_further_page_that_cannot_be_had_is_an_error_and_no_half_article() {
    let origin = serve(&[("/bridge", page(&next("/bridge/2"), HEADLINE, "first"))]);
    let output = article(&[&format!("{origin}/bridge")]);
    assert_eq!(output.status.code(), Some(3));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("/bridge/2"));
}

#[test]
fn a_version_for_printing_or_phones_is_read_only_when_asked_for() {
    let head = "<link rel=amphtml href=/amp><link rel=alternate media=print href=/print>";
    let origin = serve(&[
        ("/bridge", page(head, HEADLINE, "screen")),
        ("/amp", page("", HEADLINE, "phone")),
        ("/print", page("", HEADLINE, "printed")),
    ]);
    let url = format!("{origin}/bridge");
    assert!(text(&article(&[&url])).contains("screen crew"));
    assert!(text(&article(&[&url, "--prefer", "amp"])).contains("phone crew"));
    assert!(text(&article(&[&url, "--prefer", "print"])).contains("printed crew"));
}

#[test]
fn nothing_is_fetched_for_a_page_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bridge.html");
    std::fs::write(&file, page(&next("http://127.0.0.1:9/bridge/2"), HEADLINE, "first")).expect("written");
    let path = file.display().to_string();
    let text = text(&article(&[&path, "--base-url", "http://127.0.0.1:9/bridge"]));
    assert!(text.contains("first crew"), "{text}");
}

#[test]
fn options_about_further_pages_say_that_a_file_has_none() {
    let warned = |arguments: &[&str]| {
        let output = article(arguments);
        assert!(output.status.success());
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/parom.html");
    assert!(warned(&[sample, "--follow", "3"]).contains("--follow has no effect on "));
    assert!(warned(&[sample, "--prefer", "amp"]).contains("--prefer has no effect on "));
    assert_eq!(warned(&[sample]), "");
    let origin = serve(&[("/bridge", page("", HEADLINE, "first"))]);
    let address = format!("{origin}/bridge");
    assert!(warned(&[&address, "--follow", "3", "--explain"]).contains("--follow has no effect with --explain"));
    assert_eq!(warned(&[&address, "--follow", "3"]), "");
}

#[test]
fn the_receipt_of_an_article_on_several_pages_accounts_for_each_of_them() {
    let deck = "<p>This is the fourth bridge over the river in a hundred years, and the first that anybody can cross \
                without paying at the gate, as the district had promised before the work began.</p>";
    let of = |head: &str, headline: &str, word: &str| {
        let more = format!("<aside class=related><h2>Read also</h2><ul><li><a href=/x>{word} ferry</a></ul></aside>");
        page(head, headline, word)
            .replace("</h1>", &format!("</h1>{deck}"))
            .replace("</main>", &format!("{more}</main>"))
    };
    let pages = [
        ("/bridge", of(&next("/bridge/2"), HEADLINE, "first")),
        ("/bridge/2", of(&next("/bridge/3"), &format!("{HEADLINE} (page 2)"), "second")),
        ("/bridge/3", of("", HEADLINE, "third")),
    ];
    let origin = serve(&pages);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("receipt.json").display().to_string();
    let receipt = |arguments: &[&str]| -> (String, serde_json::Value) {
        let text = text(&article(&[arguments, &["--receipt", &file]].concat()));
        let told = std::fs::read_to_string(&file).expect("a receipt");
        (text, serde_json::from_str(&told).expect("JSON"))
    };
    let address = format!("{origin}/bridge");
    let (text, told) = receipt(&[&address, "--format", "markdown"]);
    assert_eq!((&told["source"], &told["lost"]), (&address.clone().into(), &serde_json::json!([])), "{told}");
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count() as u64;
    let plain = self::text(&article(&[&address]));
    assert_eq!(told["kept"]["words"], words(&plain), "{told}");
    assert_eq!(text.matches("the fourth bridge").count(), 1, "{text}");
    let further = told["further"].as_array().expect("further pages");
    assert_eq!(further.len(), 2, "{told}");
    for (page, (path, html)) in further.iter().zip(&pages[1..]) {
        assert_eq!(page["source"], format!("{origin}{path}"));
        let removed = page["removed"].as_array().expect("a list");
        for removal in removed {
            let (at, element) = (removal["offset"].as_u64().expect("a number") as usize, removal["element"].as_str());
            assert!(html[at..].starts_with(&format!("<{}", element.expect("a name"))), "{removal} stands elsewhere");
        }
        let why =
            |rule: &str| removed.iter().find(|removal| removal["rule"].as_str().is_some_and(|r| r.starts_with(rule)));
        assert_eq!(why("repeated: ").expect("the deck")["words"], words(deck) - 2, "{page}");
        assert!(why("not the article: ").is_some(), "{page}");
    }
    assert!(receipt(&[&format!("{origin}/bridge/3")]).1.get("further").is_none());
}

#[test]
fn the_receipt_of_another_version_says_which_was_read() {
    let origin = serve(&[
        ("/bridge", page("<link rel=amphtml href=/amp>", HEADLINE, "screen")),
        ("/amp", page("", HEADLINE, "phone")),
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("receipt.json").display().to_string();
    text(&article(&[&format!("{origin}/bridge"), "--prefer", "amp", "--receipt", &file]));
    let told = std::fs::read_to_string(&file).expect("a receipt");
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let removed = told["removed"].as_array().expect("a list");
    assert!(
        removed.len() == 1 && removed[0]["rule"].as_str().is_some_and(|r| r.starts_with("another version")),
        "{told}"
    );
    assert_eq!(told["further"][0]["source"], format!("{origin}/amp"), "{told}");
}

/// The commands that make something else of an article.
const MAKERS: [&[&str]; 3] = [&["pdf"], &["preview", "--contact-sheet"], &["rewrite", "--mode", "article"]];

#[test]
fn what_is_made_of_an_article_is_made_of_all_its_pages_and_the_receipt_says_so() {
    let origin = serve(&[
        ("/bridge", page(&next("/bridge/2"), HEADLINE, "first")),
        ("/bridge/2", page(&next("/bridge/3"), HEADLINE, "second")),
        ("/bridge/3", page("", HEADLINE, "third")),
    ]);
    let address = format!("{origin}/bridge");
    let folder = tempfile::tempdir().expect("a folder");
    let [made, receipt] = ["made", "receipt.json"].map(|name| folder.path().join(name).display().to_string());
    for maker in MAKERS {
        let all = command(&[maker, &[&address, "-o", &made, "--receipt", &receipt]].concat());
        assert!(all.status.success(), "{maker:?}: {}", String::from_utf8_lossy(&all.stderr));
        let bytes = std::fs::read(&made).expect("it is written");
        let text = match maker[0] {
            "pdf" => Some(clearprint::check::inventory(&bytes, &clearprint::Limits::default()).expect("a PDF").text),
            "rewrite" => Some(String::from_utf8(bytes).expect("UTF-8")),
            // What a picture holds, only the receipt tells.
            _ => None,
        };
        for crew in ["first crew", "second crew", "third crew"] {
            assert!(text.as_ref().is_none_or(|text| text.contains(crew)), "{maker:?}: no {crew} in {text:?}");
        }
        let told: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&receipt).expect("a receipt")).expect("JSON");
        let further: Vec<_> = told["further"].as_array().expect("pages").iter().map(|page| &page["source"]).collect();
        assert_eq!(further, [&format!("{origin}/bridge/2"), &format!("{origin}/bridge/3")], "{maker:?}: {told}");
        assert_eq!(told["lost"], serde_json::json!([]), "{maker:?}: {told}");
        let short = command(&[maker, &[&address, "--follow", "2", "-o", &made]].concat());
        assert_eq!(short.status.code(), Some(4), "{maker:?}");
        assert!(String::from_utf8_lossy(&short.stderr).contains("--follow"), "{maker:?}");
    }
}

#[test]
fn options_about_further_pages_have_no_effect_on_files_and_whole_pages_and_say_so() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/parom.html");
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("made").display().to_string();
    let warned = |arguments: &[&str]| {
        let output = command(&[arguments, &[sample, "--follow", "3", "-o", &made]].concat());
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    for maker in MAKERS {
        assert!(warned(maker).contains("--follow has no effect on "), "{maker:?}");
    }
    assert!(warned(&["rewrite"]).contains("--follow has no effect on whole pages"));
}
