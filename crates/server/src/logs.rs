//! Structured logs on standard error: for people at a terminal, JSON lines elsewhere. `RUST_LOG` chooses what is told.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// What is told unless `RUST_LOG` says otherwise. Notices of Postgres are for who works on the schema.
const DEFAULT_FILTER: &str = "info,sqlx=warn,sqlx::postgres::notice=error";

/// Starts the log. To be called once.
pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        subscriber.with_target(false).init();
    } else {
        subscriber.json().init();
    }
}
