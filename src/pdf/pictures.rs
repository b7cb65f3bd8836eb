//! Pictures as image XObjects: JPEG as it came, everything else without loss.

use std::collections::HashMap;
use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::metadata::Orientation as Exif;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use rayon::prelude::*;

use super::inks::Inks;
use super::objects::contradiction;
use super::options::{Ink, Options};
use crate::Result;
use crate::sheet::{MarkKind, Picture, PictureFormat, PictureId, Publication};

/// What a photograph that has to be compressed anew keeps.
const QUALITY: u8 = 88;

/// The pictures that sheets use, ready to be embedded.
pub(super) struct Pictures {
    prepared: Vec<Option<Prepared>>,
}

struct Prepared {
    stream: Stream,
    /// What the stream holds, where that is a file as it came.
    passed: Option<Passed>,
    orientation: Orientation,
}

/// The parts of a file that go into the document, without a copy of them.
pub(super) struct Passed {
    data: Arc<[u8]>,
    kept: Vec<Range<usize>>,
}

impl Passed {
    pub(super) fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.kept.iter().filter_map(|part| self.data.get(part.clone()))
    }
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
        let inks = Inks::of(options);
        let prepared = publication
            .pictures
            .par_iter()
            .zip(places)
            .map(|(picture, place)| {
                let (width, height) = place?;
                match prepare(picture, width, height, options, inks.as_ref()) {
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

    /// Adds the pictures; the object of each by its [`PictureId`], and the streams that are elsewhere.
    pub(super) fn add_to(self, document: &mut Document) -> (Vec<Option<ObjectId>>, HashMap<ObjectId, Passed>) {
        let mut elsewhere = HashMap::new();
        let mut add = |prepared: Prepared| {
            let id = document.add_object(prepared.stream);
            elsewhere.extend(prepared.passed.map(|passed| (id, passed)));
            id
        };
        let ids = self.prepared.into_iter().map(|prepared| prepared.map(&mut add)).collect();
        (ids, elsewhere)
    }
}

fn prepare(
    picture: &Picture,
    width: f32,
    height: f32,
    options: &Options,
    inks: Option<&Inks>,
) -> std::result::Result<Prepared, String> {
    let upright = Orientation(Exif::NoTransforms);
    let dpi = options.dpi.unwrap_or(Options::DPI).max(1) as f32;
    // A few pixels more than needed are not worth a second compression.
    let most = |points: f32| ((points / 72.0 * dpi).ceil().max(1.0) as u32).saturating_mul(21) / 20;
    let too_fine = picture.width > most(width) && picture.height > most(height);
    let jpeg = if picture.format == PictureFormat::Jpeg { Some(Jpeg::read(&picture.data)?) } else { None };

    if let Some(jpeg) = &jpeg {
        let wanted = match jpeg.components {
            1 => true,
            3 => !options.gray_pictures && inks.is_none(),
            // Other viewers' idea of these inks differs from ours: only a press gets them as they are.
            4 => options.ink == Ink::Cmyk && !options.gray_pictures,
            _ => false,
        };
        if wanted && !too_fine && jpeg.bits == 8 && !picture.is_cut_short() {
            let passed = without_notes(&picture.data);
            let stream = jpeg.stream(passed.pieces().map(<[u8]>::len).sum());
            return Ok(Prepared { stream, passed: Some(passed), orientation: Orientation(jpeg.orientation) });
        }
    }
    let mut pixels = decode(picture)?;
    if too_fine {
        let (w, h) = ((width / 72.0 * dpi).ceil() as u32, (height / 72.0 * dpi).ceil() as u32);
        pixels = pixels.resize_exact(w.max(1), h.max(1), FilterType::CatmullRom);
    }
    let pixels = flat(&pixels, options.gray_pictures);
    let stream = match (&pixels, inks) {
        (DynamicImage::ImageRgb8(rgb), Some(inks)) => {
            let (size, inks) = (rgb.dimensions(), inks.convert(rgb)?);
            if jpeg.is_some() { encode_inks(&inks, size)? } else { encode_lossless(&inks, size, 4)? }
        }
        _ if jpeg.is_some() => encode_jpeg(&pixels)?,
        _ => encode_lossless(pixels.as_bytes(), (pixels.width(), pixels.height()), pixels.color().channel_count())?,
    };
    Ok(Prepared { stream, passed: None, orientation: upright })
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
    let _room = crate::limits::room_for(u64::from(picture.width) * u64::from(picture.height));
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
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(pixels).map_err(|e| e.to_string())?;
    let space = space(pixels.color().channel_count());
    let mut dictionary = image_dictionary(pixels.width(), pixels.height(), space);
    dictionary.set("Filter", "DCTDecode");
    Ok(Stream::new(dictionary, bytes).with_compression(false))
}

/// Inks as a JPEG, upside down as everybody since Photoshop has them.
fn encode_inks(inks: &[u8], (width, height): (u32, u32)) -> std::result::Result<Stream, String> {
    let (Ok(w), Ok(h)) = (u16::try_from(width), u16::try_from(height)) else {
        return encode_lossless(inks, (width, height), 4);
    };
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, QUALITY);
    // Three of the four are no differences of colour, of which the eye sees half: every ink carries the drawing.
    encoder.set_sampling_factor(jpeg_encoder::SamplingFactor::R_4_4_4);
    encoder.encode(inks, w, h, jpeg_encoder::ColorType::Cmyk).map_err(|e| e.to_string())?;
    let mut dictionary = image_dictionary(width, height, space(4));
    dictionary.set("Filter", "DCTDecode");
    dictionary.set("Decode", upside_down());
    Ok(Stream::new(dictionary, bytes).with_compression(false))
}

fn upside_down() -> Object {
    Object::Array([1, 0, 1, 0, 1, 0, 1, 0].map(Object::Integer).to_vec())
}

/// PNG's filters and compression are PDF's too (ISO 32000-1, 7.4.4.4): the data of its IDAT chunks is taken as it is.
/// Four channels are four channels to it, whatever they mean.
fn encode_lossless(pixels: &[u8], (width, height): (u32, u32), channels: u8) -> std::result::Result<Stream, String> {
    let mut png = Vec::new();
    let colors = match channels {
        1 => ExtendedColorType::L8,
        4 => ExtendedColorType::Rgba8,
        _ => ExtendedColorType::Rgb8,
    };
    PngEncoder::new_with_quality(&mut png, CompressionType::Default, PngFilter::Adaptive)
        .write_image(pixels, width, height, colors)
        .map_err(|e| e.to_string())?;
    let mut dictionary = image_dictionary(width, height, space(channels));
    dictionary.set("Filter", "FlateDecode");
    dictionary.set(
        "DecodeParms",
        dictionary! {
            "Predictor" => 15,
            "Colors" => i64::from(channels),
            "BitsPerComponent" => 8,
            "Columns" => i64::from(width),
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

fn space(channels: u8) -> &'static str {
    match channels {
        1 => "DeviceGray",
        4 => "DeviceCMYK",
        _ => "DeviceRGB",
    }
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

    /// What is said of the file as a stream of that length.
    fn stream(&self, length: usize) -> Stream {
        let mut dictionary = image_dictionary(self.width, self.height, space(self.components));
        dictionary.set("Filter", "DCTDecode");
        if self.components == 4 && self.adobe {
            dictionary.set("Decode", upside_down());
        }
        let mut stream = Stream::new(dictionary, Vec::new()).with_compression(false);
        stream.dict.set("Length", length as i64);
        stream
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

/// A JPEG but for notes that a printed page does not need: EXIF, such as where it was taken, colour profiles (a viewer of
/// PDFs does not look there), thumbnails and comments.
fn without_notes(data: &Arc<[u8]>) -> Passed {
    // The start of the image.
    let mut kept = Vec::new();
    kept.push(0..2);
    let mut end = 2;
    for (marker, body) in segments(data) {
        let start = body.as_ptr() as usize - data.as_ptr() as usize;
        end = start + body.len();
        let note = matches!(marker, 0xe1..=0xed | 0xef | 0xfe);
        if !note {
            // With its marker and its length.
            kept.push(start - 4..end);
        }
    }
    kept.push(end..data.len());
    Passed { data: data.clone(), kept }
}
