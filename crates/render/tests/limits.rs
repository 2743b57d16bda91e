//! What happens when a chart, a script or the number of requests is too much.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::time::Duration;

use common::{bundle, hours, renderer, request};
use futures::future::join_all;
use render::{RenderError, Renderer, Settings};
use serde_json::json;

/// A script in place of ECharts: what it does is in the option, as JavaScript cannot be in a real one.
const SCRIPTED: &str = r"
    const loop = () => { for (;;); };
    const hoard = () => { for (const all = [];;) all.push(new Array(1000).fill(1)); };
    const dive = () => 1 + dive();
    const setOption = (option) => { option.loop && loop(); option.hoard && hoard(); option.dive && dive(); };
    const getModel = () => ({ getSeriesCount: () => 0 });
    const getZr = () => ({ painter: { renderToString: ({ idPrefix }) => `<svg ${idPrefix}>` } });
    globalThis.echarts = { init: () => ({ setOption, getModel, getZr, dispose: () => {} }) };
";

fn scripted(timeout: Duration, memory_limit_bytes: usize) -> Renderer {
    let settings = Settings { engines: 1, timeout, memory_limit_bytes, ..Settings::default() };
    Renderer::start(SCRIPTED, settings).unwrap()
}

#[tokio::test]
async fn a_bad_option_is_named_and_the_engine_goes_on() {
    let renderer = renderer();
    for option in [
        json!({"series": [{"type": "pie", "data": [1, 2]}]}),
        json!({"xAxis": {}, "series": [{"type": "bar", "data": [1, 2]}]}),
    ] {
        let error = renderer.svg(request("broken", option)).await.unwrap_err();
        assert!(matches!(error, RenderError::Script { .. }), "{error:?}");
        assert!(error.to_string().starts_with("chart 'broken' cannot be drawn: "), "{error}");
        let svg = renderer.svg(request("hourly", hours(24))).await.unwrap();
        assert!(svg.starts_with("<svg "));
    }
}

#[tokio::test]
async fn a_request_out_of_bounds_reaches_no_engine() {
    let renderer = renderer();
    let ids = ["", "9lives", "a b", "a\"b", "ä", &"a".repeat(65)];
    let mut requests: Vec<_> = ids.map(|id| request(id, hours(1))).into();
    requests.push(request("option", json!([])));
    for (width, height) in [(0, 260), (720, 0), (4097, 260), (720, u32::MAX)] {
        let mut wrong = request("size", hours(1));
        (wrong.width, wrong.height) = (width, height);
        requests.push(wrong);
    }
    for wrong in requests {
        let error = renderer.svg(wrong).await.unwrap_err();
        assert!(matches!(error, RenderError::InvalidChart { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_endless_loop_is_given_up_and_the_engine_recovers() {
    let renderer = scripted(Duration::from_millis(50), 8 << 20);
    for _ in 0..3 {
        let error = renderer.svg(request("endless", json!({"loop": true}))).await.unwrap_err();
        assert!(matches!(error, RenderError::Timeout { .. }), "{error:?}");
        assert_eq!(error.to_string(), "chart 'endless' was given up after 50ms");
        assert_eq!(renderer.svg(request("next", json!({}))).await.unwrap(), "<svg next>");
    }
}

#[tokio::test]
async fn memory_and_stack_are_limited_and_the_engine_recovers() {
    let renderer = scripted(Duration::from_secs(60), 8 << 20);
    for (option, part) in
        [(json!({"hoard": true}), "out of memory"), (json!({"dive": true}), "Maximum call stack size exceeded")]
    {
        let error = renderer.svg(request("greedy", option)).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(renderer.svg(request("next", json!({}))).await.unwrap(), "<svg next>");
    }
}

#[tokio::test]
async fn memory_does_not_grow_with_the_number_of_charts() {
    let settings = Settings { engines: 1, memory_limit_bytes: 24 << 20, ..Settings::default() };
    let renderer = Renderer::start(bundle(), settings).unwrap();
    for _ in 0..100 {
        renderer.svg(request("hourly", hours(24))).await.unwrap();
    }
}

#[tokio::test]
async fn many_requests_share_few_engines_and_a_short_queue() {
    let settings = Settings { engines: 2, queue: 2, ..Settings::default() };
    let renderer = Renderer::start(bundle(), settings).unwrap();
    let charts = (0..40).map(|number| {
        let renderer = renderer.clone();
        async move {
            let id = format!("chart-{number}");
            let svg = renderer.svg(request(&id, hours(24))).await.unwrap();
            assert!(svg.contains(&format!(r#"id="{id}-c0""#)), "its own chart");
        }
    });
    join_all(charts).await;
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_is_passed_over() {
    let renderer = scripted(Duration::from_millis(200), 8 << 20);
    let endless = || renderer.svg(request("endless", json!({"loop": true})));
    let hasty = async {
        let waiting = join_all((0..20).map(|_| endless()));
        tokio::time::timeout(Duration::from_millis(1), waiting).await
    };
    assert!(hasty.await.is_err());
    let next = renderer.svg(request("next", json!({})));
    let answer = tokio::time::timeout(Duration::from_secs(2), next).await;
    assert_eq!(answer.unwrap().unwrap(), "<svg next>");
}

#[test]
fn a_script_that_does_not_load_is_told_at_once() {
    for (script, part) in [
        ("}{", "unexpected token"),
        ("throw new Error('no SVG here')", "no SVG here"),
        ("for (;;);", "was not loaded within 50ms"),
    ] {
        let settings = Settings { timeout: Duration::from_millis(50), ..Settings::default() };
        let error = Renderer::start(script, settings).unwrap_err();
        assert!(matches!(error, RenderError::Engine { .. }), "{error:?}");
        assert!(error.to_string().contains(part), "{error}");
    }
}
