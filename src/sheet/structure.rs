//! The logical structure of a publication: what a screen reader walks through.
//!
//! The tree is one arena for the whole document, whatever the pages. An element's kids are child elements and pieces of
//! content in reading order; a piece of content is drawn by any number of marks on any number of sheets, which carry
//! its [`ContentId`].

/// Index of an [`Element`] in [`Structure::elements`]; 0 is the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ElementId(pub u32);

/// Index of a piece of content in [`Structure::contents`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentId(pub u32);

/// The structure tree as an arena.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Structure {
    /// The elements; the first is the [`Role::Document`].
    pub elements: Vec<Element>,
    /// For each piece of content, the element it belongs to.
    pub contents: Vec<ElementId>,
}

/// One element.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// Its parent; the document's is itself.
    pub parent: ElementId,
    /// What it holds, in reading order.
    pub kids: Vec<Kid>,
    /// Language where it differs from the parent's.
    pub lang: Option<String>,
    /// Description, for figures.
    pub alt: Option<String>,
    /// The text it stands for, where the glyphs do not say it.
    pub actual_text: Option<String>,
    /// A title, for sections and articles.
    pub title: Option<String>,
}

/// What an element holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kid {
    /// A child element.
    Element(ElementId),
    /// A piece of content.
    Content(ContentId),
}

/// Standard structure types of ISO 32000-1, 14.8.4.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Role {
    /// The whole.
    Document,
    /// A self-contained body of text: an article of an edition.
    Art,
    /// A section.
    Sect,
    /// A heading, 1 to 6.
    Heading(u8),
    /// A paragraph.
    P,
    /// A list.
    L(ListNumbering),
    /// An item of a list.
    LI,
    /// Its number or bullet, or the mark of a note.
    Lbl,
    /// The rest of the item.
    LBody,
    /// A table.
    Table,
    /// Its head.
    THead,
    /// Its body.
    TBody,
    /// A row.
    TR,
    /// A header cell.
    TH {
        /// Heads the column below (true) or the row beside it (false).
        column: bool,
        /// Columns spanned.
        colspan: u16,
        /// Rows spanned.
        rowspan: u16,
    },
    /// A cell.
    TD {
        /// Columns spanned.
        colspan: u16,
        /// Rows spanned.
        rowspan: u16,
    },
    /// A picture; needs [`Element::alt`].
    Figure,
    /// A caption.
    Caption,
    /// A quotation of blocks.
    BlockQuote,
    /// A quotation within a line.
    Quote,
    /// Code.
    Code,
    /// A link.
    Link,
    /// A reference to a note, or an entry's page in the contents.
    Reference,
    /// A note.
    Note,
    /// A table of contents.
    Toc,
    /// An entry of it.
    Toci,
    /// Text with something of its own: a language, a replacement.
    Span,
}

/// How a list is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListNumbering {
    /// No labels.
    None,
    /// A dot.
    Disc,
    /// 1, 2, 3.
    Decimal,
    /// a, b, c.
    LowerAlpha,
    /// A, B, C.
    UpperAlpha,
    /// i, ii, iii.
    LowerRoman,
    /// I, II, III.
    UpperRoman,
}

impl Default for Structure {
    fn default() -> Self {
        Self { elements: vec![Element::new(Role::Document, ElementId(0))], contents: Vec::new() }
    }
}

impl Structure {
    /// The document element.
    pub const ROOT: ElementId = ElementId(0);

    /// Adds an element as the last kid of `parent`.
    pub fn add(&mut self, parent: ElementId, role: Role) -> ElementId {
        let id = ElementId(self.elements.len() as u32);
        self.elements.push(Element::new(role, parent));
        self[parent].kids.push(Kid::Element(id));
        id
    }

    /// Adds a piece of content as the last kid of `element`.
    pub fn add_content(&mut self, element: ElementId) -> ContentId {
        let id = ContentId(self.contents.len() as u32);
        self.contents.push(element);
        self[element].kids.push(Kid::Content(id));
        id
    }
}

impl std::ops::Index<ElementId> for Structure {
    type Output = Element;
    fn index(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }
}

impl std::ops::IndexMut<ElementId> for Structure {
    fn index_mut(&mut self, id: ElementId) -> &mut Element {
        &mut self.elements[id.0 as usize]
    }
}

impl Element {
    fn new(role: Role, parent: ElementId) -> Self {
        Self { role, parent, kids: Vec::new(), lang: None, alt: None, actual_text: None, title: None }
    }
}
