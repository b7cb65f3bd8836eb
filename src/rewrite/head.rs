//! What the page says of itself: title, site, language, address.

use smallvec::SmallVec;
use url::Url;

use super::addresses::Addresses;
use super::element::is_language_tag;
use super::options::Options;
use super::words::{WordCounter, is_ideograph, speaks};
use crate::html::entities;
use crate::html::language;
use crate::html::tag::Tag;
use crate::html::tokens::StartTag;
use crate::phrases::Phrases;

/// What is known of the page when its frame is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Title of the page as written out.
    pub(super) title: String,
    /// The headline where the page has none that could be found.
    pub(super) headline: String,
    /// Name of the site.
    pub(super) site: Option<String>,
    /// Language of the page: a BCP 47 tag.
    pub(super) lang: String,
    /// Language of the frame: `ru` or `en`.
    pub(super) ui: &'static str,
    /// Where the original is.
    pub(super) original: Option<Url>,
    element_title: String,
    title_closed: bool,
    og_title: Option<String>,
    declared_lang: Option<String>,
    base: Option<String>,
    canonical: Option<String>,
    /// The page in other languages, as the page says: language and address.
    pub(super) alternates: Vec<(String, Url)>,
    /// The charset that the page declares, where it is not UTF-8: in it the site reads its forms.
    pub(super) charset: Option<&'static str>,
    /// What a headline may say: titles and their parts, folded.
    titles: Vec<Title>,
    /// It says of itself that it is an article.
    article: bool,
}

/// How well a text says what the title says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Titled {
    /// Not at all.
    #[default]
    No,
    /// It is a part of the title: the site's name or the section's, as like as not.
    Partly,
    /// It is the title, or the part of it that comes first or is longest.
    Well,
}

/// Words that an address of a headline has at least.
const WORDS_OF_A_SLUG: usize = 4;
/// A title is not longer.
const MOST_TITLE: usize = 2_000;
/// Languages of a page that are named; the European Union has 24.
const MOST_ALTERNATES: usize = 50;

impl Head {
    /// Text within `title`.
    pub(super) fn title_text(&mut self, text: &str) {
        if !self.title_closed && self.element_title.len() + text.len() <= MOST_TITLE {
            self.element_title.push_str(text);
        }
    }

    /// `title` closes; another one says nothing.
    pub(super) fn end_title(&mut self) {
        self.title_closed = true;
        self.learn_titles();
    }

    /// `html`, `head` and `body`: only the language counts.
    pub(super) fn page(&mut self, start: &StartTag<'_>) {
        if self.declared_lang.is_none() {
            let lang = start.attribute("lang").or_else(|| start.attribute("xml:lang"));
            self.declared_lang = lang.map(|l| l.trim().to_owned()).filter(|l| !l.is_empty());
        }
    }

    /// `meta`, `link` and `base`. A `base` counts at once, for the addresses that follow.
    pub(super) fn meta(&mut self, start: &StartTag<'_>, addresses: &mut Addresses) {
        let value = |name| start.attribute(name).map(|v| entities::decode(v, true).trim().to_owned());
        match start.tag {
            Tag::Base if self.base.is_none() => {
                let Some(href) = value("href") else { return };
                let resolved = match &addresses.page {
                    Some(page) => page.join(&href).ok(),
                    None => Url::parse(&href).ok(),
                };
                self.base = Some(href);
                if let Some(url) = resolved.filter(|url| matches!(url.scheme(), "http" | "https")) {
                    addresses.base = Some(url);
                }
            }
            Tag::Link => {
                let canonical = value("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"));
                if canonical && self.canonical.is_none() {
                    self.canonical = value("href");
                }
                if let Some(lang) = value("hreflang").filter(|_| self.alternates.len() < MOST_ALTERNATES)
                    && value("rel")
                        .is_some_and(|rel| rel.split_whitespace().any(|r| r.eq_ignore_ascii_case("alternate")))
                    && (is_language_tag(&lang) || lang.eq_ignore_ascii_case("x-default"))
                    && let Some(url) = value("href").and_then(|href| addresses.public(&href))
                {
                    self.alternates.push((lang, url));
                }
            }
            Tag::Meta => {
                let label = value("charset").or_else(|| {
                    let content = value("content").filter(|_| value("http-equiv").is_some())?.to_ascii_lowercase();
                    Some(content.split_once("charset=")?.1.to_owned())
                });
                if let Some(label) = label.filter(|_| self.charset.is_none()) {
                    let known = encoding_rs::Encoding::for_label(label.trim().as_bytes());
                    self.charset = known.filter(|e| *e != encoding_rs::UTF_8).map(encoding_rs::Encoding::name);
                }
                let (Some(name), Some(content)) =
                    (value("property").or_else(|| value("name")).or_else(|| value("http-equiv")), value("content"))
                else {
                    return;
                };
                if content.is_empty() || content.len() > MOST_TITLE {
                    return;
                }
                match name.to_ascii_lowercase().as_str() {
                    "og:title" | "twitter:title" if self.og_title.is_none() => {
                        self.og_title = Some(content);
                        self.learn_titles();
                    }
                    "og:type" if content.eq_ignore_ascii_case("article") => self.article = true,
                    "article:published_time" => self.article = true,
                    "og:site_name" if self.site.is_none() => self.site = Some(content),
                    "og:url" if self.canonical.is_none() => self.canonical = Some(content),
                    "content-language" | "og:locale"
                        if self.declared_lang.is_none() && is_language_tag(&content.replace('_', "-")) =>
                    {
                        self.declared_lang = Some(content);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Learns where the page is.
    pub(super) fn learn_address(&mut self, address: &Url) {
        self.article |= is_slug(address.as_str());
    }

    fn learn_titles(&mut self) {
        self.titles.clear();
        for title in [self.og_title.as_deref(), Some(self.element_title.as_str())].into_iter().flatten() {
            self.titles.push(Title::new(folded(title), Titled::Well));
            let parts: Vec<String> = parts(title).into_iter().map(folded).collect();
            let longest = parts.iter().map(|part| part.chars().count()).max();
            for (at, part) in parts.into_iter().enumerate().filter(|(_, part)| part.contains(' ')) {
                let well = at == 0 || Some(part.chars().count()) == longest;
                self.titles.push(Title::new(part, if well { Titled::Well } else { Titled::Partly }));
            }
        }
        self.titles.retain(|title| title.text.chars().count() >= 4);
        self.titles.dedup();
    }

    /// Whether a text says what the title says.
    pub(super) fn is_titled(&self, text: &str) -> bool {
        self.says(text) > Titled::No
    }

    /// How well a text says what the title says.
    pub(super) fn says(&self, text: &str) -> Titled {
        // Of a text that has more words than any title, what they share is not enough.
        let most = self.titles.iter().map(|title| title.words.len()).max().unwrap_or_default();
        if 3 * WordCounter::default().count(text) > 4 * most as u64 {
            return Titled::No;
        }
        let text = folded(text);
        let length = text.chars().count();
        if length < 4 {
            return Titled::No;
        }
        if length < 16 && !self.titles.iter().any(|title| title.text == text) {
            return Titled::No;
        }
        let words: SmallVec<[&str; 32]> = text.split(' ').collect();
        let same = |title: &&Title| {
            title.text == text || length >= 16 && (title.text.starts_with(&text) || title.overlap(&words) >= 0.75)
        };
        let says = self.titles.iter().filter(same).map(|title| title.how).max().unwrap_or_default();
        let is_site = || self.site.as_deref().map(folded).as_deref() == Some(text.as_str());
        if says > Titled::No && is_site() { Titled::No } else { says }
    }

    /// Whether the page says of itself that it is an article: in so many words, or by an address that is a headline.
    pub(super) fn is_article(&self) -> bool {
        self.article || self.canonical.as_deref().is_some_and(is_slug)
    }

    /// Whether a text is the name of the site, as logos are.
    pub(super) fn is_site(&self, text: &str) -> bool {
        let text = folded(text);
        let host = self.original.as_ref().and_then(Url::host_str).map(folded);
        self.site.as_deref().map(folded).as_deref() == Some(text.as_str()) || host.as_deref() == Some(text.as_str())
    }

    /// Settles title, language and address: from here on they do not change.
    pub(super) fn settle(&mut self, options: &Options, sample: &str, addresses: &Addresses) {
        self.lang = match &options.lang {
            Some(lang) => lang.clone(),
            None => language::settle(self.declared_lang.as_deref(), sample),
        };
        let canonical = self.canonical.as_deref().and_then(|href| match &addresses.page {
            Some(page) => page.join(href).ok(),
            None => Url::parse(href).ok(),
        });
        self.original = addresses.page.clone().or(canonical).filter(|url| matches!(url.scheme(), "http" | "https"));
        self.settle_frame_language();
        let element_title = collapsed(&self.element_title);
        let og_title = self.og_title.as_deref().map(collapsed).filter(|title| !title.is_empty());
        self.headline = match &og_title {
            Some(title) => without_site(title, self.site.as_deref()),
            None => without_site(&element_title, self.site.as_deref()),
        };
        self.title = element_title;
        self.name_untitled();
    }

    /// A page has a title and a headline, whatever happens.
    pub(super) fn name_untitled(&mut self) {
        let untitled = Phrases::of(self.ui).page.untitled;
        if self.headline.trim().is_empty() {
            self.headline = self.site.clone().unwrap_or_else(|| untitled.to_owned());
        }
        if self.title.trim().is_empty() {
            self.title.clone_from(&self.headline);
        }
    }

    /// The frame speaks a language that readers of the page read, English where it knows none. A page whose language
    /// cannot be told is taken to be in the language of its frame.
    pub(super) fn settle_frame_language(&mut self) {
        self.ui = Phrases::for_readers_of(&self.lang).lang;
        if self.lang == "und" {
            self.lang = self.ui.to_owned();
        }
    }
}

/// Letters and digits in small letters, one space between words. Scripts that part no words have theirs parted.
fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut parted = true;
    for c in text.chars() {
        if !speaks(c) {
            parted = true;
            continue;
        }
        let alone = is_ideograph(c);
        if (parted || alone) && !folded.is_empty() {
            folded.push(' ');
        }
        parted = alone;
        match c {
            '0'..='9' | 'a'..='z' | 'а'..='я' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            _ => folded.extend(c.to_lowercase().map(|c| if c == 'ё' { 'е' } else { c })),
        }
    }
    folded
}

/// What a headline may say, folded.
#[derive(Clone, Debug, PartialEq)]
struct Title {
    text: String,
    words: Vec<Box<str>>,
    how: Titled,
}

impl Title {
    fn new(text: String, how: Titled) -> Self {
        let words = text.split(' ').map(Into::into).collect();
        Self { text, words, how }
    }

    /// Share of the longer one's words that both have.
    fn overlap(&self, words: &[&str]) -> f32 {
        if 4 * self.words.len() < 3 * words.len() {
            // Whatever they share, it is not enough for anyone who asks.
            return 0.0;
        }
        let common = self.words.iter().filter(|word| words.contains(&word.as_ref())).count();
        common as f32 / self.words.len().max(words.len()) as f32
    }
}

const SEPARATORS: [&str; 9] = [" | ", " — ", " – ", " - ", " :: ", " / ", " » ", " · ", " • "];

/// The parts of a title such as `Headline | Section | Site`.
fn parts(title: &str) -> Vec<&str> {
    let mut parts = vec![title];
    for separator in SEPARATORS {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts
}

/// A title without the name of the site behind it.
fn without_site(title: &str, site: Option<&str>) -> String {
    let title = title.trim();
    if let Some(site) = site
        && let Some(rest) = title.strip_suffix(site.trim())
        && let Some(rest) = SEPARATORS.iter().find_map(|separator| rest.strip_suffix(separator))
    {
        return rest.trim().to_owned();
    }
    for separator in [" | ", " :: "] {
        if let Some((rest, _)) = title.rsplit_once(separator)
            && rest.split(' ').count() >= 3
        {
            return rest.trim().to_owned();
        }
    }
    title.to_owned()
}

/// Whether an address ends in the words of a headline: `/news/2018/a-bridge-opens-in-december.html`.
fn is_slug(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let name = path.split_once("//").map_or(path, |(_, rest)| rest).rsplit_once('/').map_or("", |(_, name)| name);
    let is_word = |word: &&str| word.chars().any(char::is_alphabetic);
    name.split(['-', '_']).filter(is_word).count() >= WORDS_OF_A_SLUG
}

/// White space as a browser shows it.
pub(super) fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(title: &str, og: Option<&str>, site: Option<&str>) -> Head {
        let mut head = Head { og_title: og.map(Into::into), site: site.map(Into::into), ..Head::default() };
        head.title_text(title);
        head.end_title();
        head
    }

    #[test]
    fn a_headline_says_what_the_title_says() {
        let head = head("Мост через Унжу откроют в декабре | Вести района", None, Some("Вести района"));
        assert!(head.is_titled("Мост через Унжу\n откроют в декабре"));
        assert!(head.is_titled("Мост через Унжу откроют в декабре: фото"));
        assert!(!head.is_titled("Вести района"));
        assert!(!head.is_titled("Мост"));
        assert!(!head.is_titled("Другие новости района за неделю"));
    }

    #[test]
    fn an_address_may_be_a_headline() {
        for (address, is) in [
            ("https://a.ru/news/servico-registra-arrombamento-em-veiculos", true),
            ("/2018/a_bridge_opens_in_december.html?page=1", true),
            ("https://a.ru/news/2018-10-05-12", false),
            ("https://www.big-city-and-county-herald.com/", false),
            ("https://a.ru/latest-news/", false),
        ] {
            assert_eq!(is_slug(address), is, "{address}");
        }
    }

    #[test]
    fn the_site_is_taken_off_the_title() {
        assert_eq!(without_site("A bridge opens - The Herald", Some("The Herald")), "A bridge opens");
        assert_eq!(without_site("A new bridge | News | Herald", None), "A new bridge | News");
        assert_eq!(without_site("Herald", Some("Herald")), "Herald");
    }
}
