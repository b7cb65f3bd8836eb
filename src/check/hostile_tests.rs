//! PDFs that are small and ask for much: each kind ends in a limit that it names, and none in a panic.

use std::io::Write;

use super::{pdf, preflight, tags, text};
use crate::limits::Limit;
use crate::{Error, Limits};

/// What a service allows, or less, so that a limit is met before a test has waited for it.
fn limits() -> Limits {
    Limits { operations: 200_000, unpacked: 4 << 20, ..Limits::default() }
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    [format!("<<{dictionary}/Length {}>>stream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

fn packed(dictionary: &str, content: &[u8]) -> Vec<u8> {
    stream(&format!("{dictionary}/Filter/FlateDecode"), &deflated(content))
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).expect("memory");
    encoder.finish().expect("memory")
}

/// A file of these objects, the first of which is its catalog.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let (mut out, mut table) = (b"%PDF-1.7\n".to_vec(), String::new());
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend([format!("{} 0 obj\n", index + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    with_table(out, objects.len(), &table)
}

fn with_table(mut out: Vec<u8>, count: usize, table: &str) -> Vec<u8> {
    let at = out.len();
    let size = count + 1;
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF"
    );
    out.extend(end.into_bytes());
    out
}

const CATALOG: &[u8] = b"<</Type/Catalog/Pages 2 0 R>>";

/// One page with this content (object 4) and these resources, and more objects from 5 on.
fn page(content: Vec<u8>, resources: &str, more: Vec<Vec<u8>>) -> Vec<u8> {
    let own = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<<{resources}>>>>");
    let fixed = vec![CATALOG.to_vec(), b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(), own.into_bytes(), content];
    file(&[fixed, more].concat())
}

/// The limit by which every reader of the file was stopped.
fn stopped_by(file: &[u8]) -> Option<Limit> {
    let limits = limits();
    let passed = |error: Option<Error>| match error {
        Some(Error::Limit { limit, .. }) => Some(limit),
        Some(other) => panic!("no limit: {other}"),
        None => None,
    };
    let all = [
        passed(pdf(file, None, &limits).err()),
        passed(tags(file, &limits).err()),
        passed(text(file, &limits).err()),
        passed(preflight(file, &limits).err()),
    ];
    assert!(all.iter().all(|limit| *limit == all[0]), "{all:?}");
    all[0]
}

fn reads(file: &[u8]) {
    assert!(pdf(file, None, &limits()).is_ok());
}

#[test]
fn forms_that_show_forms_are_counted_each_time() {
    let form = |next: usize| {
        let dictionary =
            format!("/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</A {next} 0 R/B {next} 0 R>>>>");
        stream(&dictionary, &b"/A Do /B Do [(a)-1(b)]TJ ".repeat(6))
    };
    let forms = (0..9).map(|level| form(if level == 8 { 5 } else { 6 + level })).collect();
    assert_eq!(stopped_by(&page(stream("", b"/A Do"), "/XObject<</A 5 0 R>>", forms)), Some(Limit::Operations));
}

#[test]
fn operations_are_counted_and_not_kept() {
    for content in [&b"q "[..], b"BT ", b"/P BMC ", b"0 0 9 9 re f ", b"[(a)]TJ ", b"BI /W 1 ID x EI ", b"] ", b"1 "] {
        let content = packed("", &content.repeat(400_000));
        let limit = stopped_by(&page(content, "", Vec::new()));
        assert!(matches!(limit, None | Some(Limit::Operations | Limit::Unpacked)), "{limit:?}");
    }
    assert_eq!(stopped_by(&page(packed("", &b"q ".repeat(300_000)), "", Vec::new())), Some(Limit::Operations));
    assert_eq!(
        stopped_by(&page(packed("", &[b"[", &b"0 ".repeat(90_000)[..], b"]TJ"].concat()), "", Vec::new())),
        Some(Limit::Operations)
    );
}

#[test]
fn what_streams_unpack_to_is_counted_together() {
    let much = vec![b' '; 3 << 20];
    let twice = "/Filter[/FlateDecode/FlateDecode]";
    reads(&page(packed("", &much), "", Vec::new()));
    let bomb = deflated(&deflated(&vec![b' '; 64 << 20]));
    assert_eq!(stopped_by(&page(stream(twice, &bomb), "", Vec::new())), Some(Limit::Unpacked));
    let own = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents[4 0 R 4 0 R 4 0 R]>>";
    let pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec();
    let repeated = file(&[CATALOG.to_vec(), pages, own.into(), packed("", &much)]);
    assert_eq!(stopped_by(&repeated), Some(Limit::Unpacked));
}

#[test]
fn a_row_of_samples_that_no_stream_could_fill_is_not_made_room_for() {
    let parameters = "/DecodeParms<</Predictor 12/Columns 4000000000>>";
    let most = "/DecodeParms<</Predictor 12/Columns 9223372036854775807/Colors 9>>";
    for parameters in [parameters, most] {
        reads(&page(packed(parameters, b"\x02abc"), "", Vec::new()));
    }
}

#[test]
fn packed_objects_are_paid_for_one_by_one() {
    let packed_objects = |head: &str, body: &[u8]| {
        let content = [head.as_bytes(), body].concat();
        let container = packed(&format!("/Type/ObjStm/N 9/First {}", head.len()), &content);
        with_packed(container)
    };
    // Many numbers, and many objects that are all the same long one.
    assert_eq!(stopped_by(&packed_objects(&"1 0 ".repeat(300_000), b"0")), Some(Limit::Operations));
    assert_eq!(
        stopped_by(&packed_objects(&"1 0 ".repeat(1_000), &[b"[", &b"0 ".repeat(9_000)[..], b"]"].concat())),
        Some(Limit::Operations)
    );
    assert_eq!(stopped_by(&packed_objects("1 0 ", &vec![b' '; 9 << 20])), Some(Limit::Unpacked));
}

/// A file whose catalog and pages are packed into one stream, which its directory, a stream too, says.
fn with_packed(container: Vec<u8>) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let container_at = out.len();
    out.extend([b"3 0 obj\n", &container[..], b"\nendobj\n"].concat());
    let at = out.len();
    let entries: Vec<u8> = [(0, 0, 0), (2, 3, 0), (2, 3, 1), (1, container_at, 0), (1, at, 0)]
        .iter()
        .flat_map(|(kind, place, index)| [*kind as u8, (place >> 8) as u8, *place as u8, *index as u8])
        .collect();
    let directory = stream("/Type/XRef/Size 5/W[1 2 1]/Root 1 0 R", &entries);
    out.extend([b"4 0 obj\n", &directory[..], format!("\nendobj\nstartxref\n{at}\n%%EOF").as_bytes()].concat());
    out
}

#[test]
fn packed_objects_are_found() {
    let body = "<</Type/Catalog/Pages 2 0 R/Lang(ru)>> <</Type/Pages/Kids[]/Count 0>>";
    let second = body.find(" <</Type/Pages").expect("there") + 1;
    let head = format!("1 0 2 {second} ");
    let container = packed(&format!("/Type/ObjStm/N 2/First {}", head.len()), format!("{head}{body}").as_bytes());
    let findings = pdf(&with_packed(container), None, &limits()).expect("a PDF");
    assert!(findings.iter().all(|finding| !finding.message.contains("language")), "{findings:?}");
}

#[test]
fn a_directory_promises_what_it_does_not_hold() {
    let directory = |entries: &str, content: &[u8]| {
        let own = packed(&format!("/Type/XRef/Size 4000000000{entries}/Root 1 0 R"), content);
        [b"%PDF-1.7\n1 0 obj\n", &own[..], b"\nendobj\nstartxref\n9\n%%EOF"].concat()
    };
    for file in [
        directory("/W[0 0 0]", b""),
        directory("/W[1 2 1]/Index[0 9223372036854775807]", &[0; 400]),
        directory("/W[9000000000 1 1]", &[1; 400]),
        directory("/W[1 2 1]/Prev 9", &[1; 400]),
        b"%PDF-1.7\nxref\n0 9223372036854775807\ntrailer<</Size 9/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF".to_vec(),
    ] {
        let _ = pdf(&file, None, &limits());
    }
    assert_eq!(stopped_by(&directory("/W[0 1 0]", &vec![1; 3 << 20])), Some(Limit::Operations));
}

#[test]
fn objects_at_one_place_are_paid_for_each_time() {
    let body = [b"<</Type/Catalog/X[", &b"0 ".repeat(20_000)[..], b"]>>"].concat();
    let mut out = b"%PDF-1.7\n".to_vec();
    let at = out.len();
    out.extend([b"1 0 obj\n", &body[..], b"\nendobj\n"].concat());
    assert_eq!(stopped_by(&with_table(out, 500, &format!("{at:010} 00000 n \n").repeat(500))), Some(Limit::Operations));
    // The same with nothing but space between the number and what it is the number of.
    let mut out = b"%PDF-1.7\n".to_vec();
    out.extend([b"1 ", &b" ".repeat(400_000)[..], b"0 obj 1 endobj\n"].concat());
    assert_eq!(stopped_by(&with_table(out, 500, &"0000000009 00000 n \n".repeat(500))), Some(Limit::Operations));
}

#[test]
fn lengths_that_lead_from_stream_to_stream_lead_nowhere() {
    let mut objects = vec![CATALOG.to_vec(), b"<</Type/Pages/Kids[]/Count 0>>".to_vec()];
    for next in 0..5_000 {
        objects.push(format!("<</Length {} 0 R>>stream\nx\nendstream", (next + 1) % 5_000 + 3).into_bytes());
    }
    reads(&file(&objects));
}

#[test]
fn arrays_of_structure_that_hold_each_other_twice_are_counted() {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</K 3 0 R>>>>".to_vec(),
        b"<</Type/Pages/Kids[]/Count 0>>".to_vec(),
    ];
    objects.extend((3..190).map(|next| format!("[{0} 0 R {0} 0 R<</S/P>>]", next + 1).into_bytes()));
    let file = file(&objects);
    for result in [pdf(&file, None, &limits()).err(), tags(&file, &limits()).err(), text(&file, &limits()).err()] {
        assert!(matches!(result, Some(Error::Limit { limit: Limit::Operations, .. })), "{result:?}");
    }
}

#[test]
fn maps_of_a_font_cost_what_they_spread_to() {
    let to_unicode = |map: String| {
        let font = b"<</Type/Font/Subtype/Type0/BaseFont/A/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>".to_vec();
        let widths = format!("<</Type/Font/Subtype/CIDFontType2/W[{}]>>", "0 65535 9 ".repeat(100));
        page(
            stream("", b"BT /A 9 Tf (a) Tj"),
            "/Font<</A 5 0 R>>",
            vec![font, packed("", map.as_bytes()), widths.into_bytes()],
        )
    };
    let spread = "1 beginbfrange <0000><ffff><0041> endbfrange ".repeat(100);
    assert_eq!(stopped_by(&to_unicode(spread)), Some(Limit::Operations));
    assert_eq!(stopped_by(&to_unicode(String::new())), Some(Limit::Operations));
}

#[test]
fn a_font_is_read_once_however_often_it_is_named() {
    let widths = format!("[{}]", "500 ".repeat(256));
    let content = packed("", &b"/A 9 Tf ".repeat(30_000));
    let font = "/Font<</A<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 0/Widths 5 0 R>>>>";
    reads(&page(content, font, vec![widths.into_bytes()]));
}

#[test]
fn the_time_is_looked_at() {
    let over = Limits { time: Some(std::time::Duration::ZERO), ..Limits::default() };
    let file = page(packed("", &b"q Q ".repeat(10_000)), "", Vec::new());
    let error = pdf(&file, None, &over).expect_err("no time");
    assert!(matches!(error, Error::Limit { limit: Limit::Time, .. }), "{error}");
}
