//! The lessons as they ship, and what is said about broken ones.

use concur_tutor::inside::lesson::{self, Course, KnobValue, Language, Lesson, Program, knobs};
use concur_tutor::inside::runtime::{Python, cpython, program_file};
use concur_tutor::inside::view::{Document, Reading, Theme};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::thread;

static PYTHONS: LazyLock<Vec<Python>> = LazyLock::new(|| cpython::discover().pythons);

fn course() -> Course {
    Course::embedded().expect("the embedded course has no faults")
}

#[test]
fn the_embedded_course_has_no_faults() {
    let faults: Vec<String> =
        lesson::check_embedded().expect("a folder of lessons").iter().map(ToString::to_string).collect();
    assert_eq!(faults, Vec::<String>::new());
    let ids: Vec<String> = course().lessons().iter().map(|l| l.id.clone()).collect();
    assert_eq!(ids[..3], ["01-welcome", "02-gil", "03-io"]);
    assert!(ids.is_sorted(), "{ids:?}");
}

#[test]
fn a_lesson_is_found_by_name_and_number_and_a_near_miss_is_named() {
    let course = course();
    for name in ["02-gil", "gil", "2", "02", "GIL"] {
        assert_eq!(course.find(name).map(|l| l.id.as_str()), Ok("02-gil"), "{name}");
    }
    let error = course.find("02-gli").expect_err("there is no such lesson");
    assert_eq!(error.to_string(), "there is no lesson `02-gli`; did you mean `02-gil`?");
    let lesson = course.find("io").expect("it ships");
    assert_eq!(lesson.program("asyncio").map(|p| p.stem.as_str()), Some("asyncio_tasks"));
}

#[test]
fn every_knob_reaches_the_programs_and_no_program_is_changed_by_its_defaults() {
    for lesson in course().lessons() {
        for program in &lesson.programs {
            let sources = [(Language::Python, &program.python), (Language::Rust, &program.rust)];
            for (language, source) in sources.into_iter().filter_map(|(l, s)| Some((l, s.as_deref()?))) {
                let same = knobs::substitute(source, language, &lesson.default_knobs(), None);
                assert_eq!(same, source, "{} {}", lesson.id, program.name);
                for knob in &lesson.knobs {
                    // The default may be one of the ends.
                    let end = if knob.max == knob.default { knob.min } else { knob.max };
                    let turned = [(knob.name.clone(), end)].into();
                    let changed = knobs::substitute(source, language, &turned, None) != source;
                    assert_eq!(changed, !knobs::used(source, language, &turned).is_empty());
                }
            }
        }
    }
}

#[test]
fn every_program_compiles_on_every_python_found() {
    for python in PYTHONS.iter() {
        for lesson in course().lessons() {
            for Program { name, python: source, requires, .. } in &lesson.programs {
                let Some(source) = source else { continue };
                // What is new in a version may be new in its grammar.
                if requires.is_some_and(|needed| (python.version.0, python.version.1) < needed) {
                    continue;
                }
                let compile = "import sys; compile(sys.argv[1], sys.argv[2], 'exec', dont_inherit=True)";
                let out = Command::new(&python.path)
                    .args(["-W", "error", "-I", "-c", compile, source, name])
                    .output()
                    .expect("a Python that was found can be started");
                let said = String::from_utf8_lossy(&out.stderr);
                assert!(out.status.success(), "{} {name} on {}: {said}", lesson.id, python.version_text);
            }
        }
    }
}

/// Each folder is named by what is wrong in its lesson; `expected` holds the lines that `check` prints for it.
#[test]
fn every_kind_of_fault_is_told_with_its_line_and_column() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lessons");
    let mut folders: Vec<_> = fs::read_dir(root).expect("the fixtures").flatten().map(|e| e.path()).collect();
    folders.sort();
    let mut differences = Vec::new();
    for folder in folders {
        let faults = lesson::check_dir(&folder).expect("a lesson's folder");
        let mut found = lesson::Faults(faults).to_string();
        found.push('\n');
        let file = folder.join("expected");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            differences.push(format!("{}:\nexpected\n{expected}found\n{found}", folder.display()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What each lesson of the course holds; a pack from outside may hold less.
#[test]
fn every_lesson_of_the_course_is_whole() {
    for lesson in course().lessons() {
        let id = &lesson.id;
        assert!(!lesson.predictions.is_empty(), "{id} has no prediction before a run");
        assert!((2..=6).contains(&lesson.checks.len()), "{id} has {} questions, not 2 to 6", lesson.checks.len());
        assert!(!lesson.tasks.is_empty(), "{id} has nothing to make");
        assert!(lesson.tasks.iter().all(|t| t.solved().is_some()), "{id}: a task without a solution");
        assert!(lesson.takeaway.is_some(), "{id} leaves nothing to take away");
        assert!(!lesson.claims.is_empty(), "{id} claims nothing that can be checked");
        for program in &lesson.programs {
            let lines = program.python.as_deref().map_or(0, |source| source.lines().count());
            assert!(lines <= 48, "{id}: {} has {lines} lines", program.name);
        }
    }
}

/// The rule that the check enforces counts rows by itself; this holds it against what the screen really draws.
#[test]
fn every_lesson_of_the_course_says_what_it_is_about() {
    for lesson in course().lessons() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons").join(&lesson.id).join("lesson.md");
        let text = fs::read_to_string(&path).expect("the lesson's text");
        let before = text.split("[[program]]").next().unwrap_or_default();
        let declared = before.lines().any(|line| line == "[headline]" || line.starts_with("headline = "));
        assert!(declared, "{} has no headline for all of its programs", lesson.id);
        let able = &lesson.able;
        let short = able.iter().all(|words| words.chars().count() <= 44 && !words.ends_with('.'));
        assert!((1..=3).contains(&able.len()) && short, "{}: what one can say afterwards: {able:?}", lesson.id);
    }
}

#[test]
fn every_page_fits_the_smallest_screen() {
    let theme = Theme::dark();
    for lesson in course().lessons() {
        for page in &lesson.pages {
            let document = Document::new(Some(&page.title), &page.markdown);
            let rows = Reading { document: &document, scroll: 0, theme: &theme }.height(80);
            assert!(rows <= 18, "{}: {} has {rows} rows; a screen of 24 has 18 for the text", lesson.id, page.title);
        }
    }
}

/// The lessons whose programs do the same work by other executors. What the programs of other lessons print may differ from
/// run to run, or they never end, on purpose: their claims hold them against real runs.
const SAME_WORK: [&str; 3] = ["01-welcome", "02-gil", "03-io"];

/// Small work, so that a hundred runs take seconds; odd numbers, so that shares are uneven.
fn small_knobs(lesson: &Lesson) -> lesson::Knobs {
    let small =
        [("WORKERS", "3"), ("N", "10007"), ("ROUNDS", "1"), ("PAUSE", "0"), ("REQUESTS", "7"), ("THINK_TIME", "0.001")];
    let has = |name: &str| lesson.knobs.iter().any(|k| k.name == name);
    let set = |(name, value)| knobs::parse_setting(lesson, &format!("{name}={value}")).expect("a value in its range");
    let mut out = lesson.default_knobs();
    out.extend(small.into_iter().filter(|(name, _)| has(name)).map(set));
    assert!(out.values().all(|v| !matches!(v, KnobValue::Int(i) if *i > 20_000)), "{} has a new large knob", lesson.id);
    out
}

#[test]
fn programs_that_do_the_same_work_print_the_same_on_every_python_and_warn_of_nothing() {
    let url = serve();
    let course = course();
    let lessons: Vec<_> = course.lessons().iter().filter(|l| SAME_WORK.contains(&l.id.as_str())).collect();
    assert_eq!(lessons.len(), SAME_WORK.len());
    thread::scope(|scope| {
        for python in PYTHONS.iter() {
            scope.spawn(|| lessons.iter().for_each(|lesson| same_output(lesson, python, &url)));
        }
    });
}

fn same_output(lesson: &Lesson, python: &Python, url: &str) {
    let knobs = small_knobs(lesson);
    let mut first: Option<String> = None;
    for program in lesson.programs.iter().filter(|program| !program.apart) {
        let Some(source) = &program.python else { continue };
        if program.requires.is_some_and(|needed| (python.version.0, python.version.1) < needed) {
            continue;
        }
        let source = knobs::substitute(source, Language::Python, &knobs, Some(url));
        let file = program_file(&format!("{}.py", program.stem), &source).expect("room for a file");
        let launch = cpython::launch(python, file.path(), &[]);
        let out = Command::new(launch.program).args(launch.args).env("PYTHONWARNINGS", "error").output();
        let out = out.expect("a Python that was found can be started");
        let (said, warned) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        let place = format!("{} {} on {}", lesson.id, program.name, python.version_text);
        assert!(out.status.success() && warned.is_empty(), "{place}: {} {warned}", out.status);
        assert_eq!(*first.get_or_insert_with(|| said.to_string()), said, "{place}");
    }
}

/// A server that answers each connection with 200 at once, for as long as the test process lives.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    thread::spawn(move || {
        listener.incoming().flatten().for_each(|stream| drop(thread::spawn(move || answer(&stream))));
    });
    url
}

fn answer(stream: &TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    while !lines.next().transpose()?.unwrap_or_default().is_empty() {}
    let mut stream = stream;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n")
}
