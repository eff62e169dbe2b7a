//! What is packed into the words of a task's records.

#[cfg(test)]
mod tests {
    use crate::layout::task_await::{pack, unpack};
    use crate::layout::{Word, task_born, task_step};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(line in 0u32..1 << 24, first: u16, last: u16, on: u8) {
            prop_assert_eq!(unpack(pack(line, first, last, on)), (line, first, last, on));
        }

        #[test]
        fn a_step_and_a_birth_carry_an_address(part in 0u64..1 << 43, code: u16) {
            let address = part << 4;
            prop_assert_eq!(task_born::unpack(task_born::pack(code, address)), (code, address));
            let word = task_step::with_thing(Word { call: 2, ..Word::of(10) }, address);
            let read = Word::from_bits(word.bits());
            prop_assert_eq!((task_step::thing_of(read), read.call, read.tag), (address, 2, 10));
        }
    }
}
