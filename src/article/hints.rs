//! What the names of elements, classes, ids and roles around a passage say about it.
//!
//! For each kind of hint a passage knows how many block elements away the nearest ancestor lies that carries it: a
//! `comment` class on the paragraph itself weighs more than one on the page's wrapper. The words are the conventions
//! of content management systems, not of single sites.

use crate::html::dom::{Dom, NodeId};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How many kinds of hint there are.
pub(super) const COUNT: usize = CLASSES.len() + TAGS.len();

/// Distance to the nearest carrier of each hint, counted in blocks from 1; 0 where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hints(pub(super) [u8; COUNT]);

impl Hints {
    /// Whether some element around is hidden.
    pub(super) fn are_hidden(&self) -> bool {
        self.0[HIDDEN] > 0
    }
}

impl Default for Hints {
    fn default() -> Self {
        Self([0; COUNT])
    }
}

/// The names of all hints, in the order of [`Hints`].
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    CLASSES.iter().map(|(name, _)| *name).chain(TAGS.iter().map(|(name, _)| *name))
}

/// Words of class names and ids, by kind.
const CLASSES: [(&str, &str); 44] = [
    ("c.article", "article articles artikel articulo statya artykul art publication publikation"),
    (
        "c.articlebody",
        "articlebody articletext articlecontent storybody storycontent storytext postbody postcontent posttext entrycontent newsbody newstext newscontent bodytext maintext bodycopy bodycontent pagecontent maincontent contentbody fulltext detailtext artikeltext textcontent blogcontent",
    ),
    ("c.body", "body corps cuerpo"),
    ("c.content", "content contents conteudo contenido contenu inhalt cnt"),
    (
        "c.text",
        "text txt texto texte tekst copy richtext wysiwyg prose editor editable rte markdown formatted typography",
    ),
    ("c.entry", "entry hentry"),
    ("c.post", "post posts single blog blogpost"),
    ("c.story", "story stories feature longread longform"),
    ("c.main", "main primary center central"),
    ("c.news", "news novost novosti noticia nachricht actu"),
    ("c.detail", "detail details full view show"),
    (
        "c.lead",
        "lead intro summary standfirst dek deck subtitle subhead subheading subheadline excerpt abstract lede chapeau anons preview description desc teaser vorspann sapo introtext sommario kicker strapline",
    ),
    ("c.headline", "headline title titles heading head hed h1 h2 h3 zagolovok titel titulo titre"),
    ("c.paragraph", "paragraph paragraphs par para p absatz"),
    ("c.caption", "caption captions figcaption legend legende cutline bildunterschrift"),
    ("c.credit", "credit credits copyright photographer source attribution rights quelle"),
    (
        "c.image",
        "image images img imgs photo photos picture pictures foto fotos bild figure thumb thumbnail thumbnails gallery slideshow slider carousel slide swiper media lightbox",
    ),
    ("c.video", "video videos player audio podcast youtube"),
    (
        "c.author",
        "author authors byline autor auteur avtor writer contributor contributors bio vcard byl reporter journalist",
    ),
    ("c.date", "date dates time timestamp datetime published publish updated dateline posted datum fecha data pubdate"),
    ("c.meta", "meta info infos metadata byte stats statistics counter views rating vote votes"),
    (
        "c.tags",
        "tag tags keyword keywords topic topics category categories cat cats label labels rubric rubrik rubrica theme themes",
    ),
    (
        "c.share",
        "share shares sharing sharer social addthis sharedaddy addtoany facebook fb twitter vk vkontakte whatsapp telegram like likes follow follows socials ya2 pluso uptolike soc tweet pinterest linkedin bookmark bookmarks",
    ),
    (
        "c.comment",
        "comment comments commentlist disqus reply replies respond discussion komment kommentare kommentar comentarios otzyv reader",
    ),
    (
        "c.related",
        "related relatedposts relateds recommended recommendation recommendations recommend similar also readmore readalso seealso more next prev previous popular popularity trending trend latest recent mostread most suggested suggestions further recirc recirculation outbrain taboola zergnet teasers inforelated relacionados ostatnie hot newest others other",
    ),
    ("c.list", "list lists listing item items feed archive archives loop collection rows"),
    ("c.card", "card cards tile tiles grid teaser teasers snippet linkbox cluster"),
    (
        "c.promo",
        "promo promos promotion promotional advert adverts advertisement advertising ads ad adv adsense banner banners sponsor sponsored sponsors dfp gpt reklama anzeige werbung publicidad pub commercial offer offers cta shop product products price adbox adslot googlead affiliate marketing",
    ),
    (
        "c.newsletter",
        "newsletter newsletters subscribe subscription subscriptions signup email mail mailing paywall register registration donate donation membership member optin mailchimp abo premium",
    ),
    (
        "c.nav",
        "nav navi menu menus navigation breadcrumb breadcrumbs crumb crumbs pagination pager paging navbar submenu topbar sitemap tabs tab toolbar tools tool utility skip links linklist",
    ),
    ("c.footer", "footer foot bottom colophon ftr legal disclaimer impressum"),
    ("c.header", "header masthead top hdr hero logo brand"),
    (
        "c.sidebar",
        "sidebar side aside rail secondary complementary right rightcol leftcol left rightcolumn leftcolumn sidebars",
    ),
    (
        "c.widget",
        "widget widgets block blocks module modules box boxes panel component components plugin portlet gadget infobox factbox",
    ),
    (
        "c.modal",
        "modal popup overlay dialog cookie cookies consent gdpr notice notification toast tooltip popover alert drawer offcanvas",
    ),
    ("c.login", "login user users account profile signin search searchform form forms input poll survey quiz"),
    ("c.embed", "embed embeds embedded oembed instagram iframe"),
    ("c.quote", "quote quotes blockquote pullquote pull citation zitat"),
    ("c.hidden", "hidden hide invisible visually sr screenreader offscreen collapsed noprint none inactive"),
    ("c.note", "note notes footnote footnotes references reference reflist citations correction editor"),
    ("c.toc", "toc outline tableofcontents"),
    ("c.section", "section sections region area zone part"),
    ("c.wrapper", "wrapper container wrap inner row col column columns layout outer holder"),
    ("c.print", "print printable"),
];

/// Element names, roles and attributes, by kind.
const TAGS: [(&str, &str); 26] = [
    ("t.p", "p"),
    ("t.div", "div"),
    ("t.article", "article"),
    ("t.main", "main"),
    ("t.aside", "aside"),
    ("t.nav", "nav"),
    ("t.header", "header"),
    ("t.footer", "footer"),
    ("t.section", "section"),
    ("t.form", "form"),
    ("t.figure", "figure"),
    ("t.figcaption", "figcaption"),
    ("t.table", "table"),
    ("t.td", "td"),
    ("t.th", "th"),
    ("t.list", "ul"),
    ("t.ol", "ol"),
    ("t.li", "li"),
    ("t.quote", "blockquote"),
    ("t.h1", "h1"),
    ("t.h2", "h2"),
    ("t.h3", "h3"),
    ("t.dl", "dl"),
    ("t.pre", "pre"),
    ("a.articlebody", ""),
    ("a.hidden", ""),
];

/// Of classes: `tab` is of a bar of tabs, and of what it opens.
const NAV: usize = 29;
const ARTICLE_BODY: usize = COUNT - 2;
const HIDDEN: usize = COUNT - 1;

static WORDS: LazyLock<HashMap<&'static [u8], u64, FixedState>> = LazyLock::new(|| {
    let mut words = HashMap::default();
    for (kind, (_, list)) in CLASSES.iter().enumerate() {
        for word in list.split(' ') {
            *words.entry(word.as_bytes()).or_insert(0) |= 1 << kind;
        }
    }
    words
});

/// Roots that make sense inside longer words: `newsarticletext`, `socialbar`.
const ROOTS: [(&str, &str); 16] = [
    ("article", "c.article"),
    ("comment", "c.comment"),
    ("related", "c.related"),
    ("recommend", "c.related"),
    ("share", "c.share"),
    ("social", "c.share"),
    ("promo", "c.promo"),
    ("advert", "c.promo"),
    ("sidebar", "c.sidebar"),
    ("footer", "c.footer"),
    ("caption", "c.caption"),
    ("author", "c.author"),
    ("newsletter", "c.newsletter"),
    ("subscri", "c.newsletter"),
    ("content", "c.content"),
    ("text", "c.text"),
];

static ROOT_BITS: LazyLock<Vec<(&'static [u8], u64)>> = LazyLock::new(|| {
    ROOTS.iter().map(|(root, kind)| (root.as_bytes(), 1 << names().position(|n| n == *kind).unwrap_or(0))).collect()
});

/// Parts of words for what is hidden until a reader asks for it: the panels of tabs, answers, "read more".
const FOLDED: [&str; 9] =
    ["tabpanel", "tab-pane", "tab_pane", "tab-content", "tab_content", "accordion", "spoiler", "answer", "faq"];

/// Whether a class, id or role says that its element is opened by a control of the page, and so belongs to the text.
fn is_folded(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    FOLDED.iter().any(|part| value.contains(part))
        || value.contains("more") && (value.contains("text") || value.contains("content"))
        || value.contains("collaps") && !value.contains("nav") && !value.contains("menu")
}

/// The kinds of hint in a class attribute or id.
pub(super) fn class_bits(value: &str) -> u64 {
    let mut bits = 0;
    let mut word = [0u8; 24];
    let mut len = 0;
    let mut lower = false;
    let mut end = |word: &[u8]| {
        if word.len() < 2 && word != b"p" {
            return;
        }
        match WORDS.get(word) {
            Some(found) => bits |= found,
            None if word.len() > 6 => {
                for (root, bit) in ROOT_BITS.iter() {
                    if word.windows(root.len()).any(|w| w == *root) {
                        bits |= bit;
                    }
                }
            }
            None => {}
        }
    };
    for &byte in value.as_bytes() {
        // `articleBody` is two words, `h1` is one.
        if !byte.is_ascii_alphanumeric() || lower && byte.is_ascii_uppercase() {
            end(&word[..len]);
            len = 0;
        }
        lower = byte.is_ascii_lowercase();
        if byte.is_ascii_alphanumeric() && len < word.len() {
            word[len] = byte.to_ascii_lowercase();
            len += 1;
        }
    }
    end(&word[..len]);
    bits
}

fn tag_kind(tag: &str) -> Option<usize> {
    let at = match tag {
        "p" => 0,
        "div" => 1,
        "article" => 2,
        "main" => 3,
        "aside" => 4,
        "nav" => 5,
        "header" => 6,
        "footer" => 7,
        "section" => 8,
        "form" => 9,
        "figure" => 10,
        "figcaption" => 11,
        "table" => 12,
        "td" => 13,
        "th" => 14,
        "ul" => 15,
        "ol" => 16,
        "li" => 17,
        "blockquote" => 18,
        "h1" => 19,
        "h2" => 20,
        "h3" | "h4" | "h5" | "h6" => 21,
        "dl" => 22,
        "pre" => 23,
        _ => return None,
    };
    Some(CLASSES.len() + at)
}

/// The hints of an element: those of its parent one block further away, and its own.
pub(super) fn of(dom: &Dom, id: NodeId, tag: &str, outer: Option<&Hints>, is_block: bool) -> Hints {
    let mut hints = outer.copied().unwrap_or_default();
    if is_block {
        for distance in &mut hints.0 {
            *distance = (*distance + u8::from(*distance > 0)).min(40);
        }
    }
    if let Some(kind) = tag_kind(tag) {
        hints.0[kind] = 1;
    }
    // The page's own classes speak of all of it.
    if matches!(tag, "html" | "body") {
        return hints;
    }
    let mut bits = 0;
    let folded = || dom.attrs(id).any(|(name, value)| matches!(name, "class" | "id" | "role") && is_folded(value));
    for (name, value) in dom.attrs(id) {
        match name {
            "class" | "id" | "data-component" | "data-testid" | "data-qa" | "data-module" => bits |= class_bits(value),
            "itemprop" if value.contains("articleBody") || value == "reviewBody" => hints.0[ARTICLE_BODY] = 1,
            "property" if value.contains("content:encoded") || value.contains("articleBody") => {
                hints.0[ARTICLE_BODY] = 1;
            }
            "hidden" if !folded() => hints.0[HIDDEN] = 1,
            "aria-hidden" if value == "true" && !folded() => hints.0[HIDDEN] = 1,
            "style" if value.contains("display") && compact(value).contains("display:none") && !folded() => {
                hints.0[HIDDEN] = 1;
            }
            "role" => {
                if let Some(kind) = match value {
                    "main" => tag_kind("main"),
                    "article" => tag_kind("article"),
                    "navigation" | "menu" | "menubar" => tag_kind("nav"),
                    "complementary" => tag_kind("aside"),
                    "contentinfo" => tag_kind("footer"),
                    "banner" => tag_kind("header"),
                    "search" | "form" => tag_kind("form"),
                    _ => None,
                } {
                    hints.0[kind] = 1;
                }
            }
            _ => {}
        }
    }
    if bits >> NAV & 1 == 1 && folded() {
        bits &= !(1 << NAV);
    }
    while bits != 0 {
        hints.0[bits.trailing_zeros() as usize] = 1;
        bits &= bits - 1;
    }
    hints
}

fn compact(style: &str) -> String {
    style.chars().filter(|c| !c.is_whitespace()).collect()
}
