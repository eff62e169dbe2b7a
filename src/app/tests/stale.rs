//! What is on the screen says what it is of: nothing old passes for new, and nothing that failed is judged.

use super::Bench;
use super::make::{bench as with_task, read};
use crate::app::screens::desk::Pane;
use crate::runner::{End, EndedBy, Outcome, Status, Stuck};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A traceback of the test lesson's program.
const TRACEBACK: &str = "Traceback (most recent call last):\n  File \"/dev/shm/concur-tutor-run-a1/sequential\", line 7, in main\n    \
                         print(WORKERS)\nNameError: name 'WORKERS' is not defined\n";

fn failed(stderr: &str) -> Outcome {
    Outcome { end: End::Exited(1), stderr: stderr.into(), ..Outcome::default() }
}

#[test]
fn after_a_knob_is_turned_the_picture_says_what_it_is_of_and_how_it_runs_anew() {
    for size in SIZES {
        let mut bench = Bench::at_desk(size);
        bench.press("space");
        bench.end_run();
        assert!(!bench.screen().contains("! of"), "the picture is of what stands there:\n{}", bench.screen());
        bench.press("]");
        if size.0 == 80 {
            assert_eq!(bench.desk().pane, Pane::Source);
            assert!(bench.screen().contains("! the run had 2"), "{}", bench.screen());
            bench.press("v");
        }
        let screen = bench.screen();
        assert!(screen.contains("! of WORKERS = 2; space runs WORKERS = 4"), "{screen}");
        assert!(screen.contains("With WORKERS = 2: "), "the sentence too:\n{screen}");
        assert!(screen.contains("◐ sequential") || screen.contains("sequential ◐"), "and the tick:\n{screen}");
        bench.press("[");
        assert!(!bench.screen().contains("! of"), "it is of what stands there again");
        bench.press("] space");
        bench.end_run();
        assert!(!bench.screen().contains("! of"), "it was run anew:\n{}", bench.screen());
    }
}

#[test]
fn a_picture_of_another_runtime_says_so_too() {
    let mut bench = Bench::at_desk((120, 40));
    bench.press("space");
    bench.end_run();
    bench.press("R down enter");
    assert!(bench.screen().contains("! of 3.13.0; space runs native"), "{}", bench.screen());
}

#[test]
fn a_program_that_raises_says_where_and_its_line_is_marked() {
    for size in SIZES {
        let mut bench = Bench::at_desk(size);
        bench.press("space");
        bench.end_as(failed(TRACEBACK));
        let screen = bench.screen();
        let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("failed with NameError: name 'WORKERS' is not defined"), "{screen}");
        if size.0 == 80 {
            bench.press("v v v v");
            assert_eq!(bench.desk().pane, Pane::Source);
        }
        assert!(bench.screen().contains("✗ 7      print(WORKERS)"), "{}", bench.screen());
        assert!(bench.screen().contains("NameError: "), "{}", bench.screen());
    }
}

#[test]
fn of_a_deadlock_the_lines_where_its_threads_stand_are_marked() {
    for size in SIZES {
        let mut bench = Bench::at_desk(size);
        bench.press("space");
        let stuck = |name: &str, line| Stuck {
            name: name.into(),
            tid: 1,
            line,
            code: "lock.acquire()".into(),
            function: "main".into(),
        };
        let end = End::Ended(EndedBy::Deadlock, Status::Signal(9));
        bench.end_as(Outcome {
            end,
            stuck: vec![stuck("ann", 7), stuck("bob", 7), stuck("main", 3)],
            ..Outcome::default()
        });
        if size.0 == 80 {
            bench.press("v v v v");
        }
        let screen = bench.screen();
        assert!(screen.contains("◇ 3  WORKERS = 2"), "{screen}");
        assert!(screen.contains("◇ 7      print(WORKERS)"), "{screen}");
        assert!(screen.contains("ann, bob wait here"), "{screen}");
    }
}

#[test]
fn nothing_of_a_program_that_does_not_start_is_judged() {
    let mut bench = with_task((120, 40));
    bench.press("e");
    read(&mut bench, "def main(:\n");
    bench.press("space");
    read(&mut bench, "def main(:\n");
    let text = "  File \"/tmp/concur-tutor-run-a1/faster\", line 1\n    def main(:\n             ^\nSyntaxError: invalid syntax\n";
    bench.end_as(failed(text));
    let screen = bench.screen();
    assert!(screen.contains("SyntaxError: invalid syntax in line 1, def"), "{screen}");
    assert!(screen.contains("Nothing is judged until it runs"), "{screen}");
    let marked = |sign: char| screen.lines().any(|line| line.trim_start().starts_with(sign));
    assert!(!marked('✓'), "{screen}");
    assert!(bench.model.progress.lessons.values().all(|lesson| lesson.attempts.is_empty()), "it was no attempt");
}
