//! The description of the API (OpenAPI 3.1), made from the definitions that read the requests: a parameter cannot be
//! described that is not understood, nor understood without being described.

mod bodies;
mod values;

use clap::{Arg, Args, Command};
use serde_json::{Map, Value, json};

/// Parameters of `GET` alone: they are about what the service fetches.
const BY_ADDRESS: [&str; 3] = ["url", "follow", "prefer"];

/// Media types of an answer, each with the schemas that it may have.
pub(super) type Gives = [(&'static str, &'static [&'static str])];

/// One route.
pub(super) struct Route {
    path: &'static str,
    summary: &'static str,
    parameters: Vec<Value>,
    /// Media types of the body of POST.
    takes: &'static [&'static str],
    gives: &'static Gives,
    /// Whether `GET` with `?url=` does the same.
    by_address: bool,
}

impl Route {
    /// A route that takes a page, with the definitions that its query is read by.
    pub(super) fn new<Q: Args>(
        path: &'static str,
        summary: &'static str,
        takes: &'static [&'static str],
        gives: &'static Gives,
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
        let body = json!({ "required": true, "content": content(route.takes.iter().map(|m| (*m, body(m)))) });
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
                parameter["allowEmptyValue"] = false.into();
            }
            let summary = format!("{}, of a page that the service fetches", route.summary);
            item.insert(
                "get".into(),
                json!({ "summary": summary, "parameters": parameters, "responses": responses(route) }),
            );
        }
        paths.insert(route.path.into(), item.into());
    }
    let plain = |summary: &str, schema: Value| {
        let ok = json!({ "description": "As it says", "content": content([("application/json", schema)]) });
        json!({ "get": { "summary": summary, "responses": { "200": ok } } })
    };
    paths.insert("/v1/themes".into(), plain("Screen themes and print styles", bodies::link("Themes")));
    paths.insert("/openapi.json".into(), plain("This description", json!({ "type": "object" })));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Clearprint",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Accessible large-type pages and tagged, print-ready PDFs from any article page.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": bodies::schemas() },
    })
}

fn content<'a>(schemas: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    schemas
        .into_iter()
        .map(|(media, schema)| (media.to_owned(), json!({ "schema": schema })))
        .collect::<Map<_, _>>()
        .into()
}

/// Schema of a body that is sent.
fn body(media_type: &str) -> Value {
    match media_type {
        "application/json" => bodies::link("Article"),
        "application/pdf" | "application/xhtml+xml" => json!({}),
        // What holds no text is no page.
        _ => json!({ "type": "string", "pattern": "\\S" }),
    }
}

/// Schema of an answer: one of what is named, or bytes.
fn answer(names: &[&str]) -> Value {
    match names {
        [] => json!({}),
        [name] => bodies::link(name),
        names => json!({ "anyOf": names.iter().map(|name| bodies::link(name)).collect::<Vec<_>>() }),
    }
}

fn responses(route: &Route) -> Value {
    let mut all = Map::new();
    all.insert(
        "200".into(),
        json!({ "description": "Done", "content": content(route.gives.iter().map(|(m, names)| (*m, answer(names)))) }),
    );
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
            let content = content([("application/problem+json", bodies::link("Problem"))]);
            all.insert(status.into(), json!({ "description": description, "content": content }));
        }
    }
    all.into()
}

fn parameter(argument: &Arg) -> Option<Value> {
    let name = argument.get_long()?;
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    // Nothing in the schema is better than something wrong; the tests find it.
    let (schema, about) = values::described(argument).unwrap_or_else(|| (json!({}), None));
    let about = about.map_or(help, str::to_owned);
    Some(json!({
        "name": name, "in": "query", "required": false, "description": about, "schema": schema,
        // An empty field of a form is one left alone.
        "allowEmptyValue": true,
    }))
}
