//! Files that are written whole or not at all, even where the program is killed or the machine stops: a new file is
//! written beside the old one, reaches the disk and then takes its name.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// As many links to links as Linux itself follows.
const LINKS: usize = 40;

/// Writes a file anew, in a folder that need not exist: whoever reads it finds the old text or the new one. Where the
/// path is a link, its target is written and the link stays.
///
/// # Errors
/// Where it cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = follow(path)?;
    let dir = folder(&path);
    std::fs::create_dir_all(dir)?;
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|e| e.error)?;
    sync(dir);
    Ok(())
}

/// The same for one who holds a lock for this file, which is no link: by way of a file whose name is fixed, so that
/// what a killed program has left of it is in nobody's way and does not pile up.
///
/// # Errors
/// Where it cannot be written.
pub fn write_alone(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_added_extension("new");
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = write_new(&new, bytes).and_then(|()| std::fs::rename(&new, path));
    if written.is_err() {
        // Half a file helps nobody; where it cannot be removed either, the next one to write will try.
        let _ = std::fs::remove_file(&new);
    } else {
        sync(folder(path));
    }
    written
}

/// Writes a file that must not be there yet, for the learner's eyes only, down to the disk.
///
/// # Errors
/// Where there is one, or it cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The path itself, or what it leads to where it is a link. That need not exist.
///
/// # Errors
/// Where a link cannot be read, or links lead round in a circle.
pub fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match path.symlink_metadata() {
            Ok(there) if there.is_symlink() => path = folder(&path).join(std::fs::read_link(&path)?),
            _ => return Ok(path),
        }
    }
    Err(io::Error::other("links lead from one to the next without an end"))
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

/// Has the folder remember the new name, too. There are file systems that cannot: the file is whole there as well.
fn sync(dir: &Path) {
    let _ = File::open(dir).and_then(|dir| dir.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_stays_a_link_and_its_target_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let (target, near, far) = (dir.path().join("kept/real"), dir.path().join("near"), dir.path().join("far"));
        symlink("kept/real", &near).unwrap();
        symlink(&near, &far).unwrap();
        for text in ["first", "second"] {
            write(&far, text.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(&target).unwrap(), text);
        }
        assert!(near.is_symlink() && far.is_symlink());
        assert_eq!(std::fs::read_dir(dir.path().join("kept")).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn links_that_lead_nowhere_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        symlink(&two, &one).unwrap();
        symlink(&one, &two).unwrap();
        assert!(write(&one, b"text").unwrap_err().to_string().contains("without an end"));
    }

    #[test]
    fn what_a_killed_program_has_left_is_in_nobodys_way() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::write(dir.path().join("a.new"), "half a fi").unwrap();
        write_alone(&path, b"whole").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_half_written_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        std::fs::create_dir(&path).unwrap();
        assert!(write_alone(&path, b"a file cannot take a folder's name").is_err());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
