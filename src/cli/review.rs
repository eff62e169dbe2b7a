//! `concur-tutor review`: the review screen; without a terminal, or with `--format`, what is due and when.

use super::args::Format;
use super::output::print;
use super::remembered;
use crate::app;
use crate::clock::today;
use crate::learner::progress::Progress;
use crate::learner::review::{self, calendar};
use crate::lesson::{Course, Outline};
use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::IsTerminal;
use std::process::ExitCode;

#[derive(Serialize)]
struct Agenda {
    version: u32,
    today: NaiveDate,
    due: Vec<DueEntry>,
    /// The first day after today with something due.
    next: Option<NaiveDate>,
    calendar: Vec<DayEntry>,
}

#[derive(Serialize)]
struct DueEntry {
    lesson: String,
    title: String,
    due: NaiveDate,
    questions: Vec<String>,
}

#[derive(Serialize)]
struct DayEntry {
    date: NaiveDate,
    lessons: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct Review {
    /// Print what is due instead of asking
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Draw with ASCII characters only
    #[arg(long)]
    pub ascii: bool,
    /// Print lines instead of drawing on the terminal, and read lines: for screen readers, dumb terminals and scripts
    #[arg(long, conflicts_with = "format")]
    pub inline: bool,
}

pub(super) fn review(options: &Review) -> anyhow::Result<ExitCode> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let shown = app::ShownAs::choose(options.inline, terminal).filter(|_| options.format.is_none());
    if let Some(shown) = shown {
        return app::run(app::Options { review: true, ascii: options.ascii, shown, ..app::Options::default() });
    }
    let course = Course::embedded().context("the built-in lessons are damaged")?;
    let agenda = agenda(&course, &remembered::progress(), today());
    match options.format.unwrap_or_default() {
        Format::Json => print(&(serde_json::to_string(&agenda)? + "\n"))?,
        Format::Text => print(&text(&agenda)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn agenda(course: &Course, progress: &Progress, today: NaiveDate) -> Agenda {
    let lessons: Vec<&Outline> = course.outlines().collect();
    let topics = review::due(course.outlines(), progress, today);
    let due = topics.iter().map(|topic| {
        let lesson = lessons[topic.lesson];
        let questions = topic.questions.iter().filter_map(|q| q.id(lesson)).map(str::to_owned).collect();
        DueEntry { lesson: lesson.id.clone(), title: lesson.title.clone(), due: topic.due, questions }
    });
    let days = calendar::days(course.outlines(), &progress.review, today);
    Agenda {
        version: crate::report::json::VERSION,
        today,
        due: due.collect(),
        next: days.iter().map(|day| day.date).find(|date| *date > today),
        calendar: days
            .into_iter()
            .map(|day| DayEntry {
                date: day.date,
                lessons: day.topics.into_iter().map(|place| lessons[place].id.clone()).collect(),
            })
            .collect(),
    }
}

fn text(agenda: &Agenda) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    match (agenda.due.len(), agenda.next) {
        (0, None) if agenda.calendar.is_empty() => {
            out.push_str("nothing to review yet: a lesson comes back once you have answered its questions\n");
        }
        (0, next) => {
            let next = next
                .map_or_else(String::new, |date| format!("; next: {date}, {}", calendar::relative(date, agenda.today)));
            writeln!(out, "nothing is due today{next}")?;
        }
        _ => {
            out.push_str("due today\n");
            for entry in &agenda.due {
                let s = if entry.questions.len() == 1 { "" } else { "s" };
                writeln!(out, "  {:<22} {}, {} question{s}", entry.lesson, entry.title, entry.questions.len())?;
            }
        }
    }
    if !agenda.calendar.is_empty() {
        out.push_str("\ncalendar\n");
    }
    for day in &agenda.calendar {
        writeln!(out, "  {} {}  {}", day.date.format("%a"), day.date, day.lessons.join(", "))?;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::progress::Answer;
    use crate::learner::review::cards;
    use chrono::Days;

    #[test]
    fn what_is_due_and_what_comes_is_said() {
        let course = Course::embedded().unwrap();
        let start = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let mut progress = Progress::default();
        assert!(text(&agenda(&course, &progress, start)).unwrap().starts_with("nothing to review yet"));
        for (lesson, right) in [("02-gil", false), ("03-io", true)] {
            let lesson = course.find(lesson).unwrap();
            for check in &lesson.checks {
                let answer = Answer { right, ..Answer::default() };
                progress.lesson_mut(&lesson.id).checks.insert(check.id.clone(), answer);
            }
        }
        cards::deal(&mut progress, course.outlines(), start);
        let said = text(&agenda(&course, &progress, start)).unwrap();
        assert!(said.starts_with("nothing is due today; next: 2026-11-23, tomorrow\n"), "{said}");
        let agenda = agenda(&course, &progress, start + Days::new(1));
        assert_eq!((agenda.due.len(), agenda.due[0].questions.len()), (1, 3));
        assert_eq!(agenda.next, Some(start + Days::new(3)));
        assert!(text(&agenda).unwrap().contains("  Wed 2026-11-25  03-io\n"));
    }
}
