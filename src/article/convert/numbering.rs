//! The numbers of ordered lists, as the page shows them: from `start`, counted down, or told item by item.

use crate::article::model::NumberStyle;
use crate::html::dom::{Dom, NodeId};
use std::collections::HashMap;

/// How a list is numbered.
#[derive(Default)]
pub(super) struct Numbering {
    pub(super) style: NumberStyle,
    /// Of each of its items, whether it is kept or not.
    pub(super) of: HashMap<NodeId, i32>,
}

impl Numbering {
    /// Reads an `ol`.
    pub(super) fn read(dom: &Dom, list: NodeId) -> Self {
        let number = |id: NodeId, name: &str| dom.attr(id, name).and_then(|n| n.trim().parse::<i32>().ok());
        let items: Vec<NodeId> = dom.children(list).filter(|&item| dom.is(item, "li")).collect();
        let reversed = dom.attr(list, "reversed").is_some();
        let mut next = number(list, "start").unwrap_or(if reversed { items.len() as i32 } else { 1 });
        let mut of = HashMap::with_capacity(items.len());
        for item in items {
            let own = number(item, "value").unwrap_or(next);
            of.insert(item, own);
            next = if reversed { own.saturating_sub(1) } else { own.saturating_add(1) };
        }
        let style = dom.attr(list, "type").and_then(|kind| NumberStyle::of_type(kind.trim())).unwrap_or_default();
        Self { style, of }
    }
}

/// Numbers as the model holds them: the first where it is not 1, and all of them where they do not go up by one.
pub(super) fn settle(numbers: Vec<i32>) -> (Option<i32>, Vec<i32>) {
    let in_order = numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    let first = numbers.first().copied().filter(|&first| first != 1);
    if in_order { (first, Vec::new()) } else { (first, numbers) }
}

#[cfg(test)]
mod tests {
    use super::settle;

    #[test]
    fn numbers_that_go_up_by_one_need_only_the_first() {
        assert_eq!(settle(vec![1, 2, 3]), (None, vec![]));
        assert_eq!(settle(vec![5, 6]), (Some(5), vec![]));
        assert_eq!(settle(vec![3, 2, 1]), (Some(3), vec![3, 2, 1]));
        assert_eq!(settle(vec![3, 9, 10]), (Some(3), vec![3, 9, 10]));
        assert_eq!(settle(vec![]), (None, vec![]));
        assert_eq!(settle(vec![i32::MAX, i32::MAX]), (Some(i32::MAX), vec![i32::MAX, i32::MAX]));
    }
}
