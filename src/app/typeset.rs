//! Pages laid out and sources highlighted ahead of time, on a thread of its own: the first use of a highlighter costs
//! more than a frame may.

use crate::lesson::types::Knobs;
use crate::lesson::{Check, CheckKind, Language, Lesson, knobs};
use crate::view::theme::Token;
use crate::view::{Document, Highlighted};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A lesson's pages and sources, ready to draw.
#[derive(Debug, Clone)]
pub struct Typeset {
    /// One document a page, in the lesson's order.
    pub pages: Vec<Document>,
    /// The sources by program: Python, Rust.
    sources: Vec<[Option<Highlighted>; 2]>,
    /// The code that questions ask about, by check.
    codes: BTreeMap<String, Highlighted>,
}

impl Typeset {
    /// Prepares a lesson's pages and its sources in Python.
    #[must_use]
    pub fn new(lesson: &Lesson) -> Typeset {
        let pages = lesson.pages.iter().map(|page| Document::new(Some(&page.title), &page.markdown)).collect();
        let python = |text: &Option<String>| text.as_ref().map(|text| Highlighted::new(text, Language::Python));
        let sources = lesson.programs.iter().map(|program| [python(&program.python), None]).collect();
        let code = |check: &Check| Some((check.id.clone(), Highlighted::new(code_of(check)?, Language::Python)));
        let codes = lesson.checks.iter().filter_map(code).collect();
        Typeset { pages, sources, codes }
    }

    /// Prepares a lesson's sources in Python alone: its pages are drawn plain.
    #[must_use]
    pub fn of_sources(lesson: &Lesson) -> Typeset {
        let typeset = Typeset { pages: Vec::new(), ..Typeset::new(lesson) };
        give_back();
        typeset
    }

    /// Adds the sources in Rust.
    #[must_use]
    pub fn with_rust(&self, lesson: &Lesson) -> Typeset {
        let mut all = self.clone();
        for (place, program) in all.sources.iter_mut().zip(&lesson.programs) {
            place[1] = program.rust.as_ref().map(|text| Highlighted::new(text, Language::Rust));
        }
        all
    }
}

/// Prepares a lesson, in Python first: that is shown first. One lesson at a time: several at once would hold the
/// highlighter's patterns in memory several times.
pub fn prepare(lesson: &Lesson, mut tell: impl FnMut(Arc<Typeset>)) {
    static ONE: Mutex<()> = Mutex::new(());
    let one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let typeset = Arc::new(Typeset::new(lesson));
    tell(Arc::clone(&typeset));
    tell(Arc::new(typeset.with_rust(lesson)));
    give_back();
    drop(one);
}

/// A page for the frames before a lesson is typeset: its code is plain.
#[must_use]
pub fn plain_page(title: &str, markdown: &str) -> Document {
    let fences = |line: &str| if line.trim_start().starts_with("```") { "```".to_owned() } else { line.to_owned() };
    let markdown: Vec<String> = markdown.lines().map(fences).collect();
    Document::new(Some(title), &markdown.join("\n"))
}

/// The code that a question asks about, if it does.
fn code_of(check: &Check) -> Option<&str> {
    if let CheckKind::Typed(typed) = &check.kind { typed.code.as_deref() } else { None }
}

/// The code that a question asks about, highlighted once that is ready.
#[must_use]
pub fn code(typeset: Option<&Typeset>, check: &Check) -> Option<Highlighted> {
    let text = code_of(check)?;
    let dry = typeset.and_then(|typeset| typeset.codes.get(&check.id)).cloned();
    let plain = |line: &str| vec![(Token::Plain, line.to_owned())];
    Some(dry.unwrap_or_else(|| Highlighted { lines: text.lines().map(plain).collect() }))
}

/// A program's source with the knobs' values in it, and the address of its run's server once that is known; the words that the knobs change keep their kind.
#[must_use]
pub fn source<'a>(
    typeset: Option<&'a Typeset>,
    (lesson, program): (&Lesson, usize),
    language: Language,
    values: &Knobs,
    url: Option<&str>,
) -> Cow<'a, Highlighted> {
    let Some(text) = text(lesson, program, language) else { return Cow::Owned(Highlighted { lines: Vec::new() }) };
    let turned = knobs::substitute(text, language, values, url);
    let dry =
        typeset.and_then(|typeset| typeset.sources.get(program)?[usize::from(language == Language::Rust)].as_ref());
    let plain = |line: &str| vec![(Token::Plain, line.to_owned())];
    let Some(dry) = dry else { return Cow::Owned(Highlighted { lines: turned.lines().map(plain).collect() }) };
    if turned == *text {
        return Cow::Borrowed(dry);
    }
    let lines = turned.lines().zip(text.lines()).enumerate();
    let lines = lines.map(|(n, (now, before))| {
        let known = dry.lines.get(n).filter(|_| now == before).cloned();
        known.unwrap_or_else(|| dry.lines.get(n).map_or_else(|| plain(now), |words| turned_line(words, before, now)))
    });
    Cow::Owned(Highlighted { lines: lines.collect() })
}

/// The words of a line after a number in it has changed: what the new number takes the place of keeps its kind.
fn turned_line(words: &[(Token, String)], before: &str, now: &str) -> Vec<(Token, String)> {
    let (start, tail) = change(before, now);
    let (old_end, new_end) = (before.len() - tail, now.len() - tail);
    let mut new = Some(&now[start..new_end]);
    let mut out: Vec<(Token, String)> = Vec::new();
    let mut at = 0;
    for (token, word) in words {
        let (from, to) = (at, at + word.len());
        at = to;
        let mut text = before[from..to.min(start).max(from)].to_owned();
        if to > start {
            text.push_str(new.take().unwrap_or_default());
        }
        text.push_str(&before[from.max(old_end).min(to)..to]);
        if !text.is_empty() {
            out.push((*token, text));
        }
    }
    out.extend(new.map(|new| (Token::Plain, new.to_owned())));
    out
}

/// Where two lines begin to differ, and how many bytes they share at their ends, both at the edges of words.
fn change(before: &str, now: &str) -> (usize, usize) {
    let in_word = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '"');
    let bytes = |chars: &mut dyn Iterator<Item = char>| chars.map(char::len_utf8).sum::<usize>();
    let same = |(a, b): &(char, char)| a == b;
    let head: Vec<char> = before.chars().zip(now.chars()).take_while(same).map(|(c, _)| c).collect();
    let cut = head.iter().rev().take_while(|c| in_word(c)).count();
    let start = bytes(&mut head[..head.len() - cut].iter().copied());
    let tails = before[start..].chars().rev().zip(now[start..].chars().rev());
    let tail: Vec<char> = tails.take_while(same).map(|(c, _)| c).collect();
    let cut = tail.iter().rev().take_while(|c| in_word(c)).count();
    (start, bytes(&mut tail[..tail.len() - cut].iter().copied()))
}

/// A program's source in a language, as the lesson has it.
#[must_use]
pub fn text(lesson: &Lesson, program: usize, language: Language) -> Option<&str> {
    let program = lesson.programs.get(program)?;
    match language {
        Language::Python => program.python.as_deref(),
        Language::Rust => program.rust.as_deref(),
    }
}

/// What only the preparing needed goes back to the system.
fn give_back() {
    crate::view::source::highlight::forget();
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: `malloc_trim` only gives back pages that hold nothing.
    unsafe {
        libc::malloc_trim(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(words: &[(Token, String)]) -> String {
        words.iter().map(|(_, word)| word.as_str()).collect()
    }

    proptest! {
        #[test]
        fn a_turned_line_reads_as_it_stands_in_the_source(old in "[0-9_.é]{1,9}", new in "[0-9_.é]{1,9}", rest in "[ #a-z]{0,12}") {
            let before = format!("N = {old}{rest}");
            let now = format!("N = {new}{rest}");
            let words = [(Token::Plain, "N = ".to_owned()), (Token::Number, old), (Token::Comment, rest)];
            prop_assert_eq!(text_of(&turned_line(&words, &before, &now)), now);
        }
    }

    #[test]
    fn the_source_says_the_address_that_was_used() {
        let source = "URL = \"http://127.0.0.1:8000\"\n";
        let mut lesson = crate::app::screens::desk::script::lesson(std::path::Path::new("a.py"), source);
        lesson.server = true;
        let shown = |url| {
            let code = super::source(None, (&lesson, 0), Language::Python, &Knobs::new(), url);
            code.lines.iter().map(|words| text_of(words)).collect::<Vec<_>>()
        };
        assert_eq!(shown(None), ["URL = \"http://127.0.0.1:8000\""]);
        assert_eq!(shown(Some("http://127.0.0.1:43210")), ["URL = \"http://127.0.0.1:43210\""]);
    }

    #[test]
    fn a_turned_number_stays_a_number() {
        let words =
            [(Token::Plain, "N = ".to_owned()), (Token::Number, "20".to_owned()), (Token::Plain, " ".to_owned())];
        let turned = turned_line(&words, "N = 20 ", "N = 2000 ");
        assert_eq!(turned[1], (Token::Number, "2000".to_owned()));
        let back = turned_line(&turned, "N = 2000 ", "N = 20 ");
        assert_eq!(back[1], (Token::Number, "20".to_owned()));
    }
}
