//! What passes of an element: an allow-list of attributes, their values decoded and judged before anything else is
//! done with them. Whatever is not named here is gone: event handlers, styles, classes, unknown attributes.

use std::collections::HashSet;

use super::addresses::Addresses;
pub(super) use super::attributes::Attr;
use super::attributes::{Attributes, Packing};
use crate::clean::{Hint, Hints, Hit, Rules, Silent};
use crate::html::entities;
pub(super) use crate::html::language::is_tag as is_language_tag;
use crate::html::names::Names;
use crate::html::tag::Tag;
use crate::html::tokens::StartTag;

/// What is kept of a start tag.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub(super) tag: Tag,
    pub(super) attributes: Attributes,
    /// Where it starts in the page.
    pub(super) offset: u64,
    /// The rule that takes it out, or the reason why nobody ever sees it.
    pub(super) hit: Option<Box<Hit>>,
    /// Its content is never shown, whatever it is: scripts, styles, controls.
    pub(super) opaque: bool,
    /// It stands for a film, a sound or a page that the source shows in its place.
    pub(super) shows: bool,
    /// What its names hint at, where it is a block; and a number that blocks of the same class share.
    pub(super) hint: Hint,
    pub(super) look: u32,
}

impl Element {
    pub(super) fn new(tag: Tag) -> Self {
        let (hint, look) = Default::default();
        Self { tag, attributes: Attributes::default(), offset: 0, hit: None, opaque: false, shows: false, hint, look }
    }

    pub(super) fn get(&self, attr: Attr) -> Option<&str> {
        self.attributes.get(attr)
    }

    pub(super) fn set(&mut self, attr: Attr, value: impl AsRef<str>) {
        self.attributes.set(attr, value.as_ref());
    }
}

/// What judging a page's start tags remembers from one to the next.
#[derive(Debug, Default)]
pub(super) struct Memory {
    silent: Silent,
    hints: Hints,
    /// What links and buttons of the page lead to within it.
    targets: HashSet<Box<str>, foldhash::fast::RandomState>,
    packing: Packing,
}

/// Targets within a page that are remembered.
const MOST_TARGETS: usize = 500;

/// What is kept of a start tag, and the rule that takes the element out.
pub(super) fn judge(
    start: &StartTag<'_>,
    offset: u64,
    rules: &Rules,
    memory: &mut Memory,
    addresses: &Addresses,
) -> Element {
    let mut element = Element { offset, opaque: is_opaque(start), ..Element::new(start.tag) };
    if start.attributes.is_empty() {
        return element;
    }
    let Memory { silent, hints, targets, packing } = memory;
    let mut asked = crate::clean::Element { name: start.tag.name(), ..Default::default() };
    let mut style = None;
    for &(name, value) in &start.attributes {
        match Known::of(name.as_bytes()) {
            // Of an attribute written twice, browsers take the first.
            Some(Known::Class) if asked.class.is_empty() => asked.class = value,
            Some(Known::Id) if asked.id.is_empty() => {
                asked.id = value;
                if !value.is_empty() && value.len() <= 128 {
                    packing.push(Attr::Id, &entities::decode(value, true));
                }
            }
            Some(Known::Role) if asked.role.is_empty() => {
                asked.role = value;
                match value.trim().to_ascii_lowercase().as_str() {
                    "presentation" | "none" => packing.push(Attr::Presentation, ""),
                    "main" => packing.push(Attr::MainRole, ""),
                    "table" | "grid" => packing.push(Attr::DataTable, ""),
                    _ => {}
                }
            }
            Some(Known::Src) if asked.src.is_empty() => asked.src = value,
            Some(Known::Style) => style = style.or(Some(value)),
            Some(known) => keep(packing, start.tag, known, value),
            None if element.hit.is_none() => element.hit = rules.hit_attribute(name).map(Box::new),
            None => {}
        }
    }
    if !start.tag.is_inline() {
        (element.hint, element.look) = hints.of(asked.class, asked.id);
    }
    if let Some(hit) = silent.hit(rules, &asked) {
        element.hit = Some(Box::new(hit));
    }
    // What a script would have unfolded is part of the page.
    let role = asked.role.trim();
    let folds = element.hint.has(Hint::FOLD)
        || role.eq_ignore_ascii_case("tabpanel")
        || !asked.id.is_empty() && targets.contains(asked.id);
    if folds && element.hit.as_ref().is_some_and(|hit| hit.selector == "[hidden]") {
        element.hit = None;
    }
    if element.hit.is_none() && !folds && style.is_some_and(hides) {
        element.hit = rules.hit_attribute("hidden").map(|hit| Box::new(Hit { selector: "[style]".into(), ..hit }));
    }
    if matches!(start.tag, Tag::Html | Tag::Body | Tag::Main | Tag::H1) {
        element.hit = None;
    }
    addressed(&mut element, packing, start, rules, addresses);
    element.attributes = packing.finish();
    let target = match start.tag {
        Tag::A => element.get(Attr::Href).and_then(|href| href.strip_prefix('#')),
        Tag::Button => start.attribute("aria-controls"),
        _ => None,
    };
    if let Some(target) = target.filter(|target| !target.is_empty() && target.len() <= 128)
        && targets.len() < MOST_TARGETS
    {
        targets.insert(target.into());
    }
    element
}

macro_rules! known {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// Names of attributes that something is known about. No rule asks for them by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Known {
            $($variant,)+
        }

        impl Known {
            #[cfg(test)]
            const NAMES: &[&str] = &[$($name,)+];

            fn of(name: &[u8]) -> Option<Self> {
                static TABLE: Names<Known> = Names::new(&[$(($name, Known::$variant),)+]);
                TABLE.get(name)
            }
        }
    };
}

known! {
    Alt = "alt", AriaLabel = "aria-label", Checked = "checked", Class = "class", Colspan = "colspan",
    Datetime = "datetime", Dir = "dir", For = "for", Formaction = "formaction", Formenctype = "formenctype",
    Formmethod = "formmethod", Formtarget = "formtarget", Height = "height", Href = "href", Id = "id", Lang = "lang",
    Name = "name", Placeholder = "placeholder", Rel = "rel", Reversed = "reversed", Role = "role", Rowspan = "rowspan",
    Scope = "scope", Selected = "selected", Src = "src", Srcset = "srcset", Start = "start", Style = "style",
    Summary = "summary", Target = "target", Title = "title", Type = "type", Value = "value", Width = "width",
}

/// The allow-list for attributes without addresses.
fn keep(packing: &mut Packing, tag: Tag, name: Known, value: &str) {
    let attr = match (name, tag) {
        (Known::Lang, _) => Attr::Lang,
        (Known::Dir, _) => Attr::Dir,
        (Known::Title, _) => Attr::Title,
        (Known::AriaLabel, _) => Attr::Label,
        (Known::Alt, Tag::Img | Tag::Image | Tag::Area | Tag::Input) => Attr::Alt,
        (Known::Colspan, Tag::Td | Tag::Th) => Attr::Colspan,
        (Known::Rowspan, Tag::Td | Tag::Th) => Attr::Rowspan,
        (Known::Scope, Tag::Td | Tag::Th) => Attr::Scope,
        (Known::Start, Tag::Ol) => Attr::Start,
        (Known::Reversed, Tag::Ol) => Attr::Reversed,
        (Known::Value, Tag::Li) => Attr::Value,
        (Known::Datetime, Tag::Time | Tag::Del | Tag::Ins) => Attr::Datetime,
        (Known::Width, Tag::Img | Tag::Image) => Attr::Width,
        (Known::Height, Tag::Img | Tag::Image) => Attr::Height,
        (Known::Summary, Tag::Table) => Attr::DataTable,
        (Known::Name, Tag::Input | Tag::Select | Tag::Button) => Attr::Name,
        (Known::Type, Tag::Input | Tag::Button | Tag::Ol) => Attr::Type,
        (Known::Value, Tag::Input | Tag::Button | Tag::Option) => Attr::Text,
        (Known::Formaction | Known::Formmethod | Known::Formenctype | Known::Formtarget, Tag::Input | Tag::Button) => {
            // Whatever it says: the form is none of ours.
            return packing.push(Attr::Elsewhere, "");
        }
        (Known::Placeholder, Tag::Input) => Attr::Placeholder,
        (Known::Checked, Tag::Input) | (Known::Selected, Tag::Option) => Attr::Checked,
        (Known::For, Tag::Label) => Attr::For,
        (Known::Name, Tag::A) if packing.get(Attr::Id).is_none() && !value.is_empty() => Attr::Id,
        _ => return,
    };
    let value = entities::decode(value, true);
    let value = value.trim();
    let valid = match attr {
        Attr::Lang => is_language_tag(value),
        Attr::Dir => matches!(value.to_ascii_lowercase().as_str(), "ltr" | "rtl" | "auto"),
        Attr::Colspan | Attr::Rowspan => value.parse::<u16>().is_ok_and(|n| (1..=1000).contains(&n)),
        Attr::Start | Attr::Value => value.parse::<i32>().is_ok(),
        Attr::Width | Attr::Height => value.trim_end_matches("px").parse::<u32>().is_ok(),
        Attr::Scope => matches!(value.to_ascii_lowercase().as_str(), "row" | "col" | "rowgroup" | "colgroup"),
        Attr::Datetime => value.len() <= 64,
        Attr::Id => value.len() <= 128,
        _ => value.len() <= 4096,
    };
    if valid && packing.get(attr).is_none() {
        packing.push(attr, value);
    }
}

/// Addresses, by what the element does with them.
fn addressed(element: &mut Element, packing: &mut Packing, start: &StartTag<'_>, rules: &Rules, addresses: &Addresses) {
    match start.tag {
        Tag::A | Tag::Area => {
            if let Some(href) = start.attribute("href").and_then(|href| addresses.link(href, rules)) {
                if element.hit.is_none() {
                    element.hit = rules.hit_link(&href).map(Box::new);
                }
                packing.push(Attr::Href, &addresses.lead(href));
            }
        }
        Tag::Form => {
            if let (None, Some(action)) = (&element.hit, start.attribute("action")) {
                element.hit = rules.hit_action(action).map(Box::new);
            }
            let asks = start.attribute("method").is_none_or(|method| method.trim().eq_ignore_ascii_case("get"));
            let action = start.attribute("action").filter(|_| asks);
            if let Some(action) = action.and_then(|action| addresses.own(action, rules)) {
                packing.push(Attr::Href, &addresses.lead(action.into()));
            }
        }
        Tag::Img | Tag::Image | Tag::Source => {
            if let (None, Some(width), Some(height)) =
                (&element.hit, start.attribute("width"), start.attribute("height"))
            {
                element.hit = rules.hit_size(width, height).map(Box::new);
            }
            if let Some(src) = super::images::source(start, addresses) {
                packing.push(Attr::Src, &src);
            }
        }
        // Films and sounds come from the site itself, as pictures do: their addresses are not led elsewhere.
        Tag::Video | Tag::Audio => {
            let lazy = ["data-src", "data-lazy-src", "src"];
            let src = lazy.iter().filter_map(|name| start.attribute(name)).find_map(|src| addresses.media(src));
            if let Some(src) = src.filter(|src| !src.starts_with("data:")) {
                packing.push(Attr::Href, &src);
            }
        }
        Tag::Iframe | Tag::Embed | Tag::Frame => {
            let lazy = ["data-src", "data-lazy-src", "src"];
            let src = lazy.iter().filter_map(|name| start.attribute(name)).find(|src| src.contains('/'));
            if let Some(src) = src.and_then(|src| addresses.link(src, rules)) {
                packing.push(Attr::Href, &addresses.lead(src));
            }
        }
        Tag::Object => {
            if let Some(data) = start.attribute("data").and_then(|data| addresses.link(data, rules)) {
                packing.push(Attr::Href, &addresses.lead(data));
            }
        }
        _ => {}
    }
}

/// Elements whose content is not text of the page.
fn is_opaque(start: &StartTag<'_>) -> bool {
    use Tag::*;
    match start.tag {
        // Options are so only within a list.
        Script | Style | Title | Noscript | Noembed | Noframes | Iframe | Svg | Canvas | Select | Textarea | Audio
        | Video => true,
        // A declarative shadow root is part of the page; any other template is not.
        Template => start.attribute("shadowrootmode").is_none(),
        Other => start.name.eq_ignore_ascii_case("datalist") || start.name.eq_ignore_ascii_case("progress"),
        _ => false,
    }
}

fn hides(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let said = || declaration.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase());
        ["display:none", "visibility:hidden"].iter().any(|hidden| said().take(hidden.len()).eq(hidden.chars()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;

    use url::Url;

    use crate::rewrite::LinkMap;
    use crate::rewrite::addresses::trimmed;

    #[test]
    fn no_rule_asks_for_a_known_attribute() {
        for name in Known::NAMES {
            assert_eq!(Rules::built_in().hit_attribute(name), None, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_addresses_are_what_the_parser_makes_of_them(
            raw in "(https?://|/|//|)([a-z0-9.-]{0,12}(/[A-Za-z0-9._:,+~;=&()!*@-]{0,6}){0,3}|[a-zA-Z0-9/._:@-]{0,12})\
                    (\\?[a-z0-9./:?=&%;()!*@-]{0,16})?",
        ) {
            let base = Url::parse("https://user@www.example.ru:8080/a/b.html?x#y").expect("a constant");
            for base in [Some(base), None] {
                let addresses = Addresses::new(base, None);
                if let Some(plain) = addresses.plain(&raw, Some(Rules::built_in())) {
                    let parsed = addresses.resolve(&trimmed(&raw)).map(String::from);
                    proptest::prop_assert_eq!(Some(plain.into_owned()), parsed);
                }
            }
        }
    }

    fn link(raw: &str, base: Option<&str>) -> Option<String> {
        let base = base.map(|b| Url::parse(b).expect(b));
        Addresses::new(base, None).link(raw, Rules::built_in()).map(Cow::into_owned)
    }

    #[test]
    fn scripts_in_every_disguise_are_no_links() {
        for raw in [
            "javascript:alert(1)",
            " \t\u{1}JaVaScRiPt:alert(1)",
            "java&#115;cript:alert(1)",
            "java&Tab;script:alert(1)",
            "java\nscript&colon;alert(1)",
            "&#x6A&#x61vascript:alert(1)",
            "vbscript:x",
            "data:text/html,<script>alert(1)</script>",
            "file:///etc/passwd",
            "blob:https://a.ru/1",
            "view-source:https://a.ru/",
        ] {
            assert_eq!(link(raw, None), None, "{raw}");
            assert_eq!(link(raw, Some("https://a.ru/")), None, "{raw}");
        }
    }

    #[test]
    fn links_are_resolved_where_they_can_be() {
        let base = Some("https://a.ru/news/1.html");
        for (raw, base, written) in [
            ("/x?utm_source=1&id=2", base, "https://a.ru/x?id=2"),
            ("2.html", base, "https://a.ru/news/2.html"),
            ("#note", base, "#note"),
            ("1.html#note", base, "#note"),
            ("//b.ru/", base, "https://b.ru/"),
            ("2.html?a=1&amp;utm_campaign=x#y", None, "2.html?a=1#y"),
            ("../a/b.html", None, "../a/b.html"),
            ("//b.ru/x", None, "https://b.ru/x"),
            ("mailto:a@b.ru", None, "mailto:a@b.ru"),
        ] {
            assert_eq!(link(raw, base).as_deref(), Some(written), "{raw}");
        }
    }

    #[test]
    fn links_are_led_elsewhere_once_they_are_judged() {
        let base = Url::parse("https://a.ru/news/1.html").ok();
        let links = LinkMap::new(|url| url.host_str() == Some("a.ru"), |rest| format!("/lv{rest}"));
        let addresses = Addresses::new(base, Some(links));
        let lead = |raw| addresses.link(raw, Rules::built_in()).map(|href| addresses.lead(href));
        assert_eq!(lead("2.html?a=1").as_deref(), Some("/lv/news/2.html?a=1"));
        for foreign in ["https://b.ru/", "https://a.ru.b.ru/", "https://a.ru@b.ru/x", "mailto:x@a.ru"] {
            assert_eq!(lead(foreign).as_deref(), Some(foreign));
        }
        for own in ["http://a.ru", "//A.ru/", "https://a.ru?"] {
            assert_eq!(lead(own).as_deref().map(|own| own.trim_end_matches('?')), Some("/lv/"), "{own}");
        }
        assert_eq!(lead("#note").as_deref(), Some("#note"));
        assert_eq!(lead("javascript:x"), None);
    }

    #[test]
    fn pictures_may_be_data_but_not_documents() {
        let media = |raw| Addresses::default().media(raw);
        assert!(media("data:image/png;base64,AAAA").is_some());
        assert!(media("data:image/svg+xml,<svg onload=alert(1)>").is_none());
        assert!(media("DATA:text/html,x").is_none());
        assert!(media("javascript:x").is_none());
        assert_eq!(media("//cdn.ru/a.jpg").as_deref(), Some("https://cdn.ru/a.jpg"));
    }
}
