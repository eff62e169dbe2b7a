//! What threads waited for: listed, looked at under the cursor, and marked in the lanes.

use super::states::{self, Course};
use super::*;
use crate::app::frame::Target;
use ratatui::style::Modifier;

/// Cells of the screen that are marked as waits for what is chosen.
fn marked(bench: &Bench) -> usize {
    let area = Rect::new(0, 0, bench.model.size.0, bench.model.size.1);
    let mut buf = Buffer::empty(area);
    bench.draw(area, &mut buf);
    let style = bench.model.theme.palette.accent;
    let is = |cell: &ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED) && Some(cell.fg) == style.fg;
    buf.content().iter().filter(|cell| is(cell)).count()
}

#[test]
fn choosing_a_lock_marks_its_waits_in_every_lane_until_it_is_left() {
    let mut bench = states::bench(Course::Locked, (120, 40));
    bench.press("b");
    let screen = bench.screen();
    assert!(screen.contains("lock #1 `lock`") && screen.contains("began: MainThread (2 of 2)"), "{screen}");
    assert_eq!((bench.desk().pane, marked(&bench)), (Pane::Objects, 0));
    bench.press("b");
    let first = marked(&bench);
    assert!(first > 20, "{first}\n{}", bench.screen());
    bench.press("b");
    assert!(marked(&bench) < first, "the other lock was waited for two milliseconds");
    bench.press("B");
    assert_eq!(marked(&bench), first);
    bench.press("v v");
    assert_eq!(marked(&bench), first, "the marks stay where something else is read");
    bench.press("esc");
    assert_eq!(marked(&bench), 0);
}

#[test]
fn the_moment_under_the_cursor_says_who_waits_in_order_and_who_holds() {
    let mut bench = states::bench(Course::Locked, (120, 40));
    bench.press("b t");
    bench.model.desk_mut().expect("a desk").view.cursor = Some(35_000_000);
    let screen = bench.screen();
    for part in [
        "3 threads wait for 2 things",
        "Held by MainThread",
        "1. worker-1 for 25 ms, line 3",
        "2. worker-2 for 15 ms, line 3",
    ] {
        assert!(screen.contains(part), "{part}\n{screen}");
    }
    bench.model.desk_mut().expect("a desk").view.cursor = Some(95_000_000);
    assert!(bench.screen().contains("no thread waits for another"), "{}", bench.screen());
}

#[test]
fn what_is_clicked_is_marked() {
    let mut bench = states::bench(Course::Locked, (120, 40));
    bench.press("b");
    bench.tell(Message::Choose(Target::Object(0)));
    assert!(marked(&bench) > 20);
}

#[test]
fn where_nothing_ran_yet_it_says_so() {
    let mut bench = Bench::at_desk((120, 40));
    bench.press("b");
    assert!(bench.screen().contains("no run here yet"), "{}", bench.screen());
    bench.press("space");
    bench.press("b");
    assert!(bench.screen().contains("once the run has ended"), "{}", bench.screen());
}
