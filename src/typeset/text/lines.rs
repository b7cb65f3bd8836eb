//! Where lines end: the optimum over the whole paragraph, after Knuth and Plass (1981), for justified and for ragged
//! setting alike; only what counts as bad differs.

use super::items::Item;
use super::rules::NEVER;
use crate::limits::Deadline;
use crate::sheet::Pt;
use crate::theme::Align;

/// The space that lines have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    /// When the work has to be over; there are then no lines.
    pub(crate) deadline: Deadline,
    pub(crate) width: Pt,
    /// How much shorter the first line is; negative for a hanging one.
    pub(crate) indent: Pt,
    pub(crate) align: Align,
}

/// A line: the items from `start` up to `end`, where it was broken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Ends in a hyphen that the text does not have.
    pub(crate) hyphen: bool,
    /// What each space gets of its stretch (positive) or shrink (negative).
    pub(crate) ratio: f32,
}

/// What spaces may gain and lose, as parts of their width.
pub(crate) const STRETCH: f32 = 0.5;
pub(crate) const SHRINK: f32 = 0.2;

/// Items between two looks at the clock.
const LOOK: usize = 1_024;

/// How much is tolerated.
#[derive(Clone, Copy)]
struct Pass {
    hyphens: bool,
    tolerance: f64,
    /// Take an overfull line rather than none.
    desperate: bool,
}

struct ActiveNode {
    start: usize,
    /// Item at which the line before ends.
    end: usize,
    first: bool,
    demerits: f64,
    previous: Option<usize>,
    hyphens: u8,
    hyphen: bool,
    tightness: i8,
    ratio: f32,
}

/// The lines of a passage. `None` where they cannot be had without something sticking out; with `desperate` there are
/// always some.
pub(crate) fn lines(items: &[Item], measure: &Measure, desperate: bool) -> Option<Vec<Line>> {
    if items.is_empty() {
        return Some(Vec::new());
    }
    let sums = Sums::new(items);
    let passes: &[Pass] = match (measure.align, desperate) {
        (Align::Left, false) => &[
            Pass { hyphens: false, tolerance: f64::INFINITY, desperate: false },
            Pass { hyphens: true, tolerance: f64::INFINITY, desperate: false },
        ],
        (Align::Justified, false) => &[
            Pass { hyphens: false, tolerance: 1.1, desperate: false },
            Pass { hyphens: true, tolerance: 1.8, desperate: false },
            Pass { hyphens: true, tolerance: 3.0, desperate: false },
            Pass { hyphens: true, tolerance: f64::INFINITY, desperate: false },
        ],
        (_, true) => &[Pass { hyphens: true, tolerance: f64::INFINITY, desperate: true }],
    };
    passes.iter().find_map(|pass| attempt(items, &sums, measure, *pass))
}

/// Widths, stretch and shrink of all items before each.
struct Sums(Vec<[f64; 3]>);

impl Sums {
    fn new(items: &[Item]) -> Self {
        let mut sum = [0.0; 3];
        let mut sums = Vec::with_capacity(items.len() + 1);
        sums.push(sum);
        for item in items {
            match item {
                Item::Letters { width, .. } | Item::Object { width, .. } => sum[0] += f64::from(*width),
                Item::Glue { width, .. } => {
                    sum[0] += f64::from(*width);
                    sum[1] += f64::from(*width * STRETCH);
                    sum[2] += f64::from(*width * SHRINK);
                }
                Item::Break { .. } | Item::Forced { .. } => {}
            }
            sums.push(sum);
        }
        Self(sums)
    }

    fn between(&self, start: usize, end: usize) -> [f64; 3] {
        let (a, b) = (self.0[start], self.0[end]);
        [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
    }
}

fn attempt(items: &[Item], sums: &Sums, measure: &Measure, pass: Pass) -> Option<Vec<Line>> {
    let mut nodes = vec![ActiveNode {
        start: skip_glue(items, 0),
        end: 0,
        first: true,
        demerits: 0.0,
        previous: None,
        hyphens: 0,
        hyphen: false,
        tightness: 0,
        ratio: 0.0,
    }];
    let mut active = vec![0];
    let prunes = measure.align == Align::Justified && pass.tolerance.is_finite();
    for at in 0..=items.len() {
        if at % LOOK == LOOK - 1 && measure.deadline.is_over() {
            return None;
        }
        let (penalty, hyphen, hyphen_width, forced) = match items.get(at) {
            None | Some(Item::Forced { .. }) => (0, false, 0.0, true),
            Some(Item::Glue { penalty, .. }) if at > 0 && *penalty < NEVER => (*penalty, false, 0.0, false),
            Some(Item::Break { penalty, hyphen, width, .. }) if pass.hyphens || !hyphen => {
                (*penalty, *hyphen, f64::from(*width), false)
            }
            _ => continue,
        };
        let end_of_text = at == items.len();
        let mut best: [Option<ActiveNode>; 3] = [None, None, None];
        let mut overfull: Option<ActiveNode> = None;
        active.retain(|&index| {
            let node = &nodes[index];
            if node.start > at {
                return true;
            }
            let [natural, stretch, shrink] = sums.between(node.start, at);
            let natural = natural + hyphen_width;
            let width = f64::from(if node.first { measure.width - measure.indent } else { measure.width });
            let slack = width - natural;
            // Most of what is tried is far too short yet.
            if !forced && prunes && slack > (stretch * pass.tolerance).max(0.0) {
                return true;
            }
            let fits = match measure.align {
                Align::Justified => slack + shrink >= -0.01,
                Align::Left => slack >= -0.01,
            };
            let hyphens = if hyphen { node.hyphens + 1 } else { 0 };
            let (badness, ratio) = badness(measure.align, slack, stretch, shrink, width, forced);
            let tightness = if ratio < -0.5 { -1 } else { (ratio > 0.6) as i8 + (ratio > 1.2) as i8 };
            let mut demerits = (1.0 + badness + f64::from(penalty)).powi(2);
            if end_of_text && !node.first && natural < width * 0.08 {
                // A last line of one short word looks lost.
                // The end of a divided word, even more so.
                demerits += if node.hyphen { 400_000.0 } else { 40_000.0 };
            }
            if hyphen && end_of_text {
                demerits += 10_000.0;
            }
            if hyphens == 2 {
                demerits += 20_000.0;
            }
            if measure.align == Align::Justified && (tightness - node.tightness).abs() > 1 && !node.first {
                demerits += 6_000.0;
            }
            let candidate = || ActiveNode {
                start: skip_glue(items, if end_of_text { at } else { at + 1 }),
                end: at,
                first: false,
                demerits: node.demerits + demerits,
                previous: Some(index),
                hyphens,
                hyphen,
                tightness,
                ratio: ratio as f32,
            };
            if !fits {
                if pass.desperate && overfull.as_ref().is_none_or(|o| o.demerits > node.demerits + demerits) {
                    overfull = Some(candidate());
                }
                return false;
            }
            let tolerable = forced || badness <= 100.0 * pass.tolerance.powi(3);
            // Three divided words in a row make a ladder.
            if tolerable && (hyphens < 3 || pass.desperate) {
                let slot = &mut best[usize::from(hyphens.min(2))];
                if slot.as_ref().is_none_or(|b| b.demerits > node.demerits + demerits) {
                    *slot = Some(candidate());
                }
            }
            !forced
        });
        let found = best.iter().any(Option::is_some);
        let mut add = |node: ActiveNode| {
            nodes.push(node);
            active.push(nodes.len() - 1);
        };
        best.into_iter().flatten().for_each(&mut add);
        if !found && let Some(node) = overfull.filter(|_| active.is_empty()) {
            nodes.push(node);
            active.push(nodes.len() - 1);
        }
        if active.is_empty() {
            return None;
        }
        if end_of_text {
            break;
        }
    }
    let last = active.into_iter().min_by(|a, b| nodes[*a].demerits.total_cmp(&nodes[*b].demerits))?;
    let mut lines = Vec::new();
    let mut node = &nodes[last];
    while let Some(previous) = node.previous {
        let before = &nodes[previous];
        lines.push(Line { start: before.start.min(node.end), end: node.end, hyphen: node.hyphen, ratio: node.ratio });
        node = before;
    }
    lines.reverse();
    Some(lines)
}

fn badness(align: Align, slack: f64, stretch: f64, shrink: f64, width: f64, forced: bool) -> (f64, f64) {
    match align {
        Align::Left => {
            // Forced lines may be of any length; others are the worse the shorter they are.
            let part = if forced { 0.0 } else { (slack / width).max(0.0) * 4.0 };
            (100.0 * part.powi(2), 0.0)
        }
        Align::Justified if slack >= 0.0 => {
            if forced {
                (0.0, 0.0)
            } else if stretch > 0.0 {
                let ratio = slack / stretch;
                ((100.0 * ratio.powi(3)).min(1e9), ratio)
            } else {
                // A line of one word cannot be stretched: it is as bad as it is short.
                (1_000.0 + 1e6 * (slack / width), 0.0)
            }
        }
        Align::Justified => {
            let ratio = if shrink > 0.0 { (slack / shrink).max(-1.0) } else { 0.0 };
            (100.0 * ratio.abs().powi(3), ratio)
        }
    }
}

fn skip_glue(items: &[Item], mut at: usize) -> usize {
    while matches!(items.get(at), Some(Item::Glue { .. })) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of a text as glyphless boxes of 5 pt a letter, spaces of 4 pt.
    fn text(words: &str) -> Vec<Item> {
        let mut items = Vec::new();
        for (i, word) in words.split(' ').enumerate() {
            if i > 0 {
                items.push(Item::Glue { at: 0, len: 1, span: 0, level: 0, width: 4.0, penalty: 0 });
            }
            for (k, syllable) in word.split('-').enumerate() {
                if k > 0 {
                    items.push(Item::Break { penalty: 50, hyphen: true, width: 3.0, span: 0 });
                }
                items.push(Item::Object { span: 0, level: 0, width: syllable.chars().count() as f32 * 5.0 });
            }
        }
        items
    }

    fn measure(width: Pt, align: Align) -> Measure {
        Measure { deadline: Deadline::default(), width, indent: 0.0, align }
    }

    #[test]
    fn every_item_is_in_one_line_and_none_sticks_out() {
        let items = text("aaa bb cccc d eee ff ggggg hh iii jjjj kk lll m nnnn oo ppp qqqq rr sss");
        for align in [Align::Left, Align::Justified] {
            let lines = lines(&items, &measure(80.0, align), false).expect("it can be set");
            assert_eq!(lines.last().map(|l| l.end), Some(items.len()));
            for pair in lines.windows(2) {
                assert_eq!(pair[1].start, pair[0].end + 1, "a line starts after the space of the one before");
            }
            let sums = Sums::new(&items);
            for line in &lines {
                let [width, _, shrink] = sums.between(line.start, line.end);
                assert!(width - shrink <= 80.01, "{width}");
            }
        }
    }

    #[test]
    fn a_word_wider_than_the_measure_is_refused_unless_desperate() {
        let items = text("aa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cc");
        assert!(lines(&items, &measure(60.0, Align::Left), false).is_none());
        assert!(lines(&items, &measure(60.0, Align::Left), true).is_some());
    }

    #[test]
    fn never_three_hyphens_in_a_row() {
        let items = text(&"ab-cd-ef-gh ".repeat(40));
        let lines = lines(&items, &measure(33.0, Align::Justified), false).expect("it can be set");
        let ladder = lines.split(|l| !l.hyphen).map(<[Line]>::len).max().unwrap_or(0);
        assert!(ladder <= 2, "{ladder}");
    }
}
