//! What training sees: `lessons OUT [SCORES] <paths`, a page's path a line on standard input.
//!
//! Writes `OUT.names` (the columns), `OUT.f32` (the rows of all pages, little-endian) and `OUT.jsonl` (the passages of
//! each page). SCORES holds one 32-bit number a passage: then the rows are those of the second judgement.
//! `tools/train/` reads them.

use clearprint::{Limits, internals::learn, source};
use std::io::{BufRead, BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: lessons OUT [SCORES] <paths")?;
    let scores: Option<Vec<f32>> = match arguments.next() {
        Some(path) => {
            let bytes = std::fs::read(path)?;
            Some(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
        }
        None => None,
    };
    let limits = Limits::default();
    let mut rows = BufWriter::new(std::fs::File::create(format!("{out}.f32"))?);
    let mut texts = BufWriter::new(std::fs::File::create(format!("{out}.jsonl"))?);
    let (mut names, mut at) = (Vec::new(), 0);
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        let html = source::decode(&std::fs::read(&path)?, &source::Declared::default()).text;
        // How many scores are the page's shows only when it is cut.
        let mut lesson = learn::lesson(&html, &path, &limits, None)?;
        let passages = lesson.passages.len();
        if let Some(scores) = &scores {
            let own = scores.get(at..at + passages).ok_or("SCORES holds too few numbers")?;
            lesson = learn::lesson(&html, &path, &limits, Some(own))?;
        }
        at += passages;
        for number in &lesson.rows {
            rows.write_all(&number.to_le_bytes())?;
        }
        writeln!(texts, "{}", serde_json::json!({ "passages": lesson.passages }))?;
        names = lesson.names;
    }
    std::fs::write(format!("{out}.names"), names.join("\n"))?;
    rows.flush()?;
    texts.flush()?;
    Ok(())
}
