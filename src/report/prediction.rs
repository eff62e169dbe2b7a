//! What the run that is reported says of a prediction of its program.

use super::Report;
use crate::insight::Caveat;
use crate::insight::predicted::{Measured, measured, right_choice};
use crate::lesson::types::Knobs;
use crate::lesson::{Drawing, Lesson, Metric, Prediction, PredictionAsk, PredictionChoice, knobs};
use serde::Serialize;

/// A prediction, and what the run says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Predicted {
    /// Unique in its lesson, and stable.
    pub id: String,
    /// What was asked, as the learner reads it.
    pub question: String,
    /// What is drawn, where nothing is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draw: Option<Drawing>,
    /// What can be chosen, in the lesson's order.
    pub choices: Vec<Choosable>,
    /// The knobs that the choices were written for, where they are not the defaults.
    #[serde(skip_serializing_if = "Knobs::is_empty")]
    pub set: Knobs,
    /// What is measured, by the name that a lesson has for it.
    pub metric: String,
    /// What a printed number is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What this run measured.
    pub measured: Option<f64>,
    /// The choice that this makes right, by its id.
    pub right: Option<String>,
    /// Why the run cannot tell.
    pub reason: Option<String>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choosable {
    /// Unique in its prediction, and stable.
    pub id: String,
    /// What the learner reads.
    pub text: String,
}

impl Predicted {
    /// Holds a prediction of the program against the run of the report.
    #[must_use]
    pub fn of(prediction: &Prediction, lesson: &Lesson, report: &Report<'_>) -> Predicted {
        let (end, machine) = (report.outcome.end, report.machine);
        let usable = (machine.usable_cores > 0.0).then_some(machine.usable_cores);
        let measured = measured(prediction, (&report.summary, &report.verdict, end), usable);
        let choices = prediction.choices();
        let spec = &report.outcome.spec;
        let turned = prediction.turned(lesson, spec.runtime.language(), &spec.knobs);
        let counts = measured.filter(|measured| !measured.disturbed && turned.is_empty());
        let right = counts.and_then(|measured| right_choice(choices, measured.value));
        let reason = match (measured, right) {
            _ if !turned.is_empty() => {
                let mut written = prediction.setting(&lesson.default_knobs());
                written.retain(|name, _| turned.contains_key(name));
                Some(format!("its choices were written for {}", knobs::said(&written)))
            }
            (Some(_), Some(_)) => None,
            (Some(_), None) if choices.is_empty() => None,
            (Some(Measured { disturbed: true, .. }), None) => report.verdict.disturbance().map(Caveat::to_string),
            (Some(_), None) => Some("no choice holds what was measured".to_owned()),
            (None, _) if !end.success() => Some("the program did not succeed".to_owned()),
            (None, _) if *prediction.metric() == Metric::Speedup => {
                Some("a speed-up takes a run of the baseline beside this one".to_owned())
            }
            (None, _) => Some("it was not measured".to_owned()),
        };
        Predicted {
            id: prediction.id.clone(),
            question: prediction.question.clone(),
            draw: match prediction.ask {
                PredictionAsk::Choice { .. } => None,
                PredictionAsk::Draw(drawing) => Some(drawing),
            },
            choices: choices.iter().map(Choosable::from).collect(),
            set: prediction.set.clone(),
            metric: prediction.metric().to_string(),
            unit: prediction.unit.clone(),
            measured: measured.map(|measured| measured.value),
            right: right.map(|choice| choice.id.clone()),
            reason,
        }
    }
}

impl From<&PredictionChoice> for Choosable {
    fn from(choice: &PredictionChoice) -> Self {
        Choosable { id: choice.id.clone(), text: choice.label.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{json, text};
    use crate::runner::{End, EndedBy, Machine, Outcome, RunSpec, Status};
    use serde_json::{Value, json};

    fn lesson(ask: &PredictionAsk) -> Lesson {
        let of = |id: &str, program: &str, ask: &PredictionAsk| Prediction {
            id: id.into(),
            program: program.into(),
            question: "How many are lost?".into(),
            ask: ask.clone(),
            set: Knobs::new(),
            unit: None,
            explain: "Not to be read before the learner has predicted.".into(),
        };
        let predictions = vec![of("other", "call", ask), of("lost", "naive", ask)];
        Lesson { predictions, ..Lesson::default() }
    }

    fn choose(metric: Metric) -> PredictionAsk {
        let choice = |id: &str, from, to| PredictionChoice { id: id.into(), label: id.replace('-', " "), from, to };
        let choices = vec![choice("none-at-all", 0.0, 1.0), choice("some", 1.0, f64::INFINITY)];
        PredictionAsk::Choice { metric, choices }
    }

    fn written(exporter: crate::report::Exporter, report: &Report<'_>) -> String {
        String::from_utf8((exporter.write)(report)).unwrap()
    }

    /// A run of `naive` that ended so and printed this.
    fn outcome(end: End, stdout: &str) -> Outcome {
        let spec = RunSpec { program: "naive".into(), ..RunSpec::default() };
        Outcome { spec, end, stdout: stdout.into(), ..Outcome::default() }
    }

    fn settled(ask: &PredictionAsk, end: End, stdout: &str) -> (Option<f64>, Option<String>, Option<String>) {
        let outcome = outcome(end, stdout);
        let report = Report::new(&outcome, Machine::default()).of_lesson(&lesson(ask));
        let [predicted] = <[Predicted; 1]>::try_from(report.predictions).expect("one prediction of the program");
        (predicted.measured, predicted.right, predicted.reason)
    }

    #[test]
    fn a_run_settles_a_prediction_or_says_why_not() {
        let well = End::default();
        let hung = End::Ended(EndedBy::Deadlock, Status::Signal(9));
        let printed = || choose(Metric::Printed("lost".into()));
        let (right, why) = (|id: &str| Some(id.to_owned()), |why: &str| Some(why.to_owned()));
        let table = [
            (printed(), well, "lost 0", (Some(0.0), right("none-at-all"), None)),
            (printed(), well, "lost 12", (Some(12.0), right("some"), None)),
            (printed(), well, "lost -1", (Some(-1.0), None, why("no choice holds what was measured"))),
            (printed(), well, "", (None, None, why("it was not measured"))),
            (printed(), End::Exited(1), "lost 12", (None, None, why("the program did not succeed"))),
            (choose(Metric::Hung), hung, "", (Some(1.0), right("some"), None)),
            (choose(Metric::Hung), End::Exited(1), "", (None, None, why("the program did not succeed"))),
            (
                choose(Metric::Speedup),
                well,
                "",
                (None, None, why("a speed-up takes a run of the baseline beside this one")),
            ),
            (choose(Metric::UsableCores), well, "", (None, None, why("it was not measured"))),
            (PredictionAsk::Draw(Drawing::Cores), well, "", (Some(0.0), None, None)),
        ];
        for (ask, end, stdout, expected) in table {
            assert_eq!(settled(&ask, end, stdout), expected, "{ask:?} {end:?} {stdout}");
        }
    }

    #[test]
    fn a_disturbed_run_settles_what_does_not_depend_on_the_load_and_nothing_else() {
        let outcome = outcome(End::default(), "lost 12");
        let mut report = Report::new(&outcome, Machine::default());
        report.verdict.caveats = vec![Caveat::BusyMachine { others: 0.25, lacked: None }];
        let of = |metric| {
            let lesson = lesson(&choose(metric));
            Predicted::of(&lesson.predictions[1], &lesson, &report)
        };
        assert_eq!(of(Metric::Printed("lost".into())).right.as_deref(), Some("some"));
        let parallelism = of(Metric::Parallelism);
        assert_eq!((parallelism.measured, parallelism.right), (Some(0.0), None));
        assert_eq!(parallelism.reason.as_deref(), Some("other programs used 25 % of the cores meanwhile"));
    }

    #[test]
    fn every_form_of_the_report_says_it() {
        let outcome = outcome(End::default(), "lost 12\n");
        let plain = Report::new(&outcome, Machine::default());
        assert!(!written(json::EXPORTER, &plain).contains("predictions"));
        let report = plain.of_lesson(&lesson(&choose(Metric::Printed("lost".into()))));
        let object: Value = serde_json::from_str(&written(json::EXPORTER, &report)).unwrap();
        let choices = json!([{"id": "none-at-all", "text": "none at all"}, {"id": "some", "text": "some"}]);
        let expected = json!({
            "id": "lost", "question": "How many are lost?", "choices": choices, "metric": "printed:lost",
            "measured": 12.0, "right": "some", "reason": null,
        });
        assert_eq!(object["predictions"], json!([expected]));
        let text = written(text::EXPORTER, &report);
        let said = "\nprediction lost: How many are lost?\n    none at all\n  ✓ some\n  measured: printed:lost 12\n";
        assert!(text.ends_with(said), "{text}");
    }

    #[test]
    fn the_text_says_why_a_run_cannot_tell() {
        let outcome = outcome(End::Exited(1), "");
        let report = Report::new(&outcome, Machine::default()).of_lesson(&lesson(&choose(Metric::Wall)));
        let text = written(text::EXPORTER, &report);
        let said = "    none at all\n    some\n  this run cannot tell: the program did not succeed\n";
        assert!(text.ends_with(said), "{text}");
    }
}
