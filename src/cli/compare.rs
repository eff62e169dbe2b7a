//! `concur-tutor compare LESSON [PROGRAM...]`: the runs of a lesson stacked on one axis.

use super::args::{Chosen, RuntimeKind, Under};
use super::output::{OnSignal, Signals, Target, lost, run_under};
use super::run::{check_program, turned};
use super::{Failure, USAGE, runtimes};
use crate::app::appearance;
use crate::insight::comparison::{Attempts, Comparison};
use crate::lesson::types::Knobs;
use crate::lesson::{Course, Lesson};
use crate::report::comparison::{FORMS, Form, Paper, Stacked, form};
use crate::runner::plan::{Conditions, lesson_program, runnable};
use crate::runner::{Outcome, Plan, RunSpec, machine};
use crate::runtime::Runtime;
use crate::view::Background;
use anyhow::Context as _;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// As often as this a program may be run: all runs are kept until the middle one is known.
const MOST_REPEATS: u64 = 25;

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The lesson: its folder's name, with or without its number
    pub lesson: String,
    /// The programs: those that do the baseline's work, where left out. The baseline is always among them
    #[arg(value_name = "PROGRAM")]
    pub programs: Vec<String>,
    /// A Python to run them on; several are compared with each other
    #[arg(long, value_name = "PATH")]
    pub python: Vec<PathBuf>,
    /// Run each so many times: the middle run is drawn, and from three on noise is told from difference
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=MOST_REPEATS))]
    pub repeat: u64,
    #[command(flatten)]
    pub chosen: Chosen,
    #[command(flatten)]
    pub under: Under,
    /// The report's form
    #[arg(long, value_parser = forms())]
    pub format: Option<Form>,
}

/// Names of the comparison's forms.
fn forms() -> impl TypedValueParser<Value = Form> {
    let names = PossibleValuesParser::new(FORMS.map(|form| form.name));
    names.map(|name| form(&name).expect("only the names of forms are let through"))
}

/// One program on one runtime, and what came of it so far.
struct Row {
    program: String,
    runtime: Runtime,
    /// How to run it; `None` where it cannot run there.
    plan: Option<Plan>,
    outcomes: Vec<Arc<Outcome>>,
    /// Why it was not run, or not again.
    missing: Option<String>,
}

pub(super) fn compare(options: &Compare) -> anyhow::Result<ExitCode> {
    let course = Course::embedded().context("the built-in lessons are damaged")?;
    let lesson = course.find(&options.lesson)?;
    let mut rows = rows(options, lesson)?;
    let target = Target::open(options.under.out.as_deref(), None)?;
    let signals = Signals::listen(OnSignal::Cancel)?;
    let machine = machine::calibrate();
    let signal = run_all(&mut rows, options.repeat, &signals)?;
    let status = match signal {
        0 => u8::from(rows.iter().any(Row::failed)),
        n => 128 + u8::try_from(n).unwrap_or(0),
    };
    if signal != 0 && rows.iter().all(|row| row.outcomes.is_empty()) {
        return Err(Failure::new(status, "stopped before a run was complete: there is nothing to compare").into());
    }
    let attempts = rows.iter().map(Row::attempts).collect();
    let comparison = Comparison::of(lesson, attempts, machine);
    let mut stacked = Stacked { lesson, comparison, machine, paper: paper(options) };
    let text = (options.format.unwrap_or(FORMS[0]).write)(&stacked);
    target.put(text.as_bytes()).map_err(|failed| {
        // What cannot be put where it belongs is printed in the form for reading.
        stacked.paper = Paper::default();
        lost(&failed, &(FORMS[0].write)(&stacked), status)
    })?;
    Ok(ExitCode::from(status))
}

/// What text is written on: the terminal, with its colours, where it goes there.
fn paper(options: &Compare) -> Paper {
    let plain = Paper::default();
    if options.under.out.is_some() || !std::io::stdout().is_terminal() {
        return plain;
    }
    let assumed = appearance::from_environment(false, &|name| std::env::var(name).ok());
    let mut appearance = assumed.appearance;
    if assumed.ask && std::io::stdin().is_terminal() && appearance::is_light() {
        appearance.background = Background::Light;
    }
    let columns = crossterm::terminal::size().map_or(plain.columns, |(columns, _)| columns.clamp(60, 160));
    Paper { columns, theme: appearance.theme() }
}

/// What is to be run, in the order of the runtimes and, for each, of the lesson.
fn rows(options: &Compare, lesson: &Lesson) -> anyhow::Result<Vec<Row>> {
    for name in &options.programs {
        check_program(lesson, name)?;
    }
    let programs = chosen(&options.programs, lesson);
    let mut values = lesson.default_knobs();
    values.extend(turned(&options.chosen.set, lesson)?);
    let mut out = Vec::new();
    for runtime in runtimes(options, lesson)? {
        for program in &programs {
            out.push(row(options, lesson, program, &runtime, &values)?);
        }
    }
    let named = |row: &&Row| options.programs.is_empty() || options.programs.contains(&row.program);
    if out.iter().filter(named).all(|row| row.plan.is_none()) {
        let why: Vec<String> = out.iter().filter(named).map(Row::why_not).collect();
        return Err(Failure::new(USAGE, format!("there is nothing to compare: {}", why.join("; "))).into());
    }
    Ok(out)
}

/// The programs that are compared, in the lesson's order: those that were named, else those that do the baseline's work, or
/// all where there is no baseline; and the baseline itself.
fn chosen<'a>(named: &[String], lesson: &'a Lesson) -> Vec<&'a str> {
    let all_count = named.is_empty();
    let alone = lesson.baseline().is_none();
    let wanted = lesson.programs.iter().filter(|program| {
        program.baseline
            || named.contains(&program.name)
            || named.contains(&program.stem)
            || (all_count && (alone || !program.apart))
    });
    wanted.map(|program| program.name.as_str()).collect()
}

/// Who runs them: each Python that was named, and native where that was named beside them.
fn runtimes(options: &Compare, lesson: &Lesson) -> anyhow::Result<Vec<Runtime>> {
    let packages: Vec<String> =
        options.programs.iter().filter_map(|name| lesson.program(name)).flat_map(|p| p.packages.clone()).collect();
    let mut out: Vec<Runtime> = Vec::new();
    for python in &options.python {
        let runtime = Runtime::CPython(runtimes::named_python(python, options.chosen.gil)?);
        if !out.contains(&runtime) {
            out.push(runtime);
        }
    }
    if out.is_empty() || options.chosen.runtime == Some(RuntimeKind::Native) {
        out.push(runtimes::choose(options.chosen.runtime, None, options.chosen.gil, &packages)?);
    }
    Ok(out)
}

fn row(options: &Compare, lesson: &Lesson, name: &str, runtime: &Runtime, values: &Knobs) -> anyhow::Result<Row> {
    let spec = RunSpec::program(lesson, name, runtime, values, options.under.timeout);
    let conditions = Conditions { probes: options.under.probes.choice(), ..Conditions::default() };
    let missing = lesson.program(name).and_then(|program| runnable(lesson, program, runtime).err());
    let plan = if missing.is_none() { Some(lesson_program(lesson, spec, conditions)?) } else { None };
    Ok(Row { program: name.to_owned(), runtime: runtime.clone(), plan, outcomes: Vec::new(), missing })
}

/// Makes all runs, one round after the other: what disturbs the machine for a while disturbs all alike. Returns the signal
/// that ended it early, 0 for none.
///
/// # Errors
/// The first reason, where no run could be made.
fn run_all(rows: &mut [Row], repeat: u64, signals: &Signals) -> anyhow::Result<i32> {
    let runs = rows.iter().filter(|row| row.plan.is_some()).count();
    let progress = Progress { live: std::io::stderr().is_terminal(), runs, repeat };
    let mut signal = 0;
    for round in 1..=repeat {
        for (place, row) in rows.iter_mut().filter(|row| row.plan.is_some()).enumerate() {
            signal = signals.next().max(signal);
            if signal == 0 && row.goes_on() {
                progress.say(place + 1, round, row);
                signal = row.run(signals);
            }
        }
    }
    progress.end();
    if signal != 0 {
        rows.iter_mut().filter(|row| row.outcomes.is_empty()).for_each(|row| {
            row.missing.get_or_insert_with(|| "was not run: the comparison was stopped".to_owned());
        });
    }
    if rows.iter().all(|row| row.outcomes.is_empty()) && signal == 0 {
        let why: Vec<String> = rows.iter().filter(|row| row.plan.is_some()).map(Row::why_not).collect();
        return Err(Failure::new(USAGE, why.first().cloned().unwrap_or_default()).into());
    }
    Ok(signal)
}

impl Row {
    /// Runs it once. Returns the signal that came meanwhile, 0 for none; a run that this stopped is none.
    fn run(&mut self, signals: &Signals) -> i32 {
        let Some(plan) = self.plan.clone() else { return 0 };
        let (result, signal) = run_under(plan, signals);
        match result {
            Ok(outcome) if outcome.end.cancelled() => {}
            Ok(outcome) => self.outcomes.push(outcome),
            Err(error) => self.missing = Some(format!("could not be run: {error}")),
        }
        signal
    }

    /// Whether it is worth another run: what failed would fail again.
    fn goes_on(&self) -> bool {
        self.missing.is_none() && self.outcomes.iter().all(|outcome| outcome.end.success())
    }

    /// Whether it should have succeeded and has not.
    fn failed(&self) -> bool {
        self.plan.is_some() && (self.outcomes.is_empty() || !self.goes_on())
    }

    fn why_not(&self) -> String {
        format!("{} {} (on {})", self.program, self.missing.as_deref().unwrap_or_default(), self.runtime.label())
    }

    fn attempts(&self) -> Attempts<'_> {
        Attempts {
            program: &self.program,
            runtime: &self.runtime,
            outcomes: self.outcomes.iter().map(AsRef::as_ref).collect(),
            missing: self.missing.as_deref(),
        }
    }
}

/// Says on standard error what is being run: one line that changes on a terminal, a line a run elsewhere.
struct Progress {
    live: bool,
    runs: usize,
    repeat: u64,
}

impl Progress {
    fn say(&self, place: usize, round: u64, row: &Row) {
        let again = if self.repeat > 1 { format!(", round {round} of {}", self.repeat) } else { String::new() };
        let line = format!("{place} of {}{again}: {} on {}", self.runs, row.program, row.runtime.full_name());
        let mut err = std::io::stderr().lock();
        // Who cannot hear of the progress still gets the comparison.
        let _ = if self.live { write!(err, "\r\x1b[K{line}") } else { writeln!(err, "{line}") };
        let _ = err.flush();
    }

    fn end(&self) {
        if self.live {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
