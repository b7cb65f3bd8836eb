//! All tests of the crate from outside, in one program: it is linked once, and what the tests share is compiled once.

mod any_bytes;
mod article;
#[cfg(feature = "cli")]
mod cli;
mod differential;
#[cfg(feature = "cli")]
mod edition;
mod examples;
#[cfg(all(feature = "cli", feature = "fetch"))]
mod fetch;
mod finding;
mod fuzzing;
#[cfg(feature = "server")]
mod http;
mod kinds;
mod knowledge;
#[cfg(feature = "server")]
mod openapi;
#[cfg(all(feature = "cli", feature = "fetch"))]
mod paging;
mod pdf;
#[cfg(feature = "server")]
mod proxy;
mod rewrite;
#[cfg(feature = "server")]
mod service;
#[cfg(feature = "server")]
mod ssrf;
#[cfg(all(feature = "cli", feature = "otel"))]
mod telemetry;
mod tokens;

/// A file that is no module here would be compiled by nobody, and its tests would pass.
#[test]
fn every_file_of_this_folder_is_a_module_of_this_program() {
    // What is compared is also asked by the fuzz targets, which take it from there.
    let own = concat!(include_str!("integration.rs"), include_str!("fuzzing/mod.rs"));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("tests") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_str().expect("UTF-8");
        if path.join("mod.rs").exists() || path.extension().is_some_and(|extension| extension == "rs") {
            files += 1;
            let named = own.contains(&format!("mod {name};\n"));
            assert!(named || name == "integration", "tests/integration.rs has no `mod {name};`");
        }
    }
    assert!(files > 10, "{files} files");
}
