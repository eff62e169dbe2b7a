//! The page in words: its text, its questions, how a task stands.

use crate::app::aloud::{Aloud, Hearing, text};
use crate::app::model::Screen;
use crate::app::screens::desk::paint::question;
use crate::app::screens::desk::{Desk, end};
use crate::app::screens::{ask, task};
use crate::app::typeset;

/// Where the page is, and its text.
pub fn say(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let Hearing { model, columns, .. } = hearing;
    let Some(number) = desk.lesson_place(model.desk_index()).map(|place| place + 1) else {
        aloud.line("script", format!("Your script {}.", desk.lesson.title));
        return;
    };
    let (title, pages) = (&desk.lesson.title, desk.lesson.pages.len());
    let what = match (desk.tasks().is_some(), desk.on_end()) {
        (true, _) => format!("task {} of {pages}", desk.page + 1),
        (false, true) => "its end".to_owned(),
        (false, false) => format!("page {} of {pages}", desk.page + 1),
    };
    if model.proving.is_some() {
        // What it is about has been asked, and is not what this page says.
        return;
    }
    let of = format!("page/{number}/{what}");
    aloud.part(format!("{of}/where"), text::wrapped(&format!("Lesson {number}, {title}: {what}."), columns));
    let document = if desk.on_end() {
        end::document(model, desk)
    } else {
        let Some(page) = desk.current_page() else { return };
        typeset::plain_page(&page.title, &page.markdown)
    };
    aloud.part(of, text::plain(&document.lines(columns, &model.theme)));
}

/// The questions of the page: those answered, and the one that is open.
pub fn questions(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let open = hearing.model.open_check(desk).map(|check| check.id.as_str());
    for question in question::shown(hearing.model, desk) {
        let id = question.check.id.as_str();
        let asked = question.ask(hearing.model, desk, false);
        let of = format!("question/{}/{id}", desk.lesson.id);
        ask::aloud::say(aloud, hearing, &of, &asked, open == Some(id));
    }
}

/// What a task expects, and how it stands; where the copy is.
pub fn findings(aloud: &mut Aloud, hearing: Hearing<'_>, desk: &Desk) {
    let Hearing { model, columns, .. } = hearing;
    let Some(lines) = task::with_findings(desk, &model.theme, |findings| text::plain(&findings.lines(columns))) else {
        return;
    };
    if let Some(task) = desk.tasks().and_then(|tasks| tasks.each.get(desk.tab)).filter(|task| task.path.is_some()) {
        let lines = task.source.lines().count();
        aloud.line(
            format!("copy/{}", desk.tab),
            format!("Your copy has {lines} line{}.", if lines == 1 { "" } else { "s" }),
        );
    }
    // Each of them is one thing: until the next run, what stands is not said again where another one has come.
    let run = desk.last_run(desk.tab).map_or(0, |run| run.id.0);
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        aloud.line(format!("findings/{}/{run}/{line}", desk.tab), line);
    }
}

/// What to look at while an interview's proof runs.
pub fn proof(aloud: &mut Aloud, hearing: Hearing<'_>) {
    let model = hearing.model;
    let shown = model.proving.as_ref().filter(|proving| model.screen == Screen::Desk(proving.desk));
    if let Some(proving) = shown {
        aloud.part("proof", text::sentences(&format!("The proof. {}", proving.look), model, hearing.columns));
    }
}
