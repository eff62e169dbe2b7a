//! What releases are made by: the version stands in one place, and the workflow runs the scripts and nothing else.

use std::path::{Path, PathBuf};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_version_stands_in_one_place_and_the_changelog_knows_it() {
    let version = env!("CARGO_PKG_VERSION");
    let project: toml::Table = toml::from_str(&read("pyproject.toml")).expect("TOML");
    let project = project["project"].as_table().expect("a project");
    let dynamic: Vec<&str> =
        project["dynamic"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    assert!(dynamic.contains(&"version") && !project.contains_key("version"), "Cargo.toml has it: {dynamic:?}");
    let changelog = read("CHANGELOG.md");
    let parts: Vec<&str> = changelog.lines().filter_map(|line| line.strip_prefix("## [")?.split(']').next()).collect();
    let latest = parts.iter().find(|part| **part != "Unreleased");
    let promised = changelog.contains(&format!("this is what {version} will hold"));
    assert!(
        latest == Some(&version) || latest.is_none() && promised,
        "CHANGELOG.md has {parts:?}, Cargo.toml {version}"
    );
    assert_eq!(parts.first(), Some(&"Unreleased"), "what comes next has its place");
    let lock: toml::Table = toml::from_str(&read("Cargo.lock")).expect("TOML");
    let packages = lock["package"].as_array().expect("packages");
    let own = packages.iter().find(|package| package["name"].as_str() == Some("concur-tutor")).expect("the tutor");
    assert_eq!(own["version"].as_str(), Some(version), "Cargo.lock is up to date");
}

/// As much YAML as a workflow needs: a line is a key, perhaps with a value, or an item of a list, deeper ones indented by two.
fn runs(workflow: &str) -> Vec<&str> {
    let mut depth = 0;
    for line in workflow.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
        let indent = line.len() - line.trim_start().len();
        assert!(!line.contains('\t') && indent % 2 == 0 && indent <= depth + 4, "indentation: {line}");
        let entry = line.trim_start().trim_start_matches("- ");
        let key = entry.split(':').next().unwrap_or_default();
        let is_key = entry.contains(':') && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        assert!(is_key, "no key: {line}");
        depth = indent;
    }
    workflow
        .lines()
        .filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("run:"))
        .map(str::trim)
        .collect()
}

#[test]
fn the_workflow_runs_the_scripts_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the workflows").flatten().map(|file| file.path()).collect();
    assert!(!files.is_empty());
    for file in files {
        let workflow = std::fs::read_to_string(&file).expect("a workflow");
        for run in runs(&workflow) {
            let script = run.split(' ').next().unwrap_or_default();
            assert!([".ci/run", "scripts/release"].contains(&script), "{}: {run}", file.display());
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = script.metadata().expect("the script").permissions().mode();
                assert!(mode & 0o111 != 0, "{} can be run", script.display());
            }
        }
        assert!(runs(&workflow).len() > 1, "{}", file.display());
    }
}

#[test]
#[should_panic(expected = "indentation")]
fn a_workflow_with_a_fault_is_found() {
    runs("jobs:\n   check:\n");
}
