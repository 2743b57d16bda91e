//! The pages, panels and server functions: one crate, compiled for the server and for the browser.
//!
//! A page is drawn on the server from a [`snapshot::Snapshot`] and is whole without scripts. Each panel is an island:
//! in the browser it wakes up, draws its chart live and follows the data as it grows. What differs between server and
//! browser (`cfg`) is in [`api`] alone.
#![recursion_limit = "256"]

pub mod api;
mod browser;
mod pages;
mod panels;
mod shell;
pub mod snapshot;

pub use shell::{App, shell};
