//! The head of a file of ours: it tells our files from others, and says their version and whether they are whole.

use sha2::{Digest, Sha256};

/// What a file begins with.
pub(super) type Magic = [u8; 8];

const CHECKSUM: usize = 16;

/// Why what is in a file is nothing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is not one of these files.
    Foreign,
    /// It ends before its head does.
    CutOff,
    /// What follows the head is not what was written.
    Changed,
    /// Another version of the layout.
    Version(u16),
}

/// A file of these bytes.
pub(super) fn seal(magic: Magic, version: u16, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(magic.len() + 2 + CHECKSUM + body.len());
    out.extend_from_slice(&magic);
    out.extend_from_slice(&version.to_le_bytes());
    out.extend_from_slice(&checksum(body));
    out.extend_from_slice(body);
    out
}

/// The version and the bytes in a file, if it is of one of these versions.
pub(super) fn unseal(magic: Magic, versions: std::ops::RangeInclusive<u16>, file: &[u8]) -> Result<&[u8], Broken> {
    let Some(rest) = file.strip_prefix(&magic) else {
        let begun = !file.is_empty() && magic.starts_with(file);
        return Err(if begun { Broken::CutOff } else { Broken::Foreign });
    };
    let (version, rest) = rest.split_first_chunk().ok_or(Broken::CutOff)?;
    let version = u16::from_le_bytes(*version);
    if !versions.contains(&version) {
        return Err(Broken::Version(version));
    }
    let (sum, body) = rest.split_first_chunk::<CHECKSUM>().ok_or(Broken::CutOff)?;
    if *sum == checksum(body) { Ok(body) } else { Err(Broken::Changed) }
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut out = [0; CHECKSUM];
    out.copy_from_slice(&Sha256::digest(body)[..CHECKSUM]);
    out
}
