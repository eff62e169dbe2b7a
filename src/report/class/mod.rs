//! What the learners of a course answered, as text, as JSON and as a page of HTML.
//!
//! A new form of it is one file and its line in [`FORMS`].

mod html;
mod json;
mod text;

use crate::learner::class::{Class, Item, Kind};

/// A form of it.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// Writes it.
    pub write: fn(&Class) -> String,
}

/// Every form; the first is what is written where none is named.
pub const FORMS: [Form; 3] = [text::FORM, json::FORM, html::FORM];

/// So many wrong answers of an item are shown; JSON has all.
const SHOWN: usize = 3;

/// The form of this name.
#[must_use]
pub fn form(name: &str) -> Option<Form> {
    FORMS.into_iter().find(|form| form.name == name)
}

/// The items, the hardest first; what could not be judged last.
fn hardest_first(class: &Class) -> Vec<&Item> {
    let mut items: Vec<&Item> = class.items.iter().collect();
    items.sort_by(|a, b| b.difficulty.unwrap_or(-1.0).total_cmp(&a.difficulty.unwrap_or(-1.0)));
    items
}

/// How many there are, in words.
fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// What the whole is about.
fn title(class: &Class) -> String {
    format!("{}, {} asked of them", counted(class.learners, "learner"), counted(class.items.len(), "thing"))
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Prediction => "prediction",
        Kind::Question => "question",
        Kind::Task => "task",
    }
}

/// What was asked, in one line; its id where this course does not have it.
fn asked(item: &Item) -> String {
    item.question.as_deref().map_or_else(|| item.id.clone(), one_line)
}

/// Text without its line breaks.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::class::merge::{LeftOut, Misconception, Wrong};

    fn class() -> Class {
        let item = |id: &str, kind, difficulty| Item {
            lesson: "02-gil".to_owned(),
            id: id.to_owned(),
            kind,
            question: Some(format!("What about\n<{id}>?")),
            answered: 4,
            difficulty,
            right: 3,
            sure_and_wrong: 1,
            wrong: Vec::new(),
        };
        let hard = Item {
            wrong: vec![
                Wrong { answer: "both & \"at once\"".into(), learners: 2, misconception: Some("all-at-once".into()) },
                Wrong { answer: "neither".into(), learners: 1, misconception: None },
            ],
            question: None,
            ..item("hard", Kind::Question, Some(0.75))
        };
        Class {
            learners: 4,
            items: vec![item("easy", Kind::Prediction, Some(0.25)), item("open", Kind::Task, None), hard],
            misconceptions: vec![Misconception { id: "all-at-once".into(), learners: 2 }],
            left_out: vec![LeftOut { file: "torn.json".into(), why: "it is damaged".into(), damaged: true }],
        }
    }

    #[test]
    fn as_text_the_hardest_is_first_with_what_was_answered() {
        insta::assert_snapshot!((form("text").unwrap().write)(&class()));
    }

    #[test]
    fn as_html_it_is_a_page_that_stands_alone_and_no_answer_is_markup() {
        let page = (form("html").unwrap().write)(&class());
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
        assert!(page.contains("both &amp; &quot;at once&quot;") || page.contains("both &amp; \"at once\""), "{page}");
        assert!(!page.contains("<easy>") && page.contains("&lt;easy&gt;"), "{page}");
        assert!(!page.contains("http") && !page.contains("<script"), "it needs no network");
        assert!(page.find("hard").unwrap() < page.find("easy").unwrap());
    }

    #[test]
    fn as_json_everything_is_in_it() {
        let value: serde_json::Value = serde_json::from_str(&(form("json").unwrap().write)(&class())).unwrap();
        assert_eq!((value["version"].as_u64(), value["learners"].as_u64()), (Some(1), Some(4)));
        assert_eq!(value["items"][2]["wrong"][0]["misconception"], "all-at-once");
        assert_eq!(
            (&value["items"][1]["difficulty"], &value["items"][1]["kind"]),
            (&serde_json::Value::Null, &"task".into())
        );
        assert_eq!(value["left_out"][0]["file"], "torn.json");
    }

    #[test]
    fn of_nobody_there_is_something_to_say() {
        for form in FORMS {
            assert!(!(form.write)(&Class::default()).is_empty(), "{}", form.name);
        }
    }
}
