//! `clearprint preview`: printed pages as pictures.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::args::{PageArgs, PrintArgs};
use super::console::Console;
use super::output::{Content, Output};
use super::{Outcome, print};
use crate::sheet::Publication;
use crate::theme::{ColorMode, Images, PrintStyle};
use crate::{Error, Result, pdf, preview};

/// Draw the printed pages of an article as PNG pictures
///
/// Several pages into one FILE become FILE-1.png, FILE-2.png and so on.
#[derive(Args, Debug)]
pub(super) struct Preview {
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

/// Which pages are drawn, and how fine.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Preview")]
pub(crate) struct SheetRange {
    /// A page, or a range of pages
    #[arg(long = "page", value_name = "N|N-M", default_value = "1")]
    page: Range,

    /// Pixels per inch of the picture, 18 to 600
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(Self::DPI))]
    dpi: u32,

    /// All pages in one picture
    #[arg(long, conflicts_with = "page")]
    contact_sheet: bool,
}

/// Pages from the first to the last, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    first: usize,
    last: usize,
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        match (first.trim().parse(), last.trim().parse()) {
            (Ok(first), Ok(last)) if first >= 1 && last >= first => Ok(Self { first, last }),
            _ => Err("write a page as 3 and a range as 2-5, counted from 1".into()),
        }
    }
}

impl SheetRange {
    /// Pixels per inch that can be asked for.
    pub(crate) const DPI: RangeInclusive<i64> = 18..=600;

    /// The indexes of the sheets asked for.
    fn indexes(&self, publication: &Publication) -> Result<Vec<usize>> {
        let pages = publication.sheets.len();
        if self.page.first > pages {
            return Err(Error::Usage(format!("--page {}: there are {pages} pages; name one of them", self.page.first)));
        }
        Ok((self.page.first - 1..self.page.last.min(pages)).collect())
    }

    /// The pictures asked for, each as a PNG.
    ///
    /// # Errors
    /// [`Error::Usage`] for pages that are not there; as [`preview::Preview::draw`].
    pub(crate) fn draw(&self, publication: &Publication, style: &PrintStyle) -> Result<Vec<Vec<u8>>> {
        let gray = style.images == Images::Gray || style.output.color == ColorMode::Gray;
        let drawing = preview::Preview::new(publication, self.dpi as f32)?.gray_pictures(gray);
        if self.contact_sheet {
            return Ok(vec![preview::png(&drawing.contact_sheet()?)?]);
        }
        let pictures = drawing.draw_all(&self.indexes(publication)?)?;
        pictures.iter().map(preview::png).collect()
    }
}

impl SheetRange {
    /// The one picture asked for, as a PNG: an answer holds only one.
    ///
    /// # Errors
    /// [`Error::Usage`] for a range; as [`SheetRange::draw`].
    pub(crate) fn draw_one(&self, publication: &Publication, style: &PrintStyle) -> Result<Vec<u8>> {
        let one = Self { page: Range { last: self.page.first, ..self.page }, ..self.clone() };
        if self.page.last > self.page.first && !self.contact_sheet {
            return Err(Error::Usage("an answer holds one picture; ask for one page, or for contact-sheet=1".into()));
        }
        Ok(one.draw(publication, style)?.swap_remove(0))
    }
}

impl Preview {
    pub(super) fn run(self, console: &Console) -> Result<Outcome> {
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
        let made = || print::said(&pdf::write(&publication, &pdf::Options::default())?, &style);
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
    fn ranges_count_from_one() {
        assert_eq!("3".parse(), Ok(Range { first: 3, last: 3 }));
        assert_eq!("2-5".parse(), Ok(Range { first: 2, last: 5 }));
        for wrong in ["", "0", "5-2", "a", "1-", "-1", "1-2-3"] {
            assert!(wrong.parse::<Range>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn pages_get_numbered_files() {
        assert_eq!(numbered(Path::new("out/page.png"), 3), Path::new("out/page-3.png"));
        assert_eq!(numbered(Path::new("page"), 12), Path::new("page-12.png"));
    }
}
