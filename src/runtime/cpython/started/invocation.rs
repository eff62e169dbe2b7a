//! Reads a command line as Python reads it: options, then what to run, then that program's own arguments.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Python's options of one letter that stand alone.
const FLAGS: &[u8] = b"bBdEhiIOPqRsSuvVx?";
/// Those that take a value: in the same word or as the next one.
const VALUED: &[u8] = b"XW";
/// Its long options, and whether they take a value.
const LONG: [(&str, bool); 6] = [
    ("--check-hash-based-pycs", true),
    ("--help", false),
    ("--help-all", false),
    ("--help-env", false),
    ("--help-xoptions", false),
    ("--version", false),
];

/// A command line of Python's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// Python's own options, such as `-u` or `-X dev`.
    pub options: Vec<OsString>,
    /// What is run.
    pub subject: Subject,
    /// The program's arguments.
    pub args: Vec<OsString>,
}

/// What Python is asked to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A file, a folder with a `__main__.py`, or a zip file with one.
    Script(PathBuf),
    /// `-m`: a module by its name.
    Module(OsString),
    /// `-c`: a text.
    Code(OsString),
    /// `-`: what standard input holds.
    Input,
}

impl Subject {
    /// What it is called: the script's path, or the words that ask for it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Subject::Script(path) => path.to_string_lossy().into_owned(),
            Subject::Module(name) => format!("-m {}", name.to_string_lossy()),
            Subject::Code(_) => "-c".to_owned(),
            Subject::Input => "-".to_owned(),
        }
    }

    /// Whether a file, as a traceback names it, is the one that is run.
    #[must_use]
    pub fn is_in(&self, file: &str) -> bool {
        let same = |path: &Path| std::path::absolute(path).is_ok_and(|path| path == Path::new(file));
        match self {
            Subject::Script(path) => path == Path::new(file) || same(path) || same(&path.join("__main__.py")),
            Subject::Module(name) => files(name).iter().any(|path| same(path)),
            Subject::Code(_) => file == "<string>",
            Subject::Input => file == "<stdin>",
        }
    }

    /// The text of the program, as far as it is at hand: `Err` says why not, in words for the learner.
    ///
    /// # Errors
    /// What it is instead of a text.
    pub fn source(&self) -> Result<String, String> {
        let read = |path: &Path| {
            let bytes = std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            String::from_utf8(bytes).map_err(|_| format!("{} is no text", path.display()))
        };
        match self {
            Subject::Script(path) if path.is_dir() => read(&path.join("__main__.py")),
            // Reading a pipe would take what it holds from Python.
            Subject::Script(path) if path.is_file() => read(path),
            Subject::Script(path) => Err(format!("{} is no file", path.display())),
            Subject::Module(name) => {
                let here = files(name).into_iter().find(|path| path.is_file());
                here.map_or_else(|| Err("it is a module that is not in this folder".to_owned()), |path| read(&path))
            }
            Subject::Code(text) => Ok(text.to_string_lossy().into_owned()),
            Subject::Input => Err("it comes from standard input".to_owned()),
        }
    }
}

/// The files in this folder that a module's name can mean.
fn files(module: &OsStr) -> [PathBuf; 2] {
    let base: PathBuf = module.to_string_lossy().split('.').collect();
    [base.join("__main__.py"), base.with_extension("py")]
}

/// Why a command line cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misread {
    /// There is nothing to run: Python would wait for somebody to type.
    #[error("there is nothing to run: name a script, or -m MODULE, -c CODE, or - for standard input")]
    Nothing,
    /// An option whose value is missing.
    #[error("{0} needs a value")]
    NoValue(String),
    /// What neither the tutor nor Python knows.
    #[error("neither concur-tutor watch nor Python knows the option {0}")]
    Unknown(String),
}

impl Invocation {
    /// Reads the words after `python`.
    ///
    /// # Errors
    /// [`Misread`], in words for the learner.
    pub fn read(words: &[OsString]) -> Result<Invocation, Misread> {
        let mut options = Vec::new();
        let mut rest = words.iter();
        loop {
            let word = rest.next().ok_or(Misread::Nothing)?;
            let bytes = word.as_encoded_bytes();
            let subject = match bytes {
                b"-" => Some(Subject::Input),
                b"--" => Some(Subject::Script(rest.next().ok_or(Misread::Nothing)?.into())),
                [b'-', b'-', ..] => {
                    let text = word.to_string_lossy();
                    let (_, valued) = LONG
                        .iter()
                        .find(|(name, _)| *name == text)
                        .ok_or_else(|| Misread::Unknown(text.clone().into_owned()))?;
                    options.push(word.clone());
                    if *valued {
                        options.push(rest.next().ok_or(Misread::NoValue(text.into_owned()))?.clone());
                    }
                    None
                }
                [b'-', letters @ ..] => cluster(word, letters, &mut rest, &mut options)?,
                _ => Some(Subject::Script(word.into())),
            };
            if let Some(subject) = subject {
                return Ok(Invocation { options, subject, args: rest.cloned().collect() });
            }
        }
    }

    /// The words after `python` that ask for this.
    #[must_use]
    pub fn words(&self) -> Vec<OsString> {
        let mut words = self.options.clone();
        match &self.subject {
            // A name that begins with a dash would read as an option.
            Subject::Script(path) if path.as_os_str().as_encoded_bytes().starts_with(b"-") => {
                words.push(Path::new(".").join(path).into());
            }
            Subject::Script(path) => words.push(path.into()),
            Subject::Module(name) => words.extend(["-m".into(), name.clone()]),
            Subject::Code(text) => words.extend(["-c".into(), text.clone()]),
            Subject::Input => words.push("-".into()),
        }
        words.extend(self.args.iter().cloned());
        words
    }
}

/// Letters behind one dash: flags, and at the end perhaps one that takes what follows it.
fn cluster<'a>(
    word: &OsStr,
    letters: &[u8],
    rest: &mut impl Iterator<Item = &'a OsString>,
    options: &mut Vec<OsString>,
) -> Result<Option<Subject>, Misread> {
    let flags = letters.iter().take_while(|letter| FLAGS.contains(letter)).count();
    let Some(letter) = letters.get(flags) else {
        options.push(word.to_owned());
        return Ok(None);
    };
    let ends = matches!(letter, b'm' | b'c');
    if !ends && !VALUED.contains(letter) {
        return Err(Misread::Unknown(word.to_string_lossy().into_owned()));
    }
    let part = |bytes: &[u8]| OsStr::from_bytes(bytes).to_owned();
    let inside = &letters[flags + 1..];
    let missing = || Misread::NoValue(format!("-{}", char::from(*letter)));
    let value = if inside.is_empty() { rest.next().ok_or_else(missing)?.clone() } else { part(inside) };
    if !ends {
        options.push(word.to_owned());
        if inside.is_empty() {
            options.push(value);
        }
        return Ok(None);
    }
    if flags > 0 {
        options.push(part(&[b"-", &letters[..flags]].concat()));
    }
    Ok(Some(if *letter == b'm' { Subject::Module(value) } else { Subject::Code(value) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Invocation, Misread> {
        Invocation::read(&words.iter().map(OsString::from).collect::<Vec<_>>())
    }

    fn is(words: &[&str], options: &[&str], subject: Subject, args: &[&str]) {
        let all = |words: &[&str]| words.iter().map(OsString::from).collect();
        assert_eq!(read(words), Ok(Invocation { options: all(options), subject, args: all(args) }), "{words:?}");
    }

    #[test]
    fn a_command_line_is_read_as_python_reads_it() {
        is(&["a.py", "-m", "x"], &[], Subject::Script("a.py".into()), &["-m", "x"]);
        is(&["-m", "pkg.tool", "--flag"], &[], Subject::Module("pkg.tool".into()), &["--flag"]);
        is(&["-mpkg"], &[], Subject::Module("pkg".into()), &[]);
        is(&["-Im", "pkg"], &["-I"], Subject::Module("pkg".into()), &[]);
        is(&["-c", "print(1)", "-c"], &[], Subject::Code("print(1)".into()), &["-c"]);
        is(&["-u", "-X", "dev", "-Wd", "a.py"], &["-u", "-X", "dev", "-Wd"], Subject::Script("a.py".into()), &[]);
        is(&["-", "x"], &[], Subject::Input, &["x"]);
        is(&["--", "-odd.py"], &[], Subject::Script("-odd.py".into()), &[]);
        is(
            &["--check-hash-based-pycs", "never", "a.py"],
            &["--check-hash-based-pycs", "never"],
            Subject::Script("a.py".into()),
            &[],
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(read(&[]), Err(Misread::Nothing));
        assert_eq!(read(&["-u"]), Err(Misread::Nothing));
        assert_eq!(read(&["-m"]), Err(Misread::NoValue("-m".into())));
        assert_eq!(read(&["-X"]), Err(Misread::NoValue("-X".into())));
        assert_eq!(read(&["--pyhton", "x"]), Err(Misread::Unknown("--pyhton".into())));
        assert_eq!(read(&["-k"]), Err(Misread::Unknown("-k".into())));
    }

    #[test]
    fn its_words_ask_for_the_same() {
        for words in [&["a.py", "-x"][..], &["-uIm", "pkg"], &["-c", "1", "2"], &["-"], &["-X", "dev", "a"]] {
            let once = read(words).unwrap();
            assert_eq!(Invocation::read(&once.words()), Ok(once), "{words:?}");
        }
        assert_eq!(read(&["--", "-odd.py"]).unwrap().words(), ["./-odd.py"]);
    }
}
