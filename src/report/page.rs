//! A page of HTML that stands alone: it needs no script and no network, and follows the reader's choice of light or dark.
//!
//! Its pictures are SVG, drawn from the traces themselves, a hundred times finer than a terminal's.

mod area;
pub mod lanes;
pub mod strokes;
pub mod style;

use crate::runner::{Machine, Outcome};
use crate::trace::{SwitchSource, WaitSource};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use strokes::Ink;

/// A whole page: its title, which is markup, what its pictures are drawn with, and what stands on it.
pub fn document(title: &str, inks: &BTreeSet<Ink>, body: &str) -> String {
    framed(title, &style::sheet(), &style::patterns(inks), body)
}

/// The frame of every page: its title, which is markup, its style sheet, what its pictures refer to, and what stands on it.
pub fn framed(title: &str, sheet: &str, patterns: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n<title>{title}</title>\n<style>\n{sheet}</style>\n</head>\n\
         <body>\n{patterns}<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n"
    )
}

/// The last line: on which machine it was measured, with which knobs, and how, where there is a run that says so.
pub fn footer(machine: Machine, outcome: Option<&Outcome>) -> String {
    let usable = if machine.usable_cores > 0.0 {
        format!(", {:.2} of them usable", machine.usable_cores)
    } else {
        String::new()
    };
    let mut out = format!("<footer>Measured on a machine with {} cores{usable}", machine.cores);
    if let Some(outcome) = outcome {
        let knobs: Vec<String> = outcome.spec.knobs.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        if !knobs.is_empty() {
            push(&mut out, format_args!(", with {}", escaped(&knobs.join(", "))));
        }
        push(&mut out, format_args!(". {}", sources(outcome)));
    }
    push(&mut out, format_args!(" concur-tutor {}.</footer>\n", env!("CARGO_PKG_VERSION")));
    out
}

fn sources(outcome: &Outcome) -> String {
    let sources = outcome.trace.sources;
    let switches = match sources.switches {
        SwitchSource::Perf => "Who was on a core was traced, exactly",
        SwitchSource::Schedstat => "Who was on a core was sampled",
        SwitchSource::None => "Who was on a core was not measured",
    };
    let waits = match sources.waits {
        WaitSource::Preload => "why threads waited, too",
        WaitSource::Procfs => "why threads waited was sampled",
        WaitSource::None => "why threads waited was not measured",
    };
    format!("{switches}; {waits}.")
}

/// Text that is no markup.
pub fn escaped(text: &str) -> String {
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
pub fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("a text takes all that is written to it");
}

#[cfg(test)]
pub(super) mod tests {
    /// Every tag that is opened, in order; panics where one is closed that was not opened last.
    pub fn tags(page: &str) -> Vec<&str> {
        let (mut open, mut all, mut rest) = (Vec::new(), Vec::new(), page.strip_prefix("<!DOCTYPE html>").unwrap());
        while let Some(start) = rest.find('<') {
            let end = start + rest[start..].find('>').expect("a tag ends");
            let tag = &rest[start + 1..end];
            let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap();
            match tag {
                _ if tag.starts_with('/') => {
                    assert_eq!(open.pop(), Some(name), "</{name}> closes what was opened last");
                }
                _ if tag.ends_with('/') => all.push(name),
                _ => {
                    open.push(name);
                    all.push(name);
                }
            }
            rest = &rest[end + 1..];
        }
        assert_eq!(open, Vec::<&str>::new(), "all is closed");
        all
    }
}
