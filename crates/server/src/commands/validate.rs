//! `tidemark validate`: compares the counts and the views with the rows themselves.

use std::process::ExitCode;

use domain::format;
use serde_json::{Value, json};
use store::validation::{Difference, Findings, Step, validate};
use tokio_util::sync::CancellationToken;

use crate::{
    commands::table,
    database::{Database, expect_existing},
    progress::Line,
    settings::{DatabaseArgs, ValidateArgs},
};

/// Validates, and names what differs. Exit code 0 when everything is exact, 1 when not (2 for an error, which `main`
/// tells).
pub async fn run(database: &DatabaseArgs, args: &ValidateArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    expect_existing(database)?;
    let scope = args.range.scope(args.sample)?;
    let (findings, problems) = Database::with(database, &stop, async |pool| {
        let line = Line::new();
        let problems = store::build::problems(pool).await?;
        let findings = validate(pool, &scope, args.show, |step| line.show(news("compared", step))).await?;
        Ok((findings, problems))
    })
    .await?;
    let is_exact = findings.count == 0 && problems.is_empty();
    if args.json {
        let mut answer = as_json(&findings);
        answer["is_exact"] = json!(is_exact);
        answer["problems"] = json!(problems);
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print(&findings, args);
        for problem in &problems {
            println!("The counts cannot be trusted: {problem}. `tidemark migrate` counts everything anew.");
        }
    }
    Ok(if is_exact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How far it is, for people.
pub fn news(done: &str, step: Step) -> String {
    match step {
        Step::Rows(progress) => progress.sentence(done),
        Step::Triggers => "now the totals of triggers".to_owned(),
        Step::Views => "now the four views".to_owned(),
    }
}

fn as_json(findings: &Findings) -> Value {
    let difference = |difference: &Difference| {
        json!({
            "relation": difference.relation,
            "group": difference.group_key,
            "measure": difference.measure,
            "found": difference.found,
            "expected": difference.expected,
        })
    };
    json!({
        "rows": findings.rows,
        "compared_triggers": findings.compared_triggers,
        "compared_views": findings.compared_views,
        "count": findings.count,
        "differences": findings.differences.iter().map(difference).collect::<Vec<_>>(),
    })
}

fn print(findings: &Findings, args: &ValidateArgs) {
    if findings.count == 0 {
        let also = if findings.compared_views { ", so do the totals of triggers and the four views" } else { "" };
        println!("Exact: the counts agree with {}{also}.", format::counted(findings.rows, "row", "rows"));
        return;
    }
    let cell = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
    let row = |found: &Difference| {
        let (relation, group, measure) = (found.relation.clone(), found.group_key.clone(), found.measure.clone());
        vec![relation, group, measure, cell(&found.found), cell(&found.expected)]
    };
    let rows: Vec<_> = findings.differences.iter().map(row).collect();
    table::print(&["relation", "group", "measure", "found", "expected"], &rows);
    let are_all_shown = usize::try_from(findings.count).is_ok_and(|count| count <= rows.len());
    let shown = if are_all_shown { String::new() } else { format!(", of which {} are shown", rows.len()) };
    let count = format::counted(findings.count, "difference", "differences");
    println!("{count}{shown}. `tidemark rebuild{}` counts anew what differs.", args.range);
}
