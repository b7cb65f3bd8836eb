//! Dates as a reader of a language would write them.

use super::kinds::DatePhrases;

impl DatePhrases {
    /// `2026-11-23T10:15:00+03:00` as «23 ноября 2026»; what is no date is returned as it is.
    pub(crate) fn date(&self, date: &str) -> String {
        self.day(date).unwrap_or_else(|| date.trim().to_owned())
    }

    /// The same with the time, where there is one: «23 ноября 2026, 10:15».
    pub(crate) fn moment(&self, date: &str) -> String {
        let time = date.get(10..16).and_then(|t| t.strip_prefix('T')).map(|t| format!(", {t}")).unwrap_or_default();
        self.day(date).map_or_else(|| date.to_owned(), |day| day + &time)
    }

    /// The date of an issue, with its day of the week: «Пятница, 27 ноября 2026 года».
    pub(crate) fn day_of_issue(&self, date: &str) -> String {
        let Some(day) = date.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()) else {
            return self.date(date);
        };
        let weekday = self.weekdays[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        format!("{weekday}, {}{}", self.date(date), self.year)
    }

    fn day(&self, date: &str) -> Option<String> {
        let mut parts = date.get(..10)?.split('-').map(|part| part.parse::<usize>().ok());
        match (parts.next()??, parts.next()??, parts.next()??) {
            (year, month @ 1..=12, day @ 1..=31) => {
                let month = self.months[month - 1];
                Some(if self.month_first { format!("{month} {day}, {year}") } else { format!("{day} {month} {year}") })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::phrases::{Phrases, date_in_words};

    #[test]
    fn dates_in_words() {
        assert_eq!(date_in_words("ru", "2026-11-23T10:15:00+03:00"), "23 ноября 2026");
        assert_eq!(date_in_words("en-GB", "2026-01-05"), "5 January 2026");
        assert_eq!(date_in_words("ru", "вчера вечером"), "вчера вечером");
        assert_eq!(date_in_words("en-US", "2026-01-05"), "January 5, 2026");
        assert_eq!(Phrases::of("ru").dates.moment("2026-11-23T10:15:00+03:00"), "23 ноября 2026, 10:15");
    }

    #[test]
    fn an_issue_has_the_day_of_its_week() {
        let of_issue = |lang, date| Phrases::of(lang).dates.day_of_issue(date);
        assert_eq!(of_issue("ru", "2026-11-27"), "Пятница, 27 ноября 2026 года");
        assert_eq!(of_issue("en-GB", "2026-11-29"), "Sunday, 29 November 2026");
        assert_eq!(of_issue("en-US", "2026-11-30"), "Monday, November 30, 2026");
        assert_eq!(of_issue("en", "winter"), "winter");
    }
}
