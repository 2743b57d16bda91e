//! What runs when: one leader among all servers refreshes the views on schedule and forgets old entries of the log.
//!
//! A step is apart from the loop around it, so that tests step the scheduler without waiting.

mod schedule;
mod scheduler;

pub use schedule::{Settings, pause_after};
pub use scheduler::{Scheduler, Step};
