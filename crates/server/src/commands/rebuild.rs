//! `tidemark rebuild`: counts anew what does not agree with the rows.

use std::process::ExitCode;

use domain::format;
use store::validation::{Mended, rebuild};
use tokio_util::sync::CancellationToken;

use crate::{
    commands::validate::news,
    database::{Database, expect_existing},
    progress::Line,
    settings::{DatabaseArgs, RangeArgs},
};

/// A rebuild looks at everything in its range.
const EVERYTHING: f64 = 1.0;

/// Rebuilds, and tells how much was wrong.
pub async fn run(database: &DatabaseArgs, args: &RangeArgs, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    expect_existing(database)?;
    let scope = args.scope(EVERYTHING)?;
    let mended = Database::with(database, &stop, async |pool| {
        let line = Line::new();
        Ok(rebuild(pool, &scope, |step| line.show(news("looked at", step))).await?)
    })
    .await?;
    println!("{}", sentence(mended));
    Ok(ExitCode::SUCCESS)
}

fn sentence(mended: Mended) -> String {
    let rows = format::counted(mended.rows, "row", "rows");
    let triggers = match mended.triggers {
        Some(totals) => format!(" and {}", format::counted(totals, "total of a trigger", "totals of triggers")),
        None => String::new(),
    };
    match (mended.groups, mended.triggers.unwrap_or(0)) {
        (0, 0) => format!("Nothing was wrong: the counts agree with {rows}."),
        (groups, _) => {
            let groups = format::counted(groups, "group", "groups");
            format!("{groups}{triggers} did not agree with {rows}; they do now.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_wrong_is_told() {
        let told = |groups, triggers| sentence(Mended { rows: 1_000, groups, triggers });
        assert_eq!(told(0, None), "Nothing was wrong: the counts agree with 1,000 rows.");
        assert_eq!(told(0, Some(0)), "Nothing was wrong: the counts agree with 1,000 rows.");
        assert_eq!(told(1, None), "1 group did not agree with 1,000 rows; they do now.");
        assert_eq!(told(2, Some(1)), "2 groups and 1 total of a trigger did not agree with 1,000 rows; they do now.");
    }
}
