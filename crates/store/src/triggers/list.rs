//! The page of all triggers: the order by the indexes of a view, the numbers from the live truth.

use std::collections::HashMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::{
    query::Query,
    triggers::{Census, Listed, OF_A_PAGE, SPARK_DAYS, Thresholds, TriggerList, Triggers, Unwell},
};
use sqlx::PgConnection;

use crate::{Pool, StoreError, snapshot, triggers::known};

/// Loads a page of the list of triggers; `None` before everything that is there was counted once.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, query: &Query) -> Result<Option<Triggers>, StoreError> {
    let Some((mut transaction, as_of)) = snapshot::begin(pool).await? else { return Ok(None) };
    let list = load_list(&mut transaction, query, as_of).await?;
    let has_triggers = list.census.total > 0 || list.census.is_narrowed || !list.rows.is_empty();
    let has_run =
        has_triggers || sqlx::query_file_scalar!("sql/hours/has_run.sql").fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Some(Triggers { data_as_of: as_of, has_run, list }))
}

async fn load_list(
    connection: &mut PgConnection,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<TriggerList, sqlx::Error> {
    let thresholds = Thresholds::default();
    let narrowed = Narrowed::load(connection, query).await?;
    let mut ranked = rank(connection, query, &narrowed, &thresholds, as_of).await?;
    let has_more = ranked.len() > OF_A_PAGE;
    ranked.truncate(OF_A_PAGE);
    let last = ranked.last().filter(|_| has_more);
    let next = last.map(|(id, value)| query.order.cursor(value.as_deref(), id));
    let ids: Vec<String> = ranked.into_iter().map(|(id, _)| id).collect();
    let mut days = count_days(connection, &ids, as_of).await?;
    let known = known(connection, &ids).await?;
    let rows = known.into_iter().map(|known| Listed {
        verdict: thresholds.judge(&known.totals, known.entry.as_ref(), as_of),
        days: days.remove(&known.id).unwrap_or_else(|| vec![0; SPARK_DAYS]),
        id: known.id,
        entry: known.entry,
        totals: known.totals,
    });
    Ok(TriggerList {
        order: query.order,
        ranked_at: sqlx::query_file_scalar!("sql/triggers/find_ranked_at.sql").fetch_optional(&mut *connection).await?,
        rows: rows.collect(),
        next,
        is_first: query.after.is_none(),
        census: take_census(connection, &narrowed, thresholds.silent_before(as_of)).await?,
        thresholds,
    })
}

/// What of all triggers is asked for.
enum Narrowed {
    /// All of them.
    No,
    /// These.
    ToFew(Vec<String>),
    /// More than [`Census::MATCHED`].
    ToMany,
}

impl Narrowed {
    async fn load(connection: &mut PgConnection, query: &Query) -> Result<Self, sqlx::Error> {
        let Query { organization, text, trigger, .. } = query;
        if organization.is_none() && text.is_none() && trigger.is_none() {
            return Ok(Self::No);
        }
        let ids = sqlx::query_file_scalar!(
            "sql/triggers/list_matching_triggers.sql",
            organization.as_deref(),
            text.as_deref(),
            trigger.as_deref(),
            Census::MATCHED + 1
        );
        let ids = ids.fetch_all(connection).await?;
        let is_few = i64::try_from(ids.len()).is_ok_and(|number| number <= Census::MATCHED);
        Ok(if is_few { Self::ToFew(ids) } else { Self::ToMany })
    }
}

/// The ids of a page, and of one trigger more where there is one, each with its value in the column of the order.
async fn rank(
    connection: &mut PgConnection,
    query: &Query,
    narrowed: &Narrowed,
    thresholds: &Thresholds,
    as_of: DateTime<Utc>,
) -> Result<Vec<(String, Option<String>)>, sqlx::Error> {
    let ranking = query.order.ranking(thresholds, as_of);
    let (matched, organization, text) = match narrowed {
        Narrowed::No => (None, None, None),
        Narrowed::ToFew(ids) => (Some(ids.as_slice()), None, None),
        Narrowed::ToMany => (None, query.organization.as_deref(), query.text.as_deref()),
    };
    let after = query.after.as_ref().filter(|after| query.order.fits(after));
    let rows = sqlx::query_file!(
        "sql/triggers/rank_triggers.sql",
        ranking.sort.word(),
        ranking.is_descending,
        ranking.beyond,
        ranking.is_enabled,
        matched,
        organization,
        text,
        after.and_then(|after| query.order.value_at(after)),
        after.map(|after| after.id.as_str()),
        i32::try_from(OF_A_PAGE).unwrap_or(i32::MAX) + 1
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(|row| (row.id, row.value)).collect())
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

async fn take_census(
    connection: &mut PgConnection,
    narrowed: &Narrowed,
    silent_before: DateTime<Utc>,
) -> Result<Census, sqlx::Error> {
    match narrowed {
        Narrowed::No => {
            let bound = Census::COUNTED + 1;
            let counted = sqlx::query_file!("sql/triggers/count_unwell.sql", silent_before, bound);
            let counted = counted.fetch_one(connection).await?;
            let unwell = Unwell { critical: counted.critical, warning: counted.warning, idle: counted.idle };
            Ok(Census { total: counted.total, is_narrowed: false, unwell: Some(unwell) })
        }
        Narrowed::ToFew(ids) => {
            let unwell = sqlx::query_file_as!(Unwell, "sql/triggers/count_unwell_matching.sql", ids, silent_before);
            let unwell = Some(unwell.fetch_one(connection).await?);
            Ok(Census { total: i64::try_from(ids.len()).unwrap_or(i64::MAX), is_narrowed: true, unwell })
        }
        Narrowed::ToMany => Ok(Census { total: Census::MATCHED + 1, is_narrowed: true, unwell: None }),
    }
}
