//! The few words that Clearprint adds to a page, and dates, in the reader's language.

/// Words in one language.
pub(crate) struct Words {
    pub(crate) no_description: &'static str,
    pub(crate) picture: &'static str,
    pub(crate) source: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) qr: &'static str,
    /// What stands beside a QR code of the page, and of its accessible version.
    pub(crate) on_the_web: &'static str,
    pub(crate) accessible: &'static str,
    /// Where an article goes on, and where it began; the number of the page follows.
    pub(crate) continued: &'static str,
    pub(crate) begun: &'static str,
    weekdays: [&'static str; 7],
    /// What follows a year in full dates.
    year: &'static str,
    /// Whether the month comes before the day.
    month_first: bool,
    months: [&'static str; 12],
}

const RUSSIAN: Words = Words {
    no_description: "Изображение без описания",
    picture: "Изображение",
    source: "Источник",
    contents: "В номере",
    untitled: "Статья",
    qr: "QR-код со ссылкой на страницу",
    on_the_web: "Статья на сайте",
    accessible: "Версия для слабовидящих",
    continued: "Продолжение на с. ",
    begun: "Начало на с. ",
    weekdays: ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"],
    year: " года",
    month_first: false,
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
    on_the_web: "This article on the web",
    accessible: "Its version for low vision",
    continued: "Continued on page ",
    begun: "Begins on page ",
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    year: "",
    month_first: false,
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

/// The English of the United States, where a date begins with its month.
const AMERICAN: Words = Words { month_first: true, ..ENGLISH };

impl Words {
    /// The words for a language; English where there are none.
    pub(crate) fn of(lang: &str) -> &'static Self {
        let mut parts = lang.split('-');
        match (parts.next(), parts.next_back()) {
            (Some("ru"), _) => &RUSSIAN,
            (Some("en"), Some("US")) => &AMERICAN,
            _ => &ENGLISH,
        }
    }

    /// `2026-11-23T10:15:00+03:00` as «23 ноября 2026»; what is no date is returned as it is.
    pub(crate) fn date(&self, date: &str) -> String {
        let mut parts = date.get(..10).unwrap_or("").split('-');
        let mut number = || parts.next().and_then(|p| p.parse::<usize>().ok());
        match (number(), number(), number()) {
            (Some(year), Some(month @ 1..=12), Some(day @ 1..=31)) => {
                let month = self.months[month - 1];
                if self.month_first { format!("{month} {day}, {year}") } else { format!("{day} {month} {year}") }
            }
            _ => date.trim().to_owned(),
        }
    }
}

impl Words {
    /// The date of an issue, with its day of the week: «Пятница, 27 ноября 2026 года».
    pub(crate) fn day_of_issue(&self, date: &str) -> String {
        let Some(day) = date.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()) else {
            return self.date(date);
        };
        let weekday = self.weekdays[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        format!("{weekday}, {}{}", self.date(date), self.year)
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
        assert_eq!(Words::of("en-US").date("2026-01-05"), "January 5, 2026");
    }

    #[test]
    fn an_issue_has_the_day_of_its_week() {
        assert_eq!(Words::of("ru").day_of_issue("2026-11-27"), "Пятница, 27 ноября 2026 года");
        assert_eq!(Words::of("en-GB").day_of_issue("2026-11-29"), "Sunday, 29 November 2026");
        assert_eq!(Words::of("en-US").day_of_issue("2026-11-30"), "Monday, November 30, 2026");
        assert_eq!(Words::of("en").day_of_issue("winter"), "winter");
    }
}
