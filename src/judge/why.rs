//! Whether an expression holds, and in words why it does not: with the values that it compared.

use super::scope::{Fault, Scope};
use super::{plain, split, worded};
use cel::Value;
use std::fmt;

/// What an expression says about its runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It holds.
    Holds,
    /// It does not, and why.
    Fails(Reason),
    /// It can be neither true nor false, whatever was measured, and why: a mistake of its author.
    Mistaken(Reason),
    /// It asks for a number that was not measured here; which.
    NotMeasured(String),
}

/// Why an expression does not hold, such as "`threads.parallelism <= 1.1`: threads.parallelism is 1.87".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What of the expression is about this: the words before it, such as "for worker-0, `l.waits > 0.2`: ".
    pub about: String,
    /// What the values are that do not fit: what is left to say where other words stand for the expression.
    pub values: String,
    /// The same for who did not write the expression: what the run did, and what was expected.
    pub plain: String,
}

impl Reason {
    fn new(about: impl Into<String>, values: impl Into<String>) -> Reason {
        let values = values.into();
        Reason { about: about.into(), plain: values.clone(), values }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.about, self.values)
    }
}

/// Evaluates an expression that must be true or false.
#[must_use]
pub fn find(source: &str, scope: &Scope) -> Finding {
    match scope.value_of(source) {
        Ok(Value::Bool(true)) => Finding::Holds,
        Ok(Value::Bool(false)) => Finding::Fails(Reason { plain: plain::why(source, scope), ..why(source, scope) }),
        Ok(other) => {
            let words = format!("{}, neither true nor false", worded::of_value(&other));
            Finding::Mistaken(Reason::new(format!("`{source}` is "), words))
        }
        Err(error) => {
            if let Some(what) = unmeasured(source, scope) {
                return Finding::NotMeasured(format!("{what} was not measured"));
            }
            let reason = Reason::new(format!("`{}` cannot be evaluated: ", source.trim()), error.to_string());
            match error {
                Fault::Mistake(_) => Finding::Mistaken(reason),
                Fault::OfTheRun(_) => Finding::Fails(reason),
            }
        }
    }
}

/// The reason why an expression is false.
fn why(source: &str, scope: &Scope) -> Reason {
    let source = split::bare(source);
    let any = split::parts(source, "||");
    if any.len() > 1 {
        let all: Vec<String> = any.into_iter().map(|part| why(part, scope).to_string()).collect();
        return Reason::new("", all.join("; and "));
    }
    let all = split::parts(source, "&&");
    if all.len() > 1 {
        let failed = all.into_iter().find(|part| scope.value_of(part) != Ok(Value::Bool(true)));
        return failed.map_or_else(|| Reason::new("", source), |part| why(part, scope));
    }
    if let Some((left, _, right)) = split::comparison(source) {
        let values: Vec<String> = [left, right].into_iter().filter_map(|side| shown(side, scope)).collect();
        return Reason::new(format!("`{source}`: "), values.join(", "));
    }
    if let Some((range, name, body)) = split::macro_call(source, "all")
        && let Ok(Value::List(items)) = scope.value_of(range)
    {
        let fails = |item: &&Value| scope.with(name, (*item).clone()).value_of(body) != Ok(Value::Bool(true));
        if let Some(item) = items.iter().find(fails) {
            let place = worded::name(item).unwrap_or_else(|| worded::of_value(item));
            let why = why(body, &scope.with(name, item.clone()));
            return Reason { about: format!("for {place}, {}", why.about), ..why };
        }
    }
    let about = split::target(source).unwrap_or(source);
    match shown(about, scope) {
        Some(value) if about != source => Reason::new(format!("`{source}`: "), value),
        _ => Reason::new("", format!("`{source}` is not so")),
    }
}

/// `PART is VALUE`; nothing for a part that is a number or a text already.
fn shown(part: &str, scope: &Scope) -> Option<String> {
    let literal = part.starts_with(|c: char| c.is_ascii_digit() || "'\"-".contains(c)) && !part.contains([' ', '*']);
    if literal || matches!(part, "true" | "false") {
        return None;
    }
    Some(match scope.value_of(part) {
        Ok(value) => format!("{part} is {}", worded::of_value(&value)),
        Err(error) => format!("{part}: {error}"),
    })
}

/// The side of a comparison that has no value, where that is why the expression cannot be evaluated.
fn unmeasured<'s>(source: &'s str, scope: &Scope) -> Option<&'s str> {
    let source = split::bare(source);
    for operator in ["||", "&&"] {
        let parts = split::parts(source, operator);
        if parts.len() > 1 {
            return parts.into_iter().find_map(|part| unmeasured(part, scope));
        }
    }
    let (left, _, right) = split::comparison(source)?;
    let factors = [left, right].into_iter().flat_map(|side| split::parts(side, "*"));
    factors.into_iter().find(|part| scope.value_of(part) == Ok(Value::Null))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        Scope::of_json(&json!({
            "threads": {"parallelism": 1.87, "gil_wait": null, "stdout": "expected 1,000,000, lost 12,345\n",
                "lanes": [{"name": "main", "waits": 0.5}, {"name": "worker-0", "waits": 0.125}]},
            "processes": {"parallelism": 0.98},
            "N": 200_000,
        }))
    }

    fn fails(source: &str) -> String {
        match find(source, &scope()) {
            Finding::Fails(why) | Finding::Mistaken(why) => why.to_string(),
            other => panic!("{source}: {other:?}"),
        }
    }

    #[test]
    fn what_is_true_holds() {
        for source in [
            "threads.parallelism > 1.5 && threads.lanes.size() == 2",
            "threads.printed('lost') == 12345.0",
            "threads.printed('lost') < 0.5 * N",
            "sum(threads.lanes.map(l, l.waits)) == 0.625 && max(threads.lanes.map(l, l.waits)) == 0.5",
            "threads.lanes.exists(l, l.name.startsWith('worker'))",
            "threads.stdout.matches('lost [0-9,]+')",
        ] {
            assert_eq!(find(source, &scope()), Finding::Holds, "{source}");
        }
    }

    #[test]
    fn what_is_false_shows_the_values_that_it_compared() {
        assert_eq!(
            fails("threads.parallelism <= 1.1 && processes.parallelism > 0.5"),
            "`threads.parallelism <= 1.1`: threads.parallelism is 1.87"
        );
        assert_eq!(
            fails("threads.lanes.size() == 2 && processes.parallelism > 1.1 * threads.parallelism"),
            "`processes.parallelism > 1.1 * threads.parallelism`: processes.parallelism is 0.980, \
             1.1 * threads.parallelism is 2.06"
        );
        assert_eq!(
            fails("threads.stdout.contains('lost 0')"),
            "`threads.stdout.contains('lost 0')`: threads.stdout is \"expected 1,000,000, lost 12,345\""
        );
        assert_eq!(fails("threads.lanes.all(l, l.waits > 0.2)"), "for worker-0, `l.waits > 0.2`: l.waits is 0.125");
        assert!(fails("(threads.parallelism < 1.0 || N < 3.0)").contains("; and `N < 3.0`: N is 200000"));
    }

    #[test]
    fn what_was_not_measured_is_neither_true_nor_false() {
        let found = find("threads.parallelism > 1.0 && threads.gil_wait > 0.3", &scope());
        assert_eq!(found, Finding::NotMeasured("threads.gil_wait was not measured".to_owned()));
    }

    #[test]
    fn a_mistake_of_the_author_is_told_plainly() {
        assert_eq!(
            fails("threads.paralelism > 1.0"),
            "`threads.paralelism > 1.0` cannot be evaluated: there is no field `paralelism`"
        );
        assert_eq!(fails("thread.wall_s > 1.0"), "`thread.wall_s > 1.0` cannot be evaluated: there is no `thread`");
        assert_eq!(fails("threads.parallelism"), "`threads.parallelism` is 1.87, neither true nor false");
        assert!(fails("2 * N > 1.0").contains("write 2.0, not 2"), "{}", fails("2 * N > 1.0"));
        for source in ["threads.paralelism > 1.0", "thread.wall_s > 1.0", "threads.parallelism", "threads. > 1.0"] {
            assert!(matches!(find(source, &scope()), Finding::Mistaken(_)), "{source}: no run can change that");
        }
        assert!(matches!(find("threads.printed('found') > 1.0", &scope()), Finding::Fails(_)), "another run may print");
        assert!(fails("threads.printed('found') > 1.0").contains("no printed line has a number beside `found`"));
    }
}
