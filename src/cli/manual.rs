//! `concur-tutor man` and `concur-tutor completions`: what the command line is, for `man` and for shells, made from the same
//! tree that parses it, so that they cannot disagree.

use super::beside::SECTIONS;
use super::{Arguments, output};
use crate::lesson::Course;
use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The name under which the program is called.
const NAME: &str = "concur-tutor";

#[derive(Debug, Args)]
pub(super) struct ManualPage {
    /// The page of this command; that of the program itself, where left out
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// Write all pages into a folder instead: concur-tutor.1, concur-tutor-run.1, ...
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints a manual page, or writes all of them.
pub(super) fn man(options: &ManualPage) -> anyhow::Result<ExitCode> {
    let mut tree = tree().disable_help_subcommand(true);
    tree.build();
    if let Some(folder) = &options.out {
        write_all(&tree, folder)?;
        return Ok(ExitCode::SUCCESS);
    }
    let command = match &options.command {
        None => &tree,
        Some(name) => tree.find_subcommand(name).with_context(|| {
            let names: Vec<&str> = tree.get_subcommands().map(Command::get_name).collect();
            format!("there is no command `{name}`; there is {}", names.join(", "))
        })?,
    };
    output::print(&page(command)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what a shell needs to complete the command line.
pub(super) fn completions(options: &Completions) -> anyhow::Result<ExitCode> {
    output::print(&script(options.shell)?)?;
    Ok(ExitCode::SUCCESS)
}

fn script(shell: Shell) -> anyhow::Result<String> {
    // For bash, clap_complete 4.6.12 writes a hyphen in the program's name in two ways, and its script then knows no command.
    // The name stands in it where it says what it completes, and else only within names of its own.
    let name = if shell == Shell::Bash { NAME.replace('-', "_") } else { NAME.to_owned() };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut with_lessons(tree()), &name, &mut script);
    Ok(String::from_utf8(script)?.replace(&format!("-o default {name}\n"), &format!("-o default {NAME}\n")))
}

/// Everything that a user may type: the commands that the tutor has for itself alone are left out.
fn tree() -> Command {
    let all = Arguments::command();
    let shown = all.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    let tree = Command::new(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .args_conflicts_with_subcommands(true)
        .args(all.get_arguments().cloned())
        .subcommands(shown);
    tree.about(all.get_about().cloned().unwrap_or_default())
}

/// The same, and where a lesson can be named, the lessons that there are.
fn with_lessons(tree: Command) -> Command {
    let Ok(course) = Course::embedded() else { return tree };
    // The parser wants names that live as long as the program: it prints this, and ends.
    let lessons: Vec<&'static str> = course.lessons().iter().map(|lesson| &*lesson.id.clone().leak()).collect();
    let named = |argument: Arg| match argument.get_id().as_str() {
        "lesson" => argument.value_parser(PossibleValuesParser::new(&lessons)),
        _ => argument,
    };
    tree.mut_subcommands(|command| command.mut_args(named))
}

fn write_all(tree: &Command, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let own = std::iter::once((format!("{NAME}.1"), tree));
    let others = tree.get_subcommands().map(|command| (format!("{NAME}-{}.1", command.get_name()), command));
    for (file, command) in own.chain(others) {
        let path = folder.join(file);
        std::fs::write(&path, page(command)?).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// A manual page, as roff.
fn page(command: &Command) -> anyhow::Result<String> {
    // As `man` knows it: `concur-tutor-run` of `concur-tutor run`.
    let title = command.get_display_name().unwrap_or(NAME).to_owned();
    let is_main = title == NAME;
    let source = concat!("concur-tutor ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).title(title).source(source).manual("concur-tutor");
    let mut page = Vec::new();
    man.render(&mut page)?;
    if is_main {
        beside(&mut page)?;
    }
    Ok(String::from_utf8(page)?)
}

/// What the page of the program says beside its commands.
fn beside(page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut sections = Roff::new();
    for (heading, rows) in SECTIONS {
        sections.control("SH", [heading.to_uppercase().as_str()]);
        for (word, meaning) in rows {
            sections.control("TP", []).text([bold(*word)]).text([roman(*meaning)]);
        }
    }
    sections.to_writer(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn every_command_has_a_page_with_every_option_of_its_own() {
        let mut tree = tree();
        tree.build();
        assert!(tree.get_subcommands().count() > 10);
        for command in std::iter::once(&tree).chain(tree.get_subcommands()) {
            let page = page(command).unwrap();
            for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                let Some(long) = argument.get_long() else { continue };
                let escaped = long.replace('-', "\\-");
                assert!(page.contains(&format!("\\-\\-{escaped}")), "{}: --{long}\n{page}", command.get_name());
            }
            assert!(!page.contains("__"), "{page}");
        }
    }

    /// Where bash is, it is asked what it makes of the script.
    #[test]
    fn bash_completes_lessons_and_options() {
        let script = script(Shell::Bash).unwrap();
        let ask = |word: &str| {
            let words = format!("COMP_WORDS=(concur-tutor run {word}); COMP_CWORD=2");
            let asked = format!("{script}\n{words}; _concur_tutor concur-tutor {word} run; echo \"${{COMPREPLY[@]}}\"");
            let output = std::process::Command::new("bash").args(["-c", &asked]).output().ok()?;
            Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let Some(lesson) = ask("24") else { return };
        assert_eq!(lesson, "24-interview");
        assert_eq!(ask("--form").unwrap(), "--format");
    }

    #[test]
    fn a_shell_is_told_every_command_and_every_lesson_and_nothing_of_the_tutors_own() {
        for shell in Shell::value_variants() {
            let script = script(*shell).unwrap();
            let known = |word: &str| assert!(script.contains(word), "{shell}: {word}");
            tree().get_subcommands().for_each(|command| known(command.get_name()));
            known("format");
            if *shell != Shell::Elvish && *shell != Shell::PowerShell {
                known("24-interview"); // these two complete no values
            }
            for own in ["__guard", "__native", "__server"] {
                assert!(!script.contains(own), "{shell}: {own}");
            }
        }
    }
}
