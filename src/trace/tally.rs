//! A row of counts that answers "how many before this one" and "which one is the n-th in" fast, while counts change: a
//! Fenwick tree.

/// A row of counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// At `i - 1` the sum of the `i & -i` counts up to the `i`-th.
    sums: Vec<usize>,
}

impl Tally {
    /// Appends a count of nothing.
    pub fn push(&mut self) {
        let at = self.sums.len() + 1;
        let reach = at & at.wrapping_neg();
        let sum = self.before(at - 1) - self.before(at - reach);
        self.sums.push(sum);
    }

    /// Drops the last count.
    pub fn pop(&mut self) {
        self.sums.pop();
    }

    /// Changes a count.
    pub fn change(&mut self, place: usize, by: isize) {
        let mut at = place + 1;
        while let Some(sum) = self.sums.get_mut(at - 1) {
            *sum = sum.saturating_add_signed(by);
            at += at & at.wrapping_neg();
        }
    }

    /// The sum of the first `count` counts.
    pub fn before(&self, count: usize) -> usize {
        let (mut at, mut sum) = (count.min(self.sums.len()), 0);
        while at > 0 {
            sum += self.sums[at - 1];
            at &= at - 1;
        }
        sum
    }

    /// The sum of all.
    pub fn sum(&self) -> usize {
        self.before(self.sums.len())
    }

    /// Which count the `n`-th thing is in, and the how manieth it is there.
    pub fn find(&self, n: usize) -> Option<(usize, usize)> {
        let (mut at, mut left) = (0, n);
        let mut step = self.sums.len().checked_next_power_of_two().unwrap_or(0);
        while step > 0 {
            if let Some(sum) = self.sums.get(at + step - 1).filter(|sum| **sum <= left) {
                at += step;
                left -= sum;
            }
            step /= 2;
        }
        (at < self.sums.len()).then_some((at, left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_says_what_a_plain_row_of_counts_does(
            counts in prop::collection::vec(0usize..5, 0..70), dropped in 0usize..20, n in 0usize..200,
        ) {
            let mut tally = Tally::default();
            for (place, count) in counts.iter().enumerate() {
                tally.push();
                tally.change(place, isize::try_from(*count).unwrap());
            }
            let kept = counts.len().saturating_sub(dropped);
            (kept..counts.len()).for_each(|_| tally.pop());
            let counts = &counts[..kept];
            prop_assert_eq!(tally.sum(), counts.iter().sum::<usize>());
            let all: Vec<(usize, usize)> =
                counts.iter().enumerate().flat_map(|(place, count)| (0..*count).map(move |n| (place, n))).collect();
            prop_assert_eq!(tally.find(n), all.get(n).copied());
            prop_assert_eq!(tally.before(n), counts.iter().take(n).sum::<usize>());
        }
    }
}
