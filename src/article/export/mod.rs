//! The article in other forms: plain text, Markdown, a standalone HTML page, JSON.

mod html;
mod json;
mod markdown;
mod markdown_in;
mod text;

pub(super) use text::inline_text;

#[cfg(test)]
mod tests;
