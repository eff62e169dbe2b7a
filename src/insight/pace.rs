//! How fast something was beside something else, in words: never a number below one that the reader has to turn over.

/// By how much two runs of the same may differ without that being a difference, where nothing better is known of their
/// noise: a tenth.
const NOISE: f64 = 0.1;
/// From this factor on its fraction says nothing.
const WHOLE: f64 = 10.0;

/// How fast something was beside something else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// No difference beyond the noise. Holds the speed-up, about 1.
    Same(f64),
    /// So many times as fast, more than 1.
    Faster(f64),
    /// So many times slower, more than 1: it took so many times as long.
    Slower(f64),
}

impl Pace {
    /// The pace of a speed-up (the other's time / this one's time). `None` where that is no positive number.
    #[must_use]
    pub fn of(speedup: f64) -> Option<Pace> {
        Pace::beyond(speedup, NOISE)
    }

    /// The same where the noise is known: times that differ by no more than this part are alike (0.1: a tenth). The band is
    /// the same in both directions.
    #[must_use]
    pub fn beyond(speedup: f64, noise: f64) -> Option<Pace> {
        let factor = speedup.max(1.0 / speedup);
        match speedup {
            s if !(s.is_finite() && s > 0.0 && factor.is_finite()) => None,
            s if factor <= 1.0 + noise.max(0.0) => Some(Pace::Same(s)),
            s if s > 1.0 => Some(Pace::Faster(factor)),
            _ => Some(Pace::Slower(factor)),
        }
    }

    /// Whether the two differ.
    #[must_use]
    pub const fn differs(self) -> bool {
        !matches!(self, Pace::Same(_))
    }

    /// What it was beside the other, such as `1.6 times as fast as sequential`, `50 times slower than sequential` or `about as
    /// fast as sequential`: for a sentence such as "It was ...".
    #[must_use]
    pub fn beside(self, other: &str) -> String {
        match self {
            Pace::Same(_) => format!("about as fast as {other}"),
            Pace::Faster(factor) => format!("{} times as fast as {other}", digits(factor)),
            Pace::Slower(factor) => format!("{} times slower than {other}", digits(factor)),
        }
    }

    /// The same in a cell of a table, such as `1.60×` or `50× slower`; `times` is the sign between.
    #[must_use]
    pub fn cell(self, times: &str) -> String {
        match self {
            Pace::Same(speedup) => format!("{speedup:.2}{times}"),
            Pace::Faster(factor) if factor < WHOLE => format!("{factor:.2}{times}"),
            Pace::Faster(factor) => format!("{}{times}", digits(factor)),
            Pace::Slower(factor) => format!("{}{times} slower", digits(factor)),
        }
    }
}

/// A factor above 1 with as many digits as say something. One that is a difference is not rounded to none.
fn digits(factor: f64) -> String {
    let tenths = (factor * 10.0).round() / 10.0;
    match factor {
        f if tenths >= WHOLE => format!("{f:.0}"),
        f if tenths > 1.0 => format!("{f:.1}"),
        f if f >= 1.005 => format!("{f:.2}"),
        _ => "barely more than 1".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_for_paces() {
        let words = |speedup| Pace::of(speedup).map(|pace| pace.beside("sequential"));
        let said = [1.6, 2.0, 14.4, 1.04, 0.95, 0.02, 0.5, 0.0006].map(|speedup| words(speedup).unwrap_or_default());
        let expected = [
            "1.6 times as fast as sequential",
            "2.0 times as fast as sequential",
            "14 times as fast as sequential",
            "about as fast as sequential",
            "about as fast as sequential",
            "50 times slower than sequential",
            "2.0 times slower than sequential",
            "1667 times slower than sequential",
        ];
        assert_eq!(said, expected);
        assert_eq!([0.0, -1.0, f64::NAN, f64::INFINITY].map(words), [None, None, None, None]);
        let cells = [1.604, 1.0, 0.95, 0.02, 12.3].map(|speedup| Pace::of(speedup).unwrap().cell("×"));
        assert_eq!(cells, ["1.60×", "1.00×", "0.95×", "50× slower", "12×"]);
        assert_eq!(Pace::beyond(1.03, 0.01).unwrap().beside("it"), "1.03 times as fast as it");
        assert_eq!(Pace::beyond(0.9999, 0.0).unwrap().beside("it"), "barely more than 1 times slower than it");
    }

    /// The number that the words begin with, and whether they say faster, slower or neither.
    fn understood(words: &str) -> (f64, i8) {
        let number = words.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(1.0);
        let way = i8::from(words.contains("times as fast")) - i8::from(words.contains("slower"));
        (number, way)
    }

    proptest! {
        #[test]
        fn the_words_never_contradict_the_number(exponent in -12.0_f64..12.0, noise in 0.0_f64..0.5) {
            let speedup = exponent.exp();
            let pace = Pace::beyond(speedup, noise).expect("a positive number");
            let (number, way) = understood(&pace.beside("it"));
            let factor = speedup.max(1.0 / speedup);
            prop_assert!(number >= 1.0, "no number below one: {number}");
            match way {
                0 => prop_assert!(factor <= 1.0 + noise),
                1 => prop_assert!(speedup > 1.0 && factor > 1.0 + noise),
                _ => prop_assert!(speedup < 1.0 && factor > 1.0 + noise),
            }
            if way != 0 {
                prop_assert!((number / factor - 1.0).abs() <= 0.06, "{number} for {factor}");
            }
        }

        #[test]
        fn no_speed_up_panics(speedup in any::<f64>(), noise in any::<f64>()) {
            if let Some(pace) = Pace::beyond(speedup, noise) {
                prop_assert!(!pace.beside("it").is_empty() && !pace.cell("x").is_empty());
            }
        }
    }
}
