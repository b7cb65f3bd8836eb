//! The stream as its users see it: what it keeps, and that nothing depends on how the page arrives.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clearprint::Limits;
use clearprint::clean::{Receipt, Rules};
use clearprint::internals::html::dom::{Dom, Edge};
use clearprint::rewrite::{Options, Rewriter};
use proptest::prelude::*;

fn rewrite(html: &str, piece: usize) -> (String, Receipt) {
    rewrite_with(html, piece, &Options::default())
}

fn rewrite_with(html: &str, piece: usize, options: &Options) -> (String, Receipt) {
    let mut page = Vec::new();
    let mut rewriter = Rewriter::new(Rules::built_in(), options, |bytes: &[u8]| page.extend_from_slice(bytes));
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = piece.min(rest.len());
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        rewriter.write(&rest[..end]).expect("within limits");
        rest = &rest[end..];
    }
    let receipt = rewriter.end().expect("within limits");
    (String::from_utf8(page).expect("UTF-8"), receipt)
}

fn samples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("samples").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
    files.sort();
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a sample");
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => encoding_rs::WINDOWS_1251.decode(e.as_bytes()).0.into_owned(),
        };
        (path.file_stem().expect("a name").to_string_lossy().into_owned(), text)
    };
    files.iter().map(read).collect()
}

/// The page without its style sheet and panel, which are the same everywhere.
fn without_frame(page: &str) -> String {
    let mut page = page.to_owned();
    for (from, to) in [("<style>", "</style>\n"), ("<form class=\"cp-panel\"", "</form>\n")] {
        let start = page.find(from).expect(from);
        let end = page[start..].find(to).expect(to) + start + to.len();
        page.replace_range(start..end, "");
    }
    page
}

#[test]
fn samples_look_as_they_did() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/rewrite");
    for (name, html) in samples() {
        let page = without_frame(&rewrite(&html, usize::MAX).0);
        let file = golden.join(format!("{name}.html"));
        if std::env::var_os("CLEARPRINT_UPDATE").is_some() {
            fs::create_dir_all(&golden).expect("a folder for snapshots");
            fs::write(&file, &page).expect("a snapshot");
        }
        let expected = fs::read_to_string(&file).unwrap_or_default();
        assert!(page == expected, "{name} has changed; look at it, then run with CLEARPRINT_UPDATE=1");
    }
}

#[test]
fn nothing_depends_on_how_the_page_arrives() {
    for (name, html) in samples() {
        let (whole, receipt) = rewrite(&html, usize::MAX);
        for piece in [1, 7, 4096] {
            let (page, same) = rewrite(&html, piece);
            assert!(page == whole, "{name} differs in pieces of {piece}");
            assert_eq!(same, receipt, "{name} in pieces of {piece}");
        }
    }
}

#[test]
fn the_name_of_a_field_is_not_spaced_out_by_the_pieces_it_comes_in() {
    let form = "<form action=/find><button>Да</button>По<!-- -->ис<b>к</b> по сайту:<input name=q></form>";
    for piece in [1, 2, 5, 1000] {
        let main = main_in_pieces("https://a.example/", form, piece);
        assert!(main.contains("name=\"q\" aria-label=\"Поиск по сайту\""), "in pieces of {piece}: {main}");
    }
}

#[test]
fn a_label_around_a_button_and_a_field_does_not_hold_another_label() {
    let form = "<form action=/find><label><button>Найти</button><input name=q placeholder='Что искать'></label></form>";
    let main = main_at("https://a.example/", form);
    assert!(main.contains("</button> Что искать <input type=\"text\" name=\"q\" required></label>"), "{main}");
    assert_eq!(main.matches("<label>").count(), 1, "{main}");
}

#[test]
fn nothing_of_the_samples_is_lost() {
    for (name, html) in samples() {
        let (_, receipt) = rewrite(&html, usize::MAX);
        assert_eq!(receipt.lost, Vec::<String>::new(), "{name}");
        assert!(receipt.kept.words > 100, "{name}: {:?}", receipt.kept);
    }
}

#[test]
fn every_page_has_one_main_one_h1_and_a_way_to_them() {
    for html in ["", "x", "<h1>a<h1>b", "<main>a</main><main>b</main>", "<table><td>x", "<title>t</title>", "<p>\u{0}"]
    {
        let (page, _) = rewrite(html, usize::MAX);
        for (mark, times) in [("<main ", 1), ("</main>", 1), ("<h1", 1), ("class=\"cp-skip\"", 1), ("<script", 0)] {
            assert_eq!(page.matches(mark).count(), times, "{mark} in {html:?}");
        }
        assert!(page.contains("lang=\"") && page.ends_with("</html>\n"), "{html:?}");
    }
}

#[test]
fn an_unclosed_element_of_a_rule_takes_nothing_along() {
    for (html, kept, gone) in [
        ("<div><p class=ad>gone1<p>kept1</div><p>kept2", "kept1 kept2", "gone1"),
        ("<ul><li>kept1<li class=ad>gone1<li>kept2</ul>", "kept1 kept2", "gone1"),
        ("<p>kept1<div class=ad>gone1</p>gone2</div>kept2", "kept1 kept2", "gone1 gone2"),
        ("<table><tr><td class=ad>gone1<td>kept1</table>kept2", "kept1 kept2", "gone1"),
        ("<table class=ad><tr><td>gone1</td></tr>kept1</table>kept2", "kept1 kept2", "gone1"),
        ("<b class=ad>gone1<p>gone2</b>kept1", "kept1", "gone1 gone2"),
    ] {
        let (page, _) = rewrite(html, usize::MAX);
        for word in kept.split(' ') {
            assert!(page.contains(word), "{word} is missing from {html}");
        }
        for word in gone.split(' ') {
            assert!(!page.contains(word), "{word} is left of {html}");
        }
    }
}

#[test]
fn a_rule_that_hits_the_text_by_mistake_is_overruled() {
    let text = "Предложение, в котором есть о чём прочитать и над чем подумать до самого вечера. ".repeat(40);
    let (page, receipt) = rewrite(&format!("<div class=popular><p>{text}</p><div class=ad>Купи</div></div>"), 100);
    assert!(page.contains("до самого вечера") && !page.contains("Купи"));
    assert_eq!(receipt.spared.len(), 1);
    assert_eq!(receipt.removed.len(), 1);
}

/// Elements whose content is never text of the page.
const OPAQUE: [&str; 14] = [
    "script", "style", "title", "noscript", "noembed", "noframes", "iframe", "svg", "canvas", "select", "textarea",
    "audio", "video", "template",
];

/// Words that an html5ever tree keeps when the same elements are taken out of it.
fn words_of_tree(html: &str) -> BTreeSet<String> {
    let dom = Dom::parse_with(html, "generated", &Limits::default(), true).expect("within limits");
    let mut words = BTreeSet::new();
    let mut edges = dom.edges(dom.root());
    while let Some(edge) = edges.next() {
        let Edge::Open(id) = edge else { continue };
        if let Some(tag) = dom.any_tag(id)
            && (OPAQUE.contains(&&**tag)
                || dom.attr(id, "class") == Some("ad") && !["h1", "main", "body"].contains(&&**tag))
        {
            edges.pass_over(id);
            continue;
        }
        words.extend(marked(dom.text(id)));
    }
    words
}

fn words_of_stream(html: &str, piece: usize) -> BTreeSet<String> {
    marked(&without_frame(&rewrite(html, piece).0)).collect()
}

/// The words that the generator made: `w` and a number.
fn marked(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.strip_prefix('w').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
        .map(str::to_owned)
}

/// Broken HTML: tags of every kind in any order, some of them of a rule, with words between.
fn broken_html(with_inline_hits: bool) -> impl Strategy<Value = String> {
    let tags = [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "b",
        "i",
        "a",
        "span",
        "h2",
        "h3",
        "em",
        "table",
        "tr",
        "td",
        "th",
        "tbody",
        "caption",
        "dl",
        "dt",
        "dd",
        "form",
        "section",
        "article",
        "center",
        "font",
        "pre",
        "blockquote",
        "nobr",
        "button",
        "ruby",
        "rt",
        "details",
        "summary",
        "figure",
        "figcaption",
        "address",
        "header",
        "footer",
        "nav",
        "aside",
        "main",
        "object",
        "marquee",
    ];
    let tag = prop::sample::select(tags.to_vec());
    let inline = ["b", "i", "a", "span", "em", "font", "nobr", "ruby", "rt", "button"];
    let hit = tags.into_iter().filter(|tag| with_inline_hits || !inline.contains(tag)).collect::<Vec<_>>();
    // What changes how the rest is read: raw text, text areas, templates.
    let mut modes = vec![
        "</title>",
        "<textarea>",
        "</textarea>",
        "<template>",
        "</template>",
        "<noscript>",
        "</noscript>",
        "<xmp>",
        "</xmp>",
        "<iframe>",
        "</iframe>",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<body>",
        "</body>",
        "</html>",
        "</br>",
        "<option>",
        "</option>",
    ];
    // Foreign content and lists of options: there a tree may drop what a stream keeps, since the tokenizer does not know
    // that the end of what is around a drawing has left it, nor how far raw text in a list is raw.
    if with_inline_hits {
        modes.extend([
            "<svg>",
            "</svg>",
            "<math>",
            "<mi>",
            "</math>",
            "<select>",
            "</select>",
            "<title>",
            "<desc>",
            "</desc>",
            "<foreignObject>",
            "</foreignObject>",
            "<mtext>",
            "</mtext>",
            "<applet>",
        ]);
    }
    let piece = prop_oneof![
        4 => tag.clone().prop_map(|tag| format!("<{tag}>")),
        1 => prop::sample::select(hit).prop_map(|tag| format!("<{tag} class=ad>")),
        4 => tag.prop_map(|tag| format!("</{tag}>")),
        6 => Just("#".to_owned()),
        1 => Just("<br>".to_owned()),
        1 => Just("<!-- </p> -->".to_owned()),
        1 => prop::sample::select(modes).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..40).prop_map(|pieces| {
        let mut html = String::new();
        for (n, piece) in pieces.iter().enumerate() {
            if piece == "#" {
                html.push_str(&format!(" w{n} "));
            } else {
                html.push_str(piece);
            }
        }
        html
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn the_stream_keeps_what_a_tree_keeps(html in broken_html(false)) {
        prop_assert_eq!(words_of_stream(&html, usize::MAX), words_of_tree(&html), "{}", html);
    }

    /// Where the adoption agency takes a block out of inline elements that rules hit, the stream may keep what a tree
    /// would drop with the copies of these elements; it never drops what a tree keeps.
    #[test]
    fn no_word_that_a_tree_keeps_is_lost(html in broken_html(true)) {
        let lost: Vec<String> = words_of_tree(&html).difference(&words_of_stream(&html, usize::MAX)).cloned().collect();
        prop_assert_eq!(lost, Vec::<String>::new(), "{}", html);
    }

    #[test]
    fn pieces_make_no_difference(html in broken_html(true), piece in 1..9_usize) {
        let (pieces, whole) = (rewrite(&html, piece).0, rewrite(&html, usize::MAX).0);
        prop_assert_eq!(without_frame(&pieces), without_frame(&whole), "{} in pieces of {}", html, piece);
    }

    #[test]
    fn any_text_makes_a_page(html in "\\PC{0,200}|[<>/a-z!\\-&;='\" ]{0,200}") {
        let (page, _) = rewrite(&html, 3);
        prop_assert!(page.ends_with("</html>\n"));
        prop_assert!(!page.contains("<script"));
    }
}

/// The main part of what a page becomes.
fn main_of(body: &str) -> String {
    let page = format!("<html lang=ru><head><title>Мост открыт</title></head><body>{body}</body></html>");
    let (page, _) = rewrite(&page, 64);
    let start = page.find("<main").expect("a main part");
    page[start..page.find("</main>").expect("its end")].to_owned()
}

#[test]
fn a_heading_below_the_headline_is_of_the_second_level_whatever_the_menu_had() {
    let text = "Через реку снова ходит паром, и очередей за переправой больше нет. ".repeat(5);
    let main = main_of(&format!(
        "<h2>Разделы</h2><h3>Спорт</h3><p>Меню</p><h1>Мост открыт</h1><p>{text}<h4>Что дальше</h4><p>{text}"
    ));
    assert!(main.contains("<h2>Что дальше</h2>"), "{main}");
    let folded = format!(
        "<h1>Мост открыт</h1><p>{text}<details><summary>Подробно</summary><h2>А</h2><h3>Б</h3><p>в</details><h4>Г</h4><p>{text}"
    );
    let main = main_of(&folded);
    assert!(main.contains("<h2>Г</h2>"), "what is folded away leads no outline: {main}");
}

#[test]
fn lists_of_terms_and_tables_and_folded_links_are_sound_for_assistive_technology() {
    let text = "Через реку снова ходит паром, и очередей за переправой больше нет. ".repeat(5);
    let table = "<table><tr><th>Рейс<th>Время<tr><td>1<td>6:40<tr><td>2<td>7:30</table>";
    let body = format!(
        "<h1>Мост открыт</h1><p>{text}<dl><dt>Один<dt>Два</dl><dl><dd>Ответ</dl>{table}{table}\
         <details><summary><a href=/politik>Политика</a></summary><p>{text}</details><p>{text} <a href=/x>&nbsp;</a> конец"
    );
    let main = main_of(&body);
    assert!(main.contains("<dt>Два</dt>\n<dd></dd></dl>"), "{main}");
    assert!(main.contains("<dt></dt>\n<dd>Ответ</dd></dl>"), "{main}");
    assert!(main.contains("aria-label=\"Таблица\"") && main.contains("aria-label=\"Таблица 2\""), "{main}");
    assert!(main.contains("<summary>Политика</summary>\n<p><a href=\"/politik\">Политика</a></p>"), "{main}");
    assert!(!main.contains("href=\"/x\""), "a link that shows nothing is none: {main}");
}

/// The same for a page whose address is known.
fn main_at(address: &str, body: &str) -> String {
    main_in_pieces(address, body, usize::MAX)
}

fn main_in_pieces(address: &str, body: &str, piece: usize) -> String {
    let text = "Через реку снова ходит паром, и очередей за переправой больше нет. ".repeat(5);
    let page = format!(
        "<html lang=ru><head><meta charset=windows-1251><title>Мост открыт</title></head><body><h1>Мост открыт</h1><p>{text}{body}"
    );
    let mut options = Options::default();
    options.base_url = Some(address.parse().expect("an address"));
    let (page, receipt) = rewrite_with(&page, piece, &options);
    assert!(receipt.lost.is_empty(), "{:?}", receipt.lost);
    let start = page.find("<main").expect("a main part");
    page[start..page.find("</main>").expect("its end")].to_owned()
}

/// Found by a million broken pages, each of which the stream read otherwise than a tree.
#[test]
fn rare_nestings_are_read_as_a_tree_reads_them() {
    for html in [
        "<table><font class=ad><marquee><table> w4 ",
        "<table><tr><td><b class=ad><object></td><td> w4 ",
        "<nobr><b><h2 class=ad></nobr> w4 <h2> w6 ",
        "<i><h2><form><div><h2><dl><section><dl><ul><p class=ad></i> w11 ",
        "<nav><select></nav><select> w4 ",
    ] {
        assert_eq!(words_of_stream(html, usize::MAX), words_of_tree(html), "{html}");
    }
    let formula = "<math><rt class=ad><annotation-xml encoding=text/html><p> w4 ";
    assert!(words_of_tree(formula).is_empty(), "the text of an annotation stands in it");
}

#[test]
fn white_space_before_a_word_makes_no_difference_in_pieces() {
    let html = " w0 <pre> w2 <b><h2 class=ad><b class=ad></h2></figcaption> w8 ";
    assert_eq!(rewrite(html, 1).0, rewrite(html, usize::MAX).0);
}

#[test]
fn a_form_that_asks_its_own_site_goes_on_working() {
    let form = "<form action=/search onsubmit=steal()><input type=hidden name=site value=1><input name=q placeholder='Что искать' onfocus=x() formaction=//evil>\
        <label>Год: <select name=y><option value=26 selected>2026<option>2025</select></label>\
        <input type=checkbox id=t name=t value=1><label for=t>только в заголовках</label><button><img src=/l.gif alt=''></button></form>";
    let main = main_at("https://a.example/news/1", form);
    for part in [
        "<form class=\"cp-form\" action=\"https://a.example/search\" accept-charset=\"windows-1251\">",
        "<label>Что искать <input type=\"text\" name=\"q\"></label>",
        "<label>Год: <select name=\"y\"><option value=\"26\" selected>2026</option><option>2025</option></select></label>",
        "<input type=\"checkbox\" name=\"t\" value=\"1\" id=\"t\">",
        "<label for=\"t\">только в заголовках</label>",
        "alt=\"\" loading=\"lazy\" decoding=\"async\"> Найти</button>",
        "<input type=\"hidden\" name=\"site\" value=\"1\"></form>",
    ] {
        assert!(main.contains(part), "{part} is not in {main}");
    }
    assert!(!main.contains("evil") && !main.contains("steal"), "{main}");
    let scripted = main_at("https://a.example/news/1", "<form action=/find><input name=q aria-label=Поиск></form>");
    assert!(scripted.contains("<button type=\"submit\">Найти</button>"), "{scripted}");
    assert!(scripted.contains(" name=\"q\" required>"), "an empty search asks for nothing: {scripted}");
}

#[test]
fn a_form_that_would_not_work_leads_to_the_original_page() {
    for form in [
        "<form method=post action=/send><input name=name><textarea name=t></textarea></form>",
        "<form action=https://other.example/search><input name=q></form>",
        "<form action=javascript:alert(1)><input name=q></form>",
        "<form><input name=q></form>",
        "<form action='#'><input name=q></form>",
        "<form action=''><input name=q></form>",
        "<form action=/search><input type=hidden name=q><input type=submit></form>",
        "<form action=/search><input name=q><button formaction=/steal>go</button></form>",
        "<form action=/search><input name=q><input type=submit formtarget=_blank></form>",
        "<form action=/search><button>go</button></form>",
    ] {
        let main = main_at("https://a.example/news/1", form);
        assert!(!main.contains("<form") && !main.contains("<input"), "{main}");
        assert!(main.contains("<a href=\"https://a.example/news/1\">Форма на исходной странице</a>"), "{main}");
    }
}

/// The main part and what stands before it, of a page with this head and body.
fn opened(head: &str, body: &str) -> (String, String) {
    let (page, _) = rewrite(&format!("<html lang=ru><head>{head}</head><body>{body}</body></html>"), 997);
    let start = page.find("<main").expect("a main part");
    let end = page.find("</main>").expect("its end");
    (page[..start].to_owned(), page[start..end].to_owned())
}

const SENTENCES: &str = "Через реку снова ходит паром, и очередей за переправой больше нет. ";

#[test]
fn the_main_part_opens_at_the_headline_not_at_a_notice_or_a_slogan() {
    let title = "<title>Мост через Унжу открыли | Вести Унжи - Новости района и области</title>";
    let text = SENTENCES.repeat(5);
    let notice = format!("<div>{}</div>", "Ваш браузер устарел, и страница может выглядеть не так. ".repeat(5));
    let menu = "<ul><li><a href=/a>Спорт района</a><li><a href=/b>Погода на неделю</a></ul>".repeat(60);
    for above in [notice.as_str(), "<h1>Новости района и области</h1>", "<h1>Вести</h1><p>Редакция</p>"]
    {
        let (before, main) = opened(title, &format!("{above}{menu}<h1>Мост через Унжу открыли</h1><p>{text}"));
        assert!(before.contains("Погода на неделю"), "{main}");
        assert!(main.contains("<h1>Мост через Унжу открыли</h1>\n<p>Через реку"), "{above}: {main}");
    }
    // A bar above the menus that repeats the title is not the headline either.
    let (_, main) =
        opened(title, &format!("<h2>Мост через Унжу открыли</h2>{menu}<h1>Мост через Унжу открыли</h1><p>{text}"));
    assert!(main.contains("<h1>Мост через Унжу открыли</h1>\n<p>Через реку"), "{main}");
}

#[test]
fn an_article_with_many_menus_opens_its_main_part_at_the_headline_and_any_other_page_after_48_kib() {
    let menu = "<ul><li><a href=/novosti/rayon/1>Спорт района</a><li><a href=/b>Погода на неделю</a></ul>".repeat(3000);
    let body = format!("{menu}<h1>Мост через Унжу открыли</h1><p>{}", SENTENCES.repeat(5));
    let title = "<title>Мост через Унжу открыли</title>";
    let (before, main) = opened(&format!("{title}<meta property=og:type content=article>"), &body);
    assert!(before.len() > 200_000);
    assert!(main.contains("<h1>Мост через Унжу открыли</h1>\n<p>Через реку"));
    let (before, main) = opened("<title>Вести</title>", &menu);
    assert!(before.len() < 100_000 && main.matches("Спорт района").count() > 2000, "a page of links is none of menus");
}

#[test]
fn a_headline_that_turns_out_to_hold_a_list_leaves_its_place_to_the_title() {
    let list = "<ol><li><a href=/>Главная</a><li><a href=/n>Новости</a><li>Мост через Унжу открыли</ol>";
    let body = format!("<div>{list}</div><h2>Переправа: как это было</h2><p>{}", SENTENCES.repeat(5));
    let (_, main) = opened("<title>Мост через Унжу открыли</title>", &body);
    assert!(main.contains("<h1>Мост через Унжу открыли</h1>"), "{main}");
}

#[test]
fn a_headline_that_is_a_link_stays_one() {
    let body = format!("<div><a href=/s/1>Мост через Унжу открыли</a></div><p>{}", SENTENCES.repeat(5));
    let (_, main) = opened("<title>Мост через Унжу открыли</title>", &body);
    assert!(main.contains("<h1><a href=\"/s/1\">Мост через Унжу открыли</a></h1>"), "{main}");
}

#[test]
fn the_main_part_ends_with_the_article_not_with_its_beginning() {
    let text = SENTENCES.repeat(10);
    let header = "<header><h1>Мост через Унжу открыли</h1><footer>5 января</footer></header>";
    let lead = format!("<article><h1>Мост через Унжу открыли</h1><p>{text}</article>");
    for begin in [format!("<article>{header}"), format!("<main>{lead}")] {
        let body = format!("{begin}<p>{text}<p>{text}<p>Последнее слово.</main></article><footer>О газете</footer>");
        let (_, main) = opened("<title>Мост через Унжу открыли</title>", &body);
        assert!(main.contains("Последнее слово.") && !main.contains("О газете"), "{main}");
    }
}

#[test]
fn a_box_to_tick_is_named_or_goes() {
    let form = "<form action=/find><input name=q aria-label=Поиск><input type=checkbox name=menu>\
        <p><input type=checkbox name=t value=1> только в заголовках</form>";
    let main = main_at("https://a.example/news/1", form);
    assert!(
        main.contains("<input type=\"checkbox\" name=\"t\" value=\"1\" aria-label=\"только в заголовках\">"),
        "{main}"
    );
    assert!(!main.contains("name=\"menu\""), "{main}");
    let icon =
        main_at("https://a.example/news/1", "<form action=/find><input name=q><button>\u{e7fd}&nbsp;</button></form>");
    assert!(icon.contains("<button type=\"submit\">Найти</button>"), "{icon}");
}

#[test]
fn links_below_a_heading_that_says_so_go_and_sentences_below_it_stay() {
    let text = SENTENCES.repeat(3);
    let list = "<ul><li><a href=/1>Паром снова ходит</a> 5 мая<li><a href=/2>Переправа закрыта на зиму</a></ul>";
    let article = |block: &str| {
        let body = format!("<h1>Мост открыт</h1><p>{text}{block}<p>Конец: {text}");
        let (page, receipt) = rewrite(&format!("<title>Мост открыт</title><body>{body}"), 61);
        assert!(page.contains("Конец:") && receipt.lost.is_empty(), "{:?} {page}", receipt.lost);
        (
            page.contains("Паром снова"),
            receipt.removed.iter().map(|removal| removal.selector.clone()).collect::<Vec<_>>(),
        )
    };
    for block in [
        format!("<h3>Читайте также:</h3>{list}"),
        format!("<div><div><h3>Популярное</h3></div>{list}</div>"),
        format!("<section><p><b>По этой теме</b></p>{list}</section>"),
        format!("<h2>Ещё по теме</h2><div>{list}</div><h2>Что дальше</h2>"),
    ] {
        let (kept, removed) = article(&block);
        assert!(!kept && removed.len() == 2, "{block}: {removed:?}");
    }
    for block in [
        format!("<h3>Как доехать</h3>{list}"),
        format!("<h3>Популярное</h3><div><p>{text}</p>{list}</div>"),
        "<h3>Популярное</h3><p>Паром снова <em>ходит</em>, и это все.".to_owned(),
        "<h3>Читайте также</h3><br>Вчера: <a href=/1>Паром снова ходит</a><br>".to_owned(),
        format!("<h3>Читайте также</h3><p>Раньше</p><h3>О переправе</h3>{list}"),
    ] {
        let (kept, removed) = article(&block);
        assert!(kept && removed.is_empty(), "{block}: {removed:?}");
    }
}

#[test]
fn what_folds_away_has_a_name() {
    let main = main_of(&format!(
        "<h1>Мост открыт</h1><p>{SENTENCES}<details><summary><svg></svg></summary><p>внутри</details>"
    ));
    assert!(main.contains("<details>\n<summary>Подробнее</summary>\n<p>внутри</p></details>"), "{main}");
}

#[test]
fn photographs_of_a_common_size_are_no_advertisements() {
    let body = "<p>Текст.</p><img src='/a.jpg' width=300 height=300><img src='/b.jpg' width=300 height=250>\
        <img src='/c.jpg' width=468 height=60>";
    let page = main_of(body);
    assert!(page.contains("a.jpg") && page.contains("b.jpg") && !page.contains("c.jpg"), "{page}");
}

#[test]
fn headers_and_headings_that_say_nothing_are_none() {
    let main = main_of(&format!(
        "<h1>Мост открыт</h1><p>{SENTENCES}<table><tr><th scope=col>Рейс<th scope=col colspan=2></th><tr><td>1<td>2<td>3</table>\
         <h2><img src=/l.png alt=''></h2><p>{SENTENCES}"
    ));
    assert!(main.contains("<th scope=\"col\">Рейс</th>\n<td colspan=\"2\"></td>"), "{main}");
    assert!(!main.contains("<h2"), "{main}");
}

#[test]
fn a_word_after_a_formula_that_an_outer_end_tag_closes_is_kept() {
    let (page, receipt) = rewrite("<p><ruby><math><textarea></ruby> w4", 7);
    assert!(page.contains("w4"), "{page}");
    assert!(receipt.lost.is_empty(), "{:?}", receipt.lost);
}

#[test]
fn the_page_in_other_languages_is_named_by_public_addresses_only() {
    let html = "<head><link rel=alternate hreflang=en href=https://a.example/en?x=1&amp;y=2>\
                <link rel='alternate nofollow' hreflang=X-Default href=https://a.example/>\
                <link rel=alternate hreflang=de href=javascript:alert(1)>\
                <link rel=alternate hreflang='\"><script>' href=https://a.example/s>\
                <link rel=stylesheet hreflang=fr href=https://a.example/fr><title>t</title><h1>t</h1><p>text";
    let (page, _) = rewrite(html, 11);
    let named: Vec<&str> = page.lines().filter(|line| line.starts_with("<link rel=\"alternate\"")).collect();
    assert_eq!(
        named,
        [
            "<link rel=\"alternate\" hreflang=\"en\" href=\"https://a.example/en?x=1&amp;y=2\">",
            "<link rel=\"alternate\" hreflang=\"X-Default\" href=\"https://a.example/\">",
        ]
    );
}

/// What stands for `{P1}` and the like in the pages of `tests/data/pages.txt`.
const PASSAGES: [(&str, &str); 10] = [
    (
        "{P1}",
        "Рабочие с утра разбирают старый деревянный причал, и жители ходят смотреть, как доски грузят в машину и увозят на берег. \
              Обещают, что новый настил положат до ледостава, а пока лодки стоят у дальней пристани.",
    ),
    (
        "{P2}",
        "На работы ушло чуть больше четырёх миллионов рублей, из них треть собрали сами жители, остальное дал район. \
              Подрядчик приехал из соседней области и живёт в школьном общежитии.",
    ),
    (
        "{P3}",
        "Ночью место освещают два фонаря, и сторож обходит его каждый час, потому что дети прыгают с мостков в воду. \
              Весной обещают поставить ограду и скамейки.",
    ),
    (
        "{P4}",
        "Старожилы помнят, как в половодье причал унесло до самой мельницы и как его тянули обратно двумя тракторами три дня подряд.",
    ),
    (
        "{P5}",
        "Движение перекроют в субботу с восьми утра до обеда, объезд пойдёт через село, автобусы сделают лишний круг.",
    ),
    (
        "{P6}",
        "Лёд на реке встал на две недели раньше обычного, и рыбаки уже вышли, хотя спасатели просят подождать до морозов.",
    ),
    (
        "{E1}",
        "The wheel of the old mill turns again after forty years, and the miller's granddaughter has ground the first \
              sack of rye for the baker on the square, who says that the bread tastes of stone and water.",
    ),
    (
        "{E2}",
        "Volunteers from three villages cleared the channel through the summer, found two millstones in the mud, and \
              rebuilt the sluice from a drawing that a schoolteacher had made before the war.",
    ),
    (
        "{MENU}",
        "<a href=/m1>Главная</a> <a href=/m2>Новости района</a> <a href=/m3>О газете и редакции</a> <a href=/m4>Объявления</a> \
                <a href=/m5>Архив номеров</a> <a href=/m6>Подписка на газету</a> <a href=/m7>Контакты</a> <a href=/m8>Реклама</a>",
    ),
    (
        "{NEWS}",
        "<ul><li><a href=/n1>Библиотека переехала в новое здание</a></li><li><a href=/n2>На Волчьей горе нашли клад монет</a></li>\
                <li><a href=/n3>Школьники собрали тонну макулатуры</a></li><li><a href=/n4>Кузнец из Липок выиграл конкурс</a></li>\
                <li><a href=/n5>Дачный автобус изменит маршрут</a></li><li><a href=/n6>Ветеринары привили всех собак</a></li></ul>",
    ),
];

fn filled(text: &str) -> String {
    PASSAGES.iter().fold(text.to_owned(), |text, (name, passage)| text.replace(name, passage))
}

/// The pages are of many makes, and each says what belongs to its main part.
#[test]
fn the_main_part_holds_the_article_and_little_else() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages.txt");
    let pages = fs::read_to_string(file).expect("pages");
    let mut options = Options::default();
    options.base_url = "https://a.example/news/1".parse().ok();
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in pages.split("\n=== ").skip(1) {
        let (name, rest) = page.split_once('\n').expect("a name");
        let is_claim = |line: &&str| line.starts_with(['+', '-', '!']) && line.as_bytes().get(1) == Some(&b' ');
        let claims: Vec<String> = rest.lines().take_while(is_claim).map(filled).collect();
        let html = filled(&rest.lines().skip(claims.len()).collect::<Vec<_>>().join("\n"));
        let (whole, receipt) = rewrite_with(&html, usize::MAX, &options);
        let (pieces, _) = rewrite_with(&html, 7, &options);
        assert!(whole == pieces, "{name}: differs in pieces");
        assert_eq!(receipt.lost, Vec::<String>::new(), "{name}");
        let from = whole.find("<main").expect("main");
        let main = &whole[from..whole.find("</main>").expect("main")];
        let body = &whole[whole.find("</style>").expect("a sheet")..];
        for claim in &claims {
            let said = &claim[2..];
            let holds = match claim.as_bytes()[0] {
                b'+' => main.contains(said),
                b'-' => !main.contains(said) && body.contains(said),
                _ => !body.contains(said),
            };
            if !holds {
                wrong.push(format!("{name}: {}", claim.chars().take(60).collect::<String>()));
            }
        }
        count += 1;
    }
    assert!(count >= 30, "{count}");
    assert_eq!(wrong, Vec::<String>::new());
}

/// Files at the end of a notice are part of it: in its last element, right behind that, and below a line that names them.
#[test]
fn files_that_a_text_comes_with_stay_in_the_main_part() {
    let sentence = "<p>Администрация округа извещает жителей о том, что собрание по вопросу о новом мосте через реку \
                    пройдёт в доме культуры, и просит прийти всех, кто может помочь советом или делом.</p>";
    let menu: String =
        (1..30).map(|n| format!("<li><a href=/n/{n}>Новость номер {n} о том, что было вчера</a></li>")).collect();
    let files = [
        "<p><b>Приложения:</b></p><ul><li><a href=/u/plan.PDF?v=2>План моста</a> (PDF, 2 МБ)</li></ul></div>",
        "</div><div class=docs><a href=/u/plan.docx>План моста</a><br><a href=/u/smeta.xlsx>Смета</a></div>",
        "</div><h3>Документы</h3><div><p><a href=/u/plan.odt>План моста</a></p></div>",
    ];
    for files in files {
        let page = format!(
            "<div id=wrap><h1>Извещение о собрании</h1><div class=text>{}{files}<div class=right><h3>Новости</h3>\
             <ul>{menu}</ul></div></div>",
            sentence.repeat(6)
        );
        let main = main_of(&page);
        assert!(main.contains("План моста"), "{files}: {main}");
        assert!(!main.contains("Новость номер 9"), "{files}: {main}");
    }
    // A column of documents is a menu like any other.
    let column: String = (1..30).map(|n| format!("<li><a href=/d/{n}.pdf>Решение совета номер {n}</a></li>")).collect();
    let page = format!(
        "<div id=wrap><h1>Извещение о собрании</h1><div class=text>{}</div><div class=sidebar><h3>Решения</h3>\
         <ul>{menu}{column}</ul></div></div>",
        sentence.repeat(6)
    );
    assert!(!main_of(&page).contains("Решение совета номер 9"));
}

/// A table of contents between the lead and the text leads to the text, not away from it.
#[test]
fn a_table_of_contents_does_not_end_the_main_part() {
    let sentence =
        "Паром через Велгу ходил сорок лет, и в тумане его узнавали по голосу, каким рулевой отвечал берегу. ";
    let entries: String = (1..25)
        .map(|n| {
            format!("<li><a href=#part-{n}>Часть {n}: как паром ходил в {}-м году и кого возил</a></li>", 1980 + n)
        })
        .collect();
    let parts: String = (1..25)
        .map(|n| format!("<div class=part><h2 id=part-{n}>Часть {n}</h2><p>{sentence}{sentence}</p></div>"))
        .collect();
    let main = main_of(&format!(
        "<h1>Мост открыт</h1><div class=lead><p>{}</p></div><div class=toc><p>Содержание</p><ul>{entries}</ul></div>\
         <div class=parts>{parts}</div>",
        sentence.repeat(4)
    ));
    assert_eq!(main.matches("Паром через Велгу").count(), 4 + 2 * 24, "{main}");
}
