//! How long things take.

use std::time::Instant;

use crate::Result;

/// What work answers, and how many milliseconds it took.
pub async fn timed<T>(work: impl Future<Output = Result<T>>) -> Result<(T, f64)> {
    let started = Instant::now();
    let answer = work.await?;
    Ok((answer, started.elapsed().as_secs_f64() * 1000.0))
}

/// The same, told to who waits at the terminal.
pub async fn told<T>(name: &str, work: impl Future<Output = Result<T>>) -> Result<(T, f64)> {
    eprint!("  {name} …");
    let (answer, took_ms) = timed(work).await.inspect_err(|_| eprintln!())?;
    eprintln!(" {:.1} s", took_ms / 1000.0);
    Ok((answer, took_ms))
}

/// The middle one; of an even number the upper one of the middle. Not a number when there is none.
pub fn median(times: impl IntoIterator<Item = f64>) -> f64 {
    let mut times: Vec<f64> = times.into_iter().collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
