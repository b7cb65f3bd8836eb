//! What must hold for any bytes: the bodies of the fuzz targets in `fuzz/`, which `tests/any_bytes.rs` runs as well.
//!
//! Each panics where its promise is broken.

#[path = "../comparison/mod.rs"]
#[allow(dead_code, reason = "its report is for whole sets of pages")]
pub(crate) mod comparison;

#[path = "tokens.rs"]
pub(crate) mod oracle;

use std::sync::Arc;

use clearprint::article::{self, Article, FindOptions};
use clearprint::clean::{Filters, Rules, Site, SiteProfile};
use clearprint::internals::html::dom::{Dom, NodeId};
use clearprint::rewrite::{self, Options, Rewriter};
use clearprint::source::{self, NoPictures};
use clearprint::theme::{OwnColors, PrintStyle, Settings};
use clearprint::typeset::{self, Manuscript};
use clearprint::{Error, Limits, check, pdf};

use comparison::Account;

fn decode(bytes: &[u8]) -> String {
    source::decode(bytes, &source::Declared::default()).text
}

/// The tokenizer alone: html5gum's tokens, however the bytes arrive.
pub(crate) fn tokens(bytes: &[u8]) {
    let html = oracle::preprocessed(&decode(bytes));
    oracle::compare(&html, [1, 1 + html.len() % 61, usize::MAX]);
}

/// Page mode: a sound and harmless page that has every word a tree keeps, however the bytes arrive.
pub(crate) fn stream(bytes: &[u8]) {
    page_mode(&decode(bytes), None);
}

/// Page mode under a filter list: up to the first empty line it is the list, then the page.
pub(crate) fn filters(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (list, html) = text.split_once("\n\n").unwrap_or((&text, "<p class=ad>Ad<p>Text"));
    let site = Site::new("", SiteProfile::default(), Filters::new([list])).expect("no profile");
    page_mode(html, Some(Arc::new(site)));
}

fn page_mode(html: &str, site: Option<Arc<Site>>) {
    let piece = 1 + html.len() % 61;
    let whole = rewritten(html, site.as_ref(), usize::MAX);
    let pieces = rewritten(html, site.as_ref(), piece);
    assert!(whole == pieces, "in pieces of {piece}: {pieces}\nand whole: {whole}");
    assert!(whole.ends_with("</html>\n"), "the page has no end: {whole}");
    harmless(&whole);
    let mut account = Account::default();
    account.compare("a page", html, site.as_ref());
    assert_eq!(account.lost, 0, "words that a tree keeps are lost: {:?}\n{whole}", account.worst);
}

/// The page, also where a limit broke it off.
fn rewritten(html: &str, site: Option<&Arc<Site>>, piece: usize) -> String {
    let mut page = Vec::new();
    let mut options = Options::default();
    options.site = site.cloned();
    let mut rewriter = Rewriter::new(Rules::built_in(), &options, |bytes: &[u8]| page.extend_from_slice(bytes));
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = piece.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        if rewriter.write(&rest[..end]).is_err() {
            break;
        }
        rest = &rest[end..];
    }
    let ended = rewriter.end();
    assert!(matches!(ended, Ok(_) | Err(Error::Limit { .. })), "{ended:?}");
    String::from_utf8(page).expect("UTF-8")
}

/// Nothing of a page runs, and it has one main part and one headline.
fn harmless(page: &str) {
    const NEVER: [&str; 10] =
        ["script", "iframe", "frame", "frameset", "object", "embed", "applet", "base", "noscript", "template"];
    let dom = Dom::parse(page, "a page", &Limits::default()).expect("what we write is shallow");
    let mut times = [0, 0];
    for id in dom.descendants(dom.root()) {
        let Some(tag) = dom.any_tag(id) else { continue };
        assert!(!NEVER.contains(&&**tag), "<{tag}> in {page}");
        for (count, name) in times.iter_mut().zip(["main", "h1"]) {
            *count += usize::from(&**tag == name);
        }
        harmless_attributes(&dom, id, page);
    }
    assert_eq!(times, [1, 1], "main parts and headlines of {page}");
}

fn harmless_attributes(dom: &Dom, id: NodeId, page: &str) {
    for (name, value) in dom.attrs(id) {
        let runs = name.starts_with("on") || ["srcdoc", "http-equiv"].contains(&name);
        // What is the page's own may be styled; nothing that came with it may.
        assert!(!runs && name != "style", "{name}={value:?} in {page}");
        let address = ["href", "src", "srcset", "action", "formaction", "cite", "poster", "data"].contains(&name)
            || name.ends_with(":href");
        let scheme: String = value.chars().filter(|c| *c > ' ').take(20).collect::<String>().to_lowercase();
        let bad = ["javascript:", "vbscript:", "data:"].iter().any(|bad| scheme.starts_with(bad));
        assert!(!(address && bad), "{name}={value:?} in {page}");
    }
}

/// Finding and writing the article: one that reads back the same, and is a harmless page, or an error.
pub(crate) fn article(bytes: &[u8]) {
    let limits = Limits::default();
    let Ok(mut article) = article::find(&decode(bytes), &FindOptions::new("page", &limits)) else { return };
    article.to_html();
    article.to_text();
    Article::from_markdown(&article.to_markdown(), "page").expect("our own Markdown");
    assert_eq!(Article::from_json(&article.to_json(), "page").expect("our own JSON"), article);
    harmless(&rewrite::article_page(&article, &Options::default()));
    article.restore_typography();
}

/// Printing: Article JSON, Markdown or a page, as it looks, to a file in which our own check finds nothing but
/// characters that no font has.
pub(crate) fn print(bytes: &[u8]) {
    let text = decode(bytes);
    let mut limits = Limits::default();
    limits.pages = 40;
    let start = text.trim_start();
    let read = if start.starts_with('{') {
        Article::from_json(&text, "article")
    } else if start.starts_with('<') {
        article::find(&text, &FindOptions::new("article", &limits))
    } else {
        Article::from_markdown(&text, "article")
    };
    let Ok(article) = read else { return };
    harmless(&rewrite::article_page(&article, &Options::default()));
    let mut styles = PrintStyle::all();
    let style = styles.swap_remove(bytes.len() % styles.len());
    let publication = match typeset::set(&Manuscript::Article(&article), &style, &NoPictures, &limits) {
        Ok(publication) => publication,
        Err(Error::Limit { .. } | Error::NoArticle { .. }) => return,
        Err(error) => panic!("{}: {error}", style.name),
    };
    let file = pdf::write(&publication, &pdf::Options::default()).expect("a publication that can be written");
    let mut findings = check::pdf(&file, None, &clearprint::Limits::default()).expect("a PDF");
    findings.retain(|finding| finding.rule != "missing glyph");
    assert!(findings.is_empty(), "{}: {findings:?}", style.name);
}

/// Reading a PDF that is not ours, whatever it says of itself: findings, a refusal or a limit, and never more than the budget.
pub(crate) fn checked(bytes: &[u8]) {
    let mut limits = Limits::default();
    (limits.operations, limits.unpacked) = (100_000, 4 << 20);
    let acceptable = |error: Option<Error>| match error {
        None | Some(Error::Input { .. } | Error::Limit { .. }) => {}
        Some(other) => panic!("{other}"),
    };
    acceptable(check::pdf(bytes, None, &limits).err());
    acceptable(check::tags(bytes, &limits).err());
    acceptable(check::text(bytes, &limits).err());
    acceptable(check::preflight(bytes, &limits).err());
}

/// A drawing in an article: it is printed, or its description is, and in the time of a drawing either way.
pub(crate) fn drawing(bytes: &[u8]) {
    struct One<'b>(&'b [u8]);
    impl source::PictureSource for One<'_> {
        fn load(&self, _: &str) -> Result<Arc<[u8]>, String> {
            Ok(Arc::from(
                [b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"99\" height=\"99\">", self.0, b"</svg>"].concat(),
            ))
        }
    }
    let article =
        Article::from_markdown("# A drawing\n\n![What it shows](a.svg)\n", "article").expect("our own Markdown");
    let mut styles = PrintStyle::all();
    let style = styles.swap_remove(0);
    let set = typeset::set(&Manuscript::Article(&article), &style, &One(bytes), &Limits::default());
    let publication = set.unwrap_or_else(|error| panic!("{error}"));
    pdf::write(&publication, &pdf::Options::default()).expect("a publication that can be written");
}

/// What comes in addresses and files of settings: it has one spelling, and what was taken is within its bounds.
pub(crate) fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(settings) = text.parse::<Settings>() {
        assert_eq!(settings.to_string(), text, "a code has one spelling");
        assert_eq!(settings.check(), Ok(()));
    }
    if let Ok(colors) = OwnColors::from_list(&text) {
        let list = [colors.text(), colors.background(), colors.link()].map(|color| color.to_string()).join(",");
        assert_eq!(OwnColors::from_list(&list), Ok(colors));
    }
    if let Ok(profile) = SiteProfile::from_toml("profile.toml", &text) {
        let _ = Site::new("profile.toml", profile, Filters::default());
    }
}
