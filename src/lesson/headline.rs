//! What a program is about, as one number of its run: `headline`, for the whole lesson or for one program.

use super::fault::{Log, hint};
use super::prediction::{self, Metric};
use super::table::{At, OneOf, Reader, Text};
use super::types::Program;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The number that a program is about. The table of results has it as its first column, and the sentence begins with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// What is measured.
    pub metric: Metric,
    /// Its name at the head of the column and in the report, such as `lost`.
    pub name: String,
    /// What a printed number is in or counts, such as `ms` or `updates`.
    pub unit: Option<String>,
    /// Which way is the better one.
    pub better: Better,
    /// What a printed number says, such as `{} of {expected} updates were lost`: `{}` is the number, `{LABEL}` the one beside
    /// another label. `None` for what is measured, which has words of its own.
    pub says: Option<String>,
    /// Why, where the number is more than nothing.
    pub some: Option<String>,
    /// Why, where it is nothing.
    pub none: Option<String>,
}

/// Which way a number is better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Better {
    /// The more, the better.
    More,
    /// The less, the better.
    Less,
    /// Neither is: it only shows something.
    #[default]
    Neither,
}

/// What is measured of every run and can be a headline, by the names that a lesson writes.
const MEASURED: [Metric; 6] =
    [Metric::Speedup, Metric::Parallelism, Metric::GilWait, Metric::LockWait, Metric::Wall, Metric::Hung];

impl Default for Headline {
    /// How long it took: every run has that.
    fn default() -> Self {
        Headline::measured(Metric::Wall)
    }
}

impl Headline {
    /// The headline of what every run yields.
    #[must_use]
    pub fn measured(metric: Metric) -> Headline {
        let (name, better) = match &metric {
            Metric::Speedup => ("speed-up", Better::More),
            Metric::Parallelism => ("parallel", Better::Neither),
            Metric::GilWait => ("GIL wait", Better::Less),
            Metric::LockWait => ("lock wait", Better::Less),
            Metric::Wall => ("wall", Better::Less),
            Metric::UsableCores => ("usable cores", Better::More),
            Metric::Hung => ("ended", Better::Less),
            Metric::Printed(label) => (label.as_str(), Better::Neither),
        };
        let name = name.to_owned();
        Headline { name, metric, better, unit: None, says: None, some: None, none: None }
    }

    /// Whether other programs change the number, as they do times and the use of cores. A deadlock and what a program counts
    /// are the same on a busy machine.
    #[must_use]
    pub fn depends_on_load(&self) -> bool {
        prediction::depends_on_load(&self.metric, self.unit.as_deref())
    }

    /// Whether it is something that the program counts: no time, no share of one.
    #[must_use]
    pub fn counts(&self) -> bool {
        matches!(self.metric, Metric::Printed(_)) && !self.depends_on_load()
    }

    /// The parts of what a printed number says: the text before each number, and the label that the number stands beside
    /// (empty for its own). The last part has no number.
    pub fn parts(says: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
        says.split('}').map(|part| part.split_once('{').map_or((part, None), |(text, label)| (text, Some(label))))
    }
}

/// What stands in the front matter.
#[derive(Debug)]
pub(super) enum RawHeadline {
    /// The name of something that is measured of every run.
    Measured(At<String>),
    /// One that says more: of a number that the program prints, or why a measured one is as it is.
    Told(Box<RawTold>),
}

/// `{ printed = "lost", better = "less", ... }`, or `{ measured = "hung", ... }`; for a program, only what differs from the
/// lesson's.
#[derive(Debug)]
pub(super) struct RawTold {
    span: Range<usize>,
    measured: Option<At<String>>,
    printed: Option<At<String>>,
    name: Option<At<String>>,
    unit: Option<At<String>>,
    better: Option<At<String>>,
    says: Option<At<String>>,
    some: Option<At<String>>,
    none: Option<At<String>>,
}

pub(super) fn read(t: &mut Reader<'_, '_>, log: &mut Log<'_>) -> Option<RawHeadline> {
    match t.text_or_table(log, "headline", "a `headline`")? {
        OneOf::Text(text) => Some(RawHeadline::Measured(At { value: text.value.to_owned(), span: text.span })),
        OneOf::Table(mut t) => {
            let raw = RawTold {
                span: t.span().clone(),
                measured: t.text(log, "measured").placed(),
                printed: t.text(log, "printed").placed(),
                name: t.text(log, "name").placed(),
                unit: t.text(log, "unit").placed(),
                better: t.text(log, "better").placed(),
                says: t.text(log, "says").placed(),
                some: t.text(log, "some").placed(),
                none: t.text(log, "none").placed(),
            };
            t.finish(log);
            Some(RawHeadline::Told(Box::new(raw)))
        }
    }
}

/// The headline of every program: its own, else the lesson's where it can have that, else the speed-up where it has one, else
/// the time.
pub(super) fn settle(
    of_lesson: Option<&RawHeadline>,
    own: &[(String, Option<&RawHeadline>)],
    programs: &mut [Program],
    log: &mut Log<'_>,
) {
    let has_baseline = programs.iter().any(|program| program.baseline);
    let shared = of_lesson.and_then(|raw| build(raw, None, has_baseline, log));
    for program in programs {
        let compared = has_baseline && !program.apart;
        let shared = shared.as_ref().filter(|headline| compared || headline.metric != Metric::Speedup);
        let raw = own.iter().find(|(name, _)| *name == program.name).and_then(|(_, raw)| *raw);
        let own = raw.and_then(|raw| build(raw, shared, compared, log));
        let usual = || Headline::measured(if compared { Metric::Speedup } else { Metric::Wall });
        program.headline = own.or_else(|| shared.cloned()).unwrap_or_else(usual);
    }
}

fn build(raw: &RawHeadline, shared: Option<&Headline>, compared: bool, log: &mut Log<'_>) -> Option<Headline> {
    let told = match raw {
        RawHeadline::Measured(name) => return measured(name, compared, log),
        RawHeadline::Told(told) => told,
    };
    let headline = match (&told.measured, &told.printed) {
        (Some(name), None) => measured(name, compared, log)?,
        (None, Some(label)) => printed(label, told, log)?,
        (None, None) => shared.cloned().or_else(|| {
            log.span(&told.span, "a headline is `printed = \"LABEL\"` or `measured = \"speedup\"`");
            None
        })?,
        (Some(_), Some(label)) => {
            log.span(&label.span, "a headline is either `measured` or `printed`");
            return None;
        }
    };
    adjusted(headline, told, log)
}

/// The headline with what the table says of it.
fn adjusted(headline: Headline, told: &RawTold, log: &mut Log<'_>) -> Option<Headline> {
    let worded = [&told.unit, &told.better, &told.says].into_iter().flatten();
    for key in worded.filter(|_| !matches!(headline.metric, Metric::Printed(_))) {
        log.span(&key.span, "what is measured has a unit and words of its own: only a printed number has these");
    }
    if let Some(says) = &told.says {
        template(says, log);
    }
    let owned = |text: &Option<At<String>>| text.as_ref().map(|text| text.value.trim().to_owned());
    Some(Headline {
        better: told.better.as_ref().map_or(Some(headline.better), |way| better(way, log))?,
        name: owned(&told.name).unwrap_or(headline.name),
        unit: owned(&told.unit).or(headline.unit),
        says: owned(&told.says).or(headline.says),
        some: owned(&told.some).or(headline.some),
        none: owned(&told.none).or(headline.none),
        metric: headline.metric,
    })
}

fn better(way: &At<String>, log: &mut Log<'_>) -> Option<Better> {
    let ways = [("more", Better::More), ("less", Better::Less), ("neither", Better::Neither)];
    let known = ways.iter().find(|(word, _)| *word == way.value).map(|(_, way)| *way);
    if known.is_none() {
        let hint = hint(&way.value, ways.iter().map(|(word, _)| *word));
        log.span(&way.span, format!("`better` says which way is better, not `{}`{hint}", way.value));
    }
    known
}

fn measured(name: &At<String>, compared: bool, log: &mut Log<'_>) -> Option<Headline> {
    if let Some(label) = name.value.strip_prefix("printed:") {
        log.span(&name.span, format!("a printed number is a table `[headline]` with `printed = \"{label}\"`"));
        return None;
    }
    let names: Vec<String> = MEASURED.iter().map(ToString::to_string).collect();
    let Some(metric) = MEASURED.into_iter().find(|metric| metric.to_string() == name.value) else {
        let hint = hint(&name.value, names.iter().map(String::as_str));
        log.span(&name.span, format!("there is no headline `{}`{hint}", name.value));
        return None;
    };
    if metric == Metric::Speedup && !compared {
        log.span(&name.span, "speed-up needs a baseline, and a program that is compared with it");
        return None;
    }
    Some(Headline::measured(metric))
}

fn printed(label: &At<String>, told: &RawTold, log: &mut Log<'_>) -> Option<Headline> {
    let name = At { value: format!("printed:{}", label.value), span: label.span.clone() };
    let metric = prediction::metric(&name, log)?;
    for (key, value) in [("better", &told.better), ("says", &told.says)] {
        if value.is_none() {
            log.span(&told.span, format!("a printed `headline` has no `{key}`"));
        }
    }
    Some(Headline::measured(metric))
}

/// `says` has the number once, and each brace its other.
fn template(says: &At<String>, log: &mut Log<'_>) {
    let (mut open, mut paired) = (false, true);
    for brace in says.value.chars().filter(|c| matches!(c, '{' | '}')) {
        paired &= open == (brace == '}');
        open = brace == '{';
    }
    if open || !paired {
        log.span(&says.span, "in `says`, each `{` needs its `}`");
    } else if says.value.matches("{}").count() != 1 {
        log.span(&says.span, "`says` has the number once, as `{}`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_falls_into_parts() {
        let parts: Vec<_> = Headline::parts("{} of {expected} were lost").collect();
        assert_eq!(parts, [("", Some("")), (" of ", Some("expected")), (" were lost", None)]);
    }

    const PROGRAMS: &str = "[[program]]\nname = \"one\"\nbaseline = true\n[[program]]\nname = \"two\"\n";

    /// The headlines of a lesson's two programs, or its faults that concern them.
    fn read(of_lesson: &str, of_two: &str) -> (Vec<Headline>, Vec<String>) {
        let front = format!("title = \"A\"\nsummary = \"B\"\n{of_lesson}\n{PROGRAMS}{of_two}\n");
        let text = format!("+++\n{front}+++\n# A page\nWords.\n");
        let files = [("lesson.md", text.as_str()), ("one.py", "N = 1\n"), ("two.py", "N = 1\n")];
        let folder = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into();
        let (lesson, faults) = super::super::build::lesson("01-any", "", &folder);
        let programs = lesson.into_iter().flat_map(|lesson| lesson.programs).map(|program| program.headline);
        (programs.collect(), faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_program_has_its_own_headline_or_the_lessons_or_the_usual_one() {
        let metrics = |of_lesson, of_two| {
            let (headlines, faults) = read(of_lesson, of_two);
            assert!(faults.is_empty(), "{faults:?}");
            headlines.into_iter().map(|headline| headline.metric.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(metrics("", ""), ["speedup", "speedup"]);
        assert_eq!(metrics("", "compare = false"), ["speedup", "wall"], "it has no speed-up");
        assert_eq!(metrics("headline = \"speedup\"", "compare = false"), ["speedup", "wall"]);
        assert_eq!(metrics("headline = \"hung\"", "headline = \"wall\""), ["hung", "wall"]);
        let lost = "[headline]\nprinted = \"lost\"\nbetter = \"less\"\nsays = \"{} were lost\"";
        assert_eq!(metrics(lost, ""), ["printed:lost", "printed:lost"]);
        let (headlines, _) = read(lost, "[program.headline]\nsome = \"Why.\"");
        let says = headlines.iter().map(|headline| (headline.says.as_deref(), headline.some.as_deref()));
        let expected = [(Some("{} were lost"), None), (Some("{} were lost"), Some("Why."))];
        assert_eq!(says.collect::<Vec<_>>(), expected, "a program says only what differs");
        assert_eq!((headlines[1].better, headlines[1].name.as_str()), (Better::Less, "lost"));
    }

    #[test]
    fn a_fault_has_its_place_and_a_hint() {
        let first = |of_lesson: &str, of_two| read(of_lesson, of_two).1.join("\n");
        let table = |keys: &str| format!("[headline]\n{keys}");
        assert_eq!(
            first("headline = \"spedup\"", ""),
            "lesson.md:4:12: there is no headline `spedup`; did you mean `speedup`?"
        );
        assert!(first("headline = 3", "").contains("4:12: `headline` must be a text or a table, not the number 3"));
        assert!(first("headline = \"printed:lost\"", "").contains("a table `[headline]` with `printed = \"lost\"`"));
        assert!(first("", "compare = false\nheadline = \"speedup\"").contains("speed-up needs a baseline"));
        let keys = "printed = \"lost\"\nbetter = \"fewer\"\nsays = \"{} lost\"";
        assert!(first(&table(keys), "").contains("6:10: `better` says which way is better, not `fewer`"));
        let keys = "printed = \"lost\"\nbetter = \"less\"\nsays = \"all were lost\"";
        assert!(first(&table(keys), "").contains("7:8: `says` has the number once, as `{}`"));
        assert!(first(&table("printed = \"lost\"\nbetter = \"less\"\nsays = \"{\""), "").contains("each `{` needs"));
        assert!(first(&table("printed = \"lost\""), "").contains("a printed `headline` has no `better`"));
        assert!(first(&table("unti = \"ms\""), "").contains("knows no `unti`; did you mean `unit`?"));
        assert!(first(&table("some = \"Why.\""), "").contains("a headline is `printed = \"LABEL\"` or `measured"));
        assert!(first(&table("measured = \"wall\"\nunit = \"ms\""), "").contains("a unit and words of its own"));
    }
}
