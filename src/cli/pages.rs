//! The README and the pages of `docs/`, held against the program: what can be typed, what can be pressed, what is drawn and found.

use super::Arguments;
use crate::app::keymap::{self, Scope};
use crate::insight::finding::{RULES, Rule};
use crate::report::gallery;
use crate::trace::State;
use crate::view::Theme;
use clap::{Command, CommandFactory, Parser};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const README: &str = include_str!("../../README.md");

/// The largest picture, in bytes: a page is to be there at once.
const LARGEST_PICTURE: usize = 60_000;

/// A page: where it lies, and what it says.
struct Page {
    path: PathBuf,
    text: String,
}

impl Page {
    fn read(path: PathBuf) -> Page {
        let text = std::fs::read_to_string(&path).unwrap();
        Page { path, text }
    }

    fn name(&self) -> String {
        self.path.strip_prefix(root()).unwrap().display().to_string()
    }

    /// What stands behind each mark of this name, and before the mark that ends it: the mark's own words, and the text.
    fn marked(&self, name: &str) -> Vec<(&str, &str)> {
        let (begin, end) = (format!("<!-- {name}"), format!("<!-- /{name} -->"));
        let parts = self.text.split(begin.as_str()).skip(1).map(|rest| {
            let (words, rest) = rest.split_once("-->\n").unwrap();
            let within = rest.split_once(end.as_str()).map(|(within, _)| within);
            (words.trim_matches([':', ' ']), within.unwrap_or_else(|| panic!("{}: no {end}", self.name())))
        });
        parts.collect()
    }

    /// Where its links and pictures lead.
    fn links(&self) -> Vec<&str> {
        let targets = self.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        targets.filter(|target| !target.contains("://") && !target.contains(char::is_whitespace)).collect()
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn docs() -> Vec<Page> {
    let names = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    names.filter(|path| path.extension().is_some_and(|ending| ending == "md")).map(Page::read).collect()
}

/// What is for those who use the tutor: the README, what it leads to, and how lessons are written.
fn pages() -> Vec<Page> {
    let beside = ["README.md", "CONTRIBUTING.md", "lessons/README.md"].map(|name| Page::read(root().join(name)));
    beside.into_iter().chain(docs()).collect()
}

/// The command lines in a page: without what a shell takes off them, and without the brackets of what may be left out.
fn lines(page: &str) -> Vec<Vec<String>> {
    let line = |line: &str| {
        let line = line.trim().trim_matches('`').split(" < ").next()?.replace(['[', ']'], "");
        let words = shell_words::split(&line).ok()?;
        let words: Vec<String> = words.into_iter().take_while(|word| !word.starts_with('#')).collect();
        (words.first().map(String::as_str) == Some("concur-tutor") && words.len() > 1).then_some(words)
    };
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let fenced = blocks.flat_map(str::lines).filter_map(line);
    fenced.chain(inline(page).into_iter().filter_map(line)).collect()
}

/// What stands in backticks within a line; the blocks of code are left out.
fn inline(page: &str) -> Vec<&str> {
    let mut in_block = false;
    let text = page.lines().filter(|line| {
        let fence = line.starts_with("```");
        in_block ^= fence;
        !in_block && !fence
    });
    text.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_command_line_in_the_pages_can_be_typed() {
    let mut seen = 0;
    for page in pages() {
        for words in lines(&page.text) {
            seen += 1;
            // A command that is only named: `concur-tutor watch`.
            let named = words.len() == 2 && Arguments::command().find_subcommand(&words[1]).is_some();
            if let Err(error) = Arguments::try_parse_from(&words).map(drop)
                && !named
                && error.exit_code() != 0
            {
                panic!("{}: `{}`: {error}", page.name(), words.join(" "));
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn every_option_that_a_page_names_is_one() {
    let tree = Arguments::command();
    let commands = || std::iter::once(&tree).chain(tree.get_subcommands());
    let arguments = commands().flat_map(Command::get_arguments).filter(|argument| !argument.is_hide_set());
    let known: BTreeSet<String> = arguments
        .filter_map(|argument| argument.get_long())
        .chain(["help", "version"])
        .map(|long| format!("--{long}"))
        .collect();
    for page in docs() {
        for code in inline(&page.text).into_iter().filter(|code| code.starts_with("--")) {
            let option = code.split([' ', '=']).next().unwrap();
            assert!(known.contains(option), "{}: {option}", page.name());
        }
    }
}

#[test]
fn every_command_and_option_is_in_the_readme() {
    let tree = Arguments::command();
    let shown = |command: &&Command| !command.is_hide_set();
    for command in tree.get_subcommands().filter(shown) {
        let name = command.get_name();
        assert!(README.contains(&format!("concur-tutor {name}")) || README.contains(&format!("`{name}`")), "{name}");
        for option in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let Some(long) = option.get_long() else { continue };
            assert!(README.contains(&format!("--{long}")), "{name} --{long} is not in the README");
        }
    }
}

#[test]
fn every_link_leads_to_a_file_and_every_picture_is_shown() {
    let mut led = BTreeSet::new();
    for page in pages() {
        for link in page.links() {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = page.path.parent().unwrap().join(file);
            let target = if file.is_empty() { page.path.clone() } else { target };
            assert!(target.exists(), "{}: {link} leads nowhere", page.name());
            if !part.is_empty() {
                assert!(
                    anchors(&Page::read(target.clone()).text).contains(part),
                    "{}: no such part: {link}",
                    page.name()
                );
            }
            led.insert(target.canonicalize().unwrap());
        }
    }
    let files = |folder: &str| std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    for file in files("docs/pictures").chain(files("docs/examples")).chain(docs().into_iter().map(|page| page.path)) {
        assert!(led.contains(&file.canonicalize().unwrap()), "nothing leads to {}", file.display());
    }
    for picture in files("docs/pictures") {
        let bytes = std::fs::read(&picture).unwrap().len();
        assert!(bytes < LARGEST_PICTURE, "{}: {bytes} bytes", picture.display());
    }
}

/// The parts of a page, by the name under which they are linked to.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings =
        page.lines().filter_map(|line| line.strip_prefix('#')).map(|rest| rest.trim_start_matches('#').trim());
    let letter = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    headings.map(|heading| heading.chars().filter_map(letter).collect()).collect()
}

#[test]
fn the_pages_show_the_keys_of_a_place_as_they_are() {
    let mut seen = 0;
    for page in docs() {
        for (titles, table) in page.marked("keys") {
            let mut expected = String::from("| key | what it does |\n|---|---|\n");
            for title in titles.split(", ") {
                let scopes: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| scope.title() == title).collect();
                assert!(!scopes.is_empty(), "{}: no keys of `{title}`", page.name());
                for row in keymap::rows(&scopes) {
                    let _ = writeln!(expected, "| `{}` | {} |", row.keys, row.long);
                }
            }
            assert_eq!(table, expected, "{}: paste the table between the marks", page.name());
            seen += 1;
        }
    }
    assert!(seen > 1, "{seen}");
}

#[test]
fn the_pages_name_the_states_as_they_are_drawn() {
    let glyphs = Theme::dark().glyphs;
    let (readme, docs) = (Page { path: root().join("README.md"), text: README.to_owned() }, docs());
    let tables: Vec<_> = docs.iter().flat_map(|page| page.marked("states")).collect();
    assert_eq!((tables.len(), readme.marked("states").len()), (1, 1));
    for (_, table) in tables {
        let rows: Vec<&str> = table.lines().skip(2).collect();
        assert_eq!(rows.len(), State::COUNT, "{table}");
        for (state, row) in State::ALL.into_iter().zip(rows) {
            let begins = format!("| `{}` | {} |", glyphs.state(state), state.label());
            assert!(row.starts_with(&begins), "{row}: {begins}");
        }
    }
    let rows: Vec<&str> = readme.marked("states")[0].1.lines().skip(2).collect();
    assert_eq!(rows.len(), State::COUNT, "{rows:?}");
    for (state, row) in State::ALL.into_iter().zip(rows) {
        let named = row.trim_start_matches("| ").split(" |").next().unwrap();
        assert!(state.label().ends_with(named), "{row}: {}", state.label());
    }
}

#[test]
fn the_pages_name_every_finding() {
    let docs = docs();
    let tables: Vec<_> = docs.iter().flat_map(|page| page.marked("findings")).collect();
    let mut expected = String::from("| id | what it says | what to do |\n|---|---|---|\n");
    for Rule { id, says, help, .. } in &RULES {
        let _ = writeln!(expected, "| `{id}` | {says} | {help} |");
    }
    assert_eq!(tables, [("", expected.as_str())], "paste the table between the marks");
}

#[test]
fn the_gallery_shows_what_is_recorded() {
    let docs = docs();
    let parts: Vec<_> = docs.iter().flat_map(|page| page.marked("gallery")).collect();
    assert!(parts == [("", gallery::markdown().as_str())], "scripts/gallery --page writes it");
    for rule in &RULES {
        let picture = root().join("docs/findings").join(rule.id).with_extension("svg");
        let bytes = std::fs::read(&picture).unwrap_or_else(|why| panic!("{}: {why}", picture.display())).len();
        assert!(bytes < LARGEST_PICTURE, "{}: {bytes} bytes", picture.display());
    }
    let pictures = std::fs::read_dir(root().join("docs/findings")).unwrap().count();
    assert_eq!(pictures, RULES.len(), "a picture of no rule is in docs/findings");
}
