//! What a user may ask for: the options of every command, which the HTTP service reads as parameters, with their bounds,
//! defaults and sentences, and the way from a page to sheets with them. Both doors read it; it knows neither.

mod args;
mod check;
mod format;
mod limits;
mod paging;
pub(crate) mod patterns;
mod query;
mod sheets;
mod values;

pub(crate) use args::{LookArgs, Mode, PageArgs, PdfArgs, PrintArgs, SiteArgs, icc_profile};
pub(crate) use check::{about, check_bytes, check_theme, is_pdf, preflight};
pub(crate) use format::ArticleFormat;
#[cfg(feature = "cli")]
pub(crate) use limits::remedy_by_flag;
pub(crate) use limits::{LimitArgs, flag, in_words_of_a_door};
pub(crate) use paging::PagingArgs;
pub(crate) use query::{named_style, named_theme, parse_query, sentence};
pub(crate) use sheets::{SheetRange, typeset_article};
pub(crate) use values::{charset, folder, language, web_address};
