//! Which glibc the library asks for, however new the one is that it is built with.
//!
//! glibc 2.34 moved these functions from libdl and libpthread into libc, under a new version, and 2.32 one of them. A library
//! that is linked against a newer glibc would ask for that version and could not be loaded into a program that runs on an older
//! one, such as a Python with a libc of its own. Under their first version all of them exist on both sides of the move.
//! Other architectures began with a newer glibc, and have their first versions there.

#[cfg(target_arch = "x86_64")]
core::arch::global_asm!(
    ".symver dladdr, dladdr@GLIBC_2.2.5",
    ".symver dlsym, dlsym@GLIBC_2.2.5",
    ".symver dlvsym, dlvsym@GLIBC_2.2.5",
    ".symver pthread_key_create, pthread_key_create@GLIBC_2.2.5",
    ".symver pthread_getspecific, pthread_getspecific@GLIBC_2.2.5",
    ".symver pthread_setspecific, pthread_setspecific@GLIBC_2.2.5",
    ".symver pthread_sigmask, pthread_sigmask@GLIBC_2.2.5",
);
#[cfg(target_arch = "aarch64")]
core::arch::global_asm!(
    ".symver dladdr, dladdr@GLIBC_2.17",
    ".symver dlsym, dlsym@GLIBC_2.17",
    ".symver dlvsym, dlvsym@GLIBC_2.17",
    ".symver pthread_key_create, pthread_key_create@GLIBC_2.17",
    ".symver pthread_getspecific, pthread_getspecific@GLIBC_2.17",
    ".symver pthread_setspecific, pthread_setspecific@GLIBC_2.17",
    ".symver pthread_sigmask, pthread_sigmask@GLIBC_2.17",
);
