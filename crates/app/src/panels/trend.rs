//! A tiny chart inside of a table: how a number went over the time.

use leptos::prelude::*;

/// Units of the drawing per part, the gap included.
const STEP: usize = 4;

/// Height of the drawing in its units.
const HEIGHT: i64 = 20;

/// Bars, oldest first; the table's other numbers say the same in words.
#[component]
pub fn Trend(counts: Vec<i64>) -> impl IntoView {
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let bar = |(place, &count): (usize, &i64)| {
        // What is there at all can be seen, and nothing is a line to stand on.
        let height = if count > 0 { (count * HEIGHT / most).max(3) } else { 1 };
        view! { <rect x=place * STEP y=HEIGHT - height width=STEP - 1 height=height /> }
    };
    let (width, label) =
        (counts.len() * STEP, format!("At most {} in a part of the time", domain::format::count(most)));
    view! {
        <svg class="trend" viewBox=format!("0 0 {width} {HEIGHT}") role="img" aria-label=label>
            {counts.iter().enumerate().map(bar).collect_view()}
        </svg>
    }
}
