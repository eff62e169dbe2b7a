//! Who a task is and what it awaits, asked of Python's objects without running any Python code.

use core::cell::UnsafeCell;
use core::ffi::CStr;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, Ordering};

use super::capi::{Interface, Object, Owned};
use super::place::Place;
use super::task_called::{self, Called};
use super::task_futures;
use super::task_loop::{self, CODES, Loop};
use crate::layout::{Word, tag, task_await, task_born, task_step};
use crate::text::Text;

/// Names of attributes, as Python's strings. They belong to the main interpreter, as all that is asked here.
struct Words {
    module: Object,
    running_loop: Object,
    current_tasks: Object,
    task: Object,
    get_coro: Object,
    get_name: Object,
    coro: Object,
    name: Object,
    qualname: Object,
    short_name: Object,
    file: Object,
    first_line: Object,
    co_name: Object,
    os: Object,
    file_name: Object,
    coroutine: Links,
    generator: Links,
    future: Object,
    current_task: Object,
}

/// The attributes by which a coroutine leads to its code, to what it awaits and to its frame.
#[derive(Clone, Copy)]
struct Links {
    code: Object,
    awaits: Object,
    frame: Object,
}

/// What asyncio's C module has; looked up when the first coroutine runs after it was imported, and kept.
#[derive(Clone, Copy)]
struct Asyncio {
    running_loop: Object,
    /// The function that gives the current task, or null where there is the table of them.
    current_task: Object,
    current_tasks: Object,
    task: Object,
    future: Object,
    get_coro: Object,
    get_name: Object,
}

/// Everything that is found once.
struct Found {
    interface: Interface,
    words: Words,
    asyncio: Option<Asyncio>,
    /// The directory of the standard library, with its `/`.
    library: [u8; 512],
    library_length: usize,
}

struct Global(UnsafeCell<Option<Found>>);

// SAFETY: written once before there are other threads, and its `asyncio` and `library` once by who claims that.
unsafe impl Sync for Global {}

static FOUND: Global = Global(UnsafeCell::new(None));
/// Whether somebody looks for asyncio, and whether it was found.
static LOOKING: AtomicBool = AtomicBool::new(false);
static HAS_ASYNCIO: AtomicBool = AtomicBool::new(false);

/// Gets ready.
///
/// # Safety
/// The only thread that runs Python yet calls this.
pub unsafe fn start(interface: &Interface) -> bool {
    // SAFETY: the names are NUL-terminated.
    let word = |name: &CStr| unsafe { (interface.interned)(name.as_ptr()) };
    let words = Words {
        module: word(c"_asyncio"),
        running_loop: word(c"_get_running_loop"),
        current_tasks: word(c"_current_tasks"),
        current_task: word(c"current_task"),
        task: word(c"Task"),
        future: word(c"Future"),
        get_coro: word(c"get_coro"),
        get_name: word(c"get_name"),
        coro: word(c"_coro"),
        name: word(c"_name"),
        qualname: word(c"__qualname__"),
        short_name: word(c"__name__"),
        file: word(c"co_filename"),
        first_line: word(c"co_firstlineno"),
        co_name: word(c"co_name"),
        os: word(c"os"),
        file_name: word(c"__file__"),
        coroutine: Links { code: word(c"cr_code"), awaits: word(c"cr_await"), frame: word(c"cr_frame") },
        generator: Links { code: word(c"gi_code"), awaits: word(c"gi_yieldfrom"), frame: word(c"gi_frame") },
    };
    let interface = *interface;
    let found = Found { interface, words, asyncio: None, library: [0; 512], library_length: 0 };
    // SAFETY: the caller vouches that nobody else is here.
    unsafe { *FOUND.0.get() = Some(found) };
    task_loop::start(interface.minor >= 12)
}

fn found() -> Option<&'static Found> {
    // SAFETY: what is found is not moved any more; `asyncio` is looked at only once it is there.
    unsafe { (*FOUND.0.get()).as_ref() }
}

/// Whether an object is a coroutine; false before the start.
pub fn is_coroutine(object: Object) -> bool {
    // SAFETY: the caller's own object.
    found().is_some_and(|found| unsafe { found.interface.type_of(object) } == found.interface.coroutine_type)
}

/// asyncio, if the program has imported it.
fn asyncio(found: &Found) -> Option<Asyncio> {
    if HAS_ASYNCIO.load(Ordering::Acquire) {
        return found.asyncio;
    }
    if LOOKING.swap(true, Ordering::Acquire) {
        return None; // another thread is at it
    }
    // SAFETY: the caller runs Python in the main interpreter; nobody else writes meanwhile, or reads before it is said.
    unsafe {
        let asyncio = look_for_asyncio(found);
        if let Some(asyncio) = asyncio {
            task_futures::start(&found.interface, asyncio.future, asyncio.task);
        }
        if asyncio.is_some()
            && let Some(found) = (*FOUND.0.get()).as_mut()
        {
            found.asyncio = asyncio;
            remember_library(found);
            HAS_ASYNCIO.store(true, Ordering::Release);
        }
        LOOKING.store(false, Ordering::Release);
        asyncio
    }
}

unsafe fn look_for_asyncio(found: &Found) -> Option<Asyncio> {
    let (interface, words) = (&found.interface, &found.words);
    // SAFETY: module, types and functions are looked up by name, and kept for ever.
    unsafe {
        let module = interface.own((interface.module)(words.module))?;
        let keep = |object: Object, name: Object| {
            interface.get(object, name).map(|own| {
                (interface.add_ref)(own.get());
                own.get()
            })
        };
        let task = keep(module.get(), words.task)?;
        Some(Asyncio {
            running_loop: keep(module.get(), words.running_loop)?,
            current_task: keep(module.get(), words.current_task).unwrap_or(null_mut()),
            current_tasks: keep(module.get(), words.current_tasks).unwrap_or(null_mut()),
            task,
            future: keep(module.get(), words.future)?,
            get_coro: keep(task, words.get_coro)?,
            get_name: keep(task, words.get_name)?,
        })
    }
}

/// Remembers where the standard library is: beside `os`.
unsafe fn remember_library(found: &mut Found) {
    let Found { interface, words, library, library_length, .. } = found;
    let copy = |path: &[u8]| {
        let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        if end <= library.len() {
            library[..end].copy_from_slice(&path[..end]);
            *library_length = end;
        }
    };
    // SAFETY: the caller runs Python; a module's `__file__` is a string.
    unsafe {
        if let Some(os) = interface.own((interface.module)(words.os)) {
            let _ = interface.text_of(os.get(), words.file_name, copy);
        }
    }
}

/// A task of which nothing was told yet.
pub struct New {
    found: &'static Found,
    asyncio: Asyncio,
    task: Owned<'static>,
}

/// The task that is current, if `coroutine` is the one that it was made of. What runs inside the step of a task may be any
/// coroutine; what does not is the task's.
///
/// # Safety
/// The calling thread runs Python, and `coroutine` is a coroutine.
pub unsafe fn task_of(coroutine: Object, inside: bool) -> Option<New> {
    let found = found()?;
    let interface = &found.interface;
    // SAFETY: the caller runs Python; everything asked is in C.
    unsafe {
        if (interface.interpreter)() != (interface.main_interpreter)() {
            return None; // the words are the main interpreter's
        }
        let asyncio = asyncio(found)?;
        let running = interface.own((interface.call)(asyncio.running_loop, null_mut()))?;
        if running.get() == interface.none {
            return None;
        }
        let task = if asyncio.current_task.is_null() {
            let task = (interface.item)(asyncio.current_tasks, running.get());
            if !task.is_null() {
                (interface.add_ref)(task);
            }
            task
        } else {
            (interface.call)(asyncio.current_task, null_mut())
        };
        let task = interface.own(task)?;
        let is_its_own = !inside || coroutine_of(found, asyncio, task.get())?.get() == coroutine;
        (is_its_own && task.get() != interface.none).then_some(New { found, asyncio, task })
    }
}

/// The coroutine that a task was made of.
unsafe fn coroutine_of(found: &'static Found, asyncio: Asyncio, task: Object) -> Option<Owned<'static>> {
    let interface = &found.interface;
    // SAFETY: the caller runs Python, and `task` is an object. asyncio's own method is called, not one that a subclass has in
    // its place; a task in Python has an attribute.
    unsafe {
        if (interface.is_subtype)(interface.type_of(task), asyncio.task) != 0 {
            return interface.own((interface.call_with)(asyncio.get_coro, task, null_mut::<core::ffi::c_void>()));
        }
        interface.get(task, found.words.coro)
    }
}

impl New {
    /// Tells of the task, which runs first now and was not told when it was made: its code and its name.
    ///
    /// # Safety
    /// The calling thread runs Python, and `coroutine` is the task's.
    pub unsafe fn tell(&self, own: &mut Loop, coroutine: Object) {
        // SAFETY: the caller vouches for the coroutine.
        unsafe {
            let code = code_of(self.found, own, coroutine);
            let word = Word { call: task_born::RUNS, ..Word::of(tag::TASK_BORN) };
            own.push(word, coroutine as u64, task_born::pack(code, self.task.get() as u64));
            if let Some(name) = name_of(self.found, self.asyncio, self.task.get()) {
                let _ = self.found.interface.bytes(name.get(), |name| own.push_text(tag::TASK_NAME, 0, name));
            }
        }
    }
}

/// A task's name, by asyncio's own method and not one that a subclass has in its place; a task in Python has an attribute.
unsafe fn name_of(found: &'static Found, asyncio: Asyncio, task: Object) -> Option<Owned<'static>> {
    let interface = &found.interface;
    // SAFETY: the caller runs Python, and `task` is an object.
    unsafe {
        if (interface.is_subtype)(interface.type_of(task), asyncio.task) != 0 {
            return interface.own((interface.call_with)(asyncio.get_name, task, null_mut::<core::ffi::c_void>()));
        }
        interface.get(task, found.words.name)
    }
}

/// The number of a coroutine's code.
unsafe fn code_of(found: &Found, own: &mut Loop, coroutine: Object) -> u16 {
    static CODE: Place = Place::new();
    let Found { interface, words, .. } = found;
    // SAFETY: the caller runs Python, and vouches for the coroutine.
    unsafe {
        let asks = || interface.get(coroutine, words.coroutine.code);
        let code = CODE.read(interface, (interface.coroutine_type, coroutine), asks);
        if !code.is_null() && interface.type_of(code) == interface.code_type {
            return told_code(found, own, code, coroutine).0;
        }
        asks().map_or(0, |code| told_code(found, own, code.get(), coroutine).0)
    }
}

/// Tells of a task that was just made of the first of `arguments` and has not run, with its name. The loop that it is for is the
/// calling thread's.
///
/// # Safety
/// The calling thread runs Python, and `task` is one of asyncio's C tasks.
pub unsafe fn tell_made(own: &mut Loop, task: Object, arguments: Object) {
    let Some(found) = found() else { return };
    let Some(asyncio) = found.asyncio else { return };
    let interface = &found.interface;
    // SAFETY: the caller vouches for the task, which holds its coroutine; arguments are a tuple.
    unsafe {
        if (interface.interpreter)() != (interface.main_interpreter)() || (interface.count)(arguments) < 1 {
            return;
        }
        let coroutine = (interface.argument)(arguments, 0);
        // Of another kind no step is seen.
        if coroutine.is_null() || interface.type_of(coroutine) != interface.coroutine_type {
            return;
        }
        if own.remember_made(coroutine) {
            let code = code_of(found, own, coroutine);
            let asks = || name_of(found, asyncio, task);
            task_called::look(interface, (asyncio.task, task), asks, |called| {
                let tid = if let Called::Number(number) = called { number } else { 0 };
                let word = Word { call: task_born::MADE, tid, ..Word::of(tag::TASK_BORN) };
                own.push(word, coroutine as u64, task_born::pack(code, task as u64));
                if let Called::Text(name) = called {
                    own.push_text(tag::TASK_NAME, 0, name);
                }
            });
        }
    }
}

/// Tells of a task's new name, if the task is one that was told.
///
/// # Safety
/// The calling thread runs Python, and `task` is one of asyncio's C tasks.
pub unsafe fn tell_renamed(task: Object) {
    let Some(found) = found() else { return };
    let Some(asyncio) = found.asyncio else { return };
    let interface = &found.interface;
    // SAFETY: the caller vouches for the task.
    unsafe {
        if (interface.interpreter)() != (interface.main_interpreter)() {
            return;
        }
        let Some(coroutine) = coroutine_of(found, asyncio, task) else { return };
        let Some(name) = name_of(found, asyncio, task) else { return };
        Loop::with(|own| {
            if own.knows(coroutine.get()) {
                let word = Word { call: task_born::NAMED, ..Word::of(tag::TASK_BORN) };
                own.push(word, coroutine.get() as u64, 0);
                let _ = interface.bytes(name.get(), |name| own.push_text(tag::TASK_NAME, 0, name));
            }
        });
    }
}

/// How the end of a step names what is awaited.
#[inline]
pub fn thing(awaited: Object) -> u64 {
    match found() {
        Some(found) if found.interface.none == awaited => task_step::NOTHING,
        _ => awaited as u64,
    }
}

/// The number of a code, which is told with its name when it is first seen, and whether it is the library's; 0 where there
/// is no room for more.
unsafe fn told_code(found: &Found, own: &mut Loop, code: Object, owner: Object) -> (u16, bool) {
    if let Some(at) = own.codes.find(code as usize) {
        return (number(at), own.library[at / 64] >> (at % 64) & 1 != 0);
    }
    if own.codes.is_full() {
        return (0, false);
    }
    // SAFETY: the caller runs Python. The code is kept alive, so that its address is never another's.
    unsafe {
        (found.interface.add_ref)(code);
        let at = own.codes.insert(code as usize);
        let mut text = Text::new();
        let (interface, words) = (&found.interface, &found.words);
        let named = interface.text_of(owner, words.qualname, |name| text.add_start(name, 120));
        if named.is_none() {
            let _ = interface.text_of(code, words.co_name, |name| text.add_start(name, 120));
        }
        text.add_start(b"\n", 1);
        let line = interface.get(code, words.first_line);
        text.add_number(line.map_or(0, |line| (interface.number)(line.get())));
        text.add_start(b"\n", 1);
        let is_library = interface.text_of(code, words.file, |path| {
            text.add_end(path);
            is_library(found, path)
        });
        let is_library = is_library.unwrap_or(false);
        own.library[at / 64] |= u64::from(is_library) << (at % 64);
        own.push_text(tag::CODE, u32::from(number(at)), text.get());
        (number(at), is_library)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "below CODES")]
fn number(at: usize) -> u16 {
    const { assert!(CODES < u16::MAX as usize) };
    at as u16 + 1
}

/// Whether a file is not the program's own.
fn is_library(found: &Found, path: &[u8]) -> bool {
    let within = |part: &[u8]| path.windows(part.len()).any(|window| window == part);
    let library = &found.library[..found.library_length];
    (!library.is_empty() && path.starts_with(library))
        || path.starts_with(b"<frozen")
        || within(b"/site-packages/")
        || within(b"/dist-packages/")
}

/// Tells what a task awaits: the innermost of the program's own functions, with its line where that is wanted, the library's
/// functions below it, and the thing itself.
///
/// # Safety
/// The calling thread runs Python; `coroutine` is suspended, and `awaited` is what it gave.
pub unsafe fn tell_await(own: &mut Loop, coroutine: Object, awaited: Object, line: bool) {
    /// Deeper than this, nobody looks.
    const DEEP: usize = 64;
    let Some(found) = found() else { return };
    let (interface, words) = (&found.interface, &found.words);
    let (mut user, mut first, mut last) = (0, 0, 0);
    let mut innermost = None;
    // SAFETY: the caller vouches for the coroutine; everything after it is held while it is looked at.
    unsafe {
        (interface.add_ref)(coroutine);
        let mut next = interface.own(coroutine);
        for _ in 0..DEEP {
            let Some(current) = next else { break };
            let kind = interface.type_of(current.get());
            let links = if kind == interface.coroutine_type {
                words.coroutine
            } else if kind == interface.generator_type {
                words.generator
            } else {
                break;
            };
            let Some(code) = interface.get(current.get(), links.code) else { break };
            let (number, is_library) = told_code(found, own, code.get(), current.get());
            next = interface.get(current.get(), links.awaits);
            if is_library {
                first = if first == 0 { number } else { first };
                last = number;
            } else {
                (user, first, last) = (number, 0, 0);
                innermost = Some((current, links.frame));
            }
        }
        let innermost = innermost.filter(|_| line);
        let frame = innermost.as_ref().and_then(|(function, frame)| interface.get(function.get(), *frame));
        let line = frame.map_or(0, |frame| line_of(interface, &frame));
        let (on, target) = kind_of(found, awaited);
        let word = Word { tid: u32::from(user), ..Word::of(tag::TASK_AWAIT) };
        own.push(word, target as u64, task_await::pack(line, first, last, on));
    }
}

unsafe fn line_of(interface: &Interface, frame: &Owned<'_>) -> u32 {
    // SAFETY: the caller runs Python; a frame is none only where a coroutine has finished.
    unsafe {
        if frame.get() == interface.none {
            return 0;
        }
        u32::try_from((interface.line)(frame.get())).unwrap_or(0)
    }
}

/// What a task awaits in the end, and which task where it is one.
unsafe fn kind_of(found: &'static Found, awaited: Object) -> (u8, usize) {
    let (interface, words) = (&found.interface, &found.words);
    if awaited == interface.none {
        return (task_await::NOTHING, 0);
    }
    let Some(asyncio) = found.asyncio else { return (task_await::OTHER, 0) };
    // SAFETY: the caller runs Python, and `awaited` is an object.
    unsafe {
        let kind = interface.type_of(awaited);
        if kind == asyncio.future {
            return (task_await::FUTURE, 0);
        }
        if (interface.is_subtype)(kind, asyncio.task) != 0 {
            let coroutine = coroutine_of(found, asyncio, awaited);
            return (task_await::TASK, coroutine.map_or(0, |own| own.get() as usize));
        }
        let gathers = interface.text_of(kind, words.short_name, |name| name == b"_GatheringFuture");
        if gathers == Some(true) {
            return (task_await::GATHER, 0);
        }
        let is_future = (interface.is_subtype)(kind, asyncio.future) != 0;
        (if is_future { task_await::FUTURE } else { task_await::OTHER }, 0)
    }
}
