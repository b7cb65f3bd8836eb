use super::super::Overrides;
use super::super::paper::PAPERS;
use super::*;

#[test]
fn every_built_in_style_loads_under_its_own_name() {
    for (style, (name, _)) in PrintStyle::all().iter().zip(BUILT_IN) {
        assert_eq!(style.name, name);
        assert!(!style.guideline.source.is_empty(), "{name} names no guideline");
    }
}

#[test]
fn a_style_survives_toml() {
    for style in PrintStyle::all() {
        let text = toml::to_string(&style).expect("serialises");
        assert_eq!(PrintStyle::parse(&text, "again").expect("parses"), style);
    }
}

#[test]
fn every_style_says_what_it_is_for_in_both_languages_and_one_of_ones_own_may_in_one() {
    for style in PrintStyle::all() {
        let cyrillic = |text: &str| text.chars().any(|c| ('а'..='я').contains(&c));
        assert!(cyrillic(&style.about.ru) && !cyrillic(&style.about.en), "{}", style.name);
    }
    let line = BUILT_IN[0].1.lines().find(|line| line.starts_with("about")).expect("a line");
    let own = BUILT_IN[0].1.replace(line, "about = \"Наша книга\"");
    assert_eq!(PrintStyle::parse(&own, "mine.toml").expect("parses").about.of("en"), "Наша книга");
}

#[test]
fn a_typing_mistake_names_the_nearest_style() {
    let message = PrintStyle::find("rnib-larg").expect_err("no such style").to_string();
    assert!(message.contains("did you mean rnib-large?"), "{message}");
    let message = PrintStyle::find("каша").expect_err("no such style").to_string();
    assert!(message.contains("standard, newspaper"), "{message}");
}

#[test]
fn pale_text_is_refused_with_the_nearest_colour() {
    let text = BUILT_IN[0].1.to_owned() + "\n[colors]\nlink = \"#888888\"\n";
    let message = PrintStyle::parse(&text, "mine.toml").expect_err("too pale").to_string();
    assert!(message.starts_with("mine.toml: link #888888 on paper is 3.54:1, below 7:1; try #"), "{message}");
}

#[test]
fn unknown_keys_are_refused() {
    let text = BUILT_IN[0].1.replace("[body]", "[body]\nwobble = 3");
    assert!(PrintStyle::parse(&text, "mine.toml").expect_err("unknown key").to_string().contains("wobble"));
}

#[test]
fn a_size_below_the_guideline_is_refused() {
    let style = PrintStyle::find("rnib-large").expect("built in");
    let small = Overrides { size: Some(12.0), ..Overrides::default() };
    let message = style.with(&small).expect_err("12 pt is no large print").to_string();
    assert!(message.contains("below the 16 pt of RNIB"), "{message}");
}

#[test]
fn every_style_fits_every_paper_it_is_put_on_or_says_why() {
    for style in PrintStyle::all() {
        for (name, paper) in PAPERS {
            let on = Overrides { paper: Some(paper), ..Overrides::default() };
            let result = style.clone().with(&on);
            assert!(result.is_ok() || name == "a5", "{} on {name}: {}", style.name, result.expect_err("checked"));
        }
    }
}

#[test]
fn papers_by_name_and_by_size() {
    assert_eq!("A4".parse::<Paper>(), Ok(PAPERS[0].1));
    assert_eq!("200x280mm".parse::<Paper>(), Ok(Paper { width: 200.0, height: 280.0 }));
    for wrong in ["", "a9", "200x", "1x1mm", "200x280", "nanxnanmm", "1e9x1e9mm"] {
        assert!(wrong.parse::<Paper>().is_err(), "{wrong}");
    }
}
