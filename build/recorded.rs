//! Lists the recorded runs of the gallery, for embedding.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const FOLDER: &str = "assets/findings";

/// Writes `recorded.rs` into `out`: a slice of names and bytes.
pub fn list(out: &Path) {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut files: Vec<_> = fs::read_dir(FOLDER).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "run"));
    files.sort();
    let mut list = String::from("&[");
    for path in files {
        let whole = fs::canonicalize(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
        let text = |part: &std::ffi::OsStr| part.to_str().expect("the folder's path is UTF-8").to_owned();
        let (name, path) = (text(path.file_stem().unwrap_or_default()), text(whole.as_os_str()));
        write!(list, "({name:?}, include_bytes!({path:?})),").expect("a string takes everything");
    }
    list.push(']');
    let path = out.join("recorded.rs");
    fs::write(&path, list).unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
}
