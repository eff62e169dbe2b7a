//! Sets of addresses: the tasks that a thread has told of, by their coroutines, which tells a first step from a later one, and
//! the code that it has told of. Objects lie at even addresses: the last bit says of a task that it has not run yet.

/// How full the table may be, in eighths.
const FULL: usize = 5;

/// The bit that marks an address.
const MARK: usize = 1;

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
        for &slot in self.slots.iter().filter(|slot| **slot != 0) {
            let at = new.insert(slot & !MARK);
            new.slots[at] = slot;
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
        while self.slots[at] != 0 && self.slots[at] & !MARK != address {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// Whether the address is in it, without a mark.
    #[inline]
    pub fn contains(&self, address: usize) -> bool {
        self.slots[self.place(address)] == address
    }

    /// Marks an address, which is in it from now on.
    pub fn mark(&mut self, address: usize) {
        let at = self.insert(address);
        self.slots[at] = address | MARK;
    }

    /// Whether the address is in it with a mark.
    pub fn is_marked(&self, address: usize) -> bool {
        self.slots[self.place(address)] == address | MARK
    }

    /// Adds an address, or takes its mark away; there must be room. Where nothing is ever taken out, its place does not change.
    pub fn insert(&mut self, address: usize) -> usize {
        let at = self.place(address);
        self.count += usize::from(self.slots[at] == 0);
        self.slots[at] = address;
        at
    }

    /// The place of an address that is in it.
    pub fn find(&self, address: usize) -> Option<usize> {
        let at = self.place(address);
        (self.slots[at] & !MARK == address).then_some(at)
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
            let (from_home, to_hole) =
                (next.wrapping_sub(self.home(moved & !MARK)) & mask, next.wrapping_sub(hole) & mask);
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
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_is_a_set_of_which_some_are_marked(steps in prop::collection::vec((0u8..3, 1usize..40), 0..300)) {
            let (mut memory, mut larger) = (vec![0; 64], vec![0; 128]);
            let (mut known, mut model) = (Known::new(&mut memory), BTreeMap::new());
            let same = |known: &Known<'_>, model: &BTreeMap<usize, bool>| (1..40).all(|n| {
                let address = 0x7f00_0000_0000 + n * 48;
                let marked = model.get(&address).copied();
                (known.contains(address), known.is_marked(address)) == (marked == Some(false), marked == Some(true))
            });
            for (what, n) in steps {
                let address = 0x7f00_0000_0000 + n * 48;
                match what {
                    0 if !known.is_full() => {
                        known.insert(address);
                        model.insert(address, false);
                    }
                    1 if !known.is_full() => {
                        known.mark(address);
                        model.insert(address, true);
                    }
                    _ => prop_assert_eq!(known.remove(address), model.remove(&address).is_some()),
                }
                prop_assert!(same(&known, &model));
            }
            prop_assert!(same(&known.moved(&mut larger).0, &model));
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
