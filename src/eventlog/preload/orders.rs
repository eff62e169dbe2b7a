//! In which orders a thread takes locks: which others it held whenever it took one, each such order once.
//!
//! What stands here costs a lock that is taken while no other is held two stores. A set of held locks and the lock that was taken
//! with them are known by a hash of the numbers that locks were given: the second time nothing is told.

use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::layout::HELD;

/// So many orders are remembered; of others it may be told again that there are such.
const SEEN: usize = 64;
/// So many are told of one thread.
const MOST: u32 = 4096;

/// What one thread has taken.
pub struct Orders {
    /// Places among the locks that the thread holds which it has used: a bit each. Another thread may have given back what it
    /// had there.
    used: Cell<u32>,
    /// Those of them that nobody could take in another order.
    exempt: Cell<u32>,
    /// The lock's number, of each place.
    numbers: [Cell<u64>; HELD],
    /// The lock that was taken last, by its address, if it is worth a look; else 0.
    last: Cell<u64>,
    seen: [Cell<u64>; SEEN],
    told: Cell<u32>,
    epoch: Cell<u64>,
}

/// The numbers of the locks that a thread holds, in no order.
pub struct Others {
    numbers: [u64; HELD],
    count: usize,
}

impl Others {
    /// Them.
    pub fn get(&self) -> &[u64] {
        &self.numbers[..self.count]
    }
}

/// What is to be told of an order.
#[expect(clippy::large_enum_variant, reason = "there is no allocator, and it lives for a moment")]
pub enum Order {
    /// Nothing: it is none, or was told before.
    Nothing,
    /// These locks were held.
    Holding(Others),
    /// That from here on not all are told.
    TooMany,
}

impl Orders {
    /// Nothing taken yet.
    pub const fn new() -> Orders {
        Orders {
            used: Cell::new(0),
            exempt: Cell::new(0),
            numbers: [const { Cell::new(0) }; HELD],
            last: Cell::new(0),
            seen: [const { Cell::new(0) }; SEEN],
            told: Cell::new(0),
            epoch: Cell::new(0),
        }
    }

    /// A new thread has this place.
    pub fn reset(&self) {
        self.used.set(0);
        self.last.set(0);
        self.told.set(0);
        self.seen.iter().for_each(|seen| seen.set(0));
    }

    /// The thread has taken the lock of this address and number, and noted it at this place. `fresh` says that it is worth a look
    /// in any case.
    #[inline]
    pub fn takes(&self, (address, number): (u64, u64), place: Option<usize>, fresh: bool) {
        let (used, exempt) = (self.used.get(), self.exempt.get());
        let look = fresh || used & !exempt != 0;
        let Some(place) = place.filter(|place| *place < HELD) else { return self.last.set(0) };
        self.last.set(if look { address } else { 0 });
        let bit = 1 << place;
        self.used.set(used | bit);
        self.exempt.set(exempt & !bit);
        self.numbers[place].set(number);
    }

    /// The thread has given back what it had at this place.
    #[inline]
    pub fn gave(&self, place: usize) {
        if place < HELD {
            self.used.set(self.used.get() & !(1 << place));
        }
    }

    /// Whether the lock at this address was the last that was taken, and is worth a look. It is asked once.
    #[inline]
    pub fn takes_look(&self, address: u64) -> bool {
        self.last.get() == address && self.last.replace(0) != 0
    }

    /// Nobody can take this lock of the thread's in another order: it was made for this moment alone.
    pub fn exempts(&self, held: &[AtomicU64; HELD], address: u64) {
        for (place, lock) in held.iter().enumerate() {
            if lock.load(Ordering::Relaxed) == address {
                self.exempt.set(self.exempt.get() | 1 << place);
            }
        }
    }

    /// The same of all that the thread holds now.
    pub fn exempts_all(&self) {
        self.exempt.set(self.used.get());
    }

    /// What the thread held when it took the lock at `address`, where that is new to it. `epoch` is another number whenever what
    /// was told counts no more.
    pub fn order(&self, held: &[AtomicU64; HELD], address: u64, epoch: u64) -> Order {
        let mut others = Others { numbers: [0; HELD], count: 0 };
        let mut hash = 0_u64;
        let mut used = self.used.get();
        while used != 0 {
            let (place, bit) = (used.trailing_zeros() as usize, used & used.wrapping_neg());
            used &= !bit;
            let at = held[place].load(Ordering::Relaxed);
            if at == 0 {
                self.used.set(self.used.get() & !bit);
            } else if at == address {
                hash ^= mixed(self.numbers[place].get()).rotate_left(32);
            } else if self.exempt.get() & bit == 0 {
                let number = self.numbers[place].get();
                hash ^= mixed(number);
                others.numbers[others.count] = number;
                others.count += 1;
            }
        }
        if others.count == 0 {
            return Order::Nothing;
        }
        if self.epoch.replace(epoch) != epoch {
            self.seen.iter().for_each(|seen| seen.set(0));
        }
        let seen = &self.seen[(hash >> 32) as usize % SEEN];
        if seen.replace(hash) == hash || self.told.get() > MOST {
            return Order::Nothing;
        }
        self.told.set(self.told.get() + 1);
        if self.told.get() > MOST { Order::TooMany } else { Order::Holding(others) }
    }
}

/// Numbers that follow each other, far apart.
const fn mixed(number: u64) -> u64 {
    let number = (number ^ number >> 31).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (number ^ number >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const ADDRESS: u64 = 0x7f00_0000_0000;

    /// A thread and the locks that it holds, each at the place of its number.
    struct Thread {
        orders: Orders,
        held: [AtomicU64; HELD],
    }

    impl Thread {
        fn new() -> Thread {
            Thread { orders: Orders::new(), held: [const { AtomicU64::new(0) }; HELD] }
        }

        fn takes(&self, lock: usize) -> Option<Vec<u64>> {
            let address = ADDRESS + lock as u64 * 32;
            self.held[lock].store(address, Ordering::Relaxed);
            self.orders.takes((address, lock as u64 + 1), Some(lock), false);
            if !self.orders.takes_look(address) {
                return None;
            }
            match self.orders.order(&self.held, address, 0) {
                Order::Holding(others) => Some(others.get().iter().map(|number| number - 1).collect()),
                _ => None,
            }
        }

        fn gives(&self, lock: usize, other: bool) {
            self.held[lock].store(0, Ordering::Relaxed);
            if !other {
                self.orders.gave(lock);
            }
        }
    }

    proptest! {
        /// Locks are taken and given back at random, by others too: what is told is what was held, once each.
        #[test]
        fn each_order_is_told_once(steps in prop::collection::vec((0usize..6, any::<bool>()), 0..200)) {
            let thread = Thread::new();
            let (mut held, mut told) = (BTreeSet::new(), BTreeSet::new());
            for (lock, other) in steps {
                if held.remove(&lock) {
                    thread.gives(lock, other);
                    continue;
                }
                let new = !held.is_empty() && told.insert((held.clone(), lock));
                let said = thread.takes(lock).map(|said| said.iter().map(|l| usize::try_from(*l).expect("small")).collect());
                // Two that share a place in what is remembered may be told again.
                prop_assert!(said.is_some() || !new);
                prop_assert!(said.is_none_or(|said: BTreeSet<usize>| said == held));
                held.insert(lock);
            }
        }
    }

    #[test]
    fn what_was_told_is_told_again_once_it_may_matter_again() {
        let thread = Thread::new();
        let order = |epoch| matches!(thread.orders.order(&thread.held, ADDRESS + 32, epoch), Order::Holding(_));
        assert!(thread.takes(0).is_none() && thread.takes(1).is_some());
        assert!(!order(0) && order(1) && !order(1));
        thread.orders.exempts(&thread.held, ADDRESS);
        assert!(!order(2), "nobody can take that one in another order");
    }

    #[test]
    fn a_thread_that_takes_locks_in_ever_new_orders_is_told_of_up_to_a_bound() {
        let thread = Thread::new();
        thread.takes(0);
        let mut said = 0;
        for number in 0..u64::from(MOST) + 10 {
            thread.held[1].store(ADDRESS + 32, Ordering::Relaxed);
            thread.orders.takes((ADDRESS + 32, 100 + number), Some(1), false);
            match thread.orders.order(&thread.held, ADDRESS + 32, 0) {
                Order::Holding(_) => said += 1,
                Order::TooMany => said += 100_000,
                Order::Nothing => {}
            }
        }
        assert_eq!(said, MOST + 100_000, "it is said once that these are not all");
    }
}
