//! A panic anywhere in the tutor is a bug: what was taken is given back, no child survives, and the message is readable.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// Has a panic give back what the app has taken before its message is printed. `give_back` tells whether the app had
/// taken anything: then the panic ends the tutor.
pub fn hook(give_back: fn() -> bool) {
    static HOOKED: AtomicBool = AtomicBool::new(false);
    if HOOKED.swap(true, Ordering::SeqCst) {
        return;
    }
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // Kept until the tutor has ended: a panic of another thread than the one that draws would be drawn over, and the
        // terminal taken anew.
        let _last = io::stdout().lock();
        let ours = give_back();
        print(info);
        if ours {
            eprintln!(
                "concur-tutor stopped because of a bug in it. Nothing that you did is lost: progress is saved as you go."
            );
            crate::app::engine::kill_all();
            std::process::exit(101);
        }
    }));
}
