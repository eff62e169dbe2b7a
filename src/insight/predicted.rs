//! What a prediction comes to: the choice that the measurement makes right, and whether it was the learner's.

use crate::lesson::PredictionChoice;

/// The place of the choice that a measured value makes right.
#[must_use]
pub fn right_choice(choices: &[PredictionChoice], measured: f64) -> Option<usize> {
    choices.iter().position(|choice| (choice.from..choice.to).contains(&measured))
}

/// Whether the choice at this place is right. `None` where nothing was chosen, or where other programs disturbed the run:
/// then it settles nothing.
#[must_use]
pub fn is_right(choices: &[PredictionChoice], chosen: Option<usize>, measured: f64, disturbed: bool) -> Option<bool> {
    let chosen = chosen.filter(|_| !disturbed)?;
    Some(right_choice(choices, measured) == Some(chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<PredictionChoice> {
        let choice = |label: &str, from, to| PredictionChoice { label: label.to_owned(), from, to };
        // Two choices may read alike: the place tells them apart.
        vec![choice("slower", 0.0, 0.9), choice("about as long", 0.9, 1.2), choice("slower", 1.5, 3.0)]
    }

    #[test]
    fn a_choice_holds_from_its_first_value_to_before_its_last() {
        let right = [0.0, 0.89, 0.9, 1.19, 1.2, 1.5, 3.0, f64::NAN].map(|value| right_choice(&choices(), value));
        assert_eq!(right, [Some(0), Some(0), Some(1), Some(1), None, Some(2), None, None]);
    }

    #[test]
    fn a_guess_is_judged_by_its_place_and_only_where_the_run_counts() {
        let judged = |chosen, measured, disturbed| is_right(&choices(), chosen, measured, disturbed);
        assert_eq!(judged(Some(1), 1.0, false), Some(true));
        assert_eq!(judged(Some(0), 2.0, false), Some(false), "the other choice that reads alike is right");
        assert_eq!(judged(Some(1), 1.3, false), Some(false), "no choice is right here");
        assert_eq!(judged(Some(1), 1.0, true), None);
        assert_eq!(judged(None, 1.0, false), None);
    }
}
