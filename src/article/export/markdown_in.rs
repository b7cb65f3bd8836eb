//! Markdown in: for articles written by hand.

use crate::article::model::{Article, Block, Cell, Definition, Image, Inline, Note, Scope, Table};
use crate::{Error, Result};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

/// Blocks and inlines within one another; what is deeper is taken as text of the level above.
const DEEPEST: usize = 40;

impl Article {
    /// Reads Markdown: CommonMark with tables, footnotes, definitions and struck-out text. The first heading of level 1 is the
    /// headline; front matter may give `title`, `byline` (or `author`), `date`, `lang`, `site`, `section`, `url`.
    ///
    /// # Errors
    ///
    /// [`Error::NoArticle`] when there is no text.
    pub fn from_markdown(markdown: &str, name: &str) -> Result<Article> {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_DEFINITION_LIST
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut reader = Reader {
            article: Article::default(),
            open: vec![Open::new(Kind::Root)],
            inlines: vec![],
            skipped: 0,
            front: None,
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
    Code,
    Table,
    Row { head: bool },
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
        }
    }
}

enum Span {
    Emphasis,
    Strong,
    Deleted,
    Link(String),
    Image(String),
}

struct Reader {
    article: Article,
    open: Vec<Open>,
    inlines: Vec<(Span, Vec<Inline>)>,
    /// Blocks too deep to be opened.
    skipped: usize,
    front: Option<String>,
}

impl Reader {
    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match (&mut self.front, self.open.last_mut()) {
                (Some(front), _) => front.push_str(&text),
                (None, Some(Open { kind: Kind::Code, text: code, .. })) => code.push_str(&text),
                _ => self.inline(Inline::Text(text.into_string())),
            },
            Event::Code(text) => self.inline(Inline::Code(text.into_string())),
            Event::SoftBreak => self.inline(Inline::Text(" ".to_owned())),
            Event::HardBreak => self.inline(Inline::Break),
            Event::FootnoteReference(id) => {
                self.inline(Inline::NoteRef { note: id.to_string(), label: id.into_string() });
            }
            Event::Rule => self.push(Block::Rule),
            // Raw HTML, mathematics and tasks are not part of what is read.
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_) => {}
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
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => Kind::Code,
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
            Tag::Image { dest_url, .. } => return self.span(Span::Image(dest_url.into_string())),
            _ => return,
        };
        self.end_loose();
        if self.open.len() >= DEEPEST {
            self.skipped += 1;
        } else {
            self.open.push(Open::new(kind));
        }
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
                    Span::Image(src) => {
                        let alt = super::inline_text(&content);
                        Inline::Image(Image { src, alt: Some(alt), ..Image::default() })
                    }
                });
            }
            TagEnd::HtmlBlock | TagEnd::Superscript | TagEnd::Subscript => {}
            _ if self.skipped > 0 => {
                self.skipped -= 1;
                self.end_loose();
            }
            _ => self.close(),
        }
    }

    /// Running text without a paragraph of its own: the items of a tight list.
    fn end_loose(&mut self) {
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
                _ => self.push(Block::Paragraph { content, lang: None }),
            },
            Kind::Code => {
                let text = open.text.trim_end_matches('\n').to_owned();
                self.push(Block::Preformatted { text, code: true });
            }
            Kind::List(start) => {
                let number = start.filter(|&s| s != 1).and_then(|s| i32::try_from(s).ok());
                self.push(Block::List { ordered: start.is_some(), start: number, items: open.items });
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
            Kind::Item | Kind::Definition | Kind::Quote | Kind::Note(_) | Kind::Root => {
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
