//! The pages, all of one shape: the header with its freshness, the banner, then panels.

mod frame;
mod not_found;
mod overview;

pub use not_found::NotFoundPage;
pub use overview::OverviewPage;
