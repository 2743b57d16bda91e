//! What each page shows.

use domain::{page::Page, page_data::PageData, query::Query};

use crate::{Pool, StoreError, overview, trigger, triggers};

/// Loads the data of a page in one snapshot; `None` before everything that is there was counted once, and of a page that
/// is not built.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, page: &Page, query: &Query) -> Result<Option<PageData>, StoreError> {
    match page {
        Page::Overview => {
            let overview = overview::load(pool, query).await?;
            Ok(overview.map(|overview| PageData::Overview(Box::new(overview))))
        }
        Page::Triggers => {
            let triggers = triggers::load(pool, query).await?;
            Ok(triggers.map(|triggers| PageData::Triggers(Box::new(triggers))))
        }
        Page::Trigger(id) => {
            let trigger = trigger::load(pool, id, query).await?;
            Ok(trigger.map(|trigger| PageData::Trigger(Box::new(trigger))))
        }
        Page::Actions | Page::Failures | Page::Failure(_) | Page::Organizations => Ok(None),
    }
}
