//! A line through some days.

use std::fmt::Write as _;

use leptos::prelude::*;

/// Height of a trend, and width of one of its days, in units of the drawing.
const HEIGHT: f64 = 20.0;
const STEP: f64 = 4.0;

/// A line through the days, as high as its highest.
pub fn trend(values: &[f64], label: &'static str) -> impl IntoView + use<> {
    let highest = values.iter().copied().fold(0.0, f64::max);
    let mut path = String::new();
    for (place, value) in values.iter().enumerate() {
        let command = if place == 0 { 'M' } else { 'L' };
        let height = if highest > 0.0 { HEIGHT * (1.0 - value / highest) } else { HEIGHT };
        // Writing to a text cannot fail.
        let _ = write!(path, "{command}{:.1} {height:.1}", as_place(place) * STEP);
    }
    let width = as_place(values.len().max(2)) * STEP;
    view! {
        <svg class="trend" viewBox=format!("-1 -1 {width} {}", HEIGHT + 2.0) width=width height=HEIGHT role="img" aria-label=label>
            <path d=path />
        </svg>
    }
}

#[allow(clippy::cast_precision_loss, reason = "there are some thirty days")]
fn as_place(place: usize) -> f64 {
    place as f64
}
