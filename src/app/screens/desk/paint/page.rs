//! A page to read: its text, then its questions, scrolled as one.

use crate::app::frame::{Placed, Target, layout, paper};
use crate::app::keymap::{self, Action, Id};
use crate::app::model::Model;
use crate::app::screens::desk::end;
use crate::app::screens::desk::paint::question;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::{self, Desk, Pane, Scroll, found, sight};
use crate::app::screens::{ask, task};
use crate::app::typeset;
use crate::view::reading::measure;
use crate::view::{Document, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};
use std::borrow::Cow;

/// The pane.
pub struct Text;

impl PaneKind for Text {
    fn label(&self) -> &'static str {
        "Text"
    }

    fn rows(&self, _seen: Seen<'_>, page: &Plan, _area: Rect) -> u16 {
        page.rows
    }

    fn targets(&self, seen: Seen<'_>, plan: &desk::Plan, area: Rect) -> Vec<Placed> {
        // Numbers answer the gate while one is open, and so the page's question waits.
        let open =
            plan.page.questions.iter().filter(|question| question.open && sight::gate(seen.model, seen.desk).is_none());
        let scroll = plan.scrolled(Pane::Text);
        let mut out: Vec<Placed> =
            open.flat_map(|question| paper::targets(&question.targets, question.top, scroll, area)).collect();
        if plan.unseen {
            // The last row says how to see them.
            let (rest, row) = layout::bottom(area, 1);
            let above = |placed: Placed| Placed::new(placed.area.intersection(rest), placed.target);
            out = out.into_iter().map(above).filter(|placed| !placed.area.is_empty()).collect();
            out.push(Placed::new(row, Target::Key(Action::ShowQuestion)));
        }
        out
    }

    fn draw(&self, seen: Seen<'_>, plan: &desk::Plan, area: Rect, buf: &mut Buffer) {
        draw(seen.model, seen.desk, (&plan.page, plan.scrolled(Pane::Text).at), area, buf);
        if plan.unseen {
            unseen(seen.model, layout::bottom(area, 1).1, buf);
        }
    }
}

/// The open page, with its code highlighted once that is ready.
fn document<'a>(model: &'a Model, desk: &'a Desk) -> Option<Cow<'a, Document>> {
    if desk.on_end() {
        return Some(Cow::Owned(end::document(model, desk)));
    }
    let page = desk.current_page()?;
    let ready = desk.typeset.as_ref().and_then(|typeset| typeset.pages.get(desk.page));
    Some(ready.map_or_else(|| Cow::Owned(typeset::plain_page(&page.title, &page.markdown)), Cow::Borrowed))
}

/// How a page is laid out: rows from its top. A question stands first, below the title: what explains it is read
/// afterwards.
#[derive(Debug, Default)]
pub struct Plan {
    /// Rows of the whole page.
    pub rows: u16,
    /// The questions that are shown, in order.
    pub questions: Vec<Question>,
    /// Whether there is no row to spare.
    tight: bool,
    /// Rows of the title.
    title: u16,
    /// The first row of the text.
    text: u16,
    /// The first row of how the task stands.
    findings: u16,
}

/// Where a question is on the page.
#[derive(Debug)]
pub struct Question {
    /// Its first row.
    pub top: u16,
    /// Whether it can be answered now: the others are only read.
    pub open: bool,
    /// What a click on each of its rows does.
    pub targets: Vec<Option<Target>>,
}

impl Question {
    /// The first row below it.
    #[must_use]
    pub fn bottom(&self) -> u16 {
        self.top.saturating_add(layout::count(&self.targets))
    }

    /// The rows of its numbers, or of this one: the first, and the first below them.
    fn numbers(&self, one: Option<usize>) -> Option<(u16, u16)> {
        let is = |target: &Option<Target>| match target {
            Some(Target::Choice(number)) => one.is_none_or(|one| one == *number),
            _ => false,
        };
        let row = |place: usize| self.top.saturating_add(u16::try_from(place).unwrap_or(u16::MAX));
        let first = self.targets.iter().position(is)?;
        let last = self.targets.iter().rposition(is)?;
        Some((row(first), row(last + 1)))
    }
}

impl Plan {
    /// The open page at this width; `tight` where there is no row to spare.
    #[must_use]
    pub fn new(model: &Model, desk: &Desk, columns: u16, tight: bool) -> Plan {
        let Some(document) = document(model, desk) else { return Plan::default() };
        let (title, text) = document.title_and_text(measure(columns), &model.theme);
        let title = layout::rows(&title);
        let gap = u16::from(!tight);
        let open = model.open_check(desk).map(|check| check.id.as_str());
        let (mut rows, mut questions) = (title, Vec::new());
        for question in question::shown(model, desk) {
            let targets = ask::targets(&question.ask(model, desk, tight), columns);
            // Between two questions is a rule.
            let top = rows.saturating_add(if questions.is_empty() { gap } else { 1 + gap });
            questions.push(Question { open: open == Some(question.check.id.as_str()), top, targets });
            rows = questions.last().map_or(rows, Question::bottom);
        }
        let text_top = rows.saturating_add(if questions.is_empty() { gap } else { 1 + 2 * gap });
        let findings = text_top.saturating_add(layout::rows(&text));
        let below = task::with_findings(desk, &model.theme, |words| words.height(columns).saturating_add(1));
        let rows = findings.saturating_add(below.unwrap_or(0));
        Plan { rows, questions, tight, title, text: text_top, findings }
    }

    /// The question that can be answered now.
    fn open(&self) -> Option<&Question> {
        self.questions.iter().find(|question| question.open)
    }

    /// Rows of the title and the open question; 0 where none is open.
    #[must_use]
    pub fn needed(&self) -> u16 {
        let above = self.questions.first().map_or(0, |first| first.top);
        self.open().map_or(0, |open| above + layout::count(&open.targets))
    }

    /// The first row shown, where the page is left like this in so many rows.
    #[must_use]
    pub fn first_row(&self, scroll: Scroll, height: u16) -> u16 {
        let end_of = |question: &Question| question.bottom().saturating_sub(height);
        match scroll {
            Scroll::Rows(rows) => rows,
            // As far up as it goes with all of the question in sight; where that is too long, it is read from its top.
            Scroll::Start | Scroll::Line(_) => self.open().map_or(0, |open| end_of(open).min(open.top)),
            Scroll::Asked => self.open().map_or(0, end_of),
            Scroll::Told(place) => {
                let Some(told) = self.questions.get(place) else { return 0 };
                let next = self.open().map_or(0, end_of);
                let top = if place == 0 { 0 } else { told.top };
                // The last row may say how to see the next one.
                let row = u16::from(!told.open && self.open().is_some());
                next.min(top).max((told.bottom() + row).saturating_sub(height))
            }
        }
    }

    /// Whether this number of the open question can be given with these rows in sight: all of its choices are in sight,
    /// or, where there are more than fit, this one.
    #[must_use]
    pub fn in_sight(&self, first: u16, height: u16, number: usize) -> bool {
        let rows = self.open().and_then(|open| {
            let all = open.numbers(None)?;
            if all.1 - all.0 <= height { Some(all) } else { open.numbers(Some(number)) }
        });
        rows.is_some_and(|(top, bottom)| top >= first && bottom <= first.saturating_add(height))
    }
}

/// Draws the page. It is drawn in full beside the screen and the visible rows are taken over, so that text and
/// questions scroll as one.
pub fn draw(model: &Model, desk: &Desk, (plan, scroll): (&Plan, u16), area: Rect, buf: &mut Buffer) {
    let Some(document) = document(model, desk) else { return };
    paper::scrolled(model, (plan.rows, scroll), area, buf, |whole, paper| {
        let inner = Rect { x: whole.x.saturating_add(1), width: whole.width.saturating_sub(1), ..whole };
        let (title, text) = document.title_and_text(measure(area.width), &model.theme);
        draw::lines(paper, inner, &title);
        let rule = Rect { x: 1, width: area.width.saturating_sub(2), ..whole };
        for (question, place) in question::shown(model, desk).iter().zip(&plan.questions) {
            if place.top > plan.title.saturating_add(1) {
                draw::rule(paper, rule, place.top.saturating_sub(1), &model.theme);
            }
            let height = layout::count(&place.targets);
            let ask = question.ask(model, desk, plan.tight);
            (&ask).render(Rect { y: place.top, height, ..whole }.intersection(whole), paper);
        }
        if !plan.questions.is_empty() {
            draw::rule(paper, rule, plan.text.saturating_sub(1 + u16::from(!plan.tight)), &model.theme);
        }
        draw::lines(paper, draw::below(inner, plan.text), &text);
        task::with_findings(desk, &model.theme, |words| words.render(draw::below(whole, plan.findings + 1), paper));
        found::mark(desk, Pane::Text, whole, paper);
    });
}

/// What is out of sight cannot be chosen: the key that shows it.
fn unseen(model: &Model, row: Rect, buf: &mut Buffer) {
    Clear.render(row, buf);
    let x = draw::text(buf, row, row.x + 1, row.y, keymap::name(Id::ShowQuestion), model.theme.palette.accent);
    let x = draw::text(buf, row, x + 1, row.y, "shows the question and all its choices", model.theme.palette.text);
    draw::text(buf, row, x + 1, row.y, model.theme.glyphs.down, model.theme.palette.accent);
}
