//! What a task is called, read where asyncio's C tasks keep it: their method would make each of 10,000 a text that the program
//! may never ask for. From 3.12 on, what lies there of a task without a name of its own is a number.

use super::capi::{Interface, Object, Owned};
use super::place::Place;
use crate::text::numbered;

static NAME: Place = Place::new();

/// What a task is called.
pub enum Called<'a> {
    /// By the number that asyncio gave it.
    Number(u32),
    /// By a name of the program's.
    Text(&'a [u8]),
}

/// What a text calls a task.
fn called(text: &[u8]) -> Called<'_> {
    numbered(text).map_or(Called::Text(text), Called::Number)
}

/// Lets `look` see what a task of this type is called, which `asks` asks its method.
///
/// # Safety
/// The calling thread runs Python; the task is one of asyncio's C tasks or of a class made of them, and no other thread has it.
pub unsafe fn look<'i>(
    interface: &'i Interface,
    task: (Object, Object),
    asks: impl Fn() -> Option<Owned<'i>>,
    look: impl FnOnce(Called<'_>),
) {
    // SAFETY: the caller vouches for the task.
    unsafe {
        let name = NAME.read(interface, task, &asks);
        let kind = if name.is_null() { name } else { interface.type_of(name) };
        if kind == interface.number_type {
            let number = (interface.number)(name);
            match u32::try_from(number) {
                Ok(number) if number > 0 => return look(Called::Number(number)),
                Err(_) if number == -1 => (interface.clear_error)(),
                _ => {}
            }
        } else if kind == interface.text_type {
            let _ = interface.bytes(name, |text| look(called(text)));
            return;
        }
        if let Some(name) = asks() {
            let _ = interface.bytes(name.get(), |text| look(called(text)));
        }
    }
}
