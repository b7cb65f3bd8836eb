//! Markdown in: for articles written by hand.

use crate::article::model::{Article, Block, Cell, Definition, Image, Inline, Note, NumberStyle, Scope, Table};
use crate::{Error, Result};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

/// Blocks and inlines within one another; what is deeper is taken as text of the level above.
const DEEPEST: usize = 40;

impl Article {
    /// Reads Markdown: CommonMark with tables, footnotes, definitions, tasks and struck-out text. The first heading of level
    /// 1 is the headline, a paragraph in bold right below it the deck, and one in italics that ends with a date names the
    /// authors. Of HTML it reads what [`Article::to_markdown`] writes. Front matter may give `title`, `deck`, `byline` (or `author`), `date`, `lang`, `site`, `section`, `url`.
    ///
    /// # Errors
    ///
    /// [`Error::NoArticle`] when there is no text.
    pub fn from_markdown(markdown: &str, name: &str) -> Result<Article> {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_DEFINITION_LIST
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut reader = Reader {
            article: Article::default(),
            open: vec![Open::new(Kind::Root)],
            inlines: vec![],
            skipped: 0,
            front: None,
            html: None,
            numbering: None,
        };
        for event in Parser::new_ext(markdown, options) {
            reader.event(event);
        }
        let mut article = reader.finish();
        if article.lang.is_empty() {
            article.lang = crate::article::metadata::guess_lang(&article.blocks);
        }
        if article.blocks.is_empty() && article.title.is_empty() {
            return Err(Error::input(name, "there is no text in it; write some Markdown"));
        }
        Ok(article)
    }
}

enum Kind {
    Root,
    Heading(u8),
    Paragraph,
    List(Option<u64>),
    Item,
    Definitions,
    Term,
    Definition,
    Quote,
    Details(Vec<Inline>),
    /// Whether it is more than text whose spaces count.
    Code(bool),
    Table,
    Row {
        head: bool,
    },
    Cell,
    Note(String),
}

struct Open {
    kind: Kind,
    blocks: Vec<Block>,
    items: Vec<Vec<Block>>,
    rows: Vec<Vec<Cell>>,
    cells: Vec<Cell>,
    groups: Vec<Definition>,
    inlines: Vec<Inline>,
    text: String,
    numbering: Option<(NumberStyle, Vec<i32>)>,
}

impl Open {
    fn new(kind: Kind) -> Open {
        Open {
            kind,
            blocks: vec![],
            items: vec![],
            rows: vec![],
            cells: vec![],
            groups: vec![],
            inlines: vec![],
            text: String::new(),
            numbering: None,
        }
    }
}

enum Span {
    Emphasis,
    Strong,
    Deleted,
    Link(String),
    Image(String, String),
    Html(Tagged),
}

/// An element of HTML within a line.
#[derive(PartialEq)]
enum Tagged {
    Superscript,
    Subscript,
    Abbreviation(String),
    Lang(String),
    Math,
    Ruby,
    Reading,
    Place(String),
    /// One that adds nothing.
    Other(String),
}

impl Tagged {
    fn of(name: &str, tag: &str) -> Tagged {
        match name {
            "sup" => Self::Superscript,
            "sub" => Self::Subscript,
            "abbr" => Self::Abbreviation(value(tag, "title").unwrap_or_default()),
            "ruby" => Self::Ruby,
            "rt" => Self::Reading,
            "span" if value(tag, "class").as_deref() == Some("math") => Self::Math,
            "span" | "i" | "em" | "q" => match value(tag, "lang") {
                Some(lang) if name == "span" && !lang.is_empty() => Self::Lang(lang),
                _ => Self::Other(name.to_owned()),
            },
            "a" => Self::Place(value(tag, "id").or_else(|| value(tag, "name")).unwrap_or_default()),
            other => Self::Other(other.to_owned()),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Superscript => "sup",
            Self::Subscript => "sub",
            Self::Abbreviation(_) => "abbr",
            Self::Lang(_) | Self::Math => "span",
            Self::Ruby => "ruby",
            Self::Reading => "rt",
            Self::Place(_) => "a",
            Self::Other(name) => name,
        }
    }

    fn close(self, content: Vec<Inline>) -> Vec<Inline> {
        match self {
            Self::Place(id) if !id.is_empty() => std::iter::once(Inline::Anchor(id)).chain(content).collect(),
            _ if content.is_empty() => content,
            Self::Superscript => vec![Inline::Superscript(content)],
            Self::Subscript => vec![Inline::Subscript(content)],
            Self::Abbreviation(title) if !title.is_empty() => vec![Inline::Abbreviation { title, content }],
            Self::Lang(lang) => vec![Inline::Lang { lang, content }],
            Self::Math => vec![Inline::Math(content)],
            _ => content,
        }
    }
}

/// The value of an attribute in a tag, character references read.
fn value(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}="))? + name.len() + 2;
    let rest = &tag[at..];
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let raw = match quote {
        Some(quote) => rest[1..].split(quote).next()?,
        None => rest.split([' ', '>', '/']).next()?,
    };
    Some(unescape(raw))
}

fn unescape(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    known.iter().fold(text.to_owned(), |text, (name, c)| text.replace(name, c))
}

/// The name of a tag, and whether it closes.
fn tag_name(tag: &str) -> Option<(String, bool)> {
    let inner = tag.strip_prefix('<')?;
    let (inner, closes) = match inner.strip_prefix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    (end > 0).then(|| (inner[..end].to_ascii_lowercase(), closes))
}

struct Reader {
    article: Article,
    open: Vec<Open>,
    inlines: Vec<(Span, Vec<Inline>)>,
    /// Blocks too deep to be opened.
    skipped: usize,
    front: Option<String>,
    /// HTML on lines of its own.
    html: Option<String>,
    /// How the list that comes next is numbered.
    numbering: Option<(NumberStyle, Vec<i32>)>,
}

impl Reader {
    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match (&mut self.front, self.open.last_mut()) {
                (Some(front), _) => front.push_str(&text),
                (None, Some(Open { kind: Kind::Code(_), text: code, .. })) => code.push_str(&text),
                _ => self.inline(Inline::Text(text.into_string())),
            },
            Event::Code(text) => self.inline(Inline::Code(text.into_string())),
            Event::SoftBreak => self.inline(Inline::Text(" ".to_owned())),
            Event::HardBreak => self.inline(Inline::Break),
            Event::FootnoteReference(id) => {
                self.inline(Inline::NoteRef { note: id.to_string(), label: id.into_string() });
            }
            Event::Rule => self.push(Block::Rule),
            Event::TaskListMarker(done) => self.inline(Inline::Check(done)),
            Event::InlineHtml(tag) => self.tag(&tag),
            Event::Html(text) => {
                if let Some(html) = &mut self.html {
                    html.push_str(&text);
                }
            }
            // Mathematics is not part of what is read.
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// HTML within a line.
    fn tag(&mut self, tag: &str) {
        let Some((name, closes)) = tag_name(tag) else { return };
        match (name.as_str(), closes) {
            ("br", _) => self.inline(Inline::Break),
            ("img" | "hr" | "wbr" | "input" | "rp", _) => {}
            (_, false) if !tag.ends_with("/>") => self.span(Span::Html(Tagged::of(&name, tag))),
            (_, false) => {}
            (_, true) => {
                // One that was opened outside the emphasis that is open ends nothing.
                let open = self.inlines.iter().rev().take_while(|(span, _)| matches!(span, Span::Html(_)));
                let mut open = open.map(|(span, _)| matches!(span, Span::Html(tagged) if tagged.name() == name));
                if let Some(above) = open.position(|is| is) {
                    (0..above).for_each(|_| self.flatten());
                    self.close_tag();
                }
            }
        }
    }

    /// Ends the innermost element of HTML within a line.
    fn close_tag(&mut self) {
        let Some((Span::Html(tagged), content)) = self.inlines.pop() else { return };
        if self.inlines.len() > DEEPEST {
            content.into_iter().for_each(|inline| self.inline(inline));
            return;
        }
        if tagged == Tagged::Reading
            && let Some((Span::Html(Tagged::Ruby), words)) = self.inlines.last_mut()
        {
            let start = words.iter().rposition(|inline| matches!(inline, Inline::Ruby { .. })).map_or(0, |at| at + 1);
            let content_of = words.split_off(start);
            words.push(Inline::Ruby { text: super::inline_text(&content), content: content_of });
            return;
        }
        tagged.close(content).into_iter().for_each(|inline| self.inline(inline));
    }

    /// Ends an element of HTML that nothing closes: what it holds stays.
    fn flatten(&mut self) {
        if let Some((_, content)) = self.inlines.pop() {
            content.into_iter().for_each(|inline| self.inline(inline));
        }
    }

    /// Ends elements of HTML that are open within the innermost emphasis, link or block.
    fn flatten_tags(&mut self) {
        while matches!(self.inlines.last(), Some((Span::Html(_), _))) {
            self.flatten();
        }
    }

    /// HTML on lines of its own: what opens when asked to, and how a list is numbered.
    fn html_block(&mut self, html: &str) {
        for line in html.lines().map(str::trim) {
            if let Some(list) = line.strip_prefix("<!-- ol").and_then(|rest| rest.strip_suffix("-->")) {
                let style = value(list, "type").and_then(|kind| NumberStyle::of_type(&kind)).unwrap_or_default();
                let values = value(list, "value").unwrap_or_default();
                self.numbering = Some((style, values.split(' ').filter_map(|n| n.parse().ok()).collect()));
            } else if line.starts_with("<details") {
                self.end_loose();
                if self.open.len() < DEEPEST {
                    self.open.push(Open::new(Kind::Details(Vec::new())));
                }
            } else if let Some(summary) = line.strip_prefix("<summary>") {
                let summary = unescape(summary.split("</summary>").next().unwrap_or_default());
                if let Some(Open { kind: Kind::Details(content), .. }) = self.open.last_mut() {
                    content.push(Inline::Text(summary));
                }
            } else if line.starts_with("</details")
                && matches!(self.open.last(), Some(Open { kind: Kind::Details(_), .. }))
            {
                self.close();
            }
        }
    }

    fn start(&mut self, tag: Tag) {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading(match level {
                HeadingLevel::H1 => 1,
                HeadingLevel::H2 => 2,
                HeadingLevel::H3 => 3,
                HeadingLevel::H4 => 4,
                HeadingLevel::H5 => 5,
                HeadingLevel::H6 => 6,
            }),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(CodeBlockKind::Fenced(kind)) => Kind::Code(&*kind != "text"),
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code(true),
            Tag::List(start) => Kind::List(start),
            Tag::Item => Kind::Item,
            Tag::DefinitionList => Kind::Definitions,
            Tag::DefinitionListTitle => Kind::Term,
            Tag::DefinitionListDefinition => Kind::Definition,
            Tag::FootnoteDefinition(id) => Kind::Note(id.into_string()),
            Tag::Table(_) => Kind::Table,
            Tag::TableHead => Kind::Row { head: true },
            Tag::TableRow => Kind::Row { head: false },
            Tag::TableCell => Kind::Cell,
            Tag::MetadataBlock(MetadataBlockKind::YamlStyle | MetadataBlockKind::PlusesStyle) => {
                self.front = Some(String::new());
                return;
            }
            Tag::Emphasis => return self.span(Span::Emphasis),
            Tag::Strong => return self.span(Span::Strong),
            Tag::Strikethrough => return self.span(Span::Deleted),
            Tag::Link { dest_url, .. } => return self.span(Span::Link(dest_url.into_string())),
            Tag::Image { dest_url, title, .. } => {
                return self.span(Span::Image(dest_url.into_string(), title.into_string()));
            }
            Tag::HtmlBlock => {
                self.html = Some(String::new());
                return;
            }
            _ => return,
        };
        self.end_loose();
        if self.open.len() >= DEEPEST {
            self.skipped += 1;
        } else {
            let numbering = self.numbering.take().filter(|_| matches!(kind, Kind::List(Some(_))));
            self.open.push(Open { numbering, ..Open::new(kind) });
        }
    }

    /// A paragraph; right below the headline those that are the deck and the byline.
    fn paragraph(&mut self, content: Vec<Inline>) {
        let first = self.open.len() == 1 && self.open[0].blocks.is_empty() && !self.article.title.is_empty();
        match content.as_slice() {
            [Inline::Strong(deck)] if first && self.article.deck.is_none() && self.article.byline.is_empty() => {
                self.article.deck = Some(super::inline_text(deck));
            }
            [Inline::Emphasis(about)] if first && self.signed(&super::inline_text(about)) => {}
            [Inline::Lang { .. }] => {
                if let Some(Inline::Lang { lang, content }) = content.into_iter().next() {
                    self.push(Block::Paragraph { content, lang: Some(lang) });
                }
            }
            _ => self.push(Block::Paragraph { content, lang: None }),
        }
    }

    /// Takes a line of authors and date as the export writes it: «Анна Смирнова · 2026-11-23».
    fn signed(&mut self, line: &str) -> bool {
        let (names, date) = line.rsplit_once(" · ").unwrap_or(("", line));
        let is_date = date.len() >= 10
            && date.as_bytes()[..10].iter().enumerate().all(|(n, c)| match n {
                4 | 7 => *c == b'-',
                _ => c.is_ascii_digit(),
            });
        if !is_date || self.article.date.is_some() {
            return false;
        }
        self.article.date = Some(date.to_owned());
        if self.article.byline.is_empty() {
            self.article.byline = names.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        }
        true
    }

    fn span(&mut self, span: Span) {
        self.inlines.push((span, Vec::new()));
    }

    fn inline(&mut self, inline: Inline) {
        let place = match self.inlines.last_mut() {
            Some((_, place)) => place,
            None => match self.open.last_mut() {
                Some(open) => &mut open.inlines,
                None => return,
            },
        };
        match (place.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
            (_, inline) => place.push(inline),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::MetadataBlock(_) => {
                let front = self.front.take().unwrap_or_default();
                self.front_matter(&front);
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => {
                self.flatten_tags();
                let Some((span, content)) = self.inlines.pop() else { return };
                // Spans nest as deep as the writer likes; the model does not.
                if self.inlines.len() > DEEPEST {
                    content.into_iter().for_each(|i| self.inline(i));
                    return;
                }
                self.inline(match span {
                    Span::Emphasis => Inline::Emphasis(content),
                    Span::Strong => Inline::Strong(content),
                    Span::Deleted => Inline::Deleted(content),
                    Span::Link(href) => Inline::Link { href, content },
                    Span::Image(src, title) => {
                        let alt = super::inline_text(&content);
                        let title = Some(title).filter(|title| !title.trim().is_empty());
                        Inline::Image(Image { src, alt: Some(alt), title, ..Image::default() })
                    }
                    // There is none: they were ended above.
                    Span::Html(_) => return content.into_iter().for_each(|inline| self.inline(inline)),
                });
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html_block(&html);
                }
            }
            TagEnd::Superscript | TagEnd::Subscript => {}
            _ if self.skipped > 0 => {
                self.skipped -= 1;
                self.end_loose();
            }
            _ => self.close(),
        }
    }

    /// Running text without a paragraph of its own: the items of a tight list.
    fn end_loose(&mut self) {
        self.flatten_tags();
        if let Some(open) = self.open.last_mut()
            && !open.inlines.is_empty()
        {
            let content = std::mem::take(&mut open.inlines);
            open.blocks.push(Block::Paragraph { content, lang: None });
        }
    }

    fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        self.flatten_tags();
        let Some(mut open) = self.open.pop() else { return };
        let content = std::mem::take(&mut open.inlines);
        match open.kind {
            Kind::Heading(1) if self.article.title.is_empty() => self.article.title = super::inline_text(&content),
            Kind::Heading(level) => self.push(Block::Heading { level: level.max(2), content }),
            Kind::Paragraph => match content.as_slice() {
                [] => {}
                // A picture alone is a figure.
                [Inline::Image(image)] => {
                    self.push(Block::Figure { images: vec![image.clone()], caption: vec![], credit: None });
                }
                _ => self.paragraph(content),
            },
            Kind::Code(code) => {
                let text = open.text.trim_end_matches('\n').to_owned();
                self.push(Block::Preformatted { text, code });
            }
            Kind::List(start) => {
                let number = start.filter(|&s| s != 1).and_then(|s| i32::try_from(s).ok());
                let (style, numbers) = open.numbering.unwrap_or_default();
                let ordered = start.is_some();
                self.push(Block::List { ordered, start: number, style, numbers, items: open.items });
            }
            Kind::Term => {
                let terms = content.split(|inline| matches!(inline, Inline::Break)).filter(|term| !term.is_empty());
                let terms: Vec<_> = terms.map(<[Inline]>::to_vec).collect();
                if let Some(list) = self.open.last_mut() {
                    list.groups.push(Definition { terms, definitions: Vec::new() });
                }
            }
            Kind::Definitions => self.push(Block::Definitions { items: open.groups }),
            Kind::Cell => {
                let blocks = if content.is_empty() { vec![] } else { vec![Block::Paragraph { content, lang: None }] };
                if let Some(row) = self.open.last_mut() {
                    let header = matches!(row.kind, Kind::Row { head: true }).then_some(Scope::Column);
                    row.cells.push(Cell { blocks, header, colspan: 1, rowspan: 1 });
                }
            }
            Kind::Row { .. } => {
                if let Some(table) = self.open.last_mut() {
                    table.rows.push(open.cells);
                }
            }
            Kind::Table => self.push(Block::Table(Table {
                caption: vec![],
                header_rows: usize::from(open.rows.len() > 1),
                rows: open.rows,
            })),
            Kind::Item | Kind::Definition | Kind::Quote | Kind::Details(_) | Kind::Note(_) | Kind::Root => {
                if !content.is_empty() {
                    open.blocks.push(Block::Paragraph { content, lang: None });
                }
                match open.kind {
                    Kind::Item => {
                        if let Some(list) = self.open.last_mut() {
                            list.items.push(open.blocks);
                        }
                    }
                    Kind::Definition => {
                        if let Some(group) = self.open.last_mut().and_then(|list| list.groups.last_mut()) {
                            group.definitions.push(open.blocks);
                        }
                    }
                    Kind::Quote => self.push(Block::Quote { blocks: open.blocks, cite: vec![] }),
                    Kind::Details(summary) => self.push(Block::Details { summary, blocks: open.blocks }),
                    Kind::Note(id) => {
                        let note = Note { label: id.clone(), id, blocks: open.blocks };
                        if let Some(blocks) = self.open.first_mut().map(|root| &mut root.blocks) {
                            match blocks.last_mut() {
                                Some(Block::Notes { notes }) => notes.push(note),
                                _ => blocks.push(Block::Notes { notes: vec![note] }),
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn push(&mut self, block: Block) {
        if let Some(open) = self.open.last_mut() {
            open.blocks.push(block);
        }
    }

    fn front_matter(&mut self, text: &str) {
        for line in text.lines() {
            let Some((key, value)) = line.split_once([':', '=']) else { continue };
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            if value.is_empty() {
                continue;
            }
            match key.trim() {
                "title" => self.article.title = value,
                "deck" | "subtitle" => self.article.deck = Some(value),
                "byline" | "author" | "authors" => {
                    let names = value.trim_matches(['[', ']']).split(',');
                    self.article.byline = names
                        .map(|n| n.trim().trim_matches(['"', '\'']).to_owned())
                        .filter(|n| !n.is_empty())
                        .collect();
                }
                "date" => self.article.date = Some(value),
                "lang" | "language" => self.article.lang = value,
                "site" => self.article.site = Some(value),
                "section" => self.article.section = Some(value),
                "url" => self.article.url = Some(value),
                _ => {}
            }
        }
    }

    fn finish(mut self) -> Article {
        while self.open.len() > 1 {
            self.close();
        }
        if let Some(root) = self.open.pop() {
            self.article.blocks = root.blocks;
        }
        self.article
    }
}
