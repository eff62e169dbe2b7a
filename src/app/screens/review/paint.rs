//! The review: what is due today and the calendar, then one question after the other.

use crate::app::frame::{Body, Placed, Scrolled, Shown, chrome, layout, paper};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::ask::{self, Asking};
use crate::app::screens::review::state::{ReviewStage, Sitting};
use crate::app::screens::review::update::check;
use crate::app::typeset;
use crate::learner::review::{calendar, choose};
use crate::lesson::CheckKind;
use crate::view::ask::Typing;
use crate::view::calendar::Marked;
use crate::view::{Ask, Calendar, Choosable, Feedback, Mark, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// Weeks of the calendar on a small and on a large screen.
const WEEKS: (u16, u16) = (3, 6);

/// What the numbers in the calendar are.
const CAPTION: &str = "what comes back when, by the lesson's number";

/// Where everything is in the review.
#[derive(Debug)]
pub struct Plan {
    area: Rect,
    targets: Vec<Placed>,
}

impl Plan {
    /// The review on a screen of this size.
    #[must_use]
    pub fn new(model: &Model, area: Rect) -> Plan {
        // Neither the overview nor an answer that is told has anything to choose.
        let asked = model.sitting.as_ref().filter(|sitting| matches!(sitting.stage, ReviewStage::Asking(_)));
        let targets = asked.and_then(|sitting| {
            let area = question_area(layout::framed(area).2);
            with_question(model, sitting, |ask| {
                let rows = ask::targets(ask, area.width);
                let scroll = Scrolled::new(u16::MAX, layout::count(&rows), area.height);
                paper::targets(&rows, 0, scroll, area)
            })
        });
        Plan { area, targets: targets.unwrap_or_default() }
    }
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn paint(&self, model: &Model, _shown: &Shown<'_>, buf: &mut Buffer) {
        draw(model, self.area, buf);
    }
}

fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let (header, rule, body, _) = layout::framed(area);
    chrome::header(model, "Review", None, header, buf);
    if let Some(sitting) = &model.sitting {
        if matches!(sitting.stage, ReviewStage::Overview) {
            chrome::titled_rule(model, rule, "", buf);
            overview(model, sitting, body, buf);
        } else {
            let (place, all) = sitting.place();
            chrome::titled_rule(model, rule, &format!("question {place} of {all}"), buf);
            question(model, sitting, body, buf);
        }
    }
}

/// What is due, what was done, and when everything comes back.
fn overview(model: &Model, sitting: &Sitting, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let weeks = if area.height > 30 { WEEKS.1 } else { WEEKS.0 };
    let days = calendar::days(model.outlines(), &model.progress.review, model.today);
    let marked: Vec<Marked> = days
        .iter()
        .map(|day| Marked { date: day.date, lessons: day.topics.iter().map(|place| place + 1).collect() })
        .collect();
    let (from, today) = (calendar::monday(model.today), model.today);
    let calendar = Calendar { from, today, weeks, days: &marked, theme: &model.theme };
    let lines = agenda(model, sitting, &days);
    let most = area.height.saturating_sub(calendar.height() + 3).max(3);
    let fit = usize::from(most);
    let shown = if lines.len() > fit { fit.saturating_sub(1) } else { lines.len() };
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(1), ..draw::below(area, 1) };
    let mut used = draw::lines(buf, inner, &lines[..shown]);
    if shown < lines.len() {
        let words = format!("and {} more", lines.len() - shown);
        draw::text(buf, inner, inner.x + 2, inner.y + used, &words, palette.dim);
        used += 1;
    }
    let rest = draw::below(inner, used + 1);
    chrome::titled_rule(model, Rect { x: 0, width: model.size.0, height: rest.height.min(1), ..rest }, CAPTION, buf);
    (&calendar).render(Rect { x: area.x, width: area.width, ..draw::below(rest, 1) }, buf);
}

/// What is due, what was done, and what comes next.
pub fn agenda(model: &Model, sitting: &Sitting, days: &[calendar::Day]) -> Vec<Line<'static>> {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let name = |lesson: usize| {
        model
            .desks
            .get(lesson)
            .map_or_else(String::new, |desk| format!("{} {}", lesson + 1, desk.lesson.outline().title))
    };
    let mut lines = Vec::new();
    let left = &sitting.topics[sitting.topic.min(sitting.topics.len())..];
    let next = days.iter().find(|day| day.date > model.today);
    let next = next.map(|day| {
        let topics: Vec<String> = day.topics.iter().map(|topic| name(*topic)).collect();
        format!("Next: {}, {}.", calendar::relative(day.date, model.today), topics.join(", "))
    });
    if left.is_empty() {
        let words = match (sitting.done.is_empty(), &next) {
            (false, _) => "Done for today.",
            (true, Some(_)) => "Nothing is due today.",
            (true, None) => "Nothing to review yet: answer a lesson's questions, and it comes back.",
        };
        lines.push(Line::styled(words, palette.heading));
    } else {
        let questions: usize = left.iter().map(|topic| topic.questions.len()).sum();
        let s = if questions == 1 { "" } else { "s" };
        lines.push(Line::styled(
            format!("Due today: {questions} question{s}. {} begins.", keymap::name(Id::GoOn)),
            palette.heading,
        ));
        for topic in left {
            let s = if topic.questions.len() == 1 { "" } else { "s" };
            lines.push(Line::from(vec![
                Span::styled(format!("{} ", glyphs.pointer), palette.accent),
                Span::styled(name(topic.lesson), palette.text),
                Span::styled(format!("   {} question{s}", topic.questions.len()), palette.dim),
            ]));
        }
    }
    for done in &sitting.done {
        let (mark, tone) =
            if done.right == done.asked { (glyphs.yes, palette.good) } else { (glyphs.page_half, palette.accent) };
        let back = calendar::relative(done.back, model.today);
        lines.push(Line::from(vec![
            Span::styled(format!("{mark} "), tone),
            Span::styled(name(done.lesson), palette.text),
            Span::styled(format!("   {} of {} right, comes back {back}", done.right, done.asked), palette.dim),
        ]));
    }
    if left.is_empty() {
        lines.extend(next.map(|words| Line::styled(words, palette.dim)));
    }
    lines
}

/// Where the question stands, below its lesson's title.
fn question_area(body: Rect) -> Rect {
    draw::below(body, 3)
}

/// Draws the question at hand.
fn question(model: &Model, sitting: &Sitting, area: Rect, buf: &mut Buffer) {
    let Some((asked, ..)) = check(model) else { return };
    let topic = Line::styled(format!(" {}", model.desks[asked].lesson.title), model.theme.palette.dim);
    draw::lines(buf, draw::below(area, 1), &[topic]);
    let body = question_area(area);
    let rows = with_question(model, sitting, |ask| {
        let rows = ask.height(body.width);
        let scroll = rows.saturating_sub(body.height);
        paper::scrolled(model, (rows, scroll), body, buf, |whole, paper| ask.render(whole, paper));
        rows
    });
    if let (Some(rows), ReviewStage::Told(_)) = (rows, &sitting.stage) {
        let below = draw::below(body, rows + 1);
        let words = [
            Span::styled(format!(" {}", keymap::name(Id::GoOn)), model.theme.palette.accent),
            Span::styled(" goes on", model.theme.palette.dim),
        ];
        draw::lines(buf, below, &[Line::from(words.to_vec())]);
    }
}

/// Calls with the question at hand, as the lesson's page shows it, with the choices in today's order.
pub fn with_question<T>(model: &Model, sitting: &Sitting, then: impl FnOnce(&Ask<'_>) -> T) -> Option<T> {
    let (asked, place, check) = check(model)?;
    let lesson = &model.desks[asked].lesson;
    let given = match &sitting.stage {
        ReviewStage::Asking(asking) => asking.given(),
        ReviewStage::Told(answer) => Some(answer.as_str()),
        ReviewStage::Overview => None,
    };
    let told = matches!(sitting.stage, ReviewStage::Told(_));
    let reply = given.filter(|_| told).and_then(|answer| check.reply(answer));
    let mut ask = Ask::new(&check.question, &model.theme);
    ask.sure = matches!(sitting.stage, ReviewStage::Asking(Asking::Sure(_)));
    ask.told = reply.as_ref().map(|reply| Feedback { right: reply.right, explain: reply.explain });
    let mark = |here: bool| match (&reply, given) {
        (Some(reply), _) if here => {
            if reply.right {
                Mark::Right
            } else {
                Mark::Wrong
            }
        }
        (None, Some(_)) if here => Mark::Here,
        (_, Some(_)) => Mark::Past,
        (_, None) => Mark::Open,
    };
    let order = choose::order(lesson, place, &model.progress.review, model.today);
    // There is no second try in a review: the right choice is shown.
    let choice = |choice: &'_ crate::lesson::Choice| match mark(given == Some(&choice.text)) {
        Mark::Past if told && choice.right => Mark::Right,
        mark => mark,
    };
    let choices = order.iter().filter_map(|choice| check.choices().get(*choice));
    ask.choices = choices.map(|c| Choosable { text: &c.text, mark: choice(c) }).collect();
    let code = typeset::code(model.desks.get(asked).and_then(|desk| desk.typeset.as_deref()), check);
    ask.code = code.as_ref();
    if let CheckKind::Typed(_) = check.kind {
        ask.field = Some(match &sitting.stage {
            ReviewStage::Asking(Asking::Typing(field)) => Typing {
                lines: field.lines().iter().map(String::as_str).collect(),
                cursor: Some(field.cursor()),
                mark: Mark::Here,
                key: None,
            },
            _ => {
                Typing { lines: given.unwrap_or_default().lines().collect(), cursor: None, mark: mark(true), key: None }
            }
        });
    }
    Some(then(&ask))
}
