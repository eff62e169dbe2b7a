//! The lanes of a run in one row, where they are many: how many were in which state, one upon the other.

use super::push;
use crate::trace::{State, StateTotals, Trace};
use crate::view::draw::share;
use crate::view::stack::lanes::Drawn;
use crate::view::timeline::Window;

/// How many lanes were in each state, on average over each column.
pub struct Area(Vec<[f64; State::COUNT]>);

/// From the bottom up: who is on a core, who wants one, who waits.
const ORDER: [State; State::COUNT] = [
    State::Running,
    State::Native,
    State::Ready,
    State::GilWait,
    State::LockWait,
    State::IoWait,
    State::Sleep,
    State::Idle,
    State::Unknown,
];

impl Area {
    /// The lanes of a run.
    pub fn of(trace: &Trace, drawn: &Drawn, window: Window) -> Area {
        let mut totals = vec![StateTotals::default(); usize::from(window.columns)];
        if let Drawn::Crowd(_) = drawn {
            for (column, sum) in (0..window.columns).zip(&mut totals) {
                *sum = trace.census.between(window.instant(column), window.instant(column + 1));
            }
        }
        for (lane, _) in drawn.few() {
            let spans = &trace.lanes[*lane].spans;
            let mut left = spans.mark(window.instant(0));
            for (column, sum) in (0..window.columns).zip(&mut totals) {
                let right = spans.mark_after(&left, window.instant(column + 1));
                sum.merge(&spans.between(&left, &right).1);
                left = right;
            }
        }
        let width = |column: u16| window.instant(column + 1) - window.instant(column);
        let of = |(column, totals): (u16, &StateTotals)| ORDER.map(|state| share_of(totals.get(state), width(column)));
        Area((0..window.columns).zip(&totals).map(of).collect())
    }

    /// The most lanes that lived at once.
    pub fn most(&self) -> f64 {
        self.0.iter().map(|column| column.iter().sum()).fold(1.0, f64::max)
    }

    /// The states that occur, from the bottom up, each with its shape: `most` lanes are so high, a column is `step` wide.
    pub fn shapes(&self, most: f64, height: f64, step: u32) -> Vec<(State, String)> {
        let levels = |upto: usize| -> Vec<u32> {
            self.0.iter().map(|column| level(column[..upto].iter().sum::<f64>() / most, height)).collect()
        };
        let occurs = |place: usize| self.0.iter().any(|column| column[place] > 0.0);
        let shape = |place: usize| outline(&levels(place), &levels(place + 1), step);
        (0..ORDER.len()).filter(|place| occurs(*place)).map(|place| (ORDER[place], shape(place))).collect()
    }
}

/// More lanes than one may be there at once, so that this is no share.
#[expect(clippy::cast_precision_loss, reason = "nanoseconds of a run")]
fn share_of(part: u64, whole: u64) -> f64 {
    if part <= whole { share(part, whole) } else { part as f64 / whole.max(1) as f64 }
}

/// A height above the bottom, as a distance from the top in tenths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a height of the picture")]
fn level(share: f64, height: f64) -> u32 {
    (height * 10.0 * (1.0 - share.clamp(0.0, 1.0))).round() as u32
}

/// What lies between two lines of steps: along the upper one, and back along the lower one.
fn outline(lower: &[u32], upper: &[u32], step: u32) -> String {
    let mut path = String::new();
    let number = super::strokes::short;
    let columns = u32::try_from(upper.len()).unwrap_or(u32::MAX);
    let Some(first) = upper.first() else { return path };
    push(&mut path, format_args!("M0 {}", number(*first)));
    for (x, two) in (1u32..).zip(upper.windows(2)) {
        if two[0] != two[1] {
            push(&mut path, format_args!("H{}V{}", x * step, number(two[1])));
        }
    }
    push(&mut path, format_args!("H{}", columns * step));
    for (x, two) in (1..columns).rev().zip(lower.windows(2).rev()) {
        if two[0] != two[1] || x == columns - 1 {
            push(&mut path, format_args!("V{}H{}", number(two[1]), x * step));
        }
    }
    push(&mut path, format_args!("V{}H0Z", lower.first().map(|y| number(*y)).unwrap_or_default()));
    path
}
