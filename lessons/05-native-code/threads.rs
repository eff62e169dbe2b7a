//! Hash data with SHA-256, each share in a thread.

use crate::native::{Py, ThreadPool, commas};
use crate::runtime::native::knobs;
use sha2::{Digest, Sha256};

knobs! {
    WORKERS: usize = 2;
    MIB: usize = 512; // for each worker to hash
    SIZE: usize = 1_048_576; // bytes in a piece
}

/// The model's `hashlib` releases the GIL from this size on, as CPython's does.
const LARGE: usize = 2048;

fn update(py: &Py, sha: &mut Sha256, piece: &[u8]) {
    if piece.len() >= LARGE {
        py.allow_threads(|| sha.update(piece)); // no Python in there: others may run
    } else {
        sha.update(piece);
    }
}

fn digest(py: &Py, _worker: usize) -> (String, usize) {
    let (mut sha, mut calls) = (Sha256::new(), 0);
    let (piece, mut left) = (vec![0; *SIZE], *MIB * (1 << 20));
    while left > 0 {
        let size = left.min(*SIZE); // the last one may be smaller
        update(py, &mut sha, &piece[..size]);
        left -= size;
        calls += 1;
        py.tick(); // back edge: does another thread want the GIL?
    }
    let start = sha
        .finalize()
        .iter()
        .take(6)
        .fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    (format!("{start:012x}"), calls)
}

pub fn main(py: &Py) {
    let pool = ThreadPool::new(*WORKERS);
    let digests: Vec<_> = pool.map(py, 0..*WORKERS, digest).collect();
    let (found, calls) = &digests[0];
    println!("{} MiB each, in {} calls: {found}...", *MIB, commas(calls));
}
