//! What has changed since a run: its picture, its tick and its sentence are of the old values, and say so.

use crate::app::keymap::{self, Id};
use crate::app::model::{Model, Runtimes};
use crate::app::screens::desk::{Desk, Run};
use crate::insight::Verdict;
use crate::lesson::KnobValue;
use std::borrow::Cow;

/// What is no longer as it was in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// What the run is of, such as `WORKERS = 2`.
    pub was: String,
    /// What it would be now, such as `WORKERS = 3`.
    pub now: String,
}

impl Stale {
    /// What has changed since this run; `None` where it is of what stands on the desk. While Pythons are looked for, it is
    /// not known who would run it now.
    #[must_use]
    pub fn of(desk: &Desk, run: &Run, runtimes: &Runtimes) -> Option<Stale> {
        let turned = |(name, was): (&String, &KnobValue)| {
            let now = desk.knobs.get(name).filter(|now| *now != was)?;
            Some((format!("{name} = {was}"), format!("{name} = {now}")))
        };
        let mut changes: Vec<(String, String)> = run.used.iter().filter_map(turned).collect();
        let runtime = runtimes.current();
        if run.spec.runtime != *runtime && (runtimes.chosen || !runtimes.looking) {
            changes.push((run.spec.runtime.label(), runtime.label()));
        }
        if run.edited {
            changes.push(("the program before it was changed".to_owned(), "what stands here".to_owned()));
        }
        let (was, now): (Vec<String>, Vec<String>) = changes.into_iter().unzip();
        (!was.is_empty()).then(|| Stale { was: was.join(", "), now: now.join(", ") })
    }

    /// What has changed since the run that the open desk shows. While a run goes on, its own picture is new.
    #[must_use]
    pub fn shown(model: &Model) -> Option<Stale> {
        if model.live().is_some() {
            return None;
        }
        Stale::of(model.desk()?, model.shown_run()?, &model.runtimes)
    }

    /// The mark beside the picture: what it is of, and the key that runs it anew.
    #[must_use]
    pub fn mark(&self, model: &Model) -> String {
        let Stale { was, now } = self;
        format!("{} of {was}; {} runs {now}", model.theme.glyphs.warn, keymap::name(Id::Run))
    }

    /// The same in three words, where the long mark stands near.
    #[must_use]
    pub fn short(&self, model: &Model) -> String {
        format!("{} of {}", model.theme.glyphs.warn, self.was)
    }
}

/// What the run on screen means, said to be of the old values where they are.
#[must_use]
pub fn told<'a>(model: &Model, run: &'a Run) -> Cow<'a, Verdict> {
    let Some(Stale { was, .. }) = Stale::shown(model) else { return Cow::Borrowed(&run.verdict) };
    let mut verdict = run.verdict.clone();
    match &mut verdict.heading {
        Some(heading) => heading.words = format!("with {was}: {}", heading.words),
        None if verdict.sentence.is_empty() => {}
        None => verdict.sentence = format!("With {was}: {}", verdict.sentence),
    }
    Cow::Owned(verdict)
}
