//! The printed page against a guideline: size, leading, line length, alignment, hyphens, margins, contrast.

use std::collections::BTreeMap;

use super::Finding;
use super::reading::{Page, Reading, Shown, Tag};
use super::structure::Structure;
use crate::theme::{Contrast, MM, PrintStyle, Rgb};

/// Sizes are written with a thousandth, and a viewer's rounding is not a fault.
const SLACK: f32 = 0.02;
/// Ems that a line is thick at most: the boldest underlines and bars have a third of this.
const LINE: f32 = 0.3;
/// Part of the size at which letters are raised or lowered, at most.
const RAISED: f32 = 0.8;

/// Every text on its background, at every size (WCAG 2.2, 1.4.6: 7:1).
pub(super) fn contrast(reading: &Reading, findings: &mut Vec<Finding>) {
    for (index, page) in reading.pages.iter().enumerate() {
        let mut said: Vec<(Rgb, Rgb)> = Vec::new();
        for (place, shown) in page.shown.iter().enumerate() {
            if shown.text.trim().is_empty() {
                continue;
            }
            if !reading.budget.idle(1 + page.fills.len() as u64 / 8) {
                return;
            }
            let (text, paper) = (eight_bits(shown.color), background(page, place, shown));
            let ratio = text.contrast(paper);
            if ratio < Contrast::TEXT && !said.contains(&(text, paper)) {
                said.push((text, paper));
                let message = match text.nearest_passing(paper, Contrast::TEXT) {
                    Some(better) => format!("text {text} on {paper} is {ratio}, below 7:1; try {better}"),
                    None => format!("text {text} on {paper} is {ratio}, below 7:1; change the background"),
                };
                findings.push(Finding::new("WCAG 2.2 1.4.6", number(index), message));
            }
        }
    }
}

/// What lies under a text: the last rectangle that was filled behind its middle, else white paper. A line through a word, or
/// a bar beside a quotation that a letter touches, is narrower than letters and no background.
fn background(page: &Page, place: usize, shown: &Shown) -> Rgb {
    let (x, y) = ((shown.left + shown.right) / 2.0, shown.baseline + shown.size * 0.25);
    let under = page.fills.iter().rev().find(|fill| {
        let [left, bottom, right, top] = fill.area;
        let is_line = (right - left).min(top - bottom) < shown.size * LINE;
        fill.before <= place && !is_line && (left..=right).contains(&x) && (bottom..=top).contains(&y)
    });
    under.map_or(Rgb(255, 255, 255), |fill| eight_bits(fill.color))
}

fn eight_bits(color: [f32; 3]) -> Rgb {
    let [r, g, b] = color.map(|v| (v.clamp(0.0, 1.0) * 255.0).round() as u8);
    Rgb(r, g, b)
}

fn number(index: usize) -> String {
    format!("page {}", index + 1)
}

/// A line of one element.
struct Line {
    page: usize,
    left: f32,
    right: f32,
    baseline: f32,
    size: f32,
    text: String,
}

impl Line {
    /// Whether a text stands on the same line: a raised mark of a note does, and a vowel of Arabic, which runs to the left.
    fn goes_on_with(&self, shown: &Shown) -> bool {
        let is_backward = |c: char| matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe);
        (self.baseline - shown.baseline).abs() < self.size * 0.6
            && (shown.left >= self.left - 1.0 || shown.text.chars().any(is_backward))
    }
}

/// A paragraph of running text.
struct Paragraph {
    lines: Vec<Line>,
}

/// All rules of a style's guideline.
pub(super) fn check(reading: &Reading, structure: Option<&Structure>, style: &PrintStyle, findings: &mut Vec<Finding>) {
    let guideline = &style.guideline;
    let rule = |what: &str| format!("{} {what}", style.name);
    let paragraphs = structure.map(|s| paragraphs(reading, s)).unwrap_or_default();
    // Our own files say which hyphens were added: any other is the word's own, and a line may end after it.
    let ours = reading.xmp_value("clearprint:Style").is_some();
    let body = body_size(&paragraphs);

    for (index, page) in reading.pages.iter().enumerate() {
        let content = || page.shown.iter().filter(|s| matches!(s.tag, Tag::Content(_)) && !s.text.trim().is_empty());
        if let Some(least) = guideline.min_size {
            let mut small: Vec<&Shown> = content().filter(|s| s.size < least - SLACK).collect();
            small.sort_by(|a, b| a.size.total_cmp(&b.size));
            if let Some(smallest) = small.first() {
                let message = format!(
                    "{} texts are below {least} pt, the smallest {:.1} pt: {:?}",
                    small.len(),
                    smallest.size,
                    excerpt(&smallest.text)
                );
                findings.push(Finding::new(rule("size"), number(index), message));
            }
        }
        if let Some(least) = guideline.min_x_height {
            let lowest = content()
                .filter_map(|s| Some((reading.fonts.get(s.font)?.x_height()? * s.size / MM, s)))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((height, shown)) = lowest.filter(|(height, _)| *height < least - SLACK) {
                let message = format!("an x is {height:.2} mm high, below {least} mm: {:?}", excerpt(&shown.text));
                findings.push(Finding::new(rule("x-height"), number(index), message));
            }
        }
        if let Some(least) = guideline.min_margin {
            margins(page, index, least, &rule("margin"), content(), findings);
        }
        if guideline.no_italics {
            let slanted = content().find(|s| reading.fonts.get(s.font).is_some_and(|f| f.italic));
            if let Some(shown) = slanted {
                let message = format!("{:?} is in italics; use bold", excerpt(&shown.text));
                findings.push(Finding::new(rule("italics"), number(index), message));
            }
        }
        if guideline.no_underline
            && let Some(shown) =
                content().find(|s| reading.budget.idle(page.fills.len() as u64 / 8) && is_underlined(page, s))
        {
            let message = format!("{:?} is underlined", excerpt(&shown.text));
            findings.push(Finding::new(rule("underline"), number(index), message));
        }
        page_numbers(reading, page, index, style, body, findings);
    }
    if let (Some(most), Some(body)) = (guideline.max_size, body)
        && body > most + SLACK
    {
        let message = format!("running text is {body:.1} pt, above {most} pt; name the profile for that size");
        findings.push(Finding::new(rule("size"), "", message));
    }
    for paragraph in &paragraphs {
        lines(paragraph, style, ours, &rule, findings);
    }
    if guideline.one_column {
        columns(reading, &paragraphs, &rule("columns"), findings);
    }
}

fn margins<'s>(
    page: &Page,
    index: usize,
    least: f32,
    rule: &str,
    content: impl Iterator<Item = &'s Shown>,
    findings: &mut Vec<Finding>,
) {
    let [left, bottom, right, top] = page.trim;
    let mut narrowest: Option<(f32, &str, &Shown)> = None;
    for shown in content {
        let sides = [
            (shown.left - left, "left"),
            (right - shown.right, "right"),
            (shown.baseline - bottom, "bottom"),
            (top - (shown.baseline + shown.size * 0.7), "top"),
        ];
        for (room, side) in sides {
            if narrowest.is_none_or(|(known, ..)| room < known) {
                narrowest = Some((room, side, shown));
            }
        }
    }
    if let Some((room, side, shown)) = narrowest.filter(|(room, ..)| room / MM < least - 0.2) {
        let message = format!("{:?} leaves {:.1} mm at the {side}, below {least} mm", excerpt(&shown.text), room / MM);
        findings.push(Finding::new(rule, number(index), message));
    }
}

/// A thin rectangle just under a text and about as long.
fn is_underlined(page: &Page, shown: &Shown) -> bool {
    page.fills.iter().any(|fill| {
        let [left, bottom, right, top] = fill.area;
        let overlap = right.min(shown.right) - left.max(shown.left);
        top - bottom < shown.size * 0.15
            && top <= shown.baseline
            && shown.baseline - bottom < shown.size * 0.35
            && overlap > (shown.right - shown.left) * 0.6
            && overlap > 0.0
            && right - left < (shown.right - shown.left) * 1.5 + shown.size
    })
}

fn page_numbers(
    reading: &Reading,
    page: &Page,
    index: usize,
    style: &PrintStyle,
    body: Option<f32>,
    findings: &mut Vec<Finding>,
) {
    let guideline = &style.guideline;
    let is_number =
        |s: &&Shown| s.tag == Tag::Artifact("Pagination".into()) && s.text.trim().parse::<usize>().is_ok_and(|n| n > 0);
    let Some(shown) = page.shown.iter().rfind(is_number) else { return };
    if let Some(body) = body.filter(|b| guideline.full_size_page_numbers && shown.size < b - SLACK) {
        let message = format!("the page number is {:.1} pt, smaller than the text of {body:.1} pt", shown.size);
        findings.push(Finding::new(format!("{} page number", style.name), number(index), message));
    }
    if guideline.bold_page_numbers && reading.fonts.get(shown.font).is_some_and(|f| !f.bold) {
        let message = "the page number is not bold";
        findings.push(Finding::new(format!("{} page number", style.name), number(index), message));
    }
}

/// Leading, line length, hyphens and line ends of one paragraph.
fn lines(
    paragraph: &Paragraph,
    style: &PrintStyle,
    ours: bool,
    rule: &impl Fn(&str) -> String,
    findings: &mut Vec<Finding>,
) {
    let guideline = &style.guideline;
    let Some(first) = paragraph.lines.first() else { return };
    let place = number(first.page);
    if let Some(least) = guideline.min_leading {
        let tight = paragraph
            .lines
            .windows(2)
            .filter(|pair| pair[0].page == pair[1].page && pair[0].baseline > pair[1].baseline)
            // A line that is raised as a whole has another baseline than its line.
            .filter(|pair| pair[0].size.min(pair[1].size) > pair[0].size.max(pair[1].size) * RAISED)
            .map(|pair| ((pair[0].baseline - pair[1].baseline) / pair[1].size.max(pair[0].size), &pair[1]))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((leading, line)) = tight.filter(|(leading, _)| *leading < least - 0.01) {
            let message =
                format!("lines are {leading:.2} times the size apart, below {least}: {:?}", excerpt(&line.text));
            findings.push(Finding::new(rule("leading"), number(line.page), message));
        }
    }
    if let Some(most) = guideline.max_characters {
        // The measure is an average: a line of narrow letters holds some more.
        let allowed = usize::from(most) * 11 / 10;
        let longest = paragraph.lines.iter().max_by_key(|line| line.text.trim().chars().count());
        if let Some(line) = longest.filter(|line| line.text.trim().chars().count() > allowed) {
            let count = line.text.trim().chars().count();
            let message = format!("a line has {count} characters, above {most}: {:?}", excerpt(&line.text));
            findings.push(Finding::new(rule("line length"), number(line.page), message));
        }
    }
    if guideline.no_hyphenation {
        let divided = paragraph.lines.windows(2).find(|pair| is_divided(&pair[0].text, &pair[1].text, ours));
        if let Some(pair) = divided {
            let message = format!("a word is divided at the end of {:?}", excerpt_end(&pair[0].text));
            findings.push(Finding::new(rule("hyphens"), number(pair[0].page), message));
        }
    }
    if guideline.ragged {
        // Ideographs are as wide as each other: only spaces can be stretched.
        let inner = &paragraph.lines[..paragraph.lines.len() - 1];
        let inner: Vec<_> = inner.iter().filter(|line| line.text.trim().contains(char::is_whitespace)).collect();
        let flush = inner.len() >= 4 && inner.iter().all(|line| (line.right - inner[0].right).abs() < 0.6);
        if flush {
            let message = format!("lines are flush at both sides: {:?}", excerpt(&first.text));
            findings.push(Finding::new(rule("alignment"), place, message));
        }
    }
}

/// A soft hyphen at a line's end divides a word; in a file that has none, so does a plain one between small letters.
fn is_divided(line: &str, next: &str, only_soft: bool) -> bool {
    let line = line.trim_end();
    if line.ends_with('\u{ad}') {
        return true;
    }
    let Some(stem) = line.strip_suffix(['-', '\u{2010}']).filter(|_| !only_soft) else { return false };
    stem.ends_with(char::is_alphabetic) && next.trim_start().starts_with(char::is_lowercase)
}

/// Two paragraphs side by side.
fn columns(reading: &Reading, paragraphs: &[Paragraph], rule: &str, findings: &mut Vec<Finding>) {
    let mut said = None;
    for pair in paragraphs.windows(2) {
        let beside = pair[0].lines.iter().any(|a| {
            let goes_on = reading.budget.idle(1 + pair[1].lines.len() as u64 / 8);
            goes_on
                && pair[1].lines.iter().any(|b| {
                    a.page == b.page
                        && (a.baseline - b.baseline).abs() < a.size
                        && (a.right < b.left || b.right < a.left)
                })
        });
        let page = pair[1].lines.first().map(|line| line.page);
        if beside && said != page {
            said = page;
            let place = page.map(number).unwrap_or_default();
            findings.push(Finding::new(rule, place, "text stands in more than one column"));
        }
    }
}

/// The lines of all paragraphs that are running text: not cells, notes or captions.
fn paragraphs(reading: &Reading, structure: &Structure) -> Vec<Paragraph> {
    let mut found = Vec::new();
    structure.walk(&mut |node, above| {
        if node.role != "P"
            || above.iter().any(|n| matches!(n.role.as_str(), "TD" | "TH" | "Note" | "Caption" | "Table"))
        {
            return;
        }
        let mut lines: Vec<Line> = Vec::new();
        for (index, place) in structure.texts(node) {
            let Some(shown) = reading.pages.get(index).and_then(|p| p.shown.get(place)) else { continue };
            match lines.last_mut() {
                Some(line) if line.page == index && line.goes_on_with(shown) => {
                    line.left = line.left.min(shown.left);
                    line.right = line.right.max(shown.right);
                    line.text.push_str(&shown.text);
                    if shown.size > line.size {
                        (line.size, line.baseline) = (shown.size, shown.baseline);
                    }
                }
                _ => lines.push(Line {
                    page: index,
                    left: shown.left,
                    right: shown.right,
                    baseline: shown.baseline,
                    size: shown.size,
                    text: shown.text.clone(),
                }),
            }
        }
        lines.retain(|line| !line.text.trim().is_empty());
        if !lines.is_empty() {
            found.push(Paragraph { lines });
        }
    });
    found
}

/// The size that most characters of running text have.
fn body_size(paragraphs: &[Paragraph]) -> Option<f32> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for line in paragraphs.iter().flat_map(|p| &p.lines) {
        *counts.entry((line.size * 100.0).round() as u32).or_default() += line.text.chars().count();
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(size, _)| size as f32 / 100.0)
}

fn excerpt(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

fn excerpt_end(text: &str) -> String {
    let count = text.trim_end().chars().count();
    text.trim_end().chars().skip(count.saturating_sub(24)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::reading::Tag;

    #[test]
    fn a_vowel_of_arabic_is_no_line_of_its_own() {
        let line = Line { page: 0, left: 200.0, right: 300.0, baseline: 500.0, size: 18.0, text: "سلام".into() };
        let shown = |text: &str, left: f32, baseline: f32| Shown {
            text: text.into(),
            font: 0,
            size: 18.0,
            left,
            right: left + 9.0,
            baseline,
            color: [0.0; 3],
            tag: Tag::Content(0),
            missing: 0,
        };
        assert!(line.goes_on_with(&shown("مَا", 190.0, 496.0)));
        assert!(!line.goes_on_with(&shown("مَا", 290.0, 475.0)), "the next line");
        assert!(line.goes_on_with(&shown("1", 300.0, 506.0)), "a raised mark");
        assert!(!line.goes_on_with(&shown("слово", 100.0, 496.0)), "lines on top of each other");
    }
}
