//! Structured logs on standard error: for people at a terminal, JSON lines elsewhere. `RUST_LOG` chooses what is told.

use std::io::IsTerminal;

use anyhow::Context as _;
use tracing_subscriber::{EnvFilter, Layer as _, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::statements::Meter;

/// What is told unless `RUST_LOG` says otherwise. Notices of Postgres are for who works on the schema.
const DEFAULT_FILTER: &str = "info,sqlx=warn,sqlx::postgres::notice=error";

/// Starts the log. To be called once. How long statements take is added up too, whatever is told of them.
pub fn start() -> anyhow::Result<Meter> {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_else(|_| DEFAULT_FILTER.to_owned());
    let filter = EnvFilter::try_new(&wanted)
        .with_context(|| format!("RUST_LOG={wanted} says nothing to tell; write info or debug,sqlx=warn"))?;
    let (lines, meter) = (tracing_subscriber::fmt::layer().with_writer(std::io::stderr), Meter::default());
    let lines = if std::io::stderr().is_terminal() { lines.with_target(false).boxed() } else { lines.json().boxed() };
    tracing_subscriber::registry().with(lines.with_filter(filter)).with(meter.layer()).init();
    Ok(meter)
}
