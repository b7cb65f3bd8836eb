use super::*;

#[derive(Default)]
struct Log(String);

impl TokenSink for Log {
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
    tokens.end().expect("within limits");
    std::mem::take(&mut tokens.sink.0)
}

#[test]
fn every_end_tag_is_seen_whatever_was_opened() {
    for (html, seen) in [
        ("<p>a<div>b</p>c</div>d", "<p>a<div>b</p>c</div>d"),
        ("</i></b >x</P\n>", "</i></b>x</P>"),
        ("<b>1<i>2</b>3</i>4", "<b>1<i>2</b>3</i>4"),
        ("a</>b<!-- </p> -->c</br>", "abc</br>"),
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

proptest::proptest! {
    #[test]
    fn a_start_tag_is_read_as_lol_html_reads_it(rest in "[a-c \\n/='\"]{0,24}") {
        let html = format!("<a{rest}>");
        let mut seen = Vec::new();
        let handler = element!("*", |el| {
            let bytes = el.source_location().bytes();
            let attributes: Vec<_> = el.attributes().iter().map(|a| (a.name_preserve_case(), a.value())).collect();
            seen.push((bytes, el.tag_name_preserve_case(), attributes, el.is_self_closing()));
            Ok(())
        });
        let settings = lol_html::Settings::new().append_element_content_handler(handler);
        let mut lol = lol_html::HtmlRewriter::new(settings, |_: &[u8]| {});
        lol.write(html.as_bytes()).expect("within limits");
        lol.end().expect("within limits");
        for (bytes, name, attributes, self_closing) in seen {
            let read = StartTag::read(&html[bytes]);
            let written: Vec<_> =
                read.attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            proptest::prop_assert_eq!(read.name, name);
            proptest::prop_assert_eq!(written, attributes);
            proptest::prop_assert_eq!(read.self_closing, self_closing);
        }
    }
}

#[test]
fn a_tag_that_strict_mode_stops_at_is_stepped_over() {
    let html = "<select><option>1<xmp title='>'><b>2</b></select>3";
    for piece in [1, 3, 1000] {
        assert_eq!(tokens(html, piece), "<select><option>1<b>2</b></select>3");
    }
}

#[test]
fn unclosed_elements_without_end_do_not_fill_the_memory() {
    let mut tokens = Tokens::new(Log::default());
    let chunk = "<p>text ".repeat(1000);
    for _ in 0..2000 {
        tokens.write(&chunk, |log| log.0.clear()).expect("within limits");
    }
    tokens.end().expect("within limits");
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
        tokens.end().expect(opened);
    }
}
