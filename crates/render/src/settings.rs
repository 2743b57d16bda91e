use std::time::Duration;

/// The limits of a [`Renderer`](crate::Renderer).
#[derive(Clone, Debug)]
pub struct Settings {
    /// Engines, each a thread: how many charts are drawn at once. Default 2; 0 counts as 1.
    pub engines: usize,
    /// Memory that one engine may use, in bytes. Default 128 MiB; loading ECharts takes about 8 MiB of it.
    pub memory_limit_bytes: usize,
    /// The longest that drawing one chart, or loading the script, may take. Default 5 s.
    pub timeout: Duration,
    /// Charts that wait for an engine; whoever asks for more waits for a place. Default 64; 0 counts as 1.
    pub queue: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { engines: 2, memory_limit_bytes: 128 << 20, timeout: Duration::from_secs(5), queue: 64 }
    }
}
