//! What a frame costs, by the number of spans recorded: it should depend on the cells on screen alone.
//!
//! The whole run is on screen in `whole`, a half of it in `half` (the case that the cores' totals cannot shortcut), a
//! thousandth in `zoomed`.

#[path = "../src/view/fixtures.rs"]
#[expect(dead_code, reason = "the benchmark needs one scenario of the many")]
mod fixtures;

use concur_tutor::inside::trace::Trace;
use concur_tutor::inside::view::{Cores, Theme, Timeline, Viewport};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

const AREA: Rect = Rect { x: 0, y: 0, width: 200, height: 60 };

fn frame(trace: &Trace, viewport: &Viewport, theme: &Theme, buf: &mut Buffer) {
    buf.reset();
    Cores { trace, from: viewport.from, to: viewport.to, theme }.render(Rect { height: 4, ..AREA }, buf);
    Timeline { trace, viewport, theme }.render(Rect { y: 4, height: 56, ..AREA }, buf);
}

fn frames(criterion: &mut Criterion) {
    let theme = Theme::dark();
    let mut group = criterion.benchmark_group("frame");
    for spans in [10usize, 1_000, 1_000_000] {
        let trace = fixtures::many_spans(spans).ended();
        let mut buf = Buffer::empty(AREA);
        for (name, part) in [("whole", 1), ("half", 2), ("zoomed", 1_000)] {
            let mut viewport = Viewport::fit(&trace);
            viewport.zoom(1, part, &trace);
            group.bench_function(BenchmarkId::new(name, spans), |b| {
                b.iter(|| frame(&trace, &viewport, &theme, &mut buf));
            });
        }
    }
    group.finish();
    let mut group = criterion.benchmark_group("lanes");
    for lanes in [10, 1_000, 10_000] {
        let trace = fixtures::a_crowd(lanes).ended();
        let mut buf = Buffer::empty(AREA);
        for (name, open) in [("area", false), ("opened", true)] {
            let viewport = Viewport { open, ..Viewport::fit(&trace) };
            group.bench_function(BenchmarkId::new(name, lanes), |b| {
                b.iter(|| frame(&trace, &viewport, &theme, &mut buf));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
