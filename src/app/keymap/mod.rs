//! The keys: one row is a key, what it does and how that is said. The footer, the help screen, the README's table and every
//! sentence that names a key are made from these rows, so they cannot disagree.
//!
//! A screen's rows stand in its folder; [`screens::KEYS`] lists them. What a row does is an [`Action`], which its screen
//! matches; where it applies is a [`Scope`].

pub mod action;
mod everywhere;
pub mod id;
pub mod row;
pub mod scope;

pub use action::Action;
pub use id::Id;
pub use row::{Key, Row};
pub use scope::Scope;

use crate::app::screens::{self, ask, overlay};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The rows that are no one screen's.
const SHARED: [&[Row]; 3] = [everywhere::KEYS, overlay::KEYS, ask::KEYS];

/// Every row.
pub fn all() -> impl Iterator<Item = &'static Row> {
    SHARED.iter().chain(screens::KEYS).copied().flatten()
}

/// The row with this id.
///
/// # Panics
/// Where it has none: a test looks every id up.
#[must_use]
pub fn row(id: Id) -> &'static Row {
    all().find(|row| row.id == id).expect("every id has a row")
}

/// The key of a row as a sentence names it: the first, where the row has several. A row of arrows has [`names`] instead,
/// for not every terminal can draw them.
#[must_use]
pub fn name(id: Id) -> &'static str {
    let keys = row(id).keys;
    debug_assert!(keys.is_ascii(), "{keys} cannot be drawn everywhere");
    keys.split(' ').next().unwrap_or(keys)
}

/// All keys of a row as a sentence names them, with arrows where they can be drawn.
#[must_use]
pub fn names(id: Id, unicode: bool) -> &'static str {
    row(id).keys(unicode)
}

/// The numbers that choose among so many, as far as there are digits for them.
#[must_use]
pub fn numbers(count: usize) -> &'static str {
    const NUMBERS: [&str; 9] = ["1", "1-2", "1-3", "1-4", "1-5", "1-6", "1-7", "1-8", "1-9"];
    NUMBERS[count.clamp(1, NUMBERS.len()) - 1]
}

/// What this key asks for where these scopes are open; an earlier scope wins.
#[must_use]
pub fn lookup(event: KeyEvent, scopes: &[Scope]) -> Option<Action> {
    let pressed = normal(event);
    scopes.iter().find_map(|scope| {
        let mut binds = all().filter(|row| row.scope == *scope).flat_map(|row| row.binds);
        binds.find(|(key, _)| *key == pressed).map(|(_, action)| *action)
    })
}

/// The first row that has this key where these scopes are not open: where the key would do something.
#[must_use]
pub fn elsewhere(event: KeyEvent, open: &[Scope]) -> Option<&'static Row> {
    let pressed = normal(event);
    let closed: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| !open.contains(scope)).collect();
    rows(&closed).find(|row| row.binds.iter().any(|(key, _)| *key == pressed))
}

/// A key as a sentence names it; `None` for what is none of its own, such as shift alone.
#[must_use]
pub fn spelled(event: KeyEvent, unicode: bool) -> Option<String> {
    normal(event).spelled(unicode, event.modifiers.contains(KeyModifiers::ALT))
}

/// What the arrow down (`by` 1) or up (-1) asks for where these scopes are open.
#[must_use]
pub fn arrow(by: i32, scopes: &[Scope]) -> Option<Action> {
    let code = if by > 0 { KeyCode::Down } else { KeyCode::Up };
    lookup(KeyEvent::new(code, KeyModifiers::NONE), scopes)
}

/// Whether this row works where these scopes are open: no earlier scope has taken its first key.
#[must_use]
pub fn is_open(row: &Row, scopes: &[Scope]) -> bool {
    let Some((key, _)) = row.binds.first() else { return false };
    let taken = |scope: &Scope| all().any(|r| r.scope == *scope && r.binds.iter().any(|(k, _)| k == key));
    !scopes.iter().take_while(|scope| **scope != row.scope).any(taken)
}

/// The rows for these scopes: the first scope's rows first.
pub fn rows(scopes: &[Scope]) -> impl Iterator<Item = &'static Row> {
    scopes.iter().flat_map(|scope| all().filter(move |row| row.scope == *scope))
}

/// A character already says whether shift was held, whatever the terminal adds.
const fn normal(event: KeyEvent) -> Key {
    let modifiers = event.modifiers.intersection(KeyModifiers::SHIFT.union(KeyModifiers::CONTROL));
    match event.code {
        KeyCode::Char(_) => Key(event.code, modifiers.difference(KeyModifiers::SHIFT)),
        code => Key(code, modifiers),
    }
}

/// The keys as the README's table, between its `<!-- keys -->` marks.
#[cfg(test)]
#[must_use]
pub fn markdown() -> String {
    use std::fmt::Write;
    let mut out = String::from("| Where | Key | What it does |\n|---|---|---|\n");
    for row in rows(Scope::ALL) {
        let _ = writeln!(out, "| {} | `{}` | {} |", row.scope.title(), row.keys, row.long);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        for scope in Scope::ALL.iter().copied() {
            let binds: Vec<_> = all().filter(|r| r.scope == scope).flat_map(|r| r.binds).collect();
            for (i, (key, _)) in binds.iter().enumerate() {
                assert!(!binds[..i].iter().any(|(k, _)| k == key), "{key:?} is bound twice in {scope:?}");
            }
        }
    }

    #[test]
    fn capitals_differ_from_small_letters_whether_or_not_shift_is_reported() {
        for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
            let event = KeyEvent::new(KeyCode::Char('R'), modifiers);
            assert_eq!(lookup(event, &[Scope::Lesson]), Some(Action::PickRuntime));
        }
        let small = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::NONE);
        assert_eq!(lookup(small, &[Scope::Lesson]), Some(Action::NextRuntime));
    }

    #[test]
    fn every_id_has_one_row_and_every_row_a_place_in_the_footer() {
        let ids: Vec<Id> = all().map(|row| row.id).collect();
        assert!(ids.iter().enumerate().all(|(n, id)| !ids[..n].contains(id)), "an id has two rows");
        for id in Id::ALL.iter().copied() {
            assert_eq!(row(id).id, id);
            assert!(!names(id, true).is_empty() && names(id, false).is_ascii(), "{id:?}");
        }
        assert_eq!(ids.len(), Id::ALL.len());
        let mut places: Vec<u16> = all().map(|row| row.footer).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), ids.len(), "two rows would change places in the footer");
    }

    #[test]
    fn ctrl_c_is_not_c() {
        let event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(lookup(event, &[Scope::Lesson, Scope::Several, Scope::Desk, Scope::Anywhere]), Some(Action::Quit));
        let plain = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::NONE);
        assert_eq!(
            lookup(plain, &[Scope::Lesson, Scope::Several, Scope::Desk, Scope::Anywhere]),
            Some(Action::Compare)
        );
    }

    #[test]
    fn descriptions_fit_the_smallest_screen() {
        for row in all() {
            assert!(row.long.chars().count() <= 60, "{:?} is too long for the help at 80 columns", row.long);
        }
    }

    #[test]
    fn the_readme_table_has_every_row() {
        let table = markdown();
        assert!(all().all(|row| table.contains(row.long) && table.contains(row.keys)));
    }
}
