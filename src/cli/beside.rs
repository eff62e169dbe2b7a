//! What there is to know of the command line beside its commands and options: said by `--help` and by the manual page.

/// A heading, and what stands below it: a word and what it means.
pub(super) type Section = (&'static str, &'static [(&'static str, &'static str)]);

/// What there is to know, in the order of a manual page.
pub(super) const SECTIONS: [Section; 3] = [
    (
        "Exit status",
        &[
            ("0", "it ran, and succeeded"),
            ("1", "the program failed or timed out, or a fault was found; the report still comes"),
            ("2", "usage, an unknown name or a bad value"),
            ("130", "stopped by Ctrl-C"),
            ("watch", "the status of what it ran: 128+N when signal N killed it, 124 at a time-out"),
        ],
    ),
    (
        "Environment",
        &[
            ("CONCUR_TUTOR_PYTHONS", "more Pythons, as paths separated by colons"),
            ("VISUAL, EDITOR", "the editor for your copy of a task's program"),
            ("NO_COLOR", "no colours, whatever its value"),
            ("TERM=dumb", "lines instead of a picture, as with --inline"),
        ],
    ),
    (
        "Files",
        &[
            (
                "$XDG_STATE_HOME/concur-tutor",
                "your progress and the last runs; in ~/.local/state, where that is not set",
            ),
            (
                "$XDG_DATA_HOME/concur-tutor",
                "copies of tasks' programs, and what setup installs; in ~/.local/share, where that is not set",
            ),
        ],
    ),
];

/// The sections as `--help` shows them.
pub(super) fn help() -> String {
    let section = |(heading, rows): &Section| {
        let width = rows.iter().map(|(word, _)| word.len()).max().unwrap_or_default();
        let rows: Vec<String> = rows.iter().map(|(word, meaning)| format!("  {word:width$}  {meaning}")).collect();
        format!("{heading}:\n{}", rows.join("\n"))
    };
    SECTIONS.iter().map(section).collect::<Vec<_>>().join("\n\n")
}
