//! Every claim quotes the words that it backs, and what a claim or a fact backs stands in the lesson.

use super::Seen;
use super::spans::{plain, sentences};
use crate::lesson::fault::Fault;
use crate::lesson::question::CheckKind;
use crate::lesson::takeaway::Piece;
use crate::lesson::types::Lesson;

pub(super) fn check(seen: &Seen<'_>) -> Vec<Fault> {
    let read = plain(&read(seen.lesson));
    let mut faults = Vec::new();
    for claim in &seen.lesson.claims {
        let message = match claim.backs.as_deref().map(plain) {
            None => "which words of the lesson does this claim back? Quote them in `backs`".to_owned(),
            Some(words) if read.contains(&words) => continue,
            Some(words) => format!("the claim backs words that stand nowhere in the lesson: {words}"),
        };
        faults.push(seen.fault(&format!("says = \"{}\"", claim.says), message));
    }
    let stray = seen.facts.of(&seen.lesson.id).filter(|words| !read.contains(&plain(words)));
    faults.extend(
        stray.map(|words| seen.facts.fault(words, format!("{} has these words nowhere: {words}", seen.lesson.id))),
    );
    faults
}

/// All that a learner reads in a lesson: its pages, and what is said around runs and answers.
fn read(lesson: &Lesson) -> String {
    let mut out: Vec<&str> = Vec::new();
    out.extend(lesson.pages.iter().flat_map(|page| [page.title.as_str(), page.markdown.as_str()]));
    out.extend(lesson.predictions.iter().flat_map(|p| [p.question.as_str(), p.explain.as_str()]));
    for check in &lesson.checks {
        out.push(&check.question);
        match &check.kind {
            CheckKind::Choice(choices) => {
                out.extend(choices.iter().flat_map(|c| [c.text.as_str(), c.explain.as_str()]));
            }
            CheckKind::Typed(typed) => {
                out.extend(typed.answers.iter().map(|answer| answer.explain.as_str()));
                out.push(&typed.otherwise);
            }
        }
    }
    out.extend(lesson.tasks.iter().flat_map(|task| [Some(task.goal.as_str()), task.hint.as_deref()]).flatten());
    out.extend(lesson.interview.iter().flat_map(|question| [question.question.as_str(), question.answer.as_str()]));
    for program in &lesson.programs {
        out.extend([&program.headline.some, &program.headline.none].into_iter().flatten().map(String::as_str));
        out.extend(program.note.as_deref());
    }
    for piece in lesson.takeaway.iter().flat_map(|takeaway| &takeaway.parts) {
        if let Piece::Text(text) = piece {
            out.push(text);
        }
    }
    out.push(&lesson.summary);
    // A row of a table is a sentence, too.
    let sentences = lesson.pages.iter().flat_map(|page| sentences(&page.markdown)).map(|sentence| sentence.words);
    out.join("\n") + "\n" + &sentences.collect::<Vec<_>>().join("\n")
}
