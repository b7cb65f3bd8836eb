//! Content streams: what is painted on a page, each piece marked as content or artifact.

use lopdf::dictionary;
use printpdf::{
    Color as PdfColor, CurTransMat, DictItem, Greyscale, Op, PaintMode, PdfDocument, PdfFontHandle, PdfPage,
    PdfSaveOptions, Rgb as PdfRgb, TextMatrix,
};
use rayon::prelude::*;
use std::collections::BTreeMap;

use super::fonts::{Fonts, resource_name, text_of};
use super::objects::{Upwards, contradiction, deflated, rounded};
use super::options::{Ink, Options};
use super::painted::PaintedPage;
use super::pictures::Pictures;
use crate::Result;
use crate::sheet::{
    Color, ContentId, FaceId, Frame, MarkKind, Owner, PictureId, Publication, Rect, Sheet, Structure, TextRun,
};

/// The name of a picture in a page's resources.
pub(super) fn picture_name(id: PictureId) -> String {
    format!("P{}", id.0)
}

/// Sheets that one core paints at a time: enough to keep the cores busy, few enough to keep memory low.
const BATCH: usize = 8;

/// Paints all sheets, on all cores.
pub(super) fn draw(
    publication: &Publication,
    fonts: &Fonts<'_>,
    pictures: &Pictures,
    options: &Options,
) -> Result<Vec<PaintedPage>> {
    let batches: Vec<Vec<PaintedPage>> = publication
        .sheets
        .par_chunks(BATCH)
        .enumerate()
        .map(|(index, sheets)| draw_batch(publication, fonts, pictures, options, index * BATCH, sheets))
        .collect::<Result<_>>()?;
    Ok(batches.into_iter().flatten().collect())
}

fn draw_batch(
    publication: &Publication,
    fonts: &Fonts<'_>,
    pictures: &Pictures,
    options: &Options,
    first: usize,
    sheets: &[Sheet],
) -> Result<Vec<PaintedPage>> {
    let mut document = PdfDocument::new("");
    let mut painted = Vec::with_capacity(sheets.len());
    for (offset, sheet) in sheets.iter().enumerate() {
        let mut painter = Painter {
            fonts,
            pictures,
            ink: options.ink,
            structure: &publication.structure,
            frame: Frame::of(sheet),
            place: first + offset + 1,
            ops: Vec::with_capacity(sheet.marks.len() * 4),
            open: None,
            in_text: false,
            state: State::default(),
            marked: Vec::new(),
            used: Vec::new(),
        };
        painter.paint(sheet)?;
        let Painter { ops, marked, used, .. } = painter;
        // The boxes are set later: printpdf writes boxes that are not at the origin wrong.
        document.pages.push(PdfPage::new(printpdf::Mm(0.0), printpdf::Mm(0.0), ops));
        painted.push((marked, used));
    }
    let save = PdfSaveOptions { optimize: false, subset_fonts: false, secure: false, image_optimization: None };
    let written = document.to_lopdf_document(&save, &mut Vec::new());
    drop(document);
    let pages = written.get_pages();
    painted
        .into_iter()
        .zip(pages.values())
        .map(|((marked, pictures), page)| {
            let content = written.get_page_content(*page);
            Ok(PaintedPage { stream: deflated(dictionary! {}, &content), marked, pictures })
        })
        .collect()
}

/// Thousandths of an em that the pen may be off: a hundredth of a millimetre in running text. Below that a correction costs
/// bytes and moves nothing that a press or a screen could show.
const LEAST_STEP: f64 = 3.0;

/// What the graphics state holds, so that it is set only when it changes.
#[derive(Default, PartialEq)]
struct State {
    font: Option<(FaceId, f32)>,
    fill: Option<Color>,
    stroke: Option<Color>,
    width: Option<f32>,
    rise: f32,
    /// What is filled is printed over what is there.
    over: bool,
}

/// Names of the states in which what is filled is printed over what is there, and instead of it.
const OVER: &str = "Over";
const INSTEAD: &str = "Instead";

/// The two states of overprinting: with mode 1 an ink that a colour has none of leaves what is there (ISO 32000-1,
/// 11.7.4.3).
pub(super) fn overprint_states() -> lopdf::Dictionary {
    dictionary! {
        OVER => dictionary! { "Type" => "ExtGState", "op" => true, "OP" => false, "OPM" => 1 },
        INSTEAD => dictionary! { "Type" => "ExtGState", "op" => false, "OP" => false, "OPM" => 0 },
    }
}

fn is_black(color: Color) -> bool {
    match color {
        Color::Gray(v) => v <= 0.0,
        Color::Rgb(r, g, b) => r.max(g).max(b) <= 0.0,
        Color::Cmyk(c, m, y, k) => c.max(m).max(y) <= 0.0 && k >= 1.0,
    }
}

struct Painter<'a> {
    fonts: &'a Fonts<'a>,
    pictures: &'a Pictures,
    ink: Ink,
    structure: &'a Structure,
    frame: Frame,
    /// Number of the page, for messages.
    place: usize,
    ops: Vec<Op>,
    /// The marked-content sequence that is open.
    open: Option<Owner>,
    in_text: bool,
    state: State,
    marked: Vec<ContentId>,
    used: Vec<PictureId>,
}

impl Painter<'_> {
    fn paint(&mut self, sheet: &Sheet) -> Result<()> {
        for mark in &sheet.marks {
            self.mark_as(mark.owner)?;
            match &mark.kind {
                MarkKind::Text(run) => self.text(run)?,
                MarkKind::Fill { rect, color } => {
                    self.end_text();
                    self.fill(*color);
                    self.rectangle(*rect, PaintMode::Fill);
                }
                MarkKind::Stroke { rect, width, color } => {
                    self.end_text();
                    self.stroke(*color, *width);
                    self.rectangle(*rect, PaintMode::Stroke);
                }
                MarkKind::Picture { picture, rect } => self.picture(*picture, *rect)?,
            }
        }
        self.close();
        self.printers_marks();
        Ok(())
    }

    /// Goes on with the open sequence if it has the same owner, else begins one.
    fn mark_as(&mut self, owner: Owner) -> Result<()> {
        if self.open == Some(owner) {
            return Ok(());
        }
        self.close();
        let (tag, key, value) = match owner {
            Owner::Content(id) => {
                let element = self.structure.contents.get(id.0 as usize).copied();
                let element = element
                    .and_then(|e| self.structure.elements.get(e.0 as usize))
                    .ok_or_else(|| contradiction(format!("page {}: content {} has no element", self.place, id.0)))?;
                self.marked.push(id);
                let mcid = DictItem::Int(self.marked.len() as i64 - 1);
                (super::tags::name(&element.role), "MCID", mcid)
            }
            Owner::Pagination => ("Artifact".into(), "Type", DictItem::Name(b"Pagination".to_vec())),
            Owner::Layout => ("Artifact".into(), "Type", DictItem::Name(b"Layout".to_vec())),
        };
        self.begin(&tag, key, value);
        self.open = Some(owner);
        Ok(())
    }

    fn begin(&mut self, tag: &str, key: &str, value: DictItem) {
        let properties = DictItem::Dict { map: BTreeMap::from([(key.to_owned(), value)]) };
        self.ops.push(Op::BeginMarkedContentWithProperties { tag: tag.to_owned(), properties });
    }

    fn close(&mut self) {
        self.end_text();
        if self.open.take().is_some() {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn end_text(&mut self) {
        if std::mem::take(&mut self.in_text) {
            self.ops.push(Op::EndTextSection);
        }
    }

    fn text(&mut self, run: &TextRun) -> Result<()> {
        if run.glyphs.is_empty() || !run.size.is_finite() || run.size <= 0.0 {
            return Ok(());
        }
        let font = self.fonts.get(run.face)?;
        self.fill(run.color);
        if !std::mem::replace(&mut self.in_text, true) {
            self.ops.push(Op::StartTextSection);
        }
        if self.state.font != Some((run.face, run.size)) {
            self.state.font = Some((run.face, run.size));
            let id = printpdf::FontId(resource_name(run.face));
            self.ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: printpdf::Pt(run.size) });
        }
        let (x, y) = (self.frame.x(run.x), self.frame.y(run.y));
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(printpdf::Pt(x), printpdf::Pt(y)) });

        // Where the pen should be and where the viewer's is, in thousandths of an em: the difference is corrected with
        // whole numbers, and what rounding leaves is carried, so that a line does not drift.
        let per_point = 1000.0 / f64::from(run.size);
        let (mut wanted, mut pen) = (0.0_f64, 0.0_f64);
        let mut line = Line::default();
        let owner = self.open;
        let backward = clusters_backward(run);
        let mut index = 0;
        for turn in 0.. {
            let cluster = match &backward {
                None if index < run.glyphs.len() => cluster_at(run, index),
                Some(clusters) if turn < clusters.len() => {
                    let (first, length, start) = clusters[turn];
                    index = first;
                    wanted = start * per_point;
                    length
                }
                _ => break,
            };
            let actual = actual_text(run, index, cluster, font);
            if actual.is_some() {
                self.show(&mut line);
            }
            let at = (rounded(x + (pen / per_point) as f32), y);
            if let Some(text) = actual {
                self.begin_replacement(owner, text, at)?;
            } else if let (None, Some(owner)) = (self.open, owner) {
                self.mark_as(owner)?;
                self.resume_text(at);
            }
            for glyph in &run.glyphs[index..index + cluster] {
                let text = text_of(&run.text, glyph.text).unwrap_or_default();
                let code = font.code(glyph.id, text);
                if self.state.rise != glyph.dy {
                    self.show(&mut line);
                    self.state.rise = glyph.dy;
                    self.ops.push(Op::SetLineOffset { multiplier: rounded(glyph.dy) });
                }
                let step = ((wanted + f64::from(glyph.dx) * per_point) - pen).round();
                if step.abs() >= LEAST_STEP && step.is_finite() {
                    line.move_by(-step as i64);
                    pen += step;
                }
                line.show(font.written(code));
                pen += f64::from(font.width(code));
                wanted += f64::from(glyph.advance) * per_point;
            }
            if actual.is_some() {
                self.show(&mut line);
                self.end_replacement(owner);
            }
            index += cluster;
        }
        self.show(&mut line);
        if self.state.rise != 0.0 {
            self.state.rise = 0.0;
            self.ops.push(Op::SetLineOffset { multiplier: 0.0 });
        }
        Ok(())
    }

    /// Begins glyphs for which a text stands, with the pen at a place.
    ///
    /// Inside tagged content this is a sequence of its own and not one within another: poppler takes the end of an inner one
    /// for the end of all, and readers built on it would lose the rest of the paragraph.
    fn begin_replacement(&mut self, owner: Option<Owner>, text: &str, at: (f32, f32)) -> Result<()> {
        let mut bytes = vec![0xfe, 0xff];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        let text = DictItem::String { data: bytes, literal: false };
        let Some(owner @ Owner::Content(_)) = owner else {
            self.begin("Span", "ActualText", text);
            return Ok(());
        };
        self.close();
        self.mark_as(owner)?;
        if let Some(Op::BeginMarkedContentWithProperties { properties: DictItem::Dict { map }, .. }) =
            self.ops.last_mut()
        {
            map.insert("ActualText".into(), text);
        }
        self.resume_text(at);
        Ok(())
    }

    fn end_replacement(&mut self, owner: Option<Owner>) {
        match owner {
            // What follows begins another, if anything does.
            Some(Owner::Content(_)) => self.close(),
            _ => self.ops.push(Op::EndMarkedContent),
        }
    }

    /// Goes on with a line in a new text object: font and rise outlast the old one, the place does not.
    fn resume_text(&mut self, (x, y): (f32, f32)) {
        self.in_text = true;
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(printpdf::Pt(x), printpdf::Pt(y)) });
    }

    /// Writes what has been gathered as one TJ.
    ///
    /// printpdf's own ShowText makes an object and a string of every glyph; this operator, spelt out, holds whole words.
    fn show(&mut self, line: &mut Line) {
        if let Some(items) = line.take() {
            self.ops.push(Op::Unknown { key: "TJ".into(), value: vec![DictItem::Array(items)] });
        }
    }

    fn fill(&mut self, color: Color) {
        if self.state.fill != Some(color) {
            self.state.fill = Some(color);
            self.ops.push(Op::SetFillColor { col: self.ink.mix(color) });
            self.overprint(self.ink == Ink::Cmyk && is_black(color));
        }
    }

    /// Black over a colour leaves it in place: where plates are a hair apart, no white shows around the letters.
    fn overprint(&mut self, over: bool) {
        if self.state.over != over {
            self.state.over = over;
            let name = if over { OVER } else { INSTEAD };
            self.ops.push(Op::Unknown { key: "gs".into(), value: vec![DictItem::Name(name.as_bytes().to_vec())] });
        }
    }

    fn stroke(&mut self, color: Color, width: f32) {
        if self.state.stroke != Some(color) {
            self.state.stroke = Some(color);
            self.ops.push(Op::SetOutlineColor { col: self.ink.mix(color) });
        }
        if self.state.width != Some(width) {
            self.state.width = Some(width);
            self.ops.push(Op::SetOutlineThickness { pt: printpdf::Pt(rounded(width)) });
        }
    }

    fn rectangle(&mut self, rect: Rect, mode: PaintMode) {
        self.ops.push(Op::DrawRectangle {
            rectangle: printpdf::Rect {
                x: printpdf::Pt(self.frame.x(rect.x)),
                y: printpdf::Pt(self.frame.y(rect.y + rect.height)),
                width: printpdf::Pt(rounded(rect.width)),
                height: printpdf::Pt(rounded(rect.height)),
                mode: Some(mode),
                winding_order: None,
            },
        });
    }

    fn picture(&mut self, id: PictureId, rect: Rect) -> Result<()> {
        self.end_text();
        let Some(orientation) = self.pictures.orientation(id)? else {
            // It cannot be shown: a pale field keeps its place, and its description still stands for it.
            self.fill(Color::Gray(0.9));
            self.rectangle(rect, PaintMode::Fill);
            return Ok(());
        };
        let (x, y) = (self.frame.x(rect.x), self.frame.y(rect.y + rect.height));
        let matrix = orientation.place(x, y, rounded(rect.width), rounded(rect.height));
        if !self.used.contains(&id) {
            self.used.push(id);
        }
        self.ops.extend([
            Op::SaveGraphicsState,
            Op::SetTransformationMatrix { matrix: CurTransMat::Raw(matrix) },
            Op::Unknown { key: "Do".into(), value: vec![DictItem::Name(picture_name(id).into_bytes())] },
            Op::RestoreGraphicsState,
        ]);
        Ok(())
    }

    fn printers_marks(&mut self) {
        let marks = self.frame.marks();
        if marks.is_empty() {
            return;
        }
        self.begin("Artifact", "Type", DictItem::Name(b"Page".to_vec()));
        self.fill(match self.ink {
            // On a press the marks are on every plate.
            Ink::Cmyk => Color::Cmyk(1.0, 1.0, 1.0, 1.0),
            Ink::Rgb | Ink::Gray => Color::Gray(0.0),
        });
        for mark in marks {
            self.rectangle(mark, PaintMode::Fill);
        }
        for (patch, color) in self.frame.color_bars(self.ink == Ink::Gray) {
            self.fill(color);
            self.rectangle(patch, PaintMode::Fill);
        }
        self.ops.push(Op::EndMarkedContent);
    }
}

/// The operand of a TJ in the making.
#[derive(Default)]
struct Line {
    items: Vec<DictItem>,
    codes: Vec<u8>,
}

impl Line {
    fn show(&mut self, code: u16) {
        self.codes.extend(code.to_be_bytes());
    }

    fn move_by(&mut self, thousandths: i64) {
        self.flush();
        self.items.push(DictItem::Int(thousandths));
    }

    fn flush(&mut self) {
        if !self.codes.is_empty() {
            // A literal string: two bytes a glyph where hexadecimal takes four.
            self.items.push(DictItem::String { data: std::mem::take(&mut self.codes), literal: true });
        }
    }

    fn take(&mut self) -> Option<Vec<DictItem>> {
        self.flush();
        (!self.items.is_empty()).then(|| std::mem::take(&mut self.items))
    }
}

/// How many glyphs from `index` on make one cluster: in a run's visual order the glyphs without text of their own belong
/// to the one with text before them.
fn cluster_at(run: &TextRun, index: usize) -> usize {
    let bare = |g: &&crate::sheet::Glyph| g.text.0 == g.text.1;
    1 + run.glyphs[index + 1..].iter().take_while(bare).count()
}

/// The clusters of a run whose glyphs, from left to right, spell its text from the end, as letters that run from right to
/// left do; in the order of the text, each with its first glyph, its count of glyphs and its place. They are shown in this
/// order, with the pen going back: whoever reads the codes one after the other reads words.
fn clusters_backward(run: &TextRun) -> Option<Vec<(usize, usize, f64)>> {
    let mut with_text = run.glyphs.iter().filter(|glyph| glyph.text.0 < glyph.text.1).map(|glyph| glyph.text.0);
    let first = with_text.next()?;
    if with_text.next()? > first {
        return None;
    }
    let mut clusters = Vec::new();
    let (mut index, mut x) = (0, 0.0);
    while index < run.glyphs.len() {
        let length = cluster_at(run, index);
        clusters.push((index, length, x));
        x += run.glyphs[index..index + length].iter().map(|glyph| f64::from(glyph.advance)).sum::<f64>();
        index += length;
    }
    clusters.reverse();
    Some(clusters)
}

/// The text of a cluster, where its glyphs' codes do not say it themselves.
fn actual_text<'r>(run: &'r TextRun, index: usize, cluster: usize, font: &super::fonts::Font<'_>) -> Option<&'r str> {
    let first = run.glyphs[index];
    let text = run.text.get(first.text.0 as usize..first.text.1 as usize)?;
    let speaks = cluster == 1 && font.says(font.code(first.id, text), text);
    (!speaks && !text.is_empty()).then_some(text)
}

impl Ink {
    /// A colour in these inks.
    fn mix(self, color: Color) -> PdfColor {
        let gray = |v: f32| PdfColor::Greyscale(Greyscale::new(unit(v), None));
        match (self, color) {
            // As an ink: gray has no part in overprinting.
            (Self::Cmyk, Color::Gray(v)) if v <= 0.0 => PdfColor::Cmyk(printpdf::Cmyk::new(0.0, 0.0, 0.0, 1.0, None)),
            (Self::Rgb | Self::Cmyk, Color::Gray(v)) => gray(v),
            (Self::Rgb, color) => {
                let (r, g, b) = color.to_rgb();
                PdfColor::Rgb(PdfRgb::new(unit(r), unit(g), unit(b), None))
            }
            (Self::Cmyk, Color::Cmyk(c, m, y, k)) => {
                PdfColor::Cmyk(printpdf::Cmyk::new(unit(c), unit(m), unit(y), unit(k), None))
            }
            (Self::Cmyk, Color::Rgb(r, g, b)) => {
                // All that the three colours share is printed with black.
                let k = 1.0 - unit(r).max(unit(g)).max(unit(b));
                let rest = |v: f32| if k >= 1.0 { 0.0 } else { rounded((1.0 - unit(v) - k) / (1.0 - k)) };
                PdfColor::Cmyk(printpdf::Cmyk::new(rest(r), rest(g), rest(b), rounded(k), None))
            }
            (Self::Gray, color) => gray(luminance(color)),
        }
    }
}

/// How light a colour looks, 0 to 1, in the file's gamma (ITU-R BT.709 weights).
fn luminance(color: Color) -> f32 {
    let (r, g, b) = color.to_rgb();
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn unit(value: f32) -> f32 {
    if value.is_finite() { rounded(value.clamp(0.0, 1.0)) } else { 0.0 }
}
