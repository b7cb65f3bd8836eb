use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

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

#[test]
fn quadratic_input_ends_in_a_limit_error() {
    for unit in ["<ul><li>", "<b><p>", "<a><div>", "<table><tr><td>", "<svg><desc>", "<i x=1><i x=2>"] {
        let html = unit.repeat((512 << 10) / unit.len());
        let started = Instant::now();
        let parsed = Dom::parse(&html, "test", &Limits::default());
        // The promise is two seconds in a release build; this one is unoptimised and shares the machine.
        assert!(started.elapsed() < Duration::from_secs(30), "{unit} took {:?}", started.elapsed());
        if let Err(error) = parsed {
            assert!(error.to_string().contains("--max-elements"), "{error}");
        }
    }
}

#[test]
fn more_elements_than_allowed_are_refused() {
    let limits = Limits { elements: 100, ..Limits::default() };
    let error = Dom::parse(&"<p>".repeat(2_000), "page.html", &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "page.html: the number of elements is over the limit of 100; raise it with --max-elements"
    );
}

#[test]
fn larger_input_than_allowed_is_refused() {
    let limits = Limits { decoded: 10, ..Limits::default() };
    let error = Dom::parse("<p>more than ten", "page.html", &limits).unwrap_err();
    assert!(error.to_string().contains("--max-input"), "{error}");
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
