//! What a line means.

use super::super::{gate, lesson, make};
use super::{Reader, typewriter};
use crate::app::model::{Model, Overlay, Screen};

fn reader() -> Reader {
    let mut model = Model::new(vec![lesson("02-gil", "The GIL"), lesson("03-io", "Waiting")], (80, 24), typewriter());
    model.progress_known = true;
    Reader::new(model)
}

#[test]
fn a_number_chooses_what_has_it_and_names_work_like_keys() {
    let mut reader = reader();
    reader.write("2");
    assert_eq!(reader.model.screen, Screen::Desk(1));
    reader.write("esc");
    assert_eq!(reader.model.screen, Screen::List(1));
    reader.write(" 1) ");
    assert_eq!(reader.model.screen, Screen::Desk(0));
    for word in ["n", "page", "Right"] {
        let before = reader.model.desk().expect("a desk").page;
        reader.write(word);
        assert_eq!(reader.model.desk().expect("a desk").page, before + 1, "{word}");
    }
    assert!(reader.write("left").contains("What did you see?"));
    assert!(reader.write("lessons").contains("A number opens one"));
}

#[test]
fn what_is_not_understood_is_said_and_changes_nothing() {
    let mut reader = reader();
    let before = reader.model.epoch;
    for (line, answer) in [
        ("7", "There is no 7 here: the last is 2."),
        ("1 2", "One number at a time"),
        ("gibberish", "\"gibberish\" names nothing here"),
        ("j", "j is for a drawn screen"),
        ("pgdn", "pgdn is for a drawn screen"),
    ] {
        let at = reader.transcript.len();
        reader.write(line);
        assert!(reader.transcript[at..].contains(answer), "{line}: {}", &reader.transcript[at..]);
    }
    assert_eq!((reader.model.epoch, reader.model.screen), (before, Screen::List(0)));
    // A key that does nothing here says so, as ever.
    assert!(reader.write("e").contains("e does nothing here"));
    assert!(reader.write("e").contains("e does nothing here"), "and again");
}

#[test]
fn a_search_and_an_action_are_one_line_and_a_number() {
    let mut reader = reader();
    let said = reader.write("/waiting");
    assert!(said.contains("found once") && said.contains("1) lesson 2"), "{said}");
    reader.write("1");
    assert_eq!((reader.model.screen, reader.model.overlay), (Screen::Desk(1), None));
    let said = reader.write(":zebras");
    assert!(said.contains("No action has the words zebras"), "{said}");
    let said = reader.write("lists all");
    assert!(said.contains("2) R: List all runtimes"), "{said}");
    reader.write("2");
    assert!(matches!(reader.model.overlay, Some(Overlay::Runtimes(_))));
    reader.write("2");
    assert_eq!((reader.model.overlay, reader.model.runtimes.selected), (None, 1));
}

#[test]
fn bars_are_digits_and_what_is_drawn_is_said() {
    let mut reader = reader();
    let rich = gate::rich(&reader.model.desks[0].lesson);
    reader.model.desks[0].lesson = rich.into();
    reader.write_all(["1", "2", "space"]);
    assert!(reader.transcript.contains("2 digits, one a bar"), "{}", reader.transcript);
    let said = reader.write("9 1");
    assert!(said.contains("busiest core 90 %, 2nd core 10 %"), "{said}");
    let said = reader.write("95% 15%");
    assert!(said.contains("95 %, 2nd core 15 %"), "{said}");
    let at = reader.transcript.len();
    reader.write("1 2 3");
    assert!(reader.transcript[at..].contains("3 numbers for 2 bars"), "{}", reader.transcript);
    // The next one is one bar, as long as three times the first at most.
    let said = reader.write("");
    assert!(said.contains("How long will threads take?") && said.contains("Give a digit"), "{said}");
    let said = reader.write("enter");
    assert!(said.contains("Set the bars first: a digit for each"), "{said}");
    reader.write("12");
    let said = reader.write("");
    assert!(said.contains("Run 1 begins") && said.contains("You drew"), "{said}");
}

#[test]
fn while_an_answer_is_typed_a_line_is_its_text() {
    let mut reader = reader();
    let rich = gate::rich(&reader.model.desks[0].lesson);
    reader.model.desks[0].lesson = rich.into();
    reader.write_all(["1", "n", "n"]);
    assert!(reader.write("answer").contains("Type your answer"));
    let said = reader.write("q");
    assert!(said.contains("Your answer: q. How sure are you?"), "{said}");
    reader.write("esc");
    reader.write("esc");
    reader.write("a");
    assert!(reader.write("5 ms").contains("Your answer: 5 ms"));
    assert!(reader.write("1").contains("Right."));
    let said = reader.write_all(["a", "0", "1"]).transcript.clone();
    assert!(said.contains("in as many lines as it needs") && said.ends_with("> 0\n> 1\n"), "{said}");
    reader.write_all(["esc"]);
    assert!(reader.transcript.contains("So far: 0\nSo far: 1\n"), "{}", reader.transcript);
    reader.write("a");
    assert!(reader.write("").contains("Your answer: 0 / 1. How sure"), "{}", reader.transcript);
}

#[test]
fn a_copy_is_thrown_away_by_number_only() {
    let bench = make::bench((80, 24));
    let mut reader = Reader::new(bench.model);
    reader.copy = |_| "print('mine')\n".to_owned();
    reader.write_all(["e", "reset"]);
    assert!(reader.transcript.contains("1) begin anew with the lesson's program"), "{}", reader.transcript);
    reader.write("2");
    assert_eq!(reader.model.overlay, None);
}
