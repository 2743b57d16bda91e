//! How long statements take: what servers ran, and what the database knows of everybody.

pub(crate) mod plan;

use domain::statements::{DAYS, LISTED, OfDatabase, Statement, Statements};

use crate::{Pool, StoreError};

/// Days for which it is kept.
const KEPT_DAYS: i32 = 100;

/// How often a statement ran, and how long that took.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Its text, as the source spells it.
    pub statement: String,
    /// How often.
    pub calls: i64,
    /// How long in all, in milliseconds.
    pub total_ms: f64,
    /// The longest, in milliseconds.
    pub longest_ms: f64,
}

/// Adds what a server ran since it told last.
///
/// # Errors
/// When the database does not answer.
pub async fn add(pool: &Pool, measured: &[Measured]) -> Result<(), StoreError> {
    if measured.is_empty() {
        return Ok(());
    }
    let texts: Vec<String> = measured.iter().map(|one| one.statement.clone()).collect();
    let calls: Vec<i64> = measured.iter().map(|one| one.calls).collect();
    let totals: Vec<f64> = measured.iter().map(|one| one.total_ms).collect();
    let longest: Vec<f64> = measured.iter().map(|one| one.longest_ms).collect();
    let added = sqlx::query_file!("sql/statements/add_statements.sql", &texts, &calls, &totals, &longest);
    added.execute(pool).await?;
    Ok(())
}

/// Forgets what is old.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_old(pool: &Pool) -> Result<(), StoreError> {
    sqlx::query_file!("sql/statements/forget_old_statements.sql", KEPT_DAYS).execute(pool).await?;
    Ok(())
}

/// The slowest, with their plans.
///
/// # Errors
/// When the database does not answer.
pub async fn load(pool: &Pool) -> Result<Statements, StoreError> {
    let days = i32::try_from(DAYS).unwrap_or(i32::MAX);
    let rows = sqlx::query_file!("sql/statements/list_slowest.sql", days, LISTED).fetch_all(pool).await?;
    let (kinds, calls, total_ms) = rows.first().map_or((0, 0, 0.0), |row| (row.kinds, row.all_calls, row.all_ms));
    let own = rows.into_iter().map(|row| Measured {
        statement: row.statement,
        calls: row.calls,
        total_ms: row.total_ms,
        longest_ms: row.longest_ms,
    });
    let own = planned(pool, own.collect()).await?;
    Ok(Statements { own, kinds, calls, total_ms, of_database: of_database(pool).await? })
}

async fn of_database(pool: &Pool) -> Result<OfDatabase, StoreError> {
    if !sqlx::query_file_scalar!("sql/statements/has_extension.sql").fetch_one(pool).await? {
        return Ok(OfDatabase::Absent);
    }
    let most = i32::try_from(LISTED).unwrap_or(i32::MAX);
    let rows = sqlx::query_file_as!(Measured, "sql/statements/list_of_database.sql", most).fetch_all(pool).await;
    match rows {
        Ok(rows) => Ok(OfDatabase::Known(planned(pool, rows).await?)),
        // It is there, but not loaded, or not for this role.
        Err(sqlx::Error::Database(error)) => Ok(OfDatabase::Unreadable(error.message().to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Adds to each how it would be run.
async fn planned(pool: &Pool, measured: Vec<Measured>) -> Result<Vec<Statement>, StoreError> {
    let texts: Vec<String> = measured.iter().map(|one| one.statement.clone()).collect();
    let plans = plan::of_each(pool, &texts).await?;
    Ok(measured.into_iter().zip(plans).map(|(one, plan)| one.with(plan)).collect())
}

impl Measured {
    fn with(self, plan: domain::statements::Plan) -> Statement {
        let Self { statement: text, calls, total_ms, longest_ms } = self;
        Statement { text, calls, total_ms, longest_ms, plan }
    }
}
