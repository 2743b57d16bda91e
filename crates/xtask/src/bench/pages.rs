//! `cargo xtask bench pages`: how long every page takes to come, whether or not somebody asked the same before.

use super::refresh;
use super::served::Served;
use crate::postgres::{self, ThrowAway};
use crate::step::{Steps, command};
use crate::{product, tools};
use anyhow::{Context, Result};
use std::sync::Barrier;
use std::time::Duration;

/// Requests of an address that is cached; their median is told.
const ROUNDS: usize = 200;
/// Who ask the same at once.
const CLIENTS: usize = 20;

/// Over how much to measure.
#[derive(clap::Args)]
pub struct Arguments {
    /// How many executions there are
    #[arg(long, default_value_t = 10_000_000)]
    rows: u32,
    /// How many triggers there are
    #[arg(long, default_value_t = 1_000)]
    triggers: u32,
    /// Of which ranges; one table each
    #[arg(long, value_delimiter = ',', default_values_t = ["24h", "7d", "30d", "90d"].map(str::to_owned))]
    ranges: Vec<String>,
}

/// What one page took.
struct Measured {
    cached: Duration,
    uncached: Duration,
    at_once: Duration,
}

/// Measures, and prints tables in Markdown.
pub fn run(arguments: &Arguments) -> Result<()> {
    let binary = product::build(&mut Steps::default(), false)?;
    let cluster = ThrowAway::start_with(&postgres::of_machine()?, &refresh::PARAMETERS)?;
    let mut load = tools::cargo();
    load.args(["bench", "--package", "store", "--bench", "refresh", "--", "--only-load"]);
    load.args(["--rows", &arguments.rows.to_string(), "--triggers", &arguments.triggers.to_string()]);
    command(load.env("DATABASE_URL", cluster.url()))?;
    let served = Served::start(&binary, cluster.url())?;
    for range in &arguments.ranges {
        print_table(&served, arguments.rows, range)?;
    }
    Ok(())
}

/// A row for each page.
fn print_table(served: &Served, rows: u32, range: &str) -> Result<()> {
    let healthy = median(served, "/healthz")?;
    let zones = found(&served.ask("/")?.0, "<select name=\"tz\">", "<option value=\"");
    println!("\n| to the last byte, {rows} rows, {range} | cached | | not cached | | {CLIENTS} at once |");
    println!("|---|---|---|---|---|---|");
    println!("| `/healthz` | {} | 1 x | | | |", milliseconds(healthy));
    for (name, path) in pages(served)? {
        let path = format!("{path}?range={range}");
        let measured = measure(served, &path, &zones).with_context(|| format!("cannot measure {path}"))?;
        let times = |time: Duration| format!("{:.0} x", time.as_secs_f64() / healthy.as_secs_f64());
        let (cached, uncached) = (measured.cached, measured.uncached);
        println!(
            "| {name} | {} | {} | {} | {} | {} |",
            milliseconds(cached),
            times(cached),
            milliseconds(uncached),
            times(uncached),
            milliseconds(measured.at_once)
        );
    }
    Ok(())
}

/// Each page; a trigger and a failure are the first ones of their lists.
fn pages(served: &Served) -> Result<Vec<(&'static str, String)>> {
    let first = |list: &str, start: &str| -> Result<String> {
        let links = found(&served.ask(list)?.0, "<main", start);
        let id = links.first().and_then(|id| id.split('?').next()).with_context(|| format!("{list} has no link"))?;
        Ok(format!("{list}/{id}"))
    };
    Ok(vec![
        ("Overview", "/".to_owned()),
        ("Actions", "/actions".to_owned()),
        ("Triggers", "/triggers".to_owned()),
        ("a Trigger", first("/triggers", "href=\"/triggers/")?),
        ("Failures", "/failures".to_owned()),
        ("a Failure", first("/failures", "href=\"/failures/")?),
        ("Organizations", "/organizations".to_owned()),
    ])
}

/// The same in each zone costs the same and was not asked before.
fn measure(served: &Served, path: &str, zones: &[String]) -> Result<Measured> {
    let in_zone = |zone: &String| format!("{path}&tz={zone}");
    let (last, others) = zones.split_last().context("no zone is offered")?;
    served.ask(path)?;
    let uncached = others.iter().map(|zone| Ok(served.ask(&in_zone(zone))?.1)).collect::<Result<_>>()?;
    Ok(Measured {
        cached: median(served, path)?,
        uncached: middle(uncached)?,
        at_once: at_once(served, &in_zone(last))?,
    })
}

/// The slowest of all who ask at the same moment.
fn at_once(served: &Served, path: &str) -> Result<Duration> {
    let barrier = Barrier::new(CLIENTS);
    let ask = || {
        barrier.wait();
        Ok(served.ask(path)?.1)
    };
    let times = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(ask)).collect();
        clients.into_iter().filter_map(|client| client.join().ok()).collect::<Result<Vec<_>>>()
    })?;
    times.into_iter().max().context("nobody was answered")
}

fn median(served: &Served, path: &str) -> Result<Duration> {
    middle((0..ROUNDS).map(|_| Ok(served.ask(path)?.1)).collect::<Result<_>>()?)
}

fn middle(mut times: Vec<Duration>) -> Result<Duration> {
    times.sort();
    times.get(times.len() / 2).copied().context("nothing was measured")
}

/// What stands between `start` and the next quotation mark, wherever it does after `from`, but nothing empty; where an
/// element ends that `from` begins, it ends too.
fn found(html: &str, from: &str, start: &str) -> Vec<String> {
    let part = html.split_once(from).map_or("", |(_, part)| part);
    let part = part.split_once("</select>").filter(|_| from.starts_with("<select")).map_or(part, |(inside, _)| inside);
    let values = part.split(start).skip(1).filter_map(|rest| rest.split('"').next());
    values.filter(|value| !value.is_empty()).map(ToOwned::to_owned).collect()
}

fn milliseconds(time: Duration) -> String {
    let time = time.as_secs_f64() * 1000.0;
    if time < 10.0 { format!("{time:.2} ms") } else { format!("{time:.0} ms") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_links_are_found() {
        let html = "<a href=\"/triggers/a\"><select name=\"tz\"><option value=\"\"></option><option value=\"Asia/Tokyo\" selected>\
                    </option></select><option value=\"x\"><main><a href=\"/triggers/b?range=7d\">";
        assert_eq!(found(html, "<select name=\"tz\">", "<option value=\""), ["Asia/Tokyo"]);
        assert_eq!(found(html, "<main", "href=\"/triggers/"), ["b?range=7d"]);
    }
}
