//! A panel around a chart: its sentence, the key of its colours, the chart, and its numbers as a table.

use domain::figure::Figure;
use leptos::prelude::*;

use crate::panels::{chart::Chart, frame::PanelHead};

/// A panel around a chart. `key` pairs a swatch of the style sheet with its word; `rows` are table rows under `columns`;
/// `children` are the server's drawings.
#[component]
pub fn ChartPanel(
    figure: Figure,
    class: &'static str,
    title: &'static str,
    sentence: Signal<String>,
    key: &'static [(&'static str, &'static str)],
    option: Memo<String>,
    columns: &'static [&'static str],
    #[prop(into)] rows: ViewFn,
    children: Children,
) -> impl IntoView {
    let label = Signal::derive(move || format!("{title}. {}", sentence.get()));
    view! {
        <section class=format!("panel {class}") id=figure.name()>
            <PanelHead title sentence />
            <p class="keys">{key.iter().map(|&(swatch, word)| view! { <Key swatch word /> }).collect_view()}</p>
            <Chart figure label option>
                {children()}
            </Chart>
            <Numbers columns rows />
        </section>
    }
}

/// One entry of a key: a swatch of a colour or line, and its word.
#[component]
fn Key(swatch: &'static str, word: &'static str) -> impl IntoView {
    view! {
        <span class="key">
            <i class=format!("swatch swatch-{swatch}") aria-hidden="true"></i>
            {word}
        </span>
    }
}

/// The numbers behind a chart, folded away: a real table for screen readers and for who wants to read them.
#[component]
fn Numbers(columns: &'static [&'static str], rows: ViewFn) -> impl IntoView {
    view! {
        <details class="numbers">
            <summary>"Numbers"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Numbers">
                <table>
                    <thead>
                        <tr>{columns.iter().map(|&name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                    </thead>
                    <tbody>{move || rows.run()}</tbody>
                </table>
            </div>
        </details>
    }
}
