//! What every plan keeps, whatever is planned: nothing lost, nothing over anything else, every page filled.

use super::assign::{Issue, MadeUp, assign};
use super::copy::{Copy, FINE, Head, Kind, Slug, Spot, fill};
use super::shapes::{Edge, Grid};

/// Xorshift (Marsaglia 2003): the same issues on every machine.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(0x9E37_79B9_7F4A_7C15 ^ (seed + 1).wrapping_mul(7_919));
        for _ in 0..8 {
            dice.throw(2);
        }
        dice
    }

    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }
}

/// A page of columns of a width in points, with the ladder and the sizes of a broadsheet.
fn page(columns: usize, lines: u16, width: u32) -> Grid {
    let ladder: Vec<u32> = (0..14).map(|step| (130.0 * 1.12_f64.powi(step)) as u32).collect();
    let sizes = [
        [240, 360, 460, 540, 600],
        [220, 310, 390, 460, 520],
        [180, 250, 310, 370, 420],
        [160, 210, 260, 310, 360],
        [150, 160, 170, 180, 180],
    ];
    let base = sizes.map(|sizes| {
        (1..=columns as u32)
            .map(|columns| {
                let size = sizes[((columns * width / 138).clamp(1, 5) - 1) as usize];
                (0..ladder.len()).min_by_key(|step| ladder[*step].abs_diff(size)).unwrap_or(0)
            })
            .collect()
    });
    Grid { columns, lines: lines + 2, gap: 2, frame: 1, ladder, base, rest_head: 3 }
}

/// A story of paragraphs, mostly with a picture, with a headline of so many letters.
fn story(dice: &mut Dice, grid: &Grid, width: u32) -> Copy {
    let lines = match dice.throw(10) {
        0..=2 => 15 + dice.throw(30),
        3..=6 => 40 + dice.throw(60),
        7..=8 => 80 + dice.throw(90),
        _ => 150 + dice.throw(200),
    } as usize;
    let mut slugs = Vec::new();
    while slugs.len() < lines {
        if dice.throw(8) == 0 {
            slugs.push(Slug { gap: 50, height: 50, ..Slug::default() });
        }
        let count = 3 + dice.throw(7);
        for line in 0..count {
            let heading = slugs.last().is_some_and(|slug: &Slug| !slug.on_grid);
            let keep = heading || line == 1 || line + 1 == count;
            slugs.push(Slug { height: FINE, on_grid: true, keep, ..Slug::default() });
        }
        if dice.throw(40) == 0 {
            slugs.push(Slug { gap: 40, height: FINE * 7, floats: true, ..Slug::default() });
        }
    }
    let letters = 25 + dice.throw(60) as u32;
    let over = |columns: usize| columns as u32 * width + (columns as u32 - 1) * 17;
    let heads = (1..=grid.columns)
        .map(|columns| {
            let head = |size: &u32| {
                let (length, width) = (letters * size * 55 / 1_000, over(columns));
                let lines = length.div_ceil(width).max(1);
                let height = ((lines * size * 106 / 1_000 + 18) / 12 + 1) as u16;
                Head { height, lines: lines as u8, short: lines > 1 && length % width < width / 3, bare: 0 }
            };
            grid.ladder.iter().map(head).collect()
        })
        .collect();
    let shape = [66, 66, 75, 56, 130][dice.throw(5) as usize];
    let pictured = dice.throw(100) < 55;
    let figure = (1..=grid.columns).map(|columns| over(columns) * shape / 1_200 + 4);
    let figure =
        figure.map(|height| if u16::try_from(height).is_ok_and(|h| h < grid.lines / 2) { height as u16 } else { 0 });
    Copy { slugs, heads, figure: if pictured { figure.collect() } else { Vec::new() }, ..Copy::default() }
}

fn issue_of(dice: &mut Dice, grid: &Grid, width: u32, most: u64) -> Vec<Copy> {
    let mut copies: Vec<Copy> = (0..3 + dice.throw(most)).map(|_| story(dice, grid, width)).collect();
    copies[0].leads = true;
    for _ in 0..dice.throw(3) {
        let slugs =
            (0..10 + dice.throw(30)).map(|n| Slug { height: FINE, on_grid: true, keep: n % 7 == 1, ..Slug::default() });
        let briefs = Copy { kind: Kind::Briefs, slugs: slugs.collect(), ..Copy::default() };
        let at = 1 + dice.throw(copies.len() as u64) as usize;
        copies.insert(at, briefs);
    }
    if dice.throw(3) == 0 {
        let mut boxes = vec![0; grid.columns];
        boxes[dice.throw(grid.columns as u64) as usize] = 8 + dice.throw(12) as u16;
        copies.push(Copy { kind: Kind::Fixed, boxes, ..Copy::default() });
    }
    copies
}

/// What is wrong with a plan.
fn fault(issue: &Issue<'_>, made: &MadeUp) -> Option<String> {
    let mut next = vec![0; issue.copies.len()];
    let mut placed = vec![false; issue.copies.len()];
    for (number, page) in made.pages.iter().enumerate() {
        let last = number + 1 == made.pages.len();
        let taken = if number == 0 { issue.first } else { 0 } + if last { issue.last } else { 0 };
        let room = issue.grid.lines - taken;
        let mut cells = vec![0_u8; usize::from(room) * issue.grid.columns];
        for module in &page.modules {
            let shape = &module.shape;
            for line in module.line..module.line + shape.lines {
                for column in module.column..module.column + shape.columns {
                    if line >= room || column >= issue.grid.columns {
                        return Some(format!("page {number}: {module:?} is outside"));
                    }
                    cells[usize::from(line) * issue.grid.columns + column] += 1;
                }
            }
            if module.from != next[module.copy] || (module.from == 0 && placed[module.copy]) {
                return Some(format!("page {number}: story {} is not in order", module.copy));
            }
            placed[module.copy] = true;
            next[module.copy] = shape.end.max(module.from);
            let copy = &issue.copies[module.copy];
            let legs = super::profile(copy, issue.grid, shape, module.from > 0).legs(shape.inner(copy, issue.grid));
            let mut lines = Vec::new();
            let cut = module.goes_on(issue.copies);
            if copy.boxes.is_empty()
                && fill(&copy.slugs[..shape.end], module.from, &legs[..shape.columns], cut, &mut lines) < shape.end
            {
                return Some(format!("page {number}: the text of {} has no room in {shape:?}", module.copy));
            }
        }
        let alone = page.modules.len() == 1 && !issue.copies[page.modules[0].copy].boxes.is_empty();
        let across = if alone { page.modules[0].shape.columns } else { issue.grid.columns };
        let filled = usize::from(room - page.white) * across;
        if cells.iter().any(|cell| *cell > 1) || cells.iter().filter(|cell| **cell == 1).count() != filled {
            return Some(format!("page {number} is not covered once"));
        }
    }
    let lost = (0..issue.copies.len()).find(|i| !placed[*i] || next[*i] < issue.copies[*i].slugs.len());
    lost.filter(|i| issue.copies[*i].kind != Kind::Filler).map(|i| format!("story {i} is lost"))
}

/// Lines of white on inner pages, lines of inner pages, pages with headlines of one size side by side, pages.
#[derive(Debug, Default)]
struct Tally {
    white: u64,
    lines: u64,
    holes: u64,
    tombstones: u64,
    pages: u64,
}

fn plan_many(columns: usize, lines: u16, width: u32, most: u64, seeds: std::ops::Range<u64>) -> Tally {
    let grid = page(columns, lines, width);
    let mut tally = Tally::default();
    for seed in seeds {
        let mut dice = Dice::new(seed);
        let copies = issue_of(&mut dice, &grid, width, most);
        let issue = Issue { copies: &copies, grid: &grid, first: 12, last: 5, pages: None, most: 400 };
        let made = assign(&issue).unwrap_or_else(|| panic!("issue {seed} has no plan"));
        assert_eq!(fault(&issue, &made), None, "issue {seed}");
        let inner = made.pages.len() - 1;
        for page in &made.pages[..inner] {
            tally.white += u64::from(page.white);
            tally.lines += u64::from(grid.lines);
            tally.holes += u64::from(page.white * 25 > grid.lines);
        }
        for page in &made.pages {
            tally.pages += 1;
            let stands_beside = |a: &super::Module, b: &super::Module| {
                let heads = a.shape.right == b.shape.left && !matches!(a.shape.right, Edge::Picture | Edge::Box);
                a.column + a.shape.columns == b.column && a.line.abs_diff(b.line) < 3 && heads
            };
            let modules = &page.modules;
            tally.tombstones += u64::from(modules.iter().any(|a| modules.iter().any(|b| stands_beside(a, b))));
        }
    }
    tally
}

fn assert_well_made(tally: &Tally) {
    assert!(tally.white * 100 <= tally.lines, "over 1 % of the inner pages is white: {tally:?}");
    assert!(tally.holes * 20 <= tally.pages, "more than 1 page in 20 has a hole: {tally:?}");
    assert!(tally.tombstones * 10 <= tally.pages, "more than 1 page in 10 has tombstones: {tally:?}");
}

#[test]
fn broadsheets_are_filled_and_nothing_is_lost() {
    assert_well_made(&plan_many(4, 85, 176, 14, 0..20));
}

#[test]
fn small_pages_are_filled_and_nothing_is_lost() {
    assert_well_made(&plan_many(3, 62, 160, 8, 0..120));
}

/// Thousands of issues, for whoever changes the plan: `cargo test --release -- --ignored thousands`.
#[test]
#[ignore = "takes minutes without optimisation"]
fn thousands_of_issues_lose_nothing() {
    for (columns, lines, width) in [(5, 96, 138), (4, 85, 176), (3, 62, 160), (2, 50, 200)] {
        assert_well_made(&plan_many(columns, lines, width, 20, 1_000..2_000));
    }
}

#[test]
fn the_same_issue_is_planned_alike() {
    let grid = page(4, 85, 176);
    let copies = issue_of(&mut Dice::new(7), &grid, 176, 12);
    let issue = Issue { copies: &copies, grid: &grid, first: 12, last: 5, pages: None, most: 400 };
    let places = |made: &MadeUp| -> Vec<(usize, usize, usize, u16)> {
        let modules = made.pages.iter().enumerate().flat_map(|(n, page)| page.modules.iter().map(move |m| (n, m)));
        modules.map(|(n, m)| (n, m.copy, m.column, m.line)).collect()
    };
    let plans = [assign(&issue), assign(&issue)].map(|made| made.as_ref().map(places));
    assert!(plans[0].is_some());
    assert_eq!(plans[0], plans[1]);
}

#[test]
fn what_an_editor_fixes_stays_fixed() {
    let grid = page(4, 85, 176);
    let mut dice = Dice::new(3);
    let mut copies: Vec<Copy> = (0..9).map(|_| story(&mut dice, &grid, 176)).collect();
    copies[8].page = Some(0);
    copies[4].columns = Some(2);
    copies[2].spot = Some(Spot::Lead);
    copies.push(Copy { kind: Kind::Fixed, boxes: vec![0, 0, 20, 0], page: Some(1), ..Copy::default() });
    let issue = Issue { copies: &copies, grid: &grid, first: 12, last: 5, pages: None, most: 40 };
    let made = assign(&issue).expect("a plan");
    assert_eq!(fault(&issue, &made), None);
    let page_of = |copy: usize| made.pages.iter().position(|page| page.modules.iter().any(|m| m.copy == copy));
    assert_eq!((page_of(8), page_of(9)), (Some(0), Some(1)));
    let all = || made.pages.iter().flat_map(|page| &page.modules);
    assert!(all().filter(|m| m.copy == 4).all(|m| m.shape.columns == 2));
    assert!(made.displaced.is_empty());
    // Nothing but another box stands below a box.
    let advert = all().find(|m| m.copy == 9).expect("it is placed");
    let page = &made.pages[1];
    let below = |m: &&super::Module| {
        m.line >= advert.line + advert.shape.lines
            && m.column < advert.column + 3
            && advert.column < m.column + m.shape.columns
    };
    assert_eq!(page.modules.iter().filter(below).count(), 0);
}

#[test]
fn text_moves_up_before_a_picture_that_has_no_room() {
    let line = Slug { height: FINE, on_grid: true, ..Slug::default() };
    let picture = Slug { height: FINE * 4, floats: true, ..Slug::default() };
    let slugs = [line, line, picture, line, line, line];
    let mut placed = Vec::new();
    assert_eq!(fill(&slugs, 0, &[4, 6], false, &mut placed), 6);
    assert_eq!(
        placed.iter().map(|at| (at.slug, at.leg)).collect::<Vec<_>>(),
        [(0, 0), (1, 0), (3, 0), (4, 0), (2, 1), (5, 1)]
    );
}
