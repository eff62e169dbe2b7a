//! Places in a program's source, read while it is there.

use crate::trace::locks::Spot;
use crate::trace::standstill::Place;
use crate::trace::{Locks, Pid};

/// More of a source is not read, in bytes.
const LONGEST: u64 = 4 << 20;

/// A place where a thread of a process has told that it stands; `None` where no function of the program's own is known there.
pub(super) fn place_of(locks: &Locks, pid: Pid, spot: Spot) -> Option<Place> {
    let own = locks.function(pid, spot.own)?;
    let code = source_line(&own.file, spot.line).unwrap_or_default();
    Some(Place { file: own.file.clone(), line: spot.line, code, function: own.name.clone() })
}

/// A line of a source file.
fn source_line(file: &str, line: u32) -> Option<String> {
    use std::io::Read;
    let mut text = Vec::new();
    let place = std::path::Path::new(file);
    // What is no plain file may never end, or take what the program is to read.
    if !place.is_file() {
        return None;
    }
    std::fs::File::open(place).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    Some(line.trim().chars().take(200).collect())
}
