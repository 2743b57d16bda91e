//! Panels as files: their numbers as CSV, their charts as drawings and pictures that can stand alone.

mod csv;
mod lines;
mod palette;
mod poster;

pub use csv::{Sheet, records};
pub use lines::stream;
pub use poster::{CHART_HEIGHT, CHART_WIDTH, Poster};
