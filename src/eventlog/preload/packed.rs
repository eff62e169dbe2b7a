//! What a task awaits, in one word.

/// The opposite of [`task_await::unpack`](crate::layout::task_await::unpack): a line, two functions, and what is awaited in
/// the end.
pub const fn pack(line: u32, first: u16, last: u16, on: u8) -> u64 {
    let [l0, l1, l2, _] = line.to_le_bytes();
    let ([f0, f1], [b0, b1]) = (first.to_le_bytes(), last.to_le_bytes());
    u64::from_le_bytes([l0, l1, l2, f0, f1, b0, b1, on])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::task_await::unpack;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(line in 0u32..1 << 24, first: u16, last: u16, on: u8) {
            prop_assert_eq!(unpack(pack(line, first, last, on)), (line, first, last, on));
        }
    }
}
