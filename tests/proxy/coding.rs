//! Content codings, as a site would send them.

use std::io::Write;

/// A text in a content coding, and the coding's name.
pub(crate) fn coded(coding: &str, text: &[u8]) -> (&'static str, Vec<u8>) {
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    let best = Compression::best();
    macro_rules! by {
        ($encoder:expr) => {{
            let mut encoder = $encoder;
            encoder.write_all(text).expect("in memory");
            encoder.finish().expect("in memory")
        }};
    }
    match coding {
        "gzip" => ("gzip", by!(GzEncoder::new(Vec::new(), best))),
        "deflate" => ("deflate", by!(ZlibEncoder::new(Vec::new(), best))),
        "raw-deflate" => ("deflate", by!(DeflateEncoder::new(Vec::new(), best))),
        "zstd" => ("zstd", ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)),
        "br" => ("br", brotli(text)),
        _ => panic!("{coding}"),
    }
}

/// Brotli without compression (RFC 7932, 9.2): a window of 16 bits, stored blocks, and an empty last one.
fn brotli(text: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0u64, 0);
    let mut put = |out: &mut Vec<u8>, value: u64, count: u32| {
        held |= value << bits;
        bits += count;
        while bits >= 8 {
            out.push(held as u8);
            held >>= 8;
            bits -= 8;
        }
        // To the end of the byte.
        if count == 0 && bits > 0 {
            out.push(held as u8);
            (held, bits) = (0, 0);
        }
    };
    put(&mut out, 0, 1);
    for block in text.chunks(1 << 16) {
        // Not the last one; four digits of length; the length less one; stored.
        put(&mut out, 0, 1);
        put(&mut out, 0, 2);
        put(&mut out, block.len() as u64 - 1, 16);
        put(&mut out, 1, 1);
        put(&mut out, 0, 0);
        out.extend_from_slice(block);
    }
    put(&mut out, 0b11, 2);
    put(&mut out, 0, 0);
    out
}
