//! No sentence has a key of its own: it asks the key table, so that a changed row changes every sentence.

use crate::app::keymap;
use std::path::{Path, PathBuf};

/// Where keys may be named: the table, and what only tests see.
const NAME_KEYS: [&str; 5] = ["app/keymap", "app/tests", "view/fixtures.rs", "view/gallery.rs", "view/tests.rs"];

/// The sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(below).filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// The text between quotes, of what is no comment and no test. Raw strings are read as far as their first quote.
fn literals(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    // A quote or a backslash after a backslash, or alone between apostrophes, opens and closes nothing.
    let code = lines.collect::<Vec<_>>().join("\n").replace("\\\\", "").replace("\\\"", "").replace("'\"'", "");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The keys that have a name of several letters, such as `esc`: one letter is too often a word, or a part of one.
fn names() -> Vec<&'static str> {
    let words = keymap::all().flat_map(|row| row.keys.split(' '));
    words.filter(|word| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')).collect()
}

/// The key that this text names, if it names one: by its name, or by `press` and whatever follows.
fn named(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-{}".contains(c)).collect();
    let pressed = words.windows(2).find(|two| two[0].eq_ignore_ascii_case("press") && !two[1].starts_with('{'));
    let name = words.iter().find(|word| names().contains(&word.to_lowercase().as_str()));
    pressed.map(|two| two[1]).or(name.copied()).map(str::to_owned)
}

#[test]
fn sentences_ask_the_table_for_their_keys() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    let mut read = 0;
    for path in ["app", "view"].into_iter().flat_map(|folder| sources(&root.join(folder))) {
        let place = path.strip_prefix(&root).unwrap();
        let rows = place.starts_with("app/screens") && place.ends_with("keys.rs");
        if rows || NAME_KEYS.iter().any(|free| place.starts_with(free)) {
            continue;
        }
        let texts = literals(&std::fs::read_to_string(&path).unwrap());
        read += texts.len();
        let fault = |text: &String| Some(format!("{}: {:?} in {text:?}", place.display(), named(text)?));
        faults.extend(texts.iter().filter_map(fault));
    }
    assert!(read > 200, "only {read} texts were found");
    assert!(faults.is_empty(), "ask keymap::name(Id::..) for these keys:\n{}", faults.join("\n"));
}

#[test]
fn a_key_in_a_sentence_is_found() {
    let source = "// \"tab\"\nsay('\"', \"A \\\"run\\\" goes on. esc stops it.\");\nsay(\"Enlarge it, or press q to quit.\");\n\
                  say(\"{esc} stops it: press {}.\");\n#[cfg(test)]\nmod tests {\n\"enter\"";
    let found: Vec<_> = literals(source).iter().map(|text| named(text)).collect();
    assert_eq!(found, [Some("esc".to_owned()), Some("q".to_owned()), None]);
    for (text, key) in
        [("pgdn pgup", "pgdn"), ("Enter begins.", "Enter"), ("`space`: run", "space"), ("(ctrl-c)", "ctrl-c")]
    {
        assert_eq!(named(text).as_deref(), Some(key));
    }
    assert_eq!(named("The table is centered; {} expresses itself."), None);
}
