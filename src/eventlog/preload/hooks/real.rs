//! Finds the functions that are wrapped.

use core::ffi::{CStr, c_char, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, Ordering};

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn dlvsym(handle: *mut c_void, name: *const c_char, version: *const c_char) -> *mut c_void;
}

/// The next definition after this library's.
const RTLD_NEXT: *mut c_void = -1isize as *mut c_void;

/// A wrapped function, looked up when it is first called.
pub struct Real {
    name: &'static CStr,
    version: &'static CStr,
    found: AtomicPtr<c_void>,
}

impl Real {
    /// The function `name`; of several kinds that glibc keeps under one name, that of `version`, where that is not empty.
    pub const fn new(name: &'static CStr, version: &'static CStr) -> Real {
        Real { name, version, found: AtomicPtr::new(null_mut()) }
    }

    /// Its address. A program can only call what its libc has, so there always is one.
    #[inline]
    pub fn get(&self) -> *mut c_void {
        let found = self.found.load(Ordering::Relaxed);
        if found.is_null() { self.find() } else { found }
    }

    #[cold]
    fn find(&self) -> *mut c_void {
        // SAFETY: the names are NUL-terminated.
        unsafe {
            let mut found = null_mut();
            if !self.version.is_empty() {
                found = dlvsym(RTLD_NEXT, self.name.as_ptr(), self.version.as_ptr());
            }
            if found.is_null() {
                found = dlsym(RTLD_NEXT, self.name.as_ptr());
            }
            if found.is_null() {
                super::abort();
            }
            self.found.store(found, Ordering::Relaxed);
            found
        }
    }
}

/// Whether another library after this one has a function of this name.
pub fn has_next(name: &CStr) -> bool {
    // SAFETY: the name is NUL-terminated.
    !unsafe { dlsym(RTLD_NEXT, name.as_ptr()) }.is_null()
}

/// The real function behind a wrapper: `real!(read as fn(c_int, *mut c_void, usize) -> isize)`.
macro_rules! real {
    ($name:ident $(@ $version:literal)? as fn($($arg:ty),* $(,)?) $(-> $ret:ty)?) => {{
        static REAL: $crate::hooks::real::Real = $crate::hooks::real::Real::new(
            $crate::hooks::real::nul_terminated(concat!(stringify!($name), "\0")),
            $crate::hooks::real::nul_terminated(concat!($($version,)? "\0")),
        );
        // SAFETY: libc's function of this name has this type.
        unsafe {
            core::mem::transmute::<*mut core::ffi::c_void, unsafe extern "C" fn($($arg),*) $(-> $ret)?>(REAL.get())
        }
    }};
}
pub(crate) use real;

/// A literal that ends in NUL, as a C string.
pub const fn nul_terminated(text: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("the macro appends the only NUL"),
    }
}
