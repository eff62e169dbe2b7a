//! Sets of addresses: the tasks that a thread has told of, by their coroutines, which tells a first step from a later one, and
//! the code that it has told of.

/// How full the table may be, in eighths.
const FULL: usize = 5;

/// A set of addresses in memory that the caller brings, of a power of two of words, all zero at first.
pub struct Known<'m> {
    slots: &'m mut [usize],
    count: usize,
}

impl<'m> Known<'m> {
    /// An empty set.
    pub fn new(slots: &'m mut [usize]) -> Known<'m> {
        debug_assert!(slots.len().is_power_of_two());
        Known { slots, count: 0 }
    }

    /// Whether there is no room for one more.
    pub fn is_full(&self) -> bool {
        self.count >= self.slots.len() / 8 * FULL
    }

    /// How large its memory is, in words.
    pub fn size(&self) -> usize {
        self.slots.len()
    }

    /// The same set in more memory, and the memory that it was in.
    pub fn moved(self, slots: &'m mut [usize]) -> (Known<'m>, &'m mut [usize]) {
        let mut new = Known::new(slots);
        for &address in self.slots.iter().filter(|address| **address != 0) {
            let _ = new.insert(address);
        }
        (new, self.slots)
    }

    #[inline]
    fn home(&self, address: usize) -> usize {
        // Addresses of objects differ in their middle bits.
        (address.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) & (self.slots.len() - 1)
    }

    /// Where the address is, or the free place where it would be.
    #[inline]
    fn place(&self, address: usize) -> usize {
        let mut at = self.home(address);
        while self.slots[at] != 0 && self.slots[at] != address {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// Whether the address is in it.
    #[inline]
    pub fn contains(&self, address: usize) -> bool {
        self.slots[self.place(address)] == address
    }

    /// Adds an address; there must be room. Where nothing is ever taken out, its place does not change.
    pub fn insert(&mut self, address: usize) -> usize {
        let at = self.place(address);
        self.count += usize::from(self.slots[at] == 0);
        self.slots[at] = address;
        at
    }

    /// The place of an address that is in it.
    pub fn find(&self, address: usize) -> Option<usize> {
        let at = self.place(address);
        (self.slots[at] == address).then_some(at)
    }

    /// Takes an address out, and says whether it was there.
    pub fn remove(&mut self, address: usize) -> bool {
        let mask = self.slots.len() - 1;
        let mut hole = self.place(address);
        if self.slots[hole] == 0 {
            return false;
        }
        self.count -= 1;
        // What was put behind it because it was in the way moves up.
        let mut next = hole;
        loop {
            next = (next + 1) & mask;
            let moved = self.slots[next];
            if moved == 0 {
                break;
            }
            let (from_home, to_hole) = (next.wrapping_sub(self.home(moved)) & mask, next.wrapping_sub(hole) & mask);
            if from_home >= to_hole {
                self.slots[hole] = moved;
                hole = next;
            }
        }
        self.slots[hole] = 0;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(steps in prop::collection::vec((any::<bool>(), 1usize..40), 0..300)) {
            let mut memory = vec![0; 64];
            let (mut known, mut model) = (Known::new(&mut memory), BTreeSet::new());
            for (add, n) in steps {
                let address = 0x7f00_0000_0000 + n * 48;
                if add && !known.is_full() {
                    known.insert(address);
                    model.insert(address);
                } else {
                    prop_assert_eq!(known.remove(address), model.remove(&address));
                }
                for n in 1..40 {
                    let address = 0x7f00_0000_0000 + n * 48;
                    prop_assert_eq!(known.contains(address), model.contains(&address));
                }
            }
        }
    }

    #[test]
    fn more_memory_holds_the_same() {
        let (mut small, mut large) = (vec![0; 8], vec![0; 16]);
        let mut known = Known::new(&mut small);
        let mut added = 0;
        while !known.is_full() {
            added += 1;
            known.insert(added * 16);
        }
        let (mut known, old) = known.moved(&mut large);
        assert_eq!((added, old.len(), known.is_full()), (5, 8, false));
        assert!((1..=added).all(|n| known.contains(n * 16)) && !known.contains((added + 1) * 16));
        known.insert(4096);
        assert!(known.remove(4096) && !known.remove(4096));
    }
}
