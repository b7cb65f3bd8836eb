//! Drawings (SVG) become pixels, fine enough for paper.
//!
//! A drawing is a program of sorts: what it may take is counted before it is drawn, and nothing that it names is opened.

use std::sync::Arc;

use image::ImageEncoder;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

use super::cost::{self, DEPTH, ELEMENTS};
use crate::sheet::{Picture, PictureFormat};

/// Bytes of a drawing: maps of a whole country have less.
const BYTES: usize = 4 << 20;
/// Pixels of the longer side: 300 to the inch over the measure of a page.
const SIDE: f32 = 1_800.0;
/// What of these a drawing gets that takes too long in full.
const PARTS: [f32; 3] = [1.0, 0.5, 0.25];

/// Whether a file is a drawing: its first element is `svg`.
pub(in crate::typeset) fn is_svg(data: &[u8]) -> bool {
    let head = &data[..data.len().min(4 << 10)];
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let opens = ["<svg", "<?xml", "<!--", "<!DOCTYPE svg"].iter().any(|start| text.starts_with(start));
    opens && (text.contains("<svg") || text.contains(":svg"))
}

/// The drawing as a picture of the size that it has on a page of the web, with more pixels than that.
///
/// # Errors
/// One sentence, where it is broken, takes too much, or holds what is not drawn.
pub(in crate::typeset) fn draw(data: &[u8]) -> Result<Picture, String> {
    if data.len() > BYTES {
        return Err(format!("the drawing has more than {} MiB; use a picture of pixels", BYTES >> 20));
    }
    let text = std::str::from_utf8(data).map_err(|_| "the drawing is not UTF-8".to_owned())?;
    let parsing = ParsingOptions { allow_dtd: true, nodes_limit: 2 * ELEMENTS as u32, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, parsing).map_err(|e| format!("the drawing cannot be read ({e})"))?;
    bounded(&document)?;
    let outlined = super::text::outlined(text, &document)
        .map_err(|why| format!("the text in the drawing {why}, which is not drawn; use a picture of pixels"))?;
    let parsing = ParsingOptions { allow_dtd: true, nodes_limit: 2 * ELEMENTS as u32, ..ParsingOptions::default() };
    let document = match &outlined {
        Some(text) => Document::parse_with_options(text, parsing)
            .map_err(|e| format!("the text in the drawing cannot be set ({e}); use a picture of pixels"))?,
        None => document,
    };
    let closed = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: closed, ..Options::default() };
    let tree = Tree::from_xmltree(&document, &options).map_err(|e| format!("the drawing cannot be read ({e})"))?;
    let size = tree.size();
    let whole = SIDE / size.width().max(size.height());
    let scale = cost::affordable(&tree, &PARTS.map(|part| whole * part))
        .ok_or("the drawing takes too long to draw; use a picture of pixels, or one without filters and patterns")?;
    let pixels = |side: f32| (side * scale).ceil().clamp(1.0, SIDE) as u32;
    let (wide, high) = (pixels(size.width()), pixels(size.height()));
    let _room = crate::limits::room_for(cost::LAYERS as u64 / 10);
    let mut pixmap = Pixmap::new(wide, high).ok_or("the drawing is empty")?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    if pixmap.pixels().iter().all(|pixel| pixel.alpha() == 0) {
        return Err("the drawing is empty".into());
    }
    let mut png = Vec::new();
    image::codecs::png::PngEncoder::new(&mut png)
        .write_image(&pixmap.take_demultiplied(), wide, high, image::ExtendedColorType::Rgba8)
        .map_err(|e| e.to_string())?;
    let shown = |side: f32| side.round().clamp(1.0, 10_000.0) as u32;
    Ok(Picture {
        data: Arc::from(png),
        format: PictureFormat::Png,
        width: shown(size.width()),
        height: shown(size.height()),
    })
}

/// Refuses what would take too long, and what would be left out without a word.
fn bounded(document: &Document<'_>) -> Result<(), String> {
    // How deep an element lies, and whether it is within what is not drawn; the parser's order is that of the file.
    let mut above: Vec<(Node<'_, '_>, bool)> = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        while above.last().is_some_and(|(last, _)| Some(*last) != node.parent()) {
            above.pop();
        }
        let name = node.tag_name().name();
        let drawn = above.last().is_none_or(|(_, drawn)| *drawn) && name != "metadata";
        above.push((node, drawn));
        if above.len() > DEPTH {
            return Err("the drawing is nested too deeply; use a picture of pixels".into());
        }
        let holds_html = drawn && above.iter().any(|(node, _)| node.tag_name().name() == "foreignObject");
        if holds_html && node.children().any(|child| super::text::has_text(&child)) {
            return Err("the drawing holds text as HTML, which is not drawn; use a picture of pixels".into());
        }
        if drawn && name == "image" {
            return Err("the drawing holds pictures, which are not drawn; use a picture of pixels".into());
        }
    }
    cost::count(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: &str =
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20">"#;

    fn drawn(inner: &str) -> Result<Picture, String> {
        draw(format!("{OPEN}{inner}</svg>").as_bytes())
    }

    #[test]
    fn a_drawing_keeps_its_size_and_gets_pixels_for_paper() {
        let picture = drawn(r#"<circle cx="10" cy="10" r="8" fill="teal"/>"#).expect("a picture");
        assert_eq!((picture.width, picture.height), (40, 20));
        let pixels = image::load_from_memory(&picture.data).expect("a PNG").to_rgba8();
        assert_eq!(pixels.dimensions(), (1800, 900));
        assert_eq!(pixels.get_pixel(450, 450).0, [0, 128, 128, 255]);
        assert_eq!(pixels.get_pixel(1500, 450).0[3], 0);
    }

    #[test]
    fn drawings_are_known_by_their_first_element() {
        assert!(is_svg(b"\xef\xbb\xbf <?xml version='1.0'?><!-- made by hand --><svg/>"));
        for other in [&b"<html><svg/></html>"[..], b"\x89PNG", b"", b"<?xml version='1.0'?><rss/>"] {
            assert!(!is_svg(other));
        }
    }

    #[test]
    fn what_would_be_left_out_is_refused() {
        for inner in [
            "<text><textPath href='#a'>42 %</textPath></text>",
            "<text x='1 2 3' y='9'>42 %</text>",
            "<text x='1' y='9'>42 \u{10FFFD}</text>",
            "<text x='1' y='9'>שלום</text>",
            "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>a</p></foreignObject>",
            "<image href='file:///etc/hostname' width='9' height='9'/>",
            "",
        ] {
            assert!(drawn(inner).is_err(), "{inner}");
        }
    }

    /// Left, top, right and bottom of what is drawn in a colour, in units of the drawing.
    fn extent(inner: &str, color: [u8; 3]) -> [f32; 4] {
        let picture = drawn(inner).expect("a picture");
        let pixels = image::load_from_memory(&picture.data).expect("a PNG").to_rgba8();
        let mut extent = [f32::INFINITY, f32::INFINITY, 0.0, 0.0];
        for (x, y, _) in pixels.enumerate_pixels().filter(|(.., p)| p.0[3] > 200 && p.0[..3] == color) {
            let (x, y) = (x as f32 / 45.0, y as f32 / 45.0);
            extent = [extent[0].min(x), extent[1].min(y), extent[2].max(x), extent[3].max(y)];
        }
        extent
    }

    #[test]
    fn labels_stand_where_they_are_anchored() {
        let label = |anchor: &str| {
            extent(&format!("<text x='20' y='15' font-size='10' text-anchor='{anchor}'>НН</text>"), [0; 3])
        };
        let [start, middle, end] = ["start", "middle", "end"].map(label);
        assert!(start[0] > 20.0 && start[0] < 21.5 && end[2] < 20.0 && end[2] > 18.5, "{start:?} {end:?}");
        assert!(((middle[0] + middle[2]) / 2.0 - 20.0).abs() < 0.3, "{middle:?}");
        // On the baseline, and as high as capitals are.
        assert!((start[3] - 15.0).abs() < 0.1 && (6.0..8.0).contains(&(start[3] - start[1])), "{start:?}");
    }

    #[test]
    fn labels_look_as_the_drawing_says() {
        let plain = extent("<text x='2' y='15' font-size='10'>Н</text>", [0; 3]);
        for styled in [
            "<style>.a text { font-size: 5px; fill: #ff0000 }</style><g class='a'><text x='2' y='15'>Н</text></g>",
            "<g font-size='10' fill='blue'><text x='2' y='15' style='font-size:.5em; fill:red'>Н</text></g>",
            "<text x='30' y='1' font-size='9'><tspan x='2' dy='14' font-size='50%' fill='red' font-size='5'>Н</tspan></text>",
            "<g transform='translate(1 10)'><text font-size='5' fill='red' transform='translate(1 5)'>Н</text></g>",
            "<text x='2' y='15' fill='red' style='font: bold 5px/1.2 Arial'>Н</text>",
        ] {
            let styled = styled.replace(" font-size='50%'", "");
            let small = extent(&styled, [255, 0, 0]);
            let half = (small[3] - small[1]) / (plain[3] - plain[1]);
            assert!((half - 0.5).abs() < 0.05, "{styled}: {half}");
            assert!((small[3] - 15.0).abs() < 0.1 && (2.0..3.0).contains(&small[0]), "{styled}: {small:?}");
        }
    }

    #[test]
    fn a_small_file_cannot_ask_for_a_large_work() {
        let mut bomb = String::from("<g id='a0'><rect width='1' height='1'/></g>");
        for level in 1..12 {
            let uses = format!("<use xlink:href='#a{}'/>", level - 1).repeat(10);
            bomb += &format!("<g id='a{level}'>{uses}</g>");
        }
        assert!(drawn(&bomb).is_err());
        assert!(drawn("<g id='a'><use xlink:href='#b'/></g><g id='b'><use xlink:href='#a'/></g>").is_err());
        assert!(
            drawn(&format!("{}<rect width='9' height='9'/>{}", "<g>".repeat(5_000), "</g>".repeat(5_000))).is_err()
        );
        assert!(draw(b"<svg").is_err());
    }
}
