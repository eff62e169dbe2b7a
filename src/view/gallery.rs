//! Every view on sample data, for snapshot tests and the gallery.

use super::fixtures;
use concur_tutor::inside::clock::MILLISECOND;
use concur_tutor::inside::insight::{Caveat, Heading, Summary, Verdict};
use concur_tutor::inside::lesson::{Headline, Language, Metric};
use concur_tutor::inside::runner::Machine;
use concur_tutor::inside::trace::Trace;
use concur_tutor::inside::view::{
    Ask, Bar, Bars, Calendar, Choosable, Cores, Document, Feedback, Finder, FinderRow, Footer, Header, Help,
    Highlighted, KeyRow, KnobLine, Legend, Map, MapRow, Mark, Marked, Open, Output, Picker, PickerItem, Reading,
    ResultRow, Results, Rows, Rubric, Said, Source, Stack, StackRun, Standing, Tab, Tabs, Theme, Timeline, TooSmall,
    Typing, Viewport,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Draws one view.
pub type Draw = fn(&Trace, &Theme, Rect, &mut Buffer);

/// The views that show a trace.
pub const OF_A_TRACE: [(&str, Draw); 6] = [
    ("timeline", timeline),
    ("zoom", zoom),
    ("opened", opened),
    ("cores", cores),
    ("legend", legend),
    ("watch", watch),
];

/// The views that do not.
pub const OTHERS: [(&str, Draw); 23] = [
    ("stack", stack),
    ("stack_live", stack_live),
    ("stack_marks", stack_marks),
    ("stack_folded", stack_folded),
    ("reading", reading),
    ("source", source),
    ("tabs", tabs),
    ("predict", predict),
    ("drawing", drawing),
    ("drawn", drawn),
    ("check", check),
    ("checked", checked),
    ("sure", sure),
    ("typing", typing),
    ("map", map),
    ("calendar", calendar),
    ("rubric", rubric),
    ("help", help),
    ("finder", finder),
    ("picker", picker),
    ("output", output),
    ("no_runs", no_runs),
    ("too_small", too_small),
];

const PAGE: &str = "Both threads are ready to compute, yet only the one that holds the **GIL** may run Python bytecode. Watch the *lanes*: when one is filled, the other is not.\n\n## What to look for\n\n- `worker-0` runs for about 5 ms, then hands over\n- `worker-1` waits: see [the switch interval](https://docs.python.org/3/library/sys.html)\n\n| state | means |\n|---|---|\n| running | on a core, holding the GIL |\n| waiting for the GIL | ready, but another thread holds it |\n\n```python\ndef work(n):\n    return sum(i * i for i in range(n))  # pure Python\n```\n\n> A lock that everybody needs is a queue.\n\n1. Predict\n2. Run\n";
const CODE: &str = "\"\"\"Sum squares in threads.\"\"\"\nimport threading\n\nWORKERS = 2\nN = 5_000_000\n\n\ndef work(n):\n    return sum(i * i for i in range(n))\n\n\ndef main():\n    threads = [threading.Thread(target=work, args=(N,), name=f\"worker-{i}\") for i in range(WORKERS)]\n    for t in threads:\n        t.start()\n    for t in threads:\n        t.join()\n\n\nif __name__ == \"__main__\":\n    main()\n";
const KEYS: [KeyRow<'static>; 6] = [
    KeyRow { keys: "space", action: "run", description: "Run the program", group: "Runs", footer: Some(0) },
    KeyRow { keys: "tab", action: "executor", description: "Next executor", group: "Runs", footer: Some(1) },
    KeyRow { keys: "r", action: "runtime", description: "Next runtime", group: "Runs", footer: Some(2) },
    KeyRow { keys: "+ -", action: "zoom", description: "Zoom in and out", group: "Timeline", footer: Some(4) },
    KeyRow { keys: "f", action: "follow", description: "Follow the run", group: "Timeline", footer: None },
    KeyRow { keys: "q", action: "quit", description: "Leave", group: "General", footer: Some(3) },
];

fn timeline(trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let viewport = Viewport::fit(trace);
    Timeline { trace, viewport: &viewport, theme }.render(area, buf);
}

/// Zoomed to a fifth, with a cursor on the second lane.
fn zoom(trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut viewport = Viewport::fit(trace);
    viewport.cursor = Some(viewport.from + 82 * MILLISECOND);
    let rows = Rows::new(trace, Open::Folded);
    viewport.selected = rows.step(rows.step(None, 0), 1);
    viewport.first_lane = 3;
    viewport.zoom(1, 5, trace);
    Timeline { trace, viewport: &viewport, theme }.render(area, buf);
}

/// What is folded has lanes; the cursor is on the last row that can be pointed at.
fn opened(trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let selected = Rows::new(trace, Open::Lanes).step(None, 0);
    let selected = Rows::new(trace, Open::Lanes).step(selected, isize::MAX);
    let mut viewport = Viewport { open: Open::Lanes, selected, first_lane: usize::MAX, ..Viewport::fit(trace) };
    viewport.cursor = Some(viewport.from + 82 * MILLISECOND);
    Timeline { trace, viewport: &viewport, theme }.render(area, buf);
}

fn cores(trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let viewport = Viewport::fit(trace);
    Cores { trace, from: viewport.from, to: viewport.to, theme }.render(area, buf);
}

fn legend(trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    Legend { trace: Some(trace), meant: false, theme }.render(area, buf);
}

fn reading(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let document = Document::new(Some("Two threads, one lock"), PAGE);
    Reading { document: &document, scroll: 0, theme }.render(area, buf);
}

fn source(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let code = Highlighted::new(CODE, Language::Python);
    let knobs = [
        KnobLine { name: "WORKERS", keys: "[ ]", label: "threads", selected: true },
        KnobLine { name: "N", keys: "n", label: "squares each", selected: false },
    ];
    Source { code: &code, knobs: &knobs, marks: &[], scroll: 0, theme }.render(area, buf);
}

/// Two parts, with every state of a lesson in them.
fn map(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let row = |number, part, title, read, run, passed, due, sign| MapRow {
        part,
        number,
        title,
        read: (read, 9),
        run: (run, 3),
        passed,
        due,
        sign,
    };
    let rows = [
        row(1, Some("Computing and waiting"), "Welcome", 9, 3, true, Some(("today", true)), None),
        row(2, None, "The GIL", 9, 2, false, Some(("in 12 days", false)), None),
        row(3, None, "Waiting for I/O", 4, 1, false, None, Some("go on")),
        row(4, Some("Threads"), "A title that is much too long for its column", 0, 0, false, None, None),
    ];
    let map = Map { rows: &rows, selected: 2, theme };
    map.heads(self::rows(area, 0, 1), buf);
    map.render(self::rows(area, 1, area.height.saturating_sub(1)), buf);
}

fn calendar(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let day = |d| chrono::NaiveDate::from_ymd_opt(2026, 11, d).unwrap_or_default();
    let days = [
        Marked { date: day(25), lessons: vec![2, 7] },
        Marked { date: day(29), lessons: vec![1, 3, 4, 5, 6, 8, 9, 10, 11, 12] },
    ];
    Calendar { from: day(23), today: day(25), weeks: 3, days: &days, theme }.render(area, buf);
}

fn rubric(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let rubric = Rubric {
        question: "Two threads compute and are no faster than one. Why?",
        points: vec![("one thread at a time runs Python bytecode", true), ("processes have a `GIL` each", false)],
        here: 1,
        own: "They take turns,\nbecause of a lock.",
        sure: "sure",
        model: "A thread must hold the `GIL` to run Python bytecode. So threads that compute take turns.",
        proof: Some(("enter", "runs the proof here and now: threads of 02-gil")),
        theme,
    };
    (&rubric).render(area, buf);
}

fn help(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    Help { keys: &KEYS, scroll: 0, theme }.render(area, buf);
}

fn finder(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let row = |heading, words: &'static str| FinderRow { heading, line: words.into() };
    let rows = [
        row(Some("2 The GIL"), "Two threads          the one that holds the GIL"),
        row(None, "threads, line 12     while the GIL is held"),
        row(Some("3 Waiting for I/O"), "Where time goes      gives the GIL back"),
    ];
    Finder { rows: &rows, selected: 1, theme }.render(area, buf);
}

fn picker(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let item = |label, detail, unusable| PickerItem { label, detail, unusable };
    let items = [
        item("3.13.0", "/opt/python/bin/python3.13", None),
        item("3.13.5t no GIL", "/opt/python/bin/python3.13t", None),
        item("python3.8", "/usr/bin/python3.8", Some("3.8 is too old: 3.9 or later is needed")),
        item("native", "embedded: a model of the GIL in Rust", None),
    ];
    Picker { items: &items, selected: 1, current: Some(0), theme }.render(area, buf);
}

fn output(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let stderr = b"Traceback (most recent call last):\n\x1b[2Jcleared\n";
    Output { stdout: b"sum = 41666654166667500000\n\tdone \xff\n", stderr, scroll: 0, theme }.render(area, buf);
}

fn no_runs(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    Results { rows: &[], verdict: None, said: None, headline: &Headline::measured(Metric::Parallelism), theme }
        .render(area, buf);
}

fn too_small(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    TooSmall { quit: "q", theme }.render(area, buf);
}

fn rows(area: Rect, top: u16, height: u16) -> Rect {
    Rect { y: area.y + top, height, ..area }.intersection(area)
}

/// Header, cores, timeline, legend, results and footer, as a screen for an instructor would stack them.
fn watch(trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let viewport = &Viewport::fit(trace);
    let machine = Machine { cores: 2, usable_cores: 1.97 };
    let header = Header {
        title: "The GIL",
        number: Some(2),
        page: Some((2, 6)),
        runtime: "CPython 3.13.0 · GIL",
        machine,
        theme,
    };
    header.render(rows(area, 0, 1), buf);
    Cores { trace, from: viewport.from, to: viewport.to, theme }.render(rows(area, 2, 3), buf);
    let lanes = area.height.saturating_sub(16);
    Timeline { trace, viewport, theme }.render(rows(area, 6, lanes), buf);
    Legend { trace: Some(trace), meant: false, theme }.render(rows(area, 6 + lanes, 1), buf);
    let run = |wall, cpu, speedup, gil| Summary {
        wall_s: wall,
        cpu_s: cpu,
        parallelism: cpu / wall,
        speedup: Some(speedup),
        gil_wait: Some(gil),
        ..Summary::default()
    };
    let runs = [run(1.21, 1.20, 1.0, 0.0), run(1.24, 1.22, 0.98, 0.49), run(0.66, 1.27, 1.83, 0.0)];
    let headline = Headline::measured(Metric::Speedup);
    let row = |n: usize, program, current, said| ResultRow {
        program,
        runtime: if n == 2 { "native" } else { "3.13.0" },
        knobs: if n == 2 { "WORKERS=4" } else { "" },
        headline: &headline,
        summary: Some(&runs[n]),
        said,
        note: None,
        current,
        baseline: n == 0,
    };
    let table = [
        row(0, "sequential", false, None),
        row(1, "threads", true, Some("about 2×")),
        row(2, "processes", false, Some("about 2×")),
    ];
    let sentence = "Two threads, one GIL: each spent about half its time waiting for it.".to_owned();
    let heading = Some(Heading::of(&headline, &runs[1], Some("sequential")));
    let verdict = Verdict {
        heading,
        sentence,
        findings: Vec::new(),
        caveats: vec![Caveat::BusyMachine { others: 0.27, lacked: None }],
    };
    let said = Some(Said { words: "about 2×", right: Some(false) });
    Results { rows: &table, verdict: Some(&verdict), said, headline: &headline, theme }
        .render(rows(area, 8 + lanes, 7), buf);
    Footer { keys: &KEYS, message: None, theme }.render(rows(area, area.height.saturating_sub(1), 1), buf);
}

fn tabs(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let tab = |name, unavailable, done| Tab { name, unavailable, done, old: false };
    let old = Some("interpreters needs CPython 3.14 or later; this is 3.13.0");
    let programs = [
        tab("sequential", None, true),
        tab("threads", None, false),
        tab("processes", None, false),
        tab("interpreters", old, false),
    ];
    Tabs { key: "tab", tabs: &programs, selected: 3, theme }.render(rows(area, 0, 2), buf);
    let runtimes = [tab("3.13.0", None, false), tab("3.13.5t no GIL", None, false), tab("native", None, false)];
    Tabs { key: "r", tabs: &runtimes, selected: 0, theme }.render(rows(area, 3, 1), buf);
}

fn predict(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let choice = |text, mark| Choosable { text, mark };
    Ask {
        choices: vec![choice("about 2×", Mark::Open), choice("no faster", Mark::Here), choice("slower", Mark::Open)],
        ..Ask::new("Two threads compute on this machine's two cores. How much faster than one?", theme)
    }
    .render(area, buf);
}

fn drawing(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let bars = [bar("busiest core", Some(0.75), None), bar("2nd core", Some(0.0), None)];
    Bars { bars: &bars, most: 1.0, selected: Some(0), theme }.render(area, buf);
}

fn drawn(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let cores = [bar("busiest core", Some(1.0), Some(0.554)), bar("2nd core", Some(0.25), Some(0.441))];
    Bars { bars: &cores, most: 1.0, selected: None, theme }.render(rows(area, 0, 2), buf);
    let walls = [bar("sequential", None, Some(1.0)), bar("threads", Some(0.5), Some(1.02))];
    Bars { bars: &walls, most: 3.0, selected: None, theme }.render(rows(area, 3, 2), buf);
}

fn bar(label: &str, drawn: Option<f64>, measured: Option<f64>) -> Bar {
    Bar { label: label.to_owned(), drawn, measured }
}

fn check(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    question(theme, [Mark::Open; 2], None).render(area, buf);
}

fn checked(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let told = Feedback { right: false, explain: "One core stood idle: look at the bars above." };
    question(theme, [Mark::Wrong, Mark::Past], Some(told)).render(area, buf);
}

fn sure(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    Ask { sure: true, ..question(theme, [Mark::Past, Mark::Here], None) }.render(area, buf);
}

fn typing(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let code = Highlighted::new("for n in range(2):\n    print(n)\n", Language::Python);
    let field = Typing { lines: vec!["0", "1"], cursor: Some((1, 1)), mark: Mark::Here, key: None };
    Ask { code: Some(&code), field: Some(field), ..Ask::new("What does this print?", theme) }
        .render(rows(area, 0, 9), buf);
    let field = Typing { lines: vec!["5 s"], cursor: None, mark: Mark::Wrong, key: Some(("a", "try again")) };
    let told = Feedback { right: false, explain: "That is a thousand times as long." };
    Ask { field: Some(field), told: Some(told), ..Ask::new("How long is the switch interval?", theme) }
        .render(rows(area, 10, 9), buf);
}

/// The same work one after the other, in threads and in processes; what cannot run here; what failed. With a cursor.
fn stack(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let [one, turns, apart] = contrast();
    let why = "needs CPython 3.14 or later; this is 3.13.0";
    let runs = [
        run("sequential", Some(&one), Standing::Baseline),
        run("threads", Some(&turns), Standing::Compared),
        run("processes", Some(&apart), Standing::Compared),
        run("interpreters", None, Standing::Impossible(why)),
        run("greenlets", Some(&one), Standing::Unjudged("exit 1")),
    ];
    Stack { cursor: Some(100 * MILLISECOND), ..Stack::new(&runs, theme) }.render(area, buf);
}

/// Runs of which a close-up shows a stretch each, one that hung, and the same where there is no room for more than lengths.
fn stack_marks(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let [one, turns, apart] = contrast();
    let from = |ms: u64| Some((ms * MILLISECOND, (ms + 30) * MILLISECOND));
    let hung = Some(9_000 * MILLISECOND);
    let runs = [
        StackRun { stretch: None, ..run("sequential", Some(&one), Standing::Baseline) },
        StackRun { stretch: from(60), ..run("threads", Some(&turns), Standing::Compared) },
        StackRun { stretch: from(5), ..run("processes", Some(&apart), Standing::Compared) },
        StackRun { wall: hung, ..run("deadlock", Some(&turns), Standing::Unjudged("timed out")) },
    ];
    Stack { marked: true, tallest: 1, ..Stack::new(&runs, theme) }.render(rows(area, 0, 15), buf);
    let narrow = Rect { width: area.width.min(42), ..rows(area, 16, 7) };
    Stack { tallest: 1, ..Stack::new(&runs[..3], theme) }.render(narrow, buf);
}

/// The second of three runs goes on.
fn stack_live(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let (one, turns) = (fixtures::one_after_the_other().ended(), fixtures::two_threads_under_the_gil().live());
    let runs = [
        run("sequential", Some(&one), Standing::Baseline),
        run("threads", Some(&turns), Standing::Live),
        run("processes", None, Standing::ToCome),
    ];
    Stack::new(&runs, theme).render(area, buf);
}

/// More lanes than there is room for, two Pythons, and a run of which only the length is known.
fn stack_folded(_: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let (many, turns) = (fixtures::forty_eight_lanes().ended(), fixtures::two_threads_under_the_gil().ended());
    let io = fixtures::io_fan_out().ended();
    let runs = [
        StackRun { runtime: Some("3.13.0"), ..run("threads", Some(&turns), Standing::Baseline) },
        StackRun { runtime: Some("3.14.0t no GIL"), ..run("threads", Some(&many), Standing::Compared) },
        StackRun { wall: Some(400 * MILLISECOND), ..run("processes", None, Standing::Compared) },
        run("fetch", Some(&io), Standing::Apart),
    ];
    Stack { tallest: 1, ..Stack::new(&runs, theme) }.render(rows(area, 0, 12), buf);
    Stack { first: 1, tallest: 1, ..Stack::new(&runs, theme) }.render(rows(area, 13, 4), buf);
    let close = runs.map(|run| StackRun { since: 20 * MILLISECOND, ..run });
    let close = Stack { to: 60 * MILLISECOND, close_up: true, ..Stack::new(&close[..2], theme) };
    close.render(rows(area, 18, 6), buf);
}

fn contrast() -> [Trace; 3] {
    let all =
        [fixtures::one_after_the_other(), fixtures::two_threads_under_the_gil(), fixtures::two_processes_in_parallel()];
    all.map(fixtures::Scenario::ended)
}

fn run<'a>(name: &'a str, trace: Option<&'a Trace>, standing: Standing<'a>) -> StackRun<'a> {
    StackRun { name, trace, standing, ..StackRun::default() }
}

fn question<'a>(theme: &'a Theme, marks: [Mark; 2], told: Option<Feedback<'a>>) -> Ask<'a> {
    let texts = ["There was no free core", "The first thread held the GIL"];
    let choices = texts.into_iter().zip(marks).map(|(text, mark)| Choosable { text, mark }).collect();
    Ask { choices, told, ..Ask::new("Why did the second thread wait?", theme) }
}
