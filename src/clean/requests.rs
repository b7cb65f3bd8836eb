//! Rules of filter lists about requests: asked of what a page loads, never of links.

use std::fmt;

use adblock::Engine;
use adblock::lists::{FilterSet, ParseOptions};
use adblock::request::Request;
use adblock::url_parser::parse_url;
use url::Url;

/// What a page loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Load {
    /// A picture.
    Image,
    /// A page within the page.
    Frame,
    /// Video or sound.
    Media,
    /// A plug-in's content.
    Object,
}

impl Load {
    /// What an element of this name (in small letters) loads. Scripts and sheets of the origin never pass anyway.
    pub(super) fn of(element: &str) -> Option<Self> {
        match element {
            "img" | "image" => Some(Self::Image),
            "iframe" | "frame" => Some(Self::Frame),
            "video" | "audio" => Some(Self::Media),
            "embed" | "object" => Some(Self::Object),
            _ => None,
        }
    }

    /// As filter lists call it.
    fn kind(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Frame => "subdocument",
            Self::Media => "media",
            Self::Object => "object",
        }
    }
}

/// Rules about requests, compiled once.
pub(super) struct Requests {
    engine: Engine,
}

/// The page that asks.
#[derive(Debug, Default)]
pub(super) struct Asker {
    host: String,
    /// The part of the host that is registered, by the public suffix list.
    domain: String,
}

impl Asker {
    pub(super) fn new(page: Option<&Url>) -> Self {
        let page = page.and_then(|page| parse_url(page.as_str()));
        page.map_or_else(Self::default, |page| Self { host: page.hostname().into(), domain: page.domain().into() })
    }
}

impl Requests {
    /// Compiles the lines that are about requests. `None` where there are none.
    pub(super) fn new(lines: String) -> Option<Self> {
        if lines.is_empty() {
            return None;
        }
        // With its debugging on, the engine tells which line has matched.
        let mut set = FilterSet::new(true);
        set.add_filter_list(lines, ParseOptions::default());
        Some(Self { engine: Engine::new_with_filter_set(set) })
    }

    /// The rule that blocks what the page wants to load.
    pub(super) fn hit(&self, load: Load, address: &Url, page: &Asker) -> Option<String> {
        let host = address.host_str()?;
        let own = !page.domain.is_empty()
            && host.strip_suffix(page.domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let request = Request::preparsed(address.as_str(), host, &page.host, load.kind(), !own, "GET");
        let result = self.engine.check_network_request(&request);
        result
            .should_block()
            .then(|| result.filter.and_then(|filter| filter.raw_line).unwrap_or_else(|| format!("||{host}^")))
    }

    /// Whether the lists say that their element rules for all sites do not count on this page.
    pub(super) fn spares(&self, page: &Url) -> bool {
        self.engine.url_cosmetic_resources(page.as_str()).generichide
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Requests")
    }
}
