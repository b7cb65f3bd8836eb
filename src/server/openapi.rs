//! The description of the API (OpenAPI 3.1), made from the definitions that read the requests: a parameter cannot be
//! described that is not understood, nor understood without being described.

use std::any::TypeId;

use clap::{Arg, Args, Command};
use serde_json::{Map, Value, json};

/// Parameters of `GET` alone: they are about what the service fetches.
const BY_ADDRESS: [&str; 3] = ["url", "follow", "prefer"];

/// One route.
pub(super) struct Route {
    path: &'static str,
    summary: &'static str,
    parameters: Vec<Value>,
    /// Media types of the body of POST.
    takes: &'static [&'static str],
    /// Media types of the answer.
    gives: &'static [&'static str],
    /// Whether `GET` with `?url=` does the same.
    by_address: bool,
}

impl Route {
    /// A route that takes a page, with the definitions that its query is read by.
    pub(super) fn new<Q: Args>(
        path: &'static str,
        summary: &'static str,
        takes: &'static [&'static str],
        gives: &'static [&'static str],
    ) -> Self {
        let command = Q::augment_args(Command::new(""));
        let parameters: Vec<Value> = command.get_arguments().filter_map(parameter).collect();
        let by_address = parameters.iter().any(|p| p["name"] == "url");
        Self { path, summary, parameters, takes, gives, by_address }
    }
}

/// The whole description.
pub(super) fn document(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let mut item = Map::new();
        let body = json!({ "required": true, "content": content(route.takes, &json!({ "type": "string", "format": "binary" })) });
        let of_post: Vec<&Value> =
            route.parameters.iter().filter(|p| !BY_ADDRESS.iter().any(|name| p["name"] == *name)).collect();
        item.insert(
            "post".into(),
            json!({ "summary": route.summary, "parameters": of_post, "requestBody": body, "responses": responses(route) }),
        );
        if route.by_address {
            let mut parameters = route.parameters.clone();
            for parameter in parameters.iter_mut().filter(|p| p["name"] == "url") {
                parameter["required"] = true.into();
            }
            let summary = format!("{}, of a page that the service fetches", route.summary);
            item.insert(
                "get".into(),
                json!({ "summary": summary, "parameters": parameters, "responses": responses(route) }),
            );
        }
        paths.insert(route.path.into(), item.into());
    }
    let plain = |summary: &str, media: &str| {
        let ok = json!({ "description": "As it says", "content": content(&[media], &json!({})) });
        json!({ "get": { "summary": summary, "responses": { "200": ok } } })
    };
    paths.insert("/v1/themes".into(), plain("Screen themes and print styles", "application/json"));
    paths.insert("/openapi.json".into(), plain("This description", "application/json"));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Clearprint",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Accessible large-type pages and tagged, print-ready PDFs from any article page.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": { "Problem": {
            "type": "object",
            "description": "RFC 9457",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" },
                "title": { "type": "string" },
                "status": { "type": "integer" },
                "detail": { "type": "string", "description": "One sentence that says what to do" },
            },
        } } },
    })
}

fn content(media_types: &[&str], schema: &Value) -> Value {
    media_types
        .iter()
        .map(|media_type| ((*media_type).to_owned(), json!({ "schema": schema })))
        .collect::<Map<_, _>>()
        .into()
}

fn responses(route: &Route) -> Value {
    let mut all = Map::new();
    all.insert("200".into(), json!({ "description": "Done", "content": content(route.gives, &json!({})) }));
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    for (status, description) in [
        ("400", "An option or the page cannot be read; the sentence names it"),
        ("403", "The address is not one that this service fetches from"),
        ("404", "There is no page at the address"),
        ("408", "The page stopped arriving"),
        ("413", "The page is too large"),
        ("415", "The body is no page"),
        ("422", "The page has no article"),
        ("502", "The address could not be fetched"),
        ("503", "The service is full; try again after Retry-After"),
        ("504", "The address did not answer in time"),
    ] {
        let fetched = matches!(status, "403" | "404" | "502" | "504");
        if !fetched || route.by_address {
            let content = content(&["application/problem+json"], &problem);
            all.insert(status.into(), json!({ "description": description, "content": content }));
        }
    }
    all.into()
}

fn parameter(argument: &Arg) -> Option<Value> {
    let name = argument.get_long()?;
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    Some(json!({ "name": name, "in": "query", "required": false, "description": help, "schema": schema(argument) }))
}

fn schema(argument: &Arg) -> Value {
    if !argument.get_action().takes_values() {
        return json!({ "type": "boolean" });
    }
    let choices: Vec<String> = argument.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    if !choices.is_empty() {
        return json!({ "type": "string", "enum": choices });
    }
    let kind = argument.get_value_parser().type_id();
    let is = |types: &[TypeId]| types.iter().any(|t| kind == *t);
    let sized = argument.get_value_names().is_some_and(|names| names.iter().any(|n| n.as_str() == "SIZE"));
    if is(&[TypeId::of::<f32>()]) {
        json!({ "type": "number" })
    } else if !sized
        && is(&[
            TypeId::of::<u8>(),
            TypeId::of::<u16>(),
            TypeId::of::<u32>(),
            TypeId::of::<u64>(),
            TypeId::of::<usize>(),
        ])
    {
        json!({ "type": "integer", "minimum": 0 })
    } else {
        json!({ "type": "string" })
    }
}
