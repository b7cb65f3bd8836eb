//! Element names of HTML and what the standard says of each.

use super::names::Names;

macro_rules! tags {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An element name of HTML; `Other` is any name the standard gives no rule for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Tag {
            $($variant,)+
            Other,
        }

        impl Tag {
            /// The tag of a name in any case.
            pub(crate) fn of(name: &[u8]) -> Self {
                static TABLE: Names<Tag> = Names::new(&[$(($name, Tag::$variant),)+]);
                TABLE.get(name).unwrap_or(Self::Other)
            }

            /// The name in small letters.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Other => "element",
                }
            }
        }
    };
}

tags! {
    A = "a", Abbr = "abbr", Acronym = "acronym", Address = "address", Applet = "applet", Area = "area",
    Article = "article", Aside = "aside", Audio = "audio", B = "b", Base = "base", Basefont = "basefont", Bdi = "bdi",
    Bdo = "bdo", Bgsound = "bgsound", Big = "big", Blockquote = "blockquote", Body = "body", Br = "br",
    Button = "button", Canvas = "canvas", Caption = "caption", Center = "center", Cite = "cite", Code = "code",
    Col = "col", Colgroup = "colgroup", Dd = "dd", Del = "del", Details = "details", Dfn = "dfn", Dialog = "dialog",
    Dir = "dir", Div = "div", Dl = "dl", Dt = "dt", Em = "em", Embed = "embed", Fieldset = "fieldset",
    Figcaption = "figcaption", Figure = "figure", Font = "font", Footer = "footer", Form = "form", Frame = "frame",
    Frameset = "frameset", H1 = "h1", H2 = "h2", H3 = "h3", H4 = "h4", H5 = "h5", H6 = "h6", Head = "head",
    Header = "header", Hgroup = "hgroup", Hr = "hr", Html = "html", I = "i", Iframe = "iframe", Image = "image",
    Img = "img", Input = "input", Ins = "ins", Kbd = "kbd", Keygen = "keygen", Label = "label", Legend = "legend",
    Li = "li", Link = "link", Listing = "listing", Main = "main", Map = "map", Mark = "mark", Marquee = "marquee",
    Math = "math", Menu = "menu", Meta = "meta", Nav = "nav", Nobr = "nobr", Noembed = "noembed",
    Noframes = "noframes", Noscript = "noscript", Object = "object", Ol = "ol", Optgroup = "optgroup",
    Option = "option", P = "p", Param = "param", Picture = "picture", Plaintext = "plaintext", Pre = "pre", Q = "q",
    Rb = "rb", Rp = "rp", Rt = "rt", Rtc = "rtc", Ruby = "ruby", S = "s", Samp = "samp", Script = "script",
    Search = "search", Section = "section", Select = "select", Small = "small", Source = "source", Span = "span",
    Strike = "strike", Strong = "strong", Style = "style", Sub = "sub", Summary = "summary", Sup = "sup", Svg = "svg",
    Table = "table", Tbody = "tbody", Td = "td", Template = "template", Textarea = "textarea", Tfoot = "tfoot",
    Th = "th", Thead = "thead", Time = "time", Title = "title", Tr = "tr", Track = "track", Tt = "tt", U = "u",
    Ul = "ul", Var = "var", Video = "video", Wbr = "wbr", Xmp = "xmp",
}

impl Tag {
    /// Elements that have no end tag (HTML, 13.1.2 and the obsolete ones of 13.2.6.4.7).
    pub(crate) fn is_void(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Area | Base
                | Basefont
                | Bgsound
                | Br
                | Col
                | Embed
                | Frame
                | Hr
                | Image
                | Img
                | Input
                | Keygen
                | Link
                | Meta
                | Param
                | Source
                | Track
                | Wbr
        )
    }

    /// Elements whose content is text, whatever it looks like.
    pub(crate) fn is_raw_text(self) -> bool {
        use Tag::*;
        matches!(self, Script | Style | Textarea | Title | Xmp | Iframe | Noembed | Noframes | Noscript | Plaintext)
    }

    /// "Formatting" elements (13.2.4.3): they are opened again after a block has cut them off.
    pub(crate) fn is_formatting(self) -> bool {
        use Tag::*;
        matches!(self, A | B | Big | Code | Em | Font | I | Nobr | S | Small | Strike | Strong | Tt | U)
    }

    /// "Special" elements (13.2.4.2).
    pub(crate) fn is_special(self) -> bool {
        use Tag::*;
        self.is_void() && !matches!(self, Image)
            || self.is_heading()
            || matches!(
                self,
                Address
                    | Applet
                    | Article
                    | Aside
                    | Blockquote
                    | Body
                    | Button
                    | Caption
                    | Center
                    | Colgroup
                    | Dd
                    | Details
                    | Dir
                    | Div
                    | Dl
                    | Dt
                    | Fieldset
                    | Figcaption
                    | Figure
                    | Footer
                    | Form
                    | Frameset
                    | Head
                    | Header
                    | Hgroup
                    | Html
                    | Iframe
                    | Li
                    | Listing
                    | Main
                    | Marquee
                    | Menu
                    | Nav
                    | Noembed
                    | Noframes
                    | Noscript
                    | Object
                    | Ol
                    | P
                    | Plaintext
                    | Pre
                    | Script
                    | Search
                    | Section
                    | Select
                    | Style
                    | Summary
                    | Table
                    | Tbody
                    | Td
                    | Template
                    | Textarea
                    | Tfoot
                    | Th
                    | Thead
                    | Title
                    | Tr
                    | Ul
                    | Xmp
            )
    }

    pub(crate) fn is_heading(self) -> bool {
        use Tag::*;
        matches!(self, H1 | H2 | H3 | H4 | H5 | H6)
    }

    /// Start tags that close an open paragraph, and whose end tags close what is open inside (13.2.6.4.7).
    pub(crate) fn is_block(self) -> bool {
        use Tag::*;
        matches!(
            self,
            Address
                | Article
                | Aside
                | Blockquote
                | Center
                | Details
                | Dialog
                | Dir
                | Div
                | Dl
                | Fieldset
                | Figcaption
                | Figure
                | Footer
                | Header
                | Hgroup
                | Main
                | Menu
                | Nav
                | Ol
                | Search
                | Section
                | Summary
                | Ul
        )
    }

    /// Elements whose end is implied by what follows (13.2.6.3).
    pub(crate) fn has_implied_end(self) -> bool {
        use Tag::*;
        matches!(self, Dd | Dt | Li | Optgroup | Option | P | Rb | Rp | Rt | Rtc)
    }

    pub(crate) fn is_table_body(self) -> bool {
        matches!(self, Self::Tbody | Self::Thead | Self::Tfoot)
    }

    pub(crate) fn is_cell(self) -> bool {
        matches!(self, Self::Td | Self::Th)
    }

    /// Limits of every scope (13.2.4.2, "has a particular element in scope").
    pub(crate) fn ends_scope(self) -> bool {
        use Tag::*;
        matches!(self, Applet | Caption | Html | Table | Td | Th | Marquee | Object | Select | Template)
    }

    /// Start tags that leave foreign content (13.2.6.5); `font` does with certain attributes only.
    pub(crate) fn breaks_out(self) -> bool {
        use Tag::*;
        self.is_heading()
            || matches!(
                self,
                B | Big
                    | Blockquote
                    | Body
                    | Br
                    | Center
                    | Code
                    | Dd
                    | Div
                    | Dl
                    | Dt
                    | Em
                    | Embed
                    | Head
                    | Hr
                    | I
                    | Img
                    | Li
                    | Listing
                    | Menu
                    | Meta
                    | Nobr
                    | Ol
                    | P
                    | Pre
                    | Ruby
                    | S
                    | Small
                    | Span
                    | Strong
                    | Strike
                    | Sub
                    | Sup
                    | Table
                    | Tt
                    | U
                    | Ul
                    | Var
            )
    }

    /// Elements that end a word where they begin.
    pub(crate) fn divides_words(self) -> bool {
        !self.is_inline() && !matches!(self, Tag::Img | Tag::Input | Tag::Select | Tag::Wbr)
    }

    /// Elements that show something of their own in place of what they hold.
    pub(crate) fn is_replaced(self) -> bool {
        use Tag::*;
        matches!(self, Svg | Select | Canvas | Iframe | Video | Audio | Textarea | Object | Math)
    }

    /// Elements that stand within a line.
    pub(crate) fn is_inline(self) -> bool {
        use Tag::*;
        self.is_formatting()
            || matches!(
                self,
                Abbr | Acronym
                    | Bdi
                    | Bdo
                    | Cite
                    | Del
                    | Dfn
                    | Ins
                    | Kbd
                    | Label
                    | Mark
                    | Q
                    | Rb
                    | Rp
                    | Rt
                    | Rtc
                    | Ruby
                    | Samp
                    | Span
                    | Sub
                    | Sup
                    | Time
                    | Var
                    | Button
                    | Map
                    | Picture
                    | Other
                    | Math
            )
    }
}
