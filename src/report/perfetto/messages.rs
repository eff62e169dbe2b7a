//! The few messages of Perfetto's trace format that an export needs, with the field numbers of its `.proto` files
//! (`protos/perfetto/trace/` in <https://github.com/google/perfetto>). A reader passes over what it does not know, and so
//! does a writer that leaves out what it does not have.

use prost::Message;

/// One packet of the trace (`trace_packet.proto`).
#[derive(Clone, PartialEq, Message)]
pub struct Packet {
    /// When, in nanoseconds on the trace's own clock.
    #[prost(uint64, optional, tag = "8")]
    pub timestamp: Option<u64>,
    /// Who wrote it: packets of one sequence are in order.
    #[prost(uint32, optional, tag = "10")]
    pub trusted_packet_sequence_id: Option<u32>,
    /// An event on a track.
    #[prost(message, optional, tag = "11")]
    pub track_event: Option<TrackEvent>,
    /// What a track is.
    #[prost(message, optional, tag = "60")]
    pub track_descriptor: Option<TrackDescriptor>,
}

/// An event (`track_event/track_event.proto`).
#[derive(Clone, PartialEq, Message)]
pub struct TrackEvent {
    /// What is the case with it: [`BEGIN`] or [`END`].
    #[prost(int32, optional, tag = "9")]
    pub r#type: Option<i32>,
    /// The track.
    #[prost(uint64, optional, tag = "11")]
    pub track_uuid: Option<u64>,
    /// Kinds by which events can be picked.
    #[prost(string, repeated, tag = "22")]
    pub categories: Vec<String>,
    /// The slice's name.
    #[prost(string, optional, tag = "23")]
    pub name: Option<String>,
    /// Arrows that begin here, or go on.
    #[prost(fixed64, repeated, packed = "false", tag = "47")]
    pub flow_ids: Vec<u64>,
    /// Arrows that end here.
    #[prost(fixed64, repeated, packed = "false", tag = "48")]
    pub terminating_flow_ids: Vec<u64>,
}

/// A slice begins.
pub const BEGIN: i32 = 1;
/// The slice that began last on the track ends.
pub const END: i32 = 2;

/// What a track is (`track_event/track_descriptor.proto`).
#[derive(Clone, PartialEq, Message)]
pub struct TrackDescriptor {
    /// Its number, by which events name it.
    #[prost(uint64, optional, tag = "1")]
    pub uuid: Option<u64>,
    /// Its name.
    #[prost(string, optional, tag = "2")]
    pub name: Option<String>,
    /// The process, of a process's track.
    #[prost(message, optional, tag = "3")]
    pub process: Option<ProcessDescriptor>,
    /// The thread, of a thread's track.
    #[prost(message, optional, tag = "4")]
    pub thread: Option<ThreadDescriptor>,
    /// The track that it stands below.
    #[prost(uint64, optional, tag = "5")]
    pub parent_uuid: Option<u64>,
}

/// A process (`track_event/process_descriptor.proto`).
#[derive(Clone, PartialEq, Message)]
pub struct ProcessDescriptor {
    /// Its number.
    #[prost(int32, optional, tag = "1")]
    pub pid: Option<i32>,
    /// Its name.
    #[prost(string, optional, tag = "6")]
    pub process_name: Option<String>,
}

/// A thread (`track_event/thread_descriptor.proto`).
#[derive(Clone, PartialEq, Message)]
pub struct ThreadDescriptor {
    /// Its process.
    #[prost(int32, optional, tag = "1")]
    pub pid: Option<i32>,
    /// Its number.
    #[prost(int32, optional, tag = "2")]
    pub tid: Option<i32>,
    /// Its name.
    #[prost(string, optional, tag = "5")]
    pub thread_name: Option<String>,
}
