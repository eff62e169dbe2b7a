//! Tells the words of a source apart with syntect, from a dump of the two languages that lessons are written in.

use crate::lesson::Language;
use crate::view::theme::Token;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

/// Made by `build/highlight.rs`.
static DUMP: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/syntaxes.bin"));

/// The syntaxes in use.
static SET: Mutex<Option<Arc<SyntaxSet>>> = Mutex::new(None);

/// The syntaxes, loaded when a source is shown for the first time, or after [`forget`].
fn syntaxes() -> Arc<SyntaxSet> {
    let load = || syntect::dumps::from_uncompressed_data(DUMP).expect("the dump was made by the same syntect");
    let mut set = SET.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(set.get_or_insert_with(|| Arc::new(load())))
}

/// Gives back the syntaxes: with all their compiled patterns they are most of what the app holds in memory, and what
/// has been told apart stays told apart.
pub fn forget() {
    SET.lock().unwrap_or_else(PoisonError::into_inner).take();
}

/// Scopes and what they mean, the most specific last.
fn table() -> &'static [(Scope, Token)] {
    static TABLE: OnceLock<Vec<(Scope, Token)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = [
            ("keyword", Token::Keyword),
            ("storage", Token::Keyword),
            ("keyword.operator.assignment", Token::Plain),
            ("keyword.operator.arithmetic", Token::Plain),
            ("keyword.operator.comparison", Token::Plain),
            ("keyword.operator", Token::Plain),
            ("keyword.operator.logical.python", Token::Keyword),
            ("storage.type.numeric", Token::Number),
            ("constant", Token::Number),
            ("string", Token::Str),
            ("constant.character.escape", Token::Number),
            ("comment", Token::Comment),
            ("entity.name.function", Token::Function),
            ("entity.name.class", Token::Type),
            ("entity.name.struct", Token::Type),
            ("entity.name.enum", Token::Type),
            ("support.function", Token::Function),
            ("support.macro", Token::Function),
            ("support.type", Token::Type),
            ("variable.function", Token::Function),
            ("punctuation.definition.string", Token::Str),
            ("punctuation.definition.comment", Token::Comment),
        ];
        let scope = |s: &str| Scope::new(s).expect("a scope of the table is well formed");
        rows.iter().map(|(s, t)| (scope(s), *t)).collect()
    })
}

/// What the innermost scope with a meaning says.
fn token(stack: &ScopeStack) -> Token {
    let comment = table().iter().filter(|(_, t)| *t == Token::Comment);
    if stack.scopes.iter().any(|s| comment.clone().any(|(p, _)| p.is_prefix_of(*s))) {
        return Token::Comment;
    }
    for scope in stack.scopes.iter().rev() {
        let best = table().iter().filter(|(p, _)| p.is_prefix_of(*scope)).max_by_key(|(p, _)| p.len());
        if let Some((_, token)) = best {
            return *token;
        }
    }
    Token::Plain
}

/// The words of every line with their kind. A line that the syntax cannot read stays plain.
#[must_use]
pub fn highlight(source: &str, language: Language) -> Vec<Vec<(Token, String)>> {
    let name = match language {
        Language::Python => "Python",
        Language::Rust => "Rust",
    };
    let set = syntaxes();
    let Some(syntax) = set.find_syntax_by_name(name) else { return plain(source) };
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut out = Vec::new();
    for line in source.lines() {
        let with_end = format!("{line}\n");
        let Ok(steps) = state.parse_line(&with_end, &set) else {
            out.push(vec![(Token::Plain, line.to_owned())]);
            continue;
        };
        let mut words = Vec::new();
        let mut at = 0;
        for (end, step) in steps {
            add(&mut words, token(&stack), &line[at.min(line.len())..end.min(line.len())]);
            at = end;
            if stack.apply(&step).is_err() {
                stack = ScopeStack::new();
            }
        }
        add(&mut words, token(&stack), &line[at.min(line.len())..]);
        out.push(words);
    }
    out
}

/// Source without any kinds.
#[must_use]
pub fn plain(source: &str) -> Vec<Vec<(Token, String)>> {
    source.lines().map(|l| vec![(Token::Plain, l.to_owned())]).collect()
}

fn add(words: &mut Vec<(Token, String)>, token: Token, text: &str) {
    if text.is_empty() {
        return;
    }
    match words.last_mut() {
        Some((last, word)) if *last == token => word.push_str(text),
        _ => words.push((token, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(source: &str, language: Language, word: &str) -> Token {
        let lines = highlight(source, language);
        let found = lines.iter().flatten().find(|(_, w)| w.trim() == word || w.contains(word));
        found.unwrap_or_else(|| panic!("{word} is not in {lines:?}")).0
    }

    #[test]
    fn python_words_have_their_kind() {
        let source = "import threading  # why\nWORKERS = 2\ndef work(n):\n    return f\"a{n}\"\n";
        assert_eq!(kind_of(source, Language::Python, "import"), Token::Keyword);
        assert_eq!(kind_of(source, Language::Python, "# why"), Token::Comment);
        assert_eq!(kind_of(source, Language::Python, "2"), Token::Number);
        assert_eq!(kind_of(source, Language::Python, "work"), Token::Function);
        assert_eq!(kind_of(source, Language::Python, "return"), Token::Keyword);
    }

    #[test]
    fn rust_words_have_their_kind() {
        let source = "use std::thread;\nconst WORKERS: usize = 2;\nfn main() { println!(\"x\"); }\n";
        assert_eq!(kind_of(source, Language::Rust, "use"), Token::Keyword);
        assert_eq!(kind_of(source, Language::Rust, "2"), Token::Number);
        assert_eq!(kind_of(source, Language::Rust, "main"), Token::Function);
        assert_eq!(kind_of(source, Language::Rust, "\"x\""), Token::Str);
    }

    #[test]
    fn nothing_is_lost() {
        let source = "x = '''a\n\tb'''\n\n# é\n";
        for language in [Language::Python, Language::Rust] {
            let back: Vec<String> =
                highlight(source, language).iter().map(|l| l.iter().map(|(_, w)| w.as_str()).collect()).collect();
            assert_eq!(back, source.lines().collect::<Vec<_>>());
        }
    }
}
