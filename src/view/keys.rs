//! A row of the key table, as the footer and the help show it.

/// One key binding in words. The app's key map is a list of these, so that footer and help cannot differ from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRow<'a> {
    /// The keys as on the keyboard, such as `space` or `← →`.
    pub keys: &'a str,
    /// What it does, in a word or two for the footer, such as `run`.
    pub action: &'a str,
    /// What it does, in a sentence for the help.
    pub description: &'a str,
    /// The heading that the help lists it under.
    pub group: &'a str,
    /// Its place in the footer, 0 first; `None` keeps it to the help.
    pub footer: Option<u16>,
}
