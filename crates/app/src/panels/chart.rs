//! A chart: the server's drawing until scripts arrive, then alive.

use domain::figure::Figure;
use leptos::{html::Div, prelude::*};

use crate::browser::echarts::LiveChart;

/// A chart of `option`; `children` are the server's drawings, which stay when a live chart cannot start.
#[component]
pub fn Chart(figure: Figure, label: Signal<String>, option: Memo<String>, children: Children) -> impl IntoView {
    let room = NodeRef::<Div>::new();
    let alive = RwSignal::new(false);
    let chart = StoredValue::new_local(None::<LiveChart>);
    Effect::new(move |_| {
        let Some(element) = room.get() else { return };
        if chart.with_value(Option::is_none) {
            chart.set_value(LiveChart::start(&element).ok());
        }
        let drawn = option.with(|option| chart.with_value(|chart| chart.as_ref().map(|chart| chart.draw(option))));
        alive.set(matches!(drawn, Some(Ok(()))));
    });
    on_cleanup(move || chart.set_value(None));
    view! {
        <div class=format!("chart chart-{}", figure.name()) class:alive=move || alive.get() role="img" aria-label=move || label.get()>
            {children()}
            <div class="chart-alive" node_ref=room></div>
        </div>
    }
}
