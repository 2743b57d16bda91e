//! The `tidemark` binary as it is called: what it prints, how it exits, what it answers.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod annotations;
mod doctor;
mod doctor_outside;
mod exports;
mod live;
mod migrate;
mod pages;
mod proxy;
mod refresh;
mod running;
mod serve;
mod settings;
mod status;
mod validate;
