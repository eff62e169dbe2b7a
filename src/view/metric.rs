//! A metric's value in words, and the choice that it makes right.

use crate::lesson::{Metric, PredictionChoice};
use crate::view::draw;
use crate::view::theme::Theme;

/// A metric's value in words.
#[must_use]
pub fn metric_words(metric: &Metric, value: f64, theme: &Theme) -> String {
    match metric {
        Metric::Speedup => format!("{value:.2}{} as fast", theme.glyphs.times),
        Metric::Parallelism => format!("{value:.2} cores busy"),
        Metric::GilWait | Metric::LockWait => draw::percent(value).trim_start().to_owned(),
        Metric::Wall => format!("{value:.2} s"),
        Metric::UsableCores => format!("{value:.2} cores"),
        Metric::Hung => if value > 0.0 { "it had to be ended" } else { "it ended" }.to_owned(),
        Metric::Printed(label) => format!("{label} {value}"),
    }
}

/// The choice that a measured value makes right.
#[must_use]
pub fn right_choice(choices: &[PredictionChoice], measured: f64) -> Option<usize> {
    choices.iter().position(|c| (c.from..c.to).contains(&measured))
}
