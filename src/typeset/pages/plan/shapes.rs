//! Shapes: every rectangle that a story may fill, with what it costs the eye.

use super::copy::{Copy, Head, Kind, MOST_COLUMNS, Placed, Spot, fill, lines};

/// Costs are in hundredths.
pub(crate) type Cost = i32;

/// The part that an item plays on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The lead of the first page.
    Front,
    /// The lead of another page.
    Lead,
    Second,
    Other,
    /// The rest of a story that began on another page.
    Rest,
}

/// How headline, picture and text stand in their rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// The headline over all legs.
    #[default]
    Plain,
    /// A picture below the headline, over the last columns.
    Below,
    /// A picture as wide as the story, above the headline.
    Above,
    /// A picture over the last columns from the upper edge, the headline beside it.
    Beside,
}

/// What stands at an upper corner of a rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Edge {
    Picture,
    Small,
    Middle,
    Large,
    #[default]
    Box,
}

/// A rectangle of a story.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) columns: usize,
    /// Height in lines, the gap below included.
    pub(crate) lines: u16,
    pub(crate) cost: Cost,
    pub(crate) left: Edge,
    pub(crate) right: Edge,
    pub(crate) form: Form,
    /// Step of the ladder of headline sizes.
    pub(crate) size: usize,
    /// Columns of the picture; 0 for none.
    pub(crate) picture: usize,
    /// Lines of white: the first below the headline, the others at the foot.
    pub(crate) air: u16,
    /// No text stands below the picture.
    pub(crate) bare: bool,
    /// The first slug that goes on on another page; all of them otherwise.
    pub(crate) end: usize,
    /// Lines of the picture and of the headline.
    pub(crate) picture_lines: u16,
    pub(crate) head_lines: u16,
}

/// The page as shapes know it.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    pub(crate) columns: usize,
    /// Lines of a page, with the gap that its lowest items do not need.
    pub(crate) lines: u16,
    /// Lines between two items one above the other.
    pub(crate) gap: u16,
    /// Lines that a frame takes beside that.
    pub(crate) frame: u16,
    /// Sizes of headlines in tenths of a point, some 12 % apart.
    pub(crate) ladder: Vec<u32>,
    /// For each role and number of columns (less one), the step of the ladder that suits.
    pub(crate) base: [Vec<usize>; 5],
    /// Lines of a continued story's short headline.
    pub(crate) rest_head: u16,
}

/// Legs shorter and longer than this are hard to read.
const SHORT_LEG: u16 = 9;
const LONG_LEG: u16 = 62;
/// Least lines of text below a picture.
const UNDER: u16 = 6;
/// Least lines above a table that goes over several columns.
const OVER_BAND: u16 = 5;
/// The most lines of a headline by its columns.
const HEAD_LINES: [u8; 5] = [5, 4, 3, 2, 2];
/// Steps of the ladder below and above the one that suits.
const STEPS: (usize, usize) = (5, 2);
/// Costs of white lines in a shape.
const AIR: [Cost; 5] = [0, 120, 240, 500, 900];
/// A line of a column that a headline leaves white.
const BARE: Cost = 40;
/// The shortest legs of what goes on on another page.
const SHORTEST_LEG: u16 = 5;
/// Slugs that stay on a page and that go to another where a story is divided.
const LEAST_KEPT: usize = 12;
const LEAST_MOVED: usize = 10;
/// A box that fills a place, and each line of each of its columns.
const FILLER: Cost = 2_200;
const FILLER_CELL: Cost = 12;
/// What is dearer than the best of its width by this is dropped.
const DEAR: Cost = 1_600;

/// Costs at 1 to 5 of 5 columns, for pages of other numbers too.
fn by_width(costs: &[Cost; 5], columns: usize, of: usize) -> Cost {
    // In hundredths of a column of five; a single column is a single column on every page.
    let at = if of <= 1 { 400 } else { 400 * (columns - 1) / (of - 1) };
    let (low, part) = ((at / 100).min(4), (at % 100) as Cost);
    let high = (low + 1).min(4);
    costs[low] + (costs[high] - costs[low]) * part / 100
}

fn width_cost(role: Role, columns: usize, of: usize) -> Cost {
    let costs = match role {
        Role::Front => [4000, 1200, 100, 0, 100],
        Role::Lead => [4000, 1000, 100, 0, 300],
        Role::Second | Role::Rest => [700, 50, 0, 100, 800],
        Role::Other => [200, 0, 100, 400, 1100],
    };
    by_width(&costs, columns, of)
}

fn picture_cost(role: Role, columns: usize, of: usize) -> Cost {
    let costs = match role {
        Role::Front | Role::Lead => [1200, 200, 0, 100, 400],
        Role::Second => [250, 0, 150, 600, 1000],
        Role::Other | Role::Rest => [50, 0, 400, 900, 1400],
    };
    by_width(&costs, columns, of)
}

/// What the size of a headline looks like beside another.
pub(crate) fn edge_of(size: u32) -> Edge {
    match size {
        0..180 => Edge::Small,
        180..300 => Edge::Middle,
        _ => Edge::Large,
    }
}

/// Lines at the head and at the foot of each leg that are no text's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) columns: usize,
    pub(crate) top: [u16; MOST_COLUMNS],
    pub(crate) foot: [u16; MOST_COLUMNS],
    /// Legs that hold text.
    pub(crate) text: [bool; MOST_COLUMNS],
}

impl Shape {
    /// Lines of what stands in it, without what parts it from its neighbours.
    pub(crate) fn inner(&self, copy: &Copy, grid: &Grid) -> u16 {
        let frame = if copy.framed { grid.frame } else { 0 };
        self.lines.saturating_sub(grid.gap + frame + self.air.saturating_sub(1))
    }
}

impl Profile {
    /// Heights of the legs in a shape of some lines, the gap below not counted.
    pub(crate) fn legs(&self, lines: u16) -> [u16; MOST_COLUMNS] {
        let mut legs = [0; MOST_COLUMNS];
        for column in (0..self.columns).filter(|column| self.text[*column]) {
            legs[column] = lines.saturating_sub(self.top[column] + self.foot[column]);
        }
        legs
    }
}

/// A story being given shapes.
pub(crate) struct Shaping<'a> {
    copy: &'a Copy,
    grid: &'a Grid,
    role: Role,
    from: usize,
    total: u32,
    placed: Vec<Placed>,
    found: Vec<Shape>,
}

/// The place of everything but the text in a shape.
pub(crate) fn profile(copy: &Copy, grid: &Grid, shape: &Shape, rest: bool) -> Profile {
    let (k, j) = (shape.columns, shape.picture);
    let mut profile = Profile { columns: k, ..Profile::default() };
    let picture = if j > 0 { copy.figure[j - 1] } else { 0 };
    let beside = shape.form == Form::Beside;
    let head = head(copy, grid, if beside { k - j } else { k }, shape.size, rest).map_or(0, |head| head.height);
    let head = head + shape.air.min(1);
    for column in 0..k {
        let pictured = column + j >= k;
        profile.text[column] = !(pictured && shape.bare);
        profile.top[column] = match shape.form {
            Form::Plain => head,
            Form::Above => head + picture,
            Form::Below if pictured => head + picture,
            Form::Below => head,
            Form::Beside if pictured => picture,
            Form::Beside => head,
        };
        if let Some(band) = copy.band.filter(|band| column + band.columns >= k) {
            profile.foot[column] = band.height;
        }
    }
    profile
}

/// The headline of a story, or of what is left of it.
pub(crate) fn head(copy: &Copy, grid: &Grid, columns: usize, size: usize, rest: bool) -> Option<Head> {
    if rest {
        return Some(Head { height: grid.rest_head, lines: 1, ..Head::default() });
    }
    if copy.heads.is_empty() {
        return Some(Head::default());
    }
    copy.heads[columns - 1].get(size).copied().filter(|head| head.lines > 0)
}

/// All shapes of an item in a role, from a slug on; `cut` are those that leave a part of it to another page.
pub(crate) fn shapes(copy: &Copy, grid: &Grid, role: Role, from: usize, cut: bool) -> Vec<Shape> {
    if !copy.boxes.is_empty() {
        return boxes(copy, grid);
    }
    let mut shaping =
        Shaping { copy, grid, role, from, total: lines(&copy.slugs[from..]), placed: Vec::new(), found: Vec::new() };
    let rest = from > 0;
    let widths = 1..=grid.columns.min(MOST_COLUMNS);
    for columns in widths.clone().filter(|columns| copy.columns.is_none_or(|wanted| wanted == *columns)) {
        shaping.of_width(columns, rest, cut);
    }
    if shaping.found.is_empty() && copy.columns.is_some() {
        // What an editor wants of it cannot be had.
        widths.for_each(|columns| shaping.of_width(columns, rest, cut));
    }
    shaping.cheapest()
}

impl Shaping<'_> {
    fn of_width(&mut self, k: usize, rest: bool, cut: bool) {
        let (copy, grid) = (self.copy, self.grid);
        if copy.band.is_some_and(|band| band.columns > k && (cut || k < grid.columns)) || (cut && copy.band.is_some()) {
            return;
        }
        if copy.spot == Some(Spot::Column) && k > 1 {
            return;
        }
        let base = grid.base[self.role as usize][k - 1];
        let (low, high) = if copy.heads.is_empty() || rest {
            (base, base)
        } else {
            (base.saturating_sub(STEPS.0), (base + STEPS.1).min(grid.ladder.len() - 1))
        };
        let (low, high) = if cut { (base.saturating_sub(2).max(low), base) } else { (low, high) };
        let pictures = if rest { 0 } else { copy.figure.len().min(k) };
        for size in low..=high {
            // Where a picture is, it stands in every shape.
            if pictures == 0 || copy.figure.iter().all(|height| *height == 0) {
                self.arrangement(Form::Plain, k, size, 0, rest, cut);
                continue;
            }
            for picture in (1..=pictures).filter(|j| copy.figure[j - 1] > 0) {
                if picture == k {
                    self.arrangement(Form::Above, k, size, picture, rest, cut);
                    self.arrangement(Form::Below, k, size, picture, rest, cut);
                } else {
                    self.arrangement(Form::Below, k, size, picture, rest, cut);
                    self.arrangement(Form::Beside, k, size, picture, rest, cut);
                }
            }
        }
    }

    fn arrangement(&mut self, form: Form, k: usize, size: usize, picture: usize, rest: bool, cut: bool) {
        let (copy, grid) = (self.copy, self.grid);
        let over = if form == Form::Beside { k - picture } else { k };
        let Some(head) = head(copy, grid, over, size, rest) else { return };
        let most = HEAD_LINES[(over - 1).min(4)];
        let smallest = size == 0 || grid.base[self.role as usize][over - 1] >= size + STEPS.0;
        if head.lines > most + 1 && !smallest && !rest {
            return;
        }
        let mut shape = Shape { columns: k, form, size, picture, end: copy.slugs.len(), ..Shape::default() };
        shape.head_lines = head.height;
        shape.picture_lines = if picture > 0 { copy.figure[picture - 1] } else { 0 };
        let mut cost = width_cost(self.role, k, grid.columns);
        if !copy.heads.is_empty() && !rest {
            let base = grid.base[self.role as usize][over - 1];
            cost += 80 * size.abs_diff(base) as Cost;
            cost += if head.lines > most { 600 } else { 0 };
            cost += if head.short { 150 } else { 0 };
            cost += if over == 1 && self.role <= Role::Lead { 900 } else { 0 };
            cost += 200 * Cost::from(head.lines.saturating_sub(most));
            // White beside several lines is a hole.
            let bare = Cost::from(head.height) * over as Cost * Cost::from(head.bare) / 100;
            cost += if head.lines > 1 { BARE * bare } else { 0 };
        }
        if picture > 0 {
            cost += picture_cost(self.role, picture, grid.columns);
            cost += 35 * Cost::from(copy.figure[picture - 1].saturating_sub(44));
        }
        shape.cost = cost;
        let edge = if copy.heads.is_empty() || copy.framed { Edge::Box } else { edge_of(grid.ladder[size]) };
        let edge = if rest { Edge::Small } else { edge };
        (shape.left, shape.right) = match form {
            Form::Above => (Edge::Picture, Edge::Picture),
            Form::Beside => (edge, Edge::Picture),
            Form::Plain | Form::Below => (edge, edge),
        };
        if cut {
            return self.cuts(shape);
        }
        self.whole(shape, rest);
        if picture > 0 && picture < k {
            self.whole(Shape { bare: true, ..shape }, rest);
        }
    }

    /// Shapes that hold the whole text.
    fn whole(&mut self, shape: Shape, rest: bool) {
        let (copy, grid) = (self.copy, self.grid);
        let profile = profile(copy, grid, &shape, rest);
        let k = shape.columns;
        let legs = (0..k).filter(|column| profile.text[*column]).count() as u32;
        let used: u32 = (0..k)
            .filter(|column| profile.text[*column])
            .map(|column| u32::from(profile.top[column] + profile.foot[column]))
            .sum();
        let least = (self.total + used).div_ceil(legs.max(1)) as u16;
        // Below a picture stands no text or enough of it.
        let pictured = |column: usize| shape.picture > 0 && column + shape.picture >= k;
        let floor = (0..k)
            .map(|column| {
                profile.top[column]
                    + profile.foot[column]
                    + match () {
                        () if !profile.text[column] => 0,
                        () if pictured(column) && self.total > 0 => UNDER,
                        () if profile.foot[column] > 0 => OVER_BAND,
                        () => 0,
                    }
            })
            .max()
            .unwrap_or(0);
        // Columns of no more than the floor would be white.
        if floor > least + if shape.bare { 1 } else { 0 } {
            return;
        }
        let least = least.max(floor);
        let most = least.saturating_add(6).min(grid.lines);
        for lines in least..=most {
            let legs = profile.legs(lines);
            if fill(&copy.slugs, self.from, &legs[..k], false, &mut self.placed) < copy.slugs.len() {
                continue;
            }
            let under = (0..k).filter(|column| !profile.text[*column]).map(|column| profile.top[column]).max();
            let white = under.map_or(0, |under| lines - under);
            if white > 1 {
                return;
            }
            let room: u32 = legs.iter().map(|leg| u32::from(*leg)).sum();
            let spare = room.saturating_sub(self.total) as Cost;
            // One short line a leg; more is a hole.
            let holes = (spare - k as Cost).max(0);
            let mut cost = shape.cost + 60 * spare + 300 * holes + 60 * Cost::from(white);
            if !copy.slugs.is_empty() {
                let shortest = (0..k).filter(|column| profile.text[*column]).map(|column| legs[column]);
                let (shortest, longest) = (shortest.clone().min().unwrap_or(0), shortest.max().unwrap_or(0));
                // Small items are short in whatever width.
                let enough = if copy.kind == Kind::Briefs { 4 } else { SHORT_LEG };
                cost += 300 * Cost::from(enough.saturating_sub(shortest))
                    + 40 * Cost::from(longest.saturating_sub(LONG_LEG));
            }
            for (air, dear) in AIR.iter().enumerate() {
                let high = lines + air as u16 + grid.gap + if copy.framed { grid.frame } else { 0 };
                if high <= grid.lines {
                    self.found.push(Shape { lines: high, cost: cost + dear, air: air as u16, ..shape });
                }
            }
            return;
        }
    }

    /// Shapes that hold a part of it.
    fn cuts(&mut self, shape: Shape) {
        let (copy, grid) = (self.copy, self.grid);
        if copy.slugs.len() < self.from + LEAST_KEPT + LEAST_MOVED {
            return;
        }
        let rest = self.from > 0;
        let profile = profile(copy, grid, &shape, rest);
        let k = shape.columns;
        let top = (0..k).map(|column| profile.top[column]).max().unwrap_or(0);
        let frame = if copy.framed { grid.frame } else { 0 };
        for lines in top + SHORTEST_LEG.max(if shape.picture > 0 { UNDER } else { 0 })
            ..=grid.lines.saturating_sub(grid.gap + frame)
        {
            let mut legs = profile.legs(lines);
            // The line that says where it goes on.
            legs[k - 1] -= 1;
            let end = fill(&copy.slugs, self.from, &legs[..k], true, &mut self.placed);
            if end + LEAST_MOVED > copy.slugs.len() {
                break;
            }
            let room: u32 = legs.iter().map(|leg| u32::from(*leg)).sum();
            let took = lines_between(&copy.slugs, self.from, end);
            let spare = room.saturating_sub(took) as Cost;
            if end < self.from + LEAST_KEPT {
                continue;
            }
            let shortest = legs[..k].iter().copied().min().unwrap_or(0);
            let cost = shape.cost
                + 40 * spare
                + 300 * (spare - 2 * k as Cost).max(0)
                + 300 * Cost::from(SHORT_LEG.saturating_sub(shortest));
            self.found.push(Shape { lines: lines + grid.gap + frame, cost, end, ..shape });
        }
    }

    /// The cheapest of each size and edge, without those that are much dearer than another of their width.
    fn cheapest(self) -> Vec<Shape> {
        let mut found = self.found;
        found.sort_by_key(|shape| (shape.columns, shape.lines, shape.left as u8, shape.right as u8, shape.cost));
        found.dedup_by_key(|shape| (shape.columns, shape.lines, shape.left as u8, shape.right as u8));
        let mut best = [Cost::MAX; MOST_COLUMNS + 1];
        for shape in &found {
            best[shape.columns] = best[shape.columns].min(shape.cost);
        }
        found.retain(|shape| shape.cost <= best[shape.columns] + DEAR);
        found
    }
}

/// A box of a size of its own.
fn boxes(copy: &Copy, grid: &Grid) -> Vec<Shape> {
    let mut found = Vec::new();
    for (at, height) in copy.boxes.iter().enumerate().take(grid.columns).filter(|(_, height)| **height > 0) {
        for air in 0..=copy.stretch {
            let (columns, lines) = (at + 1, height + air + grid.gap);
            let cells = Cost::from(lines) * columns as Cost;
            let cost = if copy.kind == Kind::Filler { FILLER + FILLER_CELL * cells } else { 0 };
            if lines <= grid.lines {
                let end = copy.slugs.len();
                found.push(Shape { columns, lines, cost: cost + 20 * Cost::from(air), air, end, ..Shape::default() });
            }
        }
    }
    found
}

fn lines_between(slugs: &[super::copy::Slug], from: usize, end: usize) -> u32 {
    lines(&slugs[from..end])
}
