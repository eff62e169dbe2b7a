//! A twin's knobs: constants at its top, whose values come with the run.

use crate::lesson::types::Knobs;
use serde_json::{Map, Value};

/// The variable that carries the knobs: a JSON object, name to value.
pub const VARIABLE: &str = "CONCUR_TUTOR_KNOBS";

/// Declares a twin's knobs. Each has the value that the run gives it, or else the one written here.
macro_rules! knobs {
    ($($name:ident : $type:ty = $default:expr;)*) => {
        $(static $name: std::sync::LazyLock<$type> =
            std::sync::LazyLock::new(|| $crate::runtime::native::knob(stringify!($name), $default));)*
    };
}
pub(crate) use knobs;

/// What a knob's value may be.
pub trait Knob: Sized {
    /// What is expected, in words.
    const WHAT: &'static str;
    /// Reads it from JSON.
    fn from_json(value: &Value) -> Option<Self>;
}

impl Knob for usize {
    const WHAT: &'static str = "a whole number";
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl Knob for u64 {
    const WHAT: &'static str = "a whole number";
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl Knob for u32 {
    const WHAT: &'static str = "a whole number";
    fn from_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl Knob for f64 {
    const WHAT: &'static str = "a number";
    fn from_json(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

impl Knob for &'static str {
    const WHAT: &'static str = "a text";
    fn from_json(value: &Value) -> Option<Self> {
        value.as_str().map(|text| &*text.to_owned().leak())
    }
}

/// The knobs of a run as JSON, with the place for the server's address.
pub fn to_json(knobs: &Knobs) -> String {
    let mut all: Map<String, Value> =
        knobs.iter().map(|(name, value)| (name.clone(), serde_json::json!(value))).collect();
    all.insert("URL".to_owned(), Value::from("{URL}"));
    Value::Object(all).to_string()
}

fn given() -> Result<Map<String, Value>, String> {
    let Some(text) = std::env::var_os(VARIABLE) else { return Ok(Map::new()) };
    let text = text.to_string_lossy();
    serde_json::from_str(&text).map_err(|error| format!("{VARIABLE} is not a JSON object of knobs: {error}: {text}"))
}

/// Whether the run's knobs can be read.
pub fn check() -> Result<(), String> {
    given().map(drop)
}

fn value_of<K: Knob>(given: &Map<String, Value>, name: &str, default: K) -> Result<K, String> {
    given.get(name).map_or(Ok(default), |value| {
        K::from_json(value).ok_or_else(|| format!("the knob {name} must be {}, not {value}", K::WHAT))
    })
}

/// The value of a knob in this run.
///
/// # Panics
/// If the run gives it a value of another kind; the lesson's own check finds that before.
pub fn knob<K: Knob>(name: &str, default: K) -> K {
    given().and_then(|given| value_of(&given, name, default)).unwrap_or_else(|error| panic!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::KnobValue;

    #[test]
    fn values_go_through_json_and_keep_their_kind() {
        let knobs = Knobs::from([("N".into(), KnobValue::Int(7)), ("PAUSE".into(), KnobValue::Float(0.25))]);
        let given: Map<String, Value> = serde_json::from_str(&to_json(&knobs)).expect("JSON");
        assert_eq!(value_of(&given, "N", 1_u64), Ok(7));
        assert_eq!(value_of(&given, "PAUSE", 0.0), Ok(0.25));
        assert_eq!(value_of(&given, "URL", ""), Ok("{URL}"));
        assert_eq!(value_of(&given, "WORKERS", 2_usize), Ok(2), "not given: the twin's own");
        assert_eq!(value_of(&given, "PAUSE", 1_usize), Err("the knob PAUSE must be a whole number, not 0.25".into()));
    }
}
