//! What a page of article mode says and holds, read back from what was written.

use crate::clean::Inventory;
use crate::html::dom::{Dom, Edge};
use crate::{Limits, Result};

/// What stands in the main part of a page that [`super::article_page`] wrote.
///
/// # Errors
///
/// [`crate::Error::Limit`]: the page is larger than the limits allow to read.
pub fn inventory(page: &str, limits: &Limits) -> Result<Inventory> {
    const INLINE: [&str; 13] =
        ["a", "abbr", "b", "strong", "i", "em", "code", "sup", "sub", "s", "del", "span", "small"];
    let dom = Dom::parse(page, "the article", limits)?;
    let mut said =
        Inventory { headings: Some(0), links: Some(0), images: Some(0), tables: Some(0), ..Inventory::default() };
    let Some(main) = dom.find("main") else { return Ok(said) };
    for edge in dom.edges(main) {
        let (Edge::Open(id) | Edge::Close(id)) = edge;
        let Some(tag) = dom.any_tag(id) else {
            if matches!(edge, Edge::Open(_)) {
                said.add(dom.text(id));
            }
            continue;
        };
        if !INLINE.contains(&&**tag) {
            said.add("\n");
        }
        let count = match &**tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => &mut said.headings,
            "a" if dom.attr(id, "href").is_some() => &mut said.links,
            "img" => &mut said.images,
            "table" => &mut said.tables,
            _ => continue,
        };
        if matches!(edge, Edge::Open(_)) {
            *count = count.map(|n| n + 1);
        }
    }
    Ok(said)
}
