//! Bytes that other processes can open by a path while this one holds them: a file in memory, else a temporary file.

use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A read-only file for children, gone when this is dropped.
#[derive(Debug)]
pub struct Exposed {
    path: PathBuf,
    _held: Held,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held so that the file lives")]
enum Held {
    Memory(File),
    Named(tempfile::NamedTempFile),
}

impl Exposed {
    /// Where children find it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Puts `content` where children can open it, and map it as a program's code; `suffix` ends a temporary file's name.
///
/// # Errors
/// Where the system gives neither a file in memory nor one in the temporary directory, or it cannot be filled.
pub fn expose(name: &CStr, suffix: &str, content: &[u8]) -> io::Result<Exposed> {
    if let Ok((mut file, path)) = super::memory::file(name)
        && file.write_all(content).is_ok()
        && super::memory::can_be_code(&file)
        && path.exists()
    // not where /proc is not mounted
    {
        return Ok(Exposed { path, _held: Held::Memory(file) });
    }
    let mut file = tempfile::Builder::new().prefix("concur-tutor-").suffix(suffix).tempfile()?;
    file.write_all(content)?;
    Ok(Exposed { path: file.path().to_owned(), _held: Held::Named(file) })
}
