//! Drawn beside measured: how busy the cores really were, and one plain sentence for the gap.

use crate::clock::{Nanos, seconds};
use crate::trace::{SwitchSource, Trace};

/// A drawn bar this near to the measured one is as good as it.
const NEAR: f64 = 0.15;
/// Below this sum of all cores' shares, the program did not need one core all the time.
const IDLE: f64 = 0.5;
/// Up to this sum the cores did the work of one.
const ONE: f64 = 1.15;
/// A core that was busy for less than this share had no part in it.
const PART: f64 = 0.05;
/// Wall times inside this band are the same.
const SAME: std::ops::RangeInclusive<f64> = 0.9..=1.1;

/// The share of the run in which the program kept each core of the machine busy, 0 to 1, the busiest first. `None` where
/// the switches were not recorded one by one: which core a thread was on is not known then.
#[must_use]
pub fn core_use(trace: &Trace) -> Option<Vec<f64>> {
    if trace.sources.switches != SwitchSource::Perf {
        return None;
    }
    let (from, to) = (trace.zero(), trace.until());
    let mut sums: Vec<Nanos> = vec![0; trace.cores.len()];
    for lane in trace.lanes.iter().filter(|lane| lane.is_workload()) {
        let mine = lane.spans.by_core_in(from, to);
        sums.resize(sums.len().max(mine.len()), 0);
        sums.iter_mut().zip(mine).for_each(|(sum, nanos)| *sum += nanos);
    }
    let whole = seconds(to.saturating_sub(from));
    let share = |nanos: Nanos| if whole > 0.0 { (seconds(nanos) / whole).min(1.0) } else { 0.0 };
    let mut shares: Vec<f64> = sums.into_iter().map(share).collect();
    shares.sort_by(|a, b| b.total_cmp(a));
    Some(shares)
}

/// The gap between the cores' shares that were drawn and those that were measured, both the busiest first.
#[must_use]
pub fn cores_gap(drawn: &[f64], measured: &[f64]) -> String {
    let (said, was): (f64, f64) = (drawn.iter().sum(), measured.iter().sum());
    let several = measured.get(1).is_some_and(|share| *share > PART);
    let why = match was {
        _ if was < IDLE => "most of the time the program was on no core",
        _ if was <= ONE && several => "together the cores did the work of one",
        _ if was <= ONE => "one core did it all",
        _ => "the cores worked at the same time",
    };
    format!("You drew {} of one core{} {} of one was measured: {why}.", percent(said), joint(said, was), percent(was))
}

/// The gap between the wall time that was drawn and the one measured, the baseline's as 1.
#[must_use]
pub fn wall_gap(drawn: f64, measured: f64, baseline: &str) -> String {
    let saved = measured < *SAME.start();
    let why = match drawn - measured {
        _ if SAME.contains(&measured) => "no time was saved",
        _ if !saved => "it took longer",
        gap if gap < -NEAR => "it saved time, but less than you drew",
        gap if gap > NEAR => "it saved more time than you drew",
        _ => "it saved time",
    };
    let joint = joint(drawn, measured);
    format!("You drew {} of {baseline}'s time{joint} {} of it was measured: {why}.", percent(drawn), percent(measured))
}

/// "and" where the two agree.
fn joint(drawn: f64, measured: f64) -> &'static str {
    if (drawn - measured).abs() <= NEAR { ", and" } else { ";" }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{CoreTrack, Lane, LaneKind, Sources, Span, Spans, State};

    fn lane(kind: LaneKind, parts: &[(u16, Nanos)]) -> Lane {
        let mut spans = Spans::default();
        let mut at = 100;
        for (core, length) in parts {
            spans.push(Span { start: at, end: at + length, state: State::Running, core: Some(*core), wait: None });
            at += length;
        }
        Lane { pid: 1, tid: 1, kind, start: 100, end: Some(at), spans, ..Lane::default() }
    }

    #[test]
    fn the_cores_are_those_of_the_program_the_busiest_first() {
        let lanes = vec![
            lane(LaneKind::Main, &[(0, 200), (1, 600)]),
            lane(LaneKind::Helper, &[(0, 100)]),
            lane(LaneKind::Server, &[(2, 1000)]),
        ];
        let cores = (0..3).map(|id| CoreTrack { id, samples: Vec::new() }).collect();
        let mut trace = Trace { lanes, cores, launched_at: 100, ended_at: Some(1100), ..Trace::default() };
        assert_eq!(core_use(&trace), None, "sampled switches do not say which core");
        trace.sources = Sources { switches: SwitchSource::Perf, ..Sources::default() };
        assert_eq!(core_use(&trace), Some(vec![0.6, 0.3, 0.0]));
    }

    #[test]
    fn the_gap_between_the_cores_is_named() {
        let said = cores_gap(&[1.0, 1.0], &[0.55, 0.44]);
        assert_eq!(
            said,
            "You drew 200 % of one core; 99 % of one was measured: together the cores did the work of one."
        );
        let near = cores_gap(&[1.0, 0.0], &[0.99, 0.01]);
        assert_eq!(near, "You drew 100 % of one core, and 100 % of one was measured: one core did it all.");
        assert!(cores_gap(&[1.0, 0.0], &[0.95, 0.9]).contains("worked at the same time"));
        assert!(cores_gap(&[1.0, 0.0], &[0.02, 0.01]).contains("was on no core"));
    }

    #[test]
    fn the_gap_between_wall_times_is_named() {
        let said = |drawn, measured| wall_gap(drawn, measured, "sequential");
        assert_eq!(said(0.5, 1.02), "You drew 50 % of sequential's time; 102 % of it was measured: no time was saved.");
        assert!(said(0.5, 0.55).contains(", and 55 % of it was measured: it saved time."));
        assert!(said(0.5, 0.8).contains("less than you drew"));
        assert!(said(0.8, 0.5).contains("more time than you drew"));
        assert!(said(0.5, 1.5).ends_with("it took longer."));
    }
}
