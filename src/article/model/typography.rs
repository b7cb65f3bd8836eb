//! Typography that typing lost: quotation marks, dashes, apostrophes, spaces that must not break.
//!
//! Russian (with Ukrainian and Belarusian) and English only, and only where a mark can mean one thing: a paragraph
//! whose straight quotes do not pair up keeps them all. Code, preformatted text, passages in another language and what
//! looks like an address are not touched, and no letter ever changes. Sources: Мильчин, «Справочник издателя и автора»;
//! The Chicago Manual of Style.

use super::{Article, Block, Inline};

const NBSP: char = '\u{a0}';
/// Stands for what is not touched: code, pictures, passages in another language.
const OBJECT: char = '\u{fffc}';
/// A character that goes.
const GONE: char = '\0';

#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    Russian,
    English,
}

impl Habit {
    fn of(lang: &str) -> Option<Habit> {
        match lang.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "ru" | "uk" | "be" => Some(Habit::Russian),
            "en" => Some(Habit::English),
            _ => None,
        }
    }
}

impl Article {
    /// Restores typography in headline, body, captions and notes, by the article's language.
    pub fn restore_typography(&mut self) {
        let Some(habit) = Habit::of(&self.lang) else { return };
        let mut title = vec![Inline::Text(std::mem::take(&mut self.title))];
        inlines(&mut title, habit);
        if let Some(Inline::Text(text)) = title.pop() {
            self.title = text;
        }
        if let Some(deck) = self.deck.take() {
            let mut content = vec![Inline::Text(deck)];
            inlines(&mut content, habit);
            if let Some(Inline::Text(deck)) = content.pop() {
                self.deck = Some(deck);
            }
        }
        blocks(&mut self.blocks, habit);
    }
}

fn blocks(all: &mut [Block], habit: Habit) {
    for block in all {
        match block {
            Block::Heading { content, .. } => inlines(content, habit),
            Block::Paragraph { content, lang } => {
                let habit = lang.as_deref().map_or(Some(habit), Habit::of);
                if let Some(habit) = habit {
                    inlines(content, habit);
                }
            }
            Block::List { items, .. } => items.iter_mut().for_each(|item| blocks(item, habit)),
            Block::Definitions { items } => {
                for item in items {
                    item.terms.iter_mut().for_each(|term| inlines(term, habit));
                    item.definitions.iter_mut().for_each(|said| blocks(said, habit));
                }
            }
            Block::Quote { blocks: inner, cite } => {
                blocks(inner, habit);
                inlines(cite, habit);
            }
            Block::Details { summary, blocks: inner } => {
                inlines(summary, habit);
                blocks(inner, habit);
            }
            Block::Figure { caption, .. } => inlines(caption, habit),
            Block::Table(table) => {
                inlines(&mut table.caption, habit);
                table.rows.iter_mut().flatten().for_each(|cell| blocks(&mut cell.blocks, habit));
            }
            Block::Notes { notes } => notes.iter_mut().for_each(|note| blocks(&mut note.blocks, habit)),
            Block::Preformatted { .. } | Block::Embed { .. } | Block::Rule => {}
        }
    }
}

/// Restores one run of text, looking across the borders of emphasis and links.
fn inlines(content: &mut [Inline], habit: Habit) {
    let mut chars = Vec::new();
    gather(content, &mut chars);
    guard_addresses(&mut chars);
    let mut line: Vec<char> = chars.iter().map(|(c, shown)| if *shown { *c } else { OBJECT }).collect();
    let before = line.clone();
    dashes(&mut line, habit);
    quotes(&mut line, habit);
    marks(&mut line, habit);
    spaces(&mut line, habit);
    if line != before {
        let restored = chars.iter().zip(line).map(|((old, shown), new)| if *shown { new } else { *old });
        scatter(content, &mut restored.collect::<Vec<_>>().into_iter());
    }
}

/// Whether an inline stands in the text like one sign whose inside is left alone.
fn is_object(inline: &Inline) -> bool {
    matches!(
        inline,
        Inline::Code(_)
            | Inline::Lang { .. }
            | Inline::NoteRef { .. }
            | Inline::Image(_)
            | Inline::Math(_)
            | Inline::Ruby { .. }
            | Inline::Check(_)
    )
}

/// The characters of a run, each with whether it may be touched.
fn gather(content: &[Inline], out: &mut Vec<(char, bool)>) {
    for inline in content {
        match inline {
            Inline::Text(text) => out.extend(text.chars().map(|c| (c, c != GONE))),
            Inline::Break => out.push(('\n', true)),
            Inline::Anchor(_) => {}
            other if is_object(other) => out.push((OBJECT, false)),
            other => gather(other.content(), out),
        }
    }
}

/// Puts the characters back where they came from.
fn scatter(content: &mut [Inline], chars: &mut impl Iterator<Item = char>) {
    for inline in content {
        match inline {
            Inline::Text(text) => {
                let count = text.chars().count();
                *text = chars.by_ref().take(count).filter(|&c| c != GONE).collect();
            }
            Inline::Anchor(_) => {}
            other if is_object(other) || *other == Inline::Break => {
                chars.next();
            }
            other => {
                if let Some(inner) = other.content_mut() {
                    scatter(inner, chars);
                }
            }
        }
    }
}

/// Words that hold `://`, `@` or a backslash are no prose.
fn guard_addresses(chars: &mut [(char, bool)]) {
    for word in chars.split_mut(|(c, _)| c.is_whitespace()) {
        let text: String = word.iter().map(|(c, _)| *c).collect();
        if text.contains("://") || text.contains(['@', '\\']) || text.starts_with("www.") {
            word.iter_mut().for_each(|(_, shown)| *shown = false);
        }
    }
}

fn is_space(c: char) -> bool {
    c == ' ' || c == NBSP
}

fn at(line: &[char], n: isize) -> char {
    usize::try_from(n).ok().and_then(|n| line.get(n)).copied().unwrap_or('\n')
}

/// A hyphen between spaces is a dash, and no line begins with one; two hyphens are a dash.
fn dashes(line: &mut [char], habit: Habit) {
    for n in 0..line.len() {
        let near = |line: &[char], by: isize| at(line, n as isize + by);
        if line[n] == '-' && near(line, 1) == '-' && near(line, 2) != '-' && near(line, -1) != '-' {
            line[n] = '—';
            line[n + 1] = GONE;
        }
        let after = if near(line, 1) == GONE { near(line, 2) } else { near(line, 1) };
        if line[n] == '-' && is_space(near(line, -1)) && is_space(after) {
            line[n] = if habit == Habit::Russian { '—' } else { '–' };
        }
        // Who speaks begins with a dash.
        let begins = near(line, -1) == '\n';
        if line[n] == '-' && begins && is_space(after) && near(line, 2).is_alphabetic() && habit == Habit::Russian {
            line[n] = '—';
        }
        if matches!(line[n], '—' | '–') && near(line, -1) == ' ' && (is_space(after) || after == '\n') {
            line[n - 1] = NBSP;
        }
        if line[n] == '—' && begins && habit == Habit::Russian && after == ' ' {
            line[n + 1] = NBSP;
        }
    }
}

/// Straight quotes become the language's, where each can only open or only close and all pair up.
fn quotes(line: &mut [char], habit: Habit) {
    let mut depth = 0usize;
    let mut found: Vec<(usize, bool, usize)> = Vec::new();
    for n in 0..line.len() {
        if line[n] != '"' {
            continue;
        }
        let (before, after) = (at(line, n as isize - 1), at(line, n as isize + 1));
        let left = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '«' | '„' | '“' | '/');
        let right =
            after.is_whitespace() || matches!(after, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '…' | '—' | '»');
        // Next to another straight quote what stands beyond it decides.
        let opens = (left || before == '"' && depth > 0 && found.last().is_some_and(|f| f.1)) && !after.is_whitespace();
        let closes = (right || after == '"') && !before.is_whitespace() && depth > 0;
        match (opens, closes) {
            (true, false) => {
                found.push((n, true, depth));
                depth += 1;
            }
            (false, true) => {
                depth -= 1;
                found.push((n, false, depth));
            }
            _ => return,
        }
    }
    if depth != 0 {
        return;
    }
    for (n, opens, depth) in found {
        line[n] = match (habit, opens, depth) {
            (Habit::Russian, true, 0) => '«',
            (Habit::Russian, false, 0) => '»',
            (Habit::Russian, true, _) => '„',
            (Habit::Russian, false, _) => '“',
            (Habit::English, true, 0) => '“',
            (Habit::English, false, 0) => '”',
            (Habit::English, true, _) => '‘',
            (Habit::English, false, _) => '’',
        };
    }
}

/// Three full stops are an ellipsis; an apostrophe between letters is curled in English.
fn marks(line: &mut [char], habit: Habit) {
    for n in 0..line.len() {
        let near = |line: &[char], by: isize| at(line, n as isize + by);
        if line[n] == '.'
            && near(line, 1) == '.'
            && near(line, 2) == '.'
            && near(line, 3) != '.'
            && near(line, -1) != '.'
        {
            line[n] = '…';
            line[n + 1] = GONE;
            line[n + 2] = GONE;
        }
        let within = near(line, -1).is_alphabetic() && near(line, 1).is_alphabetic();
        if line[n] == '\'' && within && habit == Habit::English {
            line[n] = '’';
        }
    }
}

/// Words after which a Russian line does not break.
const BEFORE: [&str; 26] = [
    "а", "в", "и", "к", "о", "с", "у", "я", "во", "до", "за", "из", "ко", "на", "не", "ни", "но", "об", "от", "по",
    "со", "без", "для", "под", "при", "над",
];
/// Words before which it does not.
const AFTER: [&str; 6] = ["же", "ли", "бы", "б", "ж", "ль"];
/// Units that stay with their number.
const UNITS: [&str; 58] = [
    "%", "°", "°c", "°f", "₽", "€", "$", "кг", "г", "мг", "т", "км", "м", "см", "мм", "км/ч", "га", "л", "мл", "ч",
    "мин", "с", "руб", "коп", "тыс", "млн", "млрд", "трлн", "квт", "вт", "в", "гб", "мб", "кв", "куб", "год", "года",
    "году", "гг", "kg", "g", "mg", "km", "m", "cm", "mm", "mph", "km/h", "lb", "oz", "ft", "in", "mi", "a.m", "p.m",
    "am", "pm", "°",
];
/// What stays with the number or name after it.
const TITLES: [&str; 16] =
    ["№", "§", "г.", "ул.", "д.", "с.", "им.", "mr.", "mrs.", "ms.", "dr.", "prof.", "no.", "p.", "pp.", "st."];

/// Spaces that must not break: after short words, between initials, between a number and its unit.
fn spaces(line: &mut [char], habit: Habit) {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut from = None;
    for (n, c) in line.iter().enumerate().map(|(n, c)| (n, *c)).chain([(line.len(), '\n')]) {
        match (c.is_whitespace(), from) {
            (false, None) => from = Some(n),
            (true, Some(start)) => {
                words.push((start, n));
                from = None;
            }
            _ => {}
        }
    }
    for pair in words.windows(2) {
        let ((from, to), (next, end)) = (pair[0], pair[1]);
        if next != to + 1 || line[to] != ' ' {
            continue;
        }
        let text = |from: usize, to: usize| -> String {
            line[from..to].iter().filter(|&&c| c != GONE).flat_map(|c| c.to_lowercase()).collect()
        };
        let (left, right) = (text(from, to), text(next, end));
        let plain = |word: &str| {
            word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '°' | '₽' | '€' | '$')).to_owned()
        };
        let opened = left.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '№' | '§'));
        let number = left.ends_with(|c: char| c.is_ascii_digit());
        let numbered = right.starts_with(|c: char| c.is_ascii_digit());
        let named = line[next].is_uppercase();
        let keeps = number && UNITS.contains(&plain(&right).as_str())
            || TITLES.contains(&opened) && (numbered || named) && (habit == Habit::Russian || opened.is_ascii())
            || is_initial(&line[from..to]) && named
            || habit == Habit::Russian
                && (BEFORE.contains(&opened) || AFTER.contains(&plain(&right).as_str()) && plain(&left) == left);
        if keeps {
            line[to] = NBSP;
        }
    }
}

/// «А.» or «А.С.».
fn is_initial(word: &[char]) -> bool {
    (word.len() == 2 || word.len() == 4) && word.chunks(2).all(|pair| pair[0].is_uppercase() && pair[1] == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restored(lang: &str, content: Vec<Inline>) -> String {
        let blocks = vec![Block::Paragraph { content, lang: None }];
        let mut article = Article { lang: lang.to_owned(), blocks, ..Article::default() };
        article.restore_typography();
        article.to_text().replace(NBSP, "~")
    }

    fn ru(text: &str) -> String {
        restored("ru-RU", vec![Inline::Text(text.to_owned())])
    }

    fn en(text: &str) -> String {
        restored("en", vec![Inline::Text(text.to_owned())])
    }

    #[test]
    fn russian_gets_its_quotes_dashes_and_spaces() {
        assert_eq!(ru("Газета \"Знамя\" - это 5 кг новостей..."), "Газета «Знамя»~— это 5~кг новостей…");
        assert_eq!(ru("Он сказал: \"Роман \"Мать\" скучен\"."), "Он сказал: «Роман „Мать“ скучен».");
        assert_eq!(ru("- Да, - ответил А. С. Пушкин в мае."), "—~Да,~— ответил А.~С.~Пушкин в~мае.");
        assert_eq!(ru("дом № 5 на ул. Мира, 12 %, он же прав"), "дом №~5 на~ул.~Мира, 12~%, он~же прав");
    }

    #[test]
    fn english_gets_its_quotes_and_apostrophes() {
        assert_eq!(en("\"It's late\" - said Mr. Roe at 5 pm."), "“It’s late”~– said Mr.~Roe at 5~pm.");
        assert_eq!(en("one--two -- three"), "one—two~— three");
    }

    #[test]
    fn what_could_mean_two_things_stays() {
        assert_eq!(en("a 5\" screen and a \"quote\""), "a 5\" screen and a \"quote\"");
        assert_eq!(ru("Он сказал: \"да и ушёл"), "Он сказал: \"да и~ушёл");
        assert_eq!(en("2026-11-23, e-mail, rock 'n' roll"), "2026-11-23, e-mail, rock 'n' roll");
        assert_eq!(en("see https://a.example/it's--x... now"), "see https://a.example/it's--x... now");
    }

    #[test]
    fn code_and_other_languages_are_not_touched() {
        let code = vec![
            Inline::Text("Наберите ".to_owned()),
            Inline::Code("echo \"a -- b...\"".to_owned()),
            Inline::Text(" и \"ждите\"".to_owned()),
        ];
        assert_eq!(restored("ru", code), "Наберите echo \"a -- b...\" и~«ждите»");
        assert_eq!(restored("de", vec![Inline::Text("\"Ja\" - nein".to_owned())]), "\"Ja\" - nein");
    }

    #[test]
    fn quotes_pair_across_emphasis_and_nothing_changes_twice() {
        let content = vec![
            Inline::Text("Роман \"".to_owned()),
            Inline::Emphasis(vec![Inline::Text("Мать".to_owned())]),
            Inline::Text("\" - лучший".to_owned()),
        ];
        assert_eq!(restored("ru", content), "Роман «Мать»~— лучший");
        let once = ru("\"Да\" - сказал он...").replace('~', "\u{a0}");
        assert_eq!(ru(&once), once.replace('\u{a0}', "~"));
    }

    proptest::proptest! {
        #[test]
        fn no_letter_or_digit_changes(text in "[а-яa-z0-9 .\"'\\-—«»№%@:/А-Я]{0,60}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            for lang in ["ru", "en"] {
                let mut article = Article { lang: lang.to_owned(), title: text.clone(), ..Article::default() };
                article.restore_typography();
                proptest::prop_assert_eq!(letters(&article.title), letters(&text));
            }
        }
    }
}
