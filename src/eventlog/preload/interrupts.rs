//! What becomes of SIGINT and SIGQUIT while threads are inside `system`: the first to enter ignores them, the last to leave
//! puts back what they did.

use core::ffi::c_int;

use crate::abi::{Action, SIG_IGN, SIGINT, SIGQUIT};

const SIGNALS: [c_int; 2] = [SIGINT, SIGQUIT];

const IGNORE: Action = Action { handler: SIG_IGN, rest: [0; 18] };

/// What the two signals did before.
pub type Before = [Action; 2];

/// Who is inside.
pub struct Interrupts {
    inside: u32,
    before: Before,
}

impl Interrupts {
    /// Nobody is.
    pub const fn new() -> Interrupts {
        Interrupts { inside: 0, before: [IGNORE; 2] }
    }

    /// A thread enters; returns what the signals did before the first. `set` sets what a signal does and returns what it did.
    pub fn enter(&mut self, set: impl Fn(c_int, Action) -> Action) -> Before {
        if self.inside == 0 {
            self.before = SIGNALS.map(|signal| set(signal, IGNORE));
        }
        self.inside += 1;
        self.before
    }

    /// A thread that has entered leaves.
    pub fn leave(&mut self, set: impl Fn(c_int, Action) -> Action) {
        self.inside -= 1;
        if self.inside == 0 {
            for (signal, action) in SIGNALS.into_iter().zip(self.before) {
                set(signal, action);
            }
        }
    }
}

/// The signals that the shell is to have at their defaults: those that the program does not ignore itself.
pub fn defaults(before: &Before) -> impl Iterator<Item = c_int> {
    SIGNALS.into_iter().zip(before).filter(|(_, action)| action.handler != SIG_IGN).map(|(signal, _)| signal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cell::Cell;

    fn action(handler: usize) -> Action {
        Action { handler, rest: [7; 18] }
    }

    /// What signals do: a stand-in for the system's own table.
    struct Table([Cell<Action>; 2]);

    impl Table {
        fn set(&self, signal: c_int, action: Action) -> Action {
            let at = SIGNALS.iter().position(|s| *s == signal).expect("one of the two");
            self.0[at].replace(action)
        }

        fn handlers(&self) -> [usize; 2] {
            [0, 1].map(|n: usize| self.0[n].get().handler)
        }
    }

    #[test]
    fn a_shell_ignores_what_the_program_ignores() {
        let of = |handlers: [usize; 2]| defaults(&handlers.map(action)).collect::<Vec<_>>();
        assert_eq!(of([0, 0]), [SIGINT, SIGQUIT]);
        assert_eq!(of([SIG_IGN, 0x4000]), [SIGQUIT]);
        assert_eq!(of([0x4000, SIG_IGN]), [SIGINT]);
        assert_eq!(of([SIG_IGN; 2]), []);
    }

    proptest! {
        #[test]
        fn signals_are_ignored_from_the_first_in_to_the_last_out(
            handlers: [usize; 2],
            enters in proptest::collection::vec(any::<bool>(), 0..20),
        ) {
            let own = handlers.map(action);
            let table = Table(own.map(Cell::new));
            let set = |signal, action| table.set(signal, action);
            let (mut interrupts, mut inside) = (Interrupts::new(), 0);
            for enter in enters {
                if enter {
                    prop_assert_eq!(interrupts.enter(set), own, "every one learns what the program had");
                    inside += 1;
                } else if inside > 0 {
                    interrupts.leave(set);
                    inside -= 1;
                }
                prop_assert_eq!(table.handlers(), if inside > 0 { [SIG_IGN; 2] } else { handlers });
            }
            for _ in 0..inside { interrupts.leave(set) }
            prop_assert_eq!(table.0.map(|cell| cell.get()), own);
        }
    }
}
