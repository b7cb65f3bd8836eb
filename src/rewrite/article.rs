//! Article mode: the page of an article alone, from the model.

use super::{Options, Rewriter};
use crate::article::Article;
use crate::clean::Rules;

/// The article as a page of its own, in the reader's look. It goes the same way as a page of a site, so that whatever
/// holds for those holds for it.
pub fn article_page(article: &Article, options: &Options) -> String {
    let mut page = Vec::new();
    let mut options = options.clone();
    options.lang = options.lang.or_else(|| Some(article.lang.clone()));
    options.base_url = options.base_url.or_else(|| article.url.as_deref().and_then(|u| u.parse().ok()));
    let mut rewriter = Rewriter::new(Rules::built_in(), &options, |bytes: &[u8]| page.extend_from_slice(bytes));
    // The one error is a single tag over 8 MiB; the page then ends with its notice.
    let _ = rewriter.write(&article.to_html()).and_then(|()| rewriter.end());
    String::from_utf8_lossy(&page).into_owned()
}
