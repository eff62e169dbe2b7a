//! Why an expectation about a run did not come true, in a learner's words: what the run did, then what was expected. The
//! expression itself is its author's affair, and none of its names is shown.

use super::scope::Scope;
use super::{split, worded};
use cel::Value;

/// What is left to say where nothing is known of an expression but that it is false.
const NOT_SO: &str = "it is not so";

/// Why this expression is false.
pub(super) fn why(source: &str, scope: &Scope) -> String {
    let source = split::bare(source);
    let any = split::parts(source, "||");
    if any.len() > 1 {
        // What the machine can give, who ran it and how the knobs stand is nothing that the learner did.
        let given = |part: &str| part.contains("usable_cores") || part.contains("run.runtime.");
        let of_run = any.iter().filter(|part| !given(part) && part.contains("run."));
        let all: Vec<String> = of_run.map(|part| why(part, scope)).collect();
        return all.join(", and ");
    }
    let all = split::parts(source, "&&");
    if all.len() > 1 {
        let failed = all.into_iter().find(|part| scope.value_of(part) != Ok(Value::Bool(true)));
        return failed.map_or_else(|| NOT_SO.to_owned(), |part| why(part, scope));
    }
    compared(source, scope)
        .or_else(|| near(source, scope))
        .or_else(|| for_one(source, scope))
        .or_else(|| happened(source))
        .or_else(|| text(source, scope))
        .unwrap_or_else(|| NOT_SO.to_owned())
}

/// A comparison: "there are 2 workers; 1 expected".
fn compared(source: &str, scope: &Scope) -> Option<String> {
    let (left, operator, right) = split::comparison(source)?;
    let value = |side: &str| match scope.value_of(side) {
        Ok(Value::Float(number)) => Ok(number),
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        Ok(Value::Int(count)) => Ok(count as f64),
        Ok(Value::Null) if side == "run.exit.code" => Err("it did not come to its end by itself".to_owned()),
        Ok(other) => Err(worded::of_value(&other)),
        Err(error) => Err(error.to_string()),
    };
    let (is, expected) = match (value(left), value(right)) {
        (Ok(is), Ok(expected)) => (is, expected),
        (Err(why), _) | (_, Err(why)) => return Some(why.replace('`', "\"")),
    };
    let (fact, unit) = fact(left, is);
    let bound = match operator {
        "<" => "less than ",
        "<=" => "at most ",
        ">" => "more than ",
        ">=" => "at least ",
        "!=" => "anything but ",
        _ => "",
    };
    Some(format!("{fact}; {bound}{}{unit} expected", worded::of_number(expected)))
}

/// Two numbers that should be the same: "it printed 7; 12 expected".
fn near(source: &str, scope: &Scope) -> Option<String> {
    let inside = source.strip_prefix("near(")?.strip_suffix(')')?;
    let (left, right) = split::arguments(inside)?;
    compared(&format!("{left} == {right}"), scope)
}

/// What a number of a run says, and its unit.
fn fact(source: &str, value: f64) -> (String, &'static str) {
    let number = worded::of_number(value);
    let source = source.strip_prefix("double(").and_then(|s| s.strip_suffix(')')).unwrap_or(source);
    if source.contains(" - run.states.ready") {
        return (format!("it took {number} s, waits for a core left out"), " s");
    }
    if source.ends_with(".size()") {
        let (one, many) = counted(source);
        let words = if number == "1" { format!("there is 1 {one}") } else { format!("there are {number} {many}") };
        return (words, "");
    }
    if source.contains(".awaits") {
        return (format!("its tasks awaited something {number} times"), " times");
    }
    if source.ends_with(".timed_waits") {
        return (format!("it waited {number} times with a limit of time"), " times");
    }
    if source.ends_with(".lock_waits") {
        return (format!("it waited {number} times for a lock"), " times");
    }
    if let Some(many) = at_once(source, &number) {
        return (many, "");
    }
    if let Some(doing) = STATES.iter().find(|(state, _)| source.contains(&format!(".states.{state}"))) {
        let who = if source.contains("run.") { "its threads " } else { "" };
        return (format!("{who}{} {number} s", doing.1), " s");
    }
    let known = NUMBERS.iter().find(|(name, ..)| source == *name || source.starts_with(name));
    known.map_or_else(
        || (format!("it is {number}"), ""),
        |(_, before, unit)| {
            (
                format!("{before}{number}{}", if *unit == CORES { CORES } else { unit }),
                if *unit == CORES { "" } else { unit },
            )
        },
    )
}

/// How many did something at one instant.
fn at_once(source: &str, number: &str) -> Option<String> {
    let (who, state) = match (source.strip_prefix("run.at_once."), source.strip_prefix("run.tasks_at_once.")) {
        (Some(state), _) => ("thread", state),
        (None, Some(state)) => ("task", state),
        (None, None) => return None,
    };
    let (_, did) = STATES.iter().find(|(key, _)| *key == state)?;
    let did = did.strip_suffix(" for").unwrap_or(did);
    let s = if number == "1" { "" } else { "s" };
    Some(format!("never more than {number} {who}{s} {did} at the same time"))
}

/// Follows a number of cores.
const CORES: &str = " cores on average";

/// Numbers of a run: what stands before them, and their unit.
const NUMBERS: [(&str, &str, &str); 12] = [
    ("run.wall_s", "it took ", " s"),
    ("run.cpu_s", "it computed for ", " s"),
    ("run.parallelism", "it used ", CORES),
    ("run.together", "the share of their time in which two workers wanted a core together is ", ""),
    ("run.server.answered", "the server has answered ", " requests"),
    ("run.server.most_at_once", "the server never had more open at the same time than ", ""),
    ("run.overlap", "two were on cores at the same time for ", " s"),
    ("run.printed(", "it printed ", ""),
    ("run.exit.code", "its exit status is ", ""),
    ("run.speedup", "its speed-up is ", ""),
    ("run.gil_wait", "its share of waiting for the GIL is ", ""),
    ("run.startup_s", "starting took ", " s"),
];

/// What threads do in a state, before a time.
const STATES: [(&str, &str); 8] = [
    ("running", "ran for"),
    ("native", "ran without the GIL for"),
    ("gil_wait", "waited for the GIL for"),
    ("lock_wait", "waited for a lock for"),
    ("io_wait", "waited for I/O for"),
    ("sleep", "slept for"),
    ("idle", "waited for work for"),
    ("ready", "waited for a core for"),
];

/// What a list of lanes counts, one and several.
fn counted(source: &str) -> (&'static str, &'static str) {
    match source {
        s if s.contains(".workers") => ("worker", "workers"),
        s if s.contains("'process'") => ("process", "processes"),
        s if s.contains("'thread'") => ("thread beside the main one", "threads beside the main one"),
        _ => ("thread", "threads"),
    }
}

/// What must hold for one of the lanes, or for all.
fn for_one(source: &str, scope: &Scope) -> Option<String> {
    if let Some((range, name, body)) = split::macro_call(source, "all") {
        let Ok(Value::List(items)) = scope.value_of(range) else { return None };
        let fails = |item: &&Value| scope.with(name, (*item).clone()).value_of(body) != Ok(Value::Bool(true));
        let item = items.iter().find(fails)?;
        let who = worded::name(item).unwrap_or_else(|| "one of them".to_owned());
        return Some(format!("{who}: {}", why(body, &scope.with(name, item.clone()))));
    }
    split::macro_call(source, "exists")?;
    Some(match source {
        s if s.contains("'main'") => "the main thread does not".to_owned(),
        s if s.contains("'process'") => "no process does".to_owned(),
        _ => "no thread does".to_owned(),
    })
}

/// What must not have happened and did.
fn happened(source: &str) -> Option<String> {
    let what = source.strip_prefix('!')?.trim();
    Some(match what {
        "run.exit.deadlock" => "it ended in a deadlock".to_owned(),
        "run.exit.timed_out" => "it took too long".to_owned(),
        "run.hung" => "it did not come to its end".to_owned(),
        _ if what.starts_with("run.stderr.contains('Traceback") => "an exception was raised".to_owned(),
        _ => format!("it printed \"{}\"", quoted(what)?),
    })
}

/// What should have been printed, and what was.
fn text(source: &str, scope: &Scope) -> Option<String> {
    let about = split::target(source)?;
    let printed = match scope.value_of(about) {
        Ok(Value::String(text)) if text.trim().is_empty() => "nothing".to_owned(),
        Ok(value @ Value::String(_)) => worded::of_value(&value),
        _ => return None,
    };
    Some(match wanted(source, scope) {
        Some(wanted) => format!("it printed {printed}; \"{wanted}\" expected"),
        None => format!("it printed {printed}"),
    })
}

/// The text that `TEXT.contains(...)` looks for.
fn wanted(source: &str, scope: &Scope) -> Option<String> {
    let (_, argument) = source.strip_suffix(')')?.rsplit_once(".contains(")?;
    match scope.value_of(argument) {
        Ok(Value::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// The text in quotes.
fn quoted(source: &str) -> Option<&str> {
    let start = source.find('\'')? + 1;
    Some(&source[start..start + source[start..].find('\'')?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(source: &str) -> String {
        let lane = |name: &str, kind: &str, wait: f64| json!({"name": name, "kind": kind, "states": {"gil_wait": wait, "sleep": 0.2}});
        let scope = Scope::of_json(&json!({
            "run": {
                "wall_s": 1.2, "cpu_s": 1.0, "parallelism": 0.98, "overlap": 0.0, "gil_wait": 0.5, "hung": true,
                "states": {"ready": 0.1, "sleep": 0.4}, "exit": {"code": 1, "deadlock": true, "timed_out": true},
                "stdout": "expected 1,000, lost 12\n", "stderr": "",
                "lanes": [lane("MainThread", "main", 0.0), lane("w0", "thread", 0.5), lane("w1", "thread", 0.6)],
                "workers": [lane("w0", "thread", 0.5), lane("w1", "thread", 0.6)],
            },
            "WORKERS": 4, "PAUSE": 0.1, "usable_cores": 2,
        }));
        why(source, &scope)
    }

    #[test]
    fn no_name_of_the_expression_is_shown() {
        let table = [
            ("run.workers.size() == 1", "there are 2 workers; 1 expected"),
            ("run.lanes.filter(l, l.kind == 'process').size() >= 3", "there are 0 processes; at least 3 expected"),
            (
                "double(run.lanes.filter(l, l.kind == 'thread').size()) <= 1.0",
                "there are 2 threads beside the main one; at most 1 expected",
            ),
            ("run.lanes.filter(l, l.kind == 'main').size() == 2", "there is 1 thread; 2 expected"),
            ("run.wall_s < 0.9 * WORKERS * PAUSE", "it took 1.20 s; less than 0.360 s expected"),
            (
                "run.wall_s - run.states.ready < WORKERS * PAUSE",
                "it took 1.10 s, waits for a core left out; less than 0.400 s expected",
            ),
            ("run.parallelism < 0.6", "it used 0.980 cores on average; less than 0.600 expected"),
            (
                "usable_cores < 1.5 || run.overlap > 0.02",
                "two were on cores at the same time for 0 s; more than 0.0200 s expected",
            ),
            (
                "run.runtime.free_threaded || run.lanes.exists(l, l.kind == 'main' && l.states.sleep > 1.0)",
                "the main thread does not",
            ),
            ("run.printed('lost') == 0.0", "it printed 12; 0 expected"),
            ("run.printed('got') == 0.0", "no printed line has a number beside \"got\""),
            ("run.exit.code == 0.0 && run.printed('lost') == 0.0", "its exit status is 1; 0 expected"),
            (
                "sum(run.lanes.map(l, l.states.gil_wait)) <= 0.5",
                "its threads waited for the GIL for 1.10 s; at most 0.500 s expected",
            ),
            (
                "run.workers.all(l, l.states.gil_wait < 0.55)",
                "w1: waited for the GIL for 0.600 s; less than 0.550 s expected",
            ),
            ("run.lanes.exists(l, l.kind == 'main' && l.states.sleep > 1.0)", "the main thread does not"),
            ("!run.exit.deadlock && !run.exit.timed_out", "it ended in a deadlock"),
            ("run.stdout.contains('lost 0')", "it printed \"expected 1,000, lost 12\"; \"lost 0\" expected"),
            ("!run.stdout.contains('lost')", "it printed \"lost\""),
        ];
        for (source, words) in table {
            assert_eq!(said(source), words, "{source}");
        }
    }
}
