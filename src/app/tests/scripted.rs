//! An engine that plays recorded traces: the same run every time.

use crate::app::engine::{Engine, Live, Notify};
use crate::clock::MILLISECOND;
use crate::lesson::Lesson;
use crate::runner::{End, EndedBy, Machine, Outcome, RunSpec, Status};
use crate::runtime::Found;
use crate::trace::{LaneKind, Trace};
use crate::view::fixtures::{
    Do, Scenario, a_crowd, one_after_the_other, short_lived, two_processes_in_parallel, two_threads_taking_turns,
    two_threads_under_the_gil,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Plays one trace a program name.
pub struct Scripted;

struct Played {
    spec: RunSpec,
    scenario: fn() -> Scenario,
    cancelled: AtomicBool,
}

impl Engine for Scripted {
    fn start(&self, _lesson: &Lesson, spec: &RunSpec, _notify: Notify) -> Result<Box<dyn Live>, String> {
        let scenario = match spec.program.rsplit('/').next().unwrap_or_default() {
            "sequential" => one_after_the_other,
            "threads" => two_threads_under_the_gil,
            "crowd" => || a_crowd(100),
            "brief" => || short_lived(500),
            "turns" => two_threads_taking_turns,
            "processes" => two_processes_in_parallel,
            "workers" => twelve_workers,
            other => return Err(format!("the script has no {other}")),
        };
        Ok(Box::new(Played { spec: spec.clone(), scenario, cancelled: AtomicBool::new(false) }))
    }

    fn discover(&self, _tell: &mut dyn FnMut(Found)) -> Found {
        Found::default()
    }

    fn calibrate(&self) -> Result<Machine, String> {
        Ok(Machine { cores: 2, usable_cores: 1.97 })
    }
}

/// Twelve workers on eight cores; the main thread waits for them.
fn twelve_workers() -> Scenario {
    let main = [Do::Run(0, 4 * MILLISECOND), Do::Lock(120 * MILLISECOND)];
    let all = Scenario::new(8).lane(LaneKind::Main, (4711, 4711), "MainThread", 0, &main);
    let worker = |all: Scenario, n: u16| {
        let does = [Do::Ready(MILLISECOND), Do::Run(n % 8, 60 * MILLISECOND), Do::Sleep(40 * MILLISECOND)];
        all.lane(LaneKind::Thread, (4711, 4800 + u32::from(n)), &format!("w{n:02}"), 2 * MILLISECOND, &does)
    };
    (0..12).fold(all, worker).sampled(1, 3)
}

impl Live for Played {
    fn snapshot(&self, see: &mut dyn FnMut(&Trace)) {
        see(&(self.scenario)().live());
    }

    fn output(&self) -> (Vec<u8>, Vec<u8>) {
        (b"2\n".to_vec(), Vec::new())
    }

    fn url(&self) -> Option<String> {
        Some("http://127.0.0.1:43210".to_owned())
    }

    fn finished(&self) -> Option<Result<Arc<Outcome>, String>> {
        let stopped = End::Ended(EndedBy::Cancelled, Status::Signal(15));
        let end = if self.cancelled.load(Ordering::SeqCst) { stopped } else { End::Exited(0) };
        let outcome = Outcome {
            spec: self.spec.clone(),
            end,
            stdout: b"2\n".to_vec(),
            trace: (self.scenario)().ended(),
            url: self.url(),
            ..Outcome::default()
        };
        Some(Ok(Arc::new(outcome)))
    }

    fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}
