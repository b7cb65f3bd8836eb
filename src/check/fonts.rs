//! Fonts of a PDF that is read: from codes to characters, widths and glyphs.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use lopdf::{Dictionary, Document, Object};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::DrawSettings;
use skrifa::outline::pen::ControlBoundsPen;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::budget::Budget;
use super::load::decoded_within;
use super::reading::{as_dictionary, get, utf16};

/// Bytes of a font or a map uncompressed.
const MOST: usize = 64 << 20;
/// Bytes that one code stands for (ISO 32000-1, annex C.2: a string within a map has 512 at most).
const TEXT: usize = 512;

/// A font with what was shown in it.
pub(super) struct Font {
    /// Its PostScript name, without the tag of the subset.
    pub(super) name: String,
    pub(super) embedded: bool,
    pub(super) has_unicode: bool,
    pub(super) italic: bool,
    pub(super) bold: bool,
    /// Codes have two bytes.
    pub(super) two_bytes: bool,
    texts: HashMap<u32, String>,
    widths: HashMap<u32, f32>,
    default_width: f32,
    /// Glyph of each code, two bytes each; none for the identity.
    glyphs: Option<Vec<u8>>,
    /// The program, where codes lead to its glyphs by a map: the codes of other programs are their own.
    true_type: Option<Vec<u8>>,
    /// Height of the letter x that the file claims, in ems.
    claimed_x_height: Option<f32>,
    x_height: OnceCell<Option<f32>>,
    /// Codes that were shown.
    used: BTreeSet<u32>,
}

/// What a code shows.
pub(super) struct Shown<'a> {
    pub(super) text: &'a str,
    pub(super) width: f32,
    pub(super) has_glyph: bool,
}

impl Font {
    pub(super) fn read(document: &Document, font: &Dictionary, budget: &Budget) -> Self {
        let name_of = |d: &Dictionary, key: &[u8]| {
            get(document, d, key).and_then(|o| o.as_name().ok()).map(|n| String::from_utf8_lossy(n).into_owned())
        };
        let two_bytes = name_of(font, b"Subtype").as_deref() == Some("Type0");
        let descendant = match get(document, font, b"DescendantFonts") {
            Some(Object::Array(fonts)) => {
                fonts.first().and_then(|f| document.dereference(f).ok()).and_then(|(_, o)| as_dictionary(o))
            }
            _ => None,
        };
        let inner = descendant.unwrap_or(font);
        let descriptor = get(document, inner, b"FontDescriptor").and_then(as_dictionary);
        let stream = |d: Option<&Dictionary>, key: &[u8]| {
            let stream = get(document, d?, key)?.as_stream().ok()?;
            Some(decoded_within(stream, MOST, budget).unwrap_or_else(|| stream.content.clone()))
        };
        let true_type = stream(descriptor, b"FontFile2");
        let other = [b"FontFile3".as_slice(), b"FontFile"].iter().any(|key| stream(descriptor, key).is_some());
        let name = name_of(inner, b"BaseFont").unwrap_or_default();
        let name = match name.split_once('+') {
            Some((tag, rest)) if tag.len() == 6 => rest.to_owned(),
            _ => name,
        };
        let number = |key: &[u8]| descriptor.and_then(|d| get(document, d, key)).and_then(|o| o.as_float().ok());
        let flags = number(b"Flags").unwrap_or(0.0) as i64;
        let unicode = stream(Some(font), b"ToUnicode");
        let mut widths = HashMap::new();
        if two_bytes {
            read_cid_widths(document, inner, &mut widths, budget);
        } else {
            read_simple_widths(document, inner, &mut widths);
        }
        Self {
            embedded: true_type.is_some() || other || name_of(font, b"Subtype").as_deref() == Some("Type3"),
            has_unicode: unicode.is_some(),
            italic: flags & 64 != 0 || number(b"ItalicAngle").unwrap_or(0.0) != 0.0 || name.contains("Italic"),
            bold: ["Bold", "Black", "Heavy"].iter().any(|w| name.contains(w))
                || number(b"StemV").unwrap_or(0.0) >= 140.0,
            two_bytes,
            texts: unicode.map(|map| parse_to_unicode(&map, budget)).unwrap_or_default(),
            widths,
            default_width: get(document, inner, b"DW").and_then(|o| o.as_float().ok()).unwrap_or(1000.0),
            glyphs: stream(Some(inner), b"CIDToGIDMap"),
            true_type,
            claimed_x_height: number(b"XHeight").filter(|h| *h > 0.0).map(|h| h / 1000.0),
            x_height: OnceCell::new(),
            used: BTreeSet::new(),
            name,
        }
    }

    /// The codes in a string.
    pub(super) fn codes(&self, bytes: &[u8]) -> Vec<u32> {
        if self.two_bytes {
            bytes.chunks_exact(2).map(|pair| u32::from(u16::from_be_bytes([pair[0], pair[1]]))).collect()
        } else {
            bytes.iter().map(|&b| u32::from(b)).collect()
        }
    }

    /// What a code shows. It is counted as used where its text is what is read, which a text that stands for it replaces.
    pub(super) fn shown(&mut self, code: u32, replaced: bool) -> Shown<'_> {
        if !replaced {
            self.used.insert(code);
        }
        if !self.two_bytes && !self.texts.contains_key(&code) {
            // A simple font without a map: most of its codes are Latin-1.
            let text = char::from_u32(code).map(String::from).unwrap_or_default();
            self.texts.insert(code, text);
        }
        Shown {
            text: self.texts.get(&code).map_or("", String::as_str),
            width: self.widths.get(&code).copied().unwrap_or(self.default_width),
            has_glyph: !self.two_bytes || self.glyph(code) != 0,
        }
    }

    fn glyph(&self, code: u32) -> u16 {
        match &self.glyphs {
            Some(map) => map
                .get(code as usize * 2..code as usize * 2 + 2)
                .map_or(0, |pair| u16::from_be_bytes([pair[0], pair[1]])),
            None => code as u16,
        }
    }

    /// Shown codes that lead to no character, or to U+FFFD where something else is drawn.
    pub(super) fn without_text(&self) -> usize {
        // A page may hold the mark for a lost character; its glyph then says what it shows.
        let draws_it = |code: u32| {
            let font = self.true_type.as_deref().and_then(|p| FontRef::new(p).ok());
            let glyph = font.and_then(|font| font.charmap().map('\u{fffd}'));
            glyph.is_some_and(|glyph| glyph.to_u32() == u32::from(self.glyph(code)))
        };
        let dumb = |code: &&u32| match self.texts.get(code).map(String::as_str) {
            None | Some("") => true,
            Some("\u{fffd}") => !draws_it(**code),
            Some(text) => text.contains('\u{fffd}'),
        };
        self.used.iter().filter(dumb).count()
    }

    /// Shown codes that are said to be another character than the font itself draws them for: what is said, what is drawn.
    pub(super) fn contradictions(&self, budget: &Budget) -> Vec<(String, char)> {
        let Some(font) = self.true_type.as_deref().and_then(|p| FontRef::new(p).ok()) else { return Vec::new() };
        if !self.two_bytes {
            return Vec::new();
        }
        let mut drawn: BTreeMap<u16, Vec<char>> = BTreeMap::new();
        for (index, (code_point, glyph)) in font.charmap().mappings().enumerate() {
            if index % 8 == 0 && !budget.steps(1) {
                return Vec::new();
            }
            if let (Some(c), Ok(glyph)) = (char::from_u32(code_point), u16::try_from(glyph.to_u32())) {
                drawn.entry(glyph).or_default().push(c);
            }
        }
        let mut found = Vec::new();
        for code in &self.used {
            let (Some(text), Some(chars)) = (self.texts.get(code), drawn.get(&self.glyph(*code))) else { continue };
            let mut said = text.chars();
            if let (Some(said), None) = (said.next(), said.next())
                && !chars.iter().any(|c| alike(*c, said))
            {
                found.push((text.clone(), chars[0]));
            }
        }
        found
    }

    /// Height of the letter x in ems: measured, where the letter was shown, else as the file claims.
    pub(super) fn x_height(&self) -> Option<f32> {
        *self.x_height.get_or_init(|| self.measured_x_height().or(self.claimed_x_height))
    }

    fn measured_x_height(&self) -> Option<f32> {
        let font = FontRef::new(self.true_type.as_deref()?).ok()?;
        // Letters with flat tops: round ones overshoot.
        let code = ["x", "х", "z", "v", "н", "и", "п"]
            .iter()
            .find_map(|letter| self.used.iter().find(|code| self.texts.get(code).is_some_and(|t| t == letter)))?;
        let glyph = font.outline_glyphs().get(GlyphId::from(self.glyph(*code)))?;
        let mut pen = ControlBoundsPen::new();
        glyph.draw(DrawSettings::unhinted(Size::new(1.0), LocationRef::default()), &mut pen).ok()?;
        pen.bounding_box().map(|b| b.y_max)
    }
}

/// Characters that one glyph may stand for without contradiction: spaces, hyphens, and what has no shape.
fn alike(drawn: char, said: char) -> bool {
    // Letters that are joined are drawn in one of their forms, which fonts number among the presentation forms.
    let is_form = matches!(drawn, '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}');
    if is_form && (matches!(said, '\u{590}'..='\u{8ff}') || said.is_ascii_alphabetic()) {
        return true;
    }
    let class = |c: char| match c {
        c if c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') => 1,
        '-' | '\u{ad}' | '\u{2010}' | '\u{2011}' => 2,
        'µ' | 'μ' => 3,
        'Ω' | '\u{2126}' => 4,
        '∆' | 'Δ' => 5,
        'ʼ' | '’' => 6,
        _ => 0,
    };
    // In right-to-left text a bracket is drawn as its mirror image.
    let mirrored = ["()", "[]", "{}", "<>", "«»", "‹›"].iter().any(|pair| pair.contains(drawn) && pair.contains(said));
    drawn == said || mirrored || (class(drawn) != 0 && class(drawn) == class(said))
}

fn read_simple_widths(document: &Document, font: &Dictionary, widths: &mut HashMap<u32, f32>) {
    let first = get(document, font, b"FirstChar").and_then(|o| o.as_i64().ok()).unwrap_or(0).clamp(0, 255) as u32;
    if let Some(Object::Array(values)) = get(document, font, b"Widths") {
        for (index, value) in values.iter().take(256).enumerate() {
            widths.insert(first + index as u32, value.as_float().unwrap_or(0.0));
        }
    }
}

/// The W array of ISO 32000-1, 9.7.4.3.
fn read_cid_widths(document: &Document, font: &Dictionary, widths: &mut HashMap<u32, f32>, budget: &Budget) {
    let Some(Object::Array(values)) = get(document, font, b"W") else { return };
    let mut at = 0;
    while let Some(first) = values.get(at).and_then(|o| o.as_i64().ok()) {
        let first = first.clamp(0, 65_535) as u32;
        match values.get(at + 1).and_then(|o| document.dereference(o).ok()).map(|(_, o)| o) {
            Some(Object::Array(list)) => {
                if !budget.steps(1 + list.len() as u64 / 4) {
                    return;
                }
                for (index, value) in list.iter().take(65_536).enumerate() {
                    widths.insert(first + index as u32, value.as_float().unwrap_or(0.0));
                }
                at += 2;
            }
            Some(last) => {
                let last = last.as_i64().unwrap_or(0).clamp(0, 65_535) as u32;
                let width = values.get(at + 2).and_then(|o| o.as_float().ok()).unwrap_or(0.0);
                if !budget.steps(1 + u64::from(last.saturating_sub(first)) / 4) {
                    return;
                }
                widths.extend((first..=last).map(|code| (code, width)));
                at += 3;
            }
            None => return,
        }
    }
}

/// Reads the bfchar and bfrange sections of a ToUnicode map.
fn parse_to_unicode(map: &[u8], budget: &Budget) -> HashMap<u32, String> {
    let map = String::from_utf8_lossy(map);
    let mut texts = HashMap::new();
    let hex = |s: &str| -> Vec<u8> {
        let digits: Vec<u8> = s.bytes().filter_map(|b| char::from(b).to_digit(16)).map(|d| d as u8).collect();
        digits.chunks_exact(2).take(TEXT).map(|pair| pair[0] * 16 + pair[1]).collect()
    };
    let code = |bytes: &[u8]| bytes.iter().fold(0_u32, |n, b| (n << 8) | u32::from(*b));
    for (kind, section) in sections(&map) {
        let mut tokens = tokens(section).into_iter();
        if kind == "char" {
            while let (Some(Token::Hex(from)), Some(Token::Hex(to))) = (tokens.next(), tokens.next()) {
                if !budget.steps(1 + to.len() as u64 / 64) {
                    return texts;
                }
                texts.insert(code(&hex(from)), utf16(&hex(to)));
            }
            continue;
        }
        while let (Some(Token::Hex(first)), Some(Token::Hex(last)), Some(to)) =
            (tokens.next(), tokens.next(), tokens.next())
        {
            let (first, last) = (code(&hex(first)), code(&hex(last)).min(65_535));
            match to {
                Token::Hex(to) => {
                    let start = hex(to);
                    let each = 1 + start.len() as u64 / 16;
                    if !budget.steps(1 + u64::from(last.saturating_sub(first)) * each / 2) {
                        return texts;
                    }
                    for (step, from) in (first..=last).enumerate() {
                        let mut bytes = start.clone();
                        if let [.., high, low] = bytes.as_mut_slice() {
                            let next = u16::from_be_bytes([*high, *low]).wrapping_add(step as u16);
                            [*high, *low] = next.to_be_bytes();
                        }
                        texts.insert(from, utf16(&bytes));
                    }
                }
                Token::List(list) => {
                    for (from, to) in (first..=last).zip(list) {
                        texts.insert(from, utf16(&hex(to)));
                    }
                }
            }
        }
    }
    texts
}

enum Token<'a> {
    Hex(&'a str),
    List(Vec<&'a str>),
}

/// The bodies of all `beginbf… endbf…` sections with what they are: "char" or "range".
fn sections(map: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = map;
    while let Some(at) = rest.find("beginbf") {
        rest = &rest[at + 7..];
        let kind = if rest.starts_with("char") { "char" } else { "range" };
        let body = rest.get(kind.len()..).unwrap_or_default();
        let end = body.find("endbf").unwrap_or(body.len());
        found.push((kind, &body[..end]));
        rest = &body[end..];
    }
    found
}

/// Hexadecimal strings, and arrays of them.
fn tokens(section: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut list: Option<Vec<&str>> = None;
    let mut rest = section;
    while let Some(at) = rest.find(['<', '[', ']']) {
        let (mark, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = after;
        match mark {
            b'[' => list = Some(Vec::new()),
            b']' => found.extend(list.take().map(Token::List)),
            _ => {
                let Some(end) = after.find('>') else { break };
                let hex = &after[..end];
                rest = &after[end + 1..];
                match &mut list {
                    Some(list) => list.push(hex),
                    None => found.push(Token::Hex(hex)),
                }
            }
        }
    }
    found
}
