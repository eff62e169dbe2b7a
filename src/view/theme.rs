//! Colours and glyphs: every view takes its look from here and from nowhere else.
//!
//! One accent says what matters now. Threads own the saturated hues, because a thread is followed across pictures;
//! waiting states own quiet ones and a glyph each, so that no meaning hangs on colour alone. The background is never
//! painted: it is the terminal's.

pub mod color;
pub mod glyphs;

pub use color::{Background, ColorDepth};
pub use glyphs::Glyphs;

use crate::trace::State;
use color::hex;
use ratatui::style::{Color, Modifier, Style};

/// How many threads have a colour of their own before colours come round again.
pub const THREAD_COLORS: usize = 8;

/// A kind of word in source code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    /// Everything else.
    Plain,
    /// A keyword of the language.
    Keyword,
    /// A text literal.
    Str,
    /// A number or another constant.
    Number,
    /// A comment.
    Comment,
    /// The name of a function or a class where it is defined or called.
    Function,
    /// The name of a type.
    Type,
}

/// How things are drawn.
#[derive(Debug, Clone)]
pub struct Theme {
    /// The colours.
    pub palette: Palette,
    /// Which signs the terminal can show.
    pub glyphs: Glyphs,
}

/// The styles of every role. A role without a colour says itself by bold, dim or reverse.
#[derive(Debug, Clone)]
pub struct Palette {
    /// Text to read.
    pub text: Style,
    /// Text of second rank: ids, units, hints.
    pub dim: Style,
    /// Lines and other furniture.
    pub faint: Style,
    /// What matters now.
    pub accent: Style,
    /// What stands over a part.
    pub heading: Style,
    /// Right.
    pub good: Style,
    /// Wrong, or needs attention.
    pub bad: Style,
    /// The line that is selected.
    pub selected: Style,
    /// Threads, in order of creation.
    pub threads: [Style; THREAD_COLORS],
    /// Whoever is not workload: the server, the tutor, others.
    pub neutral: Style,
    /// States off the core, by [`State::index`].
    pub states: [Style; State::COUNT],
    /// The ground under a waiting state, by [`State::index`]; `None` leaves the terminal's.
    pub tints: [Option<Color>; State::COUNT],
    /// A running span outside the GIL: the thread's hue, quieter.
    pub native: [Style; THREAD_COLORS],
    /// Whether there are any colours.
    pub colored: bool,
    /// Words of source code, in the order of [`Token`].
    syntax: [Style; 7],
}

/// The colours of one background, before they are fitted to the terminal.
struct Hues {
    text: u32,
    dim: u32,
    faint: u32,
    accent: u32,
    good: u32,
    bad: u32,
    neutral: u32,
    threads: [u32; THREAD_COLORS],
    native: [u32; THREAD_COLORS],
    waits: [u32; State::COUNT],
    tints: [Option<u32>; State::COUNT],
    syntax: [u32; 7],
}

/// After Okabe and Ito's set, lightened to stand on a dark ground; waiting states are of low saturation.
const DARK: Hues = Hues {
    text: 0x00d8_d8d8,
    dim: 0x0092_9292,
    faint: 0x0046_4646,
    accent: 0x00c3_a6ff,
    good: 0x005f_c98f,
    bad: 0x00f2_7983,
    neutral: 0x008c_8c94,
    threads: [0x005b_b8f0, 0x00f0_a030, 0x002f_bf8f, 0x00e5_8fb8, 0x00e8_da5a, 0x0080_98ff, 0x00f0_7040, 0x00b8_a078],
    native: [0x003f_86b0, 0x00b0_7522, 0x001f_8a67, 0x00a8_6786, 0x00a8_9e3f, 0x005d_6fbe, 0x00b0_512d, 0x0087_7557],
    waits: [
        0x00d8_d8d8,
        0x00d8_d8d8,
        0x00d0_6a76,
        0x00a5_86cc,
        0x006d_92b8,
        0x0080_8080,
        0x0078_7878,
        0x00b5_a052,
        0x0080_8080,
    ],
    tints: [
        None,
        None,
        Some(0x0036_2226),
        Some(0x002b_2438),
        Some(0x001e_2935),
        Some(0x0022_2222),
        None,
        Some(0x0034_2f1c),
        None,
    ],
    syntax: [0x00d0_d0d0, 0x00c3_a6ff, 0x009c_c98a, 0x00e0_b070, 0x008a_8a8a, 0x0083_bdf0, 0x0079_c9c0],
};

/// The same hues, darkened to stand on a light ground.
const LIGHT: Hues = Hues {
    text: 0x001e_1e1e,
    dim: 0x0068_6868,
    faint: 0x00cf_cfcf,
    accent: 0x006a_3fd0,
    good: 0x0017_7245,
    bad: 0x00b4_2434,
    neutral: 0x0070_7078,
    threads: [0x000b_6fa8, 0x00a6_5e00, 0x0000_775a, 0x00a8_417f, 0x0075_6600, 0x003d_55d6, 0x00b8_400e, 0x007a_5c3a],
    native: [0x005a_9fc6, 0x00c9_9448, 0x004f_a58f, 0x00c8_82ad, 0x00a3_974a, 0x007f_8fe4, 0x00d4_8562, 0x00a6_8f75],
    waits: [
        0x001e_1e1e,
        0x001e_1e1e,
        0x00b2_3c4c,
        0x0075_4fa8,
        0x003b_6a96,
        0x0070_7070,
        0x0078_7878,
        0x0077_661a,
        0x0070_7070,
    ],
    tints: [
        None,
        None,
        Some(0x00f9_e4e6),
        Some(0x00ee_e7f6),
        Some(0x00e3_ecf5),
        Some(0x00f0_f0f0),
        None,
        Some(0x00f5_efd8),
        None,
    ],
    syntax: [0x002a_2a2a, 0x006a_3fd0, 0x002f_6f1f, 0x008f_5200, 0x0068_6868, 0x000b_5f94, 0x0000_6d6d],
};

impl Theme {
    /// A theme for a background, a depth of colour and a set of glyphs.
    #[must_use]
    pub fn new(background: Background, depth: ColorDepth, unicode: bool) -> Self {
        let glyphs = if unicode { Glyphs::UNICODE } else { Glyphs::ASCII };
        let hues = match background {
            Background::Dark => &DARK,
            Background::Light => &LIGHT,
        };
        let palette = match depth {
            ColorDepth::None => Palette::plain(),
            ColorDepth::Ansi16 => Palette::ansi(background),
            ColorDepth::Ansi256 => Palette::from_hues(hues, |h| hex(h).to_256()),
            ColorDepth::True => Palette::from_hues(hues, |h| hex(h).to_true()),
        };
        Theme { palette, glyphs }
    }

    /// The same theme with nothing in it that is hard to see: second rank reads as the first, furniture as the second,
    /// and what is selected is reversed.
    #[must_use]
    pub fn high_contrast(mut self) -> Self {
        let palette = &mut self.palette;
        (palette.faint, palette.dim) = (palette.dim, palette.text);
        palette.native = palette.threads.map(|style| style.add_modifier(Modifier::UNDERLINED));
        palette.tints = [None; State::COUNT];
        for style in [&mut palette.accent, &mut palette.good, &mut palette.bad] {
            *style = style.add_modifier(Modifier::BOLD);
        }
        palette.selected = palette.selected.add_modifier(Modifier::REVERSED);
        self
    }

    /// For a dark terminal with all colours.
    #[must_use]
    pub fn dark() -> Self {
        Self::new(Background::Dark, ColorDepth::True, true)
    }

    /// For a light terminal with all colours.
    #[must_use]
    pub fn light() -> Self {
        Self::new(Background::Light, ColorDepth::True, true)
    }

    /// Without colours (`NO_COLOR`): bold, dim and reverse only.
    #[must_use]
    pub fn plain() -> Self {
        Self::new(Background::Dark, ColorDepth::None, true)
    }

    /// The same theme with 7-bit glyphs.
    #[must_use]
    pub fn ascii(mut self) -> Self {
        self.glyphs = Glyphs::ASCII;
        self
    }

    /// The same theme with words for signs that say how something stands: for text that is read aloud.
    #[must_use]
    pub const fn spoken(mut self) -> Self {
        self.glyphs = self.glyphs.spoken();
        self
    }

    /// The style of a thread, by its place among the workload's threads; `None` for whoever is not workload.
    #[must_use]
    pub fn thread(&self, color: Option<usize>) -> Style {
        color.map_or(self.palette.neutral, |c| self.palette.threads[c % THREAD_COLORS])
    }

    /// The style of a lane in a state: its own hue on a core, the state's hue off it.
    #[must_use]
    pub fn state(&self, state: State, color: Option<usize>) -> Style {
        match state {
            State::Running => self.thread(color),
            State::Native => color.map_or(self.palette.neutral, |c| self.palette.native[c % THREAD_COLORS]),
            _ => self.palette.states[state.index()],
        }
    }

    /// The style of a word of source code.
    #[must_use]
    pub fn token(&self, token: Token) -> Style {
        self.palette.syntax[token as usize]
    }
}

impl Palette {
    fn from_hues(hues: &Hues, fit: impl Fn(u32) -> Color) -> Self {
        let fg = |hue: u32| Style::new().fg(fit(hue));
        let syntax = |token: Token| fg(hues.syntax[token as usize]);
        Palette {
            text: Style::new(),
            dim: fg(hues.dim),
            faint: fg(hues.faint),
            accent: fg(hues.accent),
            heading: fg(hues.text).add_modifier(Modifier::BOLD),
            good: fg(hues.good),
            bad: fg(hues.bad),
            selected: fg(hues.accent).add_modifier(Modifier::BOLD),
            threads: hues.threads.map(fg),
            neutral: fg(hues.neutral),
            states: hues.waits.map(fg),
            tints: hues.tints.map(|t| t.map(&fit)),
            native: hues.native.map(fg),
            colored: true,
            syntax: [
                Style::new(),
                syntax(Token::Keyword),
                syntax(Token::Str),
                syntax(Token::Number),
                syntax(Token::Comment).add_modifier(Modifier::ITALIC),
                syntax(Token::Function),
                syntax(Token::Type),
            ],
        }
    }

    /// The sixteen colours, which the terminal's own scheme defines.
    fn ansi(background: Background) -> Self {
        use Color::{
            Black, Blue, Cyan, DarkGray, Gray, Green, LightBlue, LightCyan, LightGreen, LightMagenta, LightRed,
            LightYellow, Magenta, Red, White, Yellow,
        };
        let fg = |c: Color| Style::new().fg(c);
        let dark = background == Background::Dark;
        let threads = if dark {
            [LightCyan, Yellow, LightGreen, LightMagenta, LightYellow, LightBlue, LightRed, White]
        } else {
            [Blue, Red, Green, Magenta, Cyan, LightBlue, LightRed, Black]
        };
        let quiet = if dark { Gray } else { DarkGray };
        Palette {
            text: Style::new(),
            dim: fg(quiet),
            faint: fg(if dark { DarkGray } else { Gray }),
            accent: fg(if dark { LightMagenta } else { Magenta }),
            heading: Style::new().add_modifier(Modifier::BOLD),
            good: fg(Green),
            bad: fg(Red),
            selected: fg(if dark { LightMagenta } else { Magenta }).add_modifier(Modifier::BOLD),
            threads: threads.map(fg),
            neutral: fg(quiet),
            states: [Color::Reset, Color::Reset, Red, Magenta, Blue, quiet, quiet, Yellow, quiet].map(fg),
            tints: [None; State::COUNT],
            native: threads.map(|c| fg(c).add_modifier(Modifier::DIM)),
            colored: true,
            syntax: [
                Style::new(),
                fg(Magenta),
                fg(Green),
                fg(if dark { Yellow } else { Red }),
                fg(quiet).add_modifier(Modifier::ITALIC),
                fg(Blue),
                fg(Cyan),
            ],
        }
    }

    fn plain() -> Self {
        let plain = Style::new();
        let dim = plain.add_modifier(Modifier::DIM);
        let bold = plain.add_modifier(Modifier::BOLD);
        Palette {
            text: plain,
            dim,
            faint: dim,
            accent: bold,
            heading: bold,
            good: bold,
            bad: bold,
            selected: plain.add_modifier(Modifier::REVERSED),
            threads: [plain; THREAD_COLORS],
            neutral: dim,
            states: [plain, plain, plain, dim, dim, dim, dim, dim, dim],
            tints: [None; State::COUNT],
            native: [dim; THREAD_COLORS],
            colored: false,
            syntax: [plain, bold, plain, plain, dim, plain, plain],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stands_out_from_its_background() {
        for (name, hues, ground) in [("dark", &DARK, 0x0018_1818), ("light", &LIGHT, 0x00ff_ffff)] {
            let text = [hues.text, hues.dim, hues.accent, hues.good, hues.bad, hues.neutral];
            for hue in text.into_iter().chain(hues.threads).chain(hues.syntax) {
                let ratio = hex(hue).contrast(hex(ground));
                assert!(ratio >= 4.5, "{name}: #{hue:06x} has a contrast of {ratio:.2}, text needs 4.5");
            }
            for hue in hues.waits {
                let ratio = hex(hue).contrast(hex(ground));
                assert!(ratio >= 4.0, "{name}: wait #{hue:06x} has a contrast of {ratio:.2}");
            }
            for (wait, tint) in hues.waits.into_iter().zip(hues.tints) {
                let Some(tint) = tint else { continue };
                let ratio = hex(wait).contrast(hex(tint));
                assert!(ratio >= 3.0, "{name}: glyph #{wait:06x} on #{tint:06x} has a contrast of {ratio:.2}");
            }
            for native in hues.native {
                let ratio = hex(native).contrast(hex(ground));
                assert!(ratio >= 2.5, "{name}: native #{native:06x} has a contrast of {ratio:.2}");
            }
        }
    }

    #[test]
    fn no_colour_means_no_colour() {
        let p = Theme::plain().palette;
        let all = [p.text, p.dim, p.faint, p.accent, p.heading, p.good, p.bad, p.selected, p.neutral];
        for style in all.into_iter().chain(p.threads).chain(p.states).chain(p.native).chain(p.syntax) {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert!(p.tints.iter().all(Option::is_none));
    }

    #[test]
    fn every_state_has_a_glyph_of_its_own() {
        for glyphs in [Glyphs::UNICODE, Glyphs::ASCII] {
            let mut seen: Vec<_> = State::ALL.map(|s| glyphs.state(s)).to_vec();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), State::COUNT);
        }
    }
}
