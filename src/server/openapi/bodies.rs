//! What goes in and out as JSON: Article JSON, receipts, findings, reports, the list of themes, problems.

use serde_json::{Map, Value, json};

/// All of them, for `components`.
pub(super) fn schemas() -> Value {
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| all.insert(name.into(), schema);
    add(
        "Problem",
        json!({
            "type": "object",
            "description": "RFC 9457",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" },
                "title": { "type": "string" },
                "status": { "type": "integer", "minimum": 400, "maximum": 599 },
                "detail": { "type": "string", "description": "One sentence that says what to do" },
            },
        }),
    );
    add("Article", article());
    add("Block", json!({ "oneOf": blocks() }));
    add("Inline", json!({ "oneOf": inlines() }));
    let many = |of: &str| json!({ "type": "array", "items": list(of) });
    add("Definition", object(json!({ "terms": many("Inline"), "definitions": many("Block") }), &[]));
    add("Note", object(json!({ "id": text(), "label": text(), "blocks": list("Block") }), &[]));
    add(
        "Cell",
        object(
            json!({ "blocks": list("Block") }),
            &[
                ("header", json!({ "anyOf": [{ "enum": ["column", "row"] }, { "type": "null" }] })),
                ("colspan", integer(u16::MAX.into())),
                ("rowspan", integer(u16::MAX.into())),
            ],
        ),
    );
    add("Image", image());
    let removal = ["rule", "selector", "element"].map(|name| (name, text()));
    let counts = ["offset", "words", "bytes"].map(|name| (name, integer(u64::MAX)));
    add("Removal", object(Value::Object(removal.into_iter().chain(counts).map(|(n, s)| (n.into(), s)).collect()), &[]));
    let further = json!({ "source": text(), "removed": list("Removal") });
    add("FurtherPage", object(further, &[("removed_unlisted", integer(u64::MAX))]));
    let kept = ["words", "headings", "links", "images", "tables"].map(|name| (name.to_owned(), integer(u64::MAX)));
    add(
        "Receipt",
        object(
            json!({
                "source": text(), "title": text(), "lang": text(), "removed": list("Removal"),
                "kept": object(Value::Object(Map::from_iter(kept)), &[]),
                "lost": { "type": "array", "items": text() },
            }),
            &[
                ("removed_unlisted", integer(u64::MAX)),
                ("spared", list("Removal")),
                ("images_without_description", integer(u64::MAX)),
                ("further", list("FurtherPage")),
            ],
        ),
    );
    add("Finding", object(json!({ "rule": text(), "place": text(), "message": text() }), &[]));
    add("Findings", list("Finding"));
    add("Preflight", preflight());
    add("Themes", themes());
    all.into()
}

/// A reference to one of them.
pub(super) fn link(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": link(name) })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn integer(most: u64) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": most })
}

fn or_null(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

/// An object with properties that have to be there, and others.
fn object(required: Value, others: &[(&str, Value)]) -> Value {
    let names: Vec<String> = required.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default();
    let mut schema = json!({ "type": "object", "required": names, "properties": required });
    for (name, other) in others {
        schema["properties"][*name] = other.clone();
    }
    schema
}

/// Whatever is absent is as if empty.
fn article() -> Value {
    let date = json!({ "type": ["string", "null"], "description": "RFC 3339, or a calendar date" });
    object(
        json!({}),
        &[
            ("title", text()),
            ("deck", json!({ "type": ["string", "null"], "description": "The standfirst below the headline" })),
            ("byline", json!({ "type": "array", "items": text() })),
            ("date", date.clone()),
            ("modified", date),
            ("lang", json!({ "type": "string", "description": "BCP 47" })),
            ("site", or_null("string")),
            ("section", or_null("string")),
            ("url", or_null("string")),
            (
                "confidence",
                json!({ "type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "How sure it is that this is the article and all of it" }),
            ),
            ("doubts", json!({ "type": "array", "items": text(), "description": "What speaks against that" })),
            ("lead_image", json!({ "anyOf": [link("Image"), { "type": "null" }] })),
            ("blocks", list("Block")),
            ("text", json!({ "type": "string", "description": "The body as plain text; not read" })),
        ],
    )
}

fn image() -> Value {
    let side = integer(u32::MAX.into());
    let size = json!({ "type": ["array", "null"], "prefixItems": [side, side], "items": false, "minItems": 2 });
    let texts = ["alt", "title", "caption"].map(|name| (name, or_null("string")));
    object(json!({ "src": text() }), &[&texts[..], &[("size", size)]].concat())
}

fn blocks() -> Vec<Value> {
    let block = |name: &str, mut schema: Value| {
        schema["properties"]["type"] = json!({ "const": name });
        if let Some(required) = schema["required"].as_array_mut() {
            required.push("type".into());
        }
        schema
    };
    let level = json!({ "type": "integer", "minimum": 2, "maximum": 6 });
    let items = json!({ "type": "array", "items": list("Block") });
    let start = json!({ "type": ["integer", "null"], "minimum": i32::MIN, "maximum": i32::MAX });
    let number = json!({ "type": "integer", "minimum": i32::MIN, "maximum": i32::MAX });
    let style = json!({ "enum": ["decimal", "lower-alpha", "upper-alpha", "lower-roman", "upper-roman"] });
    let row = json!({ "type": "array", "items": link("Cell") });
    let switch = json!({ "type": "boolean" });
    vec![
        block("heading", object(json!({ "level": level, "content": list("Inline") }), &[])),
        block("paragraph", object(json!({ "content": list("Inline") }), &[("lang", or_null("string"))])),
        block(
            "list",
            object(
                json!({ "ordered": switch, "items": items }),
                &[("start", start), ("style", style), ("numbers", json!({ "type": "array", "items": number }))],
            ),
        ),
        block("details", object(json!({ "summary": list("Inline"), "blocks": list("Block") }), &[])),
        block("definitions", object(json!({ "items": list("Definition") }), &[])),
        block("quote", object(json!({ "blocks": list("Block") }), &[("cite", list("Inline"))])),
        block(
            "figure",
            object(json!({ "images": list("Image") }), &[("caption", list("Inline")), ("credit", or_null("string"))]),
        ),
        block(
            "table",
            object(
                json!({ "rows": { "type": "array", "items": row } }),
                &[("caption", list("Inline")), ("header_rows", integer(u64::MAX))],
            ),
        ),
        block("preformatted", object(json!({ "text": text(), "code": switch }), &[])),
        block("embed", object(json!({ "title": text(), "url": text() }), &[])),
        block("notes", object(json!({ "notes": list("Note") }), &[])),
        block("rule", object(json!({}), &[])),
    ]
}

fn inlines() -> Vec<Value> {
    let tagged = |name: &str, inside: Value| json!({ "type": "object", "required": [name], "properties": { name: inside }, "additionalProperties": false });
    let mut all = vec![json!({ "const": "break" })];
    all.extend(["text", "code", "anchor"].map(|name| tagged(name, text())));
    all.push(tagged("check", json!({ "type": "boolean" })));
    all.push(tagged("abbreviation", object(json!({ "title": text(), "content": list("Inline") }), &[])));
    all.push(tagged("ruby", object(json!({ "text": text(), "content": list("Inline") }), &[])));
    all.extend(
        ["emphasis", "strong", "superscript", "subscript", "deleted", "math"].map(|name| tagged(name, list("Inline"))),
    );
    all.push(tagged("link", object(json!({ "href": text(), "content": list("Inline") }), &[])));
    all.push(tagged("lang", object(json!({ "lang": text(), "content": list("Inline") }), &[])));
    all.push(tagged("note-ref", object(json!({ "note": text(), "label": text() }), &[])));
    all.push(tagged("image", link("Image")));
    all
}

fn preflight() -> Value {
    let page = json!({ "type": "integer", "minimum": 1 });
    let amount = json!({ "type": "number" });
    let pair = |of: &Value| json!({ "type": "array", "items": of, "minItems": 2, "maxItems": 2 });
    let boxes = object(
        json!({ "pages": { "type": "array", "items": pair(&page) }, "media": pair(&amount), "trim": pair(&amount), "bleed": amount }),
        &[],
    );
    let picture = object(
        json!({ "page": page, "pixels": pair(&amount), "dpi": integer(u32::MAX.into()), "space": text() }),
        &[("ink", or_null("integer"))],
    );
    let font = object(json!({ "name": text(), "embedded": { "type": "boolean" } }), &[]);
    let counts = ["gray", "rgb", "cmyk", "black_texts", "overprinted", "rich_black_texts"];
    let mut ink =
        object(Value::Object(counts.map(|name| (name.to_owned(), integer(u64::MAX))).into_iter().collect()), &[]);
    ink["properties"]["most"] =
        json!({ "type": ["array", "null"], "items": amount, "description": "Percent of ink, and the page" });
    object(
        json!({
            "pages": integer(u64::MAX),
            "fonts": { "type": "array", "items": font },
            "boxes": { "type": "array", "items": boxes },
            "pictures": { "type": "array", "items": picture },
            "ink": ink,
            "transparency": { "type": "array", "items": page },
            "findings": list("Finding"),
        }),
        &[("output_intent", or_null("string"))],
    )
}

fn themes() -> Value {
    let number = json!({ "type": "number" });
    let screen = object(
        json!({
            "name": text(), "title": { "type": "object" }, "scheme": text(),
            "colors": { "type": "object", "additionalProperties": { "type": "string" } }, "least_text_contrast": number,
        }),
        &[],
    );
    let print = object(
        json!({
            "name": text(), "about": text(), "paper": text(), "size_pt": number, "leading": number,
            "x_height_mm": number, "columns": integer(4), "guideline": text(),
        }),
        &[],
    );
    object(json!({ "screen": { "type": "array", "items": screen }, "print": { "type": "array", "items": print } }), &[])
}
