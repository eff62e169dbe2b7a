use super::*;
use crate::trace::{Builder, Record, Sources, SwitchSource, What};
use proptest::prelude::*;
use prost::Message;

const MAIN: Pid = 10;

/// Threads of one process that take turns with its GIL: each step is who, how long it has it, and how long nobody has.
fn turns(steps: &[(u32, u64, u64)]) -> Trace {
    let mut builder = Builder::new(MAIN, 0);
    let sources = Sources { switches: SwitchSource::Perf, ..Sources::default() };
    builder.facts().sources = sources;
    let mut at = 100;
    let mut records = Vec::new();
    for thread in 0..3 {
        let what = What::Start { parent: if thread == 0 { 1 } else { MAIN } };
        records.push(Record { at, pid: MAIN, tid: MAIN + thread, what });
    }
    for (thread, held, idle) in steps {
        let mut say = |at, what| records.push(Record { at, pid: MAIN, tid: MAIN + thread, what });
        say(at + 1, What::On { core: *thread });
        say(at + 2, What::GilTaken { gil: 7 });
        say(at + 2 + held, What::GilDropped { gil: 7 });
        say(at + 3 + held, What::Off { preempted: false });
        at += held + idle + 4;
    }
    builder.feed(records, at);
    builder.finish(at + 5)
}

fn packets(bytes: &[u8]) -> Vec<Packet> {
    #[derive(Clone, PartialEq, Message)]
    struct Whole {
        #[prost(message, repeated, tag = "1")]
        packet: Vec<Packet>,
    }
    Whole::decode(bytes).unwrap().packet
}

/// A slice: its track, what it is, when, and its arrows from here and to here.
#[derive(Debug)]
struct Slice {
    track: u64,
    category: String,
    from: u64,
    to: u64,
    out: Vec<u64>,
    into: Vec<u64>,
}

/// Every slice; fails where an end has no beginning, or two overlap on one track.
fn slices(packets: &[Packet]) -> Vec<Slice> {
    let mut open: HashMap<u64, Slice> = HashMap::new();
    let mut done = Vec::new();
    let mut last: HashMap<u64, u64> = HashMap::new();
    for packet in packets {
        let Some(event) = &packet.track_event else { continue };
        let (track, at) = (event.track_uuid.unwrap(), packet.timestamp.unwrap());
        assert!(last.insert(track, at).is_none_or(|before| before <= at), "in order");
        if event.r#type == Some(BEGIN) {
            let category = event.categories[0].clone();
            let (out, into) = (event.flow_ids.clone(), event.terminating_flow_ids.clone());
            let slice = Slice { track, category, from: at, to: at, out, into };
            assert!(open.insert(track, slice).is_none(), "one at a time");
        } else {
            let slice = open.remove(&track).expect("it began");
            done.push(Slice { to: at, ..slice });
        }
    }
    assert!(open.is_empty());
    done
}

proptest! {
    #[test]
    fn what_is_exported_is_what_was_recorded(steps in prop::collection::vec((0u32..3, 1u64..40, 0u64..9), 0..60)) {
        let trace = turns(&steps);
        let packets = packets(&write(&trace));
        let tracks: HashMap<u64, TrackDescriptor> =
            packets.iter().filter_map(|p| p.track_descriptor.clone()).map(|t| (t.uuid.unwrap(), t)).collect();
        let slices = slices(&packets);
        let is_thread = |slice: &&Slice| tracks[&slice.track].thread.is_some();
        for lane in &trace.lanes {
            let own = |slice: &&Slice| {
                let thread = tracks[&slice.track].thread.as_ref();
                thread.is_some_and(|thread| thread.tid == i32::try_from(lane.tid).ok())
            };
            for state in State::ALL {
                let mine = slices.iter().filter(own).filter(|slice| slice.category == state.key());
                prop_assert_eq!(mine.map(|s| s.to - s.from).sum::<u64>(), lane.totals().get(state), "{}", state.key());
            }
        }
        let holds: Nanos = trace.gils.iter().flat_map(crate::trace::GilTrack::holds).map(|hold| hold.end - hold.start).sum();
        let told: u64 = slices.iter().filter(|slice| slice.category == "gil").map(|slice| slice.to - slice.from).sum();
        prop_assert_eq!(told, holds);
        // Each arrow has one end at each of two threads, and does not lead back in time.
        let turns: usize = trace.gils.iter().map(crate::trace::GilTrack::turns).sum();
        let begin: HashMap<u64, &Slice> = slices.iter().flat_map(|s| s.out.iter().map(move |id| (*id, s))).collect();
        let end: HashMap<u64, &Slice> = slices.iter().flat_map(|s| s.into.iter().map(move |id| (*id, s))).collect();
        prop_assert_eq!((begin.len(), end.len()), (turns, turns));
        for (id, from) in begin {
            prop_assert!(from.from <= end[&id].from && from.track != end[&id].track);
            prop_assert!(is_thread(&from) && is_thread(&end[&id]));
        }
    }
}

#[test]
fn nothing_that_was_sampled_is_drawn_on_a_core() {
    let mut trace = turns(&[(0, 10, 2), (1, 10, 2)]);
    let cores = |trace: &Trace| {
        let packets = packets(&write(trace));
        let names = packets.into_iter().filter_map(|packet| packet.track_descriptor?.name);
        names.filter(|name| name.starts_with("core ")).count()
    };
    assert_eq!(cores(&trace), 2);
    trace.sources.switches = SwitchSource::Schedstat;
    assert_eq!(cores(&trace), 0);
}
