//! What threads waited for: over the whole run, what did most harm first; and at the moment under the cursor, with those that
//! wait in order, who holds it, and what each sentence rests on.

use crate::clock::Nanos;
use crate::insight::objects::{Moment, Object, Objects, Since, words};
use crate::insight::words::sentence;
use crate::trace::{State, Trace, WaitSource};
use crate::view::draw;
use crate::view::theme::Theme;
use crate::view::timeline::axis;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

/// So many objects have lines.
const MOST: usize = 40;
/// So many that wait for one object are named.
const WAITERS: usize = 12;

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct ObjectList<'a> {
    /// What threads waited for.
    pub objects: &'a Objects,
    /// In which run.
    pub trace: &'a Trace,
    /// The moment that is looked at; `None` for the whole run.
    pub at: Option<Nanos>,
    /// The one whose waits are marked.
    pub chosen: Option<usize>,
    /// The key that goes to the next one, and the one that looks at a moment.
    pub keys: (&'a str, &'a str),
    /// How far it is scrolled.
    pub scroll: u16,
    /// How it looks.
    pub theme: &'a Theme,
}

/// Its lines, each with the object that it is about.
type Lines = Vec<(Line<'static>, Option<usize>)>;

impl ObjectList<'_> {
    /// The objects in the order in which they are listed: what is waited for at the moment first.
    #[must_use]
    pub fn order(&self) -> Vec<usize> {
        let moments = self.moments();
        let now = moments.iter().map(|moment| moment.object);
        let rest = (0..self.objects.all.len()).filter(|place| moments.iter().all(|moment| moment.object != *place));
        now.chain(rest).take(MOST.max(moments.len())).collect()
    }

    fn moments(&self) -> Vec<Moment<'_>> {
        self.at.map(|at| self.objects.at(self.trace, at)).unwrap_or_default()
    }

    /// All lines at this width.
    fn lines(&self, width: u16) -> Lines {
        let (palette, cells) = (&self.theme.palette, width.saturating_sub(2));
        let mut out: Lines = Vec::new();
        let plain = |words: &str, style| draw::wrap_text(words, cells, style).into_iter().map(|line| (line, None));
        if self.objects.all.is_empty() && self.objects.since == Since::Start {
            out.extend(plain(
                "No thread of this run waited for a lock, or for anything else that threads share.",
                palette.text,
            ));
        }
        let moments = self.moments();
        if let Some(at) = self.at.filter(|_| !self.objects.all.is_empty()) {
            let greatest = self.trace.until().abs_diff(self.trace.zero());
            let when = axis::label(at, self.trace.zero(), greatest / 1000, greatest, self.theme);
            out.extend(plain(&format!("At {when} {}:", words::moment(&moments)), palette.heading));
            for moment in &moments {
                self.moment(moment, at, cells, &mut out);
            }
            out.push((Line::default(), None));
        }
        let rest: Vec<usize> = self.order().into_iter().skip(moments.len()).collect();
        if !rest.is_empty() {
            let head =
                if moments.is_empty() { "In the whole run, what did most harm first:" } else { "Else in the run:" };
            out.extend(plain(head, palette.heading));
        }
        for place in &rest {
            self.head(*place, cells, &mut out);
            let told = sentence(&words::told(self.trace, &self.objects.all[*place]));
            Self::below(&told, *place, palette.text, cells, &mut out);
        }
        let more = self.objects.all.len().saturating_sub(rest.len() + moments.len());
        if more > 0 {
            out.extend(plain(&format!("and {more} that were waited for no longer than these"), palette.dim));
        }
        if !self.objects.all.is_empty() {
            let (next, moment) = self.keys;
            let moment = if self.at.is_some() { String::new() } else { format!("; {moment} asks for a moment") };
            out.push((Line::default(), None));
            out.extend(plain(&format!("{next} marks the next one's waits in the lanes{moment}."), palette.dim));
        }
        // What was not measured is told; where nothing was waited for there is nothing that rests on anything.
        let rests = !self.objects.all.is_empty()
            || self.objects.source != WaitSource::Preload
            || self.objects.since != Since::Start;
        for words in words::source(self.trace, self.objects).into_iter().filter(|_| rests) {
            out.extend(plain(&words, palette.dim));
        }
        out
    }

    /// The line that names an object.
    fn head(&self, place: usize, cells: u16, out: &mut Lines) {
        let (palette, glyphs) = (&self.theme.palette, &self.theme.glyphs);
        let chosen = self.chosen == Some(place);
        let (mark, style) = if chosen { (glyphs.pointer, palette.selected) } else { (" ", palette.text) };
        let title = self.objects.all[place].title();
        let words = draw::wrap(&[Span::styled(title, style)], cells.saturating_sub(2), 0);
        let lines = draw::prefix(words, &[Span::styled(format!("{mark} "), palette.accent)], &[Span::raw("  ")]);
        out.extend(lines.into_iter().map(|line| (line, Some(place))));
    }

    /// What is said below that.
    fn below(words: &str, place: usize, style: Style, cells: u16, out: &mut Lines) {
        let lines = draw::wrap_text(words, cells.saturating_sub(4), style);
        let lines = draw::prefix(lines, &[Span::raw("    ")], &[Span::raw("    ")]);
        out.extend(lines.into_iter().map(|line| (line, Some(place))));
    }

    /// An object at the moment: who holds it, and who waits.
    fn moment(&self, moment: &Moment<'_>, at: Nanos, cells: u16, out: &mut Lines) {
        let palette = &self.theme.palette;
        let object: &Object = &self.objects.all[moment.object];
        self.head(moment.object, cells, out);
        let owner = words::owner(self.trace, object, moment.owner);
        if !owner.is_empty() {
            Self::below(&sentence(&owner), moment.object, palette.text, cells, out);
        }
        let style = palette.states[State::LockWait.index()];
        for (number, wait) in moment.waiting.iter().take(WAITERS).enumerate() {
            let told = words::waiter(&self.trace.lanes[wait.lane], wait, at);
            Self::below(&format!("{}. {told}", number + 1), moment.object, style, cells, out);
        }
        let more = moment.waiting.len().saturating_sub(WAITERS);
        if more > 0 {
            Self::below(&format!("and {more} more"), moment.object, style, cells, out);
        }
    }

    /// Rows that it takes at this width.
    #[must_use]
    pub fn height(&self, width: u16) -> u16 {
        u16::try_from(self.lines(width).len()).unwrap_or(u16::MAX)
    }

    /// The first row of an object.
    #[must_use]
    pub fn row_of(&self, place: usize, width: u16) -> u16 {
        let row = self.lines(width).iter().position(|(_, about)| *about == Some(place)).unwrap_or(0);
        u16::try_from(row).unwrap_or(u16::MAX)
    }

    /// Where the objects are in this area.
    #[must_use]
    pub fn placed(&self, area: Rect) -> Vec<(Rect, usize)> {
        let shown = self.lines(area.width);
        let shown = shown.iter().skip(self.scroll.into()).zip(area.top()..area.bottom());
        shown.filter_map(|((_, about), y)| Some((Rect { y, height: 1, ..area }, (*about)?))).collect()
    }

    /// The same in words, a line each.
    #[must_use]
    pub fn in_words(&self, width: u16) -> Vec<String> {
        let text =
            |(line, _): (Line<'static>, _)| line.spans.iter().map(|span| span.content.as_ref()).collect::<String>();
        self.lines(width.saturating_add(2)).into_iter().map(text).filter(|line| !line.trim().is_empty()).collect()
    }
}

impl Widget for &ObjectList<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        let inner = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(1), ..area };
        let lines: Vec<Line<'_>> =
            self.lines(area.width).into_iter().skip(self.scroll.into()).map(|(line, _)| line).collect();
        draw::lines(buf, inner, &lines);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::objects::tests::{TEXT, at_a_lock};

    fn drawn(at: Option<Nanos>, size: (u16, u16)) -> String {
        let trace = at_a_lock();
        let objects = Objects::of(&trace, 2, Some(TEXT));
        let theme = Theme::dark();
        let list = ObjectList {
            objects: &objects,
            trace: &trace,
            at,
            chosen: Some(0),
            keys: ("b", "t"),
            scroll: 0,
            theme: &theme,
        };
        let area = Rect::new(0, 0, size.0, size.1);
        let mut buf = Buffer::empty(area);
        list.render(area, &mut buf);
        let row = |y| (0..size.0).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..size.1).map(row).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn it_says_who_waits_in_order_and_who_holds_it() {
        insta::assert_snapshot!("objects of a run", drawn(None, (56, 24)));
        insta::assert_snapshot!("objects of a moment", drawn(Some(35_000_000), (56, 24)));
    }

    #[test]
    fn it_fits_wherever_there_is_little_room() {
        for size in [(0, 0), (1, 1), (20, 5), (200, 60)] {
            drawn(Some(35_000_000), size);
        }
    }
}
