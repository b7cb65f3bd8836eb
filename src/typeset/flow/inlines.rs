//! Running text: inlines become a passage, and its links, notes and languages elements of the structure.

use super::notes::readable;
use super::setter::{Aim, Link, Setter};
use crate::article::{Image, Inline};
use crate::sheet::{ElementId, Owner, Role};
use crate::theme::{Emphasis, Family, Links};
use crate::typeset::text::characters::OBJECT;
use crate::typeset::text::passage::{LinkIx, Look, Passage, Span};

/// Where in the nesting of inlines the text under way stands.
#[derive(Clone, Copy)]
struct Place {
    element: ElementId,
    look: Look,
    link: Option<LinkIx>,
    lang: crate::typeset::text::shape::LangIx,
}

/// Inlines nested deeper than this are set as plain text of the level above.
const DEPTH: usize = 100;

impl Setter<'_> {
    /// The passage of a paragraph's inlines.
    pub(crate) fn passage(&mut self, element: ElementId, look: Look, content: &[Inline]) -> Passage {
        let mut passage = Passage::default();
        self.append(&mut passage, element, look, content);
        passage.trim_end();
        passage
    }

    /// Appends inlines to a passage under way.
    pub(crate) fn append(&mut self, passage: &mut Passage, element: ElementId, look: Look, content: &[Inline]) {
        let place = Place { element, look, link: None, lang: self.lang };
        self.inlines(passage, content, place, 0);
    }

    fn inlines(&mut self, passage: &mut Passage, content: &[Inline], place: Place, depth: usize) {
        if depth > DEPTH {
            let mut text = String::new();
            plain(content, &mut text, depth);
            self.text(passage, &text, place);
            return;
        }
        for inline in content {
            self.inline(passage, inline, place, depth);
        }
    }

    fn inline(&mut self, passage: &mut Passage, inline: &Inline, place: Place, depth: usize) {
        let with = |look: Look| Place { look, ..place };
        let look = place.look;
        match inline {
            Inline::Text(text) => self.text(passage, text, place),
            Inline::Emphasis(content) => {
                self.inlines(passage, content, with(self.emphasised(look)), depth + 1);
            }
            Inline::Strong(content) => self.inlines(passage, content, with(Look { bold: true, ..look }), depth + 1),
            Inline::Deleted(content) => self.inlines(passage, content, with(Look { strike: true, ..look }), depth + 1),
            Inline::Superscript(content) => self.inlines(passage, content, with(self.moved(look, 0.34)), depth + 1),
            Inline::Subscript(content) => self.inlines(passage, content, with(self.moved(look, -0.14)), depth + 1),
            Inline::Code(text) => {
                let element = self.structure.add(place.element, Role::Code);
                let least = self.style.guideline.min_size.unwrap_or(0.0);
                let look = Look { family: Family::Mono, size: (look.size * 0.9).max(least.min(look.size)), ..look };
                self.text(passage, text, Place { element, look, ..place });
            }
            Inline::Lang { lang, content } => {
                let element = self.element(place.element, Role::Span, Some(lang));
                let lang = self.shaper.lang(lang);
                self.inlines(passage, content, Place { element, lang, ..place }, depth + 1);
            }
            Inline::Link { href, content } => self.link(passage, href, content, place, depth),
            Inline::Abbreviation { title, content } => {
                self.inlines(passage, content, place, depth + 1);
                // Paper has no pointer to ask with.
                if self.expansions.remove(&title.to_lowercase()) {
                    self.text(passage, &format!(" ({title})"), place);
                }
            }
            Inline::Ruby { text, content } => {
                self.inlines(passage, content, place, depth + 1);
                self.text(passage, &format!("({text})"), place);
            }
            Inline::Math(content) => {
                self.warn("formulas are set as running text, in one line: mathematics is not set in two dimensions");
                self.inlines(passage, content, place, depth + 1);
            }
            Inline::Check(done) => {
                let sign = if *done { '☑' } else { '☐' };
                let known = self.shaper.fonts.face_for(look.font(), sign).is_some();
                let plain = if *done { "[x]" } else { "[ ]" };
                let sign = if known { sign.to_string() } else { plain.replace(' ', "\u{a0}") };
                self.text(passage, &format!("{sign}\u{a0}"), place);
            }
            Inline::Anchor(id) => self.passed.extend(self.places.get(id)),
            Inline::NoteRef { note, label } => self.note_reference(passage, note, label, place),
            Inline::Image(image) => self.inline_image(passage, image, place),
            Inline::Break => {
                let span = self.place_span(place);
                passage.push_break(&span);
            }
        }
    }

    fn text(&mut self, passage: &mut Passage, text: &str, place: Place) {
        if !text.is_empty() {
            let span = self.place_span(place);
            passage.push(text, &span);
        }
    }

    fn place_span(&mut self, place: Place) -> Span {
        let owner = Owner::Content(self.content(place.element));
        Span { start: 0, look: place.look, owner, link: place.link, lang: place.lang, picture: None }
    }

    fn emphasised(&self, look: Look) -> Look {
        match self.style.body.emphasis {
            Emphasis::Italic if look.family.has_italic() => Look { italic: !look.italic, ..look },
            Emphasis::Italic | Emphasis::Bold => Look { bold: true, ..look },
            Emphasis::Underline => Look { underline: true, ..look },
        }
    }

    /// Raised or lowered, smaller only where the guideline has room below the body's size.
    fn moved(&self, look: Look, by: f32) -> Look {
        let least = self.style.guideline.min_size.unwrap_or(0.0);
        let size = (look.size * 0.64).max(least.min(look.size));
        let shrunk = size < look.size * 0.95;
        Look { size, rise: look.rise + look.size * if shrunk { by } else { by * 0.8 }, ..look }
    }

    fn link(&mut self, passage: &mut Passage, href: &str, content: &[Inline], place: Place, depth: usize) {
        let aim = self.aim(href);
        let (Some(aim), None) = (aim, place.link) else {
            // Nowhere to go, or a link within a link: its text stays.
            return self.inlines(passage, content, place, depth + 1);
        };
        match (self.style.links, &aim) {
            (Links::Off, _) => self.inlines(passage, content, place, depth + 1),
            (Links::Notes, Aim::Uri(address)) if !shows(content, address) => {
                self.inlines(passage, content, place, depth + 1);
                let address = address.clone();
                self.address_note(passage, &address, place);
            }
            (Links::Inline | Links::Notes, _) => {
                let mut contents = String::new();
                plain(content, &mut contents, depth);
                if contents.trim().is_empty() && !content.iter().any(|i| matches!(i, Inline::Image(_))) {
                    return;
                }
                let element = self.structure.add(place.element, Role::Link);
                let link = self.add_link(element, aim, contents.trim());
                let underline = !self.style.guideline.no_underline;
                // No colour says anything on newsprint that the line below does not say.
                let colors = &self.style.colors;
                let color = self.ink(if self.edition.made_up { colors.text } else { colors.link });
                let look = Look { underline: underline || place.look.underline, color, ..place.look };
                self.inlines(passage, content, Place { element, look, link: Some(link), ..place }, depth + 1);
            }
        }
    }

    /// Registers a link.
    pub(crate) fn add_link(&mut self, element: ElementId, aim: Aim, contents: &str) -> LinkIx {
        let contents = match (&aim, contents.is_empty()) {
            (Aim::Uri(address), true) => address.clone(),
            _ => contents.to_owned(),
        };
        self.links.push(Link { element, aim, contents });
        LinkIx((self.links.len() - 1) as u32)
    }

    /// Where an address leads, if a reader of paper or of a PDF can be led there.
    pub(super) fn aim(&self, href: &str) -> Option<Aim> {
        if let Some(id) = href.strip_prefix('#') {
            if let Some(anchor) = self.notes.get(id) {
                return Some(Aim::Anchor(*anchor));
            }
            if let Some(anchor) = self.places.get(id) {
                return Some(Aim::Anchor(*anchor));
            }
            let base = self.base.as_deref()?.split('#').next()?;
            return Some(Aim::Uri(format!("{base}{href}")));
        }
        let address = url::Url::parse(href).ok()?;
        matches!(address.scheme(), "http" | "https" | "mailto" | "tel" | "ftp").then(|| Aim::Uri(address.into()))
    }

    fn address_note(&mut self, passage: &mut Passage, address: &str, place: Place) {
        let known = self.addresses.iter().position(|(known, _)| known == address);
        let index = known.unwrap_or_else(|| {
            let anchor = self.anchor();
            self.addresses.push((address.to_owned(), anchor));
            self.addresses.len() - 1
        });
        let (anchor, label) = (self.addresses[index].1, self.address_label(index));
        self.reference(passage, &label, anchor, place);
    }

    fn note_reference(&mut self, passage: &mut Passage, note: &str, label: &str, place: Place) {
        let Some(anchor) = self.notes.get(note).copied() else {
            let look = self.moved(place.look, 0.34);
            return self.text(passage, label, Place { look, ..place });
        };
        self.reference(passage, label, anchor, place);
    }

    /// The mark of a note, as it stands in the text and before the note.
    ///
    /// Large print does not shrink anything, and a raised figure of full size reads like one of the text: it stands in
    /// brackets instead.
    pub(super) fn note_mark(&self, label: &str) -> String {
        let body = self.body_look();
        let full = self.moved(body, 0.34).size > body.size * 0.8;
        if full && !label.starts_with(['[', '(', '*']) { format!("[{label}]") } else { label.to_owned() }
    }

    /// A raised mark that leads to a note: a Reference, with the Link in it that PDF/UA wants around an annotation.
    fn reference(
        &mut self,
        passage: &mut Passage,
        label: &str,
        anchor: crate::typeset::text::piece::Anchor,
        place: Place,
    ) {
        let label = if label.trim().is_empty() { "*" } else { label.trim() };
        let mark = self.note_mark(label);
        let look = if mark.len() > label.len() { place.look } else { self.moved(place.look, 0.34) };
        let label = mark.as_str();
        // A hair of space, no place to break: whoever takes the text out again reads the mark apart from the word.
        self.text(passage, "\u{A0}", Place { look, ..place });
        let reference = self.structure.add(place.element, Role::Reference);
        if place.link.is_some() {
            let place = Place { element: reference, look, ..place };
            return self.text(passage, label, place);
        }
        let element = self.structure.add(reference, Role::Link);
        let link = self.add_link(element, Aim::Anchor(anchor), label);
        self.text(passage, label, Place { element, look, link: Some(link), ..place });
    }

    fn inline_image(&mut self, passage: &mut Passage, image: &Image, place: Place) {
        let alt = image.alt.as_deref().map(str::trim);
        if self.style.images != crate::theme::Images::Hide
            && let Ok(picture) = self.picture(&image.src)
        {
            let of = &self.pictures[picture.0 as usize];
            let (w, h) = (of.width as f32 * 0.75, of.height as f32 * 0.75);
            let scale = (self.frame.width / w).min(self.leading() * 1.6 / h).min(1.0);
            let owner = if alt == Some("") {
                Owner::Layout
            } else {
                let element = self.structure.add(place.element, Role::Figure);
                self.structure[element].alt = Some(self.description(image, None));
                Owner::Content(self.content(element))
            };
            let size = Some((picture, w * scale, h * scale));
            let span = Span { start: 0, look: place.look, owner, link: place.link, lang: place.lang, picture: size };
            passage.push(OBJECT.encode_utf8(&mut [0; 4]), &span);
            return;
        }
        // Formulas and signs carry their meaning in the description.
        if let Some(alt) = image.description() {
            self.text(passage, alt, place);
        }
    }
}

/// Whether the text of a link is its address: a note would say the same once more.
fn shows(content: &[Inline], address: &str) -> bool {
    let mut text = String::new();
    plain(content, &mut text, 0);
    let text = text.trim();
    let bare = |address: &str| readable(address).trim_end_matches('/').to_owned();
    !text.is_empty() && (bare(text) == bare(address) || address.strip_prefix("mailto:") == Some(text))
}

/// The text of inlines, without looks.
pub(crate) fn plain(content: &[Inline], out: &mut String, depth: usize) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::NoteRef { label, .. } => out.push_str(label),
            Inline::Image(image) => out.push_str(image.alt.as_deref().unwrap_or("")),
            Inline::Break => out.push(' '),
            Inline::Ruby { text, content } if depth < 10_000 => {
                plain(content, out, depth + 1);
                out.push_str(&format!("({text})"));
            }
            other if depth < 10_000 => plain(other.content(), out, depth + 1),
            _ => {}
        }
    }
}
