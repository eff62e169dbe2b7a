//! Where in its objects a type keeps something, found by looking: no version says that, and asking by an attribute or a method
//! takes several times as long, which counts where there are 10,000.
//!
//! The first object is asked as the interface has it, and what that gives must lie in the object in one place alone.

use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::capi::{Interface, Object, Owned};

/// Where a type says how long its objects are at least, and how long they may be for a search.
const BASIC_SIZE: usize = 32;
const LONGEST: usize = 1024;
/// It lies nowhere, or not in one place.
const NOWHERE: usize = usize::MAX;
/// Bits of a pointer that the interpreter uses for other things.
const TAGS: usize = 7;

/// A place in the objects of one type.
pub struct Place(AtomicUsize);

impl Place {
    /// One that was not looked for yet.
    pub const fn new() -> Place {
        Place(AtomicUsize::new(0))
    }

    /// What lies there in an object of `kind`, or of a type made of that, borrowed from it: an object, or null. `asks` gives it for
    /// the first object.
    ///
    /// # Safety
    /// The calling thread runs Python, and no other changes the object.
    #[inline]
    pub unsafe fn read<'i>(
        &self,
        interface: &'i Interface,
        (kind, object): (Object, Object),
        asks: impl FnOnce() -> Option<Owned<'i>>,
    ) -> Object {
        let mut place = self.0.load(Ordering::Relaxed);
        if place == 0 {
            // SAFETY: the caller vouches for the object.
            place = asks().map_or(NOWHERE, |wanted| unsafe { find(interface, (kind, object), wanted.get()) });
            self.0.store(place, Ordering::Relaxed);
        }
        if place == NOWHERE {
            return null_mut();
        }
        // SAFETY: the place is inside of objects of this type.
        unsafe { word(object, place) }
    }
}

/// The object that a word points to.
#[inline]
unsafe fn word(object: Object, place: usize) -> Object {
    // SAFETY: the caller vouches for the place.
    unsafe { (*object.byte_add(place).cast::<Object>()).map_addr(|address| address & !TAGS) }
}

/// How long objects of a type are at least.
///
/// # Safety
/// `kind` must be a type.
pub unsafe fn basic_size(interface: &Interface, kind: Object) -> usize {
    // SAFETY: that is where a type says so, in every version.
    unsafe { *kind.byte_add(BASIC_SIZE + interface.longer).cast::<usize>() }
}

/// Where in an object another lies.
#[cold]
unsafe fn find(interface: &Interface, (kind, object): (Object, Object), wanted: Object) -> usize {
    // SAFETY: a type says how long its objects are, and those of types made of it begin as they do.
    unsafe {
        let size = basic_size(interface, kind);
        if size > LONGEST {
            return NOWHERE;
        }
        let head = 16 + interface.longer;
        let mut found = (head..size).step_by(8).filter(|place| word(object, *place) == wanted);
        match (found.next(), found.next()) {
            (Some(place), None) => place,
            _ => NOWHERE,
        }
    }
}
