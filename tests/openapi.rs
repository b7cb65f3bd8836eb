//! The description of the API against the service: every bound, list and example in it is tried.

use std::net::SocketAddr;

use crate::http::{ask, start};
use clearprint::internals::server::Config;
use serde_json::{Map, Value, json};

fn document(at: SocketAddr) -> Value {
    serde_json::from_slice(&ask(at, "GET", "/openapi.json", "", b"").body).expect("JSON")
}

/// All parameters: path, method, parameter.
fn parameters(document: &Value) -> Vec<(String, String, Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                all.push((path.clone(), method.to_uppercase(), parameter.clone()));
            }
        }
    }
    assert!(all.len() > 80, "{} parameters", all.len());
    all
}

/// Whether the service takes a value; the page would come from an origin that is not allowed, so that nothing is made.
fn takes(at: SocketAddr, path: &str, method: &str, query: &str) -> Result<(), String> {
    let answer = if method == "GET" && path != "/v1/check" {
        ask(at, "GET", &format!("{path}?url=https://site.example/&{query}"), "", b"")
    } else {
        ask(at, "POST", &format!("{path}?{query}"), "", b"<title>T</title><p>Text of a page.</p>")
    };
    match answer.status {
        400 => Err(answer.text()),
        200 | 403 | 413 | 415 | 422 => Ok(()),
        status => panic!("{path}?{query}: {status}: {}", answer.text()),
    }
}

fn encoded(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[test]
fn every_parameter_has_a_schema_and_says_what_it_is() {
    for (path, method, parameter) in parameters(&document(start(Config::default()))) {
        let schema = &parameter["schema"];
        let bounded = match schema["type"].as_str() {
            Some("boolean") => true,
            Some("integer" | "number") => schema["minimum"].is_number() && schema["maximum"].is_number(),
            Some("string") => schema["enum"].is_array() || schema["pattern"].is_string() || schema["anyOf"].is_array(),
            _ => false,
        };
        assert!(bounded, "{method} {path}: {parameter}");
        assert!(parameter["description"].as_str().is_some_and(|d| d.len() > 5), "{method} {path}: {parameter}");
    }
}

#[test]
fn what_the_description_allows_is_taken_and_what_is_beyond_is_refused() {
    let at = start(Config::default());
    let document = document(at);
    let all = parameters(&document);
    let (mut taken, mut refused) = (0, 0);
    for (path, method, parameter) in &all {
        // What POST takes too is tried by GET, where nothing has to be made.
        let by_get = document["paths"][path]["get"].is_object();
        let name = parameter["name"].as_str().expect("a name");
        if (method == "POST") == by_get || name == "url" {
            continue;
        }
        let schema = &parameter["schema"];
        let number = |text: &str| serde_json::from_str::<Value>(text).expect("a number");
        let mut within: Vec<Value> = Vec::new();
        for list in [&schema["enum"], &schema["anyOf"][0]["enum"], &schema["examples"]] {
            within.extend(list.as_array().into_iter().flatten().cloned());
        }
        within.extend(
            [&schema["minimum"], &schema["maximum"], &schema["default"]].into_iter().filter(|v| !v.is_null()).cloned(),
        );
        let mut beyond = vec![json!("no such thing")];
        if schema["type"] == "boolean" {
            within.extend([json!(true), json!(false)]);
        }
        if schema["type"] == "integer" {
            // The largest number of 64 bits has a neighbour too.
            let most: u128 = schema["maximum"].to_string().parse().expect("a whole number");
            let least: i128 = schema["minimum"].to_string().parse().expect("a whole number");
            beyond.extend([number(&(least - 1).to_string()), json!((most + 1).to_string())]);
        }
        if schema["type"] == "number" {
            let bound = |name: &str| schema[name].as_f64().expect("a number");
            beyond.extend([json!(bound("minimum") - 0.01), json!(bound("maximum") + 0.01)]);
        }
        for value in within {
            let query = format!("{name}={}", encoded(&value));
            // How small, how wide: a print style may say more than its parameter's bounds.
            let print = path != "/v1/rewrite" && ["size", "columns", "paper"].contains(&name);
            let somehow = takes(at, path, method, &query)
                .or_else(|why| if print && why.contains("print style standard: ") { Ok(()) } else { Err(why) });
            assert_eq!(somehow, Ok(()), "{method} {path}?{query} is described");
            taken += 1;
        }
        for value in beyond {
            let query = format!("{name}={}", encoded(&value));
            let why = takes(at, path, method, &query).expect_err(&format!("{method} {path}?{query} is not described"));
            let problem: Value = serde_json::from_str(&why).expect("a problem");
            assert!(problem["detail"].as_str().is_some_and(|d| d.len() > 10), "{why}");
            refused += 1;
        }
    }
    assert!(taken > 200 && refused > 100, "{taken} taken, {refused} refused");
}

/// What in `value` is not as `schema` says; of JSON Schema what the description uses.
fn wrong(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let off = |what: &str| Some(format!("{what}: {schema} does not hold of {value}"));
    if let Some(name) = schema["$ref"].as_str() {
        return wrong(document, document.pointer(&name[1..]).unwrap_or_else(|| panic!("{name} is nowhere")), value);
    }
    for (word, most) in [("anyOf", usize::MAX), ("oneOf", 1)] {
        if let Some(all) = schema[word].as_array() {
            let fitting = all.iter().filter(|one| wrong(document, one, value).is_none()).count();
            if fitting == 0 || fitting > most {
                return off(word);
            }
        }
    }
    if schema["const"] != Value::Null && schema["const"] != *value {
        return off("const");
    }
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        return off("enum");
    }
    let is = |kind: &Value| match kind.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        _ => panic!("{kind} is no type"),
    };
    let typed = match &schema["type"] {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(is),
        kind => is(kind),
    };
    if !typed {
        return off("type");
    }
    let beyond = |bound: &str, sign: f64| match (schema[bound].as_f64(), value.as_f64()) {
        (Some(bound), Some(value)) => value * sign > bound * sign,
        _ => false,
    };
    if beyond("minimum", -1.0) || beyond("maximum", 1.0) {
        return off("bounds");
    }
    if let Some(object) = value.as_object() {
        let absent = |name: &&Value| !object.contains_key(name.as_str().expect("a name"));
        if let Some(name) = schema["required"].as_array().into_iter().flatten().find(absent) {
            return off(&format!("{name} is absent"));
        }
        // Stricter than the description: what is answered is described whole.
        let properties = schema["properties"].as_object().filter(|all| !all.is_empty());
        for (name, inside) in object {
            match properties.map(|all| all.get(name)) {
                Some(Some(schema)) => {
                    if let Some(wrong) = wrong(document, schema, inside) {
                        return Some(wrong);
                    }
                }
                Some(None) => return off(&format!("{name} is not described")),
                None => {}
            }
        }
    }
    let items = value.as_array().filter(|_| schema["items"].is_object()).into_iter().flatten();
    items.filter_map(|item| wrong(document, &schema["items"], item)).next()
}

#[test]
fn what_is_answered_is_as_described() {
    let at = start(Config::default());
    let document = document(at);
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let check = |name: &str, answer: &[u8]| {
        let json: Value = serde_json::from_slice(answer).expect(name);
        assert_eq!(wrong(&document, &schema(name), &json), None, "{name}");
    };
    check("Themes", &ask(at, "GET", "/v1/themes", "", b"").body);
    check("Problem", &ask(at, "POST", "/v1/article?size=x", "", b"").body);
    let folder = format!("{}/samples", env!("CARGO_MANIFEST_DIR"));
    let mut pages = 0;
    for file in std::fs::read_dir(folder).expect("samples").flatten() {
        if file.path().extension().is_none_or(|e| e != "html") {
            continue;
        }
        let page = std::fs::read(file.path()).expect("a page");
        check("Receipt", &ask(at, "POST", "/v1/rewrite?output=receipt", "", &page).body);
        check("Findings", &ask(at, "POST", "/v1/check", "", &page).body);
        let article = ask(at, "POST", "/v1/article?format=json", "", &page);
        if article.status == 200 {
            check("Article", &article.body);
            pages += 1;
        }
    }
    assert!(pages > 5, "{pages} articles");
    let sample = std::fs::read(format!("{}/samples/parom.html", env!("CARGO_MANIFEST_DIR"))).expect("a page");
    let pdf = ask(at, "POST", "/v1/pdf", "", &sample).body;
    check("Preflight", &ask(at, "POST", "/v1/check?preflight=1", "", &pdf).body);
}

/// The least value that a schema allows.
fn least(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return match name.rsplit('/').next() {
            Some("Inline") => json!({ "text": "x" }),
            Some("Block") => json!({ "type": "rule" }),
            _ => least(document, &document.pointer(&name[1..]).expect(name).clone()),
        };
    }
    if schema["const"] != Value::Null {
        return schema["const"].clone();
    }
    match schema["type"].as_str() {
        Some("object") => {
            let names = schema["required"].as_array().into_iter().flatten().map(|n| n.as_str().expect("a name"));
            names.map(|n| (n.to_owned(), least(document, &schema["properties"][n]))).collect::<Map<_, _>>().into()
        }
        Some("array") => json!([least(document, &schema["items"])]),
        Some("integer") => schema["minimum"].clone(),
        Some("boolean") => json!(true),
        Some("string") => json!("x"),
        _ => panic!("{schema}"),
    }
}

#[test]
fn article_json_is_read_as_described_and_without_what_is_required_it_is_not() {
    let at = start(Config::default());
    let document = document(at);
    let text =
        "The council met on Tuesday and decided on the bridge, the school and the roads of the district. ".repeat(4);
    let read = |blocks: Value| {
        let article = json!({ "title": "T", "lang": "en", "blocks": blocks }).to_string();
        let answer =
            ask(at, "POST", "/v1/article?format=json", "Content-Type: application/json\r\n", article.as_bytes());
        assert!([200, 415].contains(&answer.status), "{}: {}", answer.status, answer.text());
        answer.status == 200
    };
    let paragraph = |content: &Value| json!({ "type": "paragraph", "content": [{ "text": text }, content] });
    let mut kinds = 0;
    for (name, wrap) in [("Block", false), ("Inline", true)] {
        let put = |value: &Value| {
            let block = if wrap { paragraph(value) } else { value.clone() };
            read(json!([paragraph(&json!({ "text": "x" })), block]))
        };
        for kind in document["components"]["schemas"][name]["oneOf"].as_array().expect("kinds") {
            let value = least(&document, kind);
            assert!(put(&value), "{value}");
            kinds += 1;
            let inner = if wrap { value.as_object().and_then(|o| o.keys().next().cloned()) } else { None };
            for required in value.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default() {
                let mut less = value.clone();
                less.as_object_mut().expect("an object").remove(&required);
                assert!(!put(&less), "{required} may be absent: {less}");
            }
            if let Some(fields) = inner.as_ref().and_then(|inner| value[inner].as_object()) {
                for required in fields.keys() {
                    let mut less = value.clone();
                    less[inner.as_ref().expect("a name")].as_object_mut().expect("an object").remove(required);
                    assert!(!put(&less), "{required} may be absent: {less}");
                }
            }
        }
    }
    assert!(kinds > 15, "{kinds} kinds");
}
