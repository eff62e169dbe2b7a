//! Numbers that a program printed.

/// The number beside a label: on the first line that has the label and a number, the first number after the label, or else
/// the last one before it. Commas and underscores between digits belong to a number: `lost 12,345`.
#[must_use]
pub fn printed(stdout: &str, label: &str) -> Option<f64> {
    let beside = |line: &str| {
        let (before, after) = line.split_once(label)?;
        numbers(after).next().or_else(|| numbers(before).last())
    };
    stdout.lines().find_map(beside)
}

/// The numbers of a text, in their order.
fn numbers(text: &str) -> impl Iterator<Item = f64> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|c: char| c.is_ascii_digit())?;
        let (before, from) = rest.split_at(start);
        let length = length(from);
        let digits: String = from[..length].chars().filter(|c| !matches!(c, ',' | '_')).collect();
        rest = &from[length..];
        // A minus sign that stands apart belongs to the number; one that joins two words does not: `worker-1`.
        let minus = before.strip_suffix('-').is_some_and(|b| b.ends_with([' ', '\t', '=', '(', ':']));
        digits.parse::<f64>().ok().map(|number| if minus { -number } else { number })
    })
}

/// How many bytes at the start belong to the number: digits, a comma or an underscore before three digits, one point.
fn length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut at, mut point) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'0'..=b'9' => {}
            b',' | b'_' if !point && digit(at + 1) && digit(at + 2) && digit(at + 3) => {}
            b'.' if !point && digit(at + 1) => point = true,
            _ => break,
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn the_number_stands_after_its_label_or_else_before_it() {
        let out = "2 workers, 1,000,000 each\nexpected 2,000,000, lost 12,345\ntook 0.25 s, 3.5 MiB of memory\n";
        assert_eq!(printed(out, "lost"), Some(12_345.0));
        assert_eq!(printed(out, "expected"), Some(2_000_000.0));
        assert_eq!(printed(out, "took"), Some(0.25));
        assert_eq!(printed(out, "MiB"), Some(3.5));
        assert_eq!(printed(out, "each"), Some(1_000_000.0));
        assert_eq!(printed(out, "found"), None);
    }

    #[test]
    fn signs_lists_and_names_are_no_trap() {
        assert_eq!(printed("balance -5\n", "balance"), Some(-5.0));
        assert_eq!(printed("worker-1 done\n", "worker"), Some(1.0));
        assert_eq!(printed("order 1, 2, 3.\n", "order"), Some(1.0));
        assert_eq!(printed("1,2 and\n", "and"), Some(2.0));
    }
}
