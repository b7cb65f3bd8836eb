//! When the article was published and changed.

use super::Near;
use super::declared::{Declared, squash};
use crate::article::passage::Page;
use crate::html::dom::Dom;
use jiff::civil::Date;

/// Dates as the model holds them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Dates {
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
}

pub(super) fn find(dom: &Dom, page: &Page, declared: &Declared, near: &Near) -> Dates {
    let modified = declared.modified.iter().find_map(|d| parse(d)).map(|m| m.to_string());
    let published = declared
        .published
        .iter()
        .find_map(|d| parse(d))
        .or_else(|| match shown(dom, page, near) {
            Shown::Date(moment) => Some(moment),
            // «Вчера» is a day that only the page's own date can tell; no other date of the page is meant.
            Shown::Relative => None,
            Shown::Nothing => marked(dom),
        })
        .or_else(|| declared.url.as_deref().and_then(from_address))
        .map(|m| m.to_string());
    let published = published.or_else(|| modified.clone());
    Dates { published, modified }
}

/// A date as the model holds it, from a machine's or a person's writing.
pub(super) fn read(text: &str) -> Option<String> {
    parse(text).map(|moment| moment.to_string())
}

/// Whether a text for people holds a date.
pub(super) fn has_date(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit()) && parse(text).is_some()
}

/// What the text around the headline and at the article's end says of its day.
enum Shown {
    Date(Moment),
    /// A day by its distance to one that the page does not name.
    Relative,
    Nothing,
}

/// Words beside the date in a line that is about it: «Понедельник», «Опубликовано», «Просмотров: 15».
const BESIDE: usize = 5;

/// From `time` elements and the text around the headline and the article's end.
fn shown(dom: &Dom, page: &Page, near: &Near) -> Shown {
    for &n in &near.passages {
        let passage = &page.passages[n];
        let text = page.text_of(passage);
        // A date inside a long paragraph is one the article speaks of, and so is one in a sentence of its text.
        if passage.stats.words > 40 || near.is_text(n) && !is_about_a_date(text) {
            continue;
        }
        if passage.stats.words <= 8
            && let Some(day) = relative(text)
        {
            let own = own_date(page, near);
            return own.and_then(|own| day.from(&own)).map_or(Shown::Relative, Shown::Date);
        }
        let time = dom
            .descendants(passage.block)
            .take(60)
            .find(|&id| dom.is(id, "time") && dom.attr(id, "datetime").is_some());
        let time = time.or_else(|| dom.ancestors(passage.node).take(4).find(|&id| dom.is(id, "time")));
        if let Some(found) = time.and_then(|id| dom.attr(id, "datetime")).and_then(parse) {
            return Shown::Date(found);
        }
        if passage.stats.digits > 0
            && (passage.stats.words <= 20 || n > near.last)
            && let Some(found) = parse(text)
        {
            return Shown::Date(found);
        }
    }
    Shown::Nothing
}

/// Whether a line says hardly more than a date.
fn is_about_a_date(text: &str) -> bool {
    let all = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    // The month is a word of the date.
    all <= BESIDE + 1 && !text.trim_end().ends_with(['.', '!', '?', ';']) || all <= 2
}

/// A day as its distance to the day on which the page is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Day {
    Before(i64),
    /// Without a year: the last that has been.
    OfYear(i32, i32),
}

impl Day {
    fn from(self, own: &Moment) -> Option<Moment> {
        let date = match self {
            Self::Before(days) => own.date.checked_sub(jiff::Span::new().days(days)).ok()?,
            Self::OfYear(month, day) => {
                let of = |year: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
                let this = of(own.date.year())?;
                if this <= own.date { this } else { of(own.date.year() - 1)? }
            }
        };
        Some(Moment { date, time: None, zone: None })
    }
}

/// What a line like «вчера, 14:05», «сегодня в 9:30» or «23 ноября, 14:05» says of its day.
fn relative(text: &str) -> Option<Day> {
    use Token::{Number, Word};
    let lower = text.to_lowercase();
    let tokens = tokens(&lower);
    // A date says more.
    if (0..tokens.len()).any(|at| date_at(&tokens[at..]).is_some()) {
        return None;
    }
    let words = tokens.iter().filter(|token| matches!(token, Word(_))).count();
    tokens.iter().enumerate().find_map(|(at, token)| match (token, tokens.get(at + 1)) {
        (Word("сегодня" | "today" | "сьогодні" | "сёння" | "бүген" | "бүгін"), _) if words <= 4 => {
            Some(Day::Before(0))
        }
        (Word("вчера" | "yesterday" | "вчора" | "учора" | "кичә" | "кеше"), _) if words <= 4 => {
            Some(Day::Before(1))
        }
        (Word("позавчера"), _) if words <= 4 => Some(Day::Before(2)),
        (Number(day, 1..=2), Some(Word(name))) if words <= 3 => {
            let followed = !matches!(tokens.get(at + 2), Some(Number(_, 4)));
            let month = month(name).filter(|_| followed)?;
            Some(Day::OfYear(month, (*day).try_into().ok()?))
        }
        _ => None,
    })
}

/// The day that the page itself names in its head, as many a site shows it: «Понедельник, 23 ноября 2026».
fn own_date(page: &Page, near: &Near) -> Option<Moment> {
    (0..near.first.min(page.passages.len())).rev().find_map(|n| {
        let text = page.text_of(&page.passages[n]);
        let short = page.passages[n].stats.words <= 8 && page.passages[n].links == 0;
        short.then(|| parse(text)).flatten().filter(|_| is_about_a_date(text))
    })
}

/// The first date anywhere that its words or its template say is that of publication.
fn marked(dom: &Dom) -> Option<Moment> {
    const WORDS: [&str; 6] = ["publish", "posted", "опублик", "veröffentl", "publié", "publicado"];
    const CLASSES: [&str; 6] = ["pub-date", "pubdate", "published", "publish-date", "post-date", "entry-date"];
    let of_class = |id| {
        dom.attr(id, "class").is_some_and(|class| {
            let class = class.to_ascii_lowercase();
            CLASSES.iter().any(|mark| class.contains(mark))
        })
    };
    let text_of = |id| -> String {
        let mut text = String::new();
        for part in dom.descendants(id).take(30).map(|inner| dom.text(inner)) {
            text.push_str(part);
            text.push(' ');
        }
        squash(&text)
    };
    dom.descendants(dom.root()).filter(|&id| dom.tag(id).is_some()).find_map(|id| {
        if dom.is(id, "time") {
            let around = text_of(dom.ancestors(id).nth(1)?).to_lowercase();
            let said = around.chars().count() < 80 && WORDS.iter().any(|word| around.contains(word));
            return if said { dom.attr(id, "datetime").and_then(parse) } else { None };
        }
        let text = of_class(id).then(|| text_of(id)).filter(|text| text.chars().count() < 60)?;
        parse(&text)
    })
}

/// `/2026/11/23/` and `/2026-11-23-` in an address.
fn from_address(url: &str) -> Option<Moment> {
    let parts: Vec<&str> = url.split(|c: char| !c.is_ascii_digit()).collect();
    parts.windows(3).find_map(|w| {
        let year = (w[0].len() == 4).then(|| w[0].parse().ok()).flatten()?;
        let short = |s: &str| (1..=2).contains(&s.len()).then(|| s.parse().ok()).flatten();
        Moment::new(year, short(w[1])?, short(w[2])?)
    })
}

/// A calendar date with the time and zone that were given.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    date: Date,
    time: Option<(u8, u8, u8)>,
    /// As written: `Z` or `+03:00`.
    zone: Option<String>,
}

impl Moment {
    fn new(year: i32, month: i32, day: i32) -> Option<Moment> {
        if !(1900..=2100).contains(&year) {
            return None;
        }
        let date = Date::new(year as i16, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Moment { date, time: None, zone: None })
    }
}

impl std::fmt::Display for Moment {
    /// RFC 3339 has no time without a zone: such a date stays a calendar date.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date)?;
        match (self.time, &self.zone) {
            (Some((h, m, s)), Some(zone)) => write!(f, "T{h:02}:{m:02}:{s:02}{zone}"),
            _ => Ok(()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Number(i64, usize),
    Word(&'a str),
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = if c.is_ascii_digit() {
            let len = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            out.push(Token::Number(rest[..len].parse().unwrap_or(-1), len));
            len
        } else if c.is_alphabetic() {
            let len = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            out.push(Token::Word(&rest[..len]));
            len
        } else {
            if !c.is_whitespace() {
                out.push(Token::Mark(c));
            }
            c.len_utf8()
        };
        rest = &rest[len..];
    }
    out
}

/// Months by the beginnings of their names, in the languages of the news we meet.
const MONTHS: [(&str, i32); 76] = [
    ("январ", 1),
    ("феврал", 2),
    ("март", 3),
    ("апрел", 4),
    ("мая", 5),
    ("май", 5),
    ("июн", 6),
    ("июл", 7),
    ("август", 8),
    ("сентябр", 9),
    ("октябр", 10),
    ("ноябр", 11),
    ("декабр", 12),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("січ", 1),
    ("лют", 2),
    ("берез", 3),
    ("квіт", 4),
    ("трав", 5),
    ("черв", 6),
    ("лип", 7),
    ("серп", 8),
    ("верес", 9),
    ("жовт", 10),
    ("листоп", 11),
    ("груд", 12),
    ("jan", 1),
    ("feb", 2),
    ("mär", 3),
    ("mar", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("may", 5),
    ("mai", 5),
    ("maj", 5),
    ("mag", 5),
    ("mei", 5),
    ("juin", 6),
    ("juil", 7),
    ("jun", 6),
    ("jul", 7),
    ("giu", 6),
    ("lug", 7),
    ("aug", 8),
    ("aoû", 8),
    ("ago", 8),
    ("sep", 9),
    ("set", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("nov", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
    ("gen", 1),
    ("ene", 1),
    ("fév", 2),
    ("sty", 1),
    ("kwie", 4),
    ("cze", 6),
    ("sie", 8),
    ("wrz", 9),
    ("paź", 10),
    ("gru", 12),
];

pub(super) fn month(word: &str) -> Option<i32> {
    let lower = word.to_lowercase();
    if lower.chars().count() < 3 || lower.chars().count() > 12 {
        return None;
    }
    MONTHS.iter().find(|(name, _)| lower.starts_with(name)).map(|(_, n)| *n)
}

/// The first date in a text, with the time and zone next to it.
fn parse(text: &str) -> Option<Moment> {
    let text = squash(text);
    let text: &str = match text.char_indices().nth(300) {
        Some((at, _)) => &text[..at],
        None => &text,
    };
    let tokens = tokens(text);
    // Seconds or milliseconds since 1970.
    if let [Token::Number(n, len @ (10 | 13))] = tokens[..] {
        let seconds = if len == 13 { n / 1000 } else { n };
        let zoned = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?);
        let mut moment = Moment::new(zoned.year().into(), zoned.month().into(), zoned.day().into())?;
        moment.time = Some((zoned.hour() as u8, zoned.minute() as u8, zoned.second() as u8));
        moment.zone = Some("Z".to_owned());
        return Some(moment);
    }
    for at in 0..tokens.len() {
        if let Some((mut moment, used)) = date_at(&tokens[at..]) {
            let after = at + used;
            clock(&tokens, after, &mut moment);
            if moment.time.is_none() && at >= 3 {
                // «14:05, 23 ноября 2026»
                clock(&tokens[..at], at.saturating_sub(6), &mut moment);
            }
            return Some(moment);
        }
    }
    None
}

/// A date at the beginning of the tokens, and how many it takes.
fn date_at(t: &[Token]) -> Option<(Moment, usize)> {
    use Token::{Mark, Number, Word};
    let found = |year: i64, month: i64, day: i64, used| {
        Moment::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).map(|m| (m, used))
    };
    match *t {
        [Number(y, 4), Mark('-' | '/' | '.'), Number(m, 1..=2), Mark('-' | '/' | '.'), Number(d, 1..=2), ..] => {
            found(y, m, d, 5)
        }
        // "2026 Nov 23", as journals cite.
        [Number(y, 4), Word(name), Number(d, 1..=2), ..] if month(name).is_some() => {
            found(y, month(name)?.into(), d, 3)
        }
        [Number(ymd, 8), ..] if (19_000_101..21_000_000).contains(&ymd) => {
            found(ymd / 10_000, ymd / 100 % 100, ymd % 100, 1)
        }
        [Number(y, 4), Word("年"), Number(m, 1..=2), Word("月"), Number(d, 1..=2), ..] => found(y, m, d, 6),
        [Number(d, 1..=2), Mark('.'), Number(m, 1..=2), Mark('.'), Number(y, 4), ..] => found(y, m, d, 5),
        // «23.11.26»: no time, no version and no number of a document goes on like this.
        [Number(d, 2), Mark(mark @ ('.' | '/')), Number(m, 2), Mark(again), Number(y, 2), ref rest @ ..]
            if mark == again && !matches!(rest, [Mark('.' | '/' | '-' | ':'), Number(..), ..]) =>
        {
            found(century(y), m, d, 5)
        }
        [Number(a, 1..=2), Mark('/' | '-'), Number(b, 1..=2), Mark('/' | '-'), Number(y, 4), ..] => {
            // Day first in most of the world; month first when only that can be.
            found(y, b, a, 5).or_else(|| found(y, a, b, 5))
        }
        [Number(d, 1..=2), Word(w), ..] => {
            let mut rest = &t[1..];
            let mut used = 1;
            if matches!(w, "st" | "nd" | "rd" | "th" | "er" | "de" | "of" | "го") {
                (rest, used) = (&t[2..], 2);
            }
            let Some(Word(name)) = rest.first() else { return None };
            let m = month(name)?;
            rest = &rest[1..];
            used += 1;
            while let [Mark(',' | '.') | Word("de" | "del" | "of"), more @ ..] = rest {
                (rest, used) = (more, used + 1);
            }
            match rest {
                [Number(y, 4), ..] => found(*y, m.into(), d, used + 1),
                // «23 ноября 26 г.»
                [Number(y, 2), Word("г" | "года"), ..] => found(century(*y), m.into(), d, used + 2),
                _ => None,
            }
        }
        [Number(d, 1..=2), Mark('.'), Word(name), Number(y, 4), ..] => found(y, month(name)?.into(), d, 4),
        [Number(d, 1..=2), Mark('-'), Word(name), Mark('-'), Number(y, 4), ..] => found(y, month(name)?.into(), d, 5),
        [Word(name), ref rest @ ..] => {
            let m = month(name)?;
            let (rest, used) = match rest {
                [Mark('.'), more @ ..] => (more, 2),
                _ => (rest, 1),
            };
            match *rest {
                [Number(d, 1..=2), Word("st" | "nd" | "rd" | "th"), Mark(','), Number(y, 4), ..] => {
                    found(y, m.into(), d, used + 4)
                }
                [Number(d, 1..=2), Word("st" | "nd" | "rd" | "th"), Number(y, 4), ..] => {
                    found(y, m.into(), d, used + 3)
                }
                [Number(d, 1..=2), Mark(','), Number(y, 4), ..] => found(y, m.into(), d, used + 3),
                [Number(d, 1..=2), Number(y, 4), ..] => found(y, m.into(), d, used + 2),
                // Mon Nov 23 14:05:00 2026
                [
                    Number(d, 1..=2),
                    Number(_, 2),
                    Mark(':'),
                    Number(_, 2),
                    Mark(':'),
                    Number(_, 2),
                    Number(y, 4),
                    ..,
                ] => found(y, m.into(), d, used + 1),
                [
                    Number(d, 1..=2),
                    Number(_, 2),
                    Mark(':'),
                    Number(_, 2),
                    Mark(':'),
                    Number(_, 2),
                    Word(_),
                    Number(y, 4),
                    ..,
                ] => found(y, m.into(), d, used + 1),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A year of two digits: none of those that come, but for the next few.
fn century(year: i64) -> i64 {
    if year < 70 { 2000 + year } else { 1900 + year }
}

/// Reads a clock time within a few tokens from `from`, and the zone after it.
fn clock(tokens: &[Token], from: usize, moment: &mut Moment) {
    use Token::{Mark, Number, Word};
    for at in from..tokens.len().min(from + 8) {
        let (h, m, mut next) = match tokens[at..] {
            [Number(h @ 0..=23, 1..=2), Mark(':'), Number(m @ 0..=59, 2), ..] => (h, m, at + 3),
            _ => continue,
        };
        let mut time = (h as u8, m as u8, 0);
        if let [Mark(':'), Number(s @ 0..=60, 2), ..] = tokens[next..] {
            time.2 = (s as u8).min(59);
            next += 2;
            if let [Mark('.' | ','), Number(..), ..] = tokens[next..] {
                next += 2;
            }
        }
        match tokens[next..] {
            [Word(w), ..] if w.eq_ignore_ascii_case("pm") && time.0 < 12 => (time.0, next) = (time.0 + 12, next + 1),
            [Word(w), ..] if w.eq_ignore_ascii_case("am") => (time.0, next) = (time.0 % 12, next + 1),
            [Word(w), Mark('.'), Word("m" | "M"), ..] if w.eq_ignore_ascii_case("p") && time.0 < 12 => {
                (time.0, next) = (time.0 + 12, next + 3);
            }
            _ => {}
        }
        moment.time = Some(time);
        moment.zone = zone(&tokens[next..]);
        return;
    }
}

fn zone(t: &[Token]) -> Option<String> {
    use Token::{Mark, Number, Word};
    let sign = |c: char| if c == '+' { '+' } else { '-' };
    Some(match *t {
        [Word("Z" | "UTC" | "GMT" | "z"), Mark(s @ ('+' | '-')), Number(h @ 0..=14, 1..=2), ..] => {
            format!("{}{h:02}:00", sign(s))
        }
        [Word("Z" | "UTC" | "GMT" | "z"), ..] => "Z".to_owned(),
        [Mark(s @ ('+' | '-' | '−')), Number(h @ 0..=14, 2), Mark(':'), Number(m @ 0..=59, 2), ..] => {
            format!("{}{h:02}:{m:02}", sign(s))
        }
        [Mark(s @ ('+' | '-' | '−')), Number(hm @ 0..=1459, 4), ..] => {
            format!("{}{:02}:{:02}", sign(s), hm / 100, hm % 100)
        }
        [Mark(s @ ('+' | '-')), Number(h @ 0..=14, 2), ..] => format!("{}{h:02}:00", sign(s)),
        [Word("MSK" | "МСК" | "мск"), ..] => "+03:00".to_owned(),
        [Word("CET"), ..] => "+01:00".to_owned(),
        [Word("CEST" | "EET"), ..] => "+02:00".to_owned(),
        [Word("EST" | "CDT"), ..] => "-05:00".to_owned(),
        [Word("EDT"), ..] => "-04:00".to_owned(),
        [Word("CST" | "MDT"), ..] => "-06:00".to_owned(),
        [Word("MST" | "PDT"), ..] => "-07:00".to_owned(),
        [Word("PST"), ..] => "-08:00".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{from_address, marked, parse};
    use crate::Limits;
    use crate::html::dom::Dom;

    fn said(text: &str) -> String {
        parse(text).map(|m| m.to_string()).unwrap_or_default()
    }

    #[test]
    fn machine_dates_keep_their_zone() {
        assert_eq!(said("2026-11-23T14:05:00+03:00"), "2026-11-23T14:05:00+03:00");
        assert_eq!(said("2026-11-23T14:05:00.123Z"), "2026-11-23T14:05:00Z");
        assert_eq!(said("2026-11-23 14:05:00 +0300"), "2026-11-23T14:05:00+03:00");
        assert_eq!(said("Mon, 23 Nov 2026 14:05:00 GMT"), "2026-11-23T14:05:00Z");
        assert_eq!(said("1795442700"), "2026-11-23T14:05:00Z");
        assert_eq!(said("2026-11-23"), "2026-11-23");
    }

    #[test]
    fn dates_for_people_are_read_in_their_language() {
        assert_eq!(said("23 ноября 2026, 14:05"), "2026-11-23");
        assert_eq!(said("14:05 МСК, 23 ноября 2026 г."), "2026-11-23T14:05:00+03:00");
        assert_eq!(said("Опубликовано 23.11.2026"), "2026-11-23");
        assert_eq!(said("November 23, 2026 2:05 pm EST"), "2026-11-23T14:05:00-05:00");
        assert_eq!(said("Published Nov. 3rd, 2026"), "2026-11-03");
        assert_eq!(said("23 de noviembre de 2026"), "2026-11-23");
        assert_eq!(said("23. März 2026"), "2026-03-23");
        assert_eq!(said("2026年11月23日"), "2026-11-23");
        assert_eq!(said("2026 Nov 23"), "2026-11-23");
    }

    #[test]
    fn years_of_two_digits_are_read_where_nothing_else_is_written_so() {
        assert_eq!(said("23.11.26"), "2026-11-23");
        assert_eq!(said("Опубликовано: 06.01.26, 14:05"), "2026-01-06");
        assert_eq!(said("12.06.84"), "1984-06-12");
        assert_eq!(said("23 ноября 26 г."), "2026-11-23");
        for text in ["1.2.10", "23.11.26.4", "45.11.26", "10.20.30", "23.11"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    fn date(above: &str, text: &str) -> Option<String> {
        let sentence =
            "<p>Паром через Велгу встал утром, и до вечера люди ждали на пристани, пока мастер менял вал.</p>";
        let html = format!("{above}<h1>Паром встал у пристани</h1>{text}{sentence}{sentence}{sentence}");
        let limits = Limits::default();
        crate::article::find(&html, &crate::article::FindOptions::new("page", &limits)).unwrap().date
    }

    #[test]
    fn yesterday_is_told_by_the_date_of_the_page_or_not_at_all() {
        let own = "<div>Понедельник, 23 ноября 2026</div>";
        for (line, day) in [
            ("вчера, 14:05", "2026-11-22"),
            ("Сегодня в 9:30", "2026-11-23"),
            ("позавчера", "2026-11-21"),
            ("23 ноября, 14:05", "2026-11-23"),
            ("30 декабря, 14:05", "2025-12-30"),
        ] {
            let line = format!("<div class=date>{line}</div>");
            assert_eq!(date(own, &line).as_deref(), Some(day), "{line}");
            assert_eq!(date("", &line), None, "{line}");
        }
    }

    #[test]
    fn a_date_of_which_the_text_speaks_is_not_its_own() {
        let speaks = "<p>Напомним, 12 июня 1984 года пристань открыл сам секретарь райкома.</p>";
        assert_eq!(date("", speaks), None);
        assert_eq!(date("", &format!("<div class=date>23.11.26</div>{speaks}")).as_deref(), Some("2026-11-23"));
        assert_eq!(date("", &format!("<div class=date>вчера</div>{speaks}")), None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "12:30", "31.02.2026", "3 мая", "in 2026", "1 234 567", "99/99/2026"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_far_from_the_headline_has_to_be_marked() {
        let date = |html: &str| {
            let dom = Dom::parse(html, "page", &Limits::default()).unwrap();
            marked(&dom).map(|m| m.to_string()).unwrap_or_default()
        };
        let aside = "<div><h4>Published</h4><time datetime='2026-11-23T12:00Z'>23 November</time></div>";
        assert_eq!(date(aside), "2026-11-23T12:00:00Z");
        assert_eq!(date("<p class='byline__pub-dates'>Updated November 23, 2026</p>"), "2026-11-23");
        assert_eq!(date("<p>The harbour</p><time datetime='2026-11-23'>23 November</time>"), "");
    }

    #[test]
    fn addresses_of_news_hold_their_day() {
        assert_eq!(from_address("https://a.example/2026/11/23/bridge").unwrap().to_string(), "2026-11-23");
        assert_eq!(from_address("https://a.example/news/12345"), None);
    }
}
