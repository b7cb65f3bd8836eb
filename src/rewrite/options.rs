//! What the page becomes, and where its links lead.

use std::fmt;
use std::sync::Arc;

use url::Url;

use crate::Limits;
use crate::clean::Site;
use crate::theme::{FontSource, Look, Screen, Settings};

/// What the page becomes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// How receipts and messages call the page: the path or address as the user gave it.
    pub source: String,
    /// Where the page is; relative addresses are resolved against it.
    pub base_url: Option<Url>,
    /// The page's language, where the user knows better than the page.
    pub lang: Option<String>,
    /// The reader's settings.
    pub settings: Settings,
    /// A theme besides the built-in ones; it wins over one of the same name.
    pub theme: Option<Screen>,
    /// Whether the page gets a settings panel.
    pub panel: bool,
    /// Where the panel's form is sent, if there is a server to remember the choice.
    pub settings_action: Option<String>,
    /// Where the article is as a PDF.
    pub pdf_url: Option<String>,
    /// Where the typefaces come from.
    pub fonts: FontSource,
    /// Where the sheet is; without an address it stands in the page itself.
    pub sheet_url: Option<String>,
    /// Where links lead instead; pictures and the original page's own address are left alone.
    pub links: Option<LinkMap>,
    /// What the user knows: a site profile and filter lists.
    pub site: Option<Arc<Site>>,
    /// Bounds; of these, the depth of elements counts here.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            source: String::new(),
            base_url: None,
            lang: None,
            settings: Settings::default(),
            theme: None,
            panel: true,
            settings_action: None,
            pdf_url: None,
            fonts: FontSource::default(),
            sheet_url: None,
            links: None,
            site: None,
            limits: Limits::default(),
        }
    }
}

impl Options {
    /// The themes the panel offers.
    pub(crate) fn screens(&self) -> Vec<Screen> {
        let mut screens = Screen::all().to_vec();
        if let Some(theme) = &self.theme {
            match screens.iter_mut().find(|screen| screen.name == theme.name) {
                Some(same) => *same = theme.clone(),
                None => screens.push(theme.clone()),
            }
        }
        screens
    }

    /// Chooses a theme, built-in or the user's own.
    pub fn set_theme(&mut self, theme: Screen) {
        self.settings.look = Look::Theme(theme.name.clone());
        self.theme = Some(theme);
    }
}

/// Leads links elsewhere: a proxy keeps the reader among its own pages.
#[derive(Clone)]
pub struct LinkMap {
    owns: Arc<dyn Fn(&Url) -> bool + Send + Sync>,
    lead: Arc<dyn Fn(&str) -> String + Send + Sync>,
}

impl LinkMap {
    /// A map for a site: `owns` tells of an origin (`https://www.example.ru`) whether links to it are led elsewhere, and is
    /// asked once or a few times a page; `lead` gives the address to write in place of one of the site's, by what stands
    /// behind the origin, from the slash on. It is written as it stands, so it must be an address that is safe to follow.
    pub fn new(
        owns: impl Fn(&Url) -> bool + Send + Sync + 'static,
        lead: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        Self { owns: Arc::new(owns), lead: Arc::new(lead) }
    }

    /// Where a link leads, as the parser has written it; `None` where it stays as it is. `known` are origins that were
    /// asked about.
    pub(super) fn apply(&self, href: &str, known: &mut Vec<(Box<str>, bool)>) -> Option<String> {
        // Fragments of this page, and relative addresses where nobody knows what to, lead nowhere else.
        let scheme = ["https://", "http://"].into_iter().find(|scheme| href.starts_with(scheme))?.len();
        let (origin, rest) = href.split_at(scheme + memchr::memchr(b'/', &href.as_bytes()[scheme..])?);
        let asked = known.iter().find(|(same, _)| **same == *origin).map(|(_, owns)| *owns);
        let owns = asked.unwrap_or_else(|| {
            let owns = Url::parse(origin).is_ok_and(|origin| (self.owns)(&origin));
            if known.len() < MOST_ORIGINS {
                known.push((origin.into(), owns));
            }
            owns
        });
        owns.then(|| (self.lead)(rest))
    }
}

/// Origins remembered of one page.
const MOST_ORIGINS: usize = 8;

impl fmt::Debug for LinkMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkMap")
    }
}
