//! The structure tree of a PDF that is read.

use std::collections::{BTreeMap, HashMap, HashSet};

use lopdf::{Dictionary, Object, ObjectId};

use super::reading::{Reading, Tag, as_dictionary};

/// Elements within elements.
const DEPTH: usize = 200;

/// An element.
#[derive(Default)]
pub(super) struct Node {
    /// Its type, after the role map.
    pub(super) role: String,
    pub(super) lang: Option<String>,
    pub(super) alt: Option<String>,
    pub(super) actual_text: Option<String>,
    pub(super) title: Option<String>,
    pub(super) id: Option<String>,
    /// Attributes of all owners.
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) kids: Vec<Kid>,
}

/// What an element holds.
pub(super) enum Kid {
    Node(Node),
    /// Marks: index of the page, MCID.
    Content(usize, i64),
    /// An annotation or another object.
    Object(ObjectId),
}

/// The tree with the texts of its marks.
pub(super) struct Structure {
    pub(super) root: Node,
    /// For each page and MCID, the texts in [`super::reading::Page::shown`].
    marks: HashMap<(usize, i64), Vec<usize>>,
}

impl Structure {
    /// Reads the tree; `None` where the file has none.
    pub(super) fn read(reading: &Reading) -> Option<Self> {
        let root = reading.dictionary(reading.catalog()?, b"StructTreeRoot")?;
        let mut reader = Reader {
            reading,
            roles: reading.dictionary(root, b"RoleMap"),
            pages: reading.pages.iter().enumerate().map(|(index, page)| (page.id, index)).collect(),
            seen: HashSet::new(),
        };
        let mut node = Node { role: "StructTreeRoot".into(), ..Node::default() };
        if let Ok(kids) = root.get(b"K") {
            reader.kids(kids, None, &mut node, 0);
        }
        let mut marks: HashMap<(usize, i64), Vec<usize>> = HashMap::new();
        for (index, page) in reading.pages.iter().enumerate() {
            for (place, shown) in page.shown.iter().enumerate() {
                if let Tag::Content(mcid) = shown.tag {
                    marks.entry((index, mcid)).or_default().push(place);
                }
            }
        }
        Some(Self { root: node, marks })
    }

    /// The texts of one piece of content.
    pub(super) fn shown(&self, page: usize, mcid: i64) -> &[usize] {
        self.marks.get(&(page, mcid)).map_or(&[], Vec::as_slice)
    }

    /// All nodes in reading order.
    pub(super) fn walk<'n>(&'n self, visit: &mut impl FnMut(&'n Node, &[&'n Node])) {
        fn down<'n>(node: &'n Node, above: &mut Vec<&'n Node>, visit: &mut impl FnMut(&'n Node, &[&'n Node])) {
            visit(node, above);
            above.push(node);
            for kid in &node.kids {
                if let Kid::Node(kid) = kid {
                    down(kid, above, visit);
                }
            }
            above.pop();
        }
        down(&self.root, &mut Vec::new(), visit);
    }

    /// The texts under a node in reading order: page and place on it.
    pub(super) fn texts(&self, node: &Node) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for kid in &node.kids {
            match kid {
                Kid::Node(kid) => found.extend(self.texts(kid)),
                Kid::Content(page, mcid) => found.extend(self.shown(*page, *mcid).iter().map(|place| (*page, *place))),
                Kid::Object(_) => {}
            }
        }
        found
    }

    /// The text under a node, as a screen reader joins it: a soft hyphen at a line's end joins the parts of its word.
    pub(super) fn text(&self, reading: &Reading, node: &Node) -> String {
        join(reading, &self.texts(node))
    }
}

/// Joins texts; where a line ends without a space, one is put in.
pub(super) fn join(reading: &Reading, texts: &[(usize, usize)]) -> String {
    let mut joined = String::new();
    let mut last: Option<(usize, f32)> = None;
    let mut size = 0.0_f32;
    for &(page, place) in texts {
        let Some(shown) = reading.pages.get(page).and_then(|p| p.shown.get(place)) else { continue };
        let new_line =
            last.is_some_and(|(p, baseline)| p != page || (baseline - shown.baseline).abs() > shown.size * 0.6);
        if new_line && !joined.ends_with(|c: char| c.is_whitespace() || c == '\u{ad}') && !shown.text.starts_with(' ') {
            joined.push(' ');
        }
        if joined.ends_with('\u{ad}') {
            joined.pop();
        }
        // The mark of a note is a word of its own: it is announced as a link, not read as the end of the word before it.
        let raised =
            last.is_some_and(|(p, baseline)| p == page && baseline != shown.baseline) && shown.size < size * 0.85;
        let is_mark = raised && shown.text.chars().all(|c| c.is_ascii_digit() || "*†‡".contains(c));
        if is_mark && joined.chars().rev().take(3).all(char::is_alphabetic) {
            joined.push(' ');
        }
        size = shown.size;
        joined.push_str(&shown.text);
        last = Some((page, shown.baseline));
    }
    joined.replace('\u{200b}', "")
}

struct Reader<'a> {
    reading: &'a Reading,
    roles: Option<&'a Dictionary>,
    pages: HashMap<ObjectId, usize>,
    /// Elements that were read: a tree that holds itself ends here.
    seen: HashSet<ObjectId>,
}

impl<'a> Reader<'a> {
    fn kids(&mut self, object: &'a Object, page: Option<usize>, node: &mut Node, depth: usize) {
        let Ok((id, object)) = self.reading.document.dereference(object) else { return };
        if !self.reading.budget.steps(1) {
            return;
        }
        match object {
            Object::Integer(mcid) => node.kids.extend(page.map(|page| Kid::Content(page, *mcid))),
            Object::Array(list) if depth < DEPTH => {
                for kid in list {
                    self.kids(kid, page, node, depth + 1);
                }
            }
            Object::Dictionary(dictionary) => self.kid(id, dictionary, page, node, depth),
            _ => {}
        }
    }

    fn kid(&mut self, id: Option<ObjectId>, kid: &'a Dictionary, page: Option<usize>, node: &mut Node, depth: usize) {
        let page = self.page(kid).or(page);
        match kid.get(b"Type").and_then(Object::as_name).unwrap_or_default() {
            b"MCR" => {
                let mcid = kid.get(b"MCID").and_then(Object::as_i64).ok();
                node.kids.extend(page.zip(mcid).map(|(page, mcid)| Kid::Content(page, mcid)));
            }
            b"OBJR" => node.kids.extend(kid.get(b"Obj").and_then(Object::as_reference).map(Kid::Object)),
            _ => {
                if depth < DEPTH && id.is_none_or(|id| self.seen.insert(id)) {
                    let element = self.element(kid, page, depth);
                    node.kids.push(Kid::Node(element));
                }
            }
        }
    }

    fn page(&self, dictionary: &Dictionary) -> Option<usize> {
        let id = dictionary.get(b"Pg").and_then(Object::as_reference).ok()?;
        self.pages.get(&id).copied()
    }

    fn element(&mut self, element: &'a Dictionary, page: Option<usize>, depth: usize) -> Node {
        let reading = self.reading;
        let said = [b"Alt".as_slice(), b"ActualText", b"T", b"ID", b"Lang"];
        let length = |key: &[u8]| reading.get(element, key).and_then(|text| text.as_str().ok()).map_or(0, <[u8]>::len);
        if !reading.budget.steps(4 + said.into_iter().map(length).sum::<usize>() as u64 / 16) {
            return Node::default();
        }
        let mut role = reading.name(element, b"S").unwrap_or_default();
        for _ in 0..8 {
            match self.roles.and_then(|roles| reading.name(roles, role.as_bytes())) {
                Some(mapped) if mapped != role => role = mapped,
                _ => break,
            }
        }
        let mut node = Node {
            role,
            lang: reading.text(element, b"Lang"),
            alt: reading.text(element, b"Alt"),
            actual_text: reading.text(element, b"ActualText"),
            title: reading.text(element, b"T"),
            id: reading.text(element, b"ID"),
            ..Node::default()
        };
        match reading.get(element, b"A") {
            Some(Object::Array(list)) => {
                for owner in list.iter().filter_map(|o| reading.document.dereference(o).ok()) {
                    self.attributes(owner.1, &mut node);
                }
            }
            Some(owner) => self.attributes(owner, &mut node),
            None => {}
        }
        if let Ok(kids) = element.get(b"K") {
            self.kids(kids, page, &mut node, depth + 1);
        }
        node
    }

    fn attributes(&self, owner: &'a Object, node: &mut Node) {
        let Some(dictionary) = as_dictionary(owner) else { return };
        for (key, value) in dictionary {
            if !self.reading.budget.steps(1) {
                return;
            }
            let value = match value {
                Object::Name(name) => String::from_utf8_lossy(name).into_owned(),
                Object::Integer(number) => number.to_string(),
                Object::Real(number) => number.to_string(),
                Object::Array(_) => "…".into(),
                _ => continue,
            };
            if key != b"O" {
                node.attributes.insert(String::from_utf8_lossy(key).into_owned(), value);
            }
        }
    }
}
