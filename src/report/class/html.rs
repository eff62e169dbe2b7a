//! As a page of HTML that needs no script and no network, light or dark as its reader has it.

use super::{Form, SHOWN, asked, counted, hardest_first, kind, one_line, percent, title};
use crate::learner::class::{Class, Item};
use crate::report::page::{escaped, framed};
use std::fmt::Write as _;

/// A page that stands alone.
pub const FORM: Form = Form { name: "html", write: page };

const STYLE: &str = "\
:root{color-scheme:light dark}
body{margin:0;font:16px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 20px 40px}
h1{font-size:20px}
h2{font-size:16px;margin-top:28px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:6px 18px 6px 0;text-align:left;vertical-align:top;border-bottom:1px solid #8886}
td.n,th.n{text-align:right;white-space:nowrap}
td ul{margin:4px 0 0;padding-left:18px}
.dim{opacity:.7}
meter{width:70px;margin-right:8px;vertical-align:middle}
";

fn page(class: &Class) -> String {
    let mut body = String::new();
    if !class.items.is_empty() {
        body.push_str(
            "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">wrong at first</th><th class=\"n\" scope=\"col\">answered</th>\
             <th class=\"n\" scope=\"col\">sure and wrong</th><th scope=\"col\">what was asked</th></tr></thead>\n<tbody>\n",
        );
        for item in hardest_first(class) {
            row(item, &mut body);
        }
        body.push_str("</tbody></table></div>\n");
    }
    list(
        "What they believe",
        &mut body,
        class.misconceptions.iter().map(|belief| format!("{}: {}", belief.id, counted(belief.learners, "learner"))),
    );
    list("Left out", &mut body, class.left_out.iter().map(|file| format!("{}: {}", file.file, file.why)));
    framed(&title(class), STYLE, "", &body)
}

fn row(item: &Item, out: &mut String) {
    let meter = item.difficulty.map_or_else(String::new, |share| {
        format!("<meter value=\"{share:.3}\" low=\"0.33\" high=\"0.66\" optimum=\"0\"></meter>")
    });
    let _ = write!(
        out,
        "<tr><td class=\"n\">{meter}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td><span class=\"dim\">{}, {}</span><br/>{}",
        percent(item.difficulty),
        item.answered,
        item.sure_and_wrong,
        escaped(&item.lesson),
        kind(item.kind),
        escaped(&asked(item)),
    );
    if !item.wrong.is_empty() {
        out.push_str("<ul>");
    }
    for wrong in item.wrong.iter().take(SHOWN) {
        let why = wrong.misconception.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
        let _ = write!(out, "<li>{}× {}{}</li>", wrong.learners, escaped(&one_line(&wrong.answer)), escaped(&why));
    }
    out.push_str(if item.wrong.is_empty() { "</td></tr>\n" } else { "</ul></td></tr>\n" });
}

fn list(heading: &str, out: &mut String, lines: impl ExactSizeIterator<Item = String>) {
    if lines.len() > 0 {
        let _ = writeln!(out, "<h2>{heading}</h2>\n<ul>");
        for line in lines {
            let _ = writeln!(out, "<li>{}</li>", escaped(&line));
        }
        out.push_str("</ul>\n");
    }
}
