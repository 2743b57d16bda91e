//! What runs when: one leader among all servers folds and refreshes on schedule, and forgets old entries of the log. All
//! that a server does to keep data fresh is paid from one [`Account`].
//!
//! A step is apart from the loop around it, so that tests step the scheduler without waiting.

mod budget;
pub mod live;
mod schedule;
mod scheduler;

pub use budget::{Account, Budget, Work};
pub use schedule::{Schedule, Settings, pause_after};
pub use scheduler::{Scheduler, Step};
