//! Checks whose runs come from a script.

use super::*;
use crate::lesson::{Course, SharedLesson};
use crate::runner::{self, End, Machine, Plan};
use crate::runtime::Python;
use crate::trace::{Sources, SwitchSource, Trace, WaitSource};
use std::sync::Arc;
use std::time::Duration;

/// Answers every run with what a script prints for it.
struct Scripted<S> {
    script: S,
    runs: usize,
    usable_cores: f64,
    /// The share of a core that a thread gets.
    share: f64,
    /// The deadline of the last run.
    timeout: Option<Duration>,
}

impl<S: FnMut(&str, usize) -> (&'static str, &'static str)> Lab for Scripted<S> {
    fn run(&mut self, plan: Plan) -> Result<Arc<runner::Outcome>, Trouble> {
        self.runs += 1;
        self.timeout = plan.spec.timeout;
        let (stdout, stderr) = (self.script)(&plan.spec.program, self.runs);
        let sources = Sources { switches: SwitchSource::Perf, waits: WaitSource::Preload, ..Sources::default() };
        let trace = Trace { sources, ended_at: Some(1_000_000_000), ..Trace::default() };
        let end = End::Exited(i32::from(!stderr.is_empty()));
        let (stdout, stderr) = (stdout.as_bytes().to_vec(), stderr.as_bytes().to_vec());
        Ok(Arc::new(runner::Outcome { spec: plan.spec, end, stdout, stderr, trace, ..runner::Outcome::default() }))
    }

    fn machine(&mut self) -> Machine {
        Machine { cores: 2, usable_cores: self.usable_cores }
    }

    fn share(&mut self) -> f64 {
        self.share
    }
}

fn python(version: (u8, u8, u8), gil: bool) -> Runtime {
    Runtime::CPython(Python {
        path: "/nowhere/python3".into(),
        version,
        version_text: format!("{}.{}.{}", version.0, version.1, version.2),
        gil,
        free_threaded: !gil,
        ..Python::default()
    })
}

/// A lesson with one program `naive`, a solution `solved`, and the front matter given.
fn lesson(front: &str) -> SharedLesson {
    let dir = tempfile::tempdir().expect("a folder");
    let own = dir.path().join("01-test");
    std::fs::create_dir(&own).expect("a folder");
    let head = "+++\ntitle = \"T\"\nsummary = \"S\"\n[[program]]\nname = \"naive\"\n\
        [knobs.N]\nlabel = \"n\"\nmin = 1\nmax = 9\nsteps = [1]\n";
    let page = if front.contains("[[check]]") { "# Page\n<!-- check: q -->\n" } else { "# Page\n" };
    let text = format!("{head}{front}\n+++\n\n{page}\nText.\n");
    std::fs::write(own.join("lesson.md"), text).expect("written");
    std::fs::write(own.join("naive.py"), "N = 2\nprint(N)\n").expect("written");
    std::fs::write(own.join("solved.py"), "N = 2\nprint(N)\n").expect("written");
    if !front.contains("solved") {
        std::fs::remove_file(own.join("solved.py")).expect("removed");
    }
    Course::from_dir(dir.path()).unwrap_or_else(|e| panic!("{e}")).lessons()[0].clone()
}

/// A lab on a quiet machine.
fn scripted<S>(script: S) -> Scripted<S> {
    Scripted { script, runs: 0, usable_cores: 1.9, share: 1.0, timeout: None }
}

/// The outcome of the only row, and how many runs it took.
fn outcome(front: &str, script: impl FnMut(&str, usize) -> (&'static str, &'static str)) -> (Outcome, usize) {
    let mut lab = scripted(script);
    let rows = check(&[lesson(front)], &[python((3, 13, 0), true)], &mut lab, true, |_| {}).expect("not stopped");
    assert_eq!(rows.len(), 1, "{rows:?}");
    (rows[0].outcomes[0].clone(), lab.runs)
}

fn claim(that: &str, more: &str) -> String {
    format!("[[claim]]\nsays = \"It is so.\"\nthat = \"{that}\"\n{more}\n")
}

#[test]
fn a_false_claim_fails_with_its_values_after_five_tries() {
    let (outcome, runs) = outcome(&claim("naive.printed('lost') == 0.0", ""), |_, _| ("lost 7\n", ""));
    let why = "`naive.printed('lost') == 0.0`: naive.printed('lost') is 7";
    assert_eq!(outcome, Outcome::Fails(why.to_owned()));
    assert_eq!(runs, 5);
}

#[test]
fn a_claim_that_a_busy_machine_spoiled_once_holds() {
    let script = |_: &str, run| (if run < 2 { "lost 7\n" } else { "lost 0\n" }, "");
    assert_eq!(outcome(&claim("naive.printed('lost') == 0.0", ""), script), (Outcome::Holds, 2));
}

#[test]
fn while_other_programs_are_busy_runs_have_more_time_and_a_failure_does_not_count() {
    let lesson = lesson(&claim("naive.printed('lost') == 0.0", "timeout = 10"));
    let mut lab = Scripted { share: 0.25, ..scripted(|_: &str, _| ("lost 7\n", "")) };
    let rows = check(&[lesson], &[python((3, 13, 0), true)], &mut lab, true, |_| {}).expect("not stopped");
    let why = "other programs are busy, a thread gets 0.25 of a core; `naive.printed('lost') == 0.0`: \
               naive.printed('lost') is 7";
    assert_eq!(rows[0].outcomes, [Outcome::NotShown(why.to_owned())]);
    assert_eq!((lab.runs, lab.timeout), (2, Some(Duration::from_secs(80))));
}

#[test]
fn what_needs_more_cores_than_there_are_is_not_shown_here_and_not_run() {
    let (outcome, runs) = outcome(&claim("naive.wall_s > 0.0", "cores = 64"), |_, _| ("", ""));
    assert_eq!(outcome, Outcome::NotShown("needs 64 usable cores; 1.90 were usable".to_owned()));
    assert_eq!(runs, 0);
}

#[test]
fn what_is_said_of_others_is_not_run() {
    assert_eq!(outcome(&claim("naive.wall_s > 0.0", "on = \"!gil\""), |_, _| ("", "")), (Outcome::NotSaid, 0));
    assert_eq!(outcome(&claim("naive.wall_s > 0.0", "on = \"minor < 10.0\""), |_, _| ("", "")).1, 0);
    assert_eq!(outcome(&claim("naive.wall_s > 0.0", "on = \"gil && minor >= 13\""), |_, _| ("", "")).1, 1);
}

#[test]
fn a_missing_package_is_no_failure() {
    let front = claim("other.exit.code == 0.0", "")
        + "[[program]]\nname = \"other\"\nfile = \"naive\"\npackages = [\"numpy\"]\n";
    let (outcome, runs) = outcome(&front, |_, _| ("", ""));
    let Outcome::NotShown(why) = outcome else { panic!("{outcome:?}") };
    assert!(why.starts_with("other needs numpy") && runs == 0, "{why}");
}

#[test]
fn a_program_that_raised_says_so_beside_the_claim() {
    let (outcome, _) = outcome(&claim("naive.exit.code == 0.0", ""), |_, _| ("", "ValueError: no\n"));
    let Outcome::Fails(why) = outcome else { panic!("{outcome:?}") };
    assert!(why.ends_with("naive.exit.code is 1; naive ended with status 1: ValueError: no"), "{why}");
}

#[test]
fn one_run_serves_every_claim_that_asks_for_it() {
    let two = claim("naive.wall_s > 0.0", "set = { N = 3 }") + &claim("naive.wall_s < 9.0", "set = { N = 3 }");
    let mut lab = scripted(|_: &str, _| ("", ""));
    let rows = check(&[lesson(&two)], &[python((3, 13, 0), true)], &mut lab, true, |_| {}).expect("not stopped");
    assert!(rows.iter().all(|row| row.outcomes == [Outcome::Holds]), "{rows:?}");
    assert_eq!(lab.runs, 1);
}

const TASK: &str = "[[task]]\nid = \"keep\"\nprogram = \"naive\"\ngoal = \"Keep it.\"\nsolution = \"solved\"\n\
    [[task.expect]]\nsays = \"nothing is lost\"\nthat = \"run.stdout.contains('lost 0')\"\n";

#[test]
fn a_task_accepts_its_right_solution_twice_and_rejects_the_program_as_it_is() {
    let judged = |script: fn(&str, usize) -> (&'static str, &'static str)| {
        let mut lab = scripted(script);
        let rows = check(&[lesson(TASK)], &[python((3, 13, 0), true)], &mut lab, true, |_| {}).expect("not stopped");
        let told = rows.into_iter().map(|row| (row.says, row.outcomes[0].clone()));
        (told.collect::<Vec<_>>(), lab.runs)
    };
    let [as_it_is, solved] = ["task keep rejects naive as it is", "task keep accepts solved"].map(str::to_owned);
    let (good, runs) = judged(|_, run| (if run > 1 { "lost 0\n" } else { "lost 5\n" }, ""));
    assert_eq!(good, [(as_it_is.clone(), Outcome::Holds), (solved.clone(), Outcome::Holds)]);
    assert_eq!(runs, 3, "the solution has to pass two runs");
    let (bad, runs) = judged(|_, _| ("lost 5\n", ""));
    let why = "it does not pass: \"nothing is lost\": `run.stdout.contains('lost 0')`: run.stdout is \"lost 5\"";
    assert_eq!((&bad[1], runs), (&(solved.clone(), Outcome::Fails(why.to_owned())), 3));
    let (second, _) = judged(|_, run| (if run % 2 == 0 { "lost 0\n" } else { "lost 5\n" }, ""));
    assert!(matches!(&second[1].1, Outcome::Fails(_)), "one run of two is not enough: {second:?}");
    let (idle, runs) = judged(|_, _| ("lost 0\n", ""));
    assert_eq!(idle, [(as_it_is, Outcome::Fails("it passes".to_owned())), (solved, Outcome::Holds)]);
    assert_eq!(runs, 12, "a race may happen not to show");
}

const PRINTS: &str = "[[check]]\nid = \"q\"\nkind = \"prints\"\ncode = \"print(1)\"\nquestion = \"What?\"\notherwise = \"No.\"\n\
    [[check.answer]]\naccept = [\"1\"]\nright = true\nexplain = \"Yes.\"\n";

#[test]
fn code_that_is_asked_about_must_print_the_right_answer() {
    assert_eq!(outcome(PRINTS, |_, _| ("1\n", "")), (Outcome::Holds, 1));
    let (bad, _) = outcome(PRINTS, |_, _| ("", "ValueError: no\n"));
    let Outcome::Fails(why) = bad else { panic!("{bad:?}") };
    assert!(why.contains("it prints \"\" (ValueError: no); the right answer is \"1\""), "{why}");
}

#[test]
fn the_quick_form_takes_the_oldest_and_the_newest_python_and_native() {
    let native = [true, false].map(|gil| Runtime::Native { gil });
    let (old, mid, new) = (python((3, 9, 1), true), python((3, 12, 0), true), python((3, 15, 0), true));
    let free = python((3, 13, 5), false);
    let all = [&mid, &free, &new, &old, &native[0], &native[1]].map(Clone::clone);
    assert_eq!(quick(&all), [&old, &new, &native[0]].map(Clone::clone));
    assert_eq!(quick(&[free.clone(), native[0].clone()]), [free, native[0].clone()]);
    assert_eq!(quick(std::slice::from_ref(&mid)), [mid]);
}
