//! What a PDF does not keep: the rules of PDF/UA-1, and the numbers of the print style it names.

use lopdf::Object;

use super::Finding;
use super::reading::{Reading, Tag, as_dictionary};
use super::structure::{Kid, Node, Structure};
use super::{page_rules, paper, tables};
use crate::theme::PrintStyle;
use crate::{Limits, Result};

/// Findings of one rule that are reported one by one; the rest are counted.
const EACH: usize = 20;

/// Checks a PDF against PDF/UA-1 (ISO 14289-1, as far as a program can judge) and against the guideline of `profile`, else
/// of the print style that the file names in its metadata.
///
/// # Errors
/// When the file is no PDF or is encrypted; [`crate::Error::Limit`] when reading it takes more than it may.
pub fn pdf(bytes: &[u8], profile: Option<&PrintStyle>, limits: &Limits) -> Result<Vec<Finding>> {
    let reading = Reading::new(bytes, limits)?;
    let structure = Structure::read(&reading);
    let mut findings = Vec::new();
    document(&reading, structure.as_ref(), &mut findings);
    fonts(&reading, &mut findings);
    marks(&reading, structure.as_ref(), &mut findings);
    annotations(&reading, structure.as_ref(), &mut findings);
    if let Some(structure) = &structure {
        elements(&reading, structure, &mut findings);
        split_paragraphs(&reading, structure, &mut findings);
    }
    // Only a built-in style is looked up: a file must not make us read another file.
    let named = reading.xmp_value("clearprint:Style");
    let built_in = named.and_then(|name| PrintStyle::all().into_iter().find(|style| style.name == name));
    page_rules::contrast(&reading, &mut findings);
    paper::boxes(&reading, &mut findings);
    paper::resolution(&reading, &mut findings);
    if let Some(style) = profile.or(built_in.as_ref()) {
        page_rules::check(&reading, structure.as_ref(), style, &mut findings);
    }
    reading.budget.verdict()?;
    Ok(condensed(findings))
}

/// A fault that is on every page is said for the first pages and then counted.
fn condensed(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut more: Vec<(String, usize)> = Vec::new();
    for finding in findings {
        if kept.iter().filter(|f| f.rule == finding.rule).count() < EACH {
            kept.push(finding);
        } else if let Some((_, count)) = more.iter_mut().find(|(rule, _)| *rule == finding.rule) {
            *count += 1;
        } else {
            more.push((finding.rule, 1));
        }
    }
    kept.extend(more.into_iter().map(|(rule, count)| Finding::new(rule, "", format!("{count} more of this kind"))));
    kept
}

fn ua(clause: &str) -> String {
    format!("PDF/UA-1 {clause}")
}

fn page(index: usize) -> String {
    format!("page {}", index + 1)
}

fn document(reading: &Reading, structure: Option<&Structure>, findings: &mut Vec<Finding>) {
    let Some(catalog) = reading.catalog() else {
        findings.push(Finding::new(ua("7.1"), "", "the file has no catalog; write it anew"));
        return;
    };
    let mut wanted = |kept: bool, clause: &str, message: &str| {
        if !kept {
            findings.push(Finding::new(ua(clause), "", message));
        }
    };
    let flag = |key: &[u8], flag: &[u8]| {
        reading.dictionary(catalog, key).and_then(|d| reading.get(d, flag)) == Some(&Object::Boolean(true))
    };
    wanted(
        reading.dictionary(catalog, b"StructTreeRoot").is_some() && flag(b"MarkInfo", b"Marked"),
        "7.1",
        "the file is not tagged; write it with a structure tree",
    );
    wanted(
        reading.text(catalog, b"Lang").is_some_and(|l| !l.trim().is_empty()),
        "7.2",
        "the document has no language; set it",
    );
    wanted(reading.xmp_value("dc:title").is_some(), "7.1", "the metadata has no title; give the document one");
    wanted(
        flag(b"ViewerPreferences", b"DisplayDocTitle"),
        "7.1",
        "the window shows the file's name instead of the title; set DisplayDocTitle",
    );
    wanted(
        reading.xmp_value("pdfuaid:part").is_some() || reading.xmp().contains("pdfuaid:part=\"1\""),
        "5",
        "the metadata does not say that the file conforms to PDF/UA",
    );
    // Bookmarks are made of headings: where there is none, there is nothing to mark.
    let mut headed = structure.is_none();
    if let Some(structure) = structure {
        structure.walk(&mut |node, _| {
            headed |= matches!(&*node.role, "H" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6");
        });
    }
    wanted(
        reading.pages.len() < 4 || reading.dictionary(catalog, b"Outlines").is_some() || !headed,
        "7.17",
        "the document has several pages and no bookmarks; add some",
    );
}

/// What is drawn for a character that no font has, while the text still says the character.
const BOX: char = '\u{25a1}';

fn fonts(reading: &Reading, findings: &mut Vec<Finding>) {
    for font in &reading.fonts {
        let name = &font.name;
        if !font.embedded {
            findings.push(Finding::new(ua("7.21.4.1"), "", format!("the font {name} is not embedded")));
        }
        let mute = font.without_text();
        if mute > 0 && (font.two_bytes || font.has_unicode) {
            let message = format!("{mute} codes of the font {name} lead to no character; mend its ToUnicode map");
            findings.push(Finding::new(ua("7.21.7"), "", message));
        }
        let (boxes, wrong): (Vec<_>, Vec<_>) =
            font.contradictions(&reading.budget).into_iter().partition(|(_, drawn)| *drawn == BOX);
        if !boxes.is_empty() {
            let said: String = boxes.iter().take(5).map(|(said, _)| said.as_str()).collect();
            let message = format!(
                "a box stands for {} characters that no font has, such as {said:?}; install a font that has them",
                boxes.len()
            );
            findings.push(Finding::new("missing glyph", "", message));
        }
        for (said, drawn) in wrong.into_iter().take(5) {
            let message = format!("the font {name} draws {drawn:?} for what its ToUnicode map calls {said:?}");
            findings.push(Finding::new(ua("7.21.7"), "", message));
        }
    }
    for (index, on_page) in reading.pages.iter().enumerate() {
        let missing: usize = on_page.shown.iter().map(|s| s.missing).sum();
        if missing > 0 {
            let message = format!("{missing} characters have no glyph in their font; set them in another");
            findings.push(Finding::new(ua("7.21.8"), page(index), message));
        }
    }
}

fn marks(reading: &Reading, structure: Option<&Structure>, findings: &mut Vec<Finding>) {
    for (index, on_page) in reading.pages.iter().enumerate() {
        if on_page.untagged > 0 {
            let sample = on_page.shown.iter().find(|s| s.tag == Tag::None).map(|s| format!(", such as {:?}", s.text));
            let message = format!(
                "{} marks are neither tagged nor artifacts{}; tag them",
                on_page.untagged,
                sample.unwrap_or_default()
            );
            findings.push(Finding::new(ua("7.1"), page(index), message));
        }
        let dictionary = reading.document.get_dictionary(on_page.id).ok();
        let parents = dictionary.and_then(|d| reading.get(d, b"StructParents"));
        let tagged = on_page.shown.iter().any(|s| matches!(s.tag, Tag::Content(_)));
        if structure.is_some() && tagged && parents.is_none() {
            let message = "the page's marks lead to no element; give it StructParents";
            findings.push(Finding::new(ua("7.1"), page(index), message));
        }
    }
    let Some(structure) = structure else { return };
    // Every MCID must be somebody's.
    let mut claimed = std::collections::HashSet::new();
    structure.walk(&mut |node, _| {
        claimed.extend(node.kids.iter().filter_map(|kid| match kid {
            Kid::Content(page, mcid) => Some((*page, *mcid)),
            _ => None,
        }));
    });
    for (index, on_page) in reading.pages.iter().enumerate() {
        let orphan = on_page.shown.iter().find(|s| match s.tag {
            Tag::Content(mcid) => !claimed.contains(&(index, mcid)) && !s.text.trim().is_empty(),
            _ => false,
        });
        if let Some(orphan) = orphan {
            let message = format!("{:?} is marked as content but belongs to no element", orphan.text);
            findings.push(Finding::new(ua("7.1"), page(index), message));
        }
    }
}

fn annotations(reading: &Reading, structure: Option<&Structure>, findings: &mut Vec<Finding>) {
    let mut in_links = std::collections::HashSet::new();
    if let Some(structure) = structure {
        structure.walk(&mut |node, above| {
            if node.role == "Link" || above.iter().any(|n| n.role == "Link") {
                in_links.extend(node.kids.iter().filter_map(|kid| match kid {
                    Kid::Object(id) => Some(*id),
                    _ => None,
                }));
            }
        });
    }
    for (index, on_page) in reading.pages.iter().enumerate() {
        let Ok(dictionary) = reading.document.get_dictionary(on_page.id) else { continue };
        let Some(Object::Array(list)) = reading.get(dictionary, b"Annots") else { continue };
        if !list.is_empty() && reading.name(dictionary, b"Tabs").as_deref() != Some("S") {
            let message = "the Tab key does not follow the structure; set Tabs to S";
            findings.push(Finding::new(ua("7.18.3"), page(index), message));
        }
        for entry in list {
            let Some(annotation) = reading.document.dereference(entry).ok().and_then(|(_, o)| as_dictionary(o)) else {
                continue;
            };
            if reading.name(annotation, b"Subtype").as_deref() != Some("Link") {
                continue;
            }
            if reading.text(annotation, b"Contents").is_none_or(|c| c.trim().is_empty()) {
                let message = "a link has no description; set its Contents";
                findings.push(Finding::new(ua("7.18.5"), page(index), message));
            }
            if entry.as_reference().is_ok_and(|id| !in_links.contains(&id)) {
                findings.push(Finding::new(ua("7.18.5"), page(index), "a link is not tagged as Link"));
            }
        }
    }
}

fn elements(reading: &Reading, structure: &Structure, findings: &mut Vec<Finding>) {
    let mut level = 0;
    let mut notes = std::collections::HashSet::new();
    structure.walk(&mut |node, above| {
        let place = || structure.texts(node).first().map(|(index, _)| page(*index)).unwrap_or_default();
        match node.role.as_str() {
            "Figure" | "Formula" => {
                let alt = node.alt.as_deref().or(node.actual_text.as_deref()).unwrap_or_default();
                if alt.trim().is_empty() {
                    findings.push(Finding::new(
                        ua("7.3"),
                        figure_place(node),
                        "a figure has no description; give it an Alt",
                    ));
                } else if crate::article::is_file_name(alt) {
                    let message = format!("the description {alt:?} is a file's name; say what the picture shows");
                    findings.push(Finding::new(ua("7.3"), figure_place(node), message));
                }
            }
            "H1" | "H2" | "H3" | "H4" | "H5" | "H6" => {
                let new = usize::from(node.role.as_bytes()[1] - b'0');
                if new > level + 1 {
                    let said = if level == 0 { "begin with".into() } else { format!("go from H{level} to") };
                    let message = format!("the headings {said} H{new}; leave no level out");
                    findings.push(Finding::new(ua("7.4.2"), place(), message));
                }
                level = new;
                if structure.text(reading, node).trim().is_empty() {
                    findings.push(Finding::new(ua("7.4"), place(), "a heading is empty"));
                }
            }
            "Note" if node.id.as_ref().is_none_or(|id| !notes.insert(id.clone())) => {
                findings.push(Finding::new(ua("7.9"), place(), "a note has no ID of its own"));
            }
            "TH" if !node.attributes.contains_key("Scope") && node.id.is_none() => {
                findings.push(Finding::new(ua("7.5"), place(), "a header cell has no Scope"));
            }
            "Table" if !tables::is_regular(node, &reading.budget) => {
                let message = "the rows of a table do not have the same columns; add cells, or mend their spans";
                findings.push(Finding::new(ua("7.5"), place(), message));
            }
            "LI" if above.last().is_none_or(|n| n.role != "L") => {
                findings.push(Finding::new(ua("7.6"), place(), "a list item is not in a list"));
            }
            "TR" if above.last().is_none_or(|n| !matches!(n.role.as_str(), "Table" | "THead" | "TBody" | "TFoot")) => {
                findings.push(Finding::new(ua("7.5"), place(), "a row is not in a table"));
            }
            "TH" | "TD" if above.last().is_none_or(|n| n.role != "TR") => {
                findings.push(Finding::new(ua("7.5"), place(), "a cell is not in a row"));
            }
            _ => {}
        }
    });
}

/// A figure has no text; its own marks say where it is.
fn figure_place(node: &Node) -> String {
    node.kids
        .iter()
        .find_map(|kid| match kid {
            Kid::Content(index, _) => Some(page(*index)),
            _ => None,
        })
        .unwrap_or_default()
}

/// A paragraph that ends with a page in the middle of a sentence and with a full line, and another that goes on with it.
fn split_paragraphs(reading: &Reading, structure: &Structure, findings: &mut Vec<Finding>) {
    let mut last: Option<(usize, String)> = None;
    structure.walk(&mut |node, above| {
        if matches!(node.role.as_str(), "L" | "Table" | "H1" | "H2" | "H3" | "H4" | "H5" | "H6") {
            // No sentence goes on behind it.
            last = None;
        }
        if node.role != "P" || above.iter().any(|n| matches!(n.role.as_str(), "TD" | "TH" | "LI" | "Note" | "Caption"))
        {
            return;
        }
        let texts = structure.texts(node);
        let (Some((first_page, _)), Some((last_page, _))) = (texts.first(), texts.last()) else { return };
        let text = structure.text(reading, node);
        if let Some((index, before)) = &last
            && *first_page == index + 1
            && before.ends_with(|c: char| c.is_lowercase() || matches!(c, ',' | '-' | '\u{ad}'))
            && text.starts_with(char::is_lowercase)
        {
            let tail: String = before.chars().rev().take(24).collect::<Vec<_>>().into_iter().rev().collect();
            let message = format!("the paragraph that ends with {tail:?} goes on as another; tag it as one");
            findings.push(Finding::new(ua("7.1"), page(*first_page), message));
        }
        last = ends_full(reading, &texts).then(|| (*last_page, text.trim_end().to_owned()));
    });
}

/// Whether the last line is as long as the longest of its size on the page: the end of a paragraph, a signature or a verse
/// rarely is.
fn ends_full(reading: &Reading, texts: &[(usize, usize)]) -> bool {
    let Some(page) = texts.last().and_then(|(page, _)| reading.pages.get(*page)) else { return false };
    let Some(last) = texts.last().and_then(|(_, place)| page.shown.get(*place)) else { return false };
    if !reading.budget.idle(page.shown.len() as u64 / 8) {
        return false;
    }
    let alike = page.shown.iter().filter(|s| matches!(s.tag, Tag::Content(_)) && (s.size - last.size).abs() < 0.5);
    alike.fold(0.0, |most: f32, s| most.max(s.right)) <= last.right + 3.0 * last.size
}
