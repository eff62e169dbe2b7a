//! Which probes observe a run: the best that work here, or those that were asked for.

use super::{ObjectChoice, Plan, ProbeChoice, RunError, SwitchChoice, WaitChoice};
use crate::clock::Nanos;
use crate::probe::marks::{Marks, loads_into};
use crate::probe::{self, Probe, Unavailable};
use crate::probe::{Cores, Memory, thread_cpu};
use crate::runtime::startup::Startup;
use crate::runtime::{Launch, Runtime};
use crate::trace::locks::Standing;
use crate::trace::{Lost, Pid, Record, Sources, SwitchSource, Trace, WaitSource, What};
use std::ffi::OsString;
use std::os::fd::RawFd;
use std::path::Path;
use std::time::Duration;

/// The probes of one run.
pub(super) struct Probes {
    switches: Option<Box<dyn Probe>>,
    marks: Marks,
    /// Sampled waits, where the marks are off.
    waits: Option<Box<dyn Probe>>,
    /// Names from inside, where Python runs.
    startup: Option<Startup>,
    cores: Cores,
    memory: Memory,
    sources: Sources,
    notes: Vec<String>,
    /// The run thread's CPU time when it began.
    cpu_before: Nanos,
}

impl Probes {
    /// Chooses the probes and gets them ready on the thread that will launch the program. `stacks` is where its Pythons say
    /// where their threads stand.
    pub(super) fn attach(plan: &Plan, stacks: Option<&Path>) -> Result<Probes, RunError> {
        let cpu_before = thread_cpu();
        let mut notes = Vec::new();
        let mut sources = Sources::default();
        let switches = attach_switches(plan.conditions.probes, &mut sources, &mut notes)?;
        let native = matches!(plan.spec.runtime, Runtime::Native { .. });
        let (marks, waits) = attach_waits(plan, &mut sources, &mut notes)?;
        let startup = if native { None } else { prepare_startup(&plan.spec.runtime, stacks, &mut notes) };
        Ok(Probes {
            startup,
            switches,
            marks,
            waits,
            cores: Cores::new(),
            memory: Memory::default(),
            sources,
            notes,
            cpu_before,
        })
    }

    pub(super) const fn sources(&self) -> Sources {
        self.sources
    }

    pub(super) fn notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// The variables that the program's process needs, besides those of its launch.
    pub(super) fn environment(&self, launch: &Launch) -> Vec<(OsString, OsString)> {
        let own = launch.env.iter().rfind(|(name, _)| name == "PYTHONPATH").map(|(_, value)| value.clone());
        let pythonpath = own.unwrap_or_else(|| std::env::var_os("PYTHONPATH"));
        let preloaded = self.marks.preloads();
        let names = self.startup.iter().flat_map(|startup| {
            if preloaded { startup.preloaded() } else { startup.environment(pythonpath.as_deref()) }
        });
        [self.switches.as_deref(), Some(&self.marks as &dyn Probe), self.waits.as_deref()]
            .into_iter()
            .flatten()
            .flat_map(Probe::environment)
            .chain(names)
            .collect()
    }

    /// The variables that the lesson's server needs to be seen waiting.
    pub(super) fn service_environment(&self) -> Vec<(OsString, OsString)> {
        self.marks.environment()
    }

    pub(super) fn launched(&mut self, child: Pid, server: Option<Pid>) {
        for probe in self.all() {
            if let Some(server) = server {
                probe.launched(server);
            }
            probe.launched(child);
        }
    }

    pub(super) fn interval(&self) -> Duration {
        let intervals = [self.switches.as_deref(), Some(&self.marks as &dyn Probe), self.waits.as_deref()];
        intervals.into_iter().flatten().map(Probe::interval).min().unwrap_or(Duration::from_millis(25))
    }

    /// Where each thread stands now; nothing where waits are not told from inside.
    pub(super) fn standings(&self) -> Vec<Standing> {
        if self.sources.waits == WaitSource::Preload { self.marks.standings() } else { Vec::new() }
    }

    /// What wakes the runner before the interval is over.
    pub(super) fn wakers(&self) -> Vec<RawFd> {
        self.switches.as_deref().map(Probe::wakers).unwrap_or_default()
    }

    pub(super) fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        if let Some(switches) = &mut self.switches {
            switches.drain(now, out);
        }
        if let Some(waits) = &mut self.waits {
            waits.drain(now, out);
        }
        let before = out.len();
        self.marks.drain(now, out);
        self.keep_wanted(before, out);
    }

    /// The native model marks its waits by itself. Where waits are not to come from marks, of these only names count.
    fn keep_wanted(&self, before: usize, out: &mut Vec<Record>) {
        if self.sources.waits != WaitSource::Preload {
            let marks = out.split_off(before);
            out.extend(marks.into_iter().filter(|r| is_name(&r.what)));
        }
    }

    /// Whether the marks were to say why threads wait, and no word came: a program that does not let itself be preloaded,
    /// such as one without shared libraries.
    pub(super) fn silent(&mut self) -> bool {
        let silent = self.sources.waits == WaitSource::Preload && !self.marks.heard();
        if silent {
            let why = "the preloaded library was not loaded: this program does not use the system's loader, or could not \
                       open it; why threads wait is not measured (try --waits procfs)";
            self.notes.push(why.to_owned());
        }
        silent
    }

    /// Takes the last records. Returns what was lost in all.
    pub(super) fn finish(&mut self, now: Nanos, out: &mut Vec<Record>) -> Lost {
        let switches = self.switches.as_mut().map_or(0, |p| p.finish(now, out));
        let before = out.len();
        let events = self.marks.finish(now, out);
        self.keep_wanted(before, out);
        if let Some(waits) = &mut self.waits {
            waits.finish(now, out);
        }
        Lost { switches, events, tasks: self.marks.lost_tasks() }
    }

    /// Samples the cores when it is time, and notes what observing has cost.
    pub(super) fn sample_machine(&mut self, now: Nanos, trace: &mut Trace) {
        self.cores.sample(now, &mut trace.cores);
        self.memory.sample(now, trace);
        trace.observer_cpu = thread_cpu().saturating_sub(self.cpu_before);
        trace.lost.events = self.marks.lost();
        trace.lost.tasks = self.marks.lost_tasks();
        trace.lost.switches = self.switches.as_ref().map_or(0, |p| p.lost());
    }

    fn all(&mut self) -> impl Iterator<Item = &mut (dyn Probe + 'static)> {
        let marks: &mut (dyn Probe + 'static) = &mut self.marks;
        self.switches.as_deref_mut().into_iter().chain([marks]).chain(self.waits.as_deref_mut())
    }
}

fn attach_switches(
    choice: ProbeChoice,
    sources: &mut Sources,
    notes: &mut Vec<String>,
) -> Result<Option<Box<dyn Probe>>, RunError> {
    if choice.switches != SwitchChoice::Schedstat {
        match attached(probe::perf()) {
            Ok(probe) => {
                sources.switches = SwitchSource::Perf;
                return Ok(Some(probe));
            }
            Err(why) if choice.switches == SwitchChoice::Perf => return Err(why.into()),
            Err(why) => notes.push(format!("{why}; sampling schedstat instead")),
        }
    }
    match attached(probe::schedstat()) {
        Ok(probe) => {
            sources.switches = SwitchSource::Schedstat;
            Ok(Some(probe))
        }
        Err(why) if choice.switches == SwitchChoice::Schedstat => Err(why.into()),
        Err(why) => {
            notes.push(format!("{why}; on-CPU time is not measured"));
            Ok(None)
        }
    }
}

/// The marks are always made, since the event log also carries names; their preloaded library only when wanted.
fn attach_waits(
    plan: &Plan,
    sources: &mut Sources,
    notes: &mut Vec<String>,
) -> Result<(Marks, Option<Box<dyn Probe>>), RunError> {
    let choice = plan.conditions.probes;
    let preload = matches!(choice.waits, WaitChoice::Auto | WaitChoice::Preload);
    let mut marks = Marks::new(preload).with_objects(choice.objects == ObjectChoice::On);
    match may_preload(&plan.spec.runtime).and_then(|()| marks.attach()) {
        Ok(()) if preload => {
            sources.waits = WaitSource::Preload;
            return Ok((marks, None));
        }
        Err(why) if choice.waits == WaitChoice::Preload => return Err(why.into()),
        result => {
            if let (Err(why), true) = (result, preload) {
                notes.push(format!("{why}; sampling /proc instead"));
            }
            marks = Marks::new(false);
            if let Err(why) = marks.attach() {
                notes.push(why.to_string());
            }
        }
    }
    if choice.waits == WaitChoice::None {
        return Ok((marks, None));
    }
    match attached(probe::procfs()) {
        Ok(probe) => {
            sources.waits = WaitSource::Procfs;
            Ok((marks, Some(probe)))
        }
        Err(why) if choice.waits == WaitChoice::Procfs => Err(why.into()),
        Err(why) => {
            notes.push(format!("{why}; why threads wait is not measured"));
            Ok((marks, None))
        }
    }
}

/// Whether a record tells of a name rather than of a wait or the GIL.
const fn is_name(what: &What) -> bool {
    !matches!(what, What::WaitBegin(_) | What::WaitEnd | What::GilTaken { .. } | What::GilDropped { .. })
}

/// A Python for another C library would not start with ours preloaded.
fn may_preload(runtime: &Runtime) -> Result<(), Unavailable> {
    match runtime {
        Runtime::CPython(python) if !loads_into(&python.path) => Err(Unavailable {
            probe: "preload",
            reason: format!("{} is static or built for another C library", python.path.display()),
            remedy: None,
        }),
        _ => Ok(()),
    }
}

/// Without the start-up file threads have their kernel's names.
fn prepare_startup(runtime: &Runtime, stacks: Option<&Path>, notes: &mut Vec<String>) -> Option<Startup> {
    let compiled = match runtime {
        Runtime::CPython(python) => python.startup.as_deref(),
        Runtime::Native { .. } => None,
    };
    Startup::prepare(compiled, stacks)
        .map_err(|why| notes.push(format!("the names of threads are the kernel's: {why}")))
        .ok()
}

fn attached(mut probe: Box<dyn Probe>) -> Result<Box<dyn Probe>, Unavailable> {
    probe.attach()?;
    Ok(probe)
}
