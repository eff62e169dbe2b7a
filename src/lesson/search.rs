//! Words found in lessons: in their titles, on their pages, in their programs.
//!
//! An index is the lessons' texts, folded to small letters, in reading order. It is made once, aside: making it looks into
//! every lesson. Finding in it is quick enough to be done at each letter.

use super::pages::markdown_options;
use super::types::{Language, Lesson};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use std::ops::Range;

/// Blanks and letters before a match that its line keeps at most, where the line is long.
const BEFORE: usize = 24;
/// And all in all.
const LONGEST: usize = 160;

/// The texts of lessons, to find words in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    lessons: Vec<Vec<Passage>>,
}

/// A stretch of text without a line break.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Passage {
    place: Place,
    text: String,
    folded: Vec<char>,
}

/// Where in a lesson something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In its title.
    Title,
    /// In the title of this page.
    PageTitle(usize),
    /// On this page.
    Page(usize),
    /// In this line of this program, both counted from 0.
    Program(usize, Language, usize),
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The lesson, by its place among those of the index.
    pub lesson: usize,
    /// Where in it.
    pub place: Place,
    /// The line around it.
    pub line: String,
    /// What was found in the line, in bytes.
    pub found: Range<usize>,
    /// The whole stretch of text that it was found in, and where, in letters.
    pub passage: (String, usize),
}

/// Small letters, one for one, and every blank the same.
#[must_use]
pub fn folded(text: &str) -> Vec<char> {
    text.chars().map(fold).collect()
}

/// What was typed as it is looked for: folded, without blanks around it and with one between words.
#[must_use]
pub fn needle(typed: &str) -> Vec<char> {
    folded(&typed.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A letter, small; a blank for anything that is one.
#[must_use]
pub fn fold(letter: char) -> char {
    if letter.is_whitespace() { ' ' } else { letter.to_lowercase().next().unwrap_or(letter) }
}

/// Where in `all` this is first, in letters.
#[must_use]
pub fn position(all: &[char], needle: &[char]) -> Option<usize> {
    if needle.is_empty() { None } else { all.windows(needle.len()).position(|part| part == needle) }
}

impl Index {
    /// The index of these lessons.
    #[must_use]
    pub fn of<'a>(lessons: impl IntoIterator<Item = &'a Lesson>) -> Index {
        Index { lessons: lessons.into_iter().map(passages).collect() }
    }

    /// What is found of this, in the order of the course: in each lesson its title, its pages, its programs in this
    /// language. At most so many hits, and how many there are in all.
    #[must_use]
    pub fn find(&self, typed: &str, language: Language, most: usize) -> (Vec<Hit>, usize) {
        let needle = needle(typed);
        let (mut hits, mut all) = (Vec::new(), 0);
        if needle.is_empty() {
            return (hits, all);
        }
        for (lesson, passages) in self.lessons.iter().enumerate() {
            for passage in passages {
                if matches!(passage.place, Place::Program(_, other, _) if other != language) {
                    continue;
                }
                let Some(at) = position(&passage.folded, &needle) else { continue };
                all += 1;
                if hits.len() < most {
                    hits.push(passage.hit(lesson, at, needle.len()));
                }
            }
        }
        (hits, all)
    }
}

impl Passage {
    fn new(place: Place, text: &str) -> Option<Passage> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then(|| Passage { place, folded: folded(&text), text })
    }

    /// What was found here, with as much of the text around it as reads well.
    fn hit(&self, lesson: usize, at: usize, letters: usize) -> Hit {
        let all: Vec<char> = self.text.chars().collect();
        // A long text begins at a word shortly before the match.
        let first = if at <= BEFORE {
            0
        } else {
            let from = at - BEFORE;
            (from..at).find(|n| all[*n - 1] == ' ').unwrap_or(from)
        };
        let last = all.len().min(first + LONGEST.max(letters + BEFORE));
        let mut line = String::new();
        let mut found = 0..0;
        if first > 0 {
            line.push('…');
        }
        for (n, letter) in all.iter().enumerate().take(last).skip(first) {
            if n == at {
                found.start = line.len();
            }
            line.push(*letter);
            if n + 1 == at + letters {
                found.end = line.len();
            }
        }
        Hit { lesson, place: self.place, line, found, passage: (self.text.clone(), at) }
    }
}

fn passages(lesson: &Lesson) -> Vec<Passage> {
    let mut out: Vec<Passage> = Vec::new();
    out.extend(Passage::new(Place::Title, &lesson.title));
    for (n, page) in lesson.pages.iter().enumerate() {
        out.extend(Passage::new(Place::PageTitle(n), &page.title));
        out.extend(texts(&page.markdown).iter().filter_map(|text| Passage::new(Place::Page(n), text)));
    }
    for (n, program) in lesson.programs.iter().enumerate() {
        for (language, source) in [(Language::Python, &program.python), (Language::Rust, &program.rust)] {
            let lines = source.iter().flat_map(|source| source.lines()).enumerate();
            out.extend(lines.filter_map(|(line, text)| Passage::new(Place::Program(n, language, line), text)));
        }
    }
    out
}

/// What a reader reads of Markdown: a paragraph, an item, a cell of a table, a line of code each.
fn texts(markdown: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut code = false;
    for event in Parser::new_ext(markdown, markdown_options()) {
        match event {
            Event::Text(words) if code => out.extend(words.lines().map(str::to_owned)),
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            // An item's own words end where a list in it begins.
            Event::Start(Tag::List(_) | Tag::Item | Tag::Paragraph)
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableCell) => {
                out.extend((!text.is_empty()).then(|| std::mem::take(&mut text)));
            }
            _ => {}
        }
    }
    out.extend((!text.is_empty()).then_some(text));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::{Page, Program};
    use proptest::prelude::*;

    fn lesson() -> Lesson {
        let page = |title: &str, markdown: &str| Page {
            title: title.into(),
            markdown: markdown.into(),
            program: None,
            checks: Vec::new(),
        };
        let program = Program {
            name: "threads".into(),
            python: Some("import time\n\nwith lock:\n    time.sleep(1)\n".into()),
            rust: Some("let lock = Lock::new();\n".into()),
            ..Program::default()
        };
        Lesson {
            title: "Races and locks".into(),
            pages: vec![
                page(
                    "A lock",
                    "Whoever *holds* the `lock`\ngoes on; see [here](http://lock.example).\n\n- a lock\n- none\n",
                ),
                page(
                    "Two",
                    "<!-- check: lock -->\n```python\na = 1\nlock = Lock()\n```\n\n| lock | free |\n|---|---|\n| a | b |\n",
                ),
            ],
            programs: vec![program],
            ..Lesson::default()
        }
    }

    fn found(typed: &str, language: Language) -> Vec<(Place, String)> {
        let lessons = [Lesson::default(), lesson()];
        let (hits, all) = Index::of(&lessons).find(typed, language, 100);
        assert_eq!(hits.len(), all);
        assert!(hits.iter().all(|hit| hit.lesson == 1));
        hits.into_iter().map(|hit| (hit.place, hit.line[hit.found].to_owned())).collect()
    }

    #[test]
    fn titles_pages_and_programs_are_found_in_reading_order() {
        let python = [
            (Place::Title, "lock"),
            (Place::PageTitle(0), "lock"),
            (Place::Page(0), "lock"),
            (Place::Page(0), "lock"),
            (Place::Page(1), "lock"),
            (Place::Page(1), "lock"),
            (Place::Program(0, Language::Python, 2), "lock"),
        ];
        assert_eq!(found("LOCK", Language::Python), python.map(|(place, text)| (place, text.to_owned())));
        assert_eq!(found("lock", Language::Rust).last().unwrap().0, Place::Program(0, Language::Rust, 0));
        assert_eq!(
            found("Holds  the lock goes", Language::Python),
            [(Place::Page(0), "holds the lock goes".to_owned())]
        );
        assert!(found("check", Language::Python).is_empty(), "what nobody reads is not found");
        assert!(found("  ", Language::Python).is_empty() && found("zzz", Language::Python).is_empty());
    }

    #[test]
    fn there_are_no_more_hits_than_asked_for_and_all_are_counted() {
        let index = Index::of(&[lesson()]);
        let (hits, all) = index.find("lock", Language::Python, 3);
        assert_eq!((hits.len(), all), (3, 7));
    }

    proptest! {
        #[test]
        fn the_line_has_what_was_found(before in "[a-zéß ]{0,80}", word in "[a-zÉß]{1,8}", after in "[a-z ]{0,300}") {
            let text = format!("{before} {word} {after}");
            let lesson = Lesson { title: text, ..Lesson::default() };
            let (hits, _) = Index::of(&[lesson]).find(&word, Language::Python, 9);
            prop_assert_eq!(hits.len(), 1);
            prop_assert_eq!(folded(&hits[0].line[hits[0].found.clone()]), folded(&word));
            prop_assert!(hits[0].line.chars().count() <= LONGEST + BEFORE + word.chars().count() + 1);
        }
    }
}
