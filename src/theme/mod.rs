//! Looks as data: screen themes, print styles, colour and contrast, and the settings a reader chooses.

mod color;
mod css;
mod faces;
mod guideline;
mod list;
mod overrides;
mod paper;
mod print;
mod screen;
mod settings;
mod validation;

pub use color::{Contrast, Rgb};
pub(crate) use css::choices;
pub use css::{FontSource, style_sheet};
pub use faces::{FILES as FACE_FILES, Family, NAMES as FACE_NAMES};
pub use guideline::Guideline;
pub(crate) use list::{Listing, listing, themes_json};
pub use overrides::Overrides;
pub use paper::Paper;
pub use print::{
    Align, Begin, Body, ColorMode, Colors, EditionLook, Emphasis, Headings, Images, Links, MM, NumberPlace, Opening,
    Output, PageNumber, PageSetup, PrintStyle,
};
pub use screen::{Pair, Scheme, Screen, ScreenColors, Title};
pub use settings::{Font, Look, OwnColors, Settings};
