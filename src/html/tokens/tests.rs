mod states;

use lol_html::element;

use super::*;

#[derive(Default)]
struct Log(String);

impl TokenSink for Log {
    fn in_foreign(&self) -> bool {
        self.0.rfind("<svg") > self.0.rfind("</svg")
    }

    fn start(&mut self, start: &StartTag<'_>) {
        self.0 += &format!("<{}", start.name);
        for (name, value) in &start.attributes {
            self.0 += &format!(" {name}={value}");
        }
        self.0.push('>');
    }

    fn end(&mut self, _: Tag, name: &str) {
        self.0 += &format!("</{name}>");
    }

    fn text(&mut self, text: &str) {
        self.0 += text;
    }
}

fn tokens(html: &str, piece: usize) -> String {
    let mut tokens = Tokens::new(Log::default());
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = piece.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        tokens.write(&rest[..end], |_| {}).expect("within limits");
        rest = &rest[end..];
    }
    tokens.end();
    std::mem::take(&mut tokens.sink.0)
}

#[test]
fn every_end_tag_is_seen_whatever_was_opened() {
    for (html, seen) in [
        ("<p>a<div>b</p>c</div>d", "<p>a<div>b</p>c</div>d"),
        ("</i></b >x</P\n>", "</i></b>x</P>"),
        ("<b>1<i>2</b>3</i>4", "<b>1<i>2</b>3</i>4"),
        ("a</>b<!-- </p> -->c</br>", "abc</br>"),
        // An attribute's name may begin with an equals sign: no value follows it.
        ("x</b ='>y</i =x='>'>z", "x</b>y</i>z"),
        ("<a title='</b>'>x</a title='>'>y", "<a title=</b>>x</a>y"),
        ("<svg><![CDATA[<p>]]></svg>x", "<svg><p></svg>x"),
        // Nobody reads scripts and sheets, but where they end is where a browser ends them.
        ("<script>'</p>'</script></div>", "<script></script></div>"),
        ("<script><!--<script></script>--></script >x", "<script></script>x"),
        ("<style></styles><p></style\n>x", "<style></style>x"),
        ("<script>a</scrip", "<script>"),
        ("<script>a</script/ </meta> >b", "<script></script> >b"),
        ("a<frameset><xmp><p></xmp>b<plaintext></p>", "a<frameset><xmp><p></xmp>b<plaintext></p>"),
        ("<noscript><p>&lt;</nos</noscript >b</noscript>", "<noscript><p>&lt;</nos</noscript>b</noscript>"),
        ("<iframe>a<!--</iframe>--></iframe>b", "<iframe>a<!--</iframe>--></iframe>b"),
        ("<svg><style>a<b>c</b></style></svg>", "<svg><style>a<b>c</b></style></svg>"),
        ("<title>a</p>&am</title>b", "<title>a</p>&am</title>b"),
        ("<textarea>&lt;</text</textarea>b", "<textarea><</text</textarea>b"),
        ("<xmp>&lt;</x</xmp>b", "<xmp>&lt;</x</xmp>b"),
        ("<plaintext>&lt;</plaintext>", "<plaintext>&lt;</plaintext>"),
        ("<svg><title>a</title><![CDATA[b]]", "<svg><title>a</title>b]]"),
        ("a < b <3 </ b>c<!>d<?e>f</", "a < b <3 cdf</"),
        ("a<b c", "a"),
        ("x</p", "x"),
        ("a &am<!-- -->p; &l", "a &amp; &l"),
        ("Ёж &laquo;ж&raquo;", "Ёж «ж»"),
    ] {
        for piece in [1, 2, 7, 1000] {
            assert_eq!(tokens(html, piece), seen, "{html} in pieces of {piece}");
        }
    }
}

#[test]
fn comments_end_where_a_browser_ends_them() {
    for (html, seen) in [
        ("a<!-->b", "ab"),
        ("a<!--->b", "ab"),
        ("a<!--!>b-->c", "ac"),
        ("a<!---!>b-->c", "ac"),
        ("a<!----!>b", "ab"),
        ("a<!-- x --!>b", "ab"),
        ("a<!-- <p> > -- > -->b", "ab"),
        ("a<!-- <!-- x -->b-->c", "ab-->c"),
        ("a<!- x -->b", "ab"),
        ("a<!doctype html \">b", "ab"),
        ("a<![CDATA[b>c]]>d", "ac]]>d"),
        ("<svg>a<![CDATA[<b>]] > &lt;]]]>c<!--x--></svg>", "<svg>a<b>]] > &lt;]c</svg>"),
        ("a<!-- x --", "a"),
        ("a<!ж", "a"),
        ("a<!--ж--ж--!ж", "a"),
    ] {
        for piece in [1, 2, 7, 1000] {
            assert_eq!(tokens(html, piece), seen, "{html} in pieces of {piece}");
        }
    }
}

/// Where lol_html sees start tags, and what it reads of them.
type Seen = Vec<(std::ops::Range<usize>, String, Vec<(String, String)>, bool)>;

fn seen_by_lol_html(html: &str) -> Seen {
    let mut seen = Vec::new();
    let handler = element!("*", |el| {
        let bytes = el.source_location().bytes();
        let attributes = el.attributes().iter().map(|a| (a.name_preserve_case(), a.value())).collect();
        seen.push((bytes, el.tag_name_preserve_case(), attributes, el.is_self_closing()));
        Ok(())
    });
    let settings = lol_html::Settings::new().append_element_content_handler(handler);
    let mut lol = lol_html::HtmlRewriter::new(settings, |_: &[u8]| {});
    lol.write(html.as_bytes()).expect("within limits");
    lol.end().expect("within limits");
    seen
}

/// Start tags with their places.
#[derive(Default)]
struct Starts(Seen, std::ops::Range<usize>);

impl TokenSink for Starts {
    fn start(&mut self, start: &StartTag<'_>) {
        let attributes = start.attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.0.push((self.1.clone(), start.name.to_owned(), attributes.collect(), start.self_closing));
    }
    fn end(&mut self, _: Tag, _: &str) {}
    fn text(&mut self, _: &str) {}
    fn at(&mut self, start: u64, end: u64) {
        self.1 = start as usize..end as usize;
    }
}

fn seen_here(html: &str, piece: usize) -> Seen {
    let mut tokens = Tokens::new(Starts::default());
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(piece));
        tokens.write(piece, |_| {}).expect("within limits");
        rest = after;
    }
    tokens.end();
    tokens.sink.0
}

proptest::proptest! {
    #[test]
    fn a_start_tag_is_read_as_lol_html_reads_it(rest in "[a-c \\n/='\"]{0,24}", piece in 1_usize..30) {
        let html = format!("<a{rest}>");
        proptest::prop_assert_eq!(seen_here(&html, piece), seen_by_lol_html(&html));
    }

    #[test]
    fn start_tags_stand_where_lol_html_sees_them(
        html in "(<p>|</p>|<a b='>'>|<b/>|<i c=|x|ж|>|<|/|!|-|--|'|\"|=| |&amp;|<!--|-->|--!>|<!|<\\?|</|<!doctype html>\
                |<!\\[CDATA\\[|\\]\\]>|<script>|</script>|</script |<style>|</style>|<title>|</title>|<textarea>|</textarea>\
                |<xmp>|</xmp>|<noscript>|</noscript>|<iframe>|</iframe>|<plaintext>){0,16}",
        piece in 1_usize..40,
    ) {
        proptest::prop_assert_eq!(seen_here(&html, piece), seen_by_lol_html(&html));
    }
}

#[test]
fn raw_text_in_a_list_of_options_is_raw() {
    // lol_html in strict mode stops there, since an old browser ignores the tag.
    let html = "<select><option>1<xmp title='>'><b>2</b></xmp></select>3";
    for piece in [1, 3, 1000] {
        assert_eq!(tokens(html, piece), "<select><option>1<xmp title=>><b>2</b></xmp></select>3");
    }
}

#[test]
fn unclosed_elements_without_end_do_not_fill_the_memory() {
    let mut tokens = Tokens::new(Log::default());
    let chunk = "<p>text ".repeat(1000);
    for _ in 0..2000 {
        tokens.write(&chunk, |log| log.0.clear()).expect("within limits");
    }
    tokens.end();
}

#[test]
fn a_tag_of_many_pieces_is_read_with_what_follows_it() {
    for (opened, seen) in [("<p ", "<p>b<i>c</i>"), ("</p ", "</p>b<i>c</i>")] {
        let attributes = "a ".repeat(100_000);
        let html = format!("{opened}{attributes}>b<i>c</i>");
        let mut tokens = Tokens::new(Log::default());
        for piece in html.as_bytes().chunks(1000) {
            tokens.write(std::str::from_utf8(piece).expect("ASCII"), |_| {}).expect("within limits");
        }
        tokens.end();
        assert_eq!(tokens.sink.0.replace(" a=", ""), seen);
    }
}

#[test]
fn an_end_tag_of_another_name_in_a_script_does_not_hold_back_what_follows() {
    for opened in ["<script>\"</b ", "<style>/*</b ", "<noscript></nos "] {
        let mut tokens = Tokens::new(Log::default());
        tokens.write(opened, |_| {}).expect("within limits");
        let chunk = "x".repeat(1 << 20);
        for _ in 0..9 {
            tokens.write(&chunk, |log| log.0.clear()).expect(opened);
        }
        tokens.end();
    }
}
