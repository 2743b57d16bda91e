//! `tidemark refresh`: refreshes all views now, for an external cron.

use std::process::ExitCode;

use domain::format;
use serde_json::json;
use store::refresh::ViewRefresh;
use tokio_util::sync::CancellationToken;

use crate::{
    commands::table,
    database::Database,
    settings::{DatabaseArgs, RefreshArgs},
};

/// Refreshes, and tells how it went, view by view.
pub async fn run(database: &DatabaseArgs, args: &RefreshArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    let views = Database::with_migrated(database, &stop, async |pool| {
        Ok(store::refresh::run(pool, "tidemark refresh", args.timeout).await?)
    })
    .await?;
    if args.json {
        let answer: Vec<_> = views.iter().map(as_json).collect();
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        let rows: Vec<_> = views.iter().map(as_row).collect();
        table::print(&["view", "took", "rows", "result"], &rows);
    }
    let failed = views.iter().any(|view| !view.success);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn as_json(view: &ViewRefresh) -> serde_json::Value {
    json!({
        "view_name": view.view_name,
        "refresh_duration_ms": view.duration_ms,
        "rows_refreshed": view.rows,
        "success": view.success,
        "error_message": view.error_message,
    })
}

fn as_row(view: &ViewRefresh) -> Vec<String> {
    let result = match &view.error_message {
        Some(message) if !view.success => format!("failed: {message}"),
        _ => "refreshed".to_owned(),
    };
    let took = format::milliseconds(Some(f64::from(view.duration_ms)));
    vec![view.view_name.clone(), took, format::count(view.rows), result]
}
