//! The calls that start a new program: it is given the tutor's variables back, so that it is observed too.
//!
//! Any of these may be called in the child of a `vfork`, so nothing here allocates. `execl` and its kin (variable argument
//! lists, which stable Rust cannot define) are left alone: what they start is seen by the kernel's probes only.
//! `system` has a file of its own.

use core::ffi::{c_char, c_int, c_void};

use super::environment::{self, restored};
use super::real::real;
use crate::restored::Restored;

type Strings = *const *const c_char;
type Path = *const c_char;

type Execve = unsafe extern "C" fn(Path, Strings, Strings) -> c_int;

fn real_execve() -> Execve {
    real!(execve as fn(Path, Strings, Strings) -> c_int)
}

fn real_execvpe() -> Execve {
    real!(execvpe as fn(Path, Strings, Strings) -> c_int)
}

/// Looks up what may be called between `vfork` and `exec`, where looking up is not safe.
pub fn start() {
    real_execve();
    real_execvpe();
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn execve(path: Path, args: Strings, env: Strings) -> c_int {
    // SAFETY: the caller's own arguments; the new environment lives on this stack frame.
    unsafe { real_execve()(path, args, restored(&mut Restored::new(), env)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn execv(path: Path, args: Strings) -> c_int {
    // SAFETY: as above; `execv` is `execve` with the current environment.
    unsafe { execve(path, args, environment::current()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn execvpe(file: Path, args: Strings, env: Strings) -> c_int {
    // SAFETY: as above.
    unsafe { real_execvpe()(file, args, restored(&mut Restored::new(), env)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn execvp(file: Path, args: Strings) -> c_int {
    // SAFETY: as above.
    unsafe { execvpe(file, args, environment::current()) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn fexecve(fd: c_int, args: Strings, env: Strings) -> c_int {
    let real = real!(fexecve as fn(c_int, Strings, Strings) -> c_int);
    // SAFETY: as above.
    unsafe { real(fd, args, restored(&mut Restored::new(), env)) }
}

/// `posix_spawn` and `posix_spawnp` differ in how they find the program.
macro_rules! spawns {
    ($($name:ident),*) => { $(
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            pid: *mut c_int, path: Path, actions: *const c_void, attributes: *const c_void, args: Strings, env: Strings,
        ) -> c_int {
            let real = real!(
                $name as fn(*mut c_int, Path, *const c_void, *const c_void, Strings, Strings) -> c_int
            );
            // SAFETY: as above.
            unsafe { real(pid, path, actions, attributes, args, restored(&mut Restored::new(), env)) }
        }
    )* };
}

spawns! { posix_spawn, posix_spawnp }
