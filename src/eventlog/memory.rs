//! Files in memory, and the path by which other processes open them.

use nix::sys::memfd::MFdFlags;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, munmap};
use nix::sys::statvfs::statvfs;
use std::ffi::CStr;
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::{Path, PathBuf};

/// A file in memory, or one without a name where there are none, and its path in `/proc`, which works while the file is
/// held and for the same user's processes.
pub(super) fn file(name: &CStr) -> io::Result<(File, PathBuf)> {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    // Newer kernels may be set to refuse code in such files unless it is asked for; older ones do not know the question.
    let code = MFdFlags::from_bits_retain(libc::MFD_EXEC);
    let file = if let Ok(fd) = memfd_create(name, flags | code).or_else(|_| memfd_create(name, flags)) {
        File::from(fd)
    } else {
        let folders = [PathBuf::from("/dev/shm"), std::env::temp_dir()];
        let roomy = folders.iter().find(|folder| has_room(folder)).ok_or(io::ErrorKind::StorageFull)?;
        tempfile::tempfile_in(roomy)?
    };
    let path = PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()));
    Ok((file, path))
}

/// The system call itself: glibc has a function for it from 2.27 on alone.
fn memfd_create(name: &CStr, flags: MFdFlags) -> io::Result<OwnedFd> {
    // SAFETY: the name is NUL-terminated, and a descriptor that the kernel gives belongs to nobody else.
    unsafe {
        match libc::syscall(libc::SYS_memfd_create, name.as_ptr(), flags.bits()) {
            fd @ 0.. => Ok(OwnedFd::from_raw_fd(fd.try_into().map_err(io::Error::other)?)),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

/// Whether a folder's file system has room for what a run writes. The log is a file with holes: where one cannot be
/// filled, the program that writes there dies of it.
fn has_room(folder: &Path) -> bool {
    const ENOUGH: u64 = 32 << 20;
    statvfs(folder).is_ok_and(|fs| fs.blocks_available() * fs.fragment_size() >= ENOUGH)
}

/// Whether the system lets a program map the file as code.
pub(super) fn can_be_code(file: &File) -> bool {
    let protection = ProtFlags::PROT_READ | ProtFlags::PROT_EXEC;
    let length = NonZeroUsize::new(1).expect("one is not zero");
    // SAFETY: the kernel chooses the place; the mapping is not used, and unmapped at once.
    unsafe {
        match mmap(None, length, protection, MapFlags::MAP_PRIVATE, file, 0) {
            Ok(place) => munmap(place, length.get()).is_ok(),
            Err(_) => false,
        }
    }
}
