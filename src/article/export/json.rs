//! Article JSON: the model with the plain text beside it.

use crate::article::model::Article;
use crate::{Error, Result};
use serde::Serialize;

#[derive(Serialize)]
struct WithText<'a> {
    #[serde(flatten)]
    article: &'a Article,
    text: String,
}

impl Article {
    /// Article JSON, indented: the model, and its body as plain text under `text`.
    pub fn to_json(&self) -> String {
        let with_text = WithText { article: self, text: self.to_text() };
        // Maps with string keys, strings and numbers always serialise.
        serde_json::to_string_pretty(&with_text).unwrap_or_default()
    }

    /// Reads Article JSON; `text` is not read, since `blocks` says the same. `name` is the input's name in messages.
    ///
    /// # Errors
    ///
    /// [`Error::Input`] when it is not JSON or not an article.
    pub fn from_json(json: &str, name: &str) -> Result<Article> {
        serde_json::from_str(json).map_err(|e| {
            Error::input(name, format!("this is not Article JSON: {e}; make one with `clearprint article`"))
        })
    }
}
