//! The page of a comparison of recorded scenarios.

use super::*;
use crate::insight::comparison::{Attempts, Comparison};
use crate::lesson::{Lesson, Program};
use crate::report::comparison::Paper;
use crate::report::page::tests::tags;
use crate::runner::{Machine, Outcome};
use crate::runtime::Runtime;
use crate::trace::Trace;
use crate::view::fixtures;

fn outcome(trace: Trace) -> Outcome {
    Outcome { trace, ..Outcome::default() }
}

/// The page of these scenarios, the first of which is the baseline.
fn page_of(scenarios: Vec<(&str, Trace)>) -> String {
    let program = |name: &str, baseline| Program { name: name.to_owned(), baseline, ..Program::default() };
    let programs = scenarios.iter().enumerate().map(|(place, (name, _))| program(name, place == 0)).collect();
    let lesson = Lesson { id: "02-gil".into(), title: "<The> & \"GIL\"".into(), programs, ..Lesson::default() };
    let outcomes: Vec<(&str, Outcome)> = scenarios.into_iter().map(|(name, trace)| (name, outcome(trace))).collect();
    let runtime = Runtime::default();
    let attempts = outcomes
        .iter()
        .map(|(program, outcome)| Attempts { program, runtime: &runtime, outcomes: vec![outcome], missing: None })
        .collect();
    let machine = Machine { cores: 2, usable_cores: 1.9 };
    page(&Stacked {
        lesson: &lesson,
        comparison: Comparison::of(&lesson, attempts, machine),
        machine,
        paper: Paper::default(),
    })
}

fn scenarios() -> Vec<(&'static str, Trace)> {
    let mut all = fixtures::all();
    all.retain(|(name, _)| !matches!(*name, "live" | "nothing"));
    all
}

#[test]
fn the_page_is_well_formed_and_stands_alone() {
    let page = page_of(scenarios());
    let tags = tags(&page);
    for no in ["script", "link", "img", "iframe", "image", "use"] {
        assert!(!tags.contains(&no), "{no}");
    }
    for no in ["http", "src=", "href=", "@import", "NaN", "inf"] {
        assert!(!page.contains(no), "{no}");
    }
    assert!(page.contains("&lt;The&gt; &amp; &quot;GIL&quot;"));
    assert!(page.len() < 200_000, "{} bytes", page.len());
}

#[test]
fn the_page_is_light_or_dark_as_the_reader_has_it() {
    let page = page_of(scenarios());
    let (light, dark) = page.split_once("@media (prefers-color-scheme:dark)").unwrap();
    let value = |css: &str, name: &str| {
        let rest = &css[css.find(&format!("{name}:")).unwrap_or_else(|| panic!("{name}")) + name.len() + 1..];
        rest[..rest.find(';').unwrap()].to_owned()
    };
    // Each colour that is used is given for both.
    let used = page.match_indices("var(").map(|(at, _)| &page[at + 4..at + page[at..].find(')').unwrap()]);
    for name in used.collect::<BTreeSet<_>>() {
        assert_ne!(value(light, name), "", "{name}");
        assert_ne!(value(dark, name), "", "{name}");
    }
    assert_ne!(value(light, "--ground"), value(dark, "--ground"));
    // And each pattern that is used is there once.
    for (at, _) in page.match_indices("url(#") {
        let id = &page[at + 5..at + page[at..].find(')').unwrap()];
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn turns_do_not_look_like_running_at_once() {
    let gil = page_of(vec![("turns", fixtures::two_threads_under_the_gil().ended())]);
    let free = page_of(vec![("turns", fixtures::two_threads_at_once().ended())]);
    // Where the strokes of a thread on a core begin, and how many there are.
    let strokes = |page: &str, thread: &str| {
        let path = page.split_once(&format!("<path class=\"{thread}\" stroke-width=\"15\" d=\"M")).unwrap().1;
        let path = path.split_once('"').unwrap().0.to_owned();
        (path.split_once(' ').unwrap().0.to_owned(), path.matches('h').count())
    };
    let [first, second] = ["t1", "t2"].map(|thread| strokes(&gil, thread));
    // A turn of 5 ms is twenty columns: drawn exactly, and as often as it was.
    assert_eq!((first.1, second.1), (24, 24));
    assert_ne!(first.0, second.0, "one begins where the other waits");
    assert_eq!(strokes(&free, "t1"), strokes(&free, "t2"), "both at once");
    assert!(gil.contains(">GIL</text>") && !free.contains(">GIL</text>"));
}

#[test]
fn many_lanes_are_an_area_and_a_long_run_stays_small() {
    let many = page_of(vec![("pool", fixtures::forty_eight_lanes().ended())]);
    assert!(many.contains("48 lanes</text>") && many.contains("class=\"a-running\""));
    let long = page_of(vec![("long", fixtures::many_spans(200_000).ended())]);
    assert!(long.len() < 60_000, "{} bytes", long.len());
    assert!(long.contains("turns too short to be drawn"));
    tags(&long);
}
