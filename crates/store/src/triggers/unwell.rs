//! The triggers that need a look: the order by the indexes of a view, the numbers from the live truth.

use chrono::{DateTime, Utc};
use domain::{
    access,
    query::Query,
    triggers::{Order, Ranking, SHOWN, SavedView, Thresholds, UnwellTriggers},
};
use sqlx::PgConnection;

use super::{
    known,
    rank::{Narrowed, rank},
};

/// The triggers in worst health, over all recorded executions: those past a threshold, then the idle ones, then the busiest.
pub(crate) async fn load(
    connection: &mut PgConnection,
    sees: &access::Scope,
    query: &Query,
    as_of: DateTime<Utc>,
) -> Result<UnwellTriggers, sqlx::Error> {
    let thresholds = Thresholds::default();
    // The text is of other pages.
    let narrowed = Narrowed::load(connection, sees, &query.with_text(None)).await?;
    let of_view = |view| Order::of_view(view).ranking(&thresholds, as_of);
    let mut ids: Vec<String> = Vec::new();
    for ranking in [Ranking::past_a_threshold(), of_view(SavedView::Idle), of_view(SavedView::Active)] {
        if ids.len() < SHOWN {
            for (id, _) in rank(connection, &narrowed, &ranking, None, SHOWN).await? {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
    }
    ids.truncate(SHOWN);
    let known = known(connection, &ids).await?;
    let rows = known.into_iter().map(|known| known.judged(&thresholds, as_of)).collect();
    let census = narrowed.take_census(connection, thresholds.silent_before(as_of)).await?;
    Ok(UnwellTriggers { rows, census })
}
