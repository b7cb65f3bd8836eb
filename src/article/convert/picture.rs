//! Pictures: which belong to the article, where the real picture of a lazy one is, captions and credits.

use super::{Selection, absolute};
use crate::article::export::inline_text;
use crate::article::model::{Block, Image, Inline};
use crate::article::passage::seen_text;
use crate::html::dom::{Dom, Edge, NodeId};
use url::Url;

/// Pictures narrower or lower than this are signs and counters, not illustrations.
const SMALLEST: u32 = 60;

/// Words of the longest caption.
const LONGEST_CAPTION: u32 = 45;

/// Attributes in which lazy loaders keep the picture's address.
const LAZY: [&str; 12] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-srcset",
    "data-lazy-srcset",
    "data-full-src",
    "data-original-src",
    "data-image",
    "data-url",
    "data-hi-res-src",
    "data-echo",
];

/// The picture of an `img` or `picture` element, lazy sources resolved; `None` where there is none or it is a pixel.
pub(in crate::article) fn image_of(dom: &Dom, id: NodeId, base: Option<&Url>) -> Option<Image> {
    let img = if dom.is(id, "picture") { dom.descendants(id).find(|&n| dom.is(n, "img"))? } else { id };
    if dom.attr(img, "style").is_some_and(is_out_of_sight) {
        return None;
    }
    let src = source(dom, id, img)?;
    let src = absolute(&src, base)?;
    let number = |name| dom.attr(img, name).and_then(|v| v.trim().trim_end_matches("px").parse::<u32>().ok());
    let size = match (number("width"), number("height")) {
        (Some(width), Some(height)) if width > 0 && height > 0 => Some((width, height)),
        _ => None,
    };
    if number("width").is_some_and(|w| w < 3) || number("height").is_some_and(|h| h < 3) {
        return None;
    }
    let alt = dom.attr(img, "alt").map(collapse);
    let says = |title: &String| {
        !title.is_empty() && alt.as_ref() != Some(title) && !crate::article::is_file_name(title) && title.contains(' ')
    };
    let title = dom.attr(img, "title").map(collapse).filter(says);
    Some(Image { src, alt, size, title, caption: None })
}

/// Whether a style puts its element where nobody sees it: counters are loaded that way.
fn is_out_of_sight(style: &str) -> bool {
    let dense: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let off_the_page = ["left:-", "top:-", "right:-"].iter().any(|side| {
        let distance = dense.split(side).nth(1).unwrap_or("");
        distance.bytes().take_while(u8::is_ascii_digit).count() >= 4
    });
    off_the_page || dense.contains("display:none") || dense.contains("visibility:hidden")
}

fn source(dom: &Dom, outer: NodeId, img: NodeId) -> Option<String> {
    for name in LAZY {
        if let Some(value) = dom.attr(img, name).map(str::trim).filter(|v| !v.is_empty() && !v.starts_with('{')) {
            let value = if name.ends_with("srcset") { widest(value)? } else { value };
            if !value.starts_with("data:") {
                return Some(value.to_owned());
            }
        }
    }
    let plain = dom.attr(img, "src").map(str::trim).filter(|s| !s.is_empty() && !is_placeholder(s));
    if let Some(src) = plain {
        return Some(src.to_owned());
    }
    if let Some(src) = dom.attr(img, "srcset").and_then(widest) {
        return Some(src.to_owned());
    }
    if outer != img {
        for node in dom.descendants(outer).filter(|&n| dom.is(n, "source")) {
            if let Some(src) = dom.attr(node, "srcset").or(dom.attr(node, "data-srcset")).and_then(widest) {
                return Some(src.to_owned());
            }
        }
    }
    // `<img class=lazy><noscript><img src=real></noscript>`
    let next = dom.next_sibling(outer).and_then(|n| {
        if dom.text(n).trim().is_empty() && !dom.text(n).is_empty() { dom.next_sibling(n) } else { Some(n) }
    })?;
    if dom.is(next, "noscript") {
        let real = dom.descendants(next).find(|&n| dom.is(n, "img"))?;
        return dom.attr(real, "src").map(|s| s.trim().to_owned()).filter(|s| !s.is_empty());
    }
    // A data address is the picture itself where nothing better was found and it is no placeholder.
    None
}

fn is_placeholder(src: &str) -> bool {
    if src.starts_with("data:") {
        return src.len() < 1024 || src.starts_with("data:image/svg");
    }
    let name = src.rsplit('/').next().unwrap_or(src).to_ascii_lowercase();
    ["blank.", "spacer.", "pixel.", "placeholder", "lazy.", "1x1.", "transparent.", "grey.gif", "loading.", "clear.gif"]
        .iter()
        .any(|p| name.contains(p))
}

/// The widest candidate of a `srcset` up to what print needs.
fn widest(srcset: &str) -> Option<&str> {
    let mut best: Option<(f32, &str)> = None;
    // A comma ends a candidate only before white space: addresses hold commas too.
    let mut rest = srcset.trim();
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let (descriptor, after) = match after.find(',') {
            _ if address.ends_with(',') => ("", after),
            Some(comma) => (&after[..comma], &after[comma + 1..]),
            None => (after, ""),
        };
        let address = address.trim_end_matches(',');
        let descriptor = descriptor.trim();
        let number = descriptor.trim_end_matches(['w', 'x', 'h']).parse::<f32>().unwrap_or(1.0);
        let width = if descriptor.ends_with('x') { number * 800.0 } else { number };
        if !address.is_empty()
            && (width <= 2400.0 || best.is_none())
            && best.is_none_or(|(w, _)| width > w || w > 2400.0)
        {
            best = Some((width, address));
        }
        rest = after.trim_start();
    }
    best.map(|(_, address)| address).filter(|a| !a.starts_with("data:"))
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a picture or figure stands in the article, as its neighbours do.
///
/// The smallest element around it that holds judged text outside the figure decides: in an article most of its words
/// are kept, in a card of related news or an author's box they are not.
pub(super) fn belongs(selection: &Selection, id: NodeId) -> bool {
    let dom = selection.dom;
    let total = selection.kept_words.last().copied().unwrap_or(0);
    let own = selection.all_words_in(id);
    if is_small(dom, id) && !is_within_text(selection, id) {
        return false;
    }
    for outer in dom.ancestors(id).skip(1) {
        // A picture in `noscript` that is not the real one of a lazy picture is a counter.
        if ["nav", "footer", "form", "noscript"].iter().any(|name| dom.is(outer, name)) {
            return false;
        }
        if let Some(class) = dom.attr(outer, "class") {
            const NOT: [&str; 9] =
                ["author", "avatar", "share", "social", "related", "promo", "banner", "subscribe", "newsletter"];
            let class = class.to_ascii_lowercase();
            if selection.words_in(outer) * 3 < total && NOT.iter().any(|w| class.contains(w)) {
                return false;
            }
        }
        let others = selection.all_words_in(outer).saturating_sub(own);
        if others == 0 {
            continue;
        }
        let kept = selection.words_in(outer).saturating_sub(selection.words_in(id));
        // A caption beside the picture is no running text and says nothing of where both stand.
        if kept == 0 && others <= LONGEST_CAPTION && is_among_text(selection, id) {
            continue;
        }
        return kept * 2 >= total || kept * 10 >= others * 7;
    }
    false
}

/// Whether a picture lies between the first and the last kept passage, or closely before the first: where a site's own
/// pictures do not.
fn is_among_text(selection: &Selection, id: NodeId) -> bool {
    /// Headline, date, byline, caption and the like.
    const BEFORE: usize = 6;
    let Some((first, last)) = ends_of_text(selection) else { return false };
    let at = selection.page.range[id.index()].0 as usize;
    at + BEFORE >= first && at <= last && !is_small(selection.dom, id)
}

/// Whether a picture lies after the first kept passage and not after the last: buttons that share an article and
/// counters stand around it.
fn is_within_text(selection: &Selection, id: NodeId) -> bool {
    let at = selection.page.range[id.index()].0 as usize;
    ends_of_text(selection).is_some_and(|(first, last)| at > first && at <= last)
}

/// The first and the last kept passage.
fn ends_of_text(selection: &Selection) -> Option<(usize, usize)> {
    let sums = selection.kept_words;
    let is_kept = |n: &usize| sums[n + 1] > sums[*n];
    let passages = 0..sums.len().saturating_sub(1);
    Some((passages.clone().find(is_kept)?, passages.rev().find(is_kept)?))
}

/// Whether the page says that a picture is of a sign's size: a button, a logo, a counter.
fn is_small(dom: &Dom, id: NodeId) -> bool {
    let small = |name| dom.attr(id, name).and_then(|v| v.trim().parse::<u32>().ok()).is_some_and(|n| n < 2 * SMALLEST);
    small("width") || small("height")
}

/// The caption that stands beside a picture without a `figure` around both: all the text of the smallest element that
/// holds the picture and little else, none of which was taken for running text.
pub(super) fn beside(selection: &Selection, id: NodeId) -> (Vec<Inline>, Option<String>) {
    let dom = selection.dom;
    let outer = dom.ancestors(id).skip(1).find(|&outer| selection.all_words_in(outer) > 0);
    let Some(outer) = outer.filter(|&o| selection.all_words_in(o) <= LONGEST_CAPTION && selection.words_in(o) == 0)
    else {
        return (Vec::new(), None);
    };
    // Several pictures under one text: it cannot be told whose it is.
    if dom.descendants(outer).filter(|&n| dom.is(n, "img")).count() > 1 {
        return (Vec::new(), None);
    }
    let text = seen_text(dom, outer);
    if let Some(name) = credit_of(&text) {
        return (Vec::new(), Some(name));
    }
    let mut caption: Vec<Inline> = if text.is_empty() { Vec::new() } else { vec![Inline::Text(text)] };
    let credit = split_credit(&mut caption);
    (caption, credit)
}

/// Whether a picture stands within a line of text: small, among words.
pub(super) fn is_inline(selection: &Selection, id: NodeId, image: &Image) -> bool {
    let small = image.size.is_some_and(|(width, height)| width < SMALLEST && height < SMALLEST);
    small && selection.dom.parent(id).is_some_and(|p| selection.words_in(p) > 2)
}

/// What a `figure` element is.
pub(super) enum Figure {
    /// Pictures with their caption; a table, code or quotation with its own.
    Whole(Vec<Block>),
    /// Pictures of something else than the article.
    Foreign,
    /// None of these: taken as it comes.
    Text,
}

/// Reads a `figure` element.
pub(super) fn figure(selection: &Selection, id: NodeId) -> Figure {
    let dom = selection.dom;
    let mut images = Vec::new();
    let mut edges = dom.edges(id);
    let mut captions = Vec::new();
    let mut other = false;
    while let Some(edge) = edges.next() {
        let Edge::Open(node) = edge else { continue };
        if dom.is(node, "img") || dom.is(node, "picture") || dom.is(node, "amp-img") {
            images.extend(image_of(dom, node, selection.picture_base).map(|image| told(selection, image)));
            edges.pass_over(node);
        } else if super::drawing::is_drawing(dom, node) {
            images.extend(super::drawing::image_of(dom, node));
            edges.pass_over(node);
        } else if dom.is(node, "figcaption") {
            captions.push(node);
        } else if dom.is(node, "iframe") {
            return Figure::Text;
        } else {
            other |= ["table", "pre", "blockquote"].iter().any(|name| dom.is(node, name));
        }
    }
    if images.is_empty() || other {
        return captioned(selection, id, &captions).map_or(Figure::Text, Figure::Whole);
    }
    if !belongs(selection, id) {
        return Figure::Foreign;
    }
    images.dedup_by(|a, b| a.src == b.src);
    let (caption, credit) = caption(selection, id, &captions);
    Figure::Whole(vec![Block::Figure { images, caption, credit }])
}

/// A table, code or quotation of which something is kept, with the caption that stands below or above it.
fn captioned(selection: &Selection, id: NodeId, captions: &[NodeId]) -> Option<Vec<Block>> {
    let dom = selection.dom;
    let in_captions: u32 = captions.iter().map(|&node| selection.words_in(node)).sum();
    if captions.is_empty() || selection.words_in(id) == in_captions {
        return None;
    }
    let inside = Selection { whole: selection.page.range[id.index()], ..*selection };
    let mut blocks = Vec::new();
    let mut above = false;
    for child in dom.children(id) {
        if captions.contains(&child) {
            above = blocks.is_empty();
        } else {
            blocks.extend(super::walk(&inside, child));
        }
    }
    let (mut caption, credit) = caption(selection, id, captions);
    if let Some(credit) = credit {
        if !caption.is_empty() {
            caption.push(Inline::Text(" ".to_owned()));
        }
        caption.push(Inline::Text(credit));
    }
    match blocks.as_mut_slice() {
        [Block::Table(table)] if table.caption.is_empty() => table.caption = caption,
        [Block::Quote { cite, .. }] if cite.is_empty() => *cite = super::builder::undashed(caption),
        _ if caption.is_empty() => {}
        _ => {
            let at = if above { 0 } else { blocks.len() };
            blocks.insert(at, Block::Paragraph { content: caption, lang: None });
        }
    }
    Some(blocks)
}

/// What stands under the pictures of a figure, and who made them.
fn caption(selection: &Selection, id: NodeId, captions: &[NodeId]) -> (Vec<Inline>, Option<String>) {
    let all = Selection { whole: selection.page.range[id.index()], ..*selection };
    let mut credit = None;
    let mut caption = Vec::new();
    for &node in captions {
        for block in super::walk(&all, node) {
            let Some(content) = line(block) else { continue };
            let text = inline_text(&content);
            match credit_of(&text) {
                Some(name) if credit.is_none() => credit = Some(name),
                _ => {
                    if !caption.is_empty() {
                        caption.push(Inline::Text(" ".to_owned()));
                    }
                    caption.extend(content);
                }
            }
        }
    }
    if credit.is_none() {
        credit = split_credit(&mut caption);
    }
    (caption, credit)
}

/// A block of a caption as a line of it.
pub(super) fn line(block: Block) -> Option<Vec<Inline>> {
    match block {
        Block::Paragraph { content, lang: None } => Some(content),
        Block::Paragraph { content, lang: Some(lang) } => Some(vec![Inline::Lang { lang, content }]),
        Block::Heading { content, .. } => Some(vec![Inline::Strong(content)]),
        Block::List { items, .. } => {
            let lines: Vec<Vec<Inline>> = items.into_iter().flatten().filter_map(line).collect();
            Some(lines.join(&Inline::Text("; ".to_owned())))
        }
        _ => None,
    }
}

/// A picture whose title says nothing that the headline does not.
pub(super) fn told(selection: &Selection, image: Image) -> Image {
    let title = image.title.filter(|title| super::letters(title) != selection.title);
    Image { title, ..image }
}

/// Takes the credit off the end of a caption: «Мост. Фото: Иван Петров».
fn split_credit(caption: &mut Vec<Inline>) -> Option<String> {
    let Some(Inline::Text(last)) = caption.last_mut() else { return None };
    let at =
        ["Фото:", "Photograph:", "Photo:", "Photo by", "Foto:", "Credit:", "Графика:", "Иллюстрация:", "Источник:"]
            .iter()
            .filter_map(|mark| last.rfind(mark))
            .max()
            .filter(|&at| at > 0)?;
    let credit = credit_of(&last[at..])?;
    last.truncate(last[..at].trim_end().len());
    if last.is_empty() {
        caption.pop();
    }
    Some(credit)
}

/// Who made a picture, when this is all that a line says.
pub(super) fn credit_of(text: &str) -> Option<String> {
    const MARKS: [&str; 17] = [
        "Графика:",
        "Фото:",
        "Фото ",
        "Photo:",
        "Photo by",
        "Photograph:",
        "Image:",
        "Credit:",
        "Photo credit:",
        "Image credit:",
        "©",
        "Foto:",
        "Bild:",
        "Source:",
        "Источник:",
        "Иллюстрация:",
        "(c)",
    ];
    let text = text.trim();
    let rest = MARKS.iter().find_map(|mark| text.strip_prefix(mark))?;
    let name = rest.trim_matches([':', ' ', '.', '/']);
    (!name.is_empty() && name.chars().count() < 80).then(|| name.to_owned())
}

/// A video or post that stands in the article.
pub(super) fn embed(selection: &Selection, id: NodeId) -> Option<Block> {
    const VIDEO: [&str; 9] = [
        "youtube.com/embed",
        "youtube-nocookie.com/embed",
        "player.vimeo.com",
        "rutube.ru/play",
        "rutube.ru/video",
        "vk.com/video_ext",
        "vkvideo.ru/video_ext",
        "dailymotion.com/embed",
        "ok.ru/videoembed",
    ];
    let dom = selection.dom;
    let raw =
        ["src", "data-src", "data-lazy-src"].into_iter().find_map(|a| dom.attr(id, a).filter(|s| !s.is_empty()))?;
    let url = selection.address(raw)?;
    let is_file = dom.is(id, "video") && url.starts_with("http");
    if !(is_file || VIDEO.iter().any(|v| url.contains(v))) || !belongs(selection, id) {
        return None;
    }
    let title =
        dom.attr(id, "title").map(collapse).filter(|t| !t.is_empty()).unwrap_or_else(|| "Видео / Video".to_owned());
    Some(Block::Embed { title, url })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srcset_gives_the_widest_picture_that_print_needs() {
        assert_eq!(widest("a.jpg 320w, b.jpg 1200w, c.jpg 6000w"), Some("b.jpg"));
        assert_eq!(widest("a,b.jpg 1x, c.jpg 2x"), Some("c.jpg"));
        assert_eq!(widest("only.jpg"), Some("only.jpg"));
        assert_eq!(widest(""), None);
    }

    #[test]
    fn credit_is_only_a_line_that_says_nothing_else() {
        assert_eq!(credit_of("Фото: Иван Петров"), Some("Иван Петров".to_owned()));
        assert_eq!(credit_of("Photo by Jane Roe"), Some("Jane Roe".to_owned()));
        let mut caption = vec![Inline::Text("Мост. Фото: Иван Петров".to_owned())];
        assert_eq!(split_credit(&mut caption).as_deref(), Some("Иван Петров"));
        assert_eq!(inline_text(&caption), "Мост.");
        assert_eq!(credit_of("Мост после ремонта"), None);
    }
}
