//! Sheets to PDF bytes: a tagged file after PDF/UA-1 (ISO 14289-1).
//!
//! In a tagged PDF every mark on a page is either *content* or an *artifact*. Content is put between operators that give
//! it a number on its page (MCID); a tree of *structure elements* (Document, H1, P, Table …) names those numbers in
//! reading order, over all pages, and a *parent tree* leads back from each number to its element. Running heads, page
//! numbers and rules are artifacts, which nobody reads aloud.
//!
//! Content streams are written by printpdf; fonts, pictures, boxes, tags, links, bookmarks and metadata are added to the
//! `lopdf` document around them. This room is the only one that knows either.
//!
//! The same publication and options give the same bytes: nothing here asks a clock or a random source.

mod conformance;
mod content;
mod fonts;
mod imposition;
mod inks;
mod metadata;
mod moment;
mod navigation;
mod objects;
mod options;
mod output;
mod painted;
mod pictures;
mod tags;

#[cfg(test)]
pub(crate) mod tests;

pub use imposition::{Imposition, SheetMarks, impose};
pub use options::{Attachment, Conformance, Ink, Options};

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use self::objects::{Upwards, contradiction, text_string};
use crate::Result;
use crate::sheet::{Frame, Publication};

/// Writes `publication` as a PDF.
///
/// # Errors
/// When a run holds glyph 0 (a character that no font has must be replaced before), when a font cannot be embedded, when
/// the publication contradicts itself, such as a mark of a picture that is not there, or when the options do: a standard
/// without the profile that it needs.
pub fn write(publication: &Publication, options: &Options) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write_to(publication, options, &mut |part| {
        bytes.extend_from_slice(part);
        Ok(())
    })?;
    Ok(bytes)
}

/// As [`write()`], but handed to `part` piece by piece; how many bytes there are. The file is never in memory as a whole:
/// an edition may have hundreds of megabytes of pictures.
///
/// # Errors
/// As [`write()`], and what `part` says.
pub fn write_to(
    publication: &Publication,
    options: &Options,
    part: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<usize> {
    if publication.sheets.is_empty() || publication.structure.elements.is_empty() {
        return Err(contradiction("there are no pages to write"));
    }
    let fonts = fonts::Fonts::collect(publication)?;
    let pictures = pictures::Pictures::prepare(publication, options)?;
    let pages = content::draw(publication, &fonts, &pictures, options)?;

    let mut document = Document::with_version(options.conformance.version());
    let pages_id = document.new_object_id();
    let page_ids: Vec<ObjectId> = publication.sheets.iter().map(|_| document.new_object_id()).collect();
    let font_resources = fonts.add_to(&mut document)?;
    let (picture_ids, passed) = pictures.add_to(&mut document);
    let annotations = if options.conformance.allows_links() {
        navigation::Annotations::add_to(&mut document, publication, &page_ids)
    } else {
        navigation::Annotations::none()
    };
    let structure = tags::add_to(&mut document, publication, &pages, &page_ids, &annotations);
    let digest = metadata::digest(publication, &pages);

    for (index, (page, sheet)) in pages.into_iter().zip(&publication.sheets).enumerate() {
        let xobjects: Dictionary = page
            .pictures
            .iter()
            .filter_map(|id| {
                let object = picture_ids.get(id.0 as usize).copied().flatten()?;
                Some((content::picture_name(*id), Object::Reference(object)))
            })
            .collect();
        let mut resources = dictionary! { "Font" => font_resources };
        if !xobjects.is_empty() {
            resources.set("XObject", xobjects);
        }
        if options.ink == Ink::Cmyk {
            resources.set("ExtGState", content::overprint_states());
        }
        let stream = document.add_object(page.stream);
        let mut dictionary = dictionary! {
            "Type" => "Page",
            "Parent" => pages_id,
            "Resources" => resources,
            "Contents" => stream,
            "StructParents" => index as i64,
            "Tabs" => "S",
        };
        Frame::of(sheet).set_boxes(&mut dictionary);
        if !annotations.of_sheet(index).is_empty() {
            let references = annotations.of_sheet(index).iter().map(|a| Object::Reference(a.id)).collect();
            dictionary.set("Annots", Object::Array(references));
        }
        document.objects.insert(page_ids[index], dictionary.into());
    }
    let kids: Vec<Object> = page_ids.iter().map(|&id| id.into()).collect();
    let count = kids.len() as i64;
    document.objects.insert(pages_id, dictionary! { "Type" => "Pages", "Count" => count, "Kids" => kids }.into());

    let language = metadata::language(&publication.lang).unwrap_or_else(|| metadata::UNKNOWN_LANGUAGE.into());
    let mut catalog = dictionary! {
        "Type" => "Catalog",
        "Pages" => pages_id,
        "Lang" => text_string(&language),
        "MarkInfo" => dictionary! { "Marked" => true },
        "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        "StructTreeRoot" => structure,
        "PageLabels" => navigation::page_labels(publication),
        "Metadata" => metadata::xmp_stream(&mut document, publication, options.conformance, digest),
    };
    conformance::add_to(&mut document, &mut catalog, options)?;
    if let Some(outline) = navigation::outline(&mut document, publication, &page_ids) {
        catalog.set("Outlines", outline);
        catalog.set("PageMode", "UseOutlines");
    }
    let catalog = document.add_object(catalog);
    let info = metadata::info(publication, options.conformance);
    let info = document.add_object(info);
    document.trailer.set("Root", catalog);
    document.trailer.set("Info", info);
    let id = Object::String(digest.to_vec(), lopdf::StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    output::save(document, &passed, part)
}
