//! From an article to sheets, and which of them are drawn.

use std::ops::RangeInclusive;
use std::str::FromStr;

use clap::Args;

use crate::article::Article;
use crate::sheet::Publication;
use crate::source::PictureSource;
use crate::theme::{ColorMode, Images, PrintStyle};
use crate::typeset::{self, Manuscript};
use crate::{Error, Limits, Result, preview};

/// Which pages are drawn, and how fine.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Preview")]
pub(crate) struct SheetRange {
    /// A page, or a range of pages
    #[arg(long = "page", value_name = "N|N-M", default_value = "1")]
    pub(crate) page: Range,

    /// Pixels per inch of the picture, 18 to 600
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(Self::DPI))]
    dpi: u32,

    /// All pages in one picture
    #[arg(long, conflicts_with = "page")]
    pub(crate) contact_sheet: bool,
}

/// Pages from the first to the last, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: usize,
    pub(crate) last: usize,
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

/// Sets one article.
///
/// # Errors
/// As [`typeset::set`].
pub(crate) fn typeset_article(
    article: &Article,
    style: &PrintStyle,
    pictures: &dyn PictureSource,
    limits: &Limits,
) -> Result<Publication> {
    typeset::set(&Manuscript::Article(article), style, pictures, limits)
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
}
