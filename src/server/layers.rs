//! The layers of the service's configuration: a flag wins over the environment, the environment over the file, the file
//! over the default. All of them are read by the same definitions.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::options::sentence;
use crate::{Error, Result};

const SERVE: &str = "serve";
/// What stands on the command line alone.
const FLAGS_ONLY: [&str; 7] = ["config", "print-config", "check", "quiet", "verbose", "help", "version"];

/// One value with where it came from.
struct Layer {
    flag: String,
    values: Vec<String>,
    origin: String,
}

/// The command line with what environment and file say put in, and the account of it.
///
/// # Errors
/// [`Error::Usage`] that names the file and the key.
pub(crate) fn complete(command: Command, arguments: Vec<OsString>) -> Result<(Vec<OsString>, String)> {
    let usage = |e: clap::Error| Error::Usage(sentence(&e));
    let definitions = command.clone();
    let matches = command.clone().try_get_matches_from(&arguments).map_err(usage)?;
    let (Some((_, given)), Some(serve)) = (matches.subcommand(), definitions.find_subcommand(SERVE)) else {
        return Ok((arguments, String::new()));
    };
    let file = given.get_one::<PathBuf>("config").cloned();
    let mut said = match &file {
        Some(file) => read(file, serve)?,
        None => Vec::new(),
    };
    let mut all = arguments.clone();
    let mut layers = Vec::new();
    for argument in serve.get_arguments() {
        let Some(flag) = argument.get_long().filter(|flag| !FLAGS_ONLY.contains(flag)) else { continue };
        let from_file = said.iter().position(|layer| layer.flag == flag).map(|at| said.swap_remove(at));
        let layer = match given.value_source(argument.get_id().as_str()) {
            Some(ValueSource::CommandLine) => taken(argument, given, "the command line".into()),
            Some(ValueSource::EnvVariable) => taken(argument, given, variable(flag)),
            _ => match std::env::var(variable(flag)).ok().filter(|value| !value.is_empty()) {
                Some(value) => {
                    added(&mut all, argument, Layer { flag: flag.into(), values: vec![value], origin: variable(flag) })
                }
                None => match from_file {
                    Some(layer) => added(&mut all, argument, layer),
                    None => taken(argument, given, "default".into()),
                },
            },
        };
        layers.push(layer);
    }
    if let Err(e) = command.try_get_matches_from(&all) {
        let place = file.map(|f| format!("{}: ", f.display())).unwrap_or_default();
        return Err(Error::Usage(format!("{place}{}", sentence(&e).replace("'--", "'"))));
    }
    Ok((all, account(serve, &layers)))
}

/// The variable of a flag: `CLEARPRINT_` and the flag in capitals.
fn variable(flag: &str) -> String {
    format!("CLEARPRINT_{}", flag.to_uppercase().replace('-', "_"))
}

fn is_switch(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::SetTrue)
}

/// What clap has already.
fn taken(argument: &Arg, given: &ArgMatches, origin: String) -> Layer {
    let id = argument.get_id().as_str();
    let values = if is_switch(argument) {
        vec![given.get_flag(id).to_string()]
    } else {
        let raw = given.get_raw(id).into_iter().flatten();
        raw.map(|value| value.to_string_lossy().into_owned()).collect()
    };
    Layer { flag: argument.get_long().unwrap_or_default().into(), values, origin }
}

/// Puts a value in as if it stood on the command line.
fn added(all: &mut Vec<OsString>, argument: &Arg, layer: Layer) -> Layer {
    for value in &layer.values {
        match (is_switch(argument), value.as_str()) {
            (true, "true" | "1" | "yes" | "on") => all.push(format!("--{}", layer.flag).into()),
            (true, _) => {}
            (false, value) => all.push(format!("--{}={value}", layer.flag).into()),
        }
    }
    layer
}

/// Reads the file. Keys are the flags, with hyphens or underscores.
fn read(file: &Path, serve: &Command) -> Result<Vec<Layer>> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|e| Error::Usage(format!("--config {name}: the file cannot be read: {e}; check its path")))?;
    let table: toml::Table = toml::from_str(&text).map_err(|e| Error::toml(&name, &text, &e))?;
    let known: Vec<&str> =
        serve.get_arguments().filter_map(Arg::get_long).filter(|flag| !FLAGS_ONLY.contains(flag)).collect();
    let mut layers = Vec::new();
    for (key, value) in table {
        let flag = key.replace('_', "-");
        let Some(argument) =
            serve.get_arguments().find(|a| a.get_long() == Some(&flag) && known.contains(&flag.as_str()))
        else {
            return Err(Error::Usage(format!(
                "{name}: key {key}: there is none of this name; there are {}",
                known.join(", ")
            )));
        };
        let wrong = |expected: &str| Error::Usage(format!("{name}: key {key}: write {expected}"));
        let values = match value {
            toml::Value::Boolean(value) if is_switch(argument) => vec![value.to_string()],
            _ if is_switch(argument) => return Err(wrong("true or false")),
            toml::Value::String(value) => vec![value],
            toml::Value::Integer(value) => vec![value.to_string()],
            toml::Value::Array(values) if matches!(argument.get_action(), ArgAction::Append) => {
                let text = |value: &toml::Value| {
                    value.as_str().map(str::to_owned).ok_or_else(|| wrong("a list of texts in quotes"))
                };
                values.iter().map(text).collect::<Result<_>>()?
            }
            _ => return Err(wrong("a text in quotes or a whole number")),
        };
        layers.push(Layer { flag, values, origin: name.clone() });
    }
    Ok(layers)
}

/// The whole configuration as TOML, each value with where it came from.
fn account(serve: &Command, layers: &[Layer]) -> String {
    let mut out = String::new();
    for layer in layers {
        let argument = serve.get_arguments().find(|a| a.get_long() == Some(&layer.flag));
        let quoted = |value: &String| toml::Value::String(value.clone()).to_string();
        let value = match (argument, &layer.values[..]) {
            (Some(a), [value]) if is_switch(a) => value.clone(),
            (Some(a), values) if matches!(a.get_action(), ArgAction::Append) => {
                format!("[{}]", values.iter().map(quoted).collect::<Vec<_>>().join(", "))
            }
            (_, [value]) => quoted(value),
            _ => {
                let _ = writeln!(out, "# {} is not set", layer.flag);
                continue;
            }
        };
        let _ = writeln!(out, "{} = {value}  # {}", layer.flag, layer.origin);
    }
    out
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::program::Cli;

    fn account_of(toml: &str, more: &[&str]) -> Result<String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), toml).expect("it writes");
        let path = file.path().display().to_string();
        let arguments = ["clearprint", "serve", "--config", &path].iter().chain(more).map(Into::into).collect();
        complete(Cli::command(), arguments).map(|(_, account)| account.replace(&path, "FILE"))
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let toml = "listen = \"127.0.0.1:1\"\nupstream = \"http://10.0.0.5\"\npass = true\nalias = [\"https://a.ru\", \"https://b.ru\"]\nmax_pages = 7\n";
        let account = account_of(toml, &["--listen", "127.0.0.1:2"]).expect("sound");
        for line in [
            "listen = \"127.0.0.1:2\"  # the command line",
            "upstream = \"http://10.0.0.5\"  # FILE",
            "pass = true  # FILE",
            "alias = [\"https://a.ru\", \"https://b.ru\"]  # FILE",
            "max-pages = \"7\"  # FILE",
            "page-prefix = \"/lv/\"  # default",
            "# public-origin is not set",
        ] {
            assert!(account.lines().any(|l| l == line), "{line} is not in\n{account}");
        }
        // What is printed can be read again.
        let again = account_of(&account, &[]).expect("it is a configuration");
        assert!(again.contains("upstream = \"http://10.0.0.5\"  # FILE"), "{again}");
    }

    #[test]
    fn a_wrong_key_or_value_is_named() {
        for (toml, words) in [
            ("upstrem = \"x\"", "upstrem"),
            ("pass = \"yes\"", "true or false"),
            ("listen = \"nowhere\"", "nowhere"),
            ("upstream = [1]", "upstream"),
            ("config = \"x\"", "config"),
            ("listen = ", "FILE"),
        ] {
            let message = account_of(toml, &[]).map_err(|e| e.to_string()).expect_err(toml);
            assert!(message.contains(words) || words == "FILE", "{toml}: {message}");
        }
    }
}
