//! Screen themes: TOML files whose every pair of colours is measured when they are loaded.

use std::path::Path;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Contrast, Rgb};
use crate::{Error, Result};

/// A look for the screen. It cannot be made with a pair of colours that is hard to read: loading refuses it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Screen {
    /// What `--theme`, settings codes and the panel call it: small Latin letters, digits and hyphens.
    pub name: String,
    /// Light or dark, so that the browser draws its own controls to match.
    pub scheme: Scheme,
    /// What readers see.
    pub title: Title,
    /// Every colour of the page.
    pub colors: ScreenColors,
}

/// Whether a theme is light or dark (CSS `color-scheme`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Dark text on a light background.
    Light,
    /// Light text on a dark background.
    Dark,
}

/// What a theme or a style is called, in the languages of the panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Title {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}

impl Title {
    /// In Russian for `ru`, in English for any other language.
    pub fn of(&self, lang: &str) -> &str {
        if lang == "ru" { &self.ru } else { &self.en }
    }
}

/// The colours of a page. Text colours have 7:1 on `background` and on `panel`, the others 3:1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ScreenColors {
    /// Of the page.
    pub background: Rgb,
    /// Running text.
    pub text: Rgb,
    /// Captions, dates, notes: set apart from the text, yet held to the same contrast.
    pub secondary: Rgb,
    /// Headings.
    pub heading: Rgb,
    /// Links that were not followed yet.
    pub link: Rgb,
    /// Links that were.
    pub visited: Rgb,
    /// The ring around what has the keyboard focus.
    pub focus: Rgb,
    /// Lines around tables, fields and the panel.
    pub border: Rgb,
    /// Background of the settings panel, of quotations and of table headers.
    pub panel: Rgb,
}

macro_rules! built_in {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../themes/screen/", $name, ".toml")))),+]
    };
}

/// In the order in which the panel offers them.
const BUILT_IN: [(&str, &str); 10] = built_in![
    "black-on-white",
    "white-on-black",
    "blue-on-light-blue",
    "brown-on-beige",
    "green-on-dark-brown",
    "yellow-on-black",
    "sepia",
    "gray",
    "dark",
    "night-blue",
];

impl Screen {
    /// The theme of a reader who has not chosen one.
    pub const DEFAULT: &'static str = "black-on-white";

    /// The built-in themes, in the order in which the panel offers them.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Screen>> = OnceLock::new();
        ALL.get_or_init(|| {
            let load = |(name, toml)| {
                Self::from_toml(&format!("themes/screen/{name}.toml"), toml).expect("built-in themes are tested")
            };
            BUILT_IN.into_iter().map(load).collect()
        })
    }

    /// The built-in theme of that name, or the theme in that file. What has a dot or a slash is taken for a file.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`]: an unknown name (the nearest is named), an unreadable file, or one that [`Screen::from_toml`]
    /// refuses.
    pub fn find(name_or_path: &str) -> Result<Self> {
        if let Some(screen) = Self::all().iter().find(|s| s.name == name_or_path) {
            return Ok(screen.clone());
        }
        if name_or_path.contains(['.', '/', '\\']) {
            let toml = std::fs::read_to_string(Path::new(name_or_path))
                .map_err(|e| Error::Usage(format!("{name_or_path}: the theme cannot be read: {e}")))?;
            return Self::from_toml(name_or_path, &toml);
        }
        let nearest = nearest(name_or_path, Self::all().iter().map(|s| s.name.as_str()));
        Err(Error::Usage(match nearest {
            Some(nearest) => format!("there is no theme {name_or_path:?}; did you mean {nearest:?}?"),
            None => format!("there is no theme {name_or_path:?}; `clearprint themes` lists them"),
        }))
    }

    /// Reads a theme and measures it. `file` is how messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`]: not TOML, an unknown or missing key, a name that could not stand in an address, or a pair of
    /// colours below its contrast, with the nearest colour that has it.
    pub fn from_toml(file: &str, toml: &str) -> Result<Self> {
        let screen: Self = toml::from_str(toml).map_err(|e| Error::toml(file, toml, &e))?;
        let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !screen.name.starts_with(|c: char| c.is_ascii_lowercase())
            || !screen.name.chars().all(ok)
            || screen.name.starts_with("own-")
        {
            return Err(Error::Usage(format!(
                "{file}: name {:?} cannot stand in an address; use small Latin letters, digits and hyphens",
                screen.name
            )));
        }
        screen.colors.check(file)?;
        Ok(screen)
    }
}

impl ScreenColors {
    /// Measures every pair; the first that fails is the error.
    fn check(&self, file: &str) -> Result<()> {
        for pair in self.pairs() {
            if pair.contrast() < pair.least {
                let advice = match pair.color.nearest_passing(pair.ground, pair.least) {
                    Some(color) => format!("try {color}"),
                    None => "no colour reaches it there: change the background".into(),
                };
                return Err(Error::Usage(format!(
                    "{file}: {} {} on {} {} is {}, below {}:1; {advice}",
                    pair.name,
                    pair.color,
                    pair.ground_name,
                    pair.ground,
                    pair.contrast(),
                    pair.least.ratio(),
                )));
            }
        }
        Ok(())
    }

    /// Every pair of colours that meets on a page, with the contrast it needs.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        let grounds = [("background", self.background), ("panel", self.panel)];
        let over = [
            ("text", self.text, Contrast::TEXT),
            ("secondary", self.secondary, Contrast::TEXT),
            ("heading", self.heading, Contrast::TEXT),
            ("link", self.link, Contrast::TEXT),
            ("visited", self.visited, Contrast::TEXT),
            ("focus", self.focus, Contrast::NON_TEXT),
            ("border", self.border, Contrast::NON_TEXT),
        ];
        grounds.into_iter().flat_map(move |(ground_name, ground)| {
            over.into_iter().map(move |(name, color, least)| Pair { name, color, ground_name, ground, least })
        })
    }
}

/// A colour on its background.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Pair {
    /// The colour's key in the file.
    pub name: &'static str,
    /// The colour.
    pub color: Rgb,
    /// The background's key in the file.
    pub ground_name: &'static str,
    /// The background.
    pub ground: Rgb,
    /// What it must have at least.
    pub least: Contrast,
}

impl Pair {
    /// What it has.
    pub fn contrast(&self) -> Contrast {
        self.color.contrast(self.ground)
    }
}

/// The name most like `wanted`, unless none is like it.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.chars().count().max(wanted.chars().count()) / 2)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(toml: &str) -> String {
        Screen::from_toml("themes/mine.toml", toml).expect_err("should be refused").to_string()
    }

    #[test]
    fn built_in_themes_load_under_their_own_names() {
        for ((name, toml), screen) in BUILT_IN.into_iter().zip(Screen::all()) {
            assert_eq!(name, screen.name);
            Screen::from_toml(name, toml).expect(name);
        }
        assert_eq!(Screen::find(Screen::DEFAULT).expect("the default exists").name, Screen::DEFAULT);
    }

    #[test]
    fn a_pale_link_is_refused_with_the_nearest_colour_that_passes() {
        let toml = BUILT_IN[1].1.replace(r##"link       = "#8fc7ff""##, r##"link = "#777777""##);
        let message = refused(&toml);
        assert!(message.starts_with("themes/mine.toml: link #777777 on background #000000 is 4.69:1, below 7:1; try "));
        let offered: Rgb = message.rsplit(' ').next().unwrap_or_default().parse().expect("ends with a colour");
        assert!(offered.contrast(Rgb(0, 0, 0)) >= Contrast::TEXT);
    }

    #[test]
    fn unknown_keys_and_names_that_cannot_stand_in_an_address_are_refused() {
        assert!(refused(&BUILT_IN[0].1.replace("[colors]", "[colors]\nshadow = \"#000\"")).contains("shadow"));
        assert!(refused(&BUILT_IN[0].1.replace("name = \"black-on-white\"", "name = \"a/b\"")).contains("a/b"));
    }

    #[test]
    fn an_unknown_theme_names_the_nearest() {
        let message = Screen::find("wite-on-blak").expect_err("no such theme").to_string();
        assert_eq!(message, r#"there is no theme "wite-on-blak"; did you mean "white-on-black"?"#);
        assert!(
            Screen::find("qqqqqqqqqqqqqqqqqqqqqqqqqqq").expect_err("none").to_string().contains("clearprint themes")
        );
    }
}
