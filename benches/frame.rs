//! What a frame costs, by the number of spans recorded, of lanes and of asyncio's tasks: it should depend on the cells on
//! screen alone. And what a look at a live run costs, by the number of threads that sleep in it.
//!
//! The whole run is on screen in `whole`, a half of it in `half` (the case that the cores' totals cannot shortcut), a
//! thousandth in `zoomed`.

#[path = "../src/view/fixtures.rs"]
#[expect(dead_code, reason = "the benchmark needs one scenario of the many")]
mod fixtures;

use concur_tutor::inside::clock::{MILLISECOND, Nanos};
use concur_tutor::inside::trace::{Builder, Call, Record, Trace, Wait, WaitKind, WaitObject, What};
use concur_tutor::inside::view::{Cores, Open, Theme, Timeline, Viewport};
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
        for (name, open) in [("area", Open::Folded), ("opened", Open::Lanes), ("all", Open::All)] {
            let viewport = Viewport { open, ..Viewport::fit(&trace) };
            group.bench_function(BenchmarkId::new(name, lanes), |b| {
                b.iter(|| frame(&trace, &viewport, &theme, &mut buf));
            });
        }
    }
    group.finish();
    let mut group = criterion.benchmark_group("tasks");
    for tasks in [10, 1_000, 10_000] {
        let trace = fixtures::many_tasks(tasks).ended();
        let mut buf = Buffer::empty(AREA);
        for (name, open) in [("folded", Open::Folded), ("opened", Open::All)] {
            let viewport = Viewport { open, ..Viewport::fit(&trace) };
            group.bench_function(BenchmarkId::new(name, tasks), |b| {
                b.iter(|| frame(&trace, &viewport, &theme, &mut buf));
            });
        }
    }
    group.finish();
    let mut group = criterion.benchmark_group("live");
    for threads in [10u32, 1_000, 10_000] {
        let (mut builder, mut now) = sleepers(threads);
        group.bench_function(BenchmarkId::new("look", threads), |b| {
            b.iter(|| {
                // A frame's worth of time, in which one thread does something.
                now += 50 * MILLISECOND;
                let record = |at, what| Record { at, pid: 10, tid: 10, what };
                builder.feed(
                    [record(now - 2, What::On { core: 0 }), record(now - 1, What::Off { preempted: false })],
                    now,
                );
                builder.trace().known_until
            });
        });
    }
    group.finish();
}

/// So many threads that sleep in a live run, and when it is.
fn sleepers(count: u32) -> (Builder, Nanos) {
    let mut builder = Builder::new(10, 0);
    let wait = Wait { kind: WaitKind::Sleep, call: Call::ClockNanosleep, object: WaitObject::Nothing };
    let life = |n: u32| {
        let record = move |at, what| Record { at: Nanos::from(n) + at, pid: 10, tid: 10 + n, what };
        let parent = if n == 0 { 1 } else { 10 };
        let begins = [record(0, What::Start { parent }), record(1, What::On { core: 0 })];
        begins.into_iter().chain([record(2, What::WaitBegin(wait)), record(3, What::Off { preempted: false })])
    };
    builder.feed((0..count).flat_map(life), 1_000 * MILLISECOND);
    (builder, 1_000 * MILLISECOND)
}

criterion_group!(benches, frames);
criterion_main!(benches);
