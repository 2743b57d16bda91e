//! UTC days, cut in parts where windows begin and end: all but the longest part of a day are read from its hours and from
//! the source, that one is what remains. So a window of any length costs its days and a few hours.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::window::{Window, start_of_hour};
use sqlx::PgConnection;

use super::Piece;
use crate::hours::{self, Filter};

/// What ran in a window and in the one before it; and up to where that is in whole days, if it is.
pub(super) async fn load(
    connection: &mut PgConnection,
    filter: &Filter,
    window: &Window,
    as_of: DateTime<Utc>,
) -> Result<(Vec<Piece>, Option<DateTime<Utc>>), sqlx::Error> {
    let days_until = hours::days_until(connection, window).await?;
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let pieces = sqlx::query_file_as!(
        Piece,
        "sql/organizations/count_days.sql",
        day(window.before_begins),
        window.until,
        action_type,
        status,
        filter.triggers.as_deref()
    );
    let mut pieces = pieces.fetch_all(&mut *connection).await?;
    let cuts = [window.before_begins, window.begins, window.until].into_iter();
    let has_hours = |cut: &DateTime<Utc>| days_until.is_none_or(|until| day(*cut) >= until);
    split(connection, filter, &mut pieces, cuts.filter(has_hours).collect(), as_of).await?;
    // A day whose hours are not kept counts where its noon is.
    for piece in pieces.iter_mut().filter(|piece| days_until.is_some_and(|until| piece.at < until)) {
        piece.at += TimeDelta::hours(12);
    }
    Ok((pieces, days_until))
}

async fn split(
    connection: &mut PgConnection,
    filter: &Filter,
    pieces: &mut Vec<Piece>,
    cuts: BTreeSet<DateTime<Utc>>,
    as_of: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut by_day: BTreeMap<DateTime<Utc>, Vec<DateTime<Utc>>> = BTreeMap::new();
    for cut in cuts.into_iter().filter(|&cut| day(cut) != cut) {
        by_day.entry(day(cut)).or_default().push(cut);
    }
    let ids = sqlx::query_file_scalar!("sql/organizations/list_owned_triggers.sql");
    let ids = match &filter.triggers {
        Some(triggers) => triggers.clone(),
        None => ids.fetch_all(&mut *connection).await?,
    };
    for (day, cuts) in by_day {
        let mut bounds = vec![day];
        bounds.extend(cuts);
        bounds.push(day + Days::new(1));
        let mut parts: Vec<_> = bounds.windows(2).map(|pair| (pair[0], pair[1])).collect();
        // Nothing is to be read of what is yet to come.
        parts.sort_by_key(|(from, until)| (*until).min(as_of) - (*from).min(as_of));
        let Some((rest, _)) = parts.pop() else { continue };
        let mut read = Vec::new();
        for (from, until) in parts {
            read.extend(part(connection, filter, &ids, from, until).await?);
        }
        take_away(pieces, day, rest, &read);
        pieces.extend(read);
    }
    Ok(())
}

/// Leaves of a day what remains without some parts of it, as of the moment `rest`.
fn take_away(pieces: &mut [Piece], day: DateTime<Utc>, rest: DateTime<Utc>, parts: &[Piece]) {
    for piece in pieces.iter_mut().filter(|piece| piece.at == day) {
        piece.at = rest;
        let of_piece = |part: &&Piece| part.organization_id == piece.organization_id && part.status == piece.status;
        for part in parts.iter().filter(of_piece) {
            piece.executions -= part.executions;
            piece.executions_with_duration -= part.executions_with_duration;
            piece.duration_sum_ms -= part.duration_sum_ms;
            piece.total_retries -= part.total_retries;
        }
    }
}

/// What ran from one moment on and before another one of the same day: its whole hours, and what is left on both sides.
async fn part(
    connection: &mut PgConnection,
    filter: &Filter,
    ids: &[String],
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Piece>, sqlx::Error> {
    let (first, last) = (next_hour(from), start_of_hour(until));
    if first > last {
        return minutes(connection, filter, from, until).await;
    }
    let mut pieces = minutes(connection, filter, from, first).await?;
    pieces.extend(minutes(connection, filter, last, until).await?);
    if first < last {
        let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
        let hours =
            sqlx::query_file_as!(Piece, "sql/organizations/count_hours.sql", first, last, action_type, status, ids);
        pieces.extend(hours.fetch_all(connection).await?);
    }
    Ok(pieces)
}

/// What ran in a part of an hour.
async fn minutes(
    connection: &mut PgConnection,
    filter: &Filter,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Piece>, sqlx::Error> {
    if from >= until {
        return Ok(Vec::new());
    }
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let triggers = filter.triggers.as_deref();
    let rows =
        sqlx::query_file_as!(Piece, "sql/organizations/count_part.sql", from, until, action_type, status, triggers);
    rows.fetch_all(connection).await
}

/// The beginning of the UTC day that a moment is in.
fn day(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

/// The first UTC hour that begins at a moment or after it.
fn next_hour(moment: DateTime<Utc>) -> DateTime<Utc> {
    let hour = start_of_hour(moment);
    if hour == moment { hour } else { hour + TimeDelta::hours(1) }
}
