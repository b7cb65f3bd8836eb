//! MathML told in one line: `(a + b)/c`, `√(x + 1)`, `x` with its power raised. Nothing of a formula is left out.

use crate::article::model::Inline;
use crate::html::dom::{Dom, NodeId};

/// Elements of a formula within one another; what is deeper is told without its form.
const DEEPEST: usize = 32;

/// The most parts a formula is told in.
const MOST: usize = 20_000;

/// A formula as running text; nothing where it says nothing.
pub(super) fn tell(dom: &Dom, math: NodeId) -> Vec<Inline> {
    let mut teller = Teller { dom, parts: 0 };
    let mut out = Vec::new();
    teller.row(math, &mut out, 0);
    trim(&mut out);
    // A formula that is nothing but a picture or a program's own text is told by its description.
    if crate::article::export::inline_text(&out).trim().is_empty() {
        let alt = dom.attr(math, "alttext").map(str::trim).filter(|alt| !alt.is_empty());
        out = alt.map(|alt| vec![Inline::Text(alt.to_owned())]).unwrap_or_default();
    }
    out
}

struct Teller<'a> {
    dom: &'a Dom,
    parts: usize,
}

impl Teller<'_> {
    fn children(&self, id: NodeId) -> Vec<NodeId> {
        self.dom.children(id).filter(|&child| self.dom.any_tag(child).is_some()).collect()
    }

    /// All that an element holds, one after the other.
    fn row(&mut self, id: NodeId, out: &mut Vec<Inline>, depth: usize) {
        let children: Vec<NodeId> = self.dom.children(id).collect();
        for child in children {
            self.part(child, out, depth + 1);
        }
    }

    fn told(&mut self, id: NodeId, depth: usize) -> Vec<Inline> {
        let mut out = Vec::new();
        self.part(id, &mut out, depth + 1);
        trim(&mut out);
        out
    }

    fn part(&mut self, id: NodeId, out: &mut Vec<Inline>, depth: usize) {
        self.parts += 1;
        if self.parts > MOST {
            return;
        }
        let Some(tag) = self.dom.any_tag(id) else {
            push(out, &collapse(self.dom.text(id)));
            return;
        };
        let tag: &str = tag;
        if depth > DEEPEST {
            let text: Vec<&str> = self.dom.descendants(id).map(|inner| self.dom.text(inner)).collect();
            push(out, &collapse(&text.join(" ")));
            return;
        }
        match tag {
            "annotation" | "annotation-xml" | "script" | "style" => {}
            "semantics" => {
                if let Some(&first) = self.children(id).first() {
                    self.part(first, out, depth);
                }
            }
            "mo" => operator(&collapse(&self.dom.text_content(id)), out),
            "mtext" | "ms" => push(out, &self.dom.text_content(id).split_whitespace().collect::<Vec<_>>().join(" ")),
            "mspace" => push(out, " "),
            "mfrac" => {
                if let [over, under] = self.children(id)[..] {
                    self.enclosed(over, out, depth);
                    push(out, "/");
                    self.enclosed(under, out, depth);
                } else {
                    self.row(id, out, depth);
                }
            }
            "msqrt" => {
                push(out, "√");
                let mut inner = Vec::new();
                self.row(id, &mut inner, depth);
                trim(&mut inner);
                enclose(inner, out);
            }
            "mroot" => {
                if let [base, index] = self.children(id)[..] {
                    let index = self.told(index, depth);
                    out.push(Inline::Superscript(index));
                    push(out, "√");
                    self.enclosed(base, out, depth);
                } else {
                    self.row(id, out, depth);
                }
            }
            "msup" | "mover" => self.scripts(id, &[Script::Above], out, depth),
            "msub" | "munder" => self.scripts(id, &[Script::Below], out, depth),
            "msubsup" | "munderover" => self.scripts(id, &[Script::Below, Script::Above], out, depth),
            "mfenced" => self.fenced(id, out, depth),
            "mtable" => {
                push(out, "(");
                for (n, row) in self.children(id).into_iter().enumerate() {
                    if n > 0 {
                        push(out, "; ");
                    }
                    for (n, cell) in self.children(row).into_iter().enumerate() {
                        if n > 0 {
                            push(out, ", ");
                        }
                        let cell = self.told(cell, depth);
                        extend(out, cell);
                    }
                }
                push(out, ")");
            }
            "mphantom" => {}
            _ => self.row(id, out, depth),
        }
    }

    fn fenced(&mut self, id: NodeId, out: &mut Vec<Inline>, depth: usize) {
        let open = self.dom.attr(id, "open").unwrap_or("(").trim().to_owned();
        let close = self.dom.attr(id, "close").unwrap_or(")").trim().to_owned();
        let parts: Vec<char> =
            self.dom.attr(id, "separators").unwrap_or(",").chars().filter(|c| !c.is_whitespace()).collect();
        push(out, &open);
        for (n, child) in self.children(id).into_iter().enumerate() {
            if n > 0
                && let Some(parter) = parts.get(n - 1).or(parts.last())
            {
                push(out, &format!("{parter} "));
            }
            let child = self.told(child, depth);
            extend(out, child);
        }
        push(out, &close);
    }

    /// A base with what stands at its corners, or above and below it.
    fn scripts(&mut self, id: NodeId, places: &[Script], out: &mut Vec<Inline>, depth: usize) {
        let children = self.children(id);
        if children.len() != places.len() + 1 {
            return self.row(id, out, depth);
        }
        // The base of a power stands in brackets where it is more than one sign, as in (a + b)².
        let base = self.told(children[0], depth);
        if self.dom.any_tag(children[0]).is_some_and(|tag| &**tag == "mfrac") {
            enclose(base, out);
        } else {
            extend(out, base);
        }
        for (place, &child) in places.iter().zip(&children[1..]) {
            let script = self.told(child, depth);
            if script.is_empty() {
                continue;
            }
            out.push(match place {
                Script::Above => Inline::Superscript(script),
                Script::Below => Inline::Subscript(script),
            });
        }
    }

    /// A part in brackets, unless it is one number or name.
    fn enclosed(&mut self, id: NodeId, out: &mut Vec<Inline>, depth: usize) {
        let inner = self.told(id, depth);
        enclose(inner, out);
    }
}

#[derive(Clone, Copy)]
enum Script {
    Above,
    Below,
}

/// What is more than one number or name stands in brackets.
fn enclose(inner: Vec<Inline>, out: &mut Vec<Inline>) {
    let text = crate::article::export::inline_text(&inner);
    let one = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | ',' | '\u{2032}'));
    let bracketed = text.starts_with('(') && text.find(')') == Some(text.len() - 1);
    if one || bracketed {
        return extend(out, inner);
    }
    push(out, "(");
    extend(out, inner);
    push(out, ")");
}

/// Operators that stand between two parts have a space on either side; a sign before a number has none.
fn operator(sign: &str, out: &mut Vec<Inline>) {
    // Applied functions, multiplication that nobody writes, separators that nobody sees.
    if sign.chars().all(|c| matches!(c, '\u{2061}'..='\u{2064}')) {
        return;
    }
    let apart = matches!(
        sign,
        "+" | "-"
            | "−"
            | "±"
            | "∓"
            | "="
            | "≠"
            | "≈"
            | "≡"
            | "<"
            | ">"
            | "≤"
            | "≥"
            | "×"
            | "·"
            | "⋅"
            | "÷"
            | "→"
            | "⇒"
            | "⇔"
            | "↔"
            | "∈"
            | "∉"
            | "⊂"
            | "⊆"
            | "∪"
            | "∩"
            | "∧"
            | "∨"
            | "∝"
            | "∼"
            | ":="
    );
    let before = last_char(out);
    if apart && before.is_some_and(|c| !matches!(c, '(' | '[' | '{' | ' ' | ',' | '=')) {
        push(out, " ");
        push(out, sign);
        push(out, " ");
    } else if matches!(sign, "," | ";") || apart && before == Some(' ') && matches!(sign, "=" | "≠" | "<" | ">") {
        push(out, sign);
        push(out, " ");
    } else {
        push(out, sign);
    }
}

fn last_char(out: &[Inline]) -> Option<char> {
    match out.last()? {
        Inline::Text(text) => text.chars().next_back(),
        _ => Some('x'),
    }
}

fn push(out: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    match out.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ => out.push(Inline::Text(text.to_owned())),
    }
}

fn extend(out: &mut Vec<Inline>, more: Vec<Inline>) {
    for inline in more {
        match inline {
            Inline::Text(text) => push(out, &text),
            other => out.push(other),
        }
    }
}

/// Takes white space off the ends.
fn trim(out: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = out.first_mut() {
        *text = text.trim_start().to_owned();
    }
    if let Some(Inline::Text(text)) = out.last_mut() {
        text.truncate(text.trim_end().len());
    }
    out.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::tell;
    use crate::Limits;
    use crate::article::model::{Article, Block};
    use crate::html::dom::Dom;

    fn told(math: &str) -> String {
        let dom = Dom::parse(&format!("<math>{math}</math>"), "page", &Limits::default()).unwrap();
        let formula = dom.descendants(dom.root()).find(|&id| dom.is_math(id)).unwrap();
        let content = tell(&dom, formula);
        let article = Article { blocks: vec![Block::Paragraph { content, lang: None }], ..Article::default() };
        article.to_html().split("<p>").nth(1).unwrap().split("</p>").next().unwrap().to_owned()
    }

    #[test]
    fn a_formula_keeps_its_operators_and_its_form() {
        let sum = "<mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow>";
        assert_eq!(
            told(&format!("<mfrac><mi>a</mi>{sum}</mfrac><mo>=</mo><msqrt><mi>x</mi></msqrt>")),
            "a/(b + 1) = √x"
        );
        assert_eq!(told(&format!("<msqrt>{sum}</msqrt>")), "√(b + 1)");
        assert_eq!(told("<mroot><mi>x</mi><mn>3</mn></mroot>"), "<sup>3</sup>√x");
        assert_eq!(
            told("<msup><mi>e</mi><mrow><mi>i</mi><mi>π</mi></mrow></msup><mo>+</mo><mn>1</mn><mo>=</mo><mn>0</mn>"),
            "e<sup>iπ</sup> + 1 = 0"
        );
        assert_eq!(
            told(
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msub><mi>x</mi><mi>i</mi></msub>"
            ),
            "∑<sub>i = 1</sub><sup>n</sup>x<sub>i</sub>"
        );
        assert_eq!(told("<mo>−</mo><mn>5</mn><mo>&lt;</mo><mi>x</mi>"), "−5 &lt; x");
        assert_eq!(told("<mfenced><mi>a</mi><mi>b</mi></mfenced>"), "(a, b)");
        assert_eq!(
            told(
                "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable>"
            ),
            "(1, 0; 0, 1)"
        );
    }

    #[test]
    fn what_a_program_wrote_beside_a_formula_is_no_part_of_it() {
        let tex = "<semantics><mi>x</mi><annotation encoding='application/x-tex'>x</annotation></semantics>";
        assert_eq!(told(tex), "x");
        assert_eq!(told("<mfrac><mi>a</mi></mfrac>"), "a");
        assert_eq!(told("<mphantom><mi>a</mi></mphantom>"), "");
    }
}
