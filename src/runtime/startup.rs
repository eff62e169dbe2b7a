//! The Python start-up file: names of threads and processes, from inside every Python process of a run.
//!
//! It travels as a zip archive in a file in memory, which Python imports from: nothing is written to a disk, and nothing is
//! left behind. The preloaded library names it to a Python that asks for `PYTHONPATH`; without the library the variable
//! itself does. Its text has the event log's layout filled in, so that is written down once.

use crate::eventlog::layout::{self, lane_state, tag};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

/// Tells the preloaded library where the start-up file is.
pub const STARTUP_VARIABLE: &str = "CONCUR_TUTOR_STARTUP";

/// The archive's files: the one that Python imports, and those that it runs.
const FILES: [(&str, &str); 6] = [
    ("sitecustomize", include_str!("../../assets/startup/sitecustomize.py")),
    ("names", include_str!("../../assets/startup/names.py")),
    ("threads", include_str!("../../assets/startup/threads.py")),
    ("helper", include_str!("../../assets/startup/helper.py")),
    ("stacks", include_str!("../../assets/startup/stacks.py")),
    ("log", include_str!("../../assets/startup/log.py")),
];

/// The start-up file of one run; it must live as long as Python processes of the run may start.
#[derive(Debug)]
pub struct Startup {
    archive: crate::eventlog::Exposed,
}

impl Startup {
    /// Puts the start-up file where children can read it, in the code of the Python of the run too, where that is known.
    /// Asked where its threads stand, a Python of the run writes to `stacks`.
    ///
    /// # Errors
    /// Where the system gives neither a file in memory nor one in the temporary directory.
    pub fn prepare(compiled: Option<&Compiled>, stacks: Option<&Path>) -> io::Result<Startup> {
        let mut files: Vec<(String, Vec<u8>)> =
            FILES.iter().map(|(name, source)| (format!("{name}.py"), filled_in(source).into_bytes())).collect();
        files.push((
            "stacks".to_owned(),
            stacks.map_or(Vec::new(), |path| path.as_os_str().as_encoded_bytes().to_vec()),
        ));
        files.extend(compiled.into_iter().flat_map(Compiled::files));
        let archive = zip_of(&files);
        Ok(Startup { archive: crate::eventlog::expose(c"concur-tutor-startup", ".zip", &archive)? })
    }

    /// The entry in `PYTHONPATH`.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.archive.path()
    }

    /// Variables for a child with the preloaded library.
    #[must_use]
    pub fn preloaded(&self) -> Vec<(OsString, OsString)> {
        vec![(STARTUP_VARIABLE.into(), self.path().into())]
    }

    /// Variables for a child without the library, given the `PYTHONPATH` that it would have alone.
    #[must_use]
    pub fn environment(&self, pythonpath: Option<&OsStr>) -> Vec<(OsString, OsString)> {
        let mut path = self.path().as_os_str().to_owned();
        if let Some(rest) = pythonpath.filter(|rest| !rest.is_empty()) {
            path.push(":");
            path.push(rest);
        }
        vec![("PYTHONPATH".into(), path)]
    }
}

/// The start-up file in one Python's own code.
#[derive(Debug, Default)]
pub struct Compiled {
    /// By which that Python knows its code.
    pub magic: [u8; 4],
    /// The code of each of [`sources`].
    pub codes: Vec<Vec<u8>>,
}

/// The texts of the archive's files, in their order.
pub fn sources() -> impl Iterator<Item = String> {
    FILES.iter().map(|(_, source)| filled_in(source))
}

impl Compiled {
    /// The files that hold it: the first as Python imports it, the others as they are.
    fn files(&self) -> impl Iterator<Item = (String, Vec<u8>)> {
        // Its own check of the source is off: code of these sources, whatever their times.
        const UNCHECKED: [u8; 12] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        FILES.iter().zip(&self.codes).enumerate().map(|(at, ((name, _), code))| {
            if at == 0 {
                (format!("{name}.pyc"), [&self.magic[..], &UNCHECKED, code].concat())
            } else {
                (format!("{name}.code"), code.clone())
            }
        })
    }
}

/// A file's text, with the layout's numbers in it.
fn filled_in(source: &str) -> String {
    let next_process_lane = std::mem::offset_of!(layout::Header, next_process_lane) as u64 / 8;
    let numbers: [(&str, u64); 17] = [
        ("MAGIC", layout::MAGIC),
        ("NEXT_PROCESS_LANE", next_process_lane),
        ("THREAD_LANES", layout::THREAD_LANES),
        ("PROCESS_LANES", layout::PROCESS_LANES),
        ("HEADER_BYTES", layout::HEADER_BYTES),
        ("HEAD_BYTES", layout::HEAD_BYTES),
        ("BASE_BYTES", layout::BASE_BYTES),
        ("RING_BYTES", layout::RING_BYTES),
        ("CAPACITY", layout::CAPACITY),
        ("OWNED", lane_state::OWNED),
        ("THREAD_NAME", tag::THREAD_NAME.into()),
        ("PROCESS_NAME", tag::PROCESS_NAME.into()),
        ("KIND", tag::KIND.into()),
        ("PROGRAM_START", tag::PROGRAM_START.into()),
        ("PROGRAM_END", tag::PROGRAM_END.into()),
        ("MORE_TEXT", tag::MORE_TEXT.into()),
        ("FREE", lane_state::FREE),
    ];
    numbers
        .iter()
        .fold(source.to_owned(), |text, (name, number)| text.replace(&format!("@{name}@"), &number.to_string()))
}

/// A zip archive of files that are not compressed: all that `zipimport` reads.
fn zip_of(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    const JANUARY_1980: [u8; 4] = [0, 0, 0x21, 0];
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let (size, length) = (small(content.len()), &small(name.len())[..2]);
        let crc = crc32(content).to_le_bytes();
        // Version 1.0 needed, no flags, stored.
        let common = [&[10, 0, 0, 0, 0, 0], &JANUARY_1980[..], &crc, &size, &size, length, &[0; 2]].concat();
        let at = small(bytes.len());
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), content].concat());
        directory.extend([b"PK\x01\x02\x0a\x00", &common[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = &small(files.len())[..2];
    let end = [b"PK\x05\x06\0\0\0\0", count, count, &small(directory.len()), &small(bytes.len()), &[0; 2]].concat();
    [bytes, directory, end].concat()
}

/// A length as a zip archive writes it.
fn small(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("the start-up file is small").to_le_bytes()
}

/// The checksum that a zip archive carries (CRC-32, reflected, polynomial 0xEDB88320).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn every_number_of_the_layout_is_filled_in() {
        for (name, source) in FILES {
            assert!(!filled_in(source).contains('@'), "a placeholder without a number in {name}");
        }
    }

    #[test]
    fn a_pythonpath_of_the_users_stays_behind_ours() {
        let startup = Startup::prepare(None, None).expect("a memory file");
        let ours = startup.path().to_str().expect("ASCII").to_owned();
        let path = |given: Option<&str>| startup.environment(given.map(OsStr::new))[0].1.clone();
        assert_eq!(path(None), *ours);
        assert_eq!(path(Some("")), *ours);
        assert_eq!(path(Some("a:b")), *format!("{ours}:a:b"));
    }
}
