//! What of Python's options matters here: whether it will look for the start-up file.

/// Whether the words of a Python's command line, its name left out, keep it from looking for a start-up file though it goes by
/// `PYTHONPATH`: the file would stay in `sys.path`. Where it does not go by `PYTHONPATH` (`-E`, `-I`) nothing has to be known.
pub fn no_site<'a>(mut words: impl Iterator<Item = &'a [u8]>) -> bool {
    while let Some(word) = words.next() {
        match word {
            b"--check-hash-based-pycs" => _ = words.next(),
            b"-" | b"--" => return false,
            [b'-', b'-', ..] => {}
            [b'-', letters @ ..] => {
                for (at, letter) in letters.iter().enumerate() {
                    match letter {
                        b'S' => return true,
                        b'c' | b'm' => return false,
                        b'W' | b'X' => {
                            if at + 1 == letters.len() {
                                words.next();
                            }
                            break;
                        }
                        _ => {}
                    }
                }
            }
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_python_reads_them() {
        let without =
            ["-S", "-BS", "-B -S x.py", "-W error -S -c 1", "-Xutf8 -SE x", "--check-hash-based-pycs always -S"];
        let with =
            ["", "x.py -S", "-c 1 -S", "-mS", "-cS", "-X -S", "-WS x", "- -S", "-- -S", "-B x -S", "-um x -S", "-E"];
        for (words, expected) in without.map(|words| (words, true)).into_iter().chain(with.map(|words| (words, false)))
        {
            assert_eq!(no_site(words.split_whitespace().map(str::as_bytes)), expected, "{words}");
        }
    }
}
