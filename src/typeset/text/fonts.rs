//! The faces a publication is set in: the bundled ones, and the system's for characters that none of them has.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use harfrust::Font;

use crate::sheet::{Face, FaceId, MarkKind, Pt, Sheet};
use crate::theme::{FACE_FILES, Family};

/// Index of a face in [`Fonts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FontIx(pub(crate) u16);

/// The faces of one publication.
pub(crate) struct Fonts {
    faces: Vec<Loaded>,
    /// By character, and whether it is wished with serifs.
    fallback: HashMap<(char, bool), Option<FontIx>>,
    missing: BTreeMap<char, usize>,
}

/// A face that can be shaped with.
struct Loaded {
    font: Font,
    file: FontFile,
    metrics: FaceMetrics,
}

enum FontFile {
    Bundled(usize),
    System { data: Arc<[u8]>, index: u32, name: String },
}

/// Vertical measures of a face, in ems.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaceMetrics {
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) underline: f32,
    pub(crate) thickness: f32,
    pub(crate) x_height: f32,
}

static BUNDLED: LazyLock<Vec<Font>> =
    LazyLock::new(|| FACE_FILES.iter().map(|file| Font::new(*file, 0).expect("the bundled fonts are fonts")).collect());

/// The files again, in the form that sheets share. Copied only for faces that are drawn with.
static SHARED: [OnceLock<Arc<[u8]>>; FACE_FILES.len()] = [const { OnceLock::new() }; FACE_FILES.len()];

const NAMES: [&str; FACE_FILES.len()] = [
    "PTSerif-Regular",
    "PTSerif-Italic",
    "PTSerif-Bold",
    "PTSerif-BoldItalic",
    "GolosText-Regular",
    "GolosText-Bold",
    "PTSans-Caption",
    "PTSans-CaptionBold",
    "PTMono-Regular",
];

impl Fonts {
    /// The face with a box for characters that nobody has (U+25A1 of PT Mono).
    pub(crate) const BOX: FontIx = FontIx(8);

    pub(crate) fn new() -> Self {
        let faces = BUNDLED
            .iter()
            .enumerate()
            .map(|(index, font)| Loaded::new(font.clone(), FontFile::Bundled(index)))
            .collect();
        Self { faces, fallback: HashMap::new(), missing: BTreeMap::new() }
    }

    /// The bundled face nearest to the wish.
    pub(crate) fn pick(family: Family, bold: bool, italic: bool) -> FontIx {
        FontIx(family.file(bold, italic) as u16)
    }

    pub(crate) fn font(&self, ix: FontIx) -> &Font {
        &self.faces[ix.0 as usize].font
    }

    /// The file of a face, and the face's index in it.
    pub(crate) fn file(&self, ix: FontIx) -> (&[u8], u32) {
        match &self.faces[ix.0 as usize].file {
            FontFile::Bundled(face) => (FACE_FILES[*face], 0),
            FontFile::System { data, index, .. } => (data, *index),
        }
    }

    pub(crate) fn metrics(&self, ix: FontIx) -> FaceMetrics {
        self.faces[ix.0 as usize].metrics
    }

    /// Whether a face can show a character, by itself or by its canonical parts.
    pub(crate) fn covers(&self, ix: FontIx, c: char) -> bool {
        match bundled_with(c).filter(|_| usize::from(ix.0) < FACE_FILES.len()) {
            Some(faces) => faces >> ix.0 & 1 == 1,
            None => covers(self.font(ix), c as u32, 4),
        }
    }

    /// A face that has the character: `wish`, else a bundled one, else one of the system's. `None` where nobody has it.
    pub(crate) fn face_for(&mut self, wish: FontIx, c: char) -> Option<FontIx> {
        if self.covers(wish, c) {
            return Some(wish);
        }
        let serif = NAMES.get(usize::from(wish.0)).is_some_and(|name| name.contains("Serif"));
        if let Some(known) = self.fallback.get(&(c, serif)) {
            return *known;
        }
        let bundled = (0..FACE_FILES.len() as u16).map(FontIx).find(|ix| self.covers(*ix, c));
        let found = bundled.or_else(|| self.system_face_for(c, serif));
        self.fallback.insert((c, serif), found);
        found
    }

    fn system_face_for(&mut self, c: char, serif: bool) -> Option<FontIx> {
        let (data, index, name) = SYSTEM.lock().ok()?.find(c, serif)?;
        let known = self.faces.iter().position(
            |face| matches!(&face.file, FontFile::System { index: own, name: of, .. } if *own == index && *of == name),
        );
        if let Some(open) = known {
            return Some(FontIx(open as u16));
        }
        let data = data.open()?;
        let font = Font::new(SharedFile(Arc::clone(&data)).blob(), index)?;
        self.faces.push(Loaded::new(font, FontFile::System { data, index, name }));
        Some(FontIx((self.faces.len() - 1) as u16))
    }

    /// Notes a character that is drawn as a box.
    pub(crate) fn report_missing(&mut self, c: char) {
        *self.missing.entry(c).or_default() += 1;
    }

    /// Characters drawn as boxes, with how often.
    pub(crate) fn missing(&self) -> &BTreeMap<char, usize> {
        &self.missing
    }

    /// How marks name the face until the publication's list is made.
    pub(crate) fn face_id(ix: FontIx) -> FaceId {
        FaceId(ix.0)
    }

    /// The faces that sheets use, in the order of first use, and their marks renamed after that list.
    pub(crate) fn list_used(&self, sheets: &mut [Sheet]) -> Vec<Face> {
        let mut places: Vec<Option<u16>> = vec![None; self.faces.len()];
        let mut list = Vec::new();
        for mark in sheets.iter_mut().flat_map(|sheet| &mut sheet.marks) {
            let MarkKind::Text(run) = &mut mark.kind else { continue };
            let place = &mut places[usize::from(run.face.0)];
            let place = *place.get_or_insert_with(|| {
                list.push(self.faces[usize::from(run.face.0)].face());
                (list.len() - 1) as u16
            });
            run.face = FaceId(place);
        }
        list
    }

    /// Adds what another, which used bundled faces only, found missing.
    pub(crate) fn take_missing(&mut self, of: &Self) {
        for (c, count) in &of.missing {
            *self.missing.entry(*c).or_default() += count;
        }
    }
}

impl FaceMetrics {
    /// Distance from the top of a line of the given leading to its baseline: half the leading above, half below.
    pub(crate) fn baseline(&self, size: Pt, leading: Pt) -> Pt {
        (leading + (self.ascent - self.descent) * size) / 2.0
    }
}

impl Loaded {
    fn face(&self) -> Face {
        match &self.file {
            FontFile::Bundled(i) => Face {
                data: Arc::clone(SHARED[*i].get_or_init(|| Arc::from(FACE_FILES[*i]))),
                index: 0,
                name: NAMES[*i].to_owned(),
            },
            FontFile::System { data, index, name } => {
                Face { data: Arc::clone(data), index: *index, name: name.clone() }
            }
        }
    }

    fn new(font: Font, file: FontFile) -> Self {
        let metrics = {
            let em = f32::from(font.units_per_em());
            let m = font.metrics();
            let line = m.hhea_line.or(m.typo_line);
            let style = font.style_metrics();
            let underline = style.underline;
            FaceMetrics {
                ascent: line.map_or(0.9, |l| l.ascender.to_f32() / em).clamp(0.3, 2.0),
                descent: line.map_or(0.25, |l| -l.descender.to_f32() / em).clamp(0.0, 1.0),
                underline: underline.map_or(0.1, |u| -u.position.to_f32() / em).clamp(0.05, 0.3),
                thickness: underline.map_or(0.05, |u| u.thickness.to_f32() / em).clamp(0.03, 0.12),
                x_height: m.x_height.map_or(0.5, |x| x.to_f32() / em).clamp(0.3, 0.8),
            }
        };
        Self { font, file, metrics }
    }
}

/// Which of the bundled faces have a character, a bit for each; `None` beyond U+23FF, where few have any.
fn bundled_with(c: char) -> Option<u16> {
    const BLOCK: usize = 256;
    static BLOCKS: [OnceLock<Box<[u16]>>; 0x2400 / BLOCK] = [const { OnceLock::new() }; 0x2400 / BLOCK];
    let point = c as usize;
    let block = BLOCKS.get(point / BLOCK)?.get_or_init(|| {
        let first = point - point % BLOCK;
        let faces = |c: usize| {
            let having = BUNDLED.iter().enumerate().filter(|(_, font)| covers(font, c as u32, 4));
            having.fold(0, |mask, (index, _)| mask | 1 << index)
        };
        (first..first + BLOCK).map(faces).collect()
    });
    block.get(point % BLOCK).copied()
}

/// Whether a character, alone in its cluster, is shown by a bundled face whatever else is installed.
pub(crate) fn is_bundled(c: char) -> bool {
    let mark = matches!(c as u32, 0x300..=0x36F | 0x483..=0x489 | 0x20D0..=0x20FF);
    let shown = !mark && !super::characters::is_ignorable(c) && bundled_with(c).is_some_and(|faces| faces != 0);
    shown || matches!(c, '\n' | super::characters::OBJECT)
}

fn covers(font: &Font, c: u32, depth: u8) -> bool {
    if font.charmap().map_unicode(c).is_some() {
        return true;
    }
    // The shaper makes these spaces of the ordinary one.
    if matches!(c, 0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000) {
        return font.charmap().map_unicode(' ').is_some();
    }
    // U+2010 and U+2011 fall back to the hyphen of the keyboard in the shaper.
    if c == 0x2011 {
        return font.charmap().map_unicode(0x2010_u32).is_some();
    }
    depth > 0
        && match harfrust::unicode::decompose(c) {
            Some(harfrust::unicode::Decomposed::Singleton(a)) => covers(font, a, depth - 1),
            Some(harfrust::unicode::Decomposed::Pair(a, b)) => covers(font, a, depth - 1) && covers(font, b, depth - 1),
            None => false,
        }
}

struct SharedFile(Arc<[u8]>);

impl AsRef<[u8]> for SharedFile {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl SharedFile {
    fn blob(self) -> Arc<dyn AsRef<[u8]> + Send + Sync> {
        Arc::new(self)
    }
}

/// The system's fonts, listed when the first character needs them and opened one by one.
static SYSTEM: Mutex<SystemFonts> = Mutex::new(SystemFonts { faces: None });

struct SystemFonts {
    faces: Option<Vec<SystemFace>>,
}

struct SystemFace {
    source: FaceSource,
    index: u32,
    name: String,
    serif: bool,
    suits: Suits,
    /// Ranges of characters it has, read when first asked.
    coverage: Option<Vec<(u32, u32)>>,
}

/// A file of the system.
#[derive(Clone)]
struct FaceSource(fontdb::Source);

impl FaceSource {
    fn open(&self) -> Option<Arc<[u8]>> {
        read(&self.0).map(Arc::from)
    }
}

/// What a face is made for, the better the smaller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Suits {
    /// Upright, of ordinary weight and width.
    Reading,
    /// Another cut of such a family.
    OtherCut,
    /// Letters of one width.
    Code,
    /// Formulas, signs, ornaments: what letters it has are there for these.
    Signs,
}

impl Suits {
    fn of(face: &fontdb::FaceInfo) -> Self {
        const SIGNS: [&str; 14] = [
            "math", "symbol", "emoji", "dingbat", "ornament", "icon", "awesome", "music", "bravura", "braille",
            "barcode", "webding", "wingding", "esint",
        ];
        let name = face.post_script_name.to_lowercase();
        let plain = face.style == fontdb::Style::Normal && face.weight == fontdb::Weight::NORMAL;
        if SIGNS.iter().any(|sign| name.contains(sign)) {
            Self::Signs
        } else if face.monospaced || name.contains("mono") {
            Self::Code
        } else if plain && face.stretch == fontdb::Stretch::Normal && !name.contains("condensed") {
            Self::Reading
        } else {
            Self::OtherCut
        }
    }
}

impl SystemFonts {
    /// The first of the best faces that have a character; among equals one with serifs, or without, as wished.
    fn find(&mut self, c: char, serif: bool) -> Option<(FaceSource, u32, String)> {
        let faces = self.faces.get_or_insert_with(Self::list);
        let mut found: Option<&SystemFace> = None;
        for face in faces {
            if found.is_some_and(|found| found.suits < face.suits) {
                break;
            }
            if found.is_some() && face.serif != serif {
                continue;
            }
            let coverage = face.coverage.get_or_insert_with(|| {
                let font = read(&face.source.0).and_then(|data| Font::new(data, face.index));
                font.map(|f| ranges(&f)).unwrap_or_default()
            });
            if coverage.iter().any(|(first, last)| (*first..=*last).contains(&(c as u32))) {
                found = Some(face);
                if face.serif == serif {
                    break;
                }
            }
        }
        found.map(|face| (face.source.clone(), face.index, face.name.clone()))
    }

    /// Faces made for reading first, those of one kind by name, so that two runs choose the same.
    fn list() -> Vec<SystemFace> {
        let mut database = fontdb::Database::new();
        database.load_system_fonts();
        let mut faces: Vec<_> = database
            .faces()
            .filter(|f| !f.post_script_name.contains("LastResort") && !f.post_script_name.is_empty())
            .map(|f| SystemFace {
                source: FaceSource(f.source.clone()),
                index: f.index,
                name: f.post_script_name.clone(),
                serif: ["serif", "roman", "times"].iter().any(|s| f.post_script_name.to_lowercase().contains(s))
                    && !f.post_script_name.to_lowercase().contains("sans"),
                suits: Suits::of(f),
                coverage: None,
            })
            .collect();
        faces.sort_by(|a, b| (a.suits, &a.name).cmp(&(b.suits, &b.name)));
        faces
    }
}

/// A font file of the system; one over 64 MiB is left alone.
fn read(source: &fontdb::Source) -> Option<Vec<u8>> {
    match source {
        fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _) => {
            let length = std::fs::metadata(path).ok()?.len();
            if length > 64 << 20 { None } else { std::fs::read(path).ok() }
        }
        fontdb::Source::Binary(data) => Some((**data).as_ref().to_vec()),
    }
}

/// What a face can draw. Faces without outlines (bitmap emoji) and variable ones, which a writer would have to
/// instantiate, count as empty.
fn ranges(font: &Font) -> Vec<(u32, u32)> {
    let outlines = font.outline_glyphs();
    if font.axes().iter().next().is_some() {
        return Vec::new();
    }
    let mut points: Vec<u32> = font
        .charmap()
        .unicodes()
        .filter(|(_, glyph)| glyph.to_u32() != 0 && glyph.to_u32() <= u32::from(u16::MAX))
        .filter(|(_, glyph)| outlines.get(*glyph).is_some())
        .map(|(point, _)| point)
        .collect();
    points.sort_unstable();
    points.dedup();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for point in points {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == point => *last = point,
            _ => ranges.push((point, point)),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_for_missing_characters_is_there() {
        assert!(Fonts::new().covers(Fonts::BOX, '\u{25A1}'));
    }

    #[test]
    fn a_character_of_no_font_is_not_found_twice() {
        let mut fonts = Fonts::new();
        let serif = Fonts::pick(Family::Serif, false, false);
        // A private-use character beyond any font's.
        assert_eq!(fonts.face_for(serif, '\u{10FFFD}'), None);
        assert_eq!(fonts.face_for(serif, '\u{10FFFD}'), None);
        assert_eq!(fonts.face_for(serif, 'Ж'), Some(serif));
    }
}
