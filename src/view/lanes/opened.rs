//! Rows among which are the tasks of a loop, one by one and too many to be listed: a loop's stand for as many rows as it has
//! tasks, and only those that are asked for are made.

use super::{Pointed, Row, task};
use crate::trace::Trace;

/// Rows with the tasks of loops among them.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The rows; one of a loop's tasks stands for all of them.
    rows: Vec<Row>,
    /// How many rows there are up to each of these, it included.
    ends: Vec<usize>,
}

impl Opened {
    /// These rows of a trace.
    pub fn new(trace: &Trace, rows: Vec<Row>) -> Opened {
        let many = |row: &Row| match row {
            Row::Tasks(own) => trace.tasks.loops.get(*own).map_or(0, |own| own.tasks.len()),
            _ => 1,
        };
        let ends = rows.iter().scan(0, |sum, row| {
            *sum += many(row);
            Some(*sum)
        });
        Opened { ends: ends.collect(), rows }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// The row at a place.
    pub fn get(&self, trace: &Trace, n: usize) -> Option<Row> {
        let at = self.ends.partition_point(|end| *end <= n);
        match self.rows.get(at)? {
            Row::Tasks(own) => trace.tasks.loops.get(*own)?.tasks.get(n - self.before(at)).map(|own| task(trace, *own)),
            row => Some(*row),
        }
    }

    /// Where something stands that can be pointed at.
    pub fn place_of(&self, trace: &Trace, pointed: Pointed) -> Option<usize> {
        let listed = self.rows.iter().position(|row| row.pointed() == Some(pointed));
        if let Some(at) = listed {
            return Some(self.before(at));
        }
        let Pointed::Task(task) = pointed else { return None };
        let own = trace.tasks.loop_of(trace.tasks.tracks.get(task)?.thread)?;
        let at = self.rows.iter().position(|row| *row == Row::Tasks(own))?;
        // A loop's tasks stand in the order of the run's.
        Some(self.before(at) + trace.tasks.loops[own].tasks.binary_search(&task).ok()?)
    }

    /// How many rows stand before one of these.
    fn before(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.ends[before])
    }
}
