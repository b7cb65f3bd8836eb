//! The structure tree: what everything on the pages means, and the way back from each mark to its element.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::navigation::{Annotation, Annotations};
use super::objects::{Upwards, numbers, text_string};
use super::painted::PaintedPage;
use crate::sheet::{ContentId, Element, ElementId, Frame, Kid, ListNumbering, MarkKind, Owner, Publication, Role};

/// The structure type of a role (ISO 32000-1, 14.8.4).
pub(super) fn name(role: &Role) -> String {
    match role {
        Role::Document => "Document",
        Role::Art => "Art",
        Role::Sect => "Sect",
        Role::Heading(level) => return format!("H{}", (*level).clamp(1, 6)),
        Role::P => "P",
        Role::L(_) => "L",
        Role::LI => "LI",
        Role::Lbl => "Lbl",
        Role::LBody => "LBody",
        Role::Table => "Table",
        Role::THead => "THead",
        Role::TBody => "TBody",
        Role::TR => "TR",
        Role::TH { .. } => "TH",
        Role::TD { .. } => "TD",
        Role::Figure => "Figure",
        Role::Caption => "Caption",
        Role::BlockQuote => "BlockQuote",
        Role::Quote => "Quote",
        Role::Code => "Code",
        Role::Link => "Link",
        Role::Reference => "Reference",
        Role::Note => "Note",
        Role::Toc => "TOC",
        Role::Toci => "TOCI",
        Role::Span => "Span",
    }
    .into()
}

/// Adds the structure tree and returns its root.
pub(super) fn add_to(
    document: &mut Document,
    publication: &Publication,
    pages: &[PaintedPage],
    page_ids: &[ObjectId],
    annotations: &Annotations,
) -> ObjectId {
    let structure = &publication.structure;
    let root = document.new_object_id();
    let role = |id: ElementId| structure.elements.get(id.0 as usize).map(|e| &e.role);
    let ids: Vec<ObjectId> = structure.elements.iter().map(|_| document.new_object_id()).collect();

    // Where each piece of content is drawn, in page order, which is its reading order.
    let mut places: Vec<Vec<(usize, i64)>> = vec![Vec::new(); structure.contents.len()];
    for (sheet, page) in pages.iter().enumerate() {
        for (mcid, content) in page.marked.iter().enumerate() {
            places[content.0 as usize].push((sheet, mcid as i64));
        }
    }
    let mut links: HashMap<ElementId, Vec<(usize, &Annotation)>> = HashMap::new();
    for (sheet, annotation) in annotations.iter() {
        links.entry(annotation.element).or_default().push((sheet, annotation));
    }

    let mut tree = Tree { document, page_ids, places: &places, owners: vec![ids[0]; structure.contents.len()] };
    let boxes = figure_boxes(publication);
    let mut link_owners: HashMap<ObjectId, ObjectId> = HashMap::new();
    let mut notes = Vec::new();
    for (index, element) in structure.elements.iter().enumerate() {
        let id = ids[index];
        let element_id = ElementId(index as u32);
        let parent = if index == 0 { root } else { ids.get(element.parent.0 as usize).copied().unwrap_or(ids[0]) };
        let mut dictionary = Dictionary::new();
        dictionary.set("Type", "StructElem");
        dictionary.set("S", Object::Name(name(&element.role).into_bytes()));
        dictionary.set("P", parent);
        describe(&mut dictionary, element);
        if let Some(attributes) = attributes(&element.role, boxes.get(&element_id)) {
            dictionary.set("A", attributes);
        }
        if element.role == Role::Note {
            let note = format!("note-{index:08}");
            dictionary.set("ID", Object::string_literal(note.as_str()));
            notes.push((note, id));
        }
        let mine = links.remove(&element_id).unwrap_or_default();
        for (_, annotation) in &mine {
            link_owners.insert(annotation.id, id);
        }
        if mine.is_empty() || element.role == Role::Link {
            tree.fill(&mut dictionary, id, &element.kids, &ids, &mine);
        } else {
            // A link annotation belongs into a Link (ISO 14289-1, 7.18.5): a reference to a note gets one inside.
            let link = tree.document.new_object_id();
            for (_, annotation) in &mine {
                link_owners.insert(annotation.id, link);
            }
            let mut inner = dictionary! { "Type" => "StructElem", "S" => "Link", "P" => id };
            let inline = |kid: &Kid| match kid {
                Kid::Content(_) => true,
                Kid::Element(e) => matches!(role(*e), Some(Role::Span | Role::Quote | Role::Code)),
            };
            if element.role == Role::Reference && element.kids.iter().all(inline) {
                tree.fill(&mut inner, link, &element.kids, &ids, &mine);
                for kid in &element.kids {
                    if let Kid::Element(e) = kid {
                        tree.adopt(ids[e.0 as usize], link); // It has a role, so it is there.
                    }
                }
                dictionary.set("K", link);
            } else {
                tree.fill(&mut inner, link, &[], &ids, &mine);
                tree.fill(&mut dictionary, id, &element.kids, &ids, &[]);
                push_kid(&mut dictionary, link.into());
            }
            tree.document.objects.insert(link, inner.into());
        }
        // A child that was adopted before its own turn keeps its new parent.
        if let Some(Object::Dictionary(adopted)) = tree.document.objects.get(&id)
            && let Ok(parent) = adopted.get(b"P")
        {
            dictionary.set("P", parent.clone());
        }
        tree.document.objects.insert(id, dictionary.into());
    }

    let owners = tree.owners;
    let mut entries: Vec<(i64, Object)> = pages
        .iter()
        .enumerate()
        .map(|(sheet, page)| {
            let elements = page.marked.iter().map(|ContentId(id)| owners[*id as usize].into()).collect();
            (sheet as i64, Object::Reference(document.add_object(Object::Array(elements))))
        })
        .collect();
    for (_, annotation) in annotations.iter() {
        let owner = link_owners.get(&annotation.id).copied().unwrap_or(ids[0]);
        entries.push((annotation.struct_parent, owner.into()));
    }
    let next = entries.last().map_or(0, |(key, _)| key + 1);
    let parent_tree = number_tree(document, entries);
    let mut dictionary = dictionary! {
        "Type" => "StructTreeRoot",
        "K" => vec![ids[0].into()],
        "ParentTree" => parent_tree,
        "ParentTreeNextKey" => next,
    };
    if let (Some((first, _)), Some((last, _))) = (notes.first(), notes.last()) {
        let limits = vec![Object::string_literal(first.as_str()), Object::string_literal(last.as_str())];
        let names = notes.iter().flat_map(|(n, id)| [Object::string_literal(n.as_str()), (*id).into()]).collect();
        let leaf = document.add_object(dictionary! { "Limits" => limits, "Names" => Object::Array(names) });
        dictionary.set("IDTree", dictionary! { "Kids" => vec![leaf.into()] });
    }
    document.objects.insert(root, dictionary.into());
    root
}

struct Tree<'a> {
    document: &'a mut Document,
    page_ids: &'a [ObjectId],
    /// For each piece of content, sheet and MCID of its marks.
    places: &'a [Vec<(usize, i64)>],
    /// For each piece of content, the element that holds it.
    owners: Vec<ObjectId>,
}

impl Tree<'_> {
    /// Sets the kids of an element: marks, elements, and at the end its link annotations.
    fn fill(
        &mut self,
        dictionary: &mut Dictionary,
        id: ObjectId,
        kids: &[Kid],
        ids: &[ObjectId],
        links: &[(usize, &Annotation)],
    ) {
        let first = kids.iter().find_map(|kid| match kid {
            Kid::Content(c) => self.places.get(c.0 as usize)?.first().map(|(sheet, _)| *sheet),
            Kid::Element(_) => None,
        });
        let page = first.or_else(|| links.first().map(|(sheet, _)| *sheet));
        if let Some(page) = page {
            dictionary.set("Pg", self.page_ids[page]);
        }
        let mut objects: Vec<Object> = Vec::with_capacity(kids.len());
        for kid in kids {
            match kid {
                Kid::Element(e) => {
                    if let Some(id) = ids.get(e.0 as usize) {
                        objects.push((*id).into());
                    }
                }
                Kid::Content(c) => {
                    let Some(places) = self.places.get(c.0 as usize) else { continue };
                    self.owners[c.0 as usize] = id;
                    for &(sheet, mcid) in places {
                        objects.push(if Some(sheet) == page {
                            mcid.into()
                        } else {
                            dictionary! { "Type" => "MCR", "Pg" => self.page_ids[sheet], "MCID" => mcid }.into()
                        });
                    }
                }
            }
        }
        for (sheet, link) in links {
            objects.push(dictionary! { "Type" => "OBJR", "Pg" => self.page_ids[*sheet], "Obj" => link.id }.into());
        }
        match objects.len() {
            0 => {}
            1 => dictionary.set("K", objects.remove(0)),
            _ => dictionary.set("K", objects),
        }
    }

    /// Gives an element another parent, whether it is written already or not.
    fn adopt(&mut self, child: ObjectId, parent: ObjectId) {
        match self.document.objects.get_mut(&child) {
            Some(Object::Dictionary(dictionary)) => dictionary.set("P", parent),
            _ => {
                self.document.objects.insert(child, dictionary! { "P" => parent }.into());
            }
        }
    }
}

fn push_kid(dictionary: &mut Dictionary, kid: Object) {
    let kids = match dictionary.remove(b"K") {
        Some(Object::Array(mut kids)) => {
            kids.push(kid);
            kids
        }
        Some(only) => vec![only, kid],
        None => vec![kid],
    };
    dictionary.set("K", kids);
}

fn describe(dictionary: &mut Dictionary, element: &Element) {
    if let Some(lang) = element.lang.as_deref().and_then(super::metadata::language) {
        dictionary.set("Lang", text_string(&lang));
    }
    let texts = [("Alt", &element.alt), ("ActualText", &element.actual_text), ("T", &element.title)];
    for (key, text) in texts {
        if let Some(text) = text {
            dictionary.set(key, text_string(text));
        }
    }
}

/// Attributes of a role (ISO 32000-1, 14.8.5).
fn attributes(role: &Role, figure: Option<&[f32; 4]>) -> Option<Object> {
    let spans = |mut cell: Dictionary, colspan: u16, rowspan: u16| {
        if colspan > 1 {
            cell.set("ColSpan", i64::from(colspan));
        }
        if rowspan > 1 {
            cell.set("RowSpan", i64::from(rowspan));
        }
        cell
    };
    let attributes = match *role {
        Role::L(numbering) => dictionary! {
            "O" => "List",
            "ListNumbering" => match numbering {
                ListNumbering::None => "None",
                ListNumbering::Disc => "Disc",
                ListNumbering::Decimal => "Decimal",
                ListNumbering::LowerAlpha => "LowerAlpha",
                ListNumbering::UpperAlpha => "UpperAlpha",
                ListNumbering::LowerRoman => "LowerRoman",
                ListNumbering::UpperRoman => "UpperRoman",
            },
        },
        Role::TH { column, colspan, rowspan } => {
            spans(dictionary! { "O" => "Table", "Scope" => if column { "Column" } else { "Row" } }, colspan, rowspan)
        }
        Role::TD { colspan, rowspan } if colspan > 1 || rowspan > 1 => {
            spans(dictionary! { "O" => "Table" }, colspan, rowspan)
        }
        Role::Figure => dictionary! { "O" => "Layout", "BBox" => numbers(figure?), "Placement" => "Block" },
        _ => return None,
    };
    Some(attributes.into())
}

/// The boxes of figures on their (first) page, from the pictures and texts in them.
fn figure_boxes(publication: &Publication) -> HashMap<ElementId, [f32; 4]> {
    let structure = &publication.structure;
    let mut boxes: HashMap<ElementId, (usize, [f32; 4])> = HashMap::new();
    for (index, sheet) in publication.sheets.iter().enumerate() {
        let frame = Frame::of(sheet);
        for mark in &sheet.marks {
            let Owner::Content(content) = mark.owner else { continue };
            let Some(&element) = structure.contents.get(content.0 as usize) else { continue };
            if structure.elements.get(element.0 as usize).is_none_or(|e| e.role != Role::Figure) {
                continue;
            }
            let rect = match &mark.kind {
                MarkKind::Picture { rect, .. } | MarkKind::Fill { rect, .. } | MarkKind::Stroke { rect, .. } => *rect,
                MarkKind::Text(run) => crate::sheet::Rect {
                    x: run.x,
                    y: run.y - run.size,
                    width: run.glyphs.iter().map(|g| g.advance).sum(),
                    height: run.size * 1.3,
                },
            };
            let (left, bottom) = (frame.x(rect.x), frame.y(rect.y + rect.height));
            let (right, top) = (frame.x(rect.x + rect.width), frame.y(rect.y));
            let (page, known) = boxes.entry(element).or_insert((index, [left, bottom, right, top]));
            if *page == index {
                *known = [known[0].min(left), known[1].min(bottom), known[2].max(right), known[3].max(top)];
            }
        }
    }
    boxes.into_iter().map(|(element, (_, rect))| (element, rect)).collect()
}

/// A number tree (ISO 32000-1, 7.9.7) of one level of leaves.
fn number_tree(document: &mut Document, entries: Vec<(i64, Object)>) -> ObjectId {
    const LEAF: usize = 256;
    let kids: Vec<Object> = entries
        .chunks(LEAF)
        .map(|leaf| {
            let limits = vec![leaf[0].0.into(), leaf[leaf.len() - 1].0.into()];
            let numbers: Vec<Object> = leaf.iter().flat_map(|(key, value)| [(*key).into(), value.clone()]).collect();
            document.add_object(dictionary! { "Limits" => limits, "Nums" => numbers }).into()
        })
        .collect();
    document.add_object(dictionary! { "Kids" => kids })
}
