//! The looks of text in a drawing: attributes, `style`, and rules of the simple kind that charts are made with.

use resvg::usvg::roxmltree::{Document, Node};

/// Rules of a drawing.
const RULES: usize = 1_000;

/// Rules in the order of the drawing.
pub(super) struct Sheet<'d> {
    rules: Vec<Rule<'d>>,
}

struct Rule<'d> {
    selectors: Vec<&'d str>,
    /// Properties and their values.
    said: Vec<(&'d str, &'d str)>,
}

impl<'d> Sheet<'d> {
    pub(super) fn of(document: &'d Document<'_>) -> Sheet<'d> {
        let styles = document.descendants().filter(|node| node.tag_name().name() == "style");
        let rules = styles.flat_map(|style| style.children()).filter_map(|child| child.text()).flat_map(|text| {
            text.split('}').filter_map(|rule| {
                let (selectors, said) = rule.rsplit_once('{')?;
                let selectors = selectors.rsplit("*/").next()?.split(',').map(str::trim);
                let selectors = selectors.filter(|selector| !selector.is_empty()).collect();
                Some(Rule { selectors, said: declarations(said).collect() })
            })
        });
        Sheet { rules: rules.take(RULES).collect() }
    }

    /// What an element itself says of a property.
    fn own<'s>(&'s self, node: Node<'s, '_>, name: &str) -> Option<&'s str> {
        let said = node.attribute("style").and_then(|style| find(declarations(style), name));
        let by_rule = || {
            let rules = self.rules.iter().rev().filter(|rule| rule.selectors.iter().any(|s| matches(s, node)));
            rules.flat_map(|rule| find(rule.said.iter().copied(), name)).next()
        };
        said.or_else(by_rule).or_else(|| node.attribute(name)).filter(|value| *value != "inherit")
    }

    /// What holds for an element: its own word, else that of the nearest around it.
    pub(super) fn inherited<'s>(&'s self, node: Node<'s, 's>, name: &str) -> Option<&'s str> {
        node.ancestors().find_map(|node| self.own(node, name))
    }

    /// In units of the drawing.
    pub(super) fn font_size(&self, node: Node<'_, '_>) -> f32 {
        let mut factor = 1.0;
        for node in node.ancestors() {
            let size = self.own(node, "font-size").or_else(|| {
                let parts = self.own(node, "font")?.split_whitespace();
                parts.filter_map(|part| part.split('/').next()).find(|part| {
                    part.starts_with(|c: char| c.is_ascii_digit()) && part.ends_with(|c: char| !c.is_ascii_digit())
                })
            });
            let Some(size) = size else { continue };
            match size.strip_suffix('%').map(|part| part.parse::<f32>()) {
                Some(Ok(part)) => factor *= part / 100.0,
                _ if size.ends_with("em") => factor *= length(size, 1.0).unwrap_or(1.0),
                _ => match length(size, 16.0) {
                    Some(size) => return size * factor,
                    None => continue,
                },
            }
        }
        16.0 * factor
    }

    pub(super) fn is_bold(&self, node: Node<'_, '_>) -> bool {
        let bold = |weight: &str| {
            matches!(weight, "bold" | "bolder") || weight.parse::<u16>().is_ok_and(|weight| weight >= 600)
        };
        node.ancestors()
            .find_map(|node| {
                let weight = self.own(node, "font-weight").map(bold);
                weight.or_else(|| self.own(node, "font").map(|font| font.split_whitespace().any(bold)))
            })
            .unwrap_or(false)
    }
}

pub(super) fn declarations(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter_map(|one| {
        let (name, value) = one.split_once(':')?;
        Some((name.trim(), value.trim().trim_end_matches("!important").trim_end()))
    })
}

/// Rules that lead to another element of the drawing, as patterns and marks do.
pub(super) struct Links<'d> {
    rules: Vec<Rule<'d>>,
}

impl<'d> Links<'d> {
    pub(super) fn of(document: &'d Document<'_>) -> Self {
        let mut sheet = Sheet::of(document);
        sheet.rules.retain(|rule| rule.said.iter().any(|(_, value)| value.contains("url(")));
        Self { rules: sheet.rules }
    }

    /// Properties of an element by which it may show another, and their values.
    pub(super) fn of_node(&self, node: Node<'d, 'd>) -> Vec<(&'d str, &'d str)> {
        let rules = self.rules.iter().filter(|rule| rule.selectors.iter().any(|selector| matches(selector, node)));
        rules.flat_map(|rule| rule.said.iter().copied()).filter(|(_, value)| value.contains("url(")).collect()
    }
}

/// The last word on a property.
fn find<'s>(said: impl Iterator<Item = (&'s str, &'s str)>, name: &str) -> Option<&'s str> {
    said.filter(|(of, _)| *of == name).map(|(_, value)| value).last()
}

/// Whether a selector of names, classes and ids, of elements within one another, matches. Others do not.
fn matches(selector: &str, node: Node<'_, '_>) -> bool {
    let mut parts = selector.split_whitespace().rev().filter(|part| *part != ">");
    let Some(last) = parts.next() else { return false };
    let mut above = node.ancestors().skip(1);
    is(last, node) && parts.all(|part| above.any(|node| is(part, node)))
}

fn is(part: &str, node: Node<'_, '_>) -> bool {
    let name = part.split(['.', '#', ':', '[']).next().unwrap_or_default();
    let mut rest = &part[name.len()..];
    if !matches!(name, "" | "*") && name != node.tag_name().name() {
        return false;
    }
    while let Some(kind) = rest.chars().next() {
        let end = rest[1..].find(['.', '#', ':', '[']).map_or(rest.len(), |end| end + 1);
        let word = &rest[1..end];
        let matched = match kind {
            '.' => node.attribute("class").is_some_and(|of| of.split_whitespace().any(|class| class == word)),
            '#' => node.attribute("id") == Some(word),
            _ => false,
        };
        if !matched {
            return false;
        }
        rest = &rest[end..];
    }
    node.is_element()
}

/// A length in units of the drawing.
pub(super) fn length(value: &str, size: f32) -> Option<f32> {
    let value = value.trim();
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &value[number.len()..] {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "em" | "rem" => size,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    number.trim().parse::<f32>().ok().filter(|number| number.is_finite()).map(|number| number * unit)
}
