//! Looks as data: screen themes, print styles, colour and contrast.

mod color;

pub use color::{Contrast, Rgb};
