//! What `tidemark status` tells of the rollups: how far they are, who holds them back, whether they can be trusted.

use chrono::{DateTime, Utc};
use domain::{format, freshness::elapsed};
use serde_json::{Value, json};
use store::frontier::Frontier;

/// For programs.
pub fn as_json(frontier: &Frontier, now: DateTime<Utc>) -> Value {
    json!({
        "frontier_at": frontier.frontier_at,
        "age_seconds": elapsed(frontier.frontier_at, now).as_secs(),
        "log_entries": frontier.log_entries,
        "holders": frontier.holders,
        "problems": frontier.problems,
    })
}

/// For people.
pub fn print(frontier: &Frontier, is_built: bool, now: DateTime<Utc>) {
    for problem in &frontier.problems {
        println!("The counts cannot be trusted: {problem}. `tidemark migrate` counts everything anew.");
    }
    for holder in frontier.holders.iter().filter(|holder| holder.is_worth_telling(now)) {
        println!("{}", holder.sentence(now));
    }
    if !is_built || !frontier.problems.is_empty() {
        return;
    }
    let waiting = match frontier.log_entries {
        0 => "no older changes wait".to_owned(),
        1 => "1 older change waits".to_owned(),
        many => format!("{} older changes wait", format::count(many)),
    };
    let age = format::duration(elapsed(frontier.frontier_at, now));
    println!("The counts reach to {age} ago, and {waiting} to be added. All of it is in what is read.");
}
