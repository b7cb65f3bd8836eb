//! Colours of pictures as a press prints them: red, green and blue to cyan, magenta, yellow and black.

use std::sync::Arc;

use image::RgbImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, RenderingIntent, Transform8BitExecutor, TransformOptions};

use super::options::{Ink, Options};

/// From the colours of a picture, taken for sRGB, to inks.
pub(super) struct Inks {
    /// By the profile of the printing condition; without one by [`shared_black`].
    transform: Option<Arc<Transform8BitExecutor>>,
}

impl Inks {
    /// What the options ask for; `None` where pictures keep their colours.
    pub(super) fn of(options: &Options) -> Option<Self> {
        if options.ink != Ink::Cmyk || options.gray_pictures {
            return None;
        }
        let transform = options.icc.as_deref().and_then(|icc| {
            let to_press = transform(icc);
            if let Err(reason) = &to_press {
                tracing::warn!(
                    "--icc: the profile does not say how colours become inks ({reason}); pictures are converted without it"
                );
            }
            to_press.ok()
        });
        Some(Self { transform })
    }

    /// Four bytes a pixel, 255 for all of an ink.
    pub(super) fn convert(&self, pixels: &RgbImage) -> Result<Vec<u8>, String> {
        let mut inks = vec![0; pixels.as_raw().len() / 3 * 4];
        match &self.transform {
            Some(transform) => transform.transform(pixels.as_raw(), &mut inks).map_err(|e| e.to_string())?,
            None => {
                for (pixel, inks) in pixels.as_raw().as_chunks().0.iter().zip(inks.as_chunks_mut().0) {
                    *inks = shared_black(*pixel);
                }
            }
        }
        Ok(inks)
    }
}

fn transform(icc: &[u8]) -> Result<Arc<Transform8BitExecutor>, String> {
    let press = ColorProfile::new_from_slice(icc).map_err(|e| e.to_string())?;
    if press.color_space != DataColorSpace::Cmyk {
        return Err("it is not one of four inks".into());
    }
    // As photographs are meant to look, not as they measure.
    let how = TransformOptions { rendering_intent: RenderingIntent::Perceptual, ..TransformOptions::default() };
    ColorProfile::new_srgb().create_transform_8bit(Layout::Rgb, &press, Layout::Rgba, how).map_err(|e| e.to_string())
}

/// All that the three colours share is printed with black, as in text: without a profile nobody knows the press, and gray
/// stays gray on any.
fn shared_black([r, g, b]: [u8; 3]) -> [u8; 4] {
    let most = r.max(g).max(b);
    let rest = |v: u8| {
        let (missing, most) = (u32::from(most - v) * 255, u32::from(most));
        (missing + most / 2).checked_div(most).unwrap_or_default() as u8
    };
    [rest(r), rest(g), rest(b), 255 - most]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_profile_gray_is_black_alone_and_colours_are_whole() {
        for (rgb, inks) in [
            ([0, 0, 0], [0, 0, 0, 255]),
            ([255, 255, 255], [0, 0, 0, 0]),
            ([100, 100, 100], [0, 0, 0, 155]),
            ([255, 0, 0], [0, 255, 255, 0]),
            ([0, 0, 128], [255, 255, 0, 127]),
        ] {
            assert_eq!(shared_black(rgb), inks, "{rgb:?}");
        }
    }

    #[test]
    fn a_profile_of_no_press_is_not_followed() {
        let srgb = ColorProfile::new_srgb().encode().expect("a profile");
        assert!(transform(&srgb).is_err() && transform(b"no profile").is_err());
        let options = Options { ink: Ink::Cmyk, icc: Some(srgb.into()), ..Options::default() };
        assert!(Inks::of(&options).is_some_and(|inks| inks.transform.is_none()));
        assert!(Inks::of(&Options::default()).is_none());
    }
}
