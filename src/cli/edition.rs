//! `clearprint edition`: many articles as one PDF or EPUB.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use super::outcome::Outcome;
use super::output::{Content, Output, keeps_promise, spares};
use super::page::site_of;
use super::watch::Watched;
use crate::edition::{Cache, EditionFile, Gathering, first_file, gather, of_sources};
use crate::options::{LimitArgs, folder};
use crate::options::{PdfArgs, PrintArgs, SiteArgs, icc_profile};
use crate::pdf::{Imposition, SheetMarks};
use crate::sheet::PlanEntry;
use crate::theme::{Images, MM, PrintStyle};
use crate::typeset::Manuscript;
use crate::{Error, Limits, Result, epub, pdf, typeset};

/// Make one PDF or EPUB of many articles: masthead, contents, sections
///
/// Give an edition file, or pages and feeds themselves. A source that cannot be read is named at the end with its line;
/// the rest is made, and the exit code is 1.
#[derive(Args, Debug)]
pub(crate) struct EditionCommand {
    /// The edition file; or pages and feeds (RSS, Atom), by path or address
    #[arg(value_name = "EDITION.toml|SOURCE", required_unless_present = "init")]
    sources: Vec<String>,

    /// Name of the edition, where pages and feeds are given
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// Write a first edition file for a folder of pages or a feed, to be edited
    #[arg(long, value_name = "DIR|FEED", conflicts_with_all = ["sources", "watch", "booklet", "up", "format"])]
    init: Option<String>,

    /// Print where every story stands, page by page, and make nothing
    #[arg(long, conflicts_with_all = ["init", "watch", "booklet", "up", "format"])]
    plan: bool,

    /// Build again whenever the edition file, a page or the style changes
    #[arg(long, requires = "output")]
    watch: bool,

    /// What is made; else the output's name decides
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Impose as a booklet: two pages a side, to be folded and stapled; no tags, for printing only
    #[arg(long, conflicts_with = "up")]
    booklet: bool,

    /// How far each inner sheet of a booklet moves towards the fold: the paper's thickness
    #[arg(long, value_name = "MM", default_value_t = 0.1, value_parser = creep, requires = "booklet")]
    creep: f32,

    /// Impose 2 or 4 pages a side, in reading order; no tags, for printing only
    #[arg(long, value_name = "2|4", value_parser = up)]
    up: Option<u8>,

    /// Where fetched pages and pictures are kept [default: .clearprint beside the edition file]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,

    /// Keep nothing that is fetched
    #[arg(long, conflicts_with = "cache")]
    no_cache: bool,

    /// Fetch again what is kept
    #[arg(long)]
    refresh: bool,

    /// Folder from which addresses like /photo.jpg in local pages are counted, and whose pictures may be read besides
    /// those in the edition file's folder
    #[arg(long, value_name = "DIR", value_parser = folder)]
    root: Option<PathBuf>,

    #[command(flatten)]
    knowledge: SiteArgs,

    #[command(flatten)]
    print: PrintArgs,

    #[command(flatten)]
    pdf: PdfArgs,

    /// ICC profile of the press, for --conform x4
    #[arg(long, value_name = "FILE")]
    icc: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArgs,

    /// Where the result goes; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A tagged PDF.
    Pdf,
    /// An EPUB 3 book.
    Epub,
}

/// The plan of an edition as a list: a line a story.
fn plan(entries: &[PlanEntry]) -> String {
    let mut text = String::from("page  columns  lines      picture  story\n");
    for entry in entries {
        let columns = match entry.columns {
            1 => entry.column.to_string(),
            over => format!("{}-{}", entry.column, entry.column + over - 1),
        };
        let lines = format!("{}-{}", entry.line, entry.line + entry.lines - 1);
        let picture = if entry.picture > 0 { entry.picture.to_string() } else { "-".to_owned() };
        let title = if entry.title.is_empty() { "(box)" } else { &entry.title };
        let parts = match (entry.continued, entry.continues) {
            (false, false) => "",
            (false, true) => ", goes on",
            (true, true) => ", goes on again",
            (true, false) => ", the rest",
        };
        text.push_str(&format!("{:<4}  {columns:<7}  {lines:<9}  {picture:<7}  {title}{parts}\n", entry.page));
    }
    text
}

/// The edition file, however it was given.
struct Source {
    name: String,
    folder: PathBuf,
    text: String,
    file: EditionFile,
    /// Whether lines of the file mean something to the user.
    has_lines: bool,
}

impl EditionCommand {
    pub(crate) fn run(self, console: &Console) -> Result<Outcome> {
        if let Some(source) = &self.init {
            return self.first_file(source, console);
        }
        if !self.watch {
            return Ok(self.build(console, self.refresh)?.outcome);
        }
        let mut watched: Option<Watched> = None;
        loop {
            let started = Instant::now();
            // What changes while the edition is made is a change.
            let mut files = self.files();
            files.extend(watched.iter().flat_map(Watched::files));
            let before = Watched::new(files);
            let first = watched.is_none();
            let known = match self.build(console, self.refresh && first) {
                Ok(built) => {
                    let output = self.output.as_deref().unwrap_or(Path::new("-")).display();
                    console.notice(&format!(
                        "{output}: {} articles, {}, made in {:.1} s; watching, Ctrl-C ends",
                        built.articles,
                        built.size,
                        started.elapsed().as_secs_f32()
                    ));
                    before.only(self.files().into_iter().chain(built.files))
                }
                Err(error @ (Error::Output { .. } | Error::Closed)) if first => return Err(error),
                // Half-edited files are the rule here, and a viewer may hold the output: say what is wrong and wait for
                // the next change.
                Err(error) => {
                    console.error(&error);
                    before
                }
            };
            known.wait();
            watched = Some(known);
        }
    }

    /// Writes a file for an editor to begin with; one that is there already is left alone.
    fn first_file(&self, source: &str, console: &Console) -> Result<Outcome> {
        let folder = Path::new(source);
        let beside = if folder.is_dir() { folder } else { Path::new(".") };
        let target = self.output.clone().unwrap_or_else(|| beside.join("edition.toml"));
        if target.is_file() {
            let name = target.display().to_string();
            return Err(Error::Output {
                name,
                reason: "is there already; move it away, or name another with -o".into(),
            });
        }
        let from = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let text = first_file(source, from, &self.limits.limits())?;
        Output::create(Some(&target), Content::Text)?.write_whole(text.as_bytes())?;
        let (articles, name) = (text.matches("[[section.article]]").count(), target.display());
        console.notice(&format!(
            "{name}: {articles} articles; edit it, then build it with `clearprint edition {name} -o edition.pdf`"
        ));
        Ok(Outcome::Done)
    }

    fn source(&self, cache: &Cache, limits: &Limits) -> Result<Source> {
        if let [path] = self.sources.as_slice()
            && path.ends_with(".toml")
        {
            let path = Path::new(path);
            let (mut file, text) = EditionFile::read(path)?;
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
            if let Some(style) = file.style.as_mut().filter(|style| style.ends_with(".toml")) {
                *style = folder.join(&*style).display().to_string();
            }
            return Ok(Source { name: path.display().to_string(), folder, text, file, has_lines: true });
        }
        let text = of_sources(&self.sources, self.title.as_deref(), cache, limits);
        let name = "the sources given".to_owned();
        let file = EditionFile::parse(&text, &name)?;
        Ok(Source { name, folder: ".".into(), text, file, has_lines: false })
    }

    fn cache(&self, refresh: bool) -> Cache {
        let beside = match self.sources.as_slice() {
            [path] if path.ends_with(".toml") => Path::new(path).parent().map(Path::to_owned),
            _ => None,
        };
        let folder = match (&self.cache, beside) {
            _ if self.no_cache => None,
            (Some(folder), _) => Some(folder.clone()),
            (None, Some(beside)) => Some(beside.join(".clearprint")),
            // Without an edition file there is no place of its own for what was fetched.
            (None, None) => None,
        };
        Cache::new(folder, refresh)
    }

    fn build(&self, console: &Console, refresh: bool) -> Result<Built> {
        let limits = self.limits.limits();
        let cache = self.cache(refresh);
        let Source { name, folder, text, mut file, has_lines } = self.source(&cache, &limits)?;
        if let Some(title) = &self.title {
            file.title.clone_from(title);
        }
        let mut style = self.print.style_or(file.style.as_deref(), PrintStyle::find)?;
        let format = self.format.unwrap_or_else(|| of_name(self.output.as_deref()));
        let mut options = self.pdf.options(&style);
        options.icc = self.icc.as_deref().map(icc_profile).transpose()?;
        let imposition = match (self.booklet, self.up) {
            (true, _) => Some(Imposition::Booklet { creep: self.creep * MM }),
            (false, up) => up.map(Imposition::Up),
        };
        let marks = SheetMarks { crop: style.output.marks, color_bars: style.output.color_bars, ink: options.ink };
        if imposition.is_some() {
            // They are the sheet's then: those of a page would reach into its neighbour.
            (style.output.marks, style.output.color_bars) = (false, false);
        }
        if imposition.is_some() && format == Format::Epub {
            return Err(Error::Usage("--booklet and --up are for paper; leave them out for an EPUB".into()));
        }
        let (kind, name_of_format) = if format == Format::Epub { ("an EPUB", "EPUB") } else { ("a PDF", "PDF") };
        if !self.plan {
            keeps_promise(self.output.as_deref(), name_of_format)?;
        }
        spares(self.output.as_deref(), self.files().iter().map(PathBuf::as_path))?;
        let content = if self.plan { Content::Text } else { Content::Binary(kind) };
        let mut output = Output::create(self.output.as_deref(), content)?;
        let known = site_of(&self.knowledge, console)?;
        let bar = progress(console);
        let title = file.title.clone();
        let mut edition = gather(
            file,
            &text,
            &Gathering {
                folder: &folder,
                root: self.root.as_deref(),
                has_lines,
                name: &title,
                cache: &cache,
                site: known.as_deref(),
                pictures: style.images != Images::Hide,
                limits: &limits,
                progress: &|done, of| {
                    bar.set_length(of as u64);
                    bar.set_position(done as u64);
                },
            },
        );
        bar.finish_and_clear();
        if edition.is_empty() {
            for failure in &edition.failures {
                console.error(&place(&name, has_lines, failure.line, &failure.message));
            }
            return Err(Error::NoArticle { name });
        }
        let files = std::mem::take(&mut edition.files);
        let manuscript = edition.manuscript();
        let publication = typeset::set(&Manuscript::Edition(manuscript.clone()), &style, edition.pictures(), &limits)?;
        for warning in &publication.warnings {
            console.warn(&format!("{name}: {}", warning.message));
        }
        let size = format!("{} pages", publication.sheets.len());
        if self.plan {
            if publication.plan.is_empty() {
                return Err(Error::Usage(format!(
                    "print style {} runs articles on; --plan is for styles that make pages up, such as newspaper-a3",
                    style.name
                )));
            }
            output.write_whole(plan(&publication.plan).as_bytes())?;
            return Ok(Built { outcome: Outcome::Done, articles: edition.len(), size, files });
        }
        let (articles, failures) = (edition.len(), edition.failures.clone());
        let mut whole = |bytes: Vec<u8>| output.write_bytes(&bytes).map(|()| bytes.len());
        let bytes = match (format, imposition) {
            (Format::Epub, _) => {
                let book = epub::write(&manuscript, &publication, edition.pictures())?;
                book.warnings.iter().for_each(|warning| console.warn(&format!("{name}: {warning}")));
                whole(book.bytes)?
            }
            (Format::Pdf, Some(imposition)) => {
                whole(pdf::impose(&pdf::write(&publication, &options)?, imposition, marks)?)?
            }
            (Format::Pdf, None) => {
                // What is set is all that is needed.
                drop(edition);
                pdf::write_to(&publication, &options, &mut |part| output.write_bytes(part))?
            }
        };
        output.finish()?;
        console.detail(&format!("{articles} articles, {size}, style {}, {bytes} bytes", style.name));
        // Named last, where the eye is when the command ends.
        for failure in &failures {
            console.error(&place(&name, has_lines, failure.line, &failure.message));
        }
        let outcome = if failures.is_empty() { Outcome::Done } else { Outcome::Findings };
        Ok(Built { outcome, articles, size, files })
    }

    /// The files that are known before anything is read: those of the command line, and those that the edition file
    /// names itself.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = self.knowledge.files().chain(self.icc.clone()).collect();
        files.extend(self.print.style.as_ref().map(PathBuf::from));
        files.extend(self.sources.iter().map(PathBuf::from));
        if let [path] = self.sources.as_slice()
            && path.ends_with(".toml")
            && let Ok((file, _)) = EditionFile::read(Path::new(path))
        {
            let folder = Path::new(path).parent().unwrap_or(Path::new(""));
            let articles = file.sections.iter().flat_map(|section| &section.articles);
            let sources = articles.flat_map(|article| [Some(article.source.get_ref()), article.picture.as_ref()]);
            files.extend(sources.flatten().map(|source| folder.join(source)));
            files.extend(file.style.as_ref().map(|style| folder.join(style)));
        }
        files
    }
}

/// What a run gave.
struct Built {
    outcome: Outcome,
    articles: usize,
    size: String,
    /// The files that it was made from.
    files: Vec<PathBuf>,
}

fn place(name: &str, has_lines: bool, line: usize, message: &str) -> String {
    if has_lines { format!("{name}: line {line}: {message}") } else { message.to_owned() }
}

fn of_name(output: Option<&Path>) -> Format {
    let ending = output.and_then(Path::extension).map(|e| e.to_string_lossy().to_ascii_lowercase());
    if ending.as_deref() == Some("epub") { Format::Epub } else { Format::Pdf }
}

fn creep(text: &str) -> Result<f32, String> {
    let most = 2.0;
    text.parse()
        .ok()
        .filter(|mm| (0.0..=most).contains(mm))
        .ok_or_else(|| "write millimetres from 0 to 2, like 0.1".into())
}

fn up(text: &str) -> Result<u8, String> {
    text.parse().ok().filter(|n| matches!(n, 2 | 4)).ok_or_else(|| "write 2 or 4".into())
}

fn progress(console: &Console) -> ProgressBar {
    if !console.shows_progress() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} articles")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
