//! The last 24 hours in numbers, against the 24 before.

use domain::summary::{Period, Summary};
use sqlx::PgConnection;

use crate::{
    hours::{Cut, Hours, Tally},
    overview::Windows,
};

/// Whole hours are counted already. The two that a window's edge cuts are split, so that both windows are equally long.
pub(crate) async fn load(
    connection: &mut PgConnection,
    hours: &Hours,
    windows: Windows,
) -> Result<Summary, sqlx::Error> {
    let (before, after) = Cut { at: windows.begins }.split(connection, hours).await?;
    let (_, first) = Cut { at: windows.before_begins }.split(connection, hours).await?;
    let mut current = hours.between(windows.begins, windows.until);
    current.add(&after);
    let mut previous = hours.between(windows.before_begins, windows.begins);
    previous.add(&before);
    previous.add(&first);
    Ok(Summary { current: period(&current), previous: period(&previous), has_run: !hours.are_empty() })
}

fn period(tally: &Tally) -> Period {
    Period {
        counts: tally.counts,
        p95_duration_ms: tally.durations.quantile(0.95),
        total_retries: tally.total_retries,
        kinds_of_error: None,
    }
}
