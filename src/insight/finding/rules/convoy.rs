//! A thread that is late again and again, because one that computes keeps the GIL until it is asked for it.

use super::{Finding, Rule, Times, listed, took, whole, words};
use crate::insight::finding::times::{Doing, Role};

pub(super) const RULE: Rule = Rule {
    id: "gil-convoy",
    name: "A convoy behind the GIL",
    says: "a thread is late again and again behind one that computes",
    help: "compute in another process, or on a Python without a GIL",
    find,
};

/// The busy thread worked for this share of the run at least.
const BUSY: f64 = 0.4;
/// The late one worked for no more than this share of the busy one's time.
const LIGHT: f64 = 0.2;
/// It waited for the GIL for this share of its life at least, so often, and so long each time, in seconds: a thread is asked to
/// give the GIL up after 5 ms.
const LATE: f64 = 0.15;
const OFTEN: usize = 8;
const EACH: f64 = 0.001;

fn find(times: &Times) -> Option<Finding> {
    if !times.conditions.has_gil {
        return None;
    }
    let busy = times.roles.iter().max_by(|a, b| a.worked().total_cmp(&b.worked()))?;
    if times.share(busy.worked()) < BUSY {
        return None;
    }
    let is_late = |role: &&Role| {
        let (waited, often) = (role.time(Doing::Gil), role.count(Doing::Gil));
        role.id != busy.id
            && role.worked() <= LIGHT * busy.worked()
            && waited >= LATE * role.life()
            && often >= OFTEN
            && waited >= EACH * whole(often)
            && role.waited() + role.time(Doing::Events) > 0.0
    };
    let mut late: Vec<&Role> = times.of_process(busy.pid).filter(is_late).collect();
    late.sort_by(|a, b| b.time(Doing::Gil).total_cmp(&a.time(Doing::Gil)));
    let first = *late.first()?;
    let (waited, often) = (first.time(Doing::Gil), first.count(Doing::Gil));
    let others = if late.len() == 1 { String::new() } else { format!(" (and so did {})", listed(&late[1..])) };
    let sentence = format!(
        "{} waited for the GIL for {} of the run, {} times and {} each time on average, while {} computed{others}. With the \
         computing in a process of its own, or on a free-threaded build, it would not have to.",
        first.named(),
        words::percent(times.share(waited)),
        words::grouped_whole(often),
        took(waited / whole(often)),
        busy.named(),
    );
    let found = Finding::new(times.share(waited), &sentence)
        .with("times", whole(often))
        .with("gil_wait_s", waited)
        .with("each_s", waited / whole(often))
        .with("late_threads", whole(late.len()))
        .with("busy_share", times.share(busy.worked()));
    Some(found.because([busy.id].into_iter().chain(late.iter().map(|role| role.id))))
}
