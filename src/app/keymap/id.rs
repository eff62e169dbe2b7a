//! The rows of the key table, by name: footer, help and every sentence that names a key find a row by its id.

/// The ids, each named once.
macro_rules! ids {
    ($($id:ident,)*) => {
        /// A row of the key table. What it does stands in the row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Id {
            $($id,)*
        }

        #[cfg(test)]
        impl Id {
            /// Every id.
            pub const ALL: &[Id] = &[$(Id::$id),*];
        }
    };
}

ids! {
    ScrollHelp,
    CloseHelp,
    ChooseFound,
    OpenFound,
    CloseFound,
    Commands,
    Search,
    Findings,
    ChooseFinding,
    ScrollFinding,
    ChooseRow,
    GoToRow,
    RowEnds,
    ManyRows,
    OpenRow,
    Review,
    GoOn,
    Interview,
    Tick,
    ChoosePoint,
    Prove,
    NextQuestion,
    ScrollAnswers,
    Forget,
    ForgetLesson,
    ForgetAll,
    Predict,
    ChoosePrediction,
    SkipChoosing,
    SetBar,
    SetTenths,
    ChooseBar,
    Drawn,
    SkipDrawing,
    Sure,
    Type,
    HandIn,
    NextLine,
    StopTyping,
    QuitTyping,
    NextLesson,
    Missing,
    ShowQuestion,
    Answer,
    MoveCursor,
    BeginAnew,
    Edit,
    Hint,
    ResetCopy,
    ManyLanes,
    SeeIt,
    Compare,
    Why,
    Instant,
    ZoomRuns,
    ScrollRuns,
    RunAnew,
    Run,
    Page,
    Executor,
    Help,
    Quit,
    OpenTask,
    Runtime,
    Pane,
    TurnKnob,
    NextKnob,
    Scroll,
    ScrollLower,
    Zoom,
    Pan,
    Lens,
    Unfold,
    Inspect,
    Objects,
    Follow,
    Copy,
    Measure,
    Lessons,
    Theme,
    Glyphs,
    Back,
}
