//! The pages of an issue: which items stand on which page, by a beam search page by page.

use std::collections::HashMap;
use std::rc::Rc;

use super::copy::{Copy, Kind, Spot, lines};
use super::pack::{Item, Layout, MOST_ITEMS, WHITE, WHITE_AT_END, pack};
use super::shapes::{Cost, Grid, Role, Shape, shapes};

/// An issue to be made up.
#[derive(Clone, Debug)]
pub(crate) struct Issue<'a> {
    pub(crate) copies: &'a [Copy],
    pub(crate) grid: &'a Grid,
    /// Lines that the masthead takes of the first page, and the imprint of the last.
    pub(crate) first: u16,
    pub(crate) last: u16,
    /// How many pages it should have.
    pub(crate) pages: Option<usize>,
    /// Pages beyond this are too many.
    pub(crate) most: usize,
}

/// An item, or a part of one, on its page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Module {
    pub(crate) copy: usize,
    /// Its text from this slug on; more than none where the story began on another page.
    pub(crate) from: usize,
    pub(crate) shape: Shape,
    pub(crate) column: usize,
    /// Below what the masthead takes.
    pub(crate) line: u16,
}

impl Module {
    /// Whether it goes on on another page.
    pub(crate) fn goes_on(&self, copies: &[Copy]) -> bool {
        self.shape.end < copies[self.copy].slugs.len()
    }
}

/// A page that is made up.
#[derive(Clone, Debug, Default)]
pub(crate) struct MadePage {
    pub(crate) modules: Vec<Module>,
    /// Lines at its foot that nothing fills.
    pub(crate) white: u16,
}

/// An issue that is made up.
#[derive(Clone, Debug, Default)]
pub(crate) struct MadeUp {
    pub(crate) pages: Vec<MadePage>,
    pub(crate) cost: Cost,
    /// Items that an editor's page could not hold.
    pub(crate) displaced: Vec<usize>,
}

/// Items that are looked at beyond those put off.
const WINDOW: usize = 7;
const PUT_OFF: usize = 3;
const BEAM: usize = 8;
/// Sets of items that are packed for a page, and others where none of these can be.
const PACKED: usize = 8;
const PACKED_CUT: usize = 3;
const PACKED_WIDER: usize = 40;
const PAGE: Cost = 1_000;
const JUMP: Cost = 1_200;
/// What a page's area is off by, as a part of the room.
const OFF_AREA: i64 = 4_500;
/// States are compared by what they cost less this for every cell held.
const HELD: i64 = 4;

/// Text of a story on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Part {
    copy: usize,
    from: usize,
    cut: bool,
}

#[derive(Clone, Debug)]
struct State {
    cost: i64,
    held: i64,
    next: usize,
    off: Vec<(usize, u8)>,
    carried: Option<(usize, usize)>,
    fillers: u64,
    pages: Option<Rc<Link>>,
}

/// A page and those before it.
#[derive(Debug)]
struct Link {
    page: MadePage,
    before: Option<Rc<Link>>,
}

/// A page that is filled, and the parts that its items play.
type Packed = Rc<(Layout, Vec<Role>)>;
type Key = (Vec<Part>, u16, bool, u16);

struct Assigner<'a> {
    issue: &'a Issue<'a>,
    /// Items that run in the manuscript's order.
    order: Vec<usize>,
    fillers: Vec<usize>,
    pinned: Vec<usize>,
    shapes: HashMap<(Part, Role), Rc<Vec<Shape>>>,
    packed: HashMap<Key, Option<Packed>>,
    areas: HashMap<(usize, usize), Area>,
}

/// Cells (lines of columns) that an item may take.
#[derive(Clone, Copy, Debug, Default)]
struct Area {
    least: i64,
    natural: i64,
    most: i64,
}

/// Makes up an issue; none where something has no room on any page.
pub(crate) fn assign(issue: &Issue<'_>) -> Option<MadeUp> {
    if issue.copies.is_empty() || issue.grid.lines <= issue.first.max(issue.last) {
        return None;
    }
    let mut best: Option<MadeUp> = None;
    let mut assigner = Assigner::new(issue, true);
    let counts = assigner.page_counts();
    for pages in counts {
        if let Some(made) = assigner.run(pages)
            && best.as_ref().is_none_or(|best| made.cost < best.cost)
        {
            best = Some(made);
        }
    }
    if best.is_none() && !assigner.pinned.is_empty() {
        let displaced = assigner.pinned.clone();
        let mut assigner = Assigner::new(issue, false);
        let counts = assigner.page_counts();
        for pages in counts {
            if let Some(made) = assigner.run(pages)
                && best.as_ref().is_none_or(|best| made.cost < best.cost)
            {
                best = Some(MadeUp { displaced: displaced.clone(), ..made });
            }
        }
    }
    best
}

impl<'a> Assigner<'a> {
    fn new(issue: &'a Issue<'a>, pins: bool) -> Self {
        let of = |wanted: &dyn Fn(&Copy) -> bool| -> Vec<usize> {
            (0..issue.copies.len()).filter(|i| wanted(&issue.copies[*i])).collect()
        };
        let mut assigner = Self {
            issue,
            order: of(&|copy| copy.kind != Kind::Filler && (copy.page.is_none() || !pins)),
            fillers: of(&|copy| copy.kind == Kind::Filler),
            pinned: if pins { of(&|copy| copy.kind != Kind::Filler && copy.page.is_some()) } else { Vec::new() },
            shapes: HashMap::new(),
            packed: HashMap::new(),
            areas: HashMap::new(),
        };
        assigner.fillers.truncate(60);
        assigner
    }

    fn room(&self, page: usize, last: bool) -> u16 {
        let taken = if page == 0 { self.issue.first } else { 0 } + if last { self.issue.last } else { 0 };
        self.issue.grid.lines.saturating_sub(taken)
    }

    /// The numbers of pages to be tried.
    fn page_counts(&mut self) -> Vec<usize> {
        if let Some(pages) = self.issue.pages {
            return vec![pages.max(1)];
        }
        let all: Vec<usize> = self.order.iter().chain(&self.pinned).copied().collect();
        let area: i64 = all.iter().map(|copy| self.area(*copy, 0).natural).sum();
        let columns = self.issue.grid.columns as i64;
        let lost = i64::from(self.issue.first + self.issue.last) * columns;
        let page = i64::from(self.issue.grid.lines) * columns;
        let pinned = self.pinned.iter().filter_map(|i| self.issue.copies[*i].page).max().map_or(1, |page| page + 1);
        let (whole, part) = ((area + lost) / page, (area + lost) % page * 100 / page);
        let likely = (whole + i64::from(part > 12)).max(1) as usize;
        let mut counts = vec![likely.max(pinned)];
        if part > 12 && part < 75 && likely > pinned.max(1) && all.len() < 60 {
            counts.push(likely - 1);
        }
        counts
    }

    fn shapes_of(&mut self, part: Part, role: Role) -> Rc<Vec<Shape>> {
        let issue = self.issue;
        let made = || Rc::new(shapes(&issue.copies[part.copy], issue.grid, role, part.from, part.cut));
        Rc::clone(self.shapes.entry((part, role)).or_insert_with(made))
    }

    fn area(&mut self, copy: usize, from: usize) -> Area {
        if let Some(area) = self.areas.get(&(copy, from)) {
            return *area;
        }
        let part = Part { copy, from, cut: false };
        let mut area = Area { least: i64::MAX, natural: 0, most: 0 };
        let roles: &[Role] = if from > 0 { &[Role::Rest] } else { &[Role::Other, Role::Second, Role::Lead] };
        let mut natural = Vec::new();
        for role in roles {
            let shapes = self.shapes_of(part, *role);
            let cells = |shape: &Shape| shape.columns as i64 * i64::from(shape.lines);
            natural.extend(shapes.iter().min_by_key(|shape| shape.cost).map(cells));
            area.least = shapes.iter().map(cells).min().unwrap_or(i64::MAX).min(area.least);
            area.most = shapes.iter().map(cells).max().unwrap_or(0).max(area.most);
        }
        area.natural = natural.iter().sum::<i64>() / natural.len().max(1) as i64;
        if area.most == 0 {
            // It has more than a page: as much as its lines and something for the headline.
            let copy = &self.issue.copies[copy];
            let cells = i64::from(lines(&copy.slugs[from..])) + 12;
            area = Area { least: cells, natural: cells, most: cells };
        }
        self.areas.insert((copy, from), area);
        area
    }

    fn run(&mut self, pages: usize) -> Option<MadeUp> {
        let start = State { cost: 0, held: 0, next: 0, off: Vec::new(), carried: None, fillers: 0, pages: None };
        let mut beam = vec![start];
        let mut done: Option<State> = None;
        for page in 0..self.issue.most {
            let mut grown: Vec<State> = Vec::new();
            for state in &beam {
                self.grow(state, page, pages, &mut grown);
            }
            for state in grown.iter().filter(|state| self.is_done(state, page)) {
                // A page more or less than wanted.
                if done.as_ref().is_none_or(|done| state.cost < done.cost) {
                    done = Some(state.clone());
                }
            }
            grown.retain(|state| !self.is_done(state, page));
            grown.sort_by_key(|state| (state.cost - HELD * state.held, state.next, state.off.len()));
            let mut seen = std::collections::HashSet::new();
            grown.retain(|state| seen.insert((state.next, state.off.clone(), state.carried, state.fillers)));
            grown.truncate(BEAM);
            // Whoever is done is done in fewer pages.
            if grown.is_empty() || (done.is_some() && page + 1 >= pages) {
                break;
            }
            beam = grown;
        }
        let done = done?;
        let mut made = MadeUp { cost: done.cost.min(i64::from(Cost::MAX)) as Cost, ..MadeUp::default() };
        let mut link = done.pages;
        while let Some(at) = link {
            made.pages.push(at.page.clone());
            link = at.before.clone();
        }
        made.pages.reverse();
        Some(made)
    }

    fn is_done(&self, state: &State, page: usize) -> bool {
        state.next >= self.order.len()
            && state.off.is_empty()
            && state.carried.is_none()
            && self.pinned.iter().all(|i| self.issue.copies[*i].page.is_some_and(|wanted| wanted <= page))
    }

    /// Puts the next page on a state in every way worth trying.
    fn grow(&mut self, state: &State, page: usize, pages: usize, grown: &mut Vec<State>) {
        let issue = self.issue;
        let forced: Vec<Part> = state
            .carried
            .map(|(copy, from)| Part { copy, from, cut: false })
            .into_iter()
            .chain(self.pinned.iter().filter(|i| issue.copies[**i].page == Some(page)).map(|copy| Part {
                copy: *copy,
                from: 0,
                cut: false,
            }))
            .collect();
        let window: Vec<(usize, u8)> = state
            .off
            .iter()
            .copied()
            .chain(self.order.iter().skip(state.next).take(WINDOW).map(|copy| (*copy, 0)))
            .collect();
        let off = state.off.len();
        let remaining = self.order.len().saturating_sub(state.next + WINDOW);
        let columns = issue.grid.columns as i64;
        let lines = self.room(page, false);
        let room = i64::from(lines) * columns;
        let phi = self.share(state, page, pages, room);
        let forced_area = self.area_of(&forced);
        let areas: Vec<Area> = window.iter().map(|(copy, _)| self.area(*copy, 0)).collect();
        let mut candidates: Vec<(i64, u32, Option<usize>)> = Vec::new();
        let count = window.len();
        for set in 0..1_u32 << count {
            let size = set.count_ones() as usize + forced.len();
            if size == 0 || size > MOST_ITEMS {
                continue;
            }
            let Some(order) = order_cost(&window, off, set, issue.copies) else { continue };
            let mut area = forced_area;
            for (i, of) in areas.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1) {
                let _ = i;
                area.least += of.least;
                area.natural += of.natural;
                area.most += of.most;
            }
            let all = remaining == 0 && set.count_ones() as usize == count;
            if area.least <= room && (area.most >= room || all) {
                let off_by = (area.natural * 1_000 / room - phi).abs();
                candidates.push((order + OFF_AREA * off_by / 1_000, set, None));
            }
            // One of them divided.
            if area.least > room * 95 / 100 {
                let parts = (0..count).filter(|i| set >> i & 1 == 1).map(|i| (i, window[i].0, areas[i]));
                for (i, copy, of) in parts {
                    let kept = room - (area.natural - of.natural);
                    let story = &issue.copies[copy];
                    if story.kind == Kind::Story && !story.whole && kept > room / 8 && kept < of.natural * 9 / 10 {
                        candidates.push((order + i64::from(JUMP), set, Some(i)));
                    }
                }
            }
        }
        // A story that came from the page before may go on on the next.
        candidates.sort_by_key(|(score, set, cut)| (*score, *set, *cut));
        let (whole, cut): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|(.., cut)| cut.is_none());
        let before = grown.len();
        let tried = PACKED.min(whole.len());
        let mut order: Vec<_> = whole[..tried].iter().chain(cut.iter().take(PACKED_CUT)).copied().collect();
        order.sort_by_key(|(score, set, cut)| (*score, *set, *cut));
        for candidate in &order {
            self.try_candidate(state, page, candidate, &window, &forced, 0, remaining, grown);
        }
        if let Some(part) =
            forced.first().filter(|part| part.from > 0 && self.area(part.copy, part.from).least > room * 95 / 100)
        {
            // Nothing but the rest of one story, and that goes on.
            let mut forced = forced.clone();
            forced[0] = Part { cut: true, ..*part };
            self.try_forced(state, page, &forced, remaining + count, grown);
        }
        if grown.len() > before {
            return;
        }
        // More that is divided, fillers, then white.
        for candidate in cut.iter().skip(PACKED_CUT).take(PACKED_WIDER) {
            self.try_candidate(state, page, candidate, &window, &forced, 0, remaining, grown);
            if grown.len() >= before + 3 {
                return;
            }
        }
        if grown.len() > before {
            return;
        }
        let more: Vec<_> = whole.iter().chain(&cut).take(PACKED_WIDER).copied().collect();
        for candidate in &more {
            self.try_filled(state, page, candidate, &window, &forced, remaining, grown);
            if grown.len() >= before + 3 {
                return;
            }
        }
        for white in [lines / 25, lines / 6, lines] {
            for candidate in &more {
                self.try_candidate(state, page, candidate, &window, &forced, white, remaining, grown);
                if grown.len() >= before + 4 {
                    return;
                }
            }
            if grown.len() > before {
                return;
            }
        }
        // Whatever has room at all.
        for set in 1..1_u32 << count {
            if set.count_ones() <= 2 && order_cost(&window, off, set, issue.copies).is_some() {
                for cut in [None, Some(set.trailing_zeros() as usize)] {
                    self.try_candidate(state, page, &(0, set, cut), &window, &forced, lines, remaining, grown);
                }
            }
        }
        if grown.len() == before && !forced.is_empty() {
            self.try_forced(state, page, &forced, remaining + count, grown);
        }
    }

    fn area_of(&mut self, parts: &[Part]) -> Area {
        let mut sum = Area::default();
        for part in parts {
            let area = self.area(part.copy, part.from);
            sum.least += area.least;
            sum.natural += area.natural;
            sum.most += area.most;
        }
        sum
    }

    /// What part of its room a page should be given, in thousandths.
    fn share(&mut self, state: &State, page: usize, pages: usize, room: i64) -> i64 {
        let mut area: i64 = 0;
        for at in state.next..self.order.len() {
            area += self.area(self.order[at], 0).natural;
        }
        for (copy, _) in state.off.clone() {
            area += self.area(copy, 0).natural;
        }
        if let Some((copy, from)) = state.carried {
            area += self.area(copy, from).natural;
        }
        for copy in self.pinned.clone() {
            if self.issue.copies[copy].page.is_some_and(|wanted| wanted >= page) {
                area += self.area(copy, 0).natural;
            }
        }
        let columns = self.issue.grid.columns as i64;
        let left = pages.saturating_sub(page + 1) as i64;
        let others = left * i64::from(self.issue.grid.lines) * columns - i64::from(self.issue.last) * columns;
        (area * 1_000 / (room + others).max(1)).clamp(880, 1_060)
    }

    #[allow(clippy::too_many_arguments)]
    fn try_candidate(
        &mut self,
        state: &State,
        page: usize,
        (_, set, cut): &(i64, u32, Option<usize>),
        window: &[(usize, u8)],
        forced: &[Part],
        white: u16,
        remaining: usize,
        grown: &mut Vec<State>,
    ) {
        let mut parts = forced.to_vec();
        parts.extend(window.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(i, (copy, _))| Part {
            copy: *copy,
            from: 0,
            cut: *cut == Some(i),
        }));
        let last = remaining == 0 && set.count_ones() as usize == window.len() && cut.is_none();
        self.put(state, page, parts, *set, window, white, last, grown);
    }

    fn try_forced(&mut self, state: &State, page: usize, forced: &[Part], remaining: usize, grown: &mut Vec<State>) {
        let lines = self.room(page, false);
        let last = remaining == 0 && forced.iter().all(|part| !part.cut);
        self.put(state, page, forced.to_vec(), 0, &state.off.clone(), lines, last, grown);
    }

    /// A candidate with one filler.
    #[allow(clippy::too_many_arguments)]
    fn try_filled(
        &mut self,
        state: &State,
        page: usize,
        candidate: &(i64, u32, Option<usize>),
        window: &[(usize, u8)],
        forced: &[Part],
        remaining: usize,
        grown: &mut Vec<State>,
    ) {
        for (number, filler) in self.fillers.clone().into_iter().enumerate() {
            if state.fillers >> number & 1 == 1 {
                continue;
            }
            let mut forced = forced.to_vec();
            forced.push(Part { copy: filler, from: 0, cut: false });
            let before = grown.len();
            self.try_candidate(state, page, candidate, window, &forced, 0, remaining, grown);
            if grown.len() > before {
                for state in &mut grown[before..] {
                    state.fillers |= 1 << number;
                }
                return;
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn put(
        &mut self,
        state: &State,
        page: usize,
        mut parts: Vec<Part>,
        set: u32,
        window: &[(usize, u8)],
        white: u16,
        last: bool,
        grown: &mut Vec<State>,
    ) {
        parts.sort_unstable();
        let issue = self.issue;
        let last = last && self.pinned.iter().all(|i| issue.copies[*i].page.is_some_and(|wanted| wanted <= page));
        let lines = self.room(page, last);
        // The last page ends where its text ends.
        let white = if last { lines } else { white };
        let Some(packed) = self.packed(&parts, lines, page == 0, white, last) else { return };
        let (layout, roles) = &*packed;
        let mut held = 0;
        let mut carried = None;
        let mut modules = Vec::new();
        for put in &layout.put {
            let part = parts[put.item];
            let shape = self.shapes_of(part, roles[put.item])[put.shape];
            if part.cut {
                carried = Some((part.copy, shape.end));
                held += self.area(part.copy, part.from).natural - self.area(part.copy, shape.end).natural;
            } else {
                held += self.area(part.copy, part.from).natural;
            }
            modules.push(Module { copy: part.copy, from: part.from, shape, column: put.column, line: put.line });
        }
        let off_count = state.off.len();
        let order = order_cost(window, off_count, set, issue.copies).unwrap_or(0);
        let (next, off) = after(window, off_count, set, state.next);
        let jump = if carried.is_some() { i64::from(JUMP) } else { 0 };
        let page = MadePage { modules, white: layout.white };
        grown.push(State {
            cost: state.cost + i64::from(layout.cost + PAGE) + order + jump,
            held: state.held + held,
            next,
            off,
            carried,
            fillers: state.fillers,
            pages: Some(Rc::new(Link { page, before: state.pages.clone() })),
        });
    }

    fn packed(&mut self, parts: &[Part], lines: u16, front: bool, white: u16, last: bool) -> Option<Packed> {
        let key = (parts.to_vec(), lines, front, white);
        if let Some(known) = self.packed.get(&key) {
            return known.clone();
        }
        let roles = self.roles(parts, front);
        let shapes: Vec<Rc<Vec<Shape>>> =
            parts.iter().zip(&roles).map(|(part, role)| self.shapes_of(*part, *role)).collect();
        let copies = self.issue.copies;
        let items: Vec<Item<'_>> = parts
            .iter()
            .zip(&roles)
            .zip(&shapes)
            .map(|((part, role), shapes)| {
                let copy = &copies[part.copy];
                Item {
                    shapes: shapes.as_slice(),
                    role: *role,
                    kind: copy.kind,
                    top: matches!(copy.spot, Some(Spot::Top | Spot::Lead)) && part.from == 0,
                    foot: copy.spot == Some(Spot::Foot),
                }
            })
            .collect();
        let cost = if last { WHITE_AT_END } else { WHITE };
        let layout = pack(&items, self.issue.grid.columns, lines, white.min(lines), cost);
        let result = layout.map(|layout| Rc::new((layout, roles)));
        self.packed.insert(key, result.clone());
        result
    }

    /// The parts that items play on a page: what an editor leads with, else the longest.
    fn roles(&self, parts: &[Part], front: bool) -> Vec<Role> {
        let mut roles: Vec<Role> =
            parts.iter().map(|part| if part.from > 0 { Role::Rest } else { Role::Other }).collect();
        let mut stories: Vec<(i64, usize)> = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.from == 0 && self.issue.copies[part.copy].kind == Kind::Story)
            .enumerate()
            .map(|(position, (at, part))| {
                let copy = &self.issue.copies[part.copy];
                let editor = match copy.spot {
                    Some(Spot::Lead) => 20_000,
                    _ if copy.leads => 10_000,
                    Some(Spot::Top) => 5_000,
                    Some(Spot::Column | Spot::Foot) => -5_000,
                    None => 0,
                };
                let pictured = if copy.figure.iter().any(|height| *height > 0) { 45 } else { 0 };
                (editor + i64::from(lines(&copy.slugs)) + pictured - 12 * position as i64, at)
            })
            .collect();
        stories.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        let seconds = if stories.len() > 4 { 2 } else { 1 };
        for (rank, (_, at)) in stories.into_iter().enumerate() {
            roles[at] = match rank {
                0 if front => Role::Front,
                0 => Role::Lead,
                rank if rank <= seconds => Role::Second,
                _ => Role::Other,
            };
        }
        roles
    }
}

/// What it costs to leave the others of a window for later pages; none where that is too many.
fn order_cost(window: &[(usize, u8)], off: usize, set: u32, copies: &[Copy]) -> Option<i64> {
    let taken = |i: usize| set >> i & 1 == 1;
    let last = (off..window.len()).rev().find(|i| taken(*i));
    let left = (0..window.len()).filter(|i| !taken(*i) && (*i < off || last.is_some_and(|last| *i < last)));
    let mut cost = 0;
    let mut count = 0;
    for i in left {
        let (copy, times) = window[i];
        let brief = copies[copy].kind == Kind::Briefs;
        cost += match (brief, times) {
            (true, 0) => 100,
            (true, _) => 400,
            (false, 0) => 400,
            (false, _) => 1_400,
        };
        count += 1;
    }
    (count <= PUT_OFF).then_some(cost)
}

/// The next item and those put off, when a set of a window has been placed.
fn after(window: &[(usize, u8)], off: usize, set: u32, next: usize) -> (usize, Vec<(usize, u8)>) {
    let taken = |i: usize| set >> i & 1 == 1;
    let last = (off..window.len()).rev().find(|i| taken(*i));
    let end = last.map_or(off, |last| last + 1);
    let left = (0..end).filter(|i| !taken(*i)).map(|i| (window[i].0, window[i].1.saturating_add(1))).collect();
    (next + end - off, left)
}
