//! An interview's questions: a typed answer, a rubric, a model answer, and runs that prove it: `[[interview]]`.

use super::claim::RawSet;
use super::fault::Log;
use super::table::{At, Reader, Text};
use super::types::{KnobValue, Knobs};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A question that is answered in one's own words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InterviewQuestion {
    /// A stable id, unique in the lesson.
    pub id: String,
    /// The question, in Markdown.
    pub question: String,
    /// The rubric: what a good answer names, each for the learner to tick. Never empty.
    pub points: Vec<String>,
    /// A model answer, in Markdown.
    pub answer: String,
    /// Runs that show it.
    pub proof: Option<Proof>,
}

/// Programs of a lesson, run one after the other, that show what an answer says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The lesson's id, such as `02-gil`.
    pub lesson: String,
    /// Its programs, in the order of the runs.
    pub programs: Vec<String>,
    /// Knobs that are turned for it. They are held against the lesson's knobs by [`super::course`].
    pub set: Knobs,
    /// What to look at.
    pub look: String,
    /// The line of `lesson.md` where it stands, from 1.
    pub line: usize,
}

#[derive(Debug)]
pub(super) struct RawInterview {
    pub id: Option<At<String>>,
    question: String,
    points: Vec<String>,
    answer: String,
    proof: Option<RawProof>,
    span: Range<usize>,
}

#[derive(Debug)]
struct RawProof {
    lesson: String,
    programs: Vec<String>,
    set: RawSet,
    look: String,
    span: Range<usize>,
}

pub(super) fn read(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawInterview {
    let raw = RawInterview {
        id: t.needed_text(log, "id").placed(),
        question: t.needed_text(log, "question").owned(),
        points: t.texts(log, "points").into_iter().map(|p| p.value).collect(),
        answer: t.needed_text(log, "answer").owned(),
        proof: t.table(log, "proof", "`proof`").map(|p| proof(p, log)),
        span: t.span().clone(),
    };
    t.finish(log);
    raw
}

fn proof(mut t: Reader<'_, '_>, log: &mut Log<'_>) -> RawProof {
    let raw = RawProof {
        lesson: t.needed_text(log, "lesson").owned(),
        programs: t.texts(log, "programs").into_iter().map(|p| p.value).collect(),
        set: t.number_table(log, "set"),
        look: t.needed_text(log, "look").owned(),
        span: t.span().clone(),
    };
    if raw.programs.is_empty() {
        log.span(&raw.span, "a proof runs at least one program: name it in `programs`");
    }
    t.finish(log);
    raw
}

pub(super) fn build(raw: &RawInterview, log: &mut Log<'_>) -> Option<InterviewQuestion> {
    if raw.points.is_empty() {
        log.span(&raw.span, "an interview question needs `points`: what a good answer names");
    }
    let proof = raw.proof.as_ref().map(|p| Proof {
        lesson: p.lesson.clone(),
        programs: p.programs.clone(),
        set: p.set.iter().map(|(name, n)| (name.value.clone(), KnobValue::from(n.value))).collect(),
        look: p.look.clone(),
        line: log.line(&p.span),
    });
    Some(InterviewQuestion {
        id: raw.id.as_ref()?.value.clone(),
        question: raw.question.clone(),
        points: raw.points.clone(),
        answer: raw.answer.clone(),
        proof,
    })
}
