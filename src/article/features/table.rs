//! Numbers of passages in rows and columns.

/// Rows that are judged together.
pub(in crate::article) const LANES: usize = 16;

/// A table with one row for each passage.
#[derive(Clone, Debug, Default)]
pub(in crate::article) struct Table {
    pub(in crate::article) names: Vec<&'static str>,
    /// For each [`LANES`] rows, one column after the other.
    blocks: Vec<Vec<[f32; LANES]>>,
    rows: usize,
    /// Where the next value goes.
    row: usize,
    column: usize,
}

impl Table {
    pub(super) fn new(rows: usize, columns: usize) -> Table {
        let blocks = (0..rows.div_ceil(LANES)).map(|_| Vec::with_capacity(columns)).collect();
        Table { blocks, rows, ..Table::default() }
    }

    /// The next values are of this row, from this column on. The first row names its columns.
    pub(super) fn begin(&mut self, row: usize, column: usize) {
        (self.row, self.column) = (row, column);
    }

    pub(super) fn put(&mut self, name: &'static str, value: f32) {
        if self.row == 0 {
            self.names.push(name);
        }
        let block = &mut self.blocks[self.row / LANES];
        match block.get_mut(self.column) {
            Some(lanes) => lanes[self.row % LANES] = value,
            None => {
                let mut lanes = [0.0; LANES];
                lanes[self.row % LANES] = value;
                block.push(lanes);
            }
        }
        self.column += 1;
    }

    pub(in crate::article) fn rows(&self) -> usize {
        self.rows
    }

    /// The columns of each [`LANES`] rows; the last may have rows that are none.
    pub(in crate::article) fn blocks(&self) -> impl Iterator<Item = &[[f32; LANES]]> {
        self.blocks.iter().map(Vec::as_slice)
    }

    /// All values, one row after the other.
    pub(in crate::article) fn by_rows(&self) -> Vec<f32> {
        let row = |n: usize| self.blocks[n / LANES].iter().map(move |column| column[n % LANES]);
        (0..self.rows).flat_map(row).collect()
    }

    #[cfg(test)]
    pub(in crate::article) fn of(columns: &[(&'static str, &[f32])]) -> Table {
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
