//! Text that is put together without asking for memory.

/// Text of at most 255 bytes.
pub struct Text {
    bytes: [u8; 255],
    length: usize,
}

impl Text {
    /// Nothing yet.
    pub const fn new() -> Text {
        Text { bytes: [0; 255], length: 0 }
    }

    /// What was added.
    pub fn get(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Adds the start of `more`, at most `most` bytes of it.
    pub fn add_start(&mut self, more: &[u8], most: usize) {
        let most = most.min(self.bytes.len() - self.length).min(more.len());
        self.bytes[self.length..self.length + most].copy_from_slice(&more[..most]);
        self.length += most;
    }

    /// Adds the end of `more`, as much of it as there is room for.
    pub fn add_end(&mut self, more: &[u8]) {
        let room = self.bytes.len() - self.length;
        self.add_start(&more[more.len().saturating_sub(room)..], room);
    }

    /// Adds a number's digits.
    pub fn add_number(&mut self, number: isize) {
        let (mut digits, mut rest, mut at) = ([0; 20], number.unsigned_abs(), 20);
        while at == 20 || rest > 0 {
            at -= 1;
            digits[at] = b"0123456789"[rest % 10];
            rest /= 10;
        }
        self.add_start(&digits[at..], 20);
    }
}

/// The number of a name that asyncio gave: `Task-12`. `None` of any other.
pub fn numbered(name: &[u8]) -> Option<u32> {
    let digits = name.strip_prefix(b"Task-")?;
    let add = |sum: u32, digit: &u8| sum.checked_mul(10)?.checked_add(u32::from(digit.wrapping_sub(b'0')));
    let all = digits.iter().all(u8::is_ascii_digit) && digits.first().is_some_and(|first| *first != b'0');
    if all { digits.iter().try_fold(0, add) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_has_room_for_so_much() {
        let mut text = Text::new();
        text.add_start(b"name and more", 4);
        text.add_number(-120);
        text.add_start(&[b'x'; 300], 300);
        text.add_end(b"nothing");
        assert_eq!(&text.get()[..8], b"name120x");
        assert_eq!(text.get().len(), 255);
        let mut text = Text::new();
        text.add_start(&[b'x'; 250], 250);
        text.add_end(b"a/long/path");
        assert_eq!(&text.get()[249..], b"x/path");
    }

    proptest! {
        #[test]
        fn a_number_is_told_only_where_it_says_the_name(number: u32, name in "(Task-)?[0-9 x]{0,12}") {
            prop_assert_eq!(numbered(format!("Task-{number}").as_bytes()), (number > 0).then_some(number));
            if let Some(number) = numbered(name.as_bytes()) {
                prop_assert_eq!(format!("Task-{number}"), name);
            }
        }
    }
}
