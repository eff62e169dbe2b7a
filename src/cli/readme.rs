//! The README and the command line, held against each other; of the other pages, the command lines in them.

use super::Arguments;
use clap::{CommandFactory, Parser};

const README: &str = include_str!("../../README.md");
const JSON: &str = include_str!("../../docs/json.md");

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
    let inline = page.split('`').skip(1).step_by(2).filter_map(line);
    fenced.chain(inline).collect()
}

#[test]
fn every_command_line_in_the_pages_can_be_typed() {
    let (readme, json) = (lines(README), lines(JSON));
    assert!(readme.len() > 25 && json.len() > 6, "{readme:?} {json:?}");
    for words in readme.into_iter().chain(json) {
        if let Err(error) = Arguments::try_parse_from(&words) {
            panic!("`{}`: {error}", words.join(" "));
        }
    }
}

#[test]
fn every_command_and_option_is_in_the_readme() {
    let tree = Arguments::command();
    let shown = |command: &&clap::Command| !command.is_hide_set();
    for command in tree.get_subcommands().filter(shown) {
        let name = command.get_name();
        assert!(README.contains(&format!("concur-tutor {name}")) || README.contains(&format!("`{name}`")), "{name}");
        for option in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
            let Some(long) = option.get_long() else { continue };
            assert!(README.contains(&format!("--{long}")), "{name} --{long} is not in the README");
        }
    }
}
