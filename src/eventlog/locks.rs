//! What lanes say of locks. As everything in a lane, it is not trusted.

use super::layout::{LaneHead, Word, lock_orders, lock_wait, tag};
use super::reader::{current_wait, wait_of};
use crate::trace::locks::lock_order::{OrderMark, Told};
use crate::trace::locks::{HeldBy, LockMark, Spot, Standing};
use crate::trace::{Pid, Tid};
use std::sync::atomic::Ordering::Acquire;

/// What a record says of locks; `None` where it says something else.
pub(super) fn mark_of(word: Word, first: u64, second: u64) -> Option<LockMark> {
    match word.tag {
        tag::LOCK_WAIT => {
            let spot = spot_of(first);
            let holder = match word.call {
                lock_wait::KNOWN if word.tid == 0 => HeldBy::Nobody,
                lock_wait::KNOWN => HeldBy::Thread(word.tid),
                lock_wait::UNKNOWN => HeldBy::Unknown,
                _ => return None,
            };
            let (lock, serial) = lock_wait::number_of(word, second);
            Some(LockMark::Waits { lock, serial, holder, spot })
        }
        tag::LOCK_LEFT => Some(LockMark::Left(first)),
        _ => order_of(word, first, second).map(LockMark::Order),
    }
}

fn spot_of(word: u64) -> Option<Spot> {
    let (own, called, line) = lock_wait::unpack(word);
    (own != 0 || called != 0).then_some(Spot { own, called, line })
}

/// What a record says of the order in which locks are taken.
fn order_of(word: Word, first: u64, second: u64) -> Option<OrderMark> {
    match word.tag {
        tag::LOCK_TAKEN => Some(OrderMark::Takes { lock: second, others: word.length.into(), spot: spot_of(first) }),
        tag::LOCK_HELD => Some(OrderMark::Holding([first, second])),
        tag::LOCK_PASSED => Some(OrderMark::Passed(first)),
        tag::JOINED => Some(OrderMark::Joined),
        tag::LOCK_ORDERS => Some(OrderMark::Told(match word.call {
            lock_orders::ALL => Told::All,
            lock_orders::SOME => Told::Some,
            lock_orders::UNKNOWN => Told::Nothing,
            _ => return None,
        })),
        _ => None,
    }
}

/// A function, from its text of two lines.
pub(super) fn function_of(number: u32, text: &str) -> LockMark {
    let (name, file) = text.split_once('\n').unwrap_or((text, ""));
    LockMark::Function { number: u16::try_from(number).unwrap_or(0), name: name.to_owned(), file: file.to_owned() }
}

/// Where the writer of a lane stands now; `None` where the lane is no thread's.
pub(super) fn standing(head: &LaneHead) -> Option<Standing> {
    let owner = head.owner.load(Acquire);
    let (pid, tid) = (Pid::try_from(owner >> 32).ok()?, Tid::try_from(owner & 0xffff_ffff).ok()?);
    if pid == 0 || tid == 0 {
        return None;
    }
    let wait = current_wait(head).and_then(|(begin, word, object)| Some((begin, wait_of(word, object)?)));
    let locks = head.held.iter().map(|held| held.load(Acquire)).filter(|lock| *lock != 0).collect();
    Some(Standing { pid, tid, wait, held: locks })
}
