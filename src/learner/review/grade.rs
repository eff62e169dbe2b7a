//! How an answer went: whether it was right, and how sure the learner was.

use serde::{Deserialize, Serialize};

/// The highest confidence: "sure".
pub const SURE: u8 = 3;
/// The lowest confidence: "a guess".
pub const GUESS: u8 = 1;

/// How one answer went, from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Wrong, and the learner was sure: what is asked again first.
    ConfidentError,
    /// Wrong.
    Wrong,
    /// Right, but a guess; or half of what an interview answer should name.
    Unsure,
    /// Right.
    Right,
    /// Right, and the learner was sure.
    Sure,
}

impl Grade {
    /// Every grade, from the worst to the best.
    #[cfg(test)]
    pub const ALL: [Grade; 5] = [Grade::ConfidentError, Grade::Wrong, Grade::Unsure, Grade::Right, Grade::Sure];

    /// The grade of an answer; `confidence` is 1 (a guess) to 3 (sure), or unknown.
    #[must_use]
    pub const fn of(right: bool, confidence: Option<u8>) -> Grade {
        match (right, confidence) {
            (false, Some(SURE..)) => Grade::ConfidentError,
            (false, _) => Grade::Wrong,
            (true, Some(0..=GUESS)) => Grade::Unsure,
            (true, Some(SURE..)) => Grade::Sure,
            (true, _) => Grade::Right,
        }
    }

    /// The grade of an interview answer that names `ticked` of `points` points.
    #[must_use]
    pub const fn of_rubric(ticked: usize, points: usize, confidence: u8) -> Grade {
        if ticked * 2 < points {
            Grade::of(false, Some(confidence))
        } else if ticked < points {
            Grade::Unsure
        } else {
            Grade::of(true, Some(confidence))
        }
    }

    /// Whether it counts as wrong.
    #[must_use]
    pub const fn is_wrong(self) -> bool {
        matches!(self, Grade::ConfidentError | Grade::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn being_sure_helps_where_it_is_right_and_hurts_where_it_is_wrong() {
        assert!(Grade::of(true, Some(3)) > Grade::of(true, Some(2)));
        assert!(Grade::of(true, Some(2)) > Grade::of(true, Some(1)));
        assert!(Grade::of(true, Some(1)) > Grade::of(false, Some(1)));
        assert!(Grade::of(false, Some(3)) < Grade::of(false, Some(2)));
        assert_eq!(Grade::of(true, None), Grade::Right);
    }

    #[test]
    fn few_points_are_wrong_some_are_unsure_all_are_right() {
        assert_eq!(Grade::of_rubric(1, 4, 3), Grade::ConfidentError);
        assert_eq!(Grade::of_rubric(1, 4, 2), Grade::Wrong);
        assert_eq!(Grade::of_rubric(2, 4, 3), Grade::Unsure);
        assert_eq!(Grade::of_rubric(4, 4, 3), Grade::Sure);
        assert_eq!(Grade::of_rubric(0, 0, 2), Grade::Right);
    }
}
