//! A metric's value in words.

use crate::insight::Pace;
use crate::insight::words::grouped;
use crate::lesson::{Metric, Prediction};
use crate::view::draw;
use crate::view::theme::Theme;

/// What was measured for a prediction, in words.
#[must_use]
pub fn measured_words(prediction: &Prediction, value: f64, theme: &Theme) -> String {
    match (prediction.metric(), &prediction.unit) {
        (Metric::Printed(_), Some(unit)) => format!("{} {unit}", grouped(value)),
        (metric, _) => metric_words(metric, value, theme),
    }
}

/// A metric's value in words.
fn metric_words(metric: &Metric, value: f64, theme: &Theme) -> String {
    match metric {
        Metric::Speedup => match Pace::of(value) {
            Some(slower @ Pace::Slower(_)) => slower.cell(theme.glyphs.times),
            _ => format!("{value:.2}{} as fast", theme.glyphs.times),
        },
        Metric::Parallelism => format!("{value:.2} cores busy"),
        Metric::GilWait | Metric::LockWait => draw::percent(value).trim_start().to_owned(),
        Metric::Wall => format!("{value:.2} s"),
        Metric::UsableCores => format!("{value:.2} cores"),
        Metric::Hung => if value > 0.0 { "it had to be ended" } else { "it ended" }.to_owned(),
        Metric::Printed(label) => format!("{label}: {}", grouped(value)),
    }
}

/// A metric's value alone, for a sentence that says what it is.
#[must_use]
pub fn metric_value(metric: &Metric, value: f64, theme: &Theme) -> String {
    match metric {
        Metric::Speedup => format!("{value:.2}{}", theme.glyphs.times),
        Metric::Parallelism | Metric::UsableCores => format!("{value:.2}"),
        Metric::Printed(_) => grouped(value),
        _ => metric_words(metric, value, theme),
    }
}
