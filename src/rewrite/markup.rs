//! Markup as it is written.

use crate::html::entities::escape;

/// Appends ` name="value"`.
pub(in crate::rewrite) fn attribute(out: &mut String, name: &str, value: &str) {
    out.reserve(name.len() + value.len() + " =\"\"".len());
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value);
    out.push('"');
}
