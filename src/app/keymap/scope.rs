//! Where keys apply.

/// The scopes in the order of the help, each with its heading there.
macro_rules! scopes {
    ($($(#[$doc:meta])* $scope:ident = $title:literal,)*) => {
        /// Where a row applies. The footer shows the rows of what is open now.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Scope {
            $($(#[$doc])* $scope,)*
        }

        impl Scope {
            /// Every scope, in the order of the help.
            pub const ALL: &[Scope] = &[$(Scope::$scope),*];

            /// The heading in the help.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Scope::$scope => $title,)*
                }
            }
        }
    };
}

scopes! {
    /// On a lesson's page, or with the learner's own script.
    Desk = "With a program",
    /// Where a run is drawn.
    Picture = "Where a run is drawn",
    /// While a run goes on, and is drawn.
    Live = "While a run goes on",
    /// On a lesson's page.
    Lesson = "In a lesson",
    /// On a lesson's page, where its programs have knobs.
    Knobs = "In a lesson with knobs",
    /// On a lesson's page, where it has several programs and none of them runs.
    Several = "In a lesson",
    /// At a lesson's end.
    End = "At a lesson's end",
    /// At the end of a lesson that is not passed.
    Missing = "At the end of a lesson that is not passed",
    /// On a lesson's page, where it has a task.
    Task = "In a lesson with a task",
    /// In a task.
    OnTask = "In a task",
    /// While it is asked whether to throw the learner's copy away.
    Reset = "Before a copy is thrown away",
    /// Everywhere.
    Anywhere = "Everywhere",
    /// While a prediction waits before its run.
    Question = "Before a first run",
    /// While a prediction waits that is drawn.
    Drawing = "Before a first run, drawing",
    /// While the page has a question to answer by choosing.
    Answer = "On a page with a question",
    /// While the page has a question to answer by typing.
    Answerable = "On a page with a question to type",
    /// While an answer is typed.
    Typing = "While an answer is typed",
    /// While an answer of several lines is typed.
    Lines = "While an answer is typed",
    /// While an answer is given and it is asked how sure the learner is.
    Sure = "After an answer",
    /// While the timeline's cursor is out.
    Cursor = "While the timeline is inspected",
    /// While runs stand side by side.
    Compare = "With runs side by side",
    /// After what a newcomer sees first.
    Demo = "After the first runs",
    /// While the help is shown.
    Help = "In the help",
    /// While something is looked for by typing.
    Finding = "While something is looked for",
    /// In a list: of lessons, of runtimes.
    List = "In a list",
    /// On the map of the course, before anything has run.
    Newcomer = "On the map, at first",
    /// On the map of the course.
    Map = "On the map of the course",
    /// In a review, between the questions.
    Review = "In a review",
    /// On a lesson with an interview.
    Interviewed = "In the interview's lesson",
    /// In the gallery of findings.
    Gallery = "In the gallery of findings",
    /// On an interview answer that is held against its rubric.
    Rubric = "On an interview answer",
    /// While the tutor asks whether to forget.
    Forget = "Before progress is forgotten",
}
