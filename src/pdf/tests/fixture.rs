//! A publication made by hand: two sheets with everything that a writer has to draw.

use std::io::Cursor;
use std::sync::Arc;

use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::sheet::{
    Color, ContentId, Destination, ElementId, Face, FaceId, Glyph, LinkArea, ListNumbering, Mark, MarkKind,
    OutlineItem, Owner, Picture, PictureFormat, PictureId, Publication, Rect, Role, Sheet, Structure, Target, TextRun,
};

pub(crate) const BODY: FaceId = FaceId(0);
pub(crate) const BOLD: FaceId = FaceId(1);

/// Glyphs for characters, one to one, with a letter space that makes lines end where rounding errors would show.
pub(crate) fn run(publication: &Publication, face: FaceId, size: f32, x: f32, y: f32, text: &str) -> TextRun {
    let data = publication.faces[usize::from(face.0)].data.clone();
    let font = FontRef::new(&data).expect("a bundled font");
    let (charmap, metrics) = (font.charmap(), font.glyph_metrics(Size::new(size), LocationRef::default()));
    let glyphs = text
        .char_indices()
        .map(|(at, c)| {
            let shown = if c == '\u{ad}' { '-' } else { c };
            let id = charmap.map(shown).unwrap_or_else(|| panic!("no glyph for {c:?}"));
            Glyph {
                id: u16::try_from(id.to_u32()).expect("a short id"),
                advance: metrics.advance_width(id).expect("a width") + 0.013,
                dx: 0.0,
                dy: 0.0,
                text: (at as u32, (at + c.len_utf8()) as u32),
            }
        })
        .collect();
    TextRun { face, size, color: Color::Gray(0.0), x, y, text: text.into(), glyphs }
}

pub(crate) fn text_mark(content: ContentId, run: TextRun) -> Mark {
    Mark { owner: Owner::Content(content), kind: MarkKind::Text(run) }
}

/// A small photograph: a gradient with a disc.
pub(crate) fn picture(format: image::ImageFormat) -> Picture {
    let pixels = image::RgbImage::from_fn(120, 80, |x, y| {
        let inside = (x as i32 - 60).pow(2) + (y as i32 - 40).pow(2) < 900;
        if inside { image::Rgb([200, 60, 40]) } else { image::Rgb([x as u8 * 2, 120, y as u8 * 3]) }
    });
    let mut bytes = Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, format).expect("writing to memory");
    let format = match format {
        image::ImageFormat::Jpeg => PictureFormat::Jpeg,
        image::ImageFormat::Png => PictureFormat::Png,
        other => panic!("no fixture in {other:?}"),
    };
    Picture { data: Arc::from(bytes.into_inner()), format, width: 120, height: 80 }
}

fn face(name: &str, data: &'static [u8]) -> Face {
    Face { data: Arc::from(data), index: 0, name: name.into() }
}

/// An empty publication with two faces and one A6 sheet.
pub(crate) fn blank() -> Publication {
    Publication {
        title: "Фабрика пошла в рост".into(),
        authors: vec!["Анна Петрова".into()],
        lang: "ru".into(),
        date: Some("2026-11-20T09:30:00+03:00".into()),
        source: Some("https://news.example/a/1".into()),
        style: "standard".into(),
        faces: vec![
            face("PTSerif-Regular", include_bytes!("../../../fonts/pt-serif/PTSerif-Regular.ttf")),
            face("PTSerif-Bold", include_bytes!("../../../fonts/pt-serif/PTSerif-Bold.ttf")),
        ],
        sheets: vec![sheet("1")],
        structure: Structure::default(),
        ..Publication::default()
    }
}

pub(crate) fn sheet(label: &str) -> Sheet {
    Sheet { width: 297.64, height: 419.53, label: label.into(), ..Sheet::default() }
}

/// Adds an element with one piece of content.
pub(crate) fn leaf(publication: &mut Publication, parent: ElementId, role: Role) -> (ElementId, ContentId) {
    let element = publication.structure.add(parent, role);
    (element, publication.structure.add_content(element))
}

/// A heading, a paragraph over two sheets with a link and a word in English, a figure, a list, a table, a note.
pub(crate) fn two_sheets() -> Publication {
    let mut p = blank();
    p.sheets.push(sheet("2"));
    p.pictures.push(picture(image::ImageFormat::Jpeg));
    let root = Structure::ROOT;

    for (index, sheet) in ["1", "2"].iter().enumerate() {
        let number = run(&p, BODY, 9.0, 145.0, 400.0, sheet);
        let head = run(&p, BODY, 8.0, 36.0, 24.0, "Знамя района");
        p.sheets[index].marks.push(Mark { owner: Owner::Pagination, kind: MarkKind::Text(head) });
        p.sheets[index].marks.push(Mark { owner: Owner::Pagination, kind: MarkKind::Text(number) });
        let rule = Rect { x: 36.0, y: 28.0, width: 225.0, height: 0.5 };
        p.sheets[index]
            .marks
            .push(Mark { owner: Owner::Layout, kind: MarkKind::Fill { rect: rule, color: Color::Gray(0.4) } });
    }

    let (_, heading) = leaf(&mut p, root, Role::Heading(1));
    let line = run(&p, BOLD, 18.0, 36.0, 60.0, "Фабрика пошла в рост");
    p.sheets[0].marks.push(text_mark(heading, line));

    let (figure, drawn) = leaf(&mut p, root, Role::Figure);
    p.structure[figure].alt = Some("Цех фабрики: «красный» круг".into());
    let rect = Rect { x: 36.0, y: 72.0, width: 120.0, height: 80.0 };
    p.sheets[0]
        .marks
        .push(Mark { owner: Owner::Content(drawn), kind: MarkKind::Picture { picture: PictureId(0), rect } });
    let (_, caption) = leaf(&mut p, figure, Role::Caption);
    let line = run(&p, BODY, 9.0, 36.0, 164.0, "Новый цех. Фото: И. Ильин");
    p.sheets[0].marks.push(text_mark(caption, line));

    let (paragraph, first) = leaf(&mut p, root, Role::P);
    let (link, linked) = leaf(&mut p, paragraph, Role::Link);
    let rest = p.structure.add_content(paragraph);
    let (span, english) = leaf(&mut p, paragraph, Role::Span);
    p.structure[span].lang = Some("en".into());
    let tail = p.structure.add_content(paragraph);
    for (x, y, content, text) in [
        (36.0, 190.0, first, "Мощность выросла до 5 µW, а по другим "),
        (36.0, 204.0, first, "сведениям (где пишут μ) до "),
        (180.0, 204.0, linked, "шести "),
        (36.0, 218.0, rest, "милливатт; выпуск пере\u{ad}"),
    ] {
        let line = run(&p, BODY, 10.0, x, y, text);
        p.sheets[0].marks.push(text_mark(content, line));
    }
    p.sheets[0].links.push(LinkArea {
        rect: Rect { x: 180.0, y: 195.0, width: 30.0, height: 12.0 },
        target: Target::Uri("https://news.example/шесть?a=1".into()),
        element: link,
        contents: "шести".into(),
    });
    for (x, y, content, text) in [
        (36.0, 50.0, rest, "шагнул план. "),
        (110.0, 50.0, english, "Well done, "),
        (170.0, 50.0, tail, "сказали гости."),
    ] {
        let line = run(&p, BODY, 10.0, x, y, text);
        p.sheets[1].marks.push(text_mark(content, line));
    }

    let list = p.structure.add(root, Role::L(ListNumbering::Decimal));
    for (index, text) in ["ткани", "нити"].iter().enumerate() {
        let item = p.structure.add(list, Role::LI);
        let (_, label) = leaf(&mut p, item, Role::Lbl);
        let (_, body) = leaf(&mut p, item, Role::LBody);
        let y = 80.0 + 14.0 * index as f32;
        let (number, words) =
            (run(&p, BODY, 10.0, 36.0, y, &format!("{}. ", index + 1)), run(&p, BODY, 10.0, 50.0, y, text));
        p.sheets[1].marks.push(text_mark(label, number));
        p.sheets[1].marks.push(text_mark(body, words));
    }

    let table = p.structure.add(root, Role::Table);
    let head = p.structure.add(table, Role::THead);
    let body = p.structure.add(table, Role::TBody);
    let cells = [
        (head, Role::TH { column: true, colspan: 1, rowspan: 1 }, ["Год", "Тонн"]),
        (body, Role::TD { colspan: 1, rowspan: 1 }, ["2025", "120"]),
    ];
    for (row, (section, role, texts)) in cells.into_iter().enumerate() {
        let tr = p.structure.add(section, Role::TR);
        for (column, text) in texts.iter().enumerate() {
            let (_, content) = leaf(&mut p, tr, role.clone());
            let line = run(&p, BODY, 10.0, 36.0 + 80.0 * column as f32, 130.0 + 14.0 * row as f32, text);
            p.sheets[1].marks.push(text_mark(content, line));
        }
    }
    let frame = Rect { x: 34.0, y: 118.0, width: 160.0, height: 34.0 };
    p.sheets[1].marks.push(Mark {
        owner: Owner::Layout,
        kind: MarkKind::Stroke { rect: frame, width: 0.75, color: Color::Rgb(0.1, 0.2, 0.5) },
    });

    let (last, words) = leaf(&mut p, root, Role::P);
    let line = run(&p, BODY, 10.0, 36.0, 180.0, "Подробнее");
    p.sheets[1].marks.push(text_mark(words, line));
    let (reference, mark) = leaf(&mut p, last, Role::Reference);
    let mut line = run(&p, BODY, 7.0, 86.0, 180.0, "1");
    line.glyphs[0].dy = 3.0;
    p.sheets[1].marks.push(text_mark(mark, line));
    p.sheets[1].links.push(LinkArea {
        rect: Rect { x: 86.0, y: 170.0, width: 6.0, height: 10.0 },
        target: Target::Place(Destination { sheet: 1, y: 360.0 }),
        element: reference,
        contents: "Сноска 1".into(),
    });
    let note = p.structure.add(root, Role::Note);
    let (_, label) = leaf(&mut p, note, Role::Lbl);
    let (_, words) = leaf(&mut p, note, Role::P);
    for (x, content, text) in [(36.0, label, "1 "), (44.0, words, "По данным фабрики.")] {
        let line = run(&p, BODY, 8.0, x, 370.0, text);
        p.sheets[1].marks.push(text_mark(content, line));
    }

    p.outline = vec![OutlineItem {
        title: "Фабрика пошла в рост".into(),
        destination: Destination { sheet: 0, y: 40.0 },
        children: vec![OutlineItem {
            title: "Продолжение".into(),
            destination: Destination { sheet: 1, y: 40.0 },
            children: Vec::new(),
        }],
    }];
    p
}
