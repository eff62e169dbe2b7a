//! Which Python a script asks for in its first line (`#!`), in each of the forms that installers write.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// More of a file is not looked at, in bytes.
const LOOKED_AT: u64 = 4096;

/// What the first line of a file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The interpreter: a path, or a name to look for on `PATH`.
    pub program: PathBuf,
    /// Its options.
    pub options: Vec<String>,
}

impl Asked {
    /// What a file's first line asks for; `None` where it asks for nothing, or cannot be read.
    pub fn by(file: &Path) -> Option<Asked> {
        let mut head = Vec::new();
        // Opening a pipe would wait for who writes to it.
        file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        File::open(file).ok()?.take(LOOKED_AT).read_to_end(&mut head).ok()?;
        Asked::in_text(&String::from_utf8_lossy(&head), file)
    }

    fn in_text(text: &str, file: &Path) -> Option<Asked> {
        let mut lines = text.strip_prefix("#!")?.lines();
        let line = lines.next()?.trim();
        let (program, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        let rest = rest.trim();
        let base = Path::new(program).file_name()?;
        if base == "sh"
            && let Some(asked) = lines.next().and_then(|line| behind_a_shell(line, file))
        {
            return Some(asked);
        }
        if base != "env" {
            // The system hands over all that follows as one argument.
            let options = Some(rest.to_owned()).filter(|rest| !rest.is_empty());
            return Some(Asked { program: program.into(), options: options.into_iter().collect() });
        }
        let words = match rest.strip_prefix("-S").or_else(|| rest.strip_prefix("--split-string=")) {
            Some(words) => shell_words::split(words).ok()?,
            None => vec![rest.to_owned()],
        };
        let mut words =
            words.into_iter().skip_while(|word| word.is_empty() || word.contains('=') || word.starts_with('-'));
        Some(Asked { program: words.next()?.into(), options: words.collect() })
    }

    /// Whether it asks for a Python.
    pub fn is_python(&self) -> bool {
        is_python(&self.program)
    }

    /// Whether it asks for one Python and not for whichever comes first: it has a path, or a version in its name.
    pub fn is_certain(&self) -> bool {
        let name = self.program.file_name().unwrap_or_default().to_string_lossy();
        self.program.is_absolute() || name.contains('.')
    }
}

/// `python`, `python3`, `python3.13t`, `pypy3` and the like, with or without a folder.
pub fn is_python(program: &Path) -> bool {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let version = name.strip_prefix("python").or_else(|| name.strip_prefix("pypy"));
    version.is_some_and(|version| {
        let number = version.strip_suffix('t').unwrap_or(version);
        number.bytes().all(|b| b.is_ascii_digit() || b == b'.') && (number.len() == version.len() || number.len() > 1)
    })
}

/// Installers write a line that is both Python's and the shell's where the interpreter's path is too long for the system,
/// has a blank, or is to be found from where the script lies.
fn behind_a_shell(line: &str, file: &Path) -> Option<Asked> {
    let command = line.strip_prefix("'''exec' ")?;
    if command.contains("dirname") {
        let (_, name) = command.split_once(")\"/").or_else(|| command.split_once(")/"))?;
        let name = shell_words::split(name).ok()?.into_iter().next()?;
        let real = file.canonicalize().ok()?;
        return Some(Asked { program: real.parent()?.join(name), options: Vec::new() });
    }
    let mut words = shell_words::split(command).ok()?.into_iter();
    let program = words.next()?.into();
    Some(Asked { program, options: words.take_while(|word| word != "$0").collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<(String, Vec<String>)> {
        let asked = Asked::in_text(text, Path::new("/nowhere/x"))?;
        Some((asked.program.display().to_string(), asked.options))
    }

    #[test]
    fn each_form_of_a_first_line_is_read() {
        let is = |text: &str, program: &str, options: &[&str]| {
            let options = options.iter().map(ToString::to_string).collect();
            assert_eq!(asked(text), Some((program.to_owned(), options)), "{text:?}");
        };
        is("#!/usr/bin/python3\n", "/usr/bin/python3", &[]);
        is("#! /opt/a/bin/python -Es\r\nimport x", "/opt/a/bin/python", &["-Es"]);
        is("#!/usr/bin/env python3\n", "python3", &[]);
        is("#!/usr/bin/env -S python3.12 -u -X dev\n", "python3.12", &["-u", "-X", "dev"]);
        is("#!/usr/bin/env -S A=1 python3\n", "python3", &[]);
        is("#!/bin/sh\n'''exec' \"/a long/bin/python\" \"$0\" \"$@\"\n' '''\n", "/a long/bin/python", &[]);
        is("#!/bin/sh\n'''exec' /a/bin/python3 -I \"$0\" \"$@\"\n' '''\n", "/a/bin/python3", &["-I"]);
        is("#!/bin/bash\necho", "/bin/bash", &[]);
        for nothing in ["", "import x", "#!", "#!/usr/bin/env", "\u{feff}#!/usr/bin/python3"] {
            assert_eq!(asked(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn an_interpreter_that_lies_beside_the_script_is_found_from_there() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("tool");
        let line = "'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python3' \"$0\" \"$@\"";
        std::fs::write(&file, format!("#!/bin/sh\n{line}\n' '''\n")).unwrap();
        let beside = dir.path().canonicalize().unwrap().join("python3");
        assert_eq!(Asked::by(&file).map(|asked| asked.program), Some(beside));
    }

    #[test]
    fn pythons_are_told_from_other_programs() {
        for name in ["python", "python3", "/a/python3.13t", "pypy3.10", "python2.7", "python.exe"] {
            assert!(is_python(Path::new(name)), "{name}");
        }
        for name in ["python-config", "python3-config", "bash", "pythonic", "pythont", "ipython"] {
            assert!(!is_python(Path::new(name)), "{name}");
        }
        let asked = |program: &str| Asked { program: program.into(), options: Vec::new() };
        assert!(asked("/usr/bin/python3").is_certain() && asked("python3.12").is_certain());
        assert!(!asked("python3").is_certain());
    }
}
