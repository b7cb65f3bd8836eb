//! What is known about one site.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A site profile: a TOML file with CSS selectors. All keys may be missing; unknown keys are refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SiteProfile {
    /// The site's host; its subdomains belong to it.
    pub host: String,
    /// The element that holds the article.
    pub article: Option<String>,
    /// Whether the page's own answer stands where it agrees with `article` well, so that what it leaves out inside goes;
    /// else all of the element is the article.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sift: bool,
    /// The headline.
    pub title: Option<String>,
    /// The authors.
    pub byline: Option<String>,
    /// The date.
    pub date: Option<String>,
    /// The picture that stands for the article.
    pub lead_image: Option<String>,
    /// What has to go besides the built-in rules.
    pub remove: Vec<String>,
    /// What stays whatever the rules say.
    pub keep: Vec<String>,
    /// The charset of its pages, where they do not say or say it wrong.
    pub charset: Option<String>,
}

impl SiteProfile {
    /// Reads a profile. `file` is how messages call it.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`]: not TOML, an unknown key, or a charset nobody knows.
    pub fn from_toml(file: &str, toml: &str) -> Result<Self> {
        let profile: Self = toml::from_str(toml).map_err(|e| Error::toml(file, toml, &e))?;
        if let Some(label) = &profile.charset
            && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
        {
            return Err(Error::Usage(format!(
                "{file}: charset {label:?} is unknown; write a label such as windows-1251"
            )));
        }
        Ok(profile)
    }

    /// Whether the profile speaks of this host: it is the site's own or a subdomain of it. One without a host speaks
    /// of every page it is given for.
    pub fn applies_to(&self, host: &str) -> bool {
        let own = self.host.trim_start_matches("www.");
        own.is_empty()
            || host.eq_ignore_ascii_case(own)
            || host.len() > own.len()
                && host.is_char_boundary(host.len() - own.len())
                && host[host.len() - own.len()..].eq_ignore_ascii_case(own)
                && host[..host.len() - own.len()].ends_with('.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_speaks_of_its_host_and_subdomains() {
        let profile = SiteProfile { host: "example.ru".into(), ..SiteProfile::default() };
        for (host, applies) in
            [("example.ru", true), ("www.Example.ru", true), ("notexample.ru", false), ("example.ru.evil.org", false)]
        {
            assert_eq!(profile.applies_to(host), applies, "{host}");
        }
    }

    #[test]
    fn unknown_keys_and_charsets_are_refused() {
        let refused = |toml| SiteProfile::from_toml("site.toml", toml).expect_err(toml).to_string();
        assert!(refused("host = 'a.ru'\ncolour = 'red'").contains("colour"));
        assert!(refused("charset = 'cp-1251-ish'").contains("cp-1251-ish"));
    }
}
