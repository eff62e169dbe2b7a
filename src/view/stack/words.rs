//! What a stack says in words: how long a run took, how much that is against the baseline, who had the GIL.

use super::frame::Frame;
use super::lanes::Drawn;
use super::{Stack, StackRun, Standing, lanes};
use crate::clock::{Nanos, seconds};
use crate::insight::Pace;
use crate::insight::words::grouped_whole;
use crate::trace::{Span, State, Trace};
use crate::view::draw;
use crate::view::timeline::Window;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A length of time with as many digits as say something, as sentences have it.
fn length(nanos: Nanos) -> String {
    match seconds(nanos) {
        s if s >= 9.95 => format!("{s:.1} s"),
        s if s >= 0.0995 => format!("{s:.2} s"),
        s if s >= 0.000_995 => format!("{:.0} ms", s * 1e3),
        _ => "<1 ms".to_owned(),
    }
}

/// How many lanes one row stands for.
pub(super) fn folded(trace: &Trace) -> String {
    format!("{} lanes", grouped_whole(lanes::drawn(trace).len()))
}

/// How fast a run was beside the baseline.
fn pace(wall: Nanos, baseline: Nanos) -> Option<Pace> {
    Pace::of(draw::share(baseline, wall))
}

/// How much of the baseline's time was saved, or how much longer it took; `None` where that is no difference.
fn saved(wall: Nanos, baseline: Nanos) -> Option<String> {
    let words = match pace(wall, baseline)? {
        Pace::Same(_) => return None,
        Pace::Faster(_) => "saved",
        Pace::Slower(_) => "longer",
    };
    Some(format!("{} {words}", length(wall.abs_diff(baseline))))
}

/// A run of which there is no trace: its length where that is known, else why there is none.
pub(super) fn empty(stack: &Stack<'_>, run: &StackRun<'_>, bars: Rect, buf: &mut Buffer) {
    let (palette, glyphs) = (&stack.theme.palette, &stack.theme.glyphs);
    let words = match (run.standing, run.wall) {
        (Standing::Impossible(why), _) => why,
        (_, Some(wall)) => {
            let window = Window { from: stack.from, to: stack.to, columns: bars.width };
            let end = bars.x + window.column(wall.min(stack.to)) + 1;
            (bars.left()..end.min(bars.right())).for_each(|x| {
                draw::text(buf, bars, x, bars.y, glyphs.rule, palette.dim);
            });
            return;
        }
        (Standing::Live, None) => "starting",
        (
            Standing::Baseline | Standing::Compared | Standing::Undecided | Standing::Apart | Standing::Unjudged(_),
            None,
        ) => "nothing was recorded",
        _ => "",
    };
    draw::text(buf, bars, bars.x, bars.y, &draw::cut(words, bars.width, glyphs.more), palette.dim);
}

/// What stands behind the bars of a run and beside them.
pub(super) fn beside(stack: &Stack<'_>, run: &StackRun<'_>, frame: &Frame, place: Rect, buf: &mut Buffer) {
    let palette = &stack.theme.palette;
    let side = Rect { x: frame.bars.right(), width: frame.words, ..place }.intersection(place);
    let seen = run.wall.is_some() || run.trace.is_some_and(|trace| lanes::drawn(trace).len() > 0);
    let Some(wall) = run.wall().filter(|_| seen) else {
        if let Standing::Unjudged(how) = run.standing {
            draw::text_right(buf, side, place.y, &draw::cut(how, side.width, stack.theme.glyphs.more), palette.bad);
        }
        return;
    };
    let hatch = hatch(stack, run, frame, place, wall, buf);
    let words = length(wall);
    let style = if run.standing == Standing::Live { palette.dim } else { palette.heading };
    let x = hatch.end.saturating_add(1);
    let fits = x + draw::width(&words) < frame.bars.right();
    let at = if fits { x } else { side.x.saturating_add(1) };
    let all = Rect { x: frame.bars.x, width: side.right().saturating_sub(frame.bars.x), ..place };
    draw::text(buf, all, at.saturating_sub(1), place.y, " ", Style::new());
    let after = draw::text(buf, all, at, place.y, &words, style);
    if fits && after < frame.bars.right() {
        draw::text(buf, all, after, place.y, " ", Style::new());
    }
    if !frame.tells() {
        return;
    }
    let (verdict, style) = match (run.standing, stack.baseline()) {
        (Standing::Baseline, _) => ("baseline".to_owned(), palette.dim),
        (Standing::Compared | Standing::Undecided, Some(baseline)) => {
            let beside = pace(wall, baseline);
            let good = matches!(beside, Some(Pace::Faster(_))) && run.standing == Standing::Compared;
            let style = match run.standing {
                Standing::Undecided => palette.dim,
                _ if good => palette.good,
                _ => palette.text,
            };
            (beside.map_or_else(String::new, |pace| pace.cell(stack.theme.glyphs.times)), style)
        }
        (Standing::Apart, _) => ("other work".to_owned(), palette.dim),
        (Standing::Unjudged(how), _) => (how.to_owned(), palette.bad),
        (Standing::Live, _) => (String::new(), palette.accent),
        _ => (String::new(), palette.dim),
    };
    let room = side.right().saturating_sub(if fits { side.x } else { after } + 1);
    let mut notes: Vec<(String, Style)> = Vec::new();
    let (unjudged, fits) = (matches!(run.standing, Standing::Unjudged(_)), draw::width(&verdict) <= room);
    if unjudged && !fits && place.height > 1 {
        notes.push((verdict, style));
    } else if unjudged || fits {
        draw::text_right(buf, side, place.y, &draw::cut(&verdict, room, stack.theme.glyphs.more), style);
    }
    let other = saved(wall, stack.baseline().unwrap_or(wall)).filter(|_| run.standing == Standing::Compared);
    if let Some(words) = other.filter(|_| !hatch.named) {
        notes.push((words, if hatch.end < frame.bars.right() { palette.good } else { palette.text }));
    }
    if run.standing == Standing::Undecided && pace(wall, stack.baseline().unwrap_or(wall)).is_some_and(Pace::differs) {
        let words = if side.width > 20 { "no clear difference" } else { "unclear" };
        notes.push((words.to_owned(), palette.dim));
    }
    notes.extend(run.trace.and_then(|trace| gil(trace, side.width)).map(|words| (words, palette.dim)));
    for (y, (words, style)) in (place.y + 1..place.bottom()).zip(&notes) {
        let words = draw::cut(words, side.width.saturating_sub(1), stack.theme.glyphs.more);
        draw::text_right(buf, side, y, &words, *style);
    }
}

/// Where a run's bars end, and whether the way from there to the baseline's end has its name.
struct Hatch {
    /// The first column behind the bars.
    end: u16,
    named: bool,
}

/// Leads from the end of a run to the end of the baseline.
fn hatch(stack: &Stack<'_>, run: &StackRun<'_>, frame: &Frame, place: Rect, wall: Nanos, buf: &mut Buffer) -> Hatch {
    let (palette, glyphs, bars) = (&stack.theme.palette, &stack.theme.glyphs, frame.bars);
    let window = Window { from: stack.from, to: stack.to, columns: bars.width };
    let behind = |at: Nanos| match at {
        at if at >= stack.to => bars.right(),
        at if at <= stack.from => bars.x,
        at => (bars.x + window.column(at - 1) + 1).min(bars.right()),
    };
    let end = behind(wall);
    let Some(baseline) = stack.baseline().filter(|_| run.standing == Standing::Compared) else {
        return Hatch { end, named: false };
    };
    let until = behind(baseline);
    let Some(words) = saved(wall, baseline).filter(|_| until > end) else { return Hatch { end, named: false } };
    for y in place.top()..place.bottom() {
        // The learner's cursor stands before the hatch.
        let free = |x: &u16| buf.cell((*x, y)).is_some_and(|cell| cell.symbol() != glyphs.cursor);
        for x in (end..until).filter(free).collect::<Vec<_>>() {
            draw::text(buf, bars, x, y, glyphs.saved, palette.faint);
        }
    }
    let words = format!(" {words} ");
    let wide = draw::width(&words);
    // In a row of its own where there is one; else behind the length.
    let (row, from) = if place.height > 1 { (place.y + place.height / 2, end) } else { (place.y, end + 10) };
    let named = from.saturating_add(wide + 1) < until;
    if named {
        draw::text(buf, bars, from + (until - from - wide) / 2, row, &words, palette.good);
    }
    Hatch { end, named }
}

/// Who had the GIL, in so many cells; nothing where it was not seen, or there was none.
fn gil(trace: &Trace, cells: u16) -> Option<String> {
    let drawn = lanes::drawn(trace);
    match lanes::passed_on(trace, &drawn)[..] {
        [one] => {
            let turns = trace.gils[one].turns();
            let words = format!("one GIL, {} turn{}", grouped_whole(turns), if turns == 1 { "" } else { "s" });
            Some(if draw::width(&words) < cells { words } else { "one GIL".to_owned() })
        }
        [_, ..] => None,
        [] => lanes::a_gil_each(trace, &drawn).then(|| "a GIL each".to_owned()),
    }
}

/// What a run did at an instant after its zero, in words.
pub(super) fn at_instant(run: &StackRun<'_>, after: Nanos) -> String {
    let Some(trace) = run.trace else {
        return match run.standing {
            Standing::Impossible(why) => why.to_owned(),
            Standing::Live | Standing::ToCome => "has not begun".to_owned(),
            _ => "not recorded".to_owned(),
        };
    };
    let at = trace.zero().saturating_add(run.since).saturating_add(after);
    if at >= trace.until() {
        return if run.ended() { "had ended" } else { "has not come so far" }.to_owned();
    }
    let drawn = lanes::drawn(trace);
    let span = |lane: usize| trace.lanes[lane].spans.at(at);
    let state = |lane: usize| span(lane).map(|span| span.state);
    if let Drawn::Crowd(_) = drawn {
        return crate::view::timeline::described::in_words(&trace.census.at(at));
    }
    if drawn.len() <= 3 {
        let words = |lane: usize| format!("{} {}", trace.lanes[lane].name, span(lane).map_or("not there", Span::label));
        return drawn.few().iter().map(|(lane, _)| words(*lane)).collect::<Vec<_>>().join(", ");
    }
    let mut counts = [0usize; State::COUNT];
    drawn.few().iter().filter_map(|(lane, _)| state(*lane)).for_each(|state| counts[state.index()] += 1);
    crate::view::timeline::described::in_words(&counts)
}
