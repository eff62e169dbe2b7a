//! A question asked before a run and answered by the measurement: `[[prediction]]`.

use super::claim::{self, RawSet};
use super::fault::{Log, hint};
use super::front::id_rule;
use super::id::{is_id, of_words};
use super::knobs;
use super::table::{At, Reader, Text};
use super::types::{Knob, Knobs, Language, Lesson, Program};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// A question asked before a run, answered by the measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// A stable id, unique in the lesson.
    pub id: String,
    /// The program whose first run it gates.
    pub program: String,
    /// What is asked, as the learner reads it.
    pub question: String,
    /// How the learner predicts.
    pub ask: PredictionAsk,
    /// Knobs that its choices were written for; the others stand at their defaults.
    pub set: Knobs,
    /// What a printed number is in, such as `ms`; `None` where it counts something.
    pub unit: Option<String>,
    /// Shown after the run, whatever was predicted.
    pub explain: String,
}

/// How the learner predicts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PredictionAsk {
    /// By choosing a range of a metric: the measured value decides which was right.
    Choice {
        /// What is measured.
        metric: Metric,
        /// The ranges: together they cover 0 and up, each value once.
        choices: Vec<PredictionChoice>,
    },
    /// By setting bars.
    Draw(Drawing),
}

/// What the learner draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drawing {
    /// A bar for each core, the busiest first: the share of the run in which the program keeps it busy, 0 to 1.
    Cores,
    /// One bar: this program's wall time, with the baseline's as 1.
    Wall,
}

/// One choice of a prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PredictionChoice {
    /// A stable id, unique in the prediction: its own in the lesson, or made of the label.
    pub id: String,
    /// What the learner reads.
    pub label: String,
    /// The smallest value of the metric that makes it right.
    pub from: f64,
    /// The first value that no longer does.
    pub to: f64,
}

/// A number that a run yields.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Metric {
    /// Baseline wall time / this program's wall time, on the same runtime and knobs.
    Speedup,
    /// On-CPU seconds / wall seconds.
    Parallelism,
    /// Share of the workload threads' time spent waiting for the GIL, 0 to 1.
    GilWait,
    /// Share of the workload threads' time spent waiting for locks and what is made of them, 0 to 1.
    LockWait,
    /// Wall seconds.
    Wall,
    /// Cores that this machine can give now, from the calibration.
    UsableCores,
    /// 1 where the run did not end by itself and had to be ended, else 0.
    Hung,
    /// The number after this label on the first line of the standard output that has the label, else the last before it.
    Printed(String),
}

/// Units of time.
const TIMES: [&str; 3] = ["s", "ms", "us"];

/// Metrics by the name that a lesson writes; `printed:LABEL` beside them.
const METRICS: [(&str, Metric); 7] = [
    ("speedup", Metric::Speedup),
    ("parallelism", Metric::Parallelism),
    ("gil_wait", Metric::GilWait),
    ("lock_wait", Metric::LockWait),
    ("wall", Metric::Wall),
    ("usable_cores", Metric::UsableCores),
    ("hung", Metric::Hung),
];

impl Metric {
    /// The metric of this name, such as `speedup` or `printed:lost`.
    #[must_use]
    pub fn named(name: &str) -> Option<Metric> {
        if let Some(label) = name.strip_prefix("printed:") {
            let label = label.trim().trim_matches(['"', '\'']);
            return (!label.is_empty()).then(|| Metric::Printed(label.to_owned()));
        }
        METRICS.iter().find(|(n, _)| *n == name).map(|(_, metric)| metric.clone())
    }
}

/// The name that a lesson writes.
impl Display for Metric {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Printed(label) => write!(f, "printed:{label}"),
            metric => METRICS.iter().find(|(_, other)| other == metric).map_or(Ok(()), |(name, _)| f.write_str(name)),
        }
    }
}

impl Prediction {
    /// Whether other programs change what is measured, as they do times and the use of cores. A deadlock and what a program
    /// counts are the same on a busy machine.
    #[must_use]
    pub fn depends_on_load(&self) -> bool {
        depends_on_load(self.metric(), self.unit.as_deref())
    }

    /// Every knob as its choices were written for.
    #[must_use]
    pub fn setting(&self, defaults: &Knobs) -> Knobs {
        let mut all = defaults.clone();
        all.extend(self.set.iter().map(|(name, value)| (name.clone(), *value)));
        all
    }

    /// Those of these knobs that stand elsewhere than its choices were written for, and make a difference: its program has
    /// them, or for a speed-up the baseline does.
    #[must_use]
    pub fn turned(&self, lesson: &Lesson, language: Language, knobs: &Knobs) -> Knobs {
        let setting = self.setting(&lesson.default_knobs());
        let baseline = lesson.baseline().filter(|_| *self.metric() == Metric::Speedup);
        let mut out = Knobs::new();
        for program in lesson.program(&self.program).into_iter().chain(baseline) {
            let Some(source) = program.source(language) else { continue };
            out.extend(knobs::used(source, language, knobs));
        }
        out.retain(|name, value| setting.get(name).is_some_and(|written| written != value));
        out
    }

    /// The choices; none where the learner draws.
    #[must_use]
    pub fn choices(&self) -> &[PredictionChoice] {
        match &self.ask {
            PredictionAsk::Choice { choices, .. } => choices,
            PredictionAsk::Draw(_) => &[],
        }
    }

    /// What is measured; for drawn wall time, the speed-up, whose inverse it is.
    #[must_use]
    pub const fn metric(&self) -> &Metric {
        match &self.ask {
            PredictionAsk::Choice { metric, .. } => metric,
            PredictionAsk::Draw(Drawing::Cores) => &Metric::Parallelism,
            PredictionAsk::Draw(Drawing::Wall) => &Metric::Speedup,
        }
    }
}

/// Whether other programs change a number in this unit.
pub(super) fn depends_on_load(metric: &Metric, unit: Option<&str>) -> bool {
    match metric {
        Metric::Hung => false,
        Metric::Printed(_) => unit.is_some_and(|unit| TIMES.contains(&unit)),
        _ => true,
    }
}

#[derive(Debug)]
pub(super) struct RawPrediction {
    pub id: Option<At<String>>,
    pub program: Option<At<String>>,
    question: String,
    metric: Option<At<String>>,
    set: RawSet,
    unit: Option<At<String>>,
    draw: Option<At<String>>,
    choices: Vec<RawRange>,
    explain: String,
    span: Range<usize>,
}

#[derive(Debug)]
struct RawRange {
    id: Option<At<String>>,
    label: String,
    from: f64,
    to: f64,
    span: Range<usize>,
}

pub(super) fn read(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawPrediction {
    let draw = t.text(log, "draw").placed();
    let raw = RawPrediction {
        id: t.needed_text(log, "id").placed(),
        program: t.needed_text(log, "program").placed(),
        question: t.needed_text(log, "question").owned(),
        metric: if draw.is_some() { t.text(log, "metric") } else { t.needed_text(log, "metric") }.placed(),
        set: t.number_table(log, "set"),
        unit: t.text(log, "unit").placed(),
        draw,
        explain: t.needed_text(log, "explain").owned(),
        span: t.span().clone(),
        choices: t.tables(log, "choice", "a `[[prediction.choice]]`").into_iter().map(|c| range(c, log)).collect(),
    };
    t.finish(log);
    raw
}

fn range(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawRange {
    let raw = RawRange {
        id: t.text(log, "id").placed(),
        label: t.needed_text(log, "label").owned(),
        from: t.number(log, "from").map_or(0.0, |n| n.value.as_f64()),
        to: t.number(log, "to").map_or(f64::INFINITY, |n| n.value.as_f64()),
        span: t.span().clone(),
    };
    t.finish(log);
    raw
}

/// Holds a prediction against the programs and the knobs of its lesson.
pub(super) fn build(
    raw: &RawPrediction,
    programs: &[Program],
    knobs: &[Knob],
    log: &mut Log<'_>,
) -> Option<Prediction> {
    let set = claim::settings(&raw.set, knobs, log);
    let ask = match &raw.draw {
        Some(draw) => drawn(raw, draw, log),
        None => chosen(raw, log),
    };
    if let Some(program) = &raw.program {
        if !programs.iter().any(|p| p.name == program.value) {
            let hint = hint(&program.value, programs.iter().map(|p| p.name.as_str()));
            log.span(&program.span, format!("there is no program `{}`{hint}", program.value));
        }
        let compared = matches!(
            ask,
            Some(PredictionAsk::Draw(Drawing::Wall) | PredictionAsk::Choice { metric: Metric::Speedup, .. })
        );
        if compared {
            match programs.iter().find(|p| p.baseline) {
                None => log.span(&raw.span, "speed-up needs a baseline: give one program `baseline = true`"),
                Some(b) if b.name == program.value => {
                    log.span(&program.span, format!("`{}` is the baseline: its speed-up is always 1", b.name));
                }
                Some(_) if programs.iter().any(|p| p.name == program.value && p.apart) => {
                    log.span(
                        &program.span,
                        format!("`{}` has `compare = false`, so it has no speed-up", program.value),
                    );
                }
                Some(_) => {}
            }
        }
    }
    let printed = matches!(ask, Some(PredictionAsk::Choice { metric: Metric::Printed(_), .. }));
    if let Some(unit) = raw.unit.as_ref().filter(|_| ask.is_some() && !printed) {
        log.span(&unit.span, "only a printed number has a `unit` of its own");
    }
    Some(Prediction {
        set,
        unit: raw.unit.as_ref().map(|unit| unit.value.clone()),
        id: raw.id.as_ref()?.value.clone(),
        program: raw.program.as_ref()?.value.clone(),
        question: raw.question.clone(),
        ask: ask?,
        explain: raw.explain.clone(),
    })
}

/// Predictions that gate the same run are written for the same knobs.
pub(super) fn of_one_run(raw: &[RawPrediction], built: &[Prediction], log: &mut Log<'_>) {
    for (place, one) in built.iter().enumerate() {
        let first = built.iter().find(|other| other.program == one.program);
        if first.is_some_and(|first| first.set != one.set)
            && let Some(raw) = raw.get(place)
        {
            log.span(
                &raw.span,
                format!("two predictions of `{}` have a different `set`: one run is both", one.program),
            );
        }
    }
}

fn chosen(raw: &RawPrediction, log: &mut Log<'_>) -> Option<PredictionAsk> {
    ranges(raw, log);
    let choices = choices(raw, log);
    Some(PredictionAsk::Choice { metric: metric(raw.metric.as_ref()?, log)?, choices })
}

/// The choices, each with its id: what the learner chose is kept by it.
fn choices(raw: &RawPrediction, log: &mut Log<'_>) -> Vec<PredictionChoice> {
    let mut choices: Vec<PredictionChoice> = Vec::new();
    for RawRange { id: own, label, from, to, span } in &raw.choices {
        let id = own.as_ref().map_or_else(|| of_words(label), |own| own.value.clone());
        let place = own.as_ref().map_or(span, |own| &own.span);
        if own.is_some() && !is_id(&id) {
            log.span(place, id_rule(&id));
        } else if id.is_empty() && !label.is_empty() {
            log.span(place, "no id can be made of this label: give the choice an `id`");
        } else if choices.iter().any(|other| other.id == id) {
            log.span(place, format!("there are two choices with the id `{id}`: give this one an `id` of its own"));
        }
        choices.push(PredictionChoice { id, label: label.clone(), from: *from, to: *to });
    }
    choices
}

fn drawn(raw: &RawPrediction, draw: &At<String>, log: &mut Log<'_>) -> Option<PredictionAsk> {
    if raw.metric.is_some() || !raw.choices.is_empty() {
        log.span(&raw.span, "a drawn prediction has neither `metric` nor choices");
    }
    match draw.value.as_str() {
        "cores" => Some(PredictionAsk::Draw(Drawing::Cores)),
        "wall" => Some(PredictionAsk::Draw(Drawing::Wall)),
        other => {
            log.span(&draw.span, format!("what is drawn is `cores` or `wall`, not `{other}`"));
            None
        }
    }
}

/// A metric's name, held against those that there are.
pub(super) fn metric(name: &At<String>, log: &mut Log<'_>) -> Option<Metric> {
    let known = Metric::named(&name.value);
    if known.is_none() {
        let hint = hint(&name.value, METRICS.iter().map(|(n, _)| *n).chain(["printed:LABEL"]));
        log.span(&name.span, format!("there is no metric `{}`{hint}", name.value));
    }
    known
}

/// The choices' ranges must cover everything from 0 up, each value once.
fn ranges(raw: &RawPrediction, log: &mut Log<'_>) {
    if raw.choices.len() < 2 {
        log.span(&raw.span, "a prediction needs at least two choices");
        return;
    }
    let mut order: Vec<&RawRange> = raw.choices.iter().collect();
    order.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut covered = 0.0;
    for range in order {
        if range.from >= range.to {
            log.span(&range.span, format!("the range from {} to {} is empty", range.from, range.to));
        } else if range.from > covered {
            log.span(&range.span, format!("no choice covers {covered} to {}", range.from));
        } else if range.from < covered {
            log.span(&range.span, format!("two choices cover {} to {}", range.from, covered.min(range.to)));
        }
        covered = range.to.max(covered);
    }
    if covered < f64::INFINITY {
        log.span(&raw.span, format!("no choice covers {covered} and more: leave `to` out of the last one"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_have_names() {
        assert_eq!(Metric::named("gil_wait"), Some(Metric::GilWait));
        assert_eq!(Metric::named("printed:lost"), Some(Metric::Printed("lost".into())));
        assert_eq!(Metric::named("printed \"lost\""), None);
        assert_eq!(Metric::named("printed:"), None);
        for name in METRICS.map(|(name, _)| name).into_iter().chain(["printed:in main"]) {
            assert_eq!(Metric::named(name).unwrap().to_string(), name);
        }
    }
}
