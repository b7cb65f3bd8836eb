//! What is said, and where.

/// What is said in one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrases {
    /// Its BCP 47 tag.
    pub(crate) lang: &'static str,
    /// What a link to the same page in it says.
    pub(crate) name: &'static str,
    /// Languages whose readers read it too, and which we have no phrases in.
    pub(super) read_by: &'static [&'static str],
    /// Top-level domains of sites whose readers read it.
    pub(super) domains: &'static [&'static str],
    /// Between whole and fraction.
    pub(crate) decimal_point: char,
    /// Dates in words.
    pub(crate) dates: DatePhrases,
    /// A page in large type: its frame, and what stands for what says nothing of itself.
    pub(crate) page: PagePhrases,
    /// The settings panel.
    pub(crate) panel: PanelPhrases,
    /// Printed pages.
    pub(crate) print: PrintPhrases,
    /// EPUB books.
    pub(crate) book: BookPhrases,
    /// The first edition file of a folder or a feed.
    pub(crate) edition: EditionPhrases,
    /// The start page of the service.
    pub(crate) start: StartPhrases,
    /// Pages about what went wrong between the reader and a site.
    pub(crate) notice: NoticePhrases,
    /// Links that ordinary pages of a site are given.
    pub(crate) versions: VersionPhrases,
    /// What speaks against an article that was found.
    pub(crate) doubts: DoubtPhrases,
}

/// Names of months and days, and how a date is put together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatePhrases {
    /// As they stand in a date.
    pub(super) months: [&'static str; 12],
    pub(super) weekdays: [&'static str; 7],
    /// What follows a year in full dates.
    pub(super) year: &'static str,
    /// Whether the month comes before the day.
    pub(super) month_first: bool,
}

/// A page in large type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PagePhrases {
    pub(crate) no_description: &'static str,
    pub(crate) link: &'static str,
    pub(crate) table: &'static str,
    pub(crate) form: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) field: &'static str,
    pub(crate) more: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) menu: &'static str,
    pub(crate) rest: &'static str,
    pub(crate) original: &'static str,
    pub(crate) pdf: &'static str,
    pub(crate) video: &'static str,
    pub(crate) sound: &'static str,
    pub(crate) embedded: &'static str,
    pub(crate) service: &'static str,
    pub(crate) untitled: &'static str,
}

/// The settings panel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PanelPhrases {
    pub(crate) panel: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) own: &'static str,
    pub(crate) size: &'static str,
    pub(crate) line: &'static str,
    pub(crate) letter: &'static str,
    pub(crate) word: &'static str,
    pub(crate) gap: &'static str,
    pub(crate) font: &'static str,
    pub(crate) images: &'static str,
    pub(crate) width: &'static str,
    pub(crate) fonts: [&'static str; 3],
    pub(crate) pictures: [&'static str; 3],
    pub(crate) usual: &'static str,
    pub(crate) characters: &'static str,
    pub(crate) reset: &'static str,
    pub(crate) save: &'static str,
}

/// Printed pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PrintPhrases {
    pub(crate) no_description: &'static str,
    pub(crate) picture: &'static str,
    pub(crate) source: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) qr: &'static str,
    /// What stands beside a QR code of the page, and of its accessible version.
    pub(crate) on_the_web: &'static str,
    pub(crate) accessible: &'static str,
    /// Where an article goes on, and where it began; the number of the page follows.
    pub(crate) continued: &'static str,
    pub(crate) begun: &'static str,
}

/// EPUB books.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BookPhrases {
    pub(crate) contents: &'static str,
    pub(crate) pages: &'static str,
    pub(crate) landmarks: &'static str,
    pub(crate) start: &'static str,
    pub(crate) title_page: &'static str,
    pub(crate) untitled: &'static str,
    pub(crate) source: &'static str,
    pub(crate) picture: &'static str,
    pub(crate) no_description: &'static str,
    pub(crate) page: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) summary_undescribed: &'static str,
}

/// The first edition file; the phrases are comments in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EditionPhrases {
    pub(crate) intro: &'static str,
    pub(crate) issue: &'static str,
    pub(crate) style: &'static str,
    pub(crate) wishes: &'static str,
    pub(crate) section: &'static str,
    pub(crate) keys: &'static str,
    pub(crate) feed: &'static str,
    /// An edition that says nothing of itself.
    pub(crate) name: &'static str,
}

/// The start page of the service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartPhrases {
    pub(crate) skip: &'static str,
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    pub(crate) page: &'static str,
    pub(crate) url: &'static str,
    pub(crate) file: &'static str,
    pub(crate) text: &'static str,
    pub(crate) text_hint: &'static str,
    pub(crate) one: &'static str,
    pub(crate) looks: &'static str,
    pub(crate) theme: &'static str,
    pub(crate) size: &'static str,
    pub(crate) style: &'static str,
    pub(crate) paper: &'static str,
    pub(crate) show: &'static str,
    pub(crate) page_only: &'static str,
    pub(crate) pdf_only: &'static str,
    pub(crate) samples: &'static str,
    pub(crate) samples_hint: &'static str,
    pub(crate) on_screen: &'static str,
    pub(crate) on_paper: &'static str,
    pub(crate) first_page: &'static str,
    pub(crate) save_pdf: &'static str,
    pub(crate) save_page: &'static str,
    pub(crate) link: &'static str,
    pub(crate) link_hint: &'static str,
    pub(crate) again: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) no_page: &'static str,
    pub(crate) no_article: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) not_allowed: &'static str,
    pub(crate) not_there: &'static str,
    pub(crate) no_answer: &'static str,
    pub(crate) busy: &'static str,
}

/// Title and explanation.
pub(crate) type Notice = (&'static str, &'static str);

/// Pages about what went wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoticePhrases {
    pub(crate) down: Notice,
    pub(crate) slow: Notice,
    pub(crate) failing: Notice,
    pub(crate) not_found: Notice,
    pub(crate) sign_in: Notice,
    pub(crate) refused: Notice,
    pub(crate) too_large: Notice,
    pub(crate) no_page: Notice,
    pub(crate) no_article: Notice,
    pub(crate) no_code: Notice,
    pub(crate) no_print: Notice,
    pub(crate) busy: Notice,
    pub(crate) circle: Notice,
    pub(crate) request: Notice,
    pub(crate) form: Notice,
    pub(crate) to_original: &'static str,
    pub(crate) to_usual_print: &'static str,
    pub(crate) to_large: &'static str,
    pub(crate) to_usual: &'static str,
    pub(crate) to_again: &'static str,
    pub(crate) to_front: &'static str,
}

/// Links that ordinary pages are given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VersionPhrases {
    pub(crate) large: &'static str,
    pub(crate) print: &'static str,
}

/// What speaks against an article that was found: sentences without a full stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DoubtPhrases {
    pub(crate) unknown: &'static str,
    pub(crate) no_headline: &'static str,
    pub(crate) alike: &'static str,
    /// `{}` is a number of percent.
    pub(crate) small_part: &'static str,
    pub(crate) declared: &'static str,
    pub(crate) unscripted: &'static str,
}
