//! Where a script ends.
//!
//! Not every `</script>` ends one: behind `<!--` in it, another script may open and end (HTML, 13.2.5.15–31). Of the
//! standard's seventeen states three are left when a beginning that has not come whole is waited for.

use memchr::{memchr, memchr2};

use super::raw::{RawEnd, begins, is_named, raw_end_at};
use crate::html::tag::Tag;

/// The script that is open.
#[derive(Default)]
pub(super) struct Script(State);

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// "Script data".
    #[default]
    Plain,
    /// "Script data escaped": behind `<!--`.
    Escaped,
    /// "Script data double escaped": behind a `<script` in that.
    DoubleEscaped,
}

const COMMENT: &[u8] = b"<!--";
const COMMENT_END: &[u8] = b"-->";
const START: &[u8] = b"<script";
const END: &[u8] = b"</script";

impl Script {
    /// Reads on to the script's end tag.
    pub(super) fn read(&mut self, source: &str) -> RawEnd {
        let bytes = source.as_bytes();
        let mut at = 0;
        loop {
            let found = match self.0 {
                State::Plain => memchr(b'<', &bytes[at..]),
                State::Escaped | State::DoubleEscaped => memchr2(b'-', b'<', &bytes[at..]),
            };
            let Some(found) = found else { return RawEnd::None };
            at += found;
            let rest = &bytes[at..];
            if self.0 != State::DoubleEscaped && rest[0] == b'<' {
                match raw_end_at(&source[at..], Tag::Script) {
                    RawEnd::None => {}
                    end => return end.behind(at),
                }
            }
            // What has come, where that is all of it, and how much of it is read.
            let (has_come, then, length) = match (self.0, rest[0]) {
                // The dashes that begin a comment may be those that end it.
                (State::Plain, _) => (begins(rest, COMMENT), State::Escaped, "<!".len()),
                (_, b'-') => (begins(rest, COMMENT_END), State::Plain, COMMENT_END.len()),
                (State::Escaped, _) => (is_named(rest, START), State::DoubleEscaped, START.len()),
                (State::DoubleEscaped, _) => (is_named(rest, END), State::Escaped, END.len()),
            };
            match has_come {
                None => return RawEnd::MayBegin(at),
                Some(true) => (self.0, at) = (then, at + length),
                Some(false) => at += 1,
            }
        }
    }
}
