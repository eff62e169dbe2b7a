//! Small strokes that every view uses: clipped text, rules, wrapped paragraphs, numbers with units.

use crate::clock::Nanos;
use crate::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// Writes `text` at (`x`, `y`), cut at the right edge of `area`; returns the column after it. Outside of `area` (or of
/// the buffer) nothing is drawn.
pub fn text(buf: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return x;
    }
    buf.set_stringn(x, y, text, usize::from(area.right() - x), style).0
}

/// Writes `text` so that it ends before the right edge of `area`, cut at the left edge of it.
pub fn text_right(buf: &mut Buffer, area: Rect, y: u16, words: &str, style: Style) {
    let x = area.right().saturating_sub(width(words)).max(area.left());
    text(buf, area, x, y, words, style);
}

/// Writes a line of styled spans; returns the column after it.
pub fn line(buf: &mut Buffer, area: Rect, x: u16, y: u16, line: &Line<'_>) -> u16 {
    let mut x = x;
    for span in &line.spans {
        x = text(buf, area, x, y, &span.content, line.style.patch(span.style));
    }
    x
}

/// Cells that a text takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    // Most text is plain, and this is asked for every word of every frame.
    let plain = text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    u16::try_from(if plain { text.len() } else { text.width() }).unwrap_or(u16::MAX)
}

/// A text cut to `cells`, with a sign where something is missing.
#[must_use]
pub fn cut(text: &str, cells: u16, more: &str) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let room = cells.saturating_sub(width(more));
    let mut out = String::new();
    for c in text.chars() {
        let mut bytes = [0; 4];
        if width(&out) + width(c.encode_utf8(&mut bytes)) > room {
            break;
        }
        out.push(c);
    }
    if cells >= width(more) {
        out.push_str(more);
    }
    out
}

/// A name cut in its middle to `cells`: what tells names of one kind apart stands at their ends.
#[must_use]
pub fn cut_middle(text: &str, cells: u16, more: &str) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let room = cells.saturating_sub(width(more));
    let fits = |chars: &mut dyn Iterator<Item = char>, room: u16| {
        let mut out = String::new();
        for c in chars {
            if width(&out) + width(c.encode_utf8(&mut [0; 4])) > room {
                break;
            }
            out.push(c);
        }
        out
    };
    let head = fits(&mut text.chars(), room.div_ceil(2));
    let tail: String = fits(&mut text.chars().rev(), room - width(&head)).chars().rev().collect();
    if cells >= width(more) { format!("{head}{more}{tail}") } else { head }
}

/// A horizontal rule over the whole width of a row.
pub fn rule(buf: &mut Buffer, area: Rect, y: u16, theme: &Theme) {
    for x in area.left()..area.right() {
        text(buf, area, x, y, theme.glyphs.rule, theme.palette.faint);
    }
}

/// The cursor: a line through column `x` of an area, which leaves the ground of each cell as it is.
pub fn cursor(buf: &mut Buffer, area: Rect, x: u16, theme: &Theme) {
    for y in area.top()..area.bottom() {
        let Some(cell) = buf.cell_mut((x, y)) else { continue };
        let covered = cell.symbol() == theme.glyphs.full || cell.symbol() == "▓";
        if covered && let Some(Color::Rgb(r, g, b)) = cell.style().fg {
            // On a filled cell the line keeps a dark shade of the thread's colour as its ground.
            cell.set_bg(Color::Rgb(r / 4, g / 4, b / 4));
        }
        cell.set_symbol(theme.glyphs.cursor).set_style(theme.palette.accent);
    }
}

/// The `n`-th row of an area, or an empty rectangle.
#[must_use]
pub fn row(area: Rect, n: u16) -> Rect {
    if n >= area.height {
        return Rect { height: 0, ..area };
    }
    Rect { y: area.y + n, height: 1, ..area }
}

/// Breaks styled spans into lines of at most `cells`, at blanks where there are any; lines after the first begin with
/// `indent` blanks.
#[must_use]
pub fn wrap(spans: &[Span<'_>], cells: u16, indent: u16) -> Vec<Line<'static>> {
    let cells = cells.max(1);
    let indent = indent.min(cells.saturating_sub(1));
    let mut lines = vec![Line::default()];
    let mut used = 0u16;
    let mut blank: Option<Style> = None;
    let words = split_at_blanks(spans);
    for (place, (word, style)) in words.iter().enumerate() {
        if *word == " " {
            blank = Some(*style);
            continue;
        }
        if *word == "\n" {
            lines.push(Line::default());
            (used, blank) = (0, None);
            continue;
        }
        let mut rest = *word;
        let gap = u16::from(blank.is_some() && used > 0);
        let together = together(&words[place..]);
        if used > 0 && used.saturating_add(gap).saturating_add(together) > cells {
            if blank.is_some() {
                lines.push(Line::from(" ".repeat(usize::from(indent))));
                used = indent;
            }
        } else if gap == 1 {
            push(&mut lines, " ", blank.unwrap_or_default());
            used += 1;
        }
        blank = None;
        while !rest.is_empty() {
            let fits = fitting(rest, cells.saturating_sub(used));
            if fits == 0 && used > indent {
                lines.push(Line::from(" ".repeat(usize::from(indent))));
                used = indent;
                continue;
            }
            let (head, tail) = rest.split_at(fits.max(rest.chars().next().map_or(1, char::len_utf8)));
            push(&mut lines, head, *style);
            used = used.saturating_add(width(head));
            rest = tail;
        }
    }
    lines
}

/// Units, which stay with their numbers.
const UNITS: [&str; 7] = ["s", "ms", "µs", "us", "%", "KiB", "MiB"];

/// Cells of what stays on one line with the first of these words: what hangs together without a blank, such as code and
/// the comma after it, and the unit after a number.
fn together(words: &[(&str, Style)]) -> u16 {
    let is_blank = |(word, _): &(&str, Style)| matches!(*word, " " | "\n");
    let run = |words: &[(&str, Style)]| words.iter().position(is_blank).unwrap_or(words.len());
    let (own, rest) = words.split_at(run(words));
    let cells = |words: &[(&str, Style)]| words.iter().map(|(word, _)| width(word)).fold(0, u16::saturating_add);
    let number = own.last().is_some_and(|(word, _)| word.ends_with(|c: char| c.is_ascii_digit()));
    let unit = match rest {
        [(" ", _), after @ ..] if number => &after[..run(after)],
        _ => &[],
    };
    let is_unit =
        unit.first().is_some_and(|(word, _)| UNITS.contains(&word.trim_end_matches(['.', ',', ';', ':', ')'])));
    if is_unit { cells(own).saturating_add(1).saturating_add(cells(unit)) } else { cells(own) }
}

/// Breaks one line of code into lines of at most `cells`, after a blank or a bracket where there is one; the lines after
/// the first stand further in than the first. Blanks are kept: they are code.
#[must_use]
pub fn wrap_code(spans: &[Span<'_>], cells: u16) -> Vec<Line<'static>> {
    let cells = cells.max(1);
    if spans.iter().map(|span| width(&span.content)).fold(0, u16::saturating_add) <= cells {
        let whole = spans.iter().map(|span| Span::styled(span.content.clone().into_owned(), span.style));
        return vec![whole.collect()];
    }
    let letters: Vec<(char, Style)> =
        spans.iter().flat_map(|span| span.content.chars().map(|c| (c, span.style))).collect();
    let indent = letters.iter().take_while(|(c, _)| *c == ' ').count() + 4;
    let indent = u16::try_from(indent).unwrap_or(u16::MAX).min(cells / 2);
    let mut lines = vec![Line::default()];
    let mut rest = letters.as_slice();
    while !rest.is_empty() {
        let first = lines.len() == 1;
        let room = if first { cells } else { cells - indent };
        if !first {
            push(&mut lines, &" ".repeat(usize::from(indent)), Style::new());
        }
        let (head, tail) = rest.split_at(code_break(rest, room));
        for (c, style) in head {
            push(&mut lines, c.encode_utf8(&mut [0; 4]), *style);
        }
        let blanks = tail.iter().take_while(|(c, _)| *c == ' ').count();
        rest = &tail[blanks..];
        if !rest.is_empty() {
            lines.push(Line::default());
        }
    }
    lines
}

/// How many letters of a line of code go onto a row of `room` cells: all, or up to the last good place to break.
fn code_break(letters: &[(char, Style)], room: u16) -> usize {
    let mut used = 0u16;
    let mut fits = 0;
    for (c, _) in letters {
        used = used.saturating_add(width(c.encode_utf8(&mut [0; 4])));
        if used > room {
            break;
        }
        fits += 1;
    }
    if fits == letters.len() {
        return fits;
    }
    let start = letters.iter().take_while(|(c, _)| *c == ' ').count();
    let blank = |at: &usize| letters[*at].0 == ' ' || letters[*at - 1].0 == ' ';
    let bracket = |at: &usize| matches!(letters[*at - 1].0, '(' | '[' | ',');
    let comment = (start + 1..=fits).find(|at| matches!(letters[*at].0, '#') && letters[*at - 1].0 == ' ');
    let last = |good: &dyn Fn(&usize) -> bool| (start + 1..=fits).rev().find(|at| good(at));
    // A bracket is a good place only where the last blank would leave half of the row empty.
    let at = last(&blank).filter(|at| *at > fits / 2).or_else(|| last(&bracket)).or_else(|| last(&blank));
    comment.or(at).unwrap_or(fits).max(1)
}

fn push(lines: &mut [Line<'static>], text: &str, style: Style) {
    let Some(last) = lines.last_mut() else { return };
    if let Some(span) = last.spans.last_mut()
        && span.style == style
    {
        span.content.to_mut().push_str(text);
    } else {
        last.spans.push(Span::styled(text.to_owned(), style));
    }
}

/// How many bytes of `text` fit into `cells`.
fn fitting(text: &str, cells: u16) -> usize {
    if width(text) <= cells {
        return text.len();
    }
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        if width(&text[..next]) > cells {
            break;
        }
        end = next;
    }
    end
}

/// Splits spans at blanks; a run of blanks is one " ", a line break is "\n".
fn split_at_blanks<'a>(spans: &'a [Span<'_>]) -> Vec<(&'a str, Style)> {
    let mut out = Vec::new();
    for span in spans {
        let mut rest: &str = &span.content;
        while let Some(at) = rest.find([' ', '\n']) {
            let (word, tail) = rest.split_at(at);
            let (blank, tail) = tail.split_at(1);
            out.extend([word, blank].into_iter().filter(|part| !part.is_empty()).map(|part| (part, span.style)));
            rest = tail;
        }
        if !rest.is_empty() {
            out.push((rest, span.style));
        }
    }
    out
}

/// Puts `first` before the first line and `rest` before the others.
#[must_use]
pub fn prefix(lines: Vec<Line<'static>>, first: &[Span<'static>], rest: &[Span<'static>]) -> Vec<Line<'static>> {
    let mut out = lines;
    for (n, line) in out.iter_mut().enumerate() {
        line.spans.splice(0..0, if n == 0 { first.iter().cloned() } else { rest.iter().cloned() });
    }
    out
}

/// Plain text wrapped in one style.
#[must_use]
pub fn wrap_text(text: &str, cells: u16, style: Style) -> Vec<Line<'static>> {
    wrap(&[Span::styled(text.to_owned(), style)], cells, 0)
}

/// Draws lines from the top of `area` on; returns how many rows were used.
pub fn lines(buf: &mut Buffer, area: Rect, lines: &[Line<'_>]) -> u16 {
    let mut used = 0;
    for l in lines.iter().take(usize::from(area.height)) {
        line(buf, area, area.x, area.y + used, l);
        used += 1;
    }
    used
}

/// Draws lines, with a sign at the end of the last row where there are more than fit.
pub fn lines_cut(buf: &mut Buffer, area: Rect, all: &[Line<'_>], theme: &Theme) {
    let rows = lines(buf, area, all);
    if rows > 0 && usize::from(rows) < all.len() {
        text_right(buf, area, area.y + rows - 1, theme.glyphs.more, theme.palette.accent);
    }
}

/// A line cut to so many cells, with a sign where something is missing.
#[must_use]
pub fn cut_line(line: Line<'static>, cells: u16, more: &str) -> Line<'static> {
    let mut left = cells;
    let mut spans = Vec::new();
    for span in line.spans {
        let text = cut(&span.content, left, more);
        left = left.saturating_sub(width(&text));
        spans.push(Span::styled(text, span.style));
        if left == 0 {
            break;
        }
    }
    Line::from(spans)
}

/// The area below the first `rows` rows.
#[must_use]
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// A duration with three significant digits and its unit.
#[must_use]
pub fn duration(nanos: Nanos, theme: &Theme) -> String {
    let s = crate::clock::seconds(nanos);
    let (value, unit) = if s >= 1.0 {
        (s, "s")
    } else if s >= 1e-3 {
        (s * 1e3, "ms")
    } else {
        (s * 1e6, theme.glyphs.micro)
    };
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$} {unit}")
}

/// A share between 0 and 1 as a percentage, four cells or more wide: ` 49 %`. What is neither nothing nor all is
/// never written as such.
#[must_use]
pub fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.005 {
        " <1 %".to_owned()
    } else if share > 0.995 && share < 1.0 {
        ">99 %".to_owned()
    } else {
        format!("{:3.0} %", share * 100.0)
    }
}

/// The share of a part in a whole; 0 where there is no whole.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 52 bits")]
pub fn share(part: Nanos, whole: Nanos) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wrapping_keeps_every_word_and_the_width(words in prop::collection::vec("[a-zé漢]{1,12}", 0..30), cells in 2u16..40) {
            let text = words.join(" ");
            let wrapped = wrap_text(&text, cells, Style::new());
            let mut joined = String::new();
            for l in &wrapped {
                let row: String = l.spans.iter().map(|s| s.content.as_ref()).collect();
                prop_assert!(width(&row) <= cells, "{row:?} in {cells}");
                joined.push_str(&row);
            }
            let squeeze = |s: &str| s.replace(' ', "");
            prop_assert_eq!(squeeze(&joined), squeeze(&text));
        }
    }

    #[test]
    fn a_unit_stays_with_its_number() {
        let lines =
            |text: &str, cells| wrap_text(text, cells, Style::new()).iter().map(Line::to_string).collect::<Vec<_>>();
        assert_eq!(lines("it saved 0.42 s: two", 14), ["it saved", "0.42 s: two"]);
        assert_eq!(lines("it took 20 %, and", 11), ["it took", "20 %, and"]);
        assert_eq!(lines("all 3 so", 5), ["all 3", "so"], "no unit");
    }

    proptest! {
        #[test]
        fn wrapped_code_keeps_every_letter_and_the_width(code in "[ ]{0,6}[a-z(\\[, #\"é漢]{0,60}", cells in 12u16..60) {
            let wrapped = wrap_code(&[Span::raw(code.as_str())], cells);
            let rows: Vec<String> =
                wrapped.iter().map(|l| l.spans.iter().map(|s| s.content.as_ref()).collect()).collect();
            prop_assert!(rows.iter().all(|row| width(row) <= cells), "{rows:?} in {cells}");
            let squeeze = |s: &str| s.replace(' ', "");
            prop_assert_eq!(squeeze(&rows.concat()), squeeze(&code));
        }
    }

    #[test]
    fn what_hangs_together_is_not_broken() {
        let spans = [Span::raw("look at "), Span::styled("pool", Style::new().bold()), Span::raw(", and go on")];
        let rows: Vec<String> =
            wrap(&spans, 12, 0).iter().map(|l| l.spans.iter().map(|s| s.content.as_ref()).collect()).collect();
        assert_eq!(rows, ["look at", "pool, and go", "on"]);
    }

    #[test]
    fn code_breaks_where_it_reads_well() {
        let rows = |code: &str, cells| -> Vec<String> {
            let wrapped = wrap_code(&[Span::raw(code.to_owned())], cells);
            wrapped.iter().map(|l| l.spans.iter().map(|s| s.content.as_ref()).collect()).collect()
        };
        assert_eq!(rows("a = 1  # why", 20), ["a = 1  # why"]);
        assert_eq!(rows("interval = 0.005  # seconds", 22), ["interval = 0.005  ", "    # seconds"]);
        assert_eq!(rows("  x = list(map(f, range(n)))", 20), ["  x = list(map(f, ", "      range(n)))"]);
    }

    #[test]
    fn percentages_do_not_round_to_nothing_or_all() {
        assert_eq!(percent(0.0), "  0 %");
        assert_eq!(percent(0.001), " <1 %");
        assert_eq!(percent(0.999), ">99 %");
        assert_eq!(percent(1.0), "100 %");
    }

    #[test]
    fn durations_have_three_digits() {
        let t = Theme::dark();
        assert_eq!(duration(1_234_000_000, &t), "1.23 s");
        assert_eq!(duration(12_340_000, &t), "12.3 ms");
        assert_eq!(duration(123_000, &t), "123 µs");
    }

    #[test]
    fn a_cut_says_that_it_cut() {
        assert_eq!(cut("worker-0", 5, "…"), "work…");
        assert_eq!(cut("abc", 3, "…"), "abc");
        assert_eq!(cut("abc", 0, "…"), "");
        assert_eq!(cut_middle("ThreadPoolExecutor-0_11", 9, "…"), "Thre…0_11");
        assert_eq!(cut_middle("abc", 3, "…"), "abc");
        assert_eq!(cut_middle("abc", 0, "…"), "");
    }
}
