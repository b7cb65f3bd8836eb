//! Class attributes of which no rule knows anything: a page has many elements and few of these.

use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;

use super::rules::{Element, Hit, Rules, is_page, is_section};

/// Attributes remembered; one that falls on another's place replaces it.
const PLACES: usize = 256;
/// Longer attributes are not worth keeping.
const LONGEST: usize = 256;

/// What a page's own look at the rules remembers.
#[derive(Debug)]
pub(crate) struct Silent {
    /// Attributes, and whether they stood on an element that rules for sections concern.
    places: Vec<(bool, Box<str>)>,
    hasher: RandomState,
}

impl Default for Silent {
    fn default() -> Self {
        Self { places: vec![Default::default(); PLACES], hasher: RandomState::default() }
    }
}

impl Silent {
    /// As [`Rules::hit`]; rules must be the same at each call.
    pub(crate) fn hit(&mut self, rules: &Rules, element: &Element<'_>) -> Option<Hit> {
        let class = element.class;
        if !class.is_empty() && !is_page(element.name) {
            let section = is_section(element.name);
            let place = (self.hasher.hash_one(class) as usize).wrapping_add(usize::from(section)) % PLACES;
            let (was_section, known) = &self.places[place];
            if *was_section != section || **known != *class {
                let hit = rules.hit_class(element.name, class);
                if hit.is_some() {
                    return hit;
                }
                if class.len() <= LONGEST {
                    self.places[place] = (section, class.into());
                }
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
