//! Pictures whose description only says again what the link or the block says that they stand in: a screen reader would
//! say it twice. Links of a letter or two are marked too, since what they say is known here.

/// Bytes of an open link or block that are held back; what a longer one says is not looked into.
pub(super) const HELD: usize = 4096;

/// What the writer puts before and after a description that is shown in place of its picture.
const SHOWN: &str = "<span class=\"cp-alt\">";
const SHOWN_END: &str = "</span>";
const ALT: &str = " alt=\"";

/// The link that `out` ends with and that begins at `at`; whether it has pictures.
pub(super) fn mend_link(out: &mut String, at: usize, pictured: bool) {
    let Some(link) = out.get(at..).filter(|link| link.len() <= HELD) else { return };
    if !pictured && is_short(link) {
        out.insert_str(at + "<a".len(), " class=\"cp-short\"");
        return;
    }
    if pictured {
        mend(out, at, |_| true);
    }
}

/// Whether a link without pictures says a letter or two.
fn is_short(link: &str) -> bool {
    let mut in_tag = true;
    let (mut characters, mut length) = (0, 0);
    let tag = memchr::memchr(b'>', link.as_bytes()).unwrap_or_default();
    for c in link[tag..].chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if in_tag || characters == 0 && c.is_whitespace() => {}
            c => {
                characters += 1;
                if !c.is_whitespace() {
                    length = characters;
                }
                if length > 2 {
                    return false;
                }
            }
        }
    }
    length > 0
}

/// Whether a block says nothing but signs that part one thing from another: "|", "»". Stars may part scenes, and stay.
pub(super) fn is_signs(block: &str) -> bool {
    const SIGNS: &str = "|/\\•·»«›‹–—-:;,.()[]→←><";
    if block.len() > 64 || ["<a ", "<img", " id="].iter().any(|mark| block.contains(mark)) {
        return false;
    }
    let said = text(block);
    let said = said.trim();
    !said.is_empty() && said.chars().all(|c| SIGNS.contains(c) || c.is_whitespace())
}

/// The block that `out` ends with and that begins at `at`. A picture that is all of a link gives it its name.
pub(super) fn mend_block(out: &mut String, at: usize) {
    mend(out, at, |before| before.rfind("<a ") <= before.rfind("</a>"));
}

/// Empties the descriptions in what `out` ends with from `at` on, where they say what its text says.
fn mend(out: &mut String, at: usize, concerns: impl Fn(&str) -> bool) {
    let Some(link) = out.get(at..).filter(|link| link.len() <= HELD && link.contains(SHOWN)) else { return };
    let said = folded(&text(link));
    if said.is_empty() {
        return;
    }
    let mut mended = String::with_capacity(link.len());
    let mut rest = link;
    let mut changed = false;
    // Each picture is written together with its description: `alt="…" …><span class="cp-alt">…</span>`.
    while let Some(alt) = rest.find(ALT) {
        let value = alt + ALT.len();
        let Some(end) = rest[value..].find('"').map(|end| value + end) else { break };
        let description = &rest[value..end];
        let shown = rest[end..].find(SHOWN).map(|shown| end + shown);
        let after =
            shown.and_then(|shown| rest[shown..].find(SHOWN_END).map(|end| (shown, shown + end + SHOWN_END.len())));
        match after {
            Some((shown, after)) if folded(description) == said && concerns(&link[..link.len() - rest.len() + alt]) => {
                mended.push_str(&rest[..value]);
                mended.push_str(&rest[end..shown]);
                rest = &rest[after..];
                changed = true;
            }
            Some((_, after)) => {
                mended.push_str(&rest[..after]);
                rest = &rest[after..];
            }
            None => break,
        }
    }
    if changed {
        mended.push_str(rest);
        out.truncate(at);
        out.push_str(&mended);
    }
}

/// The text of a link without its tags and the descriptions of its pictures.
fn text(link: &str) -> String {
    let mut text = String::with_capacity(link.len());
    let mut rest = link;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let after = if rest.starts_with(SHOWN) {
            rest.find(SHOWN_END).map(|at| at + SHOWN_END.len())
        } else {
            memchr::memchr(b'>', rest.as_bytes()).map(|at| at + 1)
        };
        let Some(after) = after else { return text };
        rest = &rest[after..];
    }
    text.push_str(rest);
    text
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(link: &str) -> String {
        let mut out = format!("<p>before {link}");
        let pictured = out.contains("<img");
        mend_link(&mut out, "<p>before ".len(), pictured);
        out["<p>before ".len()..].to_owned()
    }

    #[test]
    fn a_description_that_the_link_says_is_emptied() {
        let picture = |alt: &str, shown: &str| {
            format!("<a href=\"/1\"><img src=\"a.jpg\" alt=\"{alt}\" width=\"300\">{shown} Мост <b>открыт</b></a>")
        };
        let shown = "<span class=\"cp-alt\">Мост Открыт</span>";
        assert_eq!(mended(&picture("Мост Открыт", shown)), picture("", ""));
        let other = picture("Толпа на мосту", "<span class=\"cp-alt\">Толпа на мосту</span>");
        assert_eq!(mended(&other), other);
        let alone = "<a href=\"/1\"><img src=\"a.jpg\" alt=\"Мост\"><span class=\"cp-alt\">Мост</span></a>";
        assert_eq!(mended(alone), alone, "without text the description is the link's name");
    }

    #[test]
    fn a_description_that_the_block_says_is_emptied_unless_it_names_a_link() {
        let picture = "<img src=\"a.jpg\" alt=\"Мост\"><span class=\"cp-alt\">Мост</span>";
        let mended = |block: &str| {
            let mut out = block.to_owned();
            mend_block(&mut out, 0);
            out
        };
        assert_eq!(
            mended(&format!("<li>{picture}<a href=\"/1\">Мост</a></li>")),
            "<li><img src=\"a.jpg\" alt=\"\"><a href=\"/1\">Мост</a></li>"
        );
        let named = format!("<li><a href=\"/1\">{picture}</a> Мост</li>");
        assert_eq!(mended(&named), named);
    }

    #[test]
    fn a_link_of_a_letter_or_two_is_given_room() {
        assert_eq!(mended("<a href=\"#n\">1</a>"), "<a class=\"cp-short\" href=\"#n\">1</a>");
        assert_eq!(mended("<a href=\"#n\">Мост</a>"), "<a href=\"#n\">Мост</a>");
    }
}
