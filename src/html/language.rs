//! The language of a page: what it says of itself, weighed against what its letters and words say.

use std::collections::HashMap;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

/// A BCP 47 tag, as far as its form goes.
pub(crate) fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    // A charset stands there as often as it should not.
    let is_language = |p: &str| (2..=8).contains(&p.len()) && !p.eq_ignore_ascii_case("utf");
    parts.next().is_some_and(|p| is_language(p) && p.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// A BCP 47 tag for a page. A declared language counts unless the text says otherwise: many Russian pages carry the
/// `en-US` of the program that made them, and pages in Kazakh or Tatar the `ru` of their site.
pub(crate) fn settle(declared: Option<&str>, sample: &str) -> String {
    let declared = declared.map(|tag| tag.trim().replace('_', "-")).filter(|tag| is_tag(tag));
    let letters = Letters::of(sample);
    match (declared, letters.language(sample)) {
        (Some(declared), Some(detected)) if letters.belie(&declared, detected, sample) => detected.to_owned(),
        (Some(declared), _) => declared,
        (None, Some(detected)) => detected.to_owned(),
        (None, None) => "und".to_owned(),
    }
}

/// Whether a text can be in a language by the script that it is written in.
pub(crate) fn may_be(tag: &str, text: &str) -> bool {
    let letters = Letters::of(text);
    letters.most() < 3 || letters.script() == script_of(tag)
}

/// Scripts that languages are told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
    /// Chinese and Japanese.
    Han,
    Hangul,
    Hebrew,
    Arabic,
}

/// The script that a language is written in.
fn script_of(tag: &str) -> Script {
    let mut parts = tag.split(['-', '_']);
    let primary = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        match part.to_ascii_lowercase().as_str() {
            "latn" => return Script::Latin,
            "cyrl" => return Script::Cyrillic,
            "arab" => return Script::Arabic,
            _ => {}
        }
    }
    match primary.as_str() {
        "ru" | "uk" | "be" | "bg" | "sr" | "mk" | "kk" | "ky" | "tg" | "mn" | "tt" | "ba" | "cv" | "os" | "sah"
        | "udm" | "ce" | "av" | "mhr" | "mrj" | "kv" | "koi" | "myv" | "mdf" | "ab" | "ady" | "kbd" | "inh" | "lez"
        | "dar" | "kum" | "nog" | "krc" | "alt" | "tyv" | "kjh" | "bua" | "xal" | "yrk" | "rue" | "cu" => {
            Script::Cyrillic
        }
        "el" => Script::Greek,
        "zh" | "ja" | "yue" => Script::Han,
        "ko" => Script::Hangul,
        "he" | "yi" | "iw" => Script::Hebrew,
        "ar" | "fa" | "ur" | "ug" | "ps" | "ckb" => Script::Arabic,
        _ => Script::Latin,
    }
}

/// Letters that languages written in Cyrillic have and Russian has not; the first that fits names the language. Of each
/// kind: the language, letters that are its own among those below it, and all that it has besides the Russian ones.
const CYRILLIC: [(&str, &str, &str); 16] = [
    ("kk", "ұ", "әғқңөұүһі"),
    ("ba", "ҙҡ", "ғҙҡңөҫүһә"),
    ("cv", "ӑӗӳ", "ӑӗҫӳ"),
    ("tg", "ӣӯҷ", "ғӣқӯҳҷ"),
    ("udm", "ӝӟӵ", "ӝӟӥӧӵ"),
    ("sah", "ҕ", "ҕҥөһү"),
    ("mhr", "ӱ", "ҥӧӱ"),
    ("os", "ӕ", "ӕ"),
    ("uz", "ҳ", "ўқғҳ"),
    ("kk", "қғ", "әғқңөұүһі"),
    ("tt", "җ", "әҗңөүһ"),
    ("tt", "ә", "әҗңөүһ"),
    ("ky", "ң", "ңөү"),
    ("mn", "өү", "өү"),
    ("mk", "ѓќѕ", "ѓѕјљњќџ"),
    ("sr", "ђћјљњ", "ђјљњћџ"),
];

/// Letters of a sample, by script and by what they tell.
#[derive(Default)]
struct Letters {
    cyrillic: u32,
    latin: u32,
    greek: u32,
    han: u32,
    kana: u32,
    hangul: u32,
    hebrew: u32,
    arabic: u32,
    /// Of the Cyrillic ones: і ї є ґ; ї є ґ; ў; ъ as a vowel; ы э ё.
    ukrainian: u32,
    only_ukrainian: u32,
    belarusian: u32,
    bulgarian: u32,
    russian: u32,
    /// Cyrillic letters of no Slavic language, each once.
    others: Vec<(char, u32)>,
}

impl Letters {
    fn of(sample: &str) -> Self {
        let mut letters = Self::default();
        let mut after_hard_sign = false;
        for c in sample.chars() {
            // Russian writes it before these alone, where Bulgarian has a vowel.
            letters.bulgarian += u32::from(after_hard_sign && !"еёюяЕЁЮЯ".contains(c));
            after_hard_sign = matches!(c, 'ъ' | 'Ъ');
            match c {
                'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => letters.latin += 1,
                '\u{400}'..='\u{52f}' => {
                    letters.cyrillic += 1;
                    letters.cyrillic_letter(c);
                }
                '\u{370}'..='\u{3ff}' => letters.greek += 1,
                '\u{4e00}'..='\u{9fff}' => letters.han += 1,
                '\u{3040}'..='\u{30ff}' => letters.kana += 1,
                '\u{ac00}'..='\u{d7af}' => letters.hangul += 1,
                '\u{590}'..='\u{5ff}' => letters.hebrew += 1,
                '\u{600}'..='\u{6ff}' => letters.arabic += 1,
                _ => {}
            }
        }
        letters
    }

    fn cyrillic_letter(&mut self, c: char) {
        if ('а'..='я').contains(&c) && !matches!(c, 'ъ' | 'щ' | 'ы' | 'э') {
            return;
        }
        match c {
            'і' | 'І' => self.ukrainian += 1,
            'ї' | 'є' | 'ґ' | 'Ї' | 'Є' | 'Ґ' => {
                self.ukrainian += 1;
                self.only_ukrainian += 1;
            }
            'ў' | 'Ў' => self.belarusian += 1,
            'ъ' | 'Ъ' | 'щ' | 'Щ' => {}
            'ы' | 'э' | 'ё' => self.russian += 1,
            'А'..='Я' | 'Ё' => return,
            _ => {}
        }
        if matches!(c, '\u{450}'..='\u{52f}' | '\u{402}'..='\u{40f}') {
            let small = c.to_lowercase().next().unwrap_or(c);
            match self.others.iter_mut().find(|(other, _)| *other == small) {
                Some((_, n)) => *n += 1,
                None => self.others.push((small, 1)),
            }
        }
    }

    fn most(&self) -> u32 {
        let scripts = [self.cyrillic, self.latin, self.greek, 3 * self.han, 3 * self.kana, self.hangul, self.hebrew];
        scripts.into_iter().max().unwrap_or_default().max(self.arabic)
    }

    fn script(&self) -> Script {
        let most = self.most();
        let counts = [
            (self.cyrillic, Script::Cyrillic),
            (self.latin, Script::Latin),
            (self.greek, Script::Greek),
            (3 * self.han.max(self.kana), Script::Han),
            (self.hangul, Script::Hangul),
            (self.hebrew, Script::Hebrew),
        ];
        counts.into_iter().find(|(count, _)| *count == most).map_or(Script::Arabic, |(_, script)| script)
    }

    /// How many there are of these letters.
    fn count(&self, of: &str) -> u32 {
        self.others.iter().filter(|(c, _)| of.contains(*c)).map(|(_, n)| n).sum()
    }

    /// The language by its letters and, among those written in Latin, by its commonest words.
    fn language(&self, sample: &str) -> Option<&'static str> {
        if self.most() < 20 {
            return None;
        }
        if 20 * self.kana > self.han && self.kana > 0 && 3 * (self.han + self.kana) >= self.most() {
            return Some("ja");
        }
        Some(match self.script() {
            Script::Cyrillic => self.of_cyrillic(),
            Script::Greek => "el",
            Script::Han => "zh",
            Script::Hangul => "ko",
            Script::Hebrew => "he",
            Script::Arabic => "ar",
            Script::Latin => return latin_language(sample).map(|(language, _)| language),
        })
    }

    fn of_cyrillic(&self) -> &'static str {
        let all = self.cyrillic;
        if self.belarusian * 200 > all && self.russian > 0 && self.count("қғҳ") * 400 < all {
            return "be";
        }
        if self.only_ukrainian * 400 > all {
            return "uk";
        }
        // One letter in fifty of those that Russian has not, and one that only this language has.
        let own = CYRILLIC
            .iter()
            .find(|(_, telling, letters)| self.count(telling) * 400 > all && self.count(letters) * 60 > all);
        if let Some((language, _, _)) = own {
            return language;
        }
        if self.ukrainian * 50 > all {
            "uk"
        } else if self.russian * 200 < all && self.bulgarian * 100 > all {
            "bg"
        } else {
            "ru"
        }
    }

    /// Whether the text is so surely not in the language declared for it that the detected one counts.
    fn belie(&self, declared: &str, detected: &str, sample: &str) -> bool {
        let primary = declared.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if primary == detected {
            return false;
        }
        let script = script_of(declared);
        if self.script() != script {
            // Of a Latin text in a Cyrillic page only English is certain: names and addresses are Latin too.
            return self.script() != Script::Latin || detected == "en";
        }
        match script {
            Script::Cyrillic => {
                // Letters that are no Russian ones tell; that there are none tells in a text of some length.
                let known = CYRILLIC.iter().find(|(language, _, _)| *language == primary);
                let lacks = known.is_some_and(|(_, _, letters)| self.cyrillic >= 400 && self.count(letters) == 0);
                let foreign = CYRILLIC.iter().any(|(language, _, _)| *language == detected);
                let slavic = matches!(primary.as_str(), "ru" | "uk" | "be" | "bg");
                lacks
                    || slavic
                        && (foreign
                            || matches!(detected, "uk" | "be")
                            || detected == "ru" && self.russian * 100 > self.cyrillic)
            }
            Script::Latin => {
                let Some((_, found)) = latin_language(sample) else { return false };
                let own = COMMON.iter().position(|(language, _)| *language == primary);
                own.is_some_and(|own| found[own] * 4 < found.iter().copied().max().unwrap_or(0))
                    && found.iter().any(|n| *n >= 12)
            }
            Script::Han => detected == "ja" || primary == "ja" && self.kana == 0 && self.han > 100,
            _ => false,
        }
    }
}

/// Words that every text has, and few other languages.
const COMMON: [(&str, &[&str]); 12] = [
    ("en", &["the", "and", "of", "to", "is", "that", "for", "with", "was"]),
    ("de", &["der", "die", "und", "das", "ist", "nicht", "mit", "den", "ein"]),
    ("fr", &["les", "des", "et", "est", "une", "dans", "pour", "que", "du"]),
    ("es", &["los", "las", "el", "que", "por", "una", "con", "del", "para"]),
    ("it", &["il", "che", "di", "della", "per", "non", "sono", "gli", "nel"]),
    ("pl", &["nie", "się", "jest", "na", "że", "do", "oraz", "przez", "jak"]),
    ("pt", &["os", "que", "não", "uma", "para", "com", "dos", "em", "mais"]),
    ("nl", &["het", "een", "van", "en", "niet", "dat", "zijn", "voor", "op"]),
    ("sv", &["och", "att", "det", "som", "är", "för", "inte", "med", "av"]),
    ("cs", &["je", "se", "že", "na", "jsou", "nebo", "jako", "který", "podle"]),
    ("fi", &["ja", "on", "ei", "että", "oli", "mutta", "joka", "myös", "kun"]),
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

/// The language with the most of its commonest words, and how many there are of each language's.
fn latin_language(sample: &str) -> Option<(&'static str, [u32; COMMON.len()])> {
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
    (*most >= 2).then_some((COMMON[at].0, counts))
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

    #[test]
    fn a_russian_text_that_happens_to_lack_its_own_letters_is_no_bulgarian() {
        let text = "Мост через Велгу назвали \"Паромщик\" в память о переправе, которая служила городу сорок лет.";
        assert_eq!(settle(None, text), "ru");
        assert_eq!(settle(None, "В подъезде на съезде объявили о помощи, и товарищ Щукин ещё раз обещал её."), "ru");
    }

    /// The same few sentences about a library, as each language's own letters have them.
    const OTHERS: [(&str, &str); 9] = [
        ("uk", "Міська бібліотека відкрила нову читальну залу, і тепер книжки з великими літерами стоять біля входу."),
        ("be", "Гарадская бібліятэка адчыніла новую чытальную залу, і цяпер кнігі стаяць каля ўваходу ў будынак."),
        (
            "kk",
            "Аудандық кітапханада жаңа оқу залы ашылды, енді үлкен әріпті кітаптар кіреберісте тұр, бұл оқырманға ыңғайлы.",
        ),
        ("tt", "Район китапханәсендә яңа уку залы ачылды, хәзер зур хәрефле китаплар ишек янында тора, җиңел табыла."),
        ("ba", "Район китапханаһында яңы уҡыу залы асылды, хәҙер ҙур хәрефле китаптар ишек янында тора, еңел табыла."),
        ("cv", "Район библиотекинче ҫӗнӗ вулав залӗ уҫӑлнӑ, халӗ пысӑк саспаллиллӗ кӗнекесем алӑк патӗнче тӑраҫҫӗ."),
        (
            "ky",
            "Райондук китепканада жаңы окуу залы ачылды, эми чоң тамгалуу китептер кире бериште турат, окурманга ыңгайлуу.",
        ),
        (
            "bg",
            "Районната библиотека отвори нова читалня и сега книгите с едър шрифт стоят до входа, за да ги намират всички.",
        ),
        (
            "sr",
            "Градска библиотека је отворила нову читаоницу, и сада књиге с великим словима стоје поред улаза, да их сви нађу.",
        ),
    ];

    #[test]
    fn the_letters_of_a_language_outweigh_the_label_of_its_site() {
        for (language, text) in OTHERS {
            assert_eq!(settle(None, text), language, "{text}");
            if language != "bg" {
                assert_eq!(settle(Some("ru-RU"), text), language, "{text}");
            }
            assert_eq!(settle(Some("en"), text), language, "{text}");
            assert_eq!(settle(Some(language), text), language, "{text}");
        }
    }

    #[test]
    fn a_long_text_without_any_letter_of_a_language_is_not_in_it() {
        assert_eq!(settle(Some("tt"), &RUSSIAN.repeat(8)), "ru");
        assert_eq!(settle(Some("uk"), &RUSSIAN.repeat(8)), "ru");
        let polish = "Biblioteka otworzyła nową czytelnię i teraz książki z dużymi literami stoją przy wejściu, a \
                      czytelnicy, którzy nie widzą dobrze, znajdują je na dole, jak jest napisane na drzwiach. ";
        assert_eq!(settle(Some("en-US"), &polish.repeat(6)), "pl");
        assert_eq!(settle(Some("en-US"), "Książki stoją przy wejściu."), "en-US");
    }

    #[test]
    fn a_label_of_another_script_is_none() {
        assert!(may_be("en", ENGLISH) && may_be("fr", ENGLISH) && may_be("ru", RUSSIAN));
        assert!(!may_be("en", RUSSIAN) && !may_be("ru", ENGLISH) && may_be("sr-Latn", ENGLISH));
    }
}
