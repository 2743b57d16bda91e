//! The command line and its environment. Each setting is a flag or a variable; a bad one is told in one line.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use chrono::{Days, NaiveDate, NaiveTime};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{
    access::{Role, Scope as AccessScope},
    spending::Share,
};
use refresh::Schedule;
use store::validation::Scope;

use crate::{access::settings::AccessArgs, demo::DemoArgs, import::ImportArgs};

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
    /// Make the schema, or bring it up to date, and count what is there; safe to run twice
    Migrate,
    /// Refresh all views now; exit code 1 when one failed
    Refresh(RefreshArgs),
    /// Tell how fresh the views are; exit code 0 fresh, 1 warning, 2 stale, not to be trusted or unreachable
    Status(StatusArgs),
    /// Compare the counts and the views with the rows; exit code 0 exact, 1 different
    Validate(ValidateArgs),
    /// Count anew what does not agree with the rows
    Rebuild(RangeArgs),
    /// Find what is wrong, and what mends it; exit code 0 nothing, 1 warnings, 2 something critical
    Doctor(DoctorArgs),
    /// Say who may log in
    #[command(subcommand)]
    User(UserCommand),
    /// Make keys for programs
    #[command(subcommand)]
    Key(KeyCommand),
}

/// What can be done about people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add somebody, with a link to choose a password
    Add {
        /// The name
        name: String,
        /// What they may do: viewer, operator or admin
        #[arg(long, default_value = "viewer", value_parser = Role::from_word)]
        role: Role,
        /// Only the triggers of these organizations, by id, with commas
        #[arg(long, default_value = "", value_parser = AccessScope::read, hide_default_value = true)]
        organizations: AccessScope,
        /// Read the password from the standard input instead of making a link
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody
    List,
    /// Keep somebody out, and end their sessions
    Disable {
        /// The name
        name: String,
    },
    /// Let somebody in again
    Enable {
        /// The name
        name: String,
    },
    /// End somebody's sessions, and make a link to choose a new password
    Reset {
        /// The name
        name: String,
    },
}

/// What can be done about keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key; it is told once
    Add {
        /// What it is for
        name: String,
        /// What may be done with it: viewer, operator or admin
        #[arg(long, default_value = "viewer", value_parser = Role::from_word)]
        role: Role,
        /// Only the triggers of these organizations, by id, with commas
        #[arg(long, default_value = "", value_parser = AccessScope::read, hide_default_value = true)]
        organizations: AccessScope,
        /// For how many days it is good
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// List all keys
    List,
    /// Make a key void
    Revoke {
        /// Its number
        id: i64,
    },
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
    #[arg(long, env = "TIDEMARK_PROFILE", default_value = "live")]
    pub profile: Profile,
    /// Refresh this often instead of as the profile says, for example 30s or 2min (at least 1s)
    #[arg(long, env = "TIDEMARK_INTERVAL", value_parser = interval)]
    pub interval: Option<Duration>,
}

/// How busy the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Profile {
    /// Refresh as rows arrive, as often as every 5 seconds, within the budget
    Live,
    /// Refresh every 5 minutes
    Production,
    /// Refresh every 15 minutes
    Development,
    /// Refresh every hour
    LowTraffic,
}

impl ScheduleArgs {
    /// What makes a refresh due.
    pub fn schedule(&self) -> Schedule {
        let minutes = |minutes: u64| Schedule::Every(Duration::from_secs(60 * minutes));
        match (self.interval, self.profile) {
            (Some(interval), _) => Schedule::Every(interval),
            (None, Profile::Live) => Schedule::Live,
            (None, Profile::Production) => minutes(5),
            (None, Profile::Development) => minutes(15),
            (None, Profile::LowTraffic) => minutes(60),
        }
    }

    /// The longest time from one refresh to the next.
    pub fn interval(&self) -> Duration {
        self.schedule().interval()
    }
}

/// Settings of the server.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where to listen
    #[arg(long, env = "TIDEMARK_ADDR", default_value = "127.0.0.1:8640", value_parser = address)]
    pub addr: SocketAddr,
    /// Who may look, and who may act.
    #[command(flatten)]
    pub access: AccessArgs,
    /// How often to refresh.
    #[command(flatten)]
    pub schedule: ScheduleArgs,
    /// What keeping the data fresh may take of one core, database and drawing together, for example 5%
    #[arg(long, env = "TIDEMARK_BUDGET", default_value_t = Share::DEFAULT)]
    pub budget: Share,
    /// How often to ask the database whether something changed while somebody looks (at least 100ms)
    #[arg(long, env = "TIDEMARK_PULSE", default_value = "1s", value_parser = pulse)]
    pub pulse: Duration,
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

/// Settings of the doctor.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

/// Which days.
#[derive(Debug, Clone, Args)]
pub struct RangeArgs {
    /// The first day, in UTC, as 2026-11-01; without both days the totals of triggers and the views belong to it too
    #[arg(long)]
    pub from: Option<NaiveDate>,
    /// The last day, in UTC
    #[arg(long)]
    pub until: Option<NaiveDate>,
}

impl RangeArgs {
    /// What is to be looked at: of these days a share.
    pub fn scope(&self, share: f64) -> anyhow::Result<Scope> {
        if let (Some(from), Some(until)) = (self.from, self.until) {
            anyhow::ensure!(from <= until, "there is no day from {from} until {until}");
        }
        let beginning = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let end = self.until.map(|day| beginning(day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)));
        Ok(Scope { from: self.from.map(beginning), until: end, share })
    }
}

/// As it is written on the command line.
impl fmt::Display for RangeArgs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (flag, day) in [("from", self.from), ("until", self.until)] {
            if let Some(day) = day {
                write!(formatter, " --{flag} {day}")?;
            }
        }
        Ok(())
    }
}

/// Settings of a validation.
#[derive(Debug, Clone, Args)]
pub struct ValidateArgs {
    /// Which days.
    #[command(flatten)]
    pub range: RangeArgs,
    /// Compare only some of the days, chosen at random, and of the triggers, for example 10%
    #[arg(long, default_value = "100%", value_parser = sample)]
    pub sample: f64,
    /// How many differences are told at most
    #[arg(long, default_value_t = 20)]
    pub show: usize,
    /// Answer in JSON
    #[arg(long)]
    pub json: bool,
}

fn sample(text: &str) -> Result<f64, String> {
    let percent = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok());
    let percent = percent.filter(|percent| *percent > 0.0 && *percent <= 100.0);
    percent.map(|percent| percent / 100.0).ok_or_else(|| "write a share above 0%, at most 100%, as in 10%".to_owned())
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

fn pulse(text: &str) -> Result<Duration, String> {
    let pulse = humantime::parse_duration(text).map_err(|error| format!("{error}; write 1s or 500ms"))?;
    if pulse < Duration::from_millis(100) { Err("at least 100ms".to_owned()) } else { Ok(pulse) }
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

    #[test]
    fn an_interval_overrules_the_profile_and_live_is_the_default() {
        let schedule = |arguments: &[&str]| {
            let cli = Cli::try_parse_from(["tidemark", "serve"].iter().chain(arguments));
            cli.map(|cli| match cli.command {
                Command::Serve(args) => Some(args.schedule.schedule()),
                _ => None,
            })
        };
        let every = |seconds| Some(Schedule::Every(Duration::from_secs(seconds)));
        let cases = [
            (&[][..], Some(Schedule::Live)),
            (&["--profile", "production"], every(300)),
            (&["--profile", "low-traffic"], every(3600)),
            (&["--profile", "live", "--interval", "30s"], every(30)),
        ];
        for (arguments, expected) in cases {
            assert!(schedule(arguments).is_ok_and(|found| found == expected), "{arguments:?}");
        }
    }

    #[test]
    fn days_are_whole_and_the_last_one_belongs_to_the_range() {
        let day = |text: &str| text.parse().ok();
        let range = RangeArgs { from: day("2026-11-01"), until: day("2026-11-02") };
        let moment = |text: &str| text.parse().ok();
        let scope = Scope { from: moment("2026-11-01T00:00:00Z"), until: moment("2026-11-03T00:00:00Z"), share: 1.0 };
        assert_eq!(range.scope(1.0).ok(), Some(scope));
        assert_eq!(range.to_string(), " --from 2026-11-01 --until 2026-11-02");
        assert_eq!(RangeArgs { from: None, until: None }.scope(1.0).ok(), Some(Scope::ALL));
        assert!(RangeArgs { from: range.until, until: range.from }.scope(1.0).is_err());
        assert_eq!((sample("10%"), sample("0%").is_err(), sample("10").is_err()), (Ok(0.1), true, true));
    }

    #[test]
    fn the_pulse_is_not_a_flutter() {
        assert_eq!(pulse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(pulse("1ms"), Err("at least 100ms".to_owned()));
    }
}
