//! Many selectors, found by what an element has: the cost of asking does not grow with their number.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use foldhash::fast::RandomState;

use super::lengths::Lengths;
use super::selector::{Key, Selector, SelectorNode, Test};

/// What is known of names.
#[derive(Debug)]
struct Table<T> {
    entries: HashMap<Box<str>, T, RandomState>,
    lengths: Lengths,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: HashMap::default(), lengths: Lengths::default() }
    }
}

impl<T: Default> Table<T> {
    fn enter(&mut self, name: &str) -> &mut T {
        self.lengths.enter(name);
        self.entries.entry(name.into()).or_default()
    }

    fn get(&self, name: &str) -> Option<&T> {
        if self.lengths.may_have(name) { self.entries.get(name) } else { None }
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Rules by what the element has to be at least. They are numbers here; whose, the owner knows.
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: Table<Vec<u32>>,
    classes: Table<Vec<u32>>,
    attributes: Table<Values>,
    names: Table<Named>,
    any: Vec<u32>,
    /// How many they are.
    count: usize,
}

/// Rules about elements of one name of which nothing else is asked.
#[derive(Debug, Default)]
struct Named {
    rules: Vec<u32>,
    /// Those that ask what the element stands in directly, by that.
    inside: Option<Box<Index>>,
}

/// Rules about one attribute.
#[derive(Debug, Default)]
struct Values {
    equal: Table<Vec<u32>>,
    begins: Prefixes,
    holds: Parts,
    ends: Vec<(Box<str>, u32)>,
    /// Tried one after another: that the attribute is there, what words its value has.
    rest: Vec<u32>,
}

impl Index {
    /// Enters a rule. After the last one comes [`Self::seal`].
    pub(super) fn add(&mut self, selector: &Selector, rule: u32) {
        self.count += 1;
        match (selector.key(), selector.parent_key()) {
            (Key::Name(name), Some(parent)) => {
                self.names.enter(name).inside.get_or_insert_default().enter(parent, rule);
            }
            (key, _) => self.enter(key, rule),
        }
    }

    fn enter(&mut self, key: Key<'_>, rule: u32) {
        match key {
            Key::Id(id) => self.ids.enter(id).push(rule),
            Key::Class(class) => self.classes.enter(class).push(rule),
            Key::Attribute { name, test, value } => {
                let values = self.attributes.enter(name);
                match test {
                    Test::Equal => values.equal.enter(value).push(rule),
                    Test::Begins => values.begins.add(value, rule),
                    Test::Ends => values.ends.push((value.into(), rule)),
                    Test::Contains => values.holds.add(value, rule),
                    _ => values.rest.push(rule),
                }
            }
            Key::Name(name) => self.names.enter(name).rules.push(rule),
            Key::Any => self.any.push(rule),
        }
    }

    /// Makes what was entered ready to be asked.
    pub(super) fn seal(&mut self) {
        for values in self.attributes.entries.values_mut() {
            values.begins.seal();
            values.holds.seal();
        }
        self.names.entries.values_mut().filter_map(|named| named.inside.as_mut()).for_each(|inside| inside.seal());
    }

    /// Whether there is no rule.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether a rule asks for one of these classes.
    pub(super) fn asks_for(&self, classes: &str) -> bool {
        classes.split_ascii_whitespace().any(|class| self.classes.get(class).is_some())
    }

    /// A rule for the element that `fits`. `parent` is what it stands in directly.
    pub(super) fn find<N: SelectorNode>(
        &self,
        element: &impl SelectorNode,
        parent: Option<&N>,
        fits: &impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let first = |rules: &[u32]| rules.iter().copied().find(|rule| fits(*rule));
        let by = |table: &Table<Vec<u32>>, name: &str| table.get(name).and_then(|rules| first(rules));
        for (n, name) in element.attribute_names().enumerate() {
            let found = match &*name {
                "class" if !self.classes.is_empty() && !element.has_silent_classes() => {
                    element.value(n).split_ascii_whitespace().find_map(|class| by(&self.classes, class))
                }
                "id" if !self.ids.is_empty() => by(&self.ids, &element.value(n)),
                _ => None,
            };
            let found = found.or_else(|| {
                let values = self.attributes.get(&name)?;
                let value = element.value(n);
                let ends = || values.ends.iter().find(|(end, rule)| value.ends_with(&**end) && fits(*rule));
                by(&values.equal, &value)
                    .or_else(|| values.begins.of(&value).find_map(first))
                    .or_else(|| values.holds.of(&value).find_map(first))
                    .or_else(|| ends().map(|(_, rule)| *rule))
                    .or_else(|| first(&values.rest))
            });
            if found.is_some() {
                return found;
            }
        }
        let named = self.names.get(element.name());
        let inside = || named?.inside.as_ref()?.find(parent?, None::<&N>, fits);
        named.and_then(|named| first(&named.rules)).or_else(inside).or_else(|| first(&self.any))
    }
}

/// Parts of values, looked for all at once.
#[derive(Debug, Default)]
struct Parts {
    parts: Vec<Box<str>>,
    /// The rules of each.
    rules: Vec<Vec<u32>>,
    finder: Option<AhoCorasick>,
}

impl Parts {
    fn add(&mut self, part: &str, rule: u32) {
        match self.parts.iter().position(|other| **other == *part) {
            Some(at) => self.rules[at].push(rule),
            None => {
                self.parts.push(part.into());
                self.rules.push(vec![rule]);
            }
        }
    }

    fn seal(&mut self) {
        let parts = self.parts.iter().map(|part| part.as_bytes());
        // Addresses are short, and have the bytes that it would look out for.
        let builder = || AhoCorasick::builder().prefilter(false).kind(Some(AhoCorasickKind::DFA)).build(parts).ok();
        self.finder = if self.parts.is_empty() { None } else { builder() };
    }

    /// The rules of every part that `value` holds.
    fn of<'a>(&'a self, value: &'a str) -> impl Iterator<Item = &'a [u32]> {
        let finder = self.finder.as_ref().filter(|finder| finder.is_match(value));
        let found = finder.map(|finder| finder.find_overlapping_iter(value));
        found.into_iter().flatten().map(|found| &*self.rules[found.pattern().as_usize()])
    }
}

/// Beginnings of values, found in one look at a value however many there are.
#[derive(Debug, Default)]
struct Prefixes {
    sorted: Vec<Prefix>,
    /// What they begin with.
    initials: Initials,
    finder: Option<AhoCorasick>,
}

/// Bytes, asked by index.
#[derive(Debug)]
struct Initials([bool; 256]);

impl Default for Initials {
    fn default() -> Self {
        Self([false; 256])
    }
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
        for first in self.sorted.iter().filter_map(|prefix| prefix.text.bytes().next()) {
            self.initials.0[usize::from(first)] = true;
        }
        if !self.sorted.is_empty() {
            let texts = self.sorted.iter().map(|prefix| prefix.text.as_bytes());
            let builder = &mut AhoCorasick::builder();
            builder.match_kind(MatchKind::LeftmostLongest).start_kind(StartKind::Anchored);
            self.finder = builder.kind(Some(AhoCorasickKind::ContiguousNFA)).build(texts).ok();
        }
    }

    /// The rules of every prefix of `value`, those of the longest first.
    fn of(&self, value: &str) -> impl Iterator<Item = &[u32]> {
        let begins = value.bytes().next().is_some_and(|first| self.initials.0[usize::from(first)]);
        let longest = self
            .finder
            .as_ref()
            .filter(|_| begins)
            .and_then(|finder| finder.find(Input::new(value).anchored(Anchored::Yes)));
        let mut at = longest.map(|found| found.pattern().as_usize());
        std::iter::from_fn(move || {
            let prefix = &self.sorted[at?];
            at = prefix.shorter;
            Some(&*prefix.rules)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_an_element_stands_in_directly_is_asked_by_what_it_has() {
        struct Plain(&'static str, &'static str);
        impl SelectorNode for Plain {
            fn name(&self) -> &str {
                self.0
            }
            fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
                (name == "href").then_some(self.1.into())
            }
            fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
                std::iter::once("href".into())
            }
        }
        let list = "[href^=\"/ad/\"] > img, [href*=\"aff=\"] > img, [href$=\".exe\"] > img, [href] > b, i > u, #x > s";
        let selectors = Selector::list(list).expect(list);
        let mut index = Index::default();
        selectors.iter().zip(0..).for_each(|(selector, rule)| index.add(selector, rule));
        index.seal();
        for (parent, name, rule) in [
            ("/ad/1", "img", Some(0)),
            ("/x?aff=1", "img", Some(1)),
            ("/x.exe", "img", Some(2)),
            ("/x", "img", None),
            ("/x", "b", Some(3)),
            ("/x", "u", None),
            ("/x", "s", None),
        ] {
            let around = [Plain("a", parent)];
            let element = Plain(name, "");
            let fits = |rule: u32| selectors[rule as usize].matches(&element, &around);
            assert_eq!(index.find(&element, around.last(), &fits), rule, "{name} in {parent}");
            assert_eq!(index.find(&element, None::<&Plain>, &|_| false), None);
        }
    }

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
