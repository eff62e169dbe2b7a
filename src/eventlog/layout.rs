//! How the event log lies in memory: a header, a table of lane heads, then one ring of records a lane.
//!
//! This file needs `core` alone: the crate and the preloaded library both compile it, and the Python start-up file is
//! given its constants, so the layout is written down once. All numbers are native-endian 64-bit words.
//!
//! ```text
//! 0        header: magic, version, the counters from which writers claim lanes
//! 4096     LANES lane heads of 512 bytes: who writes, how far, what it waits in now; how far the reader is; its locks
//! RINGS    LANES rings of CAPACITY records of 32 bytes; the file is sparse, a ring costs memory when it is written
//! ```

use core::sync::atomic::AtomicU64;

/// First word of a log: "ctutlog" and a version that changes with the layout.
pub const MAGIC: u64 = u64::from_le_bytes(*b"ctutlog\x03");
/// Lanes that threads claim by an atomic counter.
pub const THREAD_LANES: u64 = 7168;
/// Lanes, after those of threads, that Python processes claim under a file lock (Python has no atomic addition).
pub const PROCESS_LANES: u64 = 1024;
/// All lanes.
pub const LANES: u64 = THREAD_LANES + PROCESS_LANES;
/// Records that a lane's ring holds; a power of two. A thread that does nothing but hand over a lock writes a million
/// in a second: this is what it writes between two drains, on a machine whose cores are all busy.
pub const CAPACITY: u64 = 65_536;
/// Bytes of a record.
pub const RECORD_BYTES: u64 = 32;
/// Bytes of a lane's ring.
pub const RING_BYTES: u64 = CAPACITY * RECORD_BYTES;
/// Bytes of the header.
pub const HEADER_BYTES: u64 = 4096;
/// Bytes of a lane's head.
pub const HEAD_BYTES: u64 = 512;
/// Bytes of everything before the first ring.
pub const BASE_BYTES: u64 = HEADER_BYTES + LANES * HEAD_BYTES;
/// Bytes of the whole (sparse) file.
pub const FILE_BYTES: u64 = BASE_BYTES + LANES * RING_BYTES;
/// A wait that ends sooner than this, in nanoseconds, is not recorded: no thread leaves its core and comes back faster.
pub const SHORTEST_WAIT: u64 = 2_000;

/// Locks that a thread can hold at a time and be seen to.
pub const HELD: usize = 32;

/// The log's header.
#[repr(C, align(4096))]
pub struct Header {
    /// [`MAGIC`], written last when the log is made.
    pub magic: AtomicU64,
    _pad0: [u64; 15],
    /// How many thread lanes were ever claimed for the first time.
    pub next_thread_lane: AtomicU64,
    _pad1: [u64; 15],
    /// How many process lanes were ever claimed for the first time. Guarded by a lock on the file.
    pub next_process_lane: AtomicU64,
    _pad2: [u64; 15],
    /// Records that were lost because no lane was to be had.
    pub unlaned: AtomicU64,
    _pad3: [u64; 15],
    /// 1 where the tutor wants to know who holds which lock.
    pub wants_objects: AtomicU64,
}

/// Where a lane is in its life: nobody's; a writer is moving in; a writer's; the writer has left.
pub mod lane_state {
    /// Nobody's.
    pub const FREE: u64 = 0;
    /// Claimed, not yet usable.
    pub const CLAIMING: u64 = 1;
    /// A writer's.
    pub const OWNED: u64 = 2;
    /// The writer has left; what it wrote may still be read.
    pub const LEFT: u64 = 3;
}

/// The head of a lane: four parts, each on cache lines of its own.
#[repr(C, align(512))]
pub struct LaneHead {
    /// See [`lane_state`].
    pub state: AtomicU64,
    /// The process in the upper half, the thread in the lower; 0 as thread means that each record names its own.
    pub owner: AtomicU64,
    _pad0: [u64; 6],
    /// How many records were ever written. The writer's.
    pub head: AtomicU64,
    /// How many were dropped because the ring was full. The writer's.
    pub dropped: AtomicU64,
    /// When the wait that goes on now began; 0 while none does. The writer's, as the next two.
    pub wait_begin: AtomicU64,
    /// The wait's [`Word::bits`].
    pub wait_word: AtomicU64,
    /// The wait's object; see [`wait_object`].
    pub wait_object: AtomicU64,
    _pad1: [u64; 3],
    /// How many records the reader is done with. The reader's.
    pub tail: AtomicU64,
    _pad2: [u64; 15],
    /// The locks that the thread holds, by their addresses, in no order; 0 is a free place, and of more nobody knows that
    /// it holds them. The writer's, but that who gives back a lock which another has taken clears it there.
    pub held: [AtomicU64; HELD],
}

/// One record: when, what ([`Word`]) and two words that depend on it.
pub type Slot = [AtomicU64; 4];

const _: () = assert!(size_of::<Header>() as u64 == HEADER_BYTES && size_of::<LaneHead>() as u64 == HEAD_BYTES);
const _: () = assert!(size_of::<Slot>() as u64 == RECORD_BYTES && CAPACITY.is_power_of_two());
const _: () = assert!(BASE_BYTES.is_multiple_of(4096) && RING_BYTES.is_multiple_of(4096));

/// What a record says. The numbers are part of the layout.
pub mod tag {
    /// The thread took the GIL; the first word is the GIL's address.
    pub const GIL_TAKEN: u8 = 1;
    /// The thread dropped the GIL; the first word is the GIL's address.
    pub const GIL_DROPPED: u8 = 2;
    /// A wait ended; the first word is when it began, the second the object
    /// ([`wait_object`](super::wait_object)).
    pub const WAIT: u8 = 3;
    /// The thread's name: `length` bytes of text, 16 a record.
    pub const THREAD_NAME: u8 = 4;
    /// The process's name: `length` bytes of text, 16 a record.
    pub const PROCESS_NAME: u8 = 5;
    /// What the thread is; the first word is 1 for a helper.
    pub const KIND: u8 = 6;
    /// The learner's program begins.
    pub const PROGRAM_START: u8 = 7;
    /// The learner's program has ended.
    pub const PROGRAM_END: u8 = 8;
    /// The next 16 bytes of a name.
    pub const MORE_TEXT: u8 = 9;
    /// An asyncio task's step has ended, or was interrupted by a step inside it ([`task_step`](super::task_step)); the first
    /// word is when it began, the second the task. A task is known by the address of its coroutine.
    pub const TASK_STEP: u8 = 10;
    /// There is a new task; the first word is the task, the second its coroutine's code, by the number that [`CODE`] gave, and
    /// the task's own address ([`task_born`](super::task_born)). The call's place says whether it was just made, and stands in
    /// line for its first step ([`MADE`](super::task_born::MADE)), or is about to run that; or that it was told before and has
    /// a new name. The thread's place has the number in the name that asyncio gave it, or 0.
    pub const TASK_BORN: u8 = 11;
    /// The name of the task that the lane told last as born: text.
    pub const TASK_NAME: u8 = 12;
    /// The code whose number stands for the thread: text of three lines, its name, its first line and its file.
    pub const CODE: u8 = 13;
    /// What the task waits for that the lane told last of; see [`task_await`](super::task_await).
    pub const TASK_AWAIT: u8 = 14;
    /// From here on the process tells of its asyncio tasks. With 1 in the call's place it tells too when they can go on; with 2
    /// it cannot.
    pub const TASKS_TOLD: u8 = 15;
    /// What tasks awaited has come: they stand in line for their next step. The first word is the thing, as their steps' ends
    /// named it, or the task itself.
    pub const TASK_READY: u8 = 16;
    /// The wait that comes next is for the lock of the second word, which has a part of its number, too; see
    /// [`lock_wait`](super::lock_wait).
    pub const LOCK_WAIT: u8 = 17;
    /// The thread ends, and holds the lock of the first word.
    pub const LOCK_LEFT: u8 = 18;
    /// A place in the program whose number stands for the thread: text of two lines, a function's name and its file.
    pub const PLACE: u8 = 19;
    /// The thread, a pool's, has taken a piece of work.
    pub const WORK: u8 = 20;
    /// The thread has turned objects into bytes, or back; the first word is when it began.
    pub const PICKLED: u8 = 21;
    /// The thread has taken the lock whose number the second word is, and held as many others as the length says: they follow
    /// ([`LOCK_HELD`]). The first word says where in the program, as for [`LOCK_WAIT`]. Each order is told once.
    pub const LOCK_TAKEN: u8 = 22;
    /// Two of the locks that it held, by their numbers; 0 is none.
    pub const LOCK_HELD: u8 = 23;
    /// Somebody else than who has taken the lock gives it back, whose number the first word is.
    pub const LOCK_PASSED: u8 = 24;
    /// The thread has seen another one end.
    pub const JOINED: u8 = 25;
    /// Whether the process tells in which orders its locks are taken; see [`lock_orders`](super::lock_orders).
    pub const LOCK_ORDERS: u8 = 26;
    /// The thread has learned that a process was ended by a signal; the first word is the process, the call's place the signal.
    pub const KILLED: u8 = 27;
}

/// Why a thread waits for a lock: in the place of the thread who holds it, or 0; in the call's whether that is known at all; in
/// the first word where in the program the thread is.
pub mod lock_wait {
    /// Who holds it is not known.
    pub const UNKNOWN: u8 = 0;
    /// Who holds it is known; 0 is nobody who lives.
    pub const KNOWN: u8 = 1;

    /// The numbers of the program's own function and of the library's function that it has called (0 for none), and the line
    /// in the former.
    #[must_use]
    #[allow(dead_code, clippy::allow_attributes, reason = "the preloaded library alone writes it")]
    pub const fn pack(own: u16, called: u16, line: u32) -> u64 {
        (own as u64) << 48 | (called as u64) << 32 | line as u64
    }

    /// The opposite of [`pack`].
    #[must_use]
    pub const fn unpack(word: u64) -> (u16, u16, u32) {
        let [l0, l1, l2, l3, c0, c1, o0, o1] = word.to_le_bytes();
        (u16::from_le_bytes([o0, o1]), u16::from_le_bytes([c0, c1]), u32::from_le_bytes([l0, l1, l2, l3]))
    }

    /// Bits of an address: what is left of the record's second word has a part of the lock's number.
    const ADDRESS: u32 = 47;
    /// Bits of that part; the rest is where a wait's kind and a name's length would be.
    const PART: u32 = 64 - ADDRESS;

    /// The record's words with a lock's address and number, of which the last 33 bits are kept: two locks that lie at one address,
    /// one after the other, are told apart by it.
    #[must_use]
    #[allow(dead_code, clippy::allow_attributes, reason = "the preloaded library alone writes it")]
    pub const fn with_number(word: super::Word, address: u64, number: u64) -> (super::Word, u64) {
        let [wait, length, ..] = (number >> PART).to_le_bytes();
        (super::Word { wait, length, ..word }, address & ((1 << ADDRESS) - 1) | number << ADDRESS)
    }

    /// The lock's address, and what is kept of its number.
    #[must_use]
    pub const fn number_of(word: super::Word, second: u64) -> (u64, u64) {
        let high = word.wait as u64 | (word.length as u64) << 8;
        (second & ((1 << ADDRESS) - 1), second >> ADDRESS | high << PART)
    }
}

/// Whether the orders in which locks are taken are told, in the place of a wait's call.
pub mod lock_orders {
    /// Not: what locks are made of here cannot be looked into.
    pub const UNKNOWN: u8 = 0;
    /// All.
    pub const ALL: u8 = 1;
    /// From here on not all any more.
    pub const SOME: u8 = 2;
}

/// How a new task was seen, in the place of a wait's call.
pub mod task_born {
    /// Before its first step.
    #[allow(dead_code, clippy::allow_attributes, reason = "the preloaded library alone writes it")]
    pub const RUNS: u8 = 0;
    /// When it was made.
    pub const MADE: u8 = 1;
    /// It is no new one: its name follows, which it was given since.
    pub const NAMED: u8 = 2;

    /// The number of a code and the address of an object in one word.
    #[must_use]
    pub const fn pack(code: u16, object: u64) -> u64 {
        object << 12 | code as u64
    }

    /// The opposite of [`pack`].
    #[must_use]
    pub const fn unpack(word: u64) -> (u16, u64) {
        let [c0, c1, ..] = word.to_le_bytes();
        (u16::from_le_bytes([c0, c1]), word >> 16 << 4)
    }
}

/// How a task's step ended, in the place of a wait's call.
pub mod task_step {
    /// The task awaits something.
    pub const SUSPENDED: u8 = 0;
    /// The task has finished.
    pub const FINISHED: u8 = 1;
    /// Another task's step runs inside this one, which goes on after it.
    pub const INTERRUPTED: u8 = 2;

    /// Stands for no thing: the task only lets others run. No object has this address.
    #[allow(dead_code, clippy::allow_attributes, reason = "the preloaded library alone writes it")]
    pub const NOTHING: u64 = 16;

    /// The thing that a task awaits after its step, by its address, in what is left of the record's word: addresses have 47 bits,
    /// of which objects leave the last four empty.
    #[must_use]
    pub const fn thing_of(word: super::Word) -> u64 {
        ((word.tid as u64) | (word.length as u64) << 32 | (word.wait as u64) << 40) << 4
    }

    /// The word that names it. 0 stands for none.
    #[must_use]
    pub const fn with_thing(word: super::Word, thing: u64) -> super::Word {
        let [t0, t1, t2, t3, length, wait, _, _] = (thing >> 4).to_le_bytes();
        super::Word { tid: u32::from_le_bytes([t0, t1, t2, t3]), length, wait, ..word }
    }
}

/// What a task awaits. The record's first word is the task that it awaits, or 0; the thread's place has the code of the
/// innermost function of the program's own, by its number, or 0; the second word is packed of four parts.
pub mod task_await {
    /// The line of that function, the first and the last of the library's functions below it by their codes' numbers
    /// (0 for none), and what it awaits in the end, by the numbers here.
    #[must_use]
    pub const fn unpack(word: u64) -> (u32, u16, u16, u8) {
        let [l0, l1, l2, f0, f1, b0, b1, on] = word.to_le_bytes();
        (u32::from_le_bytes([l0, l1, l2, 0]), u16::from_le_bytes([f0, f1]), u16::from_le_bytes([b0, b1]), on)
    }

    /// The opposite of [`unpack`].
    #[must_use]
    pub const fn pack(line: u32, first: u16, last: u16, on: u8) -> u64 {
        let [l0, l1, l2, _] = line.to_le_bytes();
        let ([f0, f1], [b0, b1]) = (first.to_le_bytes(), last.to_le_bytes());
        u64::from_le_bytes([l0, l1, l2, f0, f1, b0, b1, on])
    }

    /// Something else.
    pub const OTHER: u8 = 0;
    /// Nothing: the task only lets others run.
    pub const NOTHING: u8 = 1;
    /// A future.
    pub const FUTURE: u8 = 2;
    /// Another task.
    pub const TASK: u8 = 3;
    /// Several at once: `gather`.
    pub const GATHER: u8 = 4;
}

/// What a wait is for. The numbers are part of the layout.
pub mod wait_kind {
    /// The GIL.
    pub const GIL: u8 = 1;
    /// A lock, semaphore, condition or join.
    pub const LOCK: u8 = 2;
    /// A file, pipe, socket or child.
    pub const IO: u8 = 3;
    /// Time.
    pub const SLEEP: u8 = 4;
    /// Work: the thread is a pool's.
    pub const IDLE: u8 = 5;
}

/// Which thing a wait is for: the address of a GIL or a lock, the number of a descriptor, or none. The wait's kind says
/// which of them the word is.
pub mod wait_object {
    /// None, or none alone.
    pub const NOTHING: u64 = 0;

    /// The word of a descriptor: one more than its number, so that descriptor 0 is told from nothing.
    #[must_use]
    pub const fn of_descriptor(fd: i32) -> u64 {
        let [b0, b1, b2, b3] = fd.to_le_bytes();
        u64::from_le_bytes([b0, b1, b2, b3, 0, 0, 0, 0]) + 1
    }

    /// The descriptor of a word, if there is one.
    #[must_use]
    pub fn descriptor(word: u64) -> Option<i32> {
        u32::try_from(word.checked_sub(1)?).ok().map(u32::cast_signed)
    }
}

/// The second word of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// See [`tag`].
    pub tag: u8,
    /// A wait's call, by its number in the trace's table.
    pub call: u8,
    /// A wait's kind; see [`wait_kind`].
    pub wait: u8,
    /// A name's length in bytes.
    pub length: u8,
    /// The thread, where the lane is not one thread's; else 0.
    pub tid: u32,
}

impl Word {
    /// A word that says only what.
    #[must_use]
    pub const fn of(tag: u8) -> Word {
        Word { tag, call: 0, wait: 0, length: 0, tid: 0 }
    }

    /// The word of a wait.
    #[must_use]
    pub const fn wait(wait: u8, call: u8) -> Word {
        Word { tag: tag::WAIT, call, wait, length: 0, tid: 0 }
    }

    /// The word as it lies in memory.
    #[must_use]
    pub const fn bits(self) -> u64 {
        let [t0, t1, t2, t3] = self.tid.to_le_bytes();
        u64::from_le_bytes([self.tag, self.call, self.wait, self.length, t0, t1, t2, t3])
    }

    /// The word with these bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Word {
        let [tag, call, wait, length, t0, t1, t2, t3] = bits.to_le_bytes();
        Word { tag, call, wait, length, tid: u32::from_le_bytes([t0, t1, t2, t3]) }
    }
}
