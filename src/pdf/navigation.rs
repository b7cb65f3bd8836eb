//! Ways through the document: links, bookmarks, page labels.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::objects::{Upwards, numbers, rounded, text_string};
use crate::sheet::{Destination, ElementId, Frame, OutlineItem, Publication, Target};

/// The link annotations of all sheets.
pub(super) struct Annotations {
    of_sheets: Vec<Vec<Annotation>>,
}

/// An area that leads somewhere.
pub(super) struct Annotation {
    pub(super) id: ObjectId,
    /// What it belongs to.
    pub(super) element: ElementId,
    /// Its key in the parent tree; pages have the keys before.
    pub(super) struct_parent: i64,
}

impl Annotations {
    /// No links at all.
    pub(super) fn none() -> Self {
        Self { of_sheets: Vec::new() }
    }

    pub(super) fn add_to(document: &mut Document, publication: &Publication, page_ids: &[ObjectId]) -> Self {
        let mut next = page_ids.len() as i64;
        let of_sheets = publication
            .sheets
            .iter()
            .enumerate()
            .map(|(index, sheet)| {
                let frame = Frame::of(sheet);
                let mut annotations = Vec::with_capacity(sheet.links.len());
                for link in &sheet.links {
                    let target = match &link.target {
                        Target::Uri(uri) => ("A", dictionary! { "S" => "URI", "URI" => uri_string(uri) }.into()),
                        Target::Place(place) => match destination(publication, page_ids, *place) {
                            Some(destination) => ("Dest", destination),
                            None => continue,
                        },
                    };
                    let rect = link.rect;
                    let (left, bottom) = (frame.x(rect.x), frame.y(rect.y + rect.height));
                    let mut annotation = dictionary! {
                        "Type" => "Annot",
                        "Subtype" => "Link",
                        "Rect" => numbers(&[left, bottom, left + rect.width, bottom + rect.height]),
                        "Border" => vec![0.into(), 0.into(), 0.into()],
                        // Printed with the page.
                        "F" => 4,
                        "P" => page_ids[index],
                        "StructParent" => next,
                        "Contents" => text_string(contents(&link.contents, &link.target)),
                    };
                    annotation.set(target.0, target.1);
                    let id = document.add_object(annotation);
                    annotations.push(Annotation { id, element: link.element, struct_parent: next });
                    next += 1;
                }
                annotations
            })
            .collect();
        Self { of_sheets }
    }

    pub(super) fn of_sheet(&self, index: usize) -> &[Annotation] {
        self.of_sheets.get(index).map_or(&[], Vec::as_slice)
    }

    /// All of them with their sheets, in the order of their keys.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Annotation)> {
        self.of_sheets.iter().enumerate().flat_map(|(sheet, list)| list.iter().map(move |a| (sheet, a)))
    }
}

/// A link needs words (ISO 14289-1, 7.18.5): its own, else its address.
fn contents<'a>(words: &'a str, target: &'a Target) -> &'a str {
    match target {
        Target::Uri(uri) if words.trim().is_empty() => uri,
        Target::Place(_) if words.trim().is_empty() => "→",
        _ => words,
    }
}

/// An address in ASCII (ISO 32000-1, 12.6.4.7).
fn uri_string(uri: &str) -> Object {
    let mut bytes = Vec::with_capacity(uri.len());
    for byte in uri.bytes() {
        if (0x21..0x7f).contains(&byte) {
            bytes.push(byte);
        } else {
            bytes.extend(format!("%{byte:02X}").bytes());
        }
    }
    Object::String(bytes, lopdf::StringFormat::Literal)
}

fn destination(publication: &Publication, page_ids: &[ObjectId], place: Destination) -> Option<Object> {
    let sheet = publication.sheets.get(place.sheet)?;
    let top = Frame::of(sheet).y(place.y);
    Some(
        vec![page_ids[place.sheet].into(), "XYZ".into(), Object::Null, Object::Real(rounded(top)), Object::Null].into(),
    )
}

/// The tree of bookmarks; none where there are no items.
pub(super) fn outline(document: &mut Document, publication: &Publication, page_ids: &[ObjectId]) -> Option<ObjectId> {
    if publication.outline.is_empty() {
        return None;
    }
    let root = document.new_object_id();
    let mut dictionary = dictionary! { "Type" => "Outlines" };
    let shown = add_items(document, publication, page_ids, &publication.outline, root, &mut dictionary);
    dictionary.set("Count", shown);
    document.objects.insert(root, dictionary.into());
    Some(root)
}

/// Adds `items` under `parent`, and returns how many items are shown when all are open.
fn add_items(
    document: &mut Document,
    publication: &Publication,
    page_ids: &[ObjectId],
    items: &[OutlineItem],
    parent: ObjectId,
    parent_dictionary: &mut Dictionary,
) -> i64 {
    let ids: Vec<ObjectId> = items.iter().map(|_| document.new_object_id()).collect();
    let mut shown = items.len() as i64;
    for (index, item) in items.iter().enumerate() {
        let mut dictionary = dictionary! { "Title" => text_string(&item.title), "Parent" => parent };
        if let Some(destination) = destination(publication, page_ids, item.destination) {
            dictionary.set("Dest", destination);
        }
        if index > 0 {
            dictionary.set("Prev", ids[index - 1]);
        }
        if let Some(next) = ids.get(index + 1) {
            dictionary.set("Next", *next);
        }
        if !item.children.is_empty() {
            let below = add_items(document, publication, page_ids, &item.children, ids[index], &mut dictionary);
            dictionary.set("Count", below);
            shown += below;
        }
        document.objects.insert(ids[index], dictionary.into());
    }
    if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
        parent_dictionary.set("First", *first);
        parent_dictionary.set("Last", *last);
    }
    shown
}

/// Page labels as a number tree of ranges: 1, 2, 3 … and i, ii, iii … are counted, any other label is spelt out.
pub(super) fn page_labels(publication: &Publication) -> Object {
    let mut ranges: Vec<Object> = Vec::new();
    // The style of the open range and the number that the next page would have in it.
    let mut open: Option<(&str, u32)> = None;
    for (index, sheet) in publication.sheets.iter().enumerate() {
        let numbered = sheet.label.parse::<u32>().ok().filter(|n| *n > 0).map(|n| ("D", n));
        let numbered = numbered.or_else(|| roman(&sheet.label).map(|n| ("r", n)));
        match numbered {
            Some((style, number)) => {
                if open != Some((style, number)) {
                    ranges.push((index as i64).into());
                    ranges.push(dictionary! { "S" => style, "St" => i64::from(number) }.into());
                }
                open = Some((style, number + 1));
            }
            None => {
                ranges.push((index as i64).into());
                ranges.push(dictionary! { "P" => text_string(&sheet.label) }.into());
                open = None;
            }
        }
    }
    dictionary! { "Nums" => ranges }.into()
}

/// Lower-case Roman numerals as PDF counts them.
fn roman(label: &str) -> Option<u32> {
    (1..=100).find(|n| to_roman(*n) == label)
}

fn to_roman(mut number: u32) -> String {
    let mut out = String::new();
    for (value, digits) in
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
    {
        while number >= value {
            out.push_str(digits);
            number -= value;
        }
    }
    out
}
