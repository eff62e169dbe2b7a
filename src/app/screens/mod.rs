//! The screens: one folder each, with its state, what keys and clicks do there, and how it is drawn.

pub mod desk;
pub mod interview;
pub mod map;
pub mod overlay;
pub mod review;
