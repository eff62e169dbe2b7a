//! Builds what the binary embeds.

#[path = "build/course.rs"]
mod course;
#[path = "build/highlight.rs"]
mod highlight;
#[path = "build/link.rs"]
mod link;
#[path = "build/preload.rs"]
mod preload;
#[path = "build/recorded.rs"]
mod recorded;
#[path = "build/trace.rs"]
mod trace;

use std::path::PathBuf;

fn main() {
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    course::build(&out);
    highlight::dump(&out);
    preload::build(&out);
    recorded::list(&out);
    link::say();
}
