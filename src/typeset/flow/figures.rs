//! Figures: pictures with their captions, or their descriptions where there is no picture.

use std::io::Cursor;
use std::sync::Arc;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageFormat, ImageReader};

use super::apart::LooseFigure;
use super::inlines::plain;
use super::setter::{Setter, stack};
use crate::article::{Image, Inline};
use crate::limits::Limit;
use crate::sheet::{ElementId, Mark, MarkKind, Owner, Picture, PictureFormat, PictureId, Pt, Rect, Role};
use crate::theme::{Images, MM};
use crate::typeset::manuscript::Weight;
use crate::typeset::text::draw::Drawing;
use crate::typeset::text::passage::Passage;
use crate::typeset::text::piece::{Bounds, Piece};

/// Pixels an inch at which a page of the web shows its pictures.
const COARSE: f32 = 96.0;

/// Pixels an inch below which nobody overlooks them: no picture is enlarged beyond this.
const LEAST: f32 = 72.0;

/// A picture over several columns is wider than high by this factor at least.
const LANDSCAPE: f32 = 1.15;

/// Bytes of a caption that has no room below such a picture.
const LONG_CAPTION: usize = 600;

impl Setter<'_> {
    /// Sets pictures under one caption.
    pub(crate) fn figure(&mut self, parent: ElementId, images: &[Image], caption: &[Inline], credit: Option<&str>) {
        if let [image] = images
            && self.loose_figure(parent, image, caption, credit)
        {
            return;
        }
        let inner = self.frame.inner;
        let mut about = String::new();
        plain(caption, &mut about, 0);
        let about = Some(about.trim()).filter(|text| !text.is_empty());
        let mut pieces = Vec::new();
        let mut last = None;
        let over = std::mem::replace(&mut self.picture_columns, 1);
        let over = match images {
            [image] if over > 1 && about.is_none_or(|text| text.len() < LONG_CAPTION) => self.columns_over(image, over),
            _ => 1,
        };
        let mut frame = Bounds { inner: true, ..self.frame };
        if over > 1 {
            frame = Bounds { width: self.width_over(over), columns: 1, ..frame };
        }
        for image in images {
            if image.alt.as_deref() == Some("") && about.is_none() && self.style.images == Images::Hide {
                continue;
            }
            let decoration = image.alt.as_deref() == Some("") && about.is_none();
            let element = if decoration { None } else { Some(self.structure.add(parent, Role::Figure)) };
            last = element.or(last);
            // One piece, but for a description too long for a frame.
            pieces.extend(self.aside(frame, |setter| setter.picture_piece(image, element, about)));
            if let Some(last) = pieces.last_mut() {
                last.after = self.small() * 0.5;
            }
        }
        let texts = self.aside(frame, |setter| setter.caption(last.unwrap_or(parent), last.is_some(), caption, credit));
        if pieces.is_empty() && texts.is_empty() {
            return;
        }
        self.leave(self.block_gap());
        let caption_height: Pt = texts.iter().map(|t| t.height + t.before).sum();
        let most = self.style.text_height();
        let height = pieces.iter().map(|piece| piece.height + piece.after).sum::<Pt>() + caption_height;
        let together = (pieces.len() == 1 && caption_height < most * 0.3) || (pieces.len() > 1 && height < most * 0.7);
        let pictures = pieces.len();
        pieces.extend(texts);
        if together || over > 1 {
            let mut whole = stack(pieces);
            whole.floats = !inner;
            whole.wide = over;
            whole.before = 0.0;
            self.push(whole);
        } else {
            for (index, mut piece) in pieces.into_iter().enumerate() {
                // Pictures may float away from each other, the last one not from the caption.
                piece.floats = !inner && index + 1 < pictures;
                piece.keep |= pictures > 0 && index == pictures;
                self.push(piece);
            }
        }
        // What is said of a picture must not read like the beginning of what follows.
        self.gap = self.block_gap().max(self.leading() * 0.85);
        if let Some(piece) = self.pieces.last_mut() {
            piece.after = piece.after.max(self.gap);
        }
    }

    /// Over how many columns a picture goes: as many as it may, if it is no portrait and has the pixels.
    fn columns_over(&mut self, image: &Image, most: usize) -> usize {
        let frame = self.frame;
        if frame.inner || frame.x > 0.0 || self.style.images == Images::Hide {
            return 1;
        }
        let Ok(PictureId(number)) = self.picture(&image.src) else { return 1 };
        let of = &self.pictures[number as usize];
        let (wide, high) = (of.width as f32, of.height as f32);
        let fits = |count: &usize| wide * 72.0 / COARSE >= self.width_over(*count) && wide > high * LANDSCAPE;
        (2..=most.min(frame.columns)).rev().find(fits).unwrap_or(1)
    }

    /// Width of columns side by side.
    pub(crate) fn width_over(&self, columns: usize) -> Pt {
        columns as f32 * self.frame.width + (columns - 1) as f32 * self.style.page.gutter * MM
    }

    /// A picture scaled to the frame, or its description in a frame of lines.
    fn picture_piece(&mut self, image: &Image, element: Option<ElementId>, caption: Option<&str>) {
        let description = self.description(image, caption);
        if self.style.images == Images::Hide {
            return self.described(element, &description);
        }
        match self.picture(&image.src) {
            Ok(picture) => {
                let of = &self.pictures[picture.0 as usize];
                let (wide, high) = (of.width as f32 * 72.0 / COARSE, of.height as f32 * 72.0 / COARSE);
                let across = self.frame.columns == 1 && self.style.page.columns > 1;
                let part = match self.weight {
                    _ if across => 0.38,
                    Weight::Lead => 0.55,
                    Weight::Normal => 0.45,
                    Weight::Brief => 0.3,
                };
                let most = self.style.text_height() * part;
                let scale = (self.frame.width / wide).min(most / high);
                // A photograph fills the measure; a sign or a logo keeps its size.
                let scale = scale.min(if wide > self.frame.width * 0.55 { COARSE / LEAST } else { 1.0 });
                let rect = Rect { x: self.frame.x, y: 0.0, width: wide * scale, height: high * scale };
                if let Some(element) = element {
                    self.described_in_tags(element, image, caption);
                }
                let owner = element.map_or(Owner::Layout, |element| Owner::Content(self.content(element)));
                let marks = vec![Mark { owner, kind: MarkKind::Picture { picture, rect } }];
                let drawing = Drawing { marks, areas: Vec::new() };
                self.push(Piece { height: rect.height, drawing, ..Piece::default() });
            }
            Err(reason) => {
                self.warn(format!("{}: {reason}; its description is printed instead", self.source.shown(&image.src)));
                self.described(element, &description);
            }
        }
    }

    /// The description of a picture that is not shown, in a frame.
    fn described(&mut self, element: Option<ElementId>, description: &str) {
        let Some(element) = element else { return };
        self.structure[element].alt = Some(description.to_owned());
        let text = if description == self.phrases.print.no_description {
            description.to_owned()
        } else {
            format!("{}: {description}", self.phrases.print.picture)
        };
        let padding = self.small() * 0.8;
        let outer = self.frame;
        let frame =
            Bounds { x: outer.x + padding, width: (outer.width - 2.0 * padding).max(self.small() * 3.0), ..outer };
        let (look, setting) = (self.small_look(), self.small_setting());
        let lines = self.aside(frame, |setter| setter.set_text(element, &text, look, setting));
        let count = lines.len();
        let color = self.ink(self.style.colors.rule);
        // A frame round each line would look odd over a page end, so a long description has none.
        if lines.iter().map(|l| l.height).sum::<f32>() > self.style.text_height() * 0.5 {
            lines.into_iter().for_each(|line| self.push(line));
            return;
        }
        debug_assert!(count < 1_000, "half a page holds no more lines");
        let mut whole = stack(lines);
        super::setter::shift(&mut whole.drawing, 0.0, padding);
        whole.height += 2.0 * padding;
        whole.before = 0.0;
        let rect = Rect { x: outer.x, y: 0.0, width: outer.width, height: whole.height };
        let frame = Mark { owner: Owner::Layout, kind: MarkKind::Stroke { rect, width: 0.7, color } };
        whole.drawing.marks.insert(0, frame);
        self.push(whole);
    }

    /// Sets a picture apart from the text, for the page maker to place. Returns false where it stands in the text.
    fn loose_figure(&mut self, parent: ElementId, image: &Image, caption: &[Inline], credit: Option<&str>) -> bool {
        let free = self.apart.as_ref().is_some_and(|apart| apart.figure.is_none());
        let in_text = self.depth <= 1 && !self.frame.inner && self.frame.x == 0.0 && self.lists == 0;
        if !free || !in_text || self.weight == Weight::Brief || self.style.images == Images::Hide {
            return false;
        }
        let Ok(picture) = self.picture(&image.src) else { return false };
        let of = &self.pictures[picture.0 as usize];
        let (wide, high) = (of.width, of.height);
        // A sign or a logo keeps its place and its size.
        if (wide as f32) < self.frame.width * 0.75 {
            return false;
        }
        let mut about = String::new();
        plain(caption, &mut about, 0);
        let about = Some(about.trim()).filter(|text| !text.is_empty() && text.len() < LONG_CAPTION);
        if about.is_none() && !caption.is_empty() {
            return false;
        }
        let decoration = image.alt.as_deref() == Some("") && about.is_none();
        let element = if decoration { None } else { Some(self.structure.add(parent, Role::Figure)) };
        if let Some(element) = element {
            self.described_in_tags(element, image, about);
        }
        let owner = element.map_or(Owner::Layout, |element| Owner::Content(self.content(element)));
        let caption = self.caption_passage(element.unwrap_or(parent), element.is_some(), caption, credit);
        let anchors = std::mem::take(&mut self.pending);
        if let Some(apart) = &mut self.apart {
            apart.figure = Some(LooseFigure { picture, owner, wide, high, caption, anchors });
        }
        true
    }

    /// Gives a picture its description, and says when there is none.
    fn described_in_tags(&mut self, element: ElementId, image: &Image, caption: Option<&str>) {
        if image.description().is_none() && caption.is_none() {
            self.warn(format!(
                "{}: the image has no description; write one, or mark it as decoration",
                self.source.shown(&image.src)
            ));
        }
        self.structure[element].alt = Some(self.description(image, caption));
    }

    fn caption(&mut self, parent: ElementId, of_figure: bool, caption: &[Inline], credit: Option<&str>) {
        if let Some(passage) = self.caption_passage(parent, of_figure, caption, credit) {
            let setting = self.small_setting();
            self.set_passage(&passage, setting);
        }
    }

    fn caption_passage(
        &mut self,
        parent: ElementId,
        of_figure: bool,
        caption: &[Inline],
        credit: Option<&str>,
    ) -> Option<Passage> {
        let credit = credit.map(str::trim).filter(|credit| !credit.is_empty());
        if caption.is_empty() && credit.is_none() {
            return None;
        }
        let element = self.structure.add(parent, if of_figure { Role::Caption } else { Role::P });
        let look = self.small_look();
        let mut passage = Passage::default();
        self.append(&mut passage, element, look, caption);
        if let Some(credit) = credit {
            passage.trim_end();
            let sans = crate::typeset::text::passage::Look { bold: false, ..look };
            let span = self.span(element, sans);
            if !passage.text.is_empty() {
                passage.push(if passage.text.ends_with(['.', '!', '?', '…']) { " " } else { ". " }, &span);
            }
            passage.push(credit, &span);
        }
        passage.trim_end();
        Some(passage)
    }

    /// The source's description, else the caption, else words that say there is none.
    pub(crate) fn description(&self, image: &Image, caption: Option<&str>) -> String {
        image.description().or(caption).unwrap_or(self.phrases.print.no_description).to_owned()
    }

    /// A picture of the publication by its address, loaded once.
    pub(crate) fn picture(&mut self, src: &str) -> Result<PictureId, String> {
        if let Some(known) = self.loaded.get(src) {
            return known.clone();
        }
        let loaded = if self.pictures.len() >= self.limits.images {
            Err(format!("there are more than {} images; {}", self.limits.images, Limit::Images.remedy()))
        } else {
            let late = || self.limits.deadline.is_over().then(|| "there was no time for the image".to_owned());
            let load = || self.source.load(src).and_then(|data| measure(data, self.limits));
            late().map_or_else(load, Err)
        };
        let result = loaded.map(|picture| {
            if picture.is_cut_short() {
                let name = self.source.shown(src);
                self.warn(format!("{name}: the image breaks off before its end; what there is of it is printed"));
            }
            self.pictures.push(picture);
            PictureId((self.pictures.len() - 1) as u32)
        });
        self.loaded.insert(src.to_owned(), result.clone());
        result
    }
}

/// Reads a picture's format and size, and decodes it once to be sure that a writer can.
fn measure(data: Arc<[u8]>, limits: &crate::Limits) -> Result<Picture, String> {
    if data.len() as u64 > limits.image_bytes {
        let size = data.len() >> 20;
        return Err(format!("the image has {size} MiB, over the limit; {}", Limit::ImageBytes.remedy()));
    }
    if crate::typeset::drawing::svg::is_svg(&data) {
        return crate::typeset::drawing::svg::draw(&data);
    }
    let broken = |e: &dyn std::fmt::Display| format!("the image cannot be read ({e})");
    let reader = ImageReader::new(Cursor::new(Arc::clone(&data))).with_guessed_format().map_err(|e| broken(&e))?;
    let format = match reader.format() {
        Some(ImageFormat::Jpeg) => PictureFormat::Jpeg,
        Some(ImageFormat::Png) => PictureFormat::Png,
        Some(ImageFormat::Gif) => PictureFormat::Gif,
        Some(ImageFormat::WebP) => PictureFormat::WebP,
        _ => return Err("the image is in a format that cannot be printed; use JPEG, PNG, GIF, WebP or SVG".into()),
    };
    let mut decoder = reader.into_decoder().map_err(|e| broken(&e))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.image_pixels {
        return Err(format!(
            "the image has {width} x {height} pixels, over the limit; {}",
            Limit::ImagePixels.remedy()
        ));
    }
    if pixels == 0 {
        return Err("the image is empty".into());
    }
    let turned = matches!(
        decoder.orientation().unwrap_or(Orientation::NoTransforms),
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    );
    let (width, height) = if turned { (height, width) } else { (width, height) };
    let picture = Picture { data, format, width, height };
    // A whole JPEG goes into a PDF as it is. The others must decode.
    if format != PictureFormat::Jpeg || picture.is_cut_short() {
        let _room = crate::limits::room_for(pixels);
        image::DynamicImage::from_decoder(decoder).map_err(|e| broken(&e))?;
    }
    Ok(picture)
}
