//! What the Python start-up file has to say, in the words that it says it in.

/// One thing said: a letter, and for some a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told<'a> {
    /// `TID:NAME` after a `T`: a thread's name.
    Thread { tid: u32, name: &'a [u8] },
    /// `P` and this process's name.
    Process(&'a [u8]),
    /// `H`: the calling thread is a helper, not part of the workload.
    Helper,
    /// `S`: the learner's program begins.
    ProgramStart,
    /// `E`: the learner's program has ended.
    ProgramEnd,
    /// `G`: the GIL is on, and the calling thread holds it.
    GilOn,
    /// `L` and the address of the type of locks.
    Locks(u64),
    /// `R` and the address of the type of locks that their owner may take again.
    OwnedLocks(u64),
    /// `D` and the folder that Python's library lies in.
    Library(&'a [u8]),
    /// `K` and the addresses of `_pickle`'s types and functions, a colon between them.
    Pickles([u64; 4]),
    /// `J` and the address of the type of handles of threads, which are joined by them from 3.13 on.
    Handles(u64),
    /// `X`: Python has found its start-up file.
    PythonStarted,
    /// `Q` and the address of a `SimpleQueue`: from there the calling thread, a pool's, gets its work.
    WorkQueue(u64),
    /// `FD:ADDRESS` after a `W`: from that descriptor, under the semaphore at that address, the calling thread gets the work
    /// of its process, a pool's.
    WorkPipe { fd: i32, lock: u64 },
}

impl Told<'_> {
    /// What `text` says; `None` where it is nothing that the start-up file says.
    pub fn parse(text: &[u8]) -> Option<Told<'_>> {
        match text {
            [b'T', thread @ ..] => {
                let colon = thread.iter().position(|&byte| byte == b':')?;
                let tid = u32::try_from(number(&thread[..colon])?).ok()?;
                Some(Told::Thread { tid, name: &thread[colon + 1..] })
            }
            [b'P', name @ ..] => Some(Told::Process(name)),
            b"H" => Some(Told::Helper),
            b"S" => Some(Told::ProgramStart),
            b"E" => Some(Told::ProgramEnd),
            b"G" => Some(Told::GilOn),
            b"X" => Some(Told::PythonStarted),
            [b'L', locks @ ..] => Some(Told::Locks(number(locks)?)),
            [b'R', locks @ ..] => Some(Told::OwnedLocks(number(locks)?)),
            [b'D', folder @ ..] => Some(Told::Library(folder)),
            [b'K', addresses @ ..] => {
                let mut parts = addresses.split(|byte| *byte == b':');
                let mut next = || number(parts.next()?);
                Some(Told::Pickles([next()?, next()?, next()?, next()?]))
            }
            [b'J', handles @ ..] => Some(Told::Handles(number(handles)?)),
            [b'Q', queue @ ..] => Some(Told::WorkQueue(number(queue)?)),
            [b'W', pipe @ ..] => {
                let colon = pipe.iter().position(|&byte| byte == b':')?;
                let fd = i32::try_from(number(&pipe[..colon])?).ok()?;
                Some(Told::WorkPipe { fd, lock: number(&pipe[colon + 1..])? })
            }
            _ => None,
        }
    }
}

/// The decimal number that these digits write.
fn number(digits: &[u8]) -> Option<u64> {
    let add = |sum: u64, digit: &u8| {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_letter_alone_says_what_it_stands_for() {
        let said: [(&[u8], Told); 6] = [
            (b"H", Told::Helper),
            (b"S", Told::ProgramStart),
            (b"E", Told::ProgramEnd),
            (b"G", Told::GilOn),
            (b"X", Told::PythonStarted),
            (b"P", Told::Process(b"")),
        ];
        for (text, told) in said {
            assert_eq!(Told::parse(text), Some(told));
        }
    }

    #[test]
    fn what_the_startup_file_never_says_is_nothing() {
        let nothing: [&[u8]; 10] = [
            b"",
            b"T",
            b"T:name",
            b"T12",
            b"T1x:name",
            b"T-1:name",
            b"T4294967296:name",
            b"T42949672950:name",
            b"Hx",
            b"s",
        ];
        for text in nothing {
            assert_eq!(Told::parse(text), None, "{}", text.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn names_come_as_they_were_given(tid: u32, name: Vec<u8>) {
            let thread = [format!("T{tid}:").as_bytes(), &name].concat();
            prop_assert_eq!(Told::parse(&thread), Some(Told::Thread { tid, name: &name }));
            let process = [b"P", &name[..]].concat();
            prop_assert_eq!(Told::parse(&process), Some(Told::Process(&name)));
        }

        #[test]
        fn no_text_panics(text: Vec<u8>) {
            let told = Told::parse(&text);
            prop_assert!(told.is_none() || b"TPHSEGXD".contains(&text[0]));
        }
    }
}
