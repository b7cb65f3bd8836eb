//! Options that bound what is read and made.

use std::ops::RangeInclusive;
use std::time::Duration;

use clap::Args;

use crate::limits::Limit;
use crate::{Limits, limits};

/// Bounds; each message that names one names its flag.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Largest page, like 64MiB
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size)]
    pub max_input: Option<u64>,

    /// Deepest nesting of elements
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(Self::DEPTH))]
    pub max_depth: Option<u32>,

    /// Most elements of a page
    #[arg(long, value_name = "N")]
    pub max_elements: Option<usize>,

    /// Most pictures of an article; the rest are shown by their description
    #[arg(long, value_name = "N")]
    pub max_images: Option<usize>,

    /// Largest picture file, like 32MiB
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size)]
    pub max_image_bytes: Option<u64>,

    /// Largest sum of the picture files of an article that are fetched, like 512MiB
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size)]
    pub max_all_image_bytes: Option<u64>,

    /// Most pixels of one picture
    #[arg(long, value_name = "N")]
    pub max_image_pixels: Option<u64>,

    /// Most pages of a PDF
    #[arg(long, value_name = "N")]
    pub max_pages: Option<usize>,

    /// Longest time that one piece of work may take: reading a page, setting an article, checking a PDF
    #[arg(long, value_name = "SECONDS", value_parser = limits::parse_seconds)]
    pub max_time: Option<Duration>,

    /// Most operations in the content of a PDF that is checked
    #[arg(long, value_name = "N")]
    pub max_operations: Option<u64>,

    /// Most bytes that the streams of a PDF that is checked unpack to, like 256MiB
    #[arg(long, value_name = "SIZE", value_parser = limits::parse_size)]
    pub max_unpacked: Option<u64>,

    /// Longest wait for a page to be fetched
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(Self::TIMEOUT))]
    pub timeout: Option<u64>,
}

impl LimitArgs {
    /// Nesting that can be asked for.
    pub(crate) const DEPTH: RangeInclusive<i64> = 16..=4096;
    /// Seconds that can be asked for.
    pub(crate) const TIMEOUT: RangeInclusive<u64> = 1..=3600;

    /// The command line's limits, with what was asked for put in.
    pub(crate) fn limits(&self) -> Limits {
        self.over(Limits::default())
    }

    /// `base` with what was asked for put in.
    pub(crate) fn over(&self, base: Limits) -> Limits {
        Limits {
            input: self.max_input.unwrap_or(base.input),
            decoded: self.max_input.unwrap_or(base.decoded),
            depth: self.max_depth.map_or(base.depth, |n| n as usize),
            elements: self.max_elements.unwrap_or(base.elements),
            images: self.max_images.unwrap_or(base.images),
            image_bytes: self.max_image_bytes.unwrap_or(base.image_bytes),
            all_image_bytes: self.max_all_image_bytes.unwrap_or(base.all_image_bytes),
            image_pixels: self.max_image_pixels.unwrap_or(base.image_pixels),
            pages: self.max_pages.unwrap_or(base.pages),
            fetch: self.timeout.map_or(base.fetch, Duration::from_secs),
            time: self.max_time.or(base.time),
            operations: self.max_operations.unwrap_or(base.operations),
            unpacked: self.max_unpacked.unwrap_or(base.unpacked),
            deadline: base.deadline,
        }
    }

    /// The service's limits, made tighter where a request asks for it, never wider.
    pub(crate) fn tighten(&self, limits: &Limits) -> Limits {
        let asked = self.over(limits.clone());
        Limits {
            input: asked.input.min(limits.input),
            decoded: asked.decoded.min(limits.decoded),
            depth: asked.depth.min(limits.depth),
            elements: asked.elements.min(limits.elements),
            images: asked.images.min(limits.images),
            image_bytes: asked.image_bytes.min(limits.image_bytes),
            all_image_bytes: asked.all_image_bytes.min(limits.all_image_bytes),
            image_pixels: asked.image_pixels.min(limits.image_pixels),
            pages: asked.pages.min(limits.pages),
            fetch: asked.fetch.min(limits.fetch),
            time: asked.time.map(|time| limits.time.map_or(time, |most| time.min(most))),
            operations: asked.operations.min(limits.operations),
            unpacked: asked.unpacked.min(limits.unpacked),
            deadline: limits.deadline,
        }
    }
}

/// The flag that raises a limit.
pub(crate) fn flag(limit: Limit) -> Option<&'static str> {
    match limit {
        Limit::Input => Some("--max-input"),
        Limit::Elements => Some("--max-elements"),
        Limit::Images => Some("--max-images"),
        Limit::ImageBytes => Some("--max-image-bytes"),
        Limit::AllImageBytes => Some("--max-all-image-bytes"),
        Limit::Time => Some("--max-time"),
        Limit::Operations => Some("--max-operations"),
        Limit::Unpacked => Some("--max-unpacked"),
        Limit::ImagePixels => Some("--max-image-pixels"),
        Limit::Pages => Some("--max-pages"),
        Limit::Fetch => Some("--timeout"),
        Limit::FurtherPages => Some("--follow"),
        Limit::Tag | Limit::Fixed => None,
    }
}

/// A sentence of the library in the words of a door: `remedy` says what to do about each limit.
pub(crate) fn in_words_of_a_door(sentence: String, remedy: impl Fn(Limit) -> String) -> String {
    Limit::ALL.into_iter().fold(sentence, |sentence, limit| {
        if sentence.contains(limit.remedy()) { sentence.replace(limit.remedy(), &remedy(limit)) } else { sentence }
    })
}

/// What to do about a limit at the command line.
#[cfg(feature = "cli")]
pub(crate) fn remedy_by_flag(limit: Limit) -> String {
    match (flag(limit), limit) {
        (Some(flag), _) => format!("raise it with {flag}"),
        (None, Limit::Tag) => "take the page the document way with --mode article".to_owned(),
        (None, limit) => limit.remedy().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        limits: LimitArgs,
    }

    #[test]
    fn each_flag_changes_the_limits_that_the_sentence_names_and_no_other() {
        let fields = |limits: &Limits| -> BTreeMap<String, String> {
            let all = format!("{limits:#?}");
            all.lines().filter_map(|line| line.trim().split_once(": ")).map(|(n, v)| (n.into(), v.into())).collect()
        };
        let before = fields(&Limits::default());
        for limit in Limit::ALL {
            let named: BTreeSet<String> = limit
                .remedy()
                .split("`Limits::")
                .skip(1)
                .filter_map(|part| Some(part.split_once('`')?.0.into()))
                .collect();
            let Some(flag) = flag(limit).filter(|_| !named.is_empty()) else { continue };
            let after = fields(&Program::parse_from(["x", flag, "7"]).limits.limits());
            let changed: BTreeSet<String> =
                before.iter().filter(|(name, value)| after[*name] != **value).map(|(name, _)| name.clone()).collect();
            assert_eq!(changed, named, "{flag}");
        }
    }
}
