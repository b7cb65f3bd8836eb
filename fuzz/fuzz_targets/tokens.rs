#![no_main]

#[path = "../../tests/fuzzing/mod.rs"]
#[allow(dead_code, reason = "each target takes one function")]
mod fuzzing;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzing::tokens(bytes));
