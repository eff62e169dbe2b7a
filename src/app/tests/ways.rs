//! Ways through the app: by number, by its ends; what a key does where it does nothing, and where its part is not seen.

use super::states::{self, Course};
use super::{Bench, play};
use crate::app::appearance::{Appearance, Outright};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::model::{Overlay, Screen, Tone};
use crate::app::screens::desk::Pane;
use crate::app::screens::overlay::commands;
use crate::learner::progress::Progress;
use crate::learner::settings::{GlyphSet, Settings, ThemeName};
use crate::learner::store::Loaded;
use crate::view::theme::{Background, ColorDepth};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, ModifierKeyCode};

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

fn at(course: Course, size: (u16, u16), keys: &str) -> Bench {
    play(states::bench(course, size), keys)
}

fn said(bench: &Bench) -> &str {
    bench.model.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn a_number_goes_to_its_lesson_and_another_digit_goes_on() {
    let table = [("1", 0), ("1 9", 18), ("2 4", 23), ("2 5", 4), ("1 down 2", 1), ("3 1", 0), ("9 9", 8), ("2 0", 19)];
    for (keys, row) in table {
        let bench = at(Course::Long, WIDE, keys);
        assert_eq!(bench.model.screen, Screen::List(row), "after {keys:?}");
    }
    let mut bench = at(Course::Long, WIDE, "2");
    assert_eq!(said(&bench), "2, or one more digit: 20-24");
    assert!(bench.screen().contains("2, or one more digit"), "{}", bench.screen());
    bench.press("down");
    assert_eq!((said(&bench), bench.model.number), ("", None));
    bench.press("0");
    assert_eq!((said(&bench), bench.model.screen), ("There is no 0 here: the last is 24.", Screen::List(2)));
}

#[test]
fn a_list_has_ends_and_pages() {
    let table =
        [("G", 23), ("end", 23), ("G g", 0), ("end home", 0), ("pgdn", 10), ("pgdn pgdn pgdn", 23), ("pgdn pgup", 0)];
    for (keys, row) in table {
        let bench = at(Course::Long, WIDE, keys);
        assert_eq!(bench.model.screen, Screen::List(row), "after {keys:?}");
    }
    let runtimes = |keys| at(Course::Plain, WIDE, keys).model.overlay;
    assert_eq!(runtimes("enter R G"), runtimes("enter R 4"));
    assert_ne!(runtimes("enter R G"), runtimes("enter R"));
}

#[test]
fn a_key_that_does_nothing_says_so_until_the_next_one() {
    let table = [
        ("t", "t does nothing here. Where a run is drawn: inspect."),
        ("right esc ]", "] does nothing here. In a lesson with knobs: turn knob."),
        ("~", "~ does nothing here."),
        ("enter +", "+ does nothing here. Where a run is drawn: zoom."),
        ("enter X", "X does nothing here. On the map of the course: forget."),
        ("enter ? x", "x does nothing here. In a task: reset."),
    ];
    for (keys, words) in table {
        let mut bench = at(Course::Plain, WIDE, keys);
        assert_eq!(said(&bench), words, "after {keys:?}");
        assert_eq!(bench.model.notice.as_ref().map(|notice| notice.tone), Some(Tone::Quiet));
        assert!(bench.screen().contains(words), "{}", bench.screen());
        bench.press("?");
        assert_eq!(said(&bench), "");
    }
}

#[test]
fn what_is_typed_and_what_is_no_key_of_its_own_says_nothing() {
    let typing = at(Course::Rich, WIDE, "enter right right a \"t~");
    assert!(typing.typing().is_some_and(|field| field.text() == "t~") && said(&typing).is_empty());
    let mut bench = Bench::at_list(WIDE);
    let shift = KeyCode::Modifier(ModifierKeyCode::LeftShift);
    for code in [shift, KeyCode::CapsLock, KeyCode::Null, KeyCode::Char('\u{7}')] {
        bench.tell(Message::Key(KeyEvent::new(code, KeyModifiers::NONE)));
        assert_eq!(said(&bench), "", "{code:?}");
    }
}

#[test]
fn the_timeline_is_inspected_only_where_it_is_seen() {
    let mut bench = at(Course::Plain, SMALL, "enter space END v t");
    assert_eq!((bench.desk().pane, &bench.desk().view.cursor), (Pane::Results, &None));
    assert!(said(&bench).starts_with("t does nothing here"), "{}", said(&bench));
    bench.press("v v v v v t");
    assert!(bench.desk().pane == Pane::Watch && bench.desk().view.cursor.is_some());
    bench.press("v right");
    assert_eq!(bench.desk().page, 1, "the arrow turns the page where the cursor is not seen");
}

#[test]
fn a_bar_is_set_only_where_it_is_seen() {
    let mut bench = at(Course::Rich, SMALL, "enter tab space 3 v");
    let drawn = |bench: &Bench| bench.desk().gate.as_ref().map(|gate| gate.bars.clone());
    assert_eq!(drawn(&bench), Some(vec![30, 0]));
    bench.press("9 space");
    assert_eq!((bench.desk().pane, drawn(&bench)), (Pane::Watch, Some(vec![30, 0])), "it is shown, not answered");
    bench.press("v right");
    assert_eq!((bench.desk().page, drawn(&bench)), (1, None), "turning the page leaves it");
    assert!(bench.started().is_empty());
}

#[test]
fn digits_draw_in_tenths() {
    let mut bench = at(Course::Rich, WIDE, "enter tab space 9 down 4");
    let bars = |bench: &Bench| bench.desk().gate.as_ref().map(|gate| gate.bars.clone()).unwrap_or_default();
    assert_eq!(bars(&bench), [90, 40]);
    bench.press("0 up end");
    assert_eq!(bars(&bench), [100, 0]);
    bench.press("home right");
    assert_eq!(bars(&bench), [5, 0]);
}

#[test]
fn a_theme_and_signs_are_chosen_and_kept() {
    let mut bench = at(Course::Plain, WIDE, "T");
    assert_eq!(bench.model.appearance.background, Background::Light);
    assert_eq!(bench.model.progress.settings.theme, Some(ThemeName::Light));
    assert!(said(&bench).starts_with("Theme: light.") && matches!(bench.effects.last(), Some(Effect::Save)));
    bench.press("T");
    assert!(bench.model.appearance.contrast && bench.model.appearance.background == Background::Dark);
    bench.press("T");
    assert!(!bench.model.theme.palette.colored);
    bench.press("T U");
    assert_eq!(bench.model.appearance, Appearance { unicode: false, ..Bench::at_list(WIDE).model.appearance });
    assert!(bench.screen().is_ascii(), "{}", bench.screen());
}

/// What a start looks like where this was kept.
fn start(outright: Outright, before: &str) -> Appearance {
    let mut bench = Bench::at_list(WIDE);
    bench.model.assumed.outright = outright;
    if !before.is_empty() {
        bench.press(before);
    }
    let settings = Settings { theme: Some(ThemeName::NoColour), glyphs: Some(GlyphSet::Ascii) };
    let progress = Progress { settings, ..Progress::default() };
    bench.tell(Message::Progress(Loaded { progress, message: None }));
    bench.tell(Message::LightTerminal);
    assert_eq!(bench.model.progress.settings.glyphs, settings.glyphs, "what is kept stays");
    bench.model.appearance
}

#[test]
fn what_was_kept_counts_where_nothing_else_was_said() {
    let kept = start(Outright::default(), "");
    assert_eq!((kept.depth, kept.unicode), (ColorDepth::None, false));
    let theme = start(Outright { theme: true, glyphs: false }, "");
    assert_eq!((theme.depth, theme.background, theme.unicode), (ColorDepth::True, Background::Light, false));
    let glyphs = start(Outright { theme: false, glyphs: true }, "");
    assert_eq!((glyphs.depth, glyphs.unicode), (ColorDepth::None, true));
    let faster = start(Outright::default(), "T T T T");
    assert_eq!((faster.depth, faster.background), (ColorDepth::True, Background::Dark), "the learner was faster");
}

#[test]
fn every_action_that_works_is_listed_and_done_by_its_row() {
    let mut bench = at(Course::Plain, WIDE, "enter :");
    bench.type_in("measure again");
    assert!(bench.screen().contains("m  Measure again how many of the cores"), "{}", bench.screen());
    bench.press("enter");
    assert!(bench.model.overlay.is_none() && matches!(bench.effects.last(), Some(Effect::Calibrate)));
    bench.press(":");
    assert!(bench.typing().is_some_and(|field| field.text().is_empty()), "it begins anew");
    bench.type_in("next theme");
    bench.press("enter");
    assert_eq!(bench.model.appearance.background, Background::Light);
    bench.press(":");
    bench.type_in("forget the progress of a");
    bench.press("enter");
    assert_eq!(said(&bench), "X works elsewhere. On the map of the course.");
    assert_eq!(bench.model.overlay, Some(Overlay::Commands));
    bench.press("esc");
    assert!(bench.model.overlay.is_none() && matches!(bench.model.screen, Screen::Desk(0)));
}

#[test]
fn each_choice_of_a_question_is_a_command_of_its_own() {
    let bench = at(Course::Plain, WIDE, "enter tab space : \"predict");
    let screen = bench.screen();
    assert!(screen.contains("1  Predict answer 1") && screen.contains("2  Predict answer 2"), "{screen}");
    let mut bench = at(Course::Plain, WIDE, "enter tab space : \"predict down enter");
    assert_eq!(bench.started(), ["sequential"]);
    bench.press("?");
}

#[test]
fn no_two_commands_have_the_same_words() {
    for keys in ["", "enter", "enter tab space", "enter tab s", "enter tab s t", "enter c"] {
        let begin = Bench::at_list(WIDE);
        let bench = if keys.is_empty() { begin } else { play(begin, keys) };
        let commands = commands::found(&bench.model);
        let mut words: Vec<&str> = commands.iter().map(|command| command.words).collect();
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "after {keys}: {words:#?}");
    }
}

#[test]
fn the_commands_are_opened_by_ctrl_p_and_never_while_typing() {
    let ctrl_p = KeyEvent::new(KeyCode::Char('p'), KeyModifiers::CONTROL);
    let mut bench = Bench::at_list(WIDE);
    bench.tell(Message::Key(ctrl_p));
    assert_eq!(bench.model.overlay, Some(Overlay::Commands));
    let mut typing = at(Course::Rich, WIDE, "enter right right a \"5:");
    typing.tell(Message::Key(ctrl_p));
    assert!(typing.model.overlay.is_none() && typing.typing().is_some_and(|field| field.text() == "5:"));
}

#[test]
fn words_are_found_in_every_lesson_and_enter_goes_there() {
    let mut bench = at(Course::Plain, WIDE, "/");
    bench.type_in("Holds the GIL");
    let screen = bench.screen();
    assert!(screen.contains("found 6 times") && screen.contains("yet only the one that holds the GIL"), "{screen}");
    assert!(screen.contains("The GIL") && screen.contains("Waiting") && screen.contains("2 Two threads"), "{screen}");
    bench.press("down down down down enter");
    assert_eq!((bench.model.screen, bench.desk().page), (Screen::Desk(1), 1));
    assert!(bench.model.progress.lessons["03-io"].pages.contains("Two threads"));
    bench.press("/");
    assert!(bench.typing().is_some_and(|field| field.text() == "Holds the GIL"), "the next hit is two keys away");
    bench.press("down enter");
    assert_eq!((bench.model.screen, bench.desk().page), (Screen::Desk(1), 2));
    bench.press("/ p");
    assert!(bench.typing().is_some_and(|field| field.text() == "p"), "a letter begins anew");
    bench.type_in("rint");
    bench.press("down enter");
    assert_eq!((bench.model.screen, bench.desk().tab, bench.desk().pane), (Screen::Desk(0), 1, Pane::Source));
    bench.press("right");
    assert!(bench.desk().found.is_none(), "it is marked until the page is turned");
}

#[test]
fn what_was_found_is_in_sight_however_long_the_page() {
    for size in [SMALL, WIDE, (200, 60)] {
        let mut bench = Bench::at_list(size);
        let words = "Many words that say nothing, so that the page is long.\n\n";
        bench.change_lesson(1, |lesson| {
            let needle = "- first: the *needle* is\n  in a\n  haystack\n";
            lesson.pages[2].markdown = format!("The needle.\n\n{}{needle}{}", words.repeat(60), words.repeat(40));
        });
        bench.press("/");
        bench.type_in("needle is in a haystack");
        bench.press("enter");
        let screen = bench.screen();
        assert!(screen.contains("needle is in a haystack"), "{screen}");
        assert!(bench.scroll(Pane::Text) > 20);
    }
}

#[test]
fn it_is_said_that_the_lessons_are_being_read() {
    let mut bench = at(Course::Plain, WIDE, "/ \"gil");
    bench.model.search.index = None;
    bench.type_in("x");
    assert!(bench.screen().contains("reading the lessons ..."), "{}", bench.screen());
}

/// What was put into the clipboard last.
fn copied(bench: &Bench) -> Option<&str> {
    bench.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn a_key_copies_what_the_run_says_or_the_code() {
    let mut bench = at(Course::Plain, SMALL, "enter ] y");
    assert!(copied(&bench).is_some_and(|code| code.contains("WORKERS = 4") && code.ends_with("print(WORKERS)\n")));
    assert_eq!(said(&bench), "Sent to your terminal's clipboard: the code of sequential, 7 lines.");
    bench.press("space");
    bench.end_run();
    bench.press("y");
    let sentence = bench.model.shown_run().map(|run| run.verdict.sentence.clone());
    assert!(sentence.is_some() && copied(&bench) == sentence.as_deref());
    assert_eq!(said(&bench), "Sent to your terminal's clipboard: what the run says.");
    bench.press("Y");
    assert!(copied(&bench).is_some_and(|code| code.contains("WORKERS = 4")));
    bench.model.assumed.tmux = true;
    bench.press("v v v v v y");
    assert_eq!(bench.desk().pane, Pane::Source);
    assert!(copied(&bench).is_some_and(|code| code.contains("WORKERS = 4")) && said(&bench).contains("tmux"));
    let long = "x = 1\n".repeat(10_000);
    bench.change_lesson(0, |lesson| lesson.programs[0].python = Some(long));
    bench.effects.clear();
    bench.press("Y");
    assert!(said(&bench).contains("too long") && copied(&bench).is_none(), "{}", said(&bench));
}

#[test]
fn the_footer_has_as_many_numbers_as_there_are_choices_and_says_what_esc_does() {
    let last = |bench: &Bench| bench.screen().lines().last().unwrap_or_default().to_owned();
    let gate = at(Course::Plain, WIDE, "enter tab space");
    assert!(last(&gate).contains("1-2 predict"), "{}", last(&gate));
    let question = at(Course::Plain, (200, 60), "enter right right");
    assert!(last(&question).contains("1-2 answer"), "{}", last(&question));
    let live = at(Course::Plain, (200, 60), "enter space");
    assert!(last(&live).contains("+ - zoom   t inspect") && last(&live).contains("f follow"), "{}", last(&live));
    assert!(last(&live).starts_with(" esc stop   ← → page"), "{}", last(&live));
    let small = at(Course::Plain, SMALL, "enter space END");
    assert!(last(&small).contains("+ - zoom   t inspect"), "{}", last(&small));
}
