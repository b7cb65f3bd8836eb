//! Promises about lists of definitions.

use super::check_sheets;
use super::samples::{paragraph, text};
use crate::Limits;
use crate::article::{Article, Block, Definition};
use crate::sheet::*;
use crate::source::NoPictures;
use crate::theme::PrintStyle;
use crate::typeset::*;

/// Departments, each with a telephone and what it does.
fn contacts(count: usize, words: usize) -> Article {
    let item = |n: usize| Definition {
        terms: vec![vec![text(&format!("Отдел №{n} администрации района"))]],
        definitions: vec![
            vec![paragraph(&format!("Телефон 2-45-{n:02}"))],
            vec![paragraph(&"отвечает за дороги, ".repeat(words))],
        ],
    };
    let blocks = vec![Block::Definitions { items: (0..count).map(item).collect() }];
    Article { title: "Контакты".into(), lang: "ru".into(), blocks, ..Article::default() }
}

fn set_in(article: &Article, style: &str) -> Publication {
    let style = PrintStyle::find(style).expect("built in");
    let publication =
        set(&Manuscript::Article(article), &style, &NoPictures, &Limits::default()).expect("it can be set");
    check_sheets(&publication);
    publication
}

/// Texts of a sheet with the role of their element's item: label or body, and the item.
fn parts(publication: &Publication, sheet: &Sheet) -> Vec<(f32, f32, bool, ElementId)> {
    let structure = &publication.structure;
    let mut found = Vec::new();
    for mark in &sheet.marks {
        let (Owner::Content(id), MarkKind::Text(run)) = (mark.owner, &mark.kind) else { continue };
        let mut element = structure.contents[id.0 as usize];
        while element != Structure::ROOT && !matches!(structure[element].role, Role::Lbl | Role::LBody) {
            element = structure[element].parent;
        }
        if element != Structure::ROOT {
            found.push((run.x, run.y, structure[element].role == Role::Lbl, structure[element].parent));
        }
    }
    found
}

#[test]
fn a_term_stands_in_the_column_of_what_is_said_of_it() {
    for style in ["standard", "newspaper", "rnib-large", "rnib-giant"] {
        for (count, words) in [(60, 1), (60, 4), (9, 120)] {
            let publication = set_in(&contacts(count, words), style);
            assert!(publication.sheets.len() > 1, "{style}");
            let mut terms = 0;
            for sheet in &publication.sheets {
                let parts = parts(&publication, sheet);
                for (x, y, _, item) in parts.iter().filter(|(_, _, label, _)| *label) {
                    terms += 1;
                    let leading = 3.0 * publication.sheets[0].height / 40.0;
                    let near = |(x2, y2, label, item2): &(f32, f32, bool, ElementId)| {
                        !label && item2 == item && *y2 > *y && y2 - y < leading && x2 - x < 60.0 && x2 >= x
                    };
                    assert!(parts.iter().any(near), "{style}: a term at {x}, {y} stands alone");
                }
            }
            assert!(terms >= count, "{style}: {terms} of {count}");
        }
    }
}

#[test]
fn definitions_are_tagged_as_a_list_with_terms_for_labels() {
    let mut article = contacts(1, 1);
    if let Some(Block::Definitions { items }) = article.blocks.first_mut() {
        items[0].terms.push(vec![text("Канцелярия")]);
        items.push(Definition::default());
    }
    let publication = set_in(&article, "standard");
    let structure = &publication.structure;
    let kids = |element: ElementId| -> Vec<ElementId> {
        let kids = structure[element].kids.iter();
        kids.filter_map(|kid| if let Kid::Element(id) = kid { Some(*id) } else { None }).collect()
    };
    let roles =
        |element: ElementId| -> Vec<Role> { kids(element).into_iter().map(|k| structure[k].role.clone()).collect() };
    let list =
        kids(Structure::ROOT).into_iter().find(|kid| matches!(structure[*kid].role, Role::L(_))).expect("a list");
    assert_eq!(structure[list].role, Role::L(ListNumbering::None));
    // An item of nothing is none.
    assert_eq!(roles(list), [Role::LI]);
    let item = kids(list)[0];
    assert_eq!(roles(item), [Role::Lbl, Role::LBody]);
    assert_eq!(roles(kids(item)[0]), [Role::Span, Role::Span]);
    assert_eq!(roles(kids(item)[1]), [Role::P, Role::P]);
}
