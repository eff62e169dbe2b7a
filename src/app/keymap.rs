//! The keys: one row is a key, what it does and how that is said. The footer, the help screen and the README's table
//! are made from these rows, so they cannot disagree.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt::Write;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Turn to the next page.
    NextPage,
    /// Turn to the page before.
    PrevPage,
    /// Move down: scroll, or the next row of a list.
    Down,
    /// Move up.
    Up,
    /// Scroll the lower part down.
    PageDown,
    /// Scroll the lower part up.
    PageUp,
    /// Run the selected program, or confirm what is selected.
    Run,
    /// Choose the answer with this number, counted from 0.
    Answer(u8),
    /// Run without predicting.
    Skip,
    /// Make the selected bar longer.
    More,
    /// Make the selected bar shorter.
    Less,
    /// Type the answer to the page's question.
    Type,
    /// The next executor.
    NextTab,
    /// The executor before.
    PrevTab,
    /// The next runtime that this lesson can run on.
    NextRuntime,
    /// Choose a runtime from the list.
    PickRuntime,
    /// Select the next knob.
    NextKnob,
    /// Turn the selected knob down.
    KnobDown,
    /// Turn the selected knob up.
    KnobUp,
    /// Show less time, larger.
    ZoomIn,
    /// Show more time.
    ZoomOut,
    /// Show the whole run.
    ZoomFit,
    /// Look at what happened earlier.
    PanLeft,
    /// Look at what happened later.
    PanRight,
    /// Keep the end of a live run in view, or hold the picture still while it goes on.
    Follow,
    /// Ask the timeline what happened at a point.
    Cursor,
    /// Go to the first lane.
    FirstLane,
    /// Go to the last lane.
    LastLane,
    /// Show another part of the lesson.
    NextPane,
    /// Open the lesson's task: a program to change.
    Make,
    /// Change the learner's copy in an editor.
    Edit,
    /// Show or hide the hint.
    Hint,
    /// Ask whether to throw the learner's copy away.
    ResetCopy,
    /// Do what was asked.
    Yes,
    /// Measure again what this machine can give.
    Calibrate,
    /// Go to the list of lessons.
    Lessons,
    /// Show or hide the help.
    Help,
    /// Stop the run, close what is open, or go back.
    Back,
    /// Open what is due today.
    Review,
    /// Open the lesson's interview.
    Interview,
    /// Tick or untick a point of the rubric.
    Tick,
    /// Go on with the next interview question.
    NextQuestion,
    /// Ask whether progress is to be forgotten.
    Forget,
    /// Forget the progress of the lesson.
    ForgetLesson,
    /// Forget the progress of the whole course.
    ForgetAll,
    /// Leave the tutor for the shell; `fg` comes back.
    Suspend,
    /// Leave the tutor.
    Quit,
}

/// Where a row applies. The footer shows the rows of what is open now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Anywhere,
    /// In a list: of lessons, of runtimes.
    List,
    /// On the map of the course.
    Map,
    /// In a review, between the questions.
    Review,
    /// On a lesson with an interview.
    Interviewed,
    /// On an interview answer that is held against its rubric.
    Rubric,
    /// While the tutor asks whether to forget.
    Forget,
    /// On a lesson's page.
    Lesson,
    /// On a lesson's page, where it has a task.
    Task,
    /// In a task.
    Make,
    /// While it is asked whether to throw the learner's copy away.
    Reset,
    /// On a lesson's page, or with the learner's own script.
    Desk,
    /// While a prediction waits before its run.
    Question,
    /// While a prediction waits that is drawn.
    Drawing,
    /// While the page has a question to answer by choosing.
    Answer,
    /// While the page has a question to answer by typing.
    Answerable,
    /// While an answer is given and it is asked how sure the learner is.
    Sure,
    /// While an answer is typed.
    Typing,
    /// While an answer of several lines is typed.
    Lines,
    /// While the timeline's cursor is out.
    Cursor,
}

impl Row {
    /// The keys as they are shown, with arrows where they can be drawn.
    #[must_use]
    pub fn keys(&self, unicode: bool) -> &'static str {
        match self.keys {
            keys if unicode => keys,
            "↑ ↓" => "up down",
            "↓" => "down",
            "← →" => "left right",
            "↑ ↓ enter" => "up down enter",
            "← → ↑ ↓" => "arrows",
            keys => keys,
        }
    }
}

impl Scope {
    /// Every scope, in the order of the help.
    pub const ALL: [Scope; 20] = [
        Scope::Desk,
        Scope::Lesson,
        Scope::Task,
        Scope::Make,
        Scope::Reset,
        Scope::Anywhere,
        Scope::Question,
        Scope::Drawing,
        Scope::Answer,
        Scope::Answerable,
        Scope::Typing,
        Scope::Lines,
        Scope::Sure,
        Scope::Cursor,
        Scope::List,
        Scope::Map,
        Scope::Review,
        Scope::Interviewed,
        Scope::Rubric,
        Scope::Forget,
    ];

    /// The heading in the help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Scope::Anywhere => "Everywhere",
            Scope::List => "In a list",
            Scope::Map => "On the map of the course",
            Scope::Review => "In a review",
            Scope::Interviewed => "In the interview's lesson",
            Scope::Rubric => "On an interview answer",
            Scope::Forget => "Before progress is forgotten",
            Scope::Lesson => "In a lesson",
            Scope::Task => "In a lesson with a task",
            Scope::Make => "In a task",
            Scope::Reset => "Before a copy is thrown away",
            Scope::Desk => "With a program",
            Scope::Question => "Before a first run",
            Scope::Drawing => "Before a first run, drawing",
            Scope::Answer => "On a page with a question",
            Scope::Answerable => "On a page with a question to type",
            Scope::Typing | Scope::Lines => "While an answer is typed",
            Scope::Sure => "After an answer",
            Scope::Cursor => "While the timeline is inspected",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Where it applies.
    pub scope: Scope,
    /// The keys as they are shown, such as `← →`.
    pub keys: &'static str,
    /// Two or three words for the footer.
    pub short: &'static str,
    /// A sentence for the help screen and the README.
    pub long: &'static str,
    /// The keys and what each does.
    pub binds: &'static [(Key, Action)],
}

/// One key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub KeyCode, pub KeyModifiers);

const fn k(c: char) -> Key {
    Key(KeyCode::Char(c), KeyModifiers::NONE)
}
const fn code(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}
const fn shift(code: KeyCode) -> Key {
    Key(code, KeyModifiers::SHIFT)
}
const fn ctrl(c: char) -> Key {
    Key(KeyCode::Char(c), KeyModifiers::CONTROL)
}

use Action as A;
use Scope as S;

const DIGITS: &[(Key, Action)] = &[
    (k('1'), A::Answer(0)),
    (k('2'), A::Answer(1)),
    (k('3'), A::Answer(2)),
    (k('4'), A::Answer(3)),
    (k('5'), A::Answer(4)),
    (k('6'), A::Answer(5)),
    (k('7'), A::Answer(6)),
    (k('8'), A::Answer(7)),
    (k('9'), A::Answer(8)),
];

/// Every key, in the order of the footer: the first rows are the ones that a small footer keeps.
pub const TABLE: &[Row] = &[
    Row {
        scope: S::List,
        keys: "↑ ↓",
        short: "choose",
        long: "Choose a row of the list",
        binds: &[(code(KeyCode::Down), A::Down), (code(KeyCode::Up), A::Up), (k('j'), A::Down), (k('k'), A::Up)],
    },
    Row {
        scope: S::List,
        keys: "enter",
        short: "open",
        long: "Open the lesson, use the runtime",
        binds: &[(code(KeyCode::Enter), A::Run), (k(' '), A::Run), (code(KeyCode::Right), A::Run)],
    },
    Row {
        scope: S::Map,
        keys: "r",
        short: "review",
        long: "Open the review: what is due today, and the calendar",
        binds: &[(k('r'), A::Review)],
    },
    Row {
        scope: S::Review,
        keys: "enter",
        short: "go on",
        long: "Begin, or go on with the next question",
        binds: &[(code(KeyCode::Enter), A::Run), (k(' '), A::Run), (code(KeyCode::Right), A::Run)],
    },
    Row {
        scope: S::Interviewed,
        keys: "i",
        short: "interview",
        long: "Open the interview: questions in your own words",
        binds: &[(k('i'), A::Interview)],
    },
    Row {
        scope: S::Rubric,
        keys: "space",
        short: "tick",
        long: "Tick the point, if your answer named it",
        binds: &[(k(' '), A::Tick), (k('x'), A::Tick)],
    },
    Row {
        scope: S::Rubric,
        keys: "↑ ↓",
        short: "point",
        long: "Go to another point",
        binds: &[(code(KeyCode::Down), A::Down), (code(KeyCode::Up), A::Up), (k('j'), A::Down), (k('k'), A::Up)],
    },
    Row {
        scope: S::Rubric,
        keys: "enter",
        short: "proof",
        long: "Run the proof: programs that show what the answer says",
        binds: &[(code(KeyCode::Enter), A::Run)],
    },
    Row {
        scope: S::Rubric,
        keys: "n",
        short: "next question",
        long: "Keep this judgement and go on",
        binds: &[(k('n'), A::NextQuestion), (code(KeyCode::Right), A::NextQuestion)],
    },
    Row {
        scope: S::Rubric,
        keys: "pgdn pgup",
        short: "scroll",
        long: "Scroll the answers",
        binds: &[(code(KeyCode::PageDown), A::PageDown), (code(KeyCode::PageUp), A::PageUp)],
    },
    Row {
        scope: S::Map,
        keys: "X",
        short: "forget",
        long: "Forget the progress of a lesson, or of all; asks first",
        binds: &[(k('X'), A::Forget)],
    },
    Row {
        scope: S::Forget,
        keys: "y",
        short: "forget this lesson",
        long: "Forget the progress of this lesson; a copy is kept",
        binds: &[(k('y'), A::ForgetLesson)],
    },
    Row {
        scope: S::Forget,
        keys: "A",
        short: "forget all",
        long: "Forget the progress of every lesson; a copy is kept",
        binds: &[(k('A'), A::ForgetAll)],
    },
    Row { scope: S::Question, keys: "1-9", short: "predict", long: "Predict what the run will show", binds: DIGITS },
    Row {
        scope: S::Question,
        keys: "↑ ↓ enter",
        short: "choose",
        long: "Choose an answer, then run (also space)",
        binds: &[
            (code(KeyCode::Enter), A::Run),
            (k(' '), A::Run),
            (code(KeyCode::Down), A::Down),
            (code(KeyCode::Up), A::Up),
            (k('j'), A::Down),
            (k('k'), A::Up),
        ],
    },
    Row {
        scope: S::Question,
        keys: "s",
        short: "skip",
        long: "Run without predicting first",
        binds: &[(k('s'), A::Skip)],
    },
    Row {
        scope: S::Drawing,
        keys: "← →",
        short: "set the bar",
        long: "Make the bar shorter or longer (also h and l)",
        binds: &[(code(KeyCode::Left), A::Less), (code(KeyCode::Right), A::More), (k('h'), A::Less), (k('l'), A::More)],
    },
    Row {
        scope: S::Drawing,
        keys: "↑ ↓",
        short: "bar",
        long: "Go to another bar",
        binds: &[(code(KeyCode::Down), A::Down), (code(KeyCode::Up), A::Up), (k('j'), A::Down), (k('k'), A::Up)],
    },
    Row {
        scope: S::Drawing,
        keys: "enter",
        short: "run",
        long: "That is what I expect: run (also space)",
        binds: &[(code(KeyCode::Enter), A::Run), (k(' '), A::Run)],
    },
    Row { scope: S::Drawing, keys: "s", short: "skip", long: "Run without drawing first", binds: &[(k('s'), A::Skip)] },
    Row {
        scope: S::Sure,
        keys: "1-3",
        short: "how sure",
        long: "Say how sure you are: 1 a guess, 2 I think so, 3 sure",
        binds: &[(k('1'), A::Answer(0)), (k('2'), A::Answer(1)), (k('3'), A::Answer(2))],
    },
    Row {
        scope: S::Answerable,
        keys: "a",
        short: "answer",
        long: "Type the answer to the page's question",
        binds: &[(k('a'), A::Type)],
    },
    Row {
        scope: S::Typing,
        keys: "enter",
        short: "hand in",
        long: "Hand the answer in",
        binds: &[(code(KeyCode::Enter), A::Run)],
    },
    Row {
        scope: S::Lines,
        keys: "↓",
        short: "next line",
        long: "Go to the next line, or begin one",
        binds: &[(code(KeyCode::Down), A::Down), (ctrl('j'), A::Down)],
    },
    Row {
        scope: S::Typing,
        keys: "esc",
        short: "stop typing",
        long: "Leave the answer as it is for now",
        binds: &[(code(KeyCode::Esc), A::Back)],
    },
    Row {
        scope: S::Typing,
        keys: "ctrl-c",
        short: "quit",
        long: "Leave the tutor: letters are letters here",
        binds: &[(ctrl('c'), A::Quit), (ctrl('z'), A::Suspend)],
    },
    Row {
        scope: S::Answer,
        keys: "1-9",
        short: "answer",
        long: "Answer the page's question with this choice",
        binds: DIGITS,
    },
    Row {
        scope: S::Cursor,
        keys: "← → ↑ ↓",
        short: "move",
        long: "Move the cursor in time, and from lane to lane",
        binds: &[
            (code(KeyCode::Right), A::NextPage),
            (code(KeyCode::Left), A::PrevPage),
            (code(KeyCode::Down), A::Down),
            (code(KeyCode::Up), A::Up),
        ],
    },
    Row {
        scope: S::Reset,
        keys: "y",
        short: "begin anew",
        long: "Throw your copy away and begin anew",
        binds: &[(k('y'), A::Yes)],
    },
    Row {
        scope: S::Make,
        keys: "e",
        short: "edit",
        long: "Change your copy in your editor ($VISUAL or $EDITOR)",
        binds: &[(k('e'), A::Edit)],
    },
    Row { scope: S::Make, keys: "i", short: "hint", long: "Show or hide the hint", binds: &[(k('i'), A::Hint)] },
    Row {
        scope: S::Make,
        keys: "x",
        short: "reset",
        long: "Begin anew with the lesson's program; asks first",
        binds: &[(k('x'), A::ResetCopy)],
    },
    Row {
        scope: S::Cursor,
        keys: "pgdn pgup",
        short: "many lanes",
        long: "Move by twenty lanes (home and end: to the first, the last)",
        binds: &[
            (code(KeyCode::PageDown), A::PageDown),
            (code(KeyCode::PageUp), A::PageUp),
            (code(KeyCode::Home), A::FirstLane),
            (code(KeyCode::End), A::LastLane),
        ],
    },
    Row {
        scope: S::Desk,
        keys: "space",
        short: "run",
        long: "Run the program on the selected tab (also enter)",
        binds: &[(k(' '), A::Run), (code(KeyCode::Enter), A::Run)],
    },
    Row {
        scope: S::Lesson,
        keys: "← →",
        short: "page",
        long: "Turn the page (also p and n)",
        binds: &[
            (code(KeyCode::Right), A::NextPage),
            (code(KeyCode::Left), A::PrevPage),
            (k('n'), A::NextPage),
            (k('p'), A::PrevPage),
        ],
    },
    Row {
        scope: S::Lesson,
        keys: "tab",
        short: "executor",
        long: "The same work with the next executor; shift-tab goes back",
        binds: &[
            (code(KeyCode::Tab), A::NextTab),
            (code(KeyCode::BackTab), A::PrevTab),
            (shift(KeyCode::BackTab), A::PrevTab),
        ],
    },
    Row {
        scope: S::Anywhere,
        keys: "?",
        short: "help",
        long: "Show or hide this help",
        binds: &[(k('?'), A::Help), (code(KeyCode::F(1)), A::Help)],
    },
    Row {
        scope: S::Anywhere,
        keys: "q",
        short: "quit",
        long: "Leave the tutor (also ctrl-c); ctrl-z suspends it",
        binds: &[(k('q'), A::Quit), (ctrl('c'), A::Quit), (ctrl('z'), A::Suspend)],
    },
    Row {
        scope: S::Task,
        keys: "e",
        short: "make",
        long: "Change a program yourself: the lesson's task",
        binds: &[(k('e'), A::Make)],
    },
    Row {
        scope: S::Lesson,
        keys: "r R",
        short: "runtime",
        long: "The next runtime, a CPython or native; R lists all of them",
        binds: &[(k('r'), A::NextRuntime), (k('R'), A::PickRuntime)],
    },
    Row {
        scope: S::Desk,
        keys: "v",
        short: "view",
        long: "Show another part: source, output, or what has no room",
        binds: &[(k('v'), A::NextPane)],
    },
    Row {
        scope: S::Lesson,
        keys: "[ ]",
        short: "turn knob",
        long: "Turn the selected knob: the code changes, and that code runs",
        binds: &[(k('['), A::KnobDown), (k(']'), A::KnobUp)],
    },
    Row {
        scope: S::Lesson,
        keys: "w",
        short: "which knob",
        long: "Select another knob",
        binds: &[(k('w'), A::NextKnob)],
    },
    Row {
        scope: S::Desk,
        keys: "↑ ↓",
        short: "scroll",
        long: "Scroll the text (also j and k)",
        binds: &[(code(KeyCode::Down), A::Down), (code(KeyCode::Up), A::Up), (k('j'), A::Down), (k('k'), A::Up)],
    },
    Row {
        scope: S::Desk,
        keys: "pgdn pgup",
        short: "scroll source",
        long: "Scroll the source or the output",
        binds: &[(code(KeyCode::PageDown), A::PageDown), (code(KeyCode::PageUp), A::PageUp)],
    },
    Row {
        scope: S::Desk,
        keys: "+ -",
        short: "zoom",
        long: "Zoom the timeline; 0 shows the whole run",
        binds: &[(k('+'), A::ZoomIn), (k('='), A::ZoomIn), (k('-'), A::ZoomOut), (k('0'), A::ZoomFit)],
    },
    Row {
        scope: S::Desk,
        keys: "h l",
        short: "pan",
        long: "Move the timeline earlier or later (also shift and an arrow)",
        binds: &[
            (k('h'), A::PanLeft),
            (k('l'), A::PanRight),
            (shift(KeyCode::Left), A::PanLeft),
            (shift(KeyCode::Right), A::PanRight),
        ],
    },
    Row {
        scope: S::Desk,
        keys: "t",
        short: "inspect",
        long: "Inspect the timeline: what a thread did at a point, and why",
        binds: &[(k('t'), A::Cursor)],
    },
    Row {
        scope: S::Desk,
        keys: "f",
        short: "follow",
        long: "Follow a live run, or hold the picture still (also .)",
        binds: &[(k('f'), A::Follow), (k('.'), A::Follow)],
    },
    Row {
        scope: S::Desk,
        keys: "m",
        short: "measure",
        long: "Measure again how many cores this machine can give",
        binds: &[(k('m'), A::Calibrate)],
    },
    Row {
        scope: S::Lesson,
        keys: "L",
        short: "lessons",
        long: "Go to the map of the course",
        binds: &[(k('L'), A::Lessons)],
    },
    Row {
        scope: S::Anywhere,
        keys: "esc",
        short: "back",
        long: "Stop the run, close what is open, go back to the lessons",
        binds: &[(code(KeyCode::Esc), A::Back), (code(KeyCode::Backspace), A::Back)],
    },
];

/// What this key asks for where these scopes are open; an earlier scope wins.
#[must_use]
pub fn lookup(event: KeyEvent, scopes: &[Scope]) -> Option<Action> {
    let pressed = normal(event);
    scopes.iter().find_map(|scope| {
        let mut binds = TABLE.iter().filter(|row| row.scope == *scope).flat_map(|row| row.binds);
        binds.find(|(key, _)| *key == pressed).map(|(_, action)| *action)
    })
}

/// Whether the row with this sentence works where these scopes are open: no earlier scope has taken its first key.
#[must_use]
pub fn is_open(long: &str, scopes: &[Scope]) -> bool {
    let Some(row) = TABLE.iter().find(|row| row.long == long) else { return false };
    let Some((key, _)) = row.binds.first() else { return false };
    let taken = |scope: &Scope| TABLE.iter().any(|r| r.scope == *scope && r.binds.iter().any(|(k, _)| k == key));
    !scopes.iter().take_while(|scope| **scope != row.scope).any(taken)
}

/// Whether the row with this sentence does this.
#[must_use]
pub fn does(long: &str, action: Action) -> bool {
    TABLE.iter().any(|row| row.long == long && row.binds.iter().any(|(_, bound)| *bound == action))
}

/// The rows for these scopes: the first scope's rows first.
pub fn rows(scopes: &[Scope]) -> impl Iterator<Item = &'static Row> {
    scopes.iter().flat_map(|scope| TABLE.iter().filter(move |row| row.scope == *scope))
}

/// The keys as the README's table, between its `<!-- keys -->` marks.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from("| Where | Key | What it does |\n|---|---|---|\n");
    for row in rows(&Scope::ALL) {
        let _ = writeln!(out, "| {} | `{}` | {} |", row.scope.title(), row.keys, row.long);
    }
    out
}

/// A character already says whether shift was held, whatever the terminal adds.
const fn normal(event: KeyEvent) -> Key {
    let modifiers = event.modifiers.intersection(KeyModifiers::SHIFT.union(KeyModifiers::CONTROL));
    match event.code {
        KeyCode::Char(_) => Key(event.code, modifiers.difference(KeyModifiers::SHIFT)),
        code => Key(code, modifiers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_scope() {
        for scope in Scope::ALL {
            let binds: Vec<_> = TABLE.iter().filter(|r| r.scope == scope).flat_map(|r| r.binds).collect();
            for (i, (key, _)) in binds.iter().enumerate() {
                assert!(!binds[..i].iter().any(|(k, _)| k == key), "{key:?} is bound twice in {scope:?}");
            }
        }
    }

    #[test]
    fn capitals_differ_from_small_letters_whether_or_not_shift_is_reported() {
        for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
            let event = KeyEvent::new(KeyCode::Char('R'), modifiers);
            assert_eq!(lookup(event, &[S::Lesson]), Some(A::PickRuntime));
        }
        let small = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::NONE);
        assert_eq!(lookup(small, &[S::Lesson]), Some(A::NextRuntime));
    }

    #[test]
    fn ctrl_c_is_not_c() {
        let event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(lookup(event, &[S::Lesson, S::Desk, S::Anywhere]), Some(A::Quit));
        let plain = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::NONE);
        assert_eq!(lookup(plain, &[S::Lesson, S::Desk, S::Anywhere]), None);
    }

    #[test]
    fn descriptions_fit_the_smallest_screen() {
        for row in TABLE {
            assert!(row.long.chars().count() <= 60, "{:?} is too long for the help at 80 columns", row.long);
        }
    }

    #[test]
    fn the_readme_table_has_every_row() {
        let table = markdown();
        assert!(TABLE.iter().all(|row| table.contains(row.long) && table.contains(row.keys)));
    }
}
