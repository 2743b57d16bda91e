//! What each page shows.

use domain::{access, page::Page, page_data::PageData, query::Query};

use crate::{Pool, StoreError, actions, failure, failures, organizations, overview, trigger, triggers};

/// Loads the data of a page in one snapshot; `None` before everything that is there was counted once, and of a page that
/// is not built.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(
    pool: &Pool,
    sees: &access::Scope,
    page: &Page,
    query: &Query,
) -> Result<Option<PageData>, StoreError> {
    match load_once(pool, sees, page, query).await {
        // Who empties the table takes rows away from older snapshots too, so the engine ends those; the next one is good.
        Err(error) if error.is_in_the_way() => {
            tracing::info!(%error, page = page.title(), "the snapshot of a page is no longer good; reading another one");
            load_once(pool, sees, page, query).await
        }
        loaded => loaded,
    }
}

async fn load_once(
    pool: &Pool,
    sees: &access::Scope,
    page: &Page,
    query: &Query,
) -> Result<Option<PageData>, StoreError> {
    match page {
        Page::Overview => {
            let overview = overview::load(pool, sees, query).await?;
            Ok(overview.map(|overview| PageData::Overview(Box::new(overview))))
        }
        Page::Failures => {
            let failures = failures::load(pool, sees, query).await?;
            Ok(failures.map(|failures| PageData::Failures(Box::new(failures))))
        }
        Page::Failure(fingerprint) => {
            let failure = failure::load(pool, sees, fingerprint, query).await?;
            Ok(failure.map(|failure| PageData::Failure(Box::new(failure))))
        }
        Page::Organizations => {
            let organizations = organizations::load(pool, sees, query).await?;
            Ok(organizations.map(|organizations| PageData::Organizations(Box::new(organizations))))
        }
        Page::Actions => {
            let actions = actions::load(pool, sees, query).await?;
            Ok(actions.map(|actions| PageData::Actions(Box::new(actions))))
        }
        Page::Triggers => {
            let triggers = triggers::load(pool, sees, query).await?;
            Ok(triggers.map(|triggers| PageData::Triggers(Box::new(triggers))))
        }
        Page::Trigger(id) => {
            let trigger = trigger::load(pool, sees, id, query).await?;
            Ok(trigger.map(|trigger| PageData::Trigger(Box::new(trigger))))
        }
    }
}
