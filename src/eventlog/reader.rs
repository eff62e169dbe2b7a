//! Reads one lane. What lies in the lane is not trusted: the program under observation can write anything there.

use super::layout::{
    BASE_BYTES, CAPACITY, LaneHead, RING_BYTES, SHORTEST_WAIT, Slot, Word, lane_state, tag, wait_kind, wait_object,
};
use super::{locks, tasks};
use crate::clock::{Nanos, SECOND};
use crate::trace::{Call, LaneKind, Pid, Record, TaskMark, Tid, Wait, WaitKind, WaitObject, What};
use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, fallocate};
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};
use nix::sys::signal::kill;
use nix::unistd;
use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// A shared mapping of a part of the log.
pub(super) struct Map {
    start: NonNull<c_void>,
    length: usize,
}

// SAFETY: the mapping belongs to the process, not to a thread, and is only looked at through atomics.
unsafe impl Send for Map {}

impl Map {
    pub(super) fn new(file: &File, offset: u64, length: u64) -> io::Result<Map> {
        let bad = |_| io::Error::from(io::ErrorKind::InvalidInput);
        let length = usize::try_from(length).map_err(bad)?;
        let size = NonZeroUsize::new(length).ok_or(io::ErrorKind::InvalidInput)?;
        let offset = i64::try_from(offset).map_err(bad)?;
        let protection = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: the kernel chooses the place, so no memory in use is replaced.
        let start = unsafe { mmap(None, size, protection, MapFlags::MAP_SHARED, file, offset) }?;
        Ok(Map { start, length })
    }

    pub(super) const fn start(&self) -> *const u8 {
        self.start.as_ptr().cast::<u8>().cast_const()
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // SAFETY: this is the whole mapping that `new` made; no reference into it outlives `self`.
        let _ = unsafe { munmap(self.start, self.length) };
    }
}

/// What holds for all lanes in one drain.
pub(super) struct Context {
    /// Nothing later than this is told.
    pub(super) until: Nanos,
    /// The time before the first lane was looked at.
    pub(super) asked: Nanos,
    /// Whether to look for dead owners.
    pub(super) sweep: bool,
}

/// A wait that was told as begun and has not ended.
#[derive(Clone, Copy)]
struct Open {
    begin: Nanos,
    seen: Nanos,
    pid: Pid,
    tid: Tid,
}

/// A name of which more parts are to come.
struct Text {
    at: Nanos,
    tid: Tid,
    tag: u8,
    length: usize,
    bytes: Vec<u8>,
}

/// The tutor's end of one lane.
pub(super) struct LaneReader {
    index: u64,
    tail: u64,
    ring: Option<Map>,
    dropped: u64,
    open: Option<Open>,
    /// When the wait began whose end was told last.
    finished: Nanos,
    text: Option<Text>,
    /// Whether it tells of tasks: what it loses then says nothing of waits.
    carries_tasks: bool,
}

impl LaneReader {
    pub(super) const fn new(index: u64) -> LaneReader {
        LaneReader { index, tail: 0, ring: None, dropped: 0, open: None, finished: 0, text: None, carries_tasks: false }
    }

    pub(super) const fn index(&self) -> u64 {
        self.index
    }

    /// Whether it has told of tasks.
    pub(super) const fn carries_tasks(&self) -> bool {
        self.carries_tasks
    }

    /// Tells what is new, and returns how many records were lost.
    pub(super) fn drain(&mut self, file: &File, head: &LaneHead, context: &Context, out: &mut Vec<Record>) -> u64 {
        let left = head.state.load(Acquire) == lane_state::LEFT || (context.sweep && is_dead(head));
        let owner = head.owner.load(Relaxed);
        let (pid, tid) = ((owner >> 32) as Pid, (owner & 0xffff_ffff) as Tid);
        let waiting = current_wait(head);
        let written = head.head.load(Acquire);
        let mut lost = 0;
        if written.wrapping_sub(self.tail) > CAPACITY {
            lost += CAPACITY; // scribbled over: nothing here can be believed
            self.tail = written;
        }
        if written != self.tail && self.ring.is_none() {
            self.ring = Map::new(file, BASE_BYTES + self.index * RING_BYTES, RING_BYTES).ok();
        }
        let all_read = self.read(written, (pid, tid), context, out, &mut lost);
        head.tail.store(self.tail, Release);
        if all_read {
            // Looked at before the records were: it may have ended among them.
            let waiting = waiting.filter(|&(begin, ..)| !left && begin != self.finished);
            self.tell_waiting(waiting, (pid, tid), context, out);
        }
        let dropped = head.dropped.load(Relaxed);
        lost += dropped.wrapping_sub(std::mem::replace(&mut self.dropped, dropped));
        if left && all_read {
            self.recycle(file, head);
        }
        lost
    }

    /// Reads up to `written`; false if it stopped at something later than this drain's end.
    fn read(
        &mut self,
        written: u64,
        who: (Pid, Tid),
        context: &Context,
        out: &mut Vec<Record>,
        lost: &mut u64,
    ) -> bool {
        while self.tail != written {
            let Some(words) = self.ring.as_ref().map(|ring| slot(ring, self.tail)) else {
                *lost += written.wrapping_sub(self.tail);
                self.tail = written;
                break;
            };
            let word = Word::from_bits(words[1]);
            let at = words[0];
            let stale = at == 0 || at > context.asked.saturating_add(SECOND) || who.0 == 0;
            if at > context.until && !stale {
                if word.tag == tag::WAIT && words[2] <= context.until {
                    self.tell_open(wait_of(word, words[3]), words[2], who, context, out);
                }
                return false;
            }
            self.tail = self.tail.wrapping_add(1);
            let known = !stale && self.tell(who, word, words, out);
            *lost += u64::from(!known);
        }
        true
    }

    /// Tells one record; false if it makes no sense.
    fn tell(&mut self, (pid, owner): (Pid, Tid), word: Word, words: [u64; 4], out: &mut Vec<Record>) -> bool {
        let [at, _, first, second] = words;
        let tid = if word.tid != 0 {
            word.tid
        } else if owner != 0 {
            owner
        } else {
            pid
        };
        if word.tag == tag::MORE_TEXT {
            return self.more_text((pid, owner), first, second, out);
        }
        self.text = None;
        if let Some(mark) = tasks::mark_of(word, first, second) {
            self.carries_tasks |= !matches!(mark, TaskMark::Told | TaskMark::ReadyTold(_));
            // A number stands where the thread would: the lane is one thread's.
            let tid = if owner != 0 { owner } else { pid };
            out.push(Record { at, pid, tid, what: What::Task(mark) });
            return true;
        }
        if let Some(mark) = locks::mark_of(word, first, second) {
            let tid = if owner != 0 { owner } else { pid };
            out.push(Record { at, pid, tid, what: What::Lock(mark) });
            return true;
        }
        let what = match word.tag {
            tag::GIL_TAKEN => What::GilTaken { gil: first },
            tag::GIL_DROPPED => What::GilDropped { gil: first },
            tag::PROGRAM_START => What::ProgramStart,
            tag::PROGRAM_END => What::ProgramEnd,
            tag::KIND if first == 1 => What::Kind(LaneKind::Helper),
            tag::WORK => What::Work,
            tag::PICKLED => What::Pickled { since: first },
            tag::KILLED => What::Killed { process: Pid::try_from(first).unwrap_or(0), signal: word.call },
            tag::WAIT => return self.tell_wait(pid, tid, at, first, wait_of(word, second), out),
            tag::THREAD_NAME | tag::PROCESS_NAME | tag::TASK_NAME | tag::CODE | tag::PLACE => {
                let length = usize::from(word.length);
                self.text = Some(Text { at, tid, tag: word.tag, length, bytes: Vec::with_capacity(length) });
                return self.more_text((pid, owner), first, second, out);
            }
            _ => return false,
        };
        out.push(Record { at, pid, tid, what });
        true
    }

    fn more_text(&mut self, (pid, owner): (Pid, Tid), first: u64, second: u64, out: &mut Vec<Record>) -> bool {
        let Some(mut text) = self.text.take() else { return false };
        for byte in first.to_le_bytes().into_iter().chain(second.to_le_bytes()) {
            if text.bytes.len() < text.length {
                text.bytes.push(byte);
            }
        }
        if text.bytes.len() < text.length {
            self.text = Some(text);
            return true;
        }
        let name = String::from_utf8_lossy(&text.bytes).into_owned();
        let (tid, what) = match text.tag {
            tag::THREAD_NAME => (text.tid, What::ThreadName(name)),
            tag::PROCESS_NAME => (text.tid, What::ProcessName(name)),
            tag::TASK_NAME => (owner, What::Task(TaskMark::Named(name))),
            tag::PLACE => (owner, What::Lock(locks::function_of(text.tid, &name))),
            _ => (owner, What::Task(tasks::function_of(text.tid, &name))),
        };
        out.push(Record { at: text.at, pid, tid, what });
        true
    }

    /// A wait that has ended: its begin too, unless that was told while it went on.
    fn tell_wait(
        &mut self,
        pid: Pid,
        tid: Tid,
        at: Nanos,
        begin: Nanos,
        wait: Option<Wait>,
        out: &mut Vec<Record>,
    ) -> bool {
        let Some(wait) = wait else { return false };
        if begin == 0 || begin > at {
            return false;
        }
        match self.open.take() {
            Some(open) if open.begin == begin => {}
            open => {
                close(open, begin, out);
                out.push(Record { at: begin, pid, tid, what: What::WaitBegin(wait) });
            }
        }
        out.push(Record { at, pid, tid, what: What::WaitEnd });
        self.finished = begin;
        true
    }

    /// Tells of the wait that goes on now, once; and of the end of one that ended without a record.
    fn tell_waiting(
        &mut self,
        waiting: Option<(Nanos, Word, u64)>,
        who: (Pid, Tid),
        context: &Context,
        out: &mut Vec<Record>,
    ) {
        let now = context.asked.min(context.until);
        // One that is younger than the shortest wait may yet turn out to be no wait at all.
        let old_enough = waiting.filter(|(begin, ..)| begin.saturating_add(SHORTEST_WAIT) <= now);
        match old_enough {
            Some((since, word, task)) if word.tag == tag::TASK_STEP => {
                out.push(Record { at: now, pid: who.0, tid: who.1, what: What::Task(TaskMark::Going { task, since }) });
            }
            Some((begin, word, object)) => self.tell_open(wait_of(word, object), begin, who, context, out),
            None => close(self.open.take(), now, out),
        }
    }

    fn tell_open(
        &mut self,
        wait: Option<Wait>,
        begin: Nanos,
        who: (Pid, Tid),
        context: &Context,
        out: &mut Vec<Record>,
    ) {
        let Some(wait) = wait else { return };
        let seen = context.asked.min(context.until);
        match &mut self.open {
            Some(open) if open.begin == begin => open.seen = seen,
            open => {
                close(open.take(), begin, out);
                *open = Some(Open { begin, seen, pid: who.0, tid: who.1 });
                out.push(Record { at: begin, pid: who.0, tid: who.1, what: What::WaitBegin(wait) });
            }
        }
    }

    /// The writer has left and all is read: the lane is free, and its memory the system's again.
    fn recycle(&mut self, file: &File, head: &LaneHead) {
        self.ring = None;
        self.text = None;
        self.carries_tasks = false;
        head.wait_begin.store(0, Relaxed);
        head.owner.store(0, Relaxed);
        let flags = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
        let place = (i64::try_from(BASE_BYTES + self.index * RING_BYTES), i64::try_from(RING_BYTES));
        if let (Ok(offset), Ok(length)) = place {
            let _ = fallocate(file, flags, offset, length); // only a kindness: the lane works without
        }
        head.state.store(lane_state::FREE, Release);
    }
}

/// Ends a wait whose own end was not recorded, at the last instant that it was seen or when the next thing began.
fn close(open: Option<Open>, no_later: Nanos, out: &mut Vec<Record>) {
    if let Some(Open { seen, pid, tid, begin }) = open {
        out.push(Record { at: seen.min(no_later).max(begin), pid, tid, what: What::WaitEnd });
    }
}

#[expect(clippy::cast_ptr_alignment, reason = "the index is reduced to the ring's size; the mapping is page-aligned")]
fn slot(ring: &Map, index: u64) -> [u64; 4] {
    // SAFETY: the index is reduced to the ring's size, and the ring is mapped as long as `ring` lives; all atomic.
    let slot = unsafe { &*ring.start().cast::<Slot>().add((index & (CAPACITY - 1)) as usize) };
    [0, 1, 2, 3].map(|n: usize| slot[n].load(Relaxed))
}

/// The wait that goes on now, if it can be read in one piece.
pub(super) fn current_wait(head: &LaneHead) -> Option<(Nanos, Word, u64)> {
    let begin = head.wait_begin.load(Acquire);
    let word = Word::from_bits(head.wait_word.load(Acquire));
    let object = head.wait_object.load(Acquire);
    (begin != 0 && head.wait_begin.load(Acquire) == begin).then_some((begin, word, object))
}

pub(super) fn wait_of(word: Word, object: u64) -> Option<Wait> {
    let (kind, object) = match word.wait {
        wait_kind::GIL => (WaitKind::Gil, WaitObject::Gil(object)),
        wait_kind::LOCK if object == wait_object::NOTHING => (WaitKind::Lock, WaitObject::Nothing),
        wait_kind::LOCK => (WaitKind::Lock, WaitObject::Lock(object)),
        wait_kind::IO => {
            (WaitKind::Io, wait_object::descriptor(object).map_or(WaitObject::Nothing, WaitObject::Descriptor))
        }
        wait_kind::SLEEP => (WaitKind::Sleep, WaitObject::Nothing),
        wait_kind::IDLE => (WaitKind::Idle, WaitObject::Nothing),
        _ => return None,
    };
    Some(Wait { kind, call: Call::from_number(word.call), object })
}

/// Whether the process that owns the lane is gone.
fn is_dead(head: &LaneHead) -> bool {
    let pid = i32::try_from(head.owner.load(Relaxed) >> 32).unwrap_or(0);
    pid > 0 && kill(unistd::Pid::from_raw(pid), None) == Err(Errno::ESRCH)
}
