//! What of a text says whose machine it is about.

/// The words that give somebody away, and what stands for each of them.
#[derive(Debug, Default)]
pub(super) struct Personal(Vec<(String, &'static str)>);

impl Personal {
    /// Home, user and host of this process, by whatever name the system knows them.
    pub fn of_this_machine() -> Personal {
        let user = nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten();
        let variable = |name: &str| std::env::var(name).ok();
        let mut homes: Vec<String> = variable("HOME").into_iter().collect();
        homes.extend(user.iter().map(|user| user.dir.to_string_lossy().into_owned()));
        let real = homes.iter().filter_map(|home| std::fs::canonicalize(home).ok());
        homes.extend(real.map(|home| home.to_string_lossy().into_owned()).collect::<Vec<_>>());
        let mut users: Vec<String> = ["USER", "LOGNAME", "SUDO_USER"].into_iter().filter_map(variable).collect();
        users.extend(user.iter().map(|user| user.name.clone()));
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned();
        let short = host.split('.').next().unwrap_or_default().to_owned();
        Personal::of(homes, users, vec![host, short])
    }

    fn of(homes: Vec<String>, users: Vec<String>, hosts: Vec<String>) -> Personal {
        let kinds = [(homes, "~"), (users, "USER"), (hosts, "HOST")];
        let words = kinds.into_iter().flat_map(|(words, sign)| words.into_iter().map(move |word| (word, sign)));
        let mut words: Vec<_> = words.filter(|(word, _)| word.len() > 1).collect();
        // A home holds its user's name, and a long host name the short one.
        words.sort_by_key(|(word, sign)| (*sign != "~", std::cmp::Reverse(word.len())));
        words.dedup();
        Personal(words)
    }

    /// The text without them.
    pub fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (word, sign)| replace_word(&text, word, sign))
    }
}

/// The text with `sign` wherever `word` stands by itself: not where it is a part of another word.
fn replace_word(text: &str, word: &str, sign: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let joins = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let apart =
            !joins(before.chars().next_back().or_else(|| out.chars().next_back())) && !joins(after.chars().next());
        out.push_str(before);
        out.push_str(if apart { sign } else { word });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn personal() -> Personal {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Personal::of(
            words(&["/home/ada", "/data/people/ada"]),
            words(&["ada", "a"]),
            words(&["engine.example.org", "engine"]),
        )
    }

    #[test]
    fn nobody_can_tell_whose_machine_it_is() {
        let text = "/home/ada/.venv/bin/python; /data/people/ada; /srv/ada-s/x; engine.example.org, engine";
        assert_eq!(personal().hide(text), "~/.venv/bin/python; ~; /srv/USER-s/x; HOST, HOST");
    }

    #[test]
    fn a_part_of_another_word_stays() {
        let text = "Canada has adapters, engines and a fad";
        assert_eq!(personal().hide(text), text);
    }
}
