//! A field in which something is looked for, and the row of what was found that is selected.

use crate::app::screens::ask::Field;

/// What was typed so far, and where the learner is in what was found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is looked for.
    pub field: Field,
    /// The selected row.
    pub row: usize,
}

impl Default for Finding {
    fn default() -> Self {
        Finding { field: Field::new("", false), row: 0 }
    }
}
