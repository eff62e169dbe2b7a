//! The report as one page of HTML, to be sent to somebody: the sentence, the picture as SVG, what each lane did.

use super::page::{self, document, escaped, lanes, push, style};
use super::text::{LEAST, shares};
use super::{Exporter, Report};
use crate::clock::seconds;
use crate::insight::Ledger;
use crate::insight::words::{grouped_whole, percent};
use crate::runner::how_it_ended;
use crate::trace::{Lane, State, StateTotals, Trace, plain_lines};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// A page that stands alone.
pub const EXPORTER: Exporter = Exporter { name: "html", binary: false, write: |report| page(report).into_bytes() };

/// A run with more lanes than these is drawn as an area.
const MOST_LANES: usize = 40;
/// So many lanes have a row each in the table.
const ROWS: usize = 40;
/// So many bytes of what it wrote are shown of each stream, from its end.
const WRITTEN: usize = 4000;

fn page(report: &Report<'_>) -> String {
    let (outcome, trace) = (report.outcome, &report.outcome.trace);
    let mut inks = BTreeSet::new();
    let picture = picture(report, &mut inks);
    let spec = &outcome.spec;
    let args = spec.args.iter().map(|arg| arg.to_string_lossy());
    let called: Vec<_> =
        spec.lesson.iter().map(|id| id.as_str().into()).chain([spec.program.as_str().into()]).chain(args).collect();
    let title = format!("{} · {}", escaped(&called.join(" ")), escaped(&spec.runtime.full_name()));
    let mut body = format!("<p class=\"lead\">{}</p>\n", escaped(&report.verdict.whole()));
    let ended = how_it_ended(outcome).unwrap_or_else(|| outcome.end.short());
    let ended = escaped(ended.trim_end_matches('.'));
    push(&mut body, format_args!("<p>{} The end: {ended}.</p>\n", numbers(report)));
    let notes = report.verdict.caveats.iter().map(ToString::to_string).chain(outcome.notes.iter().cloned());
    for note in notes {
        push(&mut body, format_args!("<p class=\"note\">Note: {}</p>\n", escaped(&note)));
    }
    body.push_str(&picture);
    body.push_str(&style::legend(&inks));
    body.push_str(&table(trace));
    body.push_str(&report.ledger().map(|ledger| spent(&ledger)).unwrap_or_default());
    body.push_str(&locks(report));
    body.push_str(&written("It wrote", &outcome.stdout));
    body.push_str(&written("It wrote to standard error", &outcome.stderr));
    body.push_str(&page::footer(report.machine, Some(outcome)));
    document(&title, &inks, &body)
}

/// The numbers of the run.
fn numbers(report: &Report<'_>) -> String {
    let summary = &report.summary;
    let gil = summary.gil_wait.map_or("not measured".to_owned(), percent);
    format!(
        "{:.2} s of wall time, {:.2} s of CPU time, {:.2} cores busy on average; GIL wait {gil}.",
        summary.wall_s, summary.cpu_s, summary.parallelism
    )
}

fn picture(report: &Report<'_>, inks: &mut BTreeSet<page::strokes::Ink>) -> String {
    let top = lanes::AXIS + lanes::FREE;
    let mut bars = lanes::Bars { axis_s: report.summary.wall_s, most_lanes: MOST_LANES, inks };
    let (rows, height) = bars.rows(&report.outcome.trace, top);
    let (width, bottom) = (lanes::WIDTH, top + height);
    format!(
        "<figure><svg viewBox=\"0 0 {width} {bottom}\" role=\"img\" aria-labelledby=\"t d\">\n\
         <title id=\"t\">What each thread did, on an axis of {:.2} s</title>\n<desc id=\"d\">{}</desc>\n\
         {}{rows}</svg></figure>\n",
        report.summary.wall_s,
        escaped(&report.verdict.whole()),
        bars.axis(bottom),
    )
}

/// What each lane did: those that ran longest where there are many.
fn table(trace: &Trace) -> String {
    let mut lanes: Vec<&Lane> = trace.lanes.iter().collect();
    if lanes.len() > ROWS {
        lanes.sort_by_key(|lane| Reverse(lane.totals().on_cpu()));
        lanes.truncate(ROWS);
        lanes.sort_by_key(|lane| lane.start);
    }
    let mut totals = StateTotals::default();
    for lane in &lanes {
        totals.merge(lane.totals());
    }
    let states: Vec<State> = State::ALL.into_iter().filter(|state| totals.get(*state) >= LEAST).collect();
    let left_out = match trace.lanes.len() - lanes.len() {
        0 => String::new(),
        count => format!("; {} more ran no longer than these", grouped_whole(count)),
    };
    let mut out = format!(
        "<div class=\"scroll\"><table>\n<caption>What each lane did, in seconds, start-up included{left_out}</caption>\n\
         <thead><tr><th scope=\"col\">lane</th><th scope=\"col\">pid</th><th scope=\"col\">tid</th>"
    );
    for state in &states {
        push(&mut out, format_args!("<th scope=\"col\">{}</th>", escaped(state.label())));
    }
    out.push_str("<th scope=\"col\">kind</th></tr></thead>\n<tbody>\n");
    for lane in lanes {
        let name = escaped(&lane.name);
        push(&mut out, format_args!("<tr><th scope=\"row\">{name}</th><td>{}</td><td>{}</td>", lane.pid, lane.tid));
        for state in &states {
            match lane.totals().get(*state) {
                time if time < LEAST => out.push_str("<td>–</td>"),
                time => push(&mut out, format_args!("<td>{:.3}</td>", seconds(time))),
            }
        }
        push(&mut out, format_args!("<td>{}</td></tr>\n", format!("{:?}", lane.kind).to_lowercase()));
    }
    out + "</tbody>\n</table></div>\n"
}

/// What became of the cores' time.
fn spent(ledger: &Ledger) -> String {
    let cores = if ledger.cores == 1 { "one core".to_owned() } else { format!("{} cores", ledger.cores) };
    format!("<p>Of {cores} for {:.2} s: {}.</p>\n", seconds(ledger.wall), escaped(&shares(ledger)))
}

/// The locks that kept cores from work.
fn locks(report: &Report<'_>) -> String {
    let told: Vec<String> =
        super::objects::in_words(report).iter().map(|told| format!("<li>{}</li>\n", escaped(told))).collect();
    if told.is_empty() {
        return String::new();
    }
    format!("<p>Locks that kept cores from work, what did most harm first:</p>\n<ul>\n{}</ul>\n", told.concat())
}

/// The end of what it wrote, where it wrote something.
fn written(title: &str, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let from = bytes.len().saturating_sub(WRITTEN);
    let text = String::from_utf8_lossy(&bytes[from..]);
    let cut = if from > 0 { ", its end" } else { "" };
    format!("<h2>{title}{cut}</h2>\n<pre>{}</pre>\n", escaped(&plain_lines(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::page::tests::tags;
    use crate::runner::{End, Machine, Outcome};
    use crate::view::fixtures;

    fn page_of(trace: Trace) -> String {
        let mut outcome =
            Outcome { end: End::Exited(0), trace, stdout: b"<b>\x1b[31mred\n".to_vec(), ..Outcome::default() };
        outcome.spec.program = "a & b.py".into();
        page(&Report::new(&outcome, Machine { cores: 2, usable_cores: 1.9 }))
    }

    #[test]
    fn every_scenario_is_a_page_that_is_well_formed_and_stands_alone() {
        for (name, trace) in fixtures::all() {
            let (lanes, page) = (trace.lanes.len(), page_of(trace));
            let tags = tags(&page);
            assert!(
                !tags.contains(&"script") && !page.contains("src=") && !page.contains("href="),
                "{name} needs nothing else"
            );
            assert_eq!(tags.iter().filter(|tag| **tag == "tr").count(), lanes.min(ROWS) + 1, "{name}: a row a lane");
            assert!(page.contains("<h1>a &amp; b.py ·") && page.contains("&lt;b&gt;"), "{name}: text is no markup");
            assert!(!page.chars().any(|c| c.is_control() && c != '\n'), "{name}: no control characters");
        }
    }

    #[test]
    fn turns_do_not_look_like_running_at_once() {
        let picture =
            |trace| page_of(trace).split("<figure>").nth(1).unwrap().split("</figure>").next().unwrap().to_owned();
        let (turns, at_once) = (fixtures::two_threads_under_the_gil().ended(), fixtures::two_threads_at_once().ended());
        assert!(picture(turns).contains(">GIL<"));
        assert!(!picture(at_once).contains(">GIL<"));
    }

    #[test]
    fn a_crowd_is_an_area_with_its_longest_lanes_below() {
        let page = page_of(fixtures::a_crowd(300).ended());
        assert!(page.contains("class=\"a-") && page.contains("more ran no longer than these"));
    }
}
