//! A tiny chart inside of a table: how a number went, drawn without styles of its own.

use std::fmt::Write;

use domain::table::Value;
use leptos::prelude::*;

/// Height of the drawing, and width of a bar with the gap after it, in its own units.
const HEIGHT: i64 = 20;
const STEP: usize = 6;

/// A bar for each day or other part of the time, oldest first; the newest one stands out.
#[component]
pub fn Trend<'a>(counts: &'a [i64]) -> impl IntoView + use<> {
    let most = counts.iter().copied().max().unwrap_or_default();
    let last = counts.len().saturating_sub(1);
    let label = format!("Oldest first: {}", Value::Trend(counts.to_vec()).spelled(domain::zone::Zone::UTC));
    let size = format!("0 0 {} {HEIGHT}", counts.len() * STEP);
    view! {
        <svg class="trend" viewBox=size preserveAspectRatio="none" role="img" aria-label=label>
            <path d=bars(counts.iter().copied().enumerate().take(last), most) />
            <path class="trend-newest" d=bars(counts.iter().copied().enumerate().skip(last), most) />
        </svg>
    }
}

/// What is there at all can be seen, and nothing is a line to stand on.
fn bars(counts: impl Iterator<Item = (usize, i64)>, most: i64) -> String {
    let mut path = String::new();
    for (place, count) in counts {
        let height = if count > 0 { (count.saturating_mul(HEIGHT) / most.max(1)).max(3) } else { 1 };
        // Writing to a string does not fail.
        let _ = write!(path, "M{} {HEIGHT}v-{height}h4v{height}z", place * STEP);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_is_as_high_as_the_drawing_and_none_is_lost() {
        let path = bars([0, 1, 400].into_iter().enumerate(), 400);
        assert_eq!(path, "M0 20v-1h4v1zM6 20v-3h4v3zM12 20v-20h4v20z");
        assert_eq!(bars([0].into_iter().enumerate(), 0), "M0 20v-1h4v1z");
    }
}
