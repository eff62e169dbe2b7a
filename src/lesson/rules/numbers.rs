//! Numbers in a text, and which of them are versions.

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    /// What it is.
    pub value: f64,
    /// Whether it reads as a version of CPython, such as 3.14.
    pub version: bool,
}

/// The numbers in a text, as prose or a program writes them: 1,000 and `1_000` are one each. What belongs to a word, as
/// the 1 of `worker1`, is none.
pub(super) fn numbers(text: &str) -> Vec<Number> {
    let letters: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        if !letters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let mut end = at;
        let digit = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
        while digit(end) || matches!(letters.get(end), Some('.' | ',' | '_')) && digit(end + 1) {
            end += 1;
        }
        let written: String = letters[at..end].iter().filter(|c| !matches!(c, ',' | '_')).collect();
        let part_of_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if let Some(number) = read(&written).filter(|_| !part_of_word) {
            out.push(number);
        }
        at = end.max(at + 1);
    }
    out
}

fn read(written: &str) -> Option<Number> {
    let mut parts = written.splitn(3, '.');
    let (major, minor) = (parts.next()?, parts.next());
    let minor_number = minor.and_then(|minor| minor.parse::<u32>().ok());
    let two = minor.map_or_else(|| major.to_owned(), |minor| format!("{major}.{minor}"));
    let version = major == "3" && minor_number.is_some_and(|minor| (2..30).contains(&minor)) || parts.next().is_some();
    Some(Number { value: two.parse().ok()?, version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_prose_writes_them() {
        let read = |text| numbers(text).into_iter().map(|n| (n.value, n.version)).collect::<Vec<_>>();
        assert_eq!(read("1,000 and 0.5 s, 5 ms."), [(1000.0, false), (0.5, false), (5.0, false)]);
        assert_eq!(read("up to 3.13, 3.12.10 and 3.9t"), [(3.13, true), (3.12, true), (3.9, true)]);
        assert_eq!(read("worker1, N = 5_000"), [(5000.0, false)]);
        assert_eq!(read("PAUSE = 3.0"), [(3.0, false)]);
    }
}
