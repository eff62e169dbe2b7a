//! The front that paints frames on a terminal.

use crate::app::engine::Live;
use crate::app::frame::{FramePlan, LastFrame};
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::shell::front::Front;
use crate::app::shell::input::{self, Pause};
use crate::app::shell::painter;
use crate::app::shell::terminal::{self, Guard, Screen};
use std::io;
use std::sync::mpsc::Sender;

/// The terminal, and the frame that is on it. Dropping it gives the terminal back.
pub struct Frames {
    guard: Guard,
    screen: Screen,
    last: LastFrame,
}

impl Frames {
    /// Takes the terminal.
    ///
    /// # Errors
    /// If it cannot be put into raw mode.
    pub fn take() -> io::Result<Frames> {
        let (guard, screen) = Guard::take()?;
        Ok(Frames { guard, screen, last: LastFrame::default() })
    }
}

impl Front for Frames {
    fn listen(&mut self, sender: Sender<Message>, pause: Pause) -> io::Result<()> {
        input::listen(sender, pause)
    }

    fn size(&mut self) -> io::Result<(u16, u16)> {
        terminal::fit(&mut self.screen).map(|area| (area.width, area.height))
    }

    fn show(&mut self, model: &Model, live: Option<&dyn Live>) -> io::Result<()> {
        painter::paint(model, live, &mut self.last, &mut self.screen)
    }

    fn plan(&self) -> &FramePlan {
        self.last.plan()
    }

    /// For a key that came together with other messages: the frame on the screen is of before the first of them. The mouse
    /// means what was seen, and nothing else asks where things are.
    fn plan_for(&self, model: &Model, live: Option<&dyn Live>, message: &Message) -> Option<FramePlan> {
        let stale = matches!(message, Message::Key(_)) && !self.last.is_of(model);
        stale.then(|| painter::plan(model, live))
    }

    fn understand(&mut self, _model: &Model, _live: Option<&dyn Live>, message: Message) -> Vec<Message> {
        vec![message]
    }

    fn holds(&self, _message: &Message) -> bool {
        false
    }

    fn suspend(&mut self) {
        self.guard.suspend();
    }

    fn resume(&mut self) -> io::Result<()> {
        self.guard.resume(&mut self.screen)
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        terminal::copy(text, &mut self.screen)
    }
}
