//! What `/proc` says of one thread, as text: Linux only.

use crate::clock::Nanos;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// `/proc/PID/task/TID/schedstat`: exact totals since the thread began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Schedstat {
    /// Nanoseconds on a core.
    pub cpu: Nanos,
    /// Nanoseconds runnable without a core.
    pub ready: Nanos,
    /// How often it got a core.
    pub slices: u64,
}

impl Schedstat {
    /// Reads the file's text.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut fields = text.split(u8::is_ascii_whitespace).filter(|f| !f.is_empty()).map(number);
        Some(Self { cpu: fields.next()??, ready: fields.next()??, slices: fields.next()?? })
    }
}

/// The parts of `/proc/PID/task/TID/stat` that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat<'a> {
    /// The kernel's name of the thread.
    pub comm: &'a [u8],
    /// `R`, `S`, `D`, `Z`, ...
    pub state: u8,
    /// The parent process.
    pub parent: u32,
    /// The core that it was last on.
    pub core: u32,
}

impl<'a> Stat<'a> {
    /// Reads the file's text. The name stands in parentheses and may hold anything, so the last one closes it.
    #[must_use]
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        let open = text.iter().position(|b| *b == b'(')?;
        let close = text.iter().rposition(|b| *b == b')')?;
        let comm = text.get(open + 1..close)?;
        // The rest starts with field 3.
        let mut rest = text.get(close + 1..)?.split(u8::is_ascii_whitespace).filter(|f| !f.is_empty());
        let state = *rest.next()?.first()?;
        let parent = u32::try_from(number(rest.next()?)?).ok()?;
        let core = u32::try_from(number(rest.nth(39 - 5)?)?).ok()?;
        Some(Self { comm, state, parent, core })
    }
}

/// A file under `/proc`, kept open where the limit allows it.
#[derive(Debug)]
pub struct ProcFile {
    path: String,
    file: Option<File>,
}

/// Room for the text of one such file.
#[derive(Debug)]
pub struct Buffer(Box<[u8; 4096]>);

impl Default for Buffer {
    fn default() -> Self {
        Self(Box::new([0; 4096]))
    }
}

impl ProcFile {
    /// The file at `path`; `keep` it open.
    #[must_use]
    pub fn new(path: String, keep: bool) -> Self {
        let file = keep.then(|| File::open(&path).ok()).flatten();
        Self { path, file }
    }

    /// Reads the whole text as it is now.
    ///
    /// # Errors
    /// The system's, such as that the thread is gone.
    pub fn read<'b>(&self, buffer: &'b mut Buffer) -> io::Result<&'b [u8]> {
        let length = match &self.file {
            Some(file) => file.read_at(&mut buffer.0[..], 0)?,
            None => File::open(&self.path)?.read_at(&mut buffer.0[..], 0)?,
        };
        Ok(&buffer.0[..length])
    }
}

/// A decimal number without sign.
#[must_use]
pub fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.iter().try_fold(0u64, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STAT: &[u8] =
        b"4242 (py) worker) 1) S 17 4242 4242 34816 4242 4194304 2121 0 0 0 102 11 0 0 20 0 3 0 987654 \
        28000000 3000 18446744073709551615 1 1 0 0 0 0 0 16781312 2 0 0 0 17 5 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    #[test]
    fn stat_is_read_past_a_name_with_parentheses() {
        let stat = Stat::parse(STAT).unwrap();
        assert_eq!(stat, Stat { comm: b"py) worker) 1", state: b'S', parent: 17, core: 5 });
    }

    #[test]
    fn schedstat_is_three_numbers() {
        let read = Schedstat::parse(b"123456789 55 7\n").unwrap();
        assert_eq!(read, Schedstat { cpu: 123_456_789, ready: 55, slices: 7 });
        assert_eq!(Schedstat::parse(b"1 2\n"), None);
        assert_eq!(Schedstat::parse(b"1 -2 3\n"), None);
    }

    proptest! {
        #[test]
        fn garbage_is_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Stat::parse(&bytes);
            let _ = Schedstat::parse(&bytes);
        }
    }
}
