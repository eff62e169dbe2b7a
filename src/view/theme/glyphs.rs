//! The signs that views draw with: one set for Unicode terminals, one in 7-bit ASCII.

use crate::trace::State;

/// A set of signs. Every one is one cell wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// Whether block elements may be used.
    pub unicode: bool,
    states: [&'static str; State::COUNT],
    /// A horizontal rule.
    pub rule: &'static str,
    /// A vertical rule.
    pub bar: &'static str,
    /// The cursor's line.
    pub cursor: &'static str,
    /// A tick of the time axis.
    pub tick: &'static str,
    /// A stretch of the time axis that is marked.
    pub stretch: &'static str,
    /// Brackets what stands above: its left end, its middle, its right end, and all of it in one cell.
    pub bracket: [&'static str; 4],
    /// Something goes on beyond the picture.
    pub goes_on: &'static str,
    /// Separates words of one line.
    pub dot: &'static str,
    /// A list's bullet.
    pub bullet: &'static str,
    /// What is chosen or current.
    pub pointer: &'static str,
    /// What a sentence is about.
    pub meant: &'static str,
    /// A page that was read.
    pub page_done: &'static str,
    /// A page that was not.
    pub page_open: &'static str,
    /// Some of them.
    pub page_half: &'static str,
    /// Points at what stands to the left.
    pub points_left: &'static str,
    /// Right.
    pub yes: &'static str,
    /// Wrong, or not available.
    pub no: &'static str,
    /// Attention.
    pub warn: &'static str,
    /// Follows the run.
    pub live: &'static str,
    /// The run has ended.
    pub ended: &'static str,
    /// Times, as in 1.92×.
    pub times: &'static str,
    /// What was cut off.
    pub more: &'static str,
    /// More above.
    pub up: &'static str,
    /// More below.
    pub down: &'static str,
    /// A child in a tree.
    pub child: &'static str,
    /// The tutor's share of a core.
    pub tutor: &'static str,
    /// Everybody else's share of a core.
    pub others: &'static str,
    /// A cell of many turns: several threads, one after the other.
    pub turns: &'static str,
    /// Threads that cannot have a colour each.
    pub owners: [&'static str; 4],
    /// A full cell.
    pub full: &'static str,
    /// A bar that was drawn by hand.
    pub drawn: &'static str,
    /// Where it ends.
    pub drawn_end: &'static str,
    /// Time that a run did not take: a quiet hatch.
    pub saved: &'static str,
    /// Microseconds.
    pub micro: &'static str,
    /// A dash in prose and for "no value".
    pub dash: &'static str,
    /// A turning sign of work in progress.
    pub spinner: &'static [&'static str],
}

/// Left part of a cell filled, by eighths; 0 is empty, 8 is full.
const LEFT: [&str; 9] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
/// Lower part of a cell filled, by eighths.
const HEIGHT: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Turns that are too short to be drawn, by quarters of the time.
const WOVEN: [&str; 3] = ["▖", "▚", "▙"];
/// Tenths, for terminals without blocks.
const TENTHS: [&str; 11] = [" ", "1", "2", "3", "4", "5", "6", "7", "8", "9", "#"];

impl Glyphs {
    /// Somebody's own words.
    #[must_use]
    pub fn quoted(&self, words: &str) -> String {
        if self.unicode { format!("“{words}”") } else { format!("\"{words}\"") }
    }

    /// The same set with words for signs that say how something stands, which may be wider than a cell: for text that is
    /// read aloud and never drawn.
    #[must_use]
    pub const fn spoken(mut self) -> Self {
        (self.yes, self.no, self.warn) = ("yes:", "no:", "note:");
        (self.page_done, self.page_open, self.page_half) = ("done:", "open:", "partly:");
        (self.dot, self.bullet, self.pointer, self.more) = ("-", "-", ">", "...");
        self
    }

    /// Block elements and line drawing.
    pub const UNICODE: Glyphs = Glyphs {
        unicode: true,
        states: ["█", "▓", "╱", "◇", "┄", "z", "_", "·", "?"],
        rule: "─",
        bar: "│",
        cursor: "│",
        tick: "╷",
        stretch: "▄",
        bracket: ["╰", "─", "╯", "╵"],
        goes_on: "›",
        dot: "·",
        bullet: "•",
        pointer: "▸",
        meant: "●",
        page_done: "●",
        page_open: "○",
        page_half: "◐",
        points_left: "◂",
        yes: "✓",
        no: "✗",
        warn: "!",
        live: "▸",
        ended: "■",
        times: "×",
        more: "…",
        up: "↑",
        down: "↓",
        child: "└",
        tutor: "▒",
        others: "░",
        turns: "▚",
        owners: ["█", "▒", "░", "▓"],
        full: "█",
        drawn: "━",
        drawn_end: "┃",
        saved: "┈",
        micro: "µs",
        dash: "–",
        spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
    };

    /// 7-bit signs only.
    pub const ASCII: Glyphs = Glyphs {
        unicode: false,
        states: ["#", "%", "/", "x", "-", "z", "_", ".", "?"],
        rule: "-",
        bar: "|",
        cursor: "|",
        tick: "'",
        stretch: "=",
        bracket: ["`", "-", "'", "'"],
        goes_on: ">",
        dot: "-",
        bullet: "*",
        pointer: ">",
        meant: "*",
        page_done: "*",
        page_open: "o",
        page_half: "-",
        points_left: "<",
        yes: "+",
        no: "x",
        warn: "!",
        live: ">",
        ended: ".",
        times: "x",
        more: "~",
        up: "^",
        down: "v",
        child: "`",
        tutor: "t",
        others: ":",
        turns: "%",
        owners: ["#", "=", ":", "+"],
        full: "#",
        drawn: "=",
        drawn_end: "|",
        saved: ".",
        micro: "us",
        dash: "-",
        spinner: &["|", "/", "-", "\\"],
    };

    /// The sign of a state.
    #[must_use]
    pub const fn state(&self, state: State) -> &'static str {
        self.states[state.index()]
    }

    /// A cell whose left `eighths` are filled; `None` where there are no such glyphs.
    #[must_use]
    pub fn left(&self, eighths: usize) -> Option<&'static str> {
        self.unicode.then(|| LEFT[eighths.min(8)])
    }

    /// A cell whose left `part` (0 to 1) is filled; a full or an empty one where there are no such glyphs.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 8")]
    pub fn part(&self, part: f64) -> &'static str {
        let empty_or_full = if part >= 0.5 { self.full } else { " " };
        self.left((part * 8.0).round().clamp(0.0, 8.0) as usize).unwrap_or(empty_or_full)
    }

    /// No more than.
    #[must_use]
    pub const fn at_most(&self) -> &'static str {
        if self.unicode { "≤" } else { "<=" }
    }

    /// The empty part of a bar: there, but not filled.
    #[must_use]
    pub const fn rule_light(&self) -> &'static str {
        if self.unicode { "·" } else { "." }
    }

    /// A cell of many turns, with the share of them that is filled, between 0 and 1: in quarters, or in tenths written as
    /// digits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 3")]
    pub fn woven(&self, share: f64) -> &'static str {
        if self.unicode { WOVEN[(share * 4.0).round().clamp(1.0, 3.0) as usize - 1] } else { self.height(share) }
    }

    /// A cell that is filled from below by a share between 0 and 1: in eighths, or in tenths written as digits. A share
    /// above zero is never drawn as empty, one below one never as full.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and between 0 and 10")]
    #[expect(clippy::cast_precision_loss, reason = "9 or 11 steps")]
    pub fn height(&self, share: f64) -> &'static str {
        let steps: &[&str] = if self.unicode { &HEIGHT } else { &TENTHS };
        let last = steps.len() - 1;
        if share <= 0.0 {
            return steps[0];
        }
        if share >= 1.0 {
            return steps[last];
        }
        steps[((share * last as f64).round() as usize).clamp(1, last - 1)]
    }
}
