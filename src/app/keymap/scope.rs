//! Where keys apply.

/// Where a row applies. The footer shows the rows of what is open now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Anywhere,
    /// While the help is shown.
    Help,
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
    OnTask,
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

impl Scope {
    /// Every scope, in the order of the help.
    pub const ALL: [Scope; 21] = [
        Scope::Desk,
        Scope::Lesson,
        Scope::Task,
        Scope::OnTask,
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
        Scope::Help,
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
            Scope::Help => "In the help",
            Scope::List => "In a list",
            Scope::Map => "On the map of the course",
            Scope::Review => "In a review",
            Scope::Interviewed => "In the interview's lesson",
            Scope::Rubric => "On an interview answer",
            Scope::Forget => "Before progress is forgotten",
            Scope::Lesson => "In a lesson",
            Scope::Task => "In a lesson with a task",
            Scope::OnTask => "In a task",
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
