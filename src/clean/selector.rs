//! CSS selectors, as far as a stream can know them: what an element is and what it stands in, but nothing that comes
//! beside it or after its start tag. The same selectors are read on a tree, so that a rule means the same everywhere.

use std::borrow::Cow;

/// An element as selectors see it.
pub trait SelectorNode {
    /// Its name in small letters.
    fn name(&self) -> &str;
    /// The value of an attribute (named in small letters), character references decoded.
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>>;
    /// The names of its attributes, in small letters.
    fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>>;
    /// Whether it is known that no rule asks for one of its classes.
    fn has_silent_classes(&self) -> bool {
        false
    }
    /// The value of the attribute whose name comes after `n` others, likewise.
    fn value(&self, n: usize) -> Cow<'_, str> {
        self.attribute_names().nth(n).and_then(|name| self.attribute(&name)).unwrap_or_default()
    }
}

/// One complex selector, without commas: compounds joined by "in" and "directly in".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selector {
    /// As it was written, for the receipt.
    pub(super) text: Box<str>,
    /// The last compound is the element itself.
    compounds: Vec<(Joint, Compound)>,
}

/// How a compound is joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    Within,
    Directly,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Compound {
    name: Option<Box<str>>,
    ids: Vec<Box<str>>,
    classes: Vec<Box<str>>,
    attributes: Vec<Attribute>,
    not: Vec<Compound>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Attribute {
    name: Box<str>,
    test: Test,
    value: Box<str>,
    ignore_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Present,
    Equal,
    Word,
    Dash,
    Begins,
    Ends,
    Contains,
}

/// By what a selector is found before it is compared.
pub(super) enum Key<'a> {
    Id(&'a str),
    Class(&'a str),
    /// An attribute, and what its value has to be.
    Attribute {
        name: &'a str,
        test: Test,
        value: &'a str,
    },
    Name(&'a str),
    Any,
}

/// Compounds and negations of one selector at most: hostile lists are refused, not followed.
const MOST_PARTS: usize = 64;

impl Selector {
    /// Reads a list of selectors divided by commas.
    ///
    /// # Errors
    /// What is wrong or what a stream cannot know, as the end of a sentence about the selector.
    pub(super) fn list(text: &str) -> Result<Vec<Self>, String> {
        split_list(text)?.into_iter().map(Self::one).collect()
    }

    fn one(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let mut reader = Reader { rest: text };
        let mut compounds = vec![(Joint::Within, reader.compound(true)?)];
        loop {
            let spaced = reader.skip_space();
            let joint = match reader.peek() {
                None => break,
                Some('>') => {
                    reader.bump();
                    reader.skip_space();
                    Joint::Directly
                }
                Some(sibling @ ('+' | '~')) => {
                    return Err(format!("a stream cannot know siblings (\"{sibling}\"); name the element itself"));
                }
                Some(_) if spaced => Joint::Within,
                Some(other) => return Err(format!("\"{other}\" is not expected here")),
            };
            compounds.push((joint, reader.compound(true)?));
            if compounds.len() > MOST_PARTS {
                return Err("it has too many parts".into());
            }
        }
        Ok(Self { text: text.into(), compounds })
    }

    /// What the element has to be at least.
    pub(super) fn key(&self) -> Key<'_> {
        self.compounds.last().map_or(Key::Any, |(_, last)| last.key())
    }

    /// What the element that it stands in directly has to be at least, where that is asked by more than a name.
    pub(super) fn parent_key(&self) -> Option<Key<'_>> {
        let [.., (_, parent), (Joint::Directly, _)] = &*self.compounds else { return None };
        Some(parent.key()).filter(|key| !matches!(key, Key::Name(_) | Key::Any))
    }

    /// Names of attributes that are asked of the elements around.
    pub(super) fn asked_around(&self) -> impl Iterator<Item = &str> {
        let around = self.compounds.split_last().map_or(&[][..], |(_, around)| around);
        around.iter().flat_map(|(_, compound)| compound.asked())
    }

    /// Whether the element matches; `around` are the elements it stands in, outermost first.
    pub(super) fn matches(&self, element: &impl SelectorNode, around: &[impl SelectorNode]) -> bool {
        let Some(((joint, last), before)) = self.compounds.split_last() else { return false };
        last.matches(element) && within(*joint, before, around)
    }
}

/// Whether `compounds` are found around. Each is taken at the innermost place where it fits; where the next one has to
/// stand directly around it and does not, the place further out is tried.
fn within(joint: Joint, compounds: &[(Joint, Compound)], around: &[impl SelectorNode]) -> bool {
    let Some(((next, compound), before)) = compounds.split_last() else { return true };
    let reach = if joint == Joint::Directly { 1 } else { around.len() };
    for at in (around.len().saturating_sub(reach)..around.len()).rev() {
        if compound.matches(&around[at]) {
            if within(*next, before, &around[..at]) {
                return true;
            }
            // Nothing further out can do better unless what follows is tied to this very place.
            if *next == Joint::Within {
                return false;
            }
        }
    }
    false
}

impl Compound {
    /// What it is found by.
    fn key(&self) -> Key<'_> {
        if let Some(id) = self.ids.first() {
            Key::Id(id)
        } else if let Some(class) = self.classes.first() {
            Key::Class(class)
        } else if let Some(attribute) = self.attributes.iter().min_by_key(|attribute| attribute.commonness()) {
            // Where case is ignored, only that the attribute is there can be told beforehand.
            let test = if attribute.ignore_case || attribute.value.is_empty() { Test::Present } else { attribute.test };
            Key::Attribute { name: &attribute.name, test, value: &attribute.value }
        } else if let Some(name) = &self.name {
            Key::Name(name)
        } else {
            Key::Any
        }
    }

    /// Names of attributes that it asks for.
    fn asked(&self) -> impl Iterator<Item = &str> {
        let compounds = std::iter::once(self).chain(&self.not);
        compounds.flat_map(|compound| compound.attributes.iter().map(|attribute| &*attribute.name))
    }

    fn matches(&self, node: &impl SelectorNode) -> bool {
        if self.name.as_ref().is_some_and(|name| **name != *node.name()) {
            return false;
        }
        if !self.ids.is_empty() {
            let Some(id) = node.attribute("id") else { return false };
            if self.ids.iter().any(|wanted| **wanted != *id) {
                return false;
            }
        }
        if !self.classes.is_empty() {
            let Some(classes) = node.attribute("class") else { return false };
            if self.classes.iter().any(|wanted| !classes.split_ascii_whitespace().any(|class| *class == **wanted)) {
                return false;
            }
        }
        self.attributes.iter().all(|attribute| attribute.matches(node)) && !self.not.iter().any(|not| not.matches(node))
    }
}

impl Attribute {
    /// How many elements will pass the test, by experience: rules are looked up by the least common of theirs.
    fn commonness(&self) -> u8 {
        match self.test {
            _ if self.ignore_case => 4,
            Test::Equal => 0,
            Test::Begins => 1,
            Test::Present => 3,
            Test::Word | Test::Dash | Test::Ends | Test::Contains => 2,
        }
    }

    fn matches(&self, node: &impl SelectorNode) -> bool {
        let Some(value) = node.attribute(&self.name) else { return false };
        if self.ignore_case {
            return self.compare(&value.to_ascii_lowercase(), &self.value.to_ascii_lowercase());
        }
        self.compare(&value, &self.value)
    }

    fn compare(&self, value: &str, wanted: &str) -> bool {
        match self.test {
            Test::Present => true,
            Test::Equal => value == wanted,
            Test::Word => !wanted.is_empty() && value.split_ascii_whitespace().any(|word| word == wanted),
            Test::Dash => value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
            Test::Begins => !wanted.is_empty() && value.starts_with(wanted),
            Test::Ends => !wanted.is_empty() && value.ends_with(wanted),
            Test::Contains => !wanted.is_empty() && value.contains(wanted),
        }
    }
}

/// Divides at commas that stand in no bracket, parenthesis or string.
fn split_list(text: &str) -> Result<Vec<&str>, String> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote, mut escaped) = (0, 0_usize, None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    if parts.len() > MOST_PARTS {
        return Err("the list is too long".into());
    }
    Ok(parts)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    fn eat(&mut self, wanted: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(wanted) else { return false };
        self.rest = rest;
        true
    }

    fn skip_space(&mut self) -> bool {
        let before = self.rest.len();
        self.rest = self.rest.trim_start();
        self.rest.len() < before
    }

    /// An identifier, its escapes undone.
    fn identifier(&mut self) -> Result<String, String> {
        let mut name = String::new();
        while let Some(c) = self.peek() {
            match c {
                '\\' => {
                    self.bump();
                    let hex: String = self.rest.chars().take(6).take_while(char::is_ascii_hexdigit).collect();
                    if hex.is_empty() {
                        name.extend(self.bump());
                    } else {
                        self.rest = &self.rest[hex.len()..];
                        self.eat(" ");
                        let code = u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32);
                        name.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                c if c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii() => {
                    name.push(c);
                    self.bump();
                }
                _ => break,
            }
        }
        match (name.is_empty(), self.peek()) {
            (false, _) => Ok(name),
            (true, Some(c)) => Err(format!("\"{c}\" stands where a name has to")),
            (true, None) => Err("it ends where a name has to stand".into()),
        }
    }

    fn compound(&mut self, may_negate: bool) -> Result<Compound, String> {
        let mut compound = Compound::default();
        let before = self.rest.len();
        if !self.eat("*") && self.peek().is_some_and(|c| !matches!(c, '.' | '#' | '[' | ':')) {
            compound.name = Some(self.identifier()?.to_lowercase().into());
        }
        loop {
            match self.peek() {
                Some('.') => {
                    self.bump();
                    compound.classes.push(self.identifier()?.into());
                }
                Some('#') => {
                    self.bump();
                    compound.ids.push(self.identifier()?.into());
                }
                Some('[') => compound.attributes.push(self.attribute()?),
                Some(':') if may_negate && self.eat(":not(") => {
                    self.skip_space();
                    loop {
                        compound.not.push(self.compound(false)?);
                        self.skip_space();
                        if !self.eat(",") {
                            break;
                        }
                        self.skip_space();
                    }
                    if !self.eat(")") || compound.not.len() > MOST_PARTS {
                        return Err("of :not() only simple selectors are followed".into());
                    }
                }
                Some(':') => {
                    let colons = self.rest.len() - self.rest.trim_start_matches(':').len();
                    self.rest = &self.rest[colons..];
                    let name = self.identifier()?;
                    return Err(format!(
                        "a stream cannot know {}{name}; name the element by its class, id or attributes",
                        ":".repeat(colons)
                    ));
                }
                _ => break,
            }
        }
        if self.rest.len() == before {
            return Err("a selector is empty".into());
        }
        Ok(compound)
    }

    fn attribute(&mut self) -> Result<Attribute, String> {
        self.bump();
        self.skip_space();
        let name = self.identifier()?.to_lowercase().into();
        self.skip_space();
        let mut attribute = Attribute { name, test: Test::Present, value: "".into(), ignore_case: false };
        if self.eat("]") {
            return Ok(attribute);
        }
        const TESTS: [(&str, Test); 6] = [
            ("=", Test::Equal),
            ("~=", Test::Word),
            ("|=", Test::Dash),
            ("^=", Test::Begins),
            ("$=", Test::Ends),
            ("*=", Test::Contains),
        ];
        let test = TESTS.into_iter().find(|(sign, _)| self.eat(sign));
        attribute.test = match test {
            Some((_, test)) => test,
            None if self.rest.is_empty() => return Err("an attribute is not closed; end it with ]".into()),
            None => return Err("an attribute's comparison is unknown".into()),
        };
        self.skip_space();
        attribute.value = match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.bump();
                self.string(quote)?
            }
            _ => self.identifier()?,
        }
        .into();
        self.skip_space();
        attribute.ignore_case = self.eat("i") || self.eat("I");
        if !attribute.ignore_case {
            let _ = self.eat("s") || self.eat("S");
        }
        self.skip_space();
        if self.eat("]") { Ok(attribute) } else { Err("an attribute's bracket is not closed".into()) }
    }

    fn string(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.bump() {
                None => return Err("a string is not closed".into()),
                Some(c) if c == quote => return Ok(text),
                Some('\\') => text.extend(self.bump()),
                Some(c) => text.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Plain(&'static str, &'static [(&'static str, &'static str)]);

    impl SelectorNode for Plain {
        fn name(&self) -> &str {
            self.0
        }

        fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
            self.1.iter().find(|(n, _)| *n == name).map(|(_, value)| Cow::Borrowed(*value))
        }

        fn attribute_names(&self) -> impl Iterator<Item = Cow<'_, str>> {
            self.1.iter().map(|(name, _)| (*name).into())
        }
    }

    fn matches(selector: &str, around: &[Plain], element: &Plain) -> bool {
        Selector::list(selector).expect(selector).iter().any(|s| s.matches(element, around))
    }

    #[test]
    fn compounds_match_by_name_class_id_and_attribute() {
        let element = Plain("div", &[("class", "post  body"), ("id", "a:1"), ("data-x", "one-two Three")]);
        for selector in [
            "div",
            "*",
            "DIV.post",
            ".body.post",
            "#a\\:1",
            "[data-x]",
            "[data-x|=one]",
            "[data-x ~= 'Three']",
            "[data-x^=one]",
            "[data-x$=\"three\" i]",
            "[data-x*='two T']",
            "div:not(.other)",
            "p, .body",
        ] {
            assert!(matches(selector, &[], &element), "{selector}");
        }
        for selector in ["p", ".pos", ".Post", "#a", "[data-y]", "[data-x=one]", "div:not(p, .post)", "[data-x$=three]"]
        {
            assert!(!matches(selector, &[], &element), "{selector}");
        }
    }

    #[test]
    fn what_stands_around_is_followed_inwards() {
        let around =
            [Plain("main", &[]), Plain("div", &[("class", "a")]), Plain("ul", &[]), Plain("div", &[("class", "a")])];
        let element = Plain("p", &[]);
        for selector in ["main p", "main > .a p", ".a > p", "main .a .a > p", "ul > div > p", "main > div > ul p"] {
            assert!(matches(selector, &around, &element), "{selector}");
        }
        for selector in ["main > p", "ul > p", "p p", "main > ul p", ".a > .a p"] {
            assert!(!matches(selector, &around, &element), "{selector}");
        }
    }

    #[test]
    fn what_a_stream_cannot_know_is_refused_by_name() {
        for (selector, word) in [
            ("div:has(> .ad)", ":has"),
            (".a + .b", "siblings"),
            ("h2 ~ div", "siblings"),
            ("li:nth-child(2)", ":nth-child"),
            ("p::before", "::before"),
            ("", "empty"),
            (".a,", "empty"),
            ("[data-x", "closed"),
            (".", "name"),
            ("a > > b", "name"),
        ] {
            let error = Selector::list(selector).expect_err(selector);
            assert!(error.contains(word), "{selector}: {error}");
        }
    }
}
