//! Imposition: the pages of a finished PDF put on larger sheets, in the order in which they are folded and cut.
//!
//! An imposed file is for a printing press or an office printer, not for reading: it has no tags, bookmarks, links or page
//! labels. Its pages are form XObjects of the ones they were made of, so that nothing is drawn anew.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::objects::{contradiction, numbers};
use super::options::Ink;
use super::output;
use crate::sheet::{Color, Frame, Rect, Sheet};
use crate::{Error, Result};

/// How pages are put on sheets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Imposition {
    /// A booklet folded once and stapled through the fold: two pages a side, the number of pages filled up to a multiple
    /// of four with blank ones at the end.
    Booklet {
        /// How far the pages of each inner sheet move towards the fold, in points, since the sheets around it push it
        /// outwards; about the thickness of the paper.
        creep: f32,
    },
    /// Pages beside each other in reading order: 2 or 4 a side, each in its own size.
    Up(u8),
}

/// What is drawn round an imposed sheet for its printer: where it is cut, where the plates meet, and where it is folded,
/// which is at the crosses in the middle of its sides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SheetMarks {
    /// Crop and registration marks.
    pub crop: bool,
    /// Colour bars, where there are crop marks.
    pub color_bars: bool,
    /// In which inks.
    pub ink: Ink,
}

/// Where a page stands on a side: its number from 0, or nothing, and how far it is moved from its place.
type Slot = (Option<usize>, f32);

/// Puts the pages of `pdf`, a file of this program, on sheets. Marks of its own pages are left out: `marks` says what the
/// sheets have.
///
/// # Errors
/// [`Error::Output`] for a file that is none of ours, or whose pages are not all of one size.
pub fn impose(pdf: &[u8], imposition: Imposition, marks: SheetMarks) -> Result<Vec<u8>> {
    let mut document = Document::load_mem(pdf).map_err(|e| contradiction(e.to_string()))?;
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let Some(first) = pages.first() else { return Err(contradiction("there are no pages to impose")) };
    let trim = edges(&document, *first, b"TrimBox")?;
    let outer = edges(&document, *first, b"BleedBox")?;
    let (width, height) = (trim[2] - trim[0], trim[3] - trim[1]);
    let bleed = trim[0] - outer[0];
    let mut forms = Vec::with_capacity(pages.len());
    for page in &pages {
        let own = edges(&document, *page, b"TrimBox")?;
        if (own[2] - own[0] - width).abs() > 0.5 || (own[3] - own[1] - height).abs() > 0.5 {
            return Err(Error::Output {
                name: "imposition".into(),
                reason: "the pages are not all of one size; set the edition in one print style".into(),
            });
        }
        forms.push(form(&mut document, *page)?);
    }
    let (across, down) = match imposition {
        Imposition::Booklet { .. } | Imposition::Up(2) => (2, 1),
        Imposition::Up(_) => (2, 2),
    };
    let frame = Frame::of(&Sheet {
        width: width * across as f32,
        height: height * down as f32,
        bleed,
        crop_marks: marks.crop,
        color_bars: marks.color_bars,
        ..Sheet::default()
    });
    let (sheet, around) = (frame.medium(), frame.around);
    let printers_marks = drawn(&frame, marks.ink);
    let pages_id = document.new_object_id();
    let mut kids = Vec::new();
    for side in sides(imposition, pages.len()) {
        let mut content = String::new();
        let mut used = Dictionary::new();
        for (place, (page, shift)) in side.into_iter().enumerate() {
            let Some(page) = page else { continue };
            let (column, row) = (place % across, place / across);
            let x = around + width * column as f32 + shift;
            let y = around + height * (down - 1 - row) as f32;
            // Towards a neighbour a page ends at its trimmed edge; outwards its bleed is kept.
            let left = if column == 0 { x - bleed } else { x.max(around + width * column as f32) };
            let right = if column + 1 == across {
                x + width + bleed
            } else {
                (x + width).min(around + width * (column + 1) as f32)
            };
            let bottom = if row + 1 == down { y - bleed } else { y };
            let top = if row == 0 { y + height + bleed } else { y + height };
            content += &format!(
                "q {left:.3} {bottom:.3} {:.3} {:.3} re W n 1 0 0 1 {:.3} {:.3} cm /P{page} Do Q\n",
                right - left,
                top - bottom,
                x - trim[0],
                y - trim[1]
            );
            used.set(format!("P{page}"), forms[page]);
        }
        content += &printers_marks;
        let stream = document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
        let whole = numbers(&[0.0, 0.0, sheet.0, sheet.1]);
        kids.push(Object::Reference(document.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => pages_id,
            "MediaBox" => whole,
            "BleedBox" => numbers(&[around - bleed, around - bleed, sheet.0 - around + bleed, sheet.1 - around + bleed]),
            "TrimBox" => numbers(&[around, around, sheet.0 - around, sheet.1 - around]),
            "Resources" => dictionary! { "XObject" => used },
            "Contents" => stream,
        })));
    }
    let count = kids.len() as i64;
    document.objects.insert(pages_id, dictionary! { "Type" => "Pages", "Count" => count, "Kids" => kids }.into());
    let catalog = document.catalog_mut().map_err(|e| contradiction(e.to_string()))?;
    let kept = [b"Type".as_slice(), b"Lang", b"OutputIntents", b"Metadata"];
    let gone: Vec<Vec<u8>> =
        catalog.iter().map(|(key, _)| key.clone()).filter(|key| !kept.contains(&key.as_slice())).collect();
    for key in gone {
        catalog.remove(&key);
    }
    catalog.set("Pages", pages_id);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true, "PrintScaling" => "None" });
    let metadata = catalog.get(b"Metadata").and_then(Object::as_reference);
    let claims_access = metadata
        .and_then(|id| document.get_object(id).and_then(Object::as_stream).cloned())
        .ok()
        .and_then(
            |stream| if stream.dict.has(b"Filter") { stream.decompressed_content().ok() } else { Some(stream.content) },
        )
        .is_some_and(|xmp| xmp.windows(7).any(|word| word == b"pdfuaid"));
    if claims_access {
        document.catalog_mut().map_err(|e| contradiction(e.to_string()))?.remove(b"Metadata");
    }
    document.prune_objects();
    output::to_bytes(document)
}

/// The marks of a sheet as the operators of a content stream.
fn drawn(frame: &Frame, ink: Ink) -> String {
    let every_plate = if ink == Ink::Cmyk { Color::Cmyk(1.0, 1.0, 1.0, 1.0) } else { Color::Gray(0.0) };
    let marks = frame.marks().into_iter().map(|rect| (rect, every_plate));
    marks.chain(frame.color_bars(ink == Ink::Gray)).map(|(rect, color)| filled(frame, rect, color)).collect()
}

fn filled(frame: &Frame, rect: Rect, color: Color) -> String {
    let color = match color {
        Color::Gray(g) => format!("{g:.3} g"),
        Color::Rgb(r, g, b) => format!("{r:.3} {g:.3} {b:.3} rg"),
        Color::Cmyk(c, m, y, k) => format!("{c:.3} {m:.3} {y:.3} {k:.3} k"),
    };
    let (x, y) = (frame.around + rect.x, frame.around + frame.height - rect.y - rect.height);
    format!("q {color} {x:.3} {y:.3} {:.3} {:.3} re f Q\n", rect.width, rect.height)
}

/// The sides of the sheets, each with its slots from the upper left one.
fn sides(imposition: Imposition, pages: usize) -> Vec<Vec<Slot>> {
    let page = |number: usize| (number < pages).then_some(number);
    match imposition {
        Imposition::Booklet { creep } => {
            let whole = pages.div_ceil(4) * 4;
            (0..whole / 4)
                .flat_map(|sheet| {
                    let shift = creep * sheet as f32;
                    let (low, high) = (2 * sheet, whole - 1 - 2 * sheet);
                    let side = |left: usize, right: usize| vec![(page(left), shift), (page(right), -shift)];
                    [side(high, low), side(low + 1, high - 1)]
                })
                .collect()
        }
        Imposition::Up(count) => {
            let count = if count == 2 { 2 } else { 4 };
            (0..pages.div_ceil(count)).map(|side| (0..count).map(|n| (page(side * count + n), 0.0)).collect()).collect()
        }
    }
}

/// The content and resources of a page as a form XObject.
fn form(document: &mut Document, page: ObjectId) -> Result<ObjectId> {
    let broken = |e: lopdf::Error| contradiction(e.to_string());
    let dictionary = document.get_dictionary(page).map_err(broken)?;
    let resources = dictionary.get(b"Resources").map_err(broken)?.clone();
    let media = dictionary.get(b"MediaBox").map_err(broken)?.clone();
    let contents = dictionary.get(b"Contents").and_then(Object::as_reference).map_err(broken)?;
    let mut stream = document.get_object(contents).and_then(Object::as_stream).map_err(broken)?.clone();
    stream.dict.set("Type", "XObject");
    stream.dict.set("Subtype", "Form");
    stream.dict.set("BBox", media);
    stream.dict.set("Resources", resources);
    Ok(document.add_object(stream))
}

/// A box of a page.
fn edges(document: &Document, page: ObjectId, name: &[u8]) -> Result<[f32; 4]> {
    let numbers = document
        .get_dictionary(page)
        .and_then(|page| page.get(name))
        .and_then(Object::as_array)
        .map_err(|e| contradiction(e.to_string()))?;
    let numbers: Vec<f32> = numbers.iter().filter_map(|n| n.as_float().ok()).collect();
    numbers.try_into().map_err(|_| contradiction("a page box has not four numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers_of(imposition: Imposition, pages: usize) -> Vec<Vec<usize>> {
        let one = |slot: &Slot| slot.0.map_or(0, |n| n + 1);
        sides(imposition, pages).iter().map(|side| side.iter().map(one).collect()).collect()
    }

    #[test]
    fn a_booklet_reads_in_order_when_it_is_folded() {
        let booklet = Imposition::Booklet { creep: 0.0 };
        assert_eq!(numbers_of(booklet, 8), [[8, 1], [2, 7], [6, 3], [4, 5]]);
        assert_eq!(numbers_of(booklet, 5), [[0, 1], [2, 0], [0, 3], [4, 5]], "0 is a blank page");
        assert_eq!(numbers_of(booklet, 1), [[0, 1], [0, 0]]);
        assert_eq!(numbers_of(Imposition::Up(4), 6), [[1, 2, 3, 4], [5, 6, 0, 0]]);
    }

    #[test]
    fn inner_sheets_move_towards_the_fold() {
        let sides = sides(Imposition::Booklet { creep: 0.5 }, 8);
        assert_eq!([sides[0][0].1, sides[0][1].1], [0.0, 0.0]);
        assert_eq!([sides[2][0].1, sides[2][1].1], [0.5, -0.5], "the left page moves right, the right one left");
    }
}
