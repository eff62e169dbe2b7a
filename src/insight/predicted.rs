//! What a prediction comes to: the choice that the measurement makes right, and whether it was the learner's.

use crate::lesson::PredictionChoice;

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
