//! Copy: what a page maker knows of a story, in whole lines and columns, without a word of it.

/// Parts of a line: what stands off the baseline grid is measured in them.
pub(crate) const FINE: u32 = 64;

/// The most columns that a page is made up in.
pub(crate) const MOST_COLUMNS: usize = 8;

/// A strip of a column that is never divided, in [`FINE`] parts of a line.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Slug {
    /// Gap above, which the head of a leg swallows.
    pub(crate) gap: u32,
    pub(crate) height: u32,
    /// Stands on the baseline grid.
    pub(crate) on_grid: bool,
    /// No leg ends before it.
    pub(crate) keep: bool,
    /// May move to the head of the next leg, and what follows goes before it.
    pub(crate) floats: bool,
    /// Height of what is repeated above it at the head of a leg: the head of a table.
    pub(crate) repeat: u32,
}

/// A headline in one size over some columns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head {
    /// Lines of the body that it takes, with what stands between it and the text.
    pub(crate) height: u16,
    /// Its own lines.
    pub(crate) lines: u8,
    /// Its last line is a remnant.
    pub(crate) short: bool,
    /// The part of its width, in hundredths, that its longest line leaves white.
    pub(crate) bare: u8,
}

/// A strip over several columns below the text: a table too wide for one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    pub(crate) columns: usize,
    pub(crate) height: u16,
}

/// What an item of a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A story with a headline.
    #[default]
    Story,
    /// Short items one below the other.
    Briefs,
    /// A box of one size, at the foot of its page: an advertisement.
    Fixed,
    /// A box of one size that the editor gave for places nothing else fills.
    Filler,
}

/// Where on its page a story stands, when an editor says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Spot {
    /// With the page's first headline.
    Lead,
    /// At the upper edge.
    Top,
    /// At the lower edge.
    Foot,
    /// In one column.
    Column,
}

/// What a page maker knows of a story.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copy {
    pub(crate) kind: Kind,
    /// Its text in one column.
    pub(crate) slugs: Vec<Slug>,
    /// Its headline by columns (less one) and by steps of the ladder of sizes. Empty where it has none.
    pub(crate) heads: Vec<Vec<Head>>,
    /// Height of its picture with the caption and a gap below, by columns (less one); 0 where it may not go over so many.
    pub(crate) figure: Vec<u16>,
    pub(crate) band: Option<Band>,
    /// Heights of a box by columns (less one), 0 where it may not have so many. Empty for what is no box.
    pub(crate) boxes: Vec<u16>,
    /// Lines that a box may be higher.
    pub(crate) stretch: u16,
    /// An editor's word that it leads.
    pub(crate) leads: bool,
    /// The page, from 0, that it must stand on.
    pub(crate) page: Option<usize>,
    pub(crate) spot: Option<Spot>,
    /// Over how many columns it must go.
    pub(crate) columns: Option<usize>,
    /// It must not go on on another page.
    pub(crate) whole: bool,
    /// It stands in a frame, which takes lines of its own.
    pub(crate) framed: bool,
}

/// A slug in its leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) slug: usize,
    pub(crate) leg: usize,
    /// From the top of the leg, in [`FINE`] parts of a line.
    pub(crate) y: u32,
}

/// Fills legs of some lines each with slugs, the first of them `from`. Returns the first slug that had no room: all of
/// them where all have it. Where text is cut for another page (`cut`) nothing floats.
pub(crate) fn fill(slugs: &[Slug], from: usize, legs: &[u16], cut: bool, placed: &mut Vec<Placed>) -> usize {
    placed.clear();
    let mut at = from;
    let mut deferred: Option<usize> = None;
    for (leg, lines) in legs.iter().enumerate() {
        let limit = u32::from(*lines) * FINE;
        let mut y = 0;
        if let Some(slug) = deferred.filter(|slug| slugs[*slug].height <= limit) {
            placed.push(Placed { slug, leg, y: 0 });
            y = slugs[slug].height;
            deferred = None;
        }
        let start = placed.len();
        while let Some(slug) = slugs.get(at) {
            let mut top = if y == 0 { 0 } else { y + slug.gap };
            if slug.on_grid {
                top = top.next_multiple_of(FINE);
            }
            let height = slug.height + if y == 0 { slug.repeat } else { 0 };
            if top + height > limit {
                if slug.floats && deferred.is_none() && !cut && y > 0 {
                    deferred = Some(at);
                    at += 1;
                    continue;
                }
                break;
            }
            placed.push(Placed { slug: at, leg, y: top });
            y = top + height;
            at += 1;
        }
        // The leg ends at the last place where it may.
        let mut next = at;
        while slugs.get(next).is_some_and(|slug| slug.keep) && placed.len() > start {
            next = placed.pop().map_or(next, |last| last.slug);
        }
        deferred = deferred.filter(|slug| *slug < next);
        at = next;
    }
    deferred.unwrap_or(at)
}

/// Lines that the slugs take in one leg.
pub(crate) fn lines(slugs: &[Slug]) -> u32 {
    let mut y = 0;
    for slug in slugs {
        y += if y == 0 { 0 } else { slug.gap };
        y = if slug.on_grid { y.next_multiple_of(FINE) } else { y } + slug.height;
    }
    y.div_ceil(FINE)
}
