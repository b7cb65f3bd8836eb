//! Whether the cells of a table fill its rows and columns.

use super::budget::Budget;
use super::structure::{Kid, Node};

/// Columns or rows of one cell; a table of paper has fewer.
const SPAN: usize = 1_000;
/// Columns of a table.
const COLUMNS: usize = 10_000;

/// Whether every row covers the same columns, none twice, and no cell reaches below the last row (ISO 14289-1, 7.5).
pub(super) fn is_regular(table: &Node, budget: &Budget) -> bool {
    let mut rows = Vec::new();
    collect(table, "TR", &mut rows);
    // For each column, the first row that it is free in.
    let mut free: Vec<usize> = Vec::new();
    let mut columns = None;
    for (row, of) in rows.iter().enumerate() {
        let mut column = 0;
        let mut cells = Vec::new();
        collect(of, "TH", &mut cells);
        for cell in cells {
            while free.get(column).is_some_and(|until| *until > row) {
                column += 1;
            }
            let span = |key| cell.attributes.get(key).and_then(|v| v.parse().ok()).unwrap_or(1).clamp(1, SPAN);
            let (across, down) = (span("ColSpan"), span("RowSpan"));
            if column + across > COLUMNS || !budget.idle(across as u64) {
                return false;
            }
            if free.len() < column + across {
                free.resize(column + across, row);
            }
            if free[column..column + across].iter().any(|until| *until > row) {
                return false;
            }
            free[column..column + across].fill(row + down);
            column += across;
        }
        if !budget.idle(free.len() as u64 / 8) {
            return false;
        }
        let complete = free.iter().all(|until| *until > row);
        if !complete || *columns.get_or_insert(free.len()) != free.len() {
            return false;
        }
    }
    free.iter().all(|until| *until == rows.len())
}

/// The rows of a table, or the cells of a row.
fn collect<'n>(node: &'n Node, role: &str, found: &mut Vec<&'n Node>) {
    for kid in &node.kids {
        let Kid::Node(kid) = kid else { continue };
        match kid.role.as_str() {
            "TR" | "TH" | "TD" if (kid.role == "TR") == (role == "TR") => found.push(kid),
            "THead" | "TBody" | "TFoot" if role == "TR" => collect(kid, role, found),
            _ => {}
        }
    }
}
