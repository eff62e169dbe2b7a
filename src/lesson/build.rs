//! Holds the front matter, the pages and the files of a folder against each other, and makes a [`Lesson`] of them.

use super::fault::{Fault, Log, hint, line_and_column};
use super::front::{self, Front, RawKnob, RawProgram, id_rule};
use super::headline::Headline;
use super::id::is_id;
use super::pages::{self, RawPage};
use super::source;
use super::table::{At, Number};
use super::types::{Check, Knob, KnobValue, Language, Lesson, Page, Program};
use super::{claim, expression, headline, interview, prediction, question, solution, takeaway, task};
use std::collections::BTreeMap;

/// The files of one lesson folder, by name.
pub(super) type Folder = BTreeMap<String, Vec<u8>>;

/// The file that every lesson has.
pub(super) const LESSON_FILE: &str = "lesson.md";

/// Reads one lesson. `prefix` is what stands before a file's name in a fault, such as `02-gil/`.
pub(super) fn lesson(id: &str, prefix: &str, folder: &Folder) -> (Option<Lesson>, Vec<Fault>) {
    let file = format!("{prefix}{LESSON_FILE}");
    let mut faults = Vec::new();
    let sources = sources(prefix, folder, &mut faults);
    let Some(text) = folder.get(LESSON_FILE).and_then(|bytes| text(&file, bytes, &mut faults)) else {
        if !folder.contains_key(LESSON_FILE) {
            faults.push(Fault { file, line: 1, column: 1, message: "the file is missing".to_owned() });
        }
        return (None, faults);
    };
    let mut log = Log::new(&file, text);
    let lesson = front::read(text, &mut log).map(|(front, body)| {
        let raw_pages = pages::read(text, body, &mut log);
        let mut programs = programs(&front.programs, &sources, &mut log);
        let own: Vec<_> = front.programs.iter().map(|p| (p.name.value.clone(), p.headline.as_ref())).collect();
        headline::settle(front.headline.as_ref(), &own, &mut programs, &mut log);
        let knobs: Vec<Knob> = front.knobs.iter().filter_map(|k| knob(k, &programs, &mut log)).collect();
        unique_ids(&front, &mut log);
        let pages = raw_pages.into_iter().map(|p| page(p, &front, &mut log)).collect::<Vec<_>>();
        unasked(&front, &pages, &mut log);
        server(&front, &programs, &mut log);
        strays(&front, &sources, prefix, &mut faults);
        let ids: Vec<&str> = front.tasks.iter().filter_map(|t| Some(t.id.as_ref()?.value.as_str())).collect();
        solution::strays(&ids, &sources, prefix, &mut faults);
        let predictions: Vec<_> =
            front.predictions.iter().filter_map(|p| prediction::build(p, &programs, &knobs, &mut log)).collect();
        prediction::of_one_run(&front.predictions, &predictions, &mut log);
        let tasks = front.tasks.iter().filter_map(|t| task::build(t, &programs, &knobs, &sources, &mut log)).collect();
        let claims = front.claims.iter().filter_map(|c| claim::build(c, &programs, &knobs, &mut log)).collect();
        let names: Vec<&str> = knobs.iter().map(|knob| knob.name.as_str()).collect();
        let settings = front.settings.as_ref().and_then(|text| expression::read(text, &names, &mut log));
        let interview = front.interview.iter().filter_map(|i| interview::build(i, &mut log)).collect();
        let takeaway = front.takeaway.as_ref().and_then(|t| takeaway::build(t, &programs, &knobs, &mut log));
        let checks: Vec<Check> =
            front.checks.into_iter().filter_map(|c| question::build(c, &knobs, &mut log)).collect();
        Lesson {
            id: id.to_owned(),
            title: front.title,
            summary: front.summary,
            able: front.able,
            server: front.server.is_some_and(|s| s.value),
            pages,
            programs,
            knobs,
            predictions,
            checks,
            tasks,
            claims,
            settings,
            teaches: front.teaches,
            needs: front.needs,
            mentions: front.mentions,
            interview,
            takeaway,
        }
    });
    faults.extend(log.into_faults());
    faults.sort();
    faults.dedup();
    (lesson.filter(|_| faults.is_empty()), faults)
}

/// The programs' sources by file name.
fn sources<'f>(prefix: &str, folder: &'f Folder, faults: &mut Vec<Fault>) -> BTreeMap<&'f str, &'f str> {
    let mut out = BTreeMap::new();
    for (name, bytes) in folder {
        if name != LESSON_FILE {
            // A file that is no text is still there: it has its own fault, and needs no second one.
            out.insert(name.as_str(), text(&format!("{prefix}{name}"), bytes, faults).unwrap_or_default());
        }
    }
    out
}

fn text<'f>(file: &str, bytes: &'f [u8], faults: &mut Vec<Fault>) -> Option<&'f str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let (line, column) = line_and_column(&valid, valid.len());
            faults.push(Fault { file: file.to_owned(), line, column, message: "this is not UTF-8 text".to_owned() });
            None
        }
    }
}

fn programs(raw: &[RawProgram], sources: &BTreeMap<&str, &str>, log: &mut Log<'_>) -> Vec<Program> {
    let mut out: Vec<Program> = Vec::new();
    for p in raw {
        let (name, stem) = (&p.name.value, &p.file.as_ref().unwrap_or(&p.name).value);
        if out.iter().any(|other| other.name == *name) {
            log.span(&p.name.span, format!("there are two programs `{name}`"));
            continue;
        }
        let find = |stem: &str, end: &str| sources.get(format!("{stem}.{end}").as_str()).map(|s| (*s).to_owned());
        let python = find(stem, "py");
        let rust = find(stem, "rs").or_else(|| find(name, "rs"));
        if python.is_none() && rust.is_none() {
            let place = &p.file.as_ref().unwrap_or(&p.name).span;
            log.span(place, format!("program `{name}` has no file: there is neither `{stem}.py` nor `{stem}.rs`"));
        }
        let baseline = p.baseline.as_ref().is_some_and(|b| b.value);
        if let Some(first) = out.iter().find(|other| baseline && other.baseline) {
            let place = p.baseline.as_ref().map_or(&p.name.span, |b| &b.span);
            log.span(place, format!("`{}` is the baseline already; there can be one", first.name));
        }
        if let Some(compare) = p.compare.as_ref().filter(|c| baseline && !c.value) {
            log.span(&compare.span, format!("`{name}` is the baseline: it cannot be left out of the comparison"));
        }
        out.push(Program {
            name: name.clone(),
            stem: stem.clone(),
            python,
            rust,
            requires: p.requires,
            baseline,
            apart: p.compare.as_ref().is_some_and(|c| !c.value),
            note: p.note.clone(),
            packages: p.packages.iter().map(|package| package.value.clone()).collect(),
            twin_differs: p.twin.as_ref().and_then(|twin| twin_differs(twin, log)),
            headline: Headline::default(), // settled once all programs are known
        });
    }
    for p in raw {
        shadowing(p, &out, log);
        naming(p, log);
    }
    out
}

/// `twin = "differs: WHY"`.
fn twin_differs(twin: &At<String>, log: &mut Log<'_>) -> Option<String> {
    let why = twin.value.strip_prefix("differs:").map(str::trim).filter(|why| !why.is_empty());
    if why.is_none() {
        log.span(&twin.span, "`twin` says why the twin is not compared: `twin = \"differs: WHY\"`");
    }
    why.map(str::to_owned)
}

/// A program's name is an identifier: claims use it in expressions. A package's name is one of PyPI's.
fn naming(raw: &RawProgram, log: &mut Log<'_>) {
    let lower = |c: char| c.is_ascii_lowercase();
    let name = &raw.name;
    if !name.value.starts_with(lower) || !name.value.chars().all(|c| lower(c) || c.is_ascii_digit() || c == '_') {
        let message = format!("`{}` is no name of a program: use lower-case letters, digits and `_`", name.value);
        log.span(&name.span, message);
    }
    for package in &raw.packages {
        if !package.value.starts_with(lower) || !is_id(&package.value) {
            log.span(&package.span, format!("`{}` is no name of a package on PyPI", package.value));
        }
    }
}

/// A program `asyncio.py` that another one imports by accident instead of the standard library's.
fn shadowing(raw: &RawProgram, programs: &[Program], log: &mut Log<'_>) {
    let place = raw.file.as_ref().unwrap_or(&raw.name);
    let stem = place.value.as_str();
    let imports = |source: &str| {
        source.lines().any(|l| {
            let module = l.strip_prefix("import ").or_else(|| l.strip_prefix("from "));
            module.is_some_and(|m| m.split([' ', '.', ',']).next() == Some(stem))
        })
    };
    let own = programs.iter().find(|p| p.stem == stem).and_then(|p| p.python.as_deref());
    if own.is_some_and(imports) {
        log.span(&place.span, format!("`{stem}.py` imports `{stem}`, which is itself: give it another `file`"));
    }
}

fn knob(raw: &RawKnob, programs: &[Program], log: &mut Log<'_>) -> Option<Knob> {
    let name = &raw.name.value;
    let mut default: Option<(KnobValue, String)> = None;
    let mut found = false;
    for (program, language, text) in programs.iter().flat_map(files) {
        let Some(constant) = source::constant(text, language, name) else { continue };
        found = true;
        let file = format!("{}.{}", program.stem, extension(language));
        let literal = &text[constant.value];
        match (source::number(literal), &default) {
            (None, _) => log.span(&raw.name.span, format!("`{name}` in {file} is no number: `{literal}`")),
            (Some(value), None) => default = Some((value, file)),
            (Some(value), Some((first, where_first))) if value.as_f64().to_bits() != first.as_f64().to_bits() => {
                log.span(&raw.name.span, format!("`{name}` is {first} in {where_first} and {value} in {file}"));
            }
            _ => {}
        }
    }
    if !found {
        log.span(&raw.name.span, format!("no program has a constant `{name} = ...` at its top"));
    }
    let (default, _) = default?;
    let (min, max) = (raw.min.as_ref()?, raw.max.as_ref()?);
    let mut like = |n: &At<Number>| like(name, default, n, log);
    let (low, high) = (like(min)?, like(max)?);
    let steps: Vec<_> = raw.steps.iter().filter_map(|s| Some((like(s)?, s.span.clone()))).collect();
    if low.as_f64() > high.as_f64() {
        log.span(&min.span, format!("`min` {low} is above `max` {high}"));
        return None;
    }
    if !inside(default, low, high) {
        log.span(&raw.name.span, format!("`{name}` is {default} in the program, outside {low} to {high}"));
    }
    for (value, span) in &steps {
        if !inside(*value, low, high) {
            log.span(span, format!("step {value} is outside {low} to {high}"));
        }
    }
    for pair in steps.windows(2).filter(|p| p[0].0.as_f64() >= p[1].0.as_f64()) {
        log.span(&pair[1].1, "steps must ascend");
    }
    let steps = steps.into_iter().map(|(value, _)| value).collect();
    Some(Knob { name: name.clone(), label: raw.label.clone(), default, min: low, max: high, steps })
}

fn inside(value: KnobValue, low: KnobValue, high: KnobValue) -> bool {
    (low.as_f64()..=high.as_f64()).contains(&value.as_f64())
}

/// A number of the kind that the constant has.
fn like(name: &str, default: KnobValue, n: &At<Number>, log: &mut Log<'_>) -> Option<KnobValue> {
    match (default, n.value) {
        (KnobValue::Int(_), Number::Int(i)) => Some(KnobValue::Int(i)),
        (KnobValue::Float(_), number) if number.as_f64().is_finite() => Some(KnobValue::Float(number.as_f64())),
        (KnobValue::Int(_), Number::Float(f)) => {
            log.span(&n.span, format!("`{name}` is a whole number in the program; {f:?} is none"));
            None
        }
        (KnobValue::Float(_), _) => {
            log.span(&n.span, "a knob's range must be finite");
            None
        }
    }
}

/// Every source of a program.
fn files(p: &Program) -> impl Iterator<Item = (&Program, Language, &str)> {
    let python = p.python.as_deref().map(|s| (p, Language::Python, s));
    let rust = p.rust.as_deref().map(|s| (p, Language::Rust, s));
    python.into_iter().chain(rust)
}

const fn extension(language: Language) -> &'static str {
    match language {
        Language::Python => "py",
        Language::Rust => "rs",
    }
}

fn unique_ids(front: &Front, log: &mut Log<'_>) {
    let mut seen: Vec<&str> = Vec::new();
    let predictions = front.predictions.iter().map(|p| &p.id);
    let others = front.checks.iter().map(|c| &c.id).chain(front.tasks.iter().map(|t| &t.id));
    for id in predictions.chain(others).chain(front.interview.iter().map(|i| &i.id)).flatten() {
        if !is_id(&id.value) {
            log.span(&id.span, id_rule(&id.value));
        } else if seen.contains(&id.value.as_str()) {
            log.span(&id.span, format!("there are two questions with the id `{}`", id.value));
        }
        seen.push(&id.value);
    }
}

fn known_program(name: &At<String>, programs: &[&str], log: &mut Log<'_>) {
    if !programs.contains(&name.value.as_str()) {
        let hint = hint(&name.value, programs.iter().copied());
        log.span(&name.span, format!("there is no program `{}`{hint}", name.value));
    }
}

fn page(raw: RawPage, front: &Front, log: &mut Log<'_>) -> Page {
    if let Some(program) = &raw.program {
        let names: Vec<&str> = front.programs.iter().map(|p| p.name.value.as_str()).collect();
        known_program(program, &names, log);
    }
    for id in &raw.checks {
        let ids = || front.checks.iter().filter_map(|c| c.id.as_ref()).map(|i| i.value.as_str());
        if !ids().any(|known| known == id.value) {
            log.span(&id.span, format!("there is no check `{}`{}", id.value, hint(&id.value, ids())));
        }
    }
    Page {
        title: raw.title.value,
        markdown: raw.markdown,
        program: raw.program.map(|p| p.value),
        checks: raw.checks.into_iter().map(|c| c.value).collect(),
    }
}

/// Checks that no page asks, or that two ask.
fn unasked(front: &Front, pages: &[Page], log: &mut Log<'_>) {
    for id in front.checks.iter().filter_map(|c| c.id.as_ref()).filter(|id| is_id(&id.value)) {
        match pages.iter().flat_map(|p| &p.checks).filter(|c| **c == id.value).count() {
            0 => log.span(&id.span, format!("no page asks this: write `<!-- check: {} -->` on one", id.value)),
            1 => {}
            n => log.span(&id.span, format!("{n} pages ask this; one should")),
        }
    }
}

/// A lesson with a server needs a place for its address.
fn server(front: &Front, programs: &[Program], log: &mut Log<'_>) {
    let Some(At { value: true, span }) = &front.server else { return };
    for (p, language, _) in programs.iter().flat_map(files).filter(|(_, l, s)| source::constant(s, *l, "URL").is_none())
    {
        let (stem, end) = (&p.stem, extension(language));
        log.span(span, format!("{stem}.{end} has no constant `URL` for the server's address"));
    }
}

/// Python files that belong to no program.
fn strays(front: &Front, sources: &BTreeMap<&str, &str>, prefix: &str, faults: &mut Vec<Fault>) {
    for stem in sources.keys().filter(|name| !name.contains('/')).filter_map(|name| name.strip_suffix(".py")) {
        let solves = front.tasks.iter().any(|t| t.solution.as_ref().is_some_and(|s| s.value == stem));
        if !solves && !front.programs.iter().any(|p| p.file.as_ref().unwrap_or(&p.name).value == stem) {
            let message = format!("no `[[program]]` in lesson.md is called `{stem}`");
            faults.push(Fault { file: format!("{prefix}{stem}.py"), line: 1, column: 1, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REAL: &str = include_str!("../../lessons/02-gil/lesson.md");

    fn read(text: &str, program: &str) -> (Option<Lesson>, Vec<Fault>) {
        let folder = [(LESSON_FILE, text), ("threads.py", program)];
        let folder = folder.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into();
        lesson("01-any", "", &folder)
    }

    #[test]
    fn line_ends_of_windows_change_nothing() {
        let unix = read(REAL, "WORKERS = 2\n").1;
        assert_eq!(read(&REAL.replace('\n', "\r\n"), "WORKERS = 2\r\n").1, unix);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_has_a_fault(text in "\\PC*", program in "\\PC*") {
            let (lesson, faults) = read(&text, &program);
            prop_assert!(lesson.is_some() == faults.is_empty());
        }

        #[test]
        fn any_front_matter_and_page_is_read_or_has_a_fault(toml in "[\\[\\]a-z=\"0-9.\n ]*", page in "[-#<!> a-z:`*|\n]*") {
            let (lesson, faults) = read(&format!("+++\n{toml}\n+++\n{page}"), "WORKERS = 2\n");
            prop_assert!(lesson.is_some() == faults.is_empty());
        }

        #[test]
        fn a_damaged_lesson_is_read_or_has_faults_inside_the_file(
            cut in any::<prop::sample::Index>(), length in 0_usize..200, put in "[\\PC\n]{0,9}",
        ) {
            let from = REAL.floor_char_boundary(cut.index(REAL.len()));
            let to = REAL.floor_char_boundary((from + length).min(REAL.len()));
            let text = format!("{}{put}{}", &REAL[..from], &REAL[to..]);
            let lines = text.lines().count();
            let (lesson, faults) = read(&text, "WORKERS = 2\n");
            prop_assert!(lesson.is_some() == faults.is_empty());
            for fault in faults {
                prop_assert!((1..=lines + 1).contains(&fault.line) && fault.column > 0, "{fault}");
            }
        }
    }
}
