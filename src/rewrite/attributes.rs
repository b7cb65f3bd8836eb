//! Attributes kept of a start tag, in one piece of memory that copies of the element share: a page has many elements,
//! and each is held, copied and handed on several times.

use std::sync::Arc;

/// An attribute that may pass. Names as in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attr {
    Href,
    Src,
    Alt,
    Title,
    Label,
    Lang,
    Dir,
    Id,
    Colspan,
    Rowspan,
    Scope,
    Start,
    Value,
    Reversed,
    Datetime,
    Width,
    Height,
    Name,
    Type,
    /// The value of a field.
    Text,
    Placeholder,
    Checked,
    /// What a label is for.
    For,
    /// The one field of its form: without it there is nothing to ask.
    Required,
    /// A button that sends its form elsewhere, or in another way.
    Elsewhere,
    /// The options of a list, see [`super::writer::forms`].
    Options,
    /// `role="presentation"` and the like: a table for layout.
    Presentation,
    /// Something only data tables have: `summary`, `border` is not among them.
    DataTable,
    /// The element is the page's main part by its role.
    MainRole,
    /// A site profile says that the element stays whatever the rules say.
    Kept,
}

/// Attributes with their values.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes(Option<Arc<str>>);

impl Attributes {
    pub(super) fn get(&self, attr: Attr) -> Option<&str> {
        find(self.0.as_deref()?, attr)
    }

    /// In place of the value it had, if any.
    pub(super) fn set(&mut self, attr: Attr, value: &str) {
        let mut packing = self.without(attr);
        packing.push(attr, value);
        *self = packing.finish();
    }

    pub(super) fn remove(&mut self, attr: Attr) {
        if self.get(attr).is_some() {
            *self = self.without(attr).finish();
        }
    }

    /// Bytes that they take.
    pub(super) fn size(&self) -> usize {
        self.0.as_ref().map_or(0, |packed| packed.len())
    }

    fn without(&self, attr: Attr) -> Packing {
        let mut packing = Packing::default();
        for (code, value) in entries(self.0.as_deref().unwrap_or_default()) {
            if code != attr as u8 {
                packing.push_code(code, value);
            }
        }
        packing
    }
}

/// Attributes as they are found. Each is its number, the length of its value in seven-bit digits, and the value.
#[derive(Debug, Default)]
pub(super) struct Packing(String);

/// Digits of a length: values of up to 256 MiB, more than a page's memory.
const DIGITS: usize = 4;

impl Packing {
    /// A value that is longer than any a page can have is left out.
    pub(super) fn push(&mut self, attr: Attr, value: &str) {
        self.push_code(attr as u8, value);
    }

    fn push_code(&mut self, code: u8, value: &str) {
        if value.len() >> (7 * DIGITS) != 0 {
            return;
        }
        self.0.reserve(1 + DIGITS + value.len());
        self.0.push(char::from(code));
        for digit in 0..DIGITS {
            self.0.push(char::from((value.len() >> (7 * digit)) as u8 & 0x7f));
        }
        self.0.push_str(value);
    }

    pub(super) fn get(&self, attr: Attr) -> Option<&str> {
        find(&self.0, attr)
    }

    /// What was found, and room for what the next tag has.
    pub(super) fn finish(&mut self) -> Attributes {
        if self.0.is_empty() {
            return Attributes::default();
        }
        let packed = Arc::from(self.0.as_str());
        self.0.clear();
        Attributes(Some(packed))
    }
}

fn find(packed: &str, attr: Attr) -> Option<&str> {
    entries(packed).find(|(code, _)| *code == attr as u8).map(|(_, value)| value)
}

fn entries(mut packed: &str) -> impl Iterator<Item = (u8, &str)> {
    std::iter::from_fn(move || {
        let (head, rest) =
            packed.as_bytes().split_first_chunk::<{ 1 + DIGITS }>().map(|(head, _)| (head, &packed[1 + DIGITS..]))?;
        let length = head[1..].iter().rev().fold(0, |length, digit| length << 7 | usize::from(*digit));
        let (value, rest) = rest.split_at_checked(length)?;
        packed = rest;
        Some((head[0], value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_number_is_seven_bits() {
        assert!((Attr::Kept as u8).is_ascii());
    }

    proptest::proptest! {
        #[test]
        fn what_is_put_in_comes_out(href in "\\PC{0,300}", alt in "[а-я]{0,80}", other in ".{0,20}") {
            let mut packing = Packing::default();
            packing.push(Attr::Href, &href);
            packing.push(Attr::Alt, &alt);
            proptest::prop_assert_eq!(packing.get(Attr::Alt), Some(alt.as_str()));
            let mut attributes = packing.finish();
            proptest::prop_assert_eq!(packing.get(Attr::Alt), None);
            let copy = attributes.clone();
            attributes.set(Attr::Alt, &other);
            attributes.set(Attr::Kept, "");
            proptest::prop_assert_eq!(attributes.get(Attr::Href), Some(href.as_str()));
            proptest::prop_assert_eq!(attributes.get(Attr::Alt), Some(other.as_str()));
            proptest::prop_assert_eq!(attributes.get(Attr::Kept), Some(""));
            attributes.remove(Attr::Href);
            proptest::prop_assert_eq!(attributes.get(Attr::Href), None);
            proptest::prop_assert_eq!(attributes.get(Attr::Alt), Some(other.as_str()));
            proptest::prop_assert_eq!(copy.get(Attr::Alt), Some(alt.as_str()));
            proptest::prop_assert_eq!(copy.get(Attr::Kept), None);
        }
    }
}
