//! `clearprint rewrite`: a page as accessible HTML, streamed.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::outcome::Outcome;
use super::output::{Content, Output, keeps_promise};
use super::page::site_of;
use crate::article::{self, Format};
use crate::clean::{Receipt, Rules};
use crate::options::{LookArgs, Mode, PageArgs};
use crate::rewrite::{self, Options, Rewriter};
use crate::source::{Input, Page, StreamDecoder, cannot_read, is_message, refuse_other_formats};
use crate::theme::Screen;
use crate::{Error, Result};

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// Write a page as accessible HTML, streamed
#[derive(Args, Debug)]
pub(crate) struct Rewrite {
    #[command(flatten)]
    page: PageArgs,

    #[command(flatten)]
    look: LookArgs,

    /// Where the page goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Rewrite {
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        keeps_promise(self.output.as_deref(), "HTML")?;
        self.page.spared_by(self.output.as_deref())?;
        let mut options = self.look.options(Screen::find)?;
        options.base_url.clone_from(&self.page.base_url);
        options.lang.clone_from(&self.page.lang);
        match self.look.mode {
            Mode::Page => self.stream(options, console),
            Mode::Article => self.article(self.page.read()?, &options, console),
        }
    }

    fn article(&self, page: Page, options: &Options, console: &Console) -> Result<Outcome> {
        let output = Output::create(self.output.as_deref(), Content::Text)?;
        let site = site_of(&self.page.site, console)?;
        let limits = self.page.limits.limits();
        let told = self.page.article(&page, site.as_deref(), console)?;
        let article = &told.article;
        console.detail(&format!("{}: «{}», {}", page.name, article.title, article.lang));
        let written = rewrite::article_page(article, options);
        output.write_whole(written.as_bytes())?;
        self.page.tell(&page.name, &told, console, || rewrite::inventory(&written, &limits))?;
        Ok(Outcome::Done)
    }

    fn stream(&self, mut options: Options, console: &Console) -> Result<Outcome> {
        if let Some(flag) = self.page.paging.given() {
            console.warn(&format!("--{flag} has no effect on whole pages; it is for --mode article"));
        }
        let site = site_of(&self.page.site, console)?;
        let charset = self.page.charset(site.as_deref())?;
        options.site = site;
        // The stream has no bound on the length of a file or a pipe; what is fetched is held and has one.
        let limits = self.page.limits.limits();
        let (mut reader, mut page) = Input::parse(&self.page.input).open(&limits)?;
        let start = first_piece(&mut *reader).map_err(|e| cannot_read(&page.name, &e))?;
        refuse_other_formats(&page.name, &start)?;
        let format = Format::of(&Page { bytes: start.clone(), pictures: Vec::new(), ..page.clone() });
        let message = is_message(&start);
        let mut reader: Box<dyn Read> = Box::new(std::io::Cursor::new(start).chain(reader));
        if message || format != Format::Html {
            // What is no HTML has no page around it to be kept, and is read whole.
            page = page.fill(reader, &limits)?;
            if format != Format::Html {
                return self.article(page, &options, console);
            }
            reader = Box::new(std::io::Cursor::new(std::mem::take(&mut page.bytes)));
        }
        options.base_url = options.base_url.or_else(|| page.url.clone());
        options.source.clone_from(&page.name);
        let mut output = Output::create(self.output.as_deref(), Content::Text)?;
        let mut decoder = StreamDecoder::new(page.declared(charset));
        let mut failed = None;
        let sink = |bytes: &[u8]| failed = failed.take().or_else(|| output.write_bytes(bytes).err());
        let receipt = passage(&mut *reader, &page.name, &mut decoder, Rewriter::new(Rules::built_in(), &options, sink));
        // What could not be written explains what could not be read, and not the other way round.
        if let Some(error) = failed {
            return Err(error);
        }
        let receipt = match receipt {
            Ok(receipt) => receipt,
            Err(error @ Error::Limit { .. }) if self.output.is_none() => {
                // A pipe has had the beginning: it gets the notice that ends it as well.
                output.finish()?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        output.finish()?;
        console.detail(&format!("{}: {} ({:?})", page.name, decoder.charset().name(), decoder.evidence()));
        self.page.hand_out(&page.name, &receipt, &receipt.lost, console)?;
        Ok(Outcome::Done)
    }
}

/// What comes first, up to where a tag says that it is HTML: no more, since whoever writes the page may wait for its answer.
fn first_piece(reader: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut start = vec![0; PIECE];
    let mut length = 0;
    while length < PIECE && !article::has_tags(&start[..length]) {
        match reader.read(&mut start[length..])? {
            0 => break,
            more => length += more,
        }
    }
    start.truncate(length);
    Ok(start)
}

/// Takes the page through: bytes, characters, rewriter.
fn passage(
    reader: &mut dyn Read,
    name: &str,
    decoder: &mut StreamDecoder,
    mut rewriter: Rewriter<'_, impl FnMut(&[u8])>,
) -> Result<Receipt> {
    let mut text = String::new();
    let mut piece = vec![0; PIECE];
    loop {
        let length = reader.read(&mut piece).map_err(|e| cannot_read(name, &e))?;
        if length == 0 {
            break;
        }
        text.clear();
        decoder.push(&piece[..length], &mut text);
        rewriter.write(&text)?;
    }
    text.clear();
    decoder.finish(&mut text);
    rewriter.write(&text)?;
    rewriter.end()
}
