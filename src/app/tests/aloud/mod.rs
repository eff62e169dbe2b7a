//! The app in lines: what is written comes in, what is new comes out.

mod course;
mod lines;
mod screens;

use super::scripted::Scripted;
use crate::app::aloud::understood::{self, Understood};
use crate::app::aloud::{self, Aloud, Hearing, Spoken, asked, here, ways};
use crate::app::appearance::Appearance;
use crate::app::effect::Effect;
use crate::app::engine::{Engine, Live, RunId};
use crate::app::message::{CopyRead, Message};
use crate::app::model::{Model, Voice};
use crate::app::shell::painter;
use crate::app::update::update;
use crate::lesson::search::Index;
use crate::lesson::types::Task;
use crate::runner::{End, Machine, Outcome, RunSpec};
use crate::view::fixtures::two_threads_under_the_gil;
use std::collections::VecDeque;
use std::sync::Arc;

/// Columns of the lines.
const COLUMNS: u16 = 79;

/// Somebody who writes lines and reads what is new.
struct Reader {
    model: Model,
    spoken: Spoken,
    live: Option<(RunId, Box<dyn Live>)>,
    queue: VecDeque<Message>,
    /// The text of every copy that is read.
    copy: fn(&Task) -> String,
    /// Everything so far, with what was written after a prompt.
    transcript: String,
}

impl Reader {
    fn new(mut model: Model) -> Reader {
        model.voice = Voice::Lines;
        model.size = aloud::SIZE;
        model.dress();
        let copy = |task: &Task| task.solved().unwrap_or_default().to_owned();
        let (spoken, queue) = (Spoken::default(), VecDeque::new());
        let mut reader = Reader { model, spoken, live: None, queue, copy, transcript: String::new() };
        reader.tell(Message::Calibrated(Ok(Machine { cores: 2, usable_cores: 1.97 })));
        reader.tell(Message::Runtimes(super::found(), true));
        reader.hear();
        reader
    }

    fn aloud(&self) -> Aloud {
        let live = self.live.as_ref().map(|(_, live)| live.as_ref());
        let live = live.filter(|_| self.model.live().is_some());
        painter::with_shown(&self.model, live, |shown| {
            aloud::say(Hearing { model: &self.model, shown, columns: COLUMNS })
        })
    }

    /// What is new, as the front would print it.
    fn hear(&mut self) -> String {
        let now = self.aloud().parts;
        let unicode = self.model.theme.glyphs.unicode;
        let lines = self.spoken.news(now);
        let news: String = lines.iter().map(|line| aloud::text::shown(line, unicode) + "\n").collect();
        self.transcript += &news;
        news
    }

    /// Writes a line, and hears what comes of it, a run with its end.
    fn write(&mut self, line: &str) -> String {
        self.transcript.extend(["> ", line, "\n"]);
        match understood::line(&self.model, &self.aloud(), line) {
            Understood::Tell(messages) => {
                self.spoken.forget_part(here::NOTICE);
                for message in messages {
                    self.tell(message);
                }
            }
            Understood::Ways => self.transcript += &(ways::all(&self.model).join("\n") + "\n"),
            Understood::Ask(asked) => {
                let said = painter::with_shown(&self.model, None, |shown| {
                    asked::answer(Hearing { model: &self.model, shown, columns: COLUMNS }, asked)
                });
                self.transcript += &(said.join("\n") + "\n");
            }
            Understood::Again => self.spoken.forget(),
            Understood::Nothing(why) => self.transcript += &(why + "\n"),
        }
        let mut news = self.hear();
        while let Some(message) = self.queue.pop_front() {
            self.tell(message);
            news += &self.hear();
        }
        news
    }

    fn write_all<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) -> &mut Reader {
        for line in lines {
            self.write(line);
        }
        self
    }

    fn tell(&mut self, message: Message) {
        let plan = painter::plan(&self.model, None);
        for effect in update(&mut self.model, &plan, message) {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Start(id, lesson, spec) => {
                let live = Scripted.start(&lesson, &spec, Box::new(|| {})).ok();
                let outcome = live.as_ref().and_then(|live| live.finished()?.ok()).unwrap_or_else(|| canned(&spec));
                self.live = live.map(|live| (id, live));
                self.queue.push_back(Message::RunEnded(id, outcome));
            }
            Effect::ReadCopy(copy) | Effect::EditCopy(copy) | Effect::ResetCopy(copy) => {
                let text = (self.copy)(&copy.lesson.tasks[copy.task]);
                let path = format!("/home/me/tasks/{}.py", copy.lesson.id).into();
                let read = CopyRead { task: copy.task, path, text: Ok(text), notice: None, run: copy.run };
                self.queue.push_back(Message::Copy(read));
            }
            Effect::ReadLessons(lessons) => {
                let index = Index::of(lessons.iter().map(|lesson| &**lesson));
                self.queue.push_back(Message::LessonsRead(Arc::new(index)));
            }
            Effect::Forget(lesson) => self.queue.push_back(Message::Forgotten(lesson, Ok(None))),
            _ => {}
        }
    }
}

/// A run of a program that the script does not know: two threads under the GIL.
fn canned(spec: &RunSpec) -> Arc<Outcome> {
    let trace = two_threads_under_the_gil().ended();
    let (spec, stdout) = (spec.clone(), b"done\n".to_vec());
    Arc::new(Outcome { spec, end: End::Exited(0), stdout, trace, ..Outcome::default() })
}

/// A terminal without colours that shows more than ASCII.
const fn typewriter() -> Appearance {
    Appearance { unicode: true, ..super::ascii() }
}
