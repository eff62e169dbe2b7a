//! As one JSON object in one line.

use super::Form;
use crate::learner::class::Class;
use crate::report::json::VERSION;
use serde::Serialize;

/// For programs.
pub const FORM: Form = Form { name: "json", write: object };

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    #[serde(flatten)]
    class: &'a Class,
}

fn object(class: &Class) -> String {
    let whole = Whole { version: VERSION, class };
    serde_json::to_string(&whole).expect("names and numbers are JSON") + "\n"
}
