//! What the integration tests, the benchmarks and the gallery name of the crate's inside, and nothing else.
//!
//! Not an interface: it changes with them. All else is private, so that the compiler sees what nobody uses;
//! `tests/architecture.rs` sees what nobody uses of this. May import everything.

pub mod app {
    pub use crate::app::shell::terminal::Guard;
}

pub mod clock {
    pub use crate::clock::{MILLISECOND, Nanos, SECOND, now, seconds};
}

#[cfg(target_os = "linux")]
pub mod eventlog {
    pub use crate::eventlog::layout::{CAPACITY, Word, tag};
    pub use crate::eventlog::writer::{Lane, Writer};
    pub use crate::eventlog::{LOG_VARIABLE, Log};
}

pub mod insight {
    pub use crate::insight::finding::RULES;
    pub use crate::insight::finding::recorded::Recorded;
    pub use crate::insight::{Caveat, Heading, Summary, Verdict};
}

pub mod learner {
    pub use crate::learner::change::Change;
    pub use crate::learner::progress::Progress;
    pub use crate::learner::store::{Store, StoreError};
}

pub mod lesson {
    pub use crate::lesson::types::Knobs;
    pub use crate::lesson::{
        CheckKind, Course, Faults, Headline, Knob, KnobValue, Language, Lesson, Metric, PredictionAsk, Program,
        check_dir, check_embedded,
    };

    pub mod knobs {
        pub use crate::lesson::knobs::{parse_setting, substitute, used};
    }
}

pub mod probe {
    pub use crate::probe::calibrate::share_of_a_core;
    pub use crate::probe::marks::Marks;
    pub use crate::probe::{Probe, perf, procfs, schedstat};
}

pub mod report {
    pub use crate::report::gallery::markdown;
    pub use crate::report::picture::drawn;
}

pub mod runner {
    pub use crate::runner::plan::{Conditions, Limits, script};
    pub use crate::runner::{EndedBy, LiveRun, Machine, Outcome, how_it_ended};
}

pub mod runtime {
    pub use crate::runtime::program_file::program_file;
    pub use crate::runtime::startup::Startup;
    pub use crate::runtime::{Launch, Python};

    pub mod cpython {
        pub use crate::runtime::cpython::{discover, launch};
    }

    pub mod native {
        pub use crate::runtime::native::{launch_by, twins};
    }

    pub mod server {
        pub use crate::runtime::server::{SUBCOMMAND, parse_address};
    }
}

pub mod trace {
    pub use crate::trace::{
        Builder, Call, Census, CoreCensus, CoreSample, CoreTrack, GilTrack, Lane, LaneKind, Pid, Record, Sources, Span,
        Spans, State, SwitchSource, Tid, Told, Trace, Wait, WaitKind, WaitObject, WaitSource, What,
    };

    pub mod tasks {
        pub use crate::trace::tasks::{Await, AwaitMark, Awaited, MarkedAwait, StepEnd, TaskMark, TaskTrack, Tasks};
    }
}

pub mod view {
    pub use crate::view::calendar::Marked;
    pub use crate::view::lanes::{Open, Rows};
    pub use crate::view::{
        Ask, Background, Bar, Bars, Calendar, Choosable, ColorDepth, Cores, Document, Feedback, Finder, FinderRow,
        Footer, Header, Help, Highlighted, KeyRow, KnobLine, Legend, Map, MapRow, Mark, Output, Picker, PickerItem,
        Reading, ResultRow, Results, Rubric, Said, Source, Stack, StackRun, Standing, Tab, Tabs, Theme, Timeline,
        TooSmall, Typing, Viewport,
    };
}
