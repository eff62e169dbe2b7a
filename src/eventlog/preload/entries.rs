//! A list of `NAME=VALUE` strings as `environ` is one: an array of pointers that ends in null, changed in place.

use core::ffi::{CStr, c_char};
use core::ptr::null_mut;

/// What becomes of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Kept,
    /// It is no longer listed; its text stays where it is, for who reads the memory that the process was started with.
    Hidden,
    /// It is no longer listed, and its text is gone.
    Wiped,
}

/// The entries of an environment.
pub struct Entries<'a> {
    /// All of the array, the null at its end too.
    pointers: &'a mut [*mut c_char],
}

impl<'a> Entries<'a> {
    /// The array that starts at `first`.
    ///
    /// # Safety
    /// It must end in null, and it and its NUL-terminated strings must be the caller's to change as long as this lives.
    pub unsafe fn new(first: *mut *mut c_char) -> Entries<'a> {
        let mut length = 1;
        // SAFETY: the caller vouches for all up to the null, and for nobody else changing it.
        unsafe {
            while !(*first.add(length - 1)).is_null() {
                length += 1;
            }
            Entries { pointers: core::slice::from_raw_parts_mut(first, length) }
        }
    }

    /// How many entries there are.
    fn count(&self) -> usize {
        self.pointers.len() - 1
    }

    fn text(&self, entry: usize) -> &[u8] {
        // SAFETY: `new`'s caller vouches for the string; it is only changed through `self`.
        unsafe { CStr::from_ptr(self.pointers[entry]) }.to_bytes()
    }

    /// The first `count` entries are all.
    fn truncate(&mut self, count: usize) {
        self.pointers[count] = null_mut();
        self.pointers = &mut core::mem::take(&mut self.pointers)[..=count];
    }

    /// Leaves those that are to be kept, in their order.
    pub fn retain(&mut self, mut fate: impl FnMut(&[u8]) -> Fate) {
        let mut kept = 0;
        for entry in 0..self.count() {
            match fate(self.text(entry)) {
                Fate::Kept => {
                    self.pointers[kept] = self.pointers[entry];
                    kept += 1;
                }
                Fate::Hidden => {}
                Fate::Wiped => {
                    let length = self.text(entry).len();
                    // SAFETY: the string is ours to change, and that long.
                    unsafe { self.pointers[entry].write_bytes(0, length) };
                }
            }
        }
        self.truncate(kept);
    }

    /// How many entries are the variable whose name, with its `=`, is `name`.
    pub fn count_of(&self, name: &[u8]) -> usize {
        (0..self.count()).filter(|entry| self.text(*entry).starts_with(name)).count()
    }

    /// Takes `item` out of the front of the list that the variable holds, or the variable out where that is all it holds.
    /// `name` ends in `=`.
    pub fn hide(&mut self, name: &[u8], item: &[u8]) {
        let rest = |text: &[u8]| Some(text.strip_prefix(name)?.strip_prefix(item)?.first().copied());
        let found = (0..self.count()).find_map(|entry| Some((entry, rest(self.text(entry))?)));
        match found {
            Some((entry, None)) => {
                self.pointers.copy_within(entry + 1.., entry);
                self.truncate(self.count() - 1);
            }
            Some((entry, Some(b':' | b' '))) => {
                // The name moves up to stand before the rest of the value; the string's start moves with it.
                let start = self.pointers[entry].cast::<u8>();
                // SAFETY: the string is ours to change, and has the name, the item and a separator at its front.
                unsafe {
                    let moved = start.add(item.len() + 1);
                    core::ptr::copy(start, moved, name.len());
                    self.pointers[entry] = moved.cast();
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use core::ptr::null;
    use proptest::prelude::*;

    /// An environment in memory of its own, as a program is given one.
    pub struct Environ {
        texts: Vec<Vec<u8>>,
        pointers: Vec<*mut c_char>,
    }

    impl Environ {
        pub fn of<T: AsRef<[u8]>>(entries: &[T]) -> Environ {
            let mut texts: Vec<Vec<u8>> = entries.iter().map(|text| [text.as_ref(), b"\0"].concat()).collect();
            let mut pointers: Vec<*mut c_char> = texts.iter_mut().map(|text| text.as_mut_ptr().cast()).collect();
            pointers.push(null_mut());
            Environ { texts, pointers }
        }

        pub fn entries(&mut self) -> Entries<'_> {
            // SAFETY: the array is this one's own, ends in null, and is borrowed as long as the entries live.
            unsafe { Entries::new(self.pointers.as_mut_ptr()) }
        }

        pub fn pointer(&self) -> *const *const c_char {
            if self.texts.is_empty() { null() } else { self.pointers.as_ptr().cast() }
        }

        pub fn read(&self) -> Vec<Vec<u8>> {
            // SAFETY: as above.
            unsafe { read(self.pointers.as_ptr().cast()) }
        }
    }

    /// The strings of a null-terminated array.
    pub unsafe fn read(mut array: *const *const c_char) -> Vec<Vec<u8>> {
        let mut texts = Vec::new();
        // SAFETY: the caller vouches for the array.
        unsafe {
            while !(*array).is_null() {
                texts.push(CStr::from_ptr(*array).to_bytes().to_vec());
                array = array.add(1);
            }
        }
        texts
    }

    /// Texts without a NUL.
    pub fn text() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(1..=255u8, 0..20)
    }

    fn hidden(before: &str) -> Vec<String> {
        let mut environ = Environ::of(&["FIRST=1", before, "LAST=2"]);
        environ.entries().hide(b"PATH=", b"/ours");
        environ.read().into_iter().map(|text| String::from_utf8(text).expect("UTF-8, as it was")).collect()
    }

    #[test]
    fn an_item_at_the_front_is_hidden_with_what_separates_it() {
        assert_eq!(hidden("PATH=/ours:/theirs:/more"), ["FIRST=1", "PATH=/theirs:/more", "LAST=2"]);
        assert_eq!(hidden("PATH=/ours /theirs"), ["FIRST=1", "PATH=/theirs", "LAST=2"]);
        assert_eq!(hidden("PATH=/ours:"), ["FIRST=1", "PATH=", "LAST=2"]);
        assert_eq!(hidden("PATH=/ours::/theirs"), ["FIRST=1", "PATH=:/theirs", "LAST=2"], "an empty item is theirs");
    }

    #[test]
    fn what_is_wiped_leaves_nothing_and_what_is_hidden_its_text() {
        let mut environ = Environ::of(&["FIRST=1", "HIDDEN=2", "WIPED=3", "LAST=4"]);
        environ.entries().retain(|text| match text[0] {
            b'H' => Fate::Hidden,
            b'W' => Fate::Wiped,
            _ => Fate::Kept,
        });
        assert_eq!(environ.read(), ["FIRST=1", "LAST=4"].map(Vec::from));
        assert_eq!(environ.texts[1], b"HIDDEN=2\0");
        assert_eq!(environ.texts[2], [0; 8]);
    }

    #[test]
    fn a_variable_that_held_nothing_else_goes() {
        assert_eq!(hidden("PATH=/ours"), ["FIRST=1", "LAST=2"]);
    }

    #[test]
    fn what_is_not_ours_at_the_front_stays() {
        for theirs in ["PATH=", "PATH", "PATH=/oursandmore", "PATH=/theirs:/ours", "XPATH=/ours", "PATH=/our", ""] {
            assert_eq!(hidden(theirs), ["FIRST=1", theirs, "LAST=2"]);
        }
    }

    proptest! {
        #[test]
        fn hiding_undoes_putting_in_front(before in proptest::collection::vec(text(), 0..6), value in text(), at in 0..7usize) {
            // A variable of the name would be taken for this one.
            let mut without: Vec<Vec<u8>> = before.into_iter().filter(|text| !text.starts_with(b"P=")).collect();
            let at = at.min(without.len());
            without.insert(at, [b"P=", &value[..]].concat());
            let mut with = without.clone();
            with[at] = [b"P=/ours:", &value[..]].concat();
            let mut environ = Environ::of(&with);
            environ.entries().hide(b"P=", b"/ours");
            prop_assert_eq!(environ.read(), without);
        }

        #[test]
        fn what_is_kept_is_kept_in_order(before in proptest::collection::vec((text(), any::<bool>()), 0..10)) {
            let texts: Vec<&[u8]> = before.iter().map(|(text, _)| &text[..]).collect();
            let mut environ = Environ::of(&texts);
            let (mut verdicts, mut asked) = (before.iter().map(|(_, keep)| *keep), Vec::new());
            environ.entries().retain(|text| {
                asked.push(text.to_vec());
                if verdicts.next().expect("once for each") { Fate::Kept } else { Fate::Hidden }
            });
            prop_assert_eq!(asked, texts);
            let kept = before.iter().filter(|(_, keep)| *keep).map(|(text, _)| text.clone());
            prop_assert_eq!(environ.read(), kept.collect::<Vec<_>>());
        }
    }
}
