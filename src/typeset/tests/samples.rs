//! Articles for the tests of this room, written for them.

use crate::article::{Article, Block, Cell, Image, Inline, Note, NumberStyle, Scope, Table};

pub(crate) fn text(s: &str) -> Inline {
    Inline::Text(s.to_owned())
}

pub(crate) fn paragraph(s: &str) -> Block {
    Block::Paragraph { content: vec![text(s)], lang: None }
}

pub(crate) fn heading(level: u8, s: &str) -> Block {
    Block::Heading { level, content: vec![text(s)] }
}

fn cell(s: &str, header: Option<Scope>) -> Cell {
    Cell { blocks: vec![paragraph(s)], header, colspan: 1, rowspan: 1 }
}

/// Everything an article can hold, in Russian.
pub(crate) fn rich() -> Article {
    let link = Inline::Link {
        href: "https://example.ru/plan".into(),
        content: vec![text("план работ на будущий год")],
    };
    let english = Inline::Lang { lang: "en".into(), content: vec![text("large print edition")] };
    let row = |name: &str, visitors: &str, books: &str| {
        vec![cell(name, Some(Scope::Row)), cell(visitors, None), cell(books, None)]
    };
    Article {
        title: "Читальный зал на площади открыли после ремонта: теперь здесь есть книги с крупным шрифтом".into(),
        byline: vec!["Мария Соколова".into(), "Пётр А. Ильин".into()],
        date: Some("2026-11-23T10:15:00+03:00".into()),
        lang: "ru".into(),
        site: Some("Знамя района".into()),
        section: Some("Общество".into()),
        url: Some("https://znamya.example/news/46/chitalnyj-zal".into()),
        blocks: vec![
            Block::Paragraph {
                content: vec![
                    text("В районной библиотеке на площади Труда в понедельник открылся обновлённый "),
                    Inline::Strong(vec![text("читальный зал")]),
                    text(". Ремонт продолжался "),
                    Inline::Emphasis(vec![text("почти два года")]),
                    text(
                        " и стоил 14 500 000 руб. — это самая крупная сумма, которую район потратил на культуру с 2009 г., когда строили новую школу искусств",
                    ),
                    Inline::NoteRef { note: "n1".into(), label: "1".into() },
                    text(". Деньги выделили из областного бюджета; опубликован "),
                    link,
                    text("."),
                ],
                lang: None,
            },
            paragraph(
                "«Раньше за книгами для слабовидящих приходилось ехать в область, а сейчас достаточно дойти до площади и подняться на второй этаж», — рассказывает заведующая А. С. Кузнецова. По её словам, в фонд поступило около трёхсот изданий, напечатанных крупным шрифтом, и ещё столько же аудиокниг, которые можно взять домой на две недели.",
            ),
            heading(2, "Что изменилось в зале"),
            paragraph(
                "Стеллажи расставили так, чтобы между ними свободно проходила коляска. Над каждым столом висит лампа с регулируемой яркостью, на подоконниках лежат лупы, а у входа установлен экран, на котором любую страницу можно увеличить в двадцать раз и показать белым по чёрному или жёлтым по синему.",
            ),
            Block::List {
                ordered: false,
                start: None,
                style: NumberStyle::Decimal,
                numbers: Vec::new(),
                items: vec![
                    vec![paragraph(
                        "книги, набранные кеглем не меньше восемнадцати пунктов, на отдельном стеллаже у окна;",
                    )],
                    vec![
                        paragraph("журналы и газеты, среди которых:"),
                        Block::List {
                            ordered: true,
                            start: Some(3),
                            style: NumberStyle::Decimal,
                            numbers: Vec::new(),
                            items: vec![
                                vec![paragraph("«Наука и жизнь»;")],
                                vec![paragraph("районная газета за все годы с 1931-го.")],
                            ],
                        },
                    ],
                    vec![paragraph("настольные игры с рельефными полями.")],
                ],
            },
            Block::Quote {
                blocks: vec![paragraph(
                    "Мы хотели, чтобы человек, который плохо видит, не просил о помощи, а просто приходил и читал, как все остальные посетители.",
                )],
                cite: vec![text("Анна Кузнецова, заведующая")],
            },
            Block::Figure {
                images: vec![Image {
                    src: "zal.jpg".into(),
                    alt: Some("Читатели за столами под лампами".into()),
                    ..Image::default()
                }],
                caption: vec![text("Читальный зал в день открытия")],
                credit: Some("Фото Ивана Громова".into()),
            },
            heading(2, "Сколько читают в районе"),
            heading(4, "По данным за десять месяцев"),
            Block::Table(Table {
                caption: vec![text("Посещаемость библиотек района")],
                header_rows: 1,
                rows: vec![
                    vec![
                        cell("Библиотека", Some(Scope::Column)),
                        cell("Посетителей", Some(Scope::Column)),
                        cell("Выдано книг", Some(Scope::Column)),
                    ],
                    row("Центральная", "12 480", "31 902"),
                    row("Детская", "9 655", "27 118"),
                    row("Посёлок Заречный", "2 041", "4 870"),
                    row("Село Никольское", "867", "1 933"),
                ],
            }),
            Block::Paragraph {
                content: vec![
                    text("Сотрудники готовят и "),
                    english,
                    text(" для школьников, которые учат английский: формула H"),
                    Inline::Subscript(vec![text("2")]),
                    text("O и площадь в 240 м"),
                    Inline::Superscript(vec![text("2")]),
                    text(" там тоже есть. Команда "),
                    Inline::Code("print -n 18".into()),
                    text(" печатает каталог, "),
                    Inline::Deleted(vec![text("старый адрес")]),
                    text(" больше не работает."),
                ],
                lang: None,
            },
            Block::Preformatted {
                text: "Пн–Пт   10:00–19:00\nСб      11:00–17:00\n  (обед 13:00–14:00)".into(),
                code: true,
            },
            Block::Rule,
            Block::Embed {
                title: "Видео: открытие зала".into(), url: "https://video.example/watch?v=46".into()
            },
            Block::Notes {
                notes: vec![Note {
                    id: "n1".into(),
                    label: "1".into(),
                    blocks: vec![paragraph(
                        "Здание школы искусств сдали в сентябре 2009 года; строительство обошлось в 12 миллионов рублей.",
                    )],
                }],
            },
        ],
        ..Article::default()
    }
}

/// A long article of plain paragraphs.
pub(crate) fn long(paragraphs: usize) -> Article {
    let sample = rich();
    let mut blocks = Vec::new();
    for i in 0..paragraphs {
        if i % 9 == 4 {
            blocks.push(heading(2, "Ещё одна глава о чтении"));
        }
        blocks.push(sample.blocks[if i % 2 == 0 { 1 } else { 3 }].clone());
    }
    Article { title: "Длинная статья".into(), lang: "ru".into(), blocks, ..Article::default() }
}
