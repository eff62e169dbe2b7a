//! Values and errors of expressions in words for the author and the learner.

use super::value::field;
use cel::{ExecutionError, Value};

/// The longest text that is shown, in characters.
const LONGEST: usize = 72;

/// A value as it is shown beside its expression.
pub(super) fn of_value(value: &Value) -> String {
    match value {
        Value::Float(number) => of_number(*number),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::String(text) => of_text(text),
        Value::List(items) => format!("a list of {}", items.len()),
        Value::Map(_) => name(value).unwrap_or_else(|| "an object".to_owned()),
        Value::Null => "not measured".to_owned(),
        other => other.type_of().to_string(),
    }
}

/// What an element of a list is called: a lane by its name.
pub(super) fn name(value: &Value) -> Option<String> {
    match field(value, "name") {
        Some(Value::String(name)) => Some(name.to_string()),
        _ => None,
    }
}

/// A whole number as it is, a fraction with three digits that count.
pub(super) fn of_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let decimals = match number.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        size if size >= 0.1 => 3,
        _ => 4,
    };
    format!("{number:.decimals$}")
}

/// A text in quotes, on one line, cut where it is long.
fn of_text(text: &str) -> String {
    if text.is_empty() {
        return "empty".to_owned();
    }
    let line = text.trim_end().replace('\n', " / ");
    if line.chars().count() <= LONGEST {
        return format!("\"{line}\"");
    }
    let cut: String = line.chars().take(LONGEST).collect();
    format!("\"{cut}...\"")
}

/// An error of evaluation.
pub(super) fn of_error(error: &ExecutionError) -> String {
    match error {
        ExecutionError::UndeclaredReference(name) => format!("there is no `{name}`"),
        ExecutionError::NoSuchKey(name) => format!("there is no field `{name}`"),
        ExecutionError::FunctionError { message, .. } => message.clone(),
        ExecutionError::NoSuchOverload(overload) => {
            format!("`{}` cannot be used with {}", overload.function(), overload.argument_types().join(" and "))
        }
        ExecutionError::ValuesNotComparable(a, b) => format!("{} cannot be compared with {}", of_value(a), of_value(b)),
        ExecutionError::UnsupportedBinaryOperator(operator, a, b) => {
            format!(
                "`{operator}` needs two numbers of one kind (write 2.0, not 2), not {} and {}",
                of_value(a),
                of_value(b)
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_three_digits_that_count() {
        let shown = [0.0, 2.0, 1_234_567.0, 123.4, 12.34, 1.234, 0.123_45, 0.012_345].map(of_number);
        assert_eq!(shown, ["0", "2", "1234567", "123", "12.3", "1.23", "0.123", "0.0123"]);
    }
}
