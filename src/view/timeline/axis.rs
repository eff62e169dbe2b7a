//! The time axis: round instants, as many as have room for their words.

use crate::clock::{MILLISECOND, Nanos, SECOND};
use crate::view::draw;
use crate::view::theme::Theme;

/// A round instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Its column, from the left edge of the lanes' bars.
    pub column: u16,
    /// Its words.
    pub label: String,
}

/// Blank cells between two labels.
const GAP: u16 = 2;

/// An instant relative to zero, to the digit that `step` needs; seconds, milliseconds or microseconds by `greatest`.
#[must_use]
pub fn label(at: Nanos, zero: Nanos, step: Nanos, greatest: Nanos, theme: &Theme) -> String {
    let sign = if at < zero { "-" } else { "" };
    let value = at.abs_diff(zero);
    let (unit, name) = match greatest {
        g if g >= SECOND => (SECOND, "s"),
        g if g >= MILLISECOND => (MILLISECOND, "ms"),
        _ => (1_000, theme.glyphs.micro),
    };
    let mut digits = 0;
    let mut one = unit;
    while one > step.max(1) && digits < 9 {
        one /= 10;
        digits += 1;
    }
    let rounded = value.saturating_add(one / 2) / one.max(1);
    let scale = 10u64.pow(digits);
    let (whole, part) = (rounded / scale, rounded % scale);
    if digits == 0 {
        return format!("{sign}{whole} {name}");
    }
    format!("{sign}{whole}.{part:0width$} {name}", width = digits as usize)
}

/// The ticks of the window `[from, to)` on `columns` cells.
#[must_use]
pub fn ticks(from: Nanos, to: Nanos, zero: Nanos, columns: u16, theme: &Theme) -> Vec<Tick> {
    let span = to.saturating_sub(from);
    if span == 0 || columns == 0 {
        return Vec::new();
    }
    let greatest = to.abs_diff(zero).max(from.abs_diff(zero));
    let column = |at: Nanos| {
        let c = u128::from(at.saturating_sub(from)) * u128::from(columns) / u128::from(span);
        u16::try_from(c).unwrap_or(u16::MAX)
    };
    let label = |at: Nanos, step: Nanos| label(at, zero, step, greatest, theme);
    let fits = |step: &Nanos| {
        let widest = draw::width(&label(to, *step)).max(draw::width(&label(from, *step)));
        column(from.saturating_add(*step)) >= widest + GAP
    };
    let Some(step) = steps().find(fits) else { return Vec::new() };
    // Instants are multiples of the step away from zero, which may lie inside the window.
    let first = if from >= zero {
        zero.saturating_add((from - zero).div_ceil(step).saturating_mul(step))
    } else {
        zero.saturating_sub((zero - from) / step * step)
    };
    let instants = (0u64..).map_while(|n| first.checked_add(step.checked_mul(n)?));
    instants.take_while(|at| *at < to).map(|at| Tick { column: column(at), label: label(at, step) }).collect()
}

/// 1, 2, 5, 10, 20, 50, ... nanoseconds.
fn steps() -> impl Iterator<Item = Nanos> {
    (0..18).flat_map(|power| [1, 2, 5].map(|m| m * 10u64.pow(power)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn instants_are_round_and_have_their_unit() {
        let theme = Theme::dark();
        let labels = |from, to, zero| -> Vec<String> {
            ticks(from, to, zero, 80, &theme).into_iter().map(|t| t.label).collect()
        };
        assert_eq!(labels(0, 1_200_000_000, 0)[..3], ["0.0 s", "0.2 s", "0.4 s"]);
        assert_eq!(labels(600_000_000, 660_000_000, 0)[..3], ["600 ms", "610 ms", "620 ms"]);
        assert_eq!(labels(100, 60_000_000, 30_000_000)[..4], ["-20 ms", "-10 ms", "0 ms", "10 ms"]);
        assert_eq!(labels(0, 90_000, 0)[..2], ["0 µs", "10 µs"]);
    }

    proptest! {
        #[test]
        fn labels_never_touch(from in 0u64..10_000_000_000, span in 1_000u64..100_000_000_000, zero in 0u64..10_000_000_000, columns in 0u16..300) {
            let ticks = ticks(from, from + span, zero, columns, &Theme::dark());
            for pair in ticks.windows(2) {
                prop_assert!(pair[0].column + draw::width(&pair[0].label) < pair[1].column);
            }
            prop_assert!(ticks.iter().all(|t| t.column < columns.max(1)));
        }
    }
}
