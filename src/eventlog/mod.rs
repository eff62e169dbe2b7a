//! The shared-memory event log: layout, writer, reader.
