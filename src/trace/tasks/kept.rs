//! Tasks of a run that was kept: of each its steps and what it awaited, from which all else is drawn again.

use super::{Function, TaskTrack, Tasks};
use crate::clock::Nanos;

impl Tasks {
    /// The tasks of a run that was over at `until`.
    #[must_use]
    pub fn kept(told: bool, functions: Vec<Function>, tracks: Vec<TaskTrack>, until: Nanos) -> Tasks {
        let mut tasks = Tasks { told, tracks, functions, ..Tasks::default() };
        let mut steps: Vec<(Nanos, Nanos, usize)> = Vec::new();
        for (place, track) in tasks.tracks.iter().enumerate() {
            steps.extend(track.steps.iter().map(|step| (step.start, step.end, place)));
        }
        steps.sort_unstable();
        for (start, end, place) in steps {
            let track = &tasks.tracks[place];
            let awaits = track.awaited_at(end).map(|found| tasks.state(found));
            let finished = track.end == Some(end);
            let after = if finished { None } else { Some(awaits.unwrap_or(crate::trace::State::Unknown)) };
            tasks.draw(place, (start, end), after);
        }
        tasks.extend(until);
        tasks
    }
}
