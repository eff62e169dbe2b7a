//! Packs of lessons from outside: a pack runs code on this machine, so it is opened only after a yes. The yes is kept until
//! anything in the pack changes.

use super::output::ask;
use super::{Failure, USAGE};
use crate::learner::atomic;
use crate::lesson::pack::Pack;
use crate::runtime::folders;
use crate::trace::plain;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Which packs were agreed to: the digest of each, by its place.
type Agreed = BTreeMap<PathBuf, String>;

/// Reads a pack, and asks before it may be opened for the first time or after a change.
///
/// # Errors
/// The pack's faults; or that it was not agreed to.
pub(super) fn open(dir: &Path, yes: bool) -> anyhow::Result<Pack> {
    let pack = Pack::read(dir)?;
    let file = folders::state().map(|dir| dir.join("packs.json"));
    let agreed = file.as_deref().map(load).unwrap_or_default();
    let before = agreed.get(&pack.path);
    if yes || before == Some(&pack.digest) {
        return Ok(pack);
    }
    if !io::stdin().is_terminal() {
        let message = "a pack runs code on this machine: without a terminal to ask at, add --yes";
        return Err(Failure::new(USAGE, message).into());
    }
    if !ask(&question(&pack, before.is_some()))? {
        return Err(Failure::new(1, "the pack was not opened; nothing of it has run").into());
    }
    if let Some(file) = file {
        // Where it cannot be kept, it will be asked again.
        let _ = keep(&file, agreed, &pack);
    }
    Ok(pack)
}

/// What is asked: plainly, what opening it means.
fn question(pack: &Pack, changed: bool) -> String {
    // Whoever wrote the pack must not be able to write the question.
    let path = pack.path.display().to_string();
    let titles: Vec<Cow<'_, str>> = pack.course.lessons().iter().map(|lesson| plain(&lesson.title)).collect();
    let change = if changed { "It has changed since you last agreed. " } else { "" };
    format!(
        "{}\nLessons: {}\n\nThis is a pack from outside of concur-tutor. {change}Its programs run on this machine as you: they \
         can read, change and delete your files, and use the network. Nothing of it has run yet.\n\
         Look at its .py files first, unless you trust who wrote them.\n\nOpen it?",
        plain(&path),
        titles.join(", "),
    )
}

fn load(file: &Path) -> Agreed {
    fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn keep(file: &Path, mut agreed: Agreed, pack: &Pack) -> io::Result<()> {
    agreed.insert(pack.path.clone(), pack.digest.clone());
    atomic::write(file, &serde_json::to_vec_pretty(&agreed)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::commands;

    #[test]
    fn a_pack_cannot_write_the_question() {
        let dir = tempfile::tempdir().expect("a folder");
        let place = dir.path().join("mine\n\x1b[2JOpen it? [y/N] y\nharmless");
        fs::create_dir_all(place.join("01-naps")).expect("a folder");
        let front =
            "title = \"Naps\\u001b]0;x\\u0007\\nIt is safe.\"\nsummary = \"Naps.\"\n[[program]]\nname = \"nap\"\n";
        fs::write(place.join("01-naps/lesson.md"), format!("+++\n{front}+++\n\n# Naps\n\nText.\n")).expect("written");
        fs::write(place.join("01-naps/nap.py"), "print(1)\n").expect("written");
        let Ok(pack) = Pack::read(&place) else { return }; // a title like this may be a fault before anything is asked
        let asked = question(&pack, false);
        assert!(!asked.chars().any(|c| c != '\n' && commands(c)), "{asked:?}");
        assert_eq!(asked.lines().count(), question_lines(), "{asked}");
    }

    /// How many lines a question has.
    fn question_lines() -> usize {
        7
    }
}
