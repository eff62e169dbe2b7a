//! The comparison as one page of HTML: the sentence, the picture as SVG, the numbers in a table.
//!
//! The page needs no script and no network, and follows the reader's choice of light or dark. The picture is drawn from the
//! traces themselves, a hundred times finer than a terminal's: a turn that is wider than a column of it is drawn exactly.

mod picture;
mod spent;
mod table;

use super::{Form, Stacked};
use crate::report::page::{document, escaped, push, style};
use std::collections::BTreeSet;

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
        body.push_str(&spent::svg(stacked, group, number));
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
    body = format!("{said}{body}{}{}{}", style::legend(&inks), table::table(stacked), table::footer(stacked));
    document(&title, &inks, &body)
}

#[cfg(test)]
mod tests;
