//! asyncio's tasks, on every CPython: who ran when and awaited what; and that programs see nothing of it.

use super::run::{Python, Run, With, on_every_python};
use concur_tutor::inside::trace::tasks::{Awaited, TaskTrack, Tasks};
use concur_tutor::inside::trace::{Builder, Trace};

/// What the run tells of its tasks.
fn tasks(run: &Run) -> Tasks {
    let mut builder = Builder::new(run.pid, 0);
    builder.feed(run.records.iter().cloned(), u64::MAX);
    let trace: Trace = builder.finish(u64::MAX);
    trace.tasks
}

fn task<'t>(tasks: &'t Tasks, name: &str, python: &Python) -> &'t TaskTrack {
    let found = tasks.tracks.iter().find(|track| track.name == name);
    found.unwrap_or_else(|| panic!("{python}: no task {name}"))
}

/// Whether tasks of this Python can be seen: in CPython 3.9 only where it is a shared library.
fn sees_tasks(python: &Python, tasks: &Tasks) -> bool {
    if !tasks.told {
        eprintln!("{python}: tasks are not measured");
        assert_eq!(python.version, (3, 9), "{python}: tasks are not measured");
    }
    tasks.told
}

/// Three tasks that say when their steps begin and end.
const STEPS: &str = r#"
import asyncio, time
def now(): return time.monotonic_ns()
async def leaf(lock):
    async with lock:
        print(asyncio.current_task().get_name(), "end", now())
        await asyncio.sleep(0.02)
        print(asyncio.current_task().get_name(), "begin", now())
async def work(lock):
    print(asyncio.current_task().get_name(), "begin", now())
    await leaf(lock)
    print(asyncio.current_task().get_name(), "end", now())
async def main():
    lock, queue = asyncio.Lock(), asyncio.Queue()
    asyncio.get_running_loop().call_later(0.05, queue.put_nowait, 1)
    await queue.get()
    tasks = [asyncio.create_task(work(lock), name=f"worker {n}") for n in range(3)]
    await asyncio.gather(*tasks)
    await asyncio.create_task(asyncio.sleep(0.01), name="sleeper")
asyncio.run(main())
"#;

/// The run of these on this Python, and its tasks; `None` where they cannot be seen.
fn run_steps(python: &Python) -> Option<(Run, Tasks)> {
    let run = Run::of(python, STEPS);
    run.assert_succeeded();
    let tasks = tasks(&run);
    sees_tasks(python, &tasks).then_some((run, tasks))
}

#[test]
fn every_step_is_told_from_its_begin_to_its_end() {
    on_every_python(|python| {
        let Some((run, tasks)) = run_steps(python) else { return };
        for line in run.stdout.lines() {
            let (name, said) = line.rsplit_once(' ').expect("a task and a time");
            let (name, edge) = name.rsplit_once(' ').expect("begin or end");
            let at: u64 = said.parse().expect("nanoseconds");
            let track = task(&tasks, name, python);
            assert!(track.step_at(at).is_some(), "{python}: {name} says its step {edge}s at {at}: {:?}", track.steps());
        }
        assert!(tasks.tracks.iter().all(|track| track.end.is_some()), "{python}: all have finished");
        let own = &tasks.loops[0].turns;
        assert!(own.holds().windows(2).all(|two| two[0].end <= two[1].start), "{python}: one task at a time");
    });
}

#[test]
fn what_a_task_awaits_is_told_with_its_line() {
    on_every_python(|python| {
        let Some((_, tasks)) = run_steps(python) else { return };
        let name = |at: Option<usize>| at.map_or("", |at| tasks.functions[at].name.as_str());
        let awaited = |track: &TaskTrack| -> Vec<(String, u32, String, String)> {
            let told = |found: &concur_tutor::inside::trace::tasks::Await| {
                let called = |at: Option<usize>| name(at).to_owned();
                let (first, last) = found.called.unzip();
                (called(found.function), found.line, called(first), called(last))
            };
            track.awaits().iter().map(told).collect()
        };
        let has = |track: &str, function: &str, line: u32, called: &str| {
            let found = awaited(task(&tasks, track, python));
            let is_it = |(f, l, first, last): &(String, u32, String, String)| {
                (f.as_str(), *l) == (function, line) && (first == called || last == called)
            };
            assert!(found.iter().any(is_it), "{python}: {track}: {function}:{line} {called} is not among {found:?}");
        };
        has("worker 0", "leaf", 7, "sleep");
        has("worker 1", "leaf", 5, "Lock.acquire");
        has("Task-1", "main", 16, "Queue.get");
        let main = task(&tasks, "Task-1", python);
        let on: Vec<Awaited> = main.awaits().iter().map(|found| found.on).collect();
        assert!(on.contains(&Awaited::Gather), "{python}: {on:?}");
        assert!(on.iter().any(|on| matches!(on, Awaited::Task(_))), "{python}: {on:?}");
    });
}

#[test]
fn a_program_sees_nothing_of_it() {
    const PROGRAM: &str = include_str!("asyncio_program.py");
    on_every_python(|python| {
        let alone = Run::with(python, PROGRAM, With::Nothing, &[]);
        assert!(alone.stdout.lines().count() > 40, "{python}: {}{}", alone.stdout, alone.stderr);
        let run = Run::of(python, PROGRAM);
        run.assert_same(&alone, &python.to_string());
        assert_eq!(run.lost, 0, "{python}");
        let tasks = tasks(&run);
        if sees_tasks(python, &tasks) {
            let renamed = task(&tasks, "renamed", python);
            assert_eq!(renamed.turns, 1, "{python}");
            assert!(tasks.loops.len() >= 2, "{python}: that of the other thread too");
        }
    });
}

#[test]
fn a_program_without_tasks_tells_of_none() {
    const PROGRAM: &str = r"
import sys
def plain():
    yield 1
async def coroutine(): pass
list(plain())
try: coroutine().send(None)
except StopIteration: pass
print('asyncio' in sys.modules, '_asyncio' in sys.modules)
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        assert_eq!(run.stdout, "False False\n", "{python}");
        assert!(tasks(&run).tracks.is_empty(), "{python}");
    });
}

#[test]
fn ten_thousand_tasks_are_all_told() {
    const PROGRAM: &str = r"
import asyncio
async def work():
    for _ in range(3): await asyncio.sleep(0)
async def main():
    await asyncio.gather(*[work() for _ in range(10_000)])
asyncio.run(main())
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        assert!(run.status.success() && run.lost == 0, "{python}: {} {}", run.lost, run.stderr);
        let tasks = tasks(&run);
        if sees_tasks(python, &tasks) && run.lost_tasks == 0 {
            let work = tasks.tracks.iter().filter(|track| tasks.function_of(track).is_some_and(|f| f.name == "work"));
            assert!(work.clone().all(|track| track.turns == 4), "{python}");
            assert_eq!(work.count(), 10_000, "{python}");
        }
    });
}

#[test]
fn a_task_is_told_by_the_name_that_it_has() {
    const PROGRAM: &str = r"
import asyncio
class Own(asyncio.Task):
    def get_name(self): return 'not asked'
async def work():
    await asyncio.sleep(0)
    await asyncio.sleep(0)
async def main():
    tasks = [asyncio.create_task(work()) for _ in range(5)] + [Own(work()), Own(work(), name='own')]
    print(*[asyncio.Task.get_name(task) for task in tasks[2:]], sep='\n')
    tasks[0].set_name('before its first step')
    await asyncio.sleep(0)
    tasks[1].set_name('after its first step')
    await asyncio.gather(*tasks)
    tasks[2].set_name('too late')
asyncio.run(main())
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let tasks = tasks(&run);
        if !sees_tasks(python, &tasks) {
            return;
        }
        let runs = |track: &&TaskTrack| tasks.function_of(track).is_some_and(|f| f.name == "work");
        let told: Vec<&str> = tasks.tracks.iter().filter(runs).map(|track| track.name.as_str()).collect();
        let said: Vec<&str> = run.stdout.lines().collect();
        assert_eq!(said.len(), 5, "{python}: {}", run.stdout);
        assert_eq!(told, [&["before its first step", "after its first step"], &said[..]].concat(), "{python}");
    });
}

#[test]
fn from_when_on_a_task_could_run_is_told() {
    const PROGRAM: &str = r"
import asyncio, time
def now(): return time.monotonic_ns()
async def waiter(future):
    await future
async def main():
    future = asyncio.get_running_loop().create_future()
    before = now()
    task = asyncio.create_task(waiter(future), name='waiter')
    print(before, now())
    await asyncio.sleep(0)
    before = now()
    future.set_result(1)
    print(before, now())
    while now() < before + 2_000_000: pass
    await task
asyncio.run(main())
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let tasks = tasks(&run);
        if !sees_tasks(python, &tasks) {
            return;
        }
        assert!(tasks.ready_told, "{python}");
        let said: Vec<u64> = run.stdout.split_whitespace().map(|at| at.parse().expect("nanoseconds")).collect();
        let steps = task(&tasks, "waiter", python).steps();
        let ready: Vec<u64> = steps.iter().map(|step| step.ready().expect("it is known")).collect();
        assert_eq!(ready.len(), 2, "{python}");
        assert!((said[0]..=said[1]).contains(&ready[0]), "{python}: made: {said:?} {ready:?}");
        assert!((said[2]..=said[3]).contains(&ready[1]), "{python}: its future's result: {said:?} {ready:?}");
        let main = task(&tasks, "Task-1", python);
        let last = &main.steps()[main.steps().len() - 1];
        assert_eq!(
            last.ready(),
            steps.last().map(|step| step.end),
            "{python}: who awaits a task goes on when that ends"
        );
    });
}

#[test]
fn on_uvloop_steps_and_what_holds_the_loop_up_are_told_too() {
    const PROGRAM: &str = r"
import asyncio, time, uvloop
async def block():
    time.sleep(0.06)
async def tick():
    for _ in range(3): await asyncio.sleep(0.001)
async def main():
    ticks = asyncio.create_task(tick(), name='ticks')
    await asyncio.sleep(0)
    await asyncio.create_task(block(), name='block')
    await ticks
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy()) if not hasattr(uvloop, 'run') else None
(uvloop.run if hasattr(uvloop, 'run') else asyncio.run)(main())
";
    let tried = std::cell::Cell::new(0);
    on_every_python(|python| {
        let has = std::process::Command::new(&python.path).args(["-c", "import uvloop"]).output();
        if !has.is_ok_and(|output| output.status.success()) {
            return;
        }
        tried.set(tried.get() + 1);
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let tasks = tasks(&run);
        if !sees_tasks(python, &tasks) {
            return;
        }
        let (ticks, block) = (task(&tasks, "ticks", python), task(&tasks, "block", python));
        assert_eq!((ticks.turns, block.turns), (4, 1), "{python}");
        assert!(block.steps()[0].duration() >= 60_000_000, "{python}");
        assert!(ticks.steps().iter().all(|step| step.ready().is_some()), "{python}: {:?}", ticks.steps());
        assert_eq!(tasks.loops[0].long.len(), 1, "{python}");
    });
    if tried.get() == 0 {
        eprintln!("SKIPPED: no Python here has uvloop (CONCUR_TUTOR_PYTHONS may name one that has)");
    }
}

#[test]
fn a_native_twin_tells_of_its_tasks_as_python_does() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_concur-tutor"));
    command.args(["__native", "18-event-loop", "gather"]);
    let run = Run::command(command, With::Everything, &[]);
    run.assert_succeeded();
    let tasks = tasks(&run);
    assert!(tasks.told && tasks.ready_told);
    let runs = |track: &&TaskTrack, name: &str| tasks.function_of(track).is_some_and(|f| f.name == name);
    let main = tasks.tracks.iter().find(|track| runs(track, "main")).expect("main");
    let work: Vec<&TaskTrack> = tasks.tracks.iter().filter(|track| runs(track, "work")).collect();
    assert_eq!((main.turns, main.awaits()[0].on), (2, Awaited::Gather), "{:?}", main.steps());
    assert_eq!(work.len(), 3);
    for track in work {
        assert_eq!((track.turns, track.awaits().len()), (6, 5), "{:?}", track.steps());
        assert!(track.awaits().iter().all(|found| {
            found.line > 0 && found.called.is_some_and(|(first, _)| tasks.functions[first].name == "sleep")
        }));
        assert!(track.steps().iter().all(|step| step.ready().is_some()), "{:?}", track.steps());
        assert!(track.end.is_some());
    }
    let turns = tasks.loops[0].turns.holds();
    assert!(turns.windows(2).all(|two| two[0].end <= two[1].start), "one task at a time");
}
