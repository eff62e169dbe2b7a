//! The runs of one lesson, each done once for everything that asks for it.

use super::{Lab, Load, Outcome, Stopped, Trouble};
use crate::judge::value;
use crate::lesson::types::Knobs;
use crate::lesson::{Lesson, Program, knobs};
use crate::report::Report;
use crate::runner::plan::{self, Conditions};
use crate::runner::{self, Machine, Plan, RunSpec};
use crate::runtime::Runtime;
use crate::trace::{SwitchSource, WaitSource};
use cel::Value;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

/// What is kept of a run.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// The report, as expressions see it. Its `speedup` is null.
    pub value: Value,
    /// Wall seconds.
    pub wall_s: f64,
    /// Whether every state was measured exactly.
    pub exact: bool,
    /// How it went, for [`super::twins`].
    pub shape: super::twins::Shape,
    /// Why it did not end well, where it did not.
    pub trouble: Option<String>,
    /// How it ended.
    pub ended: Ended,
    /// When it would have been ended.
    limit: Duration,
    /// Whether it wrote a traceback, or what Rust writes in its place.
    pub complained: bool,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Ended {
    /// By itself, with success.
    #[default]
    Well,
    /// By itself or by a signal, without success.
    Badly,
    /// It was ended because nothing could go on.
    Stuck,
    /// It was ended because it took too long.
    Late,
}

/// What a program writes that failed.
const COMPLAINTS: [&str; 2] = ["Traceback (most recent call last)", "panicked at "];

/// A run, or why there is none.
pub(super) type Run = Result<Rc<Measured>, Outcome>;

/// One run among others. Tries have runs of their own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    runtime: String,
    program: String,
    knobs: String,
    attempt: u32,
}

impl Measured {
    /// Whether a run that may take this long would have gone otherwise.
    fn cut_short(&self, timeout: Duration) -> bool {
        self.ended == Ended::Late && self.limit < timeout
    }

    /// Whether it took longer than a run may that ends after this time.
    fn too_long(&self, timeout: Duration) -> bool {
        self.ended != Ended::Late && self.wall_s > timeout.as_secs_f64()
    }
}

/// The runs of one lesson.
pub(super) struct Runs<'l, 'b> {
    pub lesson: &'l Lesson,
    lab: &'b mut dyn Lab,
    machine: Option<Machine>,
    load: Load,
    done: HashMap<Key, Run>,
}

impl<'l, 'b> Runs<'l, 'b> {
    pub(super) fn new(lesson: &'l Lesson, lab: &'b mut dyn Lab) -> Self {
        Runs { lesson, lab, machine: None, load: Load::default(), done: HashMap::new() }
    }

    /// What the machine could give when the lesson's check began, or when it was last asked anew.
    pub(super) fn machine(&mut self) -> Machine {
        match self.machine {
            Some(machine) => machine,
            None => self.machine_now(),
        }
    }

    /// What the machine can give now.
    pub(super) fn machine_now(&mut self) -> Machine {
        *self.machine.insert(self.lab.machine())
    }

    /// Checks one item. A failure while other programs are busy is not this lesson's: it is not shown here.
    pub(super) fn judged(
        &mut self,
        check: impl FnOnce(&mut Self) -> Result<Outcome, Stopped>,
    ) -> Result<Outcome, Stopped> {
        self.load = Load::default();
        self.load.note(self.lab.share());
        let outcome = check(self)?;
        Ok(match outcome {
            Outcome::Fails(why) => self.load_now().excuse(why),
            other => other,
        })
    }

    /// Whether to try an item once more that failed in this attempt, counted from 1.
    pub(super) fn try_again(&mut self, attempt: u32) -> bool {
        self.load_now().try_again(attempt)
    }

    fn load_now(&mut self) -> Load {
        self.load.note(self.lab.share());
        self.load
    }

    /// The run of a program with these knobs turned, done before or now.
    pub(super) fn of(
        &mut self,
        name: &str,
        runtime: &Runtime,
        set: &Knobs,
        timeout_s: f64,
        attempt: u32,
    ) -> Result<Run, Stopped> {
        let lesson = self.lesson;
        let mut values = lesson.default_knobs();
        values.extend(set.iter().map(|(name, value)| (name.clone(), *value)));
        let Some(program) = lesson.program(name) else {
            return Ok(Err(Outcome::Mistaken(format!("there is no program `{name}`"))));
        };
        let timeout = Duration::from_secs_f64(timeout_s);
        let key = Key {
            runtime: identity(runtime),
            program: name.to_owned(),
            knobs: format!("{:?}", used(program, runtime, &values)),
            attempt,
        };
        let serves = |run: &&Run| match run {
            Ok(run) => !run.cut_short(timeout) && !run.too_long(timeout),
            Err(_) => true,
        };
        if let Some(run) = self.done.get(&key).filter(serves) {
            return Ok(run.clone());
        }
        let run = match plan_of(lesson, name, runtime, &values, timeout) {
            Ok(plan) => self.run(plan)?,
            Err(why) => Err(why),
        };
        self.done.insert(key, run.clone());
        Ok(run)
    }

    /// Does a run, whatever was done before.
    fn run(&mut self, plan: Plan) -> Result<Run, Stopped> {
        let machine = self.machine();
        let limit = plan.spec.timeout.unwrap_or(Duration::MAX);
        let outcome = match self.outcome(plan)? {
            Ok(outcome) => outcome,
            Err(why) => return Ok(Err(why)),
        };
        let errors = String::from_utf8_lossy(&outcome.stderr);
        let report = Report::new(&outcome, machine);
        let sources = outcome.trace.sources;
        Ok(Ok(Rc::new(Measured {
            value: value::of_report(&report),
            wall_s: report.summary.wall_s,
            exact: sources.switches == SwitchSource::Perf && sources.waits == WaitSource::Preload,
            shape: super::twins::Shape::of(&outcome.trace),
            trouble: trouble(outcome.end, &errors),
            ended: ended(outcome.end),
            limit,
            complained: COMPLAINTS.iter().any(|complaint| errors.contains(complaint)),
        })))
    }

    /// Does a run and returns all that is known of it.
    pub(super) fn outcome(
        &mut self,
        mut plan: Plan,
    ) -> Result<Result<std::sync::Arc<runner::Outcome>, Outcome>, Stopped> {
        plan.spec.timeout = plan.spec.timeout.map(|timeout| self.load.stretched(timeout));
        match self.lab.run(plan) {
            Ok(outcome) if outcome.end.cancelled() => Err(Stopped),
            Ok(outcome) => Ok(Ok(outcome)),
            Err(Trouble::Stopped) => Err(Stopped),
            Err(Trouble::Failed(why)) => Ok(Err(Outcome::Fails(why))),
        }
    }
}

/// The plan of a program, which need not be one of the lesson as it stands.
pub(super) fn plan_of(
    lesson: &Lesson,
    name: &str,
    runtime: &Runtime,
    knobs: &Knobs,
    timeout: Duration,
) -> Result<Plan, Outcome> {
    if let Some(outcome) = obstacle(lesson, name, runtime) {
        return Err(outcome);
    }
    let spec = RunSpec::program(lesson, name, runtime, knobs, Some(timeout));
    plan::lesson_program(lesson, spec, Conditions::default()).map_err(|why| Outcome::Fails(why.to_string()))
}

/// Why a program does not run on a runtime. Where it has no source for it, nothing is said of it there.
pub(super) fn obstacle(lesson: &Lesson, name: &str, runtime: &Runtime) -> Option<Outcome> {
    let Some(program) = lesson.program(name) else {
        return Some(Outcome::Fails(format!("there is no program `{name}`")));
    };
    let why = plan::runnable(lesson, program, runtime).err()?;
    let meant = matches!(runtime, Runtime::CPython(_)) && program.python.is_some();
    Some(if meant { Outcome::NotShown(format!("{name} {why}")) } else { Outcome::NotSaid })
}

impl Measured {
    /// The report with its speed-up against a baseline's.
    pub(super) fn against(&self, baseline: &Measured) -> Value {
        let speedup = if self.wall_s > 0.0 { value::number(baseline.wall_s / self.wall_s) } else { Value::Null };
        value::with_field(&self.value, "speedup", speedup)
    }
}

/// What tells one runtime from another.
fn identity(runtime: &Runtime) -> String {
    match runtime {
        Runtime::CPython(python) => format!("{} {}", python.path.display(), python.gil),
        Runtime::Native { gil } => format!("native {gil}"),
    }
}

/// The knobs that make a difference to the source that runs.
fn used(program: &Program, runtime: &Runtime, values: &Knobs) -> Knobs {
    let language = runtime.language();
    program.source(language).map_or_else(Knobs::new, |source| knobs::used(source, language, values))
}

fn ended(end: runner::End) -> Ended {
    match end {
        _ if end.success() => Ended::Well,
        _ if end.timed_out() => Ended::Late,
        _ if end.deadlock() => Ended::Stuck,
        _ => Ended::Badly,
    }
}

/// Why a program did not end well: its status and the last line of what it complained of.
fn trouble(end: runner::End, errors: &str) -> Option<String> {
    if end.success() {
        return None;
    }
    let how = end.plain();
    let last = errors.lines().map(str::trim).rfind(|line| !line.is_empty());
    Some(last.map_or_else(|| how.clone(), |line| format!("{how}: {line}")))
}
