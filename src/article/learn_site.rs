//! A profile of a site, learned from a few of its pages: what says the same on all of them is furniture, what varies
//! around the headline is the article, and names of classes and ids say where both are.

use super::find::find;
use super::judge;
use super::metadata::{self, Metadata};
use super::options::FindOptions;
use super::passage::Page;
use super::site::SiteView;
use crate::clean::{Filters, Site, SiteProfile};
use crate::html::dom::{Dom, NodeId};
use crate::{Error, Limits, Result};
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use url::Url;

/// Fewer pages cannot tell what repeats from what happens to be alike.
pub const FEWEST_PAGES: usize = 3;

/// More pages say nothing new, and all of them are held in memory.
pub const MOST_PAGES: usize = 200;

/// The least mean share of agreement between the pages' own answers and the profile's, and the least of any page. A
/// learned profile leaves a page's own answer where the two agree, and stands for it where that goes astray.
const AGREED: f32 = 0.92;
const AGREED_ANY: f32 = 0.6;

/// The least share of a page's own answer that the named element has to hold on half of the pages: one that misses a lead
/// on every page would lose it wherever the answer goes by the profile, and a few answers go astray.
const HELD: f32 = 0.97;

/// A kind of element of which no more than this share is kept goes from the article.
const FOREIGN: f32 = 0.02;

/// Names of classes and ids that count by page, and so name one page only.
const LONGEST_NAME: usize = 60;

/// A page to learn from.
#[derive(Clone, Copy, Debug)]
pub struct SitePage<'a> {
    /// Its path or address, for messages.
    pub name: &'a str,
    /// The page.
    pub html: &'a str,
    /// Where it is from, where that is known.
    pub url: Option<&'a Url>,
}

/// A profile, and how far the pages agree with it.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The profile.
    pub profile: SiteProfile,
    /// The share of what the pages' own answers and the profile's have in common, 0 to 1: the mean over all pages.
    pub agreement: f32,
    /// Words of the first page that others say too.
    pub repeated: u64,
}

struct Sample<'a> {
    source: SitePage<'a>,
    dom: Dom,
    page: Page,
    metadata: Metadata,
    /// What is kept without a profile, less what other pages say too.
    keep: Vec<bool>,
    /// What other pages say too.
    repeated: Vec<bool>,
    /// The page's own answer.
    article: Option<super::Article>,
    /// The elements of each name.
    named: BTreeMap<String, Vec<NodeId>>,
}

impl Sample<'_> {
    fn weight(&self, n: usize) -> f32 {
        self.page.passages[n].stats.words as f32
    }

    fn passages(&self, id: NodeId) -> std::ops::Range<usize> {
        let (from, to) = self.page.range[id.index()];
        from as usize..to as usize
    }

    /// The share of what was kept that stands in the named element, by words; all of it where nothing was kept.
    fn held(&self, article: &str) -> f32 {
        let range = self.named.get(article).and_then(|ids| ids.first()).map_or(0..0, |id| self.passages(*id));
        let kept = (0..self.keep.len()).filter(|&n| self.keep[n]);
        let (inside, all) = kept.fold((0.0, 0.0), |(inside, all), n| {
            (inside + if range.contains(&n) { self.weight(n) } else { 0.0 }, all + self.weight(n))
        });
        if all > 0.0 { inside / all } else { 1.0 }
    }

    /// How far a choice of passages agrees with what was kept: F1 by words, of what is on this page alone.
    fn agreement(&self, chosen: &[bool]) -> f32 {
        let (mut both, mut all) = (0.0, 0.0);
        for n in (0..chosen.len()).filter(|&n| !self.repeated[n]) {
            let weight = self.weight(n);
            both += if chosen[n] && self.keep[n] { 2.0 * weight } else { 0.0 };
            all += weight * (f32::from(chosen[n]) + f32::from(self.keep[n]));
        }
        if all > 0.0 { both / all } else { 0.0 }
    }
}

/// Learns a profile from pages of one site.
///
/// # Errors
///
/// [`Error::Usage`] for too few or too many pages, and where the pages do not agree where their article is; as
/// [`find`] for a page that is too large to look at.
pub fn learn_site(pages: &[SitePage], limits: &Limits) -> Result<Learned> {
    if !(FEWEST_PAGES..=MOST_PAGES).contains(&pages.len()) {
        return Err(Error::Usage(format!(
            "{} pages were given; learning a site takes {FEWEST_PAGES} to {MOST_PAGES} article pages of it",
            pages.len()
        )));
    }
    let samples = samples(pages, limits)?;
    let disagree = |why: &str| {
        Error::Usage(format!("the pages do not agree: {why}; give article pages of one site and one template"))
    };
    let article = article(&samples).ok_or_else(|| disagree("no element holds the article on all of them"))?;
    let mut profile = SiteProfile {
        host: host(&samples),
        article: Some(article.clone()),
        sift: true,
        title: title(&samples),
        byline: part(&samples, |sample, text| {
            let names = metadata::names(&[text.to_owned()]);
            !names.is_empty() && sample.article.as_ref().is_some_and(|article| article.byline == names)
        }),
        date: part(&samples, |sample, text| {
            let date = metadata::date_of(text);
            let day = |date: &str| date.get(..10).map(str::to_owned);
            date.is_some_and(|date| {
                sample.article.as_ref().and_then(|article| article.date.as_deref()).and_then(day) == day(&date)
            })
        }),
        ..SiteProfile::default()
    };
    let named = [&profile.title, &profile.byline, &profile.date].map(Option::as_deref);
    profile.remove = foreign(&samples, &article, &named);
    let mut held: Vec<f32> = samples.iter().map(|sample| sample.held(&article)).collect();
    held.sort_by(f32::total_cmp);
    let held = held[(held.len() - 1) / 2];
    if held < HELD {
        return Err(disagree(&format!("{article:?} holds {:.0} % of the article on half of them", held * 100.0)));
    }
    let agreement = agreement(&samples, &profile)?;
    let least = agreement.iter().copied().fold(1.0, f32::min);
    let mean = agreement.iter().sum::<f32>() / agreement.len() as f32;
    if mean < AGREED || least < AGREED_ANY {
        return Err(disagree(&format!(
            "{article:?} holds {:.0} % of what each page alone takes for its article",
            mean * 100.0
        )));
    }
    let repeated = samples.first().map_or(0, |sample| {
        (0..sample.repeated.len())
            .filter(|&n| sample.repeated[n])
            .map(|n| u64::from(sample.page.passages[n].stats.words))
            .sum()
    });
    Ok(Learned { profile, agreement: mean, repeated })
}

/// The host that all pages are from, as their addresses or they themselves say; empty where they do not agree.
fn host(samples: &[Sample]) -> String {
    let host = |sample: &Sample| {
        let declared = sample.article.as_ref().and_then(|article| Url::parse(article.url.as_deref()?).ok());
        let url = sample.source.url.cloned().or(declared)?;
        Some(url.host_str()?.trim_start_matches("www.").to_owned())
    };
    let hosts: BTreeSet<Option<String>> = samples.iter().map(host).collect();
    if hosts.len() == 1 { hosts.into_iter().next().flatten().unwrap_or_default() } else { String::new() }
}

fn samples<'a>(pages: &[SitePage<'a>], limits: &Limits) -> Result<Vec<Sample<'a>>> {
    let mut samples = Vec::with_capacity(pages.len());
    for source in pages {
        let dom = Dom::parse(source.html, source.name, limits)?;
        let page = Page::cut(&dom);
        let metadata = Metadata::read(&dom, &page, source.url);
        let scores = judge::scores(&dom, &page, &metadata)?;
        let keep = judge::decide(&dom, &page, &metadata, &scores).keep;
        let named = named(&dom, &page);
        let options = FindOptions { url: source.url, ..FindOptions::new(source.name, limits) };
        let article = find(source.html, &options).ok();
        let repeated = vec![false; page.passages.len()];
        samples.push(Sample { source: *source, dom, page, metadata, keep, repeated, article, named });
    }
    // The same words on a third of the pages, and two at the least, are furniture; one word may be chance.
    let mut pages_with: HashMap<u64, usize, FixedState> = HashMap::default();
    for sample in &samples {
        let own: HashSet<u64, FixedState> =
            sample.page.passages.iter().filter(|p| p.stats.words > 1).map(|p| p.stats.hash).collect();
        for hash in own {
            *pages_with.entry(hash).or_default() += 1;
        }
    }
    let many = (samples.len() / 3).max(2);
    for sample in &mut samples {
        for (n, passage) in sample.page.passages.iter().enumerate() {
            if pages_with.get(&passage.stats.hash).is_some_and(|&pages| pages >= many) {
                sample.repeated[n] = true;
                sample.keep[n] = false;
            }
        }
    }
    Ok(samples)
}

/// Whether a class or id names a kind of element, not this one: one with many digits or capitals amid hashes does not.
fn is_name(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (2..=LONGEST_NAME).contains(&word.len())
        && word.chars().all(plain)
        && word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().filter(char::is_ascii_digit).count() <= 2
}

/// The selectors that name an element, the plainest first.
fn names(dom: &Dom, id: NodeId) -> Vec<String> {
    let Some(tag) = dom.tag(id) else { return Vec::new() };
    let mut names = Vec::new();
    if let Some(own) = dom.attr(id, "id").filter(|own| is_name(own)) {
        names.push(format!("#{own}"));
    }
    if let Some(part) = dom.attr(id, "itemprop").filter(|part| is_name(part)) {
        names.push(format!("[itemprop=\"{part}\"]"));
    }
    let classes: Vec<&str> = dom
        .attr(id, "class")
        .unwrap_or_default()
        .split_ascii_whitespace()
        .filter(|word| is_name(word))
        .take(6)
        .collect();
    names.extend(classes.iter().map(|class| format!("{tag}.{class}")));
    if classes.len() > 1 {
        names.push(format!("{tag}.{}", classes.join(".")));
    }
    if matches!(&**tag, "article" | "main" | "h1" | "time" | "aside" | "nav" | "footer" | "form") {
        names.push(tag.to_string());
    }
    names
}

/// The elements of a page that hold text, by each of their names, and by name below the name of their parent.
fn named(dom: &Dom, page: &Page) -> BTreeMap<String, Vec<NodeId>> {
    let mut named: BTreeMap<String, Vec<NodeId>> = BTreeMap::new();
    for id in dom.descendants(dom.root()) {
        let (from, to) = page.range[id.index()];
        if from == to || dom.tag(id).is_none() || dom.is(id, "html") || dom.is(id, "body") {
            continue;
        }
        let own = names(dom, id);
        let outer = dom.parent(id).map(|outer| names(dom, outer)).unwrap_or_default();
        for inner in own.iter().map(String::as_str).chain(dom.tag(id).map(|tag| &**tag)) {
            for outer in outer.iter().filter(|outer| outer.starts_with('#') || outer.contains('.')) {
                named.entry(format!("{outer} > {inner}")).or_default().push(id);
            }
        }
        for name in own {
            named.entry(name).or_default().push(id);
        }
    }
    named
}

/// The selector of the element that holds the article: one on every page, and most like what is kept.
fn article(samples: &[Sample]) -> Option<String> {
    let mut best: Option<(f32, String)> = None;
    for name in samples.first()?.named.keys() {
        let mut sum = 0.0;
        for sample in samples {
            let Some([id]) = sample.named.get(name).map(Vec::as_slice) else {
                sum = -1.0;
                break;
            };
            // What speaks for an element: what is kept in it, less what is dropped and not furniture.
            let range = sample.passages(*id);
            let inside: Vec<bool> = (0..sample.keep.len()).map(|n| range.contains(&n)).collect();
            sum += sample.agreement(&inside);
        }
        // Of equals the plainer name.
        let plainness = 0.01 * name.matches(['>', '.']).count() as f32;
        let score = sum / samples.len() as f32 - plainness;
        if sum > 0.0 && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, name.clone()));
        }
    }
    best.filter(|(score, _)| *score > 0.5).map(|(_, name)| name)
}

/// The selector of the headline: one element on every page, which says it.
fn title(samples: &[Sample]) -> Option<String> {
    let says = |sample: &Sample, id: NodeId| {
        let text = sample.dom.text_content(id);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        !text.is_empty() && text == sample.metadata.title
    };
    let mut fitting = samples.first()?.named.keys().filter(|name| {
        samples.iter().all(|sample| {
            let elements = sample.named.get(*name).map(Vec::as_slice);
            matches!(elements, Some([id]) if says(sample, *id))
        })
    });
    let first = fitting.next()?;
    Some(fitting.fold(first, |best, name| if name.len() < best.len() { name } else { best }).clone())
}

/// The selector of a part of the article that stands once on every page and is what it should be.
fn part(samples: &[Sample], fits: impl Fn(&Sample, &str) -> bool) -> Option<String> {
    const WORDS: usize = 8;
    let text = |sample: &Sample, id: NodeId| -> Option<String> {
        let text = sample.dom.text_content(id);
        let words: Vec<&str> = text.split_whitespace().collect();
        (1..=WORDS).contains(&words.len()).then(|| words.join(" "))
    };
    let short = |name: &&String| {
        samples.iter().all(|sample| match sample.named.get(*name).map(Vec::as_slice) {
            Some([id]) => text(sample, *id).is_some(),
            _ => false,
        })
    };
    let mut names: Vec<&String> = samples.first()?.named.keys().filter(short).collect();
    names.sort_by_key(|name| (name.len(), *name));
    let fitting = |name: &&&String| {
        samples.iter().all(|sample| {
            sample.named[**name].first().and_then(|id| text(sample, *id)).is_some_and(|text| fits(sample, &text))
        })
    };
    names.iter().find(fitting).map(|name| (*name).clone())
}

/// The kinds of element within the article of which nearly nothing is kept on any page, but for those that are `named`.
fn foreign(samples: &[Sample], article: &str, named: &[Option<&str>]) -> Vec<String> {
    #[derive(Default)]
    struct Kind {
        words: f32,
        kept: f32,
        pages: usize,
        inside: bool,
    }
    let mut kinds: BTreeMap<&String, Kind> = BTreeMap::new();
    for sample in samples {
        let Some(body) = sample.named.get(article).and_then(|ids| ids.first()) else { continue };
        let body = sample.passages(*body);
        for (name, ids) in &sample.named {
            let mut seen = false;
            for id in ids {
                let range = sample.passages(*id);
                // Only what stands in the article, and not all of it.
                if range.start < body.start || range.end > body.end || range == body {
                    continue;
                }
                let kind = kinds.entry(name).or_default();
                kind.inside = true;
                for n in range {
                    let weight = sample.weight(n) + 0.5;
                    kind.words += weight;
                    kind.kept += if sample.keep[n] { weight } else { 0.0 };
                }
                seen = true;
            }
            if seen && let Some(kind) = kinds.get_mut(name) {
                kind.pages += 1;
            }
        }
    }
    // A name that stands for text elsewhere on the page is not asked: selectors hold for the whole page, where only
    // the article counts.
    let mut chosen: Vec<&String> = kinds
        .iter()
        .filter(|(_, kind)| kind.inside && kind.pages >= FEWEST_PAGES && kind.kept <= FOREIGN * kind.words)
        .map(|(name, _)| *name)
        // Where an element stands names whatever a page puts there, not one kind of furniture.
        .filter(|name| !name.contains('>'))
        // Headline and date stand beside the text, and tell the finder where it begins.
        .filter(|name| !matches!(name.as_str(), "h1" | "time") && !named.contains(&Some(name.as_str())))
        .collect();
    // The plainest names that take all of it: each passage that goes is named once.
    chosen.sort_by_key(|name| (name.len(), (*name).clone()));
    let mut gone: Vec<HashSet<usize, FixedState>> = samples.iter().map(|_| HashSet::default()).collect();
    let mut remove = Vec::new();
    for name in chosen {
        let mut adds = 0.0;
        for (sample, gone) in samples.iter().zip(&gone) {
            let Some(body) = sample.named.get(article).and_then(|ids| ids.first()) else { continue };
            let body = sample.passages(*body);
            for id in sample.named.get(name).into_iter().flatten() {
                let range = sample.passages(*id);
                if range.start >= body.start && range.end <= body.end {
                    adds += range.filter(|n| !gone.contains(n)).map(|n| sample.weight(n) + 0.5).sum::<f32>();
                }
            }
        }
        if adds < 1.0 {
            continue;
        }
        for (sample, gone) in samples.iter().zip(&mut gone) {
            for id in sample.named.get(name).into_iter().flatten() {
                gone.extend(sample.passages(*id));
            }
        }
        remove.push(name.clone());
    }
    remove
}

/// How far each page's own answer agrees with the profile's.
fn agreement(samples: &[Sample], profile: &SiteProfile) -> Result<Vec<f32>> {
    let site = Site::new("the learned profile", profile.clone(), Filters::default())?;
    let mut all = Vec::with_capacity(samples.len());
    for sample in samples {
        let mut dom = sample.dom.clone();
        let view = SiteView::apply(&site, sample.source.html, &mut dom, sample.source.url);
        // What was taken out of the tree is no longer around it.
        let mut chosen = vec![false; sample.keep.len()];
        view.choose(&sample.page, &mut chosen);
        let root = dom.root();
        for (n, passage) in sample.page.passages.iter().enumerate() {
            chosen[n] &= dom.ancestors(passage.node).any(|outer| outer == root);
        }
        all.push(sample.agreement(&chosen));
    }
    Ok(all)
}
