//! The interview: its questions, and one of them with the answer on its way.

use crate::app::frame::{chrome, layout};
use crate::app::model::Model;
use crate::app::screens::desk::paint::page;
use crate::app::screens::interview::{Interview, Judging, Stage};
use crate::learner::progress::Spoken;
use crate::learner::review::Grade;
use crate::lesson::{InterviewQuestion, Lesson};
use crate::view::ask::{Part, SURE, Typing};
use crate::view::{Ask, Mark, Rubric, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// Draws the interview.
pub fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let (header, rule, body, footer) = layout::framed(area);
    chrome::header(model, header, buf);
    let Some((interview, lesson, question)) = at(model) else { return };
    let title = match interview.stage {
        Stage::Choosing => format!("{} questions", lesson.interview.len()),
        _ => format!("question {} of {}", interview.question + 1, lesson.interview.len()),
    };
    chrome::titled_rule(model, rule, &title, buf);
    match &interview.stage {
        Stage::Choosing => questions(model, (interview, lesson), body, buf),
        Stage::Judging(judging) => {
            let proof = proof_words(question);
            let rubric = rubric(model, question, judging, proof.as_deref());
            let rows = rubric.height(body.width);
            page::scrolled(model, (rows, judging.scroll), body, buf, |whole, paper| (&rubric).render(whole, paper));
        }
        stage => answer(model, question, stage, body, buf),
    }
    chrome::footer(model, footer, buf);
}

/// What can be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A question of the list.
    Question(usize),
    /// A point of the rubric.
    Point(usize),
    /// How sure the learner is, from 0.
    Sure(usize),
}

/// What is at a row of the screen, for the mouse.
#[must_use]
pub fn hit(model: &Model, screen: Rect, y: u16) -> Option<Hit> {
    let (interview, lesson, question) = at(model)?;
    let (_, _, body, _) = layout::framed(screen);
    let row = y.checked_sub(body.y).filter(|row| *row < body.height)?;
    match &interview.stage {
        Stage::Choosing => {
            let list = question_list(body);
            let row = usize::from(y.checked_sub(list.y)?);
            let place = first_shown(interview, list) + row;
            (place < lesson.interview.len()).then_some(Hit::Question(place))
        }
        Stage::Judging(judging) => {
            let proof = proof_words(question);
            let rubric = rubric(model, question, judging, proof.as_deref());
            let scroll = judging.scroll.min(rubric.height(body.width).saturating_sub(body.height));
            rubric.point_at(body.width, row + scroll).map(Hit::Point)
        }
        stage @ Stage::Sure(_) => {
            let (ask, _) = asked(model, question, stage)?;
            match ask.part_at(answer_area(body), y)? {
                Part::Number(number) => Some(Hit::Sure(number)),
                Part::Field => None,
            }
        }
        Stage::Typing(_) => None,
    }
}

/// Where the questions are listed.
fn question_list(body: Rect) -> Rect {
    draw::below(body, 2)
}

/// The first question that the list shows.
fn first_shown(interview: &Interview, list: Rect) -> usize {
    (interview.question + 1).saturating_sub(usize::from(list.height))
}

/// Where a question stands while it is answered.
fn answer_area(body: Rect) -> Rect {
    layout::top(body, 1).1
}

/// How far the answers can be scrolled.
#[must_use]
pub fn most_scroll(model: &Model) -> u16 {
    let Some((interview, _, question)) = at(model) else { return 0 };
    let Stage::Judging(judging) = &interview.stage else { return 0 };
    let proof = proof_words(question);
    let rows = rubric(model, question, judging, proof.as_deref()).height(model.size.0.saturating_sub(2));
    rows.saturating_sub(model.size.1.saturating_sub(3))
}

fn at(model: &Model) -> Option<(&Interview, &Lesson, &InterviewQuestion)> {
    let interview = model.interview.as_ref()?;
    let lesson = &model.desks.get(interview.lesson)?.lesson;
    Some((interview, lesson, lesson.interview.get(interview.question)?))
}

/// The list of questions, with how each went.
fn questions(model: &Model, (interview, lesson): (&Interview, &Lesson), area: Rect, buf: &mut Buffer) {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let done = model.progress.lessons.get(&lesson.id);
    let words = "Answer in your own words, judge yourself, then run the proof.";
    draw::text(buf, area, area.x + 1, area.y, words, palette.dim);
    let list = question_list(area);
    let first = first_shown(interview, list);
    for (n, (place, question)) in (0..list.height).zip(lesson.interview.iter().enumerate().skip(first)) {
        let row = draw::row(list, n);
        let here = place == interview.question;
        let (mark, tone) = match done.and_then(|done| done.interview.get(&question.id)).map(Spoken::grade) {
            None => (glyphs.page_open, palette.faint),
            Some(Grade::ConfidentError | Grade::Wrong) => (glyphs.no, palette.bad),
            Some(Grade::Unsure) => (glyphs.page_half, palette.accent),
            Some(Grade::Right | Grade::Sure) => (glyphs.page_done, palette.good),
        };
        if here {
            draw::text(buf, row, row.x, row.y, glyphs.pointer, palette.accent);
        }
        draw::text(buf, row, row.x + 2, row.y, mark, tone);
        draw::text(buf, row, row.x + 4, row.y, &format!("{:>2}", place + 1), palette.dim);
        let text = draw::cut(&question.question.replace('`', ""), row.width.saturating_sub(9), glyphs.more);
        draw::text(buf, row, row.x + 8, row.y, &text, if here { palette.selected } else { palette.text });
    }
}

/// The answer while it is typed, and while it is asked how sure the learner is.
fn answer(model: &Model, question: &InterviewQuestion, stage: &Stage, area: Rect, buf: &mut Buffer) {
    let Some((ask, hint)) = asked(model, question, stage) else { return };
    let body = answer_area(area);
    (&ask).render(body, buf);
    let below = draw::below(body, ask.height(body.width) + 1);
    draw::lines(buf, below, &[Line::styled(format!("   {hint}"), model.theme.palette.dim)]);
}

/// The question while it is answered, and what to do.
fn asked<'a>(model: &'a Model, question: &'a InterviewQuestion, stage: &'a Stage) -> Option<(Ask<'a>, &'static str)> {
    let mut ask = Ask::new(&question.question, &model.theme);
    let hint = match stage {
        Stage::Typing(field) => {
            let lines = field.lines().iter().map(String::as_str).collect();
            ask.field = Some(Typing { lines, cursor: Some(field.cursor()), mark: Mark::Here, key: None });
            "As you would say it aloud: three to six sentences. enter hands it in."
        }
        Stage::Sure(text) => {
            let lines = text.lines().collect();
            ask.field = Some(Typing { lines, cursor: None, mark: Mark::Past, key: None });
            ask.sure = true;
            ""
        }
        Stage::Choosing | Stage::Judging(_) => return None,
    };
    Some((ask, hint))
}

fn rubric<'a>(
    model: &'a Model,
    question: &'a InterviewQuestion,
    judging: &'a Judging,
    proof: Option<&'a str>,
) -> Rubric<'a> {
    let points = question.points.iter().enumerate();
    Rubric {
        question: &question.question,
        points: points.map(|(place, point)| (point.as_str(), judging.named.contains(&place))).collect(),
        here: judging.here,
        own: &judging.text,
        sure: SURE.get(usize::from(judging.confidence).saturating_sub(1)).copied().unwrap_or_default(),
        model: &question.answer,
        proof,
        theme: &model.theme,
    }
}

/// What the proof of a question runs, in words.
fn proof_words(question: &InterviewQuestion) -> Option<String> {
    let proof = question.proof.as_ref()?;
    let set: Vec<String> = proof.set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let set = if set.is_empty() { String::new() } else { format!(", with {}", set.join(", ")) };
    Some(format!("runs the proof here and now: {} of {}{set}", proof.programs.join(" and "), proof.lesson))
}
