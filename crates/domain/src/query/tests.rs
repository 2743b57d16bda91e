#![allow(clippy::unwrap_used)]
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> (Query, Vec<Problem>) {
    Query::parse(text, Zone::UTC)
}

#[test]
fn a_whole_address_is_read() {
    let text = "range=7d&type=rest&status=failed&trigger=t-1&org=acme&q=a+b%26c&compare=1&tz=Europe%2FBerlin&utm=x";
    let (query, problems) = parse(text);
    assert_eq!(problems, []);
    assert_eq!((query.range, query.status, query.compare), (Range::Week, Some(Status::Failed), true));
    assert_eq!((query.text.as_deref(), query.zone.name()), (Some("a b&c"), "Europe/Berlin"));
    let canonical = "/?range=7d&type=rest&status=failed&trigger=t-1&org=acme&q=a%20b%26c&compare=1&tz=Europe%2FBerlin";
    assert_eq!(query.href(&Page::Overview), canonical);
    assert_eq!(query.without_filters().href(&Page::Actions), "/actions?range=7d&compare=1&tz=Europe%2FBerlin");
}

#[test]
fn what_makes_no_sense_is_told_and_the_rest_counts() {
    let (query, problems) = parse("range=banana&status=broken&type=rest&compare=yes&tz=Mars%2FBase");
    assert_eq!(query, Query { action_type: Some("rest".into()), ..Query::default() });
    let told: Vec<_> = problems.iter().map(|problem| problem.parameter).collect();
    assert_eq!(told, ["range", "status", "compare", "tz"]);
    assert_eq!(
        problems[1].sentence(),
        "“status=broken” makes no sense and is left out: status may be success, retrying or failed."
    );
    assert!(parse(&format!("q={}", "é".repeat(400))).1[0].value.chars().count() <= 81);
    assert_eq!(parse("type=%00").1.len(), 1);
}

#[test]
fn empty_fields_of_a_form_are_none() {
    assert_eq!(parse("range=&type=&status=&q="), (Query::default(), vec![]));
    assert_eq!(Query::default().href(&Page::Overview), "/");
    let (query, problems) = parse("range=7d&from=2026-11-01&to=2026-11-07");
    assert_eq!((query.range.word().as_str(), problems.len()), ("2026-11-01..2026-11-07", 0));
}

#[test]
fn a_page_of_a_list_is_kept_until_something_else_is_asked_for() {
    let after = Cursor { place: "17".into(), id: "a/b".into() };
    let second = Query::default().with_text(Some("x")).with_after(after.clone());
    let address = second.href(&Page::Failures);
    assert_eq!(address, "/failures?q=x&after=MTcgYS9i");
    assert_eq!(parse("q=x&after=MTcgYS9i"), (second.clone(), vec![]));
    assert_eq!(second.with_compare(true).after, None);
    assert_eq!((second.is_filtered(), second.without_filters().after), (true, None));
    assert_eq!(parse("after=17").1[0].parameter, "after");
    let (mut failures, mut other) = (second.clone(), second.clone());
    assert_eq!((failures.fit(&Page::Failures), failures.after), (None, second.after));
    assert_eq!(other.fit(&Page::Overview).map(|problem| problem.parameter), Some("after"));
    assert_eq!(other.after, None);
}

#[test]
fn the_order_of_triggers_is_part_of_that_page_alone() {
    let (mut query, problems) = parse("sort=p95&dir=asc&type=rest&after=MTcgYS9i");
    assert_eq!(problems, []);
    assert_eq!(query.href(&Page::Triggers), "/triggers?type=rest&after=MTcgYS9i&sort=p95&dir=asc");
    assert_eq!(query.href(&Page::Actions), "/actions?type=rest&after=MTcgYS9i");
    assert_eq!(query.with_text(None).href(&Page::Triggers), "/triggers?type=rest&sort=p95&dir=asc");
    assert_eq!(query.clone().fit(&Page::Actions).map(|problem| problem.parameter), Some("after"));
    assert_eq!(query.fit(&Page::Triggers), None);
    let (mut strange, _) = parse("sort=executions&after=eCBh");
    assert_eq!(strange.fit(&Page::Triggers).map(|problem| problem.parameter), Some("after"));
    assert_eq!(strange.after, None);
    assert_eq!(parse("view=idle&sort=name").1[0].parameter, "sort");
}

#[test]
fn the_zone_of_the_viewer_needs_no_parameter() {
    let berlin: Zone = "Europe/Berlin".parse().unwrap();
    let (query, _) = Query::parse("", berlin);
    assert_eq!((query.zone, query.href(&Page::Overview).as_str()), (berlin, "/"));
    let (query, _) = Query::parse("tz=UTC", berlin);
    assert_eq!((query.zone, query.href(&Page::Overview).as_str()), (Zone::UTC, "/?tz=UTC"));
}

fn any_query() -> impl Strategy<Value = Query> {
    let moment = (0..4_000_000_000_000_000_i64).prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap());
    let between = (moment, 1..366 * 86_400_000_000_i64)
        .prop_map(|(from, micros)| Range::between(from, from + TimeDelta::microseconds(micros)));
    let range = prop_oneof![prop::sample::select(Range::PRESETS.to_vec()), between];
    let text = || prop::option::of("[^\0]{1,40}");
    let zone = || prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()).prop_map(|zone| zone.name().parse().unwrap());
    let status = prop::option::of(prop::sample::select(Status::ALL.to_vec()));
    let by = prop::sample::select(Breakdown::ALL.to_vec());
    let zones = (zone(), zone(), any::<bool>(), by);
    (range, text(), status, text(), text(), text(), zones).prop_map(
        |(range, action_type, status, trigger, organization, text, (zone, viewer, compare, by))| Query {
            range,
            action_type,
            status,
            trigger,
            organization,
            text,
            by,
            compare,
            zone,
            after: None,
            order: Order::default(),
            viewer,
        },
    )
}

proptest! {
    #[test]
    fn a_link_means_what_it_was_made_from(query in any_query()) {
        let address = query.href(&Page::Overview);
        let (path, text) = address.split_once('?').unwrap_or((&address, ""));
        prop_assert_eq!(path, "/");
        prop_assert_eq!(Query::parse(text, query.viewer), (query, vec![]));
    }

    #[test]
    fn no_text_is_too_strange(text in ".*", value in ".*") {
        let _ = parse(&text);
        for parameter in PARAMETERS {
            let (query, _) = parse(&format!("{parameter}={value}"));
            let _ = query.href(&Page::Overview);
        }
    }
}

#[test]
fn a_page_knows_which_filters_change_nothing() {
    let query = Query::default().with_text(Some("x")).with_action_type(Some("rest")).with_status(Some(Status::Failed));
    assert_eq!(query.ignored(&Page::Triggers), ["type", "status"]);
    assert_eq!(query.ignored(&Page::Actions), ["text"]);
    assert_eq!(query.ignored(&Page::Failures), [""; 0]);
    assert_eq!(query.with_text(None).ignored(&Page::Overview), [""; 0]);
}
