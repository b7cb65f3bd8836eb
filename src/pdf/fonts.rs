//! Fonts: which glyphs the sheets use, the subset that holds them, and the way back from glyphs to characters.
//!
//! Text shows codes (CIDs). One glyph may stand for different characters: µ and μ share one in most fonts, a hyphen
//! stands for U+002D and, at a line's end, for U+00AD. A code leads to one text only, so every pair of glyph and text has
//! a code of its own, and a map leads from codes to glyphs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use rayon::prelude::*;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider, Tag};

use super::objects::{contradiction, numbers, text_string};
use crate::sheet::{Face, FaceId, MarkKind, Publication, Sheet};
use crate::{Error, Result};

/// The fonts of a publication.
pub(super) struct Fonts<'a> {
    /// For each face of the publication, its use; `None` where no sheet uses it.
    used: Vec<Option<Font<'a>>>,
}

/// A face with the codes that text uses.
pub(super) struct Font<'a> {
    face: &'a Face,
    data: FontRef<'a>,
    /// Glyph and text of code 1, 2, 3 …
    pairs: Vec<(u16, String)>,
    codes: HashMap<(u16, String), u16>,
    /// For each glyph the text of its first code, as one character, and that code: nearly all look-ups end here.
    first: Vec<(u32, u16)>,
    /// Width of each code in thousandths of an em, as written to the file.
    widths: Vec<i32>,
    outlines: Outlines,
    program: Program,
    /// What stands in the file for each code, where the font has numbers of its own for its glyphs.
    own_numbers: Option<BTreeMap<u16, u16>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outlines {
    /// `glyf`: a map leads from codes to glyphs.
    TrueType,
    /// `CFF `: the code is the glyph, so a glyph has one text.
    Cff,
}

/// What the text of a glyph is when it has none: invisible, and not a word's end.
const NOTHING: &str = "\u{200b}";

impl<'a> Fonts<'a> {
    /// Finds the glyphs that are used, and gives codes to them.
    ///
    /// # Errors
    /// Glyph 0, a glyph or a face that does not exist, a font that cannot be read.
    pub(super) fn collect(publication: &'a Publication) -> Result<Self> {
        let glyph_counts: Vec<usize> = publication
            .faces
            .iter()
            .map(|face| Ok(usize::from(open(face)?.maxp().map_err(|e| unreadable(face, e))?.num_glyphs())))
            .collect::<Result<_>>()?;
        let sets: Vec<Vec<BTreeSet<(u16, &str)>>> = publication
            .sheets
            .par_chunks(16)
            .enumerate()
            .map(|(chunk, sheets)| collect_pairs(sheets, chunk * 16, &glyph_counts))
            .collect::<Result<_>>()?;
        let used = (0..publication.faces.len())
            .into_par_iter()
            .map(|index| {
                let pairs: BTreeSet<(u16, &str)> = sets.iter().flat_map(|set| set[index].iter().copied()).collect();
                if pairs.is_empty() {
                    return Ok(None);
                }
                Font::new(&publication.faces[index], &pairs).map(Some)
            })
            .collect::<Result<_>>()?;
        Ok(Self { used })
    }

    /// The font of a face that some sheet uses.
    pub(super) fn get(&self, id: FaceId) -> Result<&Font<'a>> {
        self.used
            .get(usize::from(id.0))
            .and_then(Option::as_ref)
            .ok_or_else(|| contradiction(format!("face {} is used but not there", id.0)))
    }

    /// Adds the fonts and returns the font resources of every page.
    pub(super) fn add_to(&self, document: &mut Document) -> Result<ObjectId> {
        let mut resources = Dictionary::new();
        for (index, font) in self.used.iter().enumerate() {
            if let Some(font) = font {
                let id = font.add_to(document)?;
                resources.set(resource_name(FaceId(index as u16)), id);
            }
        }
        Ok(document.add_object(resources))
    }
}

/// The name of a face in a page's resources.
pub(super) fn resource_name(id: FaceId) -> String {
    format!("F{}", id.0)
}

/// The text of a glyph within its run.
pub(super) fn text_of(text: &str, range: (u32, u32)) -> Option<&str> {
    match text.get(range.0 as usize..range.1 as usize)? {
        "" => Some(NOTHING),
        some => Some(some),
    }
}

fn collect_pairs<'t>(
    sheets: &'t [Sheet],
    first_sheet: usize,
    glyph_counts: &[usize],
) -> Result<Vec<BTreeSet<(u16, &'t str)>>> {
    let mut sets: Vec<BTreeSet<(u16, &str)>> = vec![BTreeSet::new(); glyph_counts.len()];
    // The text that each glyph was last seen with: most glyphs have only one.
    let mut seen: Vec<Vec<&str>> = glyph_counts.iter().map(|_| Vec::new()).collect();
    for (offset, sheet) in sheets.iter().enumerate() {
        for mark in &sheet.marks {
            let MarkKind::Text(run) = &mark.kind else { continue };
            let face = usize::from(run.face.0);
            let place = || format!("page {}, {:?}", first_sheet + offset + 1, run.text);
            let count = *glyph_counts
                .get(face)
                .ok_or_else(|| contradiction(format!("{}: face {} is not there", place(), run.face.0)))?;
            let seen = &mut seen[face];
            seen.resize(count, "");
            for glyph in &run.glyphs {
                if glyph.id == 0 || usize::from(glyph.id) >= count {
                    let what = if glyph.id == 0 { "a character that no font has" } else { "an unknown glyph" };
                    return Err(contradiction(format!("{} holds {what}; report this page as a fault", place())));
                }
                let text = text_of(&run.text, glyph.text)
                    .ok_or_else(|| contradiction(format!("{}: a glyph's text lies outside", place())))?;
                let last = &mut seen[usize::from(glyph.id)];
                if *last != text {
                    *last = text;
                    sets[face].insert((glyph.id, text));
                }
            }
        }
    }
    Ok(sets)
}

/// A font program ready to be embedded.
#[derive(Default)]
struct Program {
    bytes: Vec<u8>,
    /// For each code from 0 on, the glyph of the program.
    glyphs: Vec<u16>,
    /// "ABCDEF+" for a subset.
    tag: String,
}

impl<'a> Font<'a> {
    fn new(face: &'a Face, pairs: &BTreeSet<(u16, &str)>) -> Result<Self> {
        let data = open(face)?;
        let outlines = if data.table_data(Tag::new(b"glyf")).is_some() {
            Outlines::TrueType
        } else if data.table_data(Tag::new(b"CFF ")).is_some() {
            Outlines::Cff
        } else {
            return Err(Error::input(&face.name, "the font has no outlines that a PDF can hold; use another"));
        };
        let glyph_count = usize::from(data.maxp().map_err(|e| unreadable(face, e))?.num_glyphs());
        let mut font = Self {
            face,
            pairs: Vec::with_capacity(pairs.len()),
            codes: HashMap::new(),
            first: vec![(u32::MAX, 0); glyph_count],
            widths: vec![0],
            outlines,
            program: Program::default(),
            own_numbers: None,
            data,
        };
        let units = f32::from(font.data.head().map_err(|e| unreadable(face, e))?.units_per_em()).max(1.0);
        let metrics = font.data.glyph_metrics(Size::unscaled(), LocationRef::default());
        for &(glyph, text) in pairs {
            // Codes have two bytes. 65,535 pairs of one face would take a book in Chinese with every character twice.
            let next = u16::try_from(font.pairs.len() + 1)
                .map_err(|_| contradiction(format!("{}: more glyphs than one font can show", face.name)))?;
            let known = font.first[usize::from(glyph)].1;
            let code = if font.outlines == Outlines::Cff && known != 0 { known } else { next };
            if code == next {
                font.pairs.push((glyph, text.to_owned()));
                let advance = metrics.advance_width(GlyphId::from(glyph)).unwrap_or(0.0);
                font.widths.push((advance * 1000.0 / units).round() as i32);
            }
            let mut chars = text.chars();
            if let (true, Some(only), None) = (known == 0, chars.next(), chars.next()) {
                font.first[usize::from(glyph)] = (u32::from(only), code);
            } else {
                if known == 0 {
                    font.first[usize::from(glyph)] = (u32::MAX, code);
                }
                font.codes.insert((glyph, text.to_owned()), code);
            }
        }
        font.program = font.cut()?;
        if outlines == Outlines::Cff {
            // Codes are the subset's glyphs in order, unless its glyphs have numbers (CIDs) of their own.
            font.own_numbers = printpdf::font::cff_charset_gid_to_cid_map(&font.program.bytes, 0);
        }
        Ok(font)
    }

    /// What stands in the file for a code.
    pub(super) fn written(&self, code: u16) -> u16 {
        self.own_numbers.as_ref().and_then(|numbers| numbers.get(&code).copied()).unwrap_or(code)
    }

    /// The code of a glyph that stands for `text`.
    pub(super) fn code(&self, glyph: u16, text: &str) -> u16 {
        let (only, code) = self.first.get(usize::from(glyph)).copied().unwrap_or((u32::MAX, 0));
        let mut chars = text.chars();
        if chars.next().map(u32::from) == Some(only) && chars.next().is_none() {
            return code;
        }
        self.codes.get(&(glyph, text.to_owned())).copied().unwrap_or(code)
    }

    /// Whether the file leads from `code` back to `text`.
    pub(super) fn says(&self, code: u16, text: &str) -> bool {
        self.outlines == Outlines::TrueType || self.pairs.get(usize::from(code) - 1).is_some_and(|(_, t)| t == text)
    }

    /// Width of a code, in thousandths of an em.
    pub(super) fn width(&self, code: u16) -> i32 {
        self.widths.get(usize::from(code)).copied().unwrap_or(0)
    }

    /// Takes the used glyphs out of the font.
    fn cut(&self) -> Result<Program> {
        let mut glyphs: Vec<u16> = self.pairs.iter().map(|(glyph, _)| *glyph).collect();
        glyphs.push(0);
        glyphs.sort_unstable();
        glyphs.dedup();
        let subset_of_face = || -> std::result::Result<Vec<u8>, String> {
            let data = ReadScope::new(&self.face.data).read::<FontData<'_>>().map_err(|e| e.to_string())?;
            let provider = data.table_provider(self.face.index as usize).map_err(|e| e.to_string())?;
            subset(&provider, &glyphs, &SubsetProfile::Pdf, CmapTarget::Unicode).map_err(|e| e.to_string())
        };
        let bytes =
            subset_of_face().map_err(|e| Error::input(&self.face.name, format!("the font cannot be embedded: {e}")))?;
        let new_id = |glyph: u16| glyphs.binary_search(&glyph).map_or(0, |i| i as u16);
        let mut map = vec![0];
        map.extend(self.pairs.iter().map(|(glyph, _)| new_id(*glyph)));
        Ok(Program { bytes, glyphs: map, tag: subset_tag(&glyphs) })
    }

    fn add_to(&self, document: &mut Document) -> Result<ObjectId> {
        let program = &self.program;
        let name = format!("{}+{}", program.tag, postscript_name(&self.face.name));
        let descriptor = self.descriptor(document, &name, program)?;
        let mut descendant = dictionary! {
            "Type" => "Font",
            "BaseFont" => Object::Name(name.clone().into_bytes()),
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "FontDescriptor" => descriptor,
            "DW" => 0,
            "W" => self.width_array(),
        };
        match self.outlines {
            Outlines::TrueType => {
                let map = program.glyphs.iter().flat_map(|g| g.to_be_bytes()).collect();
                descendant.set("Subtype", "CIDFontType2");
                descendant.set("CIDToGIDMap", document.add_object(Stream::new(Dictionary::new(), map)));
            }
            Outlines::Cff => descendant.set("Subtype", "CIDFontType0"),
        }
        let descendant = document.add_object(descendant);
        let to_unicode = document.add_object(Stream::new(Dictionary::new(), self.to_unicode()));
        Ok(document.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => Object::Name(name.into_bytes()),
            "Encoding" => "Identity-H",
            "DescendantFonts" => vec![descendant.into()],
            "ToUnicode" => to_unicode,
        }))
    }

    /// The W array of ISO 32000-1, 9.7.4.3: the first code of each stretch, then its widths.
    fn width_array(&self) -> Object {
        let mut entries: Vec<(u16, i32)> =
            (1..).zip(&self.widths[1..]).map(|(code, width)| (self.written(code), *width)).collect();
        entries.sort_unstable();
        let mut array: Vec<Object> = Vec::new();
        for stretch in entries.chunk_by(|a, b| b.0 == a.0 + 1) {
            array.push(i64::from(stretch[0].0).into());
            array.push(Object::Array(stretch.iter().map(|(_, width)| (*width).into()).collect()));
        }
        array.into()
    }

    fn descriptor(&self, document: &mut Document, name: &str, program: &Program) -> Result<ObjectId> {
        let metrics = self.data.metrics(Size::unscaled(), LocationRef::default());
        let scale = 1000.0 / f32::from(metrics.units_per_em.max(1));
        let attributes = self.data.attributes();
        let italic = !matches!(attributes.style, skrifa::attribute::Style::Normal) || metrics.italic_angle != 0.0;
        // Symbolic, since the codes are ours; the rest helps viewers that have to guess.
        let flags = 4 + i64::from(metrics.is_monospace) + if italic { 64 } else { 0 };
        let bounds = metrics.bounds.unwrap_or_default();
        let mut descriptor = dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => Object::Name(name.as_bytes().to_vec()),
            "FontFamily" => text_string(&self.face.name),
            "Flags" => flags,
            "FontBBox" => numbers(&[bounds.x_min * scale, bounds.y_min * scale, bounds.x_max * scale, bounds.y_max * scale]),
            "ItalicAngle" => metrics.italic_angle,
            "Ascent" => (metrics.ascent * scale).round() as i64,
            "Descent" => (metrics.descent * scale).round() as i64,
            "XHeight" => (metrics.x_height.unwrap_or(0.0) * scale).round() as i64,
            "CapHeight" => (metrics.cap_height.unwrap_or(metrics.ascent) * scale).round() as i64,
            // No font says its stem; this is what its weight suggests.
            "StemV" => (10.0 + 220.0 * ((attributes.weight.value() - 50.0) / 900.0)).round() as i64,
        };
        match self.outlines {
            Outlines::TrueType => {
                let length = program.bytes.len() as i64;
                let stream = Stream::new(dictionary! { "Length1" => length }, program.bytes.clone());
                descriptor.set("FontFile2", document.add_object(stream));
            }
            Outlines::Cff => {
                // As OpenType, not as a bare table: page-validation misreads the widths of some bare ones.
                let stream = Stream::new(dictionary! { "Subtype" => "OpenType" }, program.bytes.clone());
                descriptor.set("FontFile3", document.add_object(stream));
            }
        }
        Ok(document.add_object(descriptor))
    }

    /// The ToUnicode map of ISO 32000-1, 9.10.3.
    fn to_unicode(&self) -> Vec<u8> {
        use std::fmt::Write;
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering \
             (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> \
             <FFFF>\nendcodespacerange\n",
        );
        let mut entries: Vec<(u16, &str)> =
            (1..).zip(&self.pairs).map(|(code, (_, text))| (self.written(code), text.as_str())).collect();
        entries.sort_unstable();
        for block in entries.chunks(100) {
            // Writing to a String cannot fail.
            let _ = writeln!(map, "{} beginbfchar", block.len());
            for (code, text) in block {
                let _ = write!(map, "<{code:04X}> <");
                for unit in text.encode_utf16() {
                    // PDF/UA-1, 7.21.7 forbids these three as a character's meaning.
                    let unit = if matches!(unit, 0 | 0xfeff | 0xfffe) { 0x200b } else { unit };
                    let _ = write!(map, "{unit:04X}");
                }
                map.push_str(">\n");
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
        map.into_bytes()
    }
}

fn open(face: &Face) -> Result<FontRef<'_>> {
    FontRef::from_index(&face.data, face.index).map_err(|e| unreadable(face, e))
}

fn unreadable(face: &Face, reason: impl std::fmt::Display) -> Error {
    Error::input(&face.name, format!("the font cannot be read: {reason}"))
}

/// Six capital letters that say which subset this is (ISO 32000-1, 9.6.4).
fn subset_tag(glyphs: &[u16]) -> String {
    let mut hash = super::metadata::Digest::default();
    for glyph in glyphs {
        hash.add(&glyph.to_be_bytes());
    }
    let bytes = hash.finish();
    bytes.iter().take(6).map(|b| char::from(b'A' + b % 26)).collect()
}

/// A PostScript name is printable ASCII without delimiters.
fn postscript_name(name: &str) -> String {
    let clean: String = name.chars().filter(|c| c.is_ascii_graphic() && !"[](){}<>/%".contains(*c)).take(63).collect();
    if clean.is_empty() { "Font".into() } else { clean }
}
