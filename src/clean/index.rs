//! Many selectors, found by what an element has: the cost of asking does not grow with their number.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::selector::{Key, Node, Selector, Test};

type Table<T> = HashMap<Box<str>, T, RandomState>;

/// Rules by what the element has to be at least. They are numbers here; whose, the owner knows.
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: Table<Vec<u32>>,
    classes: Table<Vec<u32>>,
    attributes: Table<Values>,
    names: Table<Vec<u32>>,
    any: Vec<u32>,
}

/// Rules about one attribute.
#[derive(Debug, Default)]
struct Values {
    equal: Table<Vec<u32>>,
    begins: Prefixes,
    /// Tried one after another: that the attribute is there, what its value holds or ends with.
    rest: Vec<u32>,
}

impl Index {
    /// Enters a rule. After the last one comes [`Self::seal`].
    pub(super) fn add(&mut self, selector: &Selector, rule: u32) {
        match selector.key() {
            Key::Id(id) => self.ids.entry(id.into()).or_default().push(rule),
            Key::Class(class) => self.classes.entry(class.into()).or_default().push(rule),
            Key::Attribute { name, test, value } => {
                let values = self.attributes.entry(name.into()).or_default();
                match test {
                    Test::Equal => values.equal.entry(value.into()).or_default().push(rule),
                    Test::Begins => values.begins.add(value, rule),
                    _ => values.rest.push(rule),
                }
            }
            Key::Name(name) => self.names.entry(name.into()).or_default().push(rule),
            Key::Any => self.any.push(rule),
        }
    }

    /// Makes what was entered ready to be asked.
    pub(super) fn seal(&mut self) {
        self.attributes.values_mut().for_each(|values| values.begins.seal());
    }

    /// The first rule found for the element that `fits`.
    pub(super) fn find(&self, element: &impl Node, fits: impl Fn(u32) -> bool) -> Option<u32> {
        let first = |rules: &[u32]| rules.iter().copied().find(|rule| fits(*rule));
        let by = |table: &Table<Vec<u32>>, name: &str| table.get(name).and_then(|rules| first(rules));
        if !self.classes.is_empty()
            && let Some(classes) = element.attribute("class")
            && let Some(rule) = classes.split_ascii_whitespace().find_map(|class| by(&self.classes, class))
        {
            return Some(rule);
        }
        if !self.ids.is_empty()
            && let Some(id) = element.attribute("id")
            && let Some(rule) = by(&self.ids, &id)
        {
            return Some(rule);
        }
        if !self.attributes.is_empty() {
            for name in element.attribute_names() {
                let Some(values) = self.attributes.get(&*name) else { continue };
                let value = element.attribute(&name).unwrap_or_default();
                let begins = || values.begins.of(&value).find_map(first);
                if let Some(rule) = by(&values.equal, &value).or_else(begins).or_else(|| first(&values.rest)) {
                    return Some(rule);
                }
            }
        }
        by(&self.names, element.name()).or_else(|| first(&self.any))
    }
}

/// Beginnings of values, sorted, so that those of one value are found by one search however many there are.
#[derive(Debug, Default)]
struct Prefixes {
    sorted: Vec<Prefix>,
}

#[derive(Debug)]
struct Prefix {
    text: Box<str>,
    rules: Vec<u32>,
    /// The longest other prefix that this one begins with.
    shorter: Option<usize>,
}

impl Prefixes {
    fn add(&mut self, text: &str, rule: u32) {
        self.sorted.push(Prefix { text: text.into(), rules: vec![rule], shorter: None });
    }

    fn seal(&mut self) {
        self.sorted.sort_by(|a, b| a.text.cmp(&b.text));
        self.sorted.dedup_by(|later, kept| {
            let same = later.text == kept.text;
            if same {
                kept.rules.append(&mut later.rules);
            }
            same
        });
        // What a prefix begins with stands before it, and everything between begins with that as well.
        for at in 1..self.sorted.len() {
            let mut shorter = Some(at - 1);
            while let Some(before) = shorter
                && !self.sorted[at].text.starts_with(&*self.sorted[before].text)
            {
                shorter = self.sorted[before].shorter;
            }
            self.sorted[at].shorter = shorter;
        }
    }

    /// The rules of every prefix of `value`, those of the longest first.
    fn of(&self, value: &str) -> impl Iterator<Item = &[u32]> {
        // Every prefix of the value sorts before it, and the last entry that does so begins with each of them.
        let mut at = self.sorted.partition_point(|prefix| *prefix.text <= *value).checked_sub(1);
        std::iter::from_fn(move || {
            while let Some(prefix) = at.map(|at| &self.sorted[at]) {
                at = prefix.shorter;
                if value.starts_with(&*prefix.text) {
                    return Some(&*prefix.rules);
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_prefix_of_a_value_is_found(prefixes in proptest::collection::vec("[ab]{1,5}", 0..20), value in "[ab]{0,8}") {
            let mut index = Prefixes::default();
            for (n, prefix) in prefixes.iter().enumerate() {
                index.add(prefix, n as u32);
            }
            index.seal();
            let mut found: Vec<u32> = index.of(&value).flatten().copied().collect();
            found.sort_unstable();
            let wanted = prefixes.iter().enumerate().filter(|(_, prefix)| value.starts_with(prefix.as_str()));
            prop_assert_eq!(found, wanted.map(|(n, _)| n as u32).collect::<Vec<_>>());
        }
    }
}
