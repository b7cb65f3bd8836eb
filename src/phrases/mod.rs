//! Every word of ours that a reader sees, by language. A language is a file: a [`Phrases`] with all that is said in it,
//! which [`ALL`] lists. What operators read (errors, the API, help) is English and stands where it is said.
#![cfg_attr(
    not(all(feature = "cli", feature = "server")),
    allow(dead_code, reason = "a build without one of the doors says less")
)]

mod dates;
mod en;
mod kinds;
mod ru;

pub(crate) use kinds::{
    BookPhrases, Notice, NoticePhrases, PagePhrases, PanelPhrases, Phrases, PrintPhrases, StartPhrases,
};

/// All languages. The first serves who reads none of them.
const ALL: [&Phrases; 2] = [&en::ENGLISH, &ru::RUSSIAN];

/// Languages of a region where something is said in another way.
const REGIONAL: [(&str, &Phrases); 1] = [("US", &en::AMERICAN)];

impl Phrases {
    /// The phrases of a language; English where there are none.
    pub(crate) fn of(lang: &str) -> &'static Self {
        let mut parts = lang.split(['-', '_']);
        let primary = parts.next().unwrap_or_default();
        let own = ALL.into_iter().find(|phrases| phrases.lang.eq_ignore_ascii_case(primary)).unwrap_or(ALL[0]);
        let region = parts.next_back().unwrap_or_default();
        let regional = REGIONAL.into_iter().find(|(of, phrases)| *of == region && phrases.lang == primary);
        regional.map_or(own, |(_, phrases)| phrases)
    }

    /// The phrases that readers of a language understand, where there are any: its own, or those of one they read too.
    pub(crate) fn read_by(lang: &str) -> Option<&'static Self> {
        let primary = lang.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase();
        ALL.into_iter().find(|phrases| phrases.lang == primary || phrases.read_by.contains(&primary.as_str()))
    }

    /// As [`Self::read_by`]; English where there are none.
    pub(crate) fn for_readers_of(lang: &str) -> &'static Self {
        Self::read_by(lang).unwrap_or(ALL[0])
    }

    /// The phrases that readers of a site under a top-level domain understand; English where it tells nothing.
    pub(crate) fn of_domain(top_level: &str) -> &'static Self {
        ALL.into_iter().find(|phrases| phrases.domains.contains(&top_level)).unwrap_or(ALL[0])
    }

    /// What a browser asks for first, of what there is.
    pub(crate) fn asked_for(accept_language: &str) -> Option<&'static Self> {
        accept_language.split(',').find_map(|tag| Self::read_by(tag.split(';').next()?.trim()))
    }

    /// All others.
    pub(crate) fn others(&self) -> impl Iterator<Item = &'static Self> {
        ALL.into_iter().filter(|phrases| phrases.lang != self.lang)
    }

    /// Hundredths as the language writes them.
    pub(crate) fn decimal(&self, hundredths: u16) -> String {
        (f64::from(hundredths) / 100.0).to_string().replace('.', self.decimal_point.encode_utf8(&mut [0; 4]))
    }
}

/// A date as a reader of the language would write it.
pub(crate) fn date_in_words(lang: &str, date: &str) -> String {
    Phrases::of(lang).dates.date(date)
}

/// Whether a word is the name of a month as a date has it, in any language.
pub(crate) fn is_month(word: &str) -> bool {
    ALL.into_iter().any(|phrases| phrases.dates.months.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_tag_its_readers_and_its_domain() {
        for (lang, own, read) in [
            ("ru", "ru", Some("ru")),
            ("ru-RU", "ru", Some("ru")),
            ("uk", "en", Some("ru")),
            ("en-GB", "en", Some("en")),
            ("fr", "en", None),
            ("", "en", None),
        ] {
            assert_eq!(Phrases::of(lang).lang, own, "{lang}");
            assert_eq!(Phrases::read_by(lang).map(|phrases| phrases.lang), read, "{lang}");
        }
        assert_eq!(Phrases::of_domain("by").lang, "ru");
        assert_eq!(Phrases::of_domain("com").lang, "en");
        assert_eq!(Phrases::asked_for("fr, kk;q=0.9, en;q=0.8").map(|phrases| phrases.lang), Some("ru"));
        assert!(Phrases::asked_for("fr").is_none());
    }

    #[test]
    fn every_language_has_other_ways_to_be_read_in() {
        for phrases in ALL {
            assert_eq!(phrases.others().count(), ALL.len() - 1);
            assert!(Phrases::of(phrases.lang).lang == phrases.lang && is_month(phrases.dates.months[0]));
        }
    }
}
