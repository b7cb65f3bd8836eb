//! The start page's HTML.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::form::Form;
use super::{SAMPLES, SHEET_NAME};
use crate::phrases::Phrases;
use crate::server::{App, assets};
use crate::theme::{Look, PrintStyle, Screen, Settings};

/// Sizes that the form offers, in percent.
const SIZES: [u16; 6] = [100, 125, 150, 200, 300, 400];
/// Papers that the form offers.
const PAPERS: [(&str, &str); 5] = [("a4", "A4"), ("a5", "A5"), ("a3", "A3"), ("letter", "Letter"), ("legal", "Legal")];

/// What came of the form.
pub(super) struct Shown<'a> {
    pub(super) settings: &'a Settings,
    /// The page with its sheet beside it.
    pub(super) framed: String,
    /// The page with its sheet in it.
    pub(super) saved: String,
    /// The printed form, or why there is none.
    pub(super) paper: Result<Paper, String>,
}

/// The printed form.
pub(super) struct Paper {
    /// Its first page as a PNG.
    pub(super) picture: Vec<u8>,
    /// The PDF.
    pub(super) file: Vec<u8>,
    /// What the PDF is called.
    pub(super) name: String,
}

/// Who writes for whom.
pub(super) struct Html<'a> {
    pub(super) app: &'a Arc<App>,
    pub(super) base: &'a str,
    pub(super) phrases: &'static Phrases,
}

impl Html<'_> {
    /// The whole page: what came of the form, what went wrong, and the form.
    pub(super) fn page(&self, form: &Form, shown: Option<&Shown<'_>>, wrong: Option<&str>) -> String {
        let w = &self.phrases.start;
        let look = shown.map_or_else(|| Look::Theme(Screen::DEFAULT.into()), |s| s.settings.look.clone());
        let sheet = assets::sheet_url(&Settings { look, ..Settings::default() });
        let own = format!("{}{}/{SHEET_NAME}", assets::PREFIX, assets::hash());
        let mut out = String::with_capacity(16 << 10);
        let _ = write!(
            out,
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}{} — Clearprint</title>\n\
             <link rel=\"stylesheet\" href=\"{sheet}\">\n<link rel=\"stylesheet\" href=\"{own}\">\n<link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n\
             <a class=\"cp-skip\" href=\"#h-form\">{}</a>\n<header>\n<p class=\"h-lang\">{}</p>\n</header>\n<main>\n<h1>{}</h1>\n",
            self.phrases.lang,
            if wrong.is_some() { format!("{}: ", w.wrong) } else { String::new() },
            w.title,
            w.skip,
            self.others(),
            w.title,
        );
        if let Some(wrong) = wrong {
            let _ = writeln!(out, "<p class=\"h-error\" role=\"alert\">{}: {}</p>", w.wrong, escaped(wrong));
        }
        match shown {
            Some(shown) => self.results(&mut out, form, shown),
            None => {
                let _ = writeln!(out, "<p class=\"h-lead\">{}</p>", w.lead);
            }
        }
        self.form(&mut out, form, shown.is_some());
        let _ = write!(out, "</main>\n<footer>\n<p class=\"h-hint\">{}</p>\n</footer>\n</body>\n</html>\n", w.footer);
        out
    }

    /// Links to the same page in the languages that it does not speak.
    fn others(&self) -> String {
        let link = |other: &Phrases| {
            format!("<a href=\"{0}?lang={1}\" lang=\"{1}\" hreflang=\"{1}\">{2}</a>", self.base, other.lang, other.name)
        };
        self.phrases.others().map(link).collect::<Vec<_>>().join(" ")
    }

    fn results(&self, out: &mut String, form: &Form, shown: &Shown<'_>) {
        let w = &self.phrases.start;
        let data = |bytes: &[u8]| STANDARD.encode(bytes);
        let _ = write!(
            out,
            "<div class=\"h-results\">\n<section>\n<h2>{0}</h2>\n<iframe sandbox title=\"{0}\" srcdoc=\"{1}\"></iframe>\n<p class=\"h-do\"><a download=\"clearprint.html\" href=\"data:text/html;charset=utf-8;base64,{2}\">{3}</a></p>\n",
            w.on_screen,
            escaped(&shown.framed),
            data(shown.saved.as_bytes()),
            w.save_page,
        );
        if !form.url.is_empty() {
            let link = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("url", &form.url)
                .append_pair("theme", &form.theme)
                .append_pair("size", &form.size.to_string())
                .finish();
            let _ = writeln!(
                out,
                "<p><a href=\"/v1/rewrite?{}\">{}</a></p>\n<p class=\"h-hint\">{}</p>",
                escaped(&link),
                w.link,
                w.link_hint
            );
        }
        let _ = writeln!(out, "</section>\n<section>\n<h2>{}</h2>", w.on_paper);
        match &shown.paper {
            Ok(paper) => {
                let _ = writeln!(
                    out,
                    "<img alt=\"{}\" src=\"data:image/png;base64,{}\">\n<p class=\"h-do\"><a class=\"h-first\" download=\"{}\" href=\"data:application/pdf;base64,{}\">{}</a></p>",
                    w.first_page,
                    data(&paper.picture),
                    escaped(&paper.name),
                    data(&paper.file),
                    w.save_pdf,
                );
            }
            Err(why) => {
                let _ = writeln!(out, "<p class=\"h-error\">{}</p>", escaped(why));
            }
        }
        let _ = writeln!(out, "</section>\n</div>\n<h2>{}</h2>", w.again);
    }

    fn form(&self, out: &mut String, form: &Form, again: bool) {
        let w = &self.phrases.start;
        let origins = &self.app.config.allowed_origins;
        let _ = write!(
            out,
            "<form id=\"h-form\" method=\"post\" enctype=\"multipart/form-data\" action=\"{}?lang={}\" tabindex=\"-1\">\n<fieldset>\n<legend>{}</legend>\n<p class=\"h-hint\">{}</p>\n",
            self.base, self.phrases.lang, w.page, w.one,
        );
        if !origins.is_empty() {
            let named: Vec<String> = origins.iter().map(|o| o.origin().ascii_serialization()).collect();
            let _ = write!(
                out,
                "<label class=\"h-name\" for=\"h-url\">{}</label>\n<input type=\"url\" id=\"h-url\" name=\"url\" value=\"{}\" autocomplete=\"url\" aria-describedby=\"h-origins\">\n<p class=\"h-hint\" id=\"h-origins\">{}</p>\n",
                w.url,
                escaped(&form.url),
                escaped(&named.join(", ")),
            );
        }
        let _ = write!(
            out,
            "<label class=\"h-name\" for=\"h-file\">{}</label>\n<input type=\"file\" id=\"h-file\" name=\"file\" accept=\".html,.htm,.xhtml,text/html\">\n\
             <label class=\"h-name\" for=\"h-text\">{}</label>\n<textarea id=\"h-text\" name=\"text\" rows=\"6\" spellcheck=\"false\" aria-describedby=\"h-how\">\n{}</textarea>\n<p class=\"h-hint\" id=\"h-how\">{}</p>\n</fieldset>\n",
            w.file,
            w.text,
            escaped(&form.text),
            w.text_hint,
        );
        let _ = writeln!(out, "<fieldset>\n<legend>{}</legend>\n<div class=\"h-two\">", w.looks);
        let themes = Screen::all().iter().map(|s| (s.name.clone(), s.title.of(self.phrases.lang).to_owned()));
        choice(out, "theme", w.theme, themes, &form.theme);
        let styles = PrintStyle::all().into_iter().map(|s| {
            let about = s.about.of(self.phrases.lang).to_owned();
            (s.name, about)
        });
        choice(out, "style", w.style, styles, &form.style);
        let percent = SIZES.into_iter().map(|size| (size.to_string(), format!("{size}\u{a0}%")));
        choice(out, "size", w.size, percent, &form.size.to_string());
        choice(
            out,
            "paper",
            w.paper,
            PAPERS.into_iter().map(|(value, name)| (value.to_owned(), name.to_owned())),
            &form.paper,
        );
        let _ = write!(
            out,
            "</div>\n</fieldset>\n<p class=\"h-do\"><button class=\"h-first\" name=\"to\" value=\"both\">{}</button> <button name=\"to\" value=\"page\">{}</button> <button name=\"to\" value=\"pdf\">{}</button></p>\n",
            w.show, w.page_only, w.pdf_only,
        );
        if !again {
            let _ = writeln!(
                out,
                "<h2>{}</h2>\n<p class=\"h-hint\">{}</p>\n<ul class=\"h-samples\">",
                w.samples, w.samples_hint
            );
            for (name, title, lang, _) in SAMPLES {
                let _ =
                    writeln!(out, "<li><button name=\"sample\" value=\"{name}\" lang=\"{lang}\">{title}</button></li>");
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</form>\n");
    }
}

fn choice(out: &mut String, name: &str, label: &str, options: impl Iterator<Item = (String, String)>, chosen: &str) {
    let _ = writeln!(
        out,
        "<div><label class=\"h-name\" for=\"h-{name}\">{label}</label>\n<select id=\"h-{name}\" name=\"{name}\">"
    );
    for (value, title) in options {
        let selected = if value == chosen { " selected" } else { "" };
        let _ = writeln!(out, "<option value=\"{}\"{selected}>{}</option>", escaped(&value), escaped(&title));
    }
    out.push_str("</select></div>\n");
}

/// Text for content and attributes alike.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
