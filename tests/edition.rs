//! `clearprint edition` from outside: files, feeds, addresses, what is kept, what is imposed, what is watched.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tempfile::TempDir;

fn clearprint(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearprint"));
    command.current_dir(folder).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

#[track_caller]
fn run(folder: &Path, arguments: &[&str], code: i32) -> String {
    let Output { status, stderr, .. } = clearprint(folder).args(arguments).output().expect("the binary runs");
    let stderr = String::from_utf8_lossy(&stderr).into_owned();
    assert_eq!(status.code(), Some(code), "{arguments:?}: {stderr}");
    stderr
}

/// A folder with pages and feeds.
fn newsroom() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("pages");
    fs::create_dir(&pages).expect("a folder");
    for (name, title) in [("parom", "Паром пошёл"), ("shkola", "Школе сто лет"), ("led", "Лёд встал")]
    {
        fs::write(pages.join(format!("{name}.html")), page(title)).expect("a file");
    }
    fs::write(pages.join("pusto.html"), "<html><body><p>Ничего</p></body></html>").expect("a file");
    folder
}

fn page(title: &str) -> String {
    let text = "Паром «Лада» снова связал оба берега реки. Он ходит каждый час, с шести утра до десяти вечера, и очередей больше нет. ";
    let body: String = (0..6).map(|n| format!("<p>{n}. {}</p>", text.repeat(3))).collect();
    format!(
        "<html lang=ru><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    )
}

fn edition(folder: &Path, body: &str) {
    fs::write(folder.join("edition.toml"), format!("title = \"Знамя\"\nlang = \"ru\"\n{body}")).expect("a file");
}

/// The text of a PDF's structure, by the program itself.
fn tags(folder: &Path, pdf: &str) -> String {
    let output = clearprint(folder).args(["check", pdf, "--tags"]).output().expect("it runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn articles_of_files_and_of_a_feed_stand_in_their_sections() {
    let room = newsroom();
    let feed = r#"<rss version="2.0"><channel><title>Лента</title>
<item><title>Лёд</title><link>pages/led.html</link><pubDate>Mon, 23 Nov 2026 10:00:00 +0300</pubDate></item>
<item><title>Старое</title><link>pages/parom.html</link><pubDate>Mon, 02 Nov 2026 10:00:00 +0300</pubDate></item>
</channel></rss>"#;
    fs::write(room.path().join("feed.xml"), feed).expect("a file");
    edition(
        room.path(),
        "subtitle = \"Районная газета\"\nqr = true\nimprint = \"Редактор Н. Петрова\\nТираж 900\"\n\
         [[section]]\ntitle = \"Общество\"\n[[section.article]]\nsource = \"pages/parom.html\"\nheadline = \"Свой заголовок\"\nbyline = \"И. Ветров\"\n\
         [[section]]\ntitle = \"Из ленты\"\n[[section.feed]]\nurl = \"feed.xml\"\nsince = 2026-11-20\nweight = \"brief\"\n",
    );
    run(room.path(), &["edition", "edition.toml", "-o", "paper.pdf", "--style", "newspaper"], 0);
    let tags = tags(room.path(), "paper.pdf");
    for words in ["Знамя", "Районная газета", "Свой заголовок", "И. Ветров", "Из ленты", "Лёд встал", "Тираж 900"]
    {
        assert!(tags.contains(words), "{words} is not in\n{tags}");
    }
    assert!(!tags.contains("Паром пошёл"), "the editor's headline goes first, and the old entry is left out");
}

#[test]
fn what_cannot_be_made_is_named_with_its_line_and_the_rest_is_made() {
    let room = newsroom();
    edition(
        room.path(),
        "[[section]]\n[[section.article]]\nsource = \"pages/pusto.html\"\n[[section.article]]\nsource = \"pages/nope.html\"\n\
         [[section.article]]\nsource = \"pages/led.html\"\n[[section.feed]]\nurl = \"pages/led.html\"\n",
    );
    let said = run(room.path(), &["edition", "edition.toml", "-o", "paper.pdf"], 1);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert!(lines[0].contains("edition.toml: line 5: ") && lines[0].contains("no article found"), "{said}");
    assert!(lines[1].contains("edition.toml: line 7: ") && lines[1].contains("does not exist"), "{said}");
    assert!(lines[2].contains("edition.toml: line 11: ") && lines[2].contains("is no feed"), "{said}");
    assert!(room.path().join("paper.pdf").exists());
}

#[test]
fn a_first_file_is_written_once_and_builds() {
    let room = newsroom();
    run(room.path(), &["edition", "--init", "pages"], 0);
    let text = fs::read_to_string(room.path().join("pages/edition.toml")).expect("it is there");
    assert!(text.contains("# Школе сто лет\n[[section.article]]\nsource = \"shkola.html\""), "{text}");
    assert!(!text.contains("pusto"), "{text}");
    let said = run(room.path(), &["edition", "--init", "pages"], 6);
    assert!(said.contains("is there already"), "{said}");
    run(room.path(), &["edition", "pages/edition.toml", "-o", "first.pdf"], 0);
}

#[test]
fn pages_named_on_the_command_line_are_an_edition() {
    let room = newsroom();
    run(room.path(), &["edition", "pages/led.html", "pages/parom.html", "--title", "Подборка", "-o", "two.pdf"], 0);
    let tags = tags(room.path(), "two.pdf");
    assert!(tags.contains("Подборка") && tags.contains("Лёд встал") && tags.contains("Паром пошёл"), "{tags}");
}

/// A server of one page, which counts what it was asked.
fn server(body: String) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (address, count) = (listener.local_addr().expect("bound"), Arc::new(AtomicUsize::new(0)));
    let asked = count.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            asked.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n";
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    (address, count)
}

#[test]
fn a_second_run_needs_no_network() {
    let room = newsroom();
    let (address, asked) = server(page("С сервера"));
    edition(room.path(), &format!("[[section]]\n[[section.article]]\nsource = \"http://{address}/news/1\"\n"));
    run(room.path(), &["edition", "edition.toml", "-o", "1.pdf"], 0);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    run(room.path(), &["edition", "edition.toml", "-o", "2.pdf"], 0);
    assert_eq!(asked.load(Ordering::SeqCst), 1, "the page is kept in .clearprint");
    assert_eq!(fs::read(room.path().join("1.pdf")).ok(), fs::read(room.path().join("2.pdf")).ok());
    run(room.path(), &["edition", "edition.toml", "-o", "3.pdf", "--refresh"], 0);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    run(room.path(), &["edition", "edition.toml", "-o", "4.pdf", "--no-cache"], 0);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

/// Media boxes of a PDF's pages.
fn media(file: &Path) -> Vec<[f32; 4]> {
    let document = lopdf::Document::load(file).expect("a PDF");
    let boxes = document.get_pages().into_values().map(|page| {
        let edges = document.get_dictionary(page).and_then(|page| page.get(b"MediaBox")?.as_array()).expect("a box");
        let edges: Vec<f32> = edges.iter().map(|n| n.as_float().expect("a number")).collect();
        edges.try_into().expect("four")
    });
    boxes.collect()
}

#[test]
fn a_booklet_has_two_pages_a_side_and_a_multiple_of_four_in_all() {
    let room = newsroom();
    edition(
        room.path(),
        "[[section]]\n[[section.article]]\nsource = \"pages/led.html\"\n[[section.article]]\nsource = \"pages/parom.html\"\n",
    );
    let a5 = ["edition", "edition.toml", "--paper", "a5", "--style", "rnib-large"];
    run(room.path(), &[&a5[..], &["-o", "plain.pdf"]].concat(), 0);
    run(room.path(), &[&a5[..], &["-o", "booklet.pdf", "--booklet"]].concat(), 0);
    run(room.path(), &[&a5[..], &["-o", "four.pdf", "--up", "4"]].concat(), 0);
    let (plain, booklet) = (media(&room.path().join("plain.pdf")), media(&room.path().join("booklet.pdf")));
    assert!(plain.len() > 4);
    assert_eq!(booklet.len(), plain.len().div_ceil(4) * 2);
    assert!((booklet[0][2] - plain[0][2] * 2.0).abs() < 0.1 && (booklet[0][3] - plain[0][3]).abs() < 0.1);
    assert_eq!(media(&room.path().join("four.pdf")).len(), plain.len().div_ceil(4));
    let document = lopdf::Document::load(room.path().join("booklet.pdf")).expect("a PDF");
    let catalog = document.catalog().expect("a catalog");
    assert!(!catalog.has(b"StructTreeRoot") && !catalog.has(b"Metadata"), "an imposed file claims no tags");
}

#[test]
fn an_imposed_sheet_has_its_marks_outside_its_bleed() {
    let room = newsroom();
    edition(room.path(), "[[section]]\n[[section.article]]\nsource = \"pages/led.html\"\n");
    let bulletin = ["edition", "edition.toml", "--style", "bulletin", "--booklet", "--bleed", "3", "--color", "cmyk"];
    run(room.path(), &[&bulletin[..], &["-o", "plain.pdf"]].concat(), 0);
    run(room.path(), &[&bulletin[..], &["-o", "marked.pdf", "--color-bars"]].concat(), 0);
    let read = |name: &str| {
        let document = lopdf::Document::load(room.path().join(name)).expect("a PDF");
        let page = document.get_pages()[&1];
        let numbers = |key: &[u8]| -> Vec<f32> {
            let page = document.get_dictionary(page).expect("a page");
            let edges = page.get(key).and_then(lopdf::Object::as_array).expect("a box");
            edges.iter().map(|edge| edge.as_float().expect("a number")).collect()
        };
        let content = String::from_utf8(document.get_page_content(page)).expect("ASCII");
        let form = document.objects.values().find_map(|object| {
            let dictionary = &object.as_stream().ok()?.dict;
            dictionary.get(b"Subtype").ok()?.as_name().ok().filter(|name| *name == b"Form")?;
            Some(format!("{:?}", dictionary.get(b"BBox").ok()?))
        });
        (numbers(b"MediaBox"), numbers(b"BleedBox"), numbers(b"TrimBox"), content, form.expect("a page"))
    };
    let (_, _, trim, content, plain_page) = read("plain.pdf");
    assert!(!content.contains(" re f"), "no marks that nobody asked for");
    let (media, bleed, marked_trim, content, page) = read("marked.pdf");
    assert_eq!(page, plain_page, "a page has no marks of its own beside those of its sheet");
    assert!((marked_trim[2] - marked_trim[0] - (trim[2] - trim[0])).abs() < 0.1, "the sheet is cut to the same size");
    assert!(media[2] > bleed[2] && bleed[2] > marked_trim[2] && bleed[0] < marked_trim[0]);
    assert!(content.contains("1.000 1.000 1.000 1.000 k") && content.contains("1.000 0.000 0.000 0.000 k"));
    for line in content.lines().filter(|line| line.ends_with(" re f Q")) {
        let numbers: Vec<f32> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
        let [.., x, y, width, height] = numbers[..] else { panic!("{line}") };
        let inside = x + width > bleed[0] && x < bleed[2] && y + height > bleed[1] && y < bleed[3];
        assert!(!inside && x >= 0.0 && y >= 0.0 && x + width <= media[2] && y + height <= media[3], "{line}");
    }
}

#[test]
fn an_epub_is_made_by_the_name_of_the_output() {
    let room = newsroom();
    edition(room.path(), "[[section]]\n[[section.article]]\nsource = \"pages/led.html\"\n");
    run(room.path(), &["edition", "edition.toml", "-o", "book.epub"], 0);
    let bytes = fs::read(room.path().join("book.epub")).expect("a file");
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
    let said = run(room.path(), &["edition", "edition.toml", "-o", "book.epub", "--booklet"], 2);
    assert!(said.contains("for paper"), "{said}");
}

/// The program while it watches an edition, and what it says.
struct Watching {
    program: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Path) -> Self {
        let mut program = clearprint(folder)
            .args(["edition", "edition.toml", "-o", "watched.pdf", "--watch"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let stderr = BufReader::new(program.stderr.take().expect("a pipe"));
        let (say, lines) = mpsc::channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| say.send(line)));
        Self { program, lines }
    }

    /// Waits for a line that holds this.
    #[track_caller]
    fn says(&self, wanted: &str) {
        let mut said = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(300)) {
            if line.contains(wanted) {
                return;
            }
            said.push(line);
        }
        panic!("it did not say {wanted:?}, but {said:?}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn a_change_of_a_page_or_of_the_file_builds_the_watched_edition_again() {
    let room = newsroom();
    let made = || fs::read(room.path().join("watched.pdf")).expect("an edition");
    edition(room.path(), "[[section]]\n[[section.article]]\nsource = \"pages/led.html\"\n");
    let watching = Watching::start(room.path());
    watching.says("watching");
    let first = made();
    // A half-written file is waited out.
    fs::write(room.path().join("edition.toml"), "title = ").expect("a file");
    watching.says("edition.toml: line 1");
    edition(room.path(), "[[section]]\n[[section.article]]\nsource = \"pages/parom.html\"\n");
    watching.says("watching");
    let second = made();
    assert_ne!(first, second);
    fs::write(room.path().join("pages/parom.html"), page("Паром встал")).expect("a file");
    watching.says("watching");
    let third = made();
    assert_ne!(second, third);
    // So are the pictures of a page, and what is not there.
    let picture =
        "<figure><img src=led.svg alt='Лёд на реке'><figcaption>Лёд на реке утром.</figcaption></figure><p>0.";
    fs::write(room.path().join("pages/parom.html"), page("Паром встал").replacen("<p>0.", picture, 1)).expect("a file");
    watching.says("watching");
    let without = made();
    assert_ne!(third, without);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='600' height='400'><rect width='600' height='400'/></svg>";
    fs::write(room.path().join("pages/led.svg"), svg).expect("a file");
    watching.says("watching");
    let with = made();
    assert_ne!(without, with);
    fs::remove_file(room.path().join("pages/parom.html")).expect("it is there");
    watching.says("parom.html");
    fs::write(room.path().join("pages/parom.html"), page("Паром вернулся")).expect("a file");
    watching.says("watching");
    assert_ne!(with, made());
}

#[test]
fn a_style_is_looked_for_beside_the_edition_file_as_all_else() {
    let room = newsroom();
    let folder = room.path().join("nomer");
    fs::create_dir(&folder).expect("a folder");
    edition(&folder, "style = \"svoy.toml\"\n[[section]]\n[[section.article]]\nsource = \"../pages/led.html\"\n");
    let style = clearprint(room.path()).args(["themes", "show", "rnib-large"]).output().expect("it runs").stdout;
    fs::write(folder.join("svoy.toml"), style).expect("a file");
    run(room.path(), &["edition", "nomer/edition.toml", "-o", "paper.pdf"], 0);
}

#[test]
fn an_article_is_made_without_a_picture_that_is_missing() {
    let room = newsroom();
    let entry = "[[section]]\n[[section.article]]\nsource = \"pages/led.html\"\npicture = \"net.jpg\"\n";
    edition(room.path(), entry);
    let said = run(room.path(), &["edition", "edition.toml", "-o", "paper.pdf"], 1);
    assert!(said.contains("line 5") && said.contains("net.jpg"), "{said}");
    assert!(tags(room.path(), "paper.pdf").contains("Лёд встал"));
}
