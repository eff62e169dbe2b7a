//! Colours as numbers: contrast, and the nearest colour that a terminal can show.

use ratatui::style::Color;

/// What the terminal's background is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// Light text on a dark ground.
    #[default]
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ColorDepth {
    /// None: `NO_COLOR`, or a terminal without.
    None,
    /// The sixteen of the terminal's own scheme.
    Ansi16,
    /// The fixed 256.
    Ansi256,
    /// Any.
    #[default]
    True,
}

impl ColorDepth {
    /// The depth that the values of `NO_COLOR`, `COLORTERM` and `TERM` speak of.
    #[must_use]
    pub fn from_environment(no_color: Option<&str>, colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if no_color.is_some_and(|v| !v.is_empty()) || term == "dumb" {
            ColorDepth::None
        } else if matches!(colorterm, Some("truecolor" | "24bit")) || term.ends_with("-direct") {
            ColorDepth::True
        } else if term.contains("256color") {
            ColorDepth::Ansi256
        } else {
            ColorDepth::Ansi16
        }
    }
}

/// A colour as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// `0xRRGGBB` as a colour.
#[must_use]
pub const fn hex(hue: u32) -> Rgb {
    let [_, r, g, b] = hue.to_be_bytes();
    Rgb(r, g, b)
}

/// The levels of the 6x6x6 cube of the 256 colours.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Rgb {
    /// The colour for a terminal that shows all.
    #[must_use]
    pub const fn to_true(self) -> Color {
        Color::Rgb(self.0, self.1, self.2)
    }

    /// The nearest of the 256 colours.
    #[must_use]
    pub fn to_256(self) -> Color {
        let nearest = |v: u8| (0u8..6).min_by_key(|i| LEVELS[usize::from(*i)].abs_diff(v)).unwrap_or(0);
        let (r, g, b) = (nearest(self.0), nearest(self.1), nearest(self.2));
        let level = |i: u8| LEVELS[usize::from(i)];
        let cube = (Rgb(level(r), level(g), level(b)), 16 + 36 * r + 6 * g + b);
        let grays = (0u8..24).map(|i| (Rgb(8 + 10 * i, 8 + 10 * i, 8 + 10 * i), 232 + i));
        let (_, index) = grays.chain([cube]).min_by_key(|(c, _)| self.distance(*c)).unwrap_or(cube);
        Color::Indexed(index)
    }

    fn distance(self, other: Rgb) -> u32 {
        let d = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        2 * d(self.0, other.0) + 4 * d(self.1, other.1) + 3 * d(self.2, other.2)
    }

    /// Relative luminance as WCAG 2 defines it, 0 to 1.
    #[cfg(test)]
    fn luminance(self) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio as WCAG 2 defines it, 1 to 21.
    #[cfg(test)]
    #[must_use]
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_of_black_on_white_is_twenty_one() {
        assert!((hex(0).contrast(hex(0x00ff_ffff)) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn the_nearest_of_256_is_exact_where_it_exists() {
        assert_eq!(hex(0x005f_87af).to_256(), Color::Indexed(16 + 36 + 12 + 3));
        assert_eq!(hex(0x0012_1212).to_256(), Color::Indexed(233));
    }

    #[test]
    fn depth_follows_the_environment() {
        let depth = ColorDepth::from_environment;
        assert_eq!(depth(Some("1"), Some("truecolor"), Some("xterm-256color")), ColorDepth::None);
        assert_eq!(depth(Some(""), Some("truecolor"), None), ColorDepth::True);
        assert_eq!(depth(None, None, Some("screen-256color")), ColorDepth::Ansi256);
        assert_eq!(depth(None, None, Some("linux")), ColorDepth::Ansi16);
        assert_eq!(depth(None, None, Some("dumb")), ColorDepth::None);
    }
}
