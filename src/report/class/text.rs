//! As text: the hardest first, with the wrong answers that were given most.

use super::{Form, SHOWN, asked, counted, hardest_first, kind, one_line, percent, title};
use crate::learner::class::{Class, Item};
use crate::trace::plain;
use std::fmt::Write as _;

/// For people, and to be pasted into a message.
pub const FORM: Form = Form { name: "text", write: text };

fn text(class: &Class) -> String {
    let mut out = title(class) + "\n";
    if !class.items.is_empty() {
        out.push_str("\n wrong  answered  sure & wrong\n");
    }
    for item in hardest_first(class) {
        row(item, &mut out);
    }
    if !class.misconceptions.is_empty() {
        out.push_str("\nwhat they believe\n");
    }
    for belief in &class.misconceptions {
        let _ = writeln!(out, "  {:<14} {}", counted(belief.learners, "learner"), plain(&belief.id));
    }
    if !class.left_out.is_empty() {
        out.push_str("\nleft out\n");
    }
    for file in &class.left_out {
        let _ = writeln!(out, "  {}: {}", plain(&file.file), plain(&file.why));
    }
    out
}

fn row(item: &Item, out: &mut String) {
    let Item { lesson, answered, sure_and_wrong, .. } = item;
    let (wrong, question) = (percent(item.difficulty), asked(item));
    let of = format!("{lesson}, {}", kind(item.kind));
    let _ = writeln!(out, "{wrong:>6}  {answered:>8}  {sure_and_wrong:>12}  {}: {}", plain(&of), plain(&question));
    for wrong in item.wrong.iter().take(SHOWN) {
        let why = wrong.misconception.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
        let said = format!("{}× {}{why}", wrong.learners, one_line(&wrong.answer));
        let _ = writeln!(out, "{:34}{}", "", plain(&said));
    }
}
