use super::tokens::{self, Most, Stopped};
use super::*;
use crate::limits::Limit;
use crate::{Error, Limits};
use html5ever::tree_builder::TreeBuilderOpts;
use proptest::prelude::*;

fn parse(html: &str) -> Dom {
    Dom::parse(html, "test", &Limits::default()).unwrap()
}

fn depth(dom: &Dom) -> usize {
    let mut depth = 0;
    let mut most = 0;
    for edge in dom.edges(dom.root()) {
        match edge {
            Edge::Open(_) => depth += 1,
            Edge::Close(_) => depth -= 1,
        }
        most = most.max(depth);
    }
    most
}

#[test]
fn tree_has_names_attributes_and_text_in_page_order() {
    let dom = parse("<p class=a id=b>One <b>two</b> &amp; three<p>Four");
    let p = dom.find("p").unwrap();
    assert_eq!(dom.attr(p, "class"), Some("a"));
    assert_eq!(dom.attr(p, "id"), Some("b"));
    assert_eq!(dom.attr(p, "title"), None);
    assert_eq!(dom.text_content(p), "One two & three");
    let next = dom.next_sibling(p).unwrap();
    assert_eq!(dom.text_content(next), "Four");
    assert_eq!(dom.parent(next), dom.parent(p));
}

#[test]
fn noscript_is_part_of_the_tree_unless_scripts_run() {
    let html = "<body><noscript><img src=a.jpg></noscript>";
    assert!(parse(html).find("img").is_some());
    let scripted = Dom::parse_with(html, "test", &Limits::default(), true).unwrap();
    assert!(scripted.find("img").is_none());
}

#[test]
fn misnested_and_foster_parented_text_is_kept() {
    let dom = parse("<table>x<tr><td>y</td></tr>z</table><b>1<p>2</b>3");
    let body = dom.find("body").unwrap();
    let mut text: Vec<char> = dom.text_content(body).chars().collect();
    text.sort_unstable();
    assert_eq!(text, ['1', '2', '3', 'x', 'y', 'z']);
}

#[test]
fn deeper_elements_become_siblings_and_lose_nothing() {
    let html = "<div>a".repeat(5_000);
    let dom = parse(&html);
    assert!(depth(&dom) <= Limits::default().depth + 1, "{}", depth(&dom));
    assert_eq!(dom.text_content(dom.root()).len(), 5_000);
    assert_eq!(dom.elements(), 5_003);
}

#[test]
fn flattening_keeps_the_order_of_the_text() {
    let html: String = (0..2_000).map(|n| format!("<div>{n} ")).collect();
    let plain: String = (0..2_000).map(|n| format!("{n} ")).collect();
    assert_eq!(parse(&html).text_content(NodeId(0)), plain);
}

/// Reads a page with the default limits: what stopped it, and the steps that were taken, which are what takes time.
fn work(html: &str) -> (Option<Stopped>, u64) {
    let most = Most { elements: Limits::default().elements, steps: MOST_STEPS };
    let (parsed, steps) = tokens::read(html, TreeBuilderOpts::default(), most);
    (parsed.err(), steps)
}

/// Steps that a page of half a mebibyte may take here; read as HTML is meant to be, it takes fewer.
const MOST_STEPS: u64 = 10_000_000;

/// One token may go over the limit by looking at every open element once.
const OVERSHOT: u64 = 512 << 10;

#[test]
fn quadratic_input_ends_in_a_limit_error() {
    for unit in ["<ul><li>", "<h1><div>"] {
        let (stopped, steps) = work(&unit.repeat((512 << 10) / unit.len()));
        assert_eq!(stopped, Some(Stopped::Steps), "{unit}");
        assert!(steps < MOST_STEPS + OVERSHOT, "{unit}: {steps} steps");
    }
    let limits = Limits { elements: 100_000, ..Limits::default() };
    let error = Dom::parse(&"<ul><li>".repeat(30_000), "page.html", &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "page.html: the work to parse elements that are never closed is over the limit of 100000 elements; raise it with `Limits::elements`"
    );
}

#[test]
fn what_only_looks_quadratic_is_read_or_ends_as_soon() {
    for unit in ["<b><p>", "<a><div>", "<table><tr><td>", "<svg><desc>", "<i x=1><i x=2>"] {
        let (stopped, steps) = work(&unit.repeat((512 << 10) / unit.len()));
        assert_ne!(stopped, Some(Stopped::Elements), "{unit}");
        assert!(steps < MOST_STEPS + OVERSHOT, "{unit}: {steps} steps, {stopped:?}");
    }
}

#[test]
fn a_tag_with_endless_attributes_keeps_the_first_of_them() {
    let attributes = |count: usize| (0..count).map(|n| format!(" a{n}=1")).collect::<String>();
    let dom = parse(&format!("<p{} class=x>text", attributes(100)));
    let p = dom.find("p").unwrap();
    assert_eq!(dom.attr(p, "class"), Some("x"));
    let dom = parse(&format!("<p class=x{}>text<b>more", attributes(50_000)));
    assert_eq!(dom.attrs(dom.find("p").unwrap()).count(), 512, "each attribute is compared with those before it");
    let p = dom.find("p").unwrap();
    assert_eq!((dom.attr(p, "class"), dom.attr(p, "a7"), dom.attr(p, "a49999")), (Some("x"), Some("1"), None));
    assert_eq!(dom.text_content(p), "textmore");
}

/// What makes the standard's algorithms slow: formatting that is opened anew in every paragraph, links in links, tables
/// that text is put before, end tags without a beginning.
#[test]
fn tricks_with_formatting_and_tables_end_as_soon() {
    let formatting: String = (0..1_000).map(|n| format!("<b a{n}><i a{n}><u a{n}>")).collect();
    let tricks = [
        (String::new(), "<b><i><u><s><em><strong><font><code><big><small>", ""),
        (formatting, "<p>x</p>", ""),
        (String::new(), "<p><a href=x>y", ""),
        (String::new(), "<table><a>x<div>", ""),
        ("<table>".to_owned(), "<a>x<tr>", ""),
        (String::new(), "<b><div>", "</b>"),
        (String::new(), "<font><p>", "</font>"),
        ("<div>".repeat(20_000), "</span>", ""),
        (String::new(), "<h1><div>", ""),
        (String::new(), "<form><button><div>", ""),
        (String::new(), "<template><select><option>", ""),
        (String::new(), "<svg><foreignObject><p>", ""),
    ];
    for (before, unit, after) in tricks {
        let units = (512 << 10) / unit.len();
        let html = before + &unit.repeat(units) + &after.repeat(units);
        let (stopped, steps) = work(&html);
        assert!(steps < MOST_STEPS + OVERSHOT, "{unit}: {steps} steps, {stopped:?}");
    }
}

#[test]
fn more_elements_than_allowed_are_refused() {
    let limits = Limits { elements: 100, ..Limits::default() };
    let error = Dom::parse(&"<p>".repeat(2_000), "page.html", &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "page.html: the number of elements is over the limit of 100; raise it with `Limits::elements`"
    );
}

#[test]
fn larger_input_than_allowed_is_refused() {
    let limits = Limits { decoded: 10, ..Limits::default() };
    let error = Dom::parse("<p>more than ten", "page.html", &limits).unwrap_err();
    assert!(matches!(error, Error::Limit { limit: Limit::Input, .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_makes_a_tree_that_can_be_walked(html in "\\PC{0,400}") {
        let dom = parse(&html);
        let opened = dom.edges(dom.root()).filter(|e| matches!(e, Edge::Open(_))).count();
        prop_assert_eq!(opened * 2, dom.edges(dom.root()).count());
    }

    #[test]
    fn any_soup_of_tags_makes_a_tree_that_can_be_walked(soup in proptest::collection::vec(
        proptest::sample::select(vec![
            "<p>", "</p>", "<b>", "</b>", "<a href=x>", "</a>", "<table>", "<tr>", "<td>", "</table>", "<svg>", "<template>",
            "</template>", "<select>", "<option>", "<html a=1>", "<body b=2>", "<frameset>", "<li>", "</ul>", "text", "<math>",
            "<mi>", "<nobr>", "<button>", "</div>", "<script>", "</script>", "<!--", "-->", "<h1>", "</h2>", "<noscript>",
        ]), 0..80))
    {
        let dom = parse(&soup.concat());
        for node in dom.descendants(dom.root()) {
            for child in dom.children(node) {
                prop_assert_eq!(dom.parent(child), Some(node));
            }
        }
    }
}

/// The tree that html5ever's own tokenizer leads to, as text.
fn by_html5ever(html: &str, scripting: bool) -> String {
    use html5ever::tendril::TendrilSink;
    let tokenizer = html5ever::tokenizer::TokenizerOpts { discard_bom: true, ..Default::default() };
    let tree_builder = TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() };
    let options = html5ever::ParseOpts { tokenizer, tree_builder };
    outline(&html5ever::parse_document(sink::Sink::new(html.len()), options).one(html))
}

fn by_html5gum(html: &str, scripting: bool) -> String {
    let options = TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() };
    outline(&tokens::parse(html, options, Most { elements: usize::MAX, steps: u64::MAX }).unwrap())
}

/// A tree as text; text that two nodes share is one.
fn outline(dom: &Dom) -> String {
    let mut out = String::new();
    let mut in_text = false;
    for edge in dom.edges(dom.root()) {
        let (sign, id) = match edge {
            Edge::Open(id) => ("<", id),
            Edge::Close(id) => (">", id),
        };
        match dom.kind(id) {
            NodeKind::Text if sign == "<" => {
                if !in_text {
                    out.push_str("\n\"");
                }
                in_text = true;
                out.push_str(dom.text(id));
            }
            NodeKind::Text => {}
            kind => {
                in_text = false;
                let attributes: Vec<(&str, &str)> = dom.attrs(id).collect();
                let foreign = dom.is_foreign(id);
                out.push_str(&format!("\n{sign}{kind:?} {foreign} {attributes:?}"));
            }
        }
    }
    out
}

/// What tokenizers disagree on: references, raw text, comments, NUL, line ends, foreign content, the page's sudden end.
const TOKENS: [&str; 48] = [
    "<p>",
    "</p>",
    "<p class=a class=b id=\"c&amp;d\">",
    "<br/>",
    "<a href='?a=1&copy=2&copy;'>",
    "&amp",
    "&notit;",
    "&notin;",
    "&#x41;",
    "&#65",
    "&#0;",
    "&#x80;",
    "&#xD800;",
    "&#x110000;",
    "&unknown;",
    "&",
    "<",
    "<3",
    "</",
    "</3>",
    "<!--x-->",
    "<!-->",
    "<!--a--!>b-->",
    "<!doctype html>",
    "<!doctype html PUBLIC \"-//W3C//DTD HTML 4.01//EN\" 'x'>",
    "<?xml a?>",
    "<![CDATA[x]]>",
    "<svg>",
    "</svg>",
    "<math><mi>",
    "<script>",
    "</script >",
    "<!--<script>",
    "-->",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>\n",
    "</textarea>",
    "<plaintext>",
    "<noscript>",
    "\0",
    "\r\n",
    "\r",
    "é漢",
    "<table><tr><td>",
    "<p é=\u{fffd} = / \"x",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn both_tokenizers_lead_to_the_same_tree(
        parts in prop::collection::vec((prop::sample::select(&TOKENS[..]), "[ a-c<>&;='\"/!-]{0,3}"), 0..14),
        scripting: bool,
    ) {
        let html: String = parts.into_iter().map(|(token, between)| token.to_owned() + &between).collect();
        prop_assert_eq!(by_html5gum(&html, scripting), by_html5ever(&html, scripting), "{:?}", html);
    }
}
