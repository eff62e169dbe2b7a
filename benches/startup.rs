//! What a learner waits for: from exec to the first full frame, and from a key to its frame. The real binary in a
//! pseudo-terminal.

use criterion::{Criterion, criterion_group, criterion_main};
use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::time::{Duration, Instant};

/// The app in a terminal of 120 columns and 40 rows.
struct App {
    child: Box<dyn Child + Send + Sync>,
    output: Box<dyn Read + Send>,
    keys: Box<dyn Write + Send>,
    _state: tempfile::TempDir,
}

impl App {
    fn start() -> App {
        let state = tempfile::tempdir().expect("a folder for the state");
        let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_concur-tutor"));
        command.args(["learn", "2"]);
        command.env("TERM", "xterm-256color");
        command.env("XDG_STATE_HOME", state.path());
        command.env_remove("COLORTERM");
        let (output, keys) = (pty.master.try_clone_reader().expect("output"), pty.master.take_writer().expect("input"));
        let child = pty.slave.spawn_command(command).expect("the app starts");
        App { child, output, keys, _state: state }
    }

    /// Reads until the end of a frame: every frame is one synchronised update.
    fn frame(&mut self) {
        const END: &[u8] = b"\x1b[?2026l";
        let mut seen = Vec::new();
        let mut bytes = [0; 16_384];
        while !seen.windows(END.len()).any(|window| window == END) {
            let count = self.output.read(&mut bytes).expect("the app is there");
            assert!(count > 0, "the app has ended");
            seen.extend_from_slice(&bytes[..count]);
        }
    }

    fn press(&mut self, key: &[u8]) {
        self.keys.write_all(key).expect("the app reads");
        self.keys.flush().expect("the app reads");
    }

    /// Reads until discovery and calibration have said their last word: nothing is painted by itself any more.
    fn settle(&mut self) {
        let mut seen = Vec::new();
        let mut bytes = [0; 16_384];
        while !seen.windows(6).any(|window| window == b"usable") {
            let count = self.output.read(&mut bytes).expect("the app is there");
            seen.extend_from_slice(&bytes[..count]);
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn first_frame(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("start-up");
    group.sample_size(20).measurement_time(Duration::from_secs(5));
    group.bench_function("exec to first full frame", |bencher| {
        bencher.iter_custom(|times| {
            let once = || {
                let began = Instant::now();
                let mut app = App::start();
                app.frame();
                began.elapsed()
            };
            (0..times).map(|_| once()).sum()
        });
    });
    group.finish();
}

fn key_to_frame(criterion: &mut Criterion) {
    let mut app = App::start();
    app.settle();
    let mut group = criterion.benchmark_group("key");
    group.bench_function("key to frame", |bencher| {
        bencher.iter(|| {
            app.press(b"?");
            app.frame();
        });
    });
    group.finish();
}

criterion_group!(benches, first_frame, key_to_frame);
criterion_main!(benches);
