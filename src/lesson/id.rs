//! A lesson's id: the name of its folder, after the name of its pack where it comes from outside.

/// Stands between a pack's name and a lesson's own name in the lesson's id. No folder of the course has it, so what is
/// remembered of a pack's lesson never meets what is remembered of one of the course.
pub const MARK: char = ':';

/// A lesson's own name: without its pack's.
#[must_use]
pub fn own_name(id: &str) -> &str {
    id.rsplit_once(MARK).map_or(id, |(_, own)| own)
}
