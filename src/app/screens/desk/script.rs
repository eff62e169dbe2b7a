//! The learner's own script, dressed as a lesson of one program and no pages, so that it gets the same desk.

use crate::app::appearance::Appearance;
use crate::app::model::{Model, Screen};
use crate::app::screens::desk::DeskKind;
use crate::lesson::{Lesson, Program};
use crate::runner::RunSpec;
use crate::runtime::cpython::started::Subject;
use std::path::Path;

/// The script as a lesson.
#[must_use]
pub fn lesson(path: &Path, source: &str) -> Lesson {
    let name = |part: Option<&std::ffi::OsStr>| part.unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let program = Program {
        name: name(path.file_name()),
        stem: name(path.file_stem()),
        python: Some(source.to_owned()),
        ..Program::default()
    };
    Lesson {
        id: path.display().to_string(),
        title: name(path.file_name()),
        programs: vec![program],
        ..Lesson::default()
    }
}

/// What is started, as a lesson. A text that is not at hand is said to be none.
#[must_use]
pub fn of(subject: &Subject) -> Lesson {
    dressed(subject, &subject.source().unwrap_or_else(|why| format!("# not shown: {why}\n")))
}

/// What was started, as a lesson, with this text.
#[must_use]
pub fn dressed(subject: &Subject, source: &str) -> Lesson {
    match subject {
        Subject::Script(path) => lesson(path, source),
        _ => lesson(Path::new(&format!("python {}", subject.name())), source),
    }
}

/// A model that shows the script and runs it as soon as this machine has been measured.
#[must_use]
pub fn model(lesson: Lesson, spec: &RunSpec, size: (u16, u16), appearance: Appearance) -> Model {
    let mut model = Model::new(vec![lesson], size, appearance);
    model.screen = Screen::Desk(0);
    model.runtimes.usable = vec![spec.runtime.clone()];
    model.run_held = true;
    for desk in &mut model.desks {
        desk.kind = DeskKind::Script(Box::new(spec.clone()));
    }
    model
}

/// The exit status of the script's last run, as a shell has it; `None` where this is not a script or it never ran.
#[must_use]
pub fn status(model: &Model) -> Option<u8> {
    let desk = model.desks.first().filter(|desk| desk.is_script())?;
    Some(desk.runs.last()?.end.shell_status())
}
