//! A white page of pixels.

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};

use super::glyphs::Coverage;
use crate::sheet::{Pt, Rect};

pub(super) struct Canvas {
    pixels: RgbImage,
    /// Pixels per point.
    scale: f32,
    /// From the medium's edge to the trimmed page's.
    around: Pt,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32, scale: f32, around: Pt) -> Self {
        Self { pixels: RgbImage::from_pixel(width, height, image::Rgb([255; 3])), scale, around }
    }

    pub(super) fn into_image(self) -> RgbImage {
        self.pixels
    }

    /// From the sheet's points to pixels.
    pub(super) fn to_pixels(&self, x: Pt, y: Pt) -> (f32, f32) {
        ((x + self.around) * self.scale, (y + self.around) * self.scale)
    }

    /// Fills a rectangle; pixels that it covers in part are mixed.
    pub(super) fn fill(&mut self, rect: Rect, color: [u8; 3]) {
        let (left, top) = self.to_pixels(rect.x, rect.y);
        let (right, bottom) = self.to_pixels(rect.x + rect.width, rect.y + rect.height);
        let (left, right) = at_least_a_pixel(left, right);
        let (top, bottom) = at_least_a_pixel(top, bottom);
        let columns = covered(left, right, self.pixels.width());
        for (y, in_row) in covered(top, bottom, self.pixels.height()) {
            for &(x, in_column) in &columns {
                self.mix(x, y, color, (in_row * in_column * 255.0).round() as u8);
            }
        }
    }

    /// Lays a picture over a rectangle, rounded to whole pixels.
    pub(super) fn picture(&mut self, rect: Rect, picture: &DynamicImage, filter: FilterType) {
        let (left, top) = self.to_pixels(rect.x, rect.y);
        let (right, bottom) = self.to_pixels(rect.x + rect.width, rect.y + rect.height);
        let (left, top, right, bottom) = (left.floor(), top.floor(), right.ceil(), bottom.ceil());
        // A rectangle far larger than the page is a fault elsewhere; drawing it must not take all memory.
        let most = |pixels: u32| pixels as f32 * 4.0;
        if !(right > left && bottom > top)
            || right - left > most(self.pixels.width())
            || bottom - top > most(self.pixels.height())
        {
            return;
        }
        let scaled = picture.resize_exact((right - left) as u32, (bottom - top) as u32, filter);
        let (left, top) = (left as i64, top as i64);
        if scaled.color().has_alpha() {
            for (x, y, pixel) in scaled.to_rgba8().enumerate_pixels() {
                let [r, g, b, alpha] = pixel.0;
                if let (Ok(x), Ok(y)) = (u32::try_from(left + i64::from(x)), u32::try_from(top + i64::from(y))) {
                    self.mix(x, y, [r, g, b], alpha);
                }
            }
        } else {
            image::imageops::replace(&mut self.pixels, &scaled.to_rgb8(), left, top);
        }
    }

    /// Lets a glyph's coverage show a colour.
    pub(super) fn cover(&mut self, image: &Coverage, left: i32, top: i32, color: [u8; 3]) {
        for (row, line) in image.rows().enumerate() {
            let Ok(y) = u32::try_from(top + row as i32) else { continue };
            for (column, &coverage) in line.iter().enumerate() {
                let Ok(x) = u32::try_from(left + column as i32) else { continue };
                if coverage > 0 {
                    self.mix(x, y, color, coverage);
                }
            }
        }
    }

    /// Mixes a colour into a pixel, `alpha` of 255 parts; outside the page nothing happens.
    fn mix(&mut self, x: u32, y: u32, color: [u8; 3], alpha: u8) {
        let Some(pixel) = self.pixels.get_pixel_mut_checked(x, y) else { return };
        let alpha = u32::from(alpha);
        for (have, new) in pixel.0.iter_mut().zip(color) {
            *have = ((u32::from(new) * alpha + u32::from(*have) * (255 - alpha) + 127) / 255) as u8;
        }
    }
}

/// A rule thinner than a pixel is drawn as one whole pixel, as viewers of PDFs do: a rule must not fade.
fn at_least_a_pixel(from: f32, to: f32) -> (f32, f32) {
    if to - from >= 1.0 {
        return (from, to);
    }
    let start = ((from + to) / 2.0).floor();
    (start, start + 1.0)
}

/// The pixels between two places within `0..length`, each with the part of it that is covered.
fn covered(from: f32, to: f32, length: u32) -> Vec<(u32, f32)> {
    let (from, to) = (from.max(0.0), to.min(length as f32));
    if to <= from || from.is_nan() || to.is_nan() {
        return Vec::new();
    }
    (from.floor() as u32..(to.ceil() as u32).min(length))
        .map(|pixel| {
            let start = pixel as f32;
            (pixel, to.min(start + 1.0) - from.max(start))
        })
        .collect()
}
