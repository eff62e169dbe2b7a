//! Ids. A lesson's is the name of its folder, after the name of its pack where it comes from outside; what has none of its
//! own may have one made of its words.

/// Stands between a pack's name and a lesson's own name in the lesson's id. No folder of the course has it, so what is
/// remembered of a pack's lesson never meets what is remembered of one of the course.
pub const MARK: char = ':';

/// A lesson's own name: without its pack's.
#[must_use]
pub fn own_name(id: &str) -> &str {
    id.rsplit_once(MARK).map_or(id, |(_, own)| own)
}

/// Whether a word can be an id: lower-case letters, digits and hyphens.
pub(super) fn is_id(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// An id made of words: their letters and digits, with a hyphen for all that stands between. Empty where they have none.
pub(super) fn of_words(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_letters_and_digits() {
        let table = [
            ("about as long", "about-as-long"),
            ("A few: fewer than 1,000", "a-few-fewer-than-1-000"),
            ("  2× or more…", "2-or-more"),
            ("ünï", "n"),
            ("×", ""),
        ];
        for (words, id) in table {
            assert_eq!(of_words(words), id);
            assert_eq!(is_id(id), !id.is_empty());
        }
    }
}
