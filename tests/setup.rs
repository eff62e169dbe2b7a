//! `concur-tutor setup` with packages made on the spot: no network is needed, and nothing is left half made.
#![cfg(target_os = "linux")]

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const TUTOR: &str = env!("CARGO_BIN_EXE_concur-tutor");

fn tutor(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(TUTOR);
    command.args(args).stdin(Stdio::null()).env("XDG_DATA_HOME", home);
    command
}

fn run(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    let both = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&both).into_owned())
}

fn listing(home: &Path) -> Vec<Value> {
    let output = tutor(home, &["list", "--format", "json"]).output().unwrap();
    let listing: Value = serde_json::from_slice(&output.stdout).unwrap();
    listing["runtimes"].as_array().unwrap().clone()
}

/// A Python with a GIL that can make virtual environments with pip.
fn able(home: &Path) -> Option<PathBuf> {
    let paths = listing(home).into_iter().filter(|r| r["kind"] == "cpython" && r["gil"] == true && r["usable"] == true);
    let can = |path: &PathBuf| {
        Command::new(path)
            .args(["-c", "import ensurepip, venv"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|s| s.success())
    };
    let found = paths.map(|r| PathBuf::from(r["path"].as_str().unwrap())).find(can);
    if found.is_none() {
        println!("skipped: no Python here can make a virtual environment");
    }
    found
}

/// What the course needs, as `doctor` says it; none where no lesson needs any.
fn needed() -> Vec<String> {
    concur_tutor::inside::lesson::Course::embedded().unwrap().packages()
}

/// Wheels with nothing in them but a module of their name.
fn wheels(python: &Path, folder: &Path, names: &[String]) {
    let script = "import sys, zipfile\nfolder, *names = sys.argv[1:]\nfor name in names:\n info = f'{name}-1.0.dist-info'\n with zipfile.ZipFile(f'{folder}/{name}-1.0-py3-none-any.whl', 'w') as z:\n  z.writestr(f'{name}/__init__.py', '')\n  z.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n')\n  z.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n  z.writestr(f'{info}/RECORD', '')\n";
    fs::create_dir_all(folder).unwrap();
    assert!(Command::new(python).args(["-c", script]).arg(folder).args(names).status().unwrap().success());
}

fn left(home: &Path) -> Vec<String> {
    let entries = fs::read_dir(home.join("concur-tutor")).into_iter().flatten().flatten();
    entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn an_environment_is_made_listed_preferred_and_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let (home, folder) = (dir.path().join("data"), dir.path().join("wheels"));
    let (Some(python), names) = (able(&home), needed()) else { return };
    if names.is_empty() {
        println!("skipped: no lesson needs a package");
        return;
    }
    wheels(&python, &folder, &names);
    let offline = |args: &[&str]| {
        let mut command = tutor(&home, args);
        command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &folder);
        command
    };
    let (code, out) = run(&mut offline(&["setup"]));
    assert_eq!(code, Some(2), "it asks, and nobody can answer: {out}");
    assert!(left(&home).is_empty());
    let (code, out) = run(&mut offline(&["setup", "--yes", "--python", python.to_str().unwrap()]));
    assert!(code == Some(0) && out.contains(&format!("{} 1.0", names[0])), "{out}");
    assert_eq!(left(&home), ["environment"]);
    let own: Vec<_> =
        listing(&home).into_iter().filter(|r| r["label"].as_str().unwrap().ends_with(" packages")).collect();
    assert_eq!(own.len(), 1, "it is listed once");
    assert!(Path::new(own[0]["path"].as_str().unwrap()).starts_with(&home));
    let (code, out) = run(&mut tutor(&home, &["doctor"]));
    assert!(code == Some(0) && out.contains("✓ packages"), "{out}");
    let (code, out) = run(&mut tutor(&home, &["setup", "--remove", "--yes"]));
    assert!(code == Some(0) && left(&home).is_empty(), "{out}");
}

#[test]
fn what_goes_wrong_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("data");
    let Some(python) = able(&home).filter(|_| !needed().is_empty()) else { return };
    // Nobody listens there.
    let mut unreachable = tutor(&home, &["setup", "--yes", "--python", python.to_str().unwrap()]);
    let (code, out) = run(unreachable.env("PIP_INDEX_URL", "http://127.0.0.1:9/").env_remove("PIP_NO_INDEX"));
    assert!(code == Some(1) && out.contains("PyPI cannot be reached"), "{out}");
    assert!(left(&home).is_empty(), "{:?}", left(&home));
    // No place to put it.
    fs::write(dir.path().join("file"), "").unwrap();
    let (code, out) =
        run(&mut tutor(&dir.path().join("file"), &["setup", "--yes", "--python", python.to_str().unwrap()]));
    assert!(code == Some(1) && out.contains("nothing was changed"), "{out}");
    let (code, out) = run(&mut tutor(&home, &["setup", "--remove", "--yes"]));
    assert!(code == Some(0) && out.contains("There is no environment"), "{out}");
}
