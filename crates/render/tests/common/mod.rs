//! What the tests of this crate share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::{env, fs, path::PathBuf};

use render::{ChartRequest, Renderer, Settings};
use serde_json::{Value, json};

/// The bundle of ECharts, from `TIDEMARK_ECHARTS` or from where the build leaves it.
pub fn bundle() -> String {
    let path = env::var_os("TIDEMARK_ECHARTS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/charts/echarts.js")),
        PathBuf::from,
    );
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("run `cargo xtask build` first: {}: {error}", path.display()))
}

/// A renderer with one engine, so that a test knows which engine it meets.
pub fn renderer() -> Renderer {
    let settings = Settings { engines: 1, ..Settings::default() };
    Renderer::start(bundle(), settings).unwrap()
}

/// A chart of the size of a wide panel.
pub fn request(id: &str, option: Value) -> ChartRequest {
    ChartRequest { id: id.to_owned(), option, width: 720, height: 260 }
}

/// The option of a chart with as many hours: executions as stacked bars, the success rate as a line above a threshold.
pub fn hours(count: u32) -> Value {
    let hours: Vec<String> = (0..count).map(|hour| format!("{:02}:00", hour % 24)).collect();
    let wave = |scale: u32| -> Vec<u32> { (0..count).map(|hour| scale * (hour * 7 % 24 + 3)).collect() };
    let rate: Vec<f64> = (0..count).map(|hour| 92.0 + f64::from(hour % 8)).collect();
    let bar = |name: &str, scale: u32, colour: &str| json!({"type": "bar", "name": name, "stack": "executions", "data": wave(scale), "itemStyle": {"color": colour}});
    json!({
        "animation": false,
        "textStyle": {"fontFamily": "system-ui, sans-serif", "color": "var(--ink-3)"},
        "grid": {"left": 48, "right": 48, "top": 16, "bottom": 28},
        "tooltip": {
            "trigger": "axis",
            "backgroundColor": "var(--card)",
            "borderColor": "var(--line)",
            "textStyle": {"color": "var(--ink)"}
        },
        "xAxis": {"type": "category", "data": hours, "axisLine": {"lineStyle": {"color": "var(--line)"}},
            "axisTick": {"show": false}, "axisLabel": {"color": "var(--ink-3)", "fontSize": 12, "interval": 3}},
        "yAxis": [
            {"type": "value", "axisLabel": {"color": "var(--ink-3)"}, "splitLine": {"lineStyle": {"color": "var(--line)"}}},
            {"type": "value", "min": 80, "max": 100, "axisLabel": {"color": "var(--ink-3)", "formatter": "{value}%"},
                "splitLine": {"show": false}}
        ],
        "series": [
            bar("succeeded", 40, "var(--success)"),
            bar("retrying", 3, "var(--retry)"),
            bar("failed", 2, "var(--failed)"),
            {"type": "line", "name": "success rate", "yAxisIndex": 1, "data": rate, "symbol": "none",
                "lineStyle": {"color": "var(--tide)", "width": 2}, "itemStyle": {"color": "var(--tide)"},
                "markLine": {"silent": true, "symbol": "none", "data": [{"yAxis": 95}],
                    "lineStyle": {"color": "var(--failed)", "type": "dashed"},
                    "label": {"formatter": "95%", "color": "var(--failed)", "position": "insideEndTop"}}}
        ]
    })
}
