//! Numbers that describe a passage to the judge.
//!
//! First those of the passage, its place and its surroundings; a second table adds what a first judgement says of its
//! neighbours and containers, so that the article's borders can be found where the first judgement was unsure.

use super::dom::{Dom, NodeId};
use super::hints;
use super::metadata::Metadata;
use super::passage::{Page, Passage};
use super::words::{self, PHRASES};
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// Containers looked at around a passage, innermost first.
const LEVELS: usize = 5;

/// The passages of each container, from and to.
type Levels = [(u32, u32); LEVELS];

/// Rows that are judged together.
pub(super) const LANES: usize = 16;

/// A table with one row for each passage.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) names: Vec<&'static str>,
    /// For each [`LANES`] rows, one column after the other.
    blocks: Vec<Vec<[f32; LANES]>>,
    rows: usize,
    /// Where the next value goes.
    row: usize,
    column: usize,
}

impl Table {
    fn new(rows: usize, columns: usize) -> Table {
        let blocks = (0..rows.div_ceil(LANES)).map(|_| Vec::with_capacity(columns)).collect();
        Table { blocks, rows, ..Table::default() }
    }

    /// The next values are of this row, from this column on. The first row names its columns.
    fn begin(&mut self, row: usize, column: usize) {
        (self.row, self.column) = (row, column);
    }

    fn put(&mut self, name: &'static str, value: f32) {
        if self.row == 0 {
            self.names.push(name);
        }
        let block = &mut self.blocks[self.row / LANES];
        if self.column == block.len() {
            block.push([0.0; LANES]);
        }
        block[self.column][self.row % LANES] = value;
        self.column += 1;
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The columns of each [`LANES`] rows; the last may have rows that are none.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &[[f32; LANES]]> {
        self.blocks.iter().map(Vec::as_slice)
    }

    /// All values, one row after the other.
    pub(super) fn by_rows(&self) -> Vec<f32> {
        let row = |n: usize| self.blocks[n / LANES].iter().map(move |column| column[n % LANES]);
        (0..self.rows).flat_map(row).collect()
    }

    #[cfg(test)]
    pub(super) fn of(columns: &[(&'static str, &[f32])]) -> Table {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        let mut table = Table::new(rows, columns.len());
        for row in 0..rows {
            table.begin(row, 0);
            for (name, values) in columns {
                table.put(name, values[row]);
            }
        }
        table
    }
}

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

fn length(p: &Passage) -> f32 {
    (p.end - p.start).max(1) as f32
}

fn link_density(p: &Passage) -> f32 {
    p.linked as f32 / length(p)
}

fn words(p: &Passage) -> f32 {
    p.stats.words as f32
}

/// Text that reads like an article: some words, few of them links.
fn is_good(p: &Passage) -> bool {
    p.stats.words >= 12 && link_density(p) < 0.35
}

fn ratio(part: u32, of: u32) -> f32 {
    part as f32 / of.max(1) as f32
}

fn log(value: f32) -> f32 {
    (value.max(0.0) + 1.0).ln()
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
fn signature(dom: &Dom, block: NodeId) -> u64 {
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
pub(super) fn first(dom: &Dom, metadata: &Metadata, around: &Surroundings) -> Table {
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

    let title: HashSet<u64, FixedState> = words::hashes(&metadata.title).into_iter().collect();
    let headline = metadata.headline.map(|id| page.range[id.index()]);
    let headline = headline.or_else(|| title_passage(page, &title).map(|n| (n, n + 1)));
    let description = grams(metadata.declared.description.as_deref().unwrap_or_default());
    let body = grams(metadata.declared.body.as_deref().unwrap_or_default());

    // Where the headline's words and the summary's phrases come back: in the article more than in other news.
    let in_title = |n: usize| page.words_of(&passages[n]).iter().filter(|w| title.contains(w)).count() as f32;
    let echoes =
        Sums::of(
            page,
            |n| if passages[n].stats.words > 5 && link_density(&passages[n]) < 0.5 { in_title(n) } else { 0.0 },
        );
    let summary =
        Sums::of(page, |n| overlap(page.words_of(&passages[n]), &description).max(0.0) * words(&passages[n]).min(60.0));
    let (all_echoes, all_summary) = (echoes.total().max(1.0), summary.total().max(1.0));

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

    let mut table = Table::new(count, 300);
    let hint_names: Vec<&'static str> = hints::names().collect();
    for (n, p) in passages.iter().enumerate() {
        let s = &p.stats;
        let t = &mut table;
        t.begin(n, 0);
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
        for (name, distance) in hint_names.iter().zip(p.hints.0) {
            // No carrier is farther than any.
            t.put(name, if distance == 0 { 50.0 } else { distance.into() });
        }
        t.put("depth", around.depth[n].into());

        let own = page.words_of(p);
        let in_title = in_title(n);
        t.put("words of the title", in_title / own.len().max(1) as f32);
        t.put("title's words here", in_title / title.len().max(1) as f32);
        let (from, to) = headline.unwrap_or((u32::MAX, u32::MAX));
        t.put("after the title", if headline.is_some() { n as f32 - from as f32 } else { -999.0 });
        t.put("is the title", f32::from((from..to).contains(&(n as u32))));
        t.put("words since the title", if headline.is_some() { all.0[n] - all.0[from as usize] } else { -9999.0 });
        t.put("in the description", overlap(own, &description));
        t.put("in the declared body", if body.is_empty() { -1.0 } else { overlap(own, &body) });
        t.put("copies", copies[&s.hash] as f32);
        t.put("is a copy", f32::from(!seen.insert(s.hash)));

        t.put("place by words", all.0[n] / total);
        t.put("place by passages", n as f32 / count as f32);
        t.put("good words before", good.0[n] / total_good);
        t.put("good words after", (total_good - good.0[n + 1]) / total_good);
        let (number, sum, links, good_words) = templates[&around.signatures[n]];
        t.put("template's passages", number);
        t.put("template's mean words", sum / number);
        t.put("template's link density", links / sum.max(1.0));
        t.put("template's good words", good_words / total_good);

        const SIZE: [&str; LEVELS] =
            ["container 1 words", "container 2 words", "container 3 words", "container 4 words", "container 5 words"];
        const LINK: [&str; LEVELS] = [
            "container 1 link density",
            "container 2 link density",
            "container 3 link density",
            "container 4 link density",
            "container 5 link density",
        ];
        const GOOD: [&str; LEVELS] = [
            "container 1 good share",
            "container 2 good share",
            "container 3 good share",
            "container 4 good share",
            "container 5 good share",
        ];
        const MEAN: [&str; LEVELS] = [
            "container 1 mean words",
            "container 2 mean words",
            "container 3 mean words",
            "container 4 mean words",
            "container 5 mean words",
        ];
        const FROM: [&str; LEVELS] = [
            "container 1 from start",
            "container 2 from start",
            "container 3 from start",
            "container 4 from start",
            "container 5 from start",
        ];
        const TO: [&str; LEVELS] = [
            "container 1 to end",
            "container 2 to end",
            "container 3 to end",
            "container 4 to end",
            "container 5 to end",
        ];
        const PURE: [&str; LEVELS] = [
            "container 1 purity",
            "container 2 purity",
            "container 3 purity",
            "container 4 purity",
            "container 5 purity",
        ];
        const SENT: [&str; LEVELS] = [
            "container 1 sentences",
            "container 2 sentences",
            "container 3 sentences",
            "container 4 sentences",
            "container 5 sentences",
        ];
        const ECHO: [&str; 3] = ["container 1 title echoes", "container 2 title echoes", "container 3 title echoes"];
        const SUMMARY: [&str; 3] = ["container 1 summary", "container 2 summary", "container 3 summary"];
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
            (
                -1,
                [
                    "-1 words",
                    "-1 link density",
                    "-1 ends",
                    "-1 same container",
                    "-1 same template",
                    "-1 phrases",
                    "-1 function words",
                    "-1 block words",
                ],
            ),
            (
                1,
                [
                    "+1 words",
                    "+1 link density",
                    "+1 ends",
                    "+1 same container",
                    "+1 same template",
                    "+1 phrases",
                    "+1 function words",
                    "+1 block words",
                ],
            ),
            (
                -2,
                [
                    "-2 words",
                    "-2 link density",
                    "-2 ends",
                    "-2 same container",
                    "-2 same template",
                    "-2 phrases",
                    "-2 function words",
                    "-2 block words",
                ],
            ),
            (
                2,
                [
                    "+2 words",
                    "+2 link density",
                    "+2 ends",
                    "+2 same container",
                    "+2 same template",
                    "+2 phrases",
                    "+2 function words",
                    "+2 block words",
                ],
            ),
            (
                -3,
                [
                    "-3 words",
                    "-3 link density",
                    "-3 ends",
                    "-3 same container",
                    "-3 same template",
                    "-3 phrases",
                    "-3 function words",
                    "-3 block words",
                ],
            ),
            (
                3,
                [
                    "+3 words",
                    "+3 link density",
                    "+3 ends",
                    "+3 same container",
                    "+3 same template",
                    "+3 phrases",
                    "+3 function words",
                    "+3 block words",
                ],
            ),
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
    }
    table
}

/// Runs of three and of two words.
fn grams(text: &str) -> HashSet<u64, FixedState> {
    let mut all: HashSet<u64, FixedState> = words::shingles(text, 3).into_iter().collect();
    all.extend(words::shingles(text, 2));
    all
}

fn overlap(own: &[u64], grams: &HashSet<u64, FixedState>) -> f32 {
    let n = own.len().min(3);
    if n < 2 || grams.is_empty() {
        return -0.5;
    }
    let found = own.windows(n).filter(|w| grams.contains(&words::gram(w))).count();
    found as f32 / (own.len() - n + 1) as f32
}

/// The passage that shares most words with the headline, when no heading does.
fn title_passage(page: &Page, title: &HashSet<u64, FixedState>) -> Option<u32> {
    let mut best = (0.6, None);
    for (n, p) in page.passages.iter().enumerate() {
        if p.stats.words as usize > title.len() * 2 + 4 {
            continue;
        }
        let own = page.words_of(p);
        let common = own.iter().filter(|w| title.contains(w)).count() as f32;
        let score = 2.0 * common / (own.len() + title.len()).max(1) as f32;
        if score > best.0 + 0.01 {
            best = (score, Some(n as u32));
        }
    }
    best.1
}

/// The element in which good text lies densest: each good passage gives to the elements around it, less the farther.
fn core(dom: &Dom, page: &Page) -> (u32, u32) {
    let mut mass: HashMap<NodeId, f32, FixedState> = HashMap::default();
    for p in page.passages.iter().filter(|p| is_good(p)) {
        let mut weight = words(p);
        for id in dom.ancestors(p.block).take(5) {
            *mass.entry(id).or_default() += weight;
            weight *= 0.7;
        }
    }
    let best = mass.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map_or((0, 0), |(id, _)| page.range[id.index()])
}

/// The second table: the first with what the first judgement (0 to 1 for each passage) says around each passage.
pub(super) fn second(first: Table, around: &Surroundings, scores: &[f32]) -> Table {
    let page = around.page;
    let passages = &page.passages;
    let count = passages.len();
    let weight = |n: usize| words(&passages[n]) + 2.0;
    let mass = Sums::of(page, |n| scores[n] * weight(n));
    let weights = Sums::of(page, weight);
    let total = mass.total().max(1.0);
    let strong: Vec<bool> = (0..count).map(|n| scores[n] > 0.7 && passages[n].stats.words >= 8).collect();
    let first_strong = strong.iter().position(|&s| s).unwrap_or(0) as f32;
    let last_strong = strong.iter().rposition(|&s| s).unwrap_or(0) as f32;
    let mut templates: HashMap<u64, (f32, f32), FixedState> = HashMap::default();
    for (n, score) in scores.iter().enumerate() {
        let t = templates.entry(around.signatures[n]).or_default();
        t.0 += score * weight(n);
        t.1 += weight(n);
    }
    let (mut left, mut right) = (vec![0.0; count], vec![0.0; count]);
    let (mut left_far, mut right_far) = (vec![0.0; count], vec![0.0; count]);
    smooth(&mut left, scores, 0.6, (0..count).collect::<Vec<_>>().into_iter());
    smooth(&mut right, scores, 0.6, (0..count).rev().collect::<Vec<_>>().into_iter());
    smooth(&mut left_far, scores, 0.9, (0..count).collect::<Vec<_>>().into_iter());
    smooth(&mut right_far, scores, 0.9, (0..count).rev().collect::<Vec<_>>().into_iter());
    let mut gap_before = vec![99.0; count];
    let mut gap_after = vec![99.0; count];
    let mut at: Option<usize> = None;
    for n in 0..count {
        gap_before[n] = at.map_or(99.0, |a| (n - a) as f32);
        if strong[n] {
            at = Some(n);
        }
    }
    at = None;
    for n in (0..count).rev() {
        gap_after[n] = at.map_or(99.0, |a| (a - n) as f32);
        if strong[n] {
            at = Some(n);
        }
    }
    let mut table = first;
    let beside = table.names.len();
    for n in 0..count {
        let t = &mut table;
        t.begin(n, beside);
        let near = |offset: isize| n.checked_add_signed(offset).and_then(|m| scores.get(m)).copied().unwrap_or(-0.1);
        t.put("judged", scores[n]);
        t.put("judged -1", near(-1));
        t.put("judged -2", near(-2));
        t.put("judged -3", near(-3));
        t.put("judged +1", near(1));
        t.put("judged +2", near(2));
        t.put("judged +3", near(3));
        t.put("judged left", left[n]);
        t.put("judged right", right[n]);
        t.put("judged far left", left_far[n]);
        t.put("judged far right", right_far[n]);
        const MEAN: [&str; LEVELS] = [
            "container 1 judged",
            "container 2 judged",
            "container 3 judged",
            "container 4 judged",
            "container 5 judged",
        ];
        const SHARE: [&str; LEVELS] = [
            "container 1 kept share",
            "container 2 kept share",
            "container 3 kept share",
            "container 4 kept share",
            "container 5 kept share",
        ];
        for level in 0..LEVELS {
            let range = around.containers[n][level];
            // The others in the container: what it says of this one.
            let others = weights.within(range) - weight(n);
            t.put(MEAN[level], if others > 0.5 { (mass.within(range) - scores[n] * weight(n)) / others } else { -0.1 });
            t.put(SHARE[level], mass.within(range) / total);
        }
        let (sum, of) = templates[&around.signatures[n]];
        let others = of - weight(n);
        t.put("template judged", if others > 0.5 { (sum - scores[n] * weight(n)) / others } else { -0.1 });
        t.put("template kept share", sum / total);
        t.put("strong before", gap_before[n]);
        t.put("strong after", gap_after[n]);
        t.put("after the first strong", n as f32 - first_strong);
        t.put("before the last strong", last_strong - n as f32);
        t.put("kept before", mass.0[n] / total);
        t.put("kept after", (mass.total() - mass.0[n + 1]) / total);
        t.put("kept in all", log(total));
        t.put("kept of page", total / weights.total().max(1.0));
    }
    table
}

/// A running mean of the scores before each passage in the given order.
fn smooth(out: &mut [f32], scores: &[f32], keep: f32, order: impl Iterator<Item = usize>) {
    let mut mean = 0.0;
    for n in order {
        out[n] = mean;
        mean = keep * mean + (1.0 - keep) * scores[n];
    }
}
