//! Cases of our own for each state of the standard's tokenizer (HTML, 13.2.5.1–80), in pieces of every size.

use crate::html::listing::{State, Steering, Token, read};

/// The states, in the standard's order and by its names.
const STATES: [&str; 80] = [
    "data",
    "RCDATA",
    "RAWTEXT",
    "script data",
    "PLAINTEXT",
    "tag open",
    "end tag open",
    "tag name",
    "RCDATA less-than sign",
    "RCDATA end tag open",
    "RCDATA end tag name",
    "RAWTEXT less-than sign",
    "RAWTEXT end tag open",
    "RAWTEXT end tag name",
    "script data less-than sign",
    "script data end tag open",
    "script data end tag name",
    "script data escape start",
    "script data escape start dash",
    "script data escaped",
    "script data escaped dash",
    "script data escaped dash dash",
    "script data escaped less-than sign",
    "script data escaped end tag open",
    "script data escaped end tag name",
    "script data double escape start",
    "script data double escaped",
    "script data double escaped dash",
    "script data double escaped dash dash",
    "script data double escaped less-than sign",
    "script data double escape end",
    "before attribute name",
    "attribute name",
    "after attribute name",
    "before attribute value",
    "attribute value (double-quoted)",
    "attribute value (single-quoted)",
    "attribute value (unquoted)",
    "after attribute value (quoted)",
    "self-closing start tag",
    "bogus comment",
    "markup declaration open",
    "comment start",
    "comment start dash",
    "comment",
    "comment less-than sign",
    "comment less-than sign bang",
    "comment less-than sign bang dash",
    "comment less-than sign bang dash dash",
    "comment end dash",
    "comment end",
    "comment end bang",
    "DOCTYPE",
    "before DOCTYPE name",
    "DOCTYPE name",
    "after DOCTYPE name",
    "after DOCTYPE public keyword",
    "before DOCTYPE public identifier",
    "DOCTYPE public identifier (double-quoted)",
    "DOCTYPE public identifier (single-quoted)",
    "after DOCTYPE public identifier",
    "between DOCTYPE public and system identifiers",
    "after DOCTYPE system keyword",
    "before DOCTYPE system identifier",
    "DOCTYPE system identifier (double-quoted)",
    "DOCTYPE system identifier (single-quoted)",
    "after DOCTYPE system identifier",
    "bogus DOCTYPE",
    "CDATA section",
    "CDATA section bracket",
    "CDATA section end",
    "character reference",
    "named character reference",
    "ambiguous ampersand",
    "numeric character reference",
    "hexadecimal character reference start",
    "decimal character reference start",
    "hexadecimal character reference",
    "decimal character reference",
    "numeric character reference end",
];

/// A state, what leads into it and out of it, and the tokens (see [`written`]).
const CASES: &[(&str, &str, &str)] = &[
    ("data", "a&amp;b", r#""a&b""#),
    ("data", "a\0b", r#""a\0b""#),
    ("data", "Ёж<p>漢", r#""Ёж" <p> "漢""#),
    ("data", "", ""),
    ("RCDATA", "<title>a&lt;b<c>\0</title>d", "<title> \"a<b<c>\u{fffd}\" </title> \"d\""),
    ("RCDATA", "<textarea>&am", r#"<textarea> "&am""#),
    ("RAWTEXT", "<style>a&lt;b<c>\0</style>d", "<style> \"a&lt;b<c>\u{fffd}\" </style> \"d\""),
    ("RAWTEXT", "<xmp><!--</xmp>-->", r#"<xmp> "<!--" </xmp> "-->""#),
    ("script data", "<script>a&lt;b<c>\0</script>d", "<script> \"a&lt;b<c>\u{fffd}\" </script> \"d\""),
    ("script data", "<script>a", r#"<script> "a""#),
    ("PLAINTEXT", "<plaintext>a&lt;</plaintext>\0", "<plaintext> \"a&lt;</plaintext>\u{fffd}\""),
    ("tag open", "<a", ""),
    ("tag open", "a<", r#""a<""#),
    ("tag open", "<<p>", r#""<" <p>"#),
    ("tag open", "<3", r#""<3""#),
    ("tag open", "<ж>", r#""<ж>""#),
    ("tag open", "<?php?>a", r#"<!--?php?--> "a""#),
    ("end tag open", "</", r#""</""#),
    ("end tag open", "a</>b", r#""ab""#),
    ("end tag open", "</3>", "<!--3-->"),
    ("end tag open", "</ж", "<!--ж-->"),
    ("end tag open", "</P>", "</p>"),
    ("tag name", "<DiV>", "<div>"),
    ("tag name", "<a\0>", "<a\u{fffd}>"),
    ("tag name", "<aЁ<b>", "<aЁ<b>"),
    ("tag name", "<br/>", "<br/>"),
    ("tag name", "a<div", r#""a""#),
    ("RCDATA less-than sign", "<title><<a</title>", r#"<title> "<<a" </title>"#),
    ("RCDATA less-than sign", "<title><", r#"<title> "<""#),
    ("RCDATA end tag open", "<title></</title>", r#"<title> "</" </title>"#),
    ("RCDATA end tag open", "<title></3", r#"<title> "</3""#),
    ("RCDATA end tag name", "<title></titlex></TITLE>", r#"<title> "</titlex>" </title>"#),
    ("RCDATA end tag name", "<title></title/>a", r#"<title> </title> "a""#),
    ("RCDATA end tag name", "<title>a</title b='</title>'>c", r#"<title> "a" </title> "c""#),
    ("RCDATA end tag name", "<title>a</title b='</title>", r#"<title> "a""#),
    ("RCDATA end tag name", "<title>a</title", r#"<title> "a</title""#),
    ("RAWTEXT less-than sign", "<xmp><<a</xmp>", r#"<xmp> "<<a" </xmp>"#),
    ("RAWTEXT less-than sign", "<style><", r#"<style> "<""#),
    ("RAWTEXT end tag open", "<xmp></</xmp>", r#"<xmp> "</" </xmp>"#),
    ("RAWTEXT end tag open", "<style></", r#"<style> "</""#),
    ("RAWTEXT end tag name", "<xmp></xmpx></xmp\n>", r#"<xmp> "</xmpx>" </xmp>"#),
    ("RAWTEXT end tag name", "<style>a</style /", r#"<style> "a""#),
    ("RAWTEXT end tag name", "<style>a</styl", r#"<style> "a</styl""#),
    ("script data less-than sign", "<script><<</script>", r#"<script> "<<" </script>"#),
    ("script data less-than sign", "<script><!a</script>", r#"<script> "<!a" </script>"#),
    ("script data less-than sign", "<script><!", r#"<script> "<!""#),
    ("script data end tag open", "<script></3</script>", r#"<script> "</3" </script>"#),
    ("script data end tag open", "<script></", r#"<script> "</""#),
    ("script data end tag name", "<script></scripts></script >", r#"<script> "</scripts>" </script>"#),
    ("script data end tag name", "<script>a</script/", r#"<script> "a""#),
    ("script data end tag name", "<script>a</SCRIPT>b", r#"<script> "a" </script> "b""#),
    ("script data escape start", "<script><!a<script></script>b", r#"<script> "<!a<script>" </script> "b""#),
    ("script data escape start", "<script><!-", r#"<script> "<!-""#),
    ("script data escape start dash", "<script><!-<script></script>b", r#"<script> "<!-<script>" </script> "b""#),
    ("script data escape start dash", "<script><!--<script></script>b", r#"<script> "<!--<script></script>b""#),
    ("script data escaped", "<script><!--a\0</script>b", "<script> \"<!--a\u{fffd}\" </script> \"b\""),
    ("script data escaped", "<script><!--a", r#"<script> "<!--a""#),
    ("script data escaped dash", "<script><!--a-><script></script>b", r#"<script> "<!--a-><script></script>b""#),
    ("script data escaped dash", "<script><!--a-", r#"<script> "<!--a-""#),
    ("script data escaped dash dash", "<script><!--><script></script>b", r#"<script> "<!--><script>" </script> "b""#),
    (
        "script data escaped dash dash",
        "<script><!--a---><script></script>b",
        r#"<script> "<!--a---><script>" </script> "b""#,
    ),
    ("script data escaped dash dash", "<script><!--a--<script></script>b", r#"<script> "<!--a--<script></script>b""#),
    ("script data escaped less-than sign", "<script><!--<<a</script>", r#"<script> "<!--<<a" </script>"#),
    ("script data escaped less-than sign", "<script><!--<", r#"<script> "<!--<""#),
    ("script data escaped end tag open", "<script><!--</</script>b", r#"<script> "<!--</" </script> "b""#),
    ("script data escaped end tag name", "<script><!--</script>-->", r#"<script> "<!--" </script> "-->""#),
    ("script data escaped end tag name", "<script><!--</scripts></script ", r#"<script> "<!--</scripts>""#),
    ("script data double escape start", "<script><!--<scripts></script>b", r#"<script> "<!--<scripts>" </script> "b""#),
    ("script data double escape start", "<script><!--<SCRIPT/</script>b", r#"<script> "<!--<SCRIPT/</script>b""#),
    ("script data double escape start", "<script><!--<script</script>", r#"<script> "<!--<script" </script>"#),
    (
        "script data double escaped",
        "<script><!--<script>\0</script></script>b",
        "<script> \"<!--<script>\u{fffd}</script>\" </script> \"b\"",
    ),
    ("script data double escaped", "<script><!--<script>a", r#"<script> "<!--<script>a""#),
    (
        "script data double escaped dash",
        "<script><!--<script>-></script></script>b",
        r#"<script> "<!--<script>-></script>" </script> "b""#,
    ),
    (
        "script data double escaped dash dash",
        "<script><!--<script>--></script>b",
        r#"<script> "<!--<script>-->" </script> "b""#,
    ),
    (
        "script data double escaped dash dash",
        "<script><!--<script>---</script>--></script>b",
        r#"<script> "<!--<script>---</script>-->" </script> "b""#,
    ),
    (
        "script data double escaped less-than sign",
        "<script><!--<script><<</script></script>b",
        r#"<script> "<!--<script><<</script>" </script> "b""#,
    ),
    (
        "script data double escape end",
        "<script><!--<script></scripts></script>-</script>b",
        r#"<script> "<!--<script></scripts></script>-" </script> "b""#,
    ),
    (
        "script data double escape end",
        "<script><!--<script></script <script></script></script>b",
        r#"<script> "<!--<script></script <script></script>" </script> "b""#,
    ),
    ("before attribute name", "<a \n\t b>", r#"<a b="">"#),
    ("before attribute name", "<a =b>", r#"<a =b="">"#),
    ("before attribute name", "<a / b>", r#"<a b="">"#),
    ("attribute name", "<a B\"'<\0=c>", "<a b\"'<\u{fffd}=\"c\">"),
    ("attribute name", "<a b=1 B=2 c>", r#"<a b="1" c="">"#),
    ("attribute name", "<a b", ""),
    ("after attribute name", "<a b = c>", r#"<a b="c">"#),
    ("after attribute name", "<a b c>", r#"<a b="" c="">"#),
    ("after attribute name", "<a b />", r#"<a b=""/>"#),
    ("before attribute value", "<a b= \n'c'>", r#"<a b="c">"#),
    ("before attribute value", "<a b=>", r#"<a b="">"#),
    ("before attribute value", "<a b==>", r#"<a b="=">"#),
    ("attribute value (double-quoted)", "<a b=\"c'>&lt;\0\">", "<a b=\"c'><\u{fffd}\">"),
    ("attribute value (double-quoted)", "<a b=\"c>", ""),
    ("attribute value (single-quoted)", "<a b='\n&copy=&copyx&copy;'>", r#"<a b="\n&copy=&copyx©">"#),
    ("attribute value (unquoted)", "<a b=c\"'<=`/>", r#"<a b="c\"'<=`/">"#),
    ("attribute value (unquoted)", "<a b=&amp>", r#"<a b="&">"#),
    ("attribute value (unquoted)", "<a b=c", ""),
    ("after attribute value (quoted)", "<a b='c'd>", r#"<a b="c" d="">"#),
    ("after attribute value (quoted)", "<a b='c'/>", r#"<a b="c"/>"#),
    ("after attribute value (quoted)", "<a b='c'", ""),
    ("self-closing start tag", "<a/>", "<a/>"),
    ("self-closing start tag", "<a/b>", r#"<a b="">"#),
    ("self-closing start tag", "<a/ >", "<a>"),
    ("self-closing start tag", "<a//>", "<a/>"),
    ("self-closing start tag", "<a/", ""),
    ("bogus comment", "<!a-->b", r#"<!--a----> "b""#),
    ("bogus comment", "<!\0", "<!--\u{fffd}-->"),
    ("bogus comment", "</ a", "<!-- a-->"),
    ("markup declaration open", "<!>a", r#"<!----> "a""#),
    ("markup declaration open", "<!", "<!---->"),
    ("markup declaration open", "<!-a>", "<!---a-->"),
    ("markup declaration open", "<!doc", "<!--doc-->"),
    ("markup declaration open", "<!DocType html>", "!html"),
    ("markup declaration open", "<![CDATA[a]]>", "<!--[CDATA[a]]-->"),
    ("markup declaration open", "<svg><![CDATA[a]]>", r#"<svg> "a""#),
    ("markup declaration open", "<svg><![cdata[a]]>", "<svg> <!--[cdata[a]]-->"),
    ("comment start", "<!-->a", r#"<!----> "a""#),
    ("comment start", "<!--", "<!---->"),
    ("comment start dash", "<!--->a", r#"<!----> "a""#),
    ("comment start dash", "<!---a-->", "<!---a-->"),
    ("comment start dash", "<!---", "<!---->"),
    ("comment", "<!--a<b>&amp;\0-->c", "<!--a<b>&amp;\u{fffd}--> \"c\""),
    ("comment", "<!--a", "<!--a-->"),
    ("comment less-than sign", "<!--<<a-->", "<!--<<a-->"),
    ("comment less-than sign bang", "<!--<!a-->", "<!--<!a-->"),
    ("comment less-than sign bang dash", "<!--<!-a-->", "<!--<!-a-->"),
    ("comment less-than sign bang dash", "<!--<!->a-->", "<!--<!->a-->"),
    ("comment less-than sign bang dash dash", "<!--<!-->a", r#"<!--<!--> "a""#),
    ("comment less-than sign bang dash dash", "<!--<!--a-->", "<!--<!--a-->"),
    ("comment end dash", "<!--a-b-->", "<!--a-b-->"),
    ("comment end dash", "<!--a-", "<!--a-->"),
    ("comment end", "<!--a--->b", r#"<!--a---> "b""#),
    ("comment end", "<!--a--b-->", "<!--a--b-->"),
    ("comment end", "<!--a--", "<!--a-->"),
    ("comment end bang", "<!--a--!>b", r#"<!--a--> "b""#),
    ("comment end bang", "<!--a--!-->", "<!--a--!-->"),
    ("comment end bang", "<!--a--!b-->", "<!--a--!b-->"),
    ("comment end bang", "<!--a--!", "<!--a-->"),
    ("DOCTYPE", "<!doctypehtml>", "!html"),
    ("DOCTYPE", "<!doctype", "! quirks"),
    ("before DOCTYPE name", "<!doctype \n>", "! quirks"),
    ("before DOCTYPE name", "<!doctype \0>", "!\u{fffd}"),
    ("DOCTYPE name", "<!doctype HtmL>", "!html"),
    ("DOCTYPE name", "<!doctype html", "!html quirks"),
    ("after DOCTYPE name", "<!doctype html \n>", "!html"),
    ("after DOCTYPE name", "<!doctype html a>b", r#"!html quirks "b""#),
    ("after DOCTYPE name", "<!doctype html ", "!html quirks"),
    ("after DOCTYPE public keyword", "<!doctype html PUBLIC'a'>", r#"!html "a" -"#),
    ("after DOCTYPE public keyword", "<!doctype html PUBLIC>", "!html quirks"),
    ("after DOCTYPE public keyword", "<!doctype html PUBLICa>", "!html quirks"),
    ("before DOCTYPE public identifier", "<!doctype html public \n\"a\">", r#"!html "a" -"#),
    ("before DOCTYPE public identifier", "<!doctype html public ", "!html quirks"),
    ("DOCTYPE public identifier (double-quoted)", "<!doctype html public \"a'\0\">", "!html \"a'\u{fffd}\" -"),
    ("DOCTYPE public identifier (double-quoted)", "<!doctype html public \"a>b", r#"!html "a" - quirks "b""#),
    ("DOCTYPE public identifier (single-quoted)", "<!doctype html public 'a\"'>", r#"!html "a\"" -"#),
    ("DOCTYPE public identifier (single-quoted)", "<!doctype html public 'a", r#"!html "a" - quirks"#),
    ("after DOCTYPE public identifier", "<!doctype html public 'a''b'>", r#"!html "a" "b""#),
    ("after DOCTYPE public identifier", "<!doctype html public 'a'b>", r#"!html "a" - quirks"#),
    ("between DOCTYPE public and system identifiers", "<!doctype html public 'a' \n'b'>", r#"!html "a" "b""#),
    ("between DOCTYPE public and system identifiers", "<!doctype html public 'a' >", r#"!html "a" -"#),
    ("between DOCTYPE public and system identifiers", "<!doctype html public 'a' ", r#"!html "a" - quirks"#),
    ("after DOCTYPE system keyword", "<!doctype html SYSTEM'b'>", r#"!html - "b""#),
    ("after DOCTYPE system keyword", "<!doctype html system>", "!html quirks"),
    ("before DOCTYPE system identifier", "<!doctype html system \n'b'>", r#"!html - "b""#),
    ("before DOCTYPE system identifier", "<!doctype html system b>", "!html quirks"),
    ("DOCTYPE system identifier (double-quoted)", "<!doctype html system \"b'\0\">", "!html - \"b'\u{fffd}\""),
    ("DOCTYPE system identifier (double-quoted)", "<!doctype html system \"b>", r#"!html - "b" quirks"#),
    ("DOCTYPE system identifier (single-quoted)", "<!doctype html system 'b\"'>", r#"!html - "b\"""#),
    ("DOCTYPE system identifier (single-quoted)", "<!doctype html system 'b", r#"!html - "b" quirks"#),
    ("after DOCTYPE system identifier", "<!doctype html system 'b' \n>", r#"!html - "b""#),
    ("after DOCTYPE system identifier", "<!doctype html system 'b'c>", r#"!html - "b""#),
    ("after DOCTYPE system identifier", "<!doctype html system 'b' ", r#"!html - "b" quirks"#),
    ("bogus DOCTYPE", "<!doctype html a\0'b>c", r#"!html quirks "c""#),
    ("bogus DOCTYPE", "<!doctype html system 'b'c", r#"!html - "b""#),
    ("CDATA section", "<svg><![CDATA[a<b>&lt;\0", r#"<svg> "a<b>&lt;\0""#),
    ("CDATA section", "<math><mi><![CDATA[a]]>", "<math> <mi> <!--[CDATA[a]]-->"),
    ("CDATA section bracket", "<svg><![CDATA[a]b]]>c", r#"<svg> "a]bc""#),
    ("CDATA section bracket", "<svg><![CDATA[a]", r#"<svg> "a]""#),
    ("CDATA section end", "<svg><![CDATA[a]]]><p>", r#"<svg> "a]" <p>"#),
    ("CDATA section end", "<svg><![CDATA[a]]b]]>", r#"<svg> "a]]b""#),
    ("character reference", "a&", r#""a&""#),
    ("character reference", "& &<p>", r#""& &" <p>"#),
    ("named character reference", "&notit;&notin;&acE;&amp", "\"¬it;∉\u{223e}\u{333}&\""),
    (
        "named character reference",
        "&notaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;",
        r#""¬aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;""#,
    ),
    ("named character reference", "<a b='&notit;&notin;&not='>", r#"<a b="&notit;∉&not=">"#),
    ("ambiguous ampersand", "&ab1;&ab", r#""&ab1;&ab""#),
    ("ambiguous ampersand", "<a b=&ab;c>", r#"<a b="&ab;c">"#),
    ("numeric character reference", "&#", r##""&#""##),
    ("numeric character reference", "&#a", r##""&#a""##),
    ("hexadecimal character reference start", "&#xg&#X;", r##""&#xg&#X;""##),
    ("hexadecimal character reference start", "<a b=&#x>", r##"<a b="&#x">"##),
    ("decimal character reference start", "&#;&#-1;", r##""&#;&#-1;""##),
    ("hexadecimal character reference", "&#x416;&#X41g&#x6a", r#""ЖAgj""#),
    ("hexadecimal character reference", "&#x0000000000000000000000000000000000000000041;", r#""A""#),
    ("decimal character reference", "&#1046;&#65a&#66", r#""ЖAaB""#),
    ("decimal character reference", "<a b=&#00000000000000000000000000000000000000065;>", r#"<a b="A">"#),
    (
        "numeric character reference end",
        "&#0;&#xd800;&#x110000;&#99999999999999999999;",
        "\"\u{fffd}\u{fffd}\u{fffd}\u{fffd}\"",
    ),
    ("numeric character reference end", "&#x80;&#x9f;&#x81;&#xffff;", "\"€Ÿ\u{81}\u{ffff}\""),
];

/// Tokens as one reads them: `"text"`, `<name attribute="value"/>`, `</name>`, `<!--comment-->`, and of a document type
/// `!name "public" "system" quirks`.
fn written(tokens: &[Token]) -> String {
    let written = tokens.iter().map(|token| match token {
        Token::Text(text) => quoted(text),
        Token::EndTag(name) => format!("</{name}>"),
        Token::Comment(data) => format!("<!--{data}-->"),
        Token::StartTag { name, attributes, self_closing } => {
            let attributes: String =
                attributes.iter().map(|(name, value)| format!(" {name}={}", quoted(value))).collect();
            format!("<{name}{attributes}{}>", if *self_closing { "/" } else { "" })
        }
        Token::Doctype { name, public_id, system_id, force_quirks } => {
            let id = |id: &Option<String>| id.as_ref().map_or_else(|| "-".to_owned(), |id| quoted(id));
            let ids = if public_id.is_none() && system_id.is_none() {
                String::new()
            } else {
                format!(" {} {}", id(public_id), id(system_id))
            };
            let quirks = if *force_quirks { " quirks" } else { "" };
            format!("!{}{ids}{quirks}", name.as_deref().unwrap_or_default())
        }
    });
    written.collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\0', "\\0");
    format!("\"{escaped}\"")
}

/// The page in pieces of `size` bytes, or a little more where a character does not end there.
fn pieces(mut html: &str, size: usize) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = html.split_at(html.ceil_char_boundary(size));
        html = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

#[test]
fn each_state_reads_as_the_standard_says_in_pieces_of_every_size() {
    let mut wrong = Vec::new();
    for (state, html, expected) in CASES {
        for size in 1..=html.len().max(1) {
            let tokens = read(pieces(html, size), State::Data, None, Steering::default()).expect("within limits");
            let tokens = written(&tokens);
            if tokens != *expected {
                wrong.push(format!("{state}: {html:?} in pieces of {size}: {tokens} and not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_state_has_a_case() {
    let without: Vec<_> = STATES.iter().filter(|state| !CASES.iter().any(|(of, ..)| of == *state)).collect();
    assert!(without.is_empty(), "no case for {without:?}");
    let unknown: Vec<_> = CASES.iter().map(|(of, ..)| of).filter(|of| !STATES.contains(of)).collect();
    assert!(unknown.is_empty(), "the standard has no state {unknown:?}");
}
