//! Nothing in the key table is there for nothing: each key does something in one of the states that a learner gets to.

use super::clicks::{after, in_short};
use super::states::{self, SIZES};
use crate::app::keymap::{self, Action, Id, Key};
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::screens::scopes;
use crossterm::event::KeyEvent;

#[test]
fn every_key_of_the_table_does_something_somewhere() {
    let binds = keymap::all().flat_map(|row| row.binds.iter().map(|(key, action)| (row.id, *key, *action)));
    let mut idle: Vec<(Id, Key, Action)> = binds.collect();
    for size in [SIZES[1], SIZES[4]] {
        for (_, bench) in states::all(size) {
            let (plan, open) = (bench.plan(), scopes(&bench.model));
            let before = without_notice(&bench.model);
            idle.retain(|(id, key, action)| {
                let event = KeyEvent::new(key.0, key.1);
                if !open.contains(&keymap::row(*id).scope) || keymap::lookup(event, &open) != Some(*action) {
                    return true;
                }
                let (after, effects) = after(&bench.model, &plan, Message::Key(event));
                effects.is_empty() && without_notice(&after) == before
            });
        }
    }
    assert!(idle.is_empty(), "keys that nothing comes of in any state: {idle:#?}");
}

/// What a model shows, but for the line that any key takes away.
fn without_notice(model: &Model) -> String {
    in_short(&Model { notice: None, ..model.clone() })
}
