//! What keys and clicks ask for.

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open the next lesson.
    NextLesson,
    /// Go to the first thing that is missing to pass the lesson.
    ToMissing,
    /// Bring the page's question and all its choices into sight.
    ShowQuestion,
    /// Turn to the next page.
    NextPage,
    /// Turn to the page before.
    PrevPage,
    /// The next row of a list.
    NextRow,
    /// The row before.
    PrevRow,
    /// The first row.
    FirstRow,
    /// The last row.
    LastRow,
    /// A digit of the number of a row to go to.
    Digit(u8),
    /// Open what the row stands for: a lesson, a runtime, a question.
    Open,
    /// Scroll what is read down.
    ScrollDown,
    /// Scroll what is read up.
    ScrollUp,
    /// Scroll the lower part down.
    PageDown,
    /// Scroll the lower part up.
    PageUp,
    /// Run the selected program.
    Run,
    /// Predict the choice with this number, counted from 0, and run.
    Predict(u8),
    /// The next choice, or the next bar, of the prediction.
    NextChoice,
    /// The choice, or the bar, before.
    PrevChoice,
    /// Predict what is chosen or drawn, and run.
    Commit,
    /// Run without predicting.
    Skip,
    /// Make the selected bar longer.
    More,
    /// Make the selected bar shorter.
    Less,
    /// Set the selected bar to so many tenths.
    Tenths(u8),
    /// Answer with the choice of this number, counted from 0.
    Answer(u8),
    /// Say how sure the learner is, counted from 0.
    Sure(u8),
    /// Type the answer to the page's question.
    Type,
    /// Hand in what was typed.
    HandIn,
    /// The next line of what is typed.
    NextLine,
    /// Leave what was typed as it is.
    StopTyping,
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
    /// Open what is folded into lanes, or fold it again.
    Unfold,
    /// Move the lens to the stretch before.
    LensEarlier,
    /// Move the lens to the next stretch.
    LensLater,
    /// Ask the timeline what happened at a point, or stop asking.
    Cursor,
    /// Move the cursor to a later column.
    CursorLater,
    /// Move the cursor to an earlier column.
    CursorEarlier,
    /// Go to the next lane.
    NextLane,
    /// Go to the lane before.
    PrevLane,
    /// Go down by many lanes.
    ManyLanesDown,
    /// Go up by many lanes.
    ManyLanesUp,
    /// Go to the first lane.
    FirstLane,
    /// Go to the last lane.
    LastLane,
    /// Show what threads waited for, or mark the next of it.
    NextObject,
    /// Mark the one before.
    PrevObject,
    /// Show another part of the lesson.
    NextPane,
    /// Open the lesson's task: a program to change.
    OpenTask,
    /// Change the learner's copy in an editor.
    Edit,
    /// Show or hide the hint.
    Hint,
    /// Ask whether to throw the learner's copy away.
    ResetCopy,
    /// Throw the learner's copy away.
    BeginAnew,
    /// Put the lesson's runs side by side.
    Compare,
    /// Make all runs of the comparison anew.
    RunAnew,
    /// See what a newcomer sees first.
    SeeIt,
    /// Open the lesson that begins to say why.
    Why,
    /// Copy what the run says, or the code where that is open.
    Copy,
    /// Copy the code.
    CopyCode,
    /// Measure again what this machine can give.
    Calibrate,
    /// Go to the map of the course.
    Lessons,
    /// Look for words in all lessons.
    Search,
    /// Open the gallery of findings.
    Findings,
    /// List every action that works here.
    Commands,
    /// Show or hide the help.
    Help,
    /// Stop the run, close what is open, or go back.
    Back,
    /// Open what is due today.
    Review,
    /// Begin the review, or go on with the next question.
    GoOn,
    /// Open the lesson's interview.
    Interview,
    /// Tick or untick a point of the rubric.
    Tick,
    /// The next point of the rubric.
    NextPoint,
    /// The point before.
    PrevPoint,
    /// Run the proof of the answer.
    Prove,
    /// Go on with the next interview question.
    NextQuestion,
    /// Ask whether progress is to be forgotten.
    Forget,
    /// Forget the progress of the lesson.
    ForgetLesson,
    /// Forget the progress of the whole course.
    ForgetAll,
    /// Draw with the next theme.
    NextTheme,
    /// Draw with the other signs: Unicode, or ASCII.
    OtherGlyphs,
    /// Leave the tutor for the shell; `fg` comes back.
    Suspend,
    /// Leave the tutor.
    Quit,
}

/// What the digits do at a question, and where the run answers it.
const ANSWERS: [(&str, &str); 9] = [
    ("Answer 1", "Predict answer 1"),
    ("Answer 2", "Predict answer 2"),
    ("Answer 3", "Predict answer 3"),
    ("Answer 4", "Predict answer 4"),
    ("Answer 5", "Predict answer 5"),
    ("Answer 6", "Predict answer 6"),
    ("Answer 7", "Predict answer 7"),
    ("Answer 8", "Predict answer 8"),
    ("Answer 9", "Predict answer 9"),
];

impl Action {
    /// What it does, where a row of the key table has others beside it and its words are about all of them.
    #[must_use]
    pub fn alone(self) -> Option<&'static str> {
        Some(match self {
            Action::NextPage => "Turn to the next page",
            Action::PrevPage => "Turn back a page",
            Action::NextRow => "Go to the next row",
            Action::PrevRow => "Go to the row before",
            Action::FirstRow => "Go to the first row",
            Action::LastRow => "Go to the last row",
            Action::ScrollDown => "Scroll down",
            Action::ScrollUp => "Scroll up",
            Action::PageDown => "Go far down",
            Action::PageUp => "Go far up",
            Action::NextChoice => "Go to the next choice",
            Action::PrevChoice => "Go to the choice before",
            Action::Commit => "That is what I expect: run",
            Action::Answer(number) => ANSWERS.get(usize::from(number))?.0,
            Action::Predict(number) => ANSWERS.get(usize::from(number))?.1,
            Action::Sure(0) => "It is a guess",
            Action::Sure(1) => "I think so",
            Action::Sure(2) => "I am sure",
            Action::More => "Make the bar longer",
            Action::Less => "Make the bar shorter",
            Action::NextTab => "The same work with the next executor",
            Action::PrevTab => "The same work with the executor before",
            Action::NextRuntime => "The next runtime, a CPython or native",
            Action::PickRuntime => "List all runtimes",
            Action::KnobDown => "Turn the selected knob down: the code changes, and that code runs",
            Action::KnobUp => "Turn the selected knob up: the code changes, and that code runs",
            Action::ZoomIn => "Zoom in: less time, larger",
            Action::ZoomOut => "Zoom out: more time",
            Action::ZoomFit => "Show the whole run",
            Action::PanLeft => "Move the timeline earlier",
            Action::PanRight => "Move the timeline later",
            Action::LensEarlier => "Move the lens earlier",
            Action::LensLater => "Move the lens later",
            Action::CursorLater => "Move the cursor later",
            Action::CursorEarlier => "Move the cursor earlier",
            Action::NextLane => "Go to the next lane",
            Action::PrevLane => "Go to the lane before",
            Action::ManyLanesDown => "Go down by twenty lanes",
            Action::ManyLanesUp => "Go up by twenty lanes",
            Action::FirstLane => "Go to the first lane",
            Action::LastLane => "Go to the last lane",
            Action::Copy => "Copy what the run says, or the code where that is open",
            Action::CopyCode => "Copy the code",
            Action::NextObject => "List what threads waited for, or mark the next one",
            Action::PrevObject => "Mark the one before in what threads waited for",
            Action::NextPoint => "Go to the next point",
            Action::PrevPoint => "Go to the point before",
            Action::Suspend => "Leave the tutor for the shell; `fg` comes back",
            Action::Quit => "Leave the tutor",
            _ => return None,
        })
    }
}
