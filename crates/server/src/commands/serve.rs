//! `tidemark serve`: the dashboard, and the scheduler that keeps it fresh.

use std::{io::Write as _, net::SocketAddr, process::ExitCode};

use anyhow::Context;
use refresh::{Account, Scheduler};
use render::Renderer;
use store::Pool;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    access::token::Token,
    audience::Audience,
    database::{Database, migrate},
    demo, housekeeping,
    http::{self, LINK_LASTS},
    live::Keeper,
    progress::build_in_background,
    settings::{DatabaseArgs, ServeArgs},
    site,
    statements::Meter,
    views::Views,
    warm::Warmer,
};

/// Serves until it is told to stop, then drains.
pub async fn run(
    database: &DatabaseArgs,
    args: ServeArgs,
    meter: Meter,
    stop: CancellationToken,
) -> anyhow::Result<ExitCode> {
    // Before anything is started: an address that is taken is found at once.
    let listener = TcpListener::bind(args.addr).await.with_context(|| format!("cannot listen on {}", args.addr))?;
    let database = Database::open(database).await?;
    let served = match stop.run_until_cancelled(migrate(&database.pool)).await {
        Some(Ok(_)) => serve(&database, &args, meter, listener, stop).await,
        Some(Err(error)) => Err(error),
        None => Ok(()),
    };
    database.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

async fn serve(
    database: &Database,
    args: &ServeArgs,
    meter: Meter,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (pool, tasks, account, audience) =
        (&database.pool, TaskTracker::new(), Account::new(args.budget), Audience::default());
    let interval = args.schedule.interval();
    let (mut keeper, newest) = Keeper::new(pool.clone(), account.clone(), audience.watch(), interval, args.pulse);
    keeper.step().await;
    tasks.spawn(keeper.run(stop.clone()));
    tasks.spawn(build_in_background(pool.clone(), stop.clone()));
    let renderer = tokio::task::spawn_blocking(start_renderer).await??;
    let views = Views::new(pool.clone(), account.clone(), renderer, newest);
    let mut warmer = Warmer::new(views.clone(), account.clone(), audience.watch());
    warmer.step().await;
    tasks.spawn(warmer.run(stop.clone()));
    tasks.spawn(Scheduler::new(pool.clone(), schedule(args), account).run(stop.clone()));
    tasks.spawn(housekeeping::look_after(pool.clone(), args.access.limits(), interval, stop.clone()));
    tasks.spawn(housekeeping::keep_measures(pool.clone(), meter.clone(), stop.clone()));
    if args.trickle {
        tasks.spawn(demo::trickle(pool.clone(), stop.clone()));
    }
    tasks.close();

    let state = http::State::new(pool.clone(), views, audience, meter, args, stop.clone());
    let address = listener.local_addr()?;
    println!("Tidemark is at http://{address}");
    invite_first_admin(pool, args, address).await?;
    let served = http::serve(listener, state, args.drain_timeout, stop.clone()).await;
    stop.cancel();
    if tokio::time::timeout(args.drain_timeout, tasks.wait()).await.is_err() {
        tracing::warn!("some work did not end in time and is cut off");
    }
    served
}

/// Where nobody can be an admin, whoever reads this output can.
async fn invite_first_admin(pool: &Pool, args: &ServeArgs, address: SocketAddr) -> anyhow::Result<()> {
    if store::users::has_admin(pool).await? {
        return Ok(());
    }
    let token = Token::random();
    store::users::invite(pool, &token.hash(), None, LINK_LASTS).await?;
    let url = args.access.public_url().unwrap_or_else(|| format!("http://{address}"));
    // Whoever has read where the server is may have stopped reading.
    let _ = writeln!(std::io::stdout(), "Be the first admin, once, within a day: {url}/invitations/{}", token.secret());
    Ok(())
}

fn schedule(args: &ServeArgs) -> refresh::Settings {
    refresh::Settings {
        schedule: args.schedule.schedule(),
        timeout: args.refresh_timeout,
        log_retention: args.refresh_log_retention,
    }
}

/// The engines that draw charts; none in a binary that was built without its site.
fn start_renderer() -> anyhow::Result<Option<Renderer>> {
    let Some(script) = site::chart_library() else {
        tracing::warn!(
            "this binary carries no site, so pages have no scripts and no style: build with `cargo xtask build`"
        );
        return Ok(None);
    };
    Ok(Some(Renderer::start(script, render::Settings::default())?))
}
