//! Who holds what open.

use chrono::TimeDelta;
use domain::doctor::Thresholds;

use super::{Outcome, found, healed, healthy, sick};

const ROW: &str = "insert into public.action_results (job_id, action_type, status) values ('j', 'rest', 'success')";

/// Nobody waits for minutes in a test.
fn soon() -> Thresholds {
    let open = TimeDelta::milliseconds(300);
    Thresholds { open_after: open, idle_after: open, ..Thresholds::default() }
}

#[tokio::test]
async fn a_writer_that_does_not_end_is_found_and_ended() -> Outcome {
    let database = healthy().await;
    let mut writer = database.pool.begin().await?;
    sqlx::query(ROW).execute(&mut *writer).await?;
    assert_eq!(found(&database.pool, "holders", &Thresholds::default()).await?, [], "it has only just begun");
    let finding = sick(&database.pool, "holders", &soon(), "pid ").await?;
    healed(&database.pool, &soon(), &finding).await?;
    assert!(writer.commit().await.is_err(), "it was ended");
    Ok(())
}

#[tokio::test]
async fn a_session_that_idles_in_a_transaction_is_found_and_ended() -> Outcome {
    let database = healthy().await;
    let mut reader = database.pool.begin().await?;
    sqlx::query("select count(*) from public.action_results").execute(&mut *reader).await?;
    assert_eq!(found(&database.pool, "idle_transactions", &Thresholds::default()).await?, []);
    let finding = sick(&database.pool, "idle_transactions", &soon(), "pid ").await?;
    healed(&database.pool, &soon(), &finding).await?;
    assert!(reader.commit().await.is_err(), "it was ended");
    Ok(())
}
