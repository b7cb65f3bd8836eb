//! Shaping: words become glyphs. Every word is shaped once and remembered, since a text repeats its words.

use crate::limits::Deadline;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use harfrust::{Buffer, Direction, Language, Script, ShapeOptions, ShapePlan, ShaperFont};

use super::characters::{is_ignorable, is_letter};
use super::fonts::{FontIx, Fonts};

/// Index of a language in [`Shaper`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LangIx(pub(crate) u16);

/// A shaped word: parts of one face and script each, in logical order.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) parts: Vec<Part>,
    /// The advances of all glyphs, in ems.
    pub(crate) width: f32,
    hyphens: OnceLock<Box<[u32]>>,
}

impl Word {
    fn new(parts: Vec<Part>) -> Self {
        let width = parts.iter().flat_map(|part| &part.glyphs).map(|glyph| glyph.advance).sum();
        Self { parts, width, hyphens: OnceLock::new() }
    }

    /// Bytes at which the word may be divided, by the rules of a language: that of `text`, which the word was shaped from.
    pub(crate) fn hyphens(&self, text: &str, lang: &str) -> &[u32] {
        self.hyphens.get_or_init(|| {
            let mut joints = Vec::new();
            let mut at = 0;
            for piece in text.split_inclusive(|c: char| !is_letter(c) && c != '\u{301}') {
                let letters = piece.trim_end_matches(|c: char| !is_letter(c));
                joints.extend(super::rules::hyphens(letters, lang).into_iter().map(|offset| (at + offset) as u32));
                at += piece.len();
            }
            joints.into()
        })
    }
}

/// Glyphs of one face, in visual order.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) font: FontIx,
    /// Bytes of the word.
    pub(crate) text: Range<u32>,
    pub(crate) glyphs: Vec<WordGlyph>,
}

/// A glyph with its measures in ems.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordGlyph {
    pub(crate) id: u16,
    pub(crate) advance: f32,
    pub(crate) dx: f32,
    pub(crate) dy: f32,
    /// First byte of its cluster in the word.
    pub(crate) cluster: u32,
}

/// Words of one face, language and direction.
type WordCache = HashMap<Box<str>, Arc<Word>, RandomState>;

/// Shapes words and remembers them.
pub(crate) struct Shaper {
    /// When the work has to be over: what is set then is not finished, and whoever set it off says so.
    pub(crate) deadline: Deadline,
    pub(crate) fonts: Fonts,
    buffer: Buffer,
    langs: Vec<(String, Option<Language>)>,
    plans: Vec<Plan>,
    /// A handful: one for each face, language and direction of the publication.
    words: Vec<((FontIx, LangIx, bool), WordCache)>,
    spaces: Vec<Option<Option<(u16, f32)>>>,
}

struct Plan {
    font: FontIx,
    lang: LangIx,
    rtl: bool,
    script: Script,
    plan: ShapePlan,
}

const COMMON: Script = match Script::from_iso15924_tag(harfrust::Tag::new(b"Zyyy")) {
    Some(script) => script,
    None => panic!("Zyyy is a script"),
};
const INHERITED: Script = match Script::from_iso15924_tag(harfrust::Tag::new(b"Zinh")) {
    Some(script) => script,
    None => panic!("Zinh is a script"),
};

impl Shaper {
    pub(crate) fn new() -> Self {
        Self {
            deadline: Deadline::default(),
            fonts: Fonts::new(),
            buffer: Buffer::new(),
            langs: Vec::new(),
            plans: Vec::new(),
            words: Vec::new(),
            spaces: Vec::new(),
        }
    }

    /// Knows the languages of another by the same numbers, and has its time.
    pub(crate) fn share_langs(&mut self, of: &Self) {
        self.deadline = of.deadline;
        self.langs.clone_from(&of.langs);
    }

    /// The index of a language by its BCP 47 tag.
    pub(crate) fn lang(&mut self, tag: &str) -> LangIx {
        let known = self.langs.iter().position(|(known, _)| known == tag);
        LangIx(known.unwrap_or_else(|| {
            self.langs.push((tag.to_owned(), Language::new(tag)));
            self.langs.len() - 1
        }) as u16)
    }

    /// The tag of a language.
    pub(crate) fn lang_tag(&self, ix: LangIx) -> &str {
        &self.langs[ix.0 as usize].0
    }

    /// A word without spaces, in the face of `font` as far as that has its characters.
    pub(crate) fn word(&mut self, text: &str, font: FontIx, lang: LangIx, rtl: bool) -> Arc<Word> {
        let key = (font, lang, rtl);
        let table = self.words.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.words.push((key, WordCache::default()));
            self.words.len() - 1
        });
        if let Some(word) = self.words[table].1.get(text) {
            return Arc::clone(word);
        }
        let word = Arc::new(self.shape(text, font, lang, rtl));
        // Endless strings that never come again would fill the memory.
        if text.len() <= 200 {
            self.words[table].1.insert(text.into(), Arc::clone(&word));
        }
        word
    }

    /// Width of the space of a face and its glyph, in ems.
    pub(crate) fn space(&mut self, font: FontIx) -> Option<(u16, f32)> {
        let index = usize::from(font.0);
        if self.spaces.len() <= index {
            self.spaces.resize(index + 1, None);
        }
        if self.spaces[index].is_none() {
            self.spaces[index] = Some(self.measured_space(font));
        }
        self.spaces[index].flatten()
    }

    fn measured_space(&self, font: FontIx) -> Option<(u16, f32)> {
        let face = self.fonts.font(font);
        let glyph = face.charmap().map_unicode(' ')?;
        let width = face.glyph_metrics().h_advance(glyph) / f32::from(face.units_per_em());
        Some((u16::try_from(glyph.to_u32()).ok().filter(|id| *id != 0)?, width))
    }

    fn shape(&mut self, text: &str, wish: FontIx, lang: LangIx, rtl: bool) -> Word {
        if let Some(script) = self.simple(text, wish)
            && let Some(glyphs) = self.shape_part(text, 0, wish, script, lang, rtl)
        {
            return Word::new(vec![Part { font: wish, text: 0..text.len() as u32, glyphs }]);
        }
        let mut parts = Vec::new();
        for (range, font, script) in self.itemise(text, wish) {
            let piece = &text[range.clone()];
            let Some(font) = font else {
                parts.push(self.boxes(piece, range.start as u32));
                continue;
            };
            let glyphs = self.shape_part(piece, range.start as u32, font, script, lang, rtl);
            match glyphs {
                Some(glyphs) => {
                    parts.push(Part { font, text: range.start as u32..range.end as u32, glyphs });
                }
                // The shaper found no glyph after all: better a box than a blank.
                None => parts.push(self.boxes(piece, range.start as u32)),
            }
        }
        Word::new(parts)
    }

    /// The script of a word whose characters are single letters of one script, figures and common signs, all of them in
    /// one face: nearly every word of a newspaper.
    fn simple(&self, text: &str, face: FontIx) -> Option<Script> {
        let mut letter: Option<(char, bool)> = None;
        for c in text.chars() {
            let latin = c.is_ascii_alphabetic();
            match c {
                'а'..='я' | 'А'..='Я' | 'ё' | 'Ё' if letter.is_none_or(|(_, latin)| !latin) => {}
                _ if latin && letter.is_none_or(|(_, latin)| latin) => {}
                '!'..='~' | '«' | '»' | '—' | '–' | '“' | '”' | '„' | '’' | '…' | '№' if !latin => {
                    if !self.fonts.covers(face, c) {
                        return None;
                    }
                    continue;
                }
                _ => return None,
            }
            if !self.fonts.covers(face, c) {
                return None;
            }
            letter.get_or_insert((c, latin));
        }
        letter.map(|(c, _)| harfrust::unicode::script(c as u32))
    }

    /// Divides a word by face and script, never within a cluster: a letter and its marks stay in one face.
    fn itemise(&mut self, text: &str, wish: FontIx) -> Vec<(Range<usize>, Option<FontIx>, Script)> {
        let mut items: Vec<(Range<usize>, Option<FontIx>, Script)> = Vec::new();
        for (start, cluster) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(text, true) {
            let range = start..start + cluster.len();
            let font = self.face_of_cluster(wish, cluster);
            let script = cluster.chars().map(|c| harfrust::unicode::script(c as u32)).find(|s| !is_common(*s));
            match items.last_mut() {
                Some((open, same, of)) if *same == font && script.is_none_or(|s| s == *of || is_common(*of)) => {
                    open.end = range.end;
                    if let Some(script) = script {
                        *of = script;
                    }
                }
                _ => match font.is_none().then(|| self.letter_of_cluster(wish, cluster)).flatten() {
                    // The letter is read without its mark better than not at all.
                    Some((letter, face)) => {
                        items.push((start..start + letter, Some(face), script.unwrap_or(COMMON)));
                        items.push((start + letter..range.end, None, COMMON));
                    }
                    None => items.push((range, font, script.unwrap_or(COMMON))),
                },
            }
        }
        items
    }

    fn face_of_cluster(&mut self, wish: FontIx, cluster: &str) -> Option<FontIx> {
        let mut visible = cluster.chars().filter(|c| !is_ignorable(*c));
        let Some(first) = visible.next() else { return Some(wish) };
        let face = self.fonts.face_for(wish, first)?;
        let rest: Vec<char> = visible.collect();
        if rest.iter().all(|c| self.fonts.covers(face, *c)) {
            return Some(face);
        }
        // Another face may have the letter and all its marks.
        for c in &rest {
            if let Some(other) = self.fonts.face_for(wish, *c)
                && cluster.chars().filter(|c| !is_ignorable(*c)).all(|c| self.fonts.covers(other, c))
            {
                return Some(other);
            }
        }
        None
    }

    /// Length and face of a letter or figure whose mark no face has: the key round a figure, a rare accent.
    fn letter_of_cluster(&mut self, wish: FontIx, cluster: &str) -> Option<(usize, FontIx)> {
        let letter = cluster.chars().next().filter(|c| c.is_alphanumeric() && c.len_utf8() < cluster.len())?;
        Some((letter.len_utf8(), self.fonts.face_for(wish, letter)?))
    }

    fn shape_part(
        &mut self,
        text: &str,
        offset: u32,
        font: FontIx,
        script: Script,
        lang: LangIx,
        rtl: bool,
    ) -> Option<Vec<WordGlyph>> {
        let script = if is_common(script) { None } else { Some(script) };
        let plan = self.plan(font, script.unwrap_or(COMMON), lang, rtl);
        let buffer = &mut self.buffer;
        buffer.reset();
        buffer.push_str(text);
        buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.set_script(script);
        buffer.set_language(self.langs[lang.0 as usize].1.clone());
        buffer.set_flags(harfrust::BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        let face = self.fonts.font(font);
        let em = f32::from(face.units_per_em());
        let plan = &self.plans[plan].plan;
        harfrust::shape(&ShaperFont::new(face), buffer, ShapeOptions::new().plan(Some(plan))).ok()?;
        let mut glyphs = Vec::with_capacity(buffer.len());
        for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            glyphs.push(WordGlyph {
                id: u16::try_from(info.glyph_id).ok().filter(|id| *id != 0)?,
                advance: position.x_advance as f32 / em,
                dx: position.x_offset as f32 / em,
                dy: position.y_offset as f32 / em,
                cluster: info.cluster + offset,
            });
        }
        Some(glyphs)
    }

    fn plan(&mut self, font: FontIx, script: Script, lang: LangIx, rtl: bool) -> usize {
        let same = |p: &Plan| p.font == font && p.script == script && p.lang == lang && p.rtl == rtl;
        if let Some(known) = self.plans.iter().position(same) {
            return known;
        }
        let direction = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let of_script = if is_common(script) { None } else { Some(script) };
        let language = self.langs[lang.0 as usize].1.as_ref();
        let plan = ShapePlan::new(self.fonts.font(font), direction, of_script, language, &[]);
        self.plans.push(Plan { font, lang, rtl, script, plan });
        self.plans.len() - 1
    }

    /// A box for each cluster that no face has; the characters stay as the box's text.
    fn boxes(&mut self, text: &str, offset: u32) -> Part {
        let face = self.fonts.font(Fonts::BOX);
        let id = face.charmap().map_unicode('\u{25A1}').map_or(1, |glyph| glyph.to_u32() as u16);
        let advance = face.glyph_metrics().h_advance(u32::from(id).into()) / f32::from(face.units_per_em());
        let clusters: Vec<_> = unicode_segmentation::UnicodeSegmentation::grapheme_indices(text, true).collect();
        let mut glyphs = Vec::with_capacity(clusters.len());
        for (start, cluster) in clusters {
            for c in cluster.chars().filter(|c| !is_ignorable(*c)) {
                self.fonts.report_missing(c);
            }
            glyphs.push(WordGlyph { id, advance, dx: 0.0, dy: 0.0, cluster: offset + start as u32 });
        }
        Part { font: Fonts::BOX, text: offset..offset + text.len() as u32, glyphs }
    }
}

fn is_common(script: Script) -> bool {
    script == COMMON || script == INHERITED || script.tag() == harfrust::Tag::new(b"Zzzz")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Family;

    fn shaper() -> (Shaper, FontIx, LangIx) {
        let mut shaper = Shaper::new();
        let lang = shaper.lang("ru");
        (shaper, Fonts::pick(Family::Serif, false, false), lang)
    }

    #[test]
    fn no_word_has_glyph_0() {
        let (mut shaper, font, lang) = shaper();
        for text in ["слово", "fi", "е\u{301}", "עברית", "العربية", "漢字", "🙂", "\u{10FFFD}", "a\u{200D}b", "ﷺ", "ё́"]
        {
            let word = shaper.word(text, font, lang, false);
            assert!(!word.parts.is_empty(), "{text}");
            assert!(word.parts.iter().flat_map(|p| &p.glyphs).all(|g| g.id != 0), "{text}");
        }
        assert!(shaper.fonts.missing().contains_key(&'\u{10FFFD}'));
    }

    #[test]
    fn a_letter_is_seen_though_no_face_has_its_mark() {
        let (mut shaper, font, lang) = shaper();
        // A mark of a script that no newspaper's machine has a font for.
        let word = shaper.word("1\u{1E8D0}", font, lang, false);
        assert_eq!(word.parts.len(), 2, "the figure and a box");
        assert_eq!(word.parts[0].text, 0..1);
        assert!(word.parts[0].font != Fonts::BOX && word.parts[1].font == Fonts::BOX);
        assert!(!shaper.fonts.missing().contains_key(&'1'));
    }

    #[test]
    fn a_word_is_shaped_once() {
        let (mut shaper, font, lang) = shaper();
        let first = shaper.word("газета", font, lang, false);
        assert!(Arc::ptr_eq(&first, &shaper.word("газета", font, lang, false)));
    }

    #[test]
    fn kerning_is_applied() {
        let (mut shaper, font, lang) = shaper();
        let width = |w: Arc<Word>| w.parts[0].glyphs.iter().map(|g| g.advance).sum::<f32>();
        let together = width(shaper.word("ГА", font, lang, false));
        let apart = width(shaper.word("Г", font, lang, false)) + width(shaper.word("А", font, lang, false));
        assert!(together < apart, "{together} {apart}");
    }
}
