//! `clearprint preview`: printed pages as pictures.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::outcome::Outcome;
use super::output::{Content, Output, keeps_promise};
use super::print;
use crate::options::{PageArgs, PrintArgs, SheetRange};
use crate::theme::PrintStyle;
use crate::{Error, Result, pdf};

/// Draw the printed pages of an article as PNG pictures
///
/// Several pages into one FILE become FILE-1.png, FILE-2.png and so on.
#[derive(Args, Debug)]
pub(crate) struct Preview {
    #[command(flatten)]
    page: PageArgs,

    #[command(flatten)]
    print: PrintArgs,

    #[command(flatten)]
    sheets: SheetRange,

    /// Where the picture goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Preview {
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        keeps_promise(self.output.as_deref(), "PNG")?;
        self.page.spared_by(self.output.as_deref())?;
        let style = self.print.style_from(PrintStyle::find)?;
        let name = self.output.as_deref().filter(|p| *p != Path::new("-"));
        if name.is_none() && self.sheets.page.last > self.sheets.page.first && !self.sheets.contact_sheet {
            return Err(Error::Usage("several pages need a file name; give it with -o FILE.png".into()));
        }
        if name.is_none() {
            // A terminal is refused before the work is done, not after.
            drop(Output::create(None, Content::Binary("a PNG"))?);
        }
        let (publication, page, told) = print::publication(&self.page, &style, console)?;
        // What is drawn is what a PDF of it says; a picture says nothing that could be read back.
        let made = || print::inventory(&pdf::write(&publication, &pdf::Options::default())?, &style);
        self.page.tell(&page.name, &told, console, made)?;
        let pictures = self.sheets.draw(&publication, &style)?;
        let several = pictures.len() > 1;
        for (picture, page) in pictures.iter().zip(self.sheets.page.first..) {
            let file = name.map(|n| if several { numbered(n, page) } else { n.to_owned() });
            Output::create(file.as_deref(), Content::Binary("a PNG"))?.write_whole(picture)?;
        }
        Ok(Outcome::Done)
    }
}

/// `out/page.png` for page 3 is `out/page-3.png`.
fn numbered(name: &Path, page: usize) -> PathBuf {
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let extension = name.extension().map_or_else(|| "png".into(), |e| e.to_string_lossy());
    name.with_file_name(format!("{stem}-{page}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_get_numbered_files() {
        assert_eq!(numbered(Path::new("out/page.png"), 3), Path::new("out/page-3.png"));
        assert_eq!(numbered(Path::new("page"), 12), Path::new("page-12.png"));
    }
}
