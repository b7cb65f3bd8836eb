//! Boosted decision trees, read from text.

use std::collections::HashMap;

/// A leaf's `feature`.
const LEAF: u16 = u16::MAX;

#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u16,
    /// From the tree's root; the other child is `right`.
    left: u16,
    right: u16,
    /// Of a leaf: its value.
    threshold: f32,
}

/// A sum of decision trees.
#[derive(Clone, Debug, Default)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    /// Where each tree begins.
    roots: Vec<u32>,
}

impl Forest {
    /// Reads trees: a line `tree` begins one, then a line a node: `feature | threshold | at most | more`, or `= value`.
    pub(super) fn read(text: &str, names: &[&str]) -> Result<Forest, String> {
        let columns: HashMap<&str, u16> = names.iter().enumerate().map(|(n, name)| (*name, n as u16)).collect();
        let mut forest = Forest::default();
        for (number, line) in text.lines().enumerate() {
            let wrong = || format!("line {}: {line}", number + 1);
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            if line == "tree" {
                forest.roots.push(forest.nodes.len() as u32);
                continue;
            }
            let node = match line.strip_prefix("= ") {
                Some(value) => {
                    Node { feature: LEAF, left: 0, right: 0, threshold: value.parse().map_err(|_| wrong())? }
                }
                None => {
                    let mut parts = line.split(" | ");
                    let mut part = || parts.next().ok_or_else(wrong);
                    let feature = *columns.get(part()?).ok_or_else(wrong)?;
                    let threshold = part()?.parse().map_err(|_| wrong())?;
                    let left = part()?.parse().map_err(|_| wrong())?;
                    Node { feature, left, right: part()?.parse().map_err(|_| wrong())?, threshold }
                }
            };
            forest.nodes.push(node);
        }
        forest.check()?;
        Ok(forest)
    }

    /// Every child stands after its parent and in the same tree, so that walking down ends.
    fn check(&self) -> Result<(), String> {
        for (n, &root) in self.roots.iter().enumerate() {
            let end = self.roots.get(n + 1).map_or(self.nodes.len(), |&r| r as usize);
            let size = end - root as usize;
            for at in 0..size {
                let node = self.nodes[root as usize + at];
                let ahead = |child: u16| (at + 1..size).contains(&usize::from(child));
                if node.feature != LEAF && !(ahead(node.left) && ahead(node.right)) {
                    return Err(format!("tree {n}: node {at} leads nowhere"));
                }
            }
            if size == 0 {
                return Err(format!("tree {n} is empty"));
            }
        }
        Ok(())
    }

    /// The trees' sum as a probability.
    pub(super) fn probability(&self, row: &[f32]) -> f32 {
        let mut sum = 0.0;
        for &root in &self.roots {
            let tree = &self.nodes[root as usize..];
            let mut node = tree[0];
            while node.feature != LEAF {
                // As in training: what is no number goes right.
                let at_most = row[usize::from(node.feature)] <= node.threshold;
                node = tree[usize::from(if at_most { node.left } else { node.right })];
            }
            sum += node.threshold;
        }
        1.0 / (1.0 + (-sum).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::Forest;

    #[test]
    fn trees_add_up_to_a_probability() {
        let forest = Forest::read("# note\ntree\na | 1.5 | 1 | 2\n= -2\n= 2\ntree\n= 1", &["b", "a"]).unwrap();
        assert!((forest.probability(&[0.0, 1.0]) - 0.2689).abs() < 1e-3);
        assert!((forest.probability(&[0.0, 2.0]) - 0.9526).abs() < 1e-3);
    }

    #[test]
    fn trees_that_go_round_are_refused() {
        assert!(Forest::read("tree\na | 1 | 0 | 1\n= 1", &["a"]).is_err());
        assert!(Forest::read("tree\nunknown | 1 | 1 | 2\n= 1\n= 2", &["a"]).is_err());
        assert!(Forest::read("tree\n", &[]).is_err());
    }
}
