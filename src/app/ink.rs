//! Pages laid out and sources highlighted ahead of time, on a thread of its own: the first use of a highlighter costs
//! more than a frame may.

use crate::lesson::types::Knobs;
use crate::lesson::{Language, Lesson, knobs};
use crate::view::theme::Token;
use crate::view::{Document, Highlighted};

/// A lesson's pages and sources, ready to draw.
#[derive(Debug, Clone)]
pub struct Ink {
    /// The pages.
    pub pages: Vec<Document>,
    /// The sources by program: Python, Rust.
    sources: Vec<[Option<Highlighted>; 2]>,
}

impl Ink {
    /// Prepares a lesson in full.
    #[must_use]
    pub fn new(lesson: &Lesson) -> Ink {
        let source = |text: &Option<String>, language| text.as_ref().map(|t| Highlighted::new(t, language));
        let pages = lesson.pages.iter().map(|page| Document::new(Some(&page.title), &page.markdown)).collect();
        let sources = lesson.programs.iter();
        let sources = sources.map(|p| [source(&p.python, Language::Python), source(&p.rust, Language::Rust)]).collect();
        Ink { pages, sources }
    }
}

/// A page for the frames before the ink has dried: its code is plain.
#[must_use]
pub fn plain_page(title: &str, markdown: &str) -> Document {
    let fences = |line: &str| if line.trim_start().starts_with("```") { "```".to_owned() } else { line.to_owned() };
    let markdown: Vec<String> = markdown.lines().map(fences).collect();
    Document::new(Some(title), &markdown.join("\n"))
}

/// A program's source with the knobs' values in it; lines that the knobs change are told apart anew.
#[must_use]
pub fn source(ink: Option<&Ink>, lesson: &Lesson, program: usize, language: Language, values: &Knobs) -> Highlighted {
    let Some(text) = text(lesson, program, language) else { return Highlighted { lines: Vec::new() } };
    let turned = knobs::substitute(text, language, values, None);
    let dry = ink.and_then(|ink| ink.sources.get(program)?[usize::from(language == Language::Rust)].as_ref());
    let plain = |line: &str| vec![(Token::Plain, line.to_owned())];
    let Some(dry) = dry else { return Highlighted { lines: turned.lines().map(plain).collect() } };
    let lines = turned.lines().zip(text.lines()).enumerate();
    let lines = lines.map(|(n, (now, before))| {
        let known = dry.lines.get(n).filter(|_| now == before).cloned();
        known.unwrap_or_else(|| Highlighted::new(now, language).lines.into_iter().next().unwrap_or_default())
    });
    Highlighted { lines: lines.collect() }
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
