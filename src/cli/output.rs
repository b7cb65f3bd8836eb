//! Where results go: standard output, or a file that is written whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::NamedTempFile;

use crate::{Error, Result};

/// Temporary files that an interrupt has to take away.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// An output that is being written. [`Output::finish`] makes it final; dropped before that, a file leaves no trace.
pub(super) struct Output {
    name: String,
    sink: Sink,
}

enum Sink {
    Stdout(BufWriter<io::StdoutLock<'static>>),
    /// Written beside its place and renamed into it.
    Beside(BufWriter<NamedTempFile>, PathBuf),
    /// A device or a pipe, which cannot be renamed into.
    Device(BufWriter<File>),
}

/// What kind of bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Text: may go to a terminal.
    Text,
    /// Bytes that would garble a terminal.
    Binary(&'static str),
}

/// What a file's ending promises to hold; none where it promises nothing that is known.
fn promised(path: &Path) -> Option<&'static str> {
    const ENDINGS: [(&str, &str); 15] = [
        ("html", "HTML"),
        ("htm", "HTML"),
        ("xhtml", "HTML"),
        ("md", "Markdown"),
        ("markdown", "Markdown"),
        ("json", "JSON"),
        ("txt", "text"),
        ("pdf", "PDF"),
        ("epub", "EPUB"),
        ("png", "PNG"),
        ("jpg", "JPEG"),
        ("jpeg", "JPEG"),
        ("gif", "GIF"),
        ("webp", "WebP"),
        ("toml", "TOML"),
    ];
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format)
}

/// Refuses a file for `format` whose ending promises another one.
///
/// # Errors
/// [`Error::Usage`] that names both.
pub(super) fn keeps_promise(output: Option<&Path>, format: &str) -> Result<()> {
    match output.and_then(|path| Some((path, promised(path)?))) {
        Some((path, promised)) if promised != format => Err(Error::Usage(format!(
            "{}: {format} is written here, and the name promises {promised}; give it another ending, or use the command \
             that writes {promised}",
            path.display()
        ))),
        _ => Ok(()),
    }
}

/// Refuses an output that is one of the files which are read.
///
/// # Errors
/// [`Error::Usage`] that names it.
pub(super) fn spares<'p>(output: Option<&Path>, inputs: impl IntoIterator<Item = &'p Path>) -> Result<()> {
    let Some(output) = output else { return Ok(()) };
    let Ok(real) = output.canonicalize() else { return Ok(()) };
    let same = |input: &Path| real.is_file() && input.canonicalize().is_ok_and(|input| input == real);
    if inputs.into_iter().any(same) {
        return Err(Error::Usage(format!(
            "{}: the output is the input itself, which would be lost; name another file with -o",
            output.display()
        )));
    }
    Ok(())
}

impl Output {
    /// Opens `path`, or standard output where there is none or it is `-`.
    ///
    /// # Errors
    /// [`Error::Output`] where it cannot be created; [`Error::Usage`] for binary bytes on a terminal.
    pub(super) fn create(path: Option<&Path>, content: Content) -> Result<Self> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            if let Content::Binary(what) = content
                && io::stdout().is_terminal()
            {
                return Err(Error::Usage(format!("{what} is not for a terminal; write it to a file with -o FILE")));
            }
            return Ok(Self {
                name: "standard output".into(),
                sink: Sink::Stdout(BufWriter::new(io::stdout().lock())),
            });
        };
        let name = path.display().to_string();
        let sink = Self::open(path).map_err(|e| failure(&name, &e))?;
        Ok(Self { name, sink })
    }

    fn open(path: &Path) -> io::Result<Sink> {
        match path.metadata() {
            Ok(m) if m.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(m) if !m.is_file() => return Ok(Sink::Device(BufWriter::new(File::options().write(true).open(path)?))),
            _ => {}
        }
        // Through a symbolic link, so that the link stays one.
        let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        clean_up_when_interrupted();
        let mut builder = tempfile::Builder::new();
        builder.prefix(".clearprint-").suffix(".part");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any file the user creates: tempfile would keep it to its owner.
            let mode = target.metadata().map_or(0o666, |m| m.permissions().mode() & 0o777);
            builder.permissions(std::fs::Permissions::from_mode(mode));
        }
        let file = builder.tempfile_in(folder)?;
        unfinished().push(file.path().to_owned());
        Ok(Sink::Beside(BufWriter::new(file), target))
    }

    /// Ends it: everything is on its way to the disk and in its place.
    ///
    /// # Errors
    /// [`Error::Output`], for instance on a full disk; [`Error::Closed`] where the reader of a pipe has gone.
    pub(super) fn finish(self) -> Result<()> {
        let name = self.name;
        let finished = match self.sink {
            Sink::Stdout(mut out) => out.flush(),
            Sink::Device(mut out) => out.flush(),
            Sink::Beside(out, target) => out.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| {
                let part = file.path().to_owned();
                let kept = file.persist(target).map(drop).map_err(|e| e.error);
                unfinished().retain(|p| *p != part);
                kept
            }),
        };
        finished.map_err(|e| failure(&name, &e))
    }

    /// Writes everything at once and ends.
    ///
    /// # Errors
    /// As [`Output::finish`].
    pub(super) fn write_whole(mut self, bytes: &[u8]) -> Result<()> {
        self.write_bytes(bytes)?;
        self.finish()
    }

    /// Writes some bytes.
    ///
    /// # Errors
    /// As [`Output::finish`].
    pub(super) fn write_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer().write_all(bytes).map_err(|e| failure(&self.name, &e))
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.sink {
            Sink::Stdout(out) => out,
            Sink::Device(out) => out,
            Sink::Beside(out, _) => out,
        }
    }
}

/// Writes text to standard output.
///
/// # Errors
/// As [`Output::finish`].
pub(super) fn print(text: &str) -> Result<()> {
    Output::create(None, Content::Text)?.write_whole(text.as_bytes())
}

fn failure(name: &str, error: &io::Error) -> Error {
    let reason = match error.kind() {
        io::ErrorKind::BrokenPipe => return Error::Closed,
        io::ErrorKind::NotFound => "cannot be written, its folder does not exist; create it first".into(),
        io::ErrorKind::PermissionDenied => "may not be written; check the folder's permissions".into(),
        io::ErrorKind::IsADirectory => "is a directory; name a file in it".into(),
        io::ErrorKind::StorageFull => "cannot be written, the disk is full; free some space or write elsewhere".into(),
        _ => format!("cannot be written ({error}); check the path and the disk"),
    };
    Error::Output { name: name.into(), reason }
}

fn unfinished() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Ctrl-C and a polite kill end the process at once, so destructors do not run: a listener takes the temporary file
/// away first.
fn clean_up_when_interrupted() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let (ready, listening) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            let code = runtime.block_on(async {
                let interrupt = tokio::signal::ctrl_c();
                tokio::pin!(interrupt);
                // Polled once, the handler is in place.
                tokio::select! { biased; _ = &mut interrupt => return 130, () = std::future::ready(()) => {} }
                let mut terminate = terminate_signal();
                let _ = ready.send(());
                tokio::select! { _ = interrupt => 130, () = terminate.recv() => 143 }
            });
            for path in unfinished().drain(..) {
                let _ = std::fs::remove_file(path);
            }
            std::process::exit(code);
        });
        let _ = listening.recv();
    });
}

#[cfg(unix)]
struct Terminate(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
fn terminate_signal() -> Terminate {
    Terminate(tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok())
}

#[cfg(unix)]
impl Terminate {
    async fn recv(&mut self) {
        match &mut self.0 {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
struct Terminate;

#[cfg(not(unix))]
fn terminate_signal() -> Terminate {
    Terminate
}

#[cfg(not(unix))]
impl Terminate {
    async fn recv(&mut self) {
        std::future::pending().await
    }
}
