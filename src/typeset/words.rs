//! The few words that Clearprint adds to a page, and dates, in the reader's language.

/// Words in one language.
pub(crate) struct Words {
    pub(crate) no_description: &'static str,
    pub(crate) picture: &'static str,
    pub(crate) source: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) qr: &'static str,
    months: [&'static str; 12],
}

const RUSSIAN: Words = Words {
    no_description: "Изображение без описания",
    picture: "Изображение",
    source: "Источник",
    contents: "В номере",
    untitled: "Статья",
    qr: "QR-код со ссылкой на страницу",
    months: [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
};

const ENGLISH: Words = Words {
    no_description: "Image without description",
    picture: "Image",
    source: "Source",
    contents: "Contents",
    untitled: "Article",
    qr: "QR code that leads to",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

impl Words {
    /// The words for a language; English where there are none.
    pub(crate) fn of(lang: &str) -> &'static Self {
        if lang.split('-').next() == Some("ru") { &RUSSIAN } else { &ENGLISH }
    }

    /// `2026-11-23T10:15:00+03:00` as «23 ноября 2026»; what is no date is returned as it is.
    pub(crate) fn date(&self, date: &str) -> String {
        let mut parts = date.get(..10).unwrap_or("").split('-');
        let mut number = || parts.next().and_then(|p| p.parse::<usize>().ok());
        match (number(), number(), number()) {
            (Some(year), Some(month @ 1..=12), Some(day @ 1..=31)) => {
                format!("{day} {} {year}", self.months[month - 1])
            }
            _ => date.trim().to_owned(),
        }
    }
}

/// A date as a reader of the language would write it.
pub fn date_in_words(lang: &str, date: &str) -> String {
    Words::of(lang).date(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_words() {
        assert_eq!(Words::of("ru").date("2026-11-23T10:15:00+03:00"), "23 ноября 2026");
        assert_eq!(Words::of("en-GB").date("2026-01-05"), "5 January 2026");
        assert_eq!(Words::of("ru").date("вчера вечером"), "вчера вечером");
    }
}
