//! Terms with their definitions: the term bold on a line of its own, what is said of it indented below.
//!
//! Tagged as ISO 32000-1, 14.8.4.3.3 has it for a dictionary: a list whose items have the term as their label.

use super::setter::Setter;
use crate::article::{Definition, Inline};
use crate::sheet::{ElementId, ListNumbering, Role};
use crate::theme::Align;
use crate::typeset::text::passage::Look;
use crate::typeset::text::piece::Setting;

impl Setter<'_> {
    pub(super) fn definitions(&mut self, parent: ElementId, items: &[Definition]) {
        let before = self.checkpoint(parent);
        let list = self.structure.add(parent, Role::L(ListNumbering::None));
        let between = self.paragraph_gap().max(self.leading() * 0.4);
        self.leave(self.block_gap());
        for item in items {
            if self.is_full() {
                break;
            }
            self.after_paragraph = false;
            let before = self.checkpoint(list);
            let element = self.structure.add(list, Role::LI);
            self.terms(element, &item.terms);
            self.said(element, item);
            if self.structure[element].kids.is_empty() {
                self.roll_back(before);
                continue;
            }
            self.keep_next = false;
            self.gap = between;
        }
        if self.structure[list].kids.is_empty() {
            return self.roll_back(before);
        }
        self.gap = self.block_gap();
        self.after_paragraph = false;
    }

    /// Terms stand with what is said of them; several that mean the same are told apart under one label.
    fn terms(&mut self, item: ElementId, terms: &[Vec<Inline>]) {
        let before = self.checkpoint(item);
        let label = self.structure.add(item, Role::Lbl);
        let body = self.current_setting();
        let setting = Setting { heading: true, hyphenate: false, align: Align::Left, indent: 0.0, ..body };
        let look = Look { bold: true, ..self.current_look() };
        let mut any = false;
        for term in terms {
            let before = self.checkpoint(label);
            let element = if terms.len() > 1 { self.structure.add(label, Role::Span) } else { label };
            let passage = self.passage(element, look, term);
            if passage.is_blank() {
                self.roll_back(before);
                continue;
            }
            self.set_passage(&passage, setting);
            any = true;
        }
        if !any {
            self.roll_back(before);
        }
    }

    fn said(&mut self, item: ElementId, of: &Definition) {
        let outer = self.frame;
        let size = self.current_look().size;
        if self.is_wide_enough_to_indent() {
            self.frame.x += size * 1.2;
            self.frame.width -= size * 1.2;
        }
        let before = self.checkpoint(item);
        let body = self.structure.add(item, Role::LBody);
        for (index, blocks) in of.definitions.iter().enumerate() {
            let first = self.pieces.len();
            // On the grid of columns a gap would be a whole line, as it is between terms: an indent tells them apart.
            let on_grid = self.frame.columns > 1;
            self.after_paragraph = on_grid && index > 0;
            self.blocks(body, blocks);
            // Close below its term; another definition of it a little lower.
            let gap = match index {
                0 => 0.0,
                _ if on_grid => 0.0,
                _ => (self.paragraph_gap() * 0.4).max(self.leading() * 0.2),
            };
            if let Some(piece) = self.pieces.get_mut(first) {
                piece.before = if piece.keep || index > 0 { gap } else { piece.before };
                piece.floats = false;
                self.gap = 0.0;
            }
        }
        if self.structure[body].kids.is_empty() {
            self.roll_back(before);
        }
        self.frame = outer;
    }
}
