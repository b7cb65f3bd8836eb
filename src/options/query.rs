//! Query parameters of the HTTP service, read with the definitions of the command's options.

use clap::{Args, FromArgMatches};

use crate::theme::{PrintStyle, Screen};
use crate::{Error, Result};

/// Reads query parameters with the definitions of a command's options: `?theme=sepia&no-panel` is `--theme=sepia
/// --no-panel`.
///
/// # Errors
/// [`Error::Usage`] that names the parameter.
pub(crate) fn parse_query<T: Args + FromArgMatches>(query: &str) -> Result<T> {
    let command = T::augment_args(clap::Command::new("").no_binary_name(true).disable_help_flag(true));
    let known = |name: &str| command.get_arguments().find(|a| a.get_long() == Some(name));
    let mut arguments = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let argument = known(&name).ok_or_else(|| unknown_parameter(&name, &command))?;
        let takes_value = argument.get_action().takes_values();
        match (takes_value, value.as_ref()) {
            // An empty field of a form is one left alone.
            (true, "") => {}
            (true, value) => arguments.push(format!("--{name}={value}")),
            (false, "" | "1" | "true" | "on" | "yes") => arguments.push(format!("--{name}")),
            (false, "0" | "false" | "off" | "no") => {}
            (false, _) => {
                return Err(Error::Usage(format!("parameter {name} is a switch; give it as {name}=1 or leave it out")));
            }
        }
    }
    // A parameter has no dashes.
    let sentence = |e: clap::Error| Error::Usage(sentence(&e).replace("'--", "'"));
    let matches = command.try_get_matches_from(arguments).map_err(sentence)?;
    T::from_arg_matches(&matches).map_err(sentence)
}

/// What clap has to say, as one sentence.
pub(crate) fn sentence(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut out = String::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        let line = line.strip_prefix("error: ").unwrap_or(line);
        match line.strip_prefix("tip: ") {
            Some(_) => out.push_str("; "),
            None if !out.is_empty() => out.push(' '),
            None => {}
        }
        out.push_str(line.strip_prefix("tip: ").unwrap_or(line));
    }
    out
}

fn unknown_parameter(name: &str, command: &clap::Command) -> Error {
    let known: Vec<_> = command.get_arguments().filter_map(clap::Arg::get_long).collect();
    let shown: String = name.chars().take(40).collect();
    Error::Usage(format!("there is no parameter {shown:?}; there are {}", known.join(", ")))
}

/// Finds a print style by name only: a request may not name a file.
///
/// # Errors
/// [`Error::Usage`] for an unknown name.
pub(crate) fn named_style(name: &str) -> Result<PrintStyle> {
    no_file(name)?;
    PrintStyle::find(name)
}

/// Finds a screen theme by name only.
///
/// # Errors
/// [`Error::Usage`] for an unknown name.
pub(crate) fn named_theme(name: &str) -> Result<Screen> {
    no_file(name)?;
    Screen::find(name)
}

fn no_file(name: &str) -> Result<()> {
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if is_name {
        Ok(())
    } else {
        Err(Error::Usage("a request may name a theme or style of /v1/themes, but no file".into()))
    }
}
