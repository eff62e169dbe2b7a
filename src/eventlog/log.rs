//! The tutor's end of the log: makes the file, finds lanes, drains them into records.

use super::layout::{BASE_BYTES, FILE_BYTES, HEADER_BYTES, Header, LANES, LaneHead, MAGIC, THREAD_LANES, lane_state};
use super::locks;
use super::memory;
use super::reader::{Context, LaneReader, Map};
use crate::clock::{self, Nanos};
use crate::trace::Record;
use crate::trace::locks::Standing;
use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// How many drains lie between two looks for lanes whose process has died without a word.
const DRAINS_PER_SWEEP: u64 = 32;

/// A run's event log. The file lives in memory and vanishes with this value and the programs that have it open.
pub struct Log {
    file: File,
    path: PathBuf,
    base: Map,
    lanes: Vec<LaneReader>,
    process_lanes: Vec<LaneReader>,
    drains: u64,
    lost: u64,
    lost_tasks: u64,
}

impl Log {
    /// Makes an empty log.
    ///
    /// # Errors
    /// Where the system gives no memory file, or refuses to map it.
    pub fn create() -> io::Result<Log> {
        let (file, path) = memory::file(c"concur-tutor-log")?;
        file.set_len(FILE_BYTES)?;
        // No program under observation can shrink the file under us. A plain file (the fallback) cannot be sealed.
        let _ = fcntl(&file, FcntlArg::F_ADD_SEALS(SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_GROW));
        let base = Map::new(&file, 0, BASE_BYTES)?;
        let log =
            Log { file, path, base, lanes: Vec::new(), process_lanes: Vec::new(), drains: 0, lost: 0, lost_tasks: 0 };
        log.header().magic.store(MAGIC, Release);
        Ok(log)
    }

    /// The path by which other processes open it: valid while this process lives.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many records are known to be lost: dropped by full lanes, without a lane, or unreadable.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost.saturating_add(self.header().unlaned.load(Relaxed))
    }

    /// How many records about tasks are known to be lost; [`Log::lost`] does not count them.
    #[must_use]
    pub const fn lost_tasks(&self) -> u64 {
        self.lost_tasks
    }

    /// Says whether programs that start from now on note who holds which lock.
    pub fn want_objects(&self, wanted: bool) {
        self.header().wants_objects.store(u64::from(wanted), Release);
    }

    /// Where each thread stands now that has written of its waits.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        let threads = self.header().next_thread_lane.load(Acquire).min(THREAD_LANES);
        let heads = (0..threads).map(|lane| head_of(&self.base, lane));
        heads.filter(|head| head.state.load(Acquire) == lane_state::OWNED).filter_map(locks::standing).collect()
    }

    /// Whether a thread has written of its waits: the preloaded library, or a native program.
    #[must_use]
    pub fn heard(&self) -> bool {
        self.header().next_thread_lane.load(Relaxed) > 0
    }

    /// Appends what was written since the last drain and happened no later than `until`; in order of time for each
    /// lane. A wait that still goes on is told once as begun, its end when it is known.
    pub fn drain(&mut self, until: Nanos, out: &mut Vec<Record>) {
        self.drains += 1;
        let sweep = self.drains.is_multiple_of(DRAINS_PER_SWEEP);
        let context = Context { until, asked: clock::now(), sweep };
        let threads = self.header().next_thread_lane.load(Acquire).min(THREAD_LANES);
        let processes = self.header().next_process_lane.load(Acquire).min(LANES - THREAD_LANES);
        grow(&mut self.lanes, 0, threads);
        grow(&mut self.process_lanes, THREAD_LANES, processes);
        // Names first: a lane's name is then known before its first mark.
        for lane in self.process_lanes.iter_mut().chain(&mut self.lanes) {
            let head = head_of(&self.base, lane.index());
            if matches!(head.state.load(Acquire), lane_state::OWNED | lane_state::LEFT) {
                let lost = lane.drain(&self.file, head, &context, out);
                let sum = if lane.carries_tasks() { &mut self.lost_tasks } else { &mut self.lost };
                *sum = sum.saturating_add(lost);
            }
        }
    }

    #[expect(clippy::cast_ptr_alignment, reason = "the mapping is page-aligned")]
    fn header(&self) -> &Header {
        // SAFETY: the mapping is page-aligned, starts with a header and lives as long as `self`; all in it is atomic.
        unsafe { &*self.base.start().cast::<Header>() }
    }
}

fn grow(lanes: &mut Vec<LaneReader>, first: u64, count: u64) {
    let have = lanes.len() as u64;
    lanes.extend((have..count).map(|n| LaneReader::new(first + n)));
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_ptr_alignment,
    reason = "lane numbers are below LANES; the mapping is page-aligned"
)]
fn head_of(base: &Map, lane: u64) -> &LaneHead {
    assert!(lane < LANES, "a lane number comes from a count that is cut at LANES");
    // SAFETY: `lane` is below LANES, so this lies inside the mapping, which lives as long as `base`; all atomic.
    unsafe { &*base.start().add(HEADER_BYTES as usize).cast::<LaneHead>().add(lane as usize) }
}
