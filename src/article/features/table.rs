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
}

/// A row that is being filled.
pub(super) struct Row<'t> {
    block: &'t mut Vec<[f32; LANES]>,
    lane: usize,
    column: usize,
    /// The first row names its columns.
    names: Option<&'t mut Vec<&'static str>>,
}

impl Row<'_> {
    #[inline]
    pub(super) fn put(&mut self, name: &'static str, value: f32) {
        if let Some(names) = &mut self.names {
            names.push(name);
        }
        match self.block.get_mut(self.column) {
            Some(lanes) => lanes[self.lane % LANES] = value,
            None => {
                let mut lanes = [0.0; LANES];
                lanes[self.lane % LANES] = value;
                self.block.push(lanes);
            }
        }
        self.column += 1;
    }
}

impl Table {
    pub(super) fn new(rows: usize, columns: usize) -> Table {
        let blocks = (0..rows.div_ceil(LANES)).map(|_| Vec::with_capacity(columns)).collect();
        Table { blocks, rows, ..Table::default() }
    }

    /// To fill a row from this column on.
    pub(super) fn row(&mut self, row: usize, column: usize) -> Row<'_> {
        let names = (row == 0).then_some(&mut self.names);
        Row { block: &mut self.blocks[row / LANES], lane: row % LANES, column, names }
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
            let mut filled = table.row(row, 0);
            for (name, values) in columns {
                filled.put(name, values[row]);
            }
        }
        table
    }
}
