//! What the user knows besides the built-in rules: a site profile and filter lists, compiled.

use super::SiteProfile;
use super::filters::Filters;
use super::rules::{Guard, Hit};
use super::selector::{Node, Selector};
use crate::{Error, Result};

/// A site profile and filter lists, ready to be asked about elements. Shared by every page.
#[derive(Debug, Default)]
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
            filters,
        })
    }

    /// Whether the profile is asked on pages of this host (empty: unknown). One without a host always is.
    fn speaks_of(&self, host: &str) -> bool {
        host.is_empty() || self.profile.applies_to(host)
    }

    /// Whether anything is kept against the rules.
    pub fn keeps(&self) -> bool {
        !self.keep.is_empty() || !self.article.is_empty() || !self.title.is_empty()
    }

    /// Whether the element is this part of the article.
    pub fn is_part(&self, part: Part, element: &impl Node, around: &[impl Node], host: &str) -> bool {
        let selectors = self.selectors(part);
        !selectors.is_empty() && self.speaks_of(host) && any(selectors, element, around).is_some()
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

    /// What is to be done with an element. `around` are those it stands in, outermost first; `host` is the page's.
    pub fn judge(&self, element: &impl Node, around: &[impl Node], host: &str) -> Verdict {
        if matches!(element.name(), "html" | "body") {
            return Verdict::Silent;
        }
        if self.speaks_of(host) {
            if let Some(selector) = any(&self.remove, element, around) {
                return removed("site: removed by the site profile", selector.to_owned(), Guard::None);
            }
            if any(&self.keep, element, around).is_some()
                || any(&self.article, element, around).is_some()
                || any(&self.title, element, around).is_some()
            {
                return Verdict::Keep;
            }
        }
        if let Some(selector) = self.filters.hit(element, around, host) {
            return removed("filter: hidden by a filter list", selector.to_owned(), Guard::Text);
        }
        let loads = matches!(
            element.name(),
            "img" | "image" | "iframe" | "frame" | "embed" | "object" | "script" | "video" | "audio" | "source"
        );
        let address = if element.name() == "object" { "data" } else { "src" };
        if loads
            && let Some(src) = element.attribute(address)
            && let Some(blocked) = self.filters.hit_host(&src, host)
        {
            let selector = format!("{}[{address}*=\"{blocked}\"]", element.name());
            return removed("filter: loaded from a host of a filter list", selector, Guard::Text);
        }
        Verdict::Silent
    }
}

fn any<'a>(selectors: &'a [Selector], element: &impl Node, around: &[impl Node]) -> Option<&'a str> {
    selectors.iter().find(|selector| selector.matches(element, around)).map(|selector| &*selector.text)
}

fn removed(rule: &str, selector: String, guard: Guard) -> Verdict {
    Verdict::Remove(Hit { rule: rule.to_owned(), selector, guard })
}
