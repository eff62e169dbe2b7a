//! What a child writes, kept in bounded memory and readable while it still writes.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// The first bytes kept of a stream.
const HEAD: usize = 256 * 1024;
/// The last bytes kept of a stream.
const TAIL: usize = 256 * 1024;

/// One captured stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Captured(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    head: Vec<u8>,
    tail: Vec<u8>,
    dropped: usize,
    written: u64,
}

impl Kept {
    fn push(&mut self, bytes: &[u8]) {
        self.written += bytes.len() as u64;
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.tail.extend_from_slice(&bytes[room..]);
        // Cut only when twice too long, so that a flood costs one copy for every TAIL bytes.
        if self.tail.len() > 2 * TAIL {
            let cut = self.tail.len() - TAIL;
            self.tail.drain(..cut);
            self.dropped += cut;
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = self.head.clone();
        if self.dropped > 0 {
            out.extend_from_slice(format!("\n[... {} bytes left out ...]\n", self.dropped).as_bytes());
        }
        out.extend_from_slice(&self.tail);
        out
    }
}

impl Captured {
    /// Reads `stream` to its end on a thread of its own.
    pub(super) fn read(&self, mut stream: impl Read + Send + 'static) -> std::io::Result<JoinHandle<()>> {
        let kept = self.clone();
        std::thread::Builder::new().name("output".into()).spawn(move || {
            let mut buffer = vec![0; 16 * 1024];
            loop {
                match stream.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(n) => kept.0.lock().unwrap_or_else(PoisonError::into_inner).push(&buffer[..n]),
                    Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
        })
    }

    /// How many bytes have been written so far.
    pub(super) fn written(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).written
    }

    /// What has been written so far; the middle is left out where it was too much.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_keeps_its_start_and_its_end() {
        let mut kept = Kept::default();
        kept.push(b"first");
        for _ in 0..2000 {
            kept.push(&[b'x'; 1000]);
        }
        kept.push(b"last");
        let bytes = kept.bytes();
        assert!(bytes.starts_with(b"first") && bytes.ends_with(b"last"));
        assert!(bytes.len() < HEAD + 2 * TAIL + 100);
        assert!(String::from_utf8_lossy(&bytes).contains("bytes left out"));
    }

    #[test]
    fn what_fits_is_kept_whole() {
        let captured = Captured::default();
        captured.read(&b"hello"[..]).unwrap().join().unwrap();
        assert_eq!(captured.bytes(), b"hello");
    }
}
