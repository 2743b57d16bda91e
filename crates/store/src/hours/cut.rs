//! Hours cut in parts where windows begin and end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::window::start_of_hour;
use sqlx::PgConnection;

use super::{Filter, Piece};

/// Splits the pieces of every hour that has a cut inside of it. Of its parts all but the longest are read from the source;
/// that one is what remains.
pub(super) async fn split(
    connection: &mut PgConnection,
    filter: &Filter,
    pieces: &mut Vec<Piece>,
    cuts: BTreeSet<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    let mut by_hour: BTreeMap<DateTime<Utc>, Vec<DateTime<Utc>>> = BTreeMap::new();
    for cut in cuts.into_iter().filter(|&cut| start_of_hour(cut) != cut) {
        by_hour.entry(start_of_hour(cut)).or_default().push(cut);
    }
    for (hour, cuts) in by_hour {
        let mut bounds = vec![hour];
        bounds.extend(cuts);
        bounds.push(hour + TimeDelta::hours(1));
        let mut parts: Vec<_> = bounds.windows(2).map(|pair| (pair[0], pair[1])).collect();
        parts.sort_by_key(|(from, until)| *until - *from);
        let Some((rest, _)) = parts.pop() else { continue };
        let mut read = Vec::new();
        for (from, until) in parts {
            read.extend(part(connection, filter, from, until).await?);
        }
        pieces.iter_mut().filter(|piece| piece.at == hour).for_each(|piece| piece.at = rest);
        pieces.extend(read.iter().map(|part| part.taken_at(rest)));
        pieces.extend(read);
    }
    Ok(())
}

/// What ran from one moment on and before another one of the same hour.
async fn part(
    connection: &mut PgConnection,
    filter: &Filter,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Piece>, sqlx::Error> {
    let (action_type, status) = (filter.action_type.as_deref(), filter.status_word());
    let triggers = filter.triggers.as_deref();
    let rows = sqlx::query_file!("sql/hours/count_part.sql", from, until, action_type, status, triggers);
    let rows = rows.fetch_all(connection).await?.into_iter().map(|row| Piece {
        at: from,
        action_type: row.action_type,
        status: row.status,
        executions: row.executions,
        executions_with_duration: if row.bucket.is_some() { row.executions } else { 0 },
        duration_sum_ms: row.duration_sum_ms,
        total_retries: row.total_retries,
        durations: row.bucket.map(|bucket| (bucket, row.executions)).into_iter().collect(),
    });
    Ok(rows.collect())
}
