//! What a drawing would cost, counted before it is drawn: the renderer cannot be stopped once it has begun.
//!
//! Two counts, each along the way that the renderer takes. The first is of elements, each as often as another shows it,
//! by which the renderer's own tree grows. The second is of pixels and edges on that tree, in nanoseconds as measured, and of
//! the bytes that layers hold at once.

use std::collections::HashMap;

use resvg::tiny_skia::{PathSegment, Point, Rect, Transform};
use resvg::usvg::filter::{CompositeOperator, Filter, Kind};
use resvg::usvg::roxmltree::{Document, Node};
use resvg::usvg::{ClipPath, Group, Mask, Node as Shape, Paint, Path, Pattern, Stroke, Tree};

use super::style;

/// Elements, those that others show counted each time.
pub(super) const ELEMENTS: usize = 200_000;
/// Elements within elements.
pub(super) const DEPTH: usize = 200;
/// Rules of style times elements, each of which is compared with each.
const COMPARED: usize = 20_000_000;

/// Nanoseconds of one drawing.
const TIME: f64 = 1.0e9;
/// Bytes of all layers that are open at once.
pub(super) const LAYERS: f64 = (128 << 20) as f64;

/// Nanoseconds of a pixel: of one colour, of a gradient, of a pattern that is sampled, of a layer that is laid over another.
const PLAIN: f64 = 1.5;
const GRADIENT: f64 = 8.0;
const SAMPLED: f64 = 30.0;
const LAYER: f64 = 12.0;
/// Nanoseconds of an edge, and of each row that it crosses (four times, for smooth edges).
const EDGE: f64 = 60.0;
const ROW: f64 = 16.0;
/// Nanoseconds of any element.
const ELEMENT: f64 = 500.0;
/// A dash has two long edges and two ends.
const DASH_EDGES: f64 = 6.0;

/// Counts the elements of a drawing as often as they are shown.
///
/// # Errors
/// One sentence where they are too many, or show each other in a circle.
pub(super) fn count(document: &Document<'_>) -> Result<(), String> {
    let too_many = || "the drawing has too many parts; use a picture of pixels".to_owned();
    let elements: Vec<Node<'_, '_>> = document.descendants().filter(Node::is_element).collect();
    let styles = elements.iter().filter(|node| node.tag_name().name() == "style");
    let rules: usize = styles
        .flat_map(|style| style.children())
        .filter_map(|child| child.text())
        .map(|text| text.bytes().filter(|byte| matches!(byte, b'{' | b',')).count())
        .sum();
    if rules.saturating_mul(elements.len()) > COMPARED {
        return Err(too_many());
    }
    let sheet = style::Links::of(document);
    let mut named = HashMap::new();
    for node in &elements {
        if let Some(id) = node.attribute("id") {
            named.entry(id).or_insert(*node);
        }
    }
    let mut counter = Counter { named, sheet, left: ELEMENTS };
    counter.spend(document.root_element(), 0).ok_or_else(too_many)
}

struct Counter<'d> {
    named: HashMap<&'d str, Node<'d, 'd>>,
    sheet: style::Links<'d>,
    left: usize,
}

impl<'d> Counter<'d> {
    /// Counts an element with those in it and those that it shows. `None` where they are too many, or in a circle.
    fn spend(&mut self, node: Node<'d, 'd>, depth: usize) -> Option<()> {
        self.left = self.left.checked_sub(1).filter(|_| depth <= DEPTH)?;
        let name = node.tag_name().name();
        for attribute in node.attributes() {
            let value = attribute.value();
            if attribute.name() == "href" && name != "a" {
                self.shown(value.trim().strip_prefix('#'), false, node, depth)?;
            } else if attribute.name() == "style" {
                for (property, value) in style::declarations(value) {
                    self.shown(link(value), property.starts_with("marker"), node, depth)?;
                }
            } else {
                self.shown(link(value), attribute.name().starts_with("marker"), node, depth)?;
            }
        }
        for (property, value) in self.sheet.of_node(node) {
            self.shown(link(value), property.starts_with("marker"), node, depth)?;
        }
        node.children().filter(Node::is_element).try_for_each(|child| self.spend(child, depth + 1))
    }

    fn shown(&mut self, id: Option<&str>, is_marker: bool, by: Node<'d, 'd>, depth: usize) -> Option<()> {
        let Some(target) = id.and_then(|id| self.named.get(id)).copied() else { return Some(()) };
        let before = self.left;
        self.spend(target, depth + 1)?;
        if is_marker {
            // One at each corner of each line below the element that names it.
            let each = before - self.left;
            self.left = self.left.checked_sub(each.saturating_mul(corners(by)))?;
        }
        Some(())
    }
}

/// The id in `url(#id)`.
fn link(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("url(")?;
    let id = rest.split(')').next()?.trim().trim_matches(['"', '\'']).trim();
    id.strip_prefix('#')
}

/// Corners of the lines below an element, at most.
fn corners(node: Node<'_, '_>) -> usize {
    let data = node.descendants().filter_map(|node| node.attribute("d").or_else(|| node.attribute("points")));
    // Two numbers make a corner; one does with h and v.
    data.map(|data| data.split([' ', ',', '\n', '\t', '-']).filter(|part| !part.is_empty()).count()).sum::<usize>() + 2
}

/// The largest of `scales` at which the drawing may be drawn on a sheet of its size.
pub(super) fn affordable(tree: &Tree, scales: &[f32]) -> Option<f32> {
    scales.iter().copied().find(|scale| {
        let size = tree.size();
        let sheet = Sheet { width: f64::from(size.width() * scale), height: f64::from(size.height() * scale) };
        let mut cost = Cost { time: TIME, open: sheet.pixels() * 4.0, sheet };
        cost.open <= LAYERS && cost.children(tree.root(), Transform::from_scale(*scale, *scale), sheet).is_some()
    })
}

/// What is drawn on.
#[derive(Clone, Copy)]
struct Sheet {
    width: f64,
    height: f64,
}

impl Sheet {
    fn pixels(self) -> f64 {
        self.width * self.height
    }
}

struct Cost {
    /// What is left.
    time: f64,
    /// Bytes of the layers that are open.
    open: f64,
    /// The sheet of the whole drawing: a layer is five times as wide and high at most.
    sheet: Sheet,
}

impl Cost {
    fn spend(&mut self, time: f64) -> Option<()> {
        self.time -= time;
        // Nor does a number that is none pass.
        (self.time > 0.0).then_some(())
    }

    /// Goes on with that many bytes more, which are given back.
    fn holding(&mut self, bytes: f64, inner: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.open += bytes;
        if self.open.is_nan() || self.open > LAYERS {
            return None;
        }
        inner(self)?;
        self.open -= bytes;
        Some(())
    }

    fn children(&mut self, group: &Group, transform: Transform, on: Sheet) -> Option<()> {
        group.children().iter().try_for_each(|node| {
            self.spend(ELEMENT)?;
            match node {
                Shape::Group(group) => self.group(group, transform, on),
                Shape::Path(path) => self.path(path, transform, on),
                Shape::Image(_) => Some(()),
                Shape::Text(text) => self.group(text.flattened(), transform, on),
            }
        })
    }

    fn group(&mut self, group: &Group, transform: Transform, on: Sheet) -> Option<()> {
        let transform = transform.pre_concat(group.transform());
        if !group.should_isolate() {
            return self.children(group, transform, on);
        }
        let Some(area) = group.layer_bounding_box().to_rect().transform(transform) else { return Some(()) };
        let most = |side: f32, sheet: f64| (f64::from(side) + 4.0).min(sheet * 5.0);
        let layer =
            Sheet { width: most(area.width(), self.sheet.width), height: most(area.height(), self.sheet.height) };
        let pixels = layer.pixels();
        self.spend(pixels * LAYER)?;
        self.holding(pixels * 4.0, |cost| {
            cost.children(group, transform, layer)?;
            group.filters().iter().try_for_each(|filter| cost.filter(filter, transform, layer))?;
            group.clip_path().map_or(Some(()), |clip| cost.clip(clip, transform, layer))?;
            group.mask().map_or(Some(()), |mask| cost.mask(mask, transform, layer))
        })
    }

    fn clip(&mut self, clip: &ClipPath, transform: Transform, layer: Sheet) -> Option<()> {
        self.spend(layer.pixels() * LAYER)?;
        self.holding(layer.pixels() * 5.0, |cost| {
            cost.clip_children(clip.root(), transform.pre_concat(clip.transform()), layer)?;
            clip.clip_path().map_or(Some(()), |clip| cost.clip(clip, transform, layer))
        })
    }

    /// What is cut out is drawn on one layer, but for what is cut out itself.
    fn clip_children(&mut self, group: &Group, transform: Transform, layer: Sheet) -> Option<()> {
        group.children().iter().try_for_each(|node| {
            self.spend(ELEMENT)?;
            match node {
                Shape::Path(path) => self.path(path, transform, layer),
                Shape::Group(group) => {
                    let transform = transform.pre_concat(group.transform());
                    let Some(clip) = group.clip_path() else { return self.clip_children(group, transform, layer) };
                    self.spend(layer.pixels() * LAYER)?;
                    self.holding(layer.pixels() * 4.0, |cost| {
                        cost.clip_children(group, transform, layer)?;
                        cost.clip(clip, transform, layer)
                    })
                }
                Shape::Text(text) => self.clip_children(text.flattened(), transform, layer),
                Shape::Image(_) => Some(()),
            }
        })
    }

    fn mask(&mut self, mask: &Mask, transform: Transform, layer: Sheet) -> Option<()> {
        self.spend(layer.pixels() * LAYER * 2.0)?;
        self.holding(layer.pixels() * 5.0, |cost| {
            cost.children(mask.root(), transform, layer)?;
            mask.mask().map_or(Some(()), |mask| cost.mask(mask, transform, layer))
        })
    }

    fn filter(&mut self, filter: &Filter, transform: Transform, layer: Sheet) -> Option<()> {
        let pixels = layer.pixels();
        let (x, y) = transform.get_scale();
        // The result of each step is kept until the last, and what it takes is copied.
        let kept = (filter.primitives().len() + 3) as f64 * pixels * 4.0;
        self.holding(kept, |cost| {
            filter.primitives().iter().try_for_each(|primitive| {
                let each = match primitive.kind() {
                    Kind::Flood(_) => 2.0,
                    Kind::Offset(_) | Kind::Tile(_) => 20.0,
                    Kind::Merge(merge) => 25.0 * merge.inputs().len() as f64,
                    Kind::Composite(composite) => match composite.operator() {
                        CompositeOperator::Arithmetic { .. } => 60.0,
                        _ => 40.0,
                    },
                    Kind::Blend(_) | Kind::ColorMatrix(_) | Kind::ComponentTransfer(_) => 60.0,
                    Kind::GaussianBlur(_) => 120.0,
                    Kind::DropShadow(_) => 180.0,
                    Kind::DisplacementMap(_) => 60.0,
                    Kind::DiffuseLighting(_) | Kind::SpecularLighting(_) => 150.0,
                    Kind::ConvolveMatrix(convolve) => {
                        let matrix = convolve.matrix();
                        40.0 + 8.0 * f64::from(matrix.columns()) * f64::from(matrix.rows())
                    }
                    // Every pixel looks at all within its radius.
                    Kind::Morphology(morphology) => {
                        let side =
                            |radius: f32, scale: f32, most: f64| (f64::from(radius * scale) * 2.0 + 1.0).min(most);
                        let wide = side(morphology.radius_x().get(), x, layer.width);
                        30.0 + 4.0 * wide * side(morphology.radius_y().get(), y, layer.height)
                    }
                    Kind::Turbulence(turbulence) => 40.0 + 250.0 * f64::from(turbulence.num_octaves()),
                    Kind::Image(image) => {
                        cost.children(image.root(), transform, layer)?;
                        40.0
                    }
                };
                cost.spend(ELEMENT + pixels * each)
            })
        })
    }

    fn path(&mut self, path: &Path, transform: Transform, on: Sheet) -> Option<()> {
        if !path.is_visible() {
            return Some(());
        }
        let outline = Outline::of(path, transform, on);
        self.spend(outline.edges * EDGE)?;
        let bounds = path.bounding_box().transform(transform).map_or(on.pixels(), |area| shared(area, on));
        if let Some(fill) = path.fill() {
            self.spend(outline.edges * EDGE + outline.rows * ROW)?;
            self.paint(fill.paint(), outline.covered.min(bounds), transform)?;
        }
        path.stroke().map_or(Some(()), |stroke| self.stroke(path, stroke, &outline, transform, on))
    }

    fn stroke(
        &mut self,
        path: &Path,
        stroke: &Stroke,
        outline: &Outline,
        transform: Transform,
        on: Sheet,
    ) -> Option<()> {
        let (x, y) = transform.get_scale();
        let width = f64::from(stroke.width().get() * x.max(y)).max(1.0);
        let dashes = stroke.dasharray().map_or(0.0, |dashes| {
            let whole: f32 = dashes.iter().sum();
            // The renderer gives up beyond a million.
            (outline.own_length / f64::from(whole) * dashes.len() as f64).min(1.0e6)
        });
        let edges = outline.edges * 8.0 + dashes * DASH_EDGES;
        let bounds = path.stroke_bounding_box().transform(transform).map_or(on.pixels(), |area| shared(area, on));
        self.holding(edges * 24.0, |cost| {
            cost.spend(edges * EDGE + (outline.rows * 2.0 + edges * width.min(on.height)) * ROW)?;
            cost.paint(stroke.paint(), (outline.length * width * 2.0 + width * width * 2.0).min(bounds), transform)
        })
    }

    fn paint(&mut self, paint: &Paint, pixels: f64, transform: Transform) -> Option<()> {
        match paint {
            Paint::Color(_) => self.spend(pixels * PLAIN),
            Paint::LinearGradient(_) | Paint::RadialGradient(_) => self.spend(pixels * GRADIENT),
            Paint::Pattern(pattern) => {
                self.spend(pixels * SAMPLED)?;
                self.pattern(pattern, transform)
            }
        }
    }

    /// A pattern is drawn anew for each shape that is painted with it.
    fn pattern(&mut self, pattern: &Pattern, transform: Transform) -> Option<()> {
        let (x, y) = transform.pre_concat(pattern.transform()).get_scale();
        let area = pattern.rect();
        let own = Sheet { width: f64::from(area.width() * x).round(), height: f64::from(area.height() * y).round() };
        self.spend(ELEMENT + own.pixels())?;
        self.holding(own.pixels() * 4.0, |cost| cost.children(pattern.root(), Transform::from_scale(x, y), own))
    }
}

/// Pixels that an area has on a sheet, wherever on it it lies.
fn shared(area: Rect, on: Sheet) -> f64 {
    (f64::from(area.width()) + 2.0).min(on.width) * (f64::from(area.height()) + 2.0).min(on.height)
}

/// A path in pixels: how many edges it has, the rows that they cross, how long they are, and what they cover at most.
#[derive(Default)]
struct Outline {
    edges: f64,
    rows: f64,
    length: f64,
    /// Length in its own units.
    own_length: f64,
    covered: f64,
}

impl Outline {
    fn of(path: &Path, transform: Transform, on: Sheet) -> Self {
        let mut outline = Self::default();
        let bounds = path.bounding_box();
        let mut middle = Point::from_xy(bounds.x() + bounds.width() / 2.0, bounds.y() + bounds.height() / 2.0);
        transform.map_point(&mut middle);
        let (mut first, mut last, mut own_last) = (middle, middle, Point::zero());
        let mut line = |to: Point, edges: f64, last: &mut Point, own_last: &mut Point| {
            let mut end = to;
            transform.map_point(&mut end);
            let wide = f64::from(end.x - last.x).abs();
            let high = f64::from(end.y - last.y).abs();
            outline.edges += edges;
            outline.rows += high.min(on.height);
            outline.length += wide.hypot(high);
            outline.own_length += f64::from(to.x - own_last.x).hypot(f64::from(to.y - own_last.y));
            let cross = f64::from(last.x - middle.x) * f64::from(end.y - middle.y)
                - f64::from(end.x - middle.x) * f64::from(last.y - middle.y);
            outline.covered += cross.abs() / 2.0 + wide + high;
            (*last, *own_last) = (end, to);
        };
        for segment in path.data().segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    let mut start = to;
                    transform.map_point(&mut start);
                    (first, last, own_last) = (start, start, to);
                }
                PathSegment::LineTo(to) => line(to, 1.0, &mut last, &mut own_last),
                PathSegment::QuadTo(by, to) => {
                    line(by, 4.0, &mut last, &mut own_last);
                    line(to, 4.0, &mut last, &mut own_last);
                }
                PathSegment::CubicTo(by, and, to) => {
                    for point in [by, and, to] {
                        line(point, 5.0, &mut last, &mut own_last);
                    }
                }
                PathSegment::Close => last = first,
            }
        }
        outline
    }
}

#[cfg(test)]
mod tests {
    use super::super::svg::draw;

    fn drawn(inner: &str) -> Result<(u32, u32), String> {
        let open = r#"<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500" viewBox="0 0 500 500">"#;
        let picture = draw(format!("{open}{inner}</svg>").as_bytes())?;
        let pixels = image::load_from_memory(&picture.data).expect("a PNG");
        Ok((pixels.width(), pixels.height()))
    }

    fn refused(inner: &str) {
        let answer = drawn(inner);
        assert!(
            answer.as_ref().is_err_and(|why| why.contains("takes too long") || why.contains("too many parts")),
            "{answer:?}: {}",
            &inner[..inner.len().min(300)]
        );
    }

    const WHOLE: &str = r#"<rect width="500" height="500""#;

    #[test]
    fn usual_drawings_keep_all_their_pixels() {
        let bars: String = (0..200).map(|x| format!("<rect x='{}' y='9' width='2' height='99'/>", x * 2)).collect();
        let map: String = (0..400)
            .map(|n| {
                let line: String = (0..60).map(|x| format!("L{} {} ", x * 8 + n % 7, (x * n) % 500)).collect();
                format!("<path fill='#{:03x}' stroke='black' d='M0 0 {line}z'/>", n)
            })
            .collect();
        for usual in [
            bars.as_str(),
            "<defs><filter id='s'><feDropShadow dx='2' dy='2' stdDeviation='3'/></filter></defs>\
             <rect x='9' y='9' width='99' height='99' filter='url(#s)'/>",
            "<linearGradient id='g'><stop offset='0' stop-color='red'/><stop offset='1'/></linearGradient>\
             <rect width='500' height='500' fill='url(#g)'/><g opacity='.5'><circle cx='99' cy='99' r='50'/></g>",
            "<pattern id='p' width='9' height='9' patternUnits='userSpaceOnUse'><circle cx='4' cy='4' r='2'/></pattern>\
             <rect width='500' height='200' fill='url(#p)'/>",
            "<marker id='m' markerWidth='9' markerHeight='9'><path d='M0 0 9 4 0 9z'/></marker>\
             <path d='M9 9 L400 400' stroke='red' marker-end='url(#m)'/>",
        ] {
            assert_eq!(drawn(usual), Ok((1_800, 1_800)), "{usual}");
        }
        assert!(drawn(&map).is_ok_and(|(width, _)| width >= 900));
    }

    #[test]
    fn filters_cost_their_area_times_their_steps() {
        for steps in [
            "<feTurbulence baseFrequency='1' numOctaves='100'/>".repeat(30),
            "<feGaussianBlur stdDeviation='50'/>".repeat(60),
            "<feMorphology radius='500'/>".to_owned(),
            "<feDiffuseLighting><fePointLight/></feDiffuseLighting>".repeat(60),
            format!("<feConvolveMatrix order='30' kernelMatrix='{}'/>", "1 ".repeat(900)),
            "<feFlood/>".repeat(400),
        ] {
            refused(&format!("<filter id='f'>{steps}</filter>{WHOLE} filter='url(#f)'/>"));
        }
        // A small element whose filter reaches far.
        refused(&format!(
            "<filter id='f' filterUnits='userSpaceOnUse' x='-9000' y='-9000' width='20000' height='20000'>{}</filter>\
             <rect width='1' height='1' filter='url(#f)'/>",
            "<feGaussianBlur stdDeviation='9'/>".repeat(20)
        ));
    }

    #[test]
    fn layers_and_patterns_cost_what_they_hold_at_once() {
        let groups = "<g opacity='.9'>".repeat(150);
        assert_eq!(
            drawn(&format!("{groups}{WHOLE}/>{}", "</g>".repeat(150))),
            Ok((450, 450)),
            "with fewer pixels it may"
        );
        let pattern = |id: usize, size: usize, fill: &str| {
            format!(
                "<pattern id='p{id}' width='{size}' height='{size}' patternUnits='userSpaceOnUse'>\
                 <rect width='{size}' height='{size}' fill='{fill}'/></pattern>"
            )
        };
        let huge = pattern(0, 100_000, "red");
        refused(&format!("{huge}{WHOLE} fill='url(#p0)'/>"));
        let chain: String = (0..12).map(|n| pattern(n, 500, &format!("url(#p{})", n + 1))).collect();
        let last = pattern(12, 1, "red");
        refused(&format!("{chain}{last}{}", format!("{WHOLE} fill='url(#p0)'/>").repeat(40)));
    }

    #[test]
    fn masks_that_mask_each_other_are_counted_each_time() {
        let masks: String = (0..12)
            .map(|n| {
                let rects = format!("{WHOLE} mask='url(#m{})' fill='white'/>", n + 1).repeat(8);
                format!("<mask id='m{n}'>{rects}</mask>")
            })
            .collect();
        refused(&format!("{masks}<mask id='m12'>{WHOLE} fill='white'/></mask>{WHOLE} mask='url(#m0)'/>"));
        let clips: String = (0..12)
            .map(|n| {
                let rects = format!("{WHOLE} clip-path='url(#c{})'/>", n + 1).repeat(8);
                format!("<clipPath id='c{n}'>{rects}</clipPath>")
            })
            .collect();
        refused(&format!("{clips}<clipPath id='c12'>{WHOLE}/></clipPath>{WHOLE} clip-path='url(#c0)'/>"));
    }

    #[test]
    fn a_mark_at_every_corner_is_counted_at_every_corner() {
        let mark = format!("<marker id='m'>{}</marker>", "<rect width='1' height='1'/>".repeat(100));
        let line = format!("M0 0{}", "L9 9 L1 1 ".repeat(9_000));
        refused(&format!("{mark}<path d='{line}' marker-mid='url(#m)'/>"));
        refused(&format!("{mark}<g style='marker-mid: url(#m)'><path d='{line}'/></g>"));
        refused(&format!("{mark}<style>.a {{ marker-mid: url(#m) }}</style><path class='a' d='{line}'/>"));
    }

    #[test]
    fn rules_are_not_compared_with_elements_without_end() {
        let rules = ".a b c{d:e}".repeat(20_000);
        refused(&format!("<style>{rules}</style>{}", "<g class='a'/>".repeat(20_000)));
    }

    #[test]
    fn areas_and_edges_are_counted_without_any_filter() {
        refused(&format!(
            "<linearGradient id='g'><stop offset='0'/><stop offset='1' stop-color='red'/></linearGradient>{}",
            format!("{WHOLE} fill='url(#g)'/>").repeat(3_000)
        ));
        refused(&format!("<path d='M0 0{}'/>", " L1 1 L500 500".repeat(200_000)));
        refused(&"<path stroke='black' stroke-dasharray='0.0001' d='M0 0 L500 500'/>".repeat(100));
        refused(&format!(
            "<path fill='none' stroke='black' stroke-width='400' d='M0 0{}'/>",
            " L1 1 L500 500".repeat(90_000)
        ));
    }

    #[test]
    fn depth_is_looked_at_once_for_each_element() {
        let deep = "<g>".repeat(150_000);
        assert!(drawn(&format!("{deep}{}", "</g>".repeat(150_000))).is_err_and(|why| why.contains("deeply")));
    }
}
