//! A reader's settings between the address, the form and the cookie.
//!
//! The address alone says how a page looks, so that pages cache well and links can be shared. The cookie only remembers the
//! reader's last choice for addresses that name none; it is set by the form and by nothing else, so that a link from a
//! friend changes nothing.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use super::site::Site;
use crate::theme::{Look, OwnColors, Screen, Settings};

/// Every segment that starts so is a code, and no path of the site.
const START: &str = "~1.";
/// The last part of the path that the form is sent to.
pub(super) const FORM: &str = "settings";
const COOKIE: &str = "clearprint";
/// Of the settings panel.
const FRAGMENT: &str = "#cp-panel";
/// A form is not longer.
pub(super) const MOST_FORM: usize = 8 << 10;
/// A path is not longer.
const MOST_PATH: usize = 4 << 10;

/// What an address below the prefix says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// A page with its settings: path and query, with the slash.
    Page(Settings, &'a str),
    /// No code: path and query, with the slash.
    Uncoded(String),
    /// Something that starts as a code and is none.
    NoCode,
}

/// Reads path and query behind the prefix. The code ends at the first slash; nothing is decoded, so that a code has one
/// spelling.
pub(super) fn place(rest: &str) -> Place<'_> {
    if !rest.starts_with(START) {
        return Place::Uncoded(format!("/{rest}"));
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (code, path) = rest.split_at(end);
    match read(code) {
        Some(settings) if path.starts_with('/') => Place::Page(settings, path),
        // `/lv/CODE` lacks the slash that the site's front page has.
        Some(settings) => Place::Uncoded(format!("/{settings}/{path}")),
        None => Place::NoCode,
    }
}

/// A code, if it parses and its theme is there.
fn read(code: &str) -> Option<Settings> {
    let settings: Settings = code.parse().ok()?;
    match &settings.look {
        Look::Theme(name) if !Screen::all().iter().any(|screen| screen.name == *name) => None,
        _ => Some(settings),
    }
}

/// What the reader chose last, if the cookie says so.
pub(super) fn remembered(headers: &HeaderMap) -> Option<Settings> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| read(pair.trim().strip_prefix(COOKIE)?.strip_prefix('=')?))
}

/// Whether a form comes from a page of the site itself: browsers say so, and who says nothing is no browser of today.
pub(super) fn from_own_page(site: &Site, headers: &HeaderMap) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some("cross-site") = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return false;
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    // A page that sends no referrer, as ours do, has an origin that nobody may know.
    if origin == "null" {
        return true;
    }
    let Ok(url) = url::Url::parse(origin) else { return false };
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    site.owns(&url) || text(header::HOST).is_some_and(|own| own.eq_ignore_ascii_case(host))
}

/// A `Cookie` header as the site may see it: ours is no affair of the site's.
pub(super) fn without_ours(value: &HeaderValue) -> Option<HeaderValue> {
    let ours = |pair: &&str| pair.split('=').next().is_some_and(|name| name.trim() == COOKIE);
    let text = value.to_str().ok()?;
    let theirs: Vec<&str> = text.split(';').map(str::trim).filter(|pair| !pair.is_empty() && !ours(pair)).collect();
    HeaderValue::from_str(&theirs.join("; ")).ok().filter(|value| !value.is_empty())
}

/// Where the form of a page is sent: the address carries where the reader is and what cannot be chosen in the form.
pub(super) fn action(site: &Site, settings: &Settings, path: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("from", &settings.to_string())
        .append_pair("path", path)
        .finish();
    format!("{}{FORM}?{query}", site.config.page_prefix)
}

/// Answers the form: remembers, and leads back to the page with the new code.
///
/// # Errors
/// One sentence about what the form lacks.
pub(super) fn answer(site: &Site, query: &str, form: &[u8]) -> Result<Response, String> {
    let mut path = "/".to_owned();
    let mut settings = Settings::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "path" => path = value.into_owned(),
            "from" => settings = read(&value).ok_or_else(|| format!("from={value:?} is no settings code"))?,
            _ => {}
        }
    }
    for (name, value) in form_urlencoded::parse(form) {
        if name == "path" {
            path = value.into_owned();
        } else {
            choose(&mut settings, &name, &value)?;
        }
    }
    settings.check()?;
    if let Look::Theme(name) = &settings.look
        && !Screen::all().iter().any(|screen| screen.name == *name)
    {
        return Err(format!("there is no theme {name:?}; choose one of the page's"));
    }
    check_path(&path)?;
    let prefix = &site.config.page_prefix;
    let secure = if site.config.public.scheme() == "https" { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={settings}; Path={prefix}; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
    let mut response = see_other(&format!("{prefix}{settings}{path}{FRAGMENT}"));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Puts one field of the form in. Fields that are not ours say nothing.
fn choose(settings: &mut Settings, name: &str, value: &str) -> Result<(), String> {
    let number = || value.parse::<u16>().map_err(|_| format!("{name}={value:?} is no number"));
    match name {
        // The form can keep the reader's own colours, which the address spelled out, but not make them.
        "theme" if value == "own" => {}
        "theme" => settings.look = Look::Theme(value.to_owned()),
        "colors" if value.is_empty() => {}
        "colors" => settings.look = Look::Own(OwnColors::from_list(value)?),
        "size" => settings.size = number()?,
        "line" => settings.line_height = number()?,
        "letter" => settings.letter_spacing = number()?,
        "word" => settings.word_spacing = number()?,
        "gap" => settings.paragraph_spacing = number()?,
        "width" => settings.width = number()?,
        "font" => settings.font = value.parse()?,
        "images" => settings.images = value.parse()?,
        _ => {}
    }
    Ok(())
}

/// A path of the site, and nothing that a browser could take for an address elsewhere.
fn check_path(path: &str) -> Result<(), String> {
    let sound = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= MOST_PATH
        && path.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b'#'))
        // Browsers take dot segments out, and with them the code.
        && !path.split('?').next().unwrap_or("").split('/').any(is_dots);
    if sound { Ok(()) } else { Err("path is no path of the site; go back to the page and send its form again".into()) }
}

fn is_dots(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    segment == "." || segment == ".."
}

/// 303, which nobody keeps.
pub(super) fn see_other(location: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(location) = HeaderValue::from_str(location) {
        headers.insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use url::Url;

    use super::super::site::SiteConfig;
    use super::*;

    fn site() -> Site {
        let url = |u| Url::parse(u).expect(u);
        Site::new(SiteConfig::new(url("http://10.0.0.5"), url("https://www.example.ru")), Duration::from_secs(1))
    }

    fn location(query: &str, form: &str) -> Result<String, String> {
        let response = answer(&site(), query, form.as_bytes())?;
        Ok(response.headers()[header::LOCATION].to_str().expect("ASCII").to_owned())
    }

    #[test]
    fn addresses_are_split_on_their_raw_form() {
        let page = |code: &str, path| Place::Page(code.parse().expect(code), path);
        assert_eq!(place("~1.dark/news?a=~1.b"), page("~1.dark", "/news?a=~1.b"));
        assert_eq!(place("~1.dark//evil.example"), page("~1.dark", "//evil.example"));
        assert_eq!(place("news/1?a=b"), Place::Uncoded("/news/1?a=b".into()));
        assert_eq!(place(""), Place::Uncoded("/".into()));
        assert_eq!(place("~1.dark?a"), Place::Uncoded("/~1.dark/?a".into()));
        assert_eq!(place("~2.dark/x"), Place::Uncoded("/~2.dark/x".into()));
        for wrong in
            ["~1./x", "~1.no-such-theme/x", "~1.dark.size125/x", "~1.dark.size0150/x", "~1.dark%2e/x", "~1.DARK"]
        {
            assert_eq!(place(wrong), Place::NoCode, "{wrong}");
        }
    }

    #[test]
    fn the_form_leads_back_to_the_same_place_with_the_new_code() {
        let form = "theme=white-on-black&size=150&line=160&letter=0&word=0&gap=150&font=golos&images=show&width=70";
        assert_eq!(
            location("from=~1.dark&path=/news/1?a=b", form).as_deref(),
            Ok("/lv/~1.white-on-black.size150/news/1?a=b#cp-panel")
        );
        let own = "from=~1.own-ffffff-000000-9fd8ff.size200&path=/";
        assert_eq!(
            location(own, "theme=own&size=300").as_deref(),
            Ok("/lv/~1.own-ffffff-000000-9fd8ff.size300/#cp-panel")
        );
    }

    #[test]
    fn a_form_leads_nowhere_else() {
        for path in [
            "//evil.example/",
            "/\\evil.example",
            "https://evil.example/",
            "",
            "evil",
            "/a\r\nX: y",
            "/\u{1}",
            "/a#b",
            "/../../x",
            "/%2e%2E/x",
            "/а",
        ] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("path", path).finish();
            assert!(location(&query, "theme=dark").is_err(), "{path:?}");
        }
        for form in ["theme=nonesuch", "theme=../x", "size=9999", "size=x", "font=comic", "colors=%23777,%23777,%23777"]
        {
            assert!(location("path=/", form).is_err(), "{form}");
        }
    }

    #[test]
    fn the_cookie_is_read_and_a_strange_one_is_not() {
        let cookie = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(value));
            remembered(&headers).map(|settings| settings.to_string())
        };
        assert_eq!(cookie("a=b; clearprint=~1.sepia.size200").as_deref(), Some("~1.sepia.size200"));
        assert_eq!(cookie("clearprint=~1.nonesuch"), None);
        assert_eq!(cookie("clearprint=/etc/passwd; xclearprint=~1.sepia"), None);
    }
}
