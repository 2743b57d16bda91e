//! `tidemark doctor`: what is wrong with the database, and what mends it.

use std::process::ExitCode;

use chrono::Utc;
use domain::{
    doctor::{NamedPlan, Severity, Thresholds, exit_code, sentence},
    statements::Plan,
};
use serde_json::json;
use store::doctor::examine;
use tokio_util::sync::CancellationToken;

use crate::{
    database::Database,
    settings::{DatabaseArgs, DoctorArgs},
};

/// Examines the database as it is: nothing is changed, nothing migrated.
pub async fn run(database: &DatabaseArgs, args: &DoctorArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    let findings =
        Database::with(database, &stop, async |pool| Ok(examine(pool, &Thresholds::default(), Utc::now()).await?))
            .await?;
    if args.json {
        println!("{}", json!({ "sentence": sentence(&findings), "findings": findings }));
        return Ok(ExitCode::from(exit_code(&findings)));
    }
    println!("{}", sentence(&findings));
    for finding in &findings {
        let word = if finding.check.severity == Severity::Critical { "critical" } else { "warning" };
        println!("\n{word}: {}: {}", finding.check.title, finding.subject);
        println!("  {}\n  {}\n  mends it: {}", finding.evidence, finding.check.why, finding.fix);
        for NamedPlan { name, plan: Plan::Known(plan) | Plan::Unknown(plan) } in &finding.plans {
            println!("  plan of {name}:\n    {}", plan.replace('\n', "\n    "));
        }
    }
    Ok(ExitCode::from(exit_code(&findings)))
}
