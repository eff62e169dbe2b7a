//! What lanes are named by: what a process runs, the title that it gives itself; and that a main thread keeps its name.

use crate::run::{Run, on_every_python};
use concur_tutor::inside::trace::Call;

#[test]
fn a_process_is_named_by_what_it_runs_or_by_the_title_that_it_takes() {
    const PROGRAM: &str = r#"
import os, subprocess, sys
def child(*words): subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
child("-m", "timeit", "-n1", "-r1", "pass")
child("-c", "pass")
child("-c", "import os; os.environ['PYTEST_XDIST_WORKER'] = 'gw1'")
child("-c", "import ctypes; ctypes.CDLL(None).prctl(15, b'server: worker of all orders', 0, 0, 0)")
child(__file__, "again") if sys.argv[1:] == [] else None
"#;
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        let names = run.process_names();
        for name in ["python -m timeit", "python -c", "gw1", "server: worker of all orders", "program.py"] {
            assert!(names.contains(name), "{python}: {name} in {names:?}");
        }
    });
}

#[test]
fn what_runs_in_the_main_thread_does_not_rename_it() {
    // This is what gevent's threads do: each is a greenlet of the thread that is there.
    const PROGRAM: &str = "
import threading
greenlet = threading.Thread(name='greenlet')
greenlet._set_native_id()
greenlet.name = 'renamed'
thread = threading.Thread(name='thread')
thread.start(); thread.join()
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        assert_eq!(run.names()[&run.pid], "MainThread", "{python}");
        assert!(run.all_names().contains("thread"), "{python}: {:?}", run.all_names());
    });
}

#[test]
fn a_wait_for_a_terminal_is_told_as_one() {
    const PROGRAM: &str = "
import os, pty, threading, time
ours, theirs = pty.openpty()
out = os.dup(1)
for fd in range(3): os.dup2(theirs, fd)
def type_it():
    for _ in range(5):
        seen = b''
        while b'name? ' not in seen: seen += os.read(ours, 100)
        time.sleep(0.05)
        os.write(ours, b'Ada\\n')
threading.Thread(target=type_it, daemon=True).start()

for _ in range(5): assert input('name? ') == 'Ada'
os.write(out, b'done')
";
    on_every_python(|python| {
        let run = Run::of(python, PROGRAM);
        run.assert_succeeded();
        assert_eq!(run.stdout, "done", "{python}");
        let waits = run.waits();
        assert!(waits.iter().any(|w| w.tid == run.pid && w.wait.call == Call::Terminal), "{python}: {waits:?}");
    });
}
