//! What one thread did with its time.

use super::doing::Doing;
use super::locked_files::LockedFile;
use crate::clock::{Nanos, seconds};
use crate::trace::{Call, Lane, LaneKind, Pid, Span, Tid};

/// What takes as many seconds is kept one by one.
pub const LONG: f64 = 0.2;

/// What one thread did with its time in the run. Times are seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its place among the trace's lanes.
    pub id: usize,
    /// Its name.
    pub name: String,
    /// Its process.
    pub pid: Pid,
    /// Its process's parent.
    pub parent: Pid,
    /// Its thread id.
    pub tid: Tid,
    /// What it is.
    pub kind: LaneKind,
    /// From its first instant in the run to its last, since the program's start.
    pub lived: (f64, f64),
    /// Its time by what it did.
    times: [f64; Doing::COUNT],
    /// How often it did that.
    counts: [usize; Doing::COUNT],
    /// What it did for [`LONG`] or longer at once: from when to when.
    pub long: Vec<(f64, f64, Doing)>,
    /// Its sleeps.
    pub naps: Nap,
    /// Its waits for what other threads do, as Python told them.
    pub asks: Nap,
    /// Its waits for a queue to have something, where all of them took as long: as long as it would wait.
    pub timed_gets: Nap,
    /// How many sleeps and waits for one thing from outside make up most of their time: countless short ones beside them are none
    /// that anybody would count.
    pub waits: usize,
    /// How many pieces of work it took, where it is a pool's.
    pub pieces: u64,
    /// On-CPU time in which it turned objects into bytes or back, or was in calls that write or read.
    pub carried: f64,
    /// The part of that in which it turned objects into bytes or back.
    pub pickled: f64,
    /// On-CPU time without the GIL.
    pub native: f64,
    /// On-CPU time up to when an interpreter had started in its process and the program's own code began.
    pub starting: Option<f64>,
    /// How long it waited for a queue to have something, and how often.
    pub gets: (f64, usize),
    /// How long it waited for a queue to have room, and how often.
    pub puts: (f64, usize),
    /// How long it waited for whoever connects.
    pub accepts: f64,
    /// How often it waited for a future's result.
    pub results: usize,
    /// The signal that ended its process, where this is its main thread.
    pub killed: Option<u8>,
    /// Its waits for a locked `SQLite` database.
    pub locked_file: LockedFile,
    /// Whether it ever held a GIL: a native library's own threads do not.
    pub python: bool,
}

/// The sleeps of one thread. Times are seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nap {
    /// How many.
    pub count: usize,
    /// Half of them were no longer.
    pub median: f64,
}

impl Nap {
    /// Where nearly all of them were as long as each other, a little more or less: none where they were not.
    fn alike(times: &mut [f64]) -> Nap {
        /// What is late is so by a tenth of it and this much, in seconds.
        const LATE: f64 = 0.004;
        let all = Nap::of(times);
        let at = |tenths: usize| times.get(times.len() * tenths / 10).copied().unwrap_or(0.0);
        if at(1) >= 0.95 * all.median && at(9) <= 1.1 * all.median + LATE { all } else { Nap::default() }
    }

    fn of(times: &mut [f64]) -> Nap {
        times.sort_by(f64::total_cmp);
        Nap { count: times.len(), median: times.get(times.len() / 2).copied().unwrap_or(0.0) }
    }
}

impl Role {
    /// Of this lane, in the window `[from, to)`.
    #[must_use]
    pub fn of(id: usize, lane: &Lane, (from, to): (Nanos, Nanos)) -> Role {
        let clip = |span: &Span| (span.start.max(from), span.end.min(to));
        let since = |at: Nanos| seconds(at.saturating_sub(from));
        let (mut times, mut counts) = ([0.0; Doing::COUNT], [0; Doing::COUNT]);
        let (mut long, mut naps, mut asks) = (Vec::new(), [Vec::new(), Vec::new()], Vec::new());
        let mut lengths = Vec::new();
        let (mut gets, mut puts, mut accepts, mut results) = ((0.0, 0), (0.0, 0), 0.0, 0);
        for span in lane.spans.window(from, to) {
            let (doing, (start, end)) = (Doing::of(span), clip(span));
            let time = seconds(end.saturating_sub(start));
            times[doing as usize] += time;
            counts[doing as usize] += 1;
            let call = span.wait.filter(|_| matches!(doing, Doing::Lock | Doing::Events)).map(|wait| wait.call);
            results +=
                usize::from(span.wait.is_some_and(|wait| wait.call == Call::PyFuture) && doing == Doing::Workers);
            match call {
                Some(Call::PyQueueGet) => {
                    gets = (gets.0 + time, gets.1 + 1);
                    lengths.push(time);
                }
                Some(Call::PyQueuePut) => puts = (puts.0 + time, puts.1 + 1),
                Some(Call::Accept | Call::Accept4) => accepts += time,
                _ => {}
            }
            if time >= LONG {
                long.push((since(start), since(end), doing));
            }
            match doing {
                Doing::Sleep => naps[0].push(time),
                Doing::Io => naps[1].push(time),
                Doing::Lock if span.wait.is_some_and(|wait| wait.call.is_python()) => asks.push(time),
                _ => {}
            }
        }
        let [mut naps, others] = naps;
        let waits = most_of(naps.iter().chain(&others).copied().collect());
        let (naps, asks) = (Nap::of(&mut naps), Nap::of(&mut asks));
        let lived = (since(lane.start), since(lane.end.unwrap_or(to).min(to)));
        Role {
            id,
            name: lane.name.clone(),
            pid: lane.pid,
            parent: lane.parent,
            tid: lane.tid,
            kind: lane.kind,
            lived,
            times,
            counts,
            long,
            naps,
            asks,
            timed_gets: Nap::alike(&mut lengths),
            waits,
            pieces: lane.told.pieces,
            carried: seconds(lane.told.pickled + lane.told.moved),
            pickled: seconds(lane.told.pickled),
            native: seconds(lane.spans.totals_in(from, to).get(crate::trace::State::Native)),
            starting: lane.told.began.map(|at| seconds(lane.spans.totals_in(lane.start, at).on_cpu())),
            gets,
            puts,
            accepts,
            results,
            killed: lane.told.killed,
            locked_file: LockedFile::of(lane, (from, to)),
            python: lane.gil_holds > 0,
        }
    }

    /// The time that it did this.
    #[must_use]
    pub const fn time(&self, doing: Doing) -> f64 {
        self.times[doing as usize]
    }

    /// How often it did this.
    #[must_use]
    pub const fn count(&self, doing: Doing) -> usize {
        self.counts[doing as usize]
    }

    /// What it did at an instant, where it did that for [`LONG`] or longer.
    #[must_use]
    pub fn during(&self, at: f64) -> Option<Doing> {
        self.long.iter().find(|(start, end, _)| (*start..=*end).contains(&at)).map(|(_, _, doing)| *doing)
    }

    /// The longest that it did this at once; 0 where that was shorter than [`LONG`].
    #[must_use]
    pub fn longest(&self, doing: Doing) -> f64 {
        self.long.iter().filter(|one| one.2 == doing).map(|(start, end, _)| end - start).fold(0.0, f64::max)
    }

    /// The time that it was on a core or ready for one.
    #[must_use]
    pub fn worked(&self) -> f64 {
        self.time(Doing::Core) + self.time(Doing::Ready)
    }

    /// The time that it wanted to work.
    #[must_use]
    pub fn wanted(&self) -> f64 {
        self.worked() + self.time(Doing::Gil)
    }

    /// The time that it slept or waited for one thing from outside.
    #[must_use]
    pub fn waited(&self) -> f64 {
        self.time(Doing::Io) + self.time(Doing::Sleep)
    }

    /// How long it lived in the run.
    #[must_use]
    pub fn life(&self) -> f64 {
        self.lived.1 - self.lived.0
    }

    /// Whether it is the launched process's main thread.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.kind == LaneKind::Main
    }

    /// Has it do nothing but sleep, for so many seconds.
    #[cfg(test)]
    pub fn sleeps(&mut self, seconds: f64) {
        self.times = [0.0; Doing::COUNT];
        self.times[Doing::Sleep as usize] = seconds;
    }

    /// Has it do nothing but wait for processes to end, for so many seconds.
    #[cfg(test)]
    pub fn waits_for_children(&mut self, seconds: f64) {
        self.times = [0.0; Doing::COUNT];
        self.times[Doing::Child as usize] = seconds;
    }

    /// Has it do nothing.
    #[cfg(test)]
    pub fn rests(&mut self) {
        self.sleeps(0.0);
    }

    /// What to call it in a sentence.
    #[must_use]
    pub fn named(&self) -> String {
        match self.kind {
            LaneKind::Main => "the main thread".to_owned(),
            LaneKind::Process => format!("process {}", self.short()),
            _ => format!("thread {}", self.short()),
        }
    }

    /// Its name, cut where it is very long; of a process that has none of its own, its id.
    #[must_use]
    pub fn short(&self) -> String {
        const LONGEST: usize = 30;
        if self.kind == LaneKind::Process && self.name == "MainThread" {
            return self.pid.to_string();
        }
        let head = |count| self.name.chars().take(count).collect::<String>();
        if self.name.chars().count() <= LONGEST { self.name.clone() } else { format!("{}…", head(LONGEST - 1)) }
    }
}

/// How many of these make up most of their sum, the longest first.
fn most_of(mut times: Vec<f64>) -> usize {
    const MOST: f64 = 0.95;
    times.sort_by(|a, b| b.total_cmp(a));
    let (all, mut sum) = (times.iter().sum::<f64>(), 0.0);
    let before = |time: &&f64| {
        let goes_on = sum < MOST * all;
        sum += **time;
        goes_on
    };
    times.iter().take_while(before).count()
}
