//! Links in a summary: controls may not stand within each other, so they follow it.

use super::Writer;
use crate::html::entities::escape;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::markup::attribute;

/// Links of one summary that are remembered; no more are written.
const MOST_LINKS: usize = 50;

/// The summary that is open.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) text: String,
    links: Vec<SummaryLink>,
}

/// A link in a summary, and where in the summary's text its own begins and ends.
#[derive(Debug)]
struct SummaryLink {
    id: Id,
    href: String,
    offset: u64,
    from: usize,
    to: Option<usize>,
}

impl Summary {
    /// Remembers a link, unless there are too many.
    pub(super) fn open_link(&mut self, id: Id, element: &Element) -> bool {
        if self.links.len() == MOST_LINKS {
            return false;
        }
        let href = element.get(Attr::Href).unwrap_or_default().to_owned();
        self.links.push(SummaryLink { id, href, offset: element.offset, from: self.text.len(), to: None });
        true
    }

    pub(super) fn close_link(&mut self, id: Id) {
        if let Some(link) = self.links.iter_mut().find(|link| link.id == id) {
            link.to = Some(self.text.len());
        }
    }
}

impl Writer {
    /// Writes the links that stood in a summary below it.
    pub(super) fn links_of_summary(&mut self) {
        let summary = std::mem::take(&mut self.summary);
        let whole = summary.text.trim();
        for (nth, link) in summary.links.iter().enumerate() {
            let own = summary.text.get(link.from..link.to.unwrap_or(summary.text.len())).unwrap_or_default().trim();
            // An icon is a link to what the summary says.
            let name = if own.is_empty() && nth == 0 { whole } else { own };
            if name.is_empty() {
                self.leave_out(Tag::A, link.offset, "a link that says nothing");
                continue;
            }
            let mut attributes = String::new();
            attribute(&mut attributes, "href", &link.href);
            self.out.push_str(&format!("\n<p><a{attributes}>"));
            escape(&mut self.out, name);
            self.out.push_str("</a></p>");
            self.kept.links += 1;
            self.seal(Tag::A);
            self.added_words(name);
        }
    }
}
