//! What was looked for, shown where it is: on the page, in the source.

use crate::app::model::Model;
use crate::app::screens::desk::paint::page;
use crate::app::screens::desk::{Desk, Pane};
use crate::lesson::search::{Hit, Place, fold, folded, needle};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

/// What was looked for, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where in the lesson.
    pub place: Place,
    /// The words.
    pub needle: String,
}

/// The letters in an area in reading order, folded, a blank between two rows; and the cell of each, but of those blanks.
fn letters(buf: &Buffer, area: Rect) -> Vec<(char, Option<Position>)> {
    let mut out = Vec::new();
    for y in area.top()..area.bottom() {
        let symbol = |x: u16| buf.cell((x, y)).map_or(" ", |cell| cell.symbol());
        let inked: Vec<u16> = (area.left()..area.right()).filter(|x| symbol(*x) != " ").collect();
        let (Some(first), Some(last)) = (inked.first(), inked.last()) else { continue };
        let row = (*first..=*last).flat_map(|x| symbol(x).chars().map(move |c| (fold(c), Some(Position::new(x, y)))));
        out.extend(row);
        out.push((' ', None));
    }
    out
}

/// Where in the letters this is, each time.
fn positions(letters: &[(char, Option<Position>)], needle: &[char]) -> Vec<usize> {
    if needle.is_empty() {
        return Vec::new();
    }
    let is = |part: &[(char, Option<Position>)]| part.iter().map(|(c, _)| c).eq(needle);
    letters.windows(needle.len()).enumerate().filter(|(_, part)| is(part)).map(|(at, _)| at).collect()
}

/// The row of a page, from its top, where a hit is: of the places with its words, the one whose surroundings are the most
/// like the hit's.
#[must_use]
pub fn row_on_page(model: &Model, desk: &Desk, plan: &page::Plan, columns: u16, hit: &Hit) -> Option<u16> {
    let whole = Rect::new(0, 0, columns, plan.rows);
    let mut paper = Buffer::empty(whole);
    page::draw(model, desk, (plan, 0), whole, &mut paper);
    let (letters, needle) = (letters(&paper, whole), needle(&hit.line[hit.found.clone()]));
    let (text, at) = (folded(&hit.passage.0), hit.passage.1);
    let likeness = |place: &usize| {
        let before = letters[..*place].iter().rev().zip(text[..at].iter().rev()).take_while(|((a, _), b)| a == *b);
        let after = letters[*place..].iter().zip(&text[at..]).take_while(|((a, _), b)| a == *b);
        before.count() + after.count()
    };
    // Of equals the first: `max_by_key` gives the last.
    let best = positions(&letters, &needle).into_iter().rev().max_by_key(likeness)?;
    letters[best].1.map(|position| position.y)
}

/// Marks what was looked for in an area that shows this pane.
pub fn mark(desk: &Desk, pane: Pane, area: Rect, buf: &mut Buffer) {
    let Some(found) = desk.found.as_ref().filter(|found| is_shown(desk, pane, found.place)) else { return };
    let (letters, needle) = (letters(buf, area), needle(&found.needle));
    for at in positions(&letters, &needle) {
        for position in letters[at..at + needle.len()].iter().filter_map(|(_, position)| *position) {
            if let Some(cell) = buf.cell_mut(position) {
                cell.modifier.insert(Modifier::REVERSED);
            }
        }
    }
}

/// Whether the pane shows the page or the program on which it was found.
fn is_shown(desk: &Desk, pane: Pane, place: Place) -> bool {
    match (place, pane) {
        (Place::PageTitle(number) | Place::Page(number), Pane::Text) => desk.page == number,
        (Place::Program(program, ..), Pane::Source) => desk.tab == program,
        _ => false,
    }
}
