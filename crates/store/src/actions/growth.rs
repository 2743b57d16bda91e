//! How the number of executions grows from week to week.

use chrono::{DateTime, Utc};
use domain::{
    actions::growth::{Growth, Week, Weeks},
    status::StatusCounts,
    window::{Step, Window},
};
use sqlx::PgConnection;

use crate::hours::Filter;

/// What ran between moments, in order.
struct Parts {
    /// When each begins, and when the last one ends.
    bounds: Vec<DateTime<Utc>>,
    counts: Vec<StatusCounts>,
}

/// The weeks up to the end of the window. Of single triggers they are put together from UTC days.
pub(super) async fn load(
    connection: &mut PgConnection,
    filter: &Filter,
    window: &Window,
    as_of: DateTime<Utc>,
) -> Result<Growth, sqlx::Error> {
    let step = if filter.triggers.is_some() { Step::Day } else { Step::Hour };
    let weeks = Weeks::of(window, as_of, step);
    let mut bounds = weeks.mondays.clone();
    bounds.extend(weeks.cut.into_iter().chain(weeks.cut_before));
    bounds.sort_unstable();
    bounds.dedup();
    let parts = load_parts(connection, filter, bounds).await?;
    let first = parts.bounds.first().copied();
    let has_earlier = sqlx::query_file_scalar!("sql/hours/has_earlier.sql", first).fetch_one(connection).await?;
    let known_from = if has_earlier { first } else { parts.first_counted() };
    Ok(Growth { zone: window.zone, weeks: put_together(&weeks, &parts, known_from), step })
}

async fn load_parts(
    connection: &mut PgConnection,
    filter: &Filter,
    bounds: Vec<DateTime<Utc>>,
) -> Result<Parts, sqlx::Error> {
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let mut counts = vec![StatusCounts::default(); bounds.len()];
    let mut count = |place: i32, status: &str, executions: i64| {
        let place = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
        if let Some(counts) = place.and_then(|place| counts.get_mut(place)) {
            counts.count(status, executions);
        }
    };
    if let Some(triggers) = filter.triggers.as_deref() {
        let rows = sqlx::query_file!("sql/actions/count_trigger_weeks.sql", &bounds, triggers, action_type, status);
        let rows = rows.fetch_all(connection).await?;
        rows.iter().for_each(|row| count(row.place, &row.status, row.executions));
    } else {
        let rows = sqlx::query_file!("sql/actions/count_weeks.sql", &bounds, action_type, status);
        let rows = rows.fetch_all(connection).await?;
        rows.iter().for_each(|row| count(row.place, &row.status, row.executions));
    }
    Ok(Parts { bounds, counts })
}

impl Parts {
    /// What ran from one bound to another.
    fn between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> StatusCounts {
        let parts = self.bounds.iter().zip(&self.counts);
        parts.filter(|&(&begins, _)| from <= begins && begins < until).map(|(_, &counts)| counts).sum()
    }

    /// The beginning of the week after the first part in which something ran: the first that is sure to be whole.
    fn first_counted(&self) -> Option<DateTime<Utc>> {
        let ran = self.counts.iter().position(|counts| counts.total() > 0)?;
        self.bounds.get(ran + 1).copied()
    }
}

/// A week is compared with the one before where that is known whole.
fn put_together(weeks: &Weeks, parts: &Parts, known_from: Option<DateTime<Utc>>) -> Vec<Week> {
    let mut before: Option<DateTime<Utc>> = None;
    let mut put_together = Vec::with_capacity(weeks.mondays.len());
    for pair in weeks.mondays.windows(2) {
        let (begins, ends) = (pair[0], pair[1]);
        let cut = weeks.cut.filter(|&cut| begins <= cut && cut < ends);
        let until_before = if cut.is_some() { weeks.cut_before } else { Some(begins) };
        let is_known = |monday: &DateTime<Utc>| known_from.is_some_and(|from| from <= *monday);
        let compared = before.filter(is_known).zip(until_before).map(|(monday, until)| {
            let now = parts.between(begins, cut.unwrap_or(ends));
            (now.total(), parts.between(monday, until).total())
        });
        // What is shown begins with the first week in which something ran.
        if put_together.is_empty() && parts.between(begins, ends).total() == 0 {
            before = Some(begins);
            continue;
        }
        put_together.push(Week { begins, ends, counts: parts.between(begins, ends), compared, partial: cut.is_some() });
        before = Some(begins);
    }
    put_together
}
