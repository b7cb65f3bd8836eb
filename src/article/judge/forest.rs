//! Boosted decision trees, read from text.

use crate::article::features::{LANES, Table};
use std::collections::HashMap;
use std::ops::Range;

/// Leaves of a tree: one bit of a mask each.
const MOST_LEAVES: usize = 32;

/// An inner node. Who is above its threshold is in none of the leaves below its left child.
#[derive(Clone, Copy, Debug)]
struct Split {
    feature: u16,
    threshold: f32,
    /// The leaves that remain for who is above: all but those of the left child, counted from the left.
    above: u32,
}

#[derive(Clone, Debug)]
struct Tree {
    splits: Range<usize>,
    leaves: Range<usize>,
}

/// A sum of decision trees.
///
/// A tree is not walked: all its nodes are asked of a few rows at once, each answer striking out leaves, and the
/// first leaf that remains is the one a walk would have come to (QuickScorer, Lucchese and others, SIGIR 2015).
/// That takes no branch that a processor could guess wrong.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    splits: Vec<Split>,
    leaves: Vec<f32>,
    trees: Vec<Tree>,
}

/// A node as it is written.
enum ForestNode {
    Leaf(f32),
    Split { feature: u16, threshold: f32, left: usize, right: usize },
}

impl Forest {
    /// Reads trees: a line `tree` begins one, then a line a node: `feature | threshold | at most | more`, or `= value`.
    pub(super) fn read(text: &str, names: &[&str]) -> Result<Forest, String> {
        let columns: HashMap<&str, u16> = names.iter().enumerate().map(|(n, name)| (*name, n as u16)).collect();
        let mut forest = Forest::default();
        let mut nodes: Option<Vec<ForestNode>> = None;
        for (number, line) in text.lines().enumerate() {
            let wrong = || format!("line {}: {line}", number + 1);
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            if line == "tree" {
                if let Some(tree) = nodes.replace(Vec::new()) {
                    forest.plant(&tree)?;
                }
                continue;
            }
            let node = match line.strip_prefix("= ") {
                Some(value) => ForestNode::Leaf(value.parse().map_err(|_| wrong())?),
                None => {
                    let mut parts = line.split(" | ");
                    let mut part = || parts.next().ok_or_else(wrong);
                    ForestNode::Split {
                        feature: *columns.get(part()?).ok_or_else(wrong)?,
                        threshold: part()?.parse().map_err(|_| wrong())?,
                        left: part()?.parse().map_err(|_| wrong())?,
                        right: part()?.parse().map_err(|_| wrong())?,
                    }
                }
            };
            nodes.as_mut().ok_or_else(wrong)?.push(node);
        }
        if let Some(tree) = nodes {
            forest.plant(&tree)?;
        }
        if forest.trees.is_empty() {
            return Err("there is no tree".to_owned());
        }
        Ok(forest)
    }

    fn plant(&mut self, nodes: &[ForestNode]) -> Result<(), String> {
        let (splits, leaves) = (self.splits.len(), self.leaves.len());
        self.grow(nodes, 0, leaves).map_err(|why| format!("tree {}: {why}", self.trees.len()))?;
        self.trees.push(Tree { splits: splits..self.splits.len(), leaves: leaves..self.leaves.len() });
        Ok(())
    }

    /// Adds the node and what is below it. Every child stands after its parent, so that this ends.
    fn grow(&mut self, nodes: &[ForestNode], at: usize, first_leaf: usize) -> Result<(), String> {
        match nodes.get(at) {
            None => return Err(format!("there is no node {at}")),
            Some(ForestNode::Leaf(value)) => self.leaves.push(*value),
            Some(&ForestNode::Split { feature, threshold, left, right }) => {
                if left <= at || right <= at {
                    return Err(format!("node {at} leads back"));
                }
                let before = self.leaves.len() - first_leaf;
                self.grow(nodes, left, first_leaf)?;
                let after = self.leaves.len() - first_leaf;
                if after >= MOST_LEAVES {
                    return Err(format!("more than {MOST_LEAVES} leaves"));
                }
                self.splits.push(Split { feature, threshold, above: !((1 << after) - (1 << before)) });
                self.grow(nodes, right, first_leaf)?;
            }
        }
        if self.leaves.len() - first_leaf > MOST_LEAVES {
            return Err(format!("more than {MOST_LEAVES} leaves"));
        }
        Ok(())
    }

    /// For each row the trees' sum as a probability.
    pub(super) fn probabilities(&self, table: &mut Table<'_>) -> Vec<f32> {
        // The sign of a difference is spread over all bits. Were it known here by how far, a compiler would make a
        // comparison of it, and sixteen branches of sixteen comparisons.
        let spread = std::hint::black_box(31);
        let mut sums = Vec::with_capacity(table.rows() + LANES);
        let rows = table.rows();
        table.each_block(|block| {
            let mut sum = [0.0f32; LANES];
            for tree in &self.trees {
                let mut remaining = [!0u32; LANES];
                for split in &self.splits[tree.splits.clone()] {
                    let column = &block[usize::from(split.feature)];
                    // As many as are known here, so that they stay in registers from split to split.
                    for lane in 0..LANES {
                        let above = ((split.threshold - column[lane]).to_bits() as i32).wrapping_shr(spread) as u32;
                        remaining[lane] &= split.above | !above;
                    }
                }
                let values = &self.leaves[tree.leaves.clone()];
                for (sum, leaves) in sum.iter_mut().zip(remaining) {
                    *sum += values.get(leaves.trailing_zeros() as usize).copied().unwrap_or_default();
                }
            }
            sums.extend(sum);
        });
        sums.truncate(rows);
        sums.into_iter().map(|sum: f32| 1.0 / (1.0 + (-sum).exp())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Forest, Table};

    #[test]
    fn trees_add_up_to_a_probability() {
        let forest = Forest::read("# note\ntree\na | 1.5 | 1 | 2\n= -2\n= 2\ntree\n= 1", &["b", "a"]).unwrap();
        let mut table = Table::of(&[("b", &[0.0; 3]), ("a", &[1.0, 1.5, 2.0])]);
        let found = forest.probabilities(&mut table);
        for (found, wanted) in found.into_iter().zip([0.2689, 0.2689, 0.9526]) {
            assert!((found - wanted).abs() < 1e-3, "{found} is not {wanted}");
        }
    }

    #[test]
    fn a_row_comes_to_the_leaf_that_a_walk_comes_to() {
        let tree = "tree\na | 1 | 1 | 4\nb | 5 | 2 | 3\n= 1\n= 2\nb | 7 | 5 | 8\na | 9 | 6 | 7\n= 3\n= 4\n= 5";
        let forest = Forest::read(tree, &["a", "b"]).unwrap();
        let mut table = Table::of(&[("a", &[0.0, 0.0, 5.0, 10.0, 5.0]), ("b", &[5.0, 6.0, 7.0, 6.0, 8.0])]);
        let log_odds: Vec<f32> =
            forest.probabilities(&mut table).into_iter().map(|p| (p / (1.0 - p)).ln().round()).collect();
        assert_eq!(log_odds, [1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn trees_that_go_round_are_refused() {
        assert!(Forest::read("tree\na | 1 | 0 | 1\n= 1", &["a"]).is_err());
        assert!(Forest::read("tree\nunknown | 1 | 1 | 2\n= 1\n= 2", &["a"]).is_err());
        assert!(Forest::read("tree\n", &[]).is_err());
        assert!(Forest::read("= 1\n", &[]).is_err());
    }
}
