//! What stands within a line: links, emphasis, pictures.

use super::{DEEPEST, Inline, Writer, echo};
use crate::html::entities::escape;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::markup::attribute;

/// Width in pixels from which a picture has its room kept while it loads.
const KEEPS_ROOM: u32 = 120;

impl Writer {
    pub(super) fn image(&mut self, element: &Element) {
        let number = |attr| element.get(attr).and_then(|v| v.trim_end_matches("px").parse::<u32>().ok());
        let (width, height) = (number(Attr::Width), number(Attr::Height));
        if width.is_some_and(|w| w <= 3) || height.is_some_and(|h| h <= 3) {
            self.leave_out(element.tag, element.offset, "a picture of a few pixels");
            return;
        }
        let given = element.get(Attr::Alt);
        let Some(src) = element.get(Attr::Src) else {
            // A picture nobody can fetch still has its description.
            if let Some(alt) = given.filter(|alt| !alt.is_empty()) {
                self.added_text(alt);
            }
            self.leave_out(element.tag, element.offset, "a picture without an address that can be loaded");
            return;
        };
        let alt = given.or_else(|| element.get(Attr::Title).filter(|t| !t.is_empty()));
        if alt.is_none() {
            self.without_description += 1;
        }
        let alt = alt.unwrap_or(self.phrases.no_description);
        let heads = self.blocks.last().is_some_and(|block| block.heading > 0 && !block.written);
        if alt.is_empty() && heads && !self.wanted.iter().any(|inline| inline.tag == "a") {
            // Decoration alone makes no heading.
            self.leave_out(element.tag, element.offset, "a decoration that stands for a heading");
            return;
        }
        if alt.is_empty() && !self.open.iter().any(|(_, tag)| *tag == "a") {
            // Decoration says nothing, so a link around it alone would have no name: it stands before the link.
            let links: Vec<Inline> = self.wanted.extract_if(.., |inline| inline.tag == "a").collect();
            let heard: Vec<bool> = self.wanted.iter().map(|inline| inline.heard).collect();
            self.begin_text();
            for (inline, heard) in self.wanted.iter_mut().zip(heard) {
                inline.heard = heard;
            }
            self.wanted.extend(links.into_iter().map(|link| Inline { pictured: true, ..link }));
        } else {
            self.begin_text();
        }
        self.kept.images += 1;
        self.seal(element.tag);
        self.picture_at = Some(self.out.len());
        self.out.push_str("<img");
        let mut attributes = String::new();
        attribute(&mut attributes, "src", src);
        attribute(&mut attributes, "alt", alt);
        // The room of a small picture is not worth keeping; where it does not load, its description would be cut to it.
        if width.is_none_or(|width| width >= KEEPS_ROOM) {
            for (name, value) in [("width", width), ("height", height)] {
                if let Some(value) = value {
                    attribute(&mut attributes, name, &value.to_string());
                }
            }
        }
        self.out.push_str(&attributes);
        self.out.push_str(" loading=\"lazy\" decoding=\"async\">");
        if !alt.is_empty() {
            self.out.push_str("<span class=\"cp-alt\">");
            escape(&mut self.out, alt);
            self.out.push_str("</span>");
        }
        self.line_start = false;
    }

    pub(super) fn push_inline(&mut self, id: Id, element: &Element) {
        use Tag::*;
        let mut attributes = String::new();
        let tag = match element.tag {
            A => match element.get(Attr::Href) {
                Some(href) => {
                    attribute(&mut attributes, "href", href);
                    "a"
                }
                None => "span",
            },
            B | Strong => "strong",
            I | Em | Cite | Dfn | Var => "em",
            Code | Tt => "code",
            Kbd => "kbd",
            Samp => "samp",
            Sub => "sub",
            Sup => "sup",
            Small => "small",
            S | Strike | Del => "del",
            Ins => "ins",
            Mark => "mark",
            Q => "q",
            Abbr | Acronym => {
                if let Some(title) = element.get(Attr::Title) {
                    attribute(&mut attributes, "title", title);
                }
                "abbr"
            }
            Time => {
                if let Some(datetime) = element.get(Attr::Datetime) {
                    attribute(&mut attributes, "datetime", datetime);
                }
                "time"
            }
            Button => match self.button(element) {
                Some(own) => {
                    attributes.push_str(&own);
                    "button"
                }
                None => "span",
            },
            Label if self.in_form() => {
                if let Some(of) = element.get(Attr::For) {
                    attribute(&mut attributes, "for", of);
                }
                "label"
            }
            Ruby => "ruby",
            Rt => "rt",
            Rp => "rp",
            Bdi => "bdi",
            Bdo => "bdo",
            _ => "span",
        };
        if let Some(own) = element.get(Attr::Id) {
            self.claim_id(own, &mut attributes);
        }
        if let Some(lang) = element.get(Attr::Lang) {
            attribute(&mut attributes, "lang", lang);
        }
        if let Some(dir) = element.get(Attr::Dir) {
            attribute(&mut attributes, "dir", dir);
        }
        if tag == "a" && self.blocks.last().is_some_and(|block| block.tag == "summary") {
            if !self.summary.open_link(id, element) {
                self.leave_out(element.tag, element.offset, "a link in a summary that holds many");
            }
            return;
        }
        // A link within a link, which tables make possible: the first ends where the second begins, as elsewhere.
        if tag == "a"
            && let Some(outer) = self.wanted.iter().rposition(|inline| inline.tag == "a")
        {
            self.close_inline(outer);
        }
        let redundant = self.wanted.iter().any(|inline| inline.tag == tag) && attributes.is_empty();
        let bold_heading = tag == "strong" && self.blocks.last().is_some_and(|b| b.heading > 0);
        if (tag == "span" && attributes.is_empty()) || redundant || bold_heading || self.wanted.len() >= DEEPEST {
            return;
        }
        let source = (tag == "a" && id != Id::MAX).then_some(element.offset);
        let name = element.get(Attr::Label).or(element.get(Attr::Title)).map(str::trim).filter(|name| !name.is_empty());
        self.wanted.push(Inline {
            id,
            tag,
            attributes,
            name: name.map(Into::into),
            heard: false,
            pictured: false,
            source,
        });
    }

    pub(super) fn close_inline(&mut self, at: usize) {
        let inline = &self.wanted[at];
        if matches!(inline.tag, "a" | "button") && !inline.heard {
            // A link or a button that shows an icon: its name is said elsewhere, if anywhere.
            let name = match inline.tag {
                "button" => Some(inline.name.clone().unwrap_or_else(|| self.phrases.submit.into())),
                _ => inline.name.clone().or_else(|| inline.pictured.then(|| self.phrases.link.into())),
            };
            if let Some(name) = name {
                self.added_text(&name);
            }
        }
        if let Some(offset) = self.wanted[at].source {
            if self.wanted[at].heard {
                self.seal(Tag::A);
            } else {
                self.leave_out(Tag::A, offset, "a link that says nothing");
            }
        }
        let id = self.wanted[at].id;
        if let Some(open) = self.open.iter().position(|(open, _)| *open == id) {
            self.close_inlines(open);
        }
        self.wanted.remove(at);
    }

    pub(super) fn close_inlines(&mut self, length: usize) {
        while self.open.len() > length {
            let Some((_, tag)) = self.open.pop() else { return };
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
            self.after_link = tag == "a";
            if self.after_link
                && let Some(at) = self.link_at.take()
            {
                echo::mend_link(&mut self.out, at, self.picture_at >= Some(at));
            }
        }
    }
}
