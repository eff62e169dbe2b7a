//! Where in the program a thread stands that is about to wait for a lock: the function of the program's own that it is in, the
//! line there, and the function of Python's library that it has called from there.
//!
//! The functions on the stack are asked for their files, from the innermost on, until one is not the library's. That is
//! remembered of each function, which gets a number; only the first time its name is told. No Python code runs for it.

use core::cell::UnsafeCell;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use super::capi::{Interface, Object, Owned};
use super::lane;
use crate::layout::{lock_wait, tag};
use crate::text::Text;

/// Functions that have a number; of others nothing is told.
const MOST: usize = 2048;
/// How far from its home a function's number may lie.
const PROBED: usize = 16;
/// The most functions that are asked.
const DEPTH: usize = 24;
/// The longest path of the library's folder.
const LONGEST: usize = 240;

static CODES: [AtomicUsize; MOST] = [const { AtomicUsize::new(0) }; MOST];
/// Of each of these whether it is the library's.
static KINDS: [AtomicU8; MOST] = [const { AtomicU8::new(UNASKED) }; MOST];
const UNASKED: u8 = 0;
const OWN: u8 = 1;
const LIBRARY: u8 = 2;

struct Folder(UnsafeCell<([u8; LONGEST], usize)>);

// SAFETY: written once, by the thread that starts Python, before anything looks at it.
unsafe impl Sync for Folder {}

static FOLDER: Folder = Folder(UnsafeCell::new(([0; LONGEST], 0)));

/// Where Python's library lies. Told once, before the program's own code runs.
pub fn tell_library(path: &[u8]) {
    // SAFETY: as for `Folder`.
    let (room, length) = unsafe { &mut *FOLDER.0.get() };
    if *length == 0 && path.len() <= LONGEST {
        room[..path.len()].copy_from_slice(path);
        *length = path.len();
    }
}

/// In the child of a fork: what was told of functions was told of the parent.
pub fn forked() {
    for (code, kind) in CODES.iter().zip(&KINDS) {
        code.store(0, Ordering::Relaxed);
        kind.store(UNASKED, Ordering::Relaxed);
    }
}

/// The names of the attributes that are asked for.
#[derive(Clone, Copy)]
pub struct Words {
    pub file: Object,
    pub name: Object,
}

/// Why the library makes a lock for itself and takes it at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// To be woken by whoever gives it back.
    ToBeWoken,
    /// To say that the thread lives.
    ForLife,
}

/// Whether the innermost function is one of the library's that make a lock and take it at once.
///
/// # Safety
/// The caller must run Python, in the main interpreter.
pub unsafe fn makes(interface: &Interface, words: Words) -> Option<Made> {
    // SAFETY: the caller runs Python; a code's name and file are texts.
    unsafe {
        let frame = (interface.frame)();
        if frame.is_null() {
            return None;
        }
        let code = interface.own((interface.code)(frame))?;
        let here = interface.text_of(code.get(), words.file, |file| file.ends_with(b"/threading.py"))?;
        let made = |name: &[u8]| match name {
            b"wait" => Some(Made::ToBeWoken),
            b"_set_tstate_lock" => Some(Made::ForLife),
            _ => None,
        };
        if here { interface.text_of(code.get(), words.name, made).flatten() } else { None }
    }
}

/// Where the calling thread stands, as a record has it; 0 where that is not known.
///
/// # Safety
/// The caller must run Python, in the main interpreter.
pub unsafe fn place(interface: &Interface, words: Words) -> u64 {
    // SAFETY: the folder is not written any more.
    if unsafe { (*FOLDER.0.get()).1 } == 0 {
        return 0;
    }
    let (mut called, mut held) = (0, None);
    // SAFETY: the caller runs Python, so it has a frame; each frame before it is held here until the next one is.
    unsafe {
        let mut frame = (interface.frame)();
        for _ in 0..DEPTH {
            if frame.is_null() {
                break;
            }
            let Some(code) = interface.own((interface.code)(frame)) else { break };
            let Some((number, library)) = told(interface, words, &code) else { break };
            if !library {
                let line = u32::try_from((interface.line)(frame)).unwrap_or(0);
                return lock_wait::pack(number, called, line);
            }
            called = number;
            let before = interface.own((interface.frame_before)(frame));
            frame = before.as_ref().map_or(null_mut(), Owned::get);
            held = before;
        }
    }
    drop(held);
    lock_wait::pack(0, called, 0)
}

/// The number of a function, and whether it is the library's. `None` where there is no number left.
unsafe fn told(interface: &Interface, words: Words, code: &Owned<'_>) -> Option<(u16, bool)> {
    let address = code.get() as usize;
    let home = address.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    let slots = (0..PROBED).map(|step| (home + step) % MOST);
    let slot = slots.into_iter().find(|slot| {
        let here = &CODES[*slot];
        here.load(Ordering::Acquire) == address
            || here.compare_exchange(0, address, Ordering::AcqRel, Ordering::Acquire).is_ok()
            || here.load(Ordering::Acquire) == address
    })?;
    let number = u16::try_from(slot + 1).ok()?;
    let mut kind = KINDS[slot].load(Ordering::Acquire);
    if kind == UNASKED {
        // SAFETY: the caller runs Python. The code is kept alive, so that its address is never another's.
        unsafe {
            (interface.add_ref)(code.get());
            kind = tell(interface, words, code, number)?;
        }
        KINDS[slot].store(kind, Ordering::Release);
    }
    Some((number, kind == LIBRARY))
}

/// Tells a function's name and file.
unsafe fn tell(interface: &Interface, words: Words, code: &Owned<'_>, number: u16) -> Option<u8> {
    let mut text = Text::new();
    // SAFETY: a code's name and file are texts.
    unsafe {
        interface.text_of(code.get(), words.name, |name| text.add_start(name, 80))?;
        text.add_start(b"\n", 1);
        let kind = interface.text_of(code.get(), words.file, |file| {
            text.add_end(file);
            if is_library(file) { LIBRARY } else { OWN }
        })?;
        lane::name(tag::PLACE, u32::from(number), text.get());
        Some(kind)
    }
}

/// Whether a file is not the program's own.
fn is_library(file: &[u8]) -> bool {
    // SAFETY: the folder is not written any more.
    let (room, length) = unsafe { &*FOLDER.0.get() };
    let inside = file.strip_prefix(&room[..*length]).is_some_and(|rest| rest.first() == Some(&b'/'));
    let holds = |word: &[u8]| file.windows(word.len()).any(|part| part == word);
    inside || file.starts_with(b"<frozen ") || holds(b"/site-packages/") || holds(b"/dist-packages/")
}
