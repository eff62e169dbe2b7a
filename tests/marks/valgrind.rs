//! The preloaded library under valgrind's memory checker: every wrapped function is called once, without an invalid access
//! or a decision upon memory that was never written, and what is marked of it arrives.
//!
//! The program is in C (`hooks.c`), so that no interpreter's own tricks with memory have to be excused.

use crate::run::{Run, With};
use concur_tutor::inside::probe::{Marks, Probe};
use concur_tutor::inside::trace::{Call, LaneKind, WaitKind, What};
use object::{Object, ObjectSymbol};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = include_str!("hooks.c");

/// What valgrind returns where it found an error and the program, which returns 0 or 1, did not.
const ERRORS: &str = "--error-exitcode=99";

#[test]
fn the_hooks_touch_no_memory_that_they_should_not() {
    if let Err(reason) = valgrind_works() {
        println!("not shown here: {reason}");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary directory");
    let program = folder.path().join("hooks");
    compile(&program);
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", ERRORS, "--vgdb=no"]).arg(&program).current_dir("/");
    let run = Run::command(valgrind, With::Everything, &[]);
    // Whatever it says besides errors, such as that it does not know a system call, starts otherwise.
    let errors = run.stderr.lines().any(|line| line.starts_with("=="));
    assert!(!errors && run.status.success(), "{}: {}", run.status, run.stderr);
    assert_eq!(run.lost, 0);
    assert_told(&run);
}

/// All that `hooks.c` does, whatever the machine's pace, is in the log.
fn assert_told(run: &Run) {
    let names = run.names();
    let waits = run.waits();
    let waited = |thread: &str, kind: WaitKind, call: Call| {
        let mut of_thread = waits.iter().filter(|w| names.get(&w.tid).is_some_and(|name| name == thread));
        let told = of_thread.any(|w| (w.wait.kind, w.wait.call) == (kind, call));
        assert!(told, "no {kind:?} of {thread} in {call:?}: {waits:?}");
    };
    waited("main", WaitKind::Sleep, Call::Nanosleep);
    waited("main", WaitKind::Sleep, Call::ClockNanosleep);
    waited("main", WaitKind::Sleep, Call::Usleep);
    waited("main", WaitKind::Sleep, Call::Select);
    waited("main", WaitKind::Io, Call::Poll);
    waited("main", WaitKind::Io, Call::EpollWait);
    waited("main", WaitKind::Io, Call::Recv);
    waited("main", WaitKind::Io, Call::Sigwait);
    waited("waiter", WaitKind::Lock, Call::CondWait);
    waited("locker", WaitKind::Lock, Call::MutexLock);
    waited("GIL waiter", WaitKind::Gil, Call::CondWait);
    waited("forked", WaitKind::Sleep, Call::Nanosleep);

    let main: Vec<&What> = run.records.iter().filter(|r| r.tid == run.pid).map(|r| &r.what).collect();
    let moves = main.iter().filter_map(|what| match what {
        What::GilTaken { gil } => Some((true, *gil)),
        What::GilDropped { gil } => Some((false, *gil)),
        _ => None,
    });
    let moves: Vec<(bool, u64)> = moves.collect();
    assert!(matches!(moves[..], [(true, taken), (false, dropped)] if taken == dropped), "{moves:?}");
    for what in [What::ProgramStart, What::Kind(LaneKind::Helper), What::ProgramEnd] {
        assert!(main.contains(&&what), "no {what:?}");
    }
    assert!(run.process_names().contains("a program"), "{:?}", run.process_names());
    let started = ["execve", "execv", "execvpe", "execvp", "fexecve", "posix_spawn", "posix_spawnp", "system"];
    let threads = ["main", "forked", "waiter", "locker", "GIL waiter"];
    assert_eq!(run.all_names(), threads.into_iter().chain(started).collect::<BTreeSet<_>>());
}

#[test]
fn every_wrapped_function_is_called_under_valgrind() {
    let mut marks = Marks::new(true);
    marks.attach().expect("a memory file, and a library for this system");
    let preload = marks.environment().into_iter().find(|(name, _)| name == "LD_PRELOAD").expect("the library");
    let path = preload.1.into_string().expect("a path in /proc");
    let bytes = std::fs::read(path.split(':').next().expect("the first")).expect("the library's bytes");
    let library = object::read::elf::ElfFile64::<object::Endianness>::parse(&*bytes).expect("a shared library");
    let exported: Vec<&str> =
        library.dynamic_symbols().filter(ObjectSymbol::is_definition).map(|s| s.name().expect("UTF-8")).collect();
    assert!(exported.contains(&"read"), "{exported:?}");
    let words: BTreeSet<&str> = PROGRAM.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    // This one is not libc's: the Pythons call it.
    let missing = exported.iter().filter(|name| !words.contains(**name) && **name != "_PyGen_Send");
    let missing: Vec<_> = missing.collect();
    assert!(missing.is_empty(), "hooks.c does not call {missing:?}");
}

/// Why nothing can be run under valgrind here.
fn valgrind_works() -> Result<(), String> {
    match Command::new("valgrind").args(["--quiet", "true"]).output() {
        Err(_) => Err("valgrind is not installed".to_owned()),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            Err(format!("valgrind runs no program on this machine: {}", String::from_utf8_lossy(&output.stderr)))
        }
    }
}

/// Compiles `hooks.c` with the C compiler that links Rust's own programs.
fn compile(program: &Path) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/marks/hooks.c");
    let mut compiler = Command::new("cc");
    // Without checks of buffers: the program calls the checked functions by their own names. With its symbols for the
    // library, which looks for one of Python's.
    compiler.args(["-g", "-O1", "-U_FORTIFY_SOURCE", "-rdynamic", "-o"]).arg(program).arg(source);
    let output = compiler.args(["-lpthread", "-ldl"]).output().expect("the C compiler that links Rust's programs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
