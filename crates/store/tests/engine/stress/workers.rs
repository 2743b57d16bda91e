//! Writers that do what their scripts say. None may fail, but for what Postgres refuses to serialize.

use std::sync::Arc;

use super::{
    Stress,
    script::{COLUMNS, Deed, Script, Step},
};
use crate::support::{Session, sqlstate};

pub async fn write(stress: Arc<Stress>, number: usize) {
    let mut session = Session::connect(&stress.url).await.unwrap();
    let database: String = session.value("select current_database()::text").await;
    let mut script = Script::new(stress.seed, number);
    session.run(&script.prepare()).await;
    while !stress.is_over() {
        let deed = script.next();
        while let Err(error) = attempt(&mut session, &deed, &database).await {
            let is_refused = deed.may_be_refused && sqlstate(&error) == "40001";
            assert!(is_refused, "writer {number} failed with {error}: {deed:#?}");
            session.run("rollback").await;
            if stress.is_over() {
                return;
            }
            Stress::count(&stress.counts.retries);
        }
        Stress::count(&stress.counts.transactions);
        if deed.truncates {
            Stress::count(&stress.counts.truncates);
        }
        if deed.prepares {
            Stress::count(&stress.counts.prepared);
        }
    }
}

async fn attempt(session: &mut Session, deed: &Deed, database: &str) -> Result<(), sqlx::Error> {
    for step in &deed.steps {
        match step {
            Step::Run(sql) => session.attempt(&sql.replace("{database}", database)).await?,
            Step::Copy(lines) => {
                let statement = format!("copy public.action_results ({COLUMNS}) from stdin");
                let mut copy = session.connection.copy_in_raw(&statement).await?;
                copy.send(lines.as_bytes()).await?;
                copy.finish().await?;
            }
            Step::Pause(pause) => tokio::time::sleep(*pause).await,
        }
    }
    Ok(())
}
