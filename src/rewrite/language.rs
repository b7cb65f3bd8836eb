//! The language of a page: what it says of itself, unless its letters say otherwise.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

/// A BCP 47 tag for the page. A declared language counts if it is written in the script that the text is written in:
/// many Russian pages carry the `en-US` of the program that made them.
pub(super) fn settle(declared: Option<&str>, sample: &str) -> String {
    let detected = detect(sample);
    let declared = declared.map(|tag| tag.trim().replace('_', "-")).filter(|tag| super::element::is_language_tag(tag));
    match (declared, detected) {
        (Some(declared), Some(detected)) if is_cyrillic(&declared) == is_cyrillic(detected) || !decides(detected) => {
            declared
        }
        (_, Some(detected)) => detected.to_owned(),
        (Some(declared), None) => declared,
        (None, None) => "und".to_owned(),
    }
}

/// Whether a detected language may overrule a declared one: only its script is certain enough.
fn decides(detected: &str) -> bool {
    is_cyrillic(detected) || matches!(detected, "el" | "zh" | "ja" | "ko" | "he" | "ar" | "en")
}

fn is_cyrillic(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let latin = tag.split('-').nth(1).is_some_and(|script| script.eq_ignore_ascii_case("latn"));
    !latin
        && matches!(
            primary.as_str(),
            "ru" | "uk"
                | "be"
                | "bg"
                | "sr"
                | "mk"
                | "kk"
                | "ky"
                | "tg"
                | "mn"
                | "tt"
                | "ba"
                | "cv"
                | "os"
                | "sah"
                | "udm"
                | "ce"
                | "av"
        )
}

/// The language by its letters and, among those written in Latin, by its commonest words.
fn detect(sample: &str) -> Option<&'static str> {
    let (mut cyrillic, mut latin, mut greek, mut han, mut kana, mut hangul, mut hebrew, mut arabic) =
        (0, 0, 0, 0, 0, 0, 0, 0);
    let (mut ukrainian, mut belarusian, mut bulgarian, mut russian) = (0, 0, 0, 0);
    for c in sample.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => latin += 1,
            '\u{400}'..='\u{52f}' => {
                cyrillic += 1;
                match c {
                    'і' | 'ї' | 'є' | 'ґ' => ukrainian += 1,
                    'ў' => belarusian += 1,
                    'ъ' | 'щ' => bulgarian += 1,
                    'ы' | 'э' | 'ё' => russian += 1,
                    _ => {}
                }
            }
            '\u{370}'..='\u{3ff}' => greek += 1,
            '\u{4e00}'..='\u{9fff}' => han += 1,
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            '\u{590}'..='\u{5ff}' => hebrew += 1,
            '\u{600}'..='\u{6ff}' => arabic += 1,
            _ => {}
        }
    }
    let most =
        [cyrillic, latin, greek, 3 * han, 3 * kana, hangul, hebrew, arabic].into_iter().max().unwrap_or_default();
    if most < 20 {
        return None;
    }
    if 20 * kana > han && kana > 0 && 3 * (han + kana) >= most {
        return Some("ja");
    }
    if most == cyrillic {
        return Some(if belarusian > 0 && russian > 0 {
            "be"
        } else if ukrainian * 50 > cyrillic {
            "uk"
        } else if russian * 200 < cyrillic && bulgarian * 100 > cyrillic {
            "bg"
        } else {
            "ru"
        });
    }
    let scripts = [(greek, "el"), (3 * han, "zh"), (hangul, "ko"), (hebrew, "he"), (arabic, "ar")];
    if let Some((_, language)) = scripts.into_iter().find(|(count, _)| *count == most) {
        return Some(language);
    }
    latin_language(sample)
}

/// Words that every text has, and few other languages.
const COMMON: [(&str, &[&str]); 9] = [
    ("en", &["the", "and", "of", "to", "is", "that", "for", "with", "was"]),
    ("de", &["der", "die", "und", "das", "ist", "nicht", "mit", "den", "ein"]),
    ("fr", &["les", "des", "et", "est", "une", "dans", "pour", "que", "du"]),
    ("es", &["los", "las", "el", "que", "por", "una", "con", "del", "para"]),
    ("it", &["il", "che", "di", "della", "per", "non", "sono", "gli", "nel"]),
    ("pl", &["nie", "się", "jest", "na", "że", "do", "oraz", "przez", "jak"]),
    ("pt", &["os", "que", "não", "uma", "para", "com", "dos", "em", "mais"]),
    ("nl", &["het", "een", "van", "en", "niet", "dat", "zijn", "voor", "op"]),
    ("tr", &["ve", "bir", "bu", "için", "ile", "olarak", "çok", "daha", "olan"]),
];

/// Bytes of the longest of them, in whatever case it stands.
const LONGEST_COMMON: usize = 10;

/// Which of the languages each of these words is of, as bits.
fn common_words() -> &'static HashMap<&'static str, u16, RandomState> {
    static WORDS: OnceLock<HashMap<&'static str, u16, RandomState>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = HashMap::default();
        for (at, (_, common)) in COMMON.iter().enumerate() {
            for &word in *common {
                *words.entry(word).or_default() |= 1 << at;
            }
        }
        words
    })
}

fn latin_language(sample: &str) -> Option<&'static str> {
    let common = common_words();
    let mut counts = [0_u32; COMMON.len()];
    for word in sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(1500) {
        if word.len() > LONGEST_COMMON {
            continue;
        }
        let is_small = word.bytes().all(|byte| byte.is_ascii_lowercase());
        let languages = if is_small { common.get(word) } else { common.get(word.to_lowercase().as_str()) };
        if let Some(languages) = languages {
            for (at, count) in counts.iter_mut().enumerate() {
                *count += u32::from(languages >> at & 1);
            }
        }
    }
    let (at, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (*most >= 3).then_some(COMMON[at].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &str = "В районной библиотеке открылся новый читальный зал, и теперь книги стоят у входа.";
    const ENGLISH: &str = "The district library has opened a new reading room, and books in large letters now stand \
                           beside the entrance, so that everybody finds what is needed for the winter.";

    #[test]
    fn letters_overrule_a_wrong_declaration() {
        assert_eq!(settle(Some("en-US"), RUSSIAN), "ru");
        assert_eq!(settle(Some("ru-RU"), RUSSIAN), "ru-RU");
        assert_eq!(settle(Some("ru"), ENGLISH), "en");
        assert_eq!(settle(Some("en_GB"), ENGLISH), "en-GB");
    }

    #[test]
    fn an_undeclared_language_is_told_by_letters_and_words() {
        assert_eq!(settle(None, RUSSIAN), "ru");
        assert_eq!(settle(Some("<script>"), ENGLISH), "en");
        assert_eq!(
            settle(None, "Міська бібліотека відкрила нову читальну залу, і тепер книжки стоять біля входу."),
            "uk"
        );
        assert_eq!(settle(None, "1 2 3"), "und");
        assert_eq!(settle(Some("tt"), RUSSIAN), "tt");
    }
}
