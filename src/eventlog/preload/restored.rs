//! An environment with the tutor's variables put back, for a program that the observed one starts.

use core::ffi::{CStr, c_char};
use core::ptr::null;

use crate::taken::{PRELOAD, Taken};

/// How many variables an environment may have for descendants to be observed: no memory is asked for before an `exec`.
const MOST: usize = 1000;
/// Those of the tutor, and the null at the end.
const OURS: usize = 5;
/// Room for the variable that is put together.
const ROOM: usize = 8192;

/// The new environment, on the caller's stack.
pub struct Restored {
    entries: [*const c_char; MOST + OURS],
    count: usize,
    room: [u8; ROOM],
}

impl Restored {
    /// Nothing yet.
    pub const fn new() -> Restored {
        Restored { entries: [null(); MOST + OURS], count: 0, room: [0; ROOM] }
    }

    /// `given` with what was `taken` behind it, or `given` itself where nothing was, or it has a log already, or it does not
    /// fit. The result points into `given`, `taken` and this, which must be new.
    ///
    /// What is ours comes last, so that what is the program's own lies together as it would alone; of two `LD_PRELOAD` the
    /// loader takes the last.
    ///
    /// # Safety
    /// `given` must be null or a null-terminated array of strings.
    pub unsafe fn from(&mut self, taken: &Taken, given: *const *const c_char) -> *const *const c_char {
        let (Some(log), Some(preload)) = (taken.log.get(), taken.preload.get()) else { return given };
        let mut theirs: &[u8] = &[];
        let mut at = given;
        // SAFETY: the caller vouches for the array and its strings.
        unsafe {
            while !at.is_null() && !(*at).is_null() {
                let entry = CStr::from_ptr(*at).to_bytes();
                if self.count == MOST || taken.log.names(entry) {
                    return given; // the latter is another tutor's run inside this one: it is theirs to observe
                }
                theirs = entry.strip_prefix(PRELOAD).unwrap_or(theirs);
                self.push(*at);
                at = at.add(1);
            }
        }
        if theirs.is_empty() {
            self.push(preload.as_ptr());
        } else if let Some(text) = self.joined(preload.to_bytes(), theirs) {
            self.push(text);
        }
        for variable in [taken.startup.get(), Some(log), taken.run.get()].into_iter().flatten() {
            self.push(variable.as_ptr());
        }
        self.entries.as_ptr()
    }

    fn push(&mut self, entry: *const c_char) {
        self.entries[self.count] = entry;
        self.count += 1;
    }

    /// `ours:theirs`, unless theirs begins with ours already; `None` where that is so or there is no room.
    fn joined(&mut self, ours: &[u8], theirs: &[u8]) -> Option<*const c_char> {
        let again = ours.strip_prefix(PRELOAD).and_then(|ours| theirs.strip_prefix(ours));
        if again.is_some_and(|rest| matches!(rest.first(), None | Some(b':'))) {
            return None;
        }
        let mut used = 0;
        for part in [ours, b":", theirs, b"\0"] {
            self.room.get_mut(used..used + part.len())?.copy_from_slice(part);
            used += part.len();
        }
        Some(self.room.as_ptr().cast())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entries::tests::{Environ, read, text};
    use crate::taken::tests::OWN;
    use proptest::prelude::*;

    const LOG: &str = "CONCUR_TUTOR_LOG=/proc/7/fd/3";
    const STARTUP: &str = "CONCUR_TUTOR_STARTUP=/proc/7/fd/5";
    const RUN: &str = "CONCUR_TUTOR_RUN=7-1";

    fn taken(variables: &[&str]) -> Taken {
        let mut taken = Taken::nothing();
        taken.take(&mut Environ::of(variables).entries(), OWN.as_bytes());
        taken
    }

    /// What a program that is given `environ` would see.
    fn restored(taken: &Taken, environ: &Environ) -> Vec<Vec<u8>> {
        let mut restored = Restored::new();
        // SAFETY: what an `Environ` points to is such an array, and so is the result while all three live.
        unsafe { read(restored.from(taken, environ.pointer())) }
    }

    fn restored_text(taken: &Taken, given: &[&str]) -> Vec<String> {
        let texts = restored(taken, &Environ::of(given)).into_iter().map(String::from_utf8);
        texts.map(|text| text.expect("UTF-8, as it was")).collect()
    }

    #[test]
    fn what_was_taken_is_put_back_behind_what_is_given() {
        let taken = taken(&[LOG, STARTUP, RUN]);
        assert_eq!(restored_text(&taken, &[]), ["LD_PRELOAD=/proc/7/fd/4", STARTUP, LOG, RUN]);
        assert_eq!(
            restored_text(&taken, &["PYTHONPATH=/theirs", "LD_PRELOAD=libm.so.6", "A=1"]),
            [
                "PYTHONPATH=/theirs",
                "LD_PRELOAD=libm.so.6",
                "A=1",
                "LD_PRELOAD=/proc/7/fd/4:libm.so.6",
                STARTUP,
                LOG,
                RUN
            ]
        );
    }

    #[test]
    fn without_a_log_an_environment_stays_itself() {
        let environ = Environ::of(&["A=1"]);
        // SAFETY: as in `restored`.
        let same = unsafe { Restored::new().from(&taken(&[STARTUP, RUN]), environ.pointer()) };
        assert_eq!(same, environ.pointer());
    }

    #[test]
    fn another_tutors_run_is_left_to_it() {
        let theirs = ["A=1", "CONCUR_TUTOR_LOG=/proc/8/fd/3", "LD_PRELOAD=/proc/8/fd/4"];
        assert_eq!(restored_text(&taken(&[LOG, STARTUP, RUN]), &theirs), theirs);
    }

    #[test]
    fn as_many_as_fit_are_put_back_and_more_are_left_alone() {
        let taken = taken(&[LOG, STARTUP, RUN]);
        let many: Vec<String> = (0..=MOST).map(|n| format!("V{n}=")).collect();
        assert_eq!(restored(&taken, &Environ::of(&many[..MOST])).len(), MOST + OURS - 1);
        assert_eq!(restored(&taken, &Environ::of(&many)).len(), many.len());
    }

    #[test]
    fn a_list_without_room_stays_as_it_is() {
        let taken = taken(&[LOG]);
        let list = |length: usize| format!("LD_PRELOAD={}", "x".repeat(length));
        let most = ROOM - "LD_PRELOAD=".len() - OWN.len() - ":\0".len();
        assert_eq!(restored_text(&taken, &[&list(most)])[1].len(), list(most).len() + OWN.len() + 1);
        assert_eq!(restored_text(&taken, &[&list(most + 1)]), [&list(most + 1), LOG]);
    }

    proptest! {
        #[test]
        fn a_program_that_is_started_sees_what_it_was_given(
            others in proptest::collection::vec((text(), any::<prop::sample::Index>()), 0..10),
            list in proptest::option::of(text()),
        ) {
            let mut given: Vec<Vec<u8>> = list.iter().map(|value| [PRELOAD, &value[..]].concat()).collect();
            for (other, index) in others {
                given.insert(index.index(given.len() + 1), [b"_", &other[..]].concat());
            }
            let first = taken(&[LOG, STARTUP, RUN]);
            let mut environ = Environ::of(&restored(&first, &Environ::of(&given)));
            let mut second = Taken::nothing();
            second.take(&mut environ.entries(), OWN.as_bytes());
            prop_assert_eq!(environ.read(), given);
            for (again, before) in
                [(&second.log, &first.log), (&second.startup, &first.startup), (&second.run, &first.run)]
            {
                prop_assert_eq!(again.get(), before.get());
            }
        }

        #[test]
        fn what_is_put_back_twice_is_there_once(list in text()) {
            let taken = taken(&[LOG, STARTUP, RUN]);
            let once = restored(&taken, &Environ::of(&[[PRELOAD, &list].concat()]));
            let without_log: Vec<_> = once.iter().filter(|text| !taken.log.names(text)).cloned().collect();
            let lists = |texts: &[Vec<u8>]| -> Vec<Vec<u8>> {
                texts.iter().filter(|text| text.starts_with(PRELOAD)).cloned().collect()
            };
            prop_assert_eq!(lists(&restored(&taken, &Environ::of(&without_log))), lists(&once));
        }
    }
}
