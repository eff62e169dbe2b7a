//! The numbers below the picture, and how they were measured.

use crate::insight::comparison::Compared;
use crate::report::comparison::Stacked;
use crate::report::page::{self, escaped, push};

/// The columns after the program's name.
const HEADS: [&str; 7] = ["wall", "runs", "beside the baseline", "CPU", "cores busy", "GIL wait", "what it did"];

/// A row a run.
pub fn table(stacked: &Stacked<'_>) -> String {
    let comparison = &stacked.comparison;
    let mut out = String::from(
        "<div class=\"scroll\"><table>\n<caption>The numbers</caption>\n<thead><tr><th scope=\"col\">program</th>",
    );
    for head in HEADS {
        push(&mut out, format_args!("<th scope=\"col\">{head}</th>"));
    }
    out.push_str("</tr></thead>\n");
    for group in comparison.groups() {
        out.push_str("<tbody>\n");
        if comparison.several_runtimes() {
            let name = escaped(&group[0].runtime.full_name());
            push(
                &mut out,
                format_args!("<tr><th scope=\"rowgroup\" colspan=\"{}\">{name}</th></tr>\n", HEADS.len() + 1),
            );
        }
        for run in group {
            push(&mut out, format_args!("<tr><th scope=\"row\">{}</th>", escaped(run.program)));
            for cell in cells(run) {
                push(&mut out, format_args!("<td>{}</td>", escaped(&cell)));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody>\n");
    }
    out + "</table></div>\n"
}

fn cells(run: &Compared<'_>) -> [String; 7] {
    let dash = || "–".to_owned();
    let summary = &run.summary;
    if run.outcome.is_none() {
        return [dash(), dash(), dash(), dash(), dash(), dash(), run.note()];
    }
    let (shortest, longest) = run.repeats.range();
    let runs = match run.repeats.walls.len() {
        0 | 1 => run.repeats.tried.to_string(),
        several => format!("{several}: {shortest:.2} to {longest:.2} s"),
    };
    [
        format!("{:.2} s", summary.wall_s),
        runs,
        run.pace().map_or_else(dash, |pace| pace.cell("×")),
        format!("{:.2} s", summary.cpu_s),
        format!("{:.2}", summary.parallelism),
        summary.gil_wait.map_or_else(|| "not measured".to_owned(), |share| format!("{:.0} %", share * 100.0)),
        run.note(),
    ]
}

/// On which machine, with which knobs, and how it was measured.
pub fn footer(stacked: &Stacked<'_>) -> String {
    page::footer(stacked.machine, stacked.comparison.runs.iter().find_map(|run| run.outcome))
}
