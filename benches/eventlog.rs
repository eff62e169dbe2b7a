//! What a mark costs the program that writes it, and the tutor that reads it, in CPU time: a busy machine does not blur
//! it.

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("the event log is Linux only");
}

#[cfg(target_os = "linux")]
fn main() {
    linux::benches();
    criterion::Criterion::default().configure_from_args().final_summary();
}

#[cfg(target_os = "linux")]
mod linux {
    use concur_tutor::inside::clock::{self, Nanos};
    use concur_tutor::inside::eventlog::{CAPACITY, Lane, Log, Word, Writer, tag};
    use concur_tutor::inside::trace::Record;
    use criterion::{Criterion, criterion_group};
    use nix::time::{ClockId, clock_gettime};
    use std::hint::black_box;
    use std::time::Duration;

    /// As many as a ring holds: none is dropped, and every page of it is used.
    const BATCH: u64 = CAPACITY;

    fn eventlog(criterion: &mut Criterion) {
        let mut log = Log::create().expect("a memory file");
        let lane = Writer::open(log.path().as_os_str()).expect("the log that was just made").lane();
        let mut records: Vec<Record> = Vec::new();
        let mut group = criterion.benchmark_group("an event record");
        group.bench_function("write", |b| b.iter_custom(|n| batches(n, &mut log, &lane, &mut records).0));
        group.bench_function("read", |b| b.iter_custom(|n| batches(n, &mut log, &lane, &mut records).1));
        group.bench_function("of which reading the clock", |b| b.iter_custom(clocks));
        group.finish();
        assert_eq!(log.lost(), 0, "a benchmark of dropping records says nothing");
    }

    /// Writes and reads `count` records by turns; how long each took.
    fn batches(count: u64, log: &mut Log, lane: &Lane, records: &mut Vec<Record>) -> (Duration, Duration) {
        let (mut writing, mut reading) = (Duration::ZERO, Duration::ZERO);
        let mut left = count;
        while left > 0 {
            let batch = left.min(BATCH);
            let begin = cpu();
            for gil in 0..batch {
                lane.mark(Word::of(tag::GIL_TAKEN), black_box(gil));
            }
            let written = cpu();
            records.clear();
            log.drain(Nanos::MAX, records);
            reading += cpu().saturating_sub(written);
            writing += written.saturating_sub(begin);
            assert_eq!(records.len() as u64, batch);
            left -= batch;
        }
        (writing, reading)
    }

    /// Reads the clock `count` times; how long that took.
    fn clocks(count: u64) -> Duration {
        let begin = cpu();
        for _ in 0..count {
            black_box(clock::now());
        }
        cpu().saturating_sub(begin)
    }

    /// This thread's CPU time.
    fn cpu() -> Duration {
        clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the thread has a clock").into()
    }

    criterion_group!(benches, eventlog);
}
