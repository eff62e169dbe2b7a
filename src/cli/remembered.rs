//! The learner's progress, as the command line reads it.

use crate::app::progress::{Progress, Store, state_dir};

/// Where progress is kept; `None` where there is no home.
pub(super) fn store() -> Option<Store> {
    state_dir().map(|dir| Store::in_dir(&dir))
}

/// The progress so far, for a command that only looks: a file that cannot be read is left where it is, and said.
pub(super) fn look() -> Progress {
    let Some(store) = store() else { return Progress::default() };
    store.peek().unwrap_or_else(|why| {
        eprintln!("concur-tutor: {why}; showing none");
        Progress::default()
    })
}
