//! A tiny chart of runs per day, drawn without styles of its own.

use std::fmt::Write;

use leptos::prelude::*;

/// Height of the drawing, and width of a day with the gap after it, in its own units.
const HEIGHT: i64 = 20;
const STEP: usize = 6;

/// Runs on each of some days, oldest first; the last one is not over.
#[component]
pub fn Sparkline<'a>(days: &'a [i64]) -> impl IntoView + use<> {
    let most = days.iter().copied().max().unwrap_or_default();
    let last = days.len().saturating_sub(1);
    let label = format!("Runs per day, oldest first: {}", words(days));
    let size = format!("0 0 {} {HEIGHT}", days.len() * STEP);
    view! {
        <svg class="spark" viewBox=size role="img" aria-label=label>
            <path class="spark-days" d=bars(days.iter().copied().enumerate().take(last), most) />
            <path class="spark-today" d=bars(days.iter().copied().enumerate().skip(last), most) />
        </svg>
    }
}

fn words(days: &[i64]) -> String {
    days.iter().map(|&runs| domain::format::count(runs)).collect::<Vec<_>>().join(" ")
}

/// A bar for each day; a day without runs keeps a line to stand on.
fn bars(days: impl Iterator<Item = (usize, i64)>, most: i64) -> String {
    let mut path = String::new();
    for (place, runs) in days {
        let height = if runs > 0 { (runs.saturating_mul(HEIGHT) / most.max(1)).max(2) } else { 1 };
        // Writing to a string does not fail.
        let _ = write!(path, "M{} {HEIGHT}v-{height}h4v{height}z", place * STEP);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_day_is_as_high_as_the_drawing_and_no_day_is_lost() {
        let path = bars([0, 1, 400].into_iter().enumerate(), 400);
        assert_eq!(path, "M0 20v-1h4v1zM6 20v-2h4v2zM12 20v-20h4v20z");
        assert_eq!(bars([0].into_iter().enumerate(), 0), "M0 20v-1h4v1z");
    }
}
