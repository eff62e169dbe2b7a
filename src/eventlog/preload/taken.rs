//! The tutor's variables, taken out of an environment and remembered.

use core::ffi::CStr;

use crate::entries::{Entries, Fate};

/// The variable that is a list, in which the tutor has the first item.
pub const PRELOAD: &[u8] = b"LD_PRELOAD=";

/// Room for a variable with a path that the tutor chose: `/proc/PID/fd/N`, or one in a temporary directory.
const ROOM: usize = 256;

/// `NAME=VALUE`, or nothing where the variable was not set or does not fit.
pub struct Variable {
    /// With its `=`.
    name: &'static [u8],
    /// All of it, and at least one NUL; nothing but NULs for nothing.
    text: [u8; ROOM],
}

impl Variable {
    const fn unset(name: &'static [u8]) -> Variable {
        Variable { name, text: [0; ROOM] }
    }

    fn set(&mut self, value: &[u8]) {
        let length = self.name.len() + value.len();
        if length < ROOM {
            self.text = [0; ROOM];
            self.text[..self.name.len()].copy_from_slice(self.name);
            self.text[self.name.len()..length].copy_from_slice(value);
        }
    }

    /// Remembers the variable if `entry` is it.
    fn take(&mut self, entry: &[u8]) -> bool {
        let value = entry.strip_prefix(self.name);
        value.inspect(|value| self.set(value)).is_some()
    }

    /// The variable, if it is set.
    pub fn get(&self) -> Option<&CStr> {
        // SAFETY: there is always a NUL; whoever writes has `self` alone.
        let text = unsafe { CStr::from_ptr(self.text.as_ptr().cast()) };
        (!text.is_empty()).then_some(text)
    }

    /// Its value, if it is set.
    pub fn value(&self) -> Option<&CStr> {
        // SAFETY: as above; a variable that is set is no shorter than its name.
        self.get().map(|text| unsafe { CStr::from_ptr(text.as_ptr().add(self.name.len())) })
    }

    /// Its value without the NUL; empty where it is not set.
    pub fn bytes(&self) -> &[u8] {
        self.value().map_or(&[], CStr::to_bytes)
    }

    /// Whether `entry` is this variable, with whatever value.
    pub fn names(&self, entry: &[u8]) -> bool {
        entry.starts_with(self.name)
    }
}

/// All that the tutor puts into the environment of a program.
pub struct Taken {
    /// The log's path.
    pub log: Variable,
    /// The start-up file, an item for `PYTHONPATH`.
    pub startup: Variable,
    /// By which the tutor's guard knows a run's processes.
    pub run: Variable,
    /// This library's own item, as if it were the only one.
    pub preload: Variable,
}

impl Taken {
    /// Nothing yet.
    pub const fn nothing() -> Taken {
        Taken {
            log: Variable::unset(b"CONCUR_TUTOR_LOG="),
            startup: Variable::unset(b"CONCUR_TUTOR_STARTUP="),
            run: Variable::unset(b"CONCUR_TUTOR_RUN="),
            preload: Variable::unset(PRELOAD),
        }
    }

    /// Takes the tutor's variables out of `entries`. `own` is the path that this library was loaded by: the loader has taken
    /// the last `LD_PRELOAD` that there was, and the tutor's is one more, behind the program's own.
    ///
    /// Nothing is left of them where the process was started with them but the run's mark, by which the tutor's guard knows
    /// its processes: that comes last, where a program that writes its title over its environment does not reach.
    pub fn take(&mut self, entries: &mut Entries, own: &[u8]) {
        self.preload.set(own);
        let one_more = entries.count_of(PRELOAD) > 1;
        let by_own = |entry: &[u8]| {
            let rest = entry.strip_prefix(PRELOAD).and_then(|value| value.strip_prefix(own));
            rest.is_some_and(|rest| rest.is_empty() || (one_more && matches!(rest[0], b':' | b' ')))
        };
        entries.retain(|entry| {
            if self.run.take(entry) {
                Fate::Hidden
            } else if self.log.take(entry) || self.startup.take(entry) || by_own(entry) {
                Fate::Wiped
            } else {
                Fate::Kept
            }
        });
        // Whoever has put several of one name together has left the last alone.
        entries.hide(PRELOAD, own);
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::entries::tests::Environ;

    pub const OWN: &str = "/proc/7/fd/4";

    /// What the tutor gives to a program with variables of its own.
    const GIVEN: [&str; 8] = [
        "A=1",
        "LD_PRELOAD=libm.so.6",
        "PYTHONPATH=/theirs",
        "B=2",
        "LD_PRELOAD=/proc/7/fd/4:libm.so.6",
        "CONCUR_TUTOR_STARTUP=/proc/7/fd/5",
        "CONCUR_TUTOR_LOG=/proc/7/fd/3",
        "CONCUR_TUTOR_RUN=7-1",
    ];

    fn take(given: &[&str]) -> (Taken, Environ) {
        let (mut taken, mut environ) = (Taken::nothing(), Environ::of(given));
        taken.take(&mut environ.entries(), OWN.as_bytes());
        (taken, environ)
    }

    #[test]
    fn a_program_sees_its_own_variables_alone() {
        let (taken, environ) = take(&GIVEN);
        assert_eq!(environ.read(), GIVEN[..4].iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>());
        let texts = [&taken.log, &taken.startup, &taken.run, &taken.preload].map(|v| v.get().expect("it was set"));
        let entries = [c"CONCUR_TUTOR_LOG=/proc/7/fd/3", c"CONCUR_TUTOR_STARTUP=/proc/7/fd/5", c"CONCUR_TUTOR_RUN=7-1"];
        assert_eq!(texts[..3], entries);
        assert_eq!(texts[3], c"LD_PRELOAD=/proc/7/fd/4", "without theirs");
        assert_eq!(taken.log.value(), Some(c"/proc/7/fd/3"));
        assert_eq!(taken.startup.bytes(), b"/proc/7/fd/5");
    }

    #[test]
    fn a_list_that_was_put_together_is_taken_apart() {
        for (given, seen) in [
            (&["LD_PRELOAD=/proc/7/fd/4:libm.so.6"][..], &["LD_PRELOAD=libm.so.6"][..]),
            (&["LD_PRELOAD=/proc/7/fd/4"], &[]),
            (&["LD_PRELOAD=/other", "LD_PRELOAD=/proc/7/fd/4"], &["LD_PRELOAD=/other"]),
            (&["LD_PRELOAD=/other", "LD_PRELOAD=/proc/7/fd/44"], &["LD_PRELOAD=/other", "LD_PRELOAD=/proc/7/fd/44"]),
        ] {
            let texts: Vec<Vec<u8>> = seen.iter().map(|text| text.as_bytes().to_vec()).collect();
            assert_eq!(take(given).1.read(), texts, "{given:?}");
        }
    }

    #[test]
    fn what_the_tutor_did_not_give_is_not_there() {
        let (taken, environ) = take(&["A=1", "PYTHONPATH=/proc/7/fd/5"]);
        assert_eq!(environ.read(), ["A=1", "PYTHONPATH=/proc/7/fd/5"].map(Vec::from));
        assert!(taken.log.get().is_none() && taken.log.value().is_none() && taken.startup.bytes().is_empty());
    }

    #[test]
    fn a_path_without_room_is_hidden_and_forgotten() {
        let fits = |length: usize| {
            let log = format!("CONCUR_TUTOR_LOG={}", "x".repeat(length));
            let (taken, environ) = take(&[&log]);
            assert_eq!(environ.read(), Vec::<Vec<u8>>::new(), "{length}");
            assert!(taken.log.value().is_none_or(|value| value.count_bytes() == length), "whole or not at all");
            taken.log.get().is_some()
        };
        let most = ROOM - "CONCUR_TUTOR_LOG=".len() - 1;
        assert!(fits(most) && !fits(most + 1) && !fits(10 * ROOM));
    }
}
