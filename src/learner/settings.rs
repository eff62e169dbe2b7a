//! How the learner wants things drawn: chosen in the app, and kept with the progress.

use serde::{Deserialize, Deserializer, Serialize};

/// What the learner has chosen; `None` leaves it to what the terminal says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The colours.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub theme: Option<ThemeName>,
    /// The signs.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known")]
    pub glyphs: Option<GlyphSet>,
}

/// A set of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// For a dark ground.
    Dark,
    /// For a light ground.
    Light,
    /// Nothing that is hard to see, on the terminal's own ground.
    HighContrast,
    /// Bold, dim and reverse alone.
    NoColour,
}

/// A set of signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlyphSet {
    /// All that Unicode has.
    Unicode,
    /// Seven bits.
    Ascii,
}

impl Settings {
    /// Whether nothing was chosen.
    #[must_use]
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    pub fn is_empty(&self) -> bool {
        *self == Settings::default()
    }

    /// What is chosen here and was not so before.
    #[must_use]
    pub fn since(self, before: Settings) -> Settings {
        Settings {
            theme: self.theme.filter(|_| self.theme != before.theme),
            glyphs: self.glyphs.filter(|_| self.glyphs != before.glyphs),
        }
    }

    /// The same, and for what is left open in it what stands in `other`.
    #[must_use]
    pub fn or(self, other: Settings) -> Settings {
        Settings { theme: self.theme.or(other.theme), glyphs: self.glyphs.or(other.glyphs) }
    }
}

/// What a newer version knows and this one does not is as good as not chosen: it must not cost the learner's progress.
fn known<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Choice<T> {
        Known(T),
        Unknown(serde::de::IgnoredAny),
    }
    Ok(match Choice::deserialize(from)? {
        Choice::Known(choice) => Some(choice),
        Choice::Unknown(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::progress::Progress;

    #[test]
    fn a_file_of_before_or_after_this_version_is_read() {
        let read = |json: &str| serde_json::from_str::<Progress>(json).unwrap().settings;
        assert_eq!(read(r#"{"version": 1}"#), Settings::default());
        let kept = read(r#"{"version": 1, "settings": {"theme": "high-contrast", "glyphs": "ascii"}}"#);
        assert_eq!(kept, Settings { theme: Some(ThemeName::HighContrast), glyphs: Some(GlyphSet::Ascii) });
        let newer = read(r#"{"version": 1, "settings": {"theme": "sepia", "glyphs": 7, "font": null}}"#);
        assert!(newer.is_empty());
    }

    #[test]
    fn what_was_not_chosen_is_not_written() {
        assert!(!serde_json::to_string(&Progress::default()).unwrap().contains("settings"));
    }

    #[test]
    fn forgetting_all_that_was_done_keeps_what_was_chosen() {
        let chosen = Settings { theme: Some(ThemeName::Light), glyphs: None };
        let mut progress = Progress { settings: chosen, ..Progress::default() };
        progress.forget(None);
        assert_eq!(progress.settings, chosen);
    }
}
