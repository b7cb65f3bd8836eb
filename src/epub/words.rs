//! The few words that a book adds to its articles.

/// Words in one language.
pub(super) struct Words {
    pub(super) contents: &'static str,
    pub(super) pages: &'static str,
    pub(super) landmarks: &'static str,
    pub(super) start: &'static str,
    pub(super) title_page: &'static str,
    pub(super) untitled: &'static str,
    pub(super) source: &'static str,
    pub(super) picture: &'static str,
    pub(super) no_description: &'static str,
    pub(super) page: &'static str,
    pub(super) summary: &'static str,
    pub(super) summary_undescribed: &'static str,
}

const RUSSIAN: Words = Words {
    contents: "В номере",
    pages: "Страницы печатного выпуска",
    landmarks: "Ориентиры",
    start: "Начало текста",
    title_page: "Титульный лист",
    untitled: "Статья",
    source: "Источник",
    picture: "Изображение",
    no_description: "Изображение без описания",
    page: "Страница",
    summary: "Весь текст размечен заголовками, списками и таблицами; у изображений есть описания; номера страниц те же, что в печатном выпуске.",
    summary_undescribed: "Весь текст размечен заголовками, списками и таблицами; у части изображений нет описаний; номера страниц те же, что в печатном выпуске.",
};

const ENGLISH: Words = Words {
    contents: "Contents",
    pages: "Pages of the printed edition",
    landmarks: "Landmarks",
    start: "Start of the text",
    title_page: "Title page",
    untitled: "Article",
    source: "Source",
    picture: "Image",
    no_description: "Image without description",
    page: "Page",
    summary: "All text is marked up with headings, lists and tables; images have descriptions; page numbers are those of the printed edition.",
    summary_undescribed: "All text is marked up with headings, lists and tables; some images have no description; page numbers are those of the printed edition.",
};

impl Words {
    pub(super) fn of(lang: &str) -> &'static Self {
        if lang.split('-').next() == Some("ru") { &RUSSIAN } else { &ENGLISH }
    }
}
