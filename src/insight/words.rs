//! Numbers in words: shares, counts, thousands.

/// A share in whole percent; a small one is not rounded to nothing, nor a large one to all.
#[must_use]
pub fn percent(share: f64) -> String {
    match share {
        s if s > 0.0 && s < 0.01 => "less than 1 %".to_owned(),
        s if s < 1.0 => format!("{:.0} %", (s * 100.0).min(99.0)),
        _ => "100 %".to_owned(),
    }
}

/// About how much of something: `half` where that is near, else whole percent `of`.
pub(super) fn about(share: f64, of: &str) -> String {
    match (share * 100.0).round() {
        p if (47.0..=53.0).contains(&p) => format!("about half {of}"),
        p if p < 1.0 => format!("{} of {of}", percent(share)),
        p => format!("about {p:.0} % of {of}"),
    }
}

/// So many of something, at the start of a sentence: `Two threads`, `1,000 threads`.
pub(super) fn count(many: usize, what: &str) -> String {
    const WORDS: [&str; 13] =
        ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
    let number = WORDS.get(many).map_or_else(|| grouped_whole(many), |word| (*word).to_owned());
    let what = if many == 1 { what.to_owned() } else { plural(what) };
    format!("{number} {what}")
}

/// More than one of something.
pub(super) fn plural(what: &str) -> String {
    format!("{what}{}", if what.ends_with('s') { "es" } else { "s" })
}

/// Threads that share GILs, of which each waited for the least to the most of these shares of its time.
pub(super) fn turns(threads: usize, processes: usize, (least, most): (f64, f64)) -> String {
    /// Threads whose shares differ by no more than this waited alike.
    const ALIKE: f64 = 0.1;
    let each = if most - least <= ALIKE {
        format!("each spent {} waiting for it", about(f64::midpoint(least, most), "its time"))
    } else {
        format!("they spent {} to {} of their time waiting for it", percent(least), percent(most))
    };
    let who = count(threads, "thread");
    let who = match processes {
        0 | 1 => format!("{who}, one GIL"),
        many => format!("{who} in {many} processes, one GIL in each process"),
    };
    format!("{who}: {each}.")
}

/// A number with its thousands apart, and no more digits than it has.
#[must_use]
pub fn grouped(value: f64) -> String {
    let text = format!("{value}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), String::new()), |(w, r)| (w, format!(".{r}")));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    format!("{sign}{}{rest}", thousands(digits))
}

/// A count with its thousands apart.
#[must_use]
pub fn grouped_whole(value: usize) -> String {
    thousands(&value.to_string())
}

fn thousands(digits: &str) -> String {
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    groups.join(",")
}

/// A sentence of these words: its first letter is a capital one, and it ends.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if words.is_empty() || words.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

/// Bytes as people say them: `612 MB`, `1.2 GB`.
#[must_use]
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!(
            "{}.{} GB",
            grouped_whole(usize::try_from(bytes / 1_000_000_000).unwrap_or(usize::MAX)),
            bytes / 100_000_000 % 10
        ),
    }
}

/// A signal by its name.
#[must_use]
pub fn signal(number: u8) -> String {
    let known = nix::sys::signal::Signal::try_from(i32::from(number));
    known.map_or_else(|_| format!("signal {number}"), |signal| signal.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_as_people_do() {
        let said = [999, 2_000_000, 999_999_999, 1_290_000_000, 24_000_000_000].map(bytes);
        assert_eq!(said, ["0 kB", "2 MB", "999 MB", "1.2 GB", "24.0 GB"]);
        assert_eq!((signal(9), signal(200)), ("SIGKILL".to_owned(), "signal 200".to_owned()));
    }

    #[test]
    fn shares_are_not_rounded_to_nothing_or_all() {
        assert_eq!((percent(0.004).as_str(), percent(0.998).as_str()), ("less than 1 %", "99 %"));
        assert_eq!((percent(0.0).as_str(), percent(1.0).as_str()), ("0 %", "100 %"));
        assert_eq!(about(0.49, "its time"), "about half its time");
        assert_eq!(about(0.3, "its time"), "about 30 % of its time");
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(
            [12_345.0, 1_000_000.0, 999.0, -1234.5, 0.25].map(grouped),
            ["12,345", "1,000,000", "999", "-1,234.5", "0.25"]
        );
    }

    #[test]
    fn few_are_counted_in_words() {
        let counted = [count(1, "thread"), count(2, "process"), count(12, "thread"), count(1_000, "thread")];
        assert_eq!(counted, ["One thread", "Two processes", "Twelve threads", "1,000 threads"]);
        assert_eq!([sentence("lost"), sentence("Why?"), sentence("")], ["Lost.", "Why?", ""]);
    }
}
