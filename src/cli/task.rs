//! `concur-tutor run LESSON --task ID`: the learner's copy of a program, run and judged.

use super::output::{OnSignal, Target, run_to_end};
use super::run::Run;
use super::{Failure, USAGE, remembered, runtimes};
use crate::clock;
use crate::judge::{Judgement, judge};
use crate::learner::copies;
use crate::lesson::Lesson;
use crate::lesson::types::Task;
use crate::report::{Expected, Report, TaskResult};
use crate::runner::plan::{Conditions, lesson_program};
use crate::runner::{RunSpec, machine};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

pub(super) fn run(options: &Run, lesson: &Lesson) -> anyhow::Result<ExitCode> {
    let task = find(lesson, options.task.as_deref().unwrap_or_default())?;
    let source = source(lesson, task, options.file.clone())?;
    let program = copies::program(lesson, task, &source);
    let kind = options.chosen.runtime.or(Some(super::args::RuntimeKind::Cpython));
    let runtime = runtimes::choose(kind, options.common.python.as_deref(), options.chosen.gil, &program.packages)?;
    let timeout = options.common.under.timeout.unwrap_or(Duration::from_secs_f64(task.timeout_s));
    let conditions = Conditions { probes: options.common.under.probes.choice(), ..Conditions::default() };
    let turned = super::run::turned(&options.chosen.set, lesson)?;
    let dressed = Lesson { programs: vec![program], ..lesson.clone() };
    let target = Target::open(options.common.under.out.as_deref(), options.common.format)?;
    let machine = machine::calibrate();
    let rounds = task.rounds(clock::now());
    let (mut round, count) = (1, rounds.len());
    let (outcome, signal, found) = loop {
        let mut values = rounds[round - 1].clone();
        values.extend(turned.clone());
        let spec = RunSpec::program(&dressed, &task.id, &runtime, &values, Some(timeout));
        let (outcome, signal) = run_to_end(lesson_program(&dressed, spec, conditions)?, OnSignal::Cancel)?;
        let found = judge(lesson, task, &Report::new(&outcome, machine));
        let goes_on = !outcome.end.cancelled() && found.iter().all(Judgement::held);
        if !goes_on || round == count {
            break (outcome, signal, found);
        }
        round += 1;
    };
    let mut report = Report::new(&outcome, machine);
    let passed = !outcome.end.cancelled() && found.iter().all(Judgement::held);
    let status = match signal {
        0 => u8::from(!passed),
        n => 128 + u8::try_from(n).unwrap_or(0),
    };
    // A file from elsewhere, such as the lesson's solution, is not what the learner has made in the course.
    if options.file.is_none() && !outcome.end.cancelled() && found.iter().any(Judgement::judged) {
        remembered::change(|progress| progress.judged(&lesson.id, &task.id, passed));
    }
    let expected =
        |j: &Judgement| Expected { says: j.says.clone(), held: j.held(), reason: j.reason().map(str::to_owned) };
    let expects = found.iter().map(expected).collect();
    report.task = Some(TaskResult { id: task.id.clone(), passed, round, rounds: count, expects });
    target.deliver(&report, options.common.format, status)?;
    Ok(ExitCode::from(status))
}

fn find<'a>(lesson: &'a Lesson, id: &str) -> anyhow::Result<&'a Task> {
    lesson.tasks.iter().find(|task| task.id == id).ok_or_else(|| {
        let ids: Vec<&str> = lesson.tasks.iter().map(|task| task.id.as_str()).collect();
        let hint = match (crate::lesson::fault::closest(id, ids.iter().copied()), &ids[..]) {
            (Some(close), _) => format!("did you mean `{close}`?"),
            (None, []) => "it has none".to_owned(),
            (None, _) => format!("it has {}", ids.join(", ")),
        };
        Failure::new(USAGE, format!("{} has no task `{id}`; {hint}", lesson.id)).into()
    })
}

/// The changed program: the file that was named, or the copy that the app keeps, made where there is none.
fn source(lesson: &Lesson, task: &Task, file: Option<PathBuf>) -> anyhow::Result<String> {
    let (path, text) = if let Some(path) = file {
        let text = copies::read(&path);
        (path, text)
    } else {
        let homeless = || Failure::new(USAGE, "there is no home directory; --file PATH names the changed program");
        let path = copies::path(&copies::folder().ok_or_else(homeless)?, lesson, task);
        let text = copies::open(&path, copies::original(lesson, task));
        (path, text)
    };
    text.map_err(|error| Failure::new(USAGE, format!("{}: {error}", path.display())).into())
}
