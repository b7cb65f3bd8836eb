//! Numbers of passages in rows and columns.

use std::ops::Range;

/// Rows that are judged together.
pub(in crate::article) const LANES: usize = 16;

/// Rows that are kept from the first judgement to the second. Pages of articles have fewer; those of a longer one are made
/// again, since a row takes more memory than the text it describes.
const KEPT: usize = 4_096;

/// Columns of both judgements, and some to spare.
const COLUMNS: usize = 300;

/// For each column one number of each of [`LANES`] rows.
type Block = Vec<[f32; LANES]>;

/// What fills the next columns of these rows of a block.
type Fill<'f> = dyn Fn(Range<usize>, &mut Block) + 'f;

/// A table with one row for each passage, made as it is read.
pub(in crate::article) struct Table<'f> {
    pub(in crate::article) names: Vec<&'static str>,
    rows: usize,
    fills: Vec<Box<Fill<'f>>>,
    kept: Vec<Block>,
}

/// A row that is being filled.
pub(super) struct Row<'t> {
    block: &'t mut Block,
    lane: usize,
    column: usize,
    /// Takes the names of new columns.
    names: Option<&'t mut Vec<&'static str>>,
}

impl Row<'_> {
    #[inline]
    pub(super) fn put(&mut self, name: &'static str, value: f32) {
        match self.block.get_mut(self.column) {
            Some(lanes) => lanes[self.lane] = value,
            None => self.push(name, value),
        }
        self.column += 1;
    }

    /// The first row of a block makes the columns.
    fn push(&mut self, name: &'static str, value: f32) {
        if let Some(names) = &mut self.names {
            names.push(name);
        }
        let mut lanes = [0.0; LANES];
        lanes[self.lane] = value;
        self.block.push(lanes);
    }
}

impl<'f> Table<'f> {
    /// A table of as many rows, each filled by `fill`.
    pub(super) fn new(rows: usize, fill: impl Fn(usize, &mut Row) + 'f) -> Self {
        Self { names: Vec::new(), rows, fills: Vec::new(), kept: Vec::new() }.with(fill)
    }

    /// The same with more columns.
    pub(super) fn with(mut self, fill: impl Fn(usize, &mut Row) + 'f) -> Self {
        if self.rows > 0 {
            let column = self.names.len();
            let mut block = vec![[0.0; LANES]; column];
            fill(0, &mut Row { block: &mut block, lane: 0, column, names: Some(&mut self.names) });
        }
        self.fills.push(Box::new(move |rows, block| {
            let column = block.len();
            for row in rows {
                fill(row, &mut Row { block, lane: row % LANES, column, names: None });
            }
        }));
        self
    }

    pub(in crate::article) fn rows(&self) -> usize {
        self.rows
    }

    /// Shows the columns of each [`LANES`] rows; the last may have rows that are none.
    pub(in crate::article) fn each_block(&mut self, mut show: impl FnMut(&[[f32; LANES]])) {
        let blocks = self.rows.div_ceil(LANES);
        let keeps = self.rows <= KEPT;
        if keeps {
            self.kept.resize_with(blocks, || Vec::with_capacity(COLUMNS));
        }
        let mut scratch = Vec::with_capacity(COLUMNS);
        for at in 0..blocks {
            let block = self.kept.get_mut(at).unwrap_or(&mut scratch);
            if !keeps {
                block.clear();
            }
            for fill in &self.fills {
                fill(at * LANES..self.rows.min((at + 1) * LANES), block);
            }
            show(block);
        }
        if keeps {
            self.fills.clear();
        }
    }

    /// All values, one row after the other.
    pub(in crate::article) fn by_rows(&mut self) -> Vec<f32> {
        let mut all = Vec::with_capacity(self.rows * self.names.len());
        let rows = self.rows;
        self.each_block(|block| {
            let left = rows - all.len() / block.len();
            (0..left.min(LANES)).for_each(|lane| all.extend(block.iter().map(|column| column[lane])));
        });
        all
    }

    #[cfg(test)]
    pub(in crate::article) fn of(columns: &'f [(&'static str, &'f [f32])]) -> Self {
        let rows = columns.first().map_or(0, |(_, values)| values.len());
        Self::new(rows, move |row, filled| columns.iter().for_each(|(name, values)| filled.put(name, values[row])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_made_again_are_those_that_are_kept() {
        for rows in [1, 17, KEPT, KEPT + 17] {
            let mut table = Table::new(rows, |n, row| row.put("number", n as f32));
            let mut sum = 0.0;
            table.each_block(|block| sum += block[0].iter().sum::<f32>());
            let mut table = table.with(move |n, row| row.put("times the sum", n as f32 * sum));
            let wanted: Vec<f32> = (0..rows).flat_map(|n| [n as f32, n as f32 * sum]).collect();
            assert_eq!(table.by_rows(), wanted, "{rows} rows");
            assert_eq!(table.by_rows(), wanted, "{rows} rows, again");
            assert_eq!(table.names, ["number", "times the sum"]);
        }
    }
}
