//! What the user knows besides the built-in rules: a site profile and filter lists, compiled.

use std::collections::HashSet;
use std::ops::Deref;

use url::Url;

use super::SiteProfile;
use super::filters::{Filters, FiltersOnPage, Lines};
use super::requests::Load;
use super::rules::{Guard, Hit};
use super::selector::{Selector, SelectorNode};
use crate::{Error, Result};

/// A site profile and filter lists, ready to be asked about elements. Shared by every page.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Site {
    /// The profile's own keys.
    pub profile: SiteProfile,
    article: Vec<Selector>,
    title: Vec<Selector>,
    byline: Vec<Selector>,
    date: Vec<Selector>,
    lead_image: Vec<Selector>,
    remove: Vec<Selector>,
    keep: Vec<Selector>,
    filters: Filters,
    asked_by_filters: Vec<Box<str>>,
}

/// What the profile calls an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What holds the article.
    Article,
    /// The headline.
    Title,
    /// The authors.
    Byline,
    /// The date.
    Date,
    /// The picture that stands for the article.
    LeadImage,
}

/// What is to be done with an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is known about it.
    Silent,
    /// It stays whatever the rules say.
    Keep,
    /// It goes.
    Remove(Hit),
}

impl Site {
    /// Compiles the selectors of a profile. `file` is how messages call it.
    ///
    /// # Errors
    /// [`Error::Usage`]: a selector that is wrong, or that asks what a stream cannot know.
    pub fn new(file: &str, profile: SiteProfile, filters: Filters) -> Result<Self> {
        let read = |key: &str, text: &str| {
            Selector::list(text).map_err(|why| Error::Usage(format!("{file}: key {key}: selector {text:?}: {why}")))
        };
        let one = |key: &str, text: &Option<String>| text.as_deref().map_or(Ok(Vec::new()), |text| read(key, text));
        let many = |key: &str, texts: &[String]| -> Result<Vec<Selector>> {
            let lists = texts.iter().map(|text| read(key, text)).collect::<Result<Vec<_>>>()?;
            Ok(lists.into_iter().flatten().collect())
        };
        Ok(Self {
            article: one("article", &profile.article)?,
            title: one("title", &profile.title)?,
            byline: one("byline", &profile.byline)?,
            date: one("date", &profile.date)?,
            lead_image: one("lead_image", &profile.lead_image)?,
            remove: many("remove", &profile.remove)?,
            keep: many("keep", &profile.keep)?,
            profile,
            asked_by_filters: filters.asked_around().into_iter().map(Into::into).collect(),
            filters,
        })
    }

    /// What became of the lines of the filter lists.
    pub fn filter_lines(&self) -> Lines {
        self.filters.lines
    }

    /// The charset of the site's pages, where the profile names one.
    pub fn charset(&self) -> Option<&'static encoding_rs::Encoding> {
        encoding_rs::Encoding::for_label(self.profile.charset.as_deref()?.as_bytes())
    }

    /// Whether anything is kept against the rules.
    pub fn keeps(&self) -> bool {
        !self.keep.is_empty() || !self.article.is_empty() || !self.title.is_empty()
    }

    /// Names of attributes that are asked of the elements around an element, besides `class` and `id`.
    pub fn asked_around(&self) -> Vec<Box<str>> {
        let own = [&self.article, &self.title, &self.byline, &self.date, &self.lead_image, &self.remove, &self.keep];
        let mut asked: HashSet<&str> = own.into_iter().flatten().flat_map(Selector::asked_around).collect();
        asked.extend(self.asked_by_filters.iter().map(|name| &**name));
        asked.into_iter().map(Into::into).collect()
    }

    fn selectors(&self, part: Part) -> &[Selector] {
        match part {
            Part::Article => &self.article,
            Part::Title => &self.title,
            Part::Byline => &self.byline,
            Part::Date => &self.date,
            Part::LeadImage => &self.lead_image,
        }
    }
}

/// What the user knows, as it counts for one page: a [`Site`], borrowed or shared, and what was looked up of it.
#[derive(Debug)]
pub struct SiteOnPage<S> {
    site: S,
    /// Whether the profile speaks of this page. One without a host always does, and so does any where nobody knows
    /// where the page is.
    profiled: bool,
    filters: FiltersOnPage,
}

impl<S: Deref<Target = Site>> SiteOnPage<S> {
    /// For the page at this address.
    pub fn new(site: S, page: Option<&Url>) -> Self {
        let host = page.and_then(Url::host_str).unwrap_or_default();
        let profiled = host.is_empty() || site.profile.applies_to(host);
        let filters = site.filters.on(page);
        Self { site, profiled, filters }
    }

    /// What is known of all pages.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Whether what the page's own answer leaves out inside the article goes; see [`SiteProfile::sift`].
    pub fn sifts(&self) -> bool {
        self.profiled && self.site.profile.sift
    }

    /// Whether the element is this part of the article.
    pub fn is_part(&self, part: Part, element: &impl SelectorNode, around: &[impl SelectorNode]) -> bool {
        let selectors = self.site.selectors(part);
        !selectors.is_empty() && self.profiled && any(selectors, element, around).is_some()
    }

    /// What is to be done with an element. `around` are those it stands in, outermost first.
    pub fn judge(&self, element: &impl SelectorNode, around: &[impl SelectorNode]) -> Verdict {
        let site = &*self.site;
        if matches!(element.name(), "html" | "body") {
            return Verdict::Silent;
        }
        if self.profiled {
            if let Some(selector) = any(&site.remove, element, around) {
                return Verdict::Remove(removed("site: removed by the site profile", selector.to_owned(), Guard::None));
            }
            if [&site.keep, &site.article, &site.title].into_iter().any(|s| any(s, element, around).is_some()) {
                return Verdict::Keep;
            }
        }
        match site.filters.hit(&self.filters, element, around) {
            Some(selector) => {
                Verdict::Remove(removed("filter: hidden by a filter list", selector.to_owned(), Guard::Text))
            }
            None => Verdict::Silent,
        }
    }

    /// Whether a filter list may say something of an element with these classes.
    pub(crate) fn asks_for(&self, classes: &str) -> bool {
        self.site.filters.ask_for(&self.filters, classes)
    }

    /// The rule that blocks what an element of this name wants to load.
    pub fn judge_load(&self, element: &str, address: &Url) -> Option<Hit> {
        let rule = self.site.filters.hit_request(&self.filters, Load::of(element)?, address)?;
        Some(removed("filter: blocked by a filter list", rule, Guard::Text))
    }
}

fn any<'a>(selectors: &'a [Selector], element: &impl SelectorNode, around: &[impl SelectorNode]) -> Option<&'a str> {
    selectors.iter().find(|selector| selector.matches(element, around)).map(|selector| &*selector.text)
}

fn removed(rule: &str, selector: String, guard: Guard) -> Hit {
    Hit { rule: rule.to_owned(), selector, guard }
}
