//! A fold whose backend is terminated at each step.

use super::walk::{GAPS, Gap, Moments, Walker};
use crate::support::{Background, Engine, Session, assert_none};

const INSERT: &str = "insert into public.action_results (job_id, action_type, status) values ('j', 'a', 'failed')";

/// Walks a fold up to a gap and kills it there. Writers that are to end after its commit do so after its end.
async fn walk_and_kill(walker: &mut Walker, killer: &mut Session, moments: Moments, last: Gap) -> Vec<String> {
    walker.prepare().await;
    let waits_in_vain = moments.holds_frontier() && last > Gap::DuringWait;
    let fold: Background = walker.start_fold(if waits_in_vain { "30ms" } else { "60s" }).await;
    let mut differences = Vec::new();
    for gap in GAPS.into_iter().filter(|&gap| gap <= last && !(waits_in_vain && gap == Gap::DuringWait)) {
        assert_eq!(walker.barriers.arrival(&fold, gap).await, gap, "{moments:?}, killed at {last:?}");
        differences.extend(walker.write(moments, gap).await);
        if gap == Gap::BeforeWait && !waits_in_vain {
            walker.barriers.have_it_wait().await;
        }
        if gap < last {
            walker.barriers.leave(gap).await;
        }
    }
    killer.terminate(fold.pid).await;
    assert!(fold.outcome().await.1.is_err(), "it was killed");
    walker.barriers.open().await;
    differences.extend(walker.write(moments, Gap::AfterCommit).await);
    differences.extend(walker.asker.differences_after_refresh().await);
    differences
}

#[tokio::test]
async fn a_fold_killed_at_any_step_leaves_everything_exact() {
    let engine = Engine::new().await;
    let mut walker = Walker::new(&engine.database.url).await;
    let mut killer = engine.session().await;
    for last in GAPS.into_iter().filter(|&gap| gap < Gap::AfterCommit) {
        let open = Moments { begin: Gap::BeforeWatermark, write: Gap::BeforeWatermark, end: Gap::AfterCommit };
        let done = Moments { begin: last, write: last, end: last };
        for moments in [open, done] {
            let differences = walk_and_kill(&mut walker, &mut killer, moments, last).await;
            assert_none(&differences, &format!("killed at {last:?}, {moments:?}"));
        }
    }
}

#[tokio::test]
async fn a_refresh_killed_between_its_views_leaves_everything_exact() {
    let engine = Engine::new().await;
    engine
        .database
        .run("insert into public.action_results (job_id, action_type, status) values ('j', 'a', 'failed')")
        .await;
    let (mut blocker, mut killer) = (engine.session().await, engine.session().await);
    for view in ["action_metrics_hourly", "trigger_performance_summary", "recent_failures", "action_type_distribution"]
    {
        engine.database.run(INSERT).await;
        blocker.run(&format!("begin; refresh materialized view public.{view}")).await;
        let refresh = engine.session().await.start("select public.refresh_action_analytics()");
        killer.until_waits(refresh.pid, "relation").await;
        engine
            .database
            .run("insert into public.action_results (job_id, action_type, status) values ('j', 'a', 'failed')")
            .await;
        killer.terminate(refresh.pid).await;
        assert!(refresh.outcome().await.1.is_err(), "it was killed");
        blocker.run("rollback").await;
        engine.assert_exact(&format!("killed before {view}")).await;
    }
}
