//! A field in which something is looked for, and the row of what was found that is selected.

use crate::app::screens::ask::Field;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What was typed so far, and where the learner is in what was found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is looked for.
    pub field: Field,
    /// The selected row.
    pub row: usize,
    /// Whether it was typed when this was open before: the first letter begins anew.
    old: bool,
}

impl Default for Finding {
    fn default() -> Self {
        Finding { field: Field::new("", false), row: 0, old: false }
    }
}

impl Finding {
    /// Opens it with what was looked for before, which the first letter takes the place of.
    pub const fn open_again(&mut self) {
        self.old = true;
    }

    /// A key is about to change the field.
    pub fn about_to_press(&mut self, event: KeyEvent) {
        let control = event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let anew = event.code == KeyCode::Backspace || matches!(event.code, KeyCode::Char(_)) && !control;
        if std::mem::take(&mut self.old) && anew {
            *self = Finding::default();
        }
    }
}
