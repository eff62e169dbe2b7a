//! The map of the course: what is read, run, passed and due, and where to go on.

use super::aside;
use crate::app::frame::{Body, Placed, Shown, Target, chrome, layout};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::app::screens::compare::demo;
use crate::learner::course::{self, Entry};
use crate::learner::review::{self, calendar};
use crate::lesson::{Outline, parts};
use crate::view::{Map, MapRow, draw, map};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Columns that the selected lesson's own words need beside the map.
const ASIDE: u16 = 36;
/// From this width on there are two columns.
const TWO: u16 = 96;
/// From this height of the map on, what a lesson is about may take two rows below it.
const ROOMY: u16 = 14;

/// What a newcomer is offered first, as far as there is room to say it.
const SEE_IT: [&str; 2] =
    ["  the same work done three ways, live, in about three seconds", "  the same work done three ways, live"];

/// The parts of the screen.
#[derive(Debug)]
struct Places {
    header: Rect,
    rule: Rect,
    greeting: Rect,
    heads: Rect,
    map: Rect,
    /// What the selected lesson is about: rows below the map, or a column beside it.
    about: Rect,
    /// Which of the two.
    beside: bool,
}

fn places(area: Rect) -> Places {
    let (header, rest) = layout::top(area, 1);
    let (rest, _) = layout::bottom(rest, 1);
    let (rule, rest) = layout::top(rest, 1);
    let (greeting, rest) = layout::top(rest, 1);
    let (heads, body) = layout::top(rest, 1);
    let wide = [map::WIDTH, map::NARROW].into_iter().find(|wide| area.width >= wide + ASIDE + 3);
    let beside = wide.filter(|_| area.width >= TWO);
    let (map, about) = match beside {
        Some(wide) => {
            let x = body.x + wide + 3;
            // A greeting is as wide as the whole map.
            let y = if wide == map::WIDTH { greeting.y } else { heads.y };
            let about = Rect { x, y, width: area.right() - x - 1, height: body.bottom() - y };
            (Rect { width: wide, ..body }, about)
        }
        None => layout::bottom(body, if body.height >= ROOMY { 2 } else { 1 }),
    };
    let heads = Rect { width: map.width, ..heads };
    let greeting = if beside == Some(map::WIDTH) { Rect { width: map.width, ..greeting } } else { greeting };
    let beside = beside.is_some();
    Places { header, rule, greeting, heads, map, about, beside }
}

/// Where everything is on the map.
#[derive(Debug)]
pub struct Plan {
    selected: usize,
    places: Places,
    targets: Vec<Placed>,
}

impl Plan {
    /// The map with this lesson selected.
    #[must_use]
    pub fn new(model: &Model, selected: usize, area: Rect) -> Plan {
        let places = places(area);
        let lesson = |(area, place)| Placed::new(area, Target::Item(place));
        let targets = with_map(model, selected, |map, _| map.placed(places.map).map(lesson).collect());
        Plan { selected, places, targets }
    }
}

impl Body for Plan {
    fn targets(&self) -> &[Placed] {
        &self.targets
    }

    fn paint(&self, model: &Model, _shown: &Shown<'_>, buf: &mut Buffer) {
        draw(model, self.selected, &self.places, buf);
    }
}

/// Calls with the map and where the learner stands in each lesson.
pub fn with_map<T>(model: &Model, selected: usize, then: impl FnOnce(&Map<'_>, &[Entry]) -> T) -> T {
    let standings: Vec<Entry> =
        model.desks.iter().map(|desk| course::of(desk.lesson.outline(), &model.progress)).collect();
    let due: Vec<Option<String>> =
        standings.iter().map(|s| s.due.map(|due| calendar::relative(due, model.today))).collect();
    let go_on = go_on(model);
    let part = |place: usize| parts::part_of(&model.parts, &model.desks[place].lesson.outline().id);
    let row = |(place, standing): (usize, &Entry)| MapRow {
        part: part(place).filter(|p| place == 0 || part(place - 1) != Some(*p)).map(|p| model.parts[p].title.as_str()),
        number: place + 1,
        title: &model.desks[place].lesson.outline().title,
        read: (standing.pages_read, standing.pages),
        run: (standing.programs_run.len(), standing.programs),
        passed: standing.passed,
        due: due[place].as_deref().zip(standing.due.map(|day| day <= model.today)),
        sign: match go_on {
            None if place == 0 && !begun(&standings) => Some("start here"),
            Some(here) if here == place => Some("go on"),
            _ => None,
        },
    };
    let rows: Vec<MapRow<'_>> = standings.iter().enumerate().map(row).collect();
    then(&Map { rows: &rows, selected, theme: &model.theme }, &standings)
}

/// Whether any lesson was begun.
pub fn begun(standings: &[Entry]) -> bool {
    standings.iter().any(|standing| standing.pages_read > 0)
}

fn go_on(model: &Model) -> Option<usize> {
    course::go_on(model.outlines(), &model.progress)
}

/// Draws the map.
fn draw(model: &Model, selected: usize, places: &Places, buf: &mut Buffer) {
    chrome::header(model, "Lessons", None, places.header, buf);
    draw::rule(buf, places.rule, places.rule.y, &model.theme);
    with_map(model, selected, |map, standings| {
        greet(model, begun(standings), places.greeting, buf);
        map.heads(places.heads, buf);
        map.render(places.map, buf);
        if let (Some(desk), Some(standing)) = (model.desks.get(selected), standings.get(selected)) {
            if places.beside {
                let bar = Rect { x: places.about.x - 2, width: 1, ..places.about };
                for y in bar.top()..bar.bottom() {
                    draw::text(buf, bar, bar.x, y, model.theme.glyphs.bar, model.theme.palette.faint);
                }
                aside::draw(model, selected, standing, places.about, buf);
            } else {
                below(model, desk.lesson.outline(), places.about, buf);
            }
        }
    });
}

/// The first thing to read: where to begin or to go on, and what is due.
fn greet(model: &Model, begun: bool, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let Some(words) = where_to(model, begun) else {
        let x = draw::text(buf, area, area.x + 3, area.y, keymap::name(Id::SeeIt), palette.selected);
        let room = area.right().saturating_sub(x);
        let words = SEE_IT.into_iter().find(|words| draw::width(words) <= room).unwrap_or_default();
        draw::text(buf, area, x, area.y, words, palette.heading);
        return;
    };
    let x = draw::text(buf, area, area.x + 3, area.y, &words, palette.heading);
    if let Some(due) = due(model) {
        draw::text(buf, area, x + 2, area.y, &due, palette.accent);
    }
}

/// Where to begin or to go on, and what is due; `None` where a newcomer is shown something first.
pub fn greeting(model: &Model, begun: bool) -> Option<String> {
    let words = where_to(model, begun)?;
    Some(due(model).map_or(words.clone(), |due| format!("{words} {due}")))
}

fn where_to(model: &Model, begun: bool) -> Option<String> {
    if demo::is_offered(model) {
        return None;
    }
    let place = go_on(model);
    Some(match place.and_then(|place| Some((place, model.desks.get(place)?))) {
        Some((place, desk)) => format!("Go on with {} {}.", place + 1, desk.lesson.outline().title),
        None if begun => "You have passed every lesson.".to_owned(),
        None => format!("See Python's concurrency, live. Start here: press {}.", keymap::name(Id::OpenRow)),
    })
}

fn due(model: &Model) -> Option<String> {
    let due = review::due(model.outlines(), &model.progress, model.today).len();
    let s = if due == 1 { "topic is" } else { "topics are" };
    (due > 0).then(|| format!("{due} {s} due today: press {}.", keymap::name(Id::Review)))
}

/// What the selected lesson is about, in the rows below the map.
fn below(model: &Model, lesson: &Outline, area: Rect, buf: &mut Buffer) {
    let inside = Rect { x: area.x + 3, width: area.width.saturating_sub(4), ..area };
    let words = format!("{} About {} minutes.", lesson.summary, lesson.minutes);
    let lines = draw::wrap_text(&words, inside.width, model.theme.palette.dim);
    draw::lines_cut(buf, inside, &lines, &model.theme);
}
