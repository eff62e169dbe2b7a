//! What a child becomes: a program with its words and its environment, put together before the fork.
//!
//! The standard library sorts the variables of a child. A program sees theirs in the order that it would see alone: what is
//! inherited stays where it is, and what the tutor adds comes last.

use crate::runtime::Launch;
use std::ffi::{CString, OsString, c_char};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A program ready to be started.
pub(super) struct Image {
    program: CString,
    /// As `execve` takes them: pointers to the texts that follow, and null.
    words: Vec<*const c_char>,
    environment: Vec<*const c_char>,
    _texts: [Vec<CString>; 2],
}

// SAFETY: the pointers are to the texts beside them, which nobody changes.
unsafe impl Send for Image {}
// SAFETY: as above.
unsafe impl Sync for Image {}

impl Image {
    /// What `launch` describes, with the tutor's own variables last.
    pub(super) fn of(launch: &Launch, own: &[(OsString, OsString)]) -> io::Result<Image> {
        let text = |bytes: &[u8]| CString::new(bytes).map_err(io::Error::other);
        let arg0 = launch.arg0.as_deref().unwrap_or(launch.program.as_os_str());
        let words = [arg0].into_iter().chain(launch.args.iter().map(OsString::as_os_str));
        let words: Vec<CString> = words.map(|word| text(word.as_bytes())).collect::<Result<_, _>>()?;
        let entries = environment(std::env::vars_os(), &launch.env, own);
        let entry = |(name, value): &(OsString, OsString)| text(&[name.as_bytes(), b"=", value.as_bytes()].concat());
        let entries: Vec<CString> = entries.iter().map(entry).collect::<Result<_, _>>()?;
        // A text that moves with its list stays where it is itself.
        let pointers = |texts: &[CString]| texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect();
        Ok(Image {
            program: text(found(&launch.program).as_os_str().as_bytes())?,
            words: pointers(&words),
            environment: pointers(&entries),
            _texts: [words, entries],
        })
    }

    /// Becomes the program; returns only where that fails. In the child of a fork: it only calls the system.
    pub(super) fn exec(&self) -> io::Error {
        // SAFETY: both lists end in null, and the texts in NUL; all of it lives in `self`.
        unsafe { libc::execve(self.program.as_ptr(), self.words.as_ptr(), self.environment.as_ptr()) };
        io::Error::last_os_error()
    }
}

/// What is inherited, with what is set or removed; what is new comes behind it, the tutor's own last.
fn environment(
    inherited: impl Iterator<Item = (OsString, OsString)>,
    set: &[(OsString, Option<OsString>)],
    own: &[(OsString, OsString)],
) -> Vec<(OsString, OsString)> {
    let mut entries: Vec<(OsString, OsString)> = inherited.collect();
    for (name, value) in set {
        let place = entries.iter().position(|(known, _)| known == name);
        match (place, value) {
            (Some(place), Some(value)) => entries[place].1.clone_from(value),
            (Some(_), None) => entries.retain(|(known, _)| known != name),
            (None, Some(value)) => entries.push((name.clone(), value.clone())),
            (None, None) => {}
        }
    }
    // The loader takes the last of several lists of libraries; all others are looked up by what comes first.
    entries.retain(|(known, _)| known == PRELOAD || !own.iter().any(|(name, _)| name == known));
    entries.extend_from_slice(own);
    entries
}

const PRELOAD: &str = "LD_PRELOAD";

/// A program's file: a name alone is looked up, as a shell does.
fn found(program: &Path) -> PathBuf {
    if program.as_os_str().as_bytes().contains(&b'/') {
        return program.to_owned();
    }
    let runs = |file: &PathBuf| nix::unistd::access(file, nix::unistd::AccessFlags::X_OK).is_ok() && file.is_file();
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(runs).unwrap_or_else(|| program.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stay_in_their_order_and_the_tutors_come_last() {
        let pair = |(name, value): (&str, &str)| (OsString::from(name), OsString::from(value));
        let inherited = [("Z", "1"), ("LD_PRELOAD", "theirs"), ("RUN", "old"), ("GONE", ""), ("A", "2")].map(pair);
        let set = [("A", Some("3")), ("GONE", None), ("NEW", Some("4")), ("NEVER", None)];
        let set = set.map(|(name, value)| (name.into(), value.map(OsString::from)));
        let own = [("LD_PRELOAD", "ours:theirs"), ("RUN", "7")].map(pair);
        let expected = [("Z", "1"), ("LD_PRELOAD", "theirs"), ("A", "3"), ("NEW", "4")].map(pair);
        assert_eq!(environment(inherited.into_iter(), &set, &own), [&expected[..], &own].concat());
    }
}
