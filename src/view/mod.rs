//! Pictures: (trace, insight, viewport, theme) become cells of a buffer.
//!
//! Pure: no I/O, no time, no state that drawing changes. One file a picture; each picture is a struct of borrowed data
//! that implements `Widget`. May import everything up to `insight`. A new view is one file here and one line below.

pub mod ask;
pub mod bars;
pub mod calendar;
pub mod cores;
pub mod draw;
pub mod finder;
pub mod findings;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod footer;
#[cfg(test)]
mod gallery;
pub mod header;
pub mod help;
pub mod keys;
pub mod lanes;
pub mod legend;
pub mod map;
pub mod metric;
pub mod objects;
pub mod output;
pub mod picker;
pub mod reading;
pub mod results;
pub mod rubric;
pub mod source;
pub mod spent;
pub mod stack;
pub mod tabs;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod timeline;
pub mod too_small;
pub mod viewport;

pub use ask::{Ask, Choosable, Feedback, Mark, Typing};
pub use bars::{Bar, Bars};
pub use calendar::Calendar;
pub use cores::Cores;
pub use finder::{Finder, FinderRow};
pub use findings::{FindingRow, Findings, Stands};
pub use footer::Footer;
pub use header::Header;
pub use help::Help;
pub use keys::KeyRow;
pub use legend::Legend;
pub use map::{Map, MapRow};
pub use objects::ObjectList;
pub use output::Output;
pub use picker::{Picker, PickerItem};
pub use reading::{Document, Reading};
pub use results::{ResultRow, Results, Said};
pub use rubric::Rubric;
pub use source::{Highlighted, KnobLine, LineMark, Source};
pub use spent::Spent;
pub use stack::{Stack, StackRun, Standing};
pub use tabs::{Tab, Tabs};
pub use theme::{Background, ColorDepth, Theme};
pub use timeline::Timeline;
pub use too_small::TooSmall;
pub use viewport::Viewport;
