//! Blocks: what may stand in what, and when start and end tags are written.

use super::{Block, DEEPEST, Kind, MOST_IDS, Writer, attributes, echo, source};
use crate::html::entities::escape;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::rewrite::element::{Attr, Element};
use crate::rewrite::markup::attribute;

impl Writer {
    pub(super) fn push_paragraph(&mut self, id: Id, element: &Element) {
        if self.blocks.last().is_some_and(|b| b.kind == Kind::Phrasing && !b.written) {
            self.orphan(element);
        } else {
            self.push(id, element, Kind::Phrasing, "p", String::new());
        }
    }

    pub(super) fn push_heading(&mut self, id: Id, element: &Element, level: u8) {
        let in_cell =
            self.blocks.iter().any(|b| matches!(b.kind, Kind::Row) || b.tag == "summary" || b.tag == "caption");
        if in_cell {
            // A heading in a cell of data would cut the table out of the outline.
            self.push(id, element, Kind::Phrasing, "p", String::new());
            return;
        }
        self.push(id, element, Kind::Phrasing, "h2", String::new());
        if let Some(block) = self.blocks.last_mut().filter(|b| b.id == id) {
            block.heading = level;
        }
    }

    pub(super) fn push_table(&mut self, id: Id, element: &Element) {
        self.push(id, element, Kind::Table, "table", String::new());
    }

    pub(super) fn push_cell(&mut self, id: Id, element: &Element) {
        if !self.blocks.iter().any(|b| b.kind == Kind::Table) {
            self.orphan(element);
            return;
        }
        let tag = if element.tag == Tag::Th { "th" } else { "td" };
        let names = [(Attr::Colspan, "colspan"), (Attr::Rowspan, "rowspan"), (Attr::Scope, "scope")];
        let mut attributes = attributes(element, &names);
        if tag == "td" {
            attributes = self::attributes(element, &names[..2]);
        }
        self.push(id, element, Kind::Item, tag, attributes);
        // An empty cell holds its place.
        self.write_pending();
    }

    pub(super) fn push(&mut self, id: Id, element: &Element, kind: Kind, tag: &'static str, attributes: String) {
        let is_block_in_table = matches!(kind, Kind::TableBody | Kind::Row) || matches!(tag, "td" | "th" | "caption");
        if is_block_in_table {
            let wanted: &[Kind] = match kind {
                Kind::TableBody => &[Kind::Table],
                Kind::Row => &[Kind::TableBody, Kind::Table],
                _ if tag == "caption" => &[Kind::Table],
                _ => &[Kind::Row],
            };
            let Some(at) = self.blocks.iter().rposition(|b| wanted.contains(&b.kind)) else {
                self.orphan(element);
                return;
            };
            self.pop_to(at + 1);
        } else {
            self.leave_phrasing();
            self.make_room(kind, tag);
        }
        if self.blocks.len() >= DEEPEST {
            // Its text stands in what is around it.
            if let Some(source) = source(element) {
                self.seal(source.tag);
            }
            self.orphan(element);
            return;
        }
        let mut attributes = attributes;
        if let Some(own) = element.get(Attr::Id) {
            self.claim_id(own, &mut attributes);
        }
        if self.orphan_id.is_some()
            && !attributes.contains(" id=")
            && let Some(orphan) = self.orphan_id.take()
        {
            self.claim_id(&orphan, &mut attributes);
        }
        if let Some(dir) = element.get(Attr::Dir) {
            attribute(&mut attributes, "dir", dir);
        }
        let lang = element.get(Attr::Lang).map(Into::into);
        self.blocks.push(Block {
            id,
            kind,
            tag,
            attributes,
            lang,
            written: false,
            at: None,
            implied: false,
            source: source(element),
            after: "",
            heading: 0,
            heading_before: 1,
            term: false,
            has_terms: false,
        });
    }

    /// Ends what cannot hold a block, and opens what a block of this kind needs around it.
    pub(super) fn make_room(&mut self, kind: Kind, tag: &'static str) {
        while let Some(top) = self.blocks.last() {
            match top.kind {
                Kind::List if tag != "li" => {
                    if top.implied {
                        self.pop_to(self.blocks.len() - 1);
                        continue;
                    }
                    self.imply(Kind::Item, "li");
                }
                Kind::DefinitionList if !matches!(tag, "dt" | "dd") => {
                    if top.implied {
                        self.pop_to(self.blocks.len() - 1);
                        continue;
                    }
                    self.imply(Kind::Item, "dd");
                }
                Kind::Table | Kind::TableBody => self.imply(Kind::Row, "tr"),
                Kind::Row => self.imply(Kind::Item, "td"),
                _ => {}
            }
            break;
        }
        let top = self.blocks.last().map(|b| b.kind);
        if tag == "li" && top != Some(Kind::List) {
            self.imply(Kind::List, "ul");
        }
        if matches!(tag, "dt" | "dd") && top != Some(Kind::DefinitionList) {
            self.imply(Kind::DefinitionList, "dl");
        }
        // A row that was implied for something else needs its cell too.
        if self.blocks.last().is_some_and(|b| b.kind == Kind::Row)
            && !matches!(kind, Kind::Row)
            && !matches!(tag, "td" | "th")
        {
            self.imply(Kind::Item, "td");
        }
    }

    pub(super) fn imply(&mut self, kind: Kind, tag: &'static str) {
        self.blocks.push(Block {
            id: 0,
            kind,
            tag,
            attributes: String::new(),
            lang: None,
            written: false,
            at: None,
            implied: true,
            source: None,
            after: "",
            heading: 0,
            heading_before: 1,
            term: false,
            has_terms: false,
        });
    }

    /// A block begins where only text may be: a heading that nobody closed ends here.
    pub(super) fn leave_phrasing(&mut self) {
        while let Some(at) = self.blocks.iter().rposition(|b| matches!(b.kind, Kind::Phrasing | Kind::Preformatted)) {
            if at + 1 != self.blocks.len() {
                break;
            }
            self.pop_to(at);
        }
    }

    pub(super) fn accepts_block(&self) -> bool {
        self.blocks.last().is_none_or(|b| matches!(b.kind, Kind::Flow | Kind::Item))
    }

    /// The present paragraph ends, if it is the writer's own.
    pub(super) fn paragraph_break(&mut self) {
        if self.blocks.last().is_some_and(|b| b.implied && b.kind == Kind::Phrasing) {
            self.pop_to(self.blocks.len() - 1);
        }
        self.space = !self.line_start;
        self.breaks = 0;
        self.words.end();
    }

    pub(super) fn pop_to(&mut self, length: usize) {
        while self.blocks.len() > length {
            let Some(block) = self.blocks.pop() else { return };
            self.blank.clear();
            if !block.written {
                if let Some(source) = block.source {
                    let what = if source.tag == Tag::Table { "a table without data" } else { "a heading without text" };
                    self.leave_out(source.tag, source.offset, what);
                }
                if block.heading == 1 {
                    self.write_headline();
                }
                if block.tag == "summary" {
                    self.links_of_summary();
                }
                continue;
            }
            if let Some(source) = block.source {
                self.seal(source.tag);
            }
            self.close_inlines(0);
            self.space = false;
            self.breaks = 0;
            self.line_start = true;
            self.words.end();
            match block.tag {
                // Folded away, its headings are none for what follows.
                "details" => self.last_heading = block.heading_before,
                // A list of terms alone is no list to assistive technology.
                "dl" if block.term => self.out.push_str("\n<dd></dd>"),
                "form" => self.end_form(),
                _ => {}
            }
            let tag = if block.heading > 0 { heading_name(block.heading) } else { self.cell_name(&block) };
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
            if let Some(at) = block.at.filter(|_| matches!(tag, "p" | "li"))
                && echo::is_signs(self.out.get(at..).unwrap_or_default())
            {
                self.out.truncate(at);
                continue;
            }
            if let Some(at) = block.at.filter(|at| self.picture_at >= Some(*at)) {
                echo::mend_block(&mut self.out, at);
            }
            self.out.push_str(block.after);
            if block.tag == "summary" {
                self.links_of_summary();
            }
        }
    }

    /// A header that says nothing heads nothing: it becomes a cell.
    fn cell_name(&mut self, block: &Block) -> &'static str {
        let start = block.at.filter(|_| block.tag == "th").and_then(|at| self.out.get(at..));
        if start.is_none_or(|start| !start.ends_with('>') || start.matches('>').count() > 1) {
            return block.tag;
        }
        let start = start.unwrap_or_default().replacen("<th", "<td", 1);
        let start = ["row", "col", "rowgroup", "colgroup"]
            .iter()
            .fold(start, |start, scope| start.replace(&format!(" scope=\"{scope}\""), ""));
        self.out.truncate(block.at.unwrap_or_default());
        self.out.push_str(&start);
        "td"
    }

    /// A headline that holds no text is none: the title takes its place.
    pub(in crate::rewrite) fn write_headline(&mut self) {
        self.out.push_str("\n<h1>");
        escape(&mut self.out, &self.headline);
        self.out.push_str("</h1>");
        self.kept.headings += 1;
    }

    /// Writes the start tags of blocks that were waiting for content.
    pub(super) fn write_pending(&mut self) {
        self.open_footer();
        if self.blocks.last().is_none_or(|b| b.written) {
            return;
        }
        self.close_inlines(0);
        for at in 0..self.blocks.len() {
            if self.blocks[at].written {
                continue;
            }
            if matches!(self.blocks[at].tag, "dt" | "dd") {
                self.begin_definition(at);
            }
            let outer = self.blocks[..at].iter().rev().find_map(|b| b.lang.clone());
            let last_heading = self.last_heading;
            let language =
                if at + 1 == self.blocks.len() { self.languages.last().map(|(_, l)| l.clone()) } else { None };
            let block = &mut self.blocks[at];
            block.written = true;
            if block.heading > 0 {
                block.heading = block.heading.min(last_heading + 1);
                self.last_heading = block.heading;
                self.kept.headings += 1;
            }
            block.heading_before = last_heading;
            let tag = if block.heading > 0 { heading_name(block.heading) } else { block.tag };
            let lang = block.lang.clone().or(language);
            block.lang = lang.clone();
            if tag == "table" {
                self.kept.tables += 1;
                self.out.push_str("\n<div class=\"cp-table\" role=\"region\" tabindex=\"0\" aria-label=\"");
                escape(&mut self.out, self.phrases.table);
                // Regions are told apart by their names.
                if self.kept.tables > 1 {
                    self.out.push_str(&format!(" {}", self.kept.tables));
                }
                self.out.push_str("\">");
                block.after = "</div>";
            }
            block.at = matches!(tag, "p" | "li" | "td" | "th").then_some(self.out.len());
            self.out.push_str("\n<");
            self.out.push_str(tag);
            self.out.push_str(&block.attributes);
            let around = outer.unwrap_or_else(|| self.page_language.clone());
            if let Some(lang) = lang.filter(|lang| !lang.eq_ignore_ascii_case(&around)) {
                let mut attributes = String::new();
                attribute(&mut attributes, "lang", &lang);
                self.out.push_str(&attributes);
            }
            self.out.push('>');
            // What folds away is named, so that it can be found and opened: the origin showed an icon.
            if tag == "details" && self.blocks.get(at + 1).is_none_or(|block| block.tag != "summary") {
                let more = self.phrases.more;
                self.out.push_str(&format!("\n<summary>{more}</summary>"));
                self.added_words(more);
            }
        }
        self.space = false;
        self.breaks = 0;
        self.line_start = true;
    }

    /// A term or a description is about to be written: a list that begins with a description is no list of definitions.
    pub(super) fn begin_definition(&mut self, at: usize) {
        let is_term = self.blocks[at].tag == "dt";
        if let Some(list) = self.blocks[..at].last_mut().filter(|block| block.kind == Kind::DefinitionList) {
            if !is_term && !list.has_terms {
                self.out.push_str("\n<dt></dt>");
            }
            list.has_terms = true;
            list.term = is_term;
        }
    }

    /// Two line breaks make a paragraph, in the old way of writing pages.
    pub(super) fn split_paragraph(&mut self) {
        let Some(block) = self.blocks.last() else { return };
        let (id, lang, implied) = (block.id, block.lang.clone(), block.implied);
        self.pop_to(self.blocks.len() - 1);
        self.imply(Kind::Phrasing, "p");
        if let Some(block) = self.blocks.last_mut() {
            block.id = id;
            block.lang = lang;
            block.implied = implied;
        }
    }

    /// An element that leaves no trace hands its id on, so that links to it still lead somewhere.
    pub(super) fn orphan(&mut self, element: &Element) {
        if let Some(id) = element.get(Attr::Id) {
            self.orphan_id = Some(id.into());
        }
    }

    pub(super) fn claim_id(&mut self, id: &str, attributes: &mut String) {
        let ours = id.starts_with("cp-");
        if ours || id.contains(|c: char| c.is_whitespace()) || self.ids.len() >= MOST_IDS || !self.ids.insert(id.into())
        {
            return;
        }
        attribute(attributes, "id", id);
    }
}

fn heading_name(level: u8) -> &'static str {
    ["h1", "h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level.min(6))]
}
