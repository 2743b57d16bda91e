//! Triggers and their health.

mod known;
mod list;
mod rank;
mod unwell;

pub(crate) use known::{Known, known};
pub(crate) use list::export;
pub use list::load;
pub(crate) use unwell::load as load_unwell;
