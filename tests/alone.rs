//! A program under `watch` is as it is alone: one table of what it can see of itself and its surroundings, on every Python that
//! is installed. Real binary, real CPython; skipped where there is none.
//!
//! `tests/alone/properties.py` has the table's rows, one function each; here stands what differs, and why it has to.

#![cfg(target_os = "linux")]

use serde_json::{Map, Value};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const TUTOR: &str = env!("CARGO_BIN_EXE_concur-tutor");
const PROPERTIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/alone/properties.py");

/// What differs, the reason, and in which Pythons: from which minor version on and before which.
const DIFFERS: [(&str, &str, u64, u64); 5] = [
    ("modules_at_the_start", "before 3.10 what `atexit` was told is lost with the module", 0, 10),
    ("finders_at_the_start", "sees `threading` be imported, and goes then", 0, 99),
    ("exit_handlers", "the end of the program is told by one, which runs after all others", 0, 99),
    ("initial_environment", "behind all others, the mark by which the guard finds what outlives a killed tutor", 0, 99),
    ("methods_of_threads", "a thread tells its name when it has its number", 0, 99),
];

/// Not less than this is compared.
const FEWEST: usize = 40;

/// The Pythons that the tutor finds, by path and minor version.
fn pythons() -> Vec<(PathBuf, u64)> {
    let output = Command::new(TUTOR).args(["list", "--format", "json"]).output().unwrap();
    let listing: Value = serde_json::from_slice(&output.stdout).unwrap();
    let usable =
        listing["runtimes"].as_array().unwrap().iter().filter(|r| r["kind"] == "cpython" && r["usable"] == true);
    let minor = |version: &str| version.split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap();
    let found: Vec<_> =
        usable.map(|r| (PathBuf::from(r["path"].as_str().unwrap()), minor(r["version"].as_str().unwrap()))).collect();
    if found.is_empty() {
        println!("skipped: no CPython is installed here");
    }
    found
}

/// Starts `words` as somebody does who has set up a good deal before: signals, limits, a mask, a descriptor, and variables
/// in an order of their own, of which two are the tutor's business elsewhere.
fn started(words: &[&str], input: &[u8], folder: &Path) -> Output {
    let surroundings =
        "umask 027; ulimit -S -n 200; ulimit -c 0; trap '' HUP USR1; exec 7</dev/null; exec nice -n 3 \"$@\"";
    let mut command = Command::new("env");
    let path = format!("PATH={}", std::env::var("PATH").unwrap_or_default());
    command.args(["-i", "ZEBRA=1", &path, "PYTHONPATH=/nowhere", "HOME=/", "LC_ALL=C.UTF-8", "ANT=2", "LD_PRELOAD="]);
    command.args(["sh", "-c", surroundings, "sh"]).args(words).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who does not read it has ended already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn table(output: &Output, what: &str) -> Map<String, Value> {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{what}: {e}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Runs the table on `python` with `words` after it, alone and watched, and says what differs.
fn differences(python: &Path, words: &[&str], input: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    // For what starts it as a module.
    std::fs::copy(PROPERTIES, folder.path().join("properties.py")).unwrap();
    let report = folder.path().join("report.json");
    let (python, report) = (python.to_str().unwrap(), report.to_str().unwrap());
    let alone = started(&[&[python], words].concat(), input, folder.path());
    let watch = [TUTOR, "watch", "--python", python, "--format", "json", "--out", report, "--"];
    let watched = started(&[&watch[..], words].concat(), input, folder.path());
    let what = format!("{python} {words:?}");
    assert_eq!(watched.status, alone.status, "{what}");
    assert_eq!(String::from_utf8_lossy(&watched.stderr), String::from_utf8_lossy(&alone.stderr), "{what}");
    let (alone, watched) = (table(&alone, &what), table(&watched, &what));
    assert!(alone.len() >= FEWEST && alone.keys().eq(watched.keys()), "{what}");
    let differing = alone.iter().filter(|(name, value)| watched[*name] != **value);
    differing.map(|(name, value)| format!("{name}: {value} alone, {} watched", watched[name])).collect()
}

/// What differs without a reason.
fn unexplained(differences: Vec<String>, minor: u64) -> Vec<String> {
    let explained = |difference: &String| {
        DIFFERS.iter().any(|(name, _, from, before)| {
            difference.starts_with(&format!("{name}: ")) && (*from..*before).contains(&minor)
        })
    };
    differences.into_iter().filter(|difference| !explained(difference)).collect()
}

#[test]
fn a_program_is_as_it_is_alone_on_every_python() {
    for (python, minor) in pythons() {
        let differing = differences(&python, &[PROPERTIES, "a b", "-x", "ünï"], b"in\nput");
        assert_eq!(unexplained(differing, minor), [""; 0], "{}", python.display());
    }
}

/// However Python is started: as people start it, and with options under which it looks for no start-up file.
#[test]
fn a_program_is_as_it_is_alone_however_it_is_started() {
    let pythons = pythons();
    let oldest = pythons.iter().min_by_key(|(_, minor)| *minor);
    let newest = pythons.iter().max_by_key(|(_, minor)| *minor);
    let source = std::fs::read_to_string(PROPERTIES).unwrap();
    let folder = Path::new(PROPERTIES).parent().unwrap().to_str().unwrap();
    let code = format!("import sys; sys.path.insert(0, {folder:?}); import properties as p; sys.exit(p.main())");
    for (python, minor) in oldest.into_iter().chain(newest) {
        for options in [&["-I"][..], &["-E"], &["-S"], &["-sB", "-X", "dev", "-W", "error"], &["-OOu"], &["-IS"]] {
            let differing = differences(python, &[options, &[PROPERTIES]].concat(), b"");
            assert_eq!(unexplained(differing, *minor), [""; 0], "{} {options:?}", python.display());
        }
        let modules = (&["-m", "properties"][..], "");
        for (words, input) in [(&["-c", &code][..], ""), modules, (&["-", "without children"], &source)] {
            let differing = differences(python, words, input.as_bytes());
            assert_eq!(unexplained(differing, *minor), [""; 0], "{} {}", python.display(), words[0]);
        }
    }
}

/// A row that differs on no Python is a row that somebody has mended: it must go.
#[test]
fn what_is_said_to_differ_does() {
    let pythons = pythons();
    let Some(oldest) = pythons.iter().min_by_key(|(_, minor)| *minor) else { return };
    let differing = differences(&oldest.0, &[PROPERTIES], b"");
    for (name, reason, from, before) in DIFFERS {
        if (from..before).contains(&oldest.1) && !(name.starts_with("finders") && has_threading(&oldest.0)) {
            assert!(differing.iter().any(|d| d.starts_with(name)), "{name} no longer differs ({reason})");
        }
    }
}

/// Whether something that is installed imports `threading` into every process.
fn has_threading(python: &Path) -> bool {
    let asked = Command::new(python).args(["-c", "import sys; sys.exit('threading' in sys.modules)"]).status();
    asked.is_ok_and(|status| !status.success())
}
