//! What a press asks of a page: boxes that lie within each other, and pictures with enough pixels.

use lopdf::{Dictionary, Document, Object};

use super::Finding;
use super::reading::{Reading, as_dictionary, get};

/// Pixels an inch below which a reader sees the pixels.
const COARSE: f32 = 70.0;

/// Rounding in a file is finer than this.
const SLACK: f32 = 0.02;

/// Left, bottom, right, top.
type Area = [f32; 4];

/// The boxes of every page (ISO 32000-1, 14.11.2).
pub(super) fn boxes(reading: &Reading, findings: &mut Vec<Finding>) {
    for (index, page) in reading.pages.iter().enumerate() {
        let Ok(dictionary) = reading.document.get_dictionary(page.id) else { continue };
        let of = |key: &str| inherited_box(&reading.document, dictionary, key.as_bytes());
        let mut wrong = |message: String| {
            findings.push(Finding::new("ISO 32000-1 14.11.2", format!("page {}", index + 1), message));
        };
        let Some(media) = of("MediaBox").filter(|[left, bottom, right, top]| right > left && top > bottom) else {
            wrong("the page has no MediaBox, or an empty one; give it its size".into());
            continue;
        };
        for (inner, outer) in [
            ("CropBox", Some(media)),
            ("BleedBox", Some(media)),
            ("TrimBox", of("BleedBox").or(Some(media))),
            ("ArtBox", of("BleedBox").or(Some(media))),
        ] {
            if let (Some(own), Some(around)) = (of(inner), outer)
                && !lies_within(own, around)
            {
                let of = if around == media { "MediaBox" } else { "BleedBox" };
                wrong(format!("the {inner} {} sticks out of the {of} {}; mend it", shown(own), shown(around)));
            }
        }
    }
}

/// Pictures so coarse that their pixels are seen.
pub(super) fn resolution(reading: &Reading, findings: &mut Vec<Finding>) {
    for (index, page) in reading.pages.iter().enumerate() {
        let dpi = |pixels: f32, points: f32| if points > 0.0 { pixels * 72.0 / points } else { f32::INFINITY };
        let each = page.pictures.iter().map(|picture| {
            let [across, down] = [0, 1].map(|side| dpi(picture.pixels[side], picture.points[side]));
            (across.min(down), picture)
        });
        if let Some((coarsest, picture)) = each.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(dpi, _)| *dpi < COARSE) {
            let [width, height] = picture.pixels;
            let message = format!(
                "a picture of {width} x {height} pixels has {coarsest:.0} to the inch, below {COARSE}; show it smaller"
            );
            findings.push(Finding::new("print resolution", format!("page {}", index + 1), message));
        }
    }
}

fn lies_within(own: Area, around: Area) -> bool {
    own[0] >= around[0] - SLACK
        && own[1] >= around[1] - SLACK
        && own[2] <= around[2] + SLACK
        && own[3] <= around[3] + SLACK
}

fn shown(of: Area) -> String {
    format!("[{} {} {} {}]", of[0], of[1], of[2], of[3])
}

/// The trimmed page, else what is shown of it, else its medium.
pub(super) fn page_box(document: &Document, page: &Dictionary) -> Area {
    let found =
        [b"TrimBox".as_slice(), b"CropBox", b"MediaBox"].iter().find_map(|key| inherited_box(document, page, key));
    found.unwrap_or_default()
}

pub(super) fn inherited_box(document: &Document, page: &Dictionary, key: &[u8]) -> Option<Area> {
    let Some(Object::Array(values)) = inherited(document, page, key) else { return None };
    let [left, bottom, right, top] = values.iter().filter_map(|v| v.as_float().ok()).collect::<Vec<_>>()[..] else {
        return None;
    };
    Some([left.min(right), bottom.min(top), left.max(right), bottom.max(top)])
}

/// A value of a page or of the nodes above it.
pub(super) fn inherited<'d>(document: &'d Document, page: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    let mut node = page;
    for _ in 0..64 {
        if let Some(object) = get(document, node, key) {
            return Some(object);
        }
        node = get(document, node, b"Parent").and_then(as_dictionary)?;
    }
    None
}
