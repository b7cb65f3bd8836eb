//! What a parameter may be: its schema, from the constants and the lists that its reading goes by.

use std::ops::RangeInclusive;

use clap::Arg;
use serde_json::{Value, json};

use crate::options::patterns::{ADDRESS, CHARSETS, COLORS, LANGUAGE, SHEET, SIZE, STANDARDS};
use crate::options::{LimitArgs, PdfArgs, SheetRange};
use crate::theme::{ColorMode, Font, Images, Links, Overrides, Paper, PrintStyle, Screen, Settings};

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
        "max-input" | "max-image-bytes" | "max-all-image-bytes" | "max-unpacked" => {
            json!({ "type": "string", "pattern": SIZE, "examples": ["2MiB", "500000"] })
        }
        "max-depth" => within(&LimitArgs::DEPTH),
        "timeout" => integer(*LimitArgs::TIMEOUT.start(), *LimitArgs::TIMEOUT.end()),
        "max-elements" | "max-images" | "max-image-pixels" | "max-pages" | "max-operations" => {
            integer(0, usize::MAX as u64)
        }
        "max-time" => number(0.01, 86_400.0),
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
