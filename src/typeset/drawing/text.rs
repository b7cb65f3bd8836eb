//! Text of drawings as outlines: the one shaper of the house sets it, so that labels of charts are drawn.
//!
//! Each `text` element becomes a group of paths where it stood; resvg, built without a shaper of its own, draws the rest.
//! What cannot be set right is refused: half a label says something else than the whole.

use std::fmt::Write;

use resvg::usvg::roxmltree::{Document, Node};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::style::Sheet;
use crate::theme::Family;
use crate::typeset::text::characters::is_backward;
use crate::typeset::text::fonts::{FontIx, Fonts};
use crate::typeset::text::shape::{LangIx, Shaper};

/// Characters of all labels of a drawing.
const CHARACTERS: usize = 20_000;

type Element<'d> = Node<'d, 'd>;

/// The drawing with outlines for its text; `None` where it has none.
///
/// # Errors
/// What of the text cannot be set, as the end of a sentence about it.
pub(super) fn outlined(source: &str, document: &Document<'_>) -> Result<Option<String>, &'static str> {
    let is_label = |node: &Element| node.tag_name().name() == "text" && node.descendants().any(|n| has_text(&n));
    let labels: Vec<Element> = document.descendants().filter(is_label).collect();
    if labels.is_empty() {
        return Ok(None);
    }
    let count = labels.iter().flat_map(Node::descendants).filter_map(|n| n.text()).map(str::len).sum::<usize>();
    if count > CHARACTERS {
        return Err("is too long");
    }
    let mut shaper = Shaper::new();
    let lang = shaper.lang(document.root_element().attribute("lang").unwrap_or("und"));
    let sheet = Sheet::of(document);
    let mut setter = Labels { sheet, shaper, lang, out: String::new(), pen: (0.0, 0.0), chunk: Vec::new(), width: 0.0 };
    let (mut all, mut at) = (String::with_capacity(source.len() * 2), 0);
    for label in labels {
        let range = label.range();
        // A label within another was set with it.
        if range.start < at {
            continue;
        }
        all.push_str(&source[at..range.start]);
        let raw = source[range.start + 1..].split([' ', '\t', '\r', '\n', '>', '/']).next().unwrap_or_default();
        all.push_str(&setter.label(label, raw.strip_suffix("text").unwrap_or_default())?);
        at = range.end;
    }
    all.push_str(&source[at..]);
    if !setter.shaper.fonts.missing().is_empty() {
        return Err("has characters that no font has");
    }
    Ok(Some(all))
}

pub(super) fn has_text(node: &Node<'_, '_>) -> bool {
    node.is_text() && node.text().is_some_and(|text| !text.trim().is_empty())
}

/// A glyph at a distance from the beginning of its chunk.
struct Placed {
    font: FontIx,
    id: u16,
    size: f32,
    x: f32,
    y: f32,
    fill: String,
}

/// Sets labels one after the other.
struct Labels<'d> {
    sheet: Sheet<'d>,
    shaper: Shaper,
    lang: LangIx,
    out: String,
    /// Where the text under way is.
    pen: (f32, f32),
    /// Glyphs since the last absolute place: they are anchored together.
    chunk: Vec<Placed>,
    width: f32,
}

impl<'d> Labels<'d> {
    fn label(&mut self, label: Element<'d>, prefix: &str) -> Result<String, &'static str> {
        self.out.clear();
        let _ = write!(self.out, "<{prefix}g");
        for name in ["id", "class", "style", "transform", "opacity", "display", "visibility", "clip-path", "mask"] {
            if let Some(value) = label.attribute(name) {
                let _ = write!(self.out, " {name}=\"{}\"", escape(value));
            }
        }
        self.out.push('>');
        self.pen = (0.0, 0.0);
        let mut open = true;
        let mut anchor = label;
        self.content(label, prefix, &mut open, &mut anchor)?;
        self.end_chunk(anchor, prefix);
        let _ = write!(self.out, "</{prefix}g>");
        Ok(std::mem::take(&mut self.out))
    }

    /// Sets what an element holds; `open`: white space would be the first of a chunk, or follow other.
    fn content(
        &mut self,
        element: Element<'d>,
        prefix: &str,
        open: &mut bool,
        anchor: &mut Element<'d>,
    ) -> Result<(), &'static str> {
        let size = self.sheet.font_size(element);
        let number = |name: &str| element.attribute(name).map(|value| length(value, size)).transpose();
        if element.has_attribute("rotate") {
            return Err("has turned letters");
        }
        let (x, y) = (number("x")?, number("y")?);
        if x.is_some() || y.is_some() {
            self.end_chunk(*anchor, prefix);
            self.pen = (x.unwrap_or(self.pen.0), y.unwrap_or(self.pen.1));
            (*open, *anchor) = (true, element);
        }
        self.width += number("dx")?.unwrap_or(0.0);
        // A shift lasts, as in SVG 1.1, 10.5: what follows stands there too.
        self.pen.1 += number("dy")?.unwrap_or(0.0);
        for child in element.children() {
            if let Some(text) = child.text().filter(|_| child.is_text()) {
                self.run(element, text, open)?;
            } else if child.is_element() {
                match child.tag_name().name() {
                    "tspan" | "a" => self.content(child, prefix, open, anchor)?,
                    "title" | "desc" => {}
                    _ => return Err("follows a path"),
                }
            }
        }
        Ok(())
    }

    /// Sets a run of one look.
    fn run(&mut self, element: Element<'d>, text: &str, open: &mut bool) -> Result<(), &'static str> {
        if text.chars().any(is_backward) {
            return Err("runs from right to left");
        }
        let get = |name: &str| self.sheet.inherited(element, name).unwrap_or_default();
        if get("writing-mode").starts_with(['t', 'v']) {
            return Err("runs downwards");
        }
        let size = self.sheet.font_size(element);
        let family = get("font-family").to_lowercase();
        let serif = ["times", "georgia", "pt serif", "garamond"].iter().any(|name| family.contains(name));
        let family = match family {
            family if family.contains("mono") || family.contains("courier") => Family::Mono,
            family if serif || family.trim() == "serif" => Family::Serif,
            _ => Family::Sans,
        };
        let font = Fonts::pick(family, self.sheet.is_bold(element), get("font-style").starts_with(['i', 'o']));
        let fill = Some(get("fill")).filter(|fill| !fill.is_empty()).unwrap_or("black").to_owned();
        let metrics = self.shaper.fonts.metrics(font);
        let baseline = match [get("dominant-baseline"), get("alignment-baseline")] {
            ["middle" | "central", _] | [_, "middle" | "central"] => metrics.x_height * 0.7,
            ["hanging" | "text-before-edge", _] | [_, "hanging" | "text-before-edge"] => metrics.ascent * 0.8,
            _ => 0.0,
        };
        let y = self.pen.1 + baseline * size;
        let space = self.shaper.space(font).map_or(0.25, |(_, width)| width) * size;
        for (index, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if index > 0 && !*open {
                self.width += space;
                *open = true;
            }
            if word.is_empty() {
                continue;
            }
            *open = false;
            let shaped = self.shaper.word(word, font, self.lang, false);
            for part in &shaped.parts {
                for glyph in &part.glyphs {
                    let (x, y) = (self.width + glyph.dx * size, y - glyph.dy * size);
                    self.chunk.push(Placed { font: part.font, id: glyph.id, size, x, y, fill: fill.clone() });
                    self.width += glyph.advance * size;
                }
            }
        }
        Ok(())
    }

    /// Draws what was set since the last absolute place, before, around or behind it.
    fn end_chunk(&mut self, anchor: Element<'d>, prefix: &str) {
        let part = match self.sheet.inherited(anchor, "text-anchor") {
            Some("middle") => 0.5,
            Some("end") => 1.0,
            _ => 0.0,
        };
        let left = self.pen.0 - self.width * part;
        let chunk = std::mem::take(&mut self.chunk);
        for group in chunk.chunk_by(|a, b| a.fill == b.fill) {
            let mut path = Path { out: String::new(), x: 0.0, y: 0.0, scale: 1.0 };
            for placed in group {
                let (data, index) = self.shaper.fonts.file(placed.font);
                let Ok(font) = FontRef::from_index(data, index) else { continue };
                let em = font.metrics(Size::unscaled(), LocationRef::default()).units_per_em;
                (path.x, path.y) = (left + placed.x, placed.y);
                path.scale = placed.size / f32::from(em.max(1));
                let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
                if let Some(outline) = font.outline_glyphs().get(GlyphId::from(placed.id)) {
                    // A broken outline is drawn as far as it goes.
                    let _ = outline.draw(settings, &mut path);
                }
            }
            let fill = escape(&group[0].fill);
            let _ = write!(self.out, "<{prefix}path style=\"fill:{fill};stroke:none\" d=\"{}\"/>", path.out);
        }
        self.pen.0 = left + self.width;
        self.width = 0.0;
    }
}

/// An outline as path data. Letters stand upright, so what goes up in a font goes down here.
struct Path {
    out: String,
    x: f32,
    y: f32,
    scale: f32,
}

impl Path {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.out.push(command);
        for (x, y) in points {
            let _ = write!(self.out, "{:.3} {:.3} ", self.x + x * self.scale, self.y - y * self.scale);
        }
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.add('Q', &[(cx, cy), (x, y)]);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.add('C', &[(ax, ay), (bx, by), (x, y)]);
    }

    fn close(&mut self) {
        self.out.push('Z');
    }
}

/// One length; a list of them places letters one by one.
fn length(value: &str, size: f32) -> Result<f32, &'static str> {
    super::style::length(value, size).ok_or("sets its letters one by one")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
