//! Content codings of HTTP, undone while bytes arrive, with a bound on what comes out.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// What went wrong while a coding was undone.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum CodingError {
    /// A `Content-Encoding` that nobody knows.
    #[error("its content coding {0:?} is not known; gzip, deflate, br and zstd are")]
    Unknown(String),
    /// The bytes are not in the coding they claim.
    #[error("its bytes are not {0}, though they say so; ask for the page again or without compression")]
    Broken(&'static str),
    /// More came out than may.
    #[error("it unpacks to more than the limit allows")]
    TooLarge,
}

/// Undoes one content coding, a piece at a time.
pub(crate) struct ContentDecoder {
    kind: Kind,
}

enum Kind {
    Identity(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
    /// `deflate` before its first byte, which tells which of the two it is.
    Deflate(Bounded),
    Zlib(Box<ZlibDecoder<Bounded>>),
    /// Without zlib's header, as some servers send it; browsers have always taken both (RFC 9110, 8.4.1.2).
    Raw(Box<DeflateDecoder<Bounded>>),
    Brotli(Box<DecompressorWriter<Bounded>>),
    Zstd(Box<Zstd>),
}

/// Bytes that came out and were not taken yet; refuses to grow past its bound.
#[derive(Default)]
struct Bounded {
    out: Vec<u8>,
    left: u64,
    struck: bool,
}

impl ContentDecoder {
    /// A decoder for the value of a `Content-Encoding` header; at most `limit` bytes may come out.
    ///
    /// # Errors
    /// [`CodingError::Unknown`] for codings that are not known, and for several on top of each other, which no honest
    /// server sends.
    pub(crate) fn new(content_encoding: &str, limit: u64) -> Result<Self, CodingError> {
        let out = Bounded { left: limit, ..Bounded::default() };
        let kind = match content_encoding.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Kind::Identity(out),
            "gzip" | "x-gzip" => Kind::Gzip(Box::new(MultiGzDecoder::new(out))),
            "deflate" => Kind::Deflate(out),
            "br" => Kind::Brotli(Box::new(DecompressorWriter::new(out, 16 << 10))),
            "zstd" => Kind::Zstd(Box::new(Zstd { frame: None, held: Vec::new(), checksum: false, out })),
            other => return Err(CodingError::Unknown(other.chars().take(40).collect())),
        };
        Ok(Self { kind })
    }

    /// Takes bytes as they came; gives what can be told of the content so far.
    ///
    /// # Errors
    /// When the bytes are broken or too many come out; the decoder is of no use afterwards.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, CodingError> {
        if let (Kind::Deflate(out), Some(first)) = (&mut self.kind, bytes.first()) {
            let out = std::mem::take(out);
            // Zlib's header begins with its method, 8 (RFC 1950, 2.2); no encoder begins bare blocks like that.
            self.kind = if first & 0x0f == 8 {
                Kind::Zlib(Box::new(ZlibDecoder::new(out)))
            } else {
                Kind::Raw(Box::new(DeflateDecoder::new(out)))
            };
        }
        let result = match &mut self.kind {
            Kind::Identity(out) | Kind::Deflate(out) => out.write_all(bytes),
            Kind::Gzip(d) => d.write_all(bytes).and_then(|()| d.flush()),
            Kind::Zlib(d) => d.write_all(bytes).and_then(|()| d.flush()),
            Kind::Raw(d) => d.write_all(bytes).and_then(|()| d.flush()),
            Kind::Brotli(d) => d.write_all(bytes).and_then(|()| d.flush()),
            Kind::Zstd(d) => d.push(bytes, false),
        };
        self.taken(result.is_ok())
    }

    /// Ends the content and gives the rest.
    ///
    /// # Errors
    /// When the content breaks off.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, CodingError> {
        let result = match &mut self.kind {
            Kind::Identity(_) => Ok(()),
            Kind::Gzip(d) => d.try_finish(),
            Kind::Deflate(_) => Err(io::Error::other("cut off")),
            Kind::Zlib(d) => d.try_finish(),
            Kind::Raw(d) => d.try_finish(),
            Kind::Brotli(d) => d.close(),
            Kind::Zstd(d) => d.push(&[], true),
        };
        self.taken(result.is_ok())
    }

    fn taken(&mut self, sound: bool) -> Result<Vec<u8>, CodingError> {
        let (out, name) = match &mut self.kind {
            Kind::Identity(out) => (out, "identity"),
            Kind::Gzip(d) => (d.get_mut(), "gzip"),
            Kind::Deflate(out) => (out, "deflate"),
            Kind::Zlib(d) => (d.get_mut(), "deflate"),
            Kind::Raw(d) => (d.get_mut(), "deflate"),
            Kind::Brotli(d) => (d.get_mut(), "brotli"),
            Kind::Zstd(d) => (&mut d.out, "zstd"),
        };
        match (out.struck, sound) {
            (true, _) => Err(CodingError::TooLarge),
            (false, false) => Err(CodingError::Broken(name)),
            (false, true) => Ok(std::mem::take(&mut out.out)),
        }
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            self.struck = true;
            return Err(io::Error::other("too large"));
        };
        self.left = left;
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// zstd by blocks: the decoder wants to read, so a block is handed over when all of it is here.
struct Zstd {
    frame: Option<FrameDecoder>,
    held: Vec<u8>,
    checksum: bool,
    out: Bounded,
}

impl Zstd {
    /// The largest frame header (RFC 8878, 3.1.1.1), with the magic number.
    const HEADER: usize = 18;
    /// The largest window that RFC 8878 asks every decoder to bear.
    const WINDOW: u64 = 8 << 20;

    fn push(&mut self, bytes: &[u8], last: bool) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        let mut at = 0;
        loop {
            let rest = &self.held[at..];
            if rest.is_empty() {
                break;
            }
            let Some(frame) = &mut self.frame else {
                if rest.len() < Self::HEADER && !last {
                    break;
                }
                let mut frame = FrameDecoder::new();
                frame.set_max_window_size(Self::WINDOW);
                let mut reader = rest;
                frame.init(&mut reader).map_err(io::Error::other)?;
                self.checksum = rest.get(4).is_some_and(|descriptor| descriptor & 0b100 != 0);
                at = self.held.len() - reader.len();
                self.frame = Some(frame);
                continue;
            };
            if !last && block_length(rest, self.checksum).is_none_or(|length| rest.len() < length) {
                break;
            }
            let mut reader = rest;
            frame.decode_blocks(&mut reader, BlockDecodingStrategy::UptoBlocks(1)).map_err(io::Error::other)?;
            at = self.held.len() - reader.len();
            frame.collect_to_writer(&mut self.out)?;
            if frame.is_finished() {
                self.frame = None;
            }
        }
        self.held.drain(..at);
        let cut_off = last && (self.frame.is_some() || !self.held.is_empty());
        if cut_off { Err(io::Error::other("cut off")) } else { Ok(()) }
    }
}

/// Length of the block at the start of `bytes` with its header, and the frame's checksum after the last one (RFC 8878,
/// 3.1.1.2).
fn block_length(bytes: &[u8], checksum: bool) -> Option<usize> {
    let &[a, b, c] = bytes.first_chunk::<3>()?;
    let header = u32::from_le_bytes([a, b, c, 0]);
    let content = if (header >> 1) & 3 == 1 { 1 } else { (header >> 3) as usize };
    let tail = if header & 1 == 1 && checksum { 4 } else { 0 };
    Some(3 + content + tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn text() -> Vec<u8> {
        (0..20_000).flat_map(|i| format!("Страница {i}. ").into_bytes()).collect()
    }

    fn samples() -> Vec<(&'static str, Vec<u8>)> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&text()).expect("in memory");
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&text()).expect("in memory");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(&text()).expect("in memory");
        let zstd = ruzstd::encoding::compress_to_vec(&text()[..], ruzstd::encoding::CompressionLevel::Fastest);
        vec![
            ("gzip", gzip.finish().expect("in memory")),
            ("deflate", zlib.finish().expect("in memory")),
            ("deflate", raw.finish().expect("in memory")),
            ("zstd", zstd),
            ("identity", text()),
        ]
    }

    fn decode(coding: &str, bytes: &[u8], step: usize, limit: u64) -> Result<Vec<u8>, CodingError> {
        let mut decoder = ContentDecoder::new(coding, limit)?;
        let mut out = Vec::new();
        for piece in bytes.chunks(step) {
            out.extend(decoder.push(piece)?);
        }
        out.extend(decoder.finish()?);
        Ok(out)
    }

    #[test]
    fn content_comes_back_in_any_pieces() {
        for (coding, bytes) in samples() {
            for step in [1, 17, 4096, usize::MAX >> 1] {
                assert!(decode(coding, &bytes, step, 1 << 30) == Ok(text()), "{coding} in pieces of {step}");
            }
        }
    }

    #[test]
    fn brotli_is_decoded() {
        // Ten times "Привет, мир! ", by the reference encoder.
        let bytes = [
            0xa1, 0xd8, 0x06, 0xc0, 0xef, 0x48, 0xb0, 0x71, 0x9a, 0x0b, 0xb6, 0x82, 0x9f, 0x35, 0x74, 0x74, 0x08, 0x4b,
            0x50, 0xc6, 0x09, 0xe1, 0xc0, 0x57, 0xaf, 0xc1, 0x13, 0x04, 0x50, 0x30, 0x26, 0x8c, 0x12, 0x08, 0x40, 0x89,
            0xd6, 0xe7, 0xaa, 0x01,
        ];
        let text = "Привет, мир! ".repeat(10).into_bytes();
        for step in [1, 5, 100] {
            assert_eq!(decode("br", &bytes, step, 1 << 20), Ok(text.clone()), "in pieces of {step}");
        }
        assert_eq!(decode("br", &bytes, 5, 100), Err(CodingError::TooLarge));
        assert_eq!(decode("br", &bytes[..20], 5, 1 << 20), Err(CodingError::Broken("brotli")));
    }

    #[test]
    fn a_bomb_is_stopped() {
        for (coding, bytes) in samples() {
            assert_eq!(decode(coding, &bytes, 4096, 10_000), Err(CodingError::TooLarge), "{coding}");
        }
    }

    #[test]
    fn broken_and_cut_off_content_is_an_error() {
        for (coding, bytes) in samples().into_iter().filter(|(c, _)| *c != "identity") {
            let cut = &bytes[..bytes.len() / 2];
            assert!(matches!(decode(coding, cut, 999, 1 << 30), Err(CodingError::Broken(_))), "{coding} cut off");
            let noise = [b"no such thing as a header", &bytes[..]].concat();
            assert!(matches!(decode(coding, &noise, 999, 1 << 30), Err(CodingError::Broken(_))), "{coding} noise");
        }
    }

    #[test]
    fn unknown_codings_are_named() {
        assert_eq!(ContentDecoder::new("gzip, br", 1).err(), Some(CodingError::Unknown("gzip, br".into())));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end_without_a_panic(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400),
            coding in proptest::sample::select(vec!["gzip", "deflate", "br", "zstd"]),
        ) {
            let mut zstd = vec![0x28, 0xb5, 0x2f, 0xfd];
            zstd.extend_from_slice(&bytes);
            let _ = decode(coding, if coding == "zstd" { &zstd } else { &bytes }, 7, 1 << 20);
        }
    }
}
