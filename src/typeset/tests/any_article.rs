//! Whatever the article, it is set: no panic, no lost word, nothing off the page.

use proptest::prelude::*;

use super::{check_sheets, read};
use crate::Limits;
use crate::article::{Article, Block, Cell, Definition, Image, Inline, Note, NumberStyle, Scope, Table};
use crate::sheet::{Owner, Role, Structure};
use crate::source::NoPictures;
use crate::theme::{Links, Overrides, PrintStyle};
use crate::typeset::text::characters::is_ignorable;
use crate::typeset::{Manuscript, set};

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => "[а-яё]{1,14}",
        3 => "[A-Za-z]{1,12}",
        1 => "[0-9]{1,7}",
        1 => prop::sample::select(vec![
            "—", "№", "г.", "«Труд»,", "А.", "10", "000", "שלום", "العربية", "漢字仮名交じり文", "🙂👨\u{200D}👩\u{200D}👧", "e\u{301}\u{302}\u{303}",
            "кто\u{AD}ни\u{AD}будь", "a\u{200B}b", "\u{200F}x\u{202E}y\u{202C}", "\u{FEFF}z", "\u{7}bell", "\u{10FFFD}", "ﷺ", "\u{301}",
            "https://example.ru/a/very/long/path/with/many/parts?and=query&more=values", "\u{FFFC}", "क्षत्रिय", "ไทย", "\u{2028}",
        ]).prop_map(str::to_owned),
        1 => (1_usize..400).prop_map(|n| "щ".repeat(n)),
    ];
    prop::collection::vec(word, 0..40).prop_map(|w| w.join(" "))
}

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        8 => words().prop_map(Inline::Text),
        1 => words().prop_map(Inline::Code),
        1 => Just(Inline::Break),
        1 => words().prop_map(|alt| Inline::Image(Image { src: "x.png".into(), alt: Some(alt), ..Image::default() })),
        1 => Just(Inline::NoteRef { note: "n".into(), label: "*".into() }),
        1 => any::<bool>().prop_map(Inline::Check),
        1 => "[ab]".prop_map(Inline::Anchor),
    ];
    let inline = leaf.prop_recursive(3, 12, 4, |inner| {
        let many = prop::collection::vec(inner, 0..4);
        prop_oneof![
            many.clone().prop_map(Inline::Emphasis),
            many.clone().prop_map(Inline::Strong),
            many.clone().prop_map(Inline::Superscript),
            many.clone().prop_map(Inline::Deleted),
            many.clone().prop_map(|content| Inline::Link { href: "https://example.ru/".into(), content }),
            many.clone().prop_map(|content| Inline::Link { href: "#a".into(), content }),
            many.clone().prop_map(Inline::Math),
            (words(), many.clone()).prop_map(|(title, content)| Inline::Abbreviation { title, content }),
            (words(), many.clone()).prop_map(|(text, content)| Inline::Ruby { text, content }),
            many.prop_map(|content| Inline::Lang { lang: "en".into(), content }),
        ]
    });
    prop::collection::vec(inline, 0..5)
}

fn block() -> impl Strategy<Value = Block> {
    let leaf = prop_oneof![
        6 => inlines().prop_map(|content| Block::Paragraph { content, lang: None }),
        2 => (0_u8..9, inlines()).prop_map(|(level, content)| Block::Heading { level, content }),
        1 => ("([a-z \t\n]|щ){0,300}", any::<bool>()).prop_map(|(text, code)| Block::Preformatted { text, code }),
        1 => (words(), words()).prop_map(|(title, url)| Block::Embed { title, url }),
        1 => (inlines(), prop::option::of(words())).prop_map(|(caption, credit)| Block::Figure {
            images: vec![Image { src: "y.jpg".into(), ..Image::default() }], caption, credit,
        }),
        1 => Just(Block::Rule),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let many = prop::collection::vec(inner.clone(), 0..4);
        let cell = (many.clone(), any::<bool>(), 0_u16..4, 0_u16..4).prop_map(|(blocks, head, colspan, rowspan)| {
            Cell { blocks, header: head.then_some(Scope::Row), colspan, rowspan }
        });
        let rows = prop::collection::vec(prop::collection::vec(cell, 0..7), 0..5);
        prop_oneof![
            (any::<bool>(), prop::option::of(any::<i32>()), prop::collection::vec(many.clone(), 0..4)).prop_map(
                |(ordered, start, items)| Block::List {
                    ordered,
                    start,
                    style: NumberStyle::LowerRoman,
                    numbers: vec![3, -2],
                    items,
                }
            ),
            prop::collection::vec(
                (prop::collection::vec(inlines(), 0..3), prop::collection::vec(many.clone(), 0..3)),
                0..4
            )
            .prop_map(|items| {
                let items = items.into_iter().map(|(terms, definitions)| Definition { terms, definitions });
                Block::Definitions { items: items.collect() }
            }),
            (many.clone(), inlines()).prop_map(|(blocks, cite)| Block::Quote { blocks, cite }),
            (many.clone(), inlines()).prop_map(|(blocks, summary)| Block::Details { summary, blocks }),
            (rows, 0_usize..4, inlines()).prop_map(|(rows, header_rows, caption)| Block::Table(Table {
                caption,
                rows,
                header_rows
            })),
            (many, words())
                .prop_map(|(blocks, label)| Block::Notes { notes: vec![Note { id: "n".into(), label, blocks }] }),
        ]
    })
}

/// Any article, with whatever stands in pages.
pub(crate) fn article() -> impl Strategy<Value = Article> {
    (words(), prop::collection::vec(block(), 0..8), prop::sample::select(vec!["ru", "en", "ar", "und", "", "x"]))
        .prop_map(|(title, blocks, lang)| Article { title, blocks, lang: lang.into(), ..Article::default() })
}

/// The words of an article that must be on paper, in order, those of tables aside: a table that is told row by row says
/// the names of its columns again and again.
fn expected(article: &Article) -> (Vec<String>, Vec<String>) {
    fn visible(text: &str, out: &mut Vec<String>) {
        for word in text.split(|c: char| c.is_whitespace() && c != '\u{A0}') {
            let word: String = word
                .chars()
                .filter(|c| !c.is_control() && !is_ignorable(*c))
                .map(|c| if c == '\u{FFFC}' { '\u{FFFD}' } else { c })
                .collect();
            if word.chars().any(|c| c.is_alphanumeric()) {
                out.push(word);
            }
        }
    }
    /// The boxes of tasks, and what short forms stand for, part the letters beside them.
    fn parted(content: &[Inline]) -> Vec<Inline> {
        let mut all = Vec::new();
        for inline in content {
            let mut inline = inline.clone();
            if let Some(inner) = inline.content_mut() {
                *inner = parted(inner);
            }
            let parts = matches!(inline, Inline::Check(_) | Inline::Abbreviation { .. });
            all.push(inline);
            all.extend(parts.then(|| Inline::Text(" ".to_owned())));
        }
        all
    }
    fn of_inlines(content: &[Inline], out: &mut Vec<String>) {
        let content = &parted(content);
        let mut text = String::new();
        crate::typeset::flow::inlines::plain(content, &mut text, 0);
        visible(&text, out);
    }
    fn of(blocks: &[Block], out: &mut Vec<String>, tables: &mut Vec<String>) {
        for block in blocks {
            match block {
                Block::Paragraph { content, .. } | Block::Heading { content, .. } => of_inlines(content, out),
                Block::List { items, .. } => items.iter().for_each(|item| of(item, out, tables)),
                Block::Definitions { items } => {
                    for item in items {
                        item.terms.iter().for_each(|term| of_inlines(term, out));
                        item.definitions.iter().for_each(|said| of(said, out, tables));
                    }
                }
                Block::Quote { blocks, cite } => {
                    of(blocks, out, tables);
                    of_inlines(cite, out);
                }
                Block::Details { summary, blocks } => {
                    of_inlines(summary, out);
                    of(blocks, out, tables);
                }
                Block::Figure { caption, credit, .. } => {
                    of_inlines(caption, out);
                    visible(credit.as_deref().unwrap_or(""), out);
                }
                Block::Table(table) => {
                    let mut inner = Vec::new();
                    of_inlines(&table.caption, &mut inner);
                    for cell in table.rows.iter().flatten() {
                        let mut nested = Vec::new();
                        of(&cell.blocks, &mut inner, &mut nested);
                        inner.append(&mut nested);
                    }
                    tables.append(&mut inner);
                }
                Block::Preformatted { text, .. } => visible(text, out),
                Block::Embed { title, .. } => visible(title, out),
                Block::Notes { notes } => notes.iter().for_each(|note| {
                    visible(&note.label, out);
                    of(&note.blocks, out, tables);
                }),
                Block::Rule => {}
            }
        }
    }
    let (mut words, mut tables) = (Vec::new(), Vec::new());
    visible(&article.title, &mut words);
    of(&article.blocks, &mut words, &mut tables);
    (words, tables)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_article_is_set(article in article(), style in 0_usize..10, small in any::<bool>()) {
        let style = PrintStyle::all().swap_remove(style);
        let paper = small.then(|| "a5".parse().expect("a paper"));
        let on_a5 = style.clone().with(&Overrides { paper, ..Overrides::default() });
        let style = on_a5.unwrap_or(style);
        let publication =
            set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("it can be set");
        check_sheets(&publication);
        // A word broken over lines must not have become two: spaces are compared away.
        let text: String = read(&publication).chars().filter(|c| !c.is_whitespace() && !is_ignorable(*c)).collect();
        let (words, tables) = expected(&article);
        let mut rest = text.as_str();
        for word in &words {
            let at = rest.find(word.as_str());
            prop_assert!(at.is_some(), "{:?} is missing or out of order in {:?}", word, text);
            rest = &rest[at.unwrap_or(0) + word.len()..];
        }
        for word in &tables {
            prop_assert!(text.contains(word.as_str()), "{:?} of a table is missing in {:?}", word, text);
        }
        let whole = !publication.warnings.iter().any(|w| w.message.contains("is cut"));
        prop_assert!(whole, "{:?}", publication.warnings);
    }
    #[test]
    fn any_article_is_set_with_its_addresses(article in article(), style in 0_usize..10) {
        let style = PrintStyle::all().swap_remove(style);
        let style = style.with(&Overrides { links: Some(Links::Notes), ..Overrides::default() }).expect("allowed");
        let publication =
            set(&Manuscript::Article(&article), &style, &NoPictures, &Limits::default()).expect("it can be set");
        check_sheets(&publication);
        let whole = !publication.warnings.iter().any(|w| w.message.contains("is cut"));
        prop_assert!(whole, "{:?}", publication.warnings);
        // Each note is there, and once.
        for (index, element) in publication.structure.elements.iter().enumerate().filter(|(_, e)| e.role == Role::Lbl) {
            let mut marks = publication.sheets.iter().flat_map(|sheet| &sheet.marks);
            let own = |mark: &crate::sheet::Mark| {
                let Owner::Content(id) = mark.owner else { return false };
                let mut element = publication.structure.contents[id.0 as usize];
                while element != Structure::ROOT && element.0 as usize != index {
                    element = publication.structure[element].parent;
                }
                element.0 as usize == index
            };
            prop_assert!(marks.any(own), "a label of {:?} is missing", publication.structure[element.parent].role);
        }
    }
}
