//! The HTTP API for programs, under `/api/v1`.

pub mod annotations;
