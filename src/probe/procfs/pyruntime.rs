//! Where a process keeps CPython's own state: the symbol `_PyRuntime`.
//!
//! The GIL's condition variable lies inside it: in `_PyRuntime.ceval.gil` up to 3.11, in the main interpreter's own
//! `_gil` from 3.12 on, which is part of `_PyRuntime` too. (The GIL of a subinterpreter is on the heap, so a wait for
//! it looks like one for a lock.) See `Include/internal/pycore_runtime.h` and `pycore_interp.h` in CPython's source.

use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectSegment, ObjectSymbol, ReadCache, ReadRef, SymbolSection};
use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

const SYMBOL: &str = "_PyRuntime";

/// Finds the address range in processes; a file is read once.
#[derive(Debug, Default)]
pub struct Finder {
    files: HashMap<PathBuf, Option<Found>>,
}

/// The symbol in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    /// Its addresses as linked.
    linked: Range<u64>,
    /// The lowest address as linked: where the file's first mapping goes.
    lowest: u64,
}

impl Finder {
    /// The addresses of `_PyRuntime` in a process whose `/proc/PID/maps` reads `maps`.
    pub fn find(&mut self, maps: &str) -> Option<Range<u64>> {
        for (path, start) in files(maps) {
            if !may_be_python(&path) {
                continue;
            }
            let found = self.files.entry(path).or_insert_with_key(|path| look_up(path));
            if let Some(Found { linked, lowest }) = found {
                let moved = start.wrapping_sub(*lowest);
                return Some(linked.start.wrapping_add(moved)..linked.end.wrapping_add(moved));
            }
        }
        None
    }
}

/// Every mapped file with the address of its first mapping, in the order of the text.
fn files(maps: &str) -> Vec<(PathBuf, u64)> {
    let mut files: Vec<(PathBuf, u64)> = Vec::new();
    for line in maps.lines() {
        // 7f61a2e00000-7f61a2e6f000 r--p 00000000 08:01 1234    /usr/lib/libpython3.13.so.1.0
        let mut fields = line.split_ascii_whitespace();
        let Some(start) = fields.next().and_then(|range| range.split('-').next()) else { continue };
        let Ok(start) = u64::from_str_radix(start, 16) else { continue };
        let Some(place) = line.find('/') else { continue };
        let path = PathBuf::from(&line[place..]);
        if !files.iter().any(|(known, _)| *known == path) {
            files.push((path, start));
        }
    }
    files
}

/// Not every mapped library is worth reading. The executable may have any name; libraries are called `libpython*`.
fn may_be_python(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
    name.starts_with("libpython") || !name.contains(".so")
}

fn look_up(path: &Path) -> Option<Found> {
    let data = ReadCache::new(File::open(path).ok()?);
    in_elf(&data)
}

fn in_elf<'d>(data: impl ReadRef<'d>) -> Option<Found> {
    let elf = ElfFile64::<Endianness, _>::parse(data).ok()?;
    // An exported symbol is in the short, dynamic table. Only a static executable is worth a look at the long one:
    // that of a large program with debug symbols takes longer to read than many a run.
    let is_static = elf.dynamic_symbols().next().is_none();
    let mut table = if is_static { elf.symbols() } else { elf.dynamic_symbols() };
    let symbol = table.find(|symbol| {
        symbol.name_bytes() == Ok(SYMBOL.as_bytes())
            && symbol.section() != SymbolSection::Undefined
            && symbol.size() > 0
    })?;
    let lowest = elf.segments().map(|s| s.address() & !(s.align().max(1) - 1)).min()?;
    Some(Found { linked: symbol.address()..symbol.address() + symbol.size(), lowest })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPS: &str = "\
55d0c0a00000-55d0c0a01000 r--p 00000000 08:01 11 /opt/my python/bin/python3.13
55d0c0a01000-55d0c0a02000 r-xp 00001000 08:01 11 /opt/my python/bin/python3.13
55d0c1f00000-55d0c1f21000 rw-p 00000000 00:00 0 [heap]
7f61a2e00000-7f61a2e6f000 r--p 00000000 08:01 12 /opt/my python/lib/libpython3.13.so.1.0
7f61a3000000-7f61a3001000 r--p 00000000 08:01 13 /usr/lib/libc.so.6
";

    #[test]
    fn maps_name_each_file_once_with_its_first_address() {
        let listed = files(MAPS);
        assert_eq!(listed.len(), 3);
        assert_eq!(listed[0], (PathBuf::from("/opt/my python/bin/python3.13"), 0x55d0_c0a0_0000));
        assert_eq!(listed[1].1, 0x7f61_a2e0_0000);
        assert!(may_be_python(&listed[0].0) && may_be_python(&listed[1].0) && !may_be_python(&listed[2].0));
    }

    #[test]
    fn addresses_move_with_the_file() {
        let mut finder = Finder::default();
        let library = PathBuf::from("/opt/my python/lib/libpython3.13.so.1.0");
        finder.files.insert(library, Some(Found { linked: 0x5000..0x6000, lowest: 0x1000 }));
        assert_eq!(finder.find(MAPS), Some(0x7f61_a2e0_4000..0x7f61_a2e0_5000));
        assert_eq!(finder.find("garbage\n"), None);
    }

    #[test]
    fn what_is_no_elf_file_or_has_no_symbol_is_passed_over() {
        assert_eq!(in_elf(&b"\x7fELF but no more"[..]), None);
        assert_eq!(look_up(&std::env::current_exe().unwrap()), None);
    }
}
