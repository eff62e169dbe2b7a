//! The part of CPython's C interface that tells of asyncio tasks, found by name in the process: every function in it exists
//! in all versions from 3.9 on, with the GIL and without. Where one is missing, tasks are not told.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr::null_mut;

/// A Python object, or null.
pub type Object = *mut c_void;

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
}

macro_rules! interface {
    ($($name:ident: $symbol:ident($($arg:ty),*) $(-> $ret:ty)?;)*) => {
        /// The functions, and where types and `None` lie.
        #[derive(Clone, Copy)]
        pub struct Interface {
            $(pub $name: unsafe extern "C" fn($($arg),*) $(-> $ret)?,)*
            /// Calls the first with the others, of which the last must be null.
            pub call_with: unsafe extern "C" fn(Object, ...) -> Object,
            pub coroutine_type: Object,
            pub generator_type: Object,
            pub code_type: Object,
            pub text_type: Object,
            pub number_type: Object,
            pub none: Object,
            /// The minor version: 13 of 3.13.
            pub minor: u32,
            /// Bytes by which an object's head is longer than where there is a GIL.
            pub longer: usize,
        }

        impl Interface {
            /// Finds all of it; `None` where something is missing.
            pub fn find() -> Option<Interface> {
                let version = symbol(c"Py_GetVersion")?;
                // SAFETY: the function of this name has this type, and gives a NUL-terminated text.
                let text = unsafe {
                    let version = core::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> *const c_char>(version);
                    CStr::from_ptr(version()).to_bytes()
                };
                Some(Interface {
                    // SAFETY: the functions of these names have these types.
                    $($name: unsafe {
                        core::mem::transmute::<*mut c_void, unsafe extern "C" fn($($arg),*) $(-> $ret)?>(
                            symbol(super::real::nul_terminated(concat!(stringify!($symbol), "\0")))?,
                        )
                    },)*
                    // SAFETY: as above.
                    call_with: unsafe {
                        core::mem::transmute::<*mut c_void, unsafe extern "C" fn(Object, ...) -> Object>(
                            symbol(c"PyObject_CallFunctionObjArgs")?,
                        )
                    },
                    coroutine_type: symbol(c"PyCoro_Type")?,
                    generator_type: symbol(c"PyGen_Type")?,
                    code_type: symbol(c"PyCode_Type")?,
                    text_type: symbol(c"PyUnicode_Type")?,
                    number_type: symbol(c"PyLong_Type")?,
                    none: symbol(c"_Py_NoneStruct")?,
                    minor: minor(text)?,
                    // No build with a GIL has this function.
                    longer: if symbol(c"PyUnstable_Module_SetGIL").is_some() { 16 } else { 0 },
                })
            }
        }
    };
}

interface! {
    add_ref: Py_IncRef(Object);
    drop_ref: Py_DecRef(Object);
    clear_error: PyErr_Clear();
    attribute: PyObject_GetAttr(Object, Object) -> Object;
    call: PyObject_CallObject(Object, Object) -> Object;
    interned: PyUnicode_InternFromString(*const c_char) -> Object;
    text: PyUnicode_AsUTF8AndSize(Object, *mut isize) -> *const c_char;
    module: PyImport_GetModule(Object) -> Object;
    item: PyDict_GetItemWithError(Object, Object) -> Object;
    line: PyFrame_GetLineNumber(Object) -> c_int;
    frame: PyEval_GetFrame() -> Object;
    frame_before: PyFrame_GetBack(Object) -> Object;
    code: PyFrame_GetCode(Object) -> Object;
    number: PyLong_AsLong(Object) -> isize;
    interpreter: PyInterpreterState_Get() -> Object;
    main_interpreter: PyInterpreterState_Main() -> Object;
    is_subtype: PyType_IsSubtype(Object, Object) -> c_int;
    slot: PyType_GetSlot(Object, c_int) -> Object;
    count: PyTuple_Size(Object) -> isize;
    argument: PyTuple_GetItem(Object, isize) -> Object;
}

fn symbol(name: &CStr) -> Option<*mut c_void> {
    // SAFETY: `dlsym` with the default handle (null) and a NUL-terminated name.
    let found = unsafe { dlsym(null_mut(), name.as_ptr()) };
    (!found.is_null()).then_some(found)
}

/// The minor version of a text such as `3.13.0 (main, ...`.
fn minor(version: &[u8]) -> Option<u32> {
    let digits = version.strip_prefix(b"3.")?;
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |sum: u32, digit| sum.saturating_mul(10).saturating_add(u32::from(digit - b'0'))))
}

/// A reference that is given back when this is dropped; never null.
pub struct Owned<'i>(&'i Interface, Object);

impl Owned<'_> {
    pub fn get(&self) -> Object {
        self.1
    }
}

impl Drop for Owned<'_> {
    fn drop(&mut self) {
        // SAFETY: the reference is this value's own.
        unsafe { (self.0.drop_ref)(self.1) };
    }
}

/// All this must be called by a thread that may run Python: it holds the GIL, where there is one.
impl Interface {
    /// Takes over a new reference; what went wrong where it is null is forgotten.
    ///
    /// # Safety
    /// `object` must be null or a reference that nobody else gives back.
    pub unsafe fn own(&self, object: Object) -> Option<Owned<'_>> {
        if object.is_null() {
            // SAFETY: the caller may run Python.
            unsafe { (self.clear_error)() };
            return None;
        }
        Some(Owned(self, object))
    }

    /// The type of an object, borrowed from it.
    ///
    /// # Safety
    /// `object` must be an object.
    #[inline]
    pub unsafe fn type_of(&self, object: Object) -> Object {
        // SAFETY: an object begins with its reference count, which is longer without the GIL, and then its type.
        unsafe { *object.byte_add(8 + self.longer).cast::<Object>() }
    }

    /// An attribute.
    ///
    /// # Safety
    /// Both must be objects, `name` a string; reading it must run no Python code.
    pub unsafe fn get(&self, object: Object, name: Object) -> Option<Owned<'_>> {
        // SAFETY: the caller vouches for both.
        unsafe { self.own((self.attribute)(object, name)) }
    }

    /// An attribute that is text, of which `look` sees the bytes.
    ///
    /// # Safety
    /// As for [`Interface::get`].
    pub unsafe fn text_of<T>(&self, object: Object, name: Object, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        // SAFETY: the caller vouches for both.
        let text = unsafe { self.get(object, name) }?;
        // SAFETY: it is an object.
        unsafe { self.bytes(text.get(), look) }
    }

    /// The bytes of a text; `None` where it is none.
    ///
    /// # Safety
    /// `text` must be an object.
    pub unsafe fn bytes<T>(&self, text: Object, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let mut length = 0;
        // SAFETY: `length` is a place for the answer; the bytes live as long as the text, which its owner holds.
        unsafe {
            let bytes = (self.text)(text, &raw mut length);
            if bytes.is_null() {
                (self.clear_error)();
                return None;
            }
            Some(look(core::slice::from_raw_parts(bytes.cast(), length.cast_unsigned())))
        }
    }
}
