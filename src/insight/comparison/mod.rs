//! The runs of a lesson side by side: one axis, one pinned baseline for each runtime, and what differs in words.
//!
//! [`Comparison::of`] gets what came of each program, every time that it was run. Of several runs of one program the
//! middle one by its wall time stands for all ([`repeats`]); a difference becomes a verdict only where repeats show that
//! it is not noise. What is said of each is in [`wording`].

mod lacked;
mod repeats;
#[cfg(test)]
mod tests;
mod wording;

pub use repeats::{Repeats, Standing};

use super::{Caveat, Heading, Pace, Shape, Summary};
use crate::lesson::{Lesson, Metric};
use crate::runner::{Machine, Outcome, how_it_ended};
use crate::runtime::Runtime;

/// What came of one program on one runtime.
#[derive(Debug, Clone)]
pub struct Attempts<'a> {
    /// The program's name.
    pub program: &'a str,
    /// Who was to run it.
    pub runtime: &'a Runtime,
    /// Every time that it was run, in order; none where it was not.
    pub outcomes: Vec<&'a Outcome>,
    /// Why it was not run (again), in words for the learner.
    pub missing: Option<&'a str>,
}

/// The runs of a lesson on one axis.
#[derive(Debug, Clone, Default)]
pub struct Comparison<'a> {
    /// The lesson's id.
    pub lesson: &'a str,
    /// The program that the others of its runtime are measured against, where the lesson has one.
    pub baseline: Option<&'a str>,
    /// The length of the axis in seconds: the longest wall time of those that succeeded; where none did, of all.
    pub axis_s: f64,
    /// One a program and runtime: the runs of a runtime stand together, in the lesson's order.
    pub runs: Vec<Compared<'a>>,
    /// What differs, one sentence a runtime.
    pub sentences: Vec<String>,
    /// What the repeats show of it, where there were enough of them; one sentence a runtime.
    pub verdicts: Vec<String>,
    /// The one thing to keep in mind, where something weakens what is said.
    pub caveat: Option<String>,
}

/// One program on one runtime, beside the baseline on that runtime.
#[derive(Debug, Clone)]
pub struct Compared<'a> {
    /// The program's name.
    pub program: &'a str,
    /// Who ran it.
    pub runtime: &'a Runtime,
    /// The run that is drawn: the middle one of those that succeeded, else of all; `None` where there is none.
    pub outcome: Option<&'a Outcome>,
    /// The numbers of that run; its speed-up is against the baseline's.
    pub summary: Summary,
    /// The wall times of those that succeeded.
    pub repeats: Repeats,
    /// Seconds that it saved beside the baseline; negative where it took longer. `None` where they cannot be compared,
    /// and for the baseline itself.
    pub saved_s: Option<f64>,
    /// What the repeats show of that difference; `None` where there are too few of them.
    pub standing: Option<Standing>,
    /// How long it and the baseline were kept from a core by other programs, in seconds: a smaller difference may be theirs.
    pub blurred_s: f64,
    /// The number that its program is about, where that is another one than its time.
    pub heading: Option<Heading>,
    /// What it did at once and why, in a few words for a label, such as `a GIL each, nearly always two at once`.
    pub because: String,
    /// Why it has no time to compare: how it ended, or why it was not run, as the end of a sentence that begins with its
    /// name.
    pub trouble: Option<String>,
    /// What it did beside the baseline, in a sentence.
    pub sentence: String,
    /// What the repeats show of that, in a sentence.
    pub verdict: Option<String>,
}

impl<'a> Comparison<'a> {
    /// Compares the runs of a lesson. The runtimes keep the order in which they come first.
    #[must_use]
    pub fn of(lesson: &'a Lesson, attempts: Vec<Attempts<'a>>, machine: Machine) -> Comparison<'a> {
        let baseline = lesson.baseline().map(|program| program.name.as_str());
        let runtimes = runtimes(&attempts);
        let (mut runs, mut shapes) = (Vec::new(), Vec::new());
        let mut attempts = attempts;
        attempts.sort_by_key(|one| (place(&runtimes, one.runtime), of_lesson(lesson, one.program)));
        for one in attempts {
            let compared = Compared::alone(one);
            shapes.push(compared.outcome.map(|outcome| Shape::of(&outcome.trace)).unwrap_or_default());
            runs.push(compared);
        }
        for runtime in runtimes {
            beside_baseline(lesson, runtime, &mut runs);
        }
        for (run, shape) in runs.iter_mut().zip(&shapes) {
            run.because = wording::because(run, shape);
            run.heading = heading(lesson, run);
        }
        let mut out = Comparison { lesson: &lesson.id, baseline, axis_s: axis(&runs), runs, ..Comparison::default() };
        out.say();
        let caveat = caveat(&out.runs, &shapes, machine);
        let narrow = machine.usable_cores > 0.0 && machine.usable_cores < PARALLEL;
        out.caveat = caveat.map(|caveat| wording::caveat(&caveat, narrow, !out.verdicts.is_empty()));
        out
    }

    /// The runs of each runtime, together.
    pub fn groups(&self) -> impl Iterator<Item = &[Compared<'a>]> {
        self.runs.chunk_by(|a, b| a.runtime == b.runtime)
    }

    /// Whether the runs are of more than one runtime, so that a name alone does not say which run is meant.
    #[must_use]
    pub fn several_runtimes(&self) -> bool {
        self.groups().nth(1).is_some()
    }

    /// Puts into words what differs.
    fn say(&mut self) {
        let (several, baseline) = (self.several_runtimes(), self.baseline);
        for run in &mut self.runs {
            run.sentence = wording::sentence(run, baseline);
            run.verdict = wording::verdict(run, baseline);
        }
        let label = |group: &[Compared<'_>]| several.then(|| group[0].runtime.full_name());
        self.sentences = self.groups().map(|group| wording::together(group, label(group))).collect();
        self.verdicts = self.groups().filter_map(|group| wording::shown(group, baseline, label(group))).collect();
    }
}

impl<'a> Compared<'a> {
    /// What the runs of one program show by themselves.
    fn alone(attempts: Attempts<'a>) -> Compared<'a> {
        let Attempts { program, runtime, outcomes, missing } = attempts;
        let good: Vec<&Outcome> = outcomes.iter().copied().filter(|outcome| outcome.end.success()).collect();
        let outcome = repeats::middle(if good.is_empty() { &outcomes } else { &good });
        let ended = outcome.and_then(how_it_ended).map(|words| wording::in_short(&words));
        let trouble = ended.or_else(|| outcome.is_none().then(|| missing.unwrap_or("was not run").to_owned()));
        Compared {
            program,
            runtime,
            outcome,
            summary: outcome.map(Summary::of_outcome).unwrap_or_default(),
            repeats: Repeats::of(&good, outcomes.len()),
            saved_s: None,
            standing: None,
            blurred_s: outcome.map(|outcome| lacked::seconds_of(&outcome.trace)).unwrap_or_default(),
            heading: None,
            because: String::new(),
            trouble,
            sentence: String::new(),
            verdict: None,
        }
    }

    /// Whether it has a time that can be compared.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.trouble.is_none()
    }

    /// A few words for its row: what it did and why, how it ended, or why it was not run.
    #[must_use]
    pub fn note(&self) -> String {
        match (&self.trouble, self.outcome) {
            (None, _) => self.because.clone(),
            (Some(_), Some(outcome)) => outcome.end.short(),
            (Some(trouble), None) => trouble.clone(),
        }
    }

    /// Whether it and the baseline are so short that the difference is noise.
    fn too_short(&self) -> bool {
        self.summary.wall_s.max(self.summary.wall_s + self.saved_s.unwrap_or_default()) < SHORT
    }

    /// Whether its difference from the baseline may be noise: repeats do not tell the two apart, or there are too few of
    /// them, and other programs kept the two from a core for as long.
    #[must_use]
    pub fn unclear(&self) -> bool {
        match self.standing {
            Some(standing) => standing == Standing::Undecided,
            None => self.saved_s.is_some_and(|saved| saved.abs() <= self.blurred_s),
        }
    }

    /// Its pace beside the baseline, where both have one.
    #[must_use]
    pub fn pace(&self) -> Option<Pace> {
        self.summary.speedup.and_then(Pace::of)
    }
}

/// The runtimes in the order in which they come first.
fn runtimes<'a>(attempts: &[Attempts<'a>]) -> Vec<&'a Runtime> {
    let mut out: Vec<&Runtime> = Vec::new();
    for one in attempts {
        if !out.contains(&one.runtime) {
            out.push(one.runtime);
        }
    }
    out
}

fn place(runtimes: &[&Runtime], runtime: &Runtime) -> usize {
    runtimes.iter().position(|own| *own == runtime).unwrap_or(usize::MAX)
}

/// The place of a program in its lesson.
fn of_lesson(lesson: &Lesson, program: &str) -> usize {
    lesson.programs.iter().position(|own| own.name == program).unwrap_or(usize::MAX)
}

/// What a run says of the number that its program is about; its time and its speed-up are said anyway.
fn heading(lesson: &Lesson, run: &Compared<'_>) -> Option<Heading> {
    let headline = &lesson.program(run.program).filter(|_| run.counts())?.headline;
    let said = matches!(headline.metric, Metric::Wall | Metric::Speedup | Metric::Hung);
    (!said).then(|| Heading::of(headline, &run.summary, None)).filter(|heading| heading.value.is_some())
}

/// Holds the runs of a runtime against its run of the baseline; those that do another work are left out.
fn beside_baseline(lesson: &Lesson, runtime: &Runtime, runs: &mut [Compared<'_>]) {
    let Some(baseline) = lesson.baseline().map(|program| program.name.as_str()) else { return };
    let own = |run: &&Compared<'_>| run.runtime == runtime && run.program == baseline && run.counts();
    let Some(base) = runs.iter().find(own).cloned() else { return };
    let comparable = |program: &str| lesson.program(program).is_some_and(|program| !program.apart);
    for run in runs.iter_mut().filter(|run| run.runtime == runtime && run.counts() && comparable(run.program)) {
        run.summary = std::mem::take(&mut run.summary).against(&base.summary);
        if run.program != baseline {
            run.saved_s = Some(base.summary.wall_s - run.summary.wall_s);
            run.standing = Standing::of(&base.repeats, &run.repeats);
            run.blurred_s += base.blurred_s;
        }
    }
}

/// The longest wall time of those that succeeded; where none did, of all.
fn axis(runs: &[Compared<'_>]) -> f64 {
    let longest = |counted: bool| {
        let walls = runs.iter().filter(|run| !counted || run.counts()).map(|run| run.summary.wall_s);
        walls.fold(0.0, f64::max)
    };
    let counted = longest(true);
    if counted > 0.0 { counted } else { longest(false) }
}

/// Runs shorter than this many seconds are mostly start-up and noise.
const SHORT: f64 = 0.02;
/// From this many cores busy on average on, a run shows that they work at the same time.
const PARALLEL: f64 = 1.25;

/// The one thing to keep in mind: that a second core was missing where several threads or processes computed, else that
/// other programs took cores from a run that computed.
fn caveat(runs: &[Compared<'_>], shapes: &[Shape], machine: Machine) -> Option<Caveat> {
    let drawn = || runs.iter().zip(shapes).filter(|(run, _)| run.counts());
    let wanted = |(_, shape): &(&Compared<'_>, &Shape)| shape.computing_threads > 1;
    let caveats = |run: &Compared<'_>| {
        run.outcome.map(|outcome| Caveat::of(&outcome.trace, &run.summary, machine, true)).unwrap_or_default()
    };
    // Where one run had more than one core, the machine can show it.
    if drawn().any(|(run, _)| run.summary.parallelism >= PARALLEL) {
        return None;
    }
    let of = |(run, _): (&Compared<'_>, &Shape)| caveats(run);
    let all: Vec<Caveat> = drawn().filter(wanted).flat_map(of).collect();
    let first = |is: fn(&Caveat) -> bool| all.iter().find(|caveat| is(caveat)).cloned();
    first(|caveat| matches!(caveat, Caveat::OneUsableCore { .. }))
        .or_else(|| first(|caveat| matches!(caveat, Caveat::BusyMachine { .. })))
}
