//! Sizes of paper.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Width and height of a sheet in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Paper {
    /// Width in millimetres.
    pub width: f32,
    /// Height in millimetres.
    pub height: f32,
}

pub(super) const PAPERS: [(&str, Paper); 6] = [
    ("a4", Paper { width: 210.0, height: 297.0 }),
    ("a5", Paper { width: 148.0, height: 210.0 }),
    ("a3", Paper { width: 297.0, height: 420.0 }),
    ("letter", Paper { width: 215.9, height: 279.4 }),
    ("legal", Paper { width: 215.9, height: 355.6 }),
    ("tabloid", Paper { width: 279.4, height: 431.8 }),
];

impl Paper {
    /// The names that a size of paper can be given by.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PAPERS.iter().map(|(name, _)| *name)
    }
}

impl FromStr for Paper {
    type Err = String;

    /// Reads a name or `WxHmm`, as in `200x280mm`.
    fn from_str(text: &str) -> Result<Self, String> {
        let lower = text.trim().to_lowercase();
        if let Some((_, paper)) = PAPERS.iter().find(|(name, _)| *name == lower) {
            return Ok(*paper);
        }
        let number = |s: &str| s.trim().parse::<f32>().ok().filter(|n| n.is_finite());
        let sides = lower.strip_suffix("mm").and_then(|s| s.split_once(['x', '×', 'х']));
        let Some((Some(width), Some(height))) = sides.map(|(w, h)| (number(w), number(h))) else {
            return Err(format!(
                "{text:?} is not a paper size; use a4, a5, a3, letter, legal, tabloid or WxHmm, as in 200x280mm"
            ));
        };
        if !(50.0..=2000.0).contains(&width) || !(50.0..=2000.0).contains(&height) {
            return Err(format!("a paper of {text} cannot be set; each side is 50 to 2000 mm"));
        }
        Ok(Self { width, height })
    }
}

impl fmt::Display for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match PAPERS.iter().find(|(_, paper)| paper == self) {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "{}x{}mm", self.width, self.height),
        }
    }
}

impl Serialize for Paper {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Paper {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
