//! What a print style is held to: bounds of any page, contrast, and its guideline.

use super::color::{Contrast, Rgb};
use super::print::{Align, Emphasis, MM, PrintStyle};

impl PrintStyle {
    /// Whether it can be printed, be read and keep its guideline.
    ///
    /// # Errors
    /// A sentence about what it breaks.
    pub(super) fn validate(&self) -> Result<(), String> {
        let page = &self.page;
        if page.margins.iter().any(|m| !(0.0..=200.0).contains(m)) {
            return Err("margins are 0 to 200 mm each".into());
        }
        if !(1..=4).contains(&page.columns) || !(0.0..=50.0).contains(&page.gutter) {
            return Err("a page has 1 to 4 columns with a gutter of 0 to 50 mm".into());
        }
        if self.edition.lead_columns.is_some_and(|lead| !(1..=page.columns).contains(&lead)) {
            return Err(format!("edition.lead_columns is 1 to the page's {} columns", page.columns));
        }
        if self.edition.picture_columns.iter().flatten().any(|count| !(1..=4).contains(count)) {
            return Err("edition.picture_columns are 1 to 4 each".into());
        }
        let sizes = [self.body.size, self.body.size * self.body.small, self.body.size * self.page_number.size];
        let headlines = self.edition.headlines.iter().flatten().chain(&self.edition.title);
        if sizes.iter().chain(&self.headings.sizes).chain(headlines).any(|s| !(4.0..=400.0).contains(s)) {
            return Err("text sizes are 4 to 400 pt".into());
        }
        if ![self.body.leading, self.headings.leading].iter().all(|l| (1.0..=3.0).contains(l)) {
            return Err("leading is 1 to 3 times the size; less would make lines touch".into());
        }
        if !(0.0..=10.0).contains(&self.body.indent) || !(0.0..=10.0).contains(&self.body.gap) {
            return Err("paragraph indents and gaps are 0 to 10".into());
        }
        let column = (self.text_width() - f32::from(page.columns - 1) * page.gutter * MM) / f32::from(page.columns);
        if column < self.body.size * 8.0 || self.text_height() < self.body.size * self.body.leading * 6.0 {
            return Err(format!(
                "text of {} pt has no room on {} with {} column(s); use a larger paper, smaller text or fewer columns",
                self.body.size, page.paper, page.columns
            ));
        }
        for (name, color, least) in [
            ("text", self.colors.text, Contrast::TEXT),
            ("link", self.colors.link, Contrast::TEXT),
            ("rule", self.colors.rule, Contrast::NON_TEXT),
        ] {
            let paper = Rgb(255, 255, 255);
            let contrast = color.contrast(paper);
            if contrast < least {
                let near = color.nearest_passing(paper, least).expect("black passes on white");
                return Err(format!("{name} {color} on paper is {contrast}, below {}:1; try {near}", least.ratio()));
            }
        }
        self.hold_to_guideline()
    }

    /// A style that carries the name of a guideline keeps it, or is refused.
    fn hold_to_guideline(&self) -> Result<(), String> {
        let g = &self.guideline;
        let (body, page) = (&self.body, &self.page);
        let slack = 0.005;
        if let Some(least) = g.min_size.filter(|least| self.smallest() < least - slack) {
            return Err(format!("{} pt is below the {least} pt of {}", self.smallest(), g.source));
        }
        if let Some(most) = g.max_size.filter(|most| body.size > most + slack) {
            return Err(format!("{} pt is above the {most} pt of {}; use a larger profile", body.size, g.source));
        }
        if let Some(least) = g.min_leading.filter(|least| body.leading < least - slack) {
            return Err(format!("a leading of {} is below the {least} of {}", body.leading, g.source));
        }
        if let Some(least) = g.min_x_height.filter(|least| self.x_height() < least - slack) {
            return Err(format!(
                "the letter x is {:.2} mm high, below the {least} mm of {}; use a larger size",
                self.x_height(),
                g.source
            ));
        }
        if let Some(least) = g.min_margin.filter(|least| page.margins.iter().any(|m| *m < least - slack)) {
            return Err(format!("a margin is below the {least} mm of {}", g.source));
        }
        for (broken, what) in [
            (g.ragged && body.align != Align::Left, "wants lines flush left and ragged right"),
            (g.no_hyphenation && body.hyphenation, "wants no divided words"),
            (g.no_italics && body.emphasis == Emphasis::Italic && body.family.has_italic(), "wants no italics"),
            (g.no_underline && body.emphasis == Emphasis::Underline, "wants no underlining"),
            (g.one_column && page.columns != 1, "wants one column"),
            (g.full_size_page_numbers && self.page_number.size < 1.0, "wants page numbers as large as the body"),
            (g.bold_page_numbers && !self.page_number.bold, "wants bold page numbers"),
        ] {
            if broken {
                return Err(format!("{} {what}; change that, or use a style without this guideline", g.source));
            }
        }
        Ok(())
    }
}
