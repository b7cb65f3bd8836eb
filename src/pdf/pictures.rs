//! Pictures as image XObjects: JPEG as it came, everything else without loss.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::metadata::Orientation as Exif;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use rayon::prelude::*;

use super::{Ink, Options, contradiction};
use crate::Result;
use crate::typeset::{MarkKind, Picture, PictureFormat, PictureId, Publication};

/// The pictures that sheets use, ready to be embedded.
pub(super) struct Pictures {
    prepared: Vec<Option<Prepared>>,
}

struct Prepared {
    stream: Stream,
    orientation: Orientation,
}

/// How the stored rows lie on the page (EXIF 2.32, tag 0x0112).
#[derive(Clone, Copy)]
pub(super) struct Orientation(Exif);

impl Orientation {
    /// The matrix that lays the unit square of the stored picture over a rectangle by its lower left corner.
    pub(super) fn place(self, x: f32, y: f32, w: f32, h: f32) -> [f32; 6] {
        let (right, top) = (x + w, y + h);
        match self.0 {
            Exif::NoTransforms => [w, 0.0, 0.0, h, x, y],
            Exif::FlipHorizontal => [-w, 0.0, 0.0, h, right, y],
            Exif::Rotate180 => [-w, 0.0, 0.0, -h, right, top],
            Exif::FlipVertical => [w, 0.0, 0.0, -h, x, top],
            Exif::Rotate90FlipH => [0.0, -h, -w, 0.0, right, top],
            Exif::Rotate90 => [0.0, -h, w, 0.0, x, top],
            Exif::Rotate270FlipH => [0.0, h, w, 0.0, x, y],
            Exif::Rotate270 => [0.0, h, -w, 0.0, right, y],
        }
    }
}

impl Pictures {
    /// Decides for each picture whether it passes through, and converts the others, on all cores.
    pub(super) fn prepare(publication: &Publication, options: &Options) -> Result<Self> {
        // The largest place of each picture decides how many pixels it needs.
        let mut places: Vec<Option<(f32, f32)>> = vec![None; publication.pictures.len()];
        for mark in publication.sheets.iter().flat_map(|sheet| &sheet.marks) {
            if let MarkKind::Picture { picture, rect } = mark.kind {
                let place = places
                    .get_mut(picture.0 as usize)
                    .ok_or_else(|| contradiction(format!("picture {} is used but not there", picture.0)))?;
                let (w, h) = place.unwrap_or((0.0, 0.0));
                *place = Some((w.max(rect.width), h.max(rect.height)));
            }
        }
        let prepared = publication
            .pictures
            .par_iter()
            .zip(places)
            .map(|(picture, place)| {
                let (width, height) = place?;
                match prepare(picture, width, height, options) {
                    Ok(prepared) => Some(prepared),
                    Err(reason) => {
                        tracing::warn!("a picture is left out, because it cannot be decoded: {reason}");
                        None
                    }
                }
            })
            .collect();
        Ok(Self { prepared })
    }

    /// How the picture lies; `None` where it cannot be shown.
    pub(super) fn orientation(&self, id: PictureId) -> Result<Option<Orientation>> {
        let prepared = self
            .prepared
            .get(id.0 as usize)
            .ok_or_else(|| contradiction(format!("picture {} is used but not there", id.0)))?;
        Ok(prepared.as_ref().map(|p| p.orientation))
    }

    /// Adds the pictures; the object of each by its [`PictureId`].
    pub(super) fn add_to(self, document: &mut Document) -> Vec<Option<ObjectId>> {
        self.prepared.into_iter().map(|prepared| prepared.map(|p| document.add_object(p.stream))).collect()
    }
}

fn prepare(picture: &Picture, width: f32, height: f32, options: &Options) -> std::result::Result<Prepared, String> {
    let upright = Orientation(Exif::NoTransforms);
    let dpi = options.dpi.unwrap_or(Options::DPI).max(1) as f32;
    // A few pixels more than needed are not worth a second compression.
    let most = |points: f32| ((points / 72.0 * dpi).ceil().max(1.0) as u32).saturating_mul(21) / 20;
    let too_fine = picture.width > most(width) && picture.height > most(height);
    let jpeg = if picture.format == PictureFormat::Jpeg { Some(Jpeg::read(&picture.data)?) } else { None };

    if let Some(jpeg) = &jpeg {
        let wanted = match jpeg.components {
            1 => true,
            3 => !options.gray_pictures,
            // Other viewers' idea of these inks differs from ours: only a press gets them as they are.
            4 => options.ink == Ink::Cmyk && !options.gray_pictures,
            _ => false,
        };
        if wanted && !too_fine && jpeg.bits == 8 && !picture.is_cut_short() {
            return Ok(Prepared { stream: jpeg.stream(&picture.data), orientation: Orientation(jpeg.orientation) });
        }
    }
    let mut pixels = decode(picture)?;
    if too_fine {
        let (w, h) = ((width / 72.0 * dpi).ceil() as u32, (height / 72.0 * dpi).ceil() as u32);
        pixels = pixels.resize_exact(w.max(1), h.max(1), FilterType::CatmullRom);
    }
    let pixels = flat(&pixels, options.gray_pictures);
    let stream = if jpeg.is_some() { encode_jpeg(&pixels)? } else { encode_lossless(&pixels)? };
    Ok(Prepared { stream, orientation: upright })
}

/// The pixels as shown: upright.
fn decode(picture: &Picture) -> std::result::Result<DynamicImage, String> {
    let format = match picture.format {
        PictureFormat::Jpeg => image::ImageFormat::Jpeg,
        PictureFormat::Png => image::ImageFormat::Png,
        PictureFormat::Gif => image::ImageFormat::Gif,
        PictureFormat::WebP => image::ImageFormat::WebP,
    };
    let reader = image::ImageReader::with_format(Cursor::new(&picture.data[..]), format);
    let mut decoder = reader.into_decoder().map_err(|e| e.to_string())?;
    let orientation = decoder.orientation().unwrap_or(Exif::NoTransforms);
    let mut pixels = DynamicImage::from_decoder(decoder).map_err(|e| e.to_string())?;
    pixels.apply_orientation(orientation);
    Ok(pixels)
}

/// Eight bits, one or three channels, what is transparent laid on white paper.
pub(crate) fn flat(pixels: &DynamicImage, gray: bool) -> DynamicImage {
    let on_white = if pixels.color().has_alpha() {
        let mut rgba = pixels.to_rgba8();
        for pixel in rgba.pixels_mut() {
            let [r, g, b, a] = pixel.0.map(u16::from);
            let over = |v: u16| ((v * a + 255 * (255 - a) + 127) / 255) as u8;
            pixel.0 = [over(r), over(g), over(b), 255];
        }
        DynamicImage::ImageRgba8(rgba)
    } else {
        pixels.clone()
    };
    if gray || !on_white.color().has_color() {
        return DynamicImage::ImageLuma8(on_white.to_luma8());
    }
    let rgb = on_white.to_rgb8();
    if rgb.pixels().all(|p| p[0] == p[1] && p[1] == p[2]) {
        return DynamicImage::ImageLuma8(on_white.to_luma8());
    }
    DynamicImage::ImageRgb8(rgb)
}

fn encode_jpeg(pixels: &DynamicImage) -> std::result::Result<Stream, String> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 88).encode_image(pixels).map_err(|e| e.to_string())?;
    let mut dictionary = dictionary_of(pixels);
    dictionary.set("Filter", "DCTDecode");
    Ok(Stream::new(dictionary, bytes).with_compression(false))
}

/// PNG's filters and compression are PDF's too (ISO 32000-1, 7.4.4.4): the data of its IDAT chunks is taken as it is.
fn encode_lossless(pixels: &DynamicImage) -> std::result::Result<Stream, String> {
    let mut png = Vec::new();
    let colors = if pixels.color().has_color() { ExtendedColorType::Rgb8 } else { ExtendedColorType::L8 };
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, PngFilter::Adaptive)
        .write_image(pixels.as_bytes(), pixels.width(), pixels.height(), colors)
        .map_err(|e| e.to_string())?;
    let mut dictionary = dictionary_of(pixels);
    dictionary.set("Filter", "FlateDecode");
    dictionary.set(
        "DecodeParms",
        dictionary! {
            "Predictor" => 15,
            "Colors" => if pixels.color().has_color() { 3 } else { 1 },
            "BitsPerComponent" => 8,
            "Columns" => i64::from(pixels.width()),
        },
    );
    Ok(Stream::new(dictionary, idat(&png)).with_compression(false))
}

/// What the IDAT chunks of a PNG hold, joined.
fn idat(png: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(png.len());
    let mut rest = png.get(8..).unwrap_or_default();
    while let (Some(length), Some(kind)) = (rest.first_chunk::<4>(), rest.get(4..8)) {
        let length = u32::from_be_bytes(*length) as usize;
        if kind == b"IDAT" {
            data.extend_from_slice(rest.get(8..8 + length).unwrap_or_default());
        }
        rest = rest.get(12 + length..).unwrap_or_default();
    }
    data
}

fn dictionary_of(pixels: &DynamicImage) -> Dictionary {
    let space = if pixels.color().has_color() { "DeviceRGB" } else { "DeviceGray" };
    image_dictionary(pixels.width(), pixels.height(), space)
}

fn image_dictionary(width: u32, height: u32, space: &str) -> Dictionary {
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => space,
        "BitsPerComponent" => 8,
    }
}

/// What a JPEG says of itself.
struct Jpeg {
    width: u32,
    height: u32,
    components: u8,
    bits: u8,
    /// An Adobe marker: inks are stored upside down.
    adobe: bool,
    orientation: Exif,
}

impl Jpeg {
    /// Reads the segments up to the frame header.
    fn read(data: &[u8]) -> std::result::Result<Self, String> {
        let orientation = JpegDecoder::new(Cursor::new(data))
            .and_then(|mut decoder| decoder.orientation())
            .map_err(|e| e.to_string())?;
        let mut adobe = false;
        for segment in segments(data) {
            let (marker, body) = segment;
            match marker {
                0xee if body.starts_with(b"Adobe") => adobe = true,
                // Baseline, extended and progressive frames; the others are not DCTDecode's.
                0xc0..=0xc2 => {
                    let [bits, h1, h0, w1, w0, components, ..] = *body else { break };
                    return Ok(Self {
                        width: u32::from(u16::from_be_bytes([w1, w0])),
                        height: u32::from(u16::from_be_bytes([h1, h0])),
                        components,
                        bits,
                        adobe,
                        orientation,
                    });
                }
                _ => {}
            }
        }
        Err("the JPEG has no frame that a PDF can hold".into())
    }

    /// The file as a stream: untouched but for notes that a printed page does not need, such as where it was taken.
    fn stream(&self, data: &[u8]) -> Stream {
        let space = match self.components {
            1 => "DeviceGray",
            4 => "DeviceCMYK",
            _ => "DeviceRGB",
        };
        let mut dictionary = image_dictionary(self.width, self.height, space);
        dictionary.set("Filter", "DCTDecode");
        if self.components == 4 && self.adobe {
            let upside_down = [1, 0, 1, 0, 1, 0, 1, 0].map(Object::Integer);
            dictionary.set("Decode", upside_down.to_vec());
        }
        Stream::new(dictionary, without_notes(data)).with_compression(false)
    }
}

/// Marker and body of each segment up to the scan.
fn segments(data: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        // Fill bytes may stand before a marker.
        while data.get(at) == Some(&0xff) && data.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let [0xff, marker, high, low] = *data.get(at..at + 4)? else { return None };
        if marker == 0xda {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let body = data.get(at + 4..at + 2 + length)?;
        at += 2 + length;
        Some((marker, body))
    })
}

/// Leaves out EXIF, colour profiles (a viewer of PDFs does not look there), thumbnails and comments.
fn without_notes(data: &[u8]) -> Vec<u8> {
    let mut kept = data.get(..2).unwrap_or_default().to_vec();
    let mut end = 2;
    for (marker, body) in segments(data) {
        let start = body.as_ptr() as usize - data.as_ptr() as usize;
        end = start + body.len();
        let note = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
        if !note {
            kept.extend([0xff, marker]);
            kept.extend_from_slice(&data[start - 2..end]);
        }
    }
    kept.extend_from_slice(&data[end..]);
    kept
}
