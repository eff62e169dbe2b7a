//! Knobs: reading `NAME=VALUE`, stepping, and putting values into a program's source.

use super::fault::closest;
use super::source;
use super::types::{Knob, KnobValue, Knobs, Language, Lesson, grouped};

/// The constant that the address of the lesson's server is put into.
pub const URL: &str = "URL";

/// Why a setting cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KnobError {
    /// There is no `=`.
    #[error("`{0}` sets nothing: write NAME=VALUE, such as WORKERS=4")]
    NotASetting(String),
    /// The lesson has no knob of that name.
    #[error("lesson {lesson} has no knob `{name}`{hint}")]
    Unknown {
        /// The lesson's id.
        lesson: String,
        /// What was asked for.
        name: String,
        /// A near miss or what there is.
        hint: String,
    },
    /// The value is no number, or a fraction where a whole number is needed.
    #[error("{knob} must be {wanted} from {min} to {max}, not `{value}`")]
    NotANumber {
        /// The knob that was to be set.
        knob: String,
        /// What it needs.
        wanted: &'static str,
        /// What was given.
        value: String,
        /// The smallest value.
        min: KnobValue,
        /// The largest value.
        max: KnobValue,
    },
    /// The value is outside the knob's range.
    #[error("{knob} must be from {min} to {max}, not {value}")]
    OutOfRange {
        /// The knob that was to be set.
        knob: String,
        /// What was given.
        value: KnobValue,
        /// The smallest value.
        min: KnobValue,
        /// The largest value.
        max: KnobValue,
    },
}

/// Reads `NAME=VALUE` for a lesson. Thousands may be set apart with `_`.
///
/// # Errors
/// [`KnobError`], which names the knob and its range.
pub fn parse_setting(lesson: &Lesson, setting: &str) -> Result<(String, KnobValue), KnobError> {
    let (name, value) = setting.split_once('=').ok_or_else(|| KnobError::NotASetting(setting.to_owned()))?;
    let (name, value) = (name.trim(), value.trim());
    let knob = lesson.knobs.iter().find(|k| k.name == name).ok_or_else(|| unknown(lesson, name))?;
    Ok((knob.name.clone(), knob.parse(value)?))
}

fn unknown(lesson: &Lesson, name: &str) -> KnobError {
    let names = || lesson.knobs.iter().map(|k| k.name.as_str());
    let hint = match closest(name, names()) {
        Some(near) => format!("; did you mean {near}?"),
        None if lesson.knobs.is_empty() => "; it has none at all".to_owned(),
        None => format!("; there is {}", names().collect::<Vec<_>>().join(", ")),
    };
    KnobError::Unknown { lesson: lesson.id.clone(), name: name.to_owned(), hint }
}

impl Knob {
    /// Reads a value for this knob.
    ///
    /// # Errors
    /// [`KnobError`] where it is no number of the knob's kind or outside its range.
    pub fn parse(&self, text: &str) -> Result<KnobValue, KnobError> {
        let value = match (source::number(text), self.default) {
            (Some(KnobValue::Int(i)), KnobValue::Float(_)) => Some(KnobValue::Float(KnobValue::Int(i).as_f64())),
            (Some(KnobValue::Float(_)), KnobValue::Int(_)) => None,
            (value, _) => value,
        };
        let (min, max) = (self.min, self.max);
        let value = value.ok_or_else(|| KnobError::NotANumber {
            knob: self.name.clone(),
            wanted: if matches!(self.default, KnobValue::Int(_)) { "a whole number" } else { "a number" },
            value: text.to_owned(),
            min,
            max,
        })?;
        if value.as_f64() < min.as_f64() || value.as_f64() > max.as_f64() {
            return Err(KnobError::OutOfRange { knob: self.name.clone(), value, min, max });
        }
        Ok(value)
    }

    /// The next larger step, or the value itself where there is none.
    #[must_use]
    pub fn next(&self, value: KnobValue) -> KnobValue {
        self.steps.iter().copied().find(|s| s.as_f64() > value.as_f64()).unwrap_or(value)
    }

    /// The next smaller step, or the value itself where there is none.
    #[must_use]
    pub fn prev(&self, value: KnobValue) -> KnobValue {
        self.steps.iter().rev().copied().find(|s| s.as_f64() < value.as_f64()).unwrap_or(value)
    }
}

/// Puts the knobs' values, and the server's address, into the constants of a source. A knob that the source does not
/// have is left out; everything else stays as it is.
#[must_use]
pub fn substitute(source: &str, language: Language, knobs: &Knobs, url: Option<&str>) -> String {
    let mut out = source.to_owned();
    for (name, value) in knobs {
        set(&mut out, language, name, |old| literal(*value, old));
    }
    if let Some(url) = url {
        set(&mut out, language, URL, |_| format!("\"{url}\""));
    }
    out
}

/// Knobs in words, such as `WORKERS = 2, N = 1000`.
#[must_use]
pub fn said(knobs: &Knobs) -> String {
    knobs.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
}

/// The knobs that this source has, with their values: those that make a difference to it.
#[must_use]
pub fn used(source: &str, language: Language, knobs: &Knobs) -> Knobs {
    let has = |name: &String| source::constant(source, language, name).is_some();
    knobs.iter().filter(|(name, _)| has(name)).map(|(name, value)| (name.clone(), *value)).collect()
}

fn set(text: &mut String, language: Language, name: &str, new: impl FnOnce(&str) -> String) {
    let Some(constant) = source::constant(text, language, name) else { return };
    let new = new(&text[constant.value.clone()]);
    let end = constant.value.end;
    let spaces = text[end..].len() - text[end..].trim_start_matches(' ').len();
    let mut tail = end..end;
    let mut padding = String::new();
    if text[end + spaces..].starts_with('#') || text[end + spaces..].starts_with("//") {
        // Keep the comment in its column while at least two spaces remain before it.
        let column = constant.value.len() + spaces;
        padding = " ".repeat(column.saturating_sub(new.len()).max(2));
        tail = end..end + spaces;
    }
    text.replace_range(tail, &padding);
    text.replace_range(constant.value, &new);
}

/// The value as source. Whole numbers keep the thousands style of the one before; large ones get it.
fn literal(value: KnobValue, old: &str) -> String {
    let KnobValue::Int(int) = value else { return value.to_string() };
    if !old.contains('_') && int.abs() < 100_000 {
        return int.to_string();
    }
    grouped(int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knob(default: KnobValue, min: KnobValue, max: KnobValue, steps: &[KnobValue]) -> Knob {
        Knob { name: "N".to_owned(), label: "numbers".to_owned(), default, min, max, steps: steps.to_vec() }
    }

    fn knobs(list: &[(&str, KnobValue)]) -> Knobs {
        list.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect()
    }

    #[test]
    fn a_turned_knob_changes_its_number_and_nothing_else() {
        let source = "WORKERS = 2         # how many\nN = 5_000_000\nPAUSE = 0.03  # s\n\nprint(N, \"N = 5\")\n";
        let values = knobs(&[
            ("WORKERS", KnobValue::Int(16)),
            ("N", KnobValue::Int(500)),
            ("PAUSE", KnobValue::Float(0.001_25)),
            ("OTHER", KnobValue::Int(1)),
        ]);
        let out = substitute(source, Language::Python, &values, None);
        assert_eq!(out, "WORKERS = 16        # how many\nN = 500\nPAUSE = 0.00125  # s\n\nprint(N, \"N = 5\")\n");
        let again = substitute(&out, Language::Python, &values, None);
        assert_eq!(again, out);
    }

    #[test]
    fn the_thousands_style_is_kept() {
        assert_eq!(literal(KnobValue::Int(20_000_000), "5_000"), "20_000_000");
        assert_eq!(literal(KnobValue::Int(2000), "5_000"), "2_000");
        assert_eq!(literal(KnobValue::Int(2000), "5000"), "2000");
        assert_eq!(literal(KnobValue::Int(1_000_000), "10"), "1_000_000");
        assert_eq!(literal(KnobValue::Int(i64::MIN), "1_0"), "-9_223_372_036_854_775_808");
    }

    #[test]
    fn the_address_of_the_server_replaces_the_text() {
        let python = "URL = \"http://127.0.0.1:8000\"\n";
        let set = substitute(python, Language::Python, &Knobs::new(), Some("http://127.0.0.1:4711"));
        assert_eq!(set, "URL = \"http://127.0.0.1:4711\"\n");
        let rust = "    URL: &str = \"http://127.0.0.1:8000\";\n";
        let set = substitute(rust, Language::Rust, &Knobs::new(), Some("http://127.0.0.1:4711"));
        assert_eq!(set, "    URL: &str = \"http://127.0.0.1:4711\";\n");
    }

    #[test]
    fn values_are_held_against_kind_and_range() {
        let whole = knob(KnobValue::Int(2), KnobValue::Int(1), KnobValue::Int(16), &[]);
        assert_eq!(whole.parse("1_6"), Ok(KnobValue::Int(16)));
        assert_eq!(whole.parse("17").unwrap_err().to_string(), "N must be from 1 to 16, not 17");
        assert_eq!(whole.parse("two").unwrap_err().to_string(), "N must be a whole number from 1 to 16, not `two`");
        assert!(whole.parse("2.5").is_err());
        let fraction = knob(KnobValue::Float(0.5), KnobValue::Float(0.0), KnobValue::Float(2.0), &[]);
        assert_eq!(fraction.parse("1"), Ok(KnobValue::Float(1.0)));
        assert!(fraction.parse("inf").is_err());
        assert!(fraction.parse("nan").is_err());
    }

    #[test]
    fn keys_step_through_the_steps_and_stop_at_the_ends() {
        let steps = [1, 2, 4].map(KnobValue::Int);
        let knob = knob(KnobValue::Int(2), KnobValue::Int(1), KnobValue::Int(16), &steps);
        assert_eq!(knob.next(KnobValue::Int(2)), KnobValue::Int(4));
        assert_eq!(knob.next(KnobValue::Int(4)), KnobValue::Int(4));
        assert_eq!(knob.prev(KnobValue::Int(3)), KnobValue::Int(2));
        assert_eq!(knob.prev(KnobValue::Int(16)), KnobValue::Int(4));
        assert_eq!(knob.next(KnobValue::Int(16)), KnobValue::Int(16), "a value above every step stays");
    }
}
