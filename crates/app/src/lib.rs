//! The pages, panels and server functions: one crate, compiled for the server and for the browser.
//!
//! A page is a pure function of a [`snapshot::Snapshot`], drawn on the server and whole without scripts. In the browser
//! [`wake`] starts its charts and keeps it live: when the data changes, the page is fetched again and what differs is put
//! in its place. Islands are only what is interactive by nature. What differs between server and browser (`cfg`) is in
//! [`api`] alone.
#![recursion_limit = "256"]

pub mod api;
mod browser;
mod frame;
mod pages;
mod panels;
pub mod screens;
mod shell;
pub mod snapshot;

pub use browser::wake;
pub use shell::shell;
