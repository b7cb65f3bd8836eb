//! A PDF as its reader sees it: which text is shown where, in which size and colour, and what it is tagged as.
//!
//! Reads any PDF, not only ours, and takes nothing for granted: what is missing or broken is left out.

use std::collections::HashMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};

use super::fonts::Font;
use super::paper::{inherited, page_box};
use crate::{Error, Result};

/// Bytes that one stream may have uncompressed.
const STREAM: usize = 256 << 20;
/// Form XObjects within form XObjects.
const DEPTH: usize = 8;

/// A document with all that its pages show.
pub(super) struct Reading {
    pub(super) document: Document,
    pub(super) pages: Vec<Page>,
    pub(super) fonts: Vec<Font>,
}

/// A page.
pub(super) struct Page {
    pub(super) id: ObjectId,
    /// Left, bottom, right, top of the trimmed page.
    pub(super) trim: [f32; 4],
    pub(super) shown: Vec<Shown>,
    /// Filled rectangles, in painting order with the number of texts shown before them.
    pub(super) fills: Vec<Fill>,
    pub(super) pictures: Vec<Shape>,
    /// How often something was painted that is neither tagged nor an artifact.
    pub(super) untagged: usize,
}

/// The text that one operator shows.
pub(super) struct Shown {
    pub(super) text: String,
    /// Index into [`Reading::fonts`].
    pub(super) font: usize,
    /// Size of the em in points, as it comes out.
    pub(super) size: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    pub(super) baseline: f32,
    pub(super) color: [f32; 3],
    pub(super) tag: Tag,
    /// Codes without a glyph in the font.
    pub(super) missing: usize,
}

/// A filled rectangle.
pub(super) struct Fill {
    /// Left, bottom, right, top.
    pub(super) area: [f32; 4],
    pub(super) color: [f32; 3],
    /// How many texts were shown before.
    pub(super) before: usize,
}

/// A picture by its sides: as many pixels as it has, and as many points as they take.
pub(super) struct Shape {
    pub(super) pixels: [f32; 2],
    pub(super) points: [f32; 2],
}

/// What a mark belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tag {
    /// Content with this MCID.
    Content(i64),
    /// An artifact of this type.
    Artifact(String),
    /// Nothing.
    None,
}

impl Reading {
    pub(super) fn new(bytes: &[u8]) -> Result<Self> {
        let options = LoadOptions { max_decompressed_size: Some(STREAM), ..LoadOptions::default() };
        let document = Document::load_mem_with_options(bytes, options)
            .map_err(|e| Error::input("PDF", format!("the file cannot be read as a PDF: {e}")))?;
        if document.is_encrypted() {
            return Err(Error::input("PDF", "the file is encrypted; check it before it is locked"));
        }
        let mut reading = Self { document, pages: Vec::new(), fonts: Vec::new() };
        let ids: Vec<ObjectId> = reading.document.get_pages().into_values().collect();
        let mut known = HashMap::new();
        for id in ids {
            let page = Interpreter::read(&reading.document, id, &mut reading.fonts, &mut known);
            reading.pages.push(page);
        }
        Ok(reading)
    }

    pub(super) fn catalog(&self) -> Option<&Dictionary> {
        self.document.catalog().ok()
    }

    /// A value of a dictionary, references followed.
    pub(super) fn get<'d>(&'d self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
        get(&self.document, dictionary, key)
    }

    /// A dictionary within a dictionary.
    pub(super) fn dictionary<'d>(&'d self, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Dictionary> {
        self.get(dictionary, key).and_then(as_dictionary)
    }

    /// A text string within a dictionary.
    pub(super) fn text(&self, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
        self.get(dictionary, key).and_then(text_of)
    }

    /// A name within a dictionary.
    pub(super) fn name(&self, dictionary: &Dictionary, key: &[u8]) -> Option<String> {
        let name = self.get(dictionary, key)?.as_name().ok()?;
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// The XMP packet as text.
    pub(super) fn xmp(&self) -> String {
        let stream = self.catalog().and_then(|c| self.get(c, b"Metadata")).and_then(|o| o.as_stream().ok());
        let Some(stream) = stream else { return String::new() };
        let bytes = stream.decompressed_content_with_limit(1 << 20).unwrap_or_else(|_| stream.content.clone());
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The content of an XMP element, tags within it removed.
    pub(super) fn xmp_value(&self, name: &str) -> Option<String> {
        let xmp = self.xmp();
        let start = xmp.find(&format!("<{name}"))?;
        let rest = &xmp[start..];
        let open = rest.find('>')? + 1;
        let end = rest.find(&format!("</{name}>"))?;
        let mut value = String::new();
        let mut in_tag = false;
        for c in rest.get(open..end)?.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                c if !in_tag => value.push(c),
                _ => {}
            }
        }
        let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        Some(value.trim().to_owned()).filter(|v| !v.is_empty())
    }
}

/// A value of a dictionary, references followed.
pub(super) fn get<'d>(document: &'d Document, dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    document.dereference(dictionary.get(key).ok()?).ok().map(|(_, object)| object)
}

/// A dictionary, or that of a stream.
pub(super) fn as_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// A text string: UTF-16 with its mark, UTF-8 with its mark, else PDFDocEncoding, of which Latin-1 is the larger part.
pub(super) fn text_of(object: &Object) -> Option<String> {
    let bytes = object.as_str().ok()?;
    Some(if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        utf16(rest)
    } else if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        bytes.iter().map(|&b| char::from(b)).collect()
    })
}

pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

type Matrix = [f32; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// `a`, then `b`.
fn then(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn apply(m: Matrix, x: f32, y: f32) -> (f32, f32) {
    (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5])
}

#[derive(Clone)]
struct Graphics {
    ctm: Matrix,
    font: Option<usize>,
    size: f32,
    character_space: f32,
    word_space: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    invisible: bool,
    color: [f32; 3],
}

/// An open marked-content sequence.
struct Marked {
    tag: Option<Tag>,
    /// Text that replaces what is shown within; taken by the first that shows something.
    actual: Option<Option<String>>,
}

struct Interpreter<'a> {
    document: &'a Document,
    fonts: &'a mut Vec<Font>,
    /// Fonts that are read already, by object.
    known: &'a mut HashMap<ObjectId, usize>,
    graphics: Graphics,
    stack: Vec<Graphics>,
    text: Matrix,
    line: Matrix,
    marked: Vec<Marked>,
    /// Rectangles of the path that is open.
    path: Vec<[f32; 4]>,
    page: Page,
}

impl<'a> Interpreter<'a> {
    fn read(
        document: &'a Document,
        id: ObjectId,
        fonts: &'a mut Vec<Font>,
        known: &'a mut HashMap<ObjectId, usize>,
    ) -> Page {
        let graphics = Graphics {
            ctm: IDENTITY,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            invisible: false,
            color: [0.0; 3],
        };
        let dictionary = document.get_dictionary(id).ok();
        let trim = dictionary.map_or([0.0; 4], |d| page_box(document, d));
        let mut interpreter = Self {
            document,
            fonts,
            known,
            graphics,
            stack: Vec::new(),
            text: IDENTITY,
            line: IDENTITY,
            marked: Vec::new(),
            path: Vec::new(),
            page: Page { id, trim, shown: Vec::new(), fills: Vec::new(), pictures: Vec::new(), untagged: 0 },
        };
        let resources = dictionary.and_then(|d| inherited(document, d, b"Resources")).and_then(as_dictionary);
        let content = document.get_page_content_with_limit(id, STREAM).unwrap_or_default();
        interpreter.run(&content, resources, 0);
        interpreter.page
    }

    fn run(&mut self, content: &[u8], resources: Option<&'a Dictionary>, depth: usize) {
        let Ok(content) = Content::decode(content) else { return };
        for operation in &content.operations {
            self.operation(operation, resources, depth);
        }
    }

    fn operation(&mut self, operation: &Operation, resources: Option<&'a Dictionary>, depth: usize) {
        let operands = &operation.operands;
        let number = |index: usize| operands.get(index).and_then(|o| o.as_float().ok()).unwrap_or(0.0);
        let matrix = || [0, 1, 2, 3, 4, 5].map(number);
        match operation.operator.as_str() {
            "q" if self.stack.len() < 1000 => self.stack.push(self.graphics.clone()),
            "Q" => {
                if let Some(graphics) = self.stack.pop() {
                    self.graphics = graphics;
                }
            }
            "cm" => self.graphics.ctm = then(matrix(), self.graphics.ctm),
            "BT" => (self.text, self.line) = (IDENTITY, IDENTITY),
            "Tf" => {
                self.graphics.font =
                    operands.first().and_then(|o| o.as_name().ok()).and_then(|n| self.font(resources, n));
                self.graphics.size = number(1);
            }
            "Tc" => self.graphics.character_space = number(0),
            "Tw" => self.graphics.word_space = number(0),
            "Tz" => self.graphics.stretch = number(0) / 100.0,
            "TL" => self.graphics.leading = number(0),
            "Ts" => self.graphics.rise = number(0),
            "Tr" => self.graphics.invisible = number(0) == 3.0 || number(0) == 7.0,
            "Td" => self.next_line(number(0), number(1)),
            "TD" => {
                self.graphics.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            "Tm" => (self.text, self.line) = (matrix(), matrix()),
            "T*" => self.next_line(0.0, -self.graphics.leading),
            "Tj" => self.show(operands),
            "'" => {
                self.next_line(0.0, -self.graphics.leading);
                self.show(operands);
            }
            "\"" => {
                self.graphics.word_space = number(0);
                self.graphics.character_space = number(1);
                self.next_line(0.0, -self.graphics.leading);
                self.show(operands.get(2..).unwrap_or_default());
            }
            "TJ" => {
                if let Some(Object::Array(items)) = operands.first() {
                    self.show(items);
                }
            }
            "g" => self.graphics.color = [number(0); 3],
            "rg" => self.graphics.color = [0, 1, 2].map(number),
            "k" => self.graphics.color = cmyk([0, 1, 2, 3].map(number)),
            "sc" | "scn" => match operands.len() {
                1 => self.graphics.color = [number(0); 3],
                3 => self.graphics.color = [0, 1, 2].map(number),
                4 => self.graphics.color = cmyk([0, 1, 2, 3].map(number)),
                _ => {}
            },
            "re" => {
                let (x0, y0) = apply(self.graphics.ctm, number(0), number(1));
                let (x1, y1) = apply(self.graphics.ctm, number(0) + number(2), number(1) + number(3));
                self.path.push([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]);
            }
            "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" => {
                let before = self.page.shown.len();
                let color = self.graphics.color;
                self.page.fills.extend(self.path.drain(..).map(|area| Fill { area, color, before }));
                self.painted();
            }
            "S" | "s" | "sh" | "EI" | "BI" => {
                self.path.clear();
                self.painted();
            }
            "n" => self.path.clear(),
            "Do" => self.external(operands, resources, depth),
            "BMC" => self.begin(operands, resources),
            "BDC" => self.begin(operands, resources),
            "EMC" => {
                self.marked.pop();
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn font(&mut self, resources: Option<&'a Dictionary>, name: &[u8]) -> Option<usize> {
        let fonts = resources.and_then(|r| get(self.document, r, b"Font")).and_then(as_dictionary)?;
        let reference = fonts.get(name).ok()?;
        let (id, object) = self.document.dereference(reference).ok()?;
        if let Some(index) = id.and_then(|id| self.known.get(&id)) {
            return Some(*index);
        }
        let index = self.fonts.len();
        self.fonts.push(Font::read(self.document, as_dictionary(object)?));
        if let Some(id) = id {
            self.known.insert(id, index);
        }
        Some(index)
    }

    fn show(&mut self, items: &[Object]) {
        let Some(index) = self.graphics.font else { return };
        let Some(font) = self.fonts.get_mut(index) else { return };
        let replaced = self.marked.iter().any(|m| m.actual.is_some());
        let g = &self.graphics;
        let whole = then([g.size * g.stretch, 0.0, 0.0, g.size, 0.0, g.rise], then(self.text, g.ctm));
        let (left, baseline) = apply(whole, 0.0, 0.0);
        let size = (whole[2].powi(2) + whole[3].powi(2)).sqrt();
        let one_byte = !font.two_bytes;
        let (mut text, mut missing, mut pen, mut ink) = (String::new(), 0, 0.0, 0.0);
        for item in items {
            match item {
                Object::String(bytes, _) => {
                    for code in font.codes(bytes) {
                        let known = font.shown(code, replaced);
                        missing += usize::from(!known.has_glyph);
                        text.push_str(known.text);
                        let blank = known.text.trim().is_empty();
                        let space = if one_byte && code == 32 { g.word_space } else { 0.0 };
                        pen += known.width / 1000.0 * g.size + g.character_space + space;
                        if !blank {
                            // Letters that run from right to left are shown with the pen going back.
                            ink = pen.max(ink);
                        }
                    }
                }
                other => pen -= other.as_float().unwrap_or(0.0) / 1000.0 * g.size,
            }
        }
        let end = then([1.0, 0.0, 0.0, 1.0, ink * g.stretch, 0.0], then(self.text, g.ctm));
        let right = apply(end, 0.0, 0.0).0;
        self.text = then([1.0, 0.0, 0.0, 1.0, pen * g.stretch, 0.0], self.text);
        let color = g.color;
        if g.invisible {
            return;
        }
        if let Some(actual) = self.marked.iter_mut().find_map(|m| m.actual.as_mut()) {
            text = actual.take().unwrap_or_default();
        }
        self.painted();
        let tag = self.tag();
        self.page.shown.push(Shown { text, font: index, size, left, right, baseline, color, tag, missing });
    }

    fn begin(&mut self, operands: &[Object], resources: Option<&'a Dictionary>) {
        let name = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
        let named = |name: &[u8]| {
            let properties = resources.and_then(|r| get(self.document, r, b"Properties")).and_then(as_dictionary)?;
            get(self.document, properties, name).and_then(as_dictionary)
        };
        let properties = match operands.get(1) {
            Some(Object::Dictionary(dictionary)) => Some(dictionary),
            Some(Object::Name(name)) => named(name),
            _ => None,
        };
        let mcid = properties.and_then(|p| p.get(b"MCID").ok()).and_then(|o| o.as_i64().ok());
        let tag = if name == b"Artifact" {
            let kind = properties.and_then(|p| p.get(b"Type").ok()).and_then(|o| o.as_name().ok()).unwrap_or_default();
            Some(Tag::Artifact(String::from_utf8_lossy(kind).into_owned()))
        } else {
            mcid.map(Tag::Content)
        };
        let actual = properties.and_then(|p| p.get(b"ActualText").ok()).and_then(text_of).map(Some);
        self.marked.push(Marked { tag, actual });
    }

    fn tag(&self) -> Tag {
        self.marked.iter().rev().find_map(|m| m.tag.clone()).unwrap_or(Tag::None)
    }

    fn painted(&mut self) {
        if self.marked.iter().all(|m| m.tag.is_none()) {
            self.page.untagged += 1;
        }
    }

    /// A picture fills the unit square.
    fn picture(&mut self, dictionary: &Dictionary) {
        let m = self.graphics.ctm;
        let side = |key: &[u8]| get(self.document, dictionary, key).and_then(|o| o.as_float().ok());
        if let (Some(width), Some(height)) = (side(b"Width"), side(b"Height")) {
            let points = [m[0].hypot(m[1]), m[2].hypot(m[3])];
            self.page.pictures.push(Shape { pixels: [width, height], points });
        }
    }

    fn external(&mut self, operands: &[Object], resources: Option<&'a Dictionary>, depth: usize) {
        let name = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
        let objects = resources.and_then(|r| get(self.document, r, b"XObject")).and_then(as_dictionary);
        let stream = objects.and_then(|x| get(self.document, x, name)).and_then(|o| o.as_stream().ok());
        let Some(stream) = stream else { return };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            self.painted();
            self.picture(&stream.dict);
            return;
        }
        if depth >= DEPTH {
            return;
        }
        let saved = self.graphics.clone();
        if let Some(Object::Array(values)) = get(self.document, &stream.dict, b"Matrix")
            && let [a, b, c, d, e, f] = values.iter().filter_map(|v| v.as_float().ok()).collect::<Vec<_>>()[..]
        {
            self.graphics.ctm = then([a, b, c, d, e, f], self.graphics.ctm);
        }
        let own = get(self.document, &stream.dict, b"Resources").and_then(as_dictionary);
        let content = stream.decompressed_content_with_limit(STREAM).unwrap_or_default();
        let open = self.marked.len();
        self.run(&content, own.or(resources), depth + 1);
        self.marked.truncate(open);
        self.graphics = saved;
    }
}

fn cmyk([c, m, y, k]: [f32; 4]) -> [f32; 3] {
    let (r, g, b) = crate::typeset::Color::Cmyk(c, m, y, k).to_rgb();
    [r, g, b]
}
