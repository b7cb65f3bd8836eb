//! What a parameter may be: its schema, from the constants and the lists that its reading goes by.

use std::ops::RangeInclusive;

use clap::Arg;
use serde_json::{Value, json};

use crate::cli::doors::{LimitArgs, PdfArgs, SheetRange};
use crate::theme::{ColorMode, Font, Images, Links, Overrides, Paper, PrintStyle, Screen, Settings};

/// A web address in the form that goes over the wire (RFC 3986): a name or an IPv4 address.
const ADDRESS: &str = "^https?://(([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?|\
    ((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]))(:[0-9]{1,4})?([/?#][!-~]*)?$";
/// A language tag (RFC 5646), so far as its form goes.
const LANGUAGE: &str = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
/// Bytes, or with K, M or G behind them.
const SIZE: &str = "^[0-9]{1,10}([KMGkmg]([Ii]?[Bb])?|[Bb])?$";
const COLORS: &str = "^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})(,#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})){2}$";
/// Width and height, each from 50 to 2000 mm.
const SHEET: &str = "^(([5-9][0-9]|[1-9][0-9]{2}|1[0-9]{3})(\\.[0-9]+)?|2000)x(([5-9][0-9]|[1-9][0-9]{2}|1[0-9]{3})(\\.[0-9]+)?|2000)mm$";
/// Standards that a file keeps which needs no profile of a press.
const STANDARDS: [&str; 3] = ["ua1", "a2a", "a3a"];
/// The charsets of the Encoding Standard by their names.
const CHARSETS: [&str; 39] = [
    "utf-8",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "utf-16be",
    "utf-16le",
    "x-user-defined",
];

/// Schema of a parameter, and what it says where the command line's help does not fit. `None` for one that nobody has
/// described.
pub(super) fn described(argument: &Arg) -> Option<(Value, Option<&'static str>)> {
    let name = argument.get_long()?;
    let heading = argument.get_help_heading().unwrap_or_default();
    let plain = |schema| Some((schema, None));
    if !argument.get_action().takes_values() {
        return plain(json!({ "type": "boolean", "default": false }));
    }
    let choices: Vec<String> = argument.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    if !choices.is_empty() {
        let schema = json!({ "type": "string", "enum": choices });
        return plain(with_default(argument, schema));
    }
    if heading == "Look"
        && let Some((least, most)) = Settings::bounds(name)
    {
        let whole = name == "size" || name == "width";
        return plain(if whole { integer(least as u64, most as u64) } else { number(least, most) });
    }
    plain(match name {
        "url" | "base-url" => {
            json!({ "type": "string", "pattern": ADDRESS, "examples": ["https://www.example.ru/news/1"] })
        }
        "charset" => {
            return Some((
                one_of(&CHARSETS),
                Some(
                    "Charset of the page, against its labels and its bytes; other labels of the Encoding Standard are understood too",
                ),
            ));
        }
        "lang" => json!({ "type": "string", "pattern": LANGUAGE, "maxLength": 35, "examples": ["ru", "en-GB"] }),
        "max-input" | "max-image-bytes" => json!({ "type": "string", "pattern": SIZE, "examples": ["2MiB", "500000"] }),
        "max-depth" => within(&LimitArgs::DEPTH),
        "timeout" => integer(*LimitArgs::TIMEOUT.start(), *LimitArgs::TIMEOUT.end()),
        "max-elements" | "max-images" | "max-image-pixels" | "max-pages" => integer(0, usize::MAX as u64),
        "follow" => integer(1, usize::MAX as u64),
        "theme" => {
            let names: Vec<&str> = Screen::all().iter().map(|s| s.name.as_str()).collect();
            let schema = json!({ "type": "string", "enum": names, "default": Screen::DEFAULT });
            return Some((schema, Some("Theme, one of /v1/themes; not beside colors")));
        }
        "style" => {
            let schema = json!({ "type": "string", "enum": styles(), "default": "standard" });
            return Some((schema, Some("Print style, one of /v1/themes")));
        }
        "profile" => json!({ "type": "string", "enum": styles() }),
        "font" => one_of(&Font::ALL.map(Font::name)),
        "images" => one_of(Images::NAMES),
        "colors" => {
            let schema = json!({ "type": "string", "pattern": COLORS, "examples": ["ffffff,000000,9fd8ff", "#000,#fff,#0b3d91"] });
            return Some((
                schema,
                Some("Your own colours for text, background and links, each pair at least 7:1; not beside theme"),
            ));
        }
        "paper" => {
            let names: Vec<&str> = Paper::names().collect();
            json!({ "type": "string", "anyOf": [{ "enum": names }, { "pattern": SHEET }], "examples": ["a4", "148x210mm"] })
        }
        "color" => one_of(ColorMode::NAMES),
        "links" => one_of(Links::NAMES),
        "conform" => one_of(&STANDARDS),
        "size" => {
            let about = "Size of the body text in points, so far as the style's guideline allows";
            return Some((points(&Overrides::SIZES), Some(about)));
        }
        "columns" => integer(u64::from(*Overrides::COLUMNS.start()), u64::from(*Overrides::COLUMNS.end())),
        "bleed" => {
            return Some((points(&Overrides::BLEED), Some("Bleed on every side, in millimetres")));
        }
        "dpi" if heading == "Preview" => with_default(argument, within(&SheetRange::DPI)),
        "dpi" => within(&PdfArgs::DPI),
        "page" => {
            let schema = json!({ "type": "integer", "minimum": 1, "maximum": usize::MAX as u64, "default": 1 });
            return Some((schema, Some("The page that is drawn, counted from 1; not beside contact-sheet")));
        }
        _ => return None,
    })
}

fn styles() -> Vec<String> {
    PrintStyle::all().into_iter().map(|style| style.name).collect()
}

fn one_of(names: &[&str]) -> Value {
    json!({ "type": "string", "enum": names })
}

fn integer(least: u64, most: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}

fn within(range: &RangeInclusive<i64>) -> Value {
    json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() })
}

fn number(least: f64, most: f64) -> Value {
    json!({ "type": "number", "minimum": least, "maximum": most })
}

fn points(range: &RangeInclusive<f32>) -> Value {
    number(f64::from(*range.start()), f64::from(*range.end()))
}

/// With what holds where nothing is said.
fn with_default(argument: &Arg, mut schema: Value) -> Value {
    if let Some(default) = argument.get_default_values().first().and_then(|v| v.to_str()) {
        schema["default"] = match (schema["type"].as_str(), default.parse::<u64>()) {
            (Some("integer"), Ok(number)) => number.into(),
            _ => default.into(),
        };
    }
    schema
}
