//! Sheets to PNG: the printed page on a screen, drawn from the same sheets as the PDF.

mod canvas;
mod glyphs;

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, RgbImage};
use rayon::prelude::*;

use crate::sheet::{Color, Frame, MarkKind, Picture, PictureFormat, Publication, Rect, TextRun};
use crate::{Error, Result};
use canvas::Canvas;
use glyphs::Glyphs;

/// Draws the sheets of one publication. Faces are read once, glyphs are kept.
pub struct Preview<'a> {
    publication: &'a Publication,
    scale: f32,
    gray_pictures: bool,
    glyphs: Glyphs,
}

/// Pixels that one preview may have: 400 MB of colour.
const MOST_PIXELS: f32 = 134_000_000.0;

impl<'a> Preview<'a> {
    /// Prepares the faces of `publication` for drawing with `dpi` pixels per inch.
    ///
    /// # Errors
    /// When `dpi` is no resolution, or a face cannot be read.
    pub fn new(publication: &'a Publication, dpi: f32) -> Result<Self> {
        if !(1.0..=2400.0).contains(&dpi) {
            return Err(Error::Usage(format!("{dpi} pixels per inch is no resolution to draw with; use 20 to 600")));
        }
        let scale = dpi / 72.0;
        let glyphs = Glyphs::new(publication, scale)?;
        Ok(Self { publication, scale, gray_pictures: false, glyphs })
    }

    /// Draws pictures without their colours.
    #[must_use]
    pub fn gray_pictures(mut self, gray: bool) -> Self {
        self.gray_pictures = gray;
        self
    }

    /// The sheet with this index as the bytes of a PNG, with its bleed and crop marks.
    ///
    /// # Errors
    /// When there is no such sheet, when the picture would be too large, or when the sheet holds what is not there.
    pub fn page_png(&self, index: usize) -> Result<Vec<u8>> {
        png(&self.draw(index)?)
    }

    /// All sheets in one picture, in rows, on grey, as the bytes of a PNG.
    ///
    /// # Errors
    /// As [`Preview::page_png`], and when the picture would be too large.
    pub fn contact_sheet_png(&self) -> Result<Vec<u8>> {
        png(&self.contact_sheet()?)
    }

    /// Draws the sheet with this index, with its bleed and crop marks.
    ///
    /// # Errors
    /// When there is no such sheet, when the picture would be too large, or when the sheet holds what is not there.
    pub(crate) fn draw(&self, index: usize) -> Result<RgbImage> {
        let sheet = self.publication.sheets.get(index).ok_or_else(|| {
            let count = self.publication.sheets.len();
            Error::Usage(format!("there is no page {}; the document has {count}", index + 1))
        })?;
        let frame = Frame::of(sheet);
        let (width, height) = self.pixels(&frame)?;
        let mut canvas = Canvas::new(width, height, self.scale, frame.around);
        for mark in &sheet.marks {
            match &mark.kind {
                MarkKind::Text(run) => self.text(&mut canvas, run)?,
                MarkKind::Fill { rect, color } => canvas.fill(*rect, eight_bits(*color)),
                MarkKind::Stroke { rect, width, color } => {
                    for side in outline(*rect, *width) {
                        canvas.fill(side, eight_bits(*color));
                    }
                }
                MarkKind::Picture { picture, rect } => {
                    let picture = self.publication.pictures.get(picture.0 as usize);
                    match picture.map(|p| decode(p, self.gray_pictures)) {
                        Some(Ok(pixels)) => canvas.picture(*rect, &pixels, FilterType::CatmullRom),
                        // As in the PDF: a pale field keeps its place.
                        Some(Err(_)) | None => canvas.fill(*rect, eight_bits(Color::Gray(0.9))),
                    }
                }
            }
        }
        for mark in frame.marks() {
            canvas.fill(mark, [0, 0, 0]);
        }
        for (patch, color) in frame.color_bars(self.gray_pictures) {
            canvas.fill(patch, eight_bits(color));
        }
        Ok(canvas.into_image())
    }

    /// Draws several sheets, on all cores.
    ///
    /// # Errors
    /// As [`Preview::draw`].
    pub(crate) fn draw_all(&self, indexes: &[usize]) -> Result<Vec<RgbImage>> {
        indexes.par_iter().map(|&index| self.draw(index)).collect()
    }

    /// All sheets in one picture, in rows, on grey.
    ///
    /// # Errors
    /// As [`Preview::draw`], and when the picture would be too large.
    pub(crate) fn contact_sheet(&self) -> Result<RgbImage> {
        const GAP: u32 = 12;
        const TABLE: image::Rgb<u8> = image::Rgb([0xb4, 0xb4, 0xb4]);
        let sheets = &self.publication.sheets;
        let sizes: Vec<(u32, u32)> = sheets.iter().map(|s| self.pixels(&Frame::of(s))).collect::<Result<_>>()?;
        let cell = sizes.iter().fold((1, 1), |most, size| (most.0.max(size.0), most.1.max(size.1)));
        // About as wide as high, so that it fits a screen, but never more than a dozen pages a row.
        let aspect = f64::from(cell.1 + GAP) / f64::from(cell.0 + GAP);
        let columns =
            ((sheets.len() as f64 * aspect * 1.4).sqrt().ceil() as u32).clamp(1, 12).min(sheets.len().max(1) as u32);
        let rows = (sheets.len() as u32).div_ceil(columns).max(1);
        let across = |count: u32, size: u32| u64::from(count) * u64::from(size + GAP) + u64::from(GAP);
        let (width, height) = (across(columns, cell.0), across(rows, cell.1));
        if width as f32 * height as f32 > MOST_PIXELS {
            return Err(Error::Usage(format!(
                "a picture of all {} pages would have {width} x {height} pixels; use a smaller --dpi, or --page",
                sheets.len()
            )));
        }
        let mut whole = RgbImage::from_pixel(width as u32, height as u32, TABLE);
        let row_length = columns as usize;
        for (row, first) in (0..sheets.len()).step_by(row_length).enumerate() {
            let indexes: Vec<usize> = (first..sheets.len().min(first + row_length)).collect();
            for (column, page) in self.draw_all(&indexes)?.iter().enumerate() {
                let x = across(column as u32, cell.0) as i64;
                let y = across(row as u32, cell.1) as i64;
                image::imageops::replace(&mut whole, page, x, y);
            }
        }
        Ok(whole)
    }

    fn pixels(&self, frame: &Frame) -> Result<(u32, u32)> {
        let (width, height) = frame.medium();
        let (width, height) = ((width * self.scale).ceil(), (height * self.scale).ceil());
        if !(width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS) {
            return Err(Error::Usage(format!(
                "a page of {width} x {height} pixels cannot be drawn; use a smaller --dpi"
            )));
        }
        Ok((width as u32, height as u32))
    }

    fn text(&self, canvas: &mut Canvas, run: &TextRun) -> Result<()> {
        let color = eight_bits(run.color);
        let mut pen = run.x;
        for glyph in &run.glyphs {
            let (x, y) = canvas.to_pixels(pen + glyph.dx, run.y - glyph.dy);
            let (image, left, top) = self.glyphs.at(run.face, glyph.id, run.size, x, y)?;
            canvas.cover(&image, left, top, color);
            pen += glyph.advance;
        }
        Ok(())
    }
}

/// Draws one sheet of a publication.
#[cfg(test)]
pub(crate) fn draw(publication: &Publication, index: usize, dpi: f32) -> Result<RgbImage> {
    Preview::new(publication, dpi)?.draw(index)
}

/// A picture as the bytes of a PNG; gray where it has no colours.
///
/// # Errors
/// When it has no pixels.
pub(crate) fn png(picture: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, PngFilter::Adaptive);
    let colorless = picture.pixels().all(|p| p[0] == p[1] && p[1] == p[2]);
    let (width, height) = picture.dimensions();
    let written = if colorless {
        let gray: Vec<u8> = picture.pixels().map(|p| p[0]).collect();
        encoder.write_image(&gray, width, height, ExtendedColorType::L8)
    } else {
        encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
    };
    written.map_err(|e| Error::Output { name: "PNG".into(), reason: e.to_string() })?;
    Ok(bytes)
}

/// The four sides of a rectangle's outline, as rectangles.
fn outline(rect: Rect, width: f32) -> [Rect; 4] {
    let half = width / 2.0;
    let (left, top) = (rect.x - half, rect.y - half);
    let (across, down) = (rect.width + width, rect.height - width);
    [
        Rect { x: left, y: top, width: across, height: width },
        Rect { x: left, y: top + rect.height, width: across, height: width },
        Rect { x: left, y: top + width, width, height: down },
        Rect { x: left + rect.width, y: top + width, width, height: down },
    ]
}

fn eight_bits(color: Color) -> [u8; 3] {
    let (r, g, b) = color.to_rgb();
    [r, g, b].map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// The pixels of a picture as shown: upright.
fn decode(picture: &Picture, gray: bool) -> image::ImageResult<DynamicImage> {
    let format = match picture.format {
        PictureFormat::Jpeg => image::ImageFormat::Jpeg,
        PictureFormat::Png => image::ImageFormat::Png,
        PictureFormat::Gif => image::ImageFormat::Gif,
        PictureFormat::WebP => image::ImageFormat::WebP,
    };
    let mut decoder = image::ImageReader::with_format(Cursor::new(&picture.data[..]), format).into_decoder()?;
    let orientation = decoder.orientation()?;
    let _room = crate::limits::room_for(u64::from(picture.width) * u64::from(picture.height));
    let mut pixels = DynamicImage::from_decoder(decoder)?;
    pixels.apply_orientation(orientation);
    Ok(if gray { pixels.grayscale() } else { pixels })
}

#[cfg(test)]
mod tests;
