//! What a line of the learner's means.

use super::asked::{self, Asked};
use super::{Aloud, ways};
use crate::app::frame::Target;
use crate::app::keymap::{self, Action, Id, Row, Scope};
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::screens::{self, ask::Field};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a line means.
#[derive(Debug)]
pub enum Understood {
    /// The model is to be told this.
    Tell(Vec<Message>),
    /// What works here is to be listed.
    Ways,
    /// Everything is to be said again.
    Again,
    /// This is asked of a run.
    Ask(Asked),
    /// Nothing: what to say about that.
    Nothing(String),
}

use Understood::{Again, Ask, Nothing, Tell, Ways};

/// What this line means where this is what was said.
#[must_use]
pub fn line(model: &Model, aloud: &Aloud, line: &str) -> Understood {
    let word = line.trim();
    if let Some(field) = screens::typing(model) {
        return typed(field, line, word);
    }
    let finding = screens::field(model).is_some();
    let key = |code| Tell(vec![Message::Key(KeyEvent::new(code, KeyModifiers::NONE))]);
    match word {
        "" => return key(KeyCode::Enter),
        "?" | "help" => return Ways,
        "again" if !finding => return Again,
        _ => {}
    }
    if let Some(event) = key_named(word) {
        return pressed(model, event);
    }
    if let Some(understood) = numbers(aloud, word, finding) {
        return understood;
    }
    if finding {
        return Tell(vec![Message::Typed(line.to_owned())]);
    }
    if let Some(asked) = asked::understood(word) {
        return Ask(asked);
    }
    // A search, or the action of these words, in one line.
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    if matches!(first, "/" | ":") && !rest.is_empty() {
        let open = Message::Key(KeyEvent::new(KeyCode::Char(if first == "/" { '/' } else { ':' }), KeyModifiers::NONE));
        return Tell(vec![open, Message::Typed(rest.trim().to_owned())]);
    }
    if rest.is_empty() {
        let event = KeyEvent::new(KeyCode::Char(first.chars().next().unwrap_or(' ')), KeyModifiers::NONE);
        return pressed(model, event);
    }
    match ways::named(model, word) {
        Some(event) => Tell(vec![Message::Key(event)]),
        None => Nothing(format!("\"{word}\" names nothing here. ? lists what works.")),
    }
}

/// A line while an answer is typed: a part of the answer, unless it is the name of a key.
fn typed(field: &Field, line: &str, word: &str) -> Understood {
    let enter = Message::Key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    match among(keymap::rows(&[Scope::Typing]), word) {
        Some(event) => Tell(vec![Message::Key(event)]),
        None if word.is_empty() => Tell(vec![enter]),
        None if field.several() => {
            Tell(vec![Message::Paste(line.to_owned()), Message::Choose(Target::Key(Action::NextLine))])
        }
        None => Tell(vec![Message::Typed(line.to_owned()), enter]),
    }
}

/// A key, unless it is for a drawn screen alone.
fn pressed(model: &Model, event: KeyEvent) -> Understood {
    let open = screens::scopes(model);
    let action = keymap::lookup(event, &open);
    let does = |action: &Action| keymap::rows(&open).find(|row| row.binds.iter().any(|(_, does)| does == action));
    match action.and_then(|action| Some((does(&action)?, action))) {
        Some((row, action)) if row.id == Id::Copy => Ask(Asked::Copy(action)),
        Some((row, _)) if ways::is_for_eyes(row) => {
            let key = keymap::spelled(event, false).unwrap_or_default();
            let instead = asked::instead(row.id).unwrap_or("Here everything is said in words.");
            Nothing(format!("{key} is for a drawn screen. {instead} ? lists what works."))
        }
        _ => Tell(vec![Message::Key(event)]),
    }
}

/// A line of numbers: bars, or what they choose. `None` where it is no such line.
fn numbers(aloud: &Aloud, word: &str, finding: bool) -> Option<Understood> {
    let number = |word: &str| word.trim_end_matches([')', '.', ',', '%']).parse::<usize>().ok();
    let words: Vec<&str> = word.split_whitespace().collect();
    let all: Vec<usize> = words.iter().map(|word| number(word)).collect::<Option<_>>()?;
    if aloud.bars > 0 {
        return Some(bars(aloud.bars, &words, &all));
    }
    let offer = |n: &usize| aloud.offers.get(n.checked_sub(1)?).copied();
    match (all.iter().map(offer).collect::<Option<Vec<Target>>>(), all.len()) {
        // What is looked for may be a number.
        (None, _) if finding => None,
        (_, 0) => None,
        (Some(chosen), count) if count == 1 || aloud.several => {
            Some(Tell(chosen.into_iter().map(Message::Choose).collect()))
        }
        _ if aloud.offers.is_empty() => {
            Some(Nothing("Nothing is chosen by number here. ? lists what works.".to_owned()))
        }
        (Some(_), _) => Some(Nothing("One number at a time, please.".to_owned())),
        (None, _) => Some(Nothing(format!("There is no {word} here: the last is {}.", aloud.offers.len()))),
    }
}

/// Bars in tens of percent, or in percent where a sign says so.
fn bars(count: usize, words: &[&str], all: &[usize]) -> Understood {
    if all.len() > count {
        let s = if count == 1 { "" } else { "s" };
        return Nothing(format!("{} numbers for {count} bar{s}.", all.len()));
    }
    let percent =
        |(word, number): (&&str, &usize)| if word.ends_with('%') { *number } else { number.saturating_mul(10) };
    let each = words.iter().zip(all).map(percent).enumerate();
    Tell(each.map(|(bar, n)| Message::Choose(Target::Percent(bar, u16::try_from(n).unwrap_or(u16::MAX)))).collect())
}

/// The key of this name among those of the table, such as the one that goes back.
#[must_use]
pub fn key_named(word: &str) -> Option<KeyEvent> {
    among(keymap::all(), word)
}

fn among<'a>(rows: impl Iterator<Item = &'a Row>, word: &str) -> Option<KeyEvent> {
    let word = word.to_lowercase();
    // A letter is no name.
    let mut events = rows.flat_map(|row| row.binds).map(|(key, _)| KeyEvent::new(key.0, key.1));
    let is = |event: &KeyEvent| {
        keymap::spelled(*event, false).is_some_and(|name| name.len() > 1 && name.to_lowercase() == word)
    };
    events.find(is).filter(|_| word.len() > 1)
}
