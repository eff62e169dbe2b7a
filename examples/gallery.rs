//! Prints a view of a fixture, to look at it without a run: `gallery VIEW [FIXTURE [WIDTHxHEIGHT [THEME]]]`.
//!
//! VIEW is `timeline`, `cores`, `watch` (cores, timeline, legend and results together), `reading`, `source`, `tabs`,
//! `ask` or `help`; THEME is `dark`, `light`, `plain`, `ascii`, `256` or `16`.

#[path = "../src/view/fixtures.rs"]
#[expect(dead_code, reason = "the gallery asks for scenarios by name")]
mod fixtures;

use concur_tutor::insight::{Summary, Verdict};
use concur_tutor::lesson::{Check, CheckKind, Choice, Language, Metric, Prediction, PredictionChoice};
use concur_tutor::runner::Machine;
use concur_tutor::trace::Trace;
use concur_tutor::view::{
    Background, CheckView, ColorDepth, Cores, Document, Footer, Header, Help, Highlighted, KeyRow, KnobLine, Legend,
    Predict, Reading, ResultRow, Results, Source, Tab, Tabs, Theme, Timeline, Viewport,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use ratatui::widgets::Widget;
use std::fmt::Write as _;

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

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |n: usize, or: &'static str| args.get(n).map_or(or, String::as_str);
    let (view, fixture, size, look) = (arg(0, "watch"), arg(1, "gil"), arg(2, "100x30"), arg(3, "dark"));
    let (width, height) = size.split_once('x').expect("a size such as 100x30");
    let area = Rect::new(0, 0, width.parse().expect("a width"), height.parse().expect("a height"));
    let theme = match look {
        "light" => Theme::light(),
        "plain" => Theme::plain(),
        "ascii" => Theme::dark().ascii(),
        "256" => Theme::new(Background::Dark, ColorDepth::Ansi256, true),
        "16" => Theme::new(Background::Dark, ColorDepth::Ansi16, true),
        _ => Theme::dark(),
    };
    let trace = fixtures::all().into_iter().find(|(name, _)| *name == fixture).expect("a fixture").1;
    let mut buf = Buffer::empty(area);
    draw(view, &trace, &theme, area, &mut buf);
    print!("{}", ansi(&buf, look == "light"));
}

fn draw(view: &str, trace: &Trace, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let mut viewport = Viewport::fit(trace);
    match view {
        "timeline" => Timeline { trace, viewport: &viewport, theme }.render(area, buf),
        "zoom" => {
            viewport.cursor = Some(viewport.from + viewport.span() / 3);
            viewport.selected_lane = Some(1);
            viewport.zoom(1, 5, trace);
            Timeline { trace, viewport: &viewport, theme }.render(area, buf);
        }
        "cores" => Cores { trace, from: viewport.from, to: viewport.to, theme }.render(area, buf),
        "watch" => watch(trace, &viewport, theme, area, buf),
        "reading" => {
            let document = Document::new(Some("Two threads, one lock"), PAGE);
            Reading { document: &document, scroll: 0, theme }.render(area, buf);
        }
        "source" => {
            let code = Highlighted::new(CODE, Language::Python);
            let knobs = [
                KnobLine { name: "WORKERS", keys: "[ ]", label: "threads", selected: true },
                KnobLine { name: "N", keys: "n", label: "squares each", selected: false },
            ];
            Source { code: &code, knobs: &knobs, scroll: 0, theme }.render(area, buf);
        }
        "tabs" => tabs(theme, area, buf),
        "ask" => ask(theme, area, buf),
        "help" => Help { keys: &KEYS, scroll: 0, theme }.render(area, buf),
        other => panic!("no view {other}"),
    }
}

fn rows(area: Rect, top: u16, height: u16) -> Rect {
    Rect { y: area.y + top, height, ..area }.intersection(area)
}

fn watch(trace: &Trace, viewport: &Viewport, theme: &Theme, area: Rect, buf: &mut Buffer) {
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
    Legend { trace: Some(trace), theme }.render(rows(area, 6 + lanes, 1), buf);
    let run = |wall, cpu, speedup, gil| Summary {
        wall_s: wall,
        cpu_s: cpu,
        parallelism: cpu / wall,
        speedup: Some(speedup),
        gil_wait: Some(gil),
        ..Summary::default()
    };
    let runs = [run(1.21, 1.20, 1.0, 0.0), run(1.24, 1.22, 0.98, 0.49), run(0.66, 1.27, 1.83, 0.0)];
    let row = |n: usize, program, current, said| ResultRow {
        program,
        runtime: "3.13.0",
        summary: Some(&runs[n]),
        said,
        note: None,
        current,
    };
    let table = [
        row(0, "sequential", false, None),
        row(1, "threads", true, Some("about 2×")),
        row(2, "processes", false, Some("about 2×")),
    ];
    let sentence = "Two threads took as long as one: each waited for the GIL half the time.".to_owned();
    let verdict = Verdict { sentence, caveats: vec![concur_tutor::insight::Caveat::BusyMachine { others: 0.07 }] };
    Results { rows: &table, verdict: Some(&verdict), theme }.render(rows(area, 8 + lanes, 6), buf);
    Footer { keys: &KEYS, message: None, theme }.render(rows(area, area.height.saturating_sub(1), 1), buf);
}

fn tabs(theme: &Theme, area: Rect, buf: &mut Buffer) {
    let tab = |name, unavailable, done| Tab { name, unavailable, done };
    let old = Some("interpreters needs CPython 3.14 or later; this is 3.13.0");
    let programs = [
        tab("sequential", None, true),
        tab("threads", None, false),
        tab("processes", None, false),
        tab("interpreters", old, false),
    ];
    Tabs { key: "tab", tabs: &programs, selected: 1, hovered: Some(3), theme }.render(rows(area, 0, 2), buf);
    let runtimes = [tab("3.13.0", None, false), tab("3.13.5t no GIL", None, false), tab("native", None, false)];
    Tabs { key: "r", tabs: &runtimes, selected: 0, hovered: None, theme }.render(rows(area, 3, 1), buf);
}

fn ask(theme: &Theme, area: Rect, buf: &mut Buffer) {
    let choice = |label: &str, from, to| PredictionChoice { label: label.to_owned(), from, to };
    let prediction = Prediction {
        id: "p".to_owned(),
        program: "threads".to_owned(),
        question: "Two threads compute on this machine's two cores. How much faster than one?".to_owned(),
        metric: Metric::Speedup,
        choices: vec![choice("about 2×", 1.5, 9.0), choice("no faster", 0.8, 1.5), choice("slower", 0.0, 0.8)],
        explain: "Only the thread that holds the GIL runs bytecode, so two threads take turns.".to_owned(),
    };
    let after = Predict { prediction: &prediction, selected: 0, chosen: Some(0), measured: Some(0.98), theme };
    Predict { chosen: None, measured: None, selected: 1, ..after }.render(rows(area, 0, 7), buf);
    after.render(rows(area, 8, 9), buf);
    let choice = |text: &str, right, explain: &str| Choice {
        text: text.to_owned(),
        right,
        explain: explain.to_owned(),
        misconception: None,
    };
    let check = Check {
        id: "c".to_owned(),
        question: "Why did the second thread wait?".to_owned(),
        kind: CheckKind::Choice(vec![
            choice("There was no free core", false, "One core stood idle: look at the bars above."),
            choice("The first thread held the GIL", true, "Only its holder may run bytecode."),
        ]),
    };
    CheckView { check: &check, selected: 0, chosen: Some(0), theme }.render(rows(area, 18, 8), buf);
}

/// A buffer as text with escape sequences; on a light ground where asked for, as a light terminal would show it.
fn ansi(buf: &Buffer, light: bool) -> String {
    let mut out = String::new();
    for y in 0..buf.area.height {
        for x in 0..buf.area.width {
            let cell = &buf[(x, y)];
            out.push_str("\x1b[0m");
            let (mut fg, mut bg) = (cell.fg, cell.bg);
            if light {
                fg = if fg == Color::Reset { Color::Rgb(30, 30, 30) } else { fg };
                bg = if bg == Color::Reset { Color::Rgb(255, 255, 255) } else { bg };
            }
            for (color, base) in [(fg, 38), (bg, 48)] {
                match color {
                    Color::Rgb(r, g, b) => write!(out, "\x1b[{base};2;{r};{g};{b}m").expect("a string takes it"),
                    Color::Indexed(i) => write!(out, "\x1b[{base};5;{i}m").expect("a string takes it"),
                    other => write!(out, "{}", named(other, base)).expect("a string takes it"),
                }
            }
            let modifiers = [
                (Modifier::BOLD, 1),
                (Modifier::DIM, 2),
                (Modifier::ITALIC, 3),
                (Modifier::UNDERLINED, 4),
                (Modifier::REVERSED, 7),
            ];
            for (modifier, code) in modifiers {
                if cell.modifier.contains(modifier) {
                    write!(out, "\x1b[{code}m").expect("a string takes it");
                }
            }
            out.push_str(cell.symbol());
        }
        out.push_str("\x1b[0m\n");
    }
    out
}

/// The escape of one of the sixteen colours.
fn named(color: Color, base: u16) -> String {
    use Color::{
        Black, Blue, Cyan, DarkGray, Gray, Green, LightBlue, LightCyan, LightGreen, LightMagenta, LightRed,
        LightYellow, Magenta, Red, White, Yellow,
    };
    let all = [
        Black,
        Red,
        Green,
        Yellow,
        Blue,
        Magenta,
        Cyan,
        Gray,
        DarkGray,
        LightRed,
        LightGreen,
        LightYellow,
        LightBlue,
        LightMagenta,
        LightCyan,
        White,
    ];
    all.iter().position(|c| *c == color).map_or_else(String::new, |i| format!("\x1b[{base};5;{i}m"))
}
