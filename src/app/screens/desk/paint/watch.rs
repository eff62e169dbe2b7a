//! What is watched: the cores, the timeline and the results; before the first run, the prediction or an invitation.

use crate::app::frame::{Placed, Shown, Target, chrome, layout};
use crate::app::keymap::{self, Action, Id};
use crate::app::model::{Model, unavailable};
use crate::app::screens::ask::Asking;
use crate::app::screens::desk::end;
use crate::app::screens::desk::paint::{gate, guesses, objects, results};
use crate::app::screens::desk::panes::{PaneKind, Seen};
use crate::app::screens::desk::stale::Stale;
use crate::app::screens::desk::update::timeline::since;
use crate::app::screens::desk::{self, Answering, Desk, Run};
use crate::app::screens::task::tasks::{self, Tasks};
use crate::app::screens::typing;
use crate::clock::seconds;
use crate::insight::words;
use crate::lesson::{Prediction, Program};
use crate::runtime::Runtime;
use crate::trace::Trace;
use crate::view::lanes::Pointed;
use crate::view::reading::sentences;
use crate::view::timeline::Places;
use crate::view::{Cores, Legend, Timeline, Viewport, draw};
use chrono::NaiveDateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// Rows that a timeline has at least where there is room: it does not jump while threads come up.
const LEAST_TIMELINE: u16 = 11;

/// Rows of a lane at most, its gap included.
const TALLEST_LANE: u16 = 6;

/// Rows that a verdict takes most often: kept free while a run goes on, so that nothing jumps when it ends.
const USUAL_VERDICT: u16 = 4;

/// Rows of the line that says where to go from here, with the empty one above it.
const NEXT_ROWS: u16 = 2;

/// Rows that are most often needed for what a run printed and how it was measured.
const USUAL_SOURCES: u16 = 5;

/// The parts of the watching column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The question before a run.
    pub gate: Rect,
    /// A bar a core: who used how much of it.
    pub cores: Rect,
    /// The rule above the timeline, with the run's name.
    pub title: Rect,
    /// The lanes.
    pub timeline: Rect,
    /// What the glyphs mean.
    pub legend: Rect,
    /// The rule above the results.
    pub rule: Rect,
    /// The table of runs, the verdict.
    pub results: Rect,
    /// The prediction beside the measurement, and why.
    pub explanation: Rect,
    /// Where to go from here.
    pub next: Rect,
}

/// The pane.
pub struct Picture;

impl PaneKind for Picture {
    fn label(&self) -> &'static str {
        "Picture"
    }

    fn draw(&self, seen: Seen<'_>, plan: &desk::Plan, _area: Rect, buf: &mut Buffer) {
        draw(seen.model, seen.desk, seen.shown, &plan.watch, buf);
    }
}

/// Where everything in the watching column is.
#[derive(Debug, Default)]
pub struct Plan {
    /// The column cut into areas, some of them empty.
    pub parts: Parts,
    /// The timeline's columns and lanes.
    pub timeline: Places,
    /// The first row of the timeline that is shown: the selected lane is among them.
    pub first_lane: usize,
}

impl Plan {
    /// The watching column in this area, with what can be clicked there.
    #[must_use]
    pub fn new(model: &Model, desk: &Desk, trace: Option<&Trace>, area: Rect) -> (Plan, Vec<Placed>) {
        let parts = parts(model, desk, trace, area);
        if desk.gate.is_some() {
            return (Plan { parts, ..Plan::default() }, gate::targets(model, desk, parts.gate));
        }
        let Some(trace) = trace else {
            // While an answer is typed the key for that hands it in.
            let run = typing(model).is_none().then(|| Placed::new(parts.gate, Target::Key(Action::Run)));
            return (Plan { parts, ..Plan::default() }, run.into_iter().collect());
        };
        let mut view = desk.view.clone();
        let timeline = Timeline { trace, viewport: &desk.view, theme: &model.theme };
        view.first_lane = match view.selected {
            Some(row) => timeline.first_lane_for(parts.timeline, row),
            None => timeline.first_row(parts.timeline),
        };
        let timeline = Timeline { trace, viewport: &view, theme: &model.theme }.places(parts.timeline);
        let targets = timeline_targets(&timeline);
        (Plan { parts, first_lane: view.first_lane, timeline }, targets)
    }
}

/// What can be clicked in a timeline: every moment of every lane, in the lens as well, and the axis, along which the lens is
/// moved.
fn timeline_targets(timeline: &Places) -> Vec<Placed> {
    let columns = |area: Rect| Rect { x: timeline.bars.x, width: timeline.bars.width, ..area };
    let moment = |area: Rect, window, lane| Placed::new(columns(area), Target::Moment(window, lane));
    let lanes = |lanes: &[(Rect, Pointed)], window| -> Vec<Placed> {
        lanes.iter().map(|(area, lane)| moment(*area, window, Some(*lane))).collect()
    };
    let end = if timeline.lens.is_some() { timeline.bars.bottom() } else { timeline.all.bottom() };
    let whole = Rect { height: end.saturating_sub(timeline.all.y), ..timeline.all };
    let mut targets = vec![moment(whole, timeline.window, None)];
    targets.extend(lanes(&timeline.lanes, timeline.window));
    if let Some(lens) = &timeline.lens {
        targets.push(moment(lens.bars, lens.window, None));
        targets.extend(lanes(&lens.lanes, lens.window));
        targets.push(Placed::new(timeline.axis, Target::Lens(timeline.window, lens.window)));
    }
    targets.extend(timeline.folded.iter().map(|area| Placed::new(*area, Target::Key(Action::Unfold))));
    targets.retain(|placed| !placed.area.is_empty());
    targets
}

/// Divides the watching column.
#[must_use]
fn parts(model: &Model, desk: &Desk, trace: Option<&Trace>, area: Rect) -> Parts {
    if desk.gate.is_some() {
        return Parts { gate: area, ..Parts::default() };
    }
    let Some(trace) = trace else {
        let (gate, rest) = layout::top(area, (area.height / 2).max(6));
        let (rule, results) = layout::top(rest, 1);
        return Parts { gate, rule, results, ..Parts::default() };
    };
    let cores = Cores { trace, from: 0, to: 0, theme: &model.theme }.height();
    // In few rows what the shares are of gives way to the lanes.
    let most = if layout::low(model.size) { 2 } else { (area.height / 4).max(3) };
    let (cores, rest) = layout::top(area, cores.clamp(2, most));
    let (title, rest) = layout::top(rest, 1);
    let (legend, rest) = layout::top(rest, 1);
    let (lanes, twice) = Timeline { trace, viewport: &desk.view, theme: &model.theme }.rows_wanted(area.width);
    let lanes_alone = lanes.saturating_sub(2);
    let (wanted, explanation) = (wanted(model, desk, area.width), explanation_rows(model, desk, area.width));
    // A few lanes have two rows each where the results have room beside them; one, before the results go without theirs.
    let few = layout::low(model.size);
    let most = if few { rest.height.saturating_sub(2) } else { rest.height / 2 };
    let bounded = |rows: u16| rows.clamp(5, most.max(5));
    let roomy = bounded(2 * lanes_alone.min(4) + 2);
    let fits = lanes_alone <= 4
        && !few
        && rest.height >= roomy.saturating_add(wanted).saturating_add(explanation).saturating_add(1);
    let least = match twice {
        Some(twice) if twice <= most => twice,
        Some(_) => (lanes + 1).clamp(5, most.max(rest.height * 2 / 3).max(5)),
        None if fits => roomy,
        None => bounded(lanes),
    };
    // How the run was measured gives way before the table does.
    let most = rest.height.saturating_sub(least + wanted.min(14) + 1);
    // Of what is told, the prediction comes before the line that says where to go, and that before all else.
    let essential = layout::rows(&guesses::predictions(model, desk, area.width));
    let explanation = explanation.min(most.saturating_sub(NEXT_ROWS).max(essential)).min(most);
    let explanation =
        if model.live().is_some() { beside_lens(explanation, rest.height, wanted, twice) } else { explanation };
    let results = wanted.min(rest.height.saturating_sub(least + 1 + explanation));
    // The lanes take what they can use and what is left over stays below: neighbours stand together.
    let room = rest.height.saturating_sub(results + explanation + 1);
    let room = room.saturating_sub(NEXT_ROWS).max(least.min(room));
    let (timeline, rest) = layout::top(rest, timeline_rows(lanes_alone, twice, room));
    let (rule, rest) = layout::top(rest, 1);
    let (results, rest) = layout::top(rest, results);
    let (explanation, rest) = layout::top(rest, explanation);
    let (_, rest) = layout::top(rest, 1);
    let (next, _) = layout::top(rest, 1);
    Parts { gate: Rect::default(), cores, title, timeline, legend, rule, results, explanation, next }
}

/// Rows that are kept free for what is to be told of a run that goes on: fewer, where that gives the picture room for all lanes
/// over the whole run and in its lens, `twice` the rows.
fn beside_lens(explanation: u16, height: u16, results: u16, twice: Option<u16>) -> u16 {
    let others = twice.map(|twice| twice.saturating_add(results).saturating_add(1 + NEXT_ROWS));
    others.and_then(|others| height.checked_sub(others)).map_or(explanation, |left| explanation.min(left))
}

/// Rows that a timeline of so many lanes makes use of, where there is room for `most`; with a lens, `twice` has all of them
/// once more.
fn timeline_rows(lanes: u16, twice: Option<u16>, most: u16) -> u16 {
    if let Some(twice) = twice {
        // Each lane grows to five rows in both together.
        return twice.saturating_mul(5).saturating_div(2).min(most);
    }
    let lanes = lanes.max(2);
    let each = (most.saturating_sub(1) / lanes).clamp(1, TALLEST_LANE);
    let used = lanes.saturating_mul(each).saturating_add(if each > 1 { 1 } else { 2 });
    used.max(LEAST_TIMELINE).min(most)
}

/// Rows that the results below the picture take: all of them, or where room is short what the run means.
fn wanted(model: &Model, desk: &Desk, columns: u16) -> u16 {
    let live = model.live().is_some();
    if layout::one_by_one(model.size) {
        let in_short = layout::rows(&results::in_short(model, desk, columns));
        return if live { USUAL_VERDICT - 1 } else { in_short };
    }
    let verdict = if live { USUAL_VERDICT } else { 0 };
    results::with_results(model, desk, Rect { height: u16::MAX, width: columns, ..Rect::default() }, |results| {
        // One more, so that the sentence stands apart from the table; a live run has no row in it yet.
        results.height(columns).saturating_add(1 + verdict)
    })
}

/// Rows of the prediction beside the measurement; while its run goes on, those that it will take.
fn explanation_rows(model: &Model, desk: &Desk, columns: u16) -> u16 {
    if layout::one_by_one(model.size) {
        return 0;
    }
    if model.live().is_none() {
        return layout::rows(&explanation(model, desk, columns));
    }
    let cells = columns.saturating_sub(2);
    let rows = |(_, prediction): (usize, &Prediction)| {
        let explain = sentences(&prediction.explain, Style::new(), cells, &model.theme);
        layout::rows(&explain).saturating_add(2 + gate::overlaid_rows(model, desk, prediction))
    };
    desk.predictions_for(desk.tab).map(rows).fold(USUAL_SOURCES, u16::saturating_add)
}

/// Draws the watching column.
pub fn draw(model: &Model, desk: &Desk, shown: &Shown<'_>, plan: &Plan, buf: &mut Buffer) {
    let parts = plan.parts;
    if gate::draw(model, desk, parts.gate, buf) {
        return;
    }
    match shown.trace {
        Some(trace) => picture(model, desk, trace, plan, buf),
        None => invite(model, desk, parts.gate, buf),
    }
    if parts.results.is_empty() || shown.trace.is_none() && desk.runs.is_empty() {
        return;
    }
    if layout::one_by_one(model.size) {
        let all = format!("{}: all results", keymap::name(Id::Pane));
        let title = if model.live().is_some() || desk.runs.is_empty() { "" } else { all.as_str() };
        let mark = Stale::shown(model).map(|stale| stale.short(model)).unwrap_or_default();
        chrome::marked_rule(model, parts.rule, (&mark, title), buf);
        let in_short = results::in_short(model, desk, parts.results.width);
        draw::lines_cut(buf, results::inset(parts.results), &in_short, &model.theme);
        return;
    }
    if !desk.runs.is_empty() {
        let mark = Stale::shown(model).map(|stale| stale.short(model)).unwrap_or_default();
        chrome::marked_rule(model, parts.rule, (&mark, "results"), buf);
        results::with_results(model, desk, parts.results, |results| results.render(parts.results, buf));
    }
    if stuck(model, desk, shown, parts, buf) {
        return;
    }
    draw::lines_cut(
        buf,
        results::inset(parts.explanation),
        &explanation(model, desk, parts.explanation.width),
        &model.theme,
    );
    if model.live().is_none()
        && let Some(next) = next(model, desk)
    {
        let inside = results::inset(parts.next);
        draw::lines(buf, inside, &[draw::cut_line(next, inside.width, model.theme.glyphs.more)]);
    }
}

/// Says in full what is stuck while the run goes on, in the rows that are kept for what will be told of it. Whether it did.
fn stuck(model: &Model, desk: &Desk, shown: &Shown<'_>, parts: Parts, buf: &mut Buffer) -> bool {
    let found = shown.trace.and_then(|trace| trace.standstill.as_ref()).filter(|_| model.live().is_some());
    let Some(standstill) = found else { return false };
    // Below the table of the runs before it, where there is one.
    let first = if desk.runs.is_empty() { parts.rule } else { parts.explanation };
    let room = results::inset(Rect { height: parts.next.bottom().saturating_sub(first.y), ..first });
    // The line below the lanes says that it is stuck.
    let whole = standstill.sentence();
    let whole = words::sentence(whole.strip_prefix("stuck: ").unwrap_or(&whole));
    let words = draw::wrap_text(&whole, room.width, model.theme.palette.bad);
    draw::lines_cut(buf, room, &words, &model.theme);
    !words.is_empty() && room.height > 0
}

/// Where to go from here, in a line.
fn next(model: &Model, desk: &Desk) -> Option<Line<'static>> {
    let palette = &model.theme.palette;
    // Of the keys that turn pages, the one that goes on.
    let arrow = keymap::names(Id::Page, model.theme.glyphs.unicode).split(' ').next_back().unwrap_or_default();
    let key = |id: Id| keymap::name(id).to_owned();
    let (key, words) = if desk.is_alone() {
        return None;
    } else if desk.tasks().is_some_and(Tasks::all_passed) {
        (arrow.to_owned(), "the end of the lesson".to_owned())
    } else if desk.tasks().is_some() {
        (key(Id::Edit), format!("edits your copy; {} runs and judges it", keymap::name(Id::Run)))
    } else if let Some(check) = model.open_check(desk) {
        match (&desk.answering, check.choices().len()) {
            (Some(Answering { asking: Asking::Typing(_), .. }), _) => {
                (key(Id::HandIn), "hands the answer in".to_owned())
            }
            (Some(Answering { asking: Asking::Sure(_), .. }), _) => (key(Id::Sure), "how sure are you?".to_owned()),
            (_, 0) => (key(Id::Type), "types the answer to the question on the page".to_owned()),
            (_, choices) => (keymap::numbers(choices).to_owned(), "answers the question on the page".to_owned()),
        }
    } else if let Some(task) = tasks::open_task(model, desk).filter(|_| desk.page + 1 == desk.lesson.pages.len()) {
        (key(Id::OpenTask), format!("change it yourself: {task}"))
    } else if let Some(page) = desk.lesson.pages.get(desk.page + 1) {
        (arrow.to_owned(), format!("next page: {}", page.title))
    } else if !desk.on_end() {
        (arrow.to_owned(), "the end of the lesson".to_owned())
    } else if let Some((_, title)) = end::next(model, desk) {
        (key(Id::NextLesson), format!("next lesson: {title}"))
    } else {
        (key(Id::NextLesson), "the map of the course: this was the last lesson".to_owned())
    };
    Some(Line::from(vec![Span::styled(key, palette.accent), Span::styled(format!("  {words}"), palette.dim)]))
}

/// Before the first run of a tab: what to press, or why it cannot run.
fn invite(model: &Model, desk: &Desk, area: Rect, buf: &mut Buffer) {
    let palette = &model.theme.palette;
    let program = &desk.current_program().name;
    let runtime = model.runtimes.current();
    let x = area.x.saturating_add(3);
    let y = area.y.saturating_add(area.height / 3);
    if let Some(reason) = unavailable(&desk.lesson, desk.tab, runtime) {
        let words = format!("{program} cannot run on {}: {reason}.", runtime.label());
        let mut lines = draw::wrap_text(&words, area.width.saturating_sub(6), palette.text);
        lines.push(Line::default());
        lines.push(match model.able_runtime() {
            Some(place) => Line::from(vec![
                Span::styled(keymap::name(Id::Run), palette.accent),
                Span::styled(format!("  runs it on {}", model.runtimes.usable[place].label()), palette.heading),
            ]),
            None if model.lacks_packages() => Line::from(vec![
                Span::styled(keymap::name(Id::Run), palette.accent),
                Span::styled("  runs concur-tutor setup here, which asks first", palette.heading),
            ]),
            None => Line::from(vec![
                Span::styled(keymap::name(Id::Executor), palette.accent),
                Span::styled("  another executor", palette.dim),
            ]),
        });
        draw::lines(buf, Rect { x, y, ..area }.intersection(area), &lines);
        return;
    }
    let words = match (&model.active, model.run_held) {
        (Some(_), _) => Line::from(Span::styled("starting ...", palette.dim)),
        (None, true) => Line::from(Span::styled("the run starts in a moment ...", palette.dim)),
        // Keys are letters then: the one that runs is a blank.
        (None, false) if typing(model).is_some() => Line::from(vec![
            Span::styled(keymap::name(Id::StopTyping), palette.accent),
            Span::styled(format!("  stops typing; then {} runs {program}", keymap::name(Id::Run)), palette.heading),
        ]),
        (None, false) => Line::from(vec![
            Span::styled(keymap::name(Id::Run), palette.accent),
            Span::styled(format!("  runs {program} on {}", runtime.label()), palette.heading),
        ]),
    };
    draw::line(buf, area, x, y, &words);
    let what = "Every core and every thread is drawn here as the machine really ran them.";
    for (row, line) in (2..).zip(draw::wrap_text(what, area.width.saturating_sub(6), palette.dim)) {
        draw::line(buf, area, x, y + row, &line);
    }
    if let Some(line) = next(model, desk).filter(|_| model.active.is_none()) {
        draw::line(buf, area, x, y + 5, &line);
    }
}

fn picture(model: &Model, desk: &Desk, trace: &Trace, plan: &Plan, buf: &mut Buffer) {
    let (parts, view) = (&plan.parts, &Viewport { first_lane: plan.first_lane, ..desk.view.clone() });
    let (from, to) = if view.span() == 0 { (trace.zero(), trace.until()) } else { (view.from, view.to) };
    Cores { trace, from, to, theme: &model.theme }.render(parts.cores, buf);
    let mark = Stale::shown(model).map(|stale| stale.mark(model)).unwrap_or_default();
    chrome::marked_rule(model, parts.title, (&mark, &title(model, desk)), buf);
    Timeline { trace, viewport: view, theme: &model.theme }.render(parts.timeline, buf);
    let meant = meant(model, desk);
    plan.timeline.mark(meant, &model.theme, buf);
    if let Some(object) = objects::chosen(model, desk) {
        plan.timeline.mark_times(|lane| object.waits_of(lane).collect(), &model.theme, buf);
    }
    Legend { trace: Some(trace), meant: !meant.is_empty(), theme: &model.theme }.render(parts.legend, buf);
    if let Some(place) = plan.timeline.folded.first().filter(|place| place.height > 3) {
        let palette = &model.theme.palette;
        let words = [(keymap::name(Id::Unfold), palette.accent), (" opens it", palette.dim)];
        let words: Vec<Span> = words.into_iter().map(|(words, style)| Span::styled(words, style)).collect();
        draw::line(buf, *place, place.x.saturating_add(1), place.y + 2, &Line::from(words));
    }
}

/// The lanes that the results' sentence is about.
fn meant<'a>(model: &Model, desk: &'a Desk) -> &'a [usize] {
    let shown = desk.last_run(desk.tab).filter(|_| model.active.is_none());
    shown.and_then(|run| run.verdict.findings.first()).map(|found| found.because.as_slice()).unwrap_or_default()
}

/// What the picture is of.
fn title(model: &Model, desk: &Desk) -> String {
    let programs = &desk.lesson.programs;
    let since = model.shown_times().and_then(since).map(|since| format!(", {since}")).unwrap_or_default();
    match (model.live(), desk.last_run(desk.tab)) {
        (Some(active), _) => {
            let name = &programs[active.program].name;
            let first = if active.then.is_empty() { "" } else { " first, as the baseline" };
            let running = format!("running, {} stops it", keymap::name(Id::Back));
            let stop = if active.cancelled { "stopping" } else { &running };
            let held = format!(", held: {} follows", keymap::name(Id::Follow));
            let follow = if desk.view.follow { "" } else { &held };
            format!("{name} on {}{first}: {stop}{follow}{since}", active.spec.runtime.label())
        }
        (None, Some(run)) => {
            let program = &programs[run.program];
            let note = note(program, &run.spec.runtime).map_or_else(String::new, |note| format!(" ({note})"));
            let of = provenance(run, model.now);
            format!("{} on {}{of}{note}{since}", program.name, run.spec.runtime.label())
        }
        (None, None) => String::new(),
    }
}

/// When a run of an earlier session was made, and how fine its picture still is.
fn provenance(run: &Run, now: NaiveDateTime) -> String {
    if !run.kept {
        return String::new();
    }
    let day = match (now.date() - run.at.date()).num_days() {
        0 => run.at.format("today %H:%M"),
        1..=6 => run.at.format("%A %H:%M"),
        _ => run.at.format("%-d %B %Y"),
    };
    let grain = run.outcome.as_deref().map_or(0, |outcome| outcome.trace.grain);
    let thinned = if grain == 0 { String::new() } else { format!(", to {:.2} ms", seconds(grain) * 1e3) };
    format!(", of {day}{thinned}")
}

/// What is to be known of a program on this runtime.
fn note<'a>(program: &'a Program, runtime: &Runtime) -> Option<&'a str> {
    let note = program.note.as_deref()?;
    match note.strip_prefix("native: ") {
        Some(note) => matches!(runtime, Runtime::Native { .. }).then_some(note),
        None => Some(note),
    }
}

/// The prediction beside the measurement, and how it was measured.
fn explanation(model: &Model, desk: &Desk, columns: u16) -> Vec<Line<'static>> {
    if layout::one_by_one(model.size) {
        return Vec::new();
    }
    let mut lines = guesses::predictions(model, desk, columns);
    if desk.expects_success() {
        lines.extend(results::printed(model, columns));
    }
    lines.extend(results::measured(model, columns));
    lines
}
