//! What a page names in backticks, and its sentences.

use crate::lesson::pages::markdown_options;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// A name in backticks, such as `pool.map`: its parts.
pub(super) fn names(markdown: &str) -> Vec<Vec<String>> {
    let code = Parser::new_ext(markdown, markdown_options()).filter_map(|event| match event {
        Event::Code(text) => name(&text),
        _ => None,
    });
    code.collect()
}

/// The parts of a name, where this is one: `with` before it, a call behind it or a star do not matter.
fn name(code: &str) -> Option<Vec<String>> {
    let code = code.split('(').next()?.trim_start_matches(['@', '*']).trim();
    let code = code.strip_prefix("await ").or_else(|| code.strip_prefix("with ")).unwrap_or(code);
    let part = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
            && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    // A single letter is a key of the tutor, or a variable of the sentence.
    let parts: Vec<String> = code.split('.').map(str::to_owned).collect();
    (parts.iter().all(|one| part(one)) && code.len() > 1).then_some(parts)
}

/// Whether a text has this word, not as a part of a longer one.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    !word.is_empty()
        && text
            .match_indices(word)
            .any(|(at, _)| !text[..at].ends_with(letter) && !text[at + word.len()..].starts_with(letter))
}

/// A sentence of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// Its words, with those in backticks but without the backticks.
    pub words: String,
    /// What stands in backticks in it.
    pub code: Vec<String>,
    /// The same as `words`, with a `#` in place of each letter of code.
    pub masked: String,
}

/// The sentences of a page: of its paragraphs and items, and the rows of its tables. Blocks of code are none.
pub(super) fn sentences(markdown: &str) -> Vec<Sentence> {
    let mut out = Vec::new();
    let mut block: Vec<(char, bool)> = Vec::new();
    let mut in_code = false;
    for event in Parser::new_ext(markdown, markdown_options()) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if !in_code => block.extend(text.chars().map(|c| (c, false))),
            Event::Code(text) => block.extend(text.chars().map(|c| (c, true))),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell) => block.push((' ', false)),
            Event::Start(Tag::Item)
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow) => {
                split(&mut block, &mut out);
            }
            Event::End(TagEnd::Heading(_)) => block.clear(),
            _ => {}
        }
    }
    split(&mut block, &mut out);
    out
}

/// Cuts a block after each `.`, `?`, `!`, `:` and `;` that a space follows.
fn split(block: &mut Vec<(char, bool)>, out: &mut Vec<Sentence>) {
    let mut from = 0;
    for at in 0..block.len() {
        let ends = matches!(block[at], ('.' | '?' | '!' | ':' | ';', false));
        if at + 1 == block.len() || ends && block[at + 1] == (' ', false) {
            out.extend(sentence(&block[from..=at]));
            from = at + 1;
        }
    }
    block.clear();
}

fn sentence(letters: &[(char, bool)]) -> Option<Sentence> {
    let words: String = letters.iter().map(|(c, _)| *c).collect();
    let masked: String = letters.iter().map(|(c, code)| if *code { '#' } else { *c }).collect();
    let mut code: Vec<String> = Vec::new();
    let mut inside = false;
    for (c, is_code) in letters {
        match (is_code, inside) {
            (true, false) => code.push(c.to_string()),
            (true, true) => code.last_mut()?.push(*c),
            (false, _) => {}
        }
        inside = *is_code;
    }
    (!words.trim().is_empty()).then(|| Sentence { words: plain(&words), code, masked: plain(&masked) })
}

/// Words as they are compared: without emphasis and backticks, one space between them.
pub(super) fn plain(text: &str) -> String {
    let text = text.replace(['`', '*'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_be_called_awaited_or_dotted() {
        let page = "`pool.map(work, items)`, `await get()`, `N`, `5 ms`, `a-b`, `with lock:`, `*args`, `__init__`";
        let found: Vec<String> = names(page).iter().map(|parts| parts.join(".")).collect();
        assert_eq!(found, ["pool.map", "get", "args", "__init__"]);
    }

    #[test]
    fn a_word_is_a_whole_one() {
        assert!(has_word("a lock, taken", "lock") && !has_word("a locked", "lock") && !has_word("a_lock", "lock"));
    }

    #[test]
    fn a_sentence_ends_where_the_next_one_begins() {
        let page = "One `a. b` is *5 ms*. Two 3.14\nmore: three\n\n- item 1\n- item 2\n\n```\ncode 9.\n```\n\n| a | 3 |\n|---|---|\n| b | 4 |\n";
        let words: Vec<String> = sentences(page).into_iter().map(|sentence| sentence.words).collect();
        assert_eq!(words, ["One a. b is 5 ms.", "Two 3.14 more:", "three", "item 1", "item 2", "a 3", "b 4"]);
        assert_eq!(sentences(page)[0].code, ["a. b"]);
        assert_eq!(sentences(page)[0].masked, "One #### is 5 ms.");
    }
}
