//! How things look here: a light or a dark ground, with or without colour, with or without Unicode. The terminal says what
//! it is, the learner chooses, and what the environment says outright wins over what was chosen at an earlier start.

use crate::learner::settings::{GlyphSet, Settings, ThemeName};
use crate::view::theme::{Background, ColorDepth, Theme};
use std::time::Duration;

/// How things are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    /// The terminal's ground.
    pub background: Background,
    /// How many colours.
    pub depth: ColorDepth,
    /// Whether nothing may be hard to see.
    pub contrast: bool,
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
    /// How many colours the terminal has, wanted or not.
    pub colors: ColorDepth,
    /// What of it was said outright, and so is no matter of what was chosen at an earlier start.
    pub outright: Outright,
    /// Whether it is one of tmux.
    pub tmux: bool,
}

/// What the environment or an option has said outright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outright {
    /// Which colours.
    pub theme: bool,
    /// Which signs.
    pub glyphs: bool,
}

/// Every theme, in the order of the key that goes through them.
const THEMES: [ThemeName; 4] = [ThemeName::Dark, ThemeName::Light, ThemeName::HighContrast, ThemeName::NoColour];

/// A reader of the environment: tests bring their own.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the environment; `ascii` is the option's word, which wins.
#[must_use]
pub fn from_environment(ascii: bool, env: Env<'_>) -> Assumed {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    let named = set("CONCUR_TUTOR_THEME").as_deref().and_then(named);
    let ground = match named {
        Some(ThemeName::Light) => Some(Background::Light),
        Some(ThemeName::Dark) => Some(Background::Dark),
        _ => None,
    };
    let known = ground.or_else(|| set("COLORFGBG").as_deref().and_then(from_colorfgbg));
    let no_color = set("NO_COLOR");
    let depth_with = |no_color: Option<&str>| {
        ColorDepth::from_environment(
            no_color,
            set("COLORTERM").as_deref(),
            Some(term.as_str()).filter(|t| !t.is_empty()),
        )
    };
    let colors = depth_with(None);
    let depth = if named == Some(ThemeName::NoColour) { ColorDepth::None } else { depth_with(no_color.as_deref()) };
    // Terminals that name themselves answer at once; one that stays silent would swallow keys until the time-out.
    let answers = ["COLORTERM", "TERM_PROGRAM", "VTE_VERSION", "KITTY_WINDOW_ID", "WT_SESSION"];
    let ask = known.is_none() && depth != ColorDepth::None && answers.iter().any(|name| set(name).is_some());
    let unicode = !ascii && !matches!(term.as_str(), "linux" | "dumb" | "vt100") && utf8(&set);
    let contrast = named == Some(ThemeName::HighContrast);
    Assumed {
        appearance: Appearance { background: known.unwrap_or(Background::Dark), depth, contrast, unicode },
        ask,
        colors,
        outright: Outright { theme: named.is_some() || no_color.is_some(), glyphs: ascii },
        tmux: set("TMUX").is_some(),
    }
}

/// The theme of this name, as the environment spells it.
fn named(name: &str) -> Option<ThemeName> {
    match name {
        "dark" => Some(ThemeName::Dark),
        "light" => Some(ThemeName::Light),
        "high-contrast" => Some(ThemeName::HighContrast),
        "no-colour" | "no-color" => Some(ThemeName::NoColour),
        _ => None,
    }
}

/// What a theme is called.
#[must_use]
pub const fn name(theme: ThemeName) -> &'static str {
    match theme {
        ThemeName::Dark => "dark",
        ThemeName::Light => "light",
        ThemeName::HighContrast => "high contrast",
        ThemeName::NoColour => "no colours",
    }
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
        let theme = Theme::new(self.background, self.depth, self.unicode);
        if self.contrast { theme.high_contrast() } else { theme }
    }

    /// This appearance as the learner wants it, on a terminal of so many colours.
    #[must_use]
    pub fn with(self, chosen: Settings, colors: ColorDepth) -> Appearance {
        // A terminal that says nothing of colours has the sixteen, once they are asked for.
        let colors = colors.max(ColorDepth::Ansi16);
        let unicode = chosen.glyphs.map_or(self.unicode, |glyphs| glyphs == GlyphSet::Unicode);
        let dyed = Appearance { depth: colors, contrast: false, unicode, ..self };
        match chosen.theme {
            None => Appearance { unicode, ..self },
            Some(ThemeName::Dark) => Appearance { background: Background::Dark, ..dyed },
            Some(ThemeName::Light) => Appearance { background: Background::Light, ..dyed },
            Some(ThemeName::HighContrast) => Appearance { contrast: true, ..dyed },
            Some(ThemeName::NoColour) => Appearance { depth: ColorDepth::None, ..dyed },
        }
    }

    /// The name of what this is.
    const fn name(self) -> ThemeName {
        match (self.depth, self.contrast, self.background) {
            (ColorDepth::None, ..) => ThemeName::NoColour,
            (_, true, _) => ThemeName::HighContrast,
            (_, _, Background::Light) => ThemeName::Light,
            (_, _, Background::Dark) => ThemeName::Dark,
        }
    }

    /// The theme after this one.
    #[must_use]
    pub fn next_theme(self) -> ThemeName {
        let place = THEMES.iter().position(|theme| *theme == self.name()).unwrap_or(0);
        THEMES[(place + 1) % THEMES.len()]
    }

    /// The other signs.
    #[must_use]
    pub const fn other_glyphs(self) -> GlyphSet {
        if self.unicode { GlyphSet::Ascii } else { GlyphSet::Unicode }
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
    fn what_is_said_outright_is_told_from_what_is_guessed() {
        let outright = |pairs| with(pairs).outright;
        assert_eq!(outright(&[("COLORFGBG", "0;15"), ("TERM", "linux")]), Outright::default());
        assert!(outright(&[("CONCUR_TUTOR_THEME", "light")]).theme && outright(&[("NO_COLOR", "1")]).theme);
        assert!(!outright(&[("CONCUR_TUTOR_THEME", "sepia")]).theme);
        assert!(from_environment(true, &|_| None).outright.glyphs);
        let plain = with(&[("CONCUR_TUTOR_THEME", "no-colour"), ("COLORTERM", "truecolor")]);
        assert_eq!((plain.appearance.depth, plain.colors), (ColorDepth::None, ColorDepth::True));
    }

    #[test]
    fn the_key_goes_through_all_themes_and_keeps_the_signs() {
        let assumed = with(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1"), ("TERM", "linux")]);
        let mut now = assumed.appearance;
        let mut seen = Vec::new();
        for _ in THEMES {
            let chosen = Settings { theme: Some(now.next_theme()), glyphs: None };
            now = assumed.appearance.with(chosen, assumed.colors);
            seen.push((now.depth, now.contrast, now.background));
            assert!(!now.unicode);
        }
        let (all, none) = (ColorDepth::True, ColorDepth::None);
        let (dark, light) = (Background::Dark, Background::Light);
        assert_eq!(seen, [(all, false, dark), (all, false, light), (all, true, dark), (none, false, dark)]);
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
