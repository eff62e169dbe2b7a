//! The tutor's own folders, where the XDG base directories have them.

use etcetera::BaseStrategy;
use std::path::PathBuf;

/// The tutor's folder in each of them.
const NAME: &str = "concur-tutor";

/// What the learner keeps, such as `~/.local/share/concur-tutor`. `None` where there is no home.
#[must_use]
pub fn data() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.data_dir().join(NAME))
}

/// What the tutor remembers, such as `~/.local/state/concur-tutor`. `None` where there is no home.
#[must_use]
pub fn state() -> Option<PathBuf> {
    let base = etcetera::choose_base_strategy().ok()?;
    Some(base.state_dir().unwrap_or_else(|| base.data_dir()).join(NAME))
}
