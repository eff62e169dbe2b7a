//! Finds every CPython on this machine, asks each what it is, and makes launches of them.
//!
//! Discovery has three steps, one file each: [`candidates`] lists executables that may be a Python, [`inquiry`] runs
//! one and reads its answer, and this file runs the inquiries side by side and puts the answers in order. Nothing is
//! kept on disk: a Python that was installed a moment ago is found.

mod candidates;
pub mod extensions;
mod inquiry;
pub mod started;

pub use candidates::identity;

use super::{Found, Launch, Python, Unusable, environment};
use candidates::{Candidate, Rank};
use std::collections::{HashMap, VecDeque};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

/// The oldest CPython that lessons run on.
pub const OLDEST: (u8, u8) = (3, 9);

/// How long an interpreter may take to say what it is.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// The same for one that was named: nobody else waits for it, and a cold disk takes its time.
const WHERE_NAMED: Duration = Duration::from_secs(10);

/// How many interpreters are asked at once.
const AT_ONCE: usize = 4;

/// How many discoveries go on now.
static LOOKING: AtomicUsize = AtomicUsize::new(0);

/// Whether executables are being asked what they are: some may never end by themselves.
#[must_use]
pub fn looking() -> bool {
    LOOKING.load(Ordering::Acquire) > 0
}

/// Counts in [`looking`] as long as it lives.
struct Looking;

impl Looking {
    fn begin() -> Looking {
        LOOKING.fetch_add(1, Ordering::AcqRel);
        Looking
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        LOOKING.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Finds every CPython. Takes as long as the slowest answer, at most [`DEADLINE`] for each that hangs, and what it waited
/// for a core.
#[must_use]
pub fn discover() -> Found {
    discover_with(|_| {})
}

/// Finds every CPython and tells after each answer what is known so far, so that a screen need not wait for the
/// slowest. Meant for a thread of its own: it blocks until all have answered.
pub fn discover_with(mut tell: impl FnMut(&Found)) -> Found {
    let _looking = Looking::begin();
    let candidates = candidates::all(&candidates::Places::of_this_process());
    let total = candidates.len();
    let queue = Mutex::new(VecDeque::from(candidates));
    let (sender, answers) = mpsc::channel();
    let mut known = Known::default();
    let ask = |sender: &mpsc::Sender<_>| {
        let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop_front();
        while let Some(candidate) = next() {
            let answer =
                inquiry::ask(&candidate.path, DEADLINE).map(|python| owned(python, candidate.rank == Rank::Own));
            if sender.send((candidate, answer)).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        let asks = (0..AT_ONCE.min(total)).map(|_| {
            let (ask, sender) = (&ask, sender.clone());
            thread::Builder::new().spawn_scoped(scope, move || ask(&sender))
        });
        // Where the system gives no thread, this one asks.
        if asks.flatten().count() == 0 {
            ask(&sender);
        }
        drop(sender);
        for (candidate, answer) in answers {
            known.add(&candidate, answer);
            tell(&known.in_order());
        }
    });
    known.in_order()
}

/// Asks one executable, given as a path, as a name on `PATH`, or as a virtual environment's folder.
///
/// # Errors
/// [`Unusable`], with the reason in words for the learner.
pub fn probe_one(path: &Path) -> Result<Python, Unusable> {
    let _looking = Looking::begin();
    let places = candidates::Places::of_this_process();
    let first = inquiry::ask(&candidates::resolve(path, &places), WHERE_NAMED);
    // What a name finds first on PATH may be a shim that leads nowhere, with the real one elsewhere.
    let others = candidates::namesakes(path, &places);
    first.or_else(|unusable| others.iter().find_map(|path| inquiry::ask(path, WHERE_NAMED).ok()).ok_or(unusable))
}

fn owned(python: Python, own: bool) -> Python {
    Python { own, ..python }
}

/// Asks the Python of the tutor's own environment, where there is one.
///
/// # Errors
/// [`Unusable`], where it does not work any more.
#[must_use]
pub fn probe_own() -> Option<Result<Python, Unusable>> {
    let _looking = Looking::begin();
    let path = environment::python()?;
    Some(inquiry::ask(&path, DEADLINE).map(|python| owned(python, true)))
}

/// The folders in which this Python looks for installed packages; `None` where it does not say.
#[must_use]
pub fn site_folders(path: &Path) -> Option<Vec<PathBuf>> {
    let _looking = Looking::begin();
    // Nobody waits for it before a picture: one that starts for the first time may take its time.
    inquiry::site_folders(path, DEADLINE * 4)
}

/// The launch of a script with this Python, just as a shell would start it.
#[must_use]
pub fn launch(python: &Python, script: &Path, args: &[OsString]) -> Launch {
    launch_words(python, std::iter::once(script.as_os_str().to_owned()).chain(args.iter().cloned()).collect())
}

/// The launch of this Python with these words behind its name.
#[must_use]
pub fn launch_words(python: &Python, args: Vec<OsString>) -> Launch {
    Launch { program: python.path.clone(), args, env: gil_variable(python).into_iter().collect(), ..Launch::default() }
}

/// A free-threaded build starts without a GIL unless it is told otherwise, and may have been told by our environment.
fn gil_variable(python: &Python) -> Option<(OsString, Option<OsString>)> {
    let told = std::env::var_os("PYTHON_GIL");
    match (python.free_threaded, python.gil) {
        (true, true) => Some(("PYTHON_GIL".into(), Some("1".into()))),
        (true, false) if told.is_some_and(|value| value == "1") => Some(("PYTHON_GIL".into(), Some("0".into()))),
        _ => None,
    }
}

/// The answers so far, one for each interpreter however many names it has.
#[derive(Default)]
struct Known {
    pythons: HashMap<PathBuf, (Rank, Python)>,
    unusable: HashMap<PathBuf, (Rank, Unusable)>,
}

impl Known {
    fn add(&mut self, candidate: &Candidate, answer: Result<Python, Unusable>) {
        match answer {
            Ok(python) => keep_better(&mut self.pythons, identity(&python.path), candidate.rank, python),
            Err(unusable) => {
                keep_better(&mut self.unusable, identity(&unusable.path), candidate.rank, unusable);
            }
        }
    }

    /// Those that were named or are active first, then the newest with a GIL, then free-threaded ones, and the tutor's own
    /// environment last: it is for the programs that need it.
    fn in_order(&self) -> Found {
        let mut pythons: Vec<_> = self.pythons.values().cloned().collect();
        pythons.sort_by(|(a_rank, a), (b_rank, b)| {
            let key = |p: &Python| (!p.gil, std::cmp::Reverse(p.version), p.path.clone());
            a_rank.cmp(b_rank).then_with(|| key(a).cmp(&key(b)))
        });
        let mut unusable: Vec<_> = self.unusable.values().cloned().collect();
        unusable.sort_by(|(a_rank, a), (b_rank, b)| (a_rank, &a.path).cmp(&(b_rank, &b.path)));
        Found {
            pythons: pythons.into_iter().map(|(_, p)| p).collect(),
            unusable: unusable.into_iter().map(|(_, u)| u).collect(),
        }
    }
}

fn keep_better<T>(map: &mut HashMap<PathBuf, (Rank, T)>, key: PathBuf, rank: Rank, value: T) {
    match map.get(&key) {
        Some((known, _)) if *known <= rank => {}
        _ => {
            map.insert(key, (rank, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(path: &str, version: (u8, u8, u8), gil: bool) -> Python {
        Python {
            path: path.into(),
            version,
            version_text: format!("{}.{}.{}", version.0, version.1, version.2),
            gil,
            free_threaded: !gil,
            ..Python::default()
        }
    }

    #[test]
    fn the_active_one_comes_first_then_the_newest_and_free_threaded_last() {
        let mut known = Known::default();
        let mut add = |path: &str, version, gil, rank| {
            known.add(&Candidate { path: path.into(), rank }, Ok(python(path, version, gil)));
        };
        add("/nowhere/a", (3, 11, 0), true, Rank::Usual);
        add("/nowhere/t", (3, 15, 0), false, Rank::Usual);
        add("/nowhere/b", (3, 14, 0), true, Rank::Usual);
        add("/nowhere/path", (3, 10, 0), true, Rank::Default);
        add("/nowhere/venv", (3, 9, 0), true, Rank::Active);
        add("/nowhere/named", (3, 13, 0), false, Rank::Named(0));
        add("/nowhere/b", (3, 14, 0), true, Rank::Usual);
        let order: Vec<_> = known.in_order().pythons.into_iter().map(|p| p.path).collect();
        let names = ["named", "venv", "path", "b", "a", "t"].map(|n| PathBuf::from(format!("/nowhere/{n}")));
        assert_eq!(order, names);
    }
}
