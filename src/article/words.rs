//! Counting what a passage's words say: function words of running text, and the set phrases of what stands around an
//! article («Читайте также», "Subscribe", «Фото:»).

use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::LazyLock;

/// White space between words, as HTML and typists write it.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}')
}

/// What a passage's characters and words are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WordStats {
    /// Words; in scripts without spaces, two characters count as one.
    pub(super) words: u32,
    pub(super) letters: u32,
    pub(super) digits: u32,
    pub(super) upper: u32,
    /// Words that begin with a capital.
    pub(super) capitalised: u32,
    pub(super) commas: u32,
    /// Full stops, question and exclamation marks that end a sentence.
    pub(super) sentences: u32,
    /// Function words.
    pub(super) stop: u32,
    pub(super) symbols: u32,
    pub(super) quotes: u32,
    /// The last character ends a sentence.
    pub(super) ends: bool,
    pub(super) ends_colon: bool,
    pub(super) starts_upper: bool,
    pub(super) starts_digit: bool,
    pub(super) starts_symbol: bool,
    pub(super) has_time: bool,
    pub(super) has_year: bool,
    pub(super) has_at: bool,
    /// Set phrases by kind: anywhere, and at the beginning.
    pub(super) phrases: u32,
    pub(super) starts_with: u32,
    pub(super) phrase_words: u32,
    /// Of the lower-cased words and their order.
    pub(super) hash: u64,
}

/// Set phrases by kind, in lower case, of one to three words each, separated by `|`.
pub(super) const PHRASES: [(&str, &str); 20] = [
    (
        "share",
        "share|share this|share on|share article|поделиться|поделись|поделитесь|рассказать друзьям|отправить другу|teilen|partager|compartir|compartilhar|condividi|udostępnij|delen|facebook|twitter|whatsapp|telegram|вконтакте|одноклассники|pinterest|linkedin|tweet|email this|copy link|distribuie|κοινοποίηση|分享|转发|tumblr|reddit|messenger|viber|instagram|youtube|flipboard|シェア|ツイート|ブックマーク|vkontakte",
    ),
    (
        "related",
        "related|read also|see also|read more|also read|more from|more on|more in|more news|you may also|you might also|recommended|read next|up next|most read|most popular|trending|latest news|other news|more stories|related articles|related stories|related news|recommended for|don't miss|editor's picks|don't miss|читайте также|читать также|читайте ещё|читайте еще|смотрите также|также по теме|по теме|материалы по теме|другие новости|похожие новости|похожие материалы|ещё по теме|еще по теме|новости по теме|последние новости|популярное|самое читаемое|главные новости|другие материалы|новости партнеров|новости партнёров|новости сми2|ранее|смотрите|lesen sie auch|mehr zum|das könnte sie|auch interessant|mehr zum thema|meistgelesen|lire aussi|à lire|sur le même|voir aussi|lea también|le puede interesar|te puede interesar|noticias relacionadas|leia também|leia mais|veja também|leggi anche|potrebbe interessarti|czytaj także|czytaj też|zobacz także|zobacz też|polecamy|przeczytaj także|lees ook|läs också|διαβάστε επίσης|σχετικά άρθρα|相关新闻|相关阅读|推荐阅读|延伸阅读|更多|热门|相关|les også|lue myös|läs mer|lees meer|mehr dazu|passend dazu|das könnte|aktuelle meldungen|más información|te recomendamos|lire la suite|à ne pas manquer|potrebbe|você pode gostar|você também|veja mais|relacionadas|relacionados|関連記事|関連|あわせて|おすすめ|こちらも|ランキング|관련기사|추천|you may like|also on|more like this|read the full|in case you missed",
    ),
    (
        "subscribe",
        "subscribe|subscribe to|sign up|sign up for|newsletter|newsletters|join our|get the latest|your inbox|daily newsletter|email address|подписаться|подпишись|подписывайтесь|подпишитесь|рассылка|рассылку|наш телеграм|наш канал|abonnieren|abonnez-vous|s'abonner|suscríbete|suscribirse|assine|iscriviti|zapisz się|subskrybuj|nieuwsbrief|become a member|donate|support us|follow us|follow|unsubscribe|privacy policy|订阅|subscriber|subscribers|subscribe now|unlimited|digital access|online access|free trial|create an account|create a free|one account|register to unlock|jetzt abonnieren|kostenlos|gratis|probeabo|support local journalism|epaper|e paper|get our|join now|per month|a month|mtl|вступайте|подписывайся|телеграм канал|в telegram|push уведомления|会員|登録|無料|購読|deine e mail|ihre e mail",
    ),
    (
        "copyright",
        "copyright|©|all rights reserved|rights reserved|terms of use|terms of service|privacy|privacy policy|все права защищены|права защищены|при использовании материалов|использование материалов|перепечатка|alle rechte vorbehalten|tous droits réservés|todos los derechos|wszelkie prawa|prawa zastrzeżone|με επιφύλαξη|版权所有|版权|powered by|свидетельство о регистрации|учредитель|роскомнадзор|материалы сайта|гиперссылка|無断転載|著作権|禁じます|reproduction|syndication",
    ),
    (
        "comment",
        "comment|comments|leave a comment|post a comment|add comment|reply|replies|join the conversation|комментарии|комментарий|комментариев|комментировать|оставить комментарий|добавить комментарий|обсудить|ответить|отзывы|kommentare|kommentar|kommentieren|commentaires|comentarios|comentários|commenti|komentarze|komentarzy|dodaj komentarz|reacties|σχόλια|σχόλιο|评论|登录|留言|网友评论",
    ),
    (
        "author",
        "by|author|written by|posted by|reported by|автор|авторы|текст|беседовал|беседовала|подготовил|подготовила|корреспондент|редактор|von|autor|autorin|par|auteur|por|di|autore|door|συντάκτης|作者|编辑|责任编辑|责编|记者|editor|editing by|reporting by",
    ),
    (
        "photo",
        "photo|photos|photo by|photo credit|image|images|image credit|picture|getty|getty images|shutterstock|reuters|ap photo|file photo|courtesy|istock|alamy|credit|фото|фотография|фотографии|снимок|иллюстрация|изображение|видео|скриншот|foto|fotos|bild|bildquelle|zdj|fot|φωτογραφία|图|资料图|图片|video|watch|source",
    ),
    (
        "published",
        "published|posted|updated|last updated|last modified|опубликовано|обновлено|дата|добавлено|размещено|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|atualizado|pubblicato|opublikowano|data|dodano|gepubliceerd|δημοσίευση|发布|发布时间|来源|时间|ago|назад|сегодня|вчера|yesterday|today|views|просмотров|просмотры|прочтений",
    ),
    (
        "tags",
        "tags|tag|tagged|filed under|categories|category|topics|keywords|теги|тэги|метки|рубрика|рубрики|категория|категории|раздел|темы|ключевые слова|schlagwörter|themen|étiquettes|etiquetas|temas|tagi|kategoria|ετικέτες|标签|关键词|关键字|in this article",
    ),
    (
        "advert",
        "advertisement|advertisements|advertising|sponsored|sponsored content|ad|ads|promoted|реклама|на правах рекламы|партнерский материал|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|reklama|διαφήμιση|广告|story continues|article continues|continue reading|buy now|shop now|affiliate|we may earn|earn a commission|commission|independently select|広告|スポンサー|gutschein|rabatt|angebot|zum angebot|promo code|discount|deal|deals|available from",
    ),
    (
        "cookie",
        "cookie|cookies|consent|gdpr|javascript|your browser|браузер|браузере|куки|your personal data|personal information|legitimate interest|opt out|opting out|strictly necessary|personalised|personalized|third party|datenschutz|datenschutzerklärung|externen inhalt|externer inhalt|einwilligung|enable javascript|requires javascript",
    ),
    (
        "login",
        "login|log in|sign in|register|my account|войти|вход|регистрация|авторизация|зарегистрироваться|авторизоваться|anmelden|connexion|se connecter|iniciar sesión|entrar|accedi|zaloguj|zaloguj się|password|пароль",
    ),
    (
        "source",
        "source|sources|источник|источники|quelle|quellen|fuente|fonte|źródło|πηγή|来源|稿源|via|по материалам|по информации|original|оригинал",
    ),
    (
        "more",
        "more|next|previous|prev|back|home|top|подробнее|далее|читать далее|читать|назад|вперед|главная|наверх|weiter|mehr|zurück|suite|retour|más|mais|więcej|czytaj więcej|dalej|powrót|wróć|περισσότερα|click here|view all|see all|show more|load more|下一页|上一页|首页|返回|скачать|download|смотреть",
    ),
    (
        "print",
        "print|печать|версия для печати|распечатать|drucken|imprimer|imprimir|stampa|drukuj|εκτύπωση|打印|pdf|email|e-mail|save|bookmark|listen|rss|字号|大|中|小",
    ),
    (
        "readtime",
        "min read|minute read|minutes read|minutes to read|reading time|time to read|время чтения|мин|минут|минуты|lesezeit|temps de lecture|tiempo de lectura|lettura|czas czytania",
    ),
    (
        "month",
        "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|monday|tuesday|wednesday|thursday|friday|saturday|sunday|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье",
    ),
    (
        "bio",
        "is a|writes about|is the author|has written|is an|is editor|reporter|journalist|freelance|writer|contributor|correspondent|columnist|associate professor|follow him|follow her|contact|about the author|об авторе|ist redakteur|specializes in|contact us|reach him|reach her|email protected|is based in|is senior|ist reporterin|ist reporter|ist professor|is the editor|a graduate of|you can reach|you can follow|is headquartered|for more information",
    ),
    (
        "vote",
        "rating|votes|vote|оцените|оценка|голосов|рейтинг|голосовать|проголосовало|ocena|głosów|bewertung|понравилось|нравится|likes|like|rate this|ошибку|выделите|ctrl enter|orphus|сообщить об ошибке|нашли ошибку",
    ),
    (
        "correction",
        "correction|editor's note|note|this article was|this story was|this post|originally published|an earlier version|примечание|справка|уточнение|от редакции|disclaimer|clarification|update",
    ),
];

/// Function words: their share tells running text from menus and lists of names.
const STOP: &str = "the of and to in a is that for it on was with as are be this by at from or an have not but he they his which we you had were their has its who will would been there one all more if when can about so out up what said she her him them than into could only other also after some over no my our your i do did \
и в не на с что по как к у за из о от для это до его он она они но а же так при мы все было бы был была были или только еще ещё уже то их если со ее её ни чтобы во вы где когда может быть который которая которые которых того этого себя лет года после также более между перед без \
der die das und ist nicht mit von zu den im für auf ein eine des dem sich auch es an als er sie hat bei aus wie nach werden wird noch am sind einer um einen über war dass haben nur oder aber vor zur bis mehr durch man sein wurde sei prozent \
le la les de des du et un une est en que qui dans pour pas sur au par plus ce se ne il elle avec son sa ses aux sont ont mais ou nous vous été cette ces leur comme être fait \
el los las y en un una por con para del se lo como más su al es pero sus ha este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde \
o os as do da dos das em um uma não com por mais foi ao ele tem à seu sua ou ser quando muito nos já está eu também só pelo pela até isso \
il di che e la per un in non è una sono da del della con si i le al come più ma anche alla dei delle ha nel gli lo questo ed \
i w z na do nie się że jest to o jak ale po co tak za od przez przy dla są by był było być już tylko czy jego lub tym które który która oraz ich może tego ze także \
het een van en de dat die in te is op met voor niet aan er om ook als maar bij zijn werd uit door naar heeft hij ze wordt nog over dan \
och att det som en på är av för med till den har de inte om ett men var jag \
και το να του η της ο που με για την τα τον από στο είναι των θα οι σε τη στην δεν τις ότι τους μια στη αυτό ή ένα στον κατά \
та що не на у з до є це як за від він але й й про було його які яка який";

/// A word in lower case, as a number.
#[derive(Clone, Copy, PartialEq, Eq)]
struct WordHash(u64);

impl WordHash {
    const START: WordHash = WordHash(0x9e37_79b9_7f4a_7c15);

    fn push(self, c: char) -> WordHash {
        WordHash((self.0.rotate_left(5) ^ u64::from(u32::from(c))).wrapping_mul(0x517c_c1b7_2722_0a95))
    }

    fn then(self, next: WordHash) -> WordHash {
        WordHash((self.0.rotate_left(23) ^ next.0).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

/// The hash of each word of a text, lower-cased.
pub(super) fn hashes(text: &str) -> Vec<u64> {
    let mut out = Vec::new();
    each_word(text, |hash, _| out.push(hash.0));
    out
}

/// A number for each run of `n` words.
pub(super) fn shingles(text: &str, n: usize) -> Vec<u64> {
    hashes(text).windows(n).map(gram).collect()
}

/// The number of a run of words.
pub(super) fn gram(words: &[u64]) -> u64 {
    words.iter().fold(WordHash::START, |all, &one| all.then(WordHash(one))).0
}

/// As `char::to_lowercase`, of which most letters need one only; the standard library looks up each Cyrillic letter in
/// tables, which these three spare.
pub(super) fn lower(c: char) -> char {
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        'А'..='Я' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        'а'..='я' => c,
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// As `char::is_alphabetic`.
pub(super) fn is_letter(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | 'А'..='я') || !c.is_ascii() && c.is_alphabetic()
}

/// As `char::is_uppercase`.
fn is_capital(c: char) -> bool {
    match c {
        'а'..='я' => false,
        'А'..='Я' => true,
        _ => c.is_uppercase(),
    }
}

/// Scripts that put no space between words.
pub(super) fn is_ideograph(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{e00}'..='\u{e7f}')
}

fn each_word(text: &str, mut word: impl FnMut(WordHash, &str)) {
    let mut start = None;
    let mut hash = WordHash::START;
    for (at, c) in text.char_indices() {
        if is_letter(c) || c.is_numeric() || c == '©' || start.is_some() && matches!(c, '\'' | '’') {
            if is_ideograph(c) {
                if let Some(from) = start.take() {
                    word(hash, &text[from..at]);
                }
                word(WordHash::START.push(c), &text[at..at + c.len_utf8()]);
                hash = WordHash::START;
                continue;
            }
            start.get_or_insert(at);
            hash = hash.push(if c == '’' { '\'' } else { lower(c) });
        } else if let Some(from) = start.take() {
            word(hash, &text[from..at]);
            hash = WordHash::START;
        }
    }
    if let Some(from) = start {
        word(hash, &text[from..]);
    }
}

#[derive(Clone, Copy, Default)]
struct Meaning {
    phrases: u32,
    stop: bool,
    /// Some phrase goes on after these words.
    prefix: bool,
}

static MEANINGS: LazyLock<HashMap<u64, Meaning, FixedState>> = LazyLock::new(|| {
    let mut meanings: HashMap<u64, Meaning, FixedState> = HashMap::default();
    for (kind, (_, list)) in PHRASES.iter().enumerate() {
        for phrase in list.split('|') {
            let mut words = Vec::new();
            each_word(phrase, |hash, _| words.push(hash));
            for n in 1..=words.len() {
                let key = phrase_key(&words[..n]);
                let meaning = meanings.entry(key).or_default();
                if n == words.len() {
                    meaning.phrases |= 1 << kind;
                } else {
                    meaning.prefix = true;
                }
            }
        }
    }
    for word in STOP.split_whitespace() {
        each_word(word, |hash, _| meanings.entry(phrase_key(&[hash])).or_default().stop = true);
    }
    meanings
});

fn phrase_key(words: &[WordHash]) -> u64 {
    words.iter().skip(1).fold(words.first().copied().unwrap_or(WordHash::START), |all, &one| all.then(one)).0
}

/// Counts a passage; the hash of each of its words goes to `hashes`.
pub(super) fn stats(text: &str, hashes: &mut Vec<u64>) -> WordStats {
    let mut s = WordStats::default();
    let mut ideographs = 0;
    let mut before = ' ';
    let mut before2 = ' ';
    for c in text.chars() {
        if is_letter(c) {
            s.letters += 1;
            s.upper += u32::from(is_capital(c));
            if is_ideograph(c) {
                ideographs += 1;
                s.stop += u32::from(matches!(c, '的' | '了' | '是' | '在' | '和' | '不' | '这' | '有' | '也'));
            }
        } else if c.is_ascii_digit() {
            s.digits += 1;
            s.has_time |= before == ':' && before2.is_ascii_digit();
        } else {
            match c {
                ',' | '、' | '，' | ';' => s.commas += 1,
                '.' | '!' | '?' | '…' | '。' | '！' | '？'
                    if is_letter(before) || before.is_numeric() || matches!(before, '"' | '»' | ')' | '”') =>
                {
                    s.sentences += 1;
                }
                '«' | '"' | '“' | '„' => s.quotes += 1,
                '@' => s.has_at = true,
                '|' | '/' | '»' | '›' | '>' | '•' | '·' | '→' | '#' | '_' | '*' | '=' | '<' | '[' | ']' | '+' | '←'
                | '~' => {
                    s.symbols += 1;
                }
                _ => {}
            }
        }
        before2 = before;
        before = c;
    }
    let mut chars = text.chars();
    if let Some(first) = chars.next() {
        s.starts_upper = first.is_uppercase();
        s.starts_digit = first.is_ascii_digit();
        s.starts_symbol =
            !first.is_alphanumeric() && !matches!(first, '"' | '«' | '“' | '„' | '\'' | '‘' | '(' | '—' | '–' | '-');
    }
    let last = text.trim_end_matches(['"', '»', '”', '\'', '’', ')', ' ', ']', '」']).chars().last().unwrap_or(' ');
    s.ends = matches!(last, '.' | '!' | '?' | '…' | '。' | '！' | '？');
    s.ends_colon = matches!(last, ':' | '：');
    let meanings = &*MEANINGS;
    let mut open: [Option<u64>; 4] = [None; 4];
    let mut words = 0u32;
    let mut all = WordHash::START;
    each_word(text, |hash, word| {
        words += 1;
        all = all.then(hash);
        hashes.push(hash.0);
        let first = word.chars().next().unwrap_or(' ');
        s.capitalised += u32::from(is_capital(first));
        s.has_year |= word.len() == 4
            && (word.starts_with("20") || word.starts_with("19"))
            && word.bytes().all(|b| b.is_ascii_digit());
        // Phrases of one to five words that end here.
        let mut found = 0;
        let mut next: [Option<u64>; 4] = [None; 4];
        let longer = open.iter().enumerate().filter_map(|(n, key)| key.map(|k| (n + 1, WordHash(k).then(hash).0)));
        for (n, key) in longer.chain(std::iter::once((0, hash.0))) {
            let Some(meaning) = meanings.get(&key) else { continue };
            found |= meaning.phrases;
            s.stop += u32::from(meaning.stop && n == 0);
            if meaning.prefix && n < next.len() {
                next[n] = Some(key);
            }
        }
        open = next;
        s.phrases |= found;
        s.phrase_words += u32::from(found != 0);
        if words <= 4 {
            s.starts_with |= found;
        }
    });
    s.words = if ideographs > 0 { words - ideographs.min(words) + ideographs.div_ceil(2) } else { words };
    s.hash = all.0;
    s
}
