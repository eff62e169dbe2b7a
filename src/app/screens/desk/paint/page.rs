//! A page to read: its text, then its questions, scrolled as one.

use crate::app::frame::{Placed, Target, layout, paper};
use crate::app::model::Model;
use crate::app::screens::desk::paint::question;
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::takeaway;
use crate::app::screens::desk::{self, Desk, Pane, sight};
use crate::app::screens::{ask, task};
use crate::app::typeset;
use crate::view::{Document, Reading, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
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
        open.flat_map(|question| paper::targets(&question.targets, question.top, scroll, area)).collect()
    }

    fn draw(&self, seen: Seen<'_>, plan: &desk::Plan, area: Rect, buf: &mut Buffer) {
        draw(seen.model, seen.desk, (&plan.page, plan.scrolled(Pane::Text).at), area, buf);
    }
}

/// The open page, with its code highlighted once that is ready.
fn document<'a>(model: &'a Model, desk: &'a Desk) -> Option<Cow<'a, Document>> {
    if desk.on_takeaway() {
        let text = takeaway::markdown(model, desk);
        return Some(Cow::Owned(typeset::plain_page(takeaway::TITLE, &text)));
    }
    let page = desk.current_page()?;
    let ready = desk.typeset.as_ref().and_then(|typeset| typeset.pages.get(desk.page));
    Some(ready.map_or_else(|| Cow::Owned(typeset::plain_page(&page.title, &page.markdown)), Cow::Borrowed))
}

/// How a page is laid out: rows from its top.
#[derive(Debug, Default)]
pub struct Plan {
    /// Rows of the whole page.
    pub rows: u16,
    /// Rows of its text.
    text: u16,
    /// Rows of how the task stands, below the text and an empty row.
    findings: u16,
    /// The questions that are shown, in order.
    pub questions: Vec<Question>,
}

/// Where a question is on the page.
#[derive(Debug)]
pub struct Question {
    /// Its first row, below the rule above it.
    pub top: u16,
    /// Whether it can be answered now: the others are only read.
    pub open: bool,
    /// What a click on each of its rows does.
    pub targets: Vec<Option<Target>>,
}

impl Plan {
    /// The open page at this width.
    #[must_use]
    pub fn new(model: &Model, desk: &Desk, columns: u16) -> Plan {
        let Some(document) = document(model, desk) else { return Plan::default() };
        let text = Reading { document: &document, scroll: 0, theme: &model.theme }.height(columns);
        let open = model.open_check(desk).map(|check| check.id.as_str());
        let findings =
            task::with_findings(desk, &model.theme, |words| words.height(columns).saturating_add(1)).unwrap_or(0);
        let (mut rows, mut questions) = (text.saturating_add(findings), Vec::new());
        for question in question::shown(model, desk) {
            let targets = ask::targets(&question.ask(model, desk), columns);
            let top = rows.saturating_add(2);
            rows = top.saturating_add(layout::count(&targets));
            questions.push(Question { open: open == Some(question.check.id.as_str()), top, targets });
        }
        Plan { rows, text, findings, questions }
    }
}

/// Draws the page. It is drawn in full beside the screen and the visible rows are taken over, so that text and
/// questions scroll as one.
fn draw(model: &Model, desk: &Desk, (plan, scroll): (&Plan, u16), area: Rect, buf: &mut Buffer) {
    let Some(document) = document(model, desk) else { return };
    paper::scrolled(model, (plan.rows, scroll), area, buf, |whole, paper| {
        let reading = Reading { document: &document, scroll: 0, theme: &model.theme };
        let (text, below) = layout::top(whole, plan.text);
        (&reading).render(text, paper);
        let (findings, _) = layout::top(below, plan.findings);
        task::with_findings(desk, &model.theme, |words| words.render(draw::below(findings, 1), paper));
        for (question, place) in question::shown(model, desk).iter().zip(&plan.questions) {
            let rule = Rect { x: 1, width: area.width.saturating_sub(2), ..whole };
            draw::rule(paper, rule, place.top.saturating_sub(1), &model.theme);
            let height = layout::count(&place.targets);
            let ask = question.ask(model, desk);
            (&ask).render(Rect { y: place.top, height, ..whole }.intersection(whole), paper);
        }
    });
}
