//! The article mode: the same page, made from the article's model instead of the stream.

use super::addresses::Addresses;
use super::element::{Attr, Element};
use super::frame;
use super::head::Head;
use super::options::Options;
use super::writer::Writer;
use crate::article::{Article, Block, Cell, Image, Inline, Scope, Table};
use crate::clean::Rules;
use crate::html::stack::Id;
use crate::html::tag::Tag;
use crate::phrases::Phrases;

/// The article as a page in the reader's settings: the frame of page mode, and nothing of the site around it.
///
/// Addresses are held to the same allow-list as those of a page, since Article JSON comes from anywhere.
pub fn article_page(article: &Article, options: &Options) -> String {
    let page = options.base_url.clone().or_else(|| article.url.as_deref()?.parse().ok());
    let addresses = Addresses::new(page.clone(), options.links.clone());
    let mut head = Head::default();
    head.title.clone_from(&article.title);
    head.headline.clone_from(&article.title);
    head.site.clone_from(&article.site);
    head.lang = options.lang.clone().unwrap_or_else(|| article.lang.clone());
    head.original = page.filter(|url| matches!(url.scheme(), "http" | "https"));
    if !super::element::is_language_tag(&head.lang) {
        head.lang = "und".into();
    }
    head.settle_frame_language();
    head.name_untitled();
    let mut writer = Writer::new(&Phrases::of(head.ui).page, &head.lang);
    frame::open(&mut writer.out, &head, options);
    frame::open_main(&mut writer.out);
    writer.enter_main();
    frame::headline(&mut writer.out, &head);
    frame::deck(&mut writer.out, article);
    frame::byline(&mut writer.out, article, &head);
    let mut setter = Setter { writer, addresses, next: 0 };
    if let Some(image) = &article.lead_image
        && !holds_picture(&article.blocks, &image.src)
    {
        let caption: Vec<Inline> = image.caption.iter().cloned().map(Inline::Text).collect();
        setter.figure(std::slice::from_ref(image), &caption, None);
    }
    setter.blocks(&article.blocks);
    let mut writer = setter.writer;
    writer.close_all();
    frame::close_main(&mut writer.out);
    writer.enter_footer();
    if frame::has_service_links(&head, options) {
        writer.leave_fold();
        writer.open_footer();
        frame::service_links(&mut writer.out, &head, options);
    }
    let footer = writer.has_footer();
    frame::close(&mut writer.out, footer);
    writer.out
}

fn holds_picture(blocks: &[Block], src: &str) -> bool {
    blocks.iter().any(|block| match block {
        Block::Figure { images, .. } => images.iter().any(|image| image.src == src),
        Block::Quote { blocks, .. } | Block::Details { blocks, .. } => holds_picture(blocks, src),
        Block::List { items, .. } => items.iter().any(|blocks| holds_picture(blocks, src)),
        Block::Definitions { items } => {
            items.iter().flat_map(|item| &item.definitions).any(|blocks| holds_picture(blocks, src))
        }
        Block::Paragraph { content, .. } => {
            content.iter().any(|inline| matches!(inline, Inline::Image(image) if image.src == src))
        }
        _ => false,
    })
}

/// Hands the model to the writer, as if a page said it.
struct Setter {
    writer: Writer,
    addresses: Addresses,
    next: Id,
}

impl Setter {
    fn within(&mut self, element: &Element, content: impl FnOnce(&mut Self)) {
        self.next += 1;
        let id = self.next;
        self.writer.open(id, element);
        content(self);
        self.writer.close(id, element.tag);
    }

    fn tagged(&mut self, tag: Tag, content: impl FnOnce(&mut Self)) {
        self.within(&Element::new(tag), content);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, content } => {
                let tag = [Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6][usize::from(level.clamp(&2, &6) - 2)];
                self.tagged(tag, |s| s.inlines(content));
            }
            Block::Paragraph { content, lang } => {
                let mut element = Element::new(Tag::P);
                if let Some(lang) = lang.as_deref().filter(|lang| super::element::is_language_tag(lang)) {
                    element.set(Attr::Lang, lang);
                }
                self.within(&element, |s| s.inlines(content));
            }
            Block::List { ordered, start, style, numbers, items } => {
                let mut list = Element::new(if *ordered { Tag::Ol } else { Tag::Ul });
                if let Some(start) = start {
                    list.set(Attr::Start, start.to_string());
                }
                if let Some(kind) = style.as_type() {
                    list.set(Attr::Type, kind);
                }
                self.within(&list, |s| {
                    for (n, item) in items.iter().enumerate() {
                        let mut element = Element::new(Tag::Li);
                        if let Some(number) = numbers.get(n).filter(|_| *ordered) {
                            element.set(Attr::Value, number.to_string());
                        }
                        s.within(&element, |s| s.item(item));
                    }
                });
            }
            Block::Definitions { items } => self.tagged(Tag::Dl, |s| {
                for item in items {
                    item.terms.iter().for_each(|term| s.tagged(Tag::Dt, |s| s.inlines(term)));
                    item.definitions.iter().for_each(|blocks| s.tagged(Tag::Dd, |s| s.item(blocks)));
                }
            }),
            Block::Quote { blocks, cite } => self.tagged(Tag::Blockquote, |s| {
                s.blocks(blocks);
                if !cite.is_empty() {
                    s.tagged(Tag::P, |s| {
                        s.writer.text("— ");
                        s.tagged(Tag::Cite, |s| s.inlines(cite));
                    });
                }
            }),
            Block::Details { summary, blocks } => self.tagged(Tag::Details, |s| {
                s.tagged(Tag::Summary, |s| s.inlines(summary));
                s.blocks(blocks);
            }),
            Block::Figure { images, caption, credit } => self.figure(images, caption, credit.as_deref()),
            Block::Table(table) => self.table(table),
            Block::Preformatted { text, .. } => self.tagged(Tag::Pre, |s| s.writer.text(text)),
            Block::Embed { title, url } => {
                if let Some(href) = self.addresses.link(url, Rules::built_in()) {
                    self.writer.link_paragraph(&href, title);
                } else {
                    self.tagged(Tag::P, |s| s.writer.text(title));
                }
            }
            Block::Notes { notes } => self.tagged(Tag::Ol, |s| {
                for note in notes {
                    let mut item = Element::new(Tag::Li);
                    item.set(Attr::Id, note.id.clone());
                    s.within(&item, |s| s.item(&note.blocks));
                }
            }),
            Block::Rule => self.writer.void(&Element::new(Tag::Hr)),
        }
    }

    /// One paragraph alone in an item needs no element of its own.
    fn item(&mut self, blocks: &[Block]) {
        match blocks {
            [Block::Paragraph { content, lang: None }, rest @ ..] => {
                self.inlines(content);
                self.blocks(rest);
            }
            blocks => self.blocks(blocks),
        }
    }

    fn figure(&mut self, images: &[Image], caption: &[Inline], credit: Option<&str>) {
        self.tagged(Tag::Figure, |s| {
            for image in images {
                s.image(image, caption);
            }
            if !caption.is_empty() || credit.is_some() {
                s.tagged(Tag::Figcaption, |s| {
                    s.inlines(caption);
                    if let Some(credit) = credit {
                        s.writer.text(" ");
                        s.tagged(Tag::Small, |s| s.writer.text(credit));
                    }
                });
            }
        });
    }

    /// A picture without a description is described by its caption.
    fn image(&mut self, image: &Image, caption: &[Inline]) {
        let mut element = Element::new(Tag::Img);
        if let Some(src) = self.addresses.media(&escaped_for_reading(&image.src)) {
            element.set(Attr::Src, src);
        }
        let caption = plain(caption);
        match &image.alt {
            Some(alt) => element.set(Attr::Alt, alt.trim()),
            None if !caption.is_empty() => element.set(Attr::Alt, caption),
            None => {}
        }
        if let Some((width, height)) = image.size {
            element.set(Attr::Width, width.to_string());
            element.set(Attr::Height, height.to_string());
        }
        self.writer.void(&element);
    }

    fn table(&mut self, table: &Table) {
        self.tagged(Tag::Table, |s| {
            if !table.caption.is_empty() {
                s.tagged(Tag::Caption, |s| s.inlines(&table.caption));
            }
            let (header, body) = table.rows.split_at(table.header_rows.min(table.rows.len()));
            for (tag, rows) in [(Tag::Thead, header), (Tag::Tbody, body)] {
                if !rows.is_empty() {
                    s.tagged(tag, |s| rows.iter().for_each(|row| s.row(row)));
                }
            }
        });
    }

    fn row(&mut self, row: &[Cell]) {
        self.tagged(Tag::Tr, |s| {
            for cell in row {
                let mut element = Element::new(if cell.header.is_some() { Tag::Th } else { Tag::Td });
                match cell.header {
                    Some(Scope::Column) => element.set(Attr::Scope, "col"),
                    Some(Scope::Row) => element.set(Attr::Scope, "row"),
                    None => {}
                }
                if cell.colspan > 1 {
                    element.set(Attr::Colspan, cell.colspan.to_string());
                }
                if cell.rowspan > 1 {
                    element.set(Attr::Rowspan, cell.rowspan.to_string());
                }
                s.within(&element, |s| s.item(&cell.blocks));
            }
        });
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        let mut rest = inlines;
        while let [first, more @ ..] = rest {
            // A place goes with what stands there: the writer leaves out elements that hold nothing.
            if let (Inline::Anchor(id), Some((_, after))) = (first, more.split_first()) {
                let mut place = Element::new(Tag::Span);
                place.set(Attr::Id, id.as_str());
                self.within(&place, |s| s.inlines(&more[..1]));
                rest = after;
            } else {
                self.inline(first);
                rest = more;
            }
        }
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.writer.text(text),
            Inline::Emphasis(content) => self.tagged(Tag::Em, |s| s.inlines(content)),
            Inline::Strong(content) => self.tagged(Tag::Strong, |s| s.inlines(content)),
            Inline::Code(code) => self.tagged(Tag::Code, |s| s.writer.text(code)),
            Inline::Superscript(content) => self.tagged(Tag::Sup, |s| s.inlines(content)),
            Inline::Subscript(content) => self.tagged(Tag::Sub, |s| s.inlines(content)),
            Inline::Deleted(content) => self.tagged(Tag::Del, |s| s.inlines(content)),
            Inline::Abbreviation { title, content } => {
                let mut abbreviation = Element::new(Tag::Abbr);
                abbreviation.set(Attr::Title, title.as_str());
                self.within(&abbreviation, |s| s.inlines(content));
            }
            Inline::Ruby { text, content } => self.tagged(Tag::Ruby, |s| {
                s.inlines(content);
                s.tagged(Tag::Rp, |s| s.writer.text("("));
                s.tagged(Tag::Rt, |s| s.writer.text(text));
                s.tagged(Tag::Rp, |s| s.writer.text(")"));
            }),
            Inline::Math(content) => self.inlines(content),
            Inline::Check(done) => self.writer.text(if *done { "☑ " } else { "☐ " }),
            Inline::Anchor(_) => {}
            Inline::Link { href, content } => {
                let mut link = Element::new(Tag::A);
                if let Some(href) = self.addresses.link(&escaped_for_reading(href), Rules::built_in()) {
                    link.set(Attr::Href, self.addresses.lead(href));
                }
                self.within(&link, |s| s.inlines(content));
            }
            Inline::Lang { lang, content } => {
                let mut span = Element::new(Tag::Span);
                if super::element::is_language_tag(lang) {
                    span.set(Attr::Lang, lang.as_str());
                }
                self.within(&span, |s| s.inlines(content));
            }
            Inline::NoteRef { note, label } => self.tagged(Tag::Sup, |s| {
                let mut link = Element::new(Tag::A);
                link.set(Attr::Href, format!("#{note}"));
                s.within(&link, |s| s.writer.text(label));
            }),
            Inline::Image(image) => self.image(image, &[]),
            Inline::Break => self.writer.void(&Element::new(Tag::Br)),
        }
    }
}

/// The model's addresses are plain text; the allow-list reads them as attributes, with character references.
fn escaped_for_reading(address: &str) -> String {
    address.replace('&', "&amp;")
}

fn plain(inlines: &[Inline]) -> String {
    let mut text = String::new();
    for inline in inlines {
        match inline {
            Inline::Text(t) | Inline::Code(t) => text.push_str(t),
            Inline::Break => text.push(' '),
            Inline::Ruby { text: reading, content } => text.push_str(&format!("{}({reading})", plain(content))),
            other => text.push_str(&plain(other.content())),
        }
    }
    text
}
