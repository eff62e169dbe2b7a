//! One event descriptor and one ring buffer a core, all shared with the kernel.

use super::merge::{Event, Seen};
use crate::probe::Unavailable;
use perf_event_open::config::{Clock, Cpu, Inherit, Opts, Proc, WakeUpOn};
use perf_event_open::count::Counter;
use perf_event_open::event::sw::Software;
use perf_event_open::sample::Sampler;
use perf_event_open::sample::record::ctx::Switch;
use perf_event_open::sample::record::{Record, RecordId};
use std::io;
use std::os::fd::{AsRawFd, RawFd};

/// Sizes to try, as powers of two of pages. An unprivileged user is allowed about 2^7 pages a core in all.
const PAGES: [u8; 5] = [6, 5, 4, 3, 2];

/// The size of a page: at least this on every system.
const PAGE: u32 = 4096;

/// The descriptors of all cores.
pub struct Rings {
    rings: Vec<(Counter, Sampler)>,
}

impl Rings {
    /// Opens one ring for each core, for the calling thread and its future children.
    pub fn open(cores: &[u32]) -> Result<Self, Unavailable> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for exponent in PAGES {
            match Self::open_sized(cores, exponent) {
                Ok(rings) if rings.is_empty() => break,
                Ok(rings) => return Ok(Self { rings }),
                Err(Refusal::Open(error)) => return Err(unavailable(&error)),
                Err(Refusal::Map(error)) => last = error,
            }
        }
        Err(Unavailable {
            probe: super::NAME,
            reason: format!("no memory for the kernel's ring buffers: {last}"),
            remedy: Some("end other programs that use perf, or raise `ulimit -l` or kernel.perf_event_mlock_kb".into()),
        })
    }

    fn open_sized(cores: &[u32], exponent: u8) -> Result<Vec<(Counter, Sampler)>, Refusal> {
        let mut rings = Vec::with_capacity(cores.len());
        for core in cores {
            let counter = match Counter::new(Software::Dummy, (Proc::CURRENT, Cpu(*core)), options(exponent)) {
                Ok(counter) => counter,
                // The core went away since the list was read.
                Err(error) if error.raw_os_error() == Some(libc::ENODEV) => continue,
                Err(error) => return Err(Refusal::Open(error)),
            };
            let sampler = counter.sampler(exponent).map_err(Refusal::Map)?;
            rings.push((counter, sampler));
        }
        Ok(rings)
    }

    /// Readable when a ring is a quarter full.
    pub fn descriptors(&self) -> impl Iterator<Item = RawFd> {
        self.rings.iter().map(|(counter, _)| counter.file().as_raw_fd())
    }

    /// Hands every new event to `take`, core by core. Returns how many records the kernel had to drop.
    pub fn read(&self, mut take: impl FnMut(Event)) -> u64 {
        let mut lost = 0;
        for records in self.rings.iter().filter_map(|(_, sampler)| sampler.iter()) {
            for (_, record) in records {
                match record {
                    Record::LostRecords(these) => lost += these.lost_records,
                    other => event(other).into_iter().for_each(&mut take),
                }
            }
        }
        lost
    }
}

enum Refusal {
    Open(io::Error),
    Map(io::Error),
}

fn options(exponent: u8) -> Opts {
    let mut opts = Opts::default();
    // Without this an unprivileged user is refused; switches are told all the same.
    opts.exclude.kernel = true;
    opts.exclude.hv = true;
    opts.inherit = Some(Inherit::NewChild);
    // Not "enabled by exec": the kernel swaps the launcher's events with its child's when it switches from one to the
    // other, and the flag, spent by the first child, is then missing for the second. `Merge` leaves out what came
    // before the exec.
    opts.enable = true;
    opts.extra_record.task = true;
    opts.extra_record.comm = true;
    opts.extra_record.ctx_switch = true;
    opts.record_id_all = true;
    opts.record_id_format.task = true;
    opts.record_id_format.time = true;
    opts.record_id_format.cpu = true;
    opts.timer = Some(Clock::Monotonic);
    opts.wake_up.on = WakeUpOn::Bytes((PAGE << exponent) / 4);
    opts
}

fn event(record: Record) -> Option<Event> {
    let (id, task, what) = match record {
        Record::CtxSwitch(switch) => {
            let what = match switch.info {
                Switch::InFrom(_) => Seen::In,
                Switch::OutTo { preempt, .. } => Seen::Out { preempted: preempt },
            };
            (switch.record_id, None, what)
        }
        Record::Fork(fork) => (fork.record_id, Some(fork.task), Seen::Fork { parent: fork.parent_task.pid }),
        Record::Exit(exit) => (exit.record_id, Some(exit.task), Seen::Exit),
        Record::Comm(comm) => {
            let what = Seen::Comm { name: comm.comm.to_string_lossy().into_owned(), exec: comm.by_execve };
            (comm.record_id, Some(comm.task), what)
        }
        _ => return None,
    };
    let RecordId { task: current, time, cpu, .. } = id?;
    // A record is written by the thread that acts; the one that it is about is named inside.
    let task = task.or(current)?;
    Some(Event { at: time?, pid: task.pid, tid: task.tid, core: cpu?, what })
}

fn unavailable(error: &io::Error) -> Unavailable {
    let paranoid = super::paranoid();
    let level = paranoid.map_or_else(String::new, |l| format!(" (kernel.perf_event_paranoid = {l})"));
    let (reason, remedy) = match error.raw_os_error() {
        Some(libc::EACCES | libc::EPERM) if paranoid.is_some_and(|l| l > 2) => {
            (format!("this kernel keeps perf_event_open from users{level}"), "sudo sysctl kernel.perf_event_paranoid=2")
        }
        Some(libc::EPERM) => (
            format!("perf_event_open is forbidden here, as by a container's seccomp filter{level}"),
            "run outside the container, or start it with `--cap-add PERFMON` or `--security-opt seccomp=unconfined`",
        ),
        Some(libc::EACCES) => (
            format!("no permission for perf_event_open{level}"),
            "run as a user with CAP_PERFMON, or lower kernel.perf_event_paranoid to 2",
        ),
        Some(libc::ENOSYS) => (
            "this kernel has no perf_event_open".to_string(),
            "use a kernel with CONFIG_PERF_EVENTS, outside a sandbox",
        ),
        Some(libc::EMFILE) => ("no file descriptors left".to_string(), "raise `ulimit -n`"),
        _ => (format!("perf_event_open failed: {error}{level}"), "see `concur-tutor doctor`"),
    };
    Unavailable { probe: super::NAME, reason, remedy: Some(remedy.to_string()) }
}
