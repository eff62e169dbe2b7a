//! Reading a file that somebody else may have put there: a pipe or a device would make the reader wait for ever, and
//! a huge file would fill the memory. Only an ordinary file of a sensible size is read.

use std::fs::{FileType, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The system says why.
    #[error("cannot be read ({0})")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("is {0}, not a file")]
    NotAFile(&'static str),
    /// It is larger than so many bytes.
    #[error("is larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
}

/// The file's bytes, of which there may be this many at most; `None` where there is no file.
///
/// # Errors
/// Where it is no ordinary file, too large, or cannot be read. It is never waited for.
pub fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Refused> {
    let mut options = OpenOptions::new();
    options.read(true);
    // Opening a pipe that nobody writes to would wait; a terminal would become ours.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let there = file.metadata()?;
    if !there.is_file() {
        return Err(Refused::NotAFile(kind(there.file_type())));
    }
    let mut bytes = Vec::new();
    // It may grow while it is read.
    if there.len() > most || file.by_ref().take(most.saturating_add(1)).read_to_end(&mut bytes)? as u64 > most {
        return Err(Refused::TooLarge(most));
    }
    Ok(Some(bytes))
}

fn kind(file: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file.is_fifo() {
            return "a pipe";
        }
        if file.is_char_device() || file.is_block_device() {
            return "a device";
        }
    }
    if file.is_dir() { "a folder" } else { "something else" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::sys::stat::Mode;

    fn refused(path: &Path) -> String {
        read(path, 4).unwrap_err().to_string()
    }

    #[test]
    fn only_an_ordinary_file_is_read_and_nothing_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        assert!(read(&path, 4).unwrap().is_none());
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read(&path, 4).unwrap().unwrap(), b"four");
        let pipe = dir.path().join("pipe");
        nix::unistd::mkfifo(&pipe, Mode::S_IRWXU).unwrap();
        assert_eq!(refused(&pipe), "is a pipe, not a file");
        assert_eq!(refused(dir.path()), "is a folder, not a file");
        assert_eq!(refused(Path::new("/dev/zero")), "is a device, not a file");
        assert!(read(&path.join("below"), 4).unwrap().is_none(), "nothing is below a file");
    }

    #[test]
    fn what_is_too_large_is_refused_by_its_size() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::File::create(&path).unwrap().set_len(50_000_000).unwrap();
        assert_eq!(read(&path, 16 << 20).unwrap_err().to_string(), "is larger than 16 MiB");
    }
}
