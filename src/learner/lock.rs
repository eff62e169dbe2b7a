//! A lock beside a file: whoever reads it in order to write it holds the lock, in every program of this machine.
//!
//! The lock is the kernel's, on an open file: it ends with the program that holds it, however that ends. So the file
//! stays when the lock is given back: one that is removed could be locked by two, each holding another file of its name.

use crate::clock::{Nanos, now};
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

/// The pause between two attempts: the kernel can wait for a lock, but not for a while only.
const PAUSE: Duration = Duration::from_micros(500);

/// The lock, until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock is held as long as this is open")] File);

impl Lock {
    /// Takes the lock of this file, waiting at most so long; `None` where another program kept it. The file is made
    /// where there is none.
    ///
    /// # Errors
    /// Where the file cannot be made or opened, or the file system knows no locks.
    pub fn take(path: &Path, patience: Nanos) -> io::Result<Option<Lock>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let until = now().saturating_add(patience);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Lock(file))),
                Err(TryLockError::WouldBlock) if now() >= until => return Ok(None),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::MILLISECOND;

    #[test]
    fn one_at_a_time_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let held = Lock::take(&path, 0).unwrap().unwrap();
        assert!(Lock::take(&path, 5 * MILLISECOND).unwrap().is_none(), "who waits gives up");
        drop(held);
        assert!(Lock::take(&path, 0).unwrap().is_some());
    }
}
