//! The interview: its questions, and one of them with the answer on its way.

use crate::app::frame::{Body, Placed, Scrolled, Shown, Target, chrome, layout, paper};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::ask::{self, Asking};
use crate::app::screens::interview::{Interview, InterviewStage, Judging};
use crate::learner::progress::Spoken;
use crate::learner::review::Grade;
use crate::lesson::{InterviewQuestion, Lesson};
use crate::view::ask::{SURE, Typing};
use crate::view::{Ask, Mark, Rubric, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

/// Where everything is in the interview.
#[derive(Debug)]
pub struct Plan {
    area: Rect,
    /// How far the judged answer is scrolled.
    pub scroll: Scrolled,
    targets: Vec<Placed>,
}

impl Plan {
    /// The interview on a screen of this size.
    #[must_use]
    pub fn new(model: &Model, area: Rect) -> Plan {
        let (mut scroll, mut targets) = (Scrolled::default(), Vec::new());
        let body = layout::framed(area).2;
        if let Some((interview, lesson, question)) = at(model) {
            match &interview.stage {
                InterviewStage::Choosing => {
                    let list = question_list(body);
                    let places = first_shown(interview, list)..lesson.interview.len();
                    let rows = (0..list.height).zip(places);
                    targets.extend(rows.map(|(n, place)| Placed::new(draw::row(list, n), Target::Item(place))));
                }
                InterviewStage::Judging(judging) => {
                    let proof = proof_words(question);
                    let rubric = rubric(model, question, judging, proof.as_deref());
                    scroll = Scrolled::new(judging.scroll, rubric.height(body.width), body.height);
                    let points: Vec<Option<Target>> =
                        rubric.points(body.width).into_iter().map(|point| point.map(Target::Item)).collect();
                    targets = paper::targets(&points, 0, scroll, body);
                }
                stage @ InterviewStage::Asking(Asking::Sure(_)) => {
                    if let Some((ask, _)) = asked(model, question, stage) {
                        let area = answer_area(body);
                        targets = paper::targets(&ask::targets(&ask, area.width), 0, Scrolled::default(), area);
                    }
                }
                InterviewStage::Asking(_) => {}
            }
        }
        Plan { area, scroll, targets }
    }
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn paint(&self, model: &Model, _shown: &Shown<'_>, buf: &mut Buffer) {
        draw(model, self, buf);
    }
}

fn draw(model: &Model, plan: &Plan, buf: &mut Buffer) {
    let (header, rule, body, _) = layout::framed(plan.area);
    chrome::header(model, "Interview", None, header, buf);
    let Some((interview, lesson, question)) = at(model) else { return };
    let title = match interview.stage {
        InterviewStage::Choosing => format!("{} questions", lesson.interview.len()),
        _ => format!("question {} of {}", interview.question + 1, lesson.interview.len()),
    };
    chrome::titled_rule(model, rule, &title, buf);
    match &interview.stage {
        InterviewStage::Choosing => questions(model, (interview, lesson), body, buf),
        InterviewStage::Judging(judging) => {
            let proof = proof_words(question);
            let rubric = rubric(model, question, judging, proof.as_deref());
            let rows = rubric.height(body.width);
            paper::scrolled(model, (rows, plan.scroll.at), body, buf, |whole, paper| (&rubric).render(whole, paper));
        }
        stage @ InterviewStage::Asking(_) => answer(model, question, stage, body, buf),
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

/// The open interview, its lesson, and the question that the learner is on.
pub fn at(model: &Model) -> Option<(&Interview, &Lesson, &InterviewQuestion)> {
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
fn answer(model: &Model, question: &InterviewQuestion, stage: &InterviewStage, area: Rect, buf: &mut Buffer) {
    let Some((ask, hint)) = asked(model, question, stage) else { return };
    let body = answer_area(area);
    (&ask).render(body, buf);
    let below = draw::below(body, ask.height(body.width) + 1);
    draw::lines(buf, below, &[Line::styled(format!("   {hint}"), model.theme.palette.dim)]);
}

/// The question while it is answered, and what to do.
pub fn asked<'a>(
    model: &'a Model,
    question: &'a InterviewQuestion,
    stage: &'a InterviewStage,
) -> Option<(Ask<'a>, String)> {
    let mut ask = Ask::new(&question.question, &model.theme);
    let hint = match stage {
        InterviewStage::Asking(Asking::Typing(field)) => {
            let lines = field.lines().iter().map(String::as_str).collect();
            ask.field = Some(Typing { lines, cursor: Some(field.cursor()), mark: Mark::Here, key: None });
            format!("As you would say it aloud: three to six sentences. {} hands it in.", keymap::name(Id::HandIn))
        }
        InterviewStage::Asking(Asking::Sure(text)) => {
            let lines = text.lines().collect();
            ask.field = Some(Typing { lines, cursor: None, mark: Mark::Past, key: None });
            ask.sure = true;
            String::new()
        }
        InterviewStage::Choosing | InterviewStage::Asking(_) | InterviewStage::Judging(_) => return None,
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
        proof: proof.map(|proof| (keymap::name(Id::Prove), proof)),
        theme: &model.theme,
    }
}

/// What the proof of a question runs, in words.
pub fn proof_words(question: &InterviewQuestion) -> Option<String> {
    let proof = question.proof.as_ref()?;
    let set: Vec<String> = proof.set.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let set = if set.is_empty() { String::new() } else { format!(", with {}", set.join(", ")) };
    Some(format!("runs the proof here and now: {} of {}{set}", proof.programs.join(" and "), proof.lesson))
}
