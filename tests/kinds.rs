//! Kinds of pages and of markup that lose words, or take wrong ones, unless each is known: small pages that say what has to
//! come through and what must not. All people and places are invented.

use clearprint::article::{self, Article, Block, FindOptions};
use clearprint::{Error, Limits, rewrite};

const BEFORE: &str =
    "<p>Паром через Велгу встал в понедельник утром, и до вечера люди ждали на пристани, пока мастер менял вал.</p>";
const AFTER: &str = "<p>К ночи паром пошёл снова, и первый рейс был бесплатным для всех, кто ждал его с утра.</p>";

/// A page whose article holds `body` between two paragraphs.
fn page(body: &str) -> String {
    let head = "<!doctype html><html lang=ru><meta charset=utf-8><title>Паром встал</title>";
    format!("{head}<body><article><h1>Паром встал</h1>{BEFORE}{body}{AFTER}</article>")
}

fn find(html: &str) -> Article {
    let limits = Limits::default();
    article::find(html, &FindOptions::new("page", &limits)).unwrap_or_else(|error| panic!("{error}: {html}"))
}

/// Text without tags, white space collapsed.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.replace("&nbsp;", " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the article says in each form.
fn forms(article: &Article) -> [(&'static str, String); 5] {
    let json = Article::from_json(&article.to_json(), "page").unwrap();
    let markdown = Article::from_markdown(&article.to_markdown(), "page").unwrap();
    [
        ("HTML", plain(&article.to_html())),
        ("text", plain(&article.to_text())),
        ("JSON", plain(&json.to_html())),
        ("Markdown", plain(&markdown.to_html())),
        ("article mode", plain(&rewrite::article_page(article, &rewrite::Options::default()))),
    ]
}

#[test]
fn white_space_between_inline_elements_parts_words_in_every_form() {
    let between = [
        " ",
        "\n",
        "\t\n ",
        "&nbsp;",
        "&#8239;",
        "&emsp;",
        "<!-- a comment --> ",
        " <!-- a comment -->",
        "<!-- one --> <!-- two -->",
        "<br>",
        " <wbr>",
        "<wbr> ",
        " <img src=sign.png alt='' width=12 height=12> ",
        "<span> </span>",
        "<b> </b>",
        " <script>var a = 'b'</script>",
        " <span class=tooltip-text>слово</span>",
        "<button>Ещё</button> ",
        " <label><input type=checkbox> </label>",
        " <i></i>",
    ];
    let pairs = [("a href=/a", "b"), ("b", "i"), ("span", "a href=/b"), ("em", "strong"), ("a href=/a", "a href=/b")];
    for (first, second) in pairs {
        for between in between {
            let end = |tag: &str| tag.split(' ').next().unwrap_or_default().to_owned();
            let names = format!("<{first}>Глеб</{}>{between}<{second}>Оршанский</{}>", end(first), end(second));
            let html = page(&format!("<p>На пристани встретились {names} и остальные жители посёлка.</p>"));
            for (form, text) in forms(&find(&html)) {
                assert!(text.contains("встретились Глеб Оршанский и остальные"), "{form} of {names}: {text}");
            }
        }
    }
}

#[test]
fn elements_that_touch_stay_one_word() {
    for word in ["<b>П</b>аром", "Пар<i>ом</i>", "Па<wbr>ром", "Пар<!-- a -->ом", "Па<span></span>ром"]
    {
        let html = page(&format!("<p>На пристани стоял {word} и ждал, пока мастер поменяет вал.</p>"));
        for (form, text) in forms(&find(&html)) {
            assert!(text.contains("стоял Паром и ждал"), "{form} of {word}: {text}");
        }
    }
}

#[test]
fn marks_without_words_are_no_article_and_no_part_of_one() {
    for empty in [
        "<ul><li>•<li>—<li>•</ul>",
        "<p>* * *</p>",
        "<table><tr><td>•<td>—<tr><td>•<td>•</table>",
        "<ol><li><li>…</ol>",
    ] {
        let article = find(&page(empty));
        assert_eq!(article.blocks.len(), 2, "{empty}: {:?}", article.blocks);
    }
}

/// A kind: its name, a body between two paragraphs of text, what has to be in the article's HTML (tags and all, white space
/// collapsed) and what must not be.
struct Kind(&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const KINDS: &[Kind] = &[
    Kind(
        "a list of letters counted down",
        "<ol type=a start=3 reversed><li>вал<li>весло<li>якорь</ol>",
        &["<ol type=\"a\" start=\"3\">", "<li value=\"3\">вал</li>", "<li value=\"1\">якорь</li>"],
        &[],
    ),
    Kind(
        "a list with a gap in Roman numbers",
        "<ol type=I><li>Раздел о пароме<li value=9>Раздел о пристани<li>Раздел о кассе</ol>",
        &["<ol type=\"I\">", "<li value=\"9\">Раздел о пристани</li>", "<li value=\"10\">"],
        &[],
    ),
    Kind(
        "items that are dropped count all the same",
        "<ol><li>•<li>вал меняли девять часов<li>весло сломали утром</ol>",
        &["<ol start=\"2\">"],
        &["value="],
    ),
    Kind(
        "a formula in a line",
        "<p>Глубина равна <math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac><mo>=</mo><msqrt><mi>x</mi></msqrt></math> саженям, и мастер это знал.</p>",
        &["Глубина равна a/(b + 1) = √x саженям"],
        &[],
    ),
    Kind(
        "a formula of its own",
        "<math display=block><msup><mi>e</mi><mrow><mi>i</mi><mi>π</mi></mrow></msup><mo>+</mo><mn>1</mn><mo>=</mo><mn>0</mn></math>",
        &["<p>e<sup>iπ</sup> + 1 = 0</p>"],
        &[],
    ),
    Kind(
        "ruby",
        "<p>На борту парома написано <ruby>汉<rt>hàn</rt>字<rt>zì</rt></ruby>, и никто не помнит, кто это сделал.</p>",
        &["<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby><ruby>字<rp>(</rp><rt>zì</rt>"],
        &[],
    ),
    Kind(
        "short forms",
        "<p>В <abbr title='муниципальное унитарное предприятие'>МУП</abbr> обещали новый паром к весне, и касса тоже ждёт.</p>",
        &["<abbr title=\"муниципальное унитарное предприятие\">МУП</abbr>"],
        &[],
    ),
    Kind(
        "quotations within each other",
        "<p>Мастер ответил: <q>Паром зовут <q>Волна</q>, и имя ему менять не будут</q>, а касса промолчала.</p>",
        &["ответил: «Паром зовут „Волна“, и имя ему менять не будут», а касса"],
        &["“Паром"],
    ),
    Kind(
        "a quotation in English",
        "<p lang=en>The master said: <q>The ferry is called <q>Wave</q> and will be</q>, and the cashier was silent.</p>",
        &["<p lang=\"en\">The master said: “The ferry is called ‘Wave’ and will be”, and"],
        &[],
    ),
    Kind(
        "languages of words and of blocks",
        "<p>Слово <span lang=de>Wasserstandsmeldung</span> и <i lang=fr>l’eau</i> мастер знал с детства, от деда.</p><blockquote lang=en><p>Nobody saw the water come.</p></blockquote>",
        &[
            "<span lang=\"de\">Wasserstandsmeldung</span>",
            "<span lang=\"fr\"><em>l’eau</em></span>",
            "<p lang=\"en\">Nobody saw",
        ],
        &[],
    ),
    Kind(
        "a label that the letters belie",
        "<div lang=en-US><p>Паром починили к вечеру, и всё это время касса не закрывалась ни на минуту.</p></div>",
        &["<p>Паром починили"],
        &["lang=\"en"],
    ),
    Kind(
        "links within the page",
        "<p>Подробности <a href='#val'>о вале</a> и <a href='#nowhere'>о кассе</a> ниже, в особом разделе.</p><h2 id=val>О вале</h2><p>Вал меняли девять часов, и всё это время люди ждали у кассы.</p>",
        &["<a href=\"#place-val\">о вале</a> и о кассе ниже", "<h2><span id=\"place-val\"></span>О вале</h2>"],
        &["nowhere"],
    ),
    Kind(
        "tasks",
        "<ul><li><input type=checkbox checked disabled> поменять вал<li><input type=checkbox disabled> покрасить борт</ul>",
        &["<li>☑ поменять вал</li>", "<li>☐ покрасить борт</li>"],
        &[],
    ),
    Kind(
        "what opens when asked to",
        "<details><summary>Кто чинил паром</summary><p>Чинили мастер Глеб Ручьёв и трое его учеников из посёлка.</p></details>",
        &["<summary>Кто чинил паром</summary>", "<p>Чинили мастер"],
        &[],
    ),
    Kind(
        "verse with its indents",
        "<p>Идёт вода по Гати,<br>&nbsp;&nbsp;&nbsp;&nbsp;и нет у ней кровати,<br>и нет у ней плота,<br>&nbsp;&nbsp;&nbsp;&nbsp;лишь берег и черта.</p>",
        &["Гати,<br> &nbsp;&nbsp;&nbsp;&nbsp;и нет у ней кровати,<br> и нет"],
        &[],
    ),
    Kind(
        "a drawing in the page itself",
        "<figure><svg viewBox='0 0 30 20' width=300 height=200><title>Уровень воды</title><rect width=6 height=15 fill=teal /></svg><figcaption>Уровень воды за неделю</figcaption></figure>",
        &["data:image/svg+xml;base64,", "alt=\"Уровень воды\"", "<figcaption>Уровень воды за неделю"],
        &[],
    ),
    Kind(
        "a quotation in a figure",
        "<figure><blockquote><p>Слово держу, паром пойдёт к вечеру.</p></blockquote><figcaption>— Р. Ладейкина, кассир</figcaption></figure>",
        &["<blockquote> <p>Слово держу", "<footer>— Р. Ладейкина, кассир</footer>"],
        &[],
    ),
    Kind(
        "a table in a figure",
        "<figure><table><tr><th>Рейс<th>Час<tr><td>первый<td>7:00<tr><td>второй<td>9:30</table><figcaption>Рейсы парома зимой</figcaption></figure>",
        &["<caption>Рейсы парома зимой</caption>", "<td>7:00</td>"],
        &[],
    ),
    Kind(
        "a table in a table",
        "<table><caption>Птицы поймы</caption><tr><th>Вид<th>Когда<tr><td>Чибис<td><table><tr><td>март<td>апрель<tr><td>май<td>июнь</table><tr><td>Кулик<td>лето</table>",
        &["<caption>Птицы поймы</caption>", "<td>апрель</td>", "<td>лето</td>"],
        &[],
    ),
    Kind(
        "a script beside a picture",
        "<div class=photo><img src=parom.jpg width=600 height=400><script>var caption = 'Паром'; load(caption);</script></div>",
        &["parom.jpg"],
        &["load", "var caption"],
    ),
    Kind(
        "a counter in a paragraph",
        "<p><a href='#comments' class=comments-count>0</a>Вал меняли девять часов, и всё это время люди ждали у кассы на пристани.</p>",
        &["<p>Вал меняли"],
        &["0Вал", ">0<"],
    ),
    Kind(
        "a style, a template and form controls in the text",
        "<p>Вал <style>p{color:red}</style>меняли <template>шаблон</template>девять часов, <select><option>час</select>и всё это время люди ждали у кассы.</p>",
        &["Вал меняли девять часов, и всё"],
        &["color:red", "шаблон", ">час<"],
    ),
    Kind(
        "files",
        "<p>Чертежи вала и смета лежат в открытом доступе, их можно посмотреть.</p><div class=docs><div><a href=/upload/smeta.pdf>Смета на новый вал</a> (PDF, 140 КБ)</div><div><a href=/upload/chertezh.docx?d=1>Чертёж вала</a> (DOCX, 88 КБ)</div></div>",
        &["<ul> <li><a href=\"/upload/smeta.pdf\">Смета на новый вал</a> (PDF, 140 КБ)</li>", "chertezh.docx"],
        &[],
    ),
    Kind(
        "terms",
        "<dl><dt>Касса<dd>с 6:00 до 22:00, без перерыва<dt>Пристань<dd>круглые сутки, зимой по звонку</dl>",
        &["<dt>Касса</dt> <dd>с 6:00 до 22:00, без перерыва</dd>"],
        &[],
    ),
    Kind(
        "code with a button and breaks",
        "<pre><button>Копировать</button>паром --рейс 7<br>паром --рейс 9<script>x()</script></pre>",
        &["паром --рейс 7 паром --рейс 9"],
        &["Копировать", "x()"],
    ),
    Kind(
        "a picture's title",
        "<p><img src=parom.jpg width=600 height=400 alt=Паром title='Паром у пристани, 1984 год'></p>",
        &["title=\"Паром у пристани, 1984 год\""],
        &[],
    ),
];

#[test]
fn every_kind_of_markup_comes_through() {
    let squash = |text: &str| text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let mut wrong = Vec::new();
    for Kind(name, body, has, lacks) in KINDS {
        let article = find(&page(body));
        let html = squash(&article.to_html());
        wrong.extend(
            has.iter().filter(|part| !html.contains(&squash(part))).map(|part| format!("{name}: no {part} in {html}")),
        );
        wrong.extend(lacks.iter().filter(|part| html.contains(**part)).map(|part| format!("{name}: {part} in {html}")));
        let json = Article::from_json(&article.to_json(), "page").unwrap();
        assert_eq!(json, article, "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn markdown_read_back_has_all_that_the_model_has() {
    // What Markdown itself has no way to say: heads and spans of tables, captions, descriptions drawn from them.
    let parted =
        ["a table in a figure", "a table in a table", "a drawing in the page itself", "a quotation in a figure"];
    let mut wrong = Vec::new();
    for Kind(name, body, ..) in KINDS.iter().filter(|kind| !parted.contains(&kind.0)) {
        let article = find(&page(body));
        let markdown = article.to_markdown();
        let back = Article::from_markdown(&markdown, "page").unwrap();
        let html = |article: &Article| article.body_html().replace(" width=\"600\" height=\"400\"", "");
        if html(&back) != html(&article) {
            wrong.push(format!("{name}:\n{}\nis not\n{}\nof\n{markdown}", html(&back), html(&article)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn pictures_that_say_the_same_word_each_are_an_article_and_a_word_alone_over_and_over_is_none() {
    let pictures: String = (0..9)
        .map(|n| format!("<figure><img src=/{n}.jpg width=800 height=600><figcaption>Фото</figcaption></figure>"))
        .collect();
    let page = |body: &str| format!("<!doctype html><html lang=ru><title>Праздник</title><h1>Праздник</h1>{body}");
    let limits = Limits::default();
    let find = |body: &str| article::find(&page(body), &FindOptions::new("page", &limits));
    let article = find(&pictures).expect("an article of pictures");
    assert_eq!(article.blocks.iter().filter(|block| matches!(block, Block::Figure { .. })).count(), 9);
    assert!(matches!(find(&"<p>ну ну ну</p>".repeat(20)), Err(Error::NoArticle { .. })));
    // What has no letters that part into words is no such word.
    find(&"<p>เรือข้ามฟากกลับมาเดินอีกครั้งหลังจากแปดปีและชาวบ้านดีใจมาก</p>".repeat(4)).expect("an article");
}
