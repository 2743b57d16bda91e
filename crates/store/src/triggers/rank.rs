//! Which triggers come first, by the indexes of a view, and how many of them are unwell.

use chrono::{DateTime, Utc};
use domain::{
    access,
    query::Query,
    triggers::{Census, Ranking, Unwell},
};
use sqlx::PgConnection;

/// What of all triggers is asked for.
pub(super) enum Narrowed {
    /// All of them.
    No,
    /// These.
    ToFew(Vec<String>),
    /// More than [`Census::MATCHED`]: those of the organization, with the text.
    ToMany { organization: Option<String>, text: Option<String> },
}

impl Narrowed {
    /// What a query asks for, within what is seen.
    pub async fn load(connection: &mut PgConnection, sees: &access::Scope, query: &Query) -> Result<Self, sqlx::Error> {
        let Query { organization, text, trigger, .. } = query;
        let organizations = sees.narrowed(organization.as_deref());
        if organizations.is_none() && text.is_none() && trigger.is_none() {
            return Ok(Self::No);
        }
        // What is seen cannot be told in fewer words than by naming all of it.
        let most = if *sees == access::Scope::All { Census::MATCHED + 1 } else { i64::MAX };
        let ids = sqlx::query_file_scalar!(
            "sql/triggers/list_matching_triggers.sql",
            organizations.as_deref(),
            text.as_deref(),
            trigger.as_deref(),
            most
        );
        let ids = ids.fetch_all(connection).await?;
        let is_few = i64::try_from(ids.len()).is_ok_and(|number| number < most);
        let to_many = || Self::ToMany { organization: organization.clone(), text: text.clone() };
        Ok(if is_few { Self::ToFew(ids) } else { to_many() })
    }

    /// How they are, as of the last refresh.
    pub async fn take_census(
        &self,
        connection: &mut PgConnection,
        silent_before: DateTime<Utc>,
    ) -> Result<Census, sqlx::Error> {
        match self {
            Self::No => {
                let bound = Census::COUNTED + 1;
                let counted = sqlx::query_file!("sql/triggers/count_unwell.sql", silent_before, bound);
                let counted = counted.fetch_one(connection).await?;
                let unwell = Unwell { critical: counted.critical, warning: counted.warning, idle: counted.idle };
                Ok(Census { total: counted.total, is_narrowed: false, unwell: Some(unwell) })
            }
            Self::ToFew(ids) => {
                let unwell = sqlx::query_file_as!(Unwell, "sql/triggers/count_unwell_matching.sql", ids, silent_before);
                let unwell = Some(unwell.fetch_one(connection).await?);
                Ok(Census { total: i64::try_from(ids.len()).unwrap_or(i64::MAX), is_narrowed: true, unwell })
            }
            Self::ToMany { .. } => Ok(Census { total: Census::MATCHED + 1, is_narrowed: true, unwell: None }),
        }
    }
}

/// The ids of at most so many triggers, after one with this value and id, each with its value in the column of the order.
pub(super) async fn rank(
    connection: &mut PgConnection,
    narrowed: &Narrowed,
    ranking: &Ranking,
    after: Option<(Option<String>, &str)>,
    most: usize,
) -> Result<Vec<(String, Option<String>)>, sqlx::Error> {
    let (matched, organization, text) = match narrowed {
        Narrowed::No => (None, None, None),
        Narrowed::ToFew(ids) => (Some(ids.as_slice()), None, None),
        Narrowed::ToMany { organization, text } => (None, organization.as_deref(), text.as_deref()),
    };
    let (value, id) = after.unzip();
    let rows = sqlx::query_file!(
        "sql/triggers/rank_triggers.sql",
        ranking.sort.word(),
        ranking.is_descending,
        ranking.beyond.as_deref(),
        ranking.is_enabled,
        matched,
        organization,
        text,
        value.flatten(),
        id,
        i32::try_from(most).unwrap_or(i32::MAX)
    );
    Ok(rows.fetch_all(connection).await?.into_iter().map(|row| (row.id, row.value)).collect())
}
