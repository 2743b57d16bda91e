use std::time::Duration;

use thiserror::Error;

/// Why a chart was not drawn.
#[derive(Debug, Error)]
pub enum RenderError {
    /// The request breaks a rule of [`ChartRequest`](crate::ChartRequest); no engine saw it.
    #[error("chart '{chart}' cannot be drawn: {problem}")]
    InvalidChart {
        /// The chart's id, as given.
        chart: String,
        /// The rule, and what was given instead.
        problem: String,
    },
    /// ECharts refused the option, or ran out of memory over it.
    #[error("chart '{chart}' cannot be drawn: {message}")]
    Script {
        /// The chart's id.
        chart: String,
        /// The JavaScript error and the innermost line of its stack.
        message: String,
    },
    /// Drawing took longer than [`Settings::timeout`](crate::Settings::timeout).
    #[error("chart '{chart}' was given up after {timeout:?}")]
    Timeout {
        /// The chart's id.
        chart: String,
        /// The limit that was reached.
        timeout: Duration,
    },
    /// An engine could not be started: its thread, or the script that it loads.
    #[error("the chart engine does not start: {message}")]
    Engine {
        /// What went wrong.
        message: String,
    },
    /// The engines are gone, because one of them crashed.
    #[error("chart '{chart}' was not drawn: the chart engine has stopped")]
    Stopped {
        /// The chart's id.
        chart: String,
    },
    /// A drawing could not be made a picture.
    #[error("a picture cannot be made of the drawing: {message}")]
    Picture {
        /// What is wrong with it.
        message: String,
    },
}
