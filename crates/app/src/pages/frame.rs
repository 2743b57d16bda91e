//! What surrounds every page: the header, the banner, the foot.

use domain::freshness::Freshness;
use leptos::prelude::*;

use crate::panels::{FreshnessBanner, FreshnessLine, SpendingLine};

/// The frame of a page. `freshness` is missing only where there is no data to be fresh.
#[component]
pub fn Frame(freshness: Option<Freshness>, children: Children) -> impl IntoView {
    view! {
        <a class="skip" href="#main">"Skip to the content"</a>
        <header class="header">
            <div class="header-bar">
                <a class="brand" href="/">
                    <svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
                        <rect class="brand-glass" x="1" y="1" width="18" height="18" rx="5" />
                        <path class="brand-water" d="M2 11 q2.7 -2.4 5.3 0 t5.4 0 t5.3 0 V14 a4 4 0 0 1 -4 4 H6 a4 4 0 0 1 -4 -4 z" />
                    </svg>
                    "Tidemark"
                </a>
                <nav class="nav" aria-label="Pages">
                    <a href="/" aria-current="page">"Overview"</a>
                </nav>
                {freshness.clone().map(|drawn| view! { <FreshnessLine drawn /> })}
            </div>
        </header>
        <main id="main" class="main">
            {freshness.clone().map(|drawn| view! { <FreshnessBanner drawn /> })}
            {children()}
        </main>
        <footer class="foot">
            "Times are UTC. Percentiles are within ±1%. " {freshness.map(|drawn| view! { <SpendingLine drawn /> })}
        </footer>
    }
}
