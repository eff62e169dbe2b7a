//! The shell around the pure core: one channel in, one loop, effects out, and on its front what has changed: a frame on a
//! terminal, or settled lines.

pub mod editor;
pub mod foreground;
pub mod frames;
pub mod front;
pub mod input;
pub mod line_input;
pub mod lines;
pub mod log;
pub mod painter;
pub mod panic;
pub mod runner_engine;
pub mod saver;
pub mod signals;
mod stalled;
pub mod terminal;

use crate::app::effect::{Effect, Effects, TaskCopy};
use crate::app::engine::{self, Engine, Live, RunId};
use crate::app::message::{CopyRead, Message};
use crate::app::model::{Model, times_of};
use crate::app::shell::front::Front;
use crate::app::shell::input::Pause;
use crate::app::shell::saver::Saver;
use crate::app::typeset::{self, Typeset};
use crate::app::{appearance, update};
use crate::clock::{MILLISECOND, Nanos, moment, now, today};
use crate::learner::copies;
use crate::learner::runs::Shelf;
use crate::learner::store::Store;
use crate::lesson::search::Index;
use crate::lesson::{Lesson, SharedLesson};
use crate::runner::RunSpec;
use anyhow::Context;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::Duration;

/// The least time between two frames of a run that streams: 21 frames a second. A key is painted at once.
const FRAME: Nanos = 48 * MILLISECOND;

/// Everything outside the model that the loop holds.
pub struct Shell {
    engine: Arc<dyn Engine>,
    store: Option<Store>,
    shelf: Option<Shelf>,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    live: Option<Running>,
    saver: Option<Saver>,
    pause: Pause,
    /// Lines that wait until what the one before has begun is over.
    held: VecDeque<Message>,
    /// Whether the next message is one of them.
    released: bool,
}

/// The run in progress.
struct Running {
    id: RunId,
    live: Box<dyn Live>,
    /// Up to when its trace was known at the last frame.
    known: Nanos,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// The signal that asked for it, if one did.
    pub signal: Option<i32>,
}

/// The model could not be shown: where the terminal, or who reads the lines, has gone away, that is what ends the tutor.
fn unshown(error: std::io::Error) -> anyhow::Result<Option<Left>> {
    if error.raw_os_error() == Some(terminal::GONE) || error.kind() == std::io::ErrorKind::BrokenPipe {
        return Ok(Some(Left { signal: Some(input::HANGUP) }));
    }
    Err(error).context("the terminal cannot be drawn on")
}

impl Shell {
    /// A shell over this engine; progress and the last runs are kept in the folder `state`, where there is one.
    #[must_use]
    pub fn new(engine: Arc<dyn Engine>, state: Option<&Path>) -> Shell {
        let (sender, receiver) = channel();
        Shell {
            engine,
            store: state.map(Store::in_dir),
            shelf: state.map(Shelf::in_dir),
            sender,
            receiver,
            live: None,
            saver: None,
            pause: Pause::default(),
            held: VecDeque::new(),
            released: false,
        }
    }

    /// Shows the model for the first time, then does what that wants done and starts everything that takes time, then
    /// follows messages until one says to leave.
    ///
    /// # Errors
    /// If the model cannot be shown.
    pub fn run(
        &mut self,
        model: &mut Model,
        first: Effects,
        ask_ground: bool,
        front: &mut dyn Front,
    ) -> anyhow::Result<Left> {
        signals::listen(self.sender.clone()).context("signal handlers could not be installed")?;
        if let Some(left) = self.show(model, front)? {
            return Ok(left);
        }
        for effect in first {
            if let Some(left) = self.perform(model, effect, front)? {
                return Ok(left);
            }
        }
        self.discover();
        if ask_ground && appearance::is_light() {
            // It waits in the queue like everything else that is told: what it asks for is done.
            let _ = self.sender.send(Message::LightTerminal);
        }
        front.listen(self.sender.clone(), self.pause.clone()).context("the terminal cannot be read")?;
        let left = self.follow(model, front);
        if let Some(running) = &self.live {
            running.live.cancel();
        }
        engine::kill_all();
        left
    }

    fn follow(&mut self, model: &mut Model, front: &mut dyn Front) -> anyhow::Result<Left> {
        let mut shown = now();
        loop {
            let wait = match &self.live {
                Some(_) => Duration::from_nanos(FRAME.saturating_sub(now().saturating_sub(shown))),
                None => Duration::from_hours(1),
            };
            let mut messages = match self.next(model, wait) {
                Ok(first) => vec![first],
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => return Ok(Left { signal: None }),
            };
            messages.extend(self.receiver.try_iter());
            if now().saturating_sub(shown) >= FRAME {
                messages.extend(self.progress_of_run());
                // A frame that comes late does not put off the next one.
                shown = (shown + FRAME).max(now().saturating_sub(FRAME));
            }
            if messages.is_empty() {
                continue;
            }
            (model.today, model.now) = (today(), moment());
            for message in messages {
                if front.holds(&message) && !std::mem::take(&mut self.released) {
                    self.held.push_back(message);
                } else if let Some(left) = self.tell(model, message, front)? {
                    return Ok(left);
                }
            }
            if let Some(left) = self.show(model, front)? {
                return Ok(left);
            }
        }
    }

    /// The next message. A line that was held comes once everything else has been told, and is over.
    fn next(&mut self, model: &Model, wait: Duration) -> Result<Message, RecvTimeoutError> {
        if self.held.is_empty() {
            return self.receiver.recv_timeout(wait);
        }
        match self.receiver.try_recv() {
            Ok(message) => Ok(message),
            Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
            Err(TryRecvError::Empty) => match if self.is_settled(model) { self.held.pop_front() } else { None } {
                Some(line) => {
                    self.released = true;
                    Ok(line)
                }
                None => self.receiver.recv_timeout(wait),
            },
        }
    }

    /// Tells the model what happened and does what it wants done: the only way to either.
    fn tell(&mut self, model: &mut Model, message: Message, front: &mut dyn Front) -> anyhow::Result<Option<Left>> {
        let Some(message) = self.complete(model, message) else { return Ok(None) };
        for message in front.understand(model, shown_run(self.live.as_ref(), model), message) {
            let plan = front.plan_for(model, shown_run(self.live.as_ref(), model), &message);
            for effect in update::update(model, plan.as_ref().unwrap_or(front.plan()), message) {
                if let Some(left) = self.perform(model, effect, front)? {
                    return Ok(Some(left));
                }
            }
        }
        Ok(None)
    }

    /// What the run in progress has recorded since the last frame, if anything.
    fn progress_of_run(&mut self) -> Option<Message> {
        let running = self.live.as_mut()?;
        let mut times = None;
        running.live.snapshot(&mut |trace| {
            if trace.known_until != running.known {
                running.known = trace.known_until;
                times = Some(Box::new(times_of(trace)));
            }
        });
        times.map(|times| Message::RunMoved(running.id, times))
    }

    /// A thread can only say that something is over: how a run has ended, and what others have saved, is filled in here,
    /// where they are at hand. `None` where there is nothing to tell yet.
    fn complete(&mut self, model: &Model, message: Message) -> Option<Message> {
        let id = match message {
            Message::RunOver(id) => id,
            Message::Saved => return Some(Message::CaughtUp(Box::new(self.saver.as_ref()?.catch_up(&model.progress)))),
            _ => return Some(message),
        };
        let running = self.live.take_if(|running| running.id == id)?;
        match running.live.finished() {
            Some(Ok(outcome)) => Some(Message::RunEnded(id, outcome)),
            Some(Err(why)) => Some(Message::RunFailed(id, why)),
            None => {
                self.live = Some(running);
                None
            }
        }
    }

    /// Shows the model as it is now.
    fn show(&mut self, model: &mut Model, front: &mut dyn Front) -> anyhow::Result<Option<Left>> {
        let size = match front.size() {
            Ok(size) => size,
            Err(error) => return unshown(error),
        };
        if model.size != size
            && let Some(left) = self.tell(model, Message::Resize(size.0, size.1), front)?
        {
            return Ok(Some(left));
        }
        match front.show(model, shown_run(self.live.as_ref(), model)) {
            Ok(()) => Ok(None),
            Err(error) => unshown(error),
        }
    }

    fn perform(&mut self, model: &mut Model, effect: Effect, front: &mut dyn Front) -> anyhow::Result<Option<Left>> {
        match effect {
            Effect::Start(id, lesson, spec) => self.start(id, &lesson, &spec),
            Effect::Cancel(id) => {
                if let Some(running) = self.live.as_ref().filter(|running| running.id == id) {
                    running.live.cancel();
                }
            }
            Effect::ReadCopy(copy) => self.read_copy(&copy, None),
            Effect::ResetCopy(copy) => self.reset_copy(&copy),
            Effect::EditCopy(copy) => self.edit_copy(&copy, front)?,
            Effect::Install => self.install(front)?,
            Effect::Prepare(place, lesson) => {
                self.prepare(place, lesson);
                model.preparing(place);
            }
            Effect::ReadLessons(lessons) => self.read_lessons(lessons),
            Effect::TypesetCopy(lesson) => self.typeset(lesson),
            Effect::Save => self.save(model),
            Effect::Forget(lesson) => self.forget(model, lesson),
            Effect::ReadRuns(place, lesson) => self.read_runs(place, lesson),
            Effect::KeepRun(lesson, run) => {
                if let Some(saver) = &self.saver {
                    saver.keep(lesson, run);
                }
            }
            Effect::Copy(text) => {
                if let Err(error) = front.copy(&text) {
                    return unshown(error);
                }
            }
            Effect::Calibrate => self.calibrate(),
            Effect::Suspend => {
                front.suspend();
                signals::stop_self();
                front.resume()?;
            }
            Effect::Repaint => front.resume()?,
            Effect::Quit(signal) => return Ok(Some(Left { signal })),
        }
        Ok(None)
    }

    /// Whether nothing goes on that what is done next would disturb, or depend on.
    fn is_settled(&self, model: &Model) -> bool {
        let known = self.saver.is_none() || model.progress_known;
        known && model.active.is_none() && !model.run_held && !model.search.is_reading(model.overlay)
    }

    fn start(&mut self, id: RunId, lesson: &Lesson, spec: &RunSpec) {
        let sender = self.sender.clone();
        let notify: engine::Notify = Box::new(move || {
            let _ = sender.send(Message::RunOver(id));
        });
        match self.engine.start(lesson, spec, notify) {
            Ok(live) => self.live = Some(Running { id, live, known: 0 }),
            Err(why) => {
                let _ = self.sender.send(Message::RunFailed(id, why));
            }
        }
    }

    /// Writes the progress, once it is known what was there before.
    fn save(&self, model: &Model) {
        if let Some(saver) = self.saver(model) {
            saver.save(&model.progress);
        }
    }

    fn forget(&self, model: &Model, lesson: Option<String>) {
        match self.saver(model) {
            Some(saver) => saver.forget(lesson),
            None => drop(self.sender.send(Message::Forgotten(lesson, Ok(None)))),
        }
    }

    /// The thread that writes; `None` before it is known what is in the file, and where there is no place for one.
    fn saver(&self, model: &Model) -> Option<&Saver> {
        self.saver.as_ref().filter(|_| model.progress_known)
    }

    /// Reads the learner's copy of a program; small files are read at once.
    fn read_copy(&self, copy: &TaskCopy, notice: Option<String>) {
        let Some(folder) = copies::folder() else {
            return self.tell_copy(copy, PathBuf::new(), Err("there is no home directory to keep it in".into()), None);
        };
        let Some(task) = copy.lesson.tasks.get(copy.task) else { return };
        let path = copies::path(&folder, &copy.lesson, task);
        let text = copies::open(&path, copies::original(&copy.lesson, task)).map_err(|error| error.to_string());
        self.tell_copy(copy, path, text, notice);
    }

    fn tell_copy(&self, copy: &TaskCopy, path: PathBuf, text: Result<String, String>, notice: Option<String>) {
        let read = CopyRead { task: copy.task, path, text, notice, run: copy.run };
        let _ = self.sender.send(Message::Copy(read));
    }

    fn reset_copy(&self, copy: &TaskCopy) {
        let written = copies::folder().zip(copy.lesson.tasks.get(copy.task)).map(|(folder, task)| {
            let original = copies::original(&copy.lesson, task);
            copies::write(&copies::path(&folder, &copy.lesson, task), original)
        });
        let notice = written.and_then(Result::err).map(|error| format!("the copy was not reset: {error}"));
        self.read_copy(copy, notice);
    }

    /// Gives the terminal to the learner's editor until it ends.
    fn edit_copy(&self, copy: &TaskCopy, front: &mut dyn Front) -> anyhow::Result<()> {
        let Some((folder, task)) = copies::folder().zip(copy.lesson.tasks.get(copy.task)) else {
            self.read_copy(copy, None);
            return Ok(());
        };
        let path = copies::path(&folder, &copy.lesson, task);
        // There must be something to edit; what stands in the way is told when it is read.
        let ready = copies::open(&path, copies::original(&copy.lesson, task)).is_ok() || path.exists();
        let notice = match editor::command(&path) {
            Ok(command) if ready => self.pause.during(|| {
                front.suspend();
                let said = foreground::run(command, "the editor");
                front.resume()?;
                anyhow::Ok(said.unwrap_or_else(Some))
            })?,
            Ok(_) => None,
            Err(why) => Some(why),
        };
        self.read_copy(copy, notice);
        Ok(())
    }

    /// Gives the terminal to `concur-tutor setup`, and looks for Pythons once it has ended.
    fn install(&self, front: &mut dyn Front) -> anyhow::Result<()> {
        self.pause.during(|| {
            front.suspend();
            foreground::setup();
            front.resume()
        })?;
        self.look_for_pythons(|| {});
        Ok(())
    }

    /// Lays out a lesson and highlights its code, aside from the screen.
    fn prepare(&self, place: usize, lesson: SharedLesson) {
        let sender = self.sender.clone();
        aside("typeset", move || {
            typeset::prepare(&lesson, |typeset| drop(sender.send(Message::Typeset(place, typeset))));
        });
    }

    /// Reads lessons to find words in them, aside from the screen: looking into all of them takes longer than a frame may.
    fn read_lessons(&self, lessons: Vec<SharedLesson>) {
        let sender = self.sender.clone();
        aside("search", move || {
            let index = Index::of(lessons.iter().map(|lesson| &**lesson));
            let _ = sender.send(Message::LessonsRead(Arc::new(index)));
        });
    }

    /// Highlights the sources of a lesson that was made of a copy.
    fn typeset(&self, lesson: SharedLesson) {
        let sender = self.sender.clone();
        aside("typeset", move || {
            let typeset = Arc::new(Typeset::of_sources(&lesson));
            let _ = sender.send(Message::CopyTypeset(lesson, typeset));
        });
    }

    /// Reads what was kept of a lesson's runs, aside from the screen.
    fn read_runs(&self, place: usize, lesson: String) {
        let Some(kept) = self.shelf.clone() else { return };
        let sender = self.sender.clone();
        aside("runs", move || {
            let runs = kept.read(&lesson).map_err(|error| error.to_string());
            let _ = sender.send(Message::RunsRead(place, runs));
        });
    }

    fn calibrate(&self) {
        let (engine, sender) = (Arc::clone(&self.engine), self.sender.clone());
        aside("calibration", move || {
            let _ = sender.send(Message::Calibrated(engine.calibrate()));
        });
    }

    /// Everything that the first frame did not wait for.
    fn discover(&mut self) {
        if let Some((store, shelf)) = self.store.take().zip(self.shelf.clone()) {
            self.saver = Some(Saver::start(store, shelf, &self.sender));
        } else {
            let text = "there is no home directory";
            let _ = self.sender.send(Message::NotSaved(text.to_owned()));
        }
        let (engine, sender) = (Arc::clone(&self.engine), self.sender.clone());
        // One after the other: looking for Pythons starts processes, which the calibration would feel.
        self.look_for_pythons(move || drop(sender.send(Message::Calibrated(engine.calibrate()))));
    }

    /// Looks for Pythons aside from the screen, and does something else after it.
    fn look_for_pythons(&self, then: impl FnOnce() + Send + 'static) {
        let (engine, sender) = (Arc::clone(&self.engine), self.sender.clone());
        aside("discovery", move || {
            let mut tell = |found| drop(sender.send(Message::Runtimes(found, false)));
            let found = engine.discover(&mut tell);
            let _ = sender.send(Message::Runtimes(found, true));
            then();
        });
    }
}

/// The run in progress, where the screen shows it.
fn shown_run<'a>(running: Option<&'a Running>, model: &Model) -> Option<&'a dyn Live> {
    let shown = model.live().map(|active| active.id);
    running.filter(|running| Some(running.id) == shown).map(|running| running.live.as_ref())
}

/// Does something on a thread of its own. Where there is no thread to be had, it stays undone and the log says so.
fn aside(name: &str, job: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(job) {
        tracing::error!(%error, name, "no thread to be had");
    }
}
