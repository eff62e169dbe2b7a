//! The run as a Perfetto trace, to be opened in <https://ui.perfetto.dev> or read with its tools: a track for each thread
//! with its states, one for each GIL with its holders, one for each core and one for each asyncio task. An arrow leads from
//! the thread that dropped a GIL to the thread that took it next.
//!
//! Times are nanoseconds since the launch.

mod messages;

use super::Exporter;
use crate::clock::Nanos;
use crate::trace::{Lane, LaneKind, Pid, Span, State, Trace};
use messages::{BEGIN, END, Packet, ProcessDescriptor, ThreadDescriptor, TrackDescriptor, TrackEvent};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A Perfetto trace.
pub const EXPORTER: Exporter =
    Exporter { name: "perfetto", binary: true, write: |report| write(&report.outcome.trace) };

/// The one writer of packets.
const SEQUENCE: u32 = 1;
/// The field of the whole trace that a packet is (`trace.proto`).
const PACKET: u32 = 1;

fn write(trace: &Trace) -> Vec<u8> {
    let mut out = Out { bytes: Vec::new(), trace, tracks: 0 };
    let processes = out.processes();
    let flows = Flows::of(trace);
    for (index, lane) in trace.lanes.iter().enumerate() {
        let thread = out.thread(lane, processes[&lane.pid]);
        out.spans(thread, lane.spans.as_slice(), |place| flows.at(index, place));
    }
    out.gils(&processes);
    out.tasks(&processes);
    out.cores();
    out.bytes
}

/// Packets, one after the other.
struct Out<'t> {
    bytes: Vec<u8>,
    trace: &'t Trace,
    /// How many tracks there are.
    tracks: u64,
}

impl Out<'_> {
    fn packet(&mut self, packet: Packet) {
        let packet = Packet { trusted_packet_sequence_id: Some(SEQUENCE), ..packet };
        prost::encoding::message::encode(PACKET, &packet, &mut self.bytes);
    }

    /// A new track; its number.
    fn track(&mut self, track: TrackDescriptor) -> u64 {
        self.tracks += 1;
        let descriptor = TrackDescriptor { uuid: Some(self.tracks), ..track };
        self.packet(Packet { track_descriptor: Some(descriptor), ..Packet::default() });
        self.tracks
    }

    /// A track with a name of our own, below another or at the top.
    fn named(&mut self, name: String, parent: Option<u64>) -> u64 {
        self.track(TrackDescriptor { name: Some(name), parent_uuid: parent, ..TrackDescriptor::default() })
    }

    fn processes(&mut self) -> BTreeMap<Pid, u64> {
        let mut processes = BTreeMap::new();
        for lane in &self.trace.lanes {
            if processes.contains_key(&lane.pid) {
                continue;
            }
            let main = self.trace.lanes.iter().find(|other| other.pid == lane.pid && other.tid == other.pid);
            let name = main.map_or_else(|| lane.name.clone(), |main| main.name.clone());
            let process = ProcessDescriptor { pid: number(lane.pid), process_name: Some(name) };
            let track = self.track(TrackDescriptor { process: Some(process), ..TrackDescriptor::default() });
            processes.insert(lane.pid, track);
        }
        processes
    }

    fn thread(&mut self, lane: &Lane, process: u64) -> u64 {
        let helper = if lane.kind == LaneKind::Helper { " (helper)" } else { "" };
        let thread = ThreadDescriptor {
            pid: number(lane.pid),
            tid: number(lane.tid),
            thread_name: Some(format!("{}{helper}", lane.name)),
        };
        self.track(TrackDescriptor { thread: Some(thread), parent_uuid: Some(process), ..TrackDescriptor::default() })
    }

    /// The states of a thread or a task.
    fn spans<'f>(&mut self, track: u64, spans: &[Span], arrows: impl Fn(usize) -> Option<&'f Arrows>) {
        for (place, span) in spans.iter().enumerate() {
            let event = TrackEvent {
                name: Some(span.label().to_owned()),
                categories: vec![span.state.key().to_owned()],
                flow_ids: arrows(place).map(|arrows| arrows.from_here.clone()).unwrap_or_default(),
                terminating_flow_ids: arrows(place).map(|arrows| arrows.to_here.clone()).unwrap_or_default(),
                ..TrackEvent::default()
            };
            self.slice(track, (span.start, span.end), event);
        }
    }

    fn slice(&mut self, track: u64, (start, end): (Nanos, Nanos), event: TrackEvent) {
        // What goes on has been seen up to here.
        let end = end.min(self.trace.until());
        if end <= start {
            return;
        }
        let at = |at: Nanos| Some(at.saturating_sub(self.trace.launched_at));
        let begin = TrackEvent { r#type: Some(BEGIN), track_uuid: Some(track), ..event };
        let over = TrackEvent { r#type: Some(END), track_uuid: Some(track), ..TrackEvent::default() };
        let (begin_at, end_at) = (at(start), at(end));
        self.packet(Packet { timestamp: begin_at, track_event: Some(begin), ..Packet::default() });
        self.packet(Packet { timestamp: end_at, track_event: Some(over), ..Packet::default() });
    }

    fn gils(&mut self, processes: &BTreeMap<Pid, u64>) {
        let trace = self.trace;
        for gil in &trace.gils {
            let row = self.named("GIL".to_owned(), processes.get(&gil.pid).copied());
            for hold in gil.holds() {
                let name = trace.lanes.get(hold.lane).map(|lane| lane.name.clone());
                let event = TrackEvent { name, categories: vec!["gil".to_owned()], ..TrackEvent::default() };
                self.slice(row, (hold.start, hold.end), event);
            }
        }
    }

    fn tasks(&mut self, processes: &BTreeMap<Pid, u64>) {
        let trace = self.trace;
        for task in &trace.tasks.tracks {
            let row = self.named(format!("task {}", task.name), processes.get(&task.thread.0).copied());
            self.spans(row, task.spans.as_slice(), |_| None);
        }
    }

    /// Who was on each core: only where that was traced and not sampled.
    fn cores(&mut self) {
        let trace = self.trace;
        if trace.sources.switches != crate::trace::SwitchSource::Perf {
            return;
        }
        let on = trace.lanes.iter().flat_map(|lane| lane.spans.as_slice().iter().map(move |span| (span, lane)));
        let mut slices: Vec<(u16, Nanos, Nanos, State, &str)> = on
            .filter_map(|(span, lane)| Some((span.core?, span.start, span.end, span.state, lane.name.as_str())))
            .filter(|(.., state, _)| state.on_cpu())
            .collect();
        slices.sort_unstable_by_key(|(core, start, ..)| (*core, *start));
        let cores: BTreeSet<u16> = slices.iter().map(|(core, ..)| *core).collect();
        let tracks: BTreeMap<u16, u64> =
            cores.into_iter().map(|core| (core, self.named(format!("core {core}"), None))).collect();
        for (core, start, end, state, name) in slices {
            let categories = vec![state.key().to_owned()];
            let event = TrackEvent { name: Some(name.to_owned()), categories, ..TrackEvent::default() };
            self.slice(tracks[&core], (start, end), event);
        }
    }
}

fn number(id: u32) -> Option<i32> {
    i32::try_from(id).ok()
}

/// The arrows at one span of a lane.
#[derive(Debug, Default)]
struct Arrows {
    from_here: Vec<u64>,
    to_here: Vec<u64>,
}

/// The arrows from who dropped a GIL to who took it next, by lane and span.
#[derive(Debug, Default)]
struct Flows(HashMap<(usize, usize), Arrows>);

impl Flows {
    fn of(trace: &Trace) -> Flows {
        let (mut flows, mut id) = (Flows::default(), 0);
        for gil in &trace.gils {
            for turn in gil.holds().windows(2).filter(|two| two[0].lane != two[1].lane) {
                // Of who dropped it the span in which it had it last, of who took it the one in which it has it first.
                let dropped = Flows::place(trace, turn[0].lane, turn[0].end.saturating_sub(1));
                let taken = Flows::place(trace, turn[1].lane, turn[1].start);
                if let Some((dropped, taken)) = dropped.zip(taken) {
                    id += 1;
                    flows.0.entry(dropped).or_default().from_here.push(id);
                    flows.0.entry(taken).or_default().to_here.push(id);
                }
            }
        }
        flows
    }

    /// The span of a lane at an instant.
    fn place(trace: &Trace, lane: usize, at: Nanos) -> Option<(usize, usize)> {
        let spans = trace.lanes.get(lane)?.spans.as_slice();
        let place = spans.partition_point(|span| span.end <= at);
        spans.get(place).filter(|span| span.start <= at).map(|_| (lane, place))
    }

    fn at(&self, lane: usize, place: usize) -> Option<&Arrows> {
        self.0.get(&(lane, place))
    }
}

#[cfg(test)]
mod tests;
