//! A metric's value in words.

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
        Metric::Speedup => format!("{value:.2}{} as fast", theme.glyphs.times),
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

/// A number with its thousands apart, and no more digits than it has.
fn grouped(value: f64) -> String {
    let text = format!("{value}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    format!("{sign}{}{rest}", groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(
            [12_345.0, 1_000_000.0, 999.0, -1234.5, 0.25].map(grouped),
            ["12,345", "1,000,000", "999", "-1,234.5", "0.25"]
        );
    }
}
