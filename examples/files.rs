//! A loop over files: each page of a folder as an accessible one in another folder, in large type on black.
//!
//! ```sh
//! cargo run --example files -- samples /tmp/large-type
//! ```

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clearprint::clean::Rules;
use clearprint::rewrite::{Options, Rewriter};
use clearprint::source::{Declared, StreamDecoder};
use clearprint::theme::Screen;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [from, to] = folders.as_slice() else { return Err("usage: files FROM TO".into()) };
    for (page, removed) in rewrite_folder(from, to)? {
        println!("{}: {removed} elements left out", page.display());
    }
    Ok(())
}

/// Rewrites every `.html` of a folder; which there were, and how much of each was left out.
pub(crate) fn rewrite_folder(from: &Path, to: &Path) -> Result<Vec<(PathBuf, usize)>> {
    fs::create_dir_all(to)?;
    let mut options = Options::default();
    options.set_theme(Screen::find("white-on-black")?);
    options.settings.size = 150;
    let mut pages = Vec::new();
    for entry in fs::read_dir(from)? {
        let page = entry?.path();
        let Some(name) = page.file_name().filter(|_| page.extension().is_some_and(|e| e == "html")) else { continue };
        options.source = page.display().to_string();
        let removed = rewrite(&page, &to.join(name), &options)?;
        pages.push((page, removed));
    }
    pages.sort();
    Ok(pages)
}

/// Rewrites one file while it is read: neither the page nor the result is ever in memory as a whole.
fn rewrite(from: &Path, to: &Path, options: &Options) -> Result<usize> {
    let mut page = fs::File::open(from)?;
    let mut output = std::io::BufWriter::new(fs::File::create(to)?);
    let mut failed = None;
    let sink = |bytes: &[u8]| failed = failed.take().or_else(|| output.write_all(bytes).err());
    // The rules are compiled once and shared by all pages.
    let mut rewriter = Rewriter::new(Rules::built_in(), options, sink);
    let mut decoder = StreamDecoder::new(Declared::default());
    let (mut piece, mut text) = (vec![0; 64 << 10], String::new());
    loop {
        let length = page.read(&mut piece)?;
        if length == 0 {
            break;
        }
        decoder.push(&piece[..length], &mut text);
        rewriter.write(&text)?;
        text.clear();
    }
    decoder.finish(&mut text);
    rewriter.write(&text)?;
    let receipt = rewriter.end()?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(output.flush().map(|()| receipt.removed.len())?),
    }
}
