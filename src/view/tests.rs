//! Every view on every fixture: pictures at sensible sizes, no panic at any.

use super::lanes::{Open, Pointed, Rows};
use super::stack::{Stack, StackRun};
use super::timeline::column::Column;
use super::{Background, ColorDepth, Cores, Theme, Timeline, Viewport, fixtures, gallery};
use crate::clock::MILLISECOND;
use crate::trace::{LaneKind, Trace};
use gallery::{Draw, OF_A_TRACE, OTHERS};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use std::fmt::Write as _;

fn picture(draw: Draw, trace: &Trace, theme: &Theme, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(trace, theme, area, &mut buf);
    buf
}

/// Symbols row by row, then the styles row by row as runs: `a12` is twelve cells in style `a`, `.` is the default.
fn serialize(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buf.area.height {
        let row: String = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
        writeln!(out, "|{}", row.trim_end()).expect("a string takes it");
    }
    let mut known: Vec<Style> = vec![Style::reset()];
    for y in 0..buf.area.height {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for x in 0..buf.area.width {
            let style = Style { underline_color: None, ..buf[(x, y)].style() };
            let style =
                if style == (Style { underline_color: None, ..Style::reset() }) { Style::reset() } else { style };
            let id = known.iter().position(|k| *k == style).unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            match runs.last_mut() {
                Some((last, count)) if *last == id => *count += 1,
                _ => runs.push((id, 1)),
            }
        }
        let words: Vec<String> = runs.iter().map(|(id, count)| format!("{}{count}", letter(*id))).collect();
        if words.len() > 1 || runs.first().is_some_and(|(id, _)| *id != 0) {
            writeln!(out, "{y:>2}: {}", words.join(" ")).expect("a string takes it");
        }
    }
    for (id, style) in known.iter().enumerate().skip(1) {
        let color = |c: Option<ratatui::style::Color>| c.map_or_else(String::new, |c| c.to_string());
        let (fg, bg) = (color(style.fg), color(style.bg));
        writeln!(out, "{} = {fg} on {bg} {:?}", letter(id), style.add_modifier).expect("a string takes it");
    }
    out
}

fn letter(id: usize) -> String {
    match id {
        0 => ".".to_owned(),
        n => char::from_u32(u32::try_from(n - 1).unwrap_or(0) % 26 + u32::from(b'a'))
            .map_or_else(String::new, |c| if n > 26 { format!("{c}{}-", (n - 1) / 26) } else { c.to_string() }),
    }
}

fn themes() -> [(&'static str, Theme); 6] {
    [
        ("dark", Theme::dark()),
        ("light", Theme::light()),
        ("plain", Theme::plain()),
        ("ascii", Theme::plain().ascii()),
        ("256", Theme::new(Background::Light, ColorDepth::Ansi256, true)),
        ("16", Theme::new(Background::Dark, ColorDepth::Ansi16, true)),
    ]
}

#[test]
fn nothing_panics_at_any_size() {
    let sizes = [(0, 0), (0, 9), (9, 0), (1, 1), (2, 3), (3, 2), (20, 5), (21, 1), (63, 7), (80, 24), (200, 60)];
    for (_, trace) in fixtures::all() {
        for (_, theme) in themes() {
            for (_, draw) in OF_A_TRACE {
                for (width, height) in sizes {
                    picture(draw, &trace, &theme, width, height);
                }
            }
        }
    }
    let (_, trace) = fixtures::all().remove(0);
    for (_, theme) in themes() {
        for (_, draw) in OTHERS {
            for (width, height) in sizes {
                picture(draw, &trace, &theme, width, height);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_viewport_panics(
        from: u64, to: u64, near in 6_900_000_000u64..7_400_000_000, span in 0u64..400_000_000, use_near: bool,
        cursor: Option<u64>, selected in prop::option::of(0usize..60), first in 0usize..100,
        x in 0u16..30, y in 0u16..30, width in 0u16..200, height in 0u16..60, which in 0usize..64,
    ) {
        let mut all = fixtures::all();
        let which = which % all.len();
        let (_, trace) = all.swap_remove(which);
        let (from, to) = if use_near { (near, near + span) } else { (from, to) };
        let cursor = if use_near { cursor.map(|c| near + c % 400_000_000) } else { cursor };
        let open = [Open::Folded, Open::Lanes, Open::All][which % 3];
        let view = Viewport { from, to, cursor, selected: selected.map(Pointed::Lane), first_lane: first, lens: cursor, follow: false, open };
        let mut buf = Buffer::empty(Rect::new(0, 0, 150, 50));
        let (theme, area) = (Theme::dark(), Rect::new(x, y, width, height));
        Timeline { trace: &trace, viewport: &view, theme: &theme }.render(area, &mut buf);
        Cores { trace: &trace, from, to, theme: &theme }.render(area, &mut buf);
    }
}

#[test]
fn no_view_draws_outside_its_area() {
    for (_, trace) in fixtures::all() {
        for (name, draw) in OF_A_TRACE.into_iter().chain(OTHERS) {
            for inner in
                [Rect::new(7, 3, 31, 6), Rect::new(5, 5, 1, 1), Rect::new(30, 8, 90, 20), Rect::new(4, 4, 0, 3)]
            {
                let mut buf = Buffer::empty(Rect::new(0, 0, 100, 24));
                draw(&trace, &Theme::dark(), inner, &mut buf);
                for y in 0..24 {
                    for x in 0..100 {
                        let blank = buf[(x, y)] == ratatui::buffer::Cell::EMPTY;
                        let inside = inner.contains((x, y).into());
                        assert!(
                            blank || inside,
                            "{name} drew {:?} at {x},{y} outside of {inner}",
                            buf[(x, y)].symbol()
                        );
                    }
                }
            }
        }
    }
}

/// A million spans could not be drawn one by one: the shares of cells that hold a thousand each are exact all the same.
#[test]
fn many_spans_under_one_cell_are_drawn_as_their_share() {
    let trace = fixtures::many_spans(20_000).ended();
    let column = |width: u64| Column::of(&trace.lanes[0].spans, fixtures::ZERO, fixtures::ZERO + width);
    assert!((column(50_000_000).on_share() - 0.5).abs() < 1e-9);
    let buf = picture(OF_A_TRACE[0].1, &trace, &Theme::dark(), 80, 3);
    let row: String = (0..80).map(|x| buf[(x, 1)].symbol()).collect();
    assert_eq!(row.matches('▚').count(), usize::from(80 - 10 - 13u16), "a cell of many turns says so: {row}");
}

/// Turns under one GIL never look like threads that run at once, whatever the size, the zoom and the colours, and wherever
/// the lens is put.
#[test]
fn turns_do_not_look_like_running_side_by_side() {
    let pairs = [
        (fixtures::two_threads_under_the_gil().ended(), fixtures::two_threads_at_once().ended()),
        (fixtures::two_threads_taking_turns().ended(), fixtures::two_threads_at_once_for_long().ended()),
    ];
    let windows = [2_400, 900, 400, 240, 120, 60, 20].map(|ms| ms * MILLISECOND);
    for (turns, at_once) in &pairs {
        let totals = |trace: &Trace| trace.lanes.iter().map(|lane| *lane.totals()).collect::<Vec<_>>();
        assert_eq!(totals(turns), totals(at_once), "the sums do not tell them apart");
        let looks = [Theme::dark(), Theme::light(), Theme::plain(), Theme::plain().ascii()];
        let sizes = (20..=200).step_by(20).flat_map(|width| [6, 8, 11, 14, 22, 40].map(|height| (width, height)));
        for ((width, height), theme) in sizes.flat_map(|size| looks.iter().map(move |look| (size, look))) {
            for window in windows.into_iter().filter(|window| *window <= turns.until() - turns.zero()) {
                for lens in [None, Some(fixtures::ZERO + window / 3)] {
                    let to = fixtures::ZERO + window;
                    let viewport = Viewport { from: fixtures::ZERO, to, lens, ..Viewport::fit(turns) };
                    let symbols = |trace: &Trace| -> String {
                        let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
                        Timeline { trace, viewport: &viewport, theme }.render(buf.area, &mut buf);
                        buf.content.iter().map(ratatui::buffer::Cell::symbol).collect()
                    };
                    assert_ne!(symbols(turns), symbols(at_once), "{width}x{height}, {window} ns");
                }
            }
        }
    }
}

/// Where there is a lens, its lanes alone tell turns from threads that run at once: at no instant are two of them filled.
#[test]
fn in_the_lens_one_lane_at_a_time_is_filled() {
    let (turns, at_once) =
        (fixtures::two_threads_taking_turns().ended(), fixtures::two_threads_at_once_for_long().ended());
    let (theme, viewport) = (Theme::dark(), Viewport::fit(&turns));
    let filled_twice = |trace: &Trace, area: Rect| -> Option<usize> {
        let timeline = Timeline { trace, viewport: &viewport, theme: &theme };
        let mut buf = Buffer::empty(area);
        timeline.render(area, &mut buf);
        let lens = timeline.places(area).lens?;
        let rows: Vec<u16> = lens
            .lanes
            .iter()
            .filter(|(_, lane)| matches!(lane, Pointed::Lane(1..)))
            .map(|(place, _)| place.y)
            .collect();
        let full = |x: u16| rows.iter().filter(|y| buf[(x, **y)].symbol() == theme.glyphs.full).count();
        Some((lens.bars.left()..lens.bars.right()).filter(|x| full(*x) > 1).count())
    };
    for (width, height) in [(60, 9), (69, 11), (80, 12), (120, 20), (200, 50)] {
        let area = Rect::new(0, 0, width, height);
        assert_eq!(filled_twice(&turns, area), Some(0), "turns, {width}x{height}");
        assert!(filled_twice(&at_once, area).is_none_or(|cells| cells > 5), "at once, {width}x{height}");
    }
}

fn name_of(trace: &Trace, pointed: Pointed) -> String {
    match pointed {
        Pointed::Lane(lane) => trace.lanes[lane].name.clone(),
        Pointed::Gil(_) => "GIL".to_owned(),
        Pointed::Task(task) => trace.tasks.label(&trace.tasks.tracks[task]),
    }
}

/// Lookups in lanes, not time: what a frame costs on any machine, however busy.
#[test]
fn ten_thousand_lanes_or_tasks_are_asked_no_more_than_a_hundred() {
    use crate::trace::span::ASKED;
    let (theme, area) = (Theme::dark(), Rect::new(0, 0, 160, 50));
    let asked = |trace: Trace, open: Open| {
        let selected = Rows::new(&trace, open).step(None, isize::MAX);
        let viewport = Viewport { open, cursor: Some(fixtures::ZERO), selected, ..Viewport::fit(&trace) };
        let timeline = Timeline { trace: &trace, viewport: &viewport, theme: &theme };
        let mut buf = Buffer::empty(area);
        ASKED.set(0);
        let _ = timeline.rows_wanted(area.width);
        let _ = timeline.places(area);
        timeline.render(area, &mut buf);
        Cores { trace: &trace, from: viewport.from, to: viewport.to, theme: &theme }.render(area, &mut buf);
        let runs = [StackRun { name: "crowd", trace: Some(&trace), ..StackRun::default() }];
        Stack::new(&runs, &theme).render(area, &mut buf);
        ASKED.get()
    };
    for open in [Open::Folded, Open::Lanes, Open::All] {
        let crowd = |count| asked(fixtures::a_crowd(count).ended(), open);
        let (few, many) = (crowd(100), crowd(10_000));
        assert!(few >= many, "{open:?}: {few} lookups for a hundred lanes, {many} for ten thousand");
        assert_eq!(few > 0, open != Open::Folded, "{open:?}: the lanes on the screen are asked");
        let tasks = |count| asked(fixtures::many_tasks(count).ended(), open);
        let (few, many) = (tasks(100), tasks(10_000));
        assert!(few >= many, "{open:?}: {few} lookups for a hundred tasks, {many} for ten thousand");
    }
}

#[test]
fn the_mouse_finds_what_is_drawn() {
    let (theme, area) = (Theme::dark(), Rect::new(3, 2, 100, 20));
    for (name, trace) in fixtures::all() {
        let viewport = Viewport::fit(&trace);
        let timeline = Timeline { trace: &trace, viewport: &viewport, theme: &theme };
        let mut buf = Buffer::empty(Rect::new(0, 0, 110, 30));
        timeline.render(area, &mut buf);
        for y in area.top()..area.bottom() {
            let Some(lane) = timeline.places(area).lane_at(y) else { continue };
            let row = |y: u16| -> String { (area.left()..area.right()).map(|x| buf[(x, y)].symbol()).collect() };
            // The name stands on the first of a lane's rows, which are six at most.
            let named = (y.saturating_sub(5)..=y).any(|y| row(y).contains(&name_of(&trace, lane)));
            assert!(named, "{name}: {lane:?} is not at {y}");
        }
        let places = timeline.places(area);
        assert_eq!(places.lens.is_some(), name == "turns", "{name}");
        for (place, lane) in places.lens.iter().flat_map(|lens| &lens.lanes) {
            let row: String = (area.left()..area.right()).map(|x| buf[(x, place.y)].symbol()).collect();
            assert!(row.contains(&name_of(&trace, *lane)), "{name}: {lane:?} is not in the lens at {}", place.y);
        }
        let times: Vec<_> = (0..110).filter_map(|x| places.time_at(x)).collect();
        assert_eq!(times.len(), usize::from(places.window.columns));
        assert_eq!(times.first(), Some(&viewport.from));
        assert!(times.windows(2).all(|w| w[0] < w[1]) && times.last() < Some(&viewport.to));
    }
}

#[test]
fn a_lane_below_the_screen_can_be_brought_on_it() {
    let (theme, area) = (Theme::dark(), Rect::new(0, 0, 100, 14));
    let trace = fixtures::forty_eight_lanes().ended();
    let mut viewport = Viewport::fit(&trace);
    for lane in [0, 30, 47, 12, 13].map(Pointed::Lane) {
        viewport.first_lane = Timeline { trace: &trace, viewport: &viewport, theme: &theme }.first_lane_for(area, lane);
        let timeline = Timeline { trace: &trace, viewport: &viewport, theme: &theme };
        assert!((0..14).any(|y| timeline.places(area).lane_at(y) == Some(lane)), "{lane:?} is not on screen");
    }
}

#[test]
fn ascii_is_seven_bit() {
    let theme = Theme::dark().ascii();
    for (fixture, trace) in fixtures::all() {
        for (name, draw) in OF_A_TRACE {
            let buf = picture(draw, &trace, &theme, 120, 40);
            let odd =
                buf.content.iter().map(ratatui::buffer::Cell::symbol).find(|s| !s.is_ascii() && *s != "·" && *s != "×");
            assert_eq!(odd, None, "{name} of {fixture}");
        }
    }
}

#[test]
fn without_colours_there_are_none() {
    for (_, trace) in fixtures::all() {
        for (name, draw) in OF_A_TRACE.into_iter().chain(OTHERS) {
            let buf = picture(draw, &trace, &Theme::plain(), 120, 40);
            let colored =
                buf.content.iter().any(|c| [c.fg, c.bg].iter().any(|color| *color != ratatui::style::Color::Reset));
            assert!(!colored, "{name} has a colour");
        }
    }
}

#[test]
fn pictures_of_traces() {
    for (fixture, trace) in fixtures::all() {
        for (name, draw) in OF_A_TRACE.into_iter().filter(|(name, _)| *name != "watch") {
            let height = if name == "cores" {
                4
            } else if name == "legend" {
                1
            } else {
                14
            };
            let buf = picture(draw, &trace, &Theme::dark(), 80, height);
            insta::assert_snapshot!(format!("{name}_{fixture}_80"), serialize(&buf));
        }
    }
}

#[test]
fn pictures_of_whole_screens() {
    let find = |wanted: &str| fixtures::all().into_iter().find(|(name, _)| *name == wanted).expect("a fixture").1;
    let (_, watch) = OF_A_TRACE[5];
    insta::assert_snapshot!("watch_gil_200x60", serialize(&picture(watch, &find("gil"), &Theme::dark(), 200, 60)));
    insta::assert_snapshot!(
        "watch_lanes48_200x60",
        serialize(&picture(watch, &find("lanes48"), &Theme::light(), 200, 60))
    );
    for (look, theme) in themes() {
        insta::assert_snapshot!(
            format!("watch_processes_80x24_{look}"),
            serialize(&picture(watch, &find("processes"), &theme, 80, 24))
        );
    }
}

#[test]
fn pictures_of_the_other_views() {
    let (_, trace) = fixtures::all().remove(0);
    for (name, draw) in OTHERS {
        let buf = picture(draw, &trace, &Theme::dark(), 64, 24);
        insta::assert_snapshot!(format!("{name}_64"), serialize(&buf));
    }
}

#[test]
fn drawn_and_measured_bars_in_every_look() {
    let (_, trace) = fixtures::all().remove(0);
    let drawn = OTHERS.iter().find(|(name, _)| *name == "drawn").expect("a picture").1;
    for (look, theme) in themes() {
        insta::assert_snapshot!(format!("drawn_78x5_{look}"), serialize(&picture(drawn, &trace, &theme, 78, 5)));
    }
}

/// Of names that begin alike, the end tells one from the other; what is inspected is cut with a sign that it is.
#[test]
fn long_names_are_cut_in_the_middle_and_what_is_inspected_with_a_sign() {
    let name = |n: u32| format!("ThreadPoolExecutor-0_{n}");
    let lane = |all: fixtures::Scenario, n: u32| {
        let does = [fixtures::Do::Run(0, 80_000_000)];
        all.lane(LaneKind::Thread, (10, 11 + n), &name(n), 0, &does)
    };
    let main = fixtures::Scenario::new(2).lane(LaneKind::Main, (10, 10), "MainThread", 0, &[]);
    let trace = (0..8).fold(main, lane).ended();
    let mut view = Viewport::fit(&trace);
    view.cursor = Some(fixtures::ZERO + 40_000_000);
    let theme = Theme::dark();
    for (width, inspected) in [(80, None), (34, Some(1))] {
        view.selected = inspected.map(Pointed::Lane);
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 24));
        Timeline { trace: &trace, viewport: &view, theme: &theme }.render(buf.area, &mut buf);
        let rows: Vec<String> = (0..24).map(|y| (0..width).map(|x| buf[(x, y)].symbol()).collect()).collect();
        for n in 0..8 {
            assert!(rows.iter().any(|row| row.contains(&format!("-0_{n} "))), "lane {n}: {rows:#?}");
        }
        if inspected.is_some() {
            assert!(rows.iter().any(|row| row.trim_end().ends_with('…')), "{rows:#?}");
        }
    }
}
