//! The screens: one folder each, with its state, what keys and clicks do there, where things are, how they are drawn and
//! what they say where nothing is drawn.
//!
//! A screen is a [`Kind`]. One list names every one of them: [`Screen`], [`kind`] and [`KEYS`] are made of it. What lies
//! over a screen is in [`overlay`].

pub mod ask;
pub mod compare;
pub mod desk;
pub mod findings;
pub mod interview;
pub mod list;
pub mod map;
pub mod overlay;
pub mod review;
pub mod task;

use crate::app::aloud::{Aloud, Hearing};
use crate::app::effect::Effects;
use crate::app::frame::{Body, FramePlan, Placed, Shown, chrome};
use crate::app::keymap::{self, Action, Row, Scope};
use crate::app::model::Model;
use crate::app::screens::ask::Field;
use crate::view::TooSmall;
use ratatui::layout::{Position, Rect};

/// What the app asks of a screen. The state is in the model; a kind has none.
pub trait Kind {
    /// The scopes whose keys apply now, the innermost first; those that apply everywhere are added to them, unless
    /// every other key is a letter.
    fn scopes(&self, model: &Model) -> Vec<Scope>;

    /// The field in which the learner types now.
    fn typing<'a>(&self, _model: &'a Model) -> Option<&'a Field> {
        None
    }

    /// The field in which the learner types now, to be changed.
    fn typing_mut<'a>(&self, _model: &'a mut Model) -> Option<&'a mut Field> {
        None
    }

    /// A letter was typed, or text pasted into the field.
    fn typed(&self, _model: &mut Model) {}

    /// How many things the numbers choose among now, where they choose.
    fn numbered(&self, _model: &Model) -> Option<usize> {
        None
    }

    /// What one step out does now, in a word.
    fn back_word(&self, _model: &Model) -> &'static str {
        "back"
    }

    /// The lessons, by place, whose pages and sources it shows or will show next: they are to be laid out and highlighted.
    fn wants(&self, _model: &Model) -> Vec<usize> {
        Vec::new()
    }

    /// Where everything is.
    fn plan(&self, model: &Model, shown: &Shown<'_>, area: Rect) -> Box<dyn Body>;

    /// What it says where nothing is drawn, in words, with what can be chosen by number.
    fn aloud(&self, hearing: Hearing<'_>) -> Aloud;

    /// Does what a key asks for.
    fn act(&self, model: &mut Model, plan: &FramePlan, action: Action) -> Effects;

    /// One step out.
    fn back(&self, model: &mut Model) -> Effects;

    /// Does what a click on one of its targets asks for.
    fn click(&self, model: &mut Model, plan: &FramePlan, placed: &Placed, at: Position) -> Effects;

    /// The mouse is moved with its button held.
    fn drag(&self, _model: &mut Model, _placed: &Placed, _at: Position) {}

    /// The wheel was turned, down by 1 or up by -1: the same as the arrow keys.
    fn wheel(&self, model: &mut Model, plan: &FramePlan, _at: Position, by: i32) -> Effects {
        match keymap::arrow(by, &self.scopes(model)) {
            Some(action) => self.act(model, plan, action),
            None => Effects::none(),
        }
    }
}

/// Every screen: what it is, its kind and the folder that has its keys.
macro_rules! screens {
    ($($(#[$doc:meta])* $screen:ident $(($data:ty))? => $folder:ident::$kind:ident,)*) => {
        /// What is open.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Screen {
            $($(#[$doc])* $screen $(($data))?,)*
        }

        /// How this screen behaves.
        #[must_use]
        pub fn kind(screen: Screen) -> &'static dyn Kind {
            match screen {
                $(Screen::$screen { .. } => &$folder::$kind,)*
            }
        }

        /// The rows of the key table, screen by screen.
        pub const KEYS: &[&[Row]] = &[$($folder::KEYS),*];
    };
}

// A new screen is its folder and its line here.
screens! {
    /// The map of the course, with the selected lesson.
    List(usize) => map::Map,
    /// A desk of the course, or of the learner's own script.
    Desk(usize) => desk::OnDesk,
    /// The desk of a lesson's tasks.
    Task => task::OnTask,
    /// The runs of a lesson side by side.
    Compare => compare::OnCompare,
    /// The review of today.
    Review => review::Reviewing,
    /// An interview.
    Interview => interview::Interviewing,
    /// The gallery of findings.
    Findings => findings::Gallery,
}

/// The scopes whose keys apply now, the innermost first.
#[must_use]
pub fn scopes(model: &Model) -> Vec<Scope> {
    let mut scopes = match model.overlay {
        Some(overlay) => overlay::scopes(overlay),
        None => kind(model.screen).scopes(model),
    };
    if field(model).is_none() {
        scopes.push(Scope::Anywhere);
    }
    scopes
}

/// The scopes whose keys apply on the screen below what lies over it.
#[must_use]
pub fn below(model: &Model) -> Vec<Scope> {
    let screen = kind(model.screen);
    let mut scopes = screen.scopes(model);
    scopes.extend(screen.typing(model).is_none().then_some(Scope::Anywhere));
    scopes
}

/// The field that takes the letters that are typed now: what lies over a screen may have one too.
#[must_use]
pub fn field(model: &Model) -> Option<&Field> {
    model.overlay.map_or_else(|| typing(model), |overlay| overlay::field(model, overlay))
}

/// How many things the numbers choose among now, where they choose.
#[must_use]
pub fn numbered(model: &Model) -> Option<usize> {
    match model.overlay {
        Some(overlay) => overlay::numbered(model, overlay),
        None => kind(model.screen).numbered(model),
    }
}

/// What one step out does now, in a word.
#[must_use]
pub fn back_word(model: &Model) -> &'static str {
    if model.overlay.is_some() { "close" } else { kind(model.screen).back_word(model) }
}

/// The field of the screen in which the learner types now; none with something over it.
#[must_use]
pub fn typing(model: &Model) -> Option<&Field> {
    if model.overlay.is_some() { None } else { kind(model.screen).typing(model) }
}

/// The plan of a frame of this size.
#[must_use]
pub fn plan(model: &Model, shown: &Shown<'_>, area: Rect) -> FramePlan {
    if TooSmall::applies(area) {
        return FramePlan { area, ..FramePlan::default() };
    }
    let body = kind(model.screen).plan(model, shown, area);
    let over = model.overlay.map(|overlay| overlay::plan(model, overlay, area));
    let (overflows, unseen) = (over.is_none() && body.overflows(), over.is_none() && body.unseen());
    let footer = chrome::Footer::plan(&scopes(model), (overflows, unseen), model, area);
    FramePlan { area, screen: Some((model.screen, model.overlay)), body: Some(body), over, footer }
}
