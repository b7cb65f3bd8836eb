//! Forms. One that asks its own site for something (GET, same origin: a search, a filter) goes on working: its fields and
//! buttons pass by an allow-list, each with a name, and a button is added where only a script would have sent it. Any
//! other form becomes a link to the original page, once, where it ends.

use super::{Kind, Writer};
use crate::html::entities::escape;
use crate::html::stack::Id;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::markup::attribute;

/// Fields of one form that are written; the rest is left to the site.
const MOST_FIELDS: usize = 100;
/// Options of one list that are written.
pub(in crate::rewrite) const MOST_OPTIONS: usize = 200;
/// Characters of text before a field that may be its name.
const MOST_NAME: usize = 120;
/// What parts an option's value, its text and the next option in [`Attr::Options`].
pub(in crate::rewrite) const UNIT: char = '\u{1f}';
pub(in crate::rewrite) const RECORD: char = '\u{1e}';

/// A form of the page, while it is open.
#[derive(Debug)]
pub(super) struct Form {
    id: Id,
    /// It goes on working.
    kept: bool,
    /// Fields a reader could see.
    fields: usize,
    /// Something sends it.
    submits: bool,
    /// Fields nobody sees, written out.
    hidden: String,
    /// Text since the last field.
    text: String,
}

impl Writer {
    pub(super) fn push_form(&mut self, id: Id, element: &Element) {
        let action = element.get(Attr::Href);
        let kept = action.is_some() && !self.forms.iter().any(|form| form.kept);
        if let Some(action) = action.filter(|_| kept) {
            let mut attributes = String::from(" class=\"cp-form\"");
            attribute(&mut attributes, "action", action);
            if let Some(charset) = &self.form_charset {
                attribute(&mut attributes, "accept-charset", charset);
            }
            self.push(id, element, Kind::Flow, "form", attributes);
        }
        let kept = kept && self.blocks.last().is_some_and(|block| block.tag == "form");
        self.forms.push(Form { id, kept, fields: 0, submits: false, hidden: String::new(), text: String::new() });
    }

    /// The page closes a form: one that does not work here leads to where it does.
    pub(super) fn close_form(&mut self, id: Id) {
        let Some(at) = self.forms.iter().rposition(|form| form.id == id) else { return };
        let form = self.forms.remove(at);
        if form.kept || form.fields == 0 {
            return;
        }
        if let Some(original) = self.original.clone() {
            let name = self.phrases.form;
            self.link_paragraph(&original, name);
        }
    }

    /// What is still to be written of a form before its end tag.
    pub(super) fn end_form(&mut self) {
        let Some(form) = self.forms.iter_mut().find(|form| form.kept) else { return };
        // Whatever closes the element ends the form: fields that come later stand outside.
        form.kept = false;
        let (submits, hidden) = (form.submits, std::mem::take(&mut form.hidden));
        // Its fields were written, so that it needs no link.
        let fields = std::mem::take(&mut form.fields);
        self.out.push_str(&hidden);
        if fields > 0 && !submits {
            self.out.push_str("\n<p><button type=\"submit\">");
            escape(&mut self.out, self.phrases.submit);
            self.out.push_str("</button></p>");
            self.added_words(self.phrases.submit);
        }
    }

    /// Text of a form that may name the field after it.
    pub(super) fn note_form_text(&mut self, word: &str, parted: bool) {
        if let Some(form) = self.forms.last_mut().filter(|form| form.kept)
            && form.text.len() < MOST_NAME
        {
            if parted {
                form.text.push(' ');
            }
            form.text.push_str(word);
        }
    }

    /// Whether a field would work here.
    pub(super) fn in_form(&self) -> bool {
        self.forms.iter().any(|form| form.kept) && self.blocks.iter().any(|block| block.tag == "form")
    }

    /// A field: an `input` or a list of options.
    pub(super) fn field(&mut self, element: &Element) {
        let kind = element.get(Attr::Type).unwrap_or("text").to_ascii_lowercase();
        let Some(form) = self.forms.last_mut() else { return };
        if kind != "hidden" {
            form.fields += 1;
        }
        if !form.kept || form.fields > MOST_FIELDS || !self.blocks.iter().any(|block| block.tag == "form") {
            return;
        }
        let mut attributes = String::new();
        for (attr, name) in [(Attr::Name, "name"), (Attr::Text, "value")] {
            if let Some(value) = element.get(attr) {
                attribute(&mut attributes, name, value);
            }
        }
        match kind.as_str() {
            "hidden" => {
                form.hidden.push_str(&format!("<input type=\"hidden\"{attributes}>"));
                return;
            }
            "submit" | "image" => {
                form.submits = true;
                form.text.clear();
                let name = [element.get(Attr::Text), element.get(Attr::Alt), element.get(Attr::Label)];
                let name = name.into_iter().flatten().find(|name| !name.trim().is_empty());
                let name = name.unwrap_or(self.phrases.submit).to_owned();
                self.begin_text();
                self.out.push_str("<button type=\"submit\"");
                // The value of a picture is not sent, only where it was hit.
                if kind == "submit" && element.get(Attr::Name).is_some() {
                    self.out.push_str(&attributes);
                }
                self.out.push('>');
                escape(&mut self.out, &name);
                self.out.push_str("</button>");
                self.added_words(&name);
            }
            "checkbox" | "radio" => {
                if element.get(Attr::Checked).is_some() {
                    attributes.push_str(" checked");
                }
                self.name_box(element, &mut attributes);
                self.begin_text();
                self.out.push_str(&format!("<input type=\"{kind}\"{attributes}>"));
            }
            "button" | "reset" | "file" | "password" => return,
            kind => {
                let kind =
                    if matches!(kind, "search" | "email" | "url" | "tel" | "number" | "date") { kind } else { "text" };
                let visible = self.named(element, &mut attributes);
                if visible.is_some() {
                    self.part_words();
                }
                self.begin_text();
                // A label that says nothing itself is what the name stands in.
                let (open, close) = if self.in_label() { ("", "") } else { ("<label>", "</label>") };
                if let Some(name) = &visible {
                    self.out.push_str(open);
                    escape(&mut self.out, name);
                    self.out.push(' ');
                    self.added_words(name);
                }
                self.write_field(element, kind, &attributes);
                if visible.is_some() {
                    self.out.push_str(close);
                }
            }
        }
        self.line_start = false;
        self.space = true;
    }

    fn in_label(&self) -> bool {
        self.wanted.iter().any(|inline| inline.tag == "label")
    }

    fn write_field(&mut self, element: &Element, kind: &str, attributes: &str) {
        let Some(options) = element.get(Attr::Options) else {
            let required = if element.get(Attr::Required).is_some() { " required" } else { "" };
            self.out.push_str(&format!("<input type=\"{kind}\"{attributes}{required}>"));
            return;
        };
        self.out.push_str(&format!("<select{attributes}>"));
        for option in options.split(RECORD).filter(|option| !option.is_empty()).take(MOST_OPTIONS) {
            let mut parts = option.splitn(3, UNIT);
            let (chosen, value, text) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
            self.out.push_str("<option");
            // An option without a value sends its text.
            if let Some(value) = value.and_then(|value| value.strip_prefix('=')) {
                let mut attributes = String::new();
                attribute(&mut attributes, "value", value);
                self.out.push_str(&attributes);
            }
            self.out.push_str(if chosen == Some("1") { " selected>" } else { ">" });
            escape(&mut self.out, text.trim());
            self.out.push_str("</option>");
        }
        self.out.push_str("</select>");
    }

    /// Names a field: by the label around it, by the words before it, else by what the page gives in attributes, which is
    /// then to be shown.
    fn named(&mut self, element: &Element, attributes: &mut String) -> Option<String> {
        if let Some(id) = element.get(Attr::Id) {
            self.claim_id(id, attributes);
        }
        let in_label = self.in_label();
        let form = self.forms.last_mut()?;
        let before = std::mem::take(&mut form.text);
        let before = before.trim().trim_end_matches(':').trim();
        let own = [Attr::Label, Attr::Placeholder, Attr::Title].into_iter().filter_map(|attr| element.get(attr));
        let own = own.map(str::trim).find(|name| !name.is_empty());
        if in_label && !before.is_empty() {
            return None;
        }
        if !before.is_empty() {
            attribute(attributes, "aria-label", before);
            return None;
        }
        Some(own.unwrap_or(self.phrases.field).to_owned())
    }

    /// Names a box to tick, unless a label does; [`asking`](crate::rewrite::asking) has found out what it is called.
    fn name_box(&mut self, element: &Element, attributes: &mut String) {
        if let Some(id) = element.get(Attr::Id) {
            self.claim_id(id, attributes);
        }
        let in_label = self.in_label();
        if let Some(form) = self.forms.last_mut() {
            form.text.clear();
        }
        if let Some(name) = element.get(Attr::Label).filter(|_| !in_label && element.get(Attr::For).is_none()) {
            attribute(attributes, "aria-label", name);
        }
    }

    /// A button that sends its form; `None` for one that only a script of the origin's would hear.
    pub(super) fn button(&mut self, element: &Element) -> Option<String> {
        let kind = element.get(Attr::Type).unwrap_or("submit").to_ascii_lowercase();
        if matches!(kind.as_str(), "button" | "reset") {
            return None;
        }
        let works = self.in_form();
        let form = self.forms.last_mut()?;
        form.fields += 1;
        if !works {
            return None;
        }
        form.submits = true;
        form.text.clear();
        let mut attributes = String::from(" type=\"submit\"");
        if let Some(name) = element.get(Attr::Name) {
            attribute(&mut attributes, "name", name);
            attribute(&mut attributes, "value", element.get(Attr::Text).unwrap_or_default());
        }
        Some(attributes)
    }
}
