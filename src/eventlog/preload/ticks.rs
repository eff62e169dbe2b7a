//! The clock, told from the processor's own counter: reading that takes less than half of what `clock_gettime` does, which where
//! a step takes a microsecond is what observing costs most.
//!
//! The counter is the one that the kernel tells `CLOCK_MONOTONIC` from too, and this is held against it every millisecond: how
//! far it has come since then is all that is told from the counter, to some tens of nanoseconds. Who finds that the two disagree,
//! as after a virtual machine has moved, asks the kernel from then on.

/// How long the counter is believed without asking the clock.
const BELIEVED: u64 = 1_000_000;
/// As long as this the clock must have run beside the counter before it is told how fast that counts.
const COMPARED: u64 = 1_000_000;
/// From when on the comparison begins anew: the kernel corrects the clock's speed now and then.
const RENEWED: u64 = 1_000_000_000;
/// What the clock may be off: so much, and this share of the time since it was asked.
const OFF: (u64, u64) = (500, 4096);
/// After so many disagreements the counter is not asked any more.
const STRIKES: u8 = 3;

/// One look at both, at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    ticks: u64,
    nanos: u64,
}

/// A thread's clock.
#[derive(Debug)]
pub struct Ticks {
    /// Where it is counted from.
    last: Look,
    /// How many ticks after that it is believed: none before it is known how fast they come.
    within: u64,
    /// Nanoseconds that a tick takes, times 2^32.
    rate: u64,
    /// Since when the two are compared.
    since: Option<Look>,
    /// The fewest ticks that a look has taken.
    least: u64,
    strikes: u8,
    /// What was told last: the clock does not go back.
    told: u64,
}

impl Ticks {
    /// A clock that may use the counter, or asks the kernel alone.
    pub const fn new(counts: bool) -> Ticks {
        let strikes = if counts { 0 } else { STRIKES };
        let last = Look { ticks: 0, nanos: 0 };
        Ticks { last, within: 0, rate: 0, since: None, least: u64::MAX, strikes, told: 0 }
    }

    /// The time, in nanoseconds, by the counter and the clock.
    #[inline]
    pub fn now(&mut self, ticks: impl Fn() -> u64, clock: impl Fn() -> u64) -> u64 {
        // A counter that has gone back wraps, which is beyond belief too.
        let gone = ticks().wrapping_sub(self.last.ticks);
        let now =
            if gone < self.within { self.last.nanos + ((gone * self.rate) >> 32) } else { self.ask(ticks, clock) };
        self.told = self.told.max(now);
        self.told
    }

    /// Asks the clock, and looks how the counter stands then.
    #[cold]
    fn ask(&mut self, ticks: impl Fn() -> u64, clock: impl Fn() -> u64) -> u64 {
        if self.strikes >= STRIKES {
            return clock();
        }
        let mut nanos = 0;
        for _ in 0..3 {
            let before = ticks();
            nanos = clock();
            let took = ticks().wrapping_sub(before);
            self.least = self.least.min(took.max(1));
            // Who was interrupted meanwhile does not know when in between the clock was read.
            if took <= 2 * self.least {
                self.looked(Look { ticks: before.wrapping_add(took / 2), nanos });
                return nanos;
            }
        }
        self.least = self.least.saturating_mul(2); // a processor that has slowed down takes longer for all it does
        nanos
    }

    fn looked(&mut self, look: Look) {
        if self.rate != 0 && self.disagrees(look) {
            *self = Ticks { strikes: self.strikes + 1, since: None, rate: 0, within: 0, ..*self };
        }
        let since = *self.since.get_or_insert(look);
        let (nanos, ticks) = (look.nanos.saturating_sub(since.nanos), look.ticks.wrapping_sub(since.ticks));
        if nanos >= COMPARED && u32::try_from(nanos).is_ok() && ticks > 0 {
            self.rate = (nanos << 32) / ticks;
            self.within = (BELIEVED << 32).checked_div(self.rate).unwrap_or(0);
        }
        if nanos >= RENEWED {
            self.since = Some(look);
        }
        self.last = look;
    }

    /// Whether the counter says something else than the clock.
    fn disagrees(&self, look: Look) -> bool {
        let gone = look.ticks.wrapping_sub(self.last.ticks);
        let told = u128::from(self.last.nanos) + ((u128::from(gone) * u128::from(self.rate)) >> 32);
        let passed = look.nanos.saturating_sub(self.last.nanos);
        told.abs_diff(u128::from(look.nanos)) > u128::from(OFF.0 + passed / OFF.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cell::Cell;

    /// A machine: the true time, how its counter counts, and how often the clock was asked.
    struct Machine {
        time: Cell<u64>,
        /// Ticks in 1,000 ns, and what the counter began at.
        speed: Cell<(u64, u64)>,
        asked: Cell<u64>,
    }

    impl Machine {
        fn new(speed: u64) -> Machine {
            Machine { time: Cell::new(5_000_000_000), speed: Cell::new((speed, 77)), asked: Cell::new(0) }
        }

        fn ticks(&self) -> u64 {
            let (speed, start) = self.speed.get();
            start + u64::try_from(u128::from(self.time.get()) * u128::from(speed) / 1000).expect("a counter's 64 bits")
        }

        fn passes(&self, nanos: u64) {
            self.time.set(self.time.get() + nanos);
        }

        fn now(&self, clock: &mut Ticks) -> u64 {
            let asks = || {
                self.asked.set(self.asked.get() + 1);
                self.passes(20);
                let read = self.time.get();
                self.passes(20);
                read
            };
            clock.now(|| self.ticks(), asks)
        }
    }

    proptest! {
        #[test]
        fn it_is_the_clocks_time_to_some_nanoseconds(
            speed in 20u64..6000, gaps in prop::collection::vec(prop_oneof![1u64..3000, 1u64..3_000_000, 1u64..9_000_000_000], 1..300),
        ) {
            let (machine, mut clock) = (Machine::new(speed), Ticks::new(true));
            let mut last = 0;
            for gap in gaps {
                machine.passes(gap);
                let from = machine.time.get();
                let told = machine.now(&mut clock);
                // A counter as slow as 20 ticks a microsecond is read to 50 ns.
                prop_assert!(told + 200 >= from && told <= machine.time.get() + 200, "{from} {told} {}", machine.time.get());
                prop_assert!(told >= last);
                last = told;
            }
        }
    }

    #[test]
    fn the_clock_is_asked_every_millisecond() {
        let (machine, mut clock) = (Machine::new(2_100), Ticks::new(true));
        for _ in 0..100_000 {
            machine.passes(1_000);
            machine.now(&mut clock);
        }
        // Each time in the first millisecond, to know how fast the counter counts.
        assert!((1_050..=1_150).contains(&machine.asked.get()), "{}", machine.asked.get());
    }

    #[test]
    fn a_counter_that_cannot_be_believed_is_not_asked_for_long() {
        let (machine, mut clock) = (Machine::new(2_000), Ticks::new(true));
        let run = |clock: &mut Ticks, count: u64| {
            let asked = machine.asked.get();
            for _ in 0..count {
                machine.passes(100);
                let (from, told) = (machine.time.get(), machine.now(clock));
                assert!(told + 1_000_000 >= from, "it is never off for longer than it is believed");
            }
            machine.asked.get() - asked
        };
        run(&mut clock, 100_000);
        for speed in [1_000, 3_000, 1_500, 2_500] {
            machine.speed.set((speed, 77));
            run(&mut clock, 100_000);
        }
        assert_eq!(run(&mut clock, 1_000), 1_000, "the clock alone");
    }

    #[test]
    fn without_a_counter_the_clock_alone_is_asked() {
        let (machine, mut clock) = (Machine::new(2_000), Ticks::new(false));
        for _ in 0..10_000 {
            machine.passes(1_000);
            let from = machine.time.get();
            assert_eq!(machine.now(&mut clock), from + 20);
        }
        assert_eq!(machine.asked.get(), 10_000);
    }
}
