//! A terminal that takes nothing any more: a frame waits in it, and with it the loop that would end the tutor. Who asks for
//! the end then is not kept waiting.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The number of the frame that is being written, 0 while none is.
static WRITING: AtomicU64 = AtomicU64::new(0);

/// How long one frame may take before the terminal is given up; any frame is a few kilobytes.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is looked at.
const LOOKS: u32 = 10;

/// Writes a frame, and lets it be known.
pub fn writing<T>(write: impl FnOnce() -> T) -> T {
    static FRAMES: AtomicU64 = AtomicU64::new(0);
    WRITING.store(FRAMES.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Release);
    let result = write();
    WRITING.store(0, Ordering::Release);
    result
}

/// Ends the tutor by this signal if a frame is stuck from now on; returns when none is. What runs is ended, and the
/// terminal's mode is given back, which asks nothing of who reads it.
#[cfg(unix)]
pub fn end_if_stuck(signal: i32) {
    if is_stuck(&WRITING, || std::thread::sleep(PATIENCE / LOOKS)) {
        crate::runner::guard::kill_all();
        let _ = crossterm::terminal::disable_raw_mode();
        // SAFETY: ends this process at once. What is still to be written waits for a lock that the stuck frame holds.
        unsafe { libc::_exit(128 + signal) };
    }
}

/// Whether one and the same frame is being written in every look.
fn is_stuck(writing: &AtomicU64, mut pause: impl FnMut()) -> bool {
    let first = writing.load(Ordering::Acquire);
    first != 0
        && (0..LOOKS).all(|_| {
            pause();
            writing.load(Ordering::Acquire) == first
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_frame_that_stays_is_stuck() {
        let frame = AtomicU64::new(7);
        assert!(is_stuck(&frame, || {}));
        assert!(!is_stuck(&frame, || _ = frame.fetch_add(1, Ordering::Relaxed)), "frames go on");
        let mut looks = 0;
        let ends = || {
            looks += 1;
            if looks == 3 {
                frame.store(0, Ordering::Relaxed);
            }
        };
        assert!(!is_stuck(&frame, ends), "a slow one ends");
        assert!(!is_stuck(&frame, || {}), "none is written");
    }
}
