//! What the standards beyond PDF/UA ask for: an output intent, the source as an attachment, keys of PDF/X.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::moment::Moment;
use super::objects::{contradiction, text_string};
use super::options::{Attachment, Conformance, Ink, Options};
use crate::sheet::Publication;
use crate::{Error, Result};

/// An ICC profile by its header (ICC.1:2022, 7.2).
struct Profile<'a> {
    data: &'a [u8],
    components: i64,
    is_output: bool,
}

impl<'a> Profile<'a> {
    fn read(data: &'a [u8]) -> Result<Self> {
        let wrong =
            |reason: &str| Error::Usage(format!("--icc: {reason}; give an ICC profile of the printing condition"));
        if data.get(36..40) != Some(b"acsp") {
            return Err(wrong("the file is no ICC profile"));
        }
        let components = match data.get(16..20) {
            Some(b"CMYK") => 4,
            Some(b"RGB ") => 3,
            Some(b"GRAY") => 1,
            _ => return Err(wrong("the profile's colour space is neither CMYK nor RGB nor gray")),
        };
        Ok(Self { data, components, is_output: data.get(12..16) == Some(b"prtr") })
    }
}

/// Adds to the catalog what `options` ask for.
///
/// # Errors
/// A profile that is none, that does not fit the inks, or that is missing where it is needed.
pub(super) fn add_to(document: &mut Document, catalog: &mut Dictionary, options: &Options) -> Result<()> {
    let own;
    let profile = match (&options.icc, options.conformance) {
        (Some(data), _) => Some(Profile::read(data)?),
        (None, Conformance::Ua1) => None,
        (None, Conformance::X4) => {
            return Err(Error::Usage("PDF/X-4 names a printing condition; give its ICC profile with --icc".into()));
        }
        (None, Conformance::A2a | Conformance::A3a) => {
            own = srgb()?;
            Some(Profile::read(&own)?)
        }
    };
    if let Some(profile) = profile {
        let needed = if options.ink == Ink::Cmyk { 4 } else { 3 };
        // Gray is printed under any profile.
        if options.ink != Ink::Gray && profile.components != needed {
            let (ink, wants) = if options.ink == Ink::Cmyk { ("cmyk", "CMYK") } else { ("rgb", "RGB") };
            return Err(Error::Usage(format!(
                "--color {ink} needs a profile of {wants}; give another --icc or --color"
            )));
        }
        if options.conformance == Conformance::X4 && !profile.is_output {
            return Err(Error::Usage("--icc: PDF/X-4 needs the profile of an output device".into()));
        }
        catalog.set("OutputIntents", vec![intent(document, &profile, options)]);
    }
    if let Some(attachment) = &options.attachment {
        if options.conformance != Conformance::A3a {
            return Err(Error::Usage("only PDF/A-3a carries its source; use --conform a3a".into()));
        }
        attach(document, catalog, attachment);
    }
    Ok(())
}

fn srgb() -> Result<Vec<u8>> {
    moxcms::ColorProfile::new_srgb().encode().map_err(|e| contradiction(e.to_string()))
}

fn intent(document: &mut Document, profile: &Profile<'_>, options: &Options) -> Object {
    let stream = Stream::new(dictionary! { "N" => profile.components }, profile.data.to_vec());
    let stream = document.add_object(stream);
    let own = options.icc.is_none();
    let kind = if options.conformance == Conformance::X4 { "GTS_PDFX" } else { "GTS_PDFA1" };
    dictionary! {
        "Type" => "OutputIntent",
        "S" => kind,
        "OutputConditionIdentifier" => Object::string_literal(if own { "sRGB" } else { "Custom" }),
        "Info" => Object::string_literal(if own { "sRGB IEC61966-2.1" } else { "The profile given with the job" }),
        "DestOutputProfile" => stream,
    }
    .into()
}

fn attach(document: &mut Document, catalog: &mut Dictionary, attachment: &Attachment) {
    let file = dictionary! {
        "Type" => "EmbeddedFile",
        "Subtype" => Object::Name(attachment.media_type.clone().into_bytes()),
        "Params" => dictionary! { "Size" => attachment.data.len() as i64 },
    };
    let file: ObjectId = document.add_object(Stream::new(file, attachment.data.to_vec()));
    let specification = document.add_object(dictionary! {
        "Type" => "Filespec",
        "F" => text_string(&attachment.name),
        "UF" => text_string(&attachment.name),
        "Desc" => text_string("Source"),
        "AFRelationship" => "Source",
        "EF" => dictionary! { "F" => file, "UF" => file },
    });
    catalog.set("AF", vec![specification.into()]);
    let names = vec![text_string(&attachment.name), specification.into()];
    catalog.set("Names", dictionary! { "EmbeddedFiles" => dictionary! { "Names" => names } });
}

/// XMP properties of the standard.
pub(super) fn xmp(conformance: Conformance, publication: &Publication, identifier: [u8; 16]) -> String {
    let part = |part: u8| format!("<pdfaid:part>{part}</pdfaid:part>\n<pdfaid:conformance>A</pdfaid:conformance>\n");
    const UA: &str = "<pdfuaid:part>1</pdfuaid:part>\n";
    match conformance {
        Conformance::Ua1 => UA.into(),
        Conformance::A2a => part(2) + UA,
        Conformance::A3a => part(3) + UA,
        Conformance::X4 => {
            let hex: String = identifier.iter().map(|b| format!("{b:02x}")).collect();
            let dates = if publication.date.as_deref().and_then(Moment::parse).is_some() {
                String::new()
            } else {
                // PDF/X asks for dates, and nothing here asks a clock: the epoch, as reproducible builds do.
                "<xmp:CreateDate>1970-01-01T00:00:00+00:00</xmp:CreateDate>\n\
                 <xmp:ModifyDate>1970-01-01T00:00:00+00:00</xmp:ModifyDate>\n\
                 <xmp:MetadataDate>1970-01-01T00:00:00+00:00</xmp:MetadataDate>\n"
                    .into()
            };
            format!(
                "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n<pdf:Trapped>False</pdf:Trapped>\n{dates}\
                 <xmpMM:DocumentID>uuid:{hex}</xmpMM:DocumentID>\n<xmpMM:VersionID>1</xmpMM:VersionID>\n\
                 <xmpMM:RenditionClass>default</xmpMM:RenditionClass>\n"
            )
        }
    }
}
