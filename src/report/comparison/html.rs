//! The comparison as one page of HTML: the sentence, the picture as SVG, the numbers in a table.
//!
//! The page needs no script and no network, and follows the reader's choice of light or dark. The picture is drawn from the
//! traces themselves, a hundred times finer than a terminal's: a turn that is wider than a column of it is drawn exactly.

mod area;
mod picture;
mod strokes;
mod style;
mod table;

use super::{Form, Stacked};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A page that stands alone.
pub const FORM: Form = Form { name: "html", write: page };

fn page(stacked: &Stacked<'_>) -> String {
    let Stacked { lesson, comparison, .. } = stacked;
    let mut inks = BTreeSet::new();
    let mut body = String::new();
    for (number, group) in comparison.groups().enumerate() {
        if comparison.several_runtimes() {
            push(&mut body, format_args!("<h2>{}</h2>\n", escaped(&group[0].runtime.full_name())));
        }
        body.push_str(&picture::svg(stacked, group, number, &mut inks));
    }
    let title = format!("{} · {}", escaped(&lesson.id), escaped(&lesson.title));
    let mut said = String::new();
    for sentence in &comparison.sentences {
        push(&mut said, format_args!("<p class=\"lead\">{}</p>\n", escaped(sentence)));
    }
    for verdict in &comparison.verdicts {
        push(&mut said, format_args!("<p>{}</p>\n", escaped(verdict)));
    }
    if let Some(caveat) = &comparison.caveat {
        push(&mut said, format_args!("<p class=\"note\">Note: {}</p>\n", escaped(caveat)));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{title}</title>\n<style>\n{}</style>\n</head>\n\
         <body>\n{}<main>\n<h1>{title}</h1>\n{said}{body}{}{}{}</main>\n</body>\n</html>\n",
        style::sheet(),
        style::patterns(&inks),
        style::legend(&inks),
        table::table(stacked),
        table::footer(stacked),
    )
}

/// Text that is no markup.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML knows no other control characters.
            c if c.is_control() && c != '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Adds to a text.
fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("a text takes all that is written to it");
}

#[cfg(test)]
mod tests;
