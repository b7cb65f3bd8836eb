//! Looks as data: screen themes, print styles, colour and contrast.

mod color;
mod faces;
mod print;

pub use color::{Contrast, Rgb};
pub use faces::{FILES as FACE_FILES, Family};
pub use print::{
    Align, Body, ColorMode, Colors, Emphasis, Guideline, Headings, Images, Links, MM, Output, Overrides, Page,
    PageNumber, Paper, PrintStyle,
};
