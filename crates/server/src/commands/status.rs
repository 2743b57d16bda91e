//! `tidemark status`: how fresh the views are, for people, programs and an external cron.

mod frontier;

use std::{process::ExitCode, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    format,
    freshness::{Staleness, Thresholds, ViewStatus, elapsed},
    spending::{TOLD_OVER, spelled},
};
use serde_json::json;
use store::freshness::Observation;
use tokio_util::sync::CancellationToken;

use crate::{
    commands::table,
    database::{Database, expect_existing},
    settings::{DatabaseArgs, StatusArgs},
};

/// Tells how fresh the views are. Exit code 0 fresh, 1 warning, 2 stale or not to be trusted (or an error, which `main`
/// tells).
pub async fn run(database: &DatabaseArgs, args: &StatusArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    expect_existing(database)?;
    let (views, observation, spent, reach) = Database::with(database, &stop, async |pool| {
        let views = store::freshness::view_statuses(pool).await?;
        let observation = store::freshness::observe(pool).await?;
        let spent = store::freshness::spent_on_refreshes(pool).await?;
        Ok((views, observation, spent, store::frontier::find(pool).await?))
    })
    .await?;
    let now = Utc::now();
    let thresholds = Thresholds::for_interval(args.schedule.interval());
    let views: Vec<Judged> = views.into_iter().map(|view| Judged::new(view, now, thresholds)).collect();
    let worst = views.iter().map(|view| view.staleness).max().unwrap_or(Staleness::Critical);
    if args.json {
        let mut answer = as_json(&views, worst, thresholds, now);
        answer["build"] = json!(observation.build);
        answer["frontier_holder"] = json!(observation.holder);
        answer["spent_on_refreshes"] = json!(spent);
        answer["frontier"] = frontier::as_json(&reach, now);
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print_table(&views, thresholds);
        print_notes(&observation, spent, now);
        frontier::print(&reach, observation.build.is_none(), now);
    }
    Ok(ExitCode::from(match worst {
        _ if !reach.problems.is_empty() => 2,
        Staleness::Fresh => 0,
        Staleness::Warning => 1,
        Staleness::Stale | Staleness::Critical => 2,
    }))
}

/// A view with its age and the verdict on it.
struct Judged {
    view: ViewStatus,
    age: Option<Duration>,
    staleness: Staleness,
}

impl Judged {
    /// A view that was never refreshed is critical.
    fn new(view: ViewStatus, now: DateTime<Utc>, thresholds: Thresholds) -> Self {
        let age = view.last_refresh.map(|moment| elapsed(moment, now));
        let staleness = age.map_or(Staleness::Critical, |age| thresholds.judge(age));
        Self { view, age, staleness }
    }
}

fn as_json(views: &[Judged], worst: Staleness, thresholds: Thresholds, now: DateTime<Utc>) -> serde_json::Value {
    let view = |judged: &Judged| {
        json!({
            "view_name": judged.view.view_name,
            "row_count": judged.view.row_count,
            "size_bytes": judged.view.size_bytes,
            "last_refresh": judged.view.last_refresh,
            "age_minutes": judged.age.map(|age| age.as_secs() / 60),
            "staleness_status": thresholds.label(judged.staleness),
            "last_duration_ms": judged.view.last_duration_ms,
            "last_failure": judged.view.last_failure,
        })
    };
    json!({
        "generated_at": now,
        "staleness_status": thresholds.label(worst),
        "views": views.iter().map(view).collect::<Vec<_>>(),
    })
}

fn print_table(views: &[Judged], thresholds: Thresholds) {
    let row = |judged: &Judged| {
        let view = &judged.view;
        #[allow(clippy::cast_precision_loss, reason = "for people")]
        let took = view.last_duration_ms.map(|milliseconds| milliseconds as f64);
        vec![
            view.view_name.clone(),
            format::count(view.row_count),
            format::bytes(view.size_bytes),
            view.last_refresh.map_or("never".to_owned(), |moment| format::moment(&moment)),
            judged.age.map_or(format::MISSING.to_owned(), format::duration),
            format::milliseconds(took),
            thresholds.label(judged.staleness),
        ]
    };
    let rows: Vec<_> = views.iter().map(row).collect();
    table::print(&["view", "rows", "size", "as of", "age", "took", "status"], &rows);
    for judged in views {
        if let Some(failure) = &judged.view.last_failure {
            println!("{} failed at {}: {}", judged.view.view_name, format::moment(&failure.at), failure.message);
        }
    }
}

/// What else there is to know: how far a first count is, and what refreshes take.
fn print_notes(observation: &Observation, spent: f64, now: DateTime<Utc>) {
    if let Some(build) = &observation.build {
        println!("Counting what is there: {}. The views answer as before until then.", build.progress(now));
    }
    println!("Refreshes took {} of one core over the last {} min.", spelled(spent), TOLD_OVER.as_secs() / 60);
}
