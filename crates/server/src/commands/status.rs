//! `tidemark status`: how fresh the views are, for people, programs and an external cron.

use std::{process::ExitCode, time::Duration};

use chrono::{DateTime, Utc};
use domain::{
    format,
    freshness::{Staleness, Thresholds, ViewStatus, elapsed},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{
    commands::table,
    database::{Database, expect_existing},
    settings::{DatabaseArgs, StatusArgs},
};

/// Tells how fresh the views are. Exit code 0 fresh, 1 warning, 2 stale (or an error, which `main` tells).
pub async fn run(database: &DatabaseArgs, args: &StatusArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    expect_existing(database)?;
    let views = Database::with(database, &stop, async |pool| Ok(store::freshness::view_statuses(pool).await?)).await?;
    let now = Utc::now();
    let thresholds = Thresholds::for_interval(args.schedule.interval());
    let views: Vec<Judged> = views.into_iter().map(|view| Judged::new(view, now, thresholds)).collect();
    let worst = views.iter().map(|view| view.staleness).max().unwrap_or(Staleness::Critical);
    if args.json {
        print_json(&views, worst, thresholds, now)?;
    } else {
        print_table(&views, thresholds);
    }
    Ok(ExitCode::from(match worst {
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

fn print_json(views: &[Judged], worst: Staleness, thresholds: Thresholds, now: DateTime<Utc>) -> anyhow::Result<()> {
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
    let answer = json!({
        "generated_at": now,
        "staleness_status": thresholds.label(worst),
        "views": views.iter().map(view).collect::<Vec<_>>(),
    });
    println!("{}", serde_json::to_string_pretty(&answer)?);
    Ok(())
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
            view.last_refresh.map_or("never".to_owned(), format::moment),
            judged.age.map_or(format::MISSING.to_owned(), format::duration),
            format::milliseconds(took),
            thresholds.label(judged.staleness),
        ]
    };
    let rows: Vec<_> = views.iter().map(row).collect();
    table::print(&["view", "rows", "size", "as of", "age", "took", "status"], &rows);
    for judged in views {
        if let Some(failure) = &judged.view.last_failure {
            println!("{} failed at {}: {}", judged.view.view_name, format::moment(failure.at), failure.message);
        }
    }
}
