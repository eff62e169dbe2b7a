//! What happened in large: the number that the program is about, in words.

use super::words::{grouped, percent};
use super::{Pace, Summary, printed};
use crate::lesson::{Better, Headline, Metric};
use serde::{Deserialize, Serialize};

/// The number that a run's program is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// What it is, such as `lost`.
    pub name: String,
    /// The number; `None` where this run does not have it.
    pub value: Option<f64>,
    /// What it is in, such as `s`; a share and a factor have none.
    pub unit: Option<String>,
    /// Which way it is better.
    pub better: Better,
    /// What it says, as a part of a sentence: `12 of 2,000 updates were lost`.
    pub words: String,
}

impl Heading {
    /// What a run says of its headline; `baseline` is the program that its speed-up is measured against.
    #[must_use]
    pub fn of(headline: &Headline, summary: &Summary, baseline: Option<&str>) -> Heading {
        let value = summary.metric(&headline.metric, None);
        let unit = match headline.metric {
            Metric::Wall => Some("s"),
            Metric::Parallelism => Some("cores"),
            _ => headline.unit.as_deref(),
        };
        let took = || format!("took {:.2} s", summary.wall_s);
        let words = match (&headline.metric, value) {
            (Metric::Speedup, Some(speedup)) => compared(summary, speedup, baseline),
            (Metric::Parallelism, Some(cores)) if cores < 0.005 => {
                "kept less than 0.01 cores busy on average".to_owned()
            }
            (Metric::Parallelism, Some(cores)) => format!("kept {cores:.2} cores busy on average"),
            (Metric::GilWait, Some(share)) => {
                format!("waited for the GIL {} of the time in which its threads wanted to run", percent(share))
            }
            (Metric::LockWait, Some(share)) => format!("its threads waited for locks {} of their time", percent(share)),
            (Metric::Hung, _) | (_, None) if summary.hung => {
                format!("did not finish: it was ended after {:.2} s", summary.wall_s)
            }
            (Metric::Hung, _) => format!("finished in {:.2} s", summary.wall_s),
            (Metric::Printed(_), Some(value)) => said(headline, value, &summary.stdout).unwrap_or_else(took),
            _ => took(),
        };
        Heading { name: headline.name.clone(), value, unit: unit.map(str::to_owned), better: headline.better, words }
    }
}

/// The speed-up in words, with both times.
fn compared(summary: &Summary, speedup: f64, baseline: Option<&str>) -> String {
    let took = format!("{:.2} s", summary.wall_s);
    match (baseline, Pace::of(speedup)) {
        (Some(baseline), Some(pace)) => {
            format!("{}: {took} against {:.2} s", pace.beside(baseline), speedup * summary.wall_s)
        }
        _ => format!("took {took}: the others are measured against it"),
    }
}

/// What a printed number says. `None` where a number that it names was not printed.
fn said(headline: &Headline, value: f64, stdout: &str) -> Option<String> {
    let says = headline.says.as_deref()?;
    let mut parts = Headline::parts(says).peekable();
    let mut out = String::new();
    while let Some((text, label)) = parts.next() {
        out.push_str(text);
        let following = parts.peek().map_or("", |(text, _)| text);
        match label {
            None => {}
            Some("") => out.push_str(&number(value, out.is_empty(), following)),
            Some(label) => out.push_str(&grouped(printed(stdout, label)?)),
        }
    }
    Some(out)
}

/// The number; nothing is none of something, and at the start of a sentence no something.
fn number(value: f64, first: bool, following: &str) -> String {
    match value {
        v if v.abs() > 0.0 => grouped(v),
        _ if following.starts_with(" of ") => "none".to_owned(),
        _ if first => "no".to_owned(),
        _ => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(says: &str) -> Headline {
        let metric = Metric::Printed("lost".into());
        Headline { says: Some(says.into()), better: Better::Less, ..Headline::measured(metric) }
    }

    fn words(headline: &Headline, summary: &Summary, baseline: Option<&str>) -> String {
        Heading::of(headline, summary, baseline).words
    }

    #[test]
    fn what_was_printed_is_said_in_the_lessons_words() {
        let printed = |stdout: &str| Summary { stdout: stdout.into(), wall_s: 1.5, ..Summary::default() };
        let races = lost("{} of {expected} updates were lost");
        let said = |out| words(&races, &printed(out), None);
        assert_eq!(said("expected 2,000,000, got 1, lost 1,097,972"), "1,097,972 of 2,000,000 updates were lost");
        assert_eq!(said("expected 2,000, got 2,000, lost 0"), "none of 2,000 updates were lost");
        assert_eq!(said("nothing"), "took 1.50 s", "a number that is missing is not made up");
        assert_eq!(said("lost 3"), "took 1.50 s", "nor another one");
        assert_eq!(words(&lost("{} letters were lost"), &printed("lost 0"), None), "no letters were lost");
        assert_eq!(words(&lost("the last came {} ms late"), &printed("lost 0"), None), "the last came 0 ms late");
        let heading = Heading::of(&races, &printed("expected 9, lost 3"), None);
        assert_eq!((heading.name.as_str(), heading.value), ("lost", Some(3.0)));
    }

    #[test]
    fn what_is_measured_has_words_of_its_own() {
        let run =
            Summary { wall_s: 0.5, parallelism: 1.97, speedup: Some(0.02), gil_wait: Some(0.49), ..Summary::default() };
        let of = |metric, baseline| words(&Headline::measured(metric), &run, baseline);
        assert_eq!(of(Metric::Speedup, Some("sequential")), "50 times slower than sequential: 0.50 s against 0.01 s");
        assert_eq!(of(Metric::Speedup, None), "took 0.50 s: the others are measured against it");
        assert_eq!(of(Metric::Parallelism, None), "kept 1.97 cores busy on average");
        assert_eq!(of(Metric::GilWait, None), "waited for the GIL 49 % of the time in which its threads wanted to run");
        assert_eq!(of(Metric::Hung, None), "finished in 0.50 s");
        let alone = Summary { speedup: None, ..run };
        assert_eq!(words(&Headline::measured(Metric::Speedup), &alone, None), "took 0.50 s");
    }
}
