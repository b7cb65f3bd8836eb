//! Where a script ends.
//!
//! Not every `</script>` ends one: behind `<!--` in it, another script may open and end (HTML, 13.2.5.15–31). A script
//! that holds that is given to lol_html, which has all of the standard's states, as far as the next end tag each time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lol_html::element;
use lol_html::send::{HtmlRewriter, Settings};
use memchr::memchr_iter;

use super::TooLarge;
use super::markup::{end_tag, unfinished_end};
use crate::html::tag::Tag;

/// The script that is open.
#[derive(Default)]
pub(crate) struct Script {
    /// It holds what may be a comment: a reader has it from there on.
    escaped: bool,
}

/// Reads such scripts, one after another.
pub(crate) struct Reader {
    lol: HtmlRewriter<'static, Discard>,
    ended: Arc<AtomicBool>,
}

/// lol_html's own output is not used.
struct Discard;

impl lol_html::OutputSink for Discard {
    fn handle_chunk(&mut self, _: &[u8]) {}
}

const COMMENT: &str = "<!--";

impl Script {
    /// Reads on. How far, and whether the script's end tag stands there.
    pub(crate) fn read(&mut self, reader: &mut Option<Box<Reader>>, source: &str) -> Result<(usize, bool), TooLarge> {
        // From there on, the reader has not read.
        let mut from = 0;
        for at in memchr_iter(b'<', source.as_bytes()) {
            let rest = &source[at..];
            if !self.escaped && rest.starts_with(COMMENT) {
                self.escaped = true;
                reader.get_or_insert_with(Reader::new).read("<script>")?;
                from = at;
            }
            let end = end_tag(rest).filter(|(name, _)| Tag::of(name.as_bytes()) == Tag::Script);
            let Some((_, length)) = end else { continue };
            match reader {
                Some(reader) if self.escaped => {
                    let to = at + length;
                    if reader.read(&source[from..to])? {
                        return Ok((at, true));
                    }
                    from = to;
                }
                _ => return Ok((at, true)),
            }
        }
        let comment = |length: &usize| !self.escaped && source.ends_with(&COMMENT[..*length]);
        let comment = (1..COMMENT.len()).rev().find(comment).unwrap_or_default();
        let to = source.len() - comment.max(unfinished_end(&source[from..], Tag::Script));
        if let Some(reader) = reader.as_mut().filter(|_| self.escaped) {
            reader.read(&source[from..to])?;
        }
        Ok((to, false))
    }
}

impl Reader {
    fn new() -> Box<Self> {
        let ended = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&ended);
        let script = element!("script", move |script: &mut lol_html::send::Element<'_, '_>| {
            let ends = Arc::clone(&ends);
            if let Some(handlers) = script.end_tag_handlers() {
                handlers.push(Box::new(move |_| {
                    ends.store(true, Ordering::Relaxed);
                    Ok(())
                }));
            }
            Ok(())
        });
        Box::new(Self {
            lol: HtmlRewriter::new(Settings::new_send().append_element_content_handler(script), Discard),
            ended,
        })
    }

    /// Whether the script has ended in `source`, which is at most a piece and a tag.
    fn read(&mut self, source: &str) -> Result<bool, TooLarge> {
        self.lol.write(source.as_bytes()).map_err(|_| TooLarge)?;
        Ok(self.ended.swap(false, Ordering::Relaxed))
    }
}
