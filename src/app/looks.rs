//! How things look, as the learner chooses it: at once, and at every later start.

use crate::app::appearance::name;
use crate::app::effect::{Effect, Effects};
use crate::app::keymap::{self, Id};
use crate::app::model::Model;
use crate::learner::settings::{GlyphSet, Settings};

/// What was chosen at an earlier start counts, but for what was said outright at this one, or chosen meanwhile.
pub fn kept(model: &mut Model) {
    let (kept, outright) = (model.progress.settings, model.assumed.outright);
    let kept =
        Settings { theme: kept.theme.filter(|_| !outright.theme), glyphs: kept.glyphs.filter(|_| !outright.glyphs) };
    model.chosen = model.chosen.or(kept);
    model.dress();
}

/// The next theme.
pub fn next_theme(model: &mut Model) -> Effects {
    let theme = model.appearance.next_theme();
    let key = keymap::name(Id::Theme);
    model.say(format!("Theme: {}. {key}: the next one. It is kept.", name(theme)));
    choose(model, Settings { theme: Some(theme), glyphs: None })
}

/// The other signs.
pub fn other_glyphs(model: &mut Model) -> Effects {
    let glyphs = model.appearance.other_glyphs();
    model.say(match glyphs {
        GlyphSet::Unicode => "Signs: Unicode. It is kept.",
        GlyphSet::Ascii => "Signs: ASCII. It is kept.",
    });
    choose(model, Settings { theme: None, glyphs: Some(glyphs) })
}

/// Takes what was chosen for now and for later.
fn choose(model: &mut Model, chosen: Settings) -> Effects {
    model.chosen = chosen.or(model.chosen);
    model.progress.settings = chosen.or(model.progress.settings);
    model.dress();
    Effects::one(Effect::Save)
}
