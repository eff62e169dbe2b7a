//! The front that prints settled lines and reads lines: no alternate screen, no cursor, no colour, not one escape sequence.
//! What is said is [`crate::app::aloud`]'s; here is where it goes and comes from.

use crate::app::aloud::{self, Aloud, Hearing, Spoken, asked, here, text, understood, ways};
use crate::app::engine::Live;
use crate::app::frame::{FramePlan, Target};
use crate::app::keymap::Action;
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::shell::front::Front;
use crate::app::shell::input::Pause;
use crate::app::shell::{line_input, painter, panic, terminal};
use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::Sender;

/// What stands before what the learner writes.
const PROMPT: &str = "> ";

/// Columns where it is not known how many there are.
const COLUMNS: u16 = 80;

/// Columns that text needs at least.
const LEAST_COLUMNS: u16 = 20;

/// What `SIGINT` is told as.
const INTERRUPT: i32 = 2;

/// Lines out and in.
pub struct Lines {
    spoken: Spoken,
    columns: u16,
    plan: FramePlan,
    /// Lines that are no part of a screen: the greeting, a list that was asked for.
    aside: Vec<String>,
    /// Whether the prompt is the last thing that was printed.
    prompted: bool,
    /// Whether a line waits until what the one before has begun is over: a script knows no better.
    patient: bool,
}

impl Lines {
    /// Lines on standard output, with this said first.
    #[must_use]
    pub fn new(greeting: &str) -> Lines {
        // Nothing was taken; but programs that run must not survive the tutor.
        panic::hook(|| true);
        let columns = columns();
        Lines {
            spoken: Spoken::default(),
            columns,
            plan: FramePlan::default(),
            aside: text::wrapped(greeting, columns),
            prompted: false,
            patient: !io::stdin().is_terminal(),
        }
    }

    /// Prints lines, and after them the prompt where it is the learner's turn.
    fn print(&mut self, lines: &[String], unicode: bool, turn: bool) -> io::Result<()> {
        let mut out = String::new();
        if self.prompted && !lines.is_empty() {
            out.push('\n');
            self.prompted = false;
        }
        for line in lines {
            out.push_str(&text::shown(line, unicode));
            out.push('\n');
        }
        if turn && !self.prompted {
            out.push_str(PROMPT);
            self.prompted = true;
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(out.as_bytes())?;
        stdout.flush()
    }
}

/// What there is to say now, in so many columns.
fn hear(model: &Model, live: Option<&dyn Live>, columns: u16) -> Aloud {
    painter::with_shown(model, live, |shown| aloud::say(Hearing { model, shown, columns }))
}

/// The terminal's columns where it is one.
fn columns() -> u16 {
    terminal::stdout_size().map_or(COLUMNS, |(columns, _)| columns).max(LEAST_COLUMNS) - 1
}

impl Front for Lines {
    fn listen(&mut self, sender: Sender<Message>, pause: Pause) -> io::Result<()> {
        line_input::listen(sender, pause)
    }

    fn size(&mut self) -> io::Result<(u16, u16)> {
        Ok(aloud::SIZE)
    }

    fn show(&mut self, model: &Model, live: Option<&dyn Live>) -> io::Result<()> {
        let now = hear(model, live, self.columns).parts;
        let mut lines = std::mem::take(&mut self.aside);
        let news = self.spoken.news(now);
        if !lines.is_empty() && !news.is_empty() {
            lines.push(String::new());
        }
        lines.extend(news);
        let columns = columns();
        if columns != self.columns {
            // The same words in other lines are nothing new.
            self.columns = columns;
            let now = hear(model, live, columns).parts;
            self.spoken.take_as_said(now);
        }
        // A run can be stopped all the time; but nobody waits for that.
        let turn = model.active.is_none() && !model.run_held;
        self.print(&lines, model.theme.glyphs.unicode, turn)
    }

    fn plan(&self) -> &FramePlan {
        &self.plan
    }

    fn plan_for(&self, model: &Model, live: Option<&dyn Live>, message: &Message) -> Option<FramePlan> {
        let means_places = matches!(message, Message::Key(_) | Message::Choose(_));
        means_places.then(|| painter::plan(model, live))
    }

    fn understand(&mut self, model: &Model, live: Option<&dyn Live>, message: Message) -> Vec<Message> {
        match message {
            Message::Line(written) => {
                // The learner's own line break ends the prompt's line.
                self.prompted = false;
                let aloud = hear(model, live, self.columns);
                match understood::line(model, &aloud, &written) {
                    understood::Understood::Tell(messages) => {
                        // What was said in passing may be said again.
                        self.spoken.forget_part(here::NOTICE);
                        return messages;
                    }
                    understood::Understood::Ways => {
                        self.aside = ways::all(model).iter().flat_map(|way| text::wrapped(way, self.columns)).collect();
                    }
                    understood::Understood::Ask(asked) => {
                        let columns = self.columns;
                        self.aside = painter::with_shown(model, live, |shown| {
                            asked::answer(Hearing { model, shown, columns }, asked)
                        });
                    }
                    understood::Understood::Again => self.spoken.forget(),
                    understood::Understood::Nothing(why) => self.aside = text::wrapped(&why, self.columns),
                }
                Vec::new()
            }
            Message::NoMoreLines => vec![Message::Choose(Target::Key(Action::Quit))],
            // Keys are cooked here: what the terminal makes of ctrl-c stops a run first.
            Message::Terminate(INTERRUPT) => {
                self.prompted = false;
                vec![Message::Interrupt]
            }
            message => vec![message],
        }
    }

    fn holds(&self, message: &Message) -> bool {
        self.patient && matches!(message, Message::Line(_) | Message::NoMoreLines)
    }

    fn suspend(&mut self) {}

    fn resume(&mut self) -> io::Result<()> {
        // Somebody else has written meanwhile.
        self.prompted = false;
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // The shell's prompt begins a line. That nobody reads it any more is no matter.
        if self.prompted {
            let _ = io::stdout().write_all(b"\n");
        }
    }
}
