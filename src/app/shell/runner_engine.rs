//! The product's engine: the runner, discovery and the calibration of this machine.

use crate::app::engine::{Engine, Live, Notify};
use crate::lesson::Lesson;
use crate::runner::live::LiveRun;
use crate::runner::plan::{self, Conditions};
use crate::runner::{Machine, Outcome, Plan, RunSpec, guard, machine};
use crate::runtime::{Found, Python, Runtime, cpython};
use crate::trace::Trace;
use std::sync::Arc;

/// Runs programs as child processes under probes.
#[derive(Default)]
pub struct RunnerEngine {
    /// The Python that the learner named: it comes first.
    pub python: Option<Python>,
    /// The plan of the learner's own script, which is then all that runs.
    pub script: Option<Plan>,
}

impl RunnerEngine {
    fn plan(&self, lesson: &Lesson, spec: &RunSpec) -> Result<Plan, String> {
        if let Some(plan) = &self.script {
            return Ok(plan.clone());
        }
        plan::lesson_program(lesson, spec.clone(), Conditions::default()).map_err(|error| error.to_string())
    }
}

impl Engine for RunnerEngine {
    fn start(&self, lesson: &Lesson, spec: &RunSpec, notify: Notify) -> Result<Box<dyn Live>, String> {
        let run = LiveRun::start(self.plan(lesson, spec)?, notify).map_err(|error| error.to_string())?;
        Ok(Box::new(run))
    }

    fn discover(&self, tell: &mut dyn FnMut(Found)) -> Found {
        if let Some(Runtime::CPython(python)) = self.script.as_ref().map(|plan| &plan.spec.runtime) {
            return Found { pythons: vec![python.clone()], unusable: Vec::new() };
        }
        guard::start();
        let found = cpython::discover_with(|found| tell(self.named_first(found.clone())));
        self.named_first(found)
    }

    fn calibrate(&self) -> Result<Machine, String> {
        let machine = machine::calibrate();
        if machine.usable_cores > 0.0 { Ok(machine) } else { Err("the calibration gave no answer".to_owned()) }
    }
}

impl RunnerEngine {
    fn named_first(&self, mut found: Found) -> Found {
        if let Some(named) = &self.python {
            let same = cpython::identity(&named.path);
            found.pythons.retain(|python| cpython::identity(&python.path) != same);
            found.pythons.insert(0, named.clone());
        }
        found
    }
}

impl Live for LiveRun {
    fn snapshot(&self, see: &mut dyn FnMut(&Trace)) {
        self.with_trace(see);
    }

    fn output(&self) -> (Vec<u8>, Vec<u8>) {
        LiveRun::output(self)
    }

    fn url(&self) -> Option<String> {
        LiveRun::url(self)
    }

    fn finished(&self) -> Option<Result<Arc<Outcome>, String>> {
        self.outcome().map(|result| result.map_err(|error| error.to_string()))
    }

    fn cancel(&self) {
        LiveRun::cancel(self);
    }
}
