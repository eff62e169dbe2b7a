//! Files of lessons from outside are read within bounds: nobody has agreed to anything yet. A folder may hold a link to an
//! endless device, a pipe that nobody writes to, or a file of any size.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of one file.
const LARGEST: u64 = 1 << 20;
/// The most files of one lesson, and lessons of one folder.
pub(super) const MOST: usize = 500;

/// What a file holds.
///
/// # Errors
/// Where it cannot be read, is no ordinary file, or is too large for a lesson's.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    // Before it is opened: a pipe would be waited for.
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no ordinary file"));
    }
    let mut bytes = Vec::new();
    // One more than allowed: it may grow while it is read.
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} KiB", LARGEST >> 10)));
    }
    Ok(bytes)
}

/// Refuses more than fits into a lesson, or a course.
pub(super) fn few(count: usize) -> io::Result<()> {
    if count > MOST { Err(io::Error::other(format!("it has more than {MOST} entries"))) } else { Ok(()) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::lesson::check_dir;
    use crate::lesson::course::Course;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn pack() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        let own = dir.path().join("01-naps");
        fs::create_dir_all(&own).expect("a folder");
        let front = "title = \"Naps\"\nsummary = \"Naps.\"\n[[program]]\nname = \"nap\"\n";
        fs::write(own.join("lesson.md"), format!("+++\n{front}+++\n\n# Naps\n\nText.\n")).expect("written");
        fs::write(own.join("nap.py"), "print(1)\n").expect("written");
        dir
    }

    fn pipe(path: &Path) {
        nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    }

    /// Each of these hung, or took all memory, before anybody was asked whether to open the pack.
    #[test]
    fn what_is_no_file_of_a_lesson_is_neither_waited_for_nor_swallowed() {
        for name in ["parts.toml", "01-naps/more.py", "01-naps/lesson.md"] {
            for kind in ["device", "pipe", "folder", "sparse"] {
                let dir = pack();
                let place = dir.path().join(name);
                // What is not there is no news.
                let _ = fs::remove_file(&place);
                match kind {
                    "device" => symlink("/dev/zero", &place).expect("a link"),
                    "pipe" => pipe(&place),
                    "folder" => fs::create_dir(&place).expect("a folder"),
                    _ => File::create(&place).and_then(|file| file.set_len(3 << 30)).expect("a file with holes"),
                }
                let told = check_dir(dir.path()).map_or_else(
                    |error| error.to_string(),
                    |faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
                );
                assert!(told.contains(name.rsplit('/').next().expect("a name")), "{name} {kind}: {told:?}");
                assert!(Course::from_dir(dir.path()).is_err(), "{name} {kind}");
            }
        }
        assert!(check_dir(pack().path()).expect("readable").is_empty());
    }

    #[test]
    fn too_many_files_are_refused() {
        let dir = pack();
        for n in 0..=MOST {
            fs::write(dir.path().join(format!("01-naps/n{n}.py")), "").expect("written");
        }
        let told = check_dir(dir.path()).expect_err("too many").to_string();
        assert!(told.contains("01-naps") && told.contains("more than"), "{told}");
    }
}
