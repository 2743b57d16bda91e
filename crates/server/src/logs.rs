//! Structured logs on standard error: for people at a terminal, JSON lines elsewhere. `RUST_LOG` chooses what is told.

use std::io::IsTerminal;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

/// What is told unless `RUST_LOG` says otherwise. Notices of Postgres are for who works on the schema.
const DEFAULT_FILTER: &str = "info,sqlx=warn,sqlx::postgres::notice=error";

/// Starts the log. To be called once.
pub fn start() -> anyhow::Result<()> {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_else(|_| DEFAULT_FILTER.to_owned());
    let filter = EnvFilter::try_new(&wanted)
        .with_context(|| format!("RUST_LOG={wanted} says nothing to tell; write info or debug,sqlx=warn"))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        subscriber.with_target(false).init();
    } else {
        subscriber.json().init();
    }
    Ok(())
}
