//! Kinds of pages that are no news of several paragraphs, in frames of several makes: what is in the article, and what
//! stands around it.

use clearprint::{
    Limits,
    article::{FindOptions, find},
};

/// Frames: the markup around the headline and the body, and what of them has to stay out.
const FRAMES: [(&str, &str, &[&str]); 3] = [
    (
        "semantic",
        r#"<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>HEADLINE</title></head><body>
<header><a href="/">Заречный листок</a><nav><ul><li><a href="/n">Новости</a><li><a href="/a">Афиша</a><li><a href="/k">Связь</a></ul></nav></header>
<main><article><h1>HEADLINE</h1>BODY</article></main>
<aside><h3>Читают сейчас</h3><ul><li><a href="/1">Мельницу покрасят к весне</a><li><a href="/2">Трактор нашли в пруду</a></ul></aside>
<footer><p>© 2026 Заречный листок. Все права защищены.</p></footer></body></html>"#,
        &["Мельницу покрасят", "Все права защищены"],
    ),
    (
        "divisions",
        r#"<html><head><meta charset="utf-8"><title>HEADLINE - Посёлок Липовый</title></head><body><div id="wrap">
<div id="top"><a href="/">Посёлок Липовый</a> <a href="/about">О посёлке</a> <a href="/docs">Документы</a></div>
<div id="left"><div class="block"><b>Меню</b><ul><li><a href="/1">Глава</a></li><li><a href="/2">Совет</a></li></ul></div></div>
<div id="center"><h1>HEADLINE</h1><div class="item-text">BODY</div></div>
<div id="foot">Администрация посёлка, 2026. Телефон приёмной 2-00-00</div></div></body></html>"#,
        &["Меню", "Телефон приёмной"],
    ),
    (
        "nameless",
        r#"<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>HEADLINE</title></head><body><div><div><a href="/">Дом</a><a href="/x">Рубрики</a><a href="/y">Архив номеров</a></div>
<section class="q7x"><h1>HEADLINE</h1><div class="zz81">BODY</div></section>
<div class="kk2"><a href="/3">Козы вернулись на остров</a> <a href="/4">Почтальон сменил велосипед</a> <a href="/5">Где купить рассаду в этом году</a></div></div></body></html>"#,
        &["Козы вернулись", "Почтальон сменил"],
    ),
];

/// Kinds: a headline, a body, and what of it has to be there.
const KINDS: [(&str, &str, &[&str]); 11] = [
    (
        "Решение схода № 3",
        "<p>Присутствовали: 41 человек.</p><p><b>Решили:</b></p><p>1. Колодец чистить.</p><p>2. Мост не трогать.</p><p>За — 40, против — 1.</p>",
        &["Колодец чистить", "Мост не трогать", "За — 40"],
    ),
    (
        "Расписание автобуса до станции",
        "<p>Автобус ходит ежедневно, кроме понедельника.</p><table><tr><th>Отправление<th>Прибытие<tr><td>06:10<td>06:55<tr><td>12:30<td>13:15<tr><td>18:05<td>18:50</table>",
        &["кроме понедельника", "06:10", "13:15", "18:50"],
    ),
    (
        "Кисель овсяный",
        "<p>Так кисель варила моя бабушка в Заречье, и другого мы не знали.</p><h2>Что взять</h2><ul><li>овёс — 1 стакан</li><li>вода — 3 стакана</li><li>соль</li></ul><h2>Что делать</h2><ol><li>Залить на ночь.</li><li>Процедить.</li><li>Варить, мешая.</li></ol>",
        &["моя бабушка", "овёс — 1 стакан", "Процедить", "Варить, мешая"],
    ),
    (
        "Не стало Ильи Громова",
        "<p>Вчера умер Илья Петрович Громов, сорок лет лечивший наших коров.</p><p>Прощание в субботу, в 11.</p><p>Соседи.</p>",
        &["лечивший наших коров", "Прощание в субботу"],
    ),
    (
        "Список победителей олимпиады",
        "<p>Жюри подвело итоги школьной олимпиады по географии.</p><p>Анна Сомова — 5 класс</p><p>Пётр Лещев — 6 класс</p><p>Зоя Щукина — 7 класс</p><p>Олег Карасёв — 9 класс</p>",
        &["Анна Сомова", "Пётр Лещев", "Зоя Щукина", "Олег Карасёв"],
    ),
    (
        "Как нас найти",
        "<p>Адрес: с. Заречье, ул. Садовая, 4</p><p>Телефон: 3-11-09</p><p>Приём: вторник и четверг, с 9 до 13</p>",
        &["ул. Садовая", "3-11-09", "вторник и четверг"],
    ),
    (
        "Разговор с лодочником",
        "<p>Матвей Егорович тридцать лет возит людей через реку и молчит. Мы уговорили его поговорить.</p><p><b>— Не скучно?</b></p><p>— Нет.</p><p><b>— А зимой?</b></p><p>— Зимой чиню вёсла и сплю, как всякий порядочный человек, у которого река встала.</p><p><b>— И всё?</b></p><p>— Всё.</p>",
        &["Не скучно", "— Нет", "чиню вёсла", "И всё"],
    ),
    (
        "Утро у пристани",
        "<p>Стоит туман, и пахнет мёдом,<br>скрипит уключина вдали.<br>Прощай, июль. За теплоходом<br>плывут речные журавли.</p><p>А я стою, и мне не жалко<br>ни лета, ни чужих огней.<br>Костёр, картошка да рыбалка —<br>чего ещё на свете дней?</p>",
        &["скрипит уключина", "речные журавли", "Костёр, картошка"],
    ),
    (
        "Потерялся пёс",
        "<p>Рыжий, хромой, зовут Барин. Ошейник синий.</p><p>Звонить в любое время: 3-14-15.</p>",
        &["зовут Барин", "3-14-15"],
    ),
    (
        "Мост закрыт до понедельника",
        "<p class='sub'>Ездить придётся через плотину</p><p>Мост через Каменку закрыли утром во вторник: водители жаловались на трещину, и дорожники решили не ждать беды.</p><p>Объезд, по словам мастера Сергея Пескова, займёт двадцать минут. «Мы и сами ездим», — сказал он.</p><p>Открыть обещают в понедельник.</p>",
        &["через плотину", "трещину", "Мы и сами ездим", "Открыть обещают"],
    ),
    (
        "Вопросы о воде",
        "<p>Собрали то, о чём спрашивают чаще всего.</p><dl><dt>Когда дадут воду?</dt><dd>К вечеру среды.</dd><dt>Можно ли пить?</dt><dd>После кипячения.</dd></dl>",
        &["Когда дадут воду", "К вечеру среды", "После кипячения"],
    ),
];

#[test]
fn everyday_pages_keep_their_article_in_every_frame() {
    let limits = Limits::default();
    let mut faults = Vec::new();
    for (frame, page, outside) in FRAMES {
        for (headline, body, inside) in KINDS {
            let html = page.replace("HEADLINE", headline).replace("BODY", body);
            let article = match find(&html, &FindOptions::new(headline, &limits)) {
                Ok(article) => article,
                Err(error) => {
                    faults.push(format!("{frame}, {error}"));
                    continue;
                }
            };
            let text = article.to_text().replace(['\u{a0}', '\n'], " ");
            faults.extend(
                inside.iter().filter(|s| !text.contains(**s)).map(|s| format!("{frame}, {headline}: lost {s}")),
            );
            faults.extend(
                outside.iter().filter(|s| text.contains(**s)).map(|s| format!("{frame}, {headline}: left {s}")),
            );
            let confidence = article.confidence.expect("what was found has a confidence");
            assert!((0.0..=1.0).contains(&confidence), "{headline}: {confidence}");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_page_that_only_declares_its_text_gives_it_with_a_doubt() {
    let body = "Мельницу на Каменке решили чинить всем миром. Деньги собрали за неделю, лес дал лесхоз, а жернова остались \
                прежние. Мастер Ефим Дубов обещает первую муку к Покрову и зовёт всех на блины.";
    let html = format!(
        r#"<html lang="ru"><head><title>Мельницу починят</title><script type="application/ld+json">{{"@type":"NewsArticle","headline":"Мельницу починят","articleBody":"{body}"}}</script></head><body><div id="app"></div></body></html>"#
    );
    let article = find(&html, &FindOptions::new("page", &Limits::default())).unwrap();
    assert!(article.to_text().contains("первую муку к Покрову"));
    assert!(article.confidence.is_some_and(|confidence| confidence <= 0.5) && !article.doubts.is_empty());
}
