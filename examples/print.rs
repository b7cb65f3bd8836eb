//! An article to the bytes of a PDF.
//!
//! ```sh
//! cargo run --example print -- samples/longread.html longread.pdf
//! ```

use std::path::Path;

use clearprint::article::{self, FindOptions};
use clearprint::source::{Declared, LocalFolders, Pictures, decode};
use clearprint::theme::PrintStyle;
use clearprint::typeset::{self, Manuscript};
use clearprint::{Limits, Result, pdf};

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [page, output] = arguments.as_slice() else { return Err("usage: print PAGE PDF".into()) };
    std::fs::write(output, print(Path::new(page), &std::fs::read(page)?)?)?;
    Ok(())
}

/// The article of a saved page in large print, with the pictures that lie beside it.
pub(crate) fn print(file: &Path, page: &[u8]) -> Result<Vec<u8>> {
    let limits = Limits::default();
    let html = decode(page, &Declared::default()).text;
    let name = file.display().to_string();
    let article = article::find(&html, &FindOptions::new(&name, &limits))?;
    let style = PrintStyle::find("rnib-large")?;
    let pictures = Pictures::of(LocalFolders::of_page(file), &limits);
    let publication = typeset::set(&Manuscript::Article(&article), &style, &pictures, &limits)?;
    // Nothing is lost in silence: a picture that is missing is shown by its description, and said.
    for warning in &publication.warnings {
        eprintln!("{name}: {}", warning.message);
    }
    pdf::write(&publication, &pdf::Options::default())
}
