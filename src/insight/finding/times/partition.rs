//! Every instant of a run, by what some threads do in it together.

use super::doing::Doing;
use crate::clock::{Nanos, seconds};
use crate::trace::Lane;
use std::collections::BTreeMap;

/// How long some threads did what together. Times are seconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Partition {
    /// At least two were on cores.
    pub at_once: f64,
    /// At least two were on cores or ready for one.
    pub parallel: f64,
    /// At least one was on a core or ready for one.
    pub works: f64,
    /// At least one waited for the GIL while another was on a core or ready for one.
    pub in_line: f64,
    /// At least one wanted a core and had none.
    pub lacking: f64,
    /// None wanted to work, and exactly one slept or waited for one thing from outside.
    pub one_waits: f64,
    /// None wanted to work, and at least two slept or waited for one thing from outside.
    pub many_wait: f64,
    /// The time of all that slept or waited so while none wanted to work.
    pub waiting: f64,
    /// The time of all that were idle while exactly one waited so.
    pub idle: f64,
    /// The time of all that waited for a lock, a queue or an event while exactly one waited so.
    pub locked: f64,
    /// None wanted to work or waited for anything from outside but whoever comes.
    pub listens: f64,
    /// What each did alone, by its place among the trace's lanes.
    pub alone: BTreeMap<usize, Alone>,
    /// The longest stretch in which none could go on by itself: each waited for another of the program. From the program's
    /// start on, in seconds.
    pub quiet: Option<(f64, f64)>,
    /// The middle of that stretch.
    pub quiet_at: Nanos,
}

/// What one of them did while no other did anything of the kind. Times are seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Alone {
    /// It was on a core or ready for one, and no other wanted to work.
    pub works: f64,
    /// It was on a core, and no other wanted to work.
    pub core: f64,
    /// It slept or waited for one thing from outside, no other did, and none wanted to work.
    pub waits: f64,
    /// The same, of sleep alone.
    pub sleeps: f64,
}

/// How many do what, and who it is where it is one.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    n: [usize; Doing::COUNT],
    /// The sum of the places of those that do it: where there is one, its place.
    sum: [usize; Doing::COUNT],
}

impl Count {
    const fn change(&mut self, doing: Doing, lane: usize, begins: bool) {
        let at = doing as usize;
        if begins {
            self.n[at] += 1;
            self.sum[at] += lane;
        } else {
            self.n[at] -= 1;
            self.sum[at] -= lane;
        }
    }

    const fn of(&self, doing: Doing) -> usize {
        self.n[doing as usize]
    }

    /// How many do one of two things, and who it is where it is one.
    const fn either(&self, a: Doing, b: Doing) -> (usize, usize) {
        (self.of(a) + self.of(b), self.sum[a as usize] + self.sum[b as usize])
    }
}

impl Partition {
    /// Of these lanes with their places, in the window `[from, to)`.
    #[must_use]
    pub fn of(lanes: &[(usize, &Lane)], (from, to): (Nanos, Nanos)) -> Partition {
        let mut edges: Vec<(Nanos, bool, Doing, usize)> = Vec::new();
        for (id, lane) in lanes {
            for span in lane.spans.window(from, to) {
                let doing = Doing::of(span);
                edges.push((span.start.max(from), true, doing, *id));
                edges.push((span.end.min(to), false, doing, *id));
            }
        }
        // Where one ends and another begins at one instant, the end comes first.
        edges.sort_unstable();
        let mut sums = Sums { out: Partition::default(), from, quiet: None };
        let (mut count, mut since) = (Count::default(), from);
        for (at, begins, doing, lane) in edges {
            if at > since {
                sums.add(&count, since, at);
                since = at;
            }
            count.change(doing, lane, begins);
        }
        sums.close(since);
        sums.out
    }
}

/// A partition in the making.
struct Sums {
    out: Partition,
    from: Nanos,
    /// Since when none could go on by itself.
    quiet: Option<Nanos>,
}

impl Sums {
    fn add(&mut self, count: &Count, since: Nanos, at: Nanos) {
        let time = seconds(at - since);
        let (works, who) = count.either(Doing::Core, Doing::Ready);
        let gil = count.of(Doing::Gil);
        let (waits, waiter) = count.either(Doing::Io, Doing::Sleep);
        let out = &mut self.out;
        let mut when = |holds: bool, sum: fn(&mut Partition) -> &mut f64| {
            if holds {
                *sum(out) += time;
            }
        };
        let off = works + gil == 0;
        when(count.of(Doing::Core) > 1, |out| &mut out.at_once);
        when(works > 1, |out| &mut out.parallel);
        when(works > 0, |out| &mut out.works);
        when(works > 0 && gil > 0, |out| &mut out.in_line);
        when(count.of(Doing::Ready) > 0, |out| &mut out.lacking);
        when(off && waits == 1, |out| &mut out.one_waits);
        when(off && waits > 1, |out| &mut out.many_wait);
        when(off && waits == 0 && count.of(Doing::Events) > 0, |out| &mut out.listens);
        if off {
            out.waiting += time * whole(waits);
        }
        if works == 1 && gil == 0 {
            let alone = out.alone.entry(who).or_default();
            alone.works += time;
            alone.core += if count.of(Doing::Core) == 1 { time } else { 0.0 };
        }
        if off && waits == 1 {
            out.idle += time * whole(count.of(Doing::Idle));
            out.locked += time * whole(count.of(Doing::Lock));
            let alone = out.alone.entry(waiter).or_default();
            alone.waits += time;
            alone.sleeps += if count.of(Doing::Sleep) == 1 { time } else { 0.0 };
        }
        let inside = [Doing::Lock, Doing::Workers, Doing::Child, Doing::Write]
            .map(|doing| count.of(doing))
            .iter()
            .sum::<usize>();
        if off && waits + count.of(Doing::Events) + count.of(Doing::Unknown) == 0 && inside > 0 {
            self.quiet.get_or_insert(since);
        } else {
            self.close(since);
        }
    }

    /// What was quiet up to here is so no longer.
    fn close(&mut self, at: Nanos) {
        let Some(since) = self.quiet.take() else { return };
        let (begin, end) = (seconds(since.saturating_sub(self.from)), seconds(at.saturating_sub(self.from)));
        if self.out.quiet.is_none_or(|(a, b)| end - begin > b - a) {
            (self.out.quiet, self.out.quiet_at) = (Some((begin, end)), since.midpoint(at));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a program has far fewer threads than 2^52")]
pub(super) const fn whole(count: usize) -> f64 {
    count as f64
}
