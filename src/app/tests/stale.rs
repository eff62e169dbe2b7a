//! What is on the screen says what it is of: nothing old passes for new, and nothing that failed is judged.

use super::make::{bench as with_task, read};
use super::{Bench, found};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::model::Runtimes;
use crate::app::screens::desk::Pane;
use crate::learner::runs::KeptRun;
use crate::learner::store::Loaded;
use crate::lesson::KnobValue;
use crate::runner::{End, EndedBy, Outcome, Status, Stuck};
use std::sync::Arc;

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
    for size in SIZES.into_iter().chain([(60, 15), (120, 15), (96, 30)]) {
        let mut bench = Bench::at_desk(size);
        bench.press("space");
        bench.end_as(failed(TRACEBACK));
        let screen = bench.screen();
        let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("failed with NameError: name 'WORKERS' is not"), "{screen}");
        assert!(screen.contains("✗ 7      print(WORKERS)"), "its line is in sight: {screen}");
        bench.press("down");
        assert!(bench.screen().contains("NameError"), "{}", bench.screen());
    }
}

#[test]
fn of_a_deadlock_a_low_screen_opens_the_source() {
    let mut bench = Bench::at_desk((120, 15));
    bench.press("space");
    let stuck = Stuck { name: "ann".into(), tid: 1, line: 7, code: "lock.acquire()".into(), function: "main".into() };
    let end = End::Ended(EndedBy::Deadlock, Status::Signal(9));
    bench.end_as(Outcome { end, stuck: vec![stuck], ..Outcome::default() });
    assert!(bench.screen().contains("◇ 7      print(WORKERS)"), "{}", bench.screen());
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
            bench.press("v v v v v");
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

/// The same app, started anew: what was kept is read when the lesson is opened.
fn restarted(before: &Bench, size: (u16, u16)) -> Bench {
    let kept: Vec<_> = before
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepRun(lesson, run) if lesson == "02-gil" => Some(KeptRun::clone(run)),
            _ => None,
        })
        .collect();
    let mut bench = Bench::at_list(size);
    bench.model.now = before.model.now + chrono::TimeDelta::days(2);
    let loaded = Loaded { progress: before.model.progress.clone(), message: None };
    bench.tell(Message::Progress(loaded));
    bench.press("enter");
    assert!(bench.effects.iter().any(|effect| matches!(effect, Effect::ReadRuns(0, id) if id == "02-gil")));
    bench.tell(Message::RunsRead(0, Ok(kept)));
    bench
}

/// A bench on the page about threads, where both programs have run.
fn ran(size: (u16, u16)) -> Bench {
    let mut bench = Bench::at_list(size);
    bench.model.now = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(14, 5, 9).unwrap();
    bench.tell(Message::Progress(Loaded::default()));
    bench.press("enter right space 2");
    bench.end_run();
    bench.end_run();
    bench
}

#[test]
fn after_a_restart_the_screen_is_as_it_was_and_says_of_when_it_is() {
    for size in SIZES {
        let before = ran(size);
        let after = restarted(&before, size);
        let was = before.screen();
        assert!(was.contains("page 2 of 3") && was.contains("threads on 3.13.0"), "{was}");
        let now = after.screen();
        if size.0 == 80 {
            continue;
        }
        assert!(now.contains("threads on 3.13.0, of Tuesday 14:05"), "{now}");
        let plain = |screen: &str| screen.replace(", of Tuesday 14:05 ", " ").replace('─', "");
        assert_eq!(plain(&now), plain(&was), "picture, table, sentence and prediction are the same");
    }
}

#[test]
fn a_run_of_an_earlier_day_is_a_baseline_and_judges_nothing() {
    let before = ran((120, 40));
    let guess = before.model.progress.lessons["02-gil"].predictions["threads-speedup"].clone();
    let mut after = restarted(&before, (120, 40));
    assert_eq!(after.model.progress.lessons["02-gil"].predictions["threads-speedup"], guess);
    after.press("space");
    assert_eq!(after.started(), ["threads"], "the baseline of Tuesday counts");
    after.end_run();
    assert!(!after.screen().contains("of Tuesday"), "the picture is of now:\n{}", after.screen());
    after.press("] space");
    assert_eq!(after.started(), ["threads", "sequential"], "and it is none for other knobs");
}

#[test]
fn a_run_of_another_program_text_is_not_shown() {
    let mut before = ran((120, 40));
    for effect in &mut before.effects {
        if let Effect::KeepRun(_, run) = effect {
            run.source ^= 1;
        }
    }
    assert!(restarted(&before, (120, 40)).desk().runs.is_empty());
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_works() {
    let mut bench = Bench::at_desk((120, 40));
    bench.tell(Message::RunsRead(0, Err("the last runs are damaged".into())));
    assert!(bench.screen().contains("your last runs of The GIL are not shown: "), "{}", bench.screen());
    bench.press("space");
    bench.end_run();
    bench.tell(Message::NotKept("this run is not kept for the next time: no space".into()));
    assert!(bench.screen().contains("! this run is not kept"), "{}", bench.screen());
}

#[test]
fn a_picture_that_was_thinned_says_so_and_is_not_zoomed_into_what_is_not_known() {
    let mut before = ran((120, 40));
    for effect in &mut before.effects {
        if let Effect::KeepRun(_, run) = effect {
            let outcome = Outcome::clone(run.outcome.as_ref().unwrap());
            let trace = crate::trace::Trace { grain: 100_000, ..outcome.trace };
            run.outcome = Some(Arc::new(Outcome { trace, ..outcome }));
        }
    }
    let mut after = restarted(&before, (120, 40));
    assert!(after.screen().contains("of Tuesday 14:05, to 0.10 ms"), "{}", after.screen());
    after.press("+ + + + + + + +");
    assert!(after.desk().view.span() >= 8 * 200 * 100_000, "{:?}", after.desk().view);
    assert!(after.screen().contains("kept with less detail"), "{}", after.screen());
    // What ran at the same time is not known of it: beside other runs it is made anew.
    after.press("c");
    let comparing = after.model.comparing.as_ref().unwrap();
    assert_eq!(comparing.making + comparing.why_not.len(), comparing.programs.len());
}

#[test]
fn the_page_the_tab_and_the_knobs_are_found_again() {
    let mut bench = Bench::at_list((120, 40));
    bench.tell(Message::Progress(Loaded::default()));
    bench.press("enter right tab ] q");
    assert!(matches!(bench.effects[bench.effects.len() - 2..], [Effect::Save, Effect::Quit(None)]));
    for first in [true, false] {
        let mut later = Bench::at_list((120, 40));
        let loaded = Message::Progress(Loaded { progress: bench.model.progress.clone(), message: None });
        if first {
            later.tell(loaded);
            later.press("enter");
        } else {
            // Opened by its name, before it was known what was done in it.
            later.press("enter");
            later.tell(loaded);
        }
        let desk = later.desk();
        assert_eq!((desk.page, desk.tab, desk.knobs["WORKERS"]), (1, 2, KnobValue::Int(4)), "{first}");
    }
}

#[test]
fn who_was_faster_than_the_file_stays_where_they_are() {
    let mut bench = Bench::at_list((120, 40));
    bench.tell(Message::Progress(Loaded::default()));
    bench.press("enter right q");
    let mut later = Bench::at_list((120, 40));
    later.press("enter right right");
    later.tell(Message::Progress(Loaded { progress: bench.model.progress.clone(), message: None }));
    assert_eq!(later.desk().page, 2);
}

#[test]
fn nothing_is_called_old_before_it_is_known_who_runs() {
    let before = ran((120, 40));
    let mut after = restarted(&before, (120, 40));
    after.model.runtimes = Runtimes::default();
    assert!(!after.screen().contains("! of"), "{}", after.screen());
    after.tell(Message::Runtimes(found(), true));
    assert!(!after.screen().contains("! of"), "{}", after.screen());
}

#[test]
fn what_an_older_app_concluded_in_another_form_is_concluded_anew_from_what_was_measured() {
    let garbled = |grain| {
        let mut before = ran((120, 40));
        for effect in &mut before.effects {
            if let Effect::KeepRun(_, run) = effect {
                let outcome = Outcome::clone(run.outcome.as_ref().unwrap());
                let trace = crate::trace::Trace { grain, ..outcome.trace };
                run.outcome = Some(Arc::new(Outcome { trace, ..outcome }));
                run.conclusion = b"of another form".to_vec();
            }
        }
        let after = restarted(&before, (120, 40));
        let verdicts: Vec<_> = after.desk().runs.iter().map(|run| run.verdict.clone()).collect();
        let was: Vec<_> = before.desk().runs.iter().map(|run| run.verdict.clone()).collect();
        (verdicts, was)
    };
    let (now, was) = garbled(0);
    assert_eq!(now, was);
    assert!(garbled(100_000).0.is_empty(), "a thinned trace does not say what happened at the same time");
}

#[test]
fn what_ended_while_the_kept_runs_were_read_is_there_once() {
    let mut bench = ran((120, 40));
    let kept: Vec<_> = bench
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::KeepRun(_, run) => Some(KeptRun::clone(run)),
            _ => None,
        })
        .collect();
    let runs = bench.desk().runs.len();
    bench.tell(Message::RunsRead(0, Ok(kept)));
    assert_eq!(bench.desk().runs.len(), runs);
}

#[test]
fn runs_that_were_made_for_a_comparison_are_kept_too() {
    let mut bench = Bench::at_desk((120, 40));
    bench.press("c");
    while bench.live.is_some() {
        bench.end_run();
    }
    let kept = |effect: &&Effect| matches!(effect, Effect::KeepRun(..));
    assert_eq!(bench.effects.iter().filter(kept).count(), bench.started().len());
    assert!(!bench.started().is_empty());
}
