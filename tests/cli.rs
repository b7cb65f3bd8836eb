//! The command line from outside: exit codes, messages, and what is left on the disk.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn clearprint() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearprint"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    clearprint().args(arguments).output().expect("the binary runs")
}

fn run_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = clearprint();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary runs");
    // A child that has seen enough closes its end.
    let _ = child.stdin.take().expect("piped").write_all(input);
    child.wait_with_output().expect("it ends")
}

/// Asserts that a command fails with `code`, says one sentence with `words` in it, and writes nothing else.
#[track_caller]
fn fails(output: &Output, code: i32, words: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    assert!(stderr.contains(words), "{words:?} is not in {stderr:?}");
    assert!(stderr.starts_with("clearprint: "), "{stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "more than one line: {stderr}");
    assert!(output.stdout.is_empty(), "something was written to standard output");
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn bad_input_is_refused_with_a_sentence_and_code_3() {
    let folder = tempfile::tempdir().expect("a folder");
    let empty = folder.path().join("empty.html");
    fs::write(&empty, " \n").expect("a file");
    let pdf = folder.path().join("article.pdf");
    fs::write(&pdf, "%PDF-1.7\n").expect("a file");
    for command in ["rewrite", "article", "pdf", "preview"] {
        let on = |file: &str| run(&[command, file, "-o", folder.path().join("out").to_str().expect("UTF-8")]);
        fails(&on("no-such-file.html"), 3, "no-such-file.html: does not exist");
        fails(&on("samples"), 3, "samples: is a directory");
        fails(&on(empty.to_str().expect("UTF-8")), 3, "is empty");
        fails(&on(pdf.to_str().expect("UTF-8")), 3, "is a PDF, not HTML");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).expect("the folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "files were left: {left:?}");
}

#[test]
fn a_page_without_an_article_is_code_5() {
    for command in ["article", "pdf", "preview"] {
        fails(
            &run(&[command, "samples/glavnaya.html", "-o", "/dev/null"]),
            5,
            "samples/glavnaya.html: no article found",
        );
    }
}

#[test]
fn wrong_options_are_code_2_and_named() {
    let sample = "samples/parom.html";
    fails(&run(&["rewrite", sample, "--theme", "white-on-blak"]), 2, "did you mean \"white-on-black\"?");
    fails(&run(&["pdf", sample, "--style", "rnib-larg", "-o", "/dev/null"]), 2, "rnib-large");
    fails(&run(&["rewrite", sample, "--colors", "#777,#000,#fff"]), 2, "below 7:1; try #");
    fails(&run(&["rewrite", sample, "--colors", "red,#000,#fff"]), 2, "is not a colour");
    fails(&run(&["rewrite", sample, "--size", "900"]), 2, "--size 900 is outside 100–400");
    fails(&run(&["pdf", sample, "--columns", "9", "-o", "/dev/null"]), 2, "--columns 9");
    fails(&run(&["preview", sample, "--page", "1-2"]), 2, "-o FILE");
    fails(&run(&["preview", sample, "--page", "999", "-o", "/dev/null"]), 2, "name one of them");
    fails(&run(&["rewrite"]), 2, "<INPUT>");
    fails(&run(&["rewrite", sample, "--no-such-option"]), 2, "--no-such-option");
    fails(&run(&["rewrite", sample, "--them", "sepia"]), 2, "'--theme'");
    fails(&run(&["pdf", sample, "--paper", "a99"]), 2, "a4, a5, a3");
    fails(&run(&["pdf", sample, "--size", "big"]), 2, "write a number like 14");
    fails(&run(&["pdf", sample, "--bleed", "-1", "-o", "/dev/null"]), 2, "0 to 30 mm");
    fails(&run(&["themes", "check", sample]), 2, "line 1");
    fails(&run(&["pdf", "ftp://example.com/a"]), 3, "http:// or https://");
    assert_eq!(run(&[]).status.code(), Some(2));
}

#[test]
fn a_wrong_theme_file_is_code_2_with_the_nearest_colour() {
    let folder = tempfile::tempdir().expect("a folder");
    let theme = folder.path().join("mine.toml");
    let shown = succeeds(&run(&["themes", "show", "white-on-black"]));
    let link = shown.lines().find(|l| l.starts_with("link = ")).expect("a link colour");
    fs::write(&theme, shown.replace(link, "link = \"#777777\"")).expect("a file");
    let name = theme.to_str().expect("UTF-8");
    let output = run(&["rewrite", "samples/parom.html", "--theme", name]);
    fails(&output, 2, "mine.toml: link #777777 on background #000000 is 4.69:1, below 7:1; try #959595");
    let checked = run(&["themes", "check", name]);
    assert_eq!(checked.status.code(), Some(1), "{}", String::from_utf8_lossy(&checked.stderr));

    fs::write(&theme, shown + "\nwobble = 1\n").expect("a file");
    fails(&run(&["rewrite", "samples/parom.html", "--theme", name]), 2, "unknown field `wobble`");
}

#[test]
fn limits_are_code_4_and_name_their_flag() {
    fails(&run(&["article", "samples/parom.html", "--max-input", "1K"]), 4, "--max-input");
    fails(
        &run(&["pdf", "samples/longread.html", "--style", "rnib-giant", "--max-pages", "1", "-o", "/dev/null"]),
        4,
        "--max-pages",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_code_6_and_a_closed_pipe_is_none() {
    let full = |arguments: &[&str]| {
        let disk = fs::File::options().write(true).open("/dev/full").expect("/dev/full");
        clearprint().args(arguments).stdout(disk).output().expect("the binary runs")
    };
    for arguments in [
        &["article", "samples/parom.html"][..],
        &["rewrite", "samples/parom.html"],
        &["pdf", "samples/parom.html"],
        &["themes"],
    ] {
        fails(&full(arguments), 6, "the disk is full");
    }
    fails(&run(&["pdf", "samples/parom.html", "-o", "/dev/full"]), 6, "the disk is full");
    fails(&run(&["pdf", "samples/parom.html", "-o", "/no/such/folder/a.pdf"]), 6, "its folder does not exist");

    for arguments in ["article samples/longread.html", "rewrite samples/longread.html", "pdf samples/longread.html"] {
        let mut child = clearprint()
            .args(arguments.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stderr.is_empty(), "{arguments}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_half_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("page.html");
    let mut child = clearprint()
        .args(["rewrite", "-", "-o"])
        .arg(&out)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let mut input = child.stdin.take().expect("piped");
    input.write_all(b"<h1>Half a page</h1><p>").expect("it reads");
    let files = |folder: &Path| fs::read_dir(folder).expect("the folder").count();
    while files(folder.path()) == 0 {
        std::thread::yield_now();
    }
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(143));
    drop(input);
    assert_eq!(files(folder.path()), 0, "something was left");
}

#[test]
fn a_file_is_replaced_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("article.txt");
    fs::write(&out, "the old text").expect("a file");
    let name = out.to_str().expect("UTF-8");
    fails(&run(&["article", "samples/glavnaya.html", "-o", name]), 5, "no article");
    assert_eq!(fs::read_to_string(&out).expect("the file"), "the old text");
    succeeds(&run(&["article", "samples/parom.html", "-o", name]));
    assert_eq!(fs::read_to_string(&out).expect("the file"), succeeds(&run(&["article", "samples/parom.html"])));
}

#[test]
fn standard_input_is_read() {
    let page = fs::read("samples/parish.html").expect("the sample");
    let piped = succeeds(&run_with_input(&["article", "-"], &page));
    assert_eq!(piped, succeeds(&run(&["article", "samples/parish.html"])));
}

#[test]
fn article_json_makes_the_same_pdf_as_its_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = folder.path().join("article.json");
    fs::write(&json, succeeds(&run(&["article", "samples/obyavlenie.html", "--format", "json"]))).expect("a file");
    let from_page = run(&["pdf", "samples/obyavlenie.html", "--images", "hide"]);
    let from_json = run(&["pdf", json.to_str().expect("UTF-8"), "--images", "hide"]);
    assert!(from_page.status.success() && from_json.status.success());
    assert!(from_page.stdout == from_json.stdout, "the PDFs differ");
}

#[test]
fn markdown_becomes_a_pdf() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes.md");
    fs::write(&notes, "# Собрание\n\nПовестка дня собрания жителей.\n\n1. Дороги\n2. Освещение\n").expect("a file");
    let output = run(&["pdf", notes.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"%PDF-1.7"));
}

#[test]
fn themes_completions_and_the_manual_come_from_the_definitions() {
    let themes = succeeds(&run(&["themes"]));
    for name in [
        "black-on-white",
        "white-on-black",
        "blue-on-light-blue",
        "brown-on-beige",
        "green-on-dark-brown",
        "sepia",
        "dark",
        "yellow-on-black",
        "standard",
        "newspaper",
        "rnib-clear",
        "rnib-large",
        "rnib-giant",
        "ukaaf",
        "acb",
        "aph-18",
        "aph-20",
        "aph-22",
    ] {
        assert!(themes.contains(name), "{name} is not listed");
        assert!(
            succeeds(&run(&["themes", "show", name])).contains(&format!("name = \"{name}\"")),
            "{name} is not shown"
        );
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(succeeds(&run(&["completions", shell])).contains("rewrite"), "{shell}");
    }
    let manual = succeeds(&run(&["man"]));
    assert!(manual.starts_with(".ie") || manual.contains(".TH"), "{manual}");
    assert!(succeeds(&run(&["man", "pdf"])).contains("paper"));
}

#[test]
fn every_way_of_an_article_has_a_receipt() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (receipt, out, page) =
        (path("receipt.json"), path("out"), fs::read_to_string("samples/parom.html").expect("a sample"));
    for command in [
        &["rewrite", "--mode", "article"][..],
        &["article", "--format", "html"],
        &["article", "--format", "markdown"],
        &["article", "--format", "json"],
        &["pdf"],
        &["preview"],
    ] {
        let arguments = [command, &["samples/parom.html", "--receipt", &receipt, "-o", &out]].concat();
        succeeds(&run(&arguments));
        let told: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&receipt).expect("a receipt")).expect("JSON");
        assert_eq!(told["lost"], serde_json::json!([]), "{command:?}");
        assert!(told["kept"]["words"].as_u64() > Some(100) && told["kept"]["headings"].as_u64() > Some(0), "{told}");
        let removed = told["removed"].as_array().expect("a list");
        assert!(removed.len() > 3, "{told}");
        for removal in removed {
            let at = removal["offset"].as_u64().expect("a number") as usize;
            let start = format!("<{}", removal["element"].as_str().expect("a name"));
            assert!(page[at..].to_lowercase().starts_with(&start), "{removal} stands elsewhere in {command:?}");
        }
        fs::remove_file(&receipt).expect("a receipt");
    }
}

/// Names of flags in a text: `--` and a word, not within one.
fn flags(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("--").filter_map(|(at, _)| {
        let inside = text[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '!'));
        let rest = &text[at + 2..];
        let length = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
        let name = rest[..length].trim_end_matches('-');
        (!inside && name.starts_with(|c: char| c.is_ascii_lowercase())).then_some(name)
    })
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_flag_that_a_sentence_names_is_there() {
    let mut known = HashSet::new();
    for command in ["", "rewrite", "article", "pdf", "edition", "preview", "check", "serve", "themes"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let help = String::from_utf8(run(&arguments).stdout).expect("UTF-8");
        known.extend(flags(&help).map(str::to_owned));
    }
    assert!(known.len() > 40, "{known:?}");
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut unknown, mut named) = (Vec::new(), 0);
    for file in files {
        let name = file.display().to_string();
        // Properties of style sheets look like flags.
        if name.contains("test") || name.ends_with("theme/css.rs") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a file");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for flag in flags(line) {
                named += 1;
                if !known.contains(flag) {
                    unknown.push(format!("{name}: --{flag}"));
                }
            }
        }
    }
    assert!(named > 50 && unknown.is_empty(), "{named} named, {unknown:?}");
}

#[test]
fn the_flag_that_a_limit_s_sentence_names_raises_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::copy("samples/img/hall.jpg", folder.path().join("hall.jpg")).expect("a picture");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='40'><rect width='60' height='40'/></svg>";
    fs::write(folder.path().join("mark.svg"), svg).expect("a picture");
    let text =
        "<p>The hall in Wexcombe has its roof back, and the choir sang beneath it on Sunday for the first time.</p>";
    let figure =
        |src: &str| format!("<figure><img src={src} alt='The hall'><figcaption>The hall.</figcaption></figure>");
    let pictures = figure("hall.jpg") + &figure("mark.svg");
    let page = format!("<title>The hall</title><article><h1>The hall</h1>{}{pictures}</article>", text.repeat(8));
    let page_file = folder.path().join("page.html");
    fs::write(&page_file, page).expect("a page");
    let (page, out) = (page_file.to_str().expect("UTF-8"), folder.path().join("out.pdf"));
    let out = out.to_str().expect("UTF-8");
    let long = "samples/longread.html";
    let giant: &[&str] = &["pdf", long, "-o", out, "--style", "rnib-giant"];
    let print: &[&str] = &["pdf", page, "-o", out];
    for (command, flag, low, high, code) in [
        (&["article", long][..], "--max-input", "1KiB", "1MiB", 4),
        (&["article", long], "--max-elements", "9", "9000", 4),
        (giant, "--max-pages", "1", "1000", 4),
        (print, "--max-images", "1", "9", 0),
        (print, "--max-image-bytes", "9KiB", "9MiB", 0),
        (print, "--max-image-pixels", "99", "99000000", 0),
    ] {
        let told = |value| {
            let output = run(&[command, &[flag, value]].concat());
            (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
        };
        let (ended, said) = told(low);
        assert!(ended == Some(code) && said.contains(&format!("raise it with {flag}")), "{flag} {low}: {said}");
        let (ended, said) = told(high);
        assert!(ended == Some(0) && !said.contains(flag), "{flag} {high}: {said}");
    }
}

#[test]
fn a_tag_too_long_for_the_stream_is_read_the_document_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("page.html");
    let text = "<p>The hall in Wexcombe has its roof back, and the choir sang beneath it on Sunday.</p>".repeat(8);
    let html = format!("<title>The hall</title><h1>The hall</h1><p title='{}'>First.</p>{text}", "x".repeat(9 << 20));
    fs::write(&page, html).expect("a page");
    let (page, out) = (page.to_str().expect("UTF-8"), folder.path().join("out.html"));
    let out = out.to_str().expect("UTF-8");
    fails(&run(&["rewrite", page, "-o", out]), 4, "take the page the document way with --mode article");
    succeeds(&run(&["rewrite", page, "--mode", "article", "-o", out]));
}

#[test]
fn an_output_neither_overwrites_its_input_nor_contradicts_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let page = path("page.html");
    fs::copy("samples/parom.html", &page).expect("a copy");
    let whole = fs::read(&page).expect("a page");
    for command in [&["rewrite"][..], &["rewrite", "--mode", "article"], &["article", "--format", "html"]] {
        fails(&run(&[command, &[&page, "-o", &page]].concat()), 2, "the output is the input itself");
        fails(&run(&[command, &[&page, "-o", &path("out"), "--receipt", &page]].concat()), 2, "the input itself");
    }
    assert_eq!(fs::read(&page).expect("a page"), whole);
    for (arguments, promised) in [
        (&["pdf", "-o", "x.html"][..], "HTML"),
        (&["preview", "-o", "a.jpg"], "JPEG"),
        (&["rewrite", "-o", "a.md"], "Markdown"),
        (&["article", "--format", "text", "-o", "a.md"], "Markdown"),
        (&["article", "-o", "a.pdf"], "PDF"),
    ] {
        fails(&run(&[arguments, &[&page]].concat()), 2, promised);
    }
    let markdown = path("a.md");
    succeeds(&run(&["article", &page, "-o", &markdown]));
    assert!(fs::read_to_string(markdown).expect("a file").starts_with("# "));
}

#[test]
fn what_is_no_page_is_refused_with_the_right_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (name, bytes, says) in [
        ("noise.html", &noise[..], "is no text"),
        (
            "feed.xml",
            b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>A</title></channel></rss>",
            "clearprint edition",
        ),
        ("map.xml", b"<urlset><url><loc>https://news.example/</loc></url></urlset>", "sitemap"),
        ("edition.toml", b"title = \"A\"\n[[section]]\ntitle = \"B\"\n", "clearprint edition"),
        ("page.mht", b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n", "MHTML"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, bytes).expect("a file");
        for command in ["rewrite", "article", "pdf"] {
            fails(&run(&[command, file.to_str().expect("UTF-8"), "-o", "/dev/null"]), 3, says);
        }
    }
    fails(&run(&["article", "samples/parom.html", "--lang", "russian"]), 2, "language tag");
}

#[test]
fn pictures_of_a_saved_site_are_printed_and_those_outside_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("upload")).expect("a folder");
    fs::create_dir_all(site.join("news/1")).expect("a folder");
    fs::copy("samples/img/parom.jpg", site.join("upload/Фото 1.jpg?w=100")).expect("a picture");
    let text = "<p>Паром ходит между двумя берегами круглый год, и зимой, и летом, пока лёд не станет.".repeat(9);
    for (name, src) in [("up", "../../upload/Фото%201.jpg%3Fw=100"), ("root", "/upload/Фото%201.jpg?w=100")] {
        let page = site.join(format!("news/1/{name}.html"));
        let html = format!(
            "<title>Паром</title><article><h1>Паром</h1>{text}<img src='{src}' alt='Паром у причала' width=600 height=400></article>"
        );
        fs::write(&page, html).expect("a page");
        let (page, out) = (page.to_str().expect("UTF-8").to_owned(), folder.path().join("out.pdf"));
        let out = out.to_str().expect("UTF-8");
        let outside = run(&["pdf", &page, "-o", out]);
        succeeds(&outside);
        let warning = String::from_utf8_lossy(&outside.stderr).into_owned();
        assert!(warning.contains("--root") && warning.contains(src) && warning.contains(&page), "{warning}");
        let inside = run(&["pdf", &page, "--root", site.to_str().expect("UTF-8"), "-o", out]);
        succeeds(&inside);
        assert_eq!(String::from_utf8_lossy(&inside.stderr), "", "{src}");
    }
}

#[test]
fn plain_text_is_read_as_what_it_is_by_every_command() {
    let text = "Первый лёд\n\nЭтой зимой лёд на реке встал рано.\n\nПереправу открыли <в срок> & без очереди.\n";
    for command in [&["article"][..], &["rewrite"], &["rewrite", "--mode", "article"]] {
        let output = run_with_input(&[command, &["-"]].concat(), text.as_bytes());
        let shown = succeeds(&output);
        assert!(shown.contains("лёд на реке") && shown.contains("в срок"), "{command:?}: {shown}");
    }
}

/// An article page of an invented site: furniture that all pages share around an element of the article's own.
fn page_of_a_site(n: usize, class: &str) -> String {
    let places = ["Кленовск", "Староозёрск", "Заречье", "Ольховка", "Велга", "Гусиный Мыс"];
    let place = places[n % places.len()];
    let sentences: String = (1..=12)
        .map(|k| {
            format!(
                "<p>В посёлке {place} в {k}-й раз за год {} обсуждали, сколько возов сена уйдёт на зиму дому № {}, и \
                 решили, что хватит {}.</p>",
                n + k,
                n * 7 + k,
                n * k + 3
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=ru><title>{place}: сход номер {n} — Велжская заря</title><body>\
         <div class=top><a href=/>Велжская заря</a> <a href=/news>Новости</a></div>\
         <h1 class=zag>{place}: сход номер {n}</h1><div class={class}>{sentences}\
         <div class=podpiska>Подпишитесь на рассылку нашей газеты и получайте новости каждое утро</div></div>\
         <div class=niz>Редакция газеты «Велжская заря», Кленовск, Речная улица, 4. Телефон 2-14-15</div></body></html>"
    )
}

#[test]
fn a_profile_learned_from_pages_of_a_site_is_used_by_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    for n in 0..6 {
        fs::write(file(&format!("{n}.html")), page_of_a_site(n, "tekst")).expect("written");
    }
    let pages: Vec<String> = (0..5).map(|n| file(&format!("{n}.html"))).collect();
    let profile = file("site.toml");
    let mut arguments = vec!["learn", "-o", &profile];
    arguments.extend(pages.iter().map(String::as_str));
    succeeds(&run(&arguments));
    let learned = fs::read_to_string(&profile).expect("a profile");
    assert!(learned.contains("article = \"div.tekst\""), "{learned}");
    let unseen = file("5.html");
    let (alone, known) = (
        succeeds(&run(&["article", &unseen, "--format", "text"])),
        succeeds(&run(&["article", &unseen, "--format", "text", "--site", &profile])),
    );
    assert_eq!(alone, known, "a page that is found well alone is found as well with the profile");
    assert!(known.contains("в 12-й раз") && !known.contains("Речная улица"), "{known}");
    let page = succeeds(&run(&["rewrite", &unseen, "--site", &profile]));
    assert!(page.contains("в 12-й раз"));
    succeeds(&run(&["pdf", &unseen, "--site", &profile, "-o", &file("5.pdf")]));
}

#[test]
fn pages_that_do_not_agree_where_their_article_is_give_a_sentence_and_no_profile() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    for (n, class) in ["tekst", "news-body", "content"].iter().enumerate() {
        fs::write(file(&format!("{n}.html")), page_of_a_site(n, class)).expect("written");
    }
    let profile = file("site.toml");
    let output = run(&["learn", "-o", &profile, &file("0.html"), &file("1.html"), &file("2.html")]);
    fails(&output, 2, "the pages do not agree");
    assert!(!Path::new(&profile).exists());
    fails(&run(&["learn", "-o", &profile, &file("0.html")]), 2, "learning a site takes 3 to 200");
}

#[test]
fn an_element_that_leaves_the_lead_of_every_page_outside_gives_no_profile() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    for n in 0..6 {
        let lead: String = (1..4)
            .map(|k| {
                format!(
                    "<p>Коротко о главном на сходе номер {n}: решение {k} приняли все, кто пришёл в этот вечер.</p>"
                )
            })
            .collect();
        let page = page_of_a_site(n, "tekst").replace("<div class=tekst>", &format!("{lead}<div class=tekst>"));
        fs::write(file(&format!("{n}.html")), page).expect("written");
    }
    let profile = file("site.toml");
    let pages: Vec<String> = (0..5).map(|n| file(&format!("{n}.html"))).collect();
    let mut arguments = vec!["learn", "-o", &profile];
    arguments.extend(pages.iter().map(String::as_str));
    let alone = succeeds(&run(&["article", &file("5.html"), "--format", "text"]));
    assert!(alone.contains("Коротко о главном") && alone.contains("решение 3"), "{alone}");
    fails(&run(&arguments), 2, "of the article on half of them");
    assert!(!Path::new(&profile).exists());
}
