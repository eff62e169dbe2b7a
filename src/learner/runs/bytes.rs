//! Numbers in few bytes: seven bits a byte, the least first, as in LEB128. What cannot be read is told, never guessed.

/// Bytes that are written.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    #[expect(clippy::cast_possible_truncation, reason = "masked to seven bits")]
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// A difference, which may be negative, in as few bytes as its size needs.
    pub(super) fn difference(&mut self, from: u64, to: u64) {
        let signed = to.wrapping_sub(from).cast_signed();
        self.number(((signed << 1) ^ (signed >> 63)).cast_unsigned());
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Something that may not be there.
    pub(super) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.byte(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Bytes that are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'b>(&'b [u8]);

/// The bytes are no such thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Garbled(pub &'static str);

impl<'b> Reader<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Reader<'b> {
        Reader(bytes)
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Garbled> {
        let (first, rest) = self.0.split_first().ok_or(Garbled("it is cut off"))?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn number(&mut self) -> Result<u64, Garbled> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                break;
            }
            number |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Garbled("a number is too large"))
    }

    pub(super) fn difference(&mut self, from: u64) -> Result<u64, Garbled> {
        let coded = self.number()?;
        Ok(from.wrapping_add((coded >> 1) ^ (coded & 1).wrapping_neg()))
    }

    /// A number of this size.
    pub(super) fn small<T: TryFrom<u64>>(&mut self) -> Result<T, Garbled> {
        T::try_from(self.number()?).map_err(|_| Garbled("a number is too large"))
    }

    /// How many things follow, each of at least one byte.
    pub(super) fn count(&mut self) -> Result<usize, Garbled> {
        let count = self.small::<usize>()?;
        if count > self.0.len() { Err(Garbled("it is cut off")) } else { Ok(count) }
    }

    pub(super) fn text(&mut self) -> Result<String, Garbled> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8(text.to_vec()).map_err(|_| Garbled("a name is no text"))
    }

    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'b>) -> Result<T, Garbled>,
    ) -> Result<Option<T>, Garbled> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Garbled("a sign has no meaning")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(number: u64, from: u64, to: u64, text: String, some: Option<u64>) {
            let mut out = Writer::default();
            out.number(number);
            out.difference(from, to);
            out.text(&text);
            out.option(some, Writer::number);
            let bytes = out.into_bytes();
            let mut read = Reader::new(&bytes);
            prop_assert_eq!(read.number(), Ok(number));
            prop_assert_eq!(read.difference(from), Ok(to));
            prop_assert_eq!(read.text(), Ok(text));
            prop_assert_eq!(read.option(Reader::number), Ok(some));
            prop_assert!(read.is_at_end());
        }

        #[test]
        fn no_bytes_are_too_strange(bytes: Vec<u8>) {
            let mut read = Reader::new(&bytes);
            let _ = (read.number(), read.text(), read.option(Reader::number), read.count(), read.small::<u16>());
        }
    }
}
