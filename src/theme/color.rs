//! Colours and their contrast after WCAG 2.2.

use std::fmt;
use std::str::FromStr;

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A contrast ratio, 1 to 21 (WCAG 2.2, 1.4.6).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Contrast(f64);

impl Rgb {
    /// Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance").
    pub fn luminance(self) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast of two colours; their order does not matter.
    pub fn contrast(self, other: Self) -> Contrast {
        let (a, b) = (self.luminance(), other.luminance());
        Contrast((a.max(b) + 0.05) / (a.min(b) + 0.05))
    }

    /// The colour nearest to this one that has at least `least` on `background`: it is moved towards black or white,
    /// whichever needs the smaller step. `None` where neither reaches it.
    pub fn nearest_passing(self, background: Self, least: Contrast) -> Option<Self> {
        if self.contrast(background) >= least {
            return Some(self);
        }
        let towards = |end: u8| {
            (1..=255_u32).find_map(|step| {
                let mix = |v: u8| ((u32::from(v) * (255 - step) + u32::from(end) * step + 127) / 255) as u8;
                let candidate = Self(mix(self.0), mix(self.1), mix(self.2));
                (candidate.contrast(background) >= least).then_some((step, candidate))
            })
        };
        [towards(0), towards(255)].into_iter().flatten().min_by_key(|(step, _)| *step).map(|(_, color)| color)
    }
}

impl Contrast {
    /// What every pair of text and background has in Clearprint, at every size (WCAG 2.2, 1.4.6, AAA).
    pub const TEXT: Self = Self(7.0);
    /// Borders, focus rings, icons (WCAG 2.2, 1.4.11).
    pub const NON_TEXT: Self = Self(3.0);

    /// The ratio's first number: 7.0 for 7:1.
    pub fn ratio(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Contrast {
    /// Two digits, but never rounded up to a threshold: 6.996 is shown as 6.99, because it is below 7.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 * 100.0).round() / 100.0;
        let passes_only_rounded = [Self::TEXT, Self::NON_TEXT].iter().any(|t| self.0 < t.0 && rounded >= t.0);
        write!(f, "{:.2}:1", if passes_only_rounded { rounded - 0.01 } else { rounded })
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Sheets hold many: two digits need no machinery of numbers.
        let digit = |number: u8| b"0123456789abcdef"[usize::from(number & 0xf)];
        let mut text = *b"#000000";
        for (digits, number) in text[1..].chunks_exact_mut(2).zip([self.0, self.1, self.2]) {
            digits.copy_from_slice(&[digit(number >> 4), digit(number)]);
        }
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl FromStr for Rgb {
    type Err = String;

    /// Reads `#rgb` or `#rrggbb`; the `#` may be missing, since shells and addresses take it for their own.
    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || format!("{s:?} is not a colour; write it as #rrggbb");
        let hex = s.strip_prefix('#').unwrap_or(s);
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let digit = |i: usize| u8::from_str_radix(&hex[i..=i], 16).expect("a hex digit");
        match hex.len() {
            3 => Ok(Self(digit(0) * 17, digit(1) * 17, digit(2) * 17)),
            6 => Ok(Self(digit(0) * 16 + digit(1), digit(2) * 16 + digit(3), digit(4) * 16 + digit(5))),
            _ => Err(wrong()),
        }
    }
}

impl<'de> serde::Deserialize<'de> for Rgb {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Rgb {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgb(s: &str) -> Rgb {
        s.parse().expect(s)
    }

    #[test]
    fn contrast_of_known_pairs() {
        for (fg, bg, shown) in [
            ("#000000", "#ffffff", "21.00:1"),
            ("#063462", "#9DD1FF", "7.76:1"),
            ("#4D4B43", "#F7F3D6", "7.80:1"),
            ("#777777", "#000000", "4.69:1"),
        ] {
            assert_eq!(rgb(fg).contrast(rgb(bg)).to_string(), shown, "{fg} on {bg}");
        }
    }

    #[test]
    fn nearest_passing_colour_passes_and_its_neighbour_does_not() {
        let background = rgb("#000");
        let found = rgb("#777777").nearest_passing(background, Contrast::TEXT).expect("white would pass");
        assert!(found.contrast(background) >= Contrast::TEXT);
        let darker = Rgb(found.0 - 1, found.1 - 1, found.2 - 1);
        assert!(darker.contrast(background) < Contrast::TEXT, "{found} is not the nearest");
    }

    #[test]
    fn colours_that_are_none() {
        for s in ["", "#", "red", "#12", "#12345g", "#1234567", "##ff0000", "жжж"] {
            assert!(s.parse::<Rgb>().is_err(), "{s}");
        }
    }
}
