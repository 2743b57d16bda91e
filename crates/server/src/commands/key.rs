//! `tidemark key`: keys of programs.

use std::process::ExitCode;

use anyhow::bail;
use chrono::{TimeDelta, Utc};
use domain::access::check_name;
use store::{Pool, api_keys::NewKey};
use tokio_util::sync::CancellationToken;

use crate::{
    access::{rights_words, token::Token},
    commands::{
        table,
        user::{ACTOR, check_organizations, note},
    },
    database::{Database, migrate},
    settings::{DatabaseArgs, KeyCommand},
};

/// Does what was asked for.
pub async fn run(database: &DatabaseArgs, command: KeyCommand, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    let done = Database::with(database, &stop, async |pool| {
        migrate(pool).await?;
        run_on(pool, command).await
    });
    done.await?;
    Ok(ExitCode::SUCCESS)
}

async fn run_on(pool: &Pool, command: KeyCommand) -> anyhow::Result<()> {
    match command {
        KeyCommand::Add { name, role, organizations, days } => {
            let name = check_name(&name).map_err(|right| anyhow::anyhow!("the name makes no sense: write {right}"))?;
            check_organizations(pool, &organizations).await?;
            let token = Token::key();
            let new = NewKey {
                name,
                key_hash: &token.hash(),
                hint: token.hint(),
                role,
                scope: &organizations,
                created_by: ACTOR,
                expires_at: Utc::now() + TimeDelta::days(i64::from(days)),
            };
            store::api_keys::add(pool, &new).await?;
            note(pool, "key.add", name, Some(rights_words(role, &organizations))).await?;
            // Alone on its line, for scripts.
            println!("{}", token.secret());
        }
        KeyCommand::List => list(pool).await?,
        KeyCommand::Revoke { id } => {
            let Some(name) = store::api_keys::revoke(pool, id).await? else { bail!("there is no good key {id}") };
            note(pool, "key.revoke", &name, None).await?;
            println!("The key for {name} opens nothing any more.");
        }
    }
    Ok(())
}

async fn list(pool: &Pool) -> anyhow::Result<()> {
    let now = Utc::now();
    let rows = store::api_keys::list(pool).await?.into_iter().map(|key| {
        let state =
            if key.is_good(now) { key.expires_at.format("until %Y-%m-%d").to_string() } else { "void".to_owned() };
        vec![
            key.id.to_string(),
            key.name,
            format!("{}…", key.hint),
            key.role.word().to_owned(),
            key.scope.words(),
            state,
        ]
    });
    table::print(&["id", "for", "begins", "role", "organizations", "good"], &rows.collect::<Vec<_>>());
    Ok(())
}
