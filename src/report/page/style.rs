//! How the page looks: the theme's colours for light and for dark, the patterns that strokes are drawn with, the legend.

use super::push;
use super::strokes::Ink;
use crate::trace::State;
use crate::view::theme::{Palette, Theme};
use ratatui::style::{Color, Style};
use std::collections::BTreeSet;

/// What does not hang on the colours.
const RULES: &str = "\
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:1180px;margin:0 auto;padding:24px 20px 40px}
h1{font-size:20px;margin:0 0 12px}
h2{font-size:16px;margin:24px 0 4px}
p{margin:0 0 6px;max-width:75ch}
.lead{font-size:18px}
.note,footer{color:var(--dim);font-size:14px}
figure{margin:16px 0 0;overflow-x:auto}
svg{display:block}
figure svg{width:100%;min-width:760px;height:auto}
svg text{font:13px system-ui,sans-serif;fill:var(--text);paint-order:stroke;stroke:var(--ground);stroke-width:4px}
svg .name,svg .wall{font-weight:700}
svg .lane{text-anchor:end;font-size:12px}
svg .dim{fill:var(--dim)}
svg .bad{fill:var(--bad)}
svg .good{fill:var(--good);text-anchor:middle;font-weight:700;stroke-width:6px}
.tick{stroke:var(--faint)}
.base{stroke:var(--dim);stroke-dasharray:2 3}
.saved{fill:url(#saved)}
.lost{stroke:var(--bad);stroke-width:2}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;padding:0;margin:10px 0 20px;font-size:14px}
.legend svg{display:inline-block;vertical-align:-2px;margin-right:6px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--dim);padding-bottom:4px}
th,td{padding:3px 18px 3px 0;text-align:right;border-bottom:1px solid var(--faint);white-space:nowrap}
th:first-child,th:last-child,td:last-child{text-align:left}
td:last-child{white-space:normal}
thead th{white-space:normal;vertical-align:bottom}
th[scope=rowgroup]{padding-top:12px}
pre{margin:0;max-height:24em;overflow:auto;font:13px/1.45 ui-monospace,monospace}
footer{margin-top:16px}
";

/// The style sheet.
pub fn sheet() -> String {
    let light = variables(&Theme::light().palette, "#ffffff");
    let dark = variables(&Theme::dark().palette, "#181818");
    let mut out = format!(":root{{color-scheme:light dark;{light}}}\n");
    push(&mut out, format_args!("@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{RULES}"));
    for color in 0..Theme::light().palette.threads.len() {
        push(&mut out, format_args!(".t{color}{{stroke:var(--t{color})}}.n{color}{{stroke:var(--n{color})}}"));
        push(&mut out, format_args!("svg .l{color}{{fill:var(--t{color})}}\n"));
    }
    for state in State::ALL {
        let key = state.key();
        let fill = match state {
            State::Running => "var(--t0)".to_owned(),
            State::Native => "var(--n0)".to_owned(),
            _ => format!("var(--{key});fill-opacity:.5"),
        };
        push(&mut out, format_args!(".a-{key}{{fill:{fill}}}\n"));
    }
    out
}

/// The colours of one background by their roles.
fn variables(palette: &Palette, ground: &str) -> String {
    let mut out = format!("--ground:{ground};--text:{};", color(palette.heading));
    let roles = [("dim", palette.dim), ("faint", palette.faint), ("good", palette.good), ("bad", palette.bad)];
    for (role, style) in roles {
        push(&mut out, format_args!("--{role}:{};", color(style)));
    }
    for (place, (thread, native)) in palette.threads.iter().zip(&palette.native).enumerate() {
        push(&mut out, format_args!("--t{place}:{};--n{place}:{};", color(*thread), color(*native)));
    }
    for state in State::ALL.into_iter().filter(|state| !state.on_cpu()) {
        let tint = palette.tints[state.index()].map_or("transparent".to_owned(), hex);
        let key = state.key();
        push(&mut out, format_args!("--{key}:{};--{key}-tint:{tint};", color(palette.states[state.index()])));
    }
    out
}

fn color(style: Style) -> String {
    style.fg.map_or("currentColor".to_owned(), hex)
}

fn hex(color: Color) -> String {
    match color {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => "currentColor".to_owned(),
    }
}

/// The patterns of these inks, and the hatch of what was saved.
pub fn patterns(inks: &BTreeSet<Ink>) -> String {
    let mut out =
        String::from("<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>\n");
    out.push_str(&pattern("saved", (7, 7), "<path style=\"stroke:var(--faint)\" d=\"M-1 8L8 -1\"/>"));
    for ink in inks {
        let drawn = match *ink {
            Ink::Running(_) | Ink::Native(_) => continue,
            Ink::Waiting(state) => waiting(state),
            Ink::Woven(color, quarters) => pattern(&ink.name(), (4, 4), &woven(color, quarters)),
            Ink::Turns(a, b) => {
                let ground = format!("<path style=\"fill:var(--t{b})\" d=\"M0 0h4v4h-4z\"/>");
                pattern(&ink.name(), (4, 4), &(ground + &woven(a, 2)))
            }
        };
        out.push_str(&drawn);
    }
    out + "</defs></svg>\n"
}

fn pattern(id: &str, (width, height): (u32, u32), drawn: &str) -> String {
    format!(
        "<pattern id=\"{id}\" width=\"{width}\" height=\"{height}\" patternUnits=\"userSpaceOnUse\">{drawn}</pattern>\n"
    )
}

/// So many quarters of a cell, as the screen's woven cells have them.
fn woven(color: usize, quarters: u8) -> String {
    let squares = match quarters {
        ..=1 => "M0 2h2v2h-2z",
        2 => "M0 0h2v2h-2zM2 2h2v2h-2z",
        3.. => "M0 0h2v4h-2zM2 2h2v2h-2z",
    };
    format!("<path style=\"fill:var(--t{color})\" d=\"{squares}\"/>")
}

/// The sign of a state, on its ground; the middle of a lane is 7.5 below its top.
fn waiting(state: State) -> String {
    let key = state.key();
    let (width, height, sign) = match state {
        State::GilWait => (6, 6, "M-1 7L7 -1M-1 1L1 -1M5 7L7 5"),
        State::LockWait => (16, 15, "M8 4.5l3 3-3 3-3-3z"),
        State::IoWait => (8, 15, "M1 7.5h5"),
        State::Sleep => (16, 15, "M6 5h4l-4 5h4"),
        State::Idle => (8, 15, "M2 10.5h3"),
        State::Ready => (6, 15, "M2 7.5h1.5"),
        State::Unknown | State::Running | State::Native => (16, 15, "M6 5.5h4v2.5h-2v1M8 10v1"),
    };
    let ground = format!("<path style=\"fill:var(--{key}-tint)\" d=\"M0 0h{width}v{height}h-{width}z\"/>");
    let sign = format!("<path style=\"fill:none;stroke:var(--{key})\" d=\"{sign}\"/>");
    pattern(key, (width, height), &(ground + &sign))
}

/// What the signs mean that occur.
pub fn legend(inks: &BTreeSet<Ink>) -> String {
    let has = |is: fn(&Ink) -> bool| inks.iter().find(|ink| is(ink)).copied();
    let swatch = |stroke: &str, words: &str| {
        format!(
            "<li><svg width=\"32\" height=\"15\" aria-hidden=\"true\"><path {stroke} stroke-width=\"15\" \
             d=\"M0 7.5h32\"/></svg>{words}</li>\n"
        )
    };
    let url = |ink: Ink| format!("stroke=\"url(#{})\"", ink.name());
    let mut out = String::from("<ul class=\"legend\">\n");
    let running = has(|ink| matches!(ink, Ink::Running(_))).map(|ink| format!("class=\"{}\"", ink.name()));
    out.extend(running.map(|class| swatch(&class, "running, in the colour of its thread")));
    let native = has(|ink| matches!(ink, Ink::Native(_))).map(|ink| format!("class=\"{}\"", ink.name()));
    out.extend(native.map(|class| swatch(&class, State::Native.label())));
    let woven = has(|ink| matches!(ink, Ink::Woven(_, 2))).or_else(|| has(|ink| matches!(ink, Ink::Woven(..))));
    out.extend(woven.map(|ink| swatch(&url(ink), "turns too short to be drawn")));
    let turns =
        has(|ink| matches!(ink, Ink::Turns(a, b) if a != b)).or_else(|| has(|ink| matches!(ink, Ink::Turns(..))));
    out.extend(turns.map(|ink| swatch(&url(ink), "a GIL that passes on too often to be drawn")));
    for state in State::ALL.into_iter().filter(|state| inks.contains(&Ink::Waiting(*state))) {
        out.push_str(&swatch(&url(Ink::Waiting(state)), state.label()));
    }
    out + "</ul>\n"
}
