//! `tidemark user`: who may log in.

use std::{io::Read as _, process::ExitCode};

use anyhow::{Context, bail, ensure};
use domain::access::{PASSWORD_BYTES, Role, Scope, check_name, check_password, says_unknown};
use serde_json::{Value, json};
use store::{
    Pool,
    audit_log::NewAct,
    sessions::Limits,
    users::{NewUser, Source, User},
};
use tokio_util::sync::CancellationToken;

use crate::{
    access::{password, rights_words, token::Token},
    commands::table,
    database::{Database, migrate},
    http::LINK_LASTS,
    settings::{DatabaseArgs, UserCommand},
};

/// Who did something, in the audit log.
pub const ACTOR: &str = "command line";

/// Does what was asked for.
pub async fn run(database: &DatabaseArgs, command: UserCommand, stop: CancellationToken) -> anyhow::Result<ExitCode> {
    let done = Database::with(database, &stop, async |pool| {
        migrate(pool).await?;
        run_on(pool, command).await
    });
    done.await?;
    Ok(ExitCode::SUCCESS)
}

async fn run_on(pool: &Pool, command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { name, role, organizations, password_stdin } => {
            add(pool, &name, role, &organizations, password_stdin).await
        }
        UserCommand::List => list(pool).await,
        UserCommand::Disable { name } => set_disabled(pool, &name, true).await,
        UserCommand::Enable { name } => set_disabled(pool, &name, false).await,
        UserCommand::Reset { name } => reset(pool, &name).await,
    }
}

async fn add(pool: &Pool, name: &str, role: Role, scope: &Scope, reads_password: bool) -> anyhow::Result<()> {
    let name = check_name(name).map_err(|right| anyhow::anyhow!("the name makes no sense: write {right}"))?;
    check_organizations(pool, scope).await?;
    let hash = if reads_password { Some(password::hash(read_password(name)?).await?) } else { None };
    let new = NewUser { name, source: Source::Local, subject: None, password_hash: hash.as_deref(), role, scope };
    let Some(id) = store::users::add(pool, &new).await? else { bail!("somebody is called {name} already") };
    note(pool, "user.add", name, Some(rights_words(role, scope))).await?;
    if reads_password {
        println!("{name} may log in.");
        return Ok(());
    }
    println!("{name} was added. A link to choose a password, once, within a day:");
    link(pool, id).await
}

fn read_password(name: &str) -> anyhow::Result<String> {
    let mut password = String::new();
    let most = u64::try_from(PASSWORD_BYTES + 2).unwrap_or(u64::MAX);
    std::io::stdin().take(most).read_to_string(&mut password).context("the password cannot be read")?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    check_password(&password, name).map_err(|right| anyhow::anyhow!("the password is not good enough: {right}"))?;
    Ok(password)
}

async fn link(pool: &Pool, id: i64) -> anyhow::Result<()> {
    let token = Token::random();
    store::users::invite(pool, &token.hash(), Some(id), LINK_LASTS).await?;
    println!("  /invitations/{} (behind the address of the server)", token.secret());
    Ok(())
}

async fn list(pool: &Pool) -> anyhow::Result<()> {
    let any = Limits { idle: chrono::TimeDelta::days(366), absolute: chrono::TimeDelta::days(366) };
    let people = store::users::list(pool, &any).await?;
    let rows = people.into_iter().map(|person| {
        let state = if person.is_disabled { "kept out" } else { "" };
        let seen =
            person.last_login_at.map_or_else(|| "never".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
        vec![person.name, person.role.word().to_owned(), person.scope.words(), person.source, seen, state.to_owned()]
    });
    table::print(&["name", "role", "organizations", "by", "logged in", ""], &rows.collect::<Vec<_>>());
    Ok(())
}

async fn find(pool: &Pool, name: &str) -> anyhow::Result<User> {
    for source in [Source::Local, Source::Oidc, Source::Proxy] {
        if let Some(user) = store::users::find(pool, source, name).await? {
            return Ok(user);
        }
    }
    bail!("nobody is called {name}; tidemark user list tells who there is")
}

async fn set_disabled(pool: &Pool, name: &str, is_disabled: bool) -> anyhow::Result<()> {
    let user = find(pool, name).await?;
    let changed = store::users::change(pool, user.id, user.role, &user.scope, is_disabled).await?;
    ensure!(changed, "{name} is the last admin: make somebody else an admin first");
    if is_disabled {
        store::sessions::end_all(pool, user.id).await?;
    }
    note(pool, "user.change", &user.name, Some(json!({ "disabled": is_disabled }))).await?;
    println!(
        "{} {}.",
        user.name,
        if is_disabled { "is kept out, and all sessions have ended" } else { "may log in again" }
    );
    Ok(())
}

async fn reset(pool: &Pool, name: &str) -> anyhow::Result<()> {
    let user = find(pool, name).await?;
    ensure!(user.source == Source::Local.word(), "{name} has no password here");
    store::sessions::end_all(pool, user.id).await?;
    store::sessions::forget_devices(pool, user.id).await?;
    note(pool, "user.reset", &user.name, None).await?;
    println!("All sessions of {} have ended. A link to choose a password, once, within a day:", user.name);
    link(pool, user.id).await
}

/// Refuses a limit to organizations that nothing is known of.
pub async fn check_organizations(pool: &Pool, limit: &Scope) -> anyhow::Result<()> {
    let unknown = store::organizations::find_unknown(pool, limit).await?;
    says_unknown(&unknown).map_or(Ok(()), |right| bail!("--organizations makes no sense: write {right}"))
}

/// Notes what was done at the command line.
pub async fn note(pool: &Pool, act: &'static str, target: &str, after: Option<Value>) -> anyhow::Result<()> {
    let act = NewAct { actor: ACTOR, address: "local", act, target, before: None, after };
    Ok(store::audit_log::add(pool, &act).await?)
}
