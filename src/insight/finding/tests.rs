//! The words of every rule on a run that shows its pattern, and its silence on all the others'.

use super::times::{
    Alone, Blocked, Calls, Doing, Halt, Halted, InLine, InTurn, LockedFile, Looks, Partition, Pool, Stand,
};
use super::*;
use crate::clock::{MILLISECOND, Nanos};
use crate::trace::{
    Call, Lane, LaneKind, Sources, Span, Spans, State, SwitchSource, Trace, Wait, WaitKind, WaitObject, WaitSource,
};

/// A thread of a constructed run: its process and the parent of that, its name, and what it does from the run's start on.
type Thread = (u32, u32, &'static str, &'static [(Do, Nanos)]);

/// What a thread does, for so many milliseconds.
#[derive(Debug, Clone, Copy)]
enum Do {
    Run,
    Native,
    Ready,
    Gil,
    Lock,
    Join,
    Child,
    Write,
    Io,
    Listen,
    Sleep,
    Idle,
    /// What follows, so many times over.
    Again,
}
use Do::*;

fn span(does: Do, start: Nanos, end: Nanos) -> Span {
    let wait = |kind, call| Some(Wait { kind, call, object: WaitObject::Nothing });
    let (state, wait) = match does {
        Run | Again => (State::Running, None),
        Native => (State::Native, None),
        Ready => (State::Ready, None),
        Gil => (State::GilWait, wait(WaitKind::Gil, Call::CondTimedwait)),
        Lock => {
            let (kind, call, object) = (WaitKind::Lock, Call::SemWait, WaitObject::Lock(0x7f30));
            (State::LockWait, Some(Wait { kind, call, object }))
        }
        Join => (State::LockWait, wait(WaitKind::Lock, Call::PyThreadJoin)),
        Child => (State::IoWait, wait(WaitKind::Io, Call::Waitpid)),
        Write => (State::IoWait, wait(WaitKind::Io, Call::Write)),
        Io => (State::IoWait, wait(WaitKind::Io, Call::Recv)),
        Listen => (State::IoWait, wait(WaitKind::Io, Call::EpollWait)),
        Idle => (State::Idle, wait(WaitKind::Idle, Call::SemWait)),
        Sleep => (State::Sleep, wait(WaitKind::Sleep, Call::ClockNanosleep)),
    };
    Span { start, end, state, core: state.on_cpu().then_some(0), wait }
}

/// What a thread does, with its repetitions: `Again` stands before what is repeated to the end.
fn unrolled(does: &[(Do, Nanos)]) -> Vec<(Do, Nanos)> {
    match does {
        [(Again, times), rest @ ..] => (0..*times).flat_map(|_| unrolled(rest)).collect(),
        [first, rest @ ..] => [*first].into_iter().chain(unrolled(rest)).collect(),
        [] => Vec::new(),
    }
}

fn lane(place: u32, (pid, parent, name, does): &Thread) -> Lane {
    let mut spans = Spans::default();
    let mut at = 0;
    for (does, millis) in unrolled(does) {
        let end = at + millis * MILLISECOND / 10;
        spans.push(span(does, at, end));
        at = end;
    }
    let kind = match *name {
        "main" => LaneKind::Main,
        name if name.starts_with("helper") => LaneKind::Helper,
        name if name.starts_with("process") => LaneKind::Process,
        _ => LaneKind::Thread,
    };
    let tid = if matches!(kind, LaneKind::Thread | LaneKind::Helper) { 100 + place } else { *pid };
    Lane {
        pid: *pid,
        tid,
        parent: *parent,
        name: (*name).to_owned(),
        kind,
        end: Some(at),
        spans,
        gil_holds: 1,
        ..Lane::default()
    }
}

fn trace(threads: &[Thread]) -> Trace {
    let sources = Sources { switches: SwitchSource::Perf, waits: WaitSource::Preload, ..Sources::default() };
    let mut trace = Trace { program_at: Some(0), sources, ..Trace::default() };
    for (place, thread) in (0..).zip(threads) {
        trace.add_lane(lane(place, thread));
    }
    let end = trace.lanes.iter().filter_map(|lane| lane.end).max().unwrap_or(0);
    trace.ended_at = Some(end);
    trace.known_until = end;
    trace
}

fn found(threads: &[Thread], stopped: bool) -> Vec<Finding> {
    findings(&Times::of(&trace(threads), Conditions { has_gil: true, cores: 2, stopped, ..Conditions::default() }))
}

/// Constructed runs, each named by the rule that it shows; times are in tenths of a millisecond. What tasks do is seen in
/// `tests/findings.rs` alone.
const RUNS: [(&str, bool, &[Thread]); 15] = [
    (
        "lock-serialized",
        false,
        &[
            (1, 0, "main", &[(Join, 9_000)]),
            (1, 0, "a", &[(Again, 10), (Native, 300), (Lock, 600)]),
            (1, 0, "b", &[(Again, 10), (Lock, 300), (Native, 300), (Lock, 300)]),
            (1, 0, "c", &[(Again, 10), (Lock, 600), (Native, 300)]),
        ],
    ),
    (
        "handing-out",
        false,
        &[
            (1, 0, "main", &[(Run, 1_000), (Join, 9_000)]),
            (1, 0, "helper-feeds", &[(Idle, 1_000), (Run, 9_000)]),
            (2, 1, "process-a", &[(Again, 10), (Idle, 900), (Run, 100)]),
            (3, 1, "process-b", &[(Again, 10), (Idle, 900), (Run, 100)]),
        ],
    ),
    (
        "gil-serialized",
        false,
        &[
            (1, 0, "main", &[(Join, 10_000)]),
            (1, 0, "a", &[(Again, 100), (Run, 50), (Gil, 50)]),
            (1, 0, "b", &[(Again, 100), (Gil, 50), (Run, 50)]),
        ],
    ),
    (
        "gil-convoy",
        false,
        &[
            (1, 0, "main", &[(Join, 10_000)]),
            (1, 0, "crunch", &[(Run, 10_000)]),
            (1, 0, "answers", &[(Again, 100), (Io, 45), (Gil, 54), (Run, 1)]),
        ],
    ),
    (
        "main-alone",
        false,
        &[
            (1, 0, "main", &[(Run, 4_000), (Join, 6_000)]),
            (1, 0, "a", &[(Idle, 4_000), (Native, 6_000)]),
            (1, 0, "b", &[(Idle, 4_000), (Native, 6_000)]),
        ],
    ),
    ("sleeping-polls", false, &[(1, 0, "main", &[(Again, 90), (Sleep, 100), (Run, 2)])]),
    ("busy-waiting", false, &[(1, 0, "main", &[(Again, 3_000), (Sleep, 1), (Run, 1)])]),
    (
        "one-after-another",
        false,
        &[(1, 0, "main", &[(Again, 8), (Io, 2_000), (Run, 10)]), (1, 0, "idle", &[(Lock, 16_080)])],
    ),
    (
        "one-after-another",
        false,
        &[
            (1, 0, "main", &[(Join, 6_000)]),
            (1, 0, "a", &[(Sleep, 2_000), (Idle, 2_000), (Sleep, 2_000)]),
            (1, 0, "b", &[(Idle, 2_000), (Sleep, 2_000), (Idle, 2_000)]),
        ],
    ),
    (
        "not-enough-cores",
        false,
        &[
            (1, 0, "main", &[(Child, 10_000)]),
            (2, 1, "process-a", &[(Again, 10), (Run, 500), (Ready, 500)]),
            (3, 1, "process-b", &[(Again, 10), (Run, 500), (Ready, 500)]),
            (4, 1, "process-c", &[(Again, 10), (Ready, 500), (Run, 500)]),
            (5, 1, "process-d", &[(Again, 10), (Ready, 500), (Run, 500)]),
        ],
    ),
    (
        "full-pipe",
        true,
        &[(1, 0, "main", &[(Run, 100), (Child, 20_000)]), (2, 1, "process-child", &[(Run, 100), (Write, 20_000)])],
    ),
    (
        "stuck",
        true,
        &[
            (1, 0, "main", &[(Run, 20), (Lock, 20_000)]),
            (1, 0, "one", &[(Run, 30), (Lock, 20_000)]),
            (1, 0, "two", &[(Run, 40), (Lock, 20_000)]),
        ],
    ),
    (
        "waits-overlap",
        false,
        &[
            (1, 0, "main", &[(Join, 10_000)]),
            (1, 0, "a", &[(Sleep, 10_000)]),
            (1, 0, "b", &[(Sleep, 10_000)]),
            (1, 0, "c", &[(Sleep, 9_000)]),
        ],
    ),
    ("one-core", false, &[(1, 0, "main", &[(Run, 10_000)]), (1, 0, "idle", &[(Idle, 10_000)])]),
    (
        "healthy",
        false,
        &[(1, 0, "main", &[(Join, 10_000)]), (1, 0, "a", &[(Native, 10_000)]), (1, 0, "b", &[(Native, 9_000)])],
    ),
];

#[test]
fn the_words_of_every_rule() {
    let told = RUNS.map(|(id, stopped, threads)| {
        let found = found(threads, stopped);
        assert_eq!(found.first().map(|found| found.id.as_str()), Some(id), "{threads:?}: {found:?}");
        let rest: Vec<&str> = found[1..].iter().map(|found| found.id.as_str()).collect();
        let rest = if rest.is_empty() { String::new() } else { format!("\n    then {}", rest.join(", ")) };
        let first = &found[0];
        format!("{id} {:?} {:?}\n    {}{rest}", first.because, first.evidence, first.sentence)
    });
    insta::assert_snapshot!(told.join("\n"));
}

/// What a constructed run's lanes do not show: what tasks did, how long Python needed, what a pool's workers took.
type Change = fn(&mut Times);

/// The times of a main thread that works a little and waits, changed so that they show a rule's pattern.
const CHANGED: [(&str, Change); 24] = [
    ("tasks-stuck", |times| {
        let tasks = [("take 2", "Lock.acquire", "line 11 (take)"), ("main 1", "gather", "")];
        let tasks = tasks.map(|(task, what, place)| (task.to_owned(), what.to_owned(), place.to_owned()));
        times.halted = Some(Halted { lane: 0, since: 0.08, until: 1.0, certain: true, tasks: tasks.to_vec() });
    }),
    ("tasks-stuck", |times| {
        let tasks = vec![("waiter 2".to_owned(), "a future".to_owned(), "line 3 (waiter)".to_owned())];
        times.halted = Some(Halted { lane: 0, since: 0.08, until: 1.0, certain: false, tasks });
    }),
    ("busy-waiting", |times| {
        let (task, place) = ("wait_for 2".to_owned(), "line 5 (wait_for)".to_owned());
        let spins = Some(Looks { task, sleeps: 30_000, slept: 0.9, place, ..Looks::default() });
        times.in_turn = vec![InTurn { lane: Some(0), spins, ..InTurn::default() }];
    }),
    ("killed", |times| {
        (times.roles[1].killed, times.roles[1].pieces) = (Some(9), 3);
        times.conditions = Conditions { stopped: false, failed: true, ..times.conditions };
    }),
    ("killed", |times| {
        times.roles[2].killed = Some(11);
        times.at_stop = Some(halted_at(0.2, Doing::Io, Call::Read));
    }),
    ("kept-alive", |times| {
        (times.roles[1].pid, times.roles[1].kind) = (1, LaneKind::Thread);
        for role in &mut times.roles {
            role.python = true;
        }
        times.roles[1].rests();
        let at_rest = halted_at(0.2, Doing::Lock, Call::PyEvent);
        times.at_stop = Some(Halt { since: None, over_since: Some(0.05), ..at_rest });
    }),
    ("queue-full", |times| {
        times.queues.put = Some("line 9".to_owned());
        times.roles[0].puts = (0.8, 20);
        times.roles[1].sleeps(0.95);
        (times.roles[1].pid, times.roles[1].kind) = (1, LaneKind::Thread);
    }),
    ("queue-empty", |times| {
        times.queues.get = Some("line 5 (work)".to_owned());
        (times.roles[1].gets, times.roles[2].gets) = ((0.9, 20), (0.9, 20));
        for role in &mut times.roles {
            (role.pid, role.kind) = (1, if role.is_main() { LaneKind::Main } else { LaneKind::Thread });
        }
        times.roles[0].sleeps(0.98);
    }),
    ("nobody-came", |times| {
        times.roles.truncate(1);
        times.roles[0].accepts = 0.98;
        times.all.works = 0.01;
        times.all.listens = 0.98;
    }),
    ("loop-blocked", |times| times.blocked = vec![blocked(0.0)]),
    ("loop-blocked", |times| times.blocked = vec![blocked(0.45)]),
    ("executor-full", |times| times.calls = Some(Calls { workers: vec![0], full: 0.8, in_line: 34 })),
    ("sqlite-locked", |times| {
        for role in &mut times.roles[1..] {
            role.locked_file = LockedFile { times: 40, sleeps: 200, slept: 0.6 };
        }
    }),
    ("startup", |times| times.startup = Some(1.5)),
    ("tasks-in-line", |times| {
        let (what, place) = ("Semaphore.acquire".to_owned(), "line 6 (fetch)".to_owned());
        let line = InLine { time: 0.9, all: 5.4, outside: 0.9, what, place };
        times.in_turn = vec![InTurn { lane: Some(0), line, ..InTurn::default() }];
    }),
    ("awaits-in-sequence", |times| {
        times.roles.truncate(1);
        let (task, place) = ("main 1".to_owned(), "line 6 (fetch)".to_owned());
        let (one, alone, waits, slept) = (0.96, 0.96, 8, true);
        times.in_turn =
            vec![InTurn { lane: Some(0), one, alone, waits, slept, task, place, median: 0.12, ..InTurn::default() }];
    }),
    ("sleeping-polls", |times| {
        let (task, place) = ("main 1".to_owned(), "line 8 (main)".to_owned());
        let looks = Some(Looks { task, sleeps: 90, median: 0.01, slept: 0.9, place });
        times.in_turn = vec![InTurn { lane: Some(0), looks, ..InTurn::default() }];
    }),
    ("waits-overlap", |times| {
        times.in_turn = vec![InTurn { lane: Some(0), many: 0.9, mean: 8.0, slept_share: 1.0, ..InTurn::default() }];
    }),
    ("pool-too-small", |times| {
        let (workers, lived, waited, pieces) = (vec![0, 1], 2.0, 1.9, 20);
        times.pools = vec![Pool { workers, lived, waited, pieces, ..Pool::default() }];
    }),
    ("pool-too-large", |times| {
        let (workers, unused) = ((0..6).collect(), vec![0, 1, 2, 3]);
        times.pools = vec![Pool { workers, unused, processes: true, ..Pool::default() }];
    }),
    ("children-in-turn", |times| {
        times.roles.push(times.roles[1].clone());
        times.pools.clear();
        times.roles[0].waits_for_children(0.9);
        for (place, role) in times.roles.iter_mut().enumerate().skip(1) {
            let pid = u32::try_from(place).unwrap() + 1;
            let from = 0.3 * f64::from(pid - 2) + 0.05;
            (role.id, role.pid, role.tid, role.parent, role.kind) = (place, pid, pid, 1, LaneKind::Process);
            role.lived = (from, from + 0.3);
        }
    }),
    ("uneven-pieces", |times| times.pools = vec![shared([0.7, 0.01])]),
    ("one-worker-at-a-time", |times| times.pools = vec![shared([0.4, 0.45])]),
    ("handing-out", |times| {
        times.pools =
            vec![Pool { workers: vec![1, 2], processes: true, pieces: 20_000, worked: 1.0, ..Pool::default() }];
        times.parent.works = 0.88;
    }),
];

/// The main thread stood so to the end, from an instant on.
fn halted_at(since: f64, doing: Doing, call: Call) -> Halt {
    let stand = |id| Stand { id, doing, call, place: Some("line 5 (beat)".to_owned()) };
    Halt { since: Some(since), at: 1.0, stands: vec![stand(0), stand(1)], over_since: None }
}

fn blocked(waited: f64) -> Blocked {
    let (task, lines) = ("report 2".to_owned(), "on from line 13".to_owned());
    Blocked { task, lines, lane: Some(0), times: 4, total: 0.48, longest: 0.15, waited }
}

/// A pool of two processes, each of which worked alone for so long.
fn shared(works: [f64; 2]) -> Pool {
    let alone = [1, 2].into_iter().zip(works.map(|works| Alone { works, ..Alone::default() })).collect();
    let together = Partition { alone, works: works.iter().sum(), ..Partition::default() };
    Pool { workers: vec![1, 2], processes: true, pieces: 10, together, ..Pool::default() }
}

#[test]
fn the_words_of_every_rule_on_what_lanes_do_not_show() {
    let threads: &[Thread] = &[
        (1, 0, "main", &[(Again, 10), (Run, 20), (Listen, 980)]),
        (2, 1, "process-a", &[(Again, 10), (Run, 500), (Idle, 500)]),
        (3, 1, "process-b", &[(Again, 10), (Idle, 500), (Run, 500)]),
    ];
    let told = CHANGED.map(|(id, change)| {
        let mut times =
            Times::of(&trace(threads), Conditions { has_gil: true, cores: 2, stopped: true, ..Conditions::default() });
        change(&mut times);
        let rule = RULES.iter().find(|rule| rule.id == id).expect("a rule");
        let found = (rule.find)(&times).unwrap_or_else(|| panic!("{id}"));
        format!("{id} {:?} {:?}\n    {}", found.because, found.evidence, found.sentence)
    });
    insta::assert_snapshot!(told.join("\n"));
    // What is measured of processes and of a library alone has its words in runs of programs.
    let without = ["process-starts", "pickling", "native-threads", "thread-starts"];
    for rule in RULES {
        let here = RUNS.iter().map(|run| run.0).chain(CHANGED.map(|change| change.0)).chain(without);
        assert!(here.into_iter().any(|id| id == rule.id), "{}", rule.id);
    }
}

/// Where processes spend what they compute: on starting, on pickling, in a library with threads of its own.
#[test]
fn the_words_of_what_is_measured_of_processes() {
    let threads: &[Thread] = &[
        (1, 0, "main", &[(Child, 10_000)]),
        (2, 1, "process-a", &[(Native, 5_000), (Ready, 5_000)]),
        (3, 1, "process-b", &[(Native, 5_000), (Ready, 5_000)]),
        (2, 1, "library", &[(Native, 5_000), (Ready, 5_000)]),
        (3, 1, "library", &[(Ready, 5_000), (Native, 5_000)]),
    ];
    let conditions = Conditions { has_gil: true, cores: 2, stopped: false, ..Conditions::default() };
    let mut times = Times::of(&trace(threads), conditions);
    for role in times.roles.iter_mut().skip(1) {
        role.python = role.name != "library";
        (role.starting, role.carried, role.pickled) = (Some(0.4), 0.3, 0.2);
    }
    let told = ["native-threads", "process-starts", "pickling"].map(|id| {
        let rule = RULES.iter().find(|rule| rule.id == id).expect("a rule");
        let found = (rule.find)(&times).unwrap_or_else(|| panic!("{id}"));
        format!("{id} {:?} {:?}\n    {}", found.because, found.evidence, found.sentence)
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_rule_is_silent_where_it_does_not_know() {
    // Requests that another process of the program computes the answers of: these are no waits that add up.
    let remote: &[Thread] =
        &[(1, 0, "main", &[(Again, 8), (Io, 2_000)]), (2, 1, "process-server", &[(Again, 8), (Run, 1_990), (Io, 10)])];
    let ids: Vec<String> = found(remote, false).into_iter().map(|found| found.id).collect();
    assert_eq!(ids, ["one-core"]);
    // A server that listens, and one thread of it that waits for the next request.
    let server: &[Thread] =
        &[(1, 0, "main", &[(Listen, 10_000)]), (1, 0, "connection", &[(Again, 10), (Io, 990), (Run, 10)])];
    assert_eq!(found(server, true), []);
    // Two threads that wait for each other, in a run that came to its end by itself.
    let ended: &[Thread] = &[(1, 0, "main", &[(Lock, 9_000), (Run, 10)]), (1, 0, "a", &[(Lock, 9_000)])];
    assert_eq!(found(ended, false), []);
    // One wait is no row of them.
    assert_eq!(found(&[(1, 0, "main", &[(Sleep, 9_000), (Run, 10)])], false), []);
}

#[test]
fn nothing_is_found_in_what_was_not_measured() {
    let mut sampled = trace(RUNS[0].2);
    sampled.sources.switches = SwitchSource::Schedstat;
    assert_eq!(
        findings(&Times::of(&sampled, Conditions { has_gil: true, cores: 2, stopped: false, ..Conditions::default() })),
        []
    );
    let mut gaps = trace(RUNS[0].2);
    gaps.lost.switches = 3;
    assert_eq!(
        findings(&Times::of(&gaps, Conditions { has_gil: true, cores: 2, stopped: false, ..Conditions::default() })),
        []
    );
    let free = Conditions { has_gil: false, cores: 2, stopped: false, ..Conditions::default() };
    assert!(findings(&Times::of(&trace(RUNS[0].2), free)).iter().all(|found| found.id != "gil-serialized"));
    assert_eq!(findings(&Times::of(&Trace::default(), free)), []);
}
