//! The progress file in every state in which it can be found.

use super::*;
use nix::sys::stat::Mode;
use std::os::unix::fs::symlink;

/// A folder, and a store in it that waits for nobody.
fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store { patience: 0, ..Store::in_dir(dir.path()) };
    (dir, store)
}

fn page(title: &str) -> Progress {
    let mut progress = Progress { version: VERSION, ..Progress::default() };
    progress.lesson_mut("02-gil").pages.insert(title.to_owned());
    progress
}

/// What was done since nothing was.
fn all_of(progress: &Progress) -> [Change; 1] {
    [Change::between(&Progress::default(), progress)]
}

fn save(store: &Store, progress: &Progress) -> Result<Progress, StoreError> {
    store.save(&Progress::default(), &all_of(progress))
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_is_saved_is_loaded() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::in_dir(&dir.path().join("not/yet/there"));
    assert_eq!(store.load(), Loaded::default());
    save(&store, &Progress::default()).unwrap();
    assert_eq!(store.load(), Loaded::default(), "nothing is no reason for a file");
    save(&store, &page("a")).unwrap();
    assert_eq!(store.load(), Loaded { progress: page("a"), message: None });
    assert_eq!(names(&dir.path().join("not/yet/there")), ["progress.json", "progress.json.lock"]);
}

#[test]
fn a_save_is_played_onto_what_others_have_saved() {
    let (_dir, store) = store();
    save(&store, &page("a")).unwrap();
    store.update(|progress| progress.lesson_mut("03-io").pages.extend(["c".to_owned()])).unwrap();
    let both = save(&store, &page("b")).unwrap();
    assert_eq!(both, store.peek().unwrap());
    assert_eq!(both.lessons["02-gil"].pages.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert!(both.lessons.contains_key("03-io"));
}

#[test]
fn what_another_program_forgets_does_not_come_back() {
    let (_dir, store) = store();
    let known = save(&store, &page("a")).unwrap();
    let forgotten = store.forget(Some("02-gil")).unwrap();
    assert!(forgotten.progress.lessons.is_empty());
    let mut now = known.clone();
    now.lesson_mut("02-gil").pages.insert("b".to_owned());
    assert_eq!(store.save(&known, &[Change::between(&known, &now)]).unwrap(), page("b"));
}

#[test]
fn a_damaged_file_is_kept_and_named() {
    for bytes in [&b"{\"version\": 1, \"les"[..], b"\xff\xfe\x00", b"", b"[]", b"{\"version\": 1, \"lessons\": 3}"] {
        let (dir, store) = store();
        std::fs::write(dir.path().join("progress.json.damaged-1"), "an older one").unwrap();
        std::fs::write(dir.path().join("progress.json"), bytes).unwrap();
        assert!(store.update(|_| ()).is_err() && store.forget(None).is_err(), "a command leaves it to the app");
        let loaded = store.load();
        assert_eq!(loaded.progress, Progress::default());
        let said = loaded.message.unwrap();
        assert!(said.contains("is damaged") && said.contains("damaged-2"), "{said}");
        assert_eq!(std::fs::read(dir.path().join("progress.json.damaged-2")).unwrap(), bytes);
        save(&store, &page("a")).unwrap();
        assert_eq!(store.load().progress, page("a"));
    }
}

#[test]
fn what_becomes_damaged_or_is_gone_meanwhile_is_written_as_it_was_known() {
    let (dir, store) = store();
    let path = dir.path().join("progress.json");
    let known = save(&store, &page("a")).unwrap();
    std::fs::write(&path, "{\"ver").unwrap();
    assert_eq!(store.save(&known, &all_of(&page("b"))).unwrap().lessons["02-gil"].pages.len(), 2);
    assert_eq!(std::fs::read_to_string(dir.path().join("progress.json.damaged-1")).unwrap(), "{\"ver");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(store.save(&known, &[]).unwrap(), page("a"));
    assert_eq!(store.peek().unwrap(), page("a"));
}

/// Nothing is read, nothing is written, and it is said why.
fn is_left_alone(dir: &Path, store: &Store, why: &str) {
    let before = names(dir);
    let said = store.load().message.unwrap();
    assert!(said.starts_with("nothing is saved: ") && said.contains(why), "{said}");
    let errors = [
        save(store, &page("a")).unwrap_err(),
        store.update(|_| ()).unwrap_err(),
        store.forget(None).unwrap_err(),
        store.peek().unwrap_err(),
    ];
    for error in errors {
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(names(dir), before);
}

#[test]
fn what_a_newer_version_has_written_is_left_alone() {
    let (dir, store) = store();
    let text = "{\"version\": 2, \"lessons\": [\"laid out in another way\"]}";
    std::fs::write(dir.path().join("progress.json"), text).unwrap();
    is_left_alone(dir.path(), &store, "a newer concur-tutor has written your progress file (layout version 2)");
    assert_eq!(std::fs::read_to_string(dir.path().join("progress.json")).unwrap(), text);
}

#[test]
fn what_is_no_ordinary_file_is_left_alone_and_not_waited_for() {
    let (dir, store) = store();
    let path = dir.path().join("progress.json");
    nix::unistd::mkfifo(&path, Mode::S_IRWXU).unwrap();
    is_left_alone(dir.path(), &store, "is a pipe, not a file");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    is_left_alone(dir.path(), &store, "is a folder, not a file");
    std::fs::remove_dir(&path).unwrap();
    symlink("/dev/full", &path).unwrap();
    is_left_alone(dir.path(), &store, "is a device, not a file");
    assert!(!Path::new("/dev/full.lock").exists());
}

#[test]
fn what_is_far_too_large_is_left_alone() {
    let (dir, store) = store();
    let path = dir.path().join("progress.json");
    std::fs::File::create(&path).unwrap().set_len(50_000_000).unwrap();
    is_left_alone(dir.path(), &store, "is larger than 16 MiB");
    assert_eq!(path.metadata().unwrap().len(), 50_000_000);
}

#[test]
fn a_program_that_keeps_the_lock_is_not_waited_for_without_an_end() {
    let (dir, store) = store();
    let known = save(&store, &page("a")).unwrap();
    let held = Lock::take(&dir.path().join("progress.json.lock"), 0).unwrap();
    let busy = store.save(&known, &all_of(&page("b"))).unwrap_err();
    assert!(busy.to_string().starts_with("another program keeps"), "{busy}");
    assert_eq!(store.load().progress, page("a"), "it can be read all the same");
    drop(held);
    store.save(&known, &all_of(&page("b"))).unwrap();
}

#[test]
fn a_link_stays_a_link() {
    let (dir, store) = store();
    std::fs::create_dir(dir.path().join("dotfiles")).unwrap();
    symlink("dotfiles/mine.json", dir.path().join("progress.json")).unwrap();
    save(&store, &page("a")).unwrap();
    save(&store, &page("b")).unwrap();
    assert!(dir.path().join("progress.json").is_symlink());
    assert_eq!(names(&dir.path().join("dotfiles")), ["mine.json", "mine.json.lock"]);
    assert_eq!(store.peek().unwrap().lessons["02-gil"].pages.len(), 2);
}

#[test]
fn a_copy_is_kept_before_anything_is_forgotten_and_never_over_another() {
    let (dir, store) = store();
    assert_eq!(store.forget(None).unwrap().copy, None, "there is no file yet");
    for n in 1..=2 {
        save(&store, &page("a")).unwrap();
        let before = std::fs::read(dir.path().join("progress.json")).unwrap();
        let copy = store.forget(None).unwrap().copy.unwrap();
        assert_eq!(copy, dir.path().join(format!("progress.json.before-reset-{n}")));
        assert_eq!(std::fs::read(copy).unwrap(), before);
    }
    assert!(store.peek().unwrap().lessons.is_empty());
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("file"), "not a folder").unwrap();
    let store = Store::in_dir(&dir.path().join("file/below"));
    assert!(matches!(save(&store, &page("a")), Err(StoreError::Unwritable { .. })));
    assert_eq!(std::fs::read_to_string(dir.path().join("file")).unwrap(), "not a folder");
}
