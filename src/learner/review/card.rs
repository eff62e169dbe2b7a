//! A topic's card: when it comes back. `rs-fsrs` reckons in points of time; a learner reviews on days, so days go in
//! and days come out.

use super::grade::Grade;
use chrono::{Days, NaiveDate, NaiveTime};
use rs_fsrs::{FSRS, Parameters, Rating, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest pause between two reviews, in days: a course is not for a lifetime.
const LONGEST: i32 = 180;

/// When a topic comes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The day of the next review.
    pub due: NaiveDate,
    /// The day of the last one, or of the first answers.
    pub last: NaiveDate,
    /// Days after which nine of ten such memories are still there.
    pub stability: f64,
    /// From 1, easy, to 10.
    pub difficulty: f64,
    /// Reviews so far, the first answers counted as one.
    pub reviews: u32,
    /// Reviews that went wrong.
    #[serde(default)]
    pub lapses: u32,
    /// Ids of the questions that it takes account of.
    #[serde(default)]
    pub counted: BTreeSet<String>,
}

impl Card {
    /// The card of a topic whose first answers were given on this day.
    #[must_use]
    pub fn first(grades: &[Grade], today: NaiveDate) -> Card {
        let blank = Card {
            due: today,
            last: today,
            stability: 0.0,
            difficulty: 0.0,
            reviews: 0,
            lapses: 0,
            counted: BTreeSet::new(),
        };
        blank.reviewed(grades, today)
    }

    /// The card after a review on this day.
    #[must_use]
    pub fn reviewed(&self, grades: &[Grade], today: NaiveDate) -> Card {
        let rating = rating(grades);
        let parameters = Parameters {
            maximum_interval: LONGEST,
            enable_short_term: false,
            enable_fuzz: false,
            ..Parameters::default()
        };
        let next = FSRS::new(parameters).next(self.for_fsrs(today), noon(today), rating).card;
        let mut card = Card {
            due: next.due.date_naive().max(today),
            last: today,
            stability: next.stability,
            difficulty: next.difficulty,
            reviews: self.reviews.saturating_add(1),
            lapses: self.lapses.saturating_add(u32::from(rating == Rating::Again)),
            counted: self.counted.clone(),
        };
        if grades.contains(&Grade::ConfidentError) {
            card.come_back_by(today, Grade::ConfidentError);
        }
        card
    }

    /// Brings the next review forward after an answer of this grade outside of a review: what was wrong comes back
    /// tomorrow. A review is never put off by it.
    pub fn come_back_by(&mut self, today: NaiveDate, grade: Grade) {
        if grade.is_wrong() {
            self.due = self.due.min(today.checked_add_days(Days::new(1)).unwrap_or(today)).max(today);
        }
    }

    /// Whether it is to be reviewed on this day.
    #[must_use]
    pub fn is_due(&self, today: NaiveDate) -> bool {
        self.due <= today
    }

    /// The card as the library has it. A clock that was set back, or a file edited by hand, must not lead to numbers
    /// that are none: a card without a sound memory begins anew.
    fn for_fsrs(&self, today: NaiveDate) -> rs_fsrs::Card {
        let sound = self.reviews > 0 && self.stability.is_finite() && self.stability > 0.0;
        rs_fsrs::Card {
            due: noon(today),
            last_review: noon(self.last.min(today)),
            stability: if sound { self.stability } else { 0.0 },
            difficulty: if self.difficulty.is_finite() { self.difficulty.clamp(1.0, 10.0) } else { 5.0 },
            state: if sound { State::Review } else { State::New },
            ..rs_fsrs::Card::default()
        }
    }
}

/// What a review was like as a whole. A better answer never makes it worse.
fn rating(grades: &[Grade]) -> Rating {
    let wrong = grades.iter().filter(|grade| grade.is_wrong()).count();
    let unsure = grades.iter().filter(|grade| **grade == Grade::Unsure).count();
    let sure = grades.iter().filter(|grade| **grade == Grade::Sure).count();
    if grades.contains(&Grade::ConfidentError) || wrong * 2 >= grades.len().max(1) {
        Rating::Again
    } else if wrong > 0 || unsure * 2 > grades.len() {
        Rating::Hard
    } else if sure == grades.len() && sure > 0 {
        Rating::Easy
    } else {
        Rating::Good
    }
}

fn noon(day: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap() + Days::new(n)
    }

    fn grades() -> impl Strategy<Value = Vec<Grade>> {
        prop::collection::vec(prop::sample::select(Grade::ALL.to_vec()), 1..6)
    }

    /// Reviews, each so many days after the one before.
    fn history() -> impl Strategy<Value = Vec<(Vec<Grade>, u64)>> {
        prop::collection::vec((grades(), 0u64..400), 0..8)
    }

    fn play(history: &[(Vec<Grade>, u64)]) -> (Option<Card>, u64) {
        history.iter().fold((None, 0), |(card, now): (Option<Card>, u64), (grades, gap)| {
            let today = day(now + gap);
            (Some(card.map_or_else(|| Card::first(grades, today), |c| c.reviewed(grades, today))), now + gap)
        })
    }

    fn next(card: Option<&Card>, grades: &[Grade], today: NaiveDate) -> Card {
        card.map_or_else(|| Card::first(grades, today), |c| c.reviewed(grades, today))
    }

    proptest! {
        #[test]
        fn the_next_review_is_after_today_and_not_too_far(history in history(), last in grades(), gap in 0u64..400) {
            let (card, now) = play(&history);
            let today = day(now + gap);
            let card = next(card.as_ref(), &last, today);
            prop_assert!(card.due > today, "{card:?}");
            prop_assert!((card.due - today).num_days() <= i64::from(LONGEST) + 3);
            prop_assert!(card.stability.is_finite() && card.difficulty.is_finite());
        }

        #[test]
        fn a_better_answer_never_comes_back_sooner(
            history in history(), grades in grades(), gap in 0u64..400, which in any::<prop::sample::Index>(),
        ) {
            let (card, now) = play(&history);
            let today = day(now + gap);
            let place = which.index(grades.len());
            for better in Grade::ALL.into_iter().filter(|g| *g > grades[place]) {
                let mut improved = grades.clone();
                improved[place] = better;
                let (worse, better) = (next(card.as_ref(), &grades, today), next(card.as_ref(), &improved, today));
                prop_assert!(better.due >= worse.due, "{grades:?} -> {}, {improved:?} -> {}", worse.due, better.due);
            }
        }

        #[test]
        fn a_card_that_somebody_edited_does_no_harm(
            stability in any::<f64>(), difficulty in any::<f64>(), reviews in any::<u32>(), back in 0u64..4000,
        ) {
            let today = day(2000);
            let odd = Card { due: day(0), last: day(back), stability, difficulty, reviews, lapses: 0, counted: BTreeSet::new() };
            let card = odd.reviewed(&[Grade::Right], today);
            prop_assert!(card.due > today);
        }
    }

    #[test]
    fn right_answers_come_back_on_expanding_days() {
        let mut card = Card::first(&[Grade::Right], day(0));
        let mut gaps = vec![(card.due - card.last).num_days()];
        for _ in 0..5 {
            card = card.reviewed(&[Grade::Right], card.due);
            gaps.push((card.due - card.last).num_days());
        }
        assert!(gaps.is_sorted_by(|a, b| a < b || *b >= i64::from(LONGEST)), "{gaps:?}");
        assert_eq!(gaps[0], 3);
    }

    #[test]
    fn what_was_wrong_comes_back_tomorrow_and_a_confident_error_however_well_it_was_known() {
        assert_eq!(Card::first(&[Grade::Wrong], day(0)).due, day(1));
        let mut card = Card::first(&[Grade::Sure], day(0));
        for _ in 0..4 {
            card = card.reviewed(&[Grade::Sure], card.due);
        }
        let today = card.due;
        assert_eq!((card.reviewed(&[Grade::ConfidentError], today).due - today).num_days(), 1);
        assert_eq!(card.reviewed(&[Grade::Wrong], today).lapses, 1);
    }

    #[test]
    fn a_wrong_answer_between_reviews_brings_the_next_one_forward() {
        let mut card = Card::first(&[Grade::Sure], day(0));
        card.come_back_by(day(2), Grade::Right);
        assert!(card.due > day(5));
        card.come_back_by(day(2), Grade::Wrong);
        assert_eq!(card.due, day(3));
    }
}
