//! How the binary is linked.

use std::env::var;

/// At a fixed address where the loader would otherwise work before the first frame: a binary that may lie anywhere has some
/// 40,000 pointers (formatting tables, vtables) that are put right at each start, for which 310 pages are touched and
/// copied. That took a quarter of the time up to the first frame. Libraries, heap and stacks lie where they did: anywhere.
pub(crate) fn say() {
    let target = |part: &str| var(format!("CARGO_CFG_TARGET_{part}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
