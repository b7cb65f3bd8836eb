//! Where words must not part: hyphenation by language, and the spaces at which no line should end.

use hypher::Lang;

use super::characters::is_letter;
use crate::phrases::is_month;

/// A glue that no line ends at.
pub(crate) const NEVER: i32 = 10_000;

/// Bytes of a word at which it may be divided, for the language of the text and the script of the word.
///
/// At least two letters stay before and three after; abbreviations (more than one capital) are left whole.
pub(crate) fn hyphens(word: &str, lang: &str) -> Vec<usize> {
    let count = word.chars().count();
    if !(5..=60).contains(&count) || word.chars().filter(|c| is_capital(*c)).count() > 1 {
        return Vec::new();
    }
    let Some(lang) = patterns(word, lang) else { return Vec::new() };
    let (left, right) = lang.bounds();
    let mut at = 0;
    let mut joints: Vec<usize> = hypher::hyphenate_bounded(word, lang, left.max(2), right.max(3))
        .map(|syllable| {
            at += syllable.len();
            at
        })
        .collect();
    joints.pop();
    joints
}

fn is_capital(c: char) -> bool {
    !matches!(c, 'a'..='z' | 'а'..='я') && c.is_uppercase()
}

/// The patterns for a word: the text's language where it is written in the word's script, else that script's usual one.
fn patterns(word: &str, lang: &str) -> Option<Lang> {
    let cyrillic = word.chars().any(|c| ('\u{400}'..='\u{52F}').contains(&c));
    let latin = word.chars().any(|c| c.is_ascii_alphabetic() || ('\u{C0}'..='\u{24F}').contains(&c));
    let greek = word.chars().any(|c| ('\u{370}'..='\u{3FF}').contains(&c));
    match (cyrillic, latin, greek) {
        (true, false, false) => Some(match primary(lang) {
            "uk" => Lang::Ukrainian,
            "be" => Lang::Belarusian,
            "bg" => Lang::Bulgarian,
            _ => Lang::Russian,
        }),
        (false, true, false) => Some(match primary(lang) {
            "de" => Lang::German,
            "fr" => Lang::French,
            "es" => Lang::Spanish,
            "it" => Lang::Italian,
            "pl" => Lang::Polish,
            // Latin words in a text of another script are most often English; in other Latin languages the patterns
            // would be wrong, so their words stay whole.
            "en" | "ru" | "uk" | "be" | "bg" | "el" => Lang::English,
            _ => return None,
        }),
        (false, false, true) => Some(Lang::Greek),
        _ => None,
    }
}

fn primary(lang: &str) -> &str {
    lang.split(['-', '_']).next().unwrap_or("")
}

/// Whether no line ends after the slash before this place: units of measurement and pairs of short words are one word
/// («км/ч», «и/или»). Addresses, which have more slashes, may be divided at each.
pub(crate) fn slash_holds(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].strip_suffix('/'), text.get(at..)) else { return false };
    let short = |letters: &mut dyn Iterator<Item = char>| {
        let count = letters.take_while(|c| c.is_alphanumeric()).take(4).count();
        (1..=2).contains(&count)
    };
    let space = |c: char| c.is_whitespace();
    let slashes = before.chars().rev().take_while(|c| !space(*c)).chain(after.chars().take_while(|c| !space(*c)));
    slashes.filter(|c| *c == '/').count() == 0 && (short(&mut before.chars().rev()) || short(&mut after.chars()))
}

/// How bad a line end is at the space between two words: 0 is free, [`NEVER`] forbidden.
///
/// After Milchin's rules for Russian setting: initials stay with the name, a number with its unit, № with its number, a
/// dash with the word before it, a particle with its word, and a preposition or conjunction of one or two letters
/// should stand with the word it belongs to.
pub(crate) fn glue_penalty(before: &str, after: &str, lang: &str) -> i32 {
    if before.is_empty() || after.is_empty() {
        return 0;
    }
    let digits = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
    let opened = before.trim_start_matches(|c: char| !(is_letter(c) || c.is_numeric()));
    if after.starts_with(['—', '–', '―']) && after.chars().count() == 1 {
        return NEVER;
    }
    if before.ends_with(['№', '§']) {
        return NEVER;
    }
    if before.ends_with(|c: char| c.is_ascii_digit()) {
        let unit = after.trim_end_matches(|c: char| c.is_ascii_punctuation());
        let group = digits(unit) && unit.len() == 3 && digits(opened) && opened.len() <= 3;
        if group || after.starts_with(['%', '‰', '°', '₽', '$', '€']) || UNITS.contains(&unit) {
            return NEVER;
        }
        // A day and its month, a number and its noun.
        if opened.len() <= 2 && is_month(unit) {
            return NEVER;
        }
    }
    let initial = |s: &str| {
        let mut chars = s.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.') && chars.next().is_none()
    };
    if initial(opened) && after.starts_with(char::is_uppercase) {
        return NEVER;
    }
    if initial(after.trim_end_matches(',')) && opened.starts_with(char::is_uppercase) {
        return 300;
    }
    if opened.ends_with('.') && SHORTENED.contains(&opened) {
        return NEVER;
    }
    if matches!(primary(lang), "ru" | "uk" | "be" | "bg") {
        let particle = after.trim_end_matches(|c: char| c.is_ascii_punctuation());
        if matches!(particle, "бы" | "б" | "же" | "ж" | "ли" | "ль") {
            return 1_000;
        }
        // Two letters of Cyrillic have four bytes.
        let letters = if opened.len() > 8 { 8 } else { opened.chars().count() };
        if letters <= 2 && opened.chars().all(is_letter) && !opened.is_empty() {
            return if letters == 1 { 500 } else { 120 };
        }
    } else if opened.chars().count() == 1 && opened.chars().all(char::is_alphabetic) {
        return 50;
    }
    0
}

const UNITS: [&str; 36] = [
    "г", "гг", "в", "вв", "г.", "руб", "коп", "тыс", "млн", "млрд", "трлн", "кг", "мг", "км", "м", "см", "мм", "га",
    "кв", "куб", "л", "мл", "шт", "чел", "ч", "мин", "сек", "°C", "kg", "km", "mm", "cm", "pt", "am", "pm", "million",
];

const SHORTENED: [&str; 36] = [
    "г.",
    "гг.",
    "ул.",
    "пр.",
    "пл.",
    "пер.",
    "д.",
    "кв.",
    "корп.",
    "стр.",
    "с.",
    "п.",
    "пп.",
    "ст.",
    "гл.",
    "рис.",
    "табл.",
    "см.",
    "им.",
    "тов.",
    "проф.",
    "акад.",
    "доц.",
    "о.",
    "св.",
    "пос.",
    "дер.",
    "обл.",
    "тел.",
    "Mr.",
    "Mrs.",
    "Ms.",
    "Dr.",
    "St.",
    "No.",
    "p.",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(word: &str, lang: &str) -> String {
        let mut text = word.to_owned();
        for at in hyphens(word, lang).into_iter().rev() {
            text.insert(at, '-');
        }
        text
    }

    #[test]
    fn words_are_divided_by_their_language() {
        assert_eq!(divided("библиотека", "ru"), "биб-лио-те-ка".replace("-ка", "ка"));
        assert_eq!(divided("typography", "en"), "ty-pog-ra-phy");
        assert_eq!(divided("typography", "ru"), "ty-pog-ra-phy");
        for whole in ["дом", "ООО", "МЧС", "СССР", "мир"] {
            assert_eq!(divided(whole, "ru"), whole);
        }
    }

    #[test]
    fn a_unit_of_measurement_is_not_divided_at_its_slash() {
        let holds = |word: &str| slash_holds(word, word.find('/').expect("a slash") + 1);
        for whole in ["20 км/ч.", "и/или", "м/с", "1 200 руб./м²", "w/o"] {
            assert!(holds(whole), "{whole}");
        }
        for divided in ["физкультура/спорт", "example.ru/ru/news", "весна/лето"] {
            assert!(!holds(divided), "{divided}");
        }
    }

    #[test]
    fn very_long_words_do_not_stop_hyphenation() {
        let _ = hyphens(&"водогрязеторфопарафинолечение".repeat(2), "ru");
        assert!(hyphens(&"ы".repeat(10_000), "ru").is_empty());
    }

    #[test]
    fn russian_spaces_that_hold() {
        for (before, after) in [
            ("Завод", "—"),
            ("№", "5"),
            ("10", "000"),
            ("2026", "г."),
            ("А.", "Пушкин"),
            ("ул.", "Ленина"),
            ("5", "млн"),
        ] {
            assert_eq!(glue_penalty(before, after, "ru"), NEVER, "{before} {after}");
        }
        assert!(glue_penalty("в", "городе", "ru") > glue_penalty("на", "улице", "ru"));
        assert_eq!(glue_penalty("большой", "город", "ru"), 0);
    }
}
