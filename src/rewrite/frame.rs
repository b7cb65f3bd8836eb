//! The frame of every page: head, skip link, header with the settings panel, the fold with what stood before the
//! article, and the footer.

use std::fmt::Write as _;

use super::head::Head;
use super::markup::attribute;
use super::options::Options;
use super::panel;
use crate::article::Article;
use crate::html::entities::escape;
use crate::html::tag::Tag;
use crate::phrases::Phrases;
use crate::theme::style_sheet;

/// ` lang="…"` where the frame speaks another language than the page.
fn frame_lang(head: &Head) -> String {
    let mut lang = String::new();
    if !head.lang.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(head.ui)) {
        attribute(&mut lang, "lang", head.ui);
    }
    lang
}

/// From the doctype to the end of the header.
pub(super) fn open(out: &mut String, head: &Head, options: &Options) {
    let screens = options.screens();
    let w = &Phrases::of(head.ui).page;
    out.push_str("<!doctype html>\n<html");
    attribute(out, "lang", &head.lang);
    if matches!(head.lang.split('-').next(), Some("ar" | "he" | "fa" | "ur" | "yi")) {
        out.push_str(" dir=\"rtl\"");
    }
    out.push_str(">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    escape(out, &head.title);
    out.push_str("</title>\n");
    if let Some(original) = &head.original {
        out.push_str("<link rel=\"canonical\"");
        attribute(out, "href", original.as_str());
        out.push_str(">\n");
    }
    for (lang, url) in &head.alternates {
        out.push_str("<link rel=\"alternate\"");
        attribute(out, "hreflang", lang);
        attribute(out, "href", url.as_str());
        out.push_str(">\n");
    }
    match &options.sheet_url {
        Some(url) => {
            out.push_str("<link rel=\"stylesheet\"");
            attribute(out, "href", url);
            out.push_str(">\n");
        }
        None => {
            out.push_str("<style>\n");
            out.push_str(&style_sheet(&options.settings, &screens, options.panel, &options.fonts));
            out.push_str("</style>\n");
        }
    }
    out.push_str("</head>\n<body>\n");
    let lang = frame_lang(head);
    let _ =
        write!(out, "<a class=\"cp-skip\" href=\"#cp-main\"{lang}>{}</a>\n<header class=\"cp-head\"{lang}>\n", w.skip);
    let bar = out.len();
    out.push_str("<p class=\"cp-bar\">");
    let empty = out.len();
    if let Some(site) = head.site.clone().or_else(|| head.original.as_ref()?.host_str().map(str::to_owned)) {
        out.push_str("<span class=\"cp-site\"");
        if !lang.is_empty() {
            attribute(out, "lang", &head.lang);
        }
        out.push('>');
        escape(out, &site);
        out.push_str("</span>");
    }
    links(out, head, options);
    if out.len() == empty {
        out.truncate(bar);
    } else {
        out.push_str("</p>\n");
    }
    if options.panel {
        panel::write(out, head.ui, options, &screens);
    }
    out.push_str("</header>");
}

fn links(out: &mut String, head: &Head, options: &Options) {
    let w = &Phrases::of(head.ui).page;
    if let Some(original) = &head.original {
        out.push_str(" <a");
        attribute(out, "href", original.as_str());
        let _ = write!(out, ">{}</a>", w.original);
    }
    if let Some(pdf) = &options.pdf_url {
        out.push_str(" <a");
        attribute(out, "href", pdf);
        let _ = write!(out, ">{}</a>", w.pdf);
    }
}

/// The fold for what stands before the article: the site's menus.
pub(super) fn open_before(out: &mut String, head: &Head) {
    let (lang, w) = (frame_lang(head), &Phrases::of(head.ui).page);
    let _ = write!(
        out,
        "\n<nav class=\"cp-before\" aria-label=\"{0}\"{lang}>\n<details>\n<summary>{0}</summary>\n<div",
        w.menu
    );
    if !lang.is_empty() {
        attribute(out, "lang", &head.lang);
    }
    out.push('>');
}

/// The start of the fold for what stands behind the article.
pub(super) fn rest(head: &Head) -> String {
    let (lang, w) = (frame_lang(head), &Phrases::of(head.ui).page);
    format!("\n<details class=\"cp-rest\">\n<summary{lang}>{}</summary>\n<div>", w.rest)
}

/// Closes what [`open_before`] opened.
pub(super) fn close_before(out: &mut String) {
    out.push_str("</div>\n</details>\n</nav>");
}

/// Opens the main part.
pub(super) fn open_main(out: &mut String) {
    out.push_str("\n<main id=\"cp-main\" tabindex=\"-1\">");
}

/// A headline made of the title.
pub(super) fn headline(out: &mut String, head: &Head) {
    out.push_str("\n<h1>");
    escape(out, &head.headline);
    out.push_str("</h1>");
}

/// The standfirst below the headline.
pub(super) fn deck(out: &mut String, article: &Article) {
    if let Some(deck) = &article.deck {
        out.push_str("\n<p class=\"cp-deck\"><strong>");
        escape(out, deck);
        out.push_str("</strong></p>");
    }
}

/// Authors and date below the headline.
pub(super) fn byline(out: &mut String, article: &Article, head: &Head) {
    if article.byline.is_empty() && article.date.is_none() {
        return;
    }
    out.push_str("\n<p class=\"cp-byline\">");
    escape(out, &article.byline.join(", "));
    if let Some(date) = &article.date {
        if !article.byline.is_empty() {
            out.push_str(" · ");
        }
        out.push_str("<time");
        attribute(out, "datetime", date);
        out.push('>');
        escape(out, &Phrases::of(head.ui).dates.moment(date));
        out.push_str("</time>");
    }
    out.push_str("</p>");
}

/// Closes the main part.
pub(super) fn close_main(out: &mut String) {
    out.push_str("\n</main>");
}

/// Whether there is something to say below the page.
pub(super) fn has_service_links(head: &Head, options: &Options) -> bool {
    head.original.is_some() || options.pdf_url.is_some()
}

/// Links to the original and to the printed form.
pub(super) fn service_links(out: &mut String, head: &Head, options: &Options) {
    let (lang, w) = (frame_lang(head), &Phrases::of(head.ui).page);
    let _ = write!(out, "\n<p class=\"cp-bar\"{lang}><span>{}:</span>", w.service);
    links(out, head, options);
    out.push_str("</p>");
}

/// The end of the page.
pub(super) fn close(out: &mut String, footer: bool) {
    out.push_str(if footer { "\n</footer>\n</body>\n</html>\n" } else { "\n</body>\n</html>\n" });
}

/// A notice that the page broke off.
pub(super) fn notice(out: &mut String, reason: &str) {
    out.push_str("\n<p class=\"cp-aside\" role=\"note\">");
    escape(out, reason);
    out.push_str("</p>");
}

/// What to call an embed that says nothing of itself.
pub(super) fn embed_name(tag: Tag, href: &str, ui: &str) -> String {
    let w = &Phrases::of(ui).page;
    let host = href.split("//").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let host = host.trim_start_matches("www.");
    let video = ["youtu", "vimeo", "rutube", "vk.com", "vkvideo", "ok.ru", "dailymotion", "coub", "dzen", "smotrim"];
    let kind = match tag {
        Tag::Audio => w.sound,
        Tag::Video => w.video,
        _ if video.iter().any(|site| host.contains(site)) => w.video,
        _ => w.embedded,
    };
    if host.is_empty() { kind.to_owned() } else { format!("{kind}: {host}") }
}
