//! What scripts and engines of sites add to the text, known by what it says: it stands behind the main part.

/// No such line is longer, in bytes.
pub(crate) const MOST: usize = 400;

/// What a line says among other things.
const SAYS: &[&str] = &[
    "находящиеся в группе",
    "добавлять комментарии могут",
    "оставлять комментарии могут",
    "комментировать могут",
    "зарегистрированные пользователи",
    "просмотров:",
    "количество просмотров",
    "число просмотров",
    "всего комментариев",
    "количество комментариев",
    "оценить статью",
    "оцените материал",
    "рейтинг статьи",
    "заметили ошибку в тексте",
    "нашли ошибку в тексте",
    "нашли опечатку",
    "подпишитесь на наш",
    "подписывайтесь на наш",
    "поделиться в соц",
    "only registered users",
    "please log in to comment",
    "you must be logged in",
    "share this article",
    "share on facebook",
    "follow us on",
    "enable javascript",
];

/// What a line says and nothing else.
const IS: &[&str] = &[
    "поделиться",
    "поделитесь",
    "поделиться ссылкой",
    "печать",
    "распечатать",
    "версия для печати",
    "обсудить",
    "комментировать",
    "комментарии",
    "нет комментариев",
    "мне нравится",
    "нравится",
    "share",
    "share this",
    "print",
    "tweet",
    "email",
    "like",
    "comment",
    "comments",
    "advertisement",
    "реклама",
    "text size",
    "размер шрифта",
    "teilen",
    "drucken",
];

/// Whether a line says what belongs to no article.
pub(crate) fn is_litter(line: &str) -> bool {
    if line.len() > MOST {
        return false;
    }
    let said = line.to_lowercase();
    let said = said.trim_matches(|c: char| !c.is_alphanumeric());
    IS.contains(&said) || SAYS.iter().any(|says| said.contains(says)) || said.contains("ctrl") && said.contains("enter")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_engines_are_known_and_lines_of_texts_are_not() {
        for line in [
            "Выделите ошибку и нажмите Ctrl+Enter",
            "Посетители, находящиеся в группе Гости, не могут оставлять комментарии",
            "Просмотров: 31 | Добавил: Zoya",
            " Share this: ",
        ] {
            assert!(is_litter(line), "{line}");
        }
        for line in ["Печать времени лежит на этих стенах.", "Реклама в газете стоила рубль.", "12", ""]
        {
            assert!(!is_litter(line), "{line}");
        }
    }
}
