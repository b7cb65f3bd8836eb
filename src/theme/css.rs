//! The style sheet of a page: the fixed part, and the colours and numbers that settings and panel choose among.

use std::fmt::Write as _;

use super::{FACE_FILES, Family, Font, Images, Look, OwnColors, Scheme, Screen, Settings};

/// Where the page's typefaces come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FontSource {
    /// From the reader's machine, where they are installed; else the system's own sans or serif.
    #[default]
    Local,
    /// From under this address, by the file names of `fonts/`.
    Linked(String),
    /// In the page itself: the page grows by about a megabyte and looks the same everywhere.
    Inline,
}

/// The part of the sheet that is the same on every page.
const PAGE: &str = include_str!("page.css");

/// The choices of the settings panel, in its order: sizes in percent, and so on, as [`Settings`] counts them.
pub(crate) mod choices {
    pub(crate) const SIZE: &[u16] = &[100, 125, 150, 175, 200, 250, 300, 400];
    pub(crate) const LINE_HEIGHT: &[u16] = &[160, 200, 250];
    pub(crate) const LETTER_SPACING: &[u16] = &[0, 6, 12];
    pub(crate) const WORD_SPACING: &[u16] = &[0, 16, 32];
    pub(crate) const PARAGRAPH_SPACING: &[u16] = &[150, 200, 300];
    pub(crate) const WIDTH: &[u16] = &[45, 60, 70, 80];

    /// The choices with `chosen` among them, in order.
    pub(crate) fn with(choices: &[u16], chosen: u16) -> Vec<u16> {
        let mut all = choices.to_vec();
        if let Err(at) = all.binary_search(&chosen) {
            all.insert(at, chosen);
        }
        all
    }
}

/// The whole sheet for a page with these settings and, where there is a panel, with rules for each of its choices.
/// `screens` are the themes the panel offers; the chosen one is among them.
pub fn style_sheet(settings: &Settings, screens: &[Screen], panel: bool, fonts: &FontSource) -> String {
    let mut css = String::with_capacity(16 << 10);
    faces(&mut css, fonts);
    let chosen = match &settings.look {
        Look::Theme(name) => screens.iter().find(|s| s.name == *name).or_else(|| Screen::all().first()),
        Look::Own(_) => None,
    };
    let root = match (&settings.look, chosen) {
        (Look::Own(own), _) => own_variables(own),
        (_, Some(screen)) => variables(screen),
        (Look::Theme(_), None) => String::new(),
    };
    let numbers = [
        size(settings.size),
        line_height(settings.line_height),
        letter_spacing(settings.letter_spacing),
        word_spacing(settings.word_spacing),
        paragraph_spacing(settings.paragraph_spacing),
        width(settings.width),
        font(settings.font).into(),
        images(settings.images).into(),
    ];
    let _ = writeln!(css, ":root{{{root}{}}}", numbers.concat());
    if panel {
        choices_of_panel(&mut css, settings, screens);
    }
    css.push_str(PAGE);
    css
}

/// One rule for each radio button of the panel: it works without a script and without a server.
fn choices_of_panel(css: &mut String, settings: &Settings, screens: &[Screen]) {
    let mut rule = |name: &str, value: &str, declarations: &str| {
        let _ = writeln!(css, ":root:has(#cp-{name}-{value}:checked){{{declarations}}}");
    };
    for screen in screens {
        rule("theme", &screen.name, &variables(screen));
    }
    if let Look::Own(own) = &settings.look {
        rule("theme", "own", &own_variables(own));
    }
    type Row<'a> = (&'a str, &'a [u16], u16, fn(u16) -> String);
    let rows: [Row<'_>; 6] = [
        ("size", choices::SIZE, settings.size, size),
        ("line", choices::LINE_HEIGHT, settings.line_height, line_height),
        ("letter", choices::LETTER_SPACING, settings.letter_spacing, letter_spacing),
        ("word", choices::WORD_SPACING, settings.word_spacing, word_spacing),
        ("gap", choices::PARAGRAPH_SPACING, settings.paragraph_spacing, paragraph_spacing),
        ("width", choices::WIDTH, settings.width, width),
    ];
    for (name, values, chosen, declaration) in rows {
        for value in choices::with(values, chosen) {
            rule(name, &value.to_string(), &declaration(value));
        }
    }
    for value in Font::ALL {
        rule("font", value.name(), font(value));
    }
    for value in Images::ALL {
        rule("images", value.name(), images(value));
    }
    // Each theme's button wears the theme.
    let mut chip = |name: &str, ground: super::Rgb, text: super::Rgb| {
        let _ = writeln!(css, ".cp-choices .cp-chip-{name}{{background:{ground};color:{text}}}");
    };
    for screen in screens {
        chip(&screen.name, screen.colors.background, screen.colors.text);
    }
    if let Look::Own(own) = &settings.look {
        chip("own", own.background(), own.text());
    }
}

fn variables(screen: &Screen) -> String {
    let c = &screen.colors;
    let scheme = match screen.scheme {
        Scheme::Light => "light",
        Scheme::Dark => "dark",
    };
    format!(
        "color-scheme:{scheme};--background:{};--text:{};--secondary:{};--heading:{};--link:{};--visited:{};--focus:{};\
         --border:{};--panel:{};",
        c.background, c.text, c.secondary, c.heading, c.link, c.visited, c.focus, c.border, c.panel
    )
}

fn own_variables(own: &OwnColors) -> String {
    let (text, ground, link) = (own.text(), own.background(), own.link());
    let scheme = if ground.luminance() > text.luminance() { "light" } else { "dark" };
    format!(
        "color-scheme:{scheme};--background:{ground};--text:{text};--secondary:{text};--heading:{text};--link:{link};\
         --visited:{link};--focus:{link};--border:{text};--panel:{ground};"
    )
}

fn size(percent: u16) -> String {
    format!("--size:{percent}%;")
}

fn line_height(percent: u16) -> String {
    format!("--line:{};", hundredths(percent))
}

fn letter_spacing(hundredths_of_em: u16) -> String {
    format!("--letter:{}em;", hundredths(hundredths_of_em))
}

fn word_spacing(hundredths_of_em: u16) -> String {
    format!("--word:{}em;", hundredths(hundredths_of_em))
}

fn paragraph_spacing(percent: u16) -> String {
    format!("--gap:{};", hundredths(percent))
}

fn width(characters: u16) -> String {
    format!("--width:{characters};")
}

fn font(font: Font) -> &'static str {
    match font {
        Font::Golos => "--font:\"Golos Text\",\"PT Sans\",system-ui,sans-serif;",
        Font::Serif => "--font:\"PT Serif\",Georgia,\"Times New Roman\",serif;",
        Font::Caption => "--font:\"PT Sans Caption\",Verdana,\"DejaVu Sans\",sans-serif;",
    }
}

fn images(images: Images) -> &'static str {
    match images {
        Images::Show => "--filter:none;--picture:inline-block;--description:none;",
        Images::Gray => "--filter:grayscale(1);--picture:inline-block;--description:none;",
        Images::Hide => "--filter:none;--picture:none;--description:inline-block;",
    }
}

fn hundredths(value: u16) -> f64 {
    f64::from(value) / 100.0
}

/// Typefaces of the page: family, whether bold and slanted, path under `fonts/`.
const FACES: [(Family, &str, bool, bool, &str); 8] = [
    (Family::Sans, "Golos Text", false, false, "golos-text/GolosText-Regular.ttf"),
    (Family::Sans, "Golos Text", true, false, "golos-text/GolosText-Bold.ttf"),
    (Family::Serif, "PT Serif", false, false, "pt-serif/PTSerif-Regular.ttf"),
    (Family::Serif, "PT Serif", true, false, "pt-serif/PTSerif-Bold.ttf"),
    (Family::Serif, "PT Serif", false, true, "pt-serif/PTSerif-Italic.ttf"),
    (Family::Serif, "PT Serif", true, true, "pt-serif/PTSerif-BoldItalic.ttf"),
    (Family::Caption, "PT Sans Caption", false, false, "pt-sans-caption/PTSansCaption-Regular.ttf"),
    (Family::Caption, "PT Sans Caption", true, false, "pt-sans-caption/PTSansCaption-Bold.ttf"),
];

fn faces(css: &mut String, source: &FontSource) {
    for (family, name, bold, italic, path) in FACES {
        let address = match source {
            FontSource::Local => return,
            FontSource::Linked(base) => format!("{}/{path}", base.trim_end_matches('/')),
            FontSource::Inline => format!("data:font/ttf;base64,{}", base64(FACE_FILES[family.file(bold, italic)])),
        };
        let _ = writeln!(
            css,
            "@font-face{{font-family:\"{name}\";font-weight:{};font-style:{};font-display:swap;\
             src:url(\"{address}\") format(\"truetype\")}}",
            if bold { 700 } else { 400 },
            if italic { "italic" } else { "normal" },
        );
    }
}

/// Base64 with padding (RFC 4648, 4): the only thing we would need a crate for.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let n = group.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - group.len()));
        for i in 0..4 {
            let sextet = (n >> (18 - 6 * i)) & 63;
            text.push(if i <= group.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_known_bytes() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_size_between_the_steps_gets_a_step_of_its_own() {
        let css = style_sheet(&Settings { size: 333, ..Settings::default() }, Screen::all(), true, &FontSource::Local);
        assert!(css.contains("#cp-size-333:checked){--size:333%;}"));
    }

    #[test]
    fn fonts_come_from_where_they_were_asked_for() {
        let sheet = |fonts| style_sheet(&Settings::default(), Screen::all(), false, &fonts);
        assert!(!sheet(FontSource::Local).contains("@font-face"));
        assert!(
            sheet(FontSource::Linked("/assets/1/".into())).contains("url(\"/assets/1/golos-text/GolosText-Bold.ttf\")")
        );
        assert!(sheet(FontSource::Inline).contains("data:font/ttf;base64,AAEAAAA"));
    }
}
