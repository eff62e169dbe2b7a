//! What programs say of themselves through the event log: the preloaded library's marks, and names.
//!
//! The log is there whether or not the library is, for native programs and for the Python start-up file.

use crate::clock::Nanos;
use crate::eventlog::layout::CAPACITY;
use crate::eventlog::{Exposed, LOG_VARIABLE, Log, expose};
use crate::probe::{Probe, Unavailable};
use crate::trace::Record;
use crate::trace::locks::Standing;
use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

/// The library's bytes, where it exists for this system.
#[cfg(preload_library)]
const LIBRARY: Option<&[u8]> = Some(include_bytes!(concat!(env!("OUT_DIR"), "/libmarks.so")));
#[cfg(not(preload_library))]
const LIBRARY: Option<&[u8]> = None;

const NAME: &str = "preload";

/// How often the log is drained.
const INTERVAL: Duration = Duration::from_millis(25);
/// How soon again while marks pour in: before a ring is full.
const SOON: Duration = Duration::from_millis(3);

/// Reads the event log of one run.
#[derive(Default)]
pub struct Marks {
    preload: bool,
    /// Whether locks are left alone.
    no_objects: bool,
    log: Option<Log>,
    library: Option<Exposed>,
    /// Whether the last drain brought so much that the next one must not wait.
    pouring: bool,
}

impl Marks {
    /// Whether the library is there to be preloaded.
    #[must_use]
    pub const fn preloads(&self) -> bool {
        self.library.is_some()
    }

    /// With the preloaded library, or with the log alone.
    #[must_use]
    pub fn new(preload: bool) -> Marks {
        Marks { preload, ..Marks::default() }
    }

    /// The same, and whether it is looked into who holds which lock.
    #[must_use]
    pub fn with_objects(self, objects: bool) -> Marks {
        Marks { no_objects: !objects, ..self }
    }

    /// How many records about tasks were lost.
    #[must_use]
    pub fn lost_tasks(&self) -> u64 {
        self.log.as_ref().map_or(0, Log::lost_tasks)
    }

    /// Where each thread stands now that has told of itself.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        self.log.as_ref().map_or_else(Vec::new, Log::standings)
    }

    /// Whether any thread has told of itself. The library is in every program that the system's loader has started, so
    /// where nothing was heard, waits were not measured.
    #[must_use]
    pub fn heard(&self) -> bool {
        self.log.as_ref().is_some_and(Log::heard)
    }
}

/// Whether the library can be loaded into this executable: it needs the C library that it was built for. A script is
/// fine: its interpreter is on this system, as the tutor is.
#[cfg(target_os = "linux")]
#[must_use]
pub fn loads_into(executable: &Path) -> bool {
    use object::read::elf::{FileHeader, ProgramHeader};
    let Ok(file) = std::fs::File::open(executable) else { return true };
    let data = object::ReadCache::new(file);
    let Ok(header) = object::elf::FileHeader64::<object::Endianness>::parse(&data) else { return true };
    let Ok(endian) = header.endian() else { return true };
    let Ok(segments) = header.program_headers(endian, &data) else { return true };
    let loader = segments.iter().find_map(|segment| segment.interpreter(endian, &data).ok().flatten());
    loader.is_some_and(|loader| !loader.windows(4).any(|word| word == b"musl"))
}

/// Nothing is preloaded here.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn loads_into(_: &Path) -> bool {
    false
}

impl Probe for Marks {
    fn attach(&mut self) -> Result<(), Unavailable> {
        let failed = |what: &str, error: std::io::Error| Unavailable {
            probe: NAME,
            reason: format!("{what}: {error}"),
            remedy: Some("give this user memory files or a writable temporary directory".to_owned()),
        };
        let log = Log::create().map_err(|e| failed("cannot make the event log", e))?;
        log.want_objects(self.preload && !self.no_objects);
        self.log = Some(log);
        if self.preload {
            let library = LIBRARY.ok_or_else(|| Unavailable {
                probe: NAME,
                reason: "this build of the tutor has no library to preload: it needs 64-bit Linux with glibc"
                    .to_owned(),
                remedy: None,
            })?;
            let exposed = expose(c"concur-tutor-marks", ".so", library);
            self.library = Some(exposed.map_err(|e| failed("cannot lay out the preloaded library", e))?);
        }
        Ok(())
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut variables = Vec::new();
        if let Some(log) = &self.log {
            variables.push((LOG_VARIABLE.into(), log.path().into()));
        }
        if let Some(library) = &self.library {
            let mut preload = library.path().as_os_str().to_owned();
            if let Some(rest) = std::env::var_os("LD_PRELOAD").filter(|rest| !rest.is_empty()) {
                preload.push(":");
                preload.push(rest);
            }
            variables.push(("LD_PRELOAD".into(), preload));
        }
        variables
    }

    fn interval(&self) -> Duration {
        if self.pouring { SOON } else { INTERVAL }
    }

    fn drain(&mut self, now: Nanos, out: &mut Vec<Record>) {
        let before = out.len();
        if let Some(log) = &mut self.log {
            log.drain(now, out);
        }
        self.pouring = (out.len() - before) as u64 > CAPACITY / 16;
    }

    fn finish(&mut self, _now: Nanos, out: &mut Vec<Record>) -> u64 {
        self.drain(Nanos::MAX, out);
        self.lost()
    }

    fn lost(&self) -> u64 {
        self.log.as_ref().map_or(0, Log::lost)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use object::read::elf::FileHeader;
    use std::io::Read;

    /// The newest version of glibc that an ELF file asks for, such as (2, 17).
    fn floor_of(file: &[u8]) -> (u32, u32) {
        let header = object::elf::FileHeader64::<object::Endianness>::parse(file).unwrap();
        let endian = header.endian().unwrap();
        let sections = header.sections(endian, file).unwrap();
        let (mut libraries, link) = sections.gnu_verneed(endian, file).unwrap().expect("it asks for versions");
        let names = sections.strings(endian, file, link).unwrap();
        let mut versions = Vec::new();
        while let Some((_, mut of_library)) = libraries.next().unwrap() {
            while let Some(version) = of_library.next().unwrap() {
                let name = String::from_utf8_lossy(version.name(endian, names).unwrap()).into_owned();
                versions.extend(name.strip_prefix("GLIBC_").map(numbers));
            }
        }
        versions.into_iter().max().expect("it asks for glibc")
    }

    /// The first two numbers of `2.3.4`.
    fn numbers(version: &str) -> (u32, u32) {
        let mut numbers = version.split(['.', '_']).map(|number| number.parse().unwrap());
        (numbers.next().unwrap(), numbers.next().unwrap())
    }

    /// `auditwheel` and its like look at the binary alone, and not at what is embedded in it.
    #[test]
    fn the_library_asks_for_no_newer_glibc_than_the_wheels_promise() {
        let Some(library) = LIBRARY else { return };
        let promise = include_str!("../../pyproject.toml").split_once("compatibility = \"manylinux_").unwrap().1;
        let promise = numbers(promise.split_once('"').unwrap().0);
        assert!(floor_of(library) <= promise, "{:?}, and the wheels say {promise:?}", floor_of(library));
    }

    #[test]
    fn only_programs_of_the_same_c_library_are_given_the_library() {
        assert!(loads_into(&std::env::current_exe().unwrap()) || cfg!(target_env = "musl"));
        let dir = tempfile::tempdir().unwrap();
        let script = dir.path().join("script");
        std::fs::write(&script, "#!/bin/sh\n").unwrap();
        assert!(loads_into(&script));
        let mut own = Vec::new();
        let file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
        file.take(1 << 16).read_to_end(&mut own).unwrap();
        if let Some(at) = own.windows(9).position(|w| w == b"ld-linux-") {
            let mut musl = own;
            musl[at..at + 7].copy_from_slice(b"ld-musl");
            let path = dir.path().join("musl");
            std::fs::write(&path, musl).unwrap();
            assert!(!loads_into(&path));
        }
    }
}
