//! One page: the best of all slicing trees that fill it.
//!
//! A set of items over some columns is one item, or two sets above each other, or two side by side at one height. Tables
//! hold for every set and width the cheapest way to each height; what stays below it decides nothing above it but its
//! height and what stands at its upper corners. After Gange, Marriott and Stuckey, Optimal guillotine layout (DocEng
//! 2012), and Stockmeyer's shape functions (1983).

use super::copy::Kind;
use super::shapes::{Cost, Edge, Form, Role, Shape};

/// More items are not put on one page.
pub(crate) const MOST_ITEMS: usize = 8;

/// What may be put on a page.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    pub(crate) shapes: &'a [Shape],
    pub(crate) role: Role,
    pub(crate) kind: Kind,
    /// An editor wants it at the upper edge, or at the lower one.
    pub(crate) top: bool,
    pub(crate) foot: bool,
}

/// An item in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Put {
    pub(crate) item: usize,
    pub(crate) shape: usize,
    pub(crate) column: usize,
    pub(crate) line: u16,
}

/// A page that is made up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) cost: Cost,
    pub(crate) put: Vec<Put>,
    /// Lines at the foot that nothing fills.
    pub(crate) white: u16,
}

const STACK: Cost = 100;
const SIDE: Cost = 50;
const PICTURES_TOUCH: Cost = 600;
/// A story of lower rank above one of higher rank.
const RANK: Cost = 300;
/// Dropped when dearer than the best of its height, and than the best of all.
const DEAR_OF_HEIGHT: Cost = 1_200;
const DEAR: Cost = 4_000;
/// Entries kept of a set and width.
const KEPT: usize = 32;
/// Trees that are judged by what stands beside what.
const JUDGED: usize = 12;
/// Vertical cuts that are turned over.
const TURNED: u32 = 5;
/// A column of a page that nothing stands in.
const BARE_COLUMN: Cost = 20_000;
/// A line of white at the foot of a page.
pub(crate) const WHITE: Cost = 300;
pub(crate) const WHITE_AT_END: Cost = 50;

#[derive(Clone, Copy, Debug)]
struct Entry {
    lines: u16,
    cost: Cost,
    left: Edge,
    right: Edge,
    back: Back,
}

#[derive(Clone, Copy, Debug)]
enum Back {
    Shape { item: usize, shape: usize },
    Stack { above: usize, upper: usize, lower: usize },
    Side { first: usize, columns: usize, left: usize, right: usize },
}

/// The cost of two edges side by side.
fn butting(a: Edge, b: Edge) -> Cost {
    match (a, b) {
        (Edge::Box, _) | (_, Edge::Box) => 0,
        (Edge::Picture, Edge::Picture) => PICTURES_TOUCH,
        (Edge::Picture, _) | (_, Edge::Picture) => 0,
        (a, b) => match (a as i32 - b as i32).abs() {
            0 => 1_200,
            1 => 450,
            _ => 200,
        },
    }
}

struct Packer<'a> {
    items: &'a [Item<'a>],
    columns: usize,
    /// By set, then by columns less one.
    tables: Vec<Vec<Vec<Entry>>>,
    ranks: Vec<Role>,
}

/// The best page of all the items in some columns and lines. Up to `white` lines may be left at its foot, each at a
/// cost.
pub(crate) fn pack(items: &[Item<'_>], columns: usize, lines: u16, white: u16, white_cost: Cost) -> Option<Layout> {
    let count = items.len();
    if count == 0 || count > MOST_ITEMS {
        return None;
    }
    let full = (1_usize << count) - 1;
    let mut least = vec![0_u32; full + 1];
    let mut most = vec![0_u32; full + 1];
    let mut ranks = vec![Role::Rest; full + 1];
    for set in 1..=full {
        let low = set.trailing_zeros() as usize;
        let areas = items[low].shapes.iter().map(|shape| u32::from(shape.lines) * shape.columns as u32);
        least[set] = least[set & (set - 1)] + areas.clone().min()?;
        most[set] = most[set & (set - 1)] + areas.max()?;
        ranks[set] = (0..count).filter(|i| set >> i & 1 == 1).map(|i| items[i].role).min()?;
    }
    let page = columns as u32 * u32::from(lines);
    let (page_least, page_most) = (columns as u32 * u32::from(lines - white.min(lines)), page);
    if least[full] > page_most || most[full] < page_least {
        return None;
    }
    let mut packer = Packer { items, columns, tables: vec![Vec::new(); full + 1], ranks };
    let mut scratch = Ways::new(lines);
    for set in 1..=full {
        let rest = full ^ set;
        // What the others need leaves it a band of heights at every width.
        let high = page_most - least[rest].min(page_most);
        let low = page_least.saturating_sub(most[rest]).max(least[set]);
        let high = high.min(most[set]);
        // A single box may stand alone on a page that is wider.
        let widths = if set == full && count > 1 { columns..=columns } else { 1..=columns };
        let mut table = vec![Vec::new(); columns];
        for k in widths {
            let from = (low.div_ceil(k as u32)).min(u32::from(lines)) as u16;
            let to = (high / k as u32).min(u32::from(lines)) as u16;
            if from <= to {
                packer.of(set, k, (from, to), &mut scratch);
                table[k - 1] = cheapest(&mut scratch.take());
            }
        }
        packer.tables[set] = table;
    }
    packer.best(full, lines, white, white_cost)
}

/// The cheapest way to each height and pair of edges, while they are looked for.
struct Ways {
    found: Vec<Entry>,
    /// One more than the index of the entry, by height and edges.
    places: Vec<u32>,
    best: Cost,
}

/// Kinds of edges.
const EDGES: usize = 5;

impl Ways {
    fn new(lines: u16) -> Self {
        Self { found: Vec::new(), places: vec![0; (usize::from(lines) + 1) * EDGES * EDGES], best: Cost::MAX }
    }

    fn place(entry: &Entry) -> usize {
        (usize::from(entry.lines) * EDGES + entry.left as usize) * EDGES + entry.right as usize
    }

    fn add(&mut self, entry: Entry) {
        if entry.cost > self.best.saturating_add(DEAR) {
            return;
        }
        self.best = self.best.min(entry.cost);
        let place = &mut self.places[Self::place(&entry)];
        if *place == 0 {
            self.found.push(entry);
            *place = self.found.len() as u32;
        } else if let Some(known) = self.found.get_mut(*place as usize - 1).filter(|known| entry.cost < known.cost) {
            *known = entry;
        }
    }

    fn take(&mut self) -> Vec<Entry> {
        for entry in &self.found {
            self.places[Self::place(entry)] = 0;
        }
        self.best = Cost::MAX;
        std::mem::take(&mut self.found)
    }
}

/// What is kept of the ways to a width.
fn cheapest(found: &mut [Entry]) -> Vec<Entry> {
    found.sort_by_key(|e| (e.lines, e.left as u8, e.right as u8));
    let best = found.iter().map(|e| e.cost).min().unwrap_or(0);
    let mut kept: Vec<Entry> = Vec::new();
    let mut start = 0;
    while start < found.len() {
        let end = start + found[start..].iter().take_while(|e| e.lines == found[start].lines).count();
        let low = found[start..end].iter().map(|e| e.cost).min().unwrap_or(0);
        kept.extend(found[start..end].iter().filter(|e| e.cost <= low + DEAR_OF_HEIGHT && e.cost <= best + DEAR));
        start = end;
    }
    if kept.len() > KEPT {
        // The cheapest of each height first, so that no height is lost to another.
        let mut order: Vec<(usize, usize)> = Vec::with_capacity(kept.len());
        let mut by_cost: Vec<usize> = (0..kept.len()).collect();
        by_cost.sort_by_key(|i| (kept[*i].cost, *i));
        let mut seen = std::collections::HashMap::new();
        for i in by_cost {
            let nth: &mut usize = seen.entry(kept[i].lines).or_default();
            order.push((*nth, i));
            *nth += 1;
        }
        order.sort_by_key(|(nth, i)| (*nth, kept[*i].cost, *i));
        let mut chosen: Vec<usize> = order.into_iter().take(KEPT).map(|(_, i)| i).collect();
        chosen.sort_unstable();
        kept = chosen.into_iter().map(|i| kept[i]).collect();
    }
    kept
}

impl Packer<'_> {
    fn of(&self, set: usize, k: usize, (from, to): (u16, u16), found: &mut Ways) {
        if set & (set - 1) == 0 {
            let item = set.trailing_zeros() as usize;
            let shapes = self.items[item].shapes.iter().enumerate();
            for (shape, s) in shapes.filter(|(_, s)| s.columns == k && (from..=to).contains(&s.lines)) {
                let back = Back::Shape { item, shape };
                found.add(Entry { lines: s.lines, cost: s.cost, left: s.left, right: s.right, back });
            }
            return;
        }
        let mut first = (set - 1) & set;
        while first > 0 {
            let second = set ^ first;
            if self.may_stand_above(first, second) {
                let rank = if self.ranks[second] < self.ranks[first] { RANK } else { 0 };
                let (upper, lower) = (&self.tables[first][k - 1], &self.tables[second][k - 1]);
                for (u, a) in upper.iter().enumerate() {
                    let start = lower.partition_point(|b| a.lines + b.lines < from);
                    for (l, b) in lower.iter().enumerate().skip(start).take_while(|(_, b)| a.lines + b.lines <= to) {
                        let (lines, cost) = (a.lines + b.lines, a.cost + b.cost + STACK + rank);
                        let back = Back::Stack { above: first, upper: u, lower: l };
                        found.add(Entry { lines, cost, left: a.left, right: a.right, back });
                    }
                }
            }
            for columns in 1..k {
                let (left, right) = (&self.tables[first][columns - 1], &self.tables[second][k - columns - 1]);
                let mut start = 0;
                for (l, a) in left.iter().enumerate().filter(|(_, a)| (from..=to).contains(&a.lines)) {
                    while right.get(start).is_some_and(|b| b.lines < a.lines) {
                        start += 1;
                    }
                    for (r, b) in right.iter().enumerate().skip(start).take_while(|(_, b)| b.lines == a.lines) {
                        let cost = a.cost + b.cost + SIDE + butting(a.right, b.left);
                        let back = Back::Side { first, columns, left: l, right: r };
                        found.add(Entry { lines: a.lines, cost, left: a.left, right: b.right, back });
                    }
                }
            }
            first = (first - 1) & set;
        }
    }

    /// The lead stands below nothing, a box of one size above nothing but its like.
    fn may_stand_above(&self, above: usize, below: usize) -> bool {
        let of = |set: usize| (0..self.items.len()).filter(move |i| set >> i & 1 == 1).map(|i| &self.items[i]);
        let leads = of(below).any(|item| item.role <= Role::Lead || item.top);
        let boxes = of(above).any(|item| item.kind == Kind::Fixed || item.foot);
        let others = of(below).any(|item| item.kind != Kind::Fixed && !item.foot);
        !leads && (!boxes || !others)
    }

    /// The best trees of all items, drawn and judged.
    fn best(&self, full: usize, lines: u16, white: u16, white_cost: Cost) -> Option<Layout> {
        let mut roots: Vec<(Cost, &Entry)> = Vec::new();
        for (narrower, table) in self.tables[full].iter().rev().enumerate().filter(|(n, _)| *n == 0 || white > 0) {
            let fitting = table.iter().filter(|e| e.lines <= lines && e.lines + white >= lines);
            let dear = BARE_COLUMN * narrower as Cost;
            roots.extend(fitting.map(|e| (e.cost + dear + white_cost * Cost::from(lines - e.lines), e)));
        }
        roots.sort_by_key(|(cost, _)| *cost);
        let mut best: Option<Layout> = None;
        for (cost, root) in roots.into_iter().take(JUDGED) {
            let cuts = self.side_cuts(root, full).min(TURNED);
            for turned in 0..1_u32 << cuts {
                let mut put = Vec::with_capacity(self.items.len());
                let mut cut = 0;
                self.draw(root, full, (0, 0), turned, &mut cut, &mut put);
                let cost = cost - self.cuts_cost(root, full) + self.judge(&put);
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    best = Some(Layout { cost, put, white: lines - root.lines });
                }
            }
        }
        best
    }

    fn entry(&self, set: usize, columns: usize, index: usize) -> &Entry {
        &self.tables[set][columns - 1][index]
    }

    fn parts(&self, entry: &Entry, set: usize, columns: usize) -> Option<[(&Entry, usize, usize); 2]> {
        match entry.back {
            Back::Shape { .. } => None,
            Back::Stack { above, upper, lower } => Some([
                (self.entry(above, columns, upper), above, columns),
                (self.entry(set ^ above, columns, lower), set ^ above, columns),
            ]),
            Back::Side { first, columns: left_columns, left, right } => Some([
                (self.entry(first, left_columns, left), first, left_columns),
                (self.entry(set ^ first, columns - left_columns, right), set ^ first, columns - left_columns),
            ]),
        }
    }

    fn walk<'s>(
        &'s self,
        entry: &'s Entry,
        set: usize,
        columns: usize,
        seen: &mut impl FnMut(&Entry, &[(&Entry, usize, usize); 2]),
    ) {
        if let Some(parts) = self.parts(entry, set, columns) {
            seen(entry, &parts);
            for (entry, set, columns) in parts {
                self.walk(entry, set, columns, seen);
            }
        }
    }

    fn side_cuts(&self, root: &Entry, full: usize) -> u32 {
        let mut count = 0;
        self.walk(root, full, self.columns, &mut |entry, _| {
            count += u32::from(matches!(entry.back, Back::Side { .. }))
        });
        count
    }

    /// What butting edges cost in the table, to be judged again by the drawing.
    fn cuts_cost(&self, root: &Entry, full: usize) -> Cost {
        let mut cost = 0;
        self.walk(root, full, self.columns, &mut |entry, [(a, ..), (b, ..)]| {
            if matches!(entry.back, Back::Side { .. }) {
                cost += butting(a.right, b.left);
            }
        });
        cost
    }

    fn draw(
        &self,
        entry: &Entry,
        set: usize,
        (column, line): (usize, u16),
        turned: u32,
        cut: &mut u32,
        put: &mut Vec<Put>,
    ) {
        self.draw_in(entry, set, self.columns, (column, line), turned, cut, put);
    }

    #[allow(clippy::too_many_arguments)]
    fn draw_in(
        &self,
        entry: &Entry,
        set: usize,
        columns: usize,
        (column, line): (usize, u16),
        turned: u32,
        cut: &mut u32,
        put: &mut Vec<Put>,
    ) {
        let Some([a, b]) = self.parts(entry, set, columns) else {
            if let Back::Shape { item, shape } = entry.back {
                put.push(Put { item, shape, column, line });
            }
            return;
        };
        if matches!(entry.back, Back::Stack { .. }) {
            self.draw_in(a.0, a.1, a.2, (column, line), turned, cut, put);
            self.draw_in(b.0, b.1, b.2, (column, line + a.0.lines), turned, cut, put);
        } else {
            let number = *cut;
            *cut += 1;
            let (left, right) = if number < 32 && turned >> number & 1 == 1 { (b, a) } else { (a, b) };
            self.draw_in(left.0, left.1, left.2, (column, line), turned, cut, put);
            self.draw_in(right.0, right.1, right.2, (column + left.2, line), turned, cut, put);
        }
    }

    /// What a page costs that only the whole of it shows.
    fn judge(&self, put: &[Put]) -> Cost {
        let mut cost = 0;
        let shape = |p: &Put| &self.items[p.item].shapes[p.shape];
        let mut pictures: Vec<u32> = Vec::new();
        let mut lead_size = 0;
        let mut other_size = 0;
        for (n, p) in put.iter().enumerate() {
            let s = shape(p);
            let size = s.size as u32;
            if self.items[p.item].role <= Role::Lead {
                lead_size = size;
                // It is looked for where a page begins.
                cost += 40 * p.column as Cost;
            } else if self.items[p.item].kind == Kind::Story {
                other_size = other_size.max(size);
            }
            if s.picture > 0 {
                pictures.push((s.picture * s.picture) as u32);
            }
            for q in &put[n + 1..] {
                cost += beside(p, s, q, shape(q));
            }
        }
        pictures.sort_unstable();
        if let [.., next, first] = pictures[..] {
            cost += if first * 2 < next * 3 { 300 } else { 0 };
        }
        // A step of the ladder is 12 %.
        cost += if lead_size > 0 && other_size + 1 > lead_size { 400 } else { 0 };
        let strips = put.iter().all(|p| shape(p).columns == self.columns);
        cost + if strips && put.len() > 1 { 800 } else { 0 }
    }
}

/// What two items cost that meet.
fn beside(p: &Put, s: &Shape, q: &Put, t: &Shape) -> Cost {
    let (p, s, q, t) = if p.column <= q.column { (p, s, q, t) } else { (q, t, p, s) };
    let level = p.line.max(q.line) < (p.line + s.lines).min(q.line + t.lines);
    let touching = p.column + s.columns == q.column && level;
    let mut cost = 0;
    if touching && p.line.abs_diff(q.line) < 3 {
        let (right, left) = (s.right, t.left);
        if right != Edge::Picture && left != Edge::Picture {
            cost += butting(right, left);
        }
    }
    let (a, b) = (picture_place(p, s), picture_place(q, t));
    if let (Some(a), Some(b)) = (a, b) {
        let across = a.0.max(b.0) < a.1.min(b.1);
        let down = a.2.max(b.2) < a.3.min(b.3);
        let near_across = a.1 == b.0 || b.1 == a.0;
        let near_down = a.3.abs_diff(b.2) < 5 || b.3.abs_diff(a.2) < 5;
        if (near_across && down) || (near_down && across) {
            cost += PICTURES_TOUCH;
        }
    }
    cost
}

/// Columns and lines that a picture takes, about.
fn picture_place(p: &Put, s: &Shape) -> Option<(usize, usize, u16, u16)> {
    if s.picture == 0 {
        return None;
    }
    let first = p.column + s.columns - s.picture;
    let height = s.picture_lines;
    let top = match s.form {
        Form::Above | Form::Beside => p.line,
        Form::Below | Form::Plain => p.line + s.head_lines,
    };
    Some((first, p.column + s.columns, top, top + height))
}
