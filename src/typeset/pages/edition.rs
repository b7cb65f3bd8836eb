//! What an edition has beside its articles: sections with their openers, QR codes, and where everything came to stand.

use qrcodegen::{QrCode, QrCodeEcc};

use super::makeup::Geometry;
use super::opening::{Places, name_of};
use crate::article::Inline;
use crate::sheet::{ElementId, Mark, MarkKind, Owner, Rect, Role, Sheet, Structure};
use crate::theme::{Align, Begin, MM};
use crate::typeset::flow::setter::{EditionOptions, Setter, shift};
use crate::typeset::manuscript::language;
use crate::typeset::manuscript::{Edition, Weight};
use crate::typeset::text::draw::Drawing;
use crate::typeset::text::piece::{Bounds, Piece, Setting};

/// Side of a QR code with its quiet zone: a phone reads it from a hand's distance (ISO/IEC 18004 asks for 4 modules of
/// quiet zone).
const QR_SIDE: f32 = 24.0 * MM;
const QUIET: i32 = 4;

impl Setter<'_> {
    pub(in crate::typeset) fn edition(&mut self, edition: &Edition<'_>, geometry: &Geometry) {
        self.edition = EditionOptions {
            name: edition.title.trim().to_lowercase(),
            qr: edition.qr,
            accessible: edition.accessible.clone(),
            continued: edition.continued,
            made_up: false,
        };
        if !edition.notices.is_empty() {
            self.warn("the style runs articles on in columns and prints no notices; use one that makes pages up");
        }
        let places: Vec<Places> = edition
            .sections
            .iter()
            .map(|s| Places { section: self.anchor(), articles: s.articles.iter().map(|_| self.anchor()).collect() })
            .collect();
        self.opening(edition, &places, geometry);
        let begin = match edition.new_pages {
            Some(true) => Begin::Article,
            Some(false) => Begin::RunOn,
            None => self.style.edition.begin,
        };
        let mut after_brief = false;
        for (section, places) in edition.sections.iter().zip(&places) {
            let element = self.structure.add(Structure::ROOT, Role::Sect);
            self.frame = geometry.across();
            let titled = name_of(section.title.as_deref());
            self.new_page |= begin != Begin::RunOn;
            self.pending.push(places.section);
            if let Some(title) = titled {
                self.structure[element].title = Some(title.to_owned());
                self.section_title(element, title);
            }
            let level = 2 + u8::from(titled.is_some());
            for (number, (story, anchor)) in section.articles.iter().zip(&places.articles).enumerate() {
                let article = story.article;
                let art = self.structure.add(element, Role::Art);
                self.structure[art].title = Some(article.title.clone()).filter(|t| !t.is_empty());
                let (outer, lang) = (self.lang, language(&article.lang));
                if lang != "und" {
                    let own = self.shaper.lang(&lang);
                    if own != outer {
                        self.structure[art].lang = Some(lang);
                        self.lang = own;
                    }
                }
                self.new_page |= begin == Begin::Article && number > 0;
                if number > 0 || titled.is_none() {
                    // Briefs run on in their columns; what has a headline of its own ends above them.
                    let brief = story.weight == Weight::Brief && after_brief && number > 0;
                    self.frame = if brief { geometry.beside() } else { geometry.across() };
                    self.parting_rule();
                }
                after_brief = story.weight == Weight::Brief;
                self.article(story, art, level, geometry, Some(*anchor));
                self.lang = outer;
            }
        }
        if let Some(imprint) = &edition.imprint {
            self.frame = geometry.across();
            self.imprint(imprint);
        }
    }

    /// The rule between two articles.
    fn parting_rule(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.leave(self.leading() * 1.3);
        self.hairline();
        if let Some(rule) = self.pieces.last_mut() {
            rule.parts = true;
            rule.keep = false;
        }
        self.gap = self.leading() * 0.6;
        self.pending = pending;
    }

    /// The opener of a section: its name below a heavy rule.
    fn section_title(&mut self, element: ElementId, title: &str) {
        let tagged = self.tag_level(2);
        let heading = self.structure.add(element, Role::Heading(tagged));
        let size = self.style.headings.sizes[1] * 1.15;
        let content = [Inline::Text(title.to_owned())];
        let passage = self.heading_passage(heading, size, &content);
        let anchor = self.bookmark(tagged, &content);
        self.pending.push(anchor);
        let anchor = self.anchor();
        self.pending.push(anchor);
        self.heads.push((anchor, title.to_owned()));
        self.leave(self.leading() * 1.8);
        self.keep_next = false;
        self.bar(size * 0.22);
        self.keep_next = true;
        self.gap = size * 0.3;
        self.set_passage(&passage, self.heading_setting(size * self.style.headings.leading));
        self.gap = self.leading() * 0.7;
        self.keep_next = true;
    }

    /// QR codes of an article's page, and of its accessible version, below what was set last.
    pub(in crate::typeset) fn qr_codes(&mut self, parent: ElementId, url: &str) {
        self.qr_code(parent, url, self.phrases.print.on_the_web);
        let accessible = self.edition.accessible.as_deref().and_then(|pattern| accessible_address(pattern, url));
        if let Some(address) = accessible {
            self.qr_code(parent, &address, self.phrases.print.accessible);
        }
    }

    /// A QR code with what it leads to beside it.
    fn qr_code(&mut self, parent: ElementId, url: &str, label: &str) {
        let Ok(code) = QrCode::encode_text(url, QrCodeEcc::Medium) else {
            self.warn(format!(
                "{}…: the address is too long for a QR code; none is printed",
                url.chars().take(60).collect::<String>()
            ));
            return;
        };
        let figure = self.structure.add(parent, Role::Figure);
        self.structure[figure].alt =
            Some(format!("{}: {}", self.phrases.print.qr, crate::typeset::flow::notes::readable(url)));
        let owner = Owner::Content(self.content(figure));
        let color = self.ink(self.style.colors.text);
        let module = QR_SIDE / (code.size() + 2 * QUIET) as f32;
        let left = self.frame.x - QUIET as f32 * module;
        let mut drawing = Drawing::default();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let end = (x..code.size()).find(|x| !code.get_module(*x, y)).unwrap_or(code.size());
                if end > x {
                    let rect = Rect {
                        x: left + (x + QUIET) as f32 * module,
                        y: (y + QUIET) as f32 * module,
                        width: (end - x) as f32 * module,
                        height: module,
                    };
                    drawing.marks.push(Mark { owner, kind: MarkKind::Fill { rect, color } });
                }
                x = end.max(x) + 1;
            }
        }
        let inset = QR_SIDE - QUIET as f32 * module;
        let frame = Bounds { x: self.frame.x + inset, width: self.frame.width - inset, inner: true, ..self.frame };
        let element = self.structure.add(figure, Role::Caption);
        let look = self.small_look();
        let setting = Setting { align: Align::Left, hyphenate: false, ..self.small_setting() };
        let lines = self.aside(frame, |setter| setter.set_text(element, label, look, setting));
        let mut label = crate::typeset::flow::setter::stack(lines);
        shift(&mut label.drawing, 0.0, ((QR_SIDE - label.height) / 2.0).max(0.0));
        drawing.marks.append(&mut label.drawing.marks);
        self.keep_next = true;
        self.push(Piece { height: QR_SIDE.max(label.height), drawing, ..Piece::default() });
    }

    /// For each article, the sheets that it stands on, without gaps between them.
    pub(in crate::typeset) fn article_sheets(&self, sheets: &[Sheet]) -> Vec<Vec<usize>> {
        let spans: Vec<(u32, u32)> =
            self.block_starts.iter().filter_map(|starts| Some((*starts.first()?, *starts.last()?))).collect();
        let mut found = vec![Vec::new(); spans.len()];
        for (number, sheet) in sheets.iter().enumerate() {
            for mark in &sheet.marks {
                let Owner::Content(id) = mark.owner else { continue };
                let element = self.structure.contents[id.0 as usize].0;
                let Some(at) = spans.partition_point(|(start, _)| *start <= element).checked_sub(1) else { continue };
                let pages: &mut Vec<usize> = &mut found[at];
                if element < spans[at].1 && pages.last() != Some(&number) {
                    pages.push(number);
                }
            }
        }
        found
    }

    /// The sheets on which headlines and blocks begin, from the sheets that carry their marks.
    pub(in crate::typeset) fn block_sheets(&self, sheets: &[Sheet]) -> Vec<Vec<usize>> {
        let starts = self.block_starts.iter().enumerate();
        let flat: Vec<(u32, usize, usize)> = starts
            .flat_map(|(article, blocks)| blocks.iter().enumerate().map(move |(n, at)| (*at, article, n)))
            .collect();
        let mut found: Vec<Vec<Option<usize>>> =
            self.block_starts.iter().map(|blocks| vec![None; blocks.len()]).collect();
        for (number, sheet) in sheets.iter().enumerate() {
            for mark in &sheet.marks {
                let Owner::Content(id) = mark.owner else { continue };
                let element = self.structure.contents[id.0 as usize].0;
                // Blocks without an element of their own begin where the next one does.
                let Some(at) = flat.partition_point(|(start, ..)| *start <= element).checked_sub(1) else { continue };
                let (_, article, block) = flat[at];
                found[article][block].get_or_insert(number);
            }
        }
        found.into_iter().map(filled).collect()
    }
}

/// What begins nowhere begins with what comes before it. The last entry is the article's end and no block.
fn filled(mut blocks: Vec<Option<usize>>) -> Vec<usize> {
    blocks.pop();
    let mut last = blocks.iter().flatten().next().copied().unwrap_or(0);
    blocks
        .into_iter()
        .map(|sheet| {
            last = sheet.unwrap_or(last).max(last);
            last
        })
        .collect()
}

/// The address of the accessible version of a page: `pattern` with the page's address for `{url}`, or else `pattern` with
/// the page's path behind it, for pages of the same site alone.
pub(in crate::typeset) fn accessible_address(pattern: &str, url: &str) -> Option<String> {
    let pattern = pattern.trim();
    if pattern.contains("{url}") {
        let encoded: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        return Some(pattern.replace("{url}", &encoded));
    }
    let (site, page) = (url::Url::parse(pattern).ok()?, url::Url::parse(url).ok()?);
    let host = |url: &url::Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    if host(&site) != host(&page) {
        return None;
    }
    let query = page.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{}{query}", pattern.trim_end_matches('/'), page.path()))
}

#[cfg(test)]
mod tests {
    use super::accessible_address;

    #[test]
    fn accessible_versions_are_found_by_prefix_or_by_pattern() {
        let of = |pattern, url| accessible_address(pattern, url);
        let page = "https://www.example.ru/news/1?p=2";
        assert_eq!(of("https://example.ru/lv/", page).as_deref(), Some("https://example.ru/lv/news/1?p=2"));
        assert_eq!(of("https://other.example/lv", page), None);
        assert_eq!(
            of("https://other.example/lv?url={url}", "https://a.example/б").as_deref(),
            Some("https://other.example/lv?url=https%3A%2F%2Fa.example%2F%D0%B1")
        );
    }
}
