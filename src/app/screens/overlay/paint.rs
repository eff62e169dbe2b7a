//! How what lies over a screen is drawn, and where everything in it is.

use crate::app::frame::{Body, Placed, Scrolled, Shown, Target, chrome};
use crate::app::keymap::{self, Action, Id};
use crate::app::model::{Model, Overlay};
use crate::app::screens::ask::Field;
use crate::app::screens::overlay::{self, commands, search};
use crate::runtime::Runtime;
use crate::view::{Finder, Help, Picker, PickerItem, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

/// The overlay's box on this screen, its frame included.
#[must_use]
fn frame(model: &Model, overlay: Overlay, area: Rect) -> Rect {
    let (wide, high) = match overlay {
        Overlay::Help(_) => (96, help_rows(model) + 6),
        Overlay::Runtimes(_) => {
            let rows = model.runtimes.usable.len() + model.runtimes.unusable.len();
            (96, u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(6))
        }
        Overlay::Commands => (92, 26),
        Overlay::Search => (116, 44),
        Overlay::Forget(_) => (72, 10),
        Overlay::Reset => (72, 9),
    };
    let wide = area.width.saturating_sub(4).min(wide);
    let high = area.height.saturating_sub(2).min(high);
    Rect { x: area.x + (area.width - wide) / 2, y: area.y + (area.height - high) / 2, width: wide, height: high }
}

/// The rows inside an overlay's box, below its title, and below its field where it has one.
#[must_use]
fn inside(model: &Model, overlay: Overlay, frame: Rect) -> Rect {
    let field = u16::from(overlay::field(model, overlay).is_some());
    Rect {
        x: frame.x.saturating_add(1),
        y: frame.y.saturating_add(3 + field),
        width: frame.width.saturating_sub(2),
        height: frame.height.saturating_sub(6 + field),
    }
}

fn help_rows(model: &Model) -> u16 {
    Help { keys: &chrome::help_rows(model.theme.glyphs.unicode), scroll: 0, theme: &model.theme }.height()
}

/// Where everything is.
#[derive(Debug)]
pub struct Plan {
    overlay: Overlay,
    frame: Rect,
    inside: Rect,
    /// How far the help is scrolled.
    pub scroll: Scrolled,
    targets: Vec<Placed>,
}

impl Plan {
    /// This overlay on a screen of this size. A click around its rows closes it.
    #[must_use]
    pub fn new(model: &Model, overlay: Overlay, area: Rect) -> Plan {
        let frame = frame(model, overlay, area);
        let inside = inside(model, overlay, frame);
        let mut targets = around(area, inside).map(|area| Placed::new(area, Target::Key(Action::Back))).to_vec();
        let mut scroll = Scrolled::default();
        match overlay {
            Overlay::Help(at) => scroll = Scrolled::new(at, help_rows(model), inside.height),
            Overlay::Runtimes(row) => with_picker(model, row, |picker| {
                targets.extend(picker.placed(inside).map(|(area, item)| Placed::new(area, Target::Runtime(item))));
            }),
            Overlay::Commands | Overlay::Search => with_finder(model, overlay, inside.width, |finder| {
                targets.extend(finder.placed(inside).map(|(area, row)| Placed::new(area, Target::Item(row))));
            }),
            Overlay::Forget(_) => {
                let keys = (0..).zip([Action::ForgetLesson, Action::ForgetAll]);
                targets.extend(keys.map(|(n, key)| Placed::new(draw::row(inside, n), Target::Key(key))));
            }
            Overlay::Reset => targets.push(Placed::new(draw::row(inside, 0), Target::Key(Action::BeginAnew))),
        }
        targets.retain(|placed| !placed.area.is_empty());
        Plan { overlay, frame, inside, scroll, targets }
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

/// An area without a part of it: above, below, left and right.
fn around(all: Rect, part: Rect) -> [Rect; 4] {
    let above = Rect { height: part.y.saturating_sub(all.y), ..all };
    let below = Rect { y: part.bottom(), height: all.bottom().saturating_sub(part.bottom()), ..all };
    let left = Rect { x: all.x, width: part.x.saturating_sub(all.x), ..part };
    let right = Rect { x: part.right(), width: all.right().saturating_sub(part.right()), ..part };
    [above, below, left, right]
}

fn draw(model: &Model, plan: &Plan, buf: &mut Buffer) {
    let Plan { overlay, frame, inside, scroll, .. } = *plan;
    Clear.render(frame, buf);
    outline(model, frame, buf);
    let palette = &model.theme.palette;
    let name = keymap::name;
    let (title, hint) = match overlay {
        Overlay::Help(_) => {
            let keys = chrome::help_rows(model.theme.glyphs.unicode);
            Help { keys: &keys, scroll: scroll.at, theme: &model.theme }.render(inside, buf);
            let scroll = model.keys(Id::ChooseRow);
            ("Keys", format!("{scroll} scroll; {} or {} closes", name(Id::Help), name(Id::Back)))
        }
        Overlay::Runtimes(row) => {
            with_picker(model, row, |picker| picker.render(inside, buf));
            let hint = format!("{} uses it; {} closes; --python PATH adds one", name(Id::OpenRow), name(Id::Back));
            ("Who runs the programs", hint)
        }
        Overlay::Commands => {
            with_finder(model, overlay, inside.width, |finder| finder.render(inside, buf));
            let choose = model.keys(Id::ChooseFound);
            let hint = format!("{choose} choose; {} does it; {} closes", name(Id::OpenFound), name(Id::CloseFound));
            ("What works here", hint)
        }
        Overlay::Search => {
            with_finder(model, overlay, inside.width, |finder| finder.render(inside, buf));
            let choose = model.keys(Id::ChooseFound);
            let hint = format!("{choose} choose; {} goes there; {} closes", name(Id::OpenFound), name(Id::CloseFound));
            let said = Rect { y: frame.y.saturating_add(1), height: 1, ..inside };
            let said = Rect { width: said.width.saturating_sub(1), ..said };
            draw::text_right(buf, said, said.y, &search::words(model), palette.dim);
            ("Search", hint)
        }
        Overlay::Forget(place) => {
            forget(model, place, inside, buf);
            ("Forget progress?", format!("{} forgets nothing", name(Id::Back)))
        }
        Overlay::Reset => {
            option(model, draw::row(inside, 0), (name(Id::BeginAnew), "begin anew with the lesson's program"), buf);
            ("Throw away what you changed?", format!("{} keeps your copy", name(Id::Back)))
        }
    };
    let above = Rect { y: frame.y.saturating_add(1), height: 1, ..inside };
    draw::text(buf, above, above.x + 1, above.y, title, palette.heading);
    if let Some(field) = overlay::field(model, overlay) {
        draw_field(model, field, Rect { y: frame.y.saturating_add(2), height: 1, ..inside }.intersection(frame), buf);
    }
    let last = Rect { y: frame.bottom().saturating_sub(2), height: 1, ..inside }.intersection(frame);
    draw::text(buf, last, last.x + 1, last.y, &hint, palette.dim);
}

/// Calls with what was found.
fn with_finder<T>(model: &Model, overlay: Overlay, columns: u16, then: impl FnOnce(&Finder<'_>) -> T) -> T {
    let (rows, selected) = match overlay {
        Overlay::Commands => (commands::rows(model, columns), model.commands.row),
        Overlay::Search => (search::rows(model, columns), model.search.finding.row),
        _ => (Vec::new(), 0),
    };
    then(&Finder { rows: &rows, selected, theme: &model.theme })
}

/// What is typed, its end where there is no room for all, and the cell that the next letter takes.
fn draw_field(model: &Model, field: &Field, row: Rect, buf: &mut Buffer) {
    let (palette, glyphs) = (&model.theme.palette, &model.theme.glyphs);
    let x = draw::text(buf, row, row.x + 1, row.y, glyphs.bar, palette.accent).saturating_add(1);
    let typed = field.lines().first().map_or("", String::as_str);
    let (before, after): (String, String) = {
        let (_, at) = field.cursor();
        (typed.chars().take(at).collect(), typed.chars().skip(at).collect())
    };
    let room = row.right().saturating_sub(x + 2);
    let kept: String = {
        let mut used = 0u16;
        let fits = |c: &char| {
            used = used.saturating_add(draw::width(c.encode_utf8(&mut [0; 4])));
            used <= room
        };
        let tail: Vec<char> = before.chars().rev().take_while(fits).collect();
        tail.into_iter().rev().collect()
    };
    let x = draw::text(buf, row, x, row.y, &kept, palette.text);
    let mut rest = after.chars();
    let under = rest.next().unwrap_or(' ').to_string();
    let x = draw::text(buf, row, x, row.y, &under, palette.text.reversed());
    draw::text(buf, row, x, row.y, rest.as_str(), palette.text);
}

/// What each key would forget.
fn forget(model: &Model, place: usize, inside: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let lesson = model.desks.get(place).map_or("", |desk| &desk.lesson.title);
    let one = format!("what you read, ran and answered in {} {lesson}", place + 1);
    let words = [
        (keymap::name(Id::ForgetLesson), one.as_str()),
        (keymap::name(Id::ForgetAll), "what you did in every lesson, and all reviews"),
    ];
    for (n, (key, what)) in (0..).zip(words) {
        option(model, draw::row(inside, n), (key, what), buf);
    }
    let row = draw::row(inside, 3);
    let copy = "A copy of your progress is kept; its name is told.";
    draw::text(buf, row, row.x + 1, row.y, copy, palette.dim);
}

/// A key, and what it does.
fn option(model: &Model, row: Rect, (key, what): (&str, &str), buf: &mut Buffer) {
    let palette = &model.theme.palette;
    draw::text(buf, row, row.x + 1, row.y, key, palette.accent);
    let room = row.width.saturating_sub(5);
    draw::text(buf, row, row.x + 4, row.y, &draw::cut(what, room, model.theme.glyphs.more), palette.text);
}

fn outline(model: &Model, frame: Rect, buf: &mut Buffer) {
    use ratatui::widgets::{Block, BorderType};
    let block = Block::bordered().border_style(model.theme.palette.dim);
    let block =
        if model.theme.glyphs.unicode { block.border_type(BorderType::Rounded) } else { block.border_set(ASCII) };
    block.render(frame, buf);
}

/// A frame of 7-bit signs.
const ASCII: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Calls with the list of runtimes.
pub fn with_picker<T>(model: &Model, selected: usize, then: impl FnOnce(&Picker<'_>) -> T) -> T {
    let usable: Vec<(String, String)> = model.runtimes.usable.iter().map(|r| (r.label(), detail(r))).collect();
    let mut items: Vec<PickerItem<'_>> =
        usable.iter().map(|(label, detail)| PickerItem { label, detail, unusable: None }).collect();
    let rest = model.runtimes.unusable.iter();
    items.extend(rest.map(|(path, why)| PickerItem { label: short(path), detail: path, unusable: Some(why) }));
    then(&Picker { items: &items, selected, current: Some(model.runtimes.selected), theme: &model.theme })
}

/// The last part of a path.
fn short(path: &str) -> &str {
    path.rsplit('/').find(|part| !part.is_empty()).unwrap_or(path)
}

fn detail(runtime: &Runtime) -> String {
    match runtime {
        Runtime::CPython(python) => python.path.display().to_string(),
        Runtime::Native { gil: true } => "the tutor's own: real threads under a model of CPython's GIL".to_owned(),
        Runtime::Native { gil: false } => "the tutor's own: the same threads without a GIL".to_owned(),
    }
}
