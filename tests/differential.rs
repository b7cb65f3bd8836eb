//! Removal is safe on broken HTML: what the stream keeps is what a tree keeps. The page is parsed by html5ever, what a
//! rule may take is left out, and every word that remains must be on the rewritten page.
//!
//! Two sets of inputs are not of this project and are read where the environment names them: `CLEARPRINT_HTML5LIB`, a
//! folder of html5lib's tree-construction tests, and `CLEARPRINT_PAGES`, a folder of pages (`.html`, `.html.gz`).

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::{env, fs};

use clearprint::Limits;
use clearprint::article::dom::{Dom, Edge, NodeId};
use clearprint::clean::{Element, Rules};
use clearprint::rewrite::{Options, Rewriter};

/// Elements whose content is never text of the page, or is left to the site.
const OPAQUE: [&str; 20] = [
    "head", "script", "style", "title", "noscript", "noembed", "noframes", "iframe", "svg", "canvas", "select",
    "textarea", "option", "optgroup", "audio", "video", "template", "math", "datalist", "progress",
];

/// Elements at whose edges no word ends.
const INLINE: [&str; 36] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
];

type Words = BTreeMap<String, i64>;

fn rewrite(html: &str) -> Option<String> {
    let mut page = Vec::new();
    let mut rewriter =
        Rewriter::new(Rules::built_in(), &Options::default(), |bytes: &[u8]| page.extend_from_slice(bytes));
    rewriter.write(html).ok()?;
    rewriter.end().ok()?;
    String::from_utf8(page).ok()
}

fn parse(html: &str) -> Option<Dom> {
    Dom::parse_with(html, "a page", &Limits::default(), true).ok()
}

/// Words of a tree outside what `passed_over` names.
fn words(dom: &Dom, passed_over: impl Fn(&Dom, NodeId) -> bool) -> Words {
    let mut text = String::new();
    let mut edges = dom.edges(dom.root());
    while let Some(edge) = edges.next() {
        let (Edge::Open(id) | Edge::Close(id)) = edge;
        let Some(tag) = dom.any_tag(id) else {
            if matches!(edge, Edge::Open(_)) {
                text.push_str(dom.text(id));
            }
            continue;
        };
        if !INLINE.contains(&&**tag) {
            text.push(' ');
        }
        if matches!(edge, Edge::Open(_)) && (OPAQUE.contains(&&**tag) || passed_over(dom, id)) {
            edges.pass_over(id);
            text.push(' ');
        }
    }
    let mut words = Words::new();
    for word in text.split_whitespace() {
        // What is no letter or digit is no word, and control characters are the tokenizer's affair.
        let word: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        if !word.is_empty() {
            *words.entry(word).or_default() += 1;
        }
    }
    words
}

/// Whether a built-in rule may take this element. A guard may yet spare it; then the stream keeps more than is asked here.
fn may_go(dom: &Dom, id: NodeId) -> bool {
    let rules = Rules::built_in();
    let Some(name) = dom.any_tag(id) else { return false };
    if ["html", "body", "main", "h1"].contains(&&**name) {
        return false;
    }
    let attr = |name| dom.attr(id, name).unwrap_or_default();
    let element = Element { name, class: attr("class"), id: attr("id"), role: attr("role"), src: attr("src") };
    let style = attr("style").replace(char::is_whitespace, "").to_lowercase();
    rules.hit(&element).is_some()
        || dom.attrs(id).any(|(name, _)| rules.hit_attribute(name).is_some())
        || ["display:none", "visibility:hidden"].iter().any(|hidden| style.contains(hidden))
        || rules.hit_link(attr("href")).is_some()
        || rules.hit_action(attr("action")).is_some()
        || &**name == "a" && rules.hit_label(&label(dom, id)).is_some()
}

/// What a link says.
fn label(dom: &Dom, link: NodeId) -> String {
    let mut text = String::new();
    let mut edges = dom.edges(link);
    while let Some(edge) = edges.next() {
        let Edge::Open(id) = edge else { continue };
        if dom.any_tag(id).is_some_and(|tag| OPAQUE.contains(&&**tag)) {
            edges.pass_over(id);
        } else if dom.any_tag(id).is_none() {
            text.push_str(dom.text(id));
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What Clearprint adds of its own: the panel, the way past it.
fn of_the_frame(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, "data-clearprint-panel").is_some() || dom.attr(id, "class") == Some("cp-skip")
}

#[derive(Default)]
struct Account {
    pages: usize,
    words: i64,
    lost: i64,
    /// Words that are whole on one side and in parts on the other.
    divided: i64,
    /// Over a limit of the tree parser or of the stream.
    refused: usize,
    worst: Vec<(i64, String)>,
}

impl Account {
    fn compare(&mut self, name: &str, html: &str) {
        let (Some(tree), Some(page)) = (parse(html), rewrite(html)) else {
            self.refused += 1;
            return;
        };
        let kept = words(&tree, may_go);
        let page = words(&parse(&page).expect("what we write is shallow"), of_the_frame);
        self.pages += 1;
        self.words += kept.values().sum::<i64>();
        let missing = |(word, n): (&String, &i64), of: &Words| {
            let missing = n - of.get(word).copied().unwrap_or_default();
            (missing > 0).then(|| (word.clone(), missing))
        };
        let mut lost: Vec<_> = kept.iter().filter_map(|word| missing(word, &page)).collect();
        lost.sort_by_key(|(word, _)| -(word.len() as i64));
        // Where words are divided differently, the parts stand among the words the page has besides.
        let mut besides = BTreeMap::<char, i64>::new();
        for (word, n) in page.iter().filter_map(|word| missing(word, &kept)) {
            word.chars().for_each(|c| *besides.entry(c).or_default() += n);
        }
        let mut words = Vec::new();
        for (word, n) in lost {
            let enough = word.chars().all(|c| besides.get(&c).is_some_and(|left| *left >= n));
            if enough {
                word.chars().for_each(|c| *besides.entry(c).or_default() -= n);
                self.divided += n;
            } else {
                self.lost += n;
                words.push(word);
            }
        }
        if !words.is_empty() {
            let sample: Vec<_> = words.iter().take(12).cloned().collect();
            self.worst.push((words.len() as i64, format!("{name}: {}", sample.join(" "))));
        }
    }

    fn report(mut self, of: &str) {
        self.worst.sort_by_key(|(n, _)| -n);
        eprintln!(
            "{of}: {} pages, {} words, {} lost on {} pages, {} divided differently, {} pages refused",
            self.pages,
            self.words,
            self.lost,
            self.worst.len(),
            self.divided,
            self.refused
        );
        for (n, page) in self.worst.iter().take(40) {
            eprintln!("  {n} {page}");
        }
        assert!(self.pages > 0, "{of}: nothing was compared");
        assert_eq!(self.lost, 0, "{of}: words that a tree keeps are lost");
    }
}

/// The folder that a variable names.
fn folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: {variable} names no folder");
    }
    folder
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn broken_pages_keep_what_a_rule_does_not_take() {
    let text = include_str!("data/broken.txt");
    let mut cases = 0;
    let mut wrong = Vec::new();
    for block in text.split("\n\n").filter(|block| !block.starts_with('#')) {
        let (class, html) = block.split_once('\n').expect("a class and a page");
        let html = html.replace("\\0", "\0");
        let page = words(&parse(&rewrite(&html).expect("within limits")).expect("ours"), of_the_frame);
        let marked = |text: &str| {
            let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
            let marked = |part: &&str| part.len() == 2 && part.ends_with(|c: char| c.is_ascii_digit());
            parts.filter(marked).map(str::to_owned).collect::<Vec<_>>()
        };
        let named = marked(&html);
        assert!(!named.is_empty(), "{class} asks nothing");
        // Words may stand against each other on the page.
        let present: String = page.keys().map(|word| format!("{word} ")).collect();
        for word in named {
            let kept = present.contains(&word);
            if word.starts_with('w') && !kept || word.starts_with('x') && kept {
                wrong.push(format!("{class}: {word} is {}", if kept { "left" } else { "lost" }));
            }
        }
        cases += 1;
    }
    assert!(cases > 40, "{cases} cases");
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_word_of_html5libs_inputs_is_lost() {
    let Some(folder) = folder("CLEARPRINT_HTML5LIB") else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let mut account = Account::default();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "dat")) {
        let text = String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned();
        for (n, test) in text.split("#data\n").skip(1).enumerate() {
            // A fragment is parsed in a context that no page has.
            if test.contains("\n#document-fragment\n") {
                continue;
            }
            let html = test.split("\n#errors").next().unwrap_or_default();
            account.compare(&format!("{} {n}", path.file_name().unwrap_or_default().to_string_lossy()), html);
        }
    }
    account.report("html5lib");
}

#[test]
fn no_word_of_real_pages_is_lost() {
    let Some(folder) = folder("CLEARPRINT_PAGES") else { return };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    let mut account = Account::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut bytes = fs::read(&path).expect("a file");
        if name.ends_with(".html.gz") {
            let packed = std::mem::take(&mut bytes);
            flate2::read::MultiGzDecoder::new(&*packed).read_to_end(&mut bytes).expect("gzip");
        } else if !name.ends_with(".html") {
            continue;
        }
        account.compare(&name, &String::from_utf8_lossy(&bytes));
    }
    account.report("pages");
}
