//! Tasks of a run that was kept: of each its steps and what it awaited, from which all else is drawn again.

use super::{Function, TaskTrack, Tasks};
use crate::clock::Nanos;

impl Tasks {
    /// The tasks of a run that was over at `until`.
    #[must_use]
    pub fn kept(
        (told, ready_told): (bool, bool),
        functions: Vec<Function>,
        tracks: Vec<TaskTrack>,
        until: Nanos,
    ) -> Tasks {
        let mut tasks = Tasks { told, ready_told, tracks, functions, ..Tasks::default() };
        (0..tasks.tracks.len()).for_each(|place| tasks.list(place));
        // Each step, and each instant from which on a task could go on.
        let mut changes: Vec<(Nanos, Option<Nanos>, usize)> = Vec::new();
        for (place, track) in tasks.tracks.iter().enumerate() {
            changes.extend(track.steps.iter().map(|step| (step.start, Some(step.end), place)));
            changes.extend(track.steps.iter().filter_map(|step| Some((step.ready()?, None, place))));
        }
        changes.sort_unstable();
        for (start, end, place) in changes {
            let Some(end) = end else {
                tasks.lines_up(place, start);
                continue;
            };
            let track = &tasks.tracks[place];
            let awaits = track.awaited_at(end).map(|found| tasks.state(found));
            let finished = track.end == Some(end);
            let after = if finished { None } else { Some(awaits.unwrap_or(crate::trace::State::Unknown)) };
            tasks.draw(place, (start, end), after);
        }
        tasks.close(until);
        tasks
    }
}
