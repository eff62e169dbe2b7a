//! The learner's progress, as the command line reads and changes it.

use crate::learner::progress::Progress;
use crate::learner::runs::Shelf;
use crate::learner::store::Store;
use crate::runtime::folders;

/// Where progress is kept; `None` where there is no home.
pub(super) fn store() -> Option<Store> {
    folders::state().map(|dir| Store::in_dir(&dir))
}

/// Where the last runs are kept; `None` where there is no home.
pub(super) fn shelf() -> Option<Shelf> {
    folders::state().map(|dir| Shelf::in_dir(&dir))
}

/// The progress so far, for a command that only looks: a file that cannot be read is left where it is, and said.
pub(super) fn progress() -> Progress {
    let Some(store) = store() else { return Progress::default() };
    store.peek().unwrap_or_else(|why| {
        eprintln!("concur-tutor: {why}; showing none");
        Progress::default()
    })
}

/// Changes the progress. Where it cannot be read or kept, that is said: the command itself has done its work.
pub(super) fn change(change: impl FnOnce(&mut Progress)) {
    let Some(store) = store() else { return };
    if let Err(why) = store.update(change) {
        eprintln!("concur-tutor: your progress could not be saved: {why}; this task is not in it");
    }
}
