//! Which topic is due on which day.

use super::Review;
use crate::lesson::Outline;
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeMap;

/// One day with something due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day; what is overdue counts for today.
    pub date: NaiveDate,
    /// The topics, by place in the course.
    pub topics: Vec<usize>,
}

/// Every day from today on that has something due, in order.
#[must_use]
pub fn days<'a>(lessons: impl IntoIterator<Item = &'a Outline>, review: &Review, today: NaiveDate) -> Vec<Day> {
    let mut days: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    for (place, lesson) in lessons.into_iter().enumerate() {
        if let Some(card) = review.topics.get(&lesson.id) {
            days.entry(card.due.max(today)).or_default().push(place);
        }
    }
    days.into_iter().map(|(date, topics)| Day { date, topics }).collect()
}

/// The Monday of the week that the calendar begins with.
#[must_use]
pub fn monday(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday()))).unwrap_or(today)
}

/// A day as a learner says it: "today", "tomorrow", "in 5 days", "on 3 Feb". No pause is as long as a year.
#[must_use]
pub fn relative(date: NaiveDate, today: NaiveDate) -> String {
    match (date - today).num_days() {
        ..=0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days @ 2..=13 => format!("in {days} days"),
        _ => date.format("on %-d %b").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_said_as_one_says_them() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let said = |n| relative(today + Days::new(n), today);
        assert_eq!(
            [said(0), said(1), said(5), said(30), said(60)],
            [
                "today".to_owned(),
                "tomorrow".to_owned(),
                "in 5 days".to_owned(),
                "on 22 Dec".to_owned(),
                "on 21 Jan".to_owned()
            ]
        );
        assert_eq!(relative(today - Days::new(3), today), "today");
        assert_eq!(monday(today), NaiveDate::from_ymd_opt(2026, 11, 16).unwrap());
    }
}
