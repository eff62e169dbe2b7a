//! Text that comes from outside: names of threads, of files, of lessons. What would command a terminal is taken out of it,
//! wherever it is going to be shown.

use std::borrow::Cow;

/// Whether a character would do something to a terminal instead of being seen: control characters, and those that turn the
/// direction of what follows.
#[must_use]
pub fn commands(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// One line of it: each command stands as a sign for itself.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    plain_but(text, |_| false)
}

/// Several lines of it, with their tabs.
#[must_use]
pub fn plain_lines(text: &str) -> Cow<'_, str> {
    plain_but(text, |c| matches!(c, '\n' | '\t'))
}

fn plain_but(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let shown = |c: char| if commands(c) && !kept(c) { char::REPLACEMENT_CHARACTER } else { c };
    if text.chars().all(|c| shown(c) == c) { text.into() } else { text.chars().map(shown).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_commands_a_terminal_is_a_sign() {
        assert_eq!(
            plain("a\x1b]0;title\x07\n\u{9b}2J\u{202e}b"),
            "a\u{fffd}]0;title\u{fffd}\u{fffd}\u{fffd}2J\u{fffd}b"
        );
        assert_eq!(plain_lines("a\n\tb\r"), "a\n\tb\u{fffd}");
        assert!(matches!(plain("ünï 🧵"), Cow::Borrowed("ünï 🧵")));
    }

    proptest! {
        #[test]
        fn nothing_that_commands_is_left_and_nothing_else_changes(text: String) {
            let made = plain(&text);
            prop_assert!(!made.chars().any(commands));
            prop_assert_eq!(made.chars().count(), text.chars().count());
            prop_assert!(text.chars().zip(made.chars()).all(|(was, is)| commands(was) || was == is));
        }
    }
}
