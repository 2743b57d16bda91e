//! A writer begins, writes (and reads the watermark in its trigger) and commits, each between any two steps of a fold.

mod callers;
mod crashes;
mod kills;
mod truncates;
mod waits;
pub mod walk;
pub mod writing;

use walk::{GAPS, Gap, Moments, Walker};
use writing::WRITINGS;

use crate::support::{Engine, assert_none};

/// All ways to put three moments, one after the other, into the gaps.
pub fn all_moments() -> Vec<Moments> {
    let mut all = Vec::new();
    for begin in GAPS {
        for write in GAPS.into_iter().filter(|&write| write >= begin) {
            all.extend(GAPS.into_iter().filter(|&end| end >= write).map(|end| Moments { begin, write, end }));
        }
    }
    all
}

#[tokio::test]
async fn every_interleaving_is_exact() {
    let engine = Engine::new().await;
    let mut walker = Walker::new(&engine.database.url).await;
    let all = all_moments();
    assert_eq!(all.len(), 56);
    for moments in all {
        let walked = walker.walk(moments).await;
        assert_eq!(
            walked.places,
            GAPS.map(|gap| moments.is_stop(gap).then_some(gap)),
            "{moments:?}: the fold was there"
        );
        assert_eq!(walked.is_held, moments.holds_frontier(), "{moments:?}: the frontier stays for the writers");
        assert_none(&walked.differences, &format!("{moments:?}"));
    }
}

/// Others wait as well, and would hide it if one was not waited for.
#[tokio::test]
async fn each_kind_of_writer_that_is_open_holds_the_frontier_alone() {
    let engine = Engine::new().await;
    let mut walker = Walker::new(&engine.database.url).await;
    let moments = Moments { begin: Gap::BeforeWatermark, write: Gap::BeforeWatermark, end: Gap::BeforeCommit };
    for writing in WRITINGS {
        walker.only = Some(writing.name);
        let walked = walker.walk(moments).await;
        assert!(walked.is_held, "{}", writing.name);
        assert_none(&walked.differences, writing.name);
    }
}
