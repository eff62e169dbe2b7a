//! A run in words: that it begins, what its program writes, that it goes on, and what it showed.

use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::engine::RunId;
use crate::app::keymap::{self, Id};
use crate::app::model::{Active, Model};
use crate::app::screens::desk::paint::{guesses, results};
use crate::app::screens::desk::{Desk, Run, stale::Stale};
use crate::clock::seconds;
use crate::insight::words::sentence;
use crate::runner::how_it_ended;

use crate::view::timeline::in_words;

/// The instants at which a run that goes on says so, in seconds.
const STILL: [u64; 8] = [2, 5, 10, 20, 30, 60, 90, 120];

/// Lines of a program's output that are told while it runs, of either stream.
const MOST_WRITTEN: usize = 40;

/// Lanes that are told each.
const MOST_LANES: usize = 16;

/// Says the run that the desk shows.
pub fn say(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let model = hearing.model;
    if let Some(active) = model.live() {
        goes_on(aloud, hearing, active);
    } else if let Some(run) = model.shown_run() {
        if run.kept && !desk.is_recorded() {
            earlier(aloud, hearing, run);
        } else {
            ended(aloud, hearing, desk, run);
        }
    }
}

fn goes_on(aloud: &mut Aloud, hearing: Hearing<'_>, active: &Active) {
    let spec = &active.spec;
    let of = name(active.id);
    let desk = hearing.model.desk_at(active.desk);
    let used = desk.map(|desk| desk.used_knobs(active.program, &spec.runtime, &spec.knobs)).unwrap_or_default();
    let knobs: Vec<String> = used.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let with = if knobs.is_empty() { String::new() } else { format!(", {}", knobs.join(", ")) };
    let esc = keymap::name(Id::Back);
    let begins =
        format!("Run {} begins: {} on {}{with}. {esc} stops it.", active.id.0, spec.program, spec.runtime.label());
    aloud.once(format!("{of}/begins"), text::wrapped(&begins, hearing.columns));
    wrote(aloud, hearing, active.id, true);
    if active.cancelled {
        aloud.line(format!("{of}/still"), "Stopping it.");
    } else if let Some(trace) = hearing.shown.trace {
        if let Some(standstill) = &trace.standstill {
            let words = sentence(&standstill.sentence());
            aloud.once(format!("{of}/stuck"), text::wrapped(&words, hearing.columns));
        }
        let lasted = seconds(trace.known_until.saturating_sub(trace.zero()));
        let said = STILL.into_iter().rev().find(|at| lasted >= std::time::Duration::from_secs(*at).as_secs_f64());
        aloud.part(format!("{of}/still"), said.map(|at| format!("Still running after {at} s.")).into_iter().collect());
    }
}

fn name(id: RunId) -> String {
    format!("run/{}", id.0)
}

/// What the program wrote, line by line; a line that goes on is told once it is whole.
fn wrote(aloud: &mut Aloud, hearing: Hearing<'_>, id: RunId, live: bool) {
    for (stream, bytes) in [("out", hearing.shown.stdout), ("err", hearing.shown.stderr)] {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut lines = text::written(if live { &bytes[..whole] } else { bytes });
        let all = lines.len();
        lines.truncate(MOST_WRITTEN);
        let before = if stream == "out" { "it prints: " } else { "it writes to standard error: " };
        let mut lines: Vec<String> = lines.iter().map(|line| format!("{before}{line}")).collect();
        if all > MOST_WRITTEN && !live {
            lines.push(format!("and {} more lines; \"view\" goes to the output.", all - MOST_WRITTEN));
        }
        aloud.once(format!("{}/{stream}", name(id)), lines);
    }
}

/// A run of an earlier day: its sentence alone.
fn earlier(aloud: &mut Aloud, hearing: Hearing<'_>, run: &Run) {
    let words = format!("An earlier run of it: {} {}", run.verdict.in_large(), run.verdict.sentence);
    aloud.part(format!("{}/earlier", name(run.id)), text::sentences(words.trim(), hearing.model, hearing.columns));
}

fn ended(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk, run: &Run) {
    let Hearing { model, columns, .. } = hearing;
    let of = name(run.id);
    wrote(aloud, hearing, run.id, false);
    let how = run.outcome.as_deref().and_then(how_it_ended).unwrap_or_else(|| run.end.short());
    let wall = if run.summary.wall_s > 0.0 { format!(" after {:.2} s", run.summary.wall_s) } else { String::new() };
    aloud.once(format!("{of}/ended"), text::wrapped(&format!("The run is over{wall}: {how}."), columns));
    // What it says is said again where the learner comes back to it, the rest once.
    match Stale::shown(model) {
        None => aloud.part(format!("{of}/says"), text::plain(&results::in_short(model, desk, columns + 2))),
        Some(Stale { was, now }) => {
            let words = format!("The last run was of {was}; {} runs {now}.", keymap::name(Id::Run));
            aloud.part(format!("{of}/stale"), text::wrapped(&words, columns));
        }
    }
    aloud.once(format!("{of}/why"), explained(model, desk, columns));
    aloud.once(format!("{of}/table"), table(model, desk, columns));
    aloud.once(format!("{of}/lanes"), lanes(model, run, columns));
}

/// Why what was predicted is as it is.
fn explained(model: &Model, desk: &Desk, columns: u16) -> Vec<String> {
    let mut all = guesses::explanations(model, desk);
    all.dedup();
    all.iter().flat_map(|why| text::sentences(why, model, columns)).collect()
}

/// The table of runs, a line each.
pub fn table(model: &Model, desk: &Desk, columns: u16) -> Vec<String> {
    let area = ratatui::layout::Rect::new(0, 0, columns, 40);
    let mut lines = vec!["Runs so far:".to_owned()];
    results::with_results(model, desk, area, |results| {
        lines.extend(results.in_words().iter().flat_map(|row| text::wrapped(row, columns)));
    });
    lines
}

/// The picture in words: a line each lane.
pub fn lanes(model: &Model, run: &Run, columns: u16) -> Vec<String> {
    let Some(trace) = run.outcome.as_deref().map(|outcome| &outcome.trace) else { return Vec::new() };
    let lines = in_words::lanes(trace, MOST_LANES, &model.theme);
    lines.iter().flat_map(|line| text::wrapped(line, columns)).collect()
}
