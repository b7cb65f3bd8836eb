//! html5lib's tests of tree construction: the tree that the document way reads, as a dump, beside the expected one.

use std::fmt::Write as _;
use std::path::Path;

use clearprint::Limits;
use clearprint::internals::html::dom::{Dom, NodeId, NodeKind};

use crate::exceptions::Outcome;

/// One test of a `.dat` file.
pub(crate) struct Test {
    pub(crate) html: String,
    /// The element in which a fragment is parsed.
    pub(crate) context: Option<String>,
    /// Whether scripts run; `None` where that changes nothing.
    scripting: Option<bool>,
    expected: String,
}

/// The tests of a file.
pub(crate) fn tests(path: &Path) -> Vec<Test> {
    let text = String::from_utf8_lossy(&std::fs::read(path).expect("a file")).into_owned();
    let text = text.strip_prefix("#data\n").expect("a test at the beginning");
    let tests: Vec<_> = text.split("\n\n#data\n").map(test).collect();
    assert!(!tests.is_empty());
    tests
}

fn test(text: &str) -> Test {
    // A page of nothing has no line of its own.
    let whole = if text.starts_with("#errors") { format!("\n{text}") } else { text.to_owned() };
    let (html, rest) = whole.split_once("\n#errors").unwrap_or_else(|| panic!("no errors in {text:?}"));
    let (head, expected) = rest.split_once("\n#document\n").unwrap_or_else(|| panic!("no tree in {text:?}"));
    let context = head.split_once("\n#document-fragment\n").map(|(_, context)| context.lines().next());
    let has = |heading: &str| head.lines().any(|line| line == heading);
    Test {
        html: html.to_owned(),
        context: context.map(|context| context.unwrap_or_default().to_owned()),
        scripting: if has("#script-on") { Some(true) } else { has("#script-off").then_some(false) },
        expected: normal(expected),
    }
}

/// What each test came to. What is parsed into an element of a page that is there already, no page of ours is.
pub(crate) fn cases(path: &Path) -> Vec<Outcome> {
    let tests = tests(path).into_iter().filter(|test| test.context.is_none());
    let run = tests.map(|test| {
        let scripting = test.scripting.map_or_else(|| vec![false, true], |scripting| vec![scripting]);
        let difference = scripting.into_iter().find_map(|scripting| {
            // Line ends are the decoder's affair.
            let html = test.html.replace("\r\n", "\n").replace('\r', "\n");
            let dom = Dom::parse_with(&html, "a page", &Limits::default(), scripting).expect("within limits");
            let dump = normal(&dump(&dom));
            (dump != test.expected).then(|| format!("scripting {scripting}:\n{dump}\nand not\n{}\n", test.expected))
        });
        (test.html, difference.map_or(Ok(()), Err))
    });
    run.collect()
}

/// A dump of what a [`Dom`] keeps: without comments and document types, with text that they divide in one, and with
/// attributes by their local names.
fn normal(dump: &str) -> String {
    let mut nodes: Vec<(usize, String)> = Vec::new();
    for line in dump.lines() {
        match line.strip_prefix("| ") {
            Some(node) => {
                let indented = node.trim_start_matches(' ');
                nodes.push((node.len() - indented.len(), indented.to_owned()));
            }
            // Text and comments may have several lines.
            None => {
                if let Some((_, node)) = nodes.last_mut() {
                    node.push('\n');
                    node.push_str(line);
                }
            }
        }
    }
    nodes.retain(|(_, node)| !node.starts_with("<!"));
    let mut normal: Vec<(usize, String)> = Vec::new();
    for (depth, node) in nodes {
        match normal.last_mut() {
            Some((last_depth, last)) if *last_depth == depth && last.starts_with('"') && node.starts_with('"') => {
                last.pop();
                last.push_str(&node[1..]);
            }
            _ => normal.push((depth, node)),
        }
    }
    let is_attribute = |(_, node): &(usize, String)| !node.starts_with(['<', '"']) && node.contains("=\"");
    for (_, attribute) in normal.iter_mut().filter(|node| is_attribute(node)) {
        let local = ["xlink ", "xml ", "xmlns "].iter().find_map(|prefix| attribute.strip_prefix(prefix));
        if let Some(local) = local.map(str::to_owned) {
            *attribute = local;
        }
    }
    for attributes in normal.chunk_by_mut(|a, b| is_attribute(a) && is_attribute(b)) {
        attributes.sort();
    }
    let lines = normal.into_iter().map(|(depth, node)| format!("| {}{node}", " ".repeat(depth)));
    lines.collect::<Vec<_>>().join("\n")
}

fn dump(dom: &Dom) -> String {
    let mut out = String::new();
    for child in dom.children(dom.root()) {
        dump_node(dom, child, 0, &mut out);
    }
    out
}

fn dump_node(dom: &Dom, id: NodeId, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let mut depth = depth + 1;
    match dom.kind(id) {
        NodeKind::Text => drop(writeln!(out, "| {indent}\"{}\"", dom.text(id))),
        NodeKind::Element(name) => {
            let namespace = match (dom.is_math(id), dom.is_foreign(id)) {
                (true, _) => "math ",
                (_, true) => "svg ",
                _ => "",
            };
            let _ = writeln!(out, "| {indent}<{namespace}{name}>");
            let mut attributes: Vec<_> = dom.attrs(id).collect();
            attributes.sort_unstable();
            for (name, value) in attributes {
                let _ = writeln!(out, "| {indent}  {name}=\"{value}\"");
            }
            if dom.is(id, "template") {
                let _ = writeln!(out, "| {indent}  content");
                depth += 1;
            }
        }
        _ => {}
    }
    for child in dom.children(id) {
        dump_node(dom, child, depth, out);
    }
}
