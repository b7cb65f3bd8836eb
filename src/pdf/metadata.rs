//! What the file says of itself: XMP, the Info dictionary, its identifier.

use lopdf::{Dictionary, Document, ObjectId, Stream, dictionary};

use super::moment::Moment;
use super::objects::text_string;
use super::options::Conformance;
use super::painted::PaintedPage;
use crate::sheet::{Publication, Target};

/// The namespace of Clearprint's own XMP properties.
pub(crate) const NAMESPACE: &str = "urn:clearprint:print:1";

const PRODUCER: &str = concat!("Clearprint ", env!("CARGO_PKG_VERSION"));

/// 128 bits that differ when the input differs: FNV-1a, because an identifier needs no cryptography, and the same bytes
/// must come out of every build.
#[derive(Clone)]
pub(super) struct Digest(u128);

impl Default for Digest {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Digest {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        // Eight bytes a step: the identifier of a book is not worth a tenth of a second.
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 ^= u128::from(u64::from_le_bytes(word)) ^ ((chunk.len() as u128) << 64);
            self.0 = self.0.wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
            self.0 ^= self.0 >> 61;
        }
    }

    pub(super) fn finish(&self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

/// The identifier of the file, from what is in it.
pub(super) fn digest(publication: &Publication, pages: &[PaintedPage]) -> [u8; 16] {
    let mut digest = Digest::default();
    for text in [&publication.title, &publication.lang, &publication.style] {
        digest.add(text.as_bytes());
    }
    for element in &publication.structure.elements {
        for text in [&element.alt, &element.lang, &element.actual_text, &element.title].into_iter().flatten() {
            digest.add(text.as_bytes());
        }
    }
    for link in publication.sheets.iter().flat_map(|sheet| &sheet.links) {
        digest.add(link.contents.as_bytes());
        if let Target::Uri(uri) = &link.target {
            digest.add(uri.as_bytes());
        }
    }
    for page in pages {
        digest.add(&page.stream.content);
    }
    for picture in &publication.pictures {
        digest.add(&picture.data);
    }
    digest.finish()
}

/// What BCP 47 calls a language that nobody has determined.
pub(super) const UNKNOWN_LANGUAGE: &str = "und";

/// A language tag as a PDF may carry it: pages write `ru_RU`, and worse. `None` where it is no tag.
pub(super) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let mut parts = tag.split('-');
    let primary =
        parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let rest = parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()));
    (primary && rest).then_some(tag)
}

/// A document must have a title (ISO 14289-1, 7.1): its own, else where it comes from.
fn title(publication: &Publication) -> &str {
    let own = Some(publication.title.as_str()).filter(|t| !t.trim().is_empty());
    own.or(publication.source.as_deref()).filter(|t| !t.trim().is_empty()).unwrap_or("—")
}

/// The Info dictionary: deprecated, and still what most viewers show.
pub(super) fn info(publication: &Publication, conformance: Conformance) -> Dictionary {
    let mut info = dictionary! {
        "Title" => text_string(title(publication)),
        "Producer" => text_string(PRODUCER),
        "Creator" => text_string(PRODUCER),
    };
    if !publication.authors.is_empty() {
        info.set("Author", text_string(&publication.authors.join(", ")));
    }
    if conformance == Conformance::X4 {
        info.set("GTS_PDFXVersion", text_string("PDF/X-4"));
        info.set("Trapped", "False");
        info.set("CreationDate", text_string("D:19700101000000+00'00'"));
        info.set("ModDate", text_string("D:19700101000000+00'00'"));
    }
    if let Some(date) = publication.date.as_deref().and_then(Moment::parse) {
        info.set("CreationDate", text_string(&date.pdf()));
        info.set("ModDate", text_string(&date.pdf()));
    }
    info
}

/// The XMP packet, uncompressed so that any tool finds it.
pub(super) fn xmp_stream(
    document: &mut Document,
    publication: &Publication,
    conformance: Conformance,
    identifier: [u8; 16],
) -> ObjectId {
    let dictionary = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let packet = xmp(publication, &super::conformance::xmp(conformance, publication, identifier));
    document.add_object(Stream::new(dictionary, packet.into_bytes()).with_compression(false))
}

/// `standards` are the properties of the standards that the file keeps.
fn xmp(publication: &Publication, standards: &str) -> String {
    let lang = language(&publication.lang).unwrap_or_else(|| UNKNOWN_LANGUAGE.into());
    let mut properties = format!(
        "<dc:format>application/pdf</dc:format>\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
         <dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>\n",
        title = escaped(title(publication)),
    );
    if !publication.authors.is_empty() {
        let authors: String = publication.authors.iter().map(|a| format!("<rdf:li>{}</rdf:li>", escaped(a))).collect();
        properties += &format!("<dc:creator><rdf:Seq>{authors}</rdf:Seq></dc:creator>\n");
    }
    if let Some(source) = &publication.source {
        properties += &format!("<dc:source>{}</dc:source>\n", escaped(source));
    }
    properties +=
        &format!("<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>\n<pdf:Producer>{PRODUCER}</pdf:Producer>\n{standards}");
    if let Some(date) = publication.date.as_deref().and_then(Moment::parse) {
        let date = date.xmp();
        properties += &format!(
            "<xmp:CreateDate>{date}</xmp:CreateDate>\n<xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
             <xmp:MetadataDate>{date}</xmp:MetadataDate>\n"
        );
    }
    if !publication.style.is_empty() {
        properties += &format!("<clearprint:Style>{}</clearprint:Style>\n", escaped(&publication.style));
    }
    let ua = schema(
        "PDF/UA identification",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        [("part", "Integer", "internal", "Part of ISO 14289 that the file conforms to")],
    );
    let own = schema(
        "Clearprint",
        NAMESPACE,
        "clearprint",
        [("Style", "Text", "external", "Print style that the document was set in")],
    );
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" \
         xmlns:pdfxid=\"http://www.npes.org/pdfx/ns/id/\" xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" \
         xmlns:clearprint=\"{NAMESPACE}\">\n\
         {properties}</rdf:Description>\n\
         <rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
         xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" \
         xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n\
         <pdfaExtension:schemas><rdf:Bag>\n{ua}{own}</rdf:Bag></pdfaExtension:schemas>\n\
         </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}

/// The description of a schema that PDF/A does not know (ISO 19005-2, 6.6.2.3.3).
fn schema(title: &str, namespace: &str, prefix: &str, [property]: [(&str, &str, &str, &str); 1]) -> String {
    let (name, kind, category, description) = property;
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>{title}</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>\
         <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{name}</pdfaProperty:name>\
         <pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>{category}</pdfaProperty:category>\
         <pdfaProperty:description>{description}</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>\
         </rdf:li>\n"
    )
}

/// Text in XML, without the characters that XML 1.0 cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
