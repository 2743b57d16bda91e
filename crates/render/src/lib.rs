//! Charts as SVG on the server: the browser's own ECharts inside an embedded QuickJS.
//!
//! A [`Renderer`] keeps a few engines, each a thread with a QuickJS runtime that has loaded the bundle of ECharts once,
//! and hands them one [`ChartRequest`] after another. The same option draws the same chart in the browser.
//!
//! The SVG has a `viewBox` and no size of its own, presentation attributes and no styles, and ids that begin with the
//! chart's own: it can stand in a page under a strict Content-Security-Policy, next to other charts, in both themes.

mod chart;
mod engine;
mod error;
mod picture;
mod renderer;
mod settings;

pub use chart::{ChartRequest, MAX_ID_LENGTH, MAX_SIDE};
pub use error::RenderError;
pub use picture::{FONT_FAMILY, png};
pub use renderer::Renderer;
pub use settings::Settings;
