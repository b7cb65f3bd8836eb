use super::*;

const CLEAN: &str = r##"<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Паром</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><a href="#text">К тексту</a>
<form data-clearprint-panel><fieldset><legend>Размер</legend><label><input type="radio" name="s"> 100 %</label></fieldset></form>
<main id="text"><h1>Паром</h1><p lang="en">Text <a href="/a">link</a></p><h2>Ещё</h2><img src="a.jpg" alt="Паром">
<ul><li>один</li></ul><dl><dt>а</dt><dd>б</dd></dl>
<table><tr><th scope="col">Рейс</th></tr><tr><td>6:40</td></tr><tr><td>7:30</td></tr></table></main></body></html>"##;

fn rules(page: &str) -> Vec<String> {
    html(page, "page.html", &Limits::default()).unwrap().into_iter().map(|f| f.rule).collect()
}

#[test]
fn a_page_that_keeps_every_rule_has_no_findings() {
    assert_eq!(html(CLEAN, "page.html", &Limits::default()).unwrap(), []);
}

#[test]
fn each_planted_fault_is_found_and_nothing_else() {
    for (rule, from, to) in [
        ("WCAG 3.1.1", " lang=\"ru\"", ""),
        ("WCAG 3.1.1", "lang=\"ru\"", "lang=\"русский\""),
        ("WCAG 3.1.2", "lang=\"en\"", "lang=\"e_n\""),
        ("WCAG 2.4.2", "<title>Паром</title>", "<title> </title>"),
        ("WCAG 1.4.10", "name=\"viewport\"", "name=\"viewpoint\""),
        ("WCAG 1.4.4", "initial-scale=1", "initial-scale=1, maximum-scale=1.0"),
        ("WCAG 1.4.4", "initial-scale=1", "user-scalable=no"),
        ("WCAG 2.2.4", "<meta charset=\"utf-8\">", "<meta http-equiv=Refresh content=5>"),
        ("heading", "<h2>Ещё</h2>", "<h1>Ещё</h1>"),
        ("WCAG 1.3.1", "<h2>Ещё</h2>", "<h3>Ещё</h3>"),
        ("WCAG 1.3.1", "<h2>Ещё</h2>", "<h2><b> </b></h2>"),
        ("landmark", "</main>", "</main><main></main>"),
        ("WCAG 2.4.1", "href=\"#text\"", "href=\"#body\""),
        ("WCAG 2.4.1", "<a href=\"#text\">", "<a href=\"/\">Главная</a><a href=\"#text\">"),
        ("WCAG 1.1.1", " alt=\"Паром\"", ""),
        ("WCAG 1.3.1", "<th scope=\"col\">Рейс</th>", "<td>Рейс</td>"),
        ("WCAG 1.3.1", "scope=\"col\"", "scope=\"down\""),
        ("WCAG 2.4.4", ">link</a>", "><img src=x alt=\"\"></a>"),
        ("WCAG 2.4.4", ">link</a>", "><span aria-hidden=true>link</span></a>"),
        ("WCAG 3.3.2", "<label><input type=\"radio\" name=\"s\"> 100 %</label>", "<input placeholder=Имя>"),
        ("WCAG 1.3.1", "<legend>Размер</legend>", ""),
        ("WCAG 4.1.2", "<h2>Ещё</h2>", "<h2>Ещё</h2><button></button>"),
        ("WCAG 2.4.3", "<a href=\"/a\"", "<a tabindex=5 href=\"/a\""),
        ("WCAG 1.4.8", "<h2>", "<h2 style='font-size:2em; Color: red'>"),
        ("WCAG 1.4.8", "Text", "<font color=red>Text</font>"),
        ("script", "Text", "Text<script>1</script>"),
        ("script", "Text", "<b onclick=a()>Text</b>"),
        ("script", "href=\"/a\"", "href=\" java\tscript&colon;a()\""),
        ("embed", "Text", "Text<iframe src=/x></iframe>"),
        ("id", "<h2>", "<h2 id=text>"),
        ("id", "<h2>", "<h2 aria-describedby=nobody>"),
        ("WCAG 1.3.1", "<ul><li>один</li></ul>", "<li>один</li>"),
        ("WCAG 1.3.1", "<dl><dt>а</dt><dd>б</dd></dl>", "<dd>б</dd>"),
    ] {
        let page = CLEAN.replacen(from, to, 1);
        assert_ne!(page, CLEAN, "{from} is not in the page");
        let found = rules(&page);
        assert_eq!(found, [rule], "{from} -> {to}");
    }
}

#[test]
fn no_headline_and_no_main_are_found() {
    let found = rules("<html lang=en><title>a</title><meta name=viewport content=a><p>text");
    assert_eq!(found, ["heading", "landmark", "WCAG 2.4.1"]);
}

#[test]
fn what_is_not_a_fault_is_not_found() {
    for markup in [
        "<script type=\"application/ld+json\">{}</script>",
        "<script data-clearprint>1</script>",
        "<img src=a role=presentation>",
        "<a href=/a aria-label=Next>›</a>",
        "<a href=/a><svg aria-label=Home></svg></a>",
        "<table role=presentation><tr><td>1<td>2</table>",
        "<label for=q>Поиск</label><input id=q>",
        "<input type=hidden name=t><input type=submit>",
        "<p style=\"text-align:center\">a</p>",
        "<a href=\"/javascript:a\">a</a>",
        "<p lang=sr-Latn-RS>a</p><p lang=x-klingon>b</p>",
    ] {
        let page = CLEAN.replacen("<h2>", &format!("{markup}<h2>"), 1);
        assert_eq!(rules(&page), [] as [String; 0], "{markup}");
    }
}

#[test]
fn one_rule_does_not_drown_the_others() {
    let page = CLEAN.replace("<h2>", &format!("{}<h2>", "<img src=a>".repeat(500)));
    let found = html(&page, "page.html", &Limits::default()).unwrap();
    assert_eq!(found.len(), OF_ONE_RULE + 1);
    assert_eq!(found[OF_ONE_RULE].message, "and 480 more like these");
}

#[test]
fn a_finding_says_where_it_is() {
    let page = CLEAN.replace(" alt=\"Паром\"", "");
    let found = &html(&page, "page.html", &Limits::default()).unwrap()[0];
    assert_eq!(found.place, "<img src=\"a.jpg\">");
    assert!(found.to_string().starts_with("<img src=\"a.jpg\">: WCAG 1.1.1: "), "{found}");
}

#[test]
fn deep_and_odd_pages_are_judged_without_a_panic() {
    for page in ["", "\0", "<", &"<div>".repeat(20_000), &"<table><td>".repeat(2_000), &"<a href=/>".repeat(500)] {
        let _ = html(page, "page.html", &Limits::default());
    }
}
