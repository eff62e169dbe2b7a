//! What a stack says, on fixtures.

use super::*;
use crate::clock::MILLISECOND as MS;
use crate::trace::{GilTrack, LaneKind};
use crate::view::fixtures::{self, Do, Scenario};

fn run<'a>(name: &'a str, trace: &'a Trace, standing: Standing<'a>) -> StackRun<'a> {
    StackRun { name, trace: Some(trace), standing, ..StackRun::default() }
}

fn rows(stack: &Stack<'_>, width: u16, height: u16) -> Vec<String> {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    stack.render(buf.area, &mut buf);
    (0..height).map(|y| (0..width).map(|x| buf[(x, y)].symbol()).collect()).collect()
}

/// One thread that computes for so long.
fn computing(ms: u64) -> Trace {
    let does = [Do::Run(0, ms * MS)];
    Scenario::new(2).lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &does).ended()
}

#[test]
fn who_was_faster_is_shorter_and_the_difference_has_its_name() {
    let theme = Theme::dark();
    let (base, fast, slow, same) = (computing(1_000), computing(400), computing(2_000), computing(1_020));
    let runs = [
        run("base", &base, Standing::Baseline),
        run("fast", &fast, Standing::Compared),
        run("slow", &slow, Standing::Compared),
        run("same", &same, Standing::Compared),
        run("broken", &fast, Standing::Unjudged("exit 1")),
    ];
    let rows = rows(&Stack::new(&runs, &theme), 120, 16);
    let of = |name: &str| rows.iter().position(|row| row.trim_start().starts_with(name)).unwrap();
    let cells = |name: &str| rows[of(name)].matches('█').count();
    assert!(cells("fast") < cells("base") && cells("base") < cells("slow"), "{rows:#?}");
    let said = |name: &str, words: &str| rows[of(name)..of(name) + 2].iter().any(|row| row.contains(words));
    assert!(said("base", "1.00 s") && said("base", "baseline"), "{rows:#?}");
    assert!(said("fast", "0.60 s saved") && said("fast", "2.50×"), "{rows:#?}");
    assert!(said("slow", "1.00 s longer") && said("slow", "2.0× slower"), "{rows:#?}");
    assert!(said("same", "0.98×") && !said("same", "longer"), "no difference has no name: {rows:#?}");
    assert!(said("broken", "exit 1") && !said("broken", "saved") && !said("broken", "×"), "{rows:#?}");
}

#[test]
fn far_slower_is_said_the_other_way_round() {
    let (base, slow) = (computing(20), computing(1_000));
    let runs = [run("base", &base, Standing::Baseline), run("slow", &slow, Standing::Compared)];
    let theme = Theme::dark();
    let rows = rows(&Stack::new(&runs, &theme), 120, 7);
    assert!(rows.iter().any(|row| row.contains("50× slower")), "{rows:#?}");
}

/// However many lanes, however few rows: turns under one GIL do not look like two threads that run at once.
#[test]
fn turns_do_not_look_like_running_side_by_side_in_a_stack() {
    let (turns, at_once) = (fixtures::two_threads_under_the_gil().ended(), fixtures::two_threads_at_once().ended());
    for theme in [Theme::dark(), Theme::plain(), Theme::plain().ascii()] {
        for height in [2, 3, 4, 9, 20] {
            for width in [40, 80, 200] {
                for window in [250, 120, 60] {
                    let of = |trace: &Trace| {
                        let runs = [run("threads", trace, Standing::Apart)];
                        let bars = |stack: &Stack<'_>| stack.places(Rect::new(0, 0, width, height)).bars;
                        let stack = Stack { to: window * MS, ..Stack::new(&runs, &theme) };
                        let (skip, take) = (usize::from(bars(&stack).x), usize::from(bars(&stack).width));
                        let rows = rows(&stack, width, height);
                        let bars = rows.iter().skip(1).map(|row| row.chars().skip(skip).take(take).collect::<String>());
                        bars.collect::<Vec<_>>()
                    };
                    assert_ne!(of(&turns), of(&at_once), "{width}x{height}, {window} ms");
                }
            }
        }
    }
}

#[test]
fn an_axis_leaps_ahead_of_a_run_that_goes_on_and_ends_with_the_longest() {
    let (short, long) = (computing(120), computing(620));
    let live = |trace| StackRun { standing: Standing::Live, ..run("a", trace, Standing::Live) };
    assert_eq!(axis_length(&[StackRun::default()]), 250 * MS, "nothing has begun");
    assert_eq!(axis_length(&[live(&short)]), 250 * MS);
    assert_eq!(axis_length(&[live(&long), live(&short)]), 1_000 * MS);
    let ended = [run("a", &short, Standing::Baseline), run("b", &long, Standing::Compared)];
    assert_eq!(axis_length(&ended), 620 * MS);
}

#[test]
fn a_run_that_hung_does_not_press_the_others_together_and_is_broken_off() {
    let (base, hung) = (computing(200), computing(9_000));
    let runs = [run("base", &base, Standing::Baseline), run("hung", &hung, Standing::Unjudged("timed out"))];
    assert_eq!((axis_length(&runs), axis_length(&runs[1..])), (200 * MS, 9_000 * MS));
    for theme in [Theme::dark(), Theme::plain().ascii()] {
        let drawn = rows(&Stack::new(&runs, &theme), 100, 6);
        let of = |name: &str| drawn.iter().find(|row| row.starts_with(name)).expect("its row");
        let sign = theme.glyphs.goes_on;
        assert!(of(" hung").contains(sign) && of(" hung").contains("9.00 s"), "{drawn:#?}");
        assert!(!of(" base").contains(sign), "{drawn:#?}");
    }
}

#[test]
fn a_close_up_is_marked_below_the_run_that_it_is_of() {
    let (one, turns) = (computing(200), fixtures::two_threads_under_the_gil().ended());
    let stretch = Some((100 * MS, 200 * MS));
    let runs = [run("one", &one, Standing::Baseline), StackRun { stretch, ..run("turns", &turns, Standing::Compared) }];
    let theme = Theme::dark();
    let stack = Stack { marked: true, tallest: 1, ..Stack::new(&runs, &theme) };
    let places = stack.places(Rect::new(0, 0, 100, 20));
    let drawn = rows(&stack, 100, stack.height(100, 20));
    let (begin, below) = (theme.glyphs.bracket[0], usize::from(places.runs[1].0.bottom()));
    let column = usize::from(places.bars.x + places.window.column(100 * MS));
    assert_eq!(drawn[below].chars().position(|sign| begin.starts_with(sign)), Some(column), "{drawn:#?}");
    assert_eq!(drawn.concat().matches(begin).count(), 1, "{drawn:#?}");
    let unmarked = rows(&Stack { marked: false, ..stack }, 100, 20).concat();
    assert!(!unmarked.contains(begin), "without a close-up nothing is marked");
}

#[test]
fn lanes_fold_where_there_is_no_room_and_runs_scroll_where_even_that_is_too_much() {
    let theme = Theme::dark();
    let many = fixtures::forty_eight_lanes().ended();
    let runs = [run("a", &many, Standing::Baseline), run("b", &many, Standing::Compared)];
    let whole = rows(&Stack::new(&runs, &theme), 100, 110);
    assert_eq!(whole.iter().filter(|row| row.contains("pool-")).count(), 96);
    let folded = Stack::new(&runs, &theme);
    let text = rows(&folded, 100, 8);
    assert_eq!(text.iter().filter(|row| row.contains("48 lanes")).count(), 2, "{text:#?}");
    assert_eq!(folded.places(Rect::new(0, 0, 100, 2)).most, 1);
    let scrolled = rows(&Stack { first: 9, ..folded }, 100, 2);
    assert!(scrolled[1].starts_with(" b ") && scrolled[0].contains('↑'), "{scrolled:#?}");
}

#[test]
fn an_instant_is_told_for_each_run() {
    let turns = fixtures::two_threads_under_the_gil().ended();
    let told = |run: StackRun<'_>, at: Nanos| run.at_instant(at);
    let threads = run("threads", &turns, Standing::Compared);
    assert_eq!(told(threads, 10 * MS), "worker-0 waiting for the GIL, worker-1 running");
    assert_eq!(told(StackRun { since: 5 * MS, ..threads }, 5 * MS), told(threads, 10 * MS), "a close-up's own zero");
    assert_eq!(told(threads, 900 * MS), "had ended");
    assert_eq!(told(StackRun::default(), 0), "has not begun");
    let live = fixtures::two_threads_under_the_gil().live();
    assert_eq!(told(run("threads", &live, Standing::Live), 900 * MS), "has not come so far");
}

#[test]
fn interpreters_with_a_gil_each_are_not_said_to_share_one() {
    let (run, lock) = ([Do::Run(0, 90 * MS)], [Do::Lock(90 * MS)]);
    let mut trace = Scenario::new(2)
        .lane(LaneKind::Main, (10, 10), "MainThread", 0, &lock)
        .lane(LaneKind::Thread, (10, 11), "worker-0", 0, &run)
        .lane(LaneKind::Thread, (10, 12), "worker-1", 0, &run)
        .ended();
    // Each begins under the first interpreter's, and then holds its own.
    for (gil, holds) in [(7, [(1, 0, 2), (2, 2, 4)]), (8, [(1, 4, 40), (1, 40, 90)]), (9, [(2, 4, 50), (2, 50, 90)])] {
        let mut held = GilTrack::new(10, gil);
        for (lane, from, to) in holds {
            held.push(lane, fixtures::ZERO + from * MS, fixtures::ZERO + to * MS);
        }
        trace.gils.push(held);
    }
    trace.recount();
    let drawn = lanes::drawn(&trace);
    assert_eq!(drawn.len(), 2);
    assert_eq!((lanes::passed_on(&trace, &drawn), lanes::a_gil_each(&trace, &drawn)), (vec![], true));
    let turns = fixtures::two_threads_under_the_gil().ended();
    assert_eq!(lanes::passed_on(&turns, &lanes::drawn(&turns)), [0]);
}
