//! All themes and styles, with what was measured on them.

use serde::Serialize;

use super::{Contrast, PrintStyle, Scheme, Screen, ScreenColors, Title};

/// A screen theme as it is listed.
#[derive(Serialize)]
pub(crate) struct ScreenRow {
    pub(crate) name: String,
    pub(crate) title: Title,
    pub(crate) scheme: Scheme,
    pub(crate) colors: ScreenColors,
    /// The least contrast of all pairs of text and ground.
    pub(crate) least_text_contrast: f64,
}

/// A print style as it is listed.
#[derive(Serialize)]
pub(crate) struct StyleRow {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) guideline: String,
    pub(crate) paper: String,
    pub(crate) size_pt: f32,
    pub(crate) leading: f32,
    pub(crate) x_height_mm: f32,
    pub(crate) columns: u8,
}

/// What there is to choose from.
#[derive(Serialize)]
pub(crate) struct Listing {
    pub(crate) screen: Vec<ScreenRow>,
    pub(crate) print: Vec<StyleRow>,
}

/// All that there are.
pub(crate) fn listing() -> Listing {
    let screen = Screen::all().iter().map(|s| ScreenRow {
        name: s.name.clone(),
        title: s.title.clone(),
        scheme: s.scheme,
        colors: s.colors.clone(),
        least_text_contrast: (least_contrast(s) * 100.0).floor() / 100.0,
    });
    let print = PrintStyle::all().into_iter().map(|s| StyleRow {
        paper: s.page.paper.to_string(),
        size_pt: s.body.size,
        leading: s.body.leading,
        x_height_mm: (s.x_height() * 100.0).round() / 100.0,
        columns: s.page.columns,
        name: s.name,
        about: s.about.en,
        guideline: s.guideline.source,
    });
    Listing { screen: screen.collect(), print: print.collect() }
}

fn least_contrast(screen: &Screen) -> f64 {
    let text = screen.colors.pairs().filter(|p| p.least >= Contrast::TEXT);
    text.map(|p| p.contrast().ratio()).fold(21.0, f64::min)
}

/// All themes and styles as JSON, for the service.
pub(crate) fn themes_json() -> String {
    serde_json::to_string_pretty(&listing()).unwrap_or_default()
}
