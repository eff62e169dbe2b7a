//! Compiles the preloaded library for embedding: a crate of the workspace, which needs `core` and libc alone.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes `libmarks.so` into `out` where it can exist: 64-bit Linux with glibc. Elsewhere the binary has none and says so.
pub fn build(out: &Path) {
    println!("cargo:rustc-check-cfg=cfg(preload_library)");
    let of_target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if (of_target("OS"), of_target("ENV"), of_target("POINTER_WIDTH")) != ("linux".into(), "gnu".into(), "64".into()) {
        return;
    }
    let source = Path::new("src/eventlog/preload");
    for file in [source, Path::new("src/trace/call.rs")] {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    for file in ["layout.rs", "producer.rs", "sys.rs"] {
        println!("cargo:rerun-if-changed=src/eventlog/{file}");
    }
    let library = out.join("libmarks.so");
    let mut rustc = Command::new(env::var_os("RUSTC").expect("cargo sets RUSTC"));
    rustc.args(["--edition=2024", "--crate-type=cdylib", "--crate-name=concur_tutor_marks"]);
    rustc.args(["-Copt-level=3", "-Cpanic=abort", "-Clto=fat", "-Ccodegen-units=1", "-Cstrip=symbols"]);
    // A thread that is cancelled inside a wrapped call unwinds through the wrapper.
    rustc.arg("-Cforce-unwind-tables=yes");
    // What a newer compiler warns of is for those who work on it, who see the crate's lints through cargo.
    rustc.arg("--cap-lints=allow");
    rustc.arg("--target").arg(env::var_os("TARGET").expect("cargo sets TARGET"));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc.arg(format!("-Clinker={}", PathBuf::from(linker).display()));
    }
    let status = rustc.arg("-o").arg(&library).arg(source.join("lib.rs")).status();
    assert!(
        status.as_ref().is_ok_and(std::process::ExitStatus::success),
        "the preloaded library does not compile: {status:?}"
    );
    println!("cargo:rustc-cfg=preload_library");
}
