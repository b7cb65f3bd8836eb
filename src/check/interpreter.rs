//! Runs the content of a page, as far as it decides which text stands where, over what, in which inks, and what it is
//! tagged as (ISO 32000-1, annex A).

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::budget::Budget;
use super::content::Operations;
use super::fonts::Font;
use super::load::decoded;
use super::paper::{inherited, inherited_box, page_box};
use super::press::{Paint, Press};
use super::reading::{Fill, Page, Shape, Shown, Tag, as_dictionary, get, text_of};

/// Form XObjects within form XObjects.
const DEPTH: usize = 8;
/// Marked content within marked content.
const MARKS: usize = 512;

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
    paint: Paint,
}

/// An open marked-content sequence.
struct Marked {
    tag: Option<Tag>,
    /// Text that replaces what is shown within; taken by the first that shows something.
    actual: Option<Option<String>>,
}

pub(super) struct Interpreter<'a> {
    document: &'a Document,
    fonts: &'a mut Vec<Font>,
    /// Fonts that are read already, by where their dictionary is in memory.
    known: &'a mut HashMap<usize, usize>,
    budget: &'a Budget,
    graphics: Graphics,
    stack: Vec<Graphics>,
    text: Matrix,
    line: Matrix,
    marked: Vec<Marked>,
    /// Sequences within more others than are kept.
    deeper: usize,
    /// Rectangles of the path that is open.
    path: Vec<[f32; 4]>,
    /// What of the sheet the page is cut from.
    bleed: [f32; 4],
    page: Page,
}

impl<'a> Interpreter<'a> {
    pub(super) fn read(
        document: &'a Document,
        id: ObjectId,
        fonts: &'a mut Vec<Font>,
        known: &'a mut HashMap<usize, usize>,
        budget: &'a Budget,
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
            paint: Paint::default(),
        };
        let dictionary = document.get_dictionary(id).ok();
        let trim = dictionary.map_or([0.0; 4], |d| page_box(document, d));
        let bleed = dictionary.and_then(|d| inherited_box(document, d, b"BleedBox")).unwrap_or(trim);
        let mut interpreter = Self {
            document,
            fonts,
            known,
            budget,
            graphics,
            stack: Vec::new(),
            text: IDENTITY,
            line: IDENTITY,
            marked: Vec::new(),
            deeper: 0,
            path: Vec::new(),
            bleed,
            page: Page {
                id,
                trim,
                shown: Vec::new(),
                fills: Vec::new(),
                pictures: Vec::new(),
                untagged: 0,
                press: Press::default(),
            },
        };
        let resources = dictionary.and_then(|d| inherited(document, d, b"Resources")).and_then(as_dictionary);
        let content = interpreter.content(id);
        interpreter.run(&content, resources, 0);
        interpreter.page
    }

    /// The content of a page, whose streams are read as one.
    fn content(&self, id: ObjectId) -> Vec<u8> {
        let mut content = Vec::new();
        for id in self.document.get_page_contents(id) {
            let Ok(stream) = self.document.get_object(id).and_then(Object::as_stream) else { continue };
            // What cannot be unpacked may be content as it stands.
            let own = decoded(stream, self.budget);
            if !self.budget.bytes(own.as_ref().map_or(stream.content.len(), |_| 0)) {
                break;
            }
            content.extend(own.as_deref().unwrap_or(&stream.content));
            content.push(b'\n');
        }
        content
    }

    fn run(&mut self, content: &[u8], resources: Option<&'a Dictionary>, depth: usize) {
        let mut operations = Operations::new(content);
        while let Some(operator) = operations.next() {
            let cost = if operations.is_overfull() { u64::MAX } else { 1 + operations.count() as u64 / 4 };
            if !self.budget.steps(cost) {
                return;
            }
            self.operation(operator, operations.operands(), resources, depth);
        }
    }

    fn operation(&mut self, operator: &[u8], operands: &[Object], resources: Option<&'a Dictionary>, depth: usize) {
        let number = |index: usize| operands.get(index).and_then(|o| o.as_float().ok()).unwrap_or(0.0);
        let matrix = || [0, 1, 2, 3, 4, 5].map(number);
        match operator {
            b"q" if self.stack.len() < 1000 => self.stack.push(self.graphics.clone()),
            b"Q" => {
                if let Some(graphics) = self.stack.pop() {
                    self.graphics = graphics;
                }
            }
            b"cm" => self.graphics.ctm = then(matrix(), self.graphics.ctm),
            b"BT" => (self.text, self.line) = (IDENTITY, IDENTITY),
            b"Tf" => {
                self.graphics.font =
                    operands.first().and_then(|o| o.as_name().ok()).and_then(|n| self.font(resources, n));
                self.graphics.size = number(1);
            }
            b"Tc" => self.graphics.character_space = number(0),
            b"Tw" => self.graphics.word_space = number(0),
            b"Tz" => self.graphics.stretch = number(0) / 100.0,
            b"TL" => self.graphics.leading = number(0),
            b"Ts" => self.graphics.rise = number(0),
            b"Tr" => self.graphics.invisible = number(0) == 3.0 || number(0) == 7.0,
            b"Td" => self.next_line(number(0), number(1)),
            b"TD" => {
                self.graphics.leading = -number(1);
                self.next_line(number(0), number(1));
            }
            b"Tm" => (self.text, self.line) = (matrix(), matrix()),
            b"T*" => self.next_line(0.0, -self.graphics.leading),
            b"Tj" => self.show(operands),
            b"'" => {
                self.next_line(0.0, -self.graphics.leading);
                self.show(operands);
            }
            b"\"" => {
                self.graphics.word_space = number(0);
                self.graphics.character_space = number(1);
                self.next_line(0.0, -self.graphics.leading);
                self.show(operands.get(2..).unwrap_or_default());
            }
            b"TJ" => {
                if let Some(Object::Array(items)) = operands.first() {
                    self.show(items);
                }
            }
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => self.set_color(operands),
            b"gs" => self.set_state(operands, resources),
            b"re" => {
                let (x0, y0) = apply(self.graphics.ctm, number(0), number(1));
                let (x1, y1) = apply(self.graphics.ctm, number(0) + number(2), number(1) + number(3));
                self.path.push([x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)]);
            }
            b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                let before = self.page.shown.len();
                let color = self.graphics.color;
                // Marks and colour bars beside the page have all inks, and no reader has them.
                if self.path.is_empty() || self.path.iter().any(|area| meet(*area, self.bleed)) {
                    self.page.press.painted(self.graphics.paint);
                }
                self.page.fills.extend(self.path.drain(..).map(|area| Fill { area, color, before }));
                self.painted();
            }
            b"S" | b"s" | b"sh" | b"EI" | b"BI" => {
                self.path.clear();
                self.painted();
            }
            b"n" => self.path.clear(),
            b"Do" => self.external(operands, resources, depth),
            b"BMC" => self.begin(operands, resources),
            b"BDC" => self.begin(operands, resources),
            b"EMC" => match self.deeper {
                0 => drop(self.marked.pop()),
                _ => self.deeper -= 1,
            },
            _ => {}
        }
    }

    /// The number of values tells the colour space, for which a profile's or a separation's own conversion is not run.
    fn set_color(&mut self, operands: &[Object]) {
        let values: Vec<f32> = operands.iter().filter_map(|o| o.as_float().ok()).collect();
        self.graphics.color = match values[..] {
            [gray] => [gray; 3],
            [r, g, b] => [r, g, b],
            [c, m, y, k] => cmyk([c, m, y, k]),
            _ => return,
        };
        self.graphics.paint.set_color(&values);
    }

    fn set_state(&mut self, operands: &[Object], resources: Option<&'a Dictionary>) {
        let name = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
        let states = resources.and_then(|r| get(self.document, r, b"ExtGState")).and_then(as_dictionary);
        if let Some(state) = states.and_then(|states| get(self.document, states, name)).and_then(as_dictionary) {
            self.graphics.paint.set_state(self.document, state);
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = then([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn font(&mut self, resources: Option<&'a Dictionary>, name: &[u8]) -> Option<usize> {
        let fonts = resources.and_then(|r| get(self.document, r, b"Font")).and_then(as_dictionary)?;
        let reference = fonts.get(name).ok()?;
        let font = self.document.dereference(reference).ok().and_then(|(_, object)| as_dictionary(object))?;
        let place = std::ptr::from_ref(font).addr();
        if let Some(index) = self.known.get(&place) {
            return Some(*index);
        }
        let index = self.fonts.len();
        self.fonts.push(Font::read(self.document, font, self.budget));
        self.known.insert(place, index);
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
                    if !self.budget.steps(bytes.len() as u64 / 16) {
                        return;
                    }
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
        if !self.budget.steps(2 + text.len() as u64 / 16) {
            return;
        }
        self.painted();
        self.page.press.text(self.graphics.paint, size, &text);
        let tag = self.tag();
        self.page.shown.push(Shown { text, font: index, size, left, right, baseline, color, tag, missing });
    }

    fn begin(&mut self, operands: &[Object], resources: Option<&'a Dictionary>) {
        if self.marked.len() >= MARKS {
            self.deeper += 1;
            return;
        }
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
        let actual = properties.and_then(|p| p.get(b"ActualText").ok());
        let length = actual.and_then(|text| text.as_str().ok()).map_or(0, <[u8]>::len);
        let actual = actual.filter(|_| self.budget.steps(length as u64 / 16)).and_then(text_of).map(Some);
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
    fn picture(&mut self, dictionary: &Dictionary, id: Option<ObjectId>) {
        let m = self.graphics.ctm;
        let side = |key: &[u8]| get(self.document, dictionary, key).and_then(|o| o.as_float().ok());
        if let (Some(width), Some(height)) = (side(b"Width"), side(b"Height")) {
            let points = [m[0].hypot(m[1]), m[2].hypot(m[3])];
            let space = space_of(self.document, dictionary);
            self.page.press.picture(self.graphics.paint, dictionary.has(b"SMask"));
            self.page.pictures.push(Shape { pixels: [width, height], points, id, space });
        }
    }

    fn external(&mut self, operands: &[Object], resources: Option<&'a Dictionary>, depth: usize) {
        let name = operands.first().and_then(|o| o.as_name().ok()).unwrap_or_default();
        let objects = resources.and_then(|r| get(self.document, r, b"XObject")).and_then(as_dictionary);
        let stream = objects.and_then(|x| get(self.document, x, name)).and_then(|o| o.as_stream().ok());
        let Some(stream) = stream else { return };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            self.painted();
            let id = objects.and_then(|x| x.get(name).ok()).and_then(|o| o.as_reference().ok());
            self.picture(&stream.dict, id);
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
        let content = decoded(stream, self.budget).unwrap_or_default();
        let (open, deeper) = (self.marked.len(), self.deeper);
        self.run(&content, own.or(resources), depth + 1);
        self.marked.truncate(open);
        self.deeper = deeper;
        self.graphics = saved;
    }
}

fn cmyk([c, m, y, k]: [f32; 4]) -> [f32; 3] {
    let (r, g, b) = crate::sheet::Color::Cmyk(c, m, y, k).to_rgb();
    [r, g, b]
}

/// The name of a picture's colour space.
fn space_of(document: &Document, picture: &Dictionary) -> String {
    let name = |object: &Object| object.as_name().ok().map(|n| String::from_utf8_lossy(n).into_owned());
    match get(document, picture, b"ColorSpace") {
        Some(Object::Array(parts)) => {
            let kind = parts.first().and_then(name).unwrap_or_default();
            let profile = parts.get(1).and_then(|o| document.dereference(o).ok()).and_then(|(_, o)| as_dictionary(o));
            let channels = profile.and_then(|p| get(document, p, b"N")).and_then(|o| o.as_i64().ok());
            match channels.filter(|_| kind == "ICCBased") {
                Some(1) => "DeviceGray".into(),
                Some(3) => "DeviceRGB".into(),
                Some(4) => "DeviceCMYK".into(),
                _ => kind,
            }
        }
        Some(object) => name(object).unwrap_or_default(),
        // A stencil mask is painted in the colour under way.
        None => String::new(),
    }
}

/// Whether two areas share more than an edge.
fn meet(a: [f32; 4], b: [f32; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
