//! What a prediction comes to: what a run measured of it, the choice that this makes right, and whether it was the
//! learner's.

use super::{Summary, Verdict};
use crate::lesson::{Metric, Prediction, PredictionChoice};
use crate::runner::End;

/// What a run measured of a prediction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The number.
    pub value: f64,
    /// Whether the machine was too busy for it to settle anything.
    pub disturbed: bool,
}

/// What a run measured of a prediction; `None` where it does not have the number. `usable_cores` is the machine's, where
/// it was measured.
#[must_use]
pub fn measured(
    prediction: &Prediction,
    (summary, verdict, end): (&Summary, &Verdict, End),
    usable_cores: Option<f64>,
) -> Option<Measured> {
    let value = counted(prediction.metric(), summary, end, usable_cores)?;
    Some(Measured { value, disturbed: verdict.disturbance().is_some() && prediction.depends_on_load() })
}

/// The value of a metric, where the run counts: one that did not succeed has none, but that it hung.
#[must_use]
pub fn counted(metric: &Metric, summary: &Summary, end: End, usable_cores: Option<f64>) -> Option<f64> {
    let counts = end.success() || *metric == Metric::Hung && summary.hung;
    summary.metric(metric, usable_cores).filter(|_| counts)
}

/// The choice that a measured value makes right.
#[must_use]
pub fn right_choice(choices: &[PredictionChoice], measured: f64) -> Option<&PredictionChoice> {
    choices.iter().find(|choice| (choice.from..choice.to).contains(&measured))
}

/// Whether this one of the choices is right. `None` where nothing was chosen, or where other programs disturbed the run:
/// then it settles nothing.
#[must_use]
pub fn is_right(
    choices: &[PredictionChoice],
    chosen: Option<&PredictionChoice>,
    measured: f64,
    disturbed: bool,
) -> Option<bool> {
    let chosen = chosen.filter(|_| !disturbed)?;
    Some(right_choice(choices, measured).is_some_and(|right| right.id == chosen.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<PredictionChoice> {
        let choice = |id: &str, from, to| PredictionChoice { id: id.to_owned(), label: "slower".to_owned(), from, to };
        // All read alike: the id tells them apart.
        vec![choice("a", 0.0, 0.9), choice("b", 0.9, 1.2), choice("c", 1.5, 3.0)]
    }

    #[test]
    fn a_choice_holds_from_its_first_value_to_before_its_last() {
        let choices = choices();
        let right = [0.0, 0.89, 0.9, 1.19, 1.2, 1.5, 3.0, f64::NAN]
            .map(|value| right_choice(&choices, value).map(|choice| choice.id.as_str()));
        assert_eq!(right, [Some("a"), Some("a"), Some("b"), Some("b"), None, Some("c"), None, None]);
    }

    #[test]
    fn a_guess_is_judged_by_its_id_and_only_where_the_run_counts() {
        let judged = |chosen: Option<usize>, measured, disturbed| {
            let choices = choices();
            is_right(&choices, chosen.map(|place| &choices[place]), measured, disturbed)
        };
        assert_eq!(judged(Some(1), 1.0, false), Some(true));
        assert_eq!(judged(Some(0), 2.0, false), Some(false), "the other choice that reads alike is right");
        assert_eq!(judged(Some(1), 1.3, false), Some(false), "no choice is right here");
        assert_eq!(judged(Some(1), 1.0, true), None);
        assert_eq!(judged(None, 1.0, false), None);
    }
}
