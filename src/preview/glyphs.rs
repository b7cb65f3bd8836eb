//! Glyphs as coverage: how much of each pixel a glyph fills.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use fontdue::{Font, FontSettings};

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

pub(super) struct Glyphs {
    fonts: Vec<Option<Font>>,
    scale: f32,
    drawn: RwLock<HashMap<Key, Arc<Coverage>>>,
}

impl Glyphs {
    /// Reads the faces that are used.
    pub(super) fn new(publication: &Publication, scale: f32) -> Result<Self> {
        let mut largest: Vec<Pt> = vec![0.0; publication.faces.len()];
        for mark in publication.sheets.iter().flat_map(|sheet| &sheet.marks) {
            if let MarkKind::Text(run) = &mark.kind
                && let Some(size) = largest.get_mut(usize::from(run.face.0))
            {
                *size = size.max(run.size);
            }
        }
        let fonts = publication
            .faces
            .iter()
            .zip(largest)
            .map(|(face, size)| if size > 0.0 { read(face, size * scale).map(Some) } else { Ok(None) })
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
        let font = font.filter(|font| glyph < font.glyph_count()).ok_or_else(|| Error::Output {
            name: "PNG".into(),
            reason: format!("glyph {glyph} of face {} is not there", face.0),
        })?;
        if !(pixels > 0.0 && pixels <= LARGEST) {
            return Ok(Coverage::default());
        }
        let Some(step) = step else {
            let (metrics, data) = font.rasterize_indexed(glyph, pixels);
            let top = -(metrics.ymin + metrics.height as i32);
            return Ok(Coverage { width: metrics.width, data, left: metrics.xmin, top });
        };
        // Drawn larger by as many times as there are steps, then gathered into pixels: exact coverage at every step.
        let times = i32::from(STEPS);
        let (metrics, large) = font.rasterize_indexed(glyph, pixels * f32::from(STEPS));
        if metrics.width == 0 || metrics.height == 0 {
            return Ok(Coverage::default());
        }
        let (x0, y0) = (metrics.xmin + i32::from(step), -(metrics.ymin + metrics.height as i32));
        let (left, top) = (x0.div_euclid(times), y0.div_euclid(times));
        let right = (x0 + metrics.width as i32 + times - 1).div_euclid(times);
        let bottom = (y0 + metrics.height as i32 + times - 1).div_euclid(times);
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        let mut sums = vec![0_u32; width * height];
        for (row, line) in large.chunks_exact(metrics.width).enumerate() {
            let y = ((y0 + row as i32).div_euclid(times) - top) as usize;
            for (column, &coverage) in line.iter().enumerate() {
                let x = ((x0 + column as i32).div_euclid(times) - left) as usize;
                sums[y * width + x] += u32::from(coverage);
            }
        }
        let area = (times * times) as u32;
        let data = sums.into_iter().map(|sum| ((sum + area / 2) / area).min(255) as u8).collect();
        Ok(Coverage { width, data, left, top })
    }
}

/// fontdue flattens curves for one size: the largest that this face is drawn with.
fn read(face: &Face, pixels: f32) -> Result<Font> {
    let scale = (pixels * f32::from(STEPS)).clamp(40.0, 400.0);
    let settings = FontSettings { collection_index: face.index, scale, load_substitutions: true };
    Font::from_bytes(&face.data[..], settings)
        .map_err(|e| Error::input(&face.name, format!("the font cannot be drawn: {e}")))
}
