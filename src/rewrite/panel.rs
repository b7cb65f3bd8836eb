//! The settings panel: radio buttons that the sheet's `:has()` rules read. It needs neither script nor server; where
//! there is a server, the same form can be sent to it, and the choice is remembered.

use super::markup::attribute;
use super::options::Options;
use crate::html::entities::escape;
use crate::phrases::{PanelPhrases, Phrases};
use crate::theme::{Font, Images, Look, Screen, Settings, choices};

/// Writes the panel, folded.
pub(super) fn write(out: &mut String, ui: &str, options: &Options, screens: &[Screen]) {
    let phrases = Phrases::of(ui);
    let w = &phrases.panel;
    let settings = &options.settings;
    out.push_str("<form class=\"cp-panel\" id=\"cp-panel\" data-clearprint-panel");
    if let Some(action) = &options.settings_action {
        out.push_str(" method=\"post\"");
        attribute(out, "action", action);
    }
    out.push_str(">\n<details>\n<summary>");
    out.push_str(w.panel);
    out.push_str("</summary>\n");
    themes(out, w, ui, settings, screens);
    let percent = |v: u16| format!("{v}\u{a0}%");
    let lines = |v: u16| phrases.decimal(v);
    let ems = |v: u16| if v == 0 { w.usual.to_owned() } else { format!("+{}", phrases.decimal(v)) };
    row(out, "size", w.size, choices::SIZE, settings.size, percent);
    row(out, "line", w.line, choices::LINE_HEIGHT, settings.line_height, lines);
    row(out, "letter", w.letter, choices::LETTER_SPACING, settings.letter_spacing, ems);
    row(out, "word", w.word, choices::WORD_SPACING, settings.word_spacing, ems);
    row(out, "gap", w.gap, choices::PARAGRAPH_SPACING, settings.paragraph_spacing, lines);
    group(out, w.font, |out| {
        for (font, label) in Font::ALL.into_iter().zip(w.fonts) {
            radio(out, "font", font.name(), label, font == settings.font, "");
        }
    });
    group(out, w.images, |out| {
        for (images, label) in Images::ALL.into_iter().zip(w.pictures) {
            radio(out, "images", images.name(), label, images == settings.images, "");
        }
    });
    row(out, "width", w.width, choices::WIDTH, settings.width, |v| format!("{v}\u{a0}{}", w.characters));
    out.push_str("<p class=\"cp-done\">");
    if options.settings_action.is_some() {
        out.push_str("<button type=\"submit\">");
        out.push_str(w.save);
        out.push_str("</button> ");
    }
    out.push_str("<button type=\"reset\">");
    out.push_str(w.reset);
    out.push_str("</button></p>\n</details>\n</form>\n");
}

fn themes(out: &mut String, w: &PanelPhrases, ui: &str, settings: &Settings, screens: &[Screen]) {
    group(out, w.theme, |out| {
        for screen in screens {
            let title = screen.title.of(ui);
            let chosen = matches!(&settings.look, Look::Theme(name) if *name == screen.name);
            radio(out, "theme", &screen.name, title, chosen, &format!(" class=\"cp-chip-{}\"", screen.name));
        }
        if let Look::Own(_) = settings.look {
            radio(out, "theme", "own", w.own, true, " class=\"cp-chip-own\"");
        }
    });
}

fn row(out: &mut String, name: &str, legend: &str, values: &[u16], chosen: u16, label: impl Fn(u16) -> String) {
    group(out, legend, |out| {
        for value in choices::with(values, chosen) {
            radio(out, name, &value.to_string(), &label(value), value == chosen, "");
        }
    });
}

fn group(out: &mut String, legend: &str, choices: impl FnOnce(&mut String)) {
    out.push_str("<fieldset><legend>");
    out.push_str(legend);
    out.push_str("</legend><div class=\"cp-choices\">\n");
    choices(out);
    out.push_str("</div></fieldset>\n");
}

fn radio(out: &mut String, name: &str, value: &str, label: &str, checked: bool, attributes: &str) {
    out.push_str("<label");
    out.push_str(attributes);
    out.push_str("><input type=\"radio\"");
    attribute(out, "name", name);
    attribute(out, "value", value);
    attribute(out, "id", &format!("cp-{name}-{value}"));
    if checked {
        out.push_str(" checked");
    }
    out.push('>');
    escape(out, label);
    out.push_str("</label>\n");
}
