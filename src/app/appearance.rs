//! How things shall appearance here: a light or a dark ground, with or without colour, with or without Unicode.

use crate::view::theme::{Background, ColorDepth, Theme};
use std::time::Duration;

/// How things are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    /// The terminal's ground.
    pub background: Background,
    /// How many colours.
    pub depth: ColorDepth,
    /// Whether the terminal shows more than ASCII.
    pub unicode: bool,
}

/// The appearance that the environment asks for, and whether its ground is known rather than assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumed {
    /// What to draw with until more is known.
    pub appearance: Appearance,
    /// Whether the terminal may be asked for its ground.
    pub ask: bool,
}

/// A reader of the environment: tests bring their own.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the environment; `ascii` is the option's word, which wins.
#[must_use]
pub fn from_environment(ascii: bool, env: Env<'_>) -> Assumed {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    let named = match set("CONCUR_TUTOR_THEME").as_deref() {
        Some("light") => Some(Background::Light),
        Some("dark") => Some(Background::Dark),
        _ => None,
    };
    let known = named.or_else(|| set("COLORFGBG").as_deref().and_then(from_colorfgbg));
    let depth = ColorDepth::from_environment(
        set("NO_COLOR").as_deref(),
        set("COLORTERM").as_deref(),
        Some(term.as_str()).filter(|t| !t.is_empty()),
    );
    // Terminals that name themselves answer at once; one that stays silent would swallow keys until the time-out.
    let answers = ["COLORTERM", "TERM_PROGRAM", "VTE_VERSION", "KITTY_WINDOW_ID", "WT_SESSION"];
    let ask = known.is_none() && depth != ColorDepth::None && answers.iter().any(|name| set(name).is_some());
    let unicode = !ascii && !matches!(term.as_str(), "linux" | "dumb" | "vt100") && utf8(&set);
    Assumed { appearance: Appearance { background: known.unwrap_or(Background::Dark), depth, unicode }, ask }
}

/// The locale's character set, by the first of the variables that decides. No locale at all is most often a container
/// without one, where the terminal outside shows UTF-8 all the same.
fn utf8(set: &dyn Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| set(name));
    locale.is_none_or(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8") || value == "c" || value == "posix"
    })
}

/// `COLORFGBG` is `foreground;background`, sometimes with a word between: 7 and 15 are light grounds.
fn from_colorfgbg(value: &str) -> Option<Background> {
    let ground: u8 = value.rsplit(';').next()?.parse().ok()?;
    Some(if matches!(ground, 7 | 9..=15) { Background::Light } else { Background::Dark })
}

/// Asks the terminal. Nobody else may read it meanwhile.
#[must_use]
pub fn is_light() -> bool {
    let mut options = terminal_colorsaurus::QueryOptions::default();
    options.timeout = Duration::from_millis(150);
    matches!(terminal_colorsaurus::theme_mode(options), Ok(terminal_colorsaurus::ThemeMode::Light))
}

impl Appearance {
    /// The theme for this appearance.
    #[must_use]
    pub fn theme(self) -> Theme {
        Theme::new(self.background, self.depth, self.unicode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Assumed {
        let env = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        from_environment(false, &env)
    }

    #[test]
    fn the_ground_is_taken_from_the_first_that_says_it() {
        assert_eq!(with(&[("COLORFGBG", "0;15")]).appearance.background, Background::Light);
        assert_eq!(with(&[("COLORFGBG", "15;default;0")]).appearance.background, Background::Dark);
        assert_eq!(
            with(&[("COLORFGBG", "0;15"), ("CONCUR_TUTOR_THEME", "dark")]).appearance.background,
            Background::Dark
        );
        assert!(!with(&[("COLORFGBG", "0;15"), ("COLORTERM", "truecolor")]).ask);
    }

    #[test]
    fn only_a_terminal_that_names_itself_is_asked() {
        assert!(with(&[("COLORTERM", "truecolor"), ("TERM", "xterm-256color")]).ask);
        assert!(!with(&[("TERM", "xterm-256color")]).ask);
        assert!(!with(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).ask);
    }

    #[test]
    fn ascii_where_more_cannot_be_shown() {
        assert!(with(&[("TERM", "xterm"), ("LANG", "en_GB.UTF-8")]).appearance.unicode);
        assert!(with(&[("TERM", "xterm")]).appearance.unicode);
        assert!(!with(&[("TERM", "linux"), ("LANG", "en_GB.UTF-8")]).appearance.unicode);
        assert!(!with(&[("TERM", "xterm"), ("LC_ALL", "de_DE.ISO-8859-1")]).appearance.unicode);
        assert!(!from_environment(true, &|_| None).appearance.unicode);
    }
}
