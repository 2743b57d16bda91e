//! What the SVG of a chart holds, and what it must not hold.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use common::{hours, renderer, request};
use serde_json::json;

#[tokio::test]
async fn a_day_and_a_week_of_hours_are_drawn() {
    let renderer = renderer();
    for count in [24, 168] {
        let svg = renderer.svg(request("hourly", hours(count))).await.unwrap();
        let bars: Vec<_> = svg.lines().filter(|line| line.contains(r#"fill="var(--success)""#)).collect();
        assert_eq!(bars.len(), 1, "one path for all bars: {bars:?}");
        assert_eq!(bars[0].matches('M').count(), count as usize, "a bar for each of {count} hours");
        assert!(svg.contains(">20:00</text>"), "labels of the hours");
        assert!(svg.contains(r#"stroke="var(--tide)""#), "the line");
        assert!(svg.contains(r#"stroke-dasharray="#), "the threshold");
    }
}

#[tokio::test]
async fn the_page_gives_the_size() {
    let svg = renderer().svg(request("hourly", hours(24))).await.unwrap();
    let root = &svg[..=svg.find('>').unwrap()];
    assert!(root.starts_with("<svg "), "{root}");
    assert!(root.contains(r#"viewBox="0 0 720 260""#), "{root}");
    assert!(!root.contains("width=") && !root.contains("height="), "{root}");
}

#[tokio::test]
async fn colours_are_left_to_the_page() {
    let svg = renderer().svg(request("hourly", hours(24))).await.unwrap();
    for variable in ["success", "retry", "failed", "tide", "ink-3", "line"] {
        assert!(svg.contains(&format!("var(--{variable})")), "{variable}");
    }
    // The shape of a clip path is never painted, and black as a path is unless told otherwise.
    let painted = &svg[..svg.find("<defs").unwrap()];
    assert!(!painted.contains("#000") && !painted.contains("undefined") && !painted.contains("NaN"));
}

#[tokio::test]
async fn nothing_needs_inline_styles_or_scripts() {
    let svg = renderer().svg(request("hourly", hours(168))).await.unwrap();
    for refused in [" style=", "<style", "<script", " class=", " on", "ecmeta", "javascript:"] {
        assert!(!svg.contains(refused), "{refused}");
    }
    assert!(svg.contains(r#"font-size="12px""#));
    assert!(svg.contains(r#"font-family="system-ui, sans-serif""#));
}

#[tokio::test]
async fn ids_begin_with_that_of_the_chart() {
    let renderer = renderer();
    let mut option = hours(24);
    option["series"][3]["areaStyle"] = json!({"color": {"type": "linear", "x": 0, "y": 0, "x2": 0, "y2": 1,
        "colorStops": [{"offset": 0, "color": "var(--tide)"}, {"offset": 1, "color": "transparent"}]}});
    for id in ["left", "right"] {
        let svg = renderer.svg(request(id, option.clone())).await.unwrap();
        let ids: Vec<&str> = svg.split(r#" id=""#).skip(1).collect();
        assert!(ids.len() >= 2, "a clip path and a gradient: {}", ids.len());
        assert!(ids.iter().all(|rest| rest.starts_with(&format!("{id}-"))));
        let uses = svg.matches("url(#").count();
        assert_eq!(svg.matches(&format!("url(#{id}-")).count(), uses);
    }
}

#[tokio::test]
async fn the_same_option_gives_the_same_svg() {
    let renderer = renderer();
    let first = renderer.svg(request("hourly", hours(24))).await.unwrap();
    renderer.svg(request("other", hours(168))).await.unwrap();
    let second = renderer.svg(request("hourly", hours(24))).await.unwrap();
    let third = common::renderer().svg(request("hourly", hours(24))).await.unwrap();
    assert_eq!(first, second, "on the same engine");
    assert_eq!(first, third, "on a new engine");
}

#[tokio::test]
async fn hostile_text_stays_text() {
    let mut option = hours(24);
    option["xAxis"]["data"][0] = json!("</svg><script>");
    option["xAxis"]["data"][4] = json!("a & \"b\" 'c' 🦀 \u{0}\u{8}");
    option["xAxis"]["axisLabel"]["fontFamily"] = json!("\"Segoe UI\" onload=alert(1), sans-serif");
    option["series"][0]["itemStyle"]["color"] = json!("red\" onclick=\"alert(1)");
    let svg = renderer().svg(request("hostile", option)).await.unwrap();
    assert!(svg.contains(">&lt;/svg&gt;&lt;script&gt;</text>"));
    assert!(svg.contains("a &amp; &quot;b&quot; &#39;c&#39; 🦀 \u{fffd}\u{fffd}</text>"));
    assert!(svg.contains(r#"fill="red&quot; onclick=&quot;alert(1)""#));
    assert!(svg.contains(r#"font-family="&quot;Segoe UI&quot; onload=alert(1), sans-serif""#));
    assert_eq!(svg.matches("<script").count(), 0);
    assert_eq!(svg.matches("</svg>").count(), 1);
}

#[tokio::test]
async fn a_cut_through_an_emoji_is_mended() {
    let mut option = hours(24);
    let label = "🦀".repeat(40);
    option["xAxis"]["data"][0] = json!(label);
    option["xAxis"]["axisLabel"]["width"] = json!(50);
    option["xAxis"]["axisLabel"]["overflow"] = json!("truncate");
    let svg = renderer().svg(request("emoji", option)).await.unwrap();
    assert!(svg.contains('🦀') && !svg.contains(&label));
}

#[tokio::test]
async fn an_empty_chart_and_a_single_value_are_drawn() {
    let renderer = renderer();
    for count in [0, 1] {
        let svg = renderer.svg(request("few", hours(count))).await.unwrap();
        assert!(svg.starts_with("<svg ") && !svg.contains("NaN"), "{count}: {svg}");
    }
}
