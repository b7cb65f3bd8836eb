//! Files that an article comes with: a decree, an estimate, a form. Lines of links are furniture to who judges passages one
//! by one, so they are looked for by where they lead.

use crate::article::export::inline_text;
use crate::article::model::{Block, Inline, NumberStyle};
use crate::article::passage::Page;
use crate::clean::is_file;
use crate::html::dom::{Dom, NodeId};

/// What the line above them says.
const HEADINGS: [&str; 18] = [
    "файлы",
    "файл",
    "документы",
    "документ",
    "вложения",
    "вложение",
    "приложения",
    "приложение",
    "скачать",
    "прикрепленные файлы",
    "прикреплённые файлы",
    "файлы для скачивания",
    "attachments",
    "attached files",
    "files",
    "downloads",
    "download",
    "documents",
];

/// Names of boxes whose files are not the article's.
const FOREIGN: [&str; 18] = [
    "related",
    "sidebar",
    "menu",
    "nav",
    "footer",
    "comment",
    "comments",
    "share",
    "social",
    "banner",
    "banners",
    "breadcrumb",
    "breadcrumbs",
    "popular",
    "lastnews",
    "header",
    "widget",
    "promo",
];

/// Words of the longest line about a file.
const LINE: u32 = 40;
/// Passages of one such line.
const PARTS: u32 = 8;
/// Passages after the last one kept within which its files stand.
const REACH: usize = 24;

/// Keeps the lines of files that stand within the text or right below it.
pub(in crate::article) fn keep(dom: &Dom, page: &Page, keep: &mut [bool]) {
    let words = |from: u32, to: u32, keep: &[bool]| -> u32 {
        (from as usize..to as usize).filter(|&n| keep[n]).map(|n| page.passages[n].stats.words).sum()
    };
    let all = words(0, keep.len() as u32, keep);
    let (Some(first), Some(last)) = (keep.iter().position(|&k| k), keep.iter().rposition(|&k| k)) else { return };
    // The smallest element around most of the text, and two more: a box of files often stands beside it.
    let Some(text) = dom.ancestors(page.passages[last].node).find(|outer| {
        let (from, to) = page.range[outer.index()];
        words(from, to, keep) * 2 > all
    }) else {
        return;
    };
    let around: Vec<NodeId> =
        dom.ancestors(text).take(3).take_while(|&outer| !dom.is(outer, "body") && !dom.is(outer, "html")).collect();
    let Some(&outermost) = around.last() else { return };
    let links: Vec<NodeId> =
        dom.descendants(outermost).filter(|&id| dom.is(id, "a") && leads_to_file(dom, id)).collect();
    let mut end = last;
    for link in links {
        let at = page.range[link.index()].0 as usize;
        if at >= keep.len() || keep[at] || at < first || at > end + REACH {
            continue;
        }
        let inside = |outer: &NodeId| *outer != outermost;
        if dom.ancestors(link).take_while(inside).any(|outer| is_foreign(dom, outer, outer == text)) {
            continue;
        }
        let block = page.passages[at].block;
        let (from, to) = page.range[block.index()];
        let line = from as usize..to as usize;
        let count: u32 = page.passages[line.clone()].iter().map(|passage| passage.stats.words).sum();
        if to - from > PARTS || count > LINE || block == outermost {
            continue;
        }
        if let Some(above) = line.start.checked_sub(1).filter(|&above| !keep[above] && is_heading(page, above)) {
            keep[above] = true;
        }
        end = end.max(line.end - 1);
        keep[line].fill(true);
    }
}

fn leads_to_file(dom: &Dom, link: NodeId) -> bool {
    dom.attr(link, "href").is_some_and(is_file)
}

fn is_foreign(dom: &Dom, id: NodeId, is_text: bool) -> bool {
    if ["nav", "footer", "header", "aside", "form"].iter().any(|name| dom.is(id, name)) {
        return true;
    }
    !is_text
        && ["class", "id"].iter().filter_map(|name| dom.attr(id, name)).any(|value| {
            value
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| FOREIGN.contains(&word.to_ascii_lowercase().as_str()))
        })
}

fn is_heading(page: &Page, at: usize) -> bool {
    let text = page.text_of(&page.passages[at]).trim_end_matches([':', ' ']).to_lowercase();
    HEADINGS.contains(&text.as_str())
}

/// Makes a list of paragraphs in a row that are each one file.
pub(super) fn list(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut files: Vec<Vec<Block>> = Vec::new();
    let end = |files: &mut Vec<Vec<Block>>, out: &mut Vec<Block>| match files.len() {
        0 => {}
        1 => out.extend(files.drain(..).flatten()),
        _ => out.push(Block::List {
            ordered: false,
            start: None,
            style: NumberStyle::Decimal,
            numbers: Vec::new(),
            items: std::mem::take(files),
        }),
    };
    for block in blocks {
        if is_about_a_file(&block) {
            files.push(vec![block]);
        } else {
            end(&mut files, &mut out);
            out.push(block);
        }
    }
    end(&mut files, &mut out);
    out
}

/// Whether a paragraph is a link to a file and hardly more: its kind and size.
fn is_about_a_file(block: &Block) -> bool {
    let Block::Paragraph { content, .. } = block else { return false };
    let mut linked = 0;
    let mut links = 0;
    for inline in content {
        if let Inline::Link { href, content } = inline {
            if !is_file(href) {
                return false;
            }
            links += 1;
            linked += inline_text(content).chars().count();
        }
    }
    let all = inline_text(content).chars().count();
    links == 1 && (linked * 2 >= all || all - linked <= 30)
}
