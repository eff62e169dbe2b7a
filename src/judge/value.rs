//! A run's report as a value of the expression language, and the functions that expressions may call on it.

use crate::insight::{self, Shape};
use crate::report::{Report, json::Json};
use cel::objects::{Key, Map};
use cel::{ExecutionError, Value};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A number: always a double, so that an expression need not know which fields are counts.
pub(super) const fn number(value: f64) -> Value {
    Value::Float(value)
}

/// The report as an object, with what is easier to ask for than to work out of its lanes:
/// `speedup` (null where no baseline ran), `workers` (the lanes of kinds `thread` and `process`), `states` (summed over the
/// workload's lanes, helpers left out), `hung`, `overlap` (seconds in which two lanes or more were on cores at once) and the
/// facts of [`super::facts`].
pub(super) fn of_report(report: &Report<'_>) -> Value {
    // What cannot be written as JSON has no numbers in it either: the expression then says which name it misses.
    let mut object = serde_json::to_value(Json::of(report)).unwrap_or_default();
    if !object.is_object() {
        return Value::Null;
    }
    let lanes = object["lanes"].as_array().cloned().unwrap_or_default();
    let kind = |lane: &serde_json::Value, kinds: &[&str]| lane["kind"].as_str().is_some_and(|k| kinds.contains(&k));
    let mut states: BTreeMap<String, f64> = BTreeMap::new();
    for lane in lanes.iter().filter(|lane| !kind(lane, &["server", "helper"])) {
        for (state, seconds) in lane["states"].as_object().into_iter().flatten() {
            *states.entry(state.clone()).or_default() += seconds.as_f64().unwrap_or_default();
        }
    }
    let workers: Vec<_> = lanes.iter().filter(|lane| kind(lane, &["thread", "process"])).collect();
    object["workers"] = json!(workers);
    object["states"] = json!(states);
    object["overlap"] = json!(Shape::of(&report.outcome.trace).overlap * report.summary.wall_s);
    object["hung"] = json!(report.summary.hung);
    object["speedup"] = json!(report.summary.speedup);
    super::facts::add(&mut object, report);
    of_json(&object)
}

/// JSON as a value; every number becomes a double.
pub(super) fn of_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(value) => value.as_f64().map_or(Value::Null, number),
        serde_json::Value::String(text) => Value::String(Arc::new(text.clone())),
        serde_json::Value::Array(items) => Value::List(Arc::new(items.iter().map(of_json).collect())),
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (Key::from(name.as_str()), of_json(value)));
            Value::Map(Map { map: Arc::new(fields.collect::<HashMap<_, _>>()) })
        }
    }
}

/// The object with one field set anew.
pub(super) fn with_field(object: &Value, name: &str, field: Value) -> Value {
    let Value::Map(map) = object else { return object.clone() };
    let mut fields = HashMap::clone(&map.map);
    fields.insert(Key::from(name), field);
    Value::Map(Map { map: Arc::new(fields) })
}

/// A field of an object.
pub(super) fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let Value::Map(map) = value else { return None };
    map.get(&Key::from(name))
}

/// `run.printed("LABEL")`: the number beside a label on a line that the program printed.
pub(super) fn printed(run: &Value, label: &str) -> Result<f64, ExecutionError> {
    let out = match field(run, "stdout") {
        Some(Value::String(text)) => text.as_str(),
        _ => {
            return Err(ExecutionError::function_error(
                "printed",
                "it is asked of a run, such as threads.printed(...)",
            ));
        }
    };
    insight::printed(out, label).ok_or_else(|| {
        ExecutionError::function_error("printed", format!("no printed line has a number beside `{label}`"))
    })
}

/// The numbers of a list added up.
pub(super) fn sum(items: &[Value]) -> Result<f64, ExecutionError> {
    // Nothing adds up to 0, and not to the -0 that an empty sum of doubles is.
    items.iter().map(as_number).try_fold(0.0, |sum, number| Ok(sum + number?))
}

/// The numbers of a list folded into one; an empty list has none.
pub(super) fn list(items: &[Value], fold: fn(f64, f64) -> f64) -> Result<f64, ExecutionError> {
    let numbers: Vec<f64> = items.iter().map(as_number).collect::<Result<_, _>>()?;
    let best = numbers.into_iter().reduce(fold);
    best.ok_or_else(|| ExecutionError::function_error("max or min", "the list is empty"))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn as_number(value: &Value) -> Result<f64, ExecutionError> {
    match value {
        Value::Float(number) => Ok(*number),
        Value::Int(number) => Ok(*number as f64),
        Value::UInt(number) => Ok(*number as f64),
        other => Err(ExecutionError::function_error("sum, max or min", format!("the list has a {}", other.type_of()))),
    }
}
