use crate::article::{Article, Block, Cell, Definition, Image, Inline, Note, NumberStyle, Scope, Table};
use proptest::prelude::*;

fn text(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

fn paragraph(content: &str) -> Block {
    Block::Paragraph { content: text(content), lang: None }
}

fn cell(content: &str, header: Option<Scope>) -> Cell {
    Cell { blocks: vec![paragraph(content)], header, colspan: 1, rowspan: 1 }
}

fn article() -> Article {
    Article {
        title: "Мост & берег".to_owned(),
        byline: vec!["Анна Смирнова".to_owned()],
        date: Some("2026-11-23T14:05:00+03:00".to_owned()),
        lang: "ru".to_owned(),
        blocks: vec![
            paragraph("1. Не список, а <текст> с *звёздами*"),
            Block::Heading { level: 2, content: text("Что дальше") },
            Block::List {
                ordered: true,
                start: Some(3),
                style: NumberStyle::Decimal,
                numbers: Vec::new(),
                items: vec![vec![paragraph("три")], vec![paragraph("четыре")]],
            },
            Block::Definitions {
                items: vec![
                    Definition {
                        terms: vec![text("Приёмная"), text(": канцелярия")],
                        definitions: vec![
                            vec![paragraph("ул. Мира, 1")],
                            vec![paragraph("2-45-67"), paragraph("- по будням")],
                        ],
                    },
                    Definition { terms: vec![text("Почта")], definitions: vec![vec![paragraph("a@example.ru")]] },
                ],
            },
            Block::Quote { blocks: vec![paragraph("Сказано")], cite: text("Пётр") },
            Block::Figure {
                images: vec![Image { src: "img/most.jpg".to_owned(), ..Image::default() }],
                caption: text("Мост"),
                credit: Some("Иван Петров".to_owned()),
            },
            Block::Table(Table {
                caption: text("Сроки"),
                rows: vec![
                    vec![cell("Год", Some(Scope::Column)), cell("Дело | смета", Some(Scope::Column))],
                    vec![cell("2026", Some(Scope::Row)), cell("Ремонт", None)],
                ],
                header_rows: 1,
            }),
            Block::Preformatted { text: "if a < b {\n  `x`\n}".to_owned(), code: true },
            Block::Paragraph {
                content: vec![
                    Inline::Text("Слово".to_owned()),
                    Inline::NoteRef { note: "n1".to_owned(), label: "1".to_owned() },
                ],
                lang: None,
            },
            Block::Notes {
                notes: vec![Note {
                    id: "n1".to_owned(), label: "1".to_owned(), blocks: vec![paragraph("Сноска")]
                }],
            },
        ],
        ..Article::default()
    }
}

#[test]
fn json_and_back_is_the_same_article() {
    let before = article();
    assert_eq!(Article::from_json(&before.to_json(), "test").unwrap(), before);
}

#[test]
fn json_that_is_no_article_is_refused_in_one_sentence() {
    let error = Article::from_json("[1", "a.json").unwrap_err().to_string();
    assert!(error.starts_with("a.json: this is not Article JSON"), "{error}");
}

#[test]
fn text_has_a_blank_line_between_blocks_and_no_captions() {
    assert_eq!(
        article().to_text(),
        "1. Не список, а <текст> с *звёздами*\n\nЧто дальше\n\n3. три\n4. четыре\n\nПриёмная\n\n: канцелярия\n\n\
         ул. Мира, 1\n\n2-45-67\n\n- по будням\n\nПочта\n\na@example.ru\n\nСказано\n\n— Пётр\n\nСроки\n\nГод\tДело | смета\n\
         2026\tРемонт\n\nif a < b {\n  `x`\n}\n\nСлово[1]\n\n1 Сноска"
    );
}

#[test]
fn markdown_escapes_what_would_be_markup() {
    let markdown = article().to_markdown();
    assert!(markdown.contains("1\\. Не список, а \\<текст> с \\*звёздами\\*"), "{markdown}");
    assert!(markdown.contains("| Год | Дело \\| смета |\n| --- | --- |\n| 2026 | Ремонт |"), "{markdown}");
    assert!(markdown.contains("3. три\n4. четыре"), "{markdown}");
    assert!(markdown.contains("Слово[^n1]") && markdown.contains("[^n1]: Сноска"), "{markdown}");
}

#[test]
fn markdown_and_back_keeps_the_text_and_the_structure() {
    let back = Article::from_markdown(&article().to_markdown(), "test").unwrap();
    assert_eq!(back.title, "Мост & берег");
    let kinds = |a: &Article| -> Vec<String> {
        a.blocks.iter().map(|b| format!("{b:?}").split([' ', '(', '{']).next().unwrap_or_default().to_owned()).collect()
    };
    let wanted = [
        "Paragraph",
        "Heading",
        "List",
        "Definitions",
        "Quote",
        "Figure",
        "Paragraph",
        "Paragraph",
        "Paragraph",
        "Table",
        "Preformatted",
        "Paragraph",
        "Notes",
    ];
    assert_eq!(kinds(&back), wanted);
    assert_eq!((back.byline.clone(), back.date.clone()), (article().byline, article().date));
    assert_eq!(back.blocks[3], article().blocks[3], "{}", article().to_markdown());
    assert!(back.to_text().contains("1. Не список, а <текст> с *звёздами*"));
}

#[test]
fn front_matter_gives_metadata() {
    let a =
        Article::from_markdown("---\ntitle: \"Дело\"\nauthor: Анна, Пётр\ndate: 2026-11-23\n---\n\nТекст.\n", "test")
            .unwrap();
    assert_eq!((a.title.as_str(), a.byline.len(), a.date.as_deref()), ("Дело", 2, Some("2026-11-23")));
    assert_eq!(a.to_text(), "Текст.");
}

#[test]
fn html_has_a_language_a_headline_and_a_description_for_every_picture() {
    let html = article().to_html();
    assert!(html.starts_with("<!doctype html>\n<html lang=\"ru\">"), "{html}");
    assert_eq!(html.matches("<h1>").count(), 1);
    assert_eq!(html.matches("<main>").count(), 1);
    assert!(html.contains("<img src=\"img/most.jpg\" alt=\"Мост\">"), "{html}");
    assert!(html.contains("<th scope=\"col\">Год</th>") && html.contains("<th scope=\"row\">2026</th>"), "{html}");
    assert!(html.contains("а &lt;текст&gt; с"), "{html}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_markdown_reads_and_writes(markdown in "[ -~\n#*_`>|\\[\\]()!-]{0,300}") {
        if let Ok(article) = Article::from_markdown(&markdown, "test") {
            article.to_html();
            article.to_text();
            prop_assert_eq!(Article::from_json(&article.to_json(), "test").unwrap(), article);
        }
    }

    #[test]
    fn plain_words_survive_markdown(words in "[a-zа-я0-9.,*_`#>|~\\[\\]<!&;:=+-]{1,12}( [a-zа-я0-9.,*_`#>|~\\[\\]<!&;:=+-]{1,12}){0,6}") {
        let before = Article { blocks: vec![paragraph(&words)], ..Article::default() };
        let markdown = before.to_markdown();
        let after = Article::from_markdown(&markdown, "test").unwrap();
        prop_assert_eq!(after.to_text(), words, "{}", markdown);
    }
}

#[test]
fn a_list_of_definitions_is_valid_html_whatever_the_model_holds() {
    let item = |terms: &[&str], said: &[&str]| Definition {
        terms: terms.iter().map(|term| text(term)).collect(),
        definitions: said.iter().map(|said| vec![paragraph(said)]).collect(),
    };
    let html = |items: Vec<Definition>| Block::Definitions { items }.to_html().replace('\n', "");
    assert_eq!(
        html(vec![item(&["a", "b"], &["1", "2"]), item(&["c"], &["3"])]),
        "<dl><dt>a</dt><dt>b</dt><dd>1</dd><dd>2</dd><dt>c</dt><dd>3</dd></dl>"
    );
    assert_eq!(html(vec![item(&[], &["0"]), item(&["a"], &[])]), "<p>0</p><dl><dt>a</dt><dd></dd></dl>");
    assert_eq!(html(vec![item(&[], &["0"]), item(&[], &[])]), "<p>0</p>");
}
