//! Numbers that describe a passage to the judge.
//!
//! First those of the passage, its place and its surroundings; a second table adds what a first judgement says of its
//! neighbours and containers, so that the article's borders can be found where the first judgement was unsure.

/// What is counted in each of the containers around a passage.
macro_rules! by_level {
    ($what:literal) => {
        [
            concat!("container 1 ", $what),
            concat!("container 2 ", $what),
            concat!("container 3 ", $what),
            concat!("container 4 ", $what),
            concat!("container 5 ", $what),
        ]
    };
}

/// What is counted in the nearest of them only.
macro_rules! by_near_level {
    ($what:literal) => {
        [concat!("container 1 ", $what), concat!("container 2 ", $what), concat!("container 3 ", $what)]
    };
}

/// What is said of a passage before or after.
macro_rules! of_neighbour {
    ($at:literal) => {
        [
            concat!($at, " words"),
            concat!($at, " link density"),
            concat!($at, " ends"),
            concat!($at, " same container"),
            concat!($at, " same template"),
            concat!($at, " phrases"),
            concat!($at, " function words"),
            concat!($at, " block words"),
        ]
    };
}

mod context;
mod measures;
mod second;
mod table;

use super::hints;
use super::metadata::Metadata;
use super::passage::Page;
use super::words::{self, PHRASES};
use crate::html::dom::{Dom, NodeId};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

use context::{core, foreign, grams, headings, overlap, repeated, title_passage};
use measures::{is_good, length, link_density, log, ratio, words};
pub(super) use second::second;
pub(super) use table::{LANES, Table};

/// Containers looked at around a passage, innermost first.
const LEVELS: usize = 5;

/// The passages of each container, from and to.
type Levels = [(u32, u32); LEVELS];

/// Sums over the passages before each one, so that any container's are two look-ups.
struct Sums(Vec<f32>);

impl Sums {
    fn of(page: &Page, value: impl Fn(usize) -> f32) -> Sums {
        let mut sums = Vec::with_capacity(page.passages.len() + 1);
        let mut sum = 0.0;
        sums.push(0.0);
        for n in 0..page.passages.len() {
            sum += value(n);
            sums.push(sum);
        }
        Sums(sums)
    }

    fn within(&self, (from, to): (u32, u32)) -> f32 {
        self.0[to as usize] - self.0[from as usize]
    }

    fn total(&self) -> f32 {
        self.0.last().copied().unwrap_or(0.0)
    }
}

/// What the rows are made from; made once a page.
pub(super) struct Surroundings<'a> {
    page: &'a Page,
    /// For every passage its containers, innermost first: elements that hold more passages than those inside them.
    containers: Vec<Levels>,
    depth: Vec<u16>,
    signatures: Vec<u64>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(dom: &Dom, page: &'a Page) -> Self {
        let mut containers = Vec::with_capacity(page.passages.len());
        let mut depth = Vec::with_capacity(page.passages.len());
        let mut signatures = Vec::with_capacity(page.passages.len());
        let mut last: Option<(NodeId, Levels, u16, u64)> = None;
        for (n, p) in page.passages.iter().enumerate() {
            if let Some((block, levels, deep, signature)) = last
                && block == p.block
                && (levels[0].0..levels[0].1).contains(&(n as u32))
                && levels[0].1 - levels[0].0 > 1
            {
                containers.push(levels);
                depth.push(deep);
                signatures.push(signature);
                continue;
            }
            let own = (n as u32, n as u32 + 1);
            let mut levels = [own; LEVELS];
            let mut level = 0;
            let mut at = own;
            let mut deep = 0;
            for id in dom.ancestors(p.block) {
                deep += 1;
                let range = page.range[id.index()];
                let wider = range.1 - range.0 > at.1 - at.0;
                if wider && level < LEVELS {
                    levels[level] = range;
                    level += 1;
                    at = range;
                }
            }
            levels[level..].fill(at);
            let signature = signature(dom, p.block);
            containers.push(levels);
            depth.push(deep);
            signatures.push(signature);
            last = Some((p.block, levels, deep, signature));
        }
        Self { page, containers, depth, signatures }
    }
}

/// The look of a block as its template makes it: names and classes of the element and its parent.
pub(super) fn signature(dom: &Dom, block: NodeId) -> u64 {
    use std::hash::{BuildHasher, Hash, Hasher};
    let mut hasher = FixedState::default().build_hasher();
    for id in dom.ancestors(block).take(2) {
        dom.any_tag(id).map(|t| &**t).hash(&mut hasher);
        // Digits number the copies of a template.
        for byte in dom.attr(id, "class").unwrap_or_default().bytes().filter(|b| !b.is_ascii_digit()) {
            hasher.write_u8(byte);
        }
    }
    hasher.finish()
}

/// The first table.
pub(super) fn first<'p>(dom: &Dom, metadata: &'p Metadata, around: &'p Surroundings) -> Table<'p> {
    let page = around.page;
    let count = page.passages.len();
    let passages = &page.passages;
    let all = Sums::of(page, |n| words(&passages[n]));
    let linked = Sums::of(page, |n| words(&passages[n]) * link_density(&passages[n]));
    let good = Sums::of(page, |n| if is_good(&passages[n]) { words(&passages[n]) } else { 0.0 });
    let sentences = Sums::of(page, |n| passages[n].stats.sentences as f32);
    let total = all.total().max(1.0);
    let total_good = good.total().max(1.0);

    let mut templates: HashMap<u64, (f32, f32, f32, f32), FixedState> = HashMap::default();
    let mut copies: HashMap<u64, u32, FixedState> = HashMap::default();
    for (n, p) in passages.iter().enumerate() {
        let t = templates.entry(around.signatures[n]).or_default();
        t.0 += 1.0;
        t.1 += words(p);
        t.2 += words(p) * link_density(p);
        t.3 += if is_good(p) { words(p) } else { 0.0 };
        *copies.entry(p.stats.hash).or_default() += 1;
    }
    let mut seen: HashSet<u64, FixedState> = HashSet::default();
    let is_copy: Vec<bool> = passages.iter().map(|p| !seen.insert(p.stats.hash)).collect();

    let title: HashSet<u64, FixedState> = words::hashes(&metadata.title).into_iter().collect();
    let headline = metadata.headline.map(|id| page.range[id.index()]);
    let headline = headline.or_else(|| title_passage(page, &title).map(|n| (n, n + 1)));
    let description = grams(metadata.declared.description.as_deref().unwrap_or_default());
    let body = grams(metadata.declared.body.as_deref().unwrap_or_default());

    // Where the headline's words and the summary's phrases come back: in the article more than in other news.
    let title_words = title.len().max(1) as f32;
    let in_title = move |n: usize| page.words_of(&passages[n]).iter().filter(|w| title.contains(w)).count() as f32;
    let echoes =
        Sums::of(
            page,
            |n| if passages[n].stats.words > 5 && link_density(&passages[n]) < 0.5 { in_title(n) } else { 0.0 },
        );
    let summary =
        Sums::of(page, |n| overlap(page.words_of(&passages[n]), &description).max(0.0) * words(&passages[n]).min(60.0));
    let (all_echoes, all_summary) = (echoes.total().max(1.0), summary.total().max(1.0));

    let set_phrases = Sums::of(page, |n| passages[n].stats.phrase_words as f32);
    let with_links = Sums::of(page, |n| if passages[n].links > 0 { 1.0 } else { 0.0 });
    let (said_before, said_after) = repeated(page);
    let headings = headings(dom, page);
    let core = core(dom, page);
    let mut before_long = vec![f32::NAN; count];
    let mut after_long = vec![f32::NAN; count];
    let mut at: Option<usize> = None;
    for n in 0..count {
        before_long[n] = at.map_or(99.0, |a| (n - a) as f32);
        if is_good(&passages[n]) && passages[n].stats.words >= 20 {
            at = Some(n);
        }
    }
    at = None;
    for n in (0..count).rev() {
        after_long[n] = at.map_or(99.0, |a| (a - n) as f32);
        if is_good(&passages[n]) && passages[n].stats.words >= 20 {
            at = Some(n);
        }
    }

    let hint_names: Vec<&'static str> = hints::names().collect();
    Table::new(count, move |n, t| {
        let p = &passages[n];
        let s = &p.stats;
        t.put("words", s.words as f32);
        t.put("letters per word", ratio(s.letters, s.words));
        t.put("link density", link_density(p));
        t.put("links", p.links as f32);
        t.put("bold", p.strong as f32 / length(p));
        t.put("commas per word", ratio(s.commas, s.words));
        t.put("sentences", s.sentences as f32);
        t.put("ends a sentence", f32::from(s.ends));
        t.put("ends with a colon", f32::from(s.ends_colon));
        t.put("begins with a capital", f32::from(s.starts_upper));
        t.put("begins with a digit", f32::from(s.starts_digit));
        t.put("begins with a symbol", f32::from(s.starts_symbol));
        t.put("digits", ratio(s.digits, s.letters + s.digits));
        t.put("capitals", ratio(s.upper, s.letters));
        t.put("capitalised words", ratio(s.capitalised, s.words));
        t.put("function words", ratio(s.stop, s.words));
        t.put("symbols", ratio(s.symbols, s.words));
        t.put("quotes", s.quotes as f32);
        t.put("clock time", f32::from(s.has_time));
        t.put("year", f32::from(s.has_year));
        t.put("at sign", f32::from(s.has_at));
        t.put("set phrases", ratio(s.phrase_words, s.words));
        for (kind, (name, _)) in PHRASES.iter().enumerate() {
            t.put(name, (s.phrases >> kind & 1) as f32 + (s.starts_with >> kind & 1) as f32);
        }
        t.put("line breaks before", p.breaks.into());
        t.put("pictures before", p.images.into());
        for (name, distance) in hint_names.iter().zip(page.hints_of(p).0) {
            // No carrier is farther than any.
            t.put(name, if distance == 0 { 50.0 } else { distance.into() });
        }
        t.put("depth", around.depth[n].into());

        let own = page.words_of(p);
        let in_title = in_title(n);
        t.put("words of the title", in_title / own.len().max(1) as f32);
        t.put("title's words here", in_title / title_words);
        let (from, to) = headline.unwrap_or((u32::MAX, u32::MAX));
        t.put("after the title", if headline.is_some() { n as f32 - from as f32 } else { -999.0 });
        t.put("is the title", f32::from((from..to).contains(&(n as u32))));
        t.put("words since the title", if headline.is_some() { all.0[n] - all.0[from as usize] } else { -9999.0 });
        t.put("in the description", overlap(own, &description));
        t.put("in the declared body", if body.is_empty() { -1.0 } else { overlap(own, &body) });
        t.put("copies", copies[&s.hash] as f32);
        t.put("is a copy", f32::from(is_copy[n]));

        t.put("said before", said_before[n]);
        t.put("said after", said_after[n]);
        const PHRASED: [&str; 3] = by_near_level!("set phrases");
        const LINKED: [&str; 3] = by_near_level!("with links");
        const HEAD: [&str; 3] = by_near_level!("begins foreign");
        for level in 0..3 {
            let range = around.containers[n][level];
            t.put(PHRASED[level], set_phrases.within(range) / all.within(range).max(1.0));
            t.put(LINKED[level], with_links.within(range) / (range.1 - range.0).max(1) as f32);
            let head = &passages[range.0 as usize];
            t.put(HEAD[level], if range.0 as usize == n { -1.0 } else { foreign(head) });
        }
        match headings[n] {
            Some(at) => {
                t.put("heading foreign", foreign(&passages[at]));
                t.put("since the heading", (n - at) as f32);
                t.put("heading's words", words(&passages[at]));
            }
            None => {
                ["heading foreign", "since the heading", "heading's words"].iter().for_each(|name| t.put(name, -1.0))
            }
        }

        t.put("place by words", all.0[n] / total);
        t.put("place by passages", n as f32 / count as f32);
        t.put("good words before", good.0[n] / total_good);
        t.put("good words after", (total_good - good.0[n + 1]) / total_good);
        let (number, sum, links, good_words) = templates[&around.signatures[n]];
        t.put("template's passages", number);
        t.put("template's mean words", sum / number);
        t.put("template's link density", links / sum.max(1.0));
        t.put("template's good words", good_words / total_good);

        const SIZE: [&str; LEVELS] = by_level!("words");
        const LINK: [&str; LEVELS] = by_level!("link density");
        const GOOD: [&str; LEVELS] = by_level!("good share");
        const MEAN: [&str; LEVELS] = by_level!("mean words");
        const FROM: [&str; LEVELS] = by_level!("from start");
        const TO: [&str; LEVELS] = by_level!("to end");
        const PURE: [&str; LEVELS] = by_level!("purity");
        const SENT: [&str; LEVELS] = by_level!("sentences");
        const ECHO: [&str; 3] = by_near_level!("title echoes");
        const SUMMARY: [&str; 3] = by_near_level!("summary");
        for level in 0..3 {
            let range = around.containers[n][level];
            t.put(ECHO[level], echoes.within(range) / all_echoes);
            t.put(SUMMARY[level], summary.within(range) / all_summary);
        }
        for level in 0..LEVELS {
            let range = around.containers[n][level];
            let size = all.within(range);
            t.put(SIZE[level], size);
            t.put(LINK[level], linked.within(range) / size.max(1.0));
            t.put(GOOD[level], good.within(range) / total_good);
            t.put(MEAN[level], size / (range.1 - range.0).max(1) as f32);
            t.put(FROM[level], (n as u32 - range.0) as f32);
            t.put(TO[level], (range.1.saturating_sub(n as u32 + 1)) as f32);
            t.put(PURE[level], good.within(range) / size.max(1.0));
            t.put(SENT[level], sentences.within(range) / size.max(1.0));
        }
        t.put("long text before", before_long[n]);
        t.put("long text after", after_long[n]);
        let window = |from: usize, to: usize| good.0[to.min(count)] - good.0[from.min(count)];
        t.put("good words in 5 before", window(n.saturating_sub(5), n));
        t.put("good words in 5 after", window(n + 1, n + 6));

        const NEAR: [(isize, [&str; 8]); 6] = [
            (-1, of_neighbour!("-1")),
            (1, of_neighbour!("+1")),
            (-2, of_neighbour!("-2")),
            (2, of_neighbour!("+2")),
            (-3, of_neighbour!("-3")),
            (3, of_neighbour!("+3")),
        ];
        for (offset, names) in NEAR {
            match n.checked_add_signed(offset).and_then(|m| passages.get(m).map(|q| (m, q))) {
                Some((m, q)) => {
                    t.put(names[0], q.stats.words as f32);
                    t.put(names[1], link_density(q));
                    t.put(names[2], f32::from(q.stats.ends));
                    t.put(
                        names[3],
                        f32::from(around.containers[m][0] == around.containers[n][0]) + f32::from(p.block == q.block),
                    );
                    t.put(names[4], f32::from(around.signatures[m] == around.signatures[n]));
                    t.put(names[5], ratio(q.stats.phrase_words, q.stats.words));
                    t.put(names[6], ratio(q.stats.stop, q.stats.words));
                    t.put(names[7], all.within(page.range[q.block.index()]));
                }
                None => names.iter().for_each(|name| t.put(name, -1.0)),
            }
        }
        let inside = (core.0..core.1).contains(&(n as u32));
        t.put("in the core", f32::from(inside));
        t.put("from the core's start", n as f32 - core.0 as f32);
        t.put("to the core's end", core.1 as f32 - n as f32);
        t.put("page words", log(total));
        t.put("page good share", total_good / total);
        t.put("page passages", log(count as f32));
        t.put("declared an article", f32::from(metadata.declared.is_article));
    })
}
