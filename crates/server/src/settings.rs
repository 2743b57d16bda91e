//! The command line and its environment. Each setting is a flag or a variable; a bad one is told in one line.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{demo::DemoArgs, import::ImportArgs};

/// Keeps analytics views over a Postgres table of action results exactly fresh, and shows them.
#[derive(Debug, Parser)]
#[command(name = "tidemark", version, about)]
pub struct Cli {
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `tidemark` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the dashboard and keep the views fresh
    Serve(ServeArgs),
    /// Serve the dashboard over made-up data: 30 days of history, then a live trickle
    Demo(DemoServeArgs),
    /// Import action results from CSV or JSON Lines files, also gzipped
    Import(ImportArgs),
    /// Make the schema, or bring it up to date; safe to run twice
    Migrate,
    /// Refresh all views now; exit code 1 when one failed
    Refresh(RefreshArgs),
    /// Tell how fresh the views are; exit code 0 fresh, 1 warning, 2 stale or unreachable
    Status(StatusArgs),
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// The database, as postgres://user:password@host/database; without it Tidemark starts a Postgres of its own
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// Where Tidemark's own Postgres keeps its data [default: .tidemark here if there is one, else the user's data folder]
    #[arg(long, env = "TIDEMARK_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// The most connections to the database at once
    #[arg(long, env = "TIDEMARK_MAX_CONNECTIONS", default_value_t = 10, value_parser = clap::value_parser!(u32).range(4..=500), global = true)]
    pub max_connections: u32,
}

/// How often the views are refreshed.
#[derive(Debug, Clone, Args)]
pub struct ScheduleArgs {
    /// How busy the database is
    #[arg(long, env = "TIDEMARK_PROFILE", default_value = "production")]
    pub profile: Profile,
    /// Refresh this often instead of as the profile says, for example 30s or 2min (at least 1s)
    #[arg(long, env = "TIDEMARK_INTERVAL", value_parser = interval)]
    pub interval: Option<Duration>,
}

/// How busy the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Refresh every 5 minutes
    Production,
    /// Refresh every 15 minutes
    Development,
    /// Refresh every hour
    LowTraffic,
}

impl ScheduleArgs {
    /// The time from one refresh to the next.
    pub fn interval(&self) -> Duration {
        let minutes = match self.profile {
            Profile::Production => 5,
            Profile::Development => 15,
            Profile::LowTraffic => 60,
        };
        self.interval.unwrap_or(Duration::from_secs(60 * minutes))
    }
}

/// Settings of the server.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where to listen
    #[arg(long, env = "TIDEMARK_ADDR", default_value = "127.0.0.1:8640", value_parser = address)]
    pub addr: SocketAddr,
    /// What people may do who have not logged in
    #[arg(long, env = "TIDEMARK_ANONYMOUS", default_value = "viewer")]
    pub anonymous: Anonymous,
    /// How often to refresh.
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    /// How long one refresh may take
    #[arg(long, env = "TIDEMARK_REFRESH_TIMEOUT", default_value = "10min", value_parser = interval)]
    pub refresh_timeout: Duration,
    /// How long the log of refreshes is kept
    #[arg(long, env = "TIDEMARK_REFRESH_LOG_RETENTION", default_value = "30days", value_parser = humantime::parse_duration)]
    pub refresh_log_retention: Duration,
    /// The most browsers that may listen for news at once
    #[arg(long, env = "TIDEMARK_MAX_LISTENERS", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub max_listeners: u32,
    /// How long requests that are under way may take after a stop was asked for
    #[arg(long, env = "TIDEMARK_DRAIN_TIMEOUT", default_value = "10s", value_parser = humantime::parse_duration)]
    pub drain_timeout: Duration,
    /// Write an echo of last week's runs while serving, for a demonstration
    #[arg(long)]
    pub trickle: bool,
}

/// What people may do who have not logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Anonymous {
    /// Look at everything
    Viewer,
    /// Nothing
    Off,
}

/// Settings of the demonstration.
#[derive(Debug, Clone, Args)]
pub struct DemoServeArgs {
    /// The made-up data.
    #[command(flatten)]
    pub demo: DemoArgs,
    /// Make the history and stop, without serving
    #[arg(long)]
    pub history_only: bool,
    /// The server.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// Settings of a refresh.
#[derive(Debug, Clone, Args)]
pub struct RefreshArgs {
    /// How long it may take
    #[arg(long, default_value = "10min", value_parser = interval)]
    pub timeout: Duration,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// Settings of the status.
#[derive(Debug, Clone, Args)]
pub struct StatusArgs {
    /// The schedule that ages are judged against.
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|error| format!("{error}; write 127.0.0.1:8640 or [::1]:8640"))
}

/// The longest interval or timeout: Postgres counts its timeouts in milliseconds, in 31 bits.
const LONGEST: Duration = Duration::from_secs(20 * 24 * 3600);

fn interval(text: &str) -> Result<Duration, String> {
    let interval = humantime::parse_duration(text).map_err(|error| format!("{error}; write 30s, 2min or 1h"))?;
    match interval {
        interval if interval < Duration::from_secs(1) => Err("at least 1s".to_owned()),
        interval if interval > LONGEST => Err("at most 20days".to_owned()),
        interval => Ok(interval),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn intervals_are_at_least_a_second() {
        assert_eq!(interval("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(interval("10ms"), Err("at least 1s".to_owned()));
        assert!(interval("soon").is_err_and(|message| message.contains("30s")));
    }
}
