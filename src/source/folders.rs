//! Which files of this machine a page may take its pictures from.
//!
//! A page is foreign text: one that shows `../../private/scan.jpg` must not get it into a PDF. A saved site, though, keeps
//! its pictures in folders of its own beside the page's (`../../upload/x.jpg`, `/upload/x.jpg`), so what may be read is a
//! few named folders with all below them, whatever way an address takes into them.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::Url;

/// The folders whose files a local page may show.
///
/// None at all, as for what the service is sent, is the default.
#[derive(Clone, Debug, Default)]
pub struct LocalFolders {
    /// Where relative addresses count from; its files may be read.
    own: Option<PathBuf>,
    /// Other folders whose files may be read.
    also: Vec<PathBuf>,
    /// What `/x` counts from; its files may be read.
    root: Option<PathBuf>,
}

impl LocalFolders {
    /// The folder of the page `file`, and what is below.
    pub fn of_page(file: &Path) -> Self {
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self { own: Some(folder.to_owned()), ..Self::default() }
    }

    /// A page without a place of its own, such as one on standard input: its relative addresses count from `folder`.
    pub fn of_folder(folder: &Path) -> Self {
        Self { own: Some(folder.to_owned()), ..Self::default() }
    }

    /// Files in `folder` and below may be read too.
    #[must_use]
    pub fn and(mut self, folder: &Path) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        self.also.push(folder.to_owned());
        self
    }

    /// `/x` means `root/x`, and files in `root` and below may be read too.
    #[must_use]
    pub fn with_root(mut self, root: &Path) -> Self {
        self.root = Some(root.to_owned());
        self
    }

    /// The file that an address stands for.
    ///
    /// # Errors
    /// One phrase that completes "the picture ..." and says what would help: there is no such file, or it lies outside.
    pub fn find(&self, src: &str) -> Result<PathBuf, String> {
        let Some(own) = &self.own else {
            return Err("has no address that can be fetched; give the page's own with --base-url".into());
        };
        if let Ok(url) = Url::parse(src) {
            return match url.to_file_path() {
                Ok(path) if url.scheme() == "file" => self.inside(&path).unwrap_or_else(|| Err(missing(&path))),
                _ => Err("was not fetched; check its address".into()),
            };
        }
        let mut first = None;
        for name in names(src) {
            let candidates: Vec<PathBuf> = match name.strip_prefix('/') {
                None => vec![own.join(&name)],
                Some(name) => self.roots(own).into_iter().map(|root| root.join(name)).collect(),
            };
            for file in candidates {
                match self.inside(&file) {
                    Some(Ok(file)) => return Ok(file),
                    Some(Err(reason)) => first = first.or(Some(reason)),
                    None => {}
                }
            }
        }
        Err(first.unwrap_or_else(|| {
            if src.starts_with('/') && self.root.is_none() {
                "is missing; name the folder that its address counts from with --root".into()
            } else {
                missing(&names(src).first().map_or_else(|| own.clone(), |name| own.join(name)))
            }
        }))
    }

    /// The file that an address stands for, or would stand for if it were there.
    pub(crate) fn place(&self, src: &str) -> Option<PathBuf> {
        if let Ok(file) = self.find(src) {
            return Some(file);
        }
        let own = self.own.as_ref().filter(|_| Url::parse(src).is_err())?;
        names(src).first().filter(|name| !name.starts_with('/')).map(|name| without_parents(&own.join(name)))
    }

    /// What `/x` may count from: the folder named, else each folder from the page's up that may be read.
    fn roots(&self, own: &Path) -> Vec<PathBuf> {
        if let Some(root) = &self.root {
            return vec![root.clone()];
        }
        let mut roots: Vec<PathBuf> = Vec::new();
        if let Ok(own) = own.canonicalize() {
            let readable = |folder: &&Path| self.readable().any(|top| folder.starts_with(top));
            roots.extend(own.ancestors().take_while(readable).map(Path::to_owned));
        }
        roots.extend(self.also.iter().cloned());
        roots
    }

    /// The folders whose files may be read, those that exist.
    fn readable(&self) -> impl Iterator<Item = PathBuf> {
        [&self.own, &self.root].into_iter().flatten().chain(&self.also).filter_map(|folder| folder.canonicalize().ok())
    }

    /// A file that exists, if it may be read; else why not. Links are followed before that is asked.
    fn inside(&self, file: &Path) -> Option<Result<PathBuf, String>> {
        // `a/../x` where `a` does not exist is `x` to a browser.
        let file = without_parents(file);
        let real = file.canonicalize().ok().filter(|real| real.is_file())?;
        if self.readable().any(|folder| real.starts_with(folder)) {
            return Some(Ok(file));
        }
        Some(Err(format!(
            "lies outside the page's folder ({}); name the folder that may be read with --root",
            file.display()
        )))
    }
}

fn missing(file: &Path) -> String {
    format!("is missing ({})", without_parents(file).display())
}

/// The names under which a file may lie that an address `src` stands for: saved pages write names as addresses, so
/// percent-encoded; the query is no part of the name, but a mirror keeps it in the name, with `@` for `?` where a file
/// system has no `?`.
fn names(src: &str) -> Vec<String> {
    let src = src.split('#').next().unwrap_or(src).replace('\\', "/");
    let (path, query) = src.split_once('?').map_or((src.as_str(), None), |(path, query)| (path, Some(query)));
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    let mut names: Vec<String> = decoded(path).into_iter().collect();
    if let Some(query) = query {
        for sign in ['?', '@'] {
            names.extend(decoded(&format!("{path}{sign}{query}")));
        }
    }
    names.push(path.to_owned());
    names.dedup();
    names.retain(|name| !name.is_empty() && !name.contains('\0'));
    names
}

/// The path with each `x/..` taken out.
fn without_parents(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A mirror of a site, with a secret beside it.
    fn mirror() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in [
            "secret.jpg",
            "site/upload/x.jpg",
            "site/upload/фото 1.jpg",
            "site/news/1/page_files/a b.jpg",
            "site/news/1/x.jpg?w=100",
            "site/news/1/y.jpg@w=100",
            "site/news/1/50%25.jpg",
        ] {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(&file, "picture").expect("a file");
        }
        folder
    }

    #[test]
    fn without_further_folders_only_files_beside_the_page_are_read() {
        let folder = mirror();
        let own = LocalFolders::of_page(&folder.path().join("site/news/1/page.html"));
        for (src, name) in [
            ("./page_files/a%20b.jpg?v=1", "a b.jpg"),
            ("page_files\\a b.jpg", "a b.jpg"),
            ("nowhere/../page_files/a b.jpg", "a b.jpg"),
            ("x.jpg?w=100", "x.jpg?w=100"),
            ("x.jpg%3Fw=100", "x.jpg?w=100"),
            ("y.jpg?w=100", "y.jpg@w=100"),
            ("50%25.jpg", "50%25.jpg"),
        ] {
            let found = own.find(src).expect(src);
            assert_eq!(found.file_name().and_then(|n| n.to_str()), Some(name), "{src}");
        }
        for outside in ["../../upload/x.jpg", "/upload/x.jpg", "%2e%2e/%2e%2e/%2e%2e/secret.jpg", "/etc/passwd"] {
            assert!(own.find(outside).is_err(), "{outside}");
        }
        let secret = Url::from_file_path(folder.path().join("secret.jpg")).expect("an address");
        assert!(own.find(secret.as_str()).expect_err("outside").contains("--root"));
    }

    #[test]
    fn pictures_of_a_mirrored_site_are_found_and_nothing_above_it() {
        let folder = mirror();
        let site = folder.path().join("site");
        let page = LocalFolders::of_page(&site.join("news/1/page.html"));
        for folders in [page.clone().and(&site), page.with_root(&site)] {
            for src in ["../../upload/x.jpg", "/upload/x.jpg", "/upload/%D1%84%D0%BE%D1%82%D0%BE%201.jpg?v=2"] {
                assert!(folders.find(src).is_ok(), "{src}: {:?}", folders.find(src));
            }
            for outside in ["../../../secret.jpg", "/../secret.jpg", "/news/../../secret.jpg", "/etc/passwd"] {
                assert!(folders.find(outside).is_err(), "{outside}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out() {
        let folder = mirror();
        let site = folder.path().join("site");
        std::os::unix::fs::symlink("../secret.jpg", site.join("link.jpg")).expect("a link");
        let folders = LocalFolders::of_page(&site.join("page.html"));
        assert!(folders.find("link.jpg").expect_err("outside").contains("outside"));
        assert!(folders.find("upload/x.jpg").is_ok());
    }

    #[test]
    fn what_is_missing_says_what_would_help() {
        let folder = mirror();
        let folders = LocalFolders::of_page(&folder.path().join("site/news/1/page.html"));
        assert!(folders.find("/upload/x.jpg").expect_err("no root").contains("--root"));
        assert!(folders.find("no.jpg").expect_err("no file").contains("is missing"));
        assert!(LocalFolders::default().find("x.jpg").expect_err("no folder").contains("--base-url"));
    }
}
