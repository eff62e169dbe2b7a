//! Thins syntect's default syntaxes down to the two that lessons are written in, for embedding: a tenth of the size,
//! and nothing to do at start-up.

use std::collections::BTreeSet;
use std::path::Path;
use syntect::dumps::dump_to_uncompressed_file;
use syntect::parsing::{SyntaxDefinition, SyntaxSet, SyntaxSetBuilder};

const WANTED: [&str; 2] = ["Python", "Rust"];

/// Writes `syntaxes.bin` into `out`.
pub fn dump(out: &Path) {
    let all = SyntaxSet::load_defaults_newlines().into_builder();
    let kept = reachable(all.syntaxes());
    let mut some = SyntaxSetBuilder::new();
    for (index, syntax) in all.syntaxes().iter().enumerate() {
        let mut syntax = syntax.clone();
        if !kept.contains(&index) {
            // Linked syntaxes refer to each other by index: an empty one keeps the place.
            syntax.contexts.clear();
            syntax.variables.clear();
        }
        some.add(syntax);
    }
    let path = out.join("syntaxes.bin");
    dump_to_uncompressed_file(&some.build(), &path).unwrap_or_else(|e| panic!("cannot write {}: {e}", path.display()));
}

/// The wanted syntaxes and all that they refer to, by index.
fn reachable(all: &[SyntaxDefinition]) -> BTreeSet<usize> {
    let place = |name: &&str| all.iter().position(|s| s.name == *name);
    let mut open: Vec<usize> =
        WANTED.iter().map(|n| place(n).unwrap_or_else(|| panic!("syntect no longer ships {n}"))).collect();
    let mut kept = BTreeSet::new();
    while let Some(index) = open.pop() {
        if kept.insert(index) {
            open.extend(references(&all[index]));
        }
    }
    kept
}

/// The syntaxes that a linked syntax refers to. Their indices are private to syntect, but not to its `Debug`.
fn references(syntax: &SyntaxDefinition) -> Vec<usize> {
    let text = format!("{:?}", syntax.contexts);
    let numbers = text.split("syntax_index: ").skip(1);
    numbers.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).collect()
}
