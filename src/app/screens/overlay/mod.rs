//! What lies over a screen: the help, the runtimes, and whether to forget.

pub mod paint;
