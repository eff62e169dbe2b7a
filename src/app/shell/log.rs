//! The tutor's own log: a file in the state directory, only where `CONCUR_TUTOR_LOG_LEVEL` asks for it.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::filter::LevelFilter;

/// The variable that asks for a log: `error`, `warn`, `info`, `debug` or `trace`.
pub const VARIABLE: &str = "CONCUR_TUTOR_LOG_LEVEL";

/// Starts logging to `tutor.log` in this folder where the variable asks for it. That it fails is no reason to fail.
pub fn start(dir: Option<&Path>) {
    let Some(level) = std::env::var(VARIABLE).ok().and_then(|text| text.parse::<LevelFilter>().ok()) else { return };
    let Some(dir) = dir else { return };
    let _ = std::fs::create_dir_all(dir);
    let Ok(file) = OpenOptions::new().create(true).append(true).open(dir.join("tutor.log")) else { return };
    let _ = tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(Mutex::new(file)).try_init();
}
