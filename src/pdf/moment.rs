//! Dates as PDF and XMP write them.

/// A date with or without time.
pub(super) struct Moment {
    date: jiff::civil::DateTime,
    /// Minutes east of Greenwich.
    offset: i32,
}

impl Moment {
    /// Reads RFC 3339, or a calendar date as midnight in Greenwich.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Ok(parsed) = jiff::fmt::temporal::DateTimeParser::new().parse_timestamp(text) {
            let offset = text.rfind(['+', '-']).filter(|&at| at > 10).and_then(|at| {
                let (hours, minutes) = text[at + 1..].split_once(':')?;
                let minutes = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
                Some(if text[at..].starts_with('-') { -minutes } else { minutes })
            });
            let offset = offset.unwrap_or(0);
            let zone = jiff::tz::Offset::from_seconds(offset * 60).ok()?;
            return Some(Self { date: zone.to_datetime(parsed), offset });
        }
        let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
        Some(Self { date: date.at(0, 0, 0, 0), offset: 0 })
    }

    /// As in XMP.
    pub(super) fn xmp(&self) -> String {
        let (sign, hours, minutes) = self.zone();
        format!("{}{sign}{hours:02}:{minutes:02}", self.date.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// As in the Info dictionary.
    pub(super) fn pdf(&self) -> String {
        let (sign, hours, minutes) = self.zone();
        format!("D:{}{sign}{hours:02}'{minutes:02}'", self.date.strftime("%Y%m%d%H%M%S"))
    }

    fn zone(&self) -> (char, i32, i32) {
        (if self.offset < 0 { '-' } else { '+' }, self.offset.abs() / 60, self.offset.abs() % 60)
    }
}
