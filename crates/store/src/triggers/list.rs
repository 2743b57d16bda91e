//! The page of all triggers: the order by the indexes of a view, the numbers from the live truth.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::{
    access,
    cursor::Cursor,
    panel::Panel as _,
    query::Query,
    triggers::{Census, Listed, OF_A_PAGE, SPARK_DAYS, Thresholds, TriggerList, Triggers},
};
use sqlx::PgConnection;

use super::{
    known,
    rank::{Narrowed, rank},
};
use crate::{
    Pool, StoreError,
    exports::{OF_A_PART, Part},
    snapshot,
};

/// Loads a page of the list of triggers; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, sees: &access::Scope, query: &Query) -> Result<Option<Triggers>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let list = load_list(&mut transaction, sees, query, as_of).await?;
    let has_triggers = list.census.total > 0 || list.census.is_narrowed || !list.rows.is_empty();
    let has_run =
        has_triggers || sqlx::query_file_scalar!("sql/hours/has_run.sql").fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Some(Triggers { data_as_of: as_of, has_run, list }))
}

/// Some triggers of the list for a file: those from `query.after` on, without counts of all.
pub(crate) async fn export(
    pool: &Pool,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<Part, StoreError> {
    let mut connection = pool.acquire().await?;
    let narrowed = Narrowed::load(&mut connection, sees, query).await?;
    let (rows, next) = load_rows(&mut connection, query, &narrowed, as_of, OF_A_PART).await?;
    let list = TriggerList {
        order: query.order,
        ranked_at: None,
        rows,
        next,
        is_first: query.after.is_none(),
        census: Census::default(),
        thresholds: Thresholds::default(),
    };
    Ok(Part { table: list.table(query), next: list.next })
}

async fn load_list(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<TriggerList, sqlx::Error> {
    let thresholds = Thresholds::default();
    let narrowed = Narrowed::load(connection, sees, query).await?;
    let (rows, next) = load_rows(connection, query, &narrowed, as_of, OF_A_PAGE).await?;
    Ok(TriggerList {
        order: query.order,
        ranked_at: sqlx::query_file_scalar!("sql/triggers/find_ranked_at.sql").fetch_optional(&mut *connection).await?,
        rows,
        next,
        is_first: query.after.is_none(),
        census: narrowed.take_census(connection, thresholds.silent_before(as_of)).await?,
        thresholds,
    })
}

/// So many triggers at most, and where the next ones begin, if there are more.
async fn load_rows(
    connection: &mut PgConnection,
    query: &Query,
    narrowed: &Narrowed,
    as_of: DateTime<Utc>,
    most: usize,
) -> Result<(Vec<Listed>, Option<Cursor>), sqlx::Error> {
    let thresholds = Thresholds::default();
    let ranking = query.order.ranking(&thresholds, as_of);
    let after = query.after.as_ref().filter(|after| query.order.fits(after));
    let after = after.map(|after| (query.order.value_at(after), after.id.as_str()));
    let mut ranked = rank(connection, narrowed, &ranking, after, most + 1).await?;
    let has_more = ranked.len() > most;
    ranked.truncate(most);
    let last = ranked.last().filter(|_| has_more);
    let next = last.map(|(id, value)| query.order.cursor(value.as_deref(), id));
    let ids: Vec<String> = ranked.into_iter().map(|(id, _)| id).collect();
    let mut days = count_days(connection, &ids, as_of).await?;
    let known = known(connection, &ids).await?;
    let rows = known.into_iter().map(|known| Listed {
        days: days.remove(&known.id).unwrap_or_else(|| vec![0; SPARK_DAYS]),
        trigger: known.judged(&thresholds, as_of),
    });
    Ok((rows.collect(), next))
}

/// Runs on each of the last UTC days, oldest first.
async fn count_days(
    connection: &mut PgConnection,
    ids: &[String],
    as_of: DateTime<Utc>,
) -> Result<HashMap<String, Vec<i64>>, sqlx::Error> {
    let tomorrow = as_of.date_naive().and_time(NaiveTime::MIN).and_utc() + TimeDelta::days(1);
    let first = tomorrow - TimeDelta::days(i64::try_from(SPARK_DAYS).unwrap_or_default());
    let rows = sqlx::query_file!("sql/triggers/count_days.sql", ids, first, tomorrow).fetch_all(connection).await?;
    let mut days: HashMap<String, Vec<i64>> = HashMap::new();
    for row in rows {
        let days = days.entry(row.trigger_id).or_insert_with(|| vec![0; SPARK_DAYS]);
        let place = usize::try_from((row.day - first).num_days()).ok();
        if let Some(day) = place.and_then(|place| days.get_mut(place)) {
            *day += row.executions;
        }
    }
    Ok(days)
}
