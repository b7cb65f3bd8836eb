//! The tag tree of a PDF as text, for people and for golden files.

use std::fmt::Write;

use lopdf::ObjectId;

use super::reading::{Reading, as_dictionary, text_of};
use super::structure::{Kid, Node, Structure, join};
use crate::clean::Inventory;
use crate::{Limits, Result};

/// Characters of a text that are shown from its start and its end.
const START: usize = 60;
const END: usize = 16;

/// The structure tree of any PDF: an element a line, what it holds indented below it.
///
/// ```text
/// Document
///   H1 (page 1) "Фабрика пошла в рост"
///   Figure (page 1) alt "Новый цех"
///   P (pages 1–2)
///     "Мощность выросла до "
///     Link (page 1) → https://news.example/ "шести"
///     " милливатт."
/// ```
///
/// # Errors
/// When the file is no PDF or is encrypted; [`crate::Error::Limit`] when reading it takes more than it may. A file without tags gives one line that says so.
pub fn tags(bytes: &[u8], limits: &Limits) -> Result<String> {
    let reading = Reading::new(bytes, limits)?;
    let structure = Structure::read(&reading);
    reading.budget.verdict()?;
    let Some(structure) = structure else { return Ok("no tags\n".into()) };
    let mut out = String::new();
    for kid in &structure.root.kids {
        if let Kid::Node(node) = kid {
            element(&mut out, &reading, &structure, node, 0, "");
        }
    }
    Ok(out)
}

/// The text of any PDF in the order of its structure, a line for each element that holds some: what a screen reader reads.
///
/// # Errors
/// As [`tags`]. A file without tags has no order, and gives nothing.
pub fn text(bytes: &[u8], limits: &Limits) -> Result<String> {
    let reading = Reading::new(bytes, limits)?;
    let structure = Structure::read(&reading);
    reading.budget.verdict()?;
    let Some(structure) = structure else { return Ok(String::new()) };
    let mut out = String::new();
    lines(&mut out, &reading, &structure, &structure.root);
    Ok(out)
}

/// What a PDF says and holds by its tags. Links and tables are not counted: print may spell out the one and turn the other
/// into lines of text.
///
/// # Errors
/// As [`tags`].
pub fn inventory(bytes: &[u8], limits: &Limits) -> Result<Inventory> {
    let tree = tags(bytes, limits)?;
    let count = |is: &dyn Fn(&str) -> bool| {
        let roles = tree.lines().filter_map(|line| line.split_whitespace().next());
        Some(roles.filter(|role| is(role)).count() as u64)
    };
    let heading = |role: &str| matches!(role, "H1" | "H2" | "H3" | "H4" | "H5" | "H6");
    Ok(Inventory {
        text: text(bytes, limits)?,
        headings: count(&heading),
        images: count(&|role| role == "Figure"),
        ..Inventory::default()
    })
}

/// Inline elements stand in the line of the block around them.
fn lines(out: &mut String, reading: &Reading, structure: &Structure, node: &Node) {
    let is_inline = |kid: &Kid| match kid {
        Kid::Node(kid) => matches!(kid.role.as_str(), "Span" | "Link" | "Reference" | "Quote" | "Code" | "Lbl"),
        Kid::Content(..) | Kid::Object(_) => true,
    };
    if node.kids.iter().all(is_inline) {
        let text = structure.text(reading, node);
        if !text.trim().is_empty() {
            out.push_str(text.trim_end());
            out.push('\n');
        }
        return;
    }
    for kid in &node.kids {
        match kid {
            Kid::Node(kid) => lines(out, reading, structure, kid),
            Kid::Content(page, mcid) => {
                let own = text_of_marks(reading, structure, &[(*page, *mcid)]);
                if !own.trim().is_empty() {
                    out.push_str(own.trim_end());
                    out.push('\n');
                }
            }
            Kid::Object(_) => {}
        }
    }
}

/// `above` is where the element above is, which is not said again.
fn element(out: &mut String, reading: &Reading, structure: &Structure, node: &Node, depth: usize, above: &str) {
    let pages = pages(node);
    let shown = if pages == above { "" } else { pages.as_str() };
    // Writing to a String cannot fail.
    let _ = write!(out, "{:indent$}{}{shown}", "", node.role, indent = depth * 2);
    for (name, text) in
        [("lang", &node.lang), ("alt", &node.alt), ("actual text", &node.actual_text), ("title", &node.title)]
    {
        if let Some(text) = text {
            let _ = if name == "lang" { write!(out, " lang {text}") } else { write!(out, " {name} {}", excerpt(text)) };
        }
    }
    for (name, value) in &node.attributes {
        let _ = match name.as_str() {
            // Where a thing stands is not what it is.
            "BBox" => write!(out, " BBox"),
            "Placement" => continue,
            _ => write!(out, " {name} {value}"),
        };
    }
    for kid in &node.kids {
        if let Kid::Object(id) = kid {
            let _ = write!(out, " → {}", target(reading, *id));
        }
    }
    let pieces = pieces(node);
    if let [Piece::Text(contents)] = &pieces[..] {
        let _ = writeln!(out, " {}", excerpt(&text_of_marks(reading, structure, contents)));
        return;
    }
    out.push('\n');
    for piece in pieces {
        match piece {
            Piece::Node(kid) => element(out, reading, structure, kid, depth + 1, &pages),
            Piece::Text(contents) => {
                let text = text_of_marks(reading, structure, &contents);
                let text = if text.is_empty() { "(no text)".into() } else { excerpt(&text) };
                let _ = writeln!(out, "{:indent$}{text}", "", indent = depth * 2 + 2);
            }
        }
    }
}

enum Piece<'n> {
    Node(&'n Node),
    /// Neighbouring marks, with their pages.
    Text(Vec<(usize, i64)>),
}

fn pieces(node: &Node) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for kid in &node.kids {
        match kid {
            Kid::Node(kid) => pieces.push(Piece::Node(kid)),
            Kid::Content(page, mcid) => match pieces.last_mut() {
                Some(Piece::Text(contents)) => contents.push((*page, *mcid)),
                _ => pieces.push(Piece::Text(vec![(*page, *mcid)])),
            },
            Kid::Object(_) => {}
        }
    }
    pieces
}

fn text_of_marks(reading: &Reading, structure: &Structure, contents: &[(usize, i64)]) -> String {
    let places = contents.iter().flat_map(|&(page, mcid)| structure.shown(page, mcid).iter().map(move |p| (page, *p)));
    join(reading, &places.collect::<Vec<_>>())
}

/// The pages that an element's own marks and those below it are on.
fn pages(node: &Node) -> String {
    fn span(node: &Node, found: &mut Option<(usize, usize)>) {
        for kid in &node.kids {
            match kid {
                Kid::Content(page, _) => {
                    let (first, last) = found.unwrap_or((*page, *page));
                    *found = Some((first.min(*page), last.max(*page)));
                }
                Kid::Node(kid) => span(kid, found),
                Kid::Object(_) => {}
            }
        }
    }
    if matches!(node.role.as_str(), "Document" | "Art" | "Sect" | "Part") {
        return String::new();
    }
    let mut found = None;
    span(node, &mut found);
    match found {
        Some((first, last)) if first == last => format!(" (page {})", first + 1),
        Some((first, last)) => format!(" (pages {}–{})", first + 1, last + 1),
        None => String::new(),
    }
}

fn excerpt(text: &str) -> String {
    let count = text.chars().count();
    if count <= START + END + 3 {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(START).collect();
    let end: String = text.chars().skip(count - END).collect();
    format!("{:?}", format!("{start} … {end}"))
}

fn target(reading: &Reading, id: ObjectId) -> String {
    let Ok(annotation) = reading.document.get_dictionary(id) else { return "nothing".into() };
    let uri = reading.get(annotation, b"A").and_then(as_dictionary).and_then(|a| reading.get(a, b"URI"));
    if let Some(uri) = uri.and_then(text_of) {
        return uri;
    }
    let place = match reading.get(annotation, b"Dest") {
        Some(lopdf::Object::Array(place)) => place.first().and_then(|p| p.as_reference().ok()),
        _ => None,
    };
    match place.and_then(|id| reading.pages.iter().position(|page| page.id == id)) {
        Some(page) => format!("page {}", page + 1),
        None => "a place".into(),
    }
}
