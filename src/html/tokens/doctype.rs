//! Document types (HTML, 13.2.5.53–68).

/// A document type as written; its name may be in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Doctype<'a> {
    pub(crate) name: Option<&'a str>,
    pub(crate) public_id: Option<&'a str>,
    pub(crate) system_id: Option<&'a str>,
    /// It is broken so that a page is read in quirks mode whatever it names.
    pub(crate) force_quirks: bool,
}

impl<'a> Doctype<'a> {
    /// Reads what stands between `<!doctype` and `>`; `closed` says whether that has come, or the page has ended.
    pub(super) fn read(text: &'a str, closed: bool) -> Self {
        let mut read = Self::default();
        // Whatever is missing or left open makes it a broken one.
        read.force_quirks = read.parts(text, closed).is_none();
        read
    }

    /// `None` where it is broken.
    fn parts(&mut self, text: &'a str, closed: bool) -> Option<()> {
        let text = text.trim_ascii_start();
        let end = text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        self.name = (!name.is_empty()).then_some(name);
        self.name?;
        let rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return closed.then_some(());
        }
        let (keyword, rest) = rest.split_at_checked("public".len())?;
        let mut rest = rest.trim_ascii_start();
        if keyword.eq_ignore_ascii_case("public") {
            rest = quoted(rest, &mut self.public_id)?.trim_ascii_start();
            if rest.is_empty() {
                return closed.then_some(());
            }
        } else if !keyword.eq_ignore_ascii_case("system") {
            return None;
        }
        let rest = quoted(rest, &mut self.system_id)?.trim_ascii_start();
        // What follows the second identifier is passed over.
        (closed || !rest.is_empty()).then_some(())
    }

    /// Whether a page of this type expects an old browser (HTML, 13.2.6.4.1).
    pub(crate) fn has_quirks(&self) -> bool {
        let public_id = self.public_id.unwrap_or_default().to_ascii_lowercase();
        let is_system = |id: &str| self.system_id.is_some_and(|system| system.eq_ignore_ascii_case(id));
        self.force_quirks
            || !self.name.is_some_and(|name| name.eq_ignore_ascii_case("html"))
            || OLD.contains(&&*public_id)
            || is_system("http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd")
            || OLD_BEGINNINGS.iter().any(|id| public_id.starts_with(id))
            || self.system_id.is_none() && OLD_WITHOUT_SYSTEM.iter().any(|id| public_id.starts_with(id))
    }
}

/// The identifier in quotes at the start of `text`, and what follows it. `None` where there is none or it has no end.
fn quoted<'a>(text: &'a str, id: &mut Option<&'a str>) -> Option<&'a str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (quoted, rest) = match text[1..].split_once(quote) {
        Some((quoted, rest)) => (quoted, Some(rest)),
        None => (&text[1..], None),
    };
    *id = Some(quoted);
    rest
}

const OLD: [&str; 3] = ["-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html"];

/// Of those without a system identifier only.
const OLD_WITHOUT_SYSTEM: [&str; 2] = ["-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//"];

const OLD_BEGINNINGS: [&str; 55] = [
    "+//silmaril//dtd html pro v0r11 19970101//",
    "-//as//dtd html 3.0 aswedit + extensions//",
    "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    "-//ietf//dtd html 2.0 level 1//",
    "-//ietf//dtd html 2.0 level 2//",
    "-//ietf//dtd html 2.0 strict level 1//",
    "-//ietf//dtd html 2.0 strict level 2//",
    "-//ietf//dtd html 2.0 strict//",
    "-//ietf//dtd html 2.0//",
    "-//ietf//dtd html 2.1e//",
    "-//ietf//dtd html 3.0//",
    "-//ietf//dtd html 3.2 final//",
    "-//ietf//dtd html 3.2//",
    "-//ietf//dtd html 3//",
    "-//ietf//dtd html level 0//",
    "-//ietf//dtd html level 1//",
    "-//ietf//dtd html level 2//",
    "-//ietf//dtd html level 3//",
    "-//ietf//dtd html strict level 0//",
    "-//ietf//dtd html strict level 1//",
    "-//ietf//dtd html strict level 2//",
    "-//ietf//dtd html strict level 3//",
    "-//ietf//dtd html strict//",
    "-//ietf//dtd html//",
    "-//metrius//dtd metrius presentational//",
    "-//microsoft//dtd internet explorer 2.0 html strict//",
    "-//microsoft//dtd internet explorer 2.0 html//",
    "-//microsoft//dtd internet explorer 2.0 tables//",
    "-//microsoft//dtd internet explorer 3.0 html strict//",
    "-//microsoft//dtd internet explorer 3.0 html//",
    "-//microsoft//dtd internet explorer 3.0 tables//",
    "-//netscape comm. corp.//dtd html//",
    "-//netscape comm. corp.//dtd strict html//",
    "-//o'reilly and associates//dtd html 2.0//",
    "-//o'reilly and associates//dtd html extended 1.0//",
    "-//o'reilly and associates//dtd html extended relaxed 1.0//",
    "-//sq//dtd html 2.0 hotmetal + extensions//",
    "-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
    "-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
    "-//spyglass//dtd html 2.0 extended//",
    "-//sun microsystems corp.//dtd hotjava html//",
    "-//sun microsystems corp.//dtd hotjava strict html//",
    "-//w3c//dtd html 3 1995-03-24//",
    "-//w3c//dtd html 3.2 draft//",
    "-//w3c//dtd html 3.2 final//",
    "-//w3c//dtd html 3.2//",
    "-//w3c//dtd html 3.2s draft//",
    "-//w3c//dtd html 4.0 frameset//",
    "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental 19960712//",
    "-//w3c//dtd html experimental 970421//",
    "-//w3c//dtd w3 html//",
    "-//w3o//dtd w3 html 3.0//",
    "-//webtechs//dtd mozilla html 2.0//",
    "-//webtechs//dtd mozilla html//",
];
