//! Removal is safe on broken HTML: what the stream keeps is what a tree keeps (see [`comparison`](crate::comparison)).

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use clearprint::clean::{Element, Filters, Rules, Site, SiteProfile};
use libtest_mimic::Trial;

use crate::comparison::Account;
use crate::exceptions::Outcome;
use crate::{absent, files, has_extension, named, trees};

/// A class that a built-in rule takes out wherever it stands.
const TAKEN: &str = "advertisement";

/// Each page of a file as it is, and once for each start tag with an element that a rule takes out there: whether a word
/// is lost.
pub(crate) fn cases(path: &Path) -> Vec<Outcome> {
    let taken = Element { name: "div", class: TAKEN, id: "", role: "", src: "" };
    assert!(Rules::built_in().hit(&taken).is_some(), "no rule takes .{TAKEN} out");
    // A fragment is parsed in a context that no page has.
    let pages = trees::tests(path).into_iter().filter(|test| test.context.is_none()).map(|test| test.html);
    let each = pages.flat_map(|html| {
        let taken: Vec<_> = with_one_taken(&html).collect();
        std::iter::once(html).chain(taken)
    });
    let outcomes = each.map(|html| {
        let mut account = Account::default();
        account.compare("words lost", &html, None);
        let lost = account.worst.into_iter().next().map(|(_, words)| words);
        (html, lost.map_or(Ok(()), Err))
    });
    outcomes.collect()
}

/// The page with the class on its first tag, on its second, and so on.
fn with_one_taken(html: &str) -> impl Iterator<Item = String> {
    let begins = |at: &usize| html[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
    html.match_indices('<').map(|(at, _)| at).filter(begins).map(move |at| {
        let name = html[at + 1..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(html.len(), |end| at + 1 + end);
        format!("{} class={TAKEN} {}", &html[..name], &html[name..])
    })
}

fn compare_pages(folder: &Path, site: Option<&Arc<Site>>, of: &str) {
    let mut account = Account::default();
    for path in files(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut bytes = std::fs::read(&path).expect("a file");
        if name.ends_with(".html.gz") {
            let packed = std::mem::take(&mut bytes);
            flate2::read::MultiGzDecoder::new(&*packed).read_to_end(&mut bytes).expect("gzip");
        } else if !has_extension(&path, "html") {
            continue;
        }
        account.compare(&name, &String::from_utf8_lossy(&bytes), site);
    }
    account.report(of);
}

/// Real pages, and the same under a filter list.
pub(crate) fn of_pages() -> Vec<Trial> {
    const NAME: &str = "no word of real pages is lost";
    const NAME_UNDER_LIST: &str = "no word of real pages is lost under a filter list";
    let (pages, list) = (named("CLEARPRINT_PAGES"), named("CLEARPRINT_FILTERS"));
    let plain = pages.clone().map(|folder| {
        Trial::test(NAME, move || {
            compare_pages(&folder, None, "pages");
            Ok(())
        })
    });
    let under_list = pages.zip(list).map(|(folder, list)| {
        Trial::test(NAME_UNDER_LIST, move || {
            let list = std::fs::read_to_string(list)?;
            let site = Site::new("", SiteProfile::default(), Filters::new([list.as_str()])).expect("no profile");
            compare_pages(&folder, Some(&Arc::new(site)), "pages under a filter list");
            Ok(())
        })
    });
    vec![plain.unwrap_or_else(|| absent(NAME)), under_list.unwrap_or_else(|| absent(NAME_UNDER_LIST))]
}
