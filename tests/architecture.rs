//! The direction of imports, enforced: a module names only modules to its left.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every module with its rank. Modules of equal rank are siblings and do not name each other.
const RANKS: [(&str, u32); 16] = [
    ("clock", 0),
    ("trace", 1),
    ("eventlog", 2),
    ("lesson", 2),
    ("native", 3),
    ("runtime", 4),
    ("probe", 4),
    ("runner", 5),
    ("learner", 6),
    ("insight", 7),
    ("view", 8),
    ("report", 9),
    ("judge", 10),
    ("app", 11),
    ("cli", 12),
    ("inside", 13),
];

fn rank(module: &str) -> Option<u32> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// A source without the lines that are comments.
fn code(source: &str) -> String {
    source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The top-level modules that a source names as `crate::NAME` or `concur_tutor::inside::NAME`, `use crate::{a, b::c}`
/// included.
fn named_modules(source: &str) -> Vec<String> {
    let mut out = Vec::new();
    let code = code(source);
    for prefix in ["crate::", "concur_tutor::inside::"] {
        for (at, _) in code.match_indices(prefix) {
            let rest = &code[at + prefix.len()..];
            if let Some(group) = rest.strip_prefix('{') {
                out.extend(group_heads(group));
            } else {
                out.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            }
        }
    }
    out
}

/// The first word of each item of a `{...}` group, at its outermost level.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut word, mut fresh) = (0, Vec::new(), String::new(), true);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(std::mem::take(&mut word));
                fresh = true;
            }
            ':' if depth == 0 => fresh = false,
            c if depth == 0 && fresh && !c.is_whitespace() => word.push(c),
            _ => {}
        }
    }
    heads.push(word);
    heads.into_iter().filter(|w| !w.is_empty()).collect()
}

#[test]
fn modules_name_only_modules_to_their_left() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for (module, own) in RANKS {
        let mut files = Vec::new();
        let folder = root.join("src").join(module);
        if folder.is_dir() {
            rust_files(&folder, &mut files);
        }
        let single = root.join("src").join(format!("{module}.rs"));
        files.extend(single.exists().then_some(single));
        assert!(!files.is_empty(), "module {module} has no files: has it moved?");
        for file in files {
            for named in named_modules(&std::fs::read_to_string(&file).unwrap()) {
                let Some(other) = rank(&named) else { continue };
                if named != module && other >= own {
                    faults.push(format!("{}: {module} names {named}", file.strip_prefix(root).unwrap().display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "imports that point the wrong way:\n{}", faults.join("\n"));
}

#[test]
fn every_module_has_a_rank() {
    let lib = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let module =
        |line: &'_ str| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned);
    let modules: Vec<String> = lib.lines().filter_map(module).collect();
    assert_eq!(modules.len(), RANKS.len(), "{modules:?}");
    for module in modules {
        assert!(rank(&module).is_some(), "module {module} has no rank in tests/architecture.rs");
    }
}

#[test]
fn whatever_is_shown_of_the_inside_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("src/view/fixtures.rs"), root.join("src/view/gallery.rs")];
    for folder in ["tests", "benches", "examples"] {
        rust_files(&root.join(folder), &mut files);
    }
    let users: Vec<String> = files.iter().map(|file| code(&std::fs::read_to_string(file).unwrap())).collect();
    let users = users.join("\n");
    let used: BTreeSet<&str> = identifiers(&users).collect();
    let inside = std::fs::read_to_string(root.join("src/inside.rs")).unwrap();
    let shown = shown(&inside);
    assert!(shown.len() > 50, "{shown:?}");
    let unused: Vec<_> = shown.iter().filter(|name| !used.contains(name.as_str())).collect();
    assert!(
        unused.is_empty(),
        "src/inside.rs shows what neither tests nor benchmarks nor the gallery name: {unused:?}"
    );
}

fn identifiers(source: &str) -> impl Iterator<Item = &str> {
    source.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The names that a source shows by `pub use`: of each path the last.
fn shown(source: &str) -> Vec<String> {
    let uses = source.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let names = uses.map(|(path, _)| path.split_once('{').map_or(path, |(_, group)| group.trim_end_matches('}')));
    names
        .flat_map(|names| names.split(',').filter_map(|path| identifiers(path).filter(|w| !w.is_empty()).last()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_reader_of_imports_reads_them() {
    let source =
        "use crate::{trace::{Lane, Span}, view};\nlet x = crate::app::run();\n// crate::cli\nuse crate::clock;";
    assert_eq!(shown("pub use crate::a::{B, c};\npub use crate::d::E;"), ["B", "c", "E"]);
    let mut named = named_modules(source);
    named.sort();
    assert_eq!(named, ["app", "clock", "trace", "view"]);
}

#[test]
fn no_time_is_read_outside_the_clock() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    for file in files {
        // The model stands in for CPython: it waits in real time. The twins and the server are programs.
        let name = file.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let exempt = name == "clock.rs" || name.starts_with("native/") || name.starts_with("eventlog/");
        let source = std::fs::read_to_string(&file).unwrap();
        assert!(exempt || !source.contains("Instant::now"), "{name} reads the time itself: take it from clock");
    }
}

/// A binary that may lie anywhere has tens of thousands of pointers put right before the first frame (`build/link.rs`).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn the_loader_has_nothing_to_put_right_in_the_binary() {
    let binary = std::fs::read(env!("CARGO_BIN_EXE_concur-tutor")).unwrap();
    let (magic, kind) = (&binary[..4], u16::from_le_bytes([binary[16], binary[17]]));
    assert_eq!((magic, kind), (b"\x7fELF".as_slice(), 2), "an ELF file of type EXEC");
}
