//! Whole numbers as Python has them: every number is an object on the heap.
//!
//! In Rust a number lives in a register, and a loop over five million of them is over before a thread has used up its
//! first switch interval. In Python each number is an object that has to be allocated and freed; that is a good part
//! of why the same loop takes it a hundred times as long. The twins compute with such numbers, so that the work is
//! as long as the lesson needs it to be, and long for the same reason.

use std::fmt;
use std::hint::black_box;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

/// A whole number on the heap. Immutable, as in Python: arithmetic makes a new one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Int(Box<i128>);

impl Int {
    /// Python's `int` grows without limit, this one up to 127 bits: more than any lesson needs.
    #[inline]
    fn new(value: Option<i128>) -> Self {
        let value = value.expect("the number is too large for the model's integers: 127 bits");
        // The compiler would find out that the box is not needed. Here it is the point.
        Self(black_box(Box::new(value)))
    }
}

impl From<u64> for Int {
    #[inline]
    fn from(value: u64) -> Self {
        Self::new(Some(i128::from(value)))
    }
}

impl Mul for &Int {
    type Output = Int;

    #[inline]
    fn mul(self, other: Self) -> Int {
        Int::new(self.0.checked_mul(*other.0))
    }
}

impl Add for &Int {
    type Output = Int;

    #[inline]
    fn add(self, other: Self) -> Int {
        Int::new(self.0.checked_add(*other.0))
    }
}

impl AddAssign for Int {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        *self = &*self + &other;
    }
}

impl Sum for Int {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        let mut total = Int::from(0);
        for number in numbers {
            total += number;
        }
        total
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A whole number as Python's `f"{number:,}"` writes it.
#[must_use]
pub fn commas(number: impl fmt::Display) -> String {
    let plain = number.to_string();
    let digits = plain.trim_start_matches('-').len();
    let sign = plain.len() - digits;
    let mut out = plain[..sign].to_owned();
    for (i, digit) in plain[sign..].chars().enumerate() {
        if i > 0 && (digits - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_squares_is_exact_beyond_64_bits() {
        let n = 5_000_000_i128;
        let big = Int(Box::new((n - 1) * n * (2 * n - 1) / 6));
        assert_eq!(big.to_string(), "41666654166667500000");
        assert_eq!((0..1000).map(Int::from).map(|i| &i * &i).sum::<Int>().to_string(), "332833500");
    }

    #[test]
    fn commas_stand_before_every_third_digit_from_the_right() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-100, "-100"), (-1_234_567, "-1,234,567")] {
            assert_eq!(commas(number), text);
        }
    }
}
