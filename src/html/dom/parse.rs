//! Reading a page within its limits.

use html5ever::tree_builder::TreeBuilderOpts;

use super::tokens::{self, Most, Stopped};
use super::tree::Dom;
use crate::limits::Limit;
use crate::{Error, Limits, Result};

/// How many steps of the parser one element may cost on average before the page is refused. Real pages need fewer
/// than ten; inputs that make the standard's algorithm quadratic need thousands.
const STEPS_PER_ELEMENT: u64 = 100;

/// Bytes of the longest page. Positions are 32 bits wide: a quarter of their range leaves room for text that the parser
/// doubles.
const LONGEST: u64 = 1 << 30;

impl Dom {
    /// Parses a whole page as a browser without scripts would, so that what stands in `<noscript>` is in the tree.
    /// `name` is the page's name in error messages.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] when the page is larger than [`Limits::decoded`], has more than [`Limits::elements`] elements,
    /// or is built to make the parser run for minutes.
    pub fn parse(html: &str, name: &str, limits: &Limits) -> Result<Dom> {
        Self::parse_with(html, name, limits, false)
    }

    /// As [`Dom::parse`]; `scripting` says whether `<noscript>` is text, as it is for a browser that runs scripts.
    ///
    /// # Errors
    ///
    /// As [`Dom::parse`].
    pub fn parse_with(html: &str, name: &str, limits: &Limits, scripting: bool) -> Result<Dom> {
        let over = |what: String, most: String, limit| Error::Limit { name: name.to_owned(), what, most, limit };
        let length = html.len() as u64;
        if length > limits.decoded.min(LONGEST) {
            let (most, limit) =
                if limits.decoded < LONGEST { (limits.decoded, Limit::Input) } else { (LONGEST, Limit::Fixed) };
            return Err(over(format!("a page of {length} bytes"), format!("{most} bytes"), limit));
        }
        let steps = (limits.elements as u64).saturating_mul(STEPS_PER_ELEMENT);
        let options = TreeBuilderOpts { scripting_enabled: scripting, ..TreeBuilderOpts::default() };
        let parsed = tokens::parse(html, options, Most { elements: limits.elements, steps });
        let mut dom = parsed.map_err(|stopped| match stopped {
            Stopped::Elements => {
                over("the number of elements".to_owned(), limits.elements.to_string(), Limit::Elements)
            }
            Stopped::Steps => {
                let what = "the work to parse elements that are never closed".to_owned();
                over(what, format!("{} elements", limits.elements), Limit::Elements)
            }
        })?;
        dom.flatten(limits.depth.clamp(16, 1024));
        Ok(dom)
    }
}
