//! What the cores' time went for, run by run, as SVG: one stacked bar each, as long as its run took.

use crate::insight::comparison::Compared;
use crate::insight::{Ledger, Part};
use crate::report::comparison::Stacked;
use crate::report::page::lanes::{COLUMNS, LEFT, WIDTH};
use crate::report::page::{escaped, push};
use crate::view::Spent;
use crate::view::spent::{cells, length, state};

/// Heights: the line above all, a bar, the words below it.
const HEAD: u32 = 22;
const BAR: u32 = 15;
const WORDS: u32 = 20;

/// The bars of one runtime's runs; nothing where it is not known how many cores there are.
pub fn svg(stacked: &Stacked<'_>, group: &[Compared<'_>], number: usize) -> String {
    let ledgers = stacked.spent(group);
    if ledgers.is_empty() {
        return String::new();
    }
    let longest = ledgers.iter().map(|(_, ledger)| ledger.wall).max().unwrap_or(0);
    let (mut bars, mut y) = (String::new(), HEAD);
    for (name, ledger) in &ledgers {
        bars.push_str(&bar(name, ledger, length(ledger.wall, longest, u32::from(COLUMNS)), y));
        y += BAR + WORDS;
    }
    let said: Vec<String> =
        ledgers.iter().map(|(name, ledger)| format!("{name}: {}.", Spent::words(ledger, Part::ALL.len()))).collect();
    let cores = stacked.machine.cores;
    let of = if cores == 1 { "the one core".to_owned() } else { format!("the {cores} cores") };
    format!(
        "<figure><svg viewBox=\"0 0 {WIDTH} {y}\" role=\"img\" aria-labelledby=\"s{number} w{number}\">\n\
         <title id=\"s{number}\">What the time of {of} went for</title>\n<desc id=\"w{number}\">{}</desc>\n\
         <text class=\"dim\" x=\"{LEFT}\" y=\"15\">what the time of {of} went for, start-up included</text>\n{bars}</svg></figure>\n",
        escaped(&said.join(" ")),
    )
}

/// A bar with its name before it and its shares below.
fn bar(name: &str, ledger: &Ledger, length: u32, y: u32) -> String {
    let mut out = format!("<text class=\"name\" x=\"0\" y=\"{}\">{}</text>", y + BAR - 3, escaped(name));
    let mut x = LEFT;
    for (part, width) in cells(ledger, length) {
        let class = state(part).map_or_else(|| "saved".to_owned(), |state| format!("a-{}", state.key()));
        let words = escaped(part.label());
        push(
            &mut out,
            format_args!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BAR}\"><title>{words}</title></rect>"
            ),
        );
        x += width;
    }
    let words = escaped(&Spent::words(ledger, Part::ALL.len()));
    push(&mut out, format_args!("<text class=\"dim\" x=\"{LEFT}\" y=\"{}\">{words}</text>\n", y + BAR + 13));
    out
}
