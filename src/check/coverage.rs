//! Ink of pictures: how much of all plates together the paper has to take where a picture is darkest.

use std::io::Cursor;

use lopdf::{Dictionary, Document, Object, Stream};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::budget::Budget;
use super::load::decoded;
use super::reading::get;

/// Pixels on a side, and in all.
const SIDE: usize = 30_000;
const PIXELS: usize = 100_000_000;

/// The most ink that a thousandth of a picture's pixels have, in percent of one plate; a JPEG makes single pixels
/// darker and lighter than they were. `None` for a picture that is not in inks, or packed in a way not known here: a
/// JPEG whose inks are of different fineness, of which the decoder loses rows, among them.
pub(super) fn most_ink(document: &Document, stream: &Stream, budget: &Budget) -> Option<u32> {
    let samples = samples(document, stream, budget)?;
    let turned = turned(document, &stream.dict)?;
    let mut counts = vec![0_usize; 4 * 255 + 1];
    for pixel in samples.as_chunks::<4>().0 {
        let inks = pixel.iter().zip(turned).map(|(v, turned)| usize::from(if turned { 255 - v } else { *v }));
        counts[inks.sum::<usize>()] += 1;
    }
    let enough = (samples.len() / 4 / 1_000).max(1);
    let mut seen = 0;
    let most = counts.iter().enumerate().rev().find(|(_, count)| {
        seen += **count;
        seen >= enough
    })?;
    Some((most.0 as f32 / 2.55).round() as u32)
}

/// Which inks the file has upside down (ISO 32000-1, 8.9.5.2).
fn turned(document: &Document, picture: &Dictionary) -> Option<[bool; 4]> {
    let Some(Object::Array(decode)) = get(document, picture, b"Decode") else { return Some([false; 4]) };
    let ends: Vec<f32> = decode.iter().filter_map(|v| v.as_float().ok()).collect();
    let pairs: &[[f32; 2]; 4] = ends.as_chunks().0.try_into().ok()?;
    Some(pairs.map(|[first, last]| first > last))
}

/// Four bytes a pixel, as they are in the file.
fn samples(document: &Document, stream: &Stream, budget: &Budget) -> Option<Vec<u8>> {
    let side = |key: &[u8]| get(document, &stream.dict, key)?.as_i64().ok().and_then(|v| usize::try_from(v).ok());
    let (width, height, bits) = (side(b"Width")?, side(b"Height")?, side(b"BitsPerComponent")?);
    let pixels = width.checked_mul(height).filter(|pixels| (1..=PIXELS).contains(pixels))?;
    if bits != 8 {
        return None;
    }
    let filters = stream.filters().unwrap_or_default();
    let mut samples = match filters.as_slice() {
        [b"DCTDecode"] => jpeg(&stream.content, budget)?,
        [] => stream.content.clone(),
        [b"FlateDecode" | b"LZWDecode"] => decoded(stream, budget)?,
        _ => return None,
    };
    samples.truncate(pixels * 4);
    Some(samples)
}

fn jpeg(data: &[u8], budget: &Budget) -> Option<Vec<u8>> {
    if !is_even(data) {
        return None;
    }
    let bounds = DecoderOptions::default().set_max_width(SIDE).set_max_height(SIDE).set_strict_mode(false);
    let mut header = JpegDecoder::new_with_options(Cursor::new(data), bounds);
    header.decode_headers().ok()?;
    let (width, height) = header.dimensions()?;
    let space = header.input_colorspace()?;
    if !matches!(space, ColorSpace::CMYK | ColorSpace::YCCK) || width.checked_mul(height)? > PIXELS {
        return None;
    }
    if !budget.bytes(width * height * 4) {
        return None;
    }
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(data), bounds.jpeg_set_out_colorspace(space));
    let mut samples = decoder.decode().ok()?;
    if space == ColorSpace::YCCK {
        for [y, cb, cr, _] in samples.as_chunks_mut::<4>().0 {
            (*y, *cb, *cr) = from_luma(*y, *cb, *cr);
        }
    }
    Some(samples)
}

/// Whether all components of a JPEG have as many samples, by its frame header (ITU-T T.81, B.2.2).
fn is_even(data: &[u8]) -> bool {
    let mut rest = data.get(2..).unwrap_or_default();
    while let [0xff, marker, high, low, ..] = *rest {
        let length = usize::from(u16::from_be_bytes([high, low]));
        if matches!(marker, 0xc0..=0xc2) {
            let components = rest.get(10..2 + length).unwrap_or_default().as_chunks::<3>().0;
            return components.windows(2).all(|pair| pair[0][1] == pair[1][1]);
        }
        rest = rest.get(2 + length..).unwrap_or_default();
    }
    false
}

/// Brightness and two differences to three colours (JFIF, section 7).
fn from_luma(y: u8, cb: u8, cr: u8) -> (u8, u8, u8) {
    let [y, cb, cr] = [f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0];
    let byte = |v: f32| v.round().clamp(0.0, 255.0) as u8;
    (byte(y + 1.402 * cr), byte(y - 0.344_14 * cb - 0.714_14 * cr), byte(y + 1.772 * cb))
}

#[cfg(test)]
mod tests {
    use jpeg_encoder::SamplingFactor;

    use super::*;

    /// A picture of some inks with a white edge, of which the details of three channels may be left out.
    fn picture(
        inks: [u8; 4],
        white: [u8; 4],
        kind: jpeg_encoder::ColorType,
        sampling: SamplingFactor,
        decode: bool,
    ) -> Option<u32> {
        let mut bytes = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
        encoder.set_sampling_factor(sampling);
        let pixels: Vec<u8> = (0..60 * 60).flat_map(|at| if at % 60 < 44 { inks } else { white }).collect();
        encoder.encode(&pixels, 60, 60, kind).expect("a picture");
        let mut dictionary = lopdf::dictionary! {
            "Width" => 60, "Height" => 60, "BitsPerComponent" => 8, "Filter" => "DCTDecode"
        };
        if decode {
            dictionary.set("Decode", Object::Array([1, 0, 1, 0, 1, 0, 1, 0].map(Object::Integer).to_vec()));
        }
        most_ink(&Document::new(), &Stream::new(dictionary, bytes), &Budget::new(&crate::Limits::default()))
    }

    #[test]
    fn inks_of_a_jpeg_however_they_are_packed() {
        use jpeg_encoder::ColorType::{Cmyk, CmykAsYcck};
        // 80, 70, 60 and 50 percent. The encoder turns inks upside down as others do, of YCCK only the black.
        let kinds = [([204, 178, 153, 128], [0; 4], Cmyk), ([51, 77, 102, 128], [255, 255, 255, 0], CmykAsYcck)];
        for (inks, white, kind) in kinds {
            for sampling in [SamplingFactor::R_4_4_4, SamplingFactor::R_4_2_0] {
                let most = [true, false].map(|decode| picture(inks, white, kind, sampling, decode));
                if sampling == SamplingFactor::R_4_2_0 {
                    assert_eq!(most, [None, None], "rather nothing than something wrong");
                    continue;
                }
                let near = |at: usize, wanted: u32| most[at].is_some_and(|most| most.abs_diff(wanted) <= 4);
                assert!(near(0, 260) && near(1, 400), "{most:?}");
            }
        }
        // Three channels are light.
        assert_eq!(picture([9; 4], [9; 4], jpeg_encoder::ColorType::Rgba, SamplingFactor::R_4_4_4, false), None);
    }

    #[test]
    fn one_pixel_of_many_does_not_count() {
        let mut inks = [51, 51, 51, 51].repeat(4_000);
        inks[..4].fill(255);
        let dictionary = lopdf::dictionary! { "Width" => 100, "Height" => 40, "BitsPerComponent" => 8 };
        let budget = Budget::new(&crate::Limits::default());
        let most = |inks: Vec<u8>| most_ink(&Document::new(), &Stream::new(dictionary.clone(), inks), &budget);
        assert_eq!(most(inks.clone()), Some(80));
        inks[..16].fill(255);
        assert_eq!(most(inks), Some(400));
    }
}
