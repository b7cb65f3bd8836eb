//! Where a page says that its article goes on, or stands in another form.

use url::Url;

use crate::html::dom::{Dom, NodeId};

/// Where a page says that other versions of its article and its next page are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Versions {
    /// The next page: `rel=next`.
    pub next: Option<Url>,
    /// The version for phones: `rel=amphtml`.
    pub amp: Option<Url>,
    /// The version for printing: `rel=alternate` for the medium `print`, or a link marked as one.
    pub print: Option<Url>,
}

/// A version of an article that may be preferred to the page itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Version {
    /// For phones.
    Amp,
    /// For printing.
    Print,
}

impl Versions {
    pub(super) fn read(dom: &Dom, base: Option<&Url>) -> Versions {
        let mut versions = Versions::default();
        let Some(base) = base else { return versions };
        for id in dom.descendants(dom.root()).filter(|&id| dom.is(id, "link") || dom.is(id, "a")) {
            let Some(rel) = dom.attr(id, "rel") else { continue };
            let is = |word: &str| rel.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case(word));
            let there = || address(dom, id, base);
            if is("next") && versions.next.is_none() {
                versions.next = there();
            }
            if is("amphtml") && versions.amp.is_none() {
                versions.amp = there();
            }
            let print = dom.attr(id, "media").is_some_and(|m| m.trim().eq_ignore_ascii_case("print"));
            if (is("alternate") && print || is("print")) && versions.print.is_none() {
                versions.print = there();
            }
        }
        versions
    }

    /// The address of this version.
    pub fn of(&self, version: Version) -> Option<&Url> {
        match version {
            Version::Amp => self.amp.as_ref(),
            Version::Print => self.print.as_ref(),
        }
    }
}

fn address(dom: &Dom, id: NodeId, base: &Url) -> Option<Url> {
    let mut url = base.join(dom.attr(id, "href")?.trim()).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}
