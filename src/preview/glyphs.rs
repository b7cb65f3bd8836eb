//! Glyphs as coverage: how much of each pixel a glyph fills.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use resvg::tiny_skia::{FillRule, Mask, PathBuilder, Transform};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use crate::sheet::{Face, FaceId, MarkKind, Pt, Publication};
use crate::{Error, Result};

/// Steps within a pixel at which a glyph can stand. Text set without them looks unevenly spaced.
const STEPS: u16 = 4;

/// Pixels per em up to which glyphs are placed in steps; above, one pixel is little.
const FINE: f32 = 160.0;

/// Pixels per em that a glyph may have.
const LARGEST: f32 = 8000.0;

/// The coverage of one glyph.
#[derive(Default)]
pub(super) struct Coverage {
    width: usize,
    data: Vec<u8>,
    /// From the pixel that the pen is in to the left column.
    left: i32,
    /// From the pixel row above the baseline to the top row.
    top: i32,
}

impl Coverage {
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.data.chunks_exact(self.width.max(1))
    }
}

/// Face, glyph, bits of the size, step.
type Key = (FaceId, u16, u32, u16);

pub(super) struct Glyphs<'a> {
    fonts: Vec<Option<FontRef<'a>>>,
    scale: f32,
    drawn: RwLock<HashMap<Key, Arc<Coverage>>>,
}

impl<'a> Glyphs<'a> {
    /// Reads the faces that are used.
    pub(super) fn new(publication: &'a Publication, scale: f32) -> Result<Self> {
        let mut used = vec![false; publication.faces.len()];
        for mark in publication.sheets.iter().flat_map(|sheet| &sheet.marks) {
            if let MarkKind::Text(run) = &mark.kind
                && let Some(used) = used.get_mut(usize::from(run.face.0))
            {
                *used = true;
            }
        }
        let fonts = publication
            .faces
            .iter()
            .zip(used)
            .map(|(face, used)| used.then(|| read(face)).transpose())
            .collect::<Result<_>>()?;
        Ok(Self { fonts, scale, drawn: RwLock::default() })
    }

    /// The coverage of a glyph whose pen is at a place in pixels, and the pixel of its top left corner.
    ///
    /// Baselines stand on whole pixels, so that the feet of a line's letters are equally sharp; on the pixel that they are in,
    /// as poppler sets them.
    pub(super) fn at(&self, face: FaceId, glyph: u16, size: Pt, x: f32, y: f32) -> Result<(Arc<Coverage>, i32, i32)> {
        let pixels = size * self.scale;
        let fine = pixels <= FINE;
        let (column, step) = if fine {
            let steps = (x * f32::from(STEPS)).round();
            let column = (steps / f32::from(STEPS)).floor();
            (column as i32, (steps - column * f32::from(STEPS)) as u16)
        } else {
            (x.round() as i32, 0)
        };
        let key = (face, glyph, pixels.to_bits(), step);
        let known = self.drawn.read().ok().and_then(|drawn| drawn.get(&key).cloned());
        let coverage = match known {
            Some(coverage) => coverage,
            None => {
                let coverage = Arc::new(self.rasterize(face, glyph, pixels, fine.then_some(step))?);
                if let Ok(mut drawn) = self.drawn.write() {
                    drawn.insert(key, coverage.clone());
                }
                coverage
            }
        };
        let (left, top) = (column.saturating_add(coverage.left), (y.floor() as i32).saturating_add(coverage.top));
        Ok((coverage, left, top))
    }

    fn rasterize(&self, face: FaceId, glyph: u16, pixels: f32, step: Option<u16>) -> Result<Coverage> {
        let font = self.fonts.get(usize::from(face.0)).and_then(Option::as_ref);
        let outline = font.and_then(|font| font.outline_glyphs().get(GlyphId::from(glyph)));
        let outline = outline.ok_or_else(|| Error::Output {
            name: "PNG".into(),
            reason: format!("glyph {glyph} of face {} is not there", face.0),
        })?;
        if !(pixels > 0.0 && pixels <= LARGEST) {
            return Ok(Coverage::default());
        }
        // Drawn larger by as many times as there are steps, then gathered into pixels: exact coverage at every step.
        let times = if step.is_some() { i32::from(STEPS) } else { 1 };
        let mut pen = Pen(PathBuilder::new());
        let settings = DrawSettings::unhinted(Size::new(pixels * times as f32), LocationRef::default());
        let drawn = outline.draw(settings, &mut pen);
        drawn.map_err(|e| Error::Output { name: "PNG".into(), reason: format!("glyph {glyph} is broken: {e}") })?;
        let Some(path) = pen.0.finish() else { return Ok(Coverage::default()) };
        let bounds = path.bounds();
        // The size is bounded; a glyph that reaches far beyond it is broken.
        if !(bounds.width() < 2.0 * LARGEST && bounds.height() < 2.0 * LARGEST) {
            return Ok(Coverage::default());
        }
        let step = i32::from(step.unwrap_or_default());
        let (x0, y0) = (bounds.left().floor() as i32 + step, bounds.top().floor() as i32);
        let (x1, y1) = (bounds.right().ceil() as i32 + step, bounds.bottom().ceil() as i32);
        let (left, top) = (x0.div_euclid(times), y0.div_euclid(times));
        let (right, bottom) = ((x1 + times - 1).div_euclid(times), (y1 + times - 1).div_euclid(times));
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        let Some(mut large) = Mask::new((width as i32 * times) as u32, (height as i32 * times) as u32) else {
            return Ok(Coverage::default());
        };
        let place = Transform::from_translate((step - left * times) as f32, (-top * times) as f32);
        large.fill_path(&path, FillRule::Winding, true, place);
        let times = times as usize;
        if times == 1 {
            return Ok(Coverage { width, data: large.data().to_vec(), left, top });
        }
        let mut sums = vec![0_u32; width * height];
        for (y, line) in large.data().chunks_exact(width * times).enumerate() {
            for (x, &coverage) in line.iter().enumerate() {
                sums[y / times * width + x / times] += u32::from(coverage);
            }
        }
        let area = (times * times) as u32;
        let data = sums.into_iter().map(|sum| ((sum + area / 2) / area).min(255) as u8).collect();
        Ok(Coverage { width, data, left, top })
    }
}

/// Takes a glyph's outline, which stands on its baseline, to where pixels count downwards.
struct Pen(PathBuilder);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, -y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, -y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(cx, -cy, x, -y);
    }

    fn curve_to(&mut self, cx: f32, cy: f32, dx: f32, dy: f32, x: f32, y: f32) {
        self.0.cubic_to(cx, -cy, dx, -dy, x, -y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}

fn read(face: &Face) -> Result<FontRef<'_>> {
    FontRef::from_index(&face.data, face.index)
        .map_err(|e| Error::input(&face.name, format!("the font cannot be drawn: {e}")))
}
