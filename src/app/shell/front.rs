//! The front: where the model is shown, and what becomes of what the learner does there. Whole frames on a terminal are
//! one ([`super::frames`]), settled lines another ([`super::lines`]). Everything behind it is the same.

use crate::app::engine::Live;
use crate::app::frame::FramePlan;
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::shell::input::Pause;
use std::io;
use std::sync::mpsc::Sender;

/// Where the model is shown.
pub trait Front {
    /// Starts to tell what the learner does.
    ///
    /// # Errors
    /// If it cannot be read.
    fn listen(&mut self, sender: Sender<Message>, pause: Pause) -> io::Result<()>;

    /// The columns and rows for which the model is laid out.
    ///
    /// # Errors
    /// If they are not to be had.
    fn size(&mut self) -> io::Result<(u16, u16)>;

    /// Shows the model as it is now, and the run in progress where it is on the screen.
    ///
    /// # Errors
    /// If it cannot be written.
    fn show(&mut self, model: &Model, live: Option<&dyn Live>) -> io::Result<()>;

    /// Where things were when the model was shown last.
    fn plan(&self) -> &FramePlan;

    /// Where things are now, for a message that means that.
    fn plan_for(&self, model: &Model, live: Option<&dyn Live>, message: &Message) -> Option<FramePlan>;

    /// What a message means here, as messages to the model.
    fn understand(&mut self, model: &Model, live: Option<&dyn Live>, message: Message) -> Vec<Message>;

    /// Whether this waits until what was done before it is over.
    fn holds(&self, message: &Message) -> bool;

    /// Gives back what was taken, to take it again with [`Front::resume`].
    fn suspend(&mut self);

    /// Takes it again. What is shown next is shown whole.
    ///
    /// # Errors
    /// If it cannot be taken.
    fn resume(&mut self) -> io::Result<()>;

    /// Puts a text into the learner's clipboard.
    ///
    /// # Errors
    /// If it cannot be written.
    fn copy(&mut self, text: &str) -> io::Result<()>;
}
