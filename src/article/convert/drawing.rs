//! Drawings that stand in the page itself (`svg` in a figure): pictures with their own data as the address.

use crate::article::model::Image;
use crate::html::dom::{Dom, Edge, NodeId};
use base64::Engine;

/// Bytes of the largest drawing that is taken.
const MOST: usize = 1 << 20;

/// Whether an element is a drawing.
pub(super) fn is_drawing(dom: &Dom, id: NodeId) -> bool {
    dom.is_foreign(id) && dom.any_tag(id).is_some_and(|tag| &**tag == "svg")
}

/// A drawing as a picture. Nothing that runs or loads is taken with it.
pub(super) fn image_of(dom: &Dom, svg: NodeId) -> Option<Image> {
    let mut out = String::new();
    let mut edges = dom.edges(svg);
    let mut drawn = false;
    while let Some(edge) = edges.next() {
        if out.len() > MOST {
            return None;
        }
        match edge {
            Edge::Open(node) => match dom.any_tag(node) {
                None => escape(dom.text(node), &mut out),
                Some(tag) => {
                    if is_foreign_to_drawings(tag) {
                        edges.pass_over(node);
                        continue;
                    }
                    drawn |= matches!(
                        &**tag,
                        "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" | "text" | "image"
                    );
                    open(dom, node, tag, node == svg, &mut out);
                }
            },
            Edge::Close(node) => {
                if let Some(tag) = dom.any_tag(node).filter(|tag| !is_foreign_to_drawings(tag)) {
                    out.push_str(&format!("</{tag}>"));
                }
            }
        }
    }
    let described = |name: &str| {
        let title = dom.descendants(svg).find(|&node| dom.any_tag(node).is_some_and(|tag| &**tag == name))?;
        Some(dom.text_content(title).split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let label = dom.attr(svg, "aria-label").map(|label| label.trim().to_owned());
    let alt = label.or_else(|| described("title")).or_else(|| described("desc")).filter(|alt| !alt.is_empty());
    let number = |name| dom.attr(svg, name).and_then(|v| v.trim().trim_end_matches("px").parse::<f32>().ok());
    let size = match (number("width"), number("height")) {
        (Some(width), Some(height)) if width >= 1.0 && height >= 1.0 => Some((width as u32, height as u32)),
        _ => None,
    };
    let data = base64::engine::general_purpose::STANDARD.encode(&out);
    drawn.then(|| Image { src: format!("data:image/svg+xml;base64,{data}"), alt, size, ..Image::default() })
}

/// Elements that run, load or hold something else than a drawing.
fn is_foreign_to_drawings(tag: &str) -> bool {
    matches!(tag, "script" | "foreignObject" | "foreignobject" | "iframe" | "animate" | "set" | "handler")
}

fn open(dom: &Dom, id: NodeId, tag: &str, outer: bool, out: &mut String) {
    out.push('<');
    out.push_str(tag);
    if outer {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
    }
    for (name, value) in dom.attrs(id) {
        let name = if name == "href" || name == "xlink:href" { "xlink:href" } else { name };
        let named = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'));
        let runs = name.starts_with("on") || name.starts_with("xmlns");
        // Of addresses only places within the drawing, and pictures that it holds.
        let loads = name == "xlink:href" && !value.starts_with('#') && !value.starts_with("data:image/");
        if named && !runs && !loads {
            out.push_str(&format!(" {name}=\""));
            escape(value, out);
            out.push('"');
        }
    }
    out.push('>');
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
}
