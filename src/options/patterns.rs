//! What options take, as patterns and lists: for descriptions that machines read.

/// A web address in the form that goes over the wire (RFC 3986): a name or an IPv4 address.
pub(crate) const ADDRESS: &str = "^https?://(([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)*[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?|\
    ((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]))(:[0-9]{1,4})?([/?#][!-~]*)?$";
/// A language tag (RFC 5646), so far as its form goes.
pub(crate) const LANGUAGE: &str = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$";
/// Bytes, or with K, M or G behind them.
pub(crate) const SIZE: &str = "^[0-9]{1,10}([KMGkmg]([Ii]?[Bb])?|[Bb])?$";
pub(crate) const COLORS: &str = "^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})(,#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})){2}$";
/// Width and height, each from 50 to 2000 mm.
pub(crate) const SHEET: &str = "^(([5-9][0-9]|[1-9][0-9]{2}|1[0-9]{3})(\\.[0-9]+)?|2000)x(([5-9][0-9]|[1-9][0-9]{2}|1[0-9]{3})(\\.[0-9]+)?|2000)mm$";
/// Standards that a file keeps which needs no profile of a press.
pub(crate) const STANDARDS: [&str; 3] = ["ua1", "a2a", "a3a"];
/// The charsets of the Encoding Standard by their names.
pub(crate) const CHARSETS: [&str; 39] = [
    "utf-8",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "utf-16be",
    "utf-16le",
    "x-user-defined",
];
