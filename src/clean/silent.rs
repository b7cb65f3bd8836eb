//! Class attributes of which no rule knows anything: a page has many elements and few of these.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use super::rules::{Element, Hit, Rules, is_page, is_section};

/// Attributes remembered; one that falls on another's place replaces it.
const PLACES: usize = 256;

/// Texts that a page has looked up in vain.
#[derive(Debug)]
pub(crate) struct NegativeCache {
    /// Hashes of texts, and of what kind they are. Two texts have the same by a chance of one in 2⁶⁴, which nobody can
    /// help along: the hasher's key is new in each process.
    places: Box<[u64; PLACES]>,
    hasher: RandomState,
}

impl Default for NegativeCache {
    fn default() -> Self {
        Self { places: Box::new([0; PLACES]), hasher: RandomState::default() }
    }
}

impl NegativeCache {
    /// What `look` finds for a text of this kind, unless it is known to find nothing.
    pub(crate) fn look<T>(&mut self, kind: bool, text: &str, look: impl FnOnce() -> Option<T>) -> Option<T> {
        let hash = self.hasher.hash_one((kind, text));
        let known = &mut self.places[hash as usize % PLACES];
        if *known == hash {
            return None;
        }
        let found = look();
        if found.is_none() {
            *known = hash;
        }
        found
    }
}

/// What a page's own look at the rules remembers.
#[derive(Debug, Default)]
pub(crate) struct Silent(NegativeCache);

impl Silent {
    /// As [`Rules::hit`]; rules must be the same at each call.
    pub(crate) fn hit(&mut self, rules: &Rules, element: &Element<'_>) -> Option<Hit> {
        let class = element.class;
        if !class.is_empty() && !is_page(element.name) {
            let section = is_section(element.name);
            let hit = self.0.look(section, class, || rules.hit_class(element.name, class));
            if hit.is_some() {
                return hit;
            }
        }
        rules.hit_otherwise(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_the_rules_say() {
        let rules = Rules::built_in();
        let mut silent = Silent::default();
        let classes = ["text", "ad", "news", "share-line bottom", "b-text text", "related"];
        for _ in 0..2 {
            for name in ["div", "span", "h1", "p", "body", "element"] {
                for class in classes {
                    let element = Element { name, class, ..Element::default() };
                    assert_eq!(silent.hit(rules, &element), rules.hit(&element), "{name}.{class}");
                }
            }
        }
    }
}
