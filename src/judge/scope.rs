//! The names that an expression may use, with their values: runs by name, the knobs, the machine, the runtime.

use super::value::{self, list, number, printed, sum};
use crate::lesson::types::Knobs;
use crate::report::Report;
use crate::runner::Machine;
use crate::runtime::Runtime;
use cel::extractors::This;
use cel::{ExecutionError, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The minor version that native counts as: the newest CPython that its model follows.
const NATIVE_MINOR: u8 = 14;

/// How far apart two numbers may be that are near each other, as a part of the second: doubles hold large sums no better.
const NEAR: f64 = 1e-9;

/// Names and values. Every number of a run, of the machine and of the knobs is a double.
#[derive(Debug, Clone, Default)]
pub struct Scope(BTreeMap<String, Value>);

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// No run could give it one: it cannot be read, or it names what is not there.
    Mistake(String),
    /// This run gave it none: it printed no such line, say, or measured no such number.
    OfTheRun(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Fault::Mistake(words) | Fault::OfTheRun(words)) = self;
        f.write_str(words)
    }
}

impl Scope {
    /// What an expression over runs may use: `usable_cores` and the knobs, before any run was added.
    #[must_use]
    pub fn of_machine(machine: Machine, knobs: &Knobs) -> Scope {
        let knobs = knobs.iter().map(|(name, value)| (name.clone(), number(value.as_f64())));
        let cores = ("usable_cores".to_owned(), number(machine.usable_cores));
        Scope(knobs.chain([cores]).collect())
    }

    /// What an `on` expression may use: `cpython`, `native`, `gil` and `free_threaded` (true or false) and `minor`, the 14 of
    /// 3.14. Native counts as 14.
    #[must_use]
    pub fn of_runtime(runtime: &Runtime) -> Scope {
        let (cpython, free_threaded, minor) = match runtime {
            Runtime::CPython(python) => (true, python.free_threaded, python.version.1),
            Runtime::Native { gil } => (false, !gil, NATIVE_MINOR),
        };
        let flags =
            [("cpython", cpython), ("native", !cpython), ("gil", runtime.has_gil()), ("free_threaded", free_threaded)];
        let flags = flags.map(|(name, value)| (name.to_owned(), Value::Bool(value)));
        Scope(flags.into_iter().chain([("minor".to_owned(), number(f64::from(minor)))]).collect())
    }

    /// Adds a run's report under a name: the object of `run --format json` with `speedup`, `printed`, `states`, `workers`
    /// and `overlap`.
    #[must_use]
    pub fn with_run(mut self, name: &str, report: &Report<'_>) -> Scope {
        self.0.insert(name.to_owned(), value::of_report(report));
        self
    }

    /// The same with one more name: a run's report as it was kept, or what `all(NAME, ...)` brings in.
    #[must_use]
    pub(super) fn with(&self, name: &str, value: Value) -> Scope {
        let mut scope = self.clone();
        scope.0.insert(name.to_owned(), value);
        scope
    }

    /// Evaluates an expression to any value.
    pub(super) fn value_of(&self, source: &str) -> Result<Value, Fault> {
        // The parser is not ours: a fault of its own must not end the tutor on somebody's lesson.
        let parsed = catch_unwind(AssertUnwindSafe(|| cel::Program::compile(source)));
        let program = parsed
            .map_err(|_| Fault::Mistake("it cannot be read".to_owned()))?
            .map_err(|errors| Fault::Mistake(errors.to_string()))?;
        program.execute(&self.context()).map_err(|error| {
            let words = super::worded::of_error(&error);
            match error {
                ExecutionError::UndeclaredReference(_) | ExecutionError::NoSuchKey(_) => Fault::Mistake(words),
                _ => Fault::OfTheRun(words),
            }
        })
    }

    /// The functions beside CEL's own: `run.printed("LABEL")`, `sum(list)`, `max(list)`, `min(list)` and `near(number, number)`.
    fn context(&self) -> cel::Context<'_, 'static> {
        let mut context = cel::Context::default();
        for (name, value) in &self.0 {
            context.add_variable_from_value(name.clone(), value.clone());
        }
        // The standard environment has none of these names, so none can be refused.
        let _ = context.add_function("printed", |run: This<Value>, label: Arc<String>| printed(&run.0, &label));
        let _ = context.add_function("sum", |items: Arc<Vec<Value>>| sum(&items));
        let _ = context.add_function("near", |a: f64, b: f64| (a - b).abs() <= NEAR * b.abs());
        let _ = context.add_function("max", |items: Arc<Vec<Value>>| list(&items, f64::max));
        let _ = context.add_function("min", |items: Arc<Vec<Value>>| list(&items, f64::min));
        context
    }

    #[cfg(test)]
    pub(super) fn of_json(json: &serde_json::Value) -> Scope {
        let Some(object) = json.as_object() else { return Scope::default() };
        Scope(object.iter().map(|(name, json)| (name.clone(), value::of_json(json))).collect())
    }
}
