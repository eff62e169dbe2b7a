//! What was said, and so what is new.

use super::{How, Part};
use std::collections::BTreeMap;

/// What was said so far.
#[derive(Debug, Default)]
pub struct Spoken {
    /// What stood when something was said last.
    standing: Vec<Part>,
    /// What is said once, by what it is about.
    once: BTreeMap<String, Vec<String>>,
}

impl Spoken {
    /// Forgets all of it: everything is said again.
    pub fn forget(&mut self) {
        *self = Spoken::default();
    }

    /// Forgets what was said of one thing, so that the same words are said again.
    pub fn forget_part(&mut self, of: &str) {
        self.standing.retain(|part| part.of != of);
    }

    /// The lines that are new, an empty one before each part that has several; all of it counts as said from now on.
    pub fn news(&mut self, parts: Vec<Part>) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut apart = false;
        for part in &parts {
            let new = self.new_lines(part);
            let Some((first, rest)) = new.split_first() else { continue };
            // Paragraphs stand apart; what is one line stands with its neighbours.
            let several = !rest.is_empty() && new.len() == part.lines.len() && part.how != How::Row;
            if (several || apart) && !out.is_empty() && !first.is_empty() {
                out.push(String::new());
            }
            apart = several;
            out.push(first.clone());
            out.extend_from_slice(rest);
        }
        for part in parts.iter().filter(|part| part.how == How::Grows) {
            self.once.insert(part.of.clone(), part.lines.clone());
        }
        self.standing = parts;
        out
    }

    /// Takes all of this as said.
    pub fn take_as_said(&mut self, parts: Vec<Part>) {
        drop(self.news(parts));
    }

    fn new_lines<'a>(&self, part: &'a Part) -> &'a [String] {
        let before = match part.how {
            How::Stands | How::Row => {
                self.standing.iter().find(|before| before.of == part.of).map(|before| &before.lines)
            }
            How::Grows => self.once.get(&part.of),
        };
        match before {
            Some(before) if *before == part.lines => &[],
            Some(before) if part.how == How::Grows && part.lines.starts_with(before) => &part.lines[before.len()..],
            _ => &part.lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(of: &str, how: How, lines: &[&str]) -> Part {
        Part { of: of.to_owned(), how, lines: lines.iter().map(|line| (*line).to_owned()).collect() }
    }

    #[test]
    fn only_what_is_new_is_said() {
        let mut spoken = Spoken::default();
        let page = part("page", How::Stands, &["Two threads", "", "Both are ready."]);
        let knob = |n: &str| part("knob", How::Stands, &[n]);
        let apart = ["Two threads", "", "Both are ready.", "", "2"];
        assert_eq!(spoken.news(vec![page.clone(), knob("2")]), apart, "a paragraph stands apart");
        assert_eq!(spoken.news(vec![page.clone(), knob("4")]), ["4"]);
        assert_eq!(spoken.news(vec![page.clone(), knob("4")]), [""; 0]);
        assert_eq!(spoken.news(vec![knob("4")]), [""; 0], "what is gone is not said");
        assert_eq!(spoken.news(vec![page, knob("4")]), &apart[..3], "what is back is said again");
    }

    #[test]
    fn what_grows_is_said_once_however_often_it_goes_and_comes() {
        let mut spoken = Spoken::default();
        let output = |lines: &[&str]| vec![part("output", How::Grows, lines)];
        assert_eq!(spoken.news(output(&["a"])), ["a"]);
        assert_eq!(spoken.news(output(&["a", "b"])), ["b"]);
        assert_eq!(spoken.news(Vec::new()), [""; 0]);
        assert_eq!(spoken.news(output(&["a", "b", "c"])), ["c"]);
        spoken.forget();
        assert_eq!(spoken.news(output(&["a"])), ["a"]);
    }
}
