//! Storage: how large everything is, how it grows, what is done with it, and what that costs.

use chrono::{DateTime, Utc};
use domain::{
    format,
    storage::{DayOfWork, Prices, Storage, TableStorage},
};
use leptos::prelude::*;

use super::Form;
use crate::panels::Trend;

/// Days of the forecasts.
const SOON: f64 = 30.0;
const LATER: f64 = 90.0;

/// Each table and view, a day's work, and money.
pub fn content(form: &Form, storage: &Storage, now: DateTime<Utc>) -> impl IntoView + use<> {
    let size = |bytes: Option<i64>| bytes.map_or_else(|| "–".to_owned(), format::bytes);
    let has_estimates = storage.tables.iter().any(|table| !table.now().is_counted);
    view! {
        <section class="panel" id="storage">
            <h2>"Storage"</h2>
            <p class="sentence">{storage.sentence(now)}</p>
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"Table or view"</th><th class="number">"Rows"</th><th class="number">"Data"</th><th class="number">"Indexes"</th><th class="number">"Growth a day"</th><th class="number">"In 30 days"</th><th class="number">"In 90 days"</th><th>"30 days"</th></tr></thead>
                    <tbody>{storage.tables.iter().map(row).collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"All"</th>
                            <td></td>
                            <td data-label="Data and indexes" class="number" colspan="2">{format::bytes(storage.bytes())}</td>
                            <td data-label="Growth a day" class="number">{growth(storage.bytes_a_day())}</td>
                            <td data-label="In 30 days" class="number">{size(storage.bytes_in(SOON))}</td>
                            <td data-label="In 90 days" class="number">{size(storage.bytes_in(LATER))}</td>
                            <td></td>
                        </tr>
                    </tfoot>
                </table>
            </div>
            <p class="note">
                "Looked at once an hour; growth is the line that fits the looks of 30 days best."
                {has_estimates.then_some(" Rows with “about” are what Postgres' statistics say: counting them would take long.")}
            </p>
        </section>
        {work(storage, now)}
        {money(form, storage, now)}
    }
}

fn row(table: &TableStorage) -> impl IntoView + use<> {
    let look = table.now();
    let about = if look.is_counted { "" } else { "about " };
    let sizes: Vec<i64> = table.looks.iter().map(|look| look.bytes()).collect();
    let size = |bytes: Option<i64>| bytes.map_or_else(|| "–".to_owned(), format::bytes);
    view! {
        <tr>
            <td><code>{table.table_name.clone()}</code></td>
            <td data-label="Rows" class="number">{about} {format::count(look.rows)}</td>
            <td data-label="Data" class="number">{format::bytes(look.table_bytes)}</td>
            <td data-label="Indexes" class="number">{format::bytes(look.index_bytes)}</td>
            <td data-label="Growth a day" class="number">{growth(table.bytes_a_day())}</td>
            <td data-label="In 30 days" class="number">{size(table.bytes_in(SOON))}</td>
            <td data-label="In 90 days" class="number">{size(table.bytes_in(LATER))}</td>
            <td data-label="30 days">{(sizes.len() > 1).then(|| view! { <Trend counts=&sizes /> })}</td>
        </tr>
    }
}

/// With its sign.
#[allow(clippy::cast_possible_truncation, reason = "sizes stay far below 2^52")]
fn growth(bytes_a_day: Option<f64>) -> String {
    match bytes_a_day.map(|bytes| bytes as i64) {
        None => "–".to_owned(),
        Some(0) => "0 B".to_owned(),
        Some(bytes) => format!("{}{}", if bytes < 0 { "−" } else { "+" }, format::bytes(bytes.abs())),
    }
}

fn work(storage: &Storage, now: DateTime<Utc>) -> impl IntoView + use<> {
    let usual = storage.usual_day(now);
    let days = storage.days.iter().rev().map(day).collect_view();
    let head = usual.map(|(day, is_whole)| {
        let share = format::percent(Some(day.share() * 100.0));
        let which = if is_whole { "A usual day" } else { "Today so far" };
        let refreshes = format::counted(day.refreshes, "refresh", "refreshes");
        format!(
            "{which}: {refreshes} in {}, {} in {} (mean {}), {share} of one core.",
            format::milliseconds(Some(day.refreshes_ms)),
            format::counted(day.calls, "query", "queries"),
            format::milliseconds(Some(day.calls_ms)),
            format::milliseconds(day.call_ms())
        )
    });
    view! {
        <section class="panel" id="work">
            <h2>"Work of the database"</h2>
            <p class="sentence">{head.unwrap_or_else(|| "Nothing was measured yet.".to_owned())}</p>
            <div class="scroll" tabindex="0">
                <table class="list">
                    <thead><tr><th>"UTC day"</th><th class="number">"Refreshes"</th><th class="number">"took"</th><th class="number">"Queries"</th><th class="number">"took"</th><th class="number">"in the mean"</th><th class="number">"Of one core"</th></tr></thead>
                    <tbody>{days}</tbody>
                </table>
            </div>
            <p class="note">"Of Tidemark alone, and without what it draws. What a query waits counts too."</p>
        </section>
    }
}

fn day(day: &DayOfWork) -> impl IntoView + use<> {
    view! {
        <tr>
            <td>{day.day.format("%-d %b %Y").to_string()}</td>
            <td data-label="Refreshes" class="number">{format::count(day.refreshes)}</td>
            <td data-label="took" class="number">{format::milliseconds(Some(day.refreshes_ms))}</td>
            <td data-label="Queries" class="number">{format::count(day.calls)}</td>
            <td data-label="took" class="number">{format::milliseconds(Some(day.calls_ms))}</td>
            <td data-label="in the mean" class="number">{format::milliseconds(day.call_ms())}</td>
            <td data-label="Of one core" class="number">{format::percent(Some(day.share() * 100.0))}</td>
        </tr>
    }
}

fn money(form: &Form, storage: &Storage, now: DateTime<Utc>) -> impl IntoView + use<> {
    let costs = storage.prices.as_ref().map(|prices| costs(storage, prices, now));
    let typed = |name: &str, price: fn(&Prices) -> String| match form.values.get(name) {
        Some(value) => value.clone(),
        None => storage.prices.as_ref().map(price).unwrap_or_default(),
    };
    let values = [
        ("gigabyte_month", typed("gigabyte_month", |prices| prices.gigabyte_month.to_string())),
        ("core_hour", typed("core_hour", |prices| prices.core_hour.to_string())),
        ("currency", typed("currency", |prices| prices.currency.clone())),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value)).into();
    let shown = Form { values, ..form.clone() };
    view! {
        <section class="panel narrow-panel" id="money">
            <h2>"Money"</h2>
            <p class="sentence">{costs.unwrap_or_else(|| "Say what a gigabyte and a core cost here to see this in money.".to_owned())}</p>
            {form.outcome()}
            <form method="post" action="/admin/storage" class="form">
                {shown.field("gigabyte_month", "Price of a gigabyte for a month (1 GB = 2³⁰ bytes)", "text", "off")}
                {shown.field("core_hour", "Price of a core for an hour", "text", "off")}
                {shown.field("currency", "Currency", "text", "off")}
                <button type="submit" name="does" value="price" class="button">"Save"</button>
            </form>
        </section>
    }
}

fn costs(storage: &Storage, prices: &Prices, now: DateTime<Utc>) -> String {
    let stored = prices.words(prices.storage(storage.bytes()));
    let later = storage.bytes_in(LATER).map(|bytes| format!(", {} in 90 days", prices.words(prices.storage(bytes))));
    let computed =
        storage.usual_day(now).map(|(day, _)| format!("; its work {}", prices.words(prices.computing(day.share()))));
    format!("A month of this storage costs {stored}{}{}.", later.unwrap_or_default(), computed.unwrap_or_default())
}
