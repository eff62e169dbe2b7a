//! CPython's concurrency modelled in Rust.
