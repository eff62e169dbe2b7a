//! What is printed as JSON, held against the schema that `concur-tutor schema` prints.

#![cfg(unix)]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What is not as the schema says, by the path of the place, and the fields that it says nothing of.
#[derive(Default)]
struct Faults {
    wrong: Vec<String>,
    unknown: Vec<String>,
}

/// As much of JSON Schema as the tutor's own has.
fn check(value: &Value, schema: &Value, root: &Value, at: &str, faults: &mut Faults) {
    if let Some(name) = schema["$ref"].as_str() {
        let definition = &root["$defs"][name.rsplit('/').next().unwrap_or_default()];
        assert!(definition.is_object(), "the schema has no {name}");
        check(value, definition, root, at, faults);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let all: Vec<Faults> = choices.iter().map(|choice| faults_of(value, choice, root, at)).collect();
        let best = all.into_iter().min_by_key(|faults| faults.wrong.len()).expect("anyOf has choices");
        faults.wrong.extend(best.wrong);
        faults.unknown.extend(best.unknown);
    }
    if !schema["type"].is_null() && !types(&schema["type"]).iter().any(|wanted| is_a(value, wanted)) {
        faults.wrong.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    let known = schema["enum"].as_array().is_none_or(|values| values.contains(value));
    if !known || !schema["const"].is_null() && schema["const"] != *value {
        faults.wrong.push(format!("{at}: {value}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.is_object() && value.get(name).is_none() {
            faults.wrong.push(format!("{at}.{name} is missing"));
        }
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let place = format!("{at}.{name}");
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(own), _) => check(field, own, root, &place, faults),
            (None, other) if other.is_object() => check(field, other, root, &place, faults),
            (None, _) if schema["properties"].is_object() => faults.unknown.push(place),
            (None, _) => {}
        }
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate().filter(|_| schema["items"].is_object()) {
        check(item, &schema["items"], root, &format!("{at}[{place}]"), faults);
    }
}

fn faults_of(value: &Value, schema: &Value, root: &Value, at: &str) -> Faults {
    let mut faults = Faults::default();
    check(value, schema, root, at, &mut faults);
    faults
}

fn types(of: &Value) -> Vec<&str> {
    of.as_array()
        .map_or_else(|| of.as_str().into_iter().collect(), |all| all.iter().filter_map(Value::as_str).collect())
}

fn is_a(value: &Value, wanted: &str) -> bool {
    match wanted {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the schema has a type {other}"),
    }
}

/// What the tutor prints with these words. Its state is in `home`.
fn printed(home: &Path, words: &[&str]) -> String {
    let mut tutor = Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    tutor.args(words).env("HOME", home).env_remove("XDG_STATE_HOME").env_remove("XDG_DATA_HOME");
    String::from_utf8(tutor.output().expect("it starts").stdout).expect("UTF-8")
}

#[test]
fn what_is_printed_is_what_the_schema_says() {
    let home = tempfile::tempdir().expect("a folder");
    let print = |words: &[&str]| printed(home.path(), words);
    let script = home.path().join("two.py");
    std::fs::write(&script, "import asyncio\nasyncio.run(asyncio.sleep(0.01))\n").expect("a script");
    let lesson = home.path().join("lessons/01-x");
    std::fs::create_dir_all(&lesson).expect("a folder");
    std::fs::write(lesson.join("lesson.md"), "+++\ntitle = 1\n+++\n").expect("a faulty lesson");
    let lessons = home.path().join("lessons").display().to_string();
    let sheet = home.path().join("sheet.json").display().to_string();
    let answers = r#"{"version":1,"learner":"0123456789abcdef","lessons":{"02-gil":{"checks":{"gone":{"first":"x",
        "first_right":false,"right":true,"sure":3,"misconception":"y"}},"predictions":{},"tasks":{}}}}"#;
    std::fs::write(&sheet, answers).expect("a sheet");
    let progress = r#"{"version":1,"lessons":{"02-gil":{"checks":{"two-threads":{"first":"x","last":"x","right":false}},
        "predictions":{"threads-speedup":{"choice":"x"}},"attempts":{"some":1}}}}"#;
    let state = home.path().join(".local/state/concur-tutor");
    std::fs::create_dir_all(&state).expect("a folder");
    std::fs::write(state.join("progress.json"), progress).expect("progress");
    let few = ["--set", "N=20000"];
    let mut asked: Vec<(&str, Vec<&str>)> = vec![
        ("run", [&["run", "gil", "threads", "--format", "json", "--runtime", "native"], &few[..]].concat()),
        ("compare", [&["compare", "gil", "--format", "json", "--runtime", "native"], &few[..]].concat()),
        ("list", vec!["list", "--format", "json"]),
        ("doctor", vec!["doctor", "--format", "json"]),
        ("findings", vec!["findings", "--format", "json"]),
        ("check", vec!["check", &lessons, "--format", "json"]),
        ("class-export", vec!["class", "export"]),
        ("class-merge", vec!["class", "merge", &sheet, &lessons, "--format", "json"]),
    ];
    let list: Value = serde_json::from_str(&print(&["list", "--format", "json"])).expect("JSON");
    let runtimes = list["runtimes"].as_array().expect("a list");
    let python = runtimes.iter().find(|r| r["kind"] == "cpython" && r["usable"] == true);
    let python = python.and_then(|python| python["path"].as_str());
    if let Some(python) = python {
        let script = script.to_str().expect("UTF-8");
        asked.push(("run", [&["run", "gil", "threads", "--format", "json", "--python", python], &few[..]].concat()));
        asked.push(("watch", vec!["watch", "--format", "json", "--python", python, script]));
    }
    for (output, words) in asked {
        let schema: Value = serde_json::from_str(&print(&["schema", output])).expect("a schema");
        let value: Value = serde_json::from_str(&print(&words)).unwrap_or_else(|e| panic!("{words:?}: {e}"));
        let faults = faults_of(&value, &schema, &schema, output);
        assert!(faults.wrong.is_empty(), "{words:?}:\n{}", faults.wrong.join("\n"));
        assert!(faults.unknown.is_empty(), "src/report/schema.json does not say what these are: {:?}", faults.unknown);
    }
}

#[test]
fn a_wrong_output_is_found() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a", "b"],
        "properties": {"a": {"$ref": "#/$defs/n"}, "b": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "c": {"type": "array", "items": {"enum": [1]}}, "d": {"const": 1}},
        "$defs": {"n": {"type": ["integer", "null"]}},
    });
    let faults = |value: Value| faults_of(&value, &schema, &schema, "x");
    let right = faults(serde_json::json!({"a": null, "b": "", "c": [1, 1], "d": 1}));
    assert!(right.wrong.is_empty() && right.unknown.is_empty());
    let wrong = faults(serde_json::json!({"a": 1.5, "c": [2], "d": 2, "e": 1}));
    assert_eq!(wrong.wrong, ["x.b is missing", "x.a: 1.5 is no [\"integer\",\"null\"]", "x.c[0]: 2", "x.d: 2"]);
    assert_eq!(wrong.unknown, ["x.e"]);
}
