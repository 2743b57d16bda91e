//! What each page shows.

use domain::{page::Page, page_data::PageData, query::Query};

use crate::{Pool, StoreError, overview};

/// Loads the data of a page in one snapshot; `None` before everything that is there was counted once, and of a page that
/// is not built.
///
/// # Errors
/// When the database does not answer, or a query fails.
pub async fn load(pool: &Pool, page: &Page, query: &Query) -> Result<Option<PageData>, StoreError> {
    match load_once(pool, page, query).await {
        // Who empties the table takes rows away from older snapshots too, so the engine ends those; the next one is good.
        Err(error) if error.is_in_the_way() => {
            tracing::info!(%error, page = page.title(), "the snapshot of a page is no longer good; reading another one");
            load_once(pool, page, query).await
        }
        loaded => loaded,
    }
}

async fn load_once(pool: &Pool, page: &Page, query: &Query) -> Result<Option<PageData>, StoreError> {
    match page {
        Page::Overview => {
            let overview = overview::load(pool, query).await?;
            Ok(overview.map(|overview| PageData::Overview(Box::new(overview))))
        }
        Page::Actions | Page::Triggers | Page::Trigger(_) | Page::Failures | Page::Failure(_) | Page::Organizations => {
            Ok(None)
        }
    }
}
