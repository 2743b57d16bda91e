//! The page of organizations against the rows themselves.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    organizations::{Organizations, executions::Layer},
    panel::Panel,
    query::Query,
    status::StatusCounts,
    window::Window,
    zone::Zone,
};
use fresh_database::FreshDatabase;

fn query(address: &str) -> Query {
    let (query, problems) = Query::parse(address, Zone::UTC);
    assert_eq!(problems, []);
    query
}

async fn ask(database: &FreshDatabase, address: &str) -> Organizations {
    store::organizations::load(&database.pool, &domain::access::Scope::All, &query(address)).await.unwrap().unwrap()
}

/// Twenty days of rows of six triggers: three organizations with two each, and a trigger of nobody.
async fn twenty_days(database: &FreshDatabase) {
    database
        .run(
            "insert into public.organizations (id, name, plan) values ('a', 'Acme', 'pro'), ('b', 'Bolt', null), ('c', 'Cask', 'free');
            insert into public.triggers (id, name, organization_id)
            select 't' || n, 'Trigger ' || n, (array['a', 'b', 'c'])[1 + n % 3] from generate_series(0, 5) as n
            union all select 'nobody', 'Nobody', null;
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at, duration_ms, retry_count)
            select 'j', case when n % 11 = 0 then 'nobody' else 't' || n % 6 end, (array['rest', 'mail'])[1 + n % 2],
                case when n % 7 = 0 then 'failed' when n % 13 = 0 then 'retrying' else 'success' end,
                now() - n * n * interval '7 milliseconds', case when n % 5 > 0 then n % 1000 end, n % 3
            from generate_series(0, 15000) as n",
        )
        .await;
}

#[derive(sqlx::FromRow)]
struct Row {
    organization_id: String,
    action_type: String,
    status: String,
    executed_at: DateTime<Utc>,
}

async fn source(database: &FreshDatabase) -> Vec<Row> {
    let sql = "select organization_id, action_type, status, executed_at
        from public.action_results as result join public.triggers as trigger on trigger.id = result.trigger_id
        where organization_id is not null";
    sqlx::query_as(sql).fetch_all(&database.pool).await.unwrap()
}

/// Compares both windows of every organization with the rows.
async fn assert_exact(database: &FreshDatabase, address: &str, fits: impl Fn(&Row) -> bool) {
    let page = ask(database, address).await;
    let query = query(address);
    let window = Window::of(query.range, query.zone, page.data_as_of);
    assert_eq!(page.usage.0.rows.len(), 3, "{address}");
    let rows = source(database).await;
    for organization in &page.usage.0.rows {
        let count = |from: DateTime<Utc>, until: DateTime<Utc>| {
            let mut counts = StatusCounts::default();
            let of_it = rows.iter().filter(|row| row.organization_id == organization.id && fits(row));
            of_it
                .filter(|row| row.executed_at >= from && row.executed_at < until)
                .for_each(|row| counts.count(&row.status, 1));
            counts
        };
        assert_eq!(organization.counts, count(window.begins, window.until), "{address} {}", organization.id);
        let before = count(window.before_begins, window.begins);
        assert_eq!(organization.before.unwrap_or_default(), before, "{address} {} before", organization.id);
    }
    assert_bars(&page, address, &rows.iter().filter(|row| fits(row)).collect::<Vec<_>>());
}

/// Compares each part of each bar with the rows.
fn assert_bars(page: &Organizations, address: &str, rows: &[&Row]) {
    let panel = &page.executions;
    let ran = |id: &str, from, until| {
        let fits = |row: &&&Row| row.organization_id == id && row.executed_at >= from && row.executed_at < until;
        i64::try_from(rows.iter().filter(fits).count()).unwrap()
    };
    let window = panel.window;
    // An hour belongs to the bar that it begins in, but at the ends of the windows.
    let edge = |moment: DateTime<Utc>, shift: TimeDelta| {
        let is_end = moment == window.begins || moment == window.until;
        if is_end { moment } else { next_hour(moment - shift) + shift }
    };
    for bar in &panel.bars {
        let bucket = bar.bucket;
        let (begins, until) = (edge(bucket.begins, TimeDelta::zero()), edge(bucket.until, TimeDelta::zero()));
        for (layer, count) in panel.layers.iter().zip(&bar.counts) {
            let Layer::Organization { id, .. } = layer else { panic!("three have a layer each") };
            assert_eq!(*count, ran(id, begins, until), "{address} {id} at {}", bucket.begins);
        }
        if let Some(before) = bar.before {
            let length = window.length();
            let (begins, until) = (edge(bucket.begins, length) - length, edge(bucket.until, length) - length);
            let until = until.min(window.begins);
            let all: i64 = ["a", "b", "c"].into_iter().map(|id| ran(id, begins, until)).sum();
            assert_eq!(before, all, "{address} before {}", bucket.begins);
        }
    }
    let total =
        |count: fn(&domain::organizations::Organization) -> i64| page.usage.0.rows.iter().map(count).sum::<i64>();
    let bars: i64 = panel.bars.iter().map(domain::stack::Bar::total).sum();
    assert_eq!(bars, total(|row| row.counts.total()), "{address}");
    if panel.shows_before() {
        let before: i64 = panel.bars.iter().filter_map(|bar| bar.before).sum();
        assert_eq!(Some(before), panel.before, "{address}");
        assert_eq!(before, total(|row| row.before.unwrap_or_default().total()), "{address}");
    }
}

fn next_hour(moment: DateTime<Utc>) -> DateTime<Utc> {
    let hour = domain::window::start_of_hour(moment);
    if hour == moment { hour } else { hour + TimeDelta::hours(1) }
}

#[tokio::test]
async fn windows_of_any_length_are_exact_to_the_moment() {
    let database = FreshDatabase::migrated().await;
    twenty_days(&database).await;
    let hours = |first: i64, last: i64| {
        let moment = |hours| {
            (Utc::now() - TimeDelta::minutes(60 * hours + 17)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
        };
        format!("range={}..{}", moment(first), moment(last))
    };
    let addresses = [
        "".to_owned(),
        "compare=1".to_owned(),
        "range=7d".to_owned(),
        "range=7d&compare=1".to_owned(),
        format!("{}&compare=1&tz=Asia%2FTokyo", hours(96, 24)),
        "range=7d&tz=America%2FLos_Angeles".to_owned(),
        "range=7d&tz=Asia%2FKolkata".to_owned(),
        "range=30d".to_owned(),
        "tz=Asia%2FKolkata".to_owned(),
        format!("{}&compare=1", hours(5, 3)),
        format!("range={0}..{0}&compare=1", Utc::now().format("%Y-%m-%d")),
        hours(90, 40),
    ];
    for folded in [false, true] {
        for address in &addresses {
            assert_exact(&database, address, |_| true).await;
        }
        assert_exact(&database, "range=7d&type=mail", |row| row.action_type == "mail").await;
        assert_exact(&database, "status=failed", |row| row.status == "failed").await;
        if !folded {
            let fold = store::refresh::fold(&database.pool, "test", std::time::Duration::from_secs(60)).await.unwrap();
            assert!(fold.found_changes);
            database.run("delete from public.action_results where duration_ms % 10 = 3; update public.action_results set status = 'failed' where duration_ms % 10 = 4").await;
        }
    }
}

#[tokio::test]
async fn a_day_is_shown_by_hours_and_what_is_longer_by_days_of_the_zone() {
    let database = FreshDatabase::migrated().await;
    twenty_days(&database).await;
    let day = ask(&database, "tz=Asia%2FTokyo&compare=1").await.executions;
    assert_eq!((day.bars.len(), day.title().as_ref()), (25, "Runs per hour by organization"));
    assert!(day.shows_before() && day.sentence().contains(" than in the 24 hours before; most "), "{}", day.sentence());
    let week = ask(&database, "range=7d&tz=Asia%2FTokyo").await.executions;
    assert_eq!((week.bars.len(), week.title().as_ref()), (8, "Runs per day by organization"));
    assert_eq!(week.bars[3].bucket.begins.time().to_string(), "15:00:00");
    assert!(!week.shows_before() && week.before.is_none());
    let sentence = week.sentence();
    database.run("delete from public.action_results where executed_at < now() - interval '1 day'").await;
    assert_ne!(ask(&database, "range=7d&tz=Asia%2FTokyo").await.executions.sentence(), sentence);
}

#[tokio::test]
async fn five_have_a_layer_of_their_own_and_the_others_share_one() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.organizations (id, name) select 'o' || n, 'Org ' || n from generate_series(1, 9) as n;
            insert into public.triggers (id, name, organization_id) select 't' || n, 'T', 'o' || n from generate_series(1, 9) as n;
            insert into public.action_results (job_id, trigger_id, action_type, status, executed_at)
            select 'j', 't' || n, 'rest', 'success', now() - interval '2 hours' from generate_series(1, 8) as n, generate_series(1, n)",
        )
        .await;
    let executions = ask(&database, "").await.executions;
    let names: Vec<_> = executions.layers.iter().map(|layer| layer.name().into_owned()).collect();
    assert_eq!(names, ["Org 8", "Org 7", "Org 6", "Org 5", "Org 4", "3 others"]);
    let bar = executions.bars.iter().find(|bar| bar.total() > 0).unwrap();
    assert_eq!(bar.counts, [8, 7, 6, 5, 4, 6]);
}

#[tokio::test]
async fn names_plans_and_growth_are_told() {
    let database = FreshDatabase::migrated().await;
    twenty_days(&database).await;
    let page = ask(&database, "").await;
    let listed = &page.usage.0;
    let mut found: Vec<_> = listed.rows.iter().map(|row| (row.title(), row.plan.as_deref(), row.triggers)).collect();
    found.sort_unstable();
    assert_eq!(found, [("Acme", Some("pro"), 2), ("Bolt", None, 2), ("Cask", Some("free"), 2)]);
    assert!(
        page.has_run
            && page.are_known
            && listed.rows.iter().all(|row| row.growth().is_some() && row.avg_duration_ms.is_some())
    );
    let sentence = page.usage.sentence();
    database.run("delete from public.action_results where trigger_id in ('t2', 't5')").await;
    let after = ask(&database, "").await.usage.sentence();
    assert!(
        sentence.starts_with("3 organizations ran something") && after.starts_with("2 of 3 organizations"),
        "{sentence} {after}"
    );
}

#[tokio::test]
async fn filters_hold_and_a_trigger_counts_for_who_owns_it_now() {
    let database = FreshDatabase::migrated().await;
    twenty_days(&database).await;
    let names = |page: &Organizations| page.usage.0.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
    assert_eq!(names(&ask(&database, "q=BOL").await), ["b"]);
    assert_eq!(names(&ask(&database, "org=c").await), ["c"]);
    let trigger = ask(&database, "trigger=t0").await;
    assert_eq!((names(&trigger), trigger.usage.0.rows[0].triggers), (vec!["a".to_owned()], 1));
    database.run("update public.triggers set organization_id = 'a'").await;
    let moved = ask(&database, "").await;
    assert_eq!((names(&moved), moved.usage.0.rows[0].triggers), (vec!["a".to_owned()], 7));
}

#[tokio::test]
async fn a_database_without_organizations_says_so() {
    let database = FreshDatabase::migrated().await;
    database.run("insert into public.triggers (id, name) values ('t', 'T'); insert into public.action_results (job_id, trigger_id, action_type, status) values ('j', 't', 'rest', 'success')").await;
    let page = ask(&database, "").await;
    assert!(page.has_run && !page.are_known);
    assert_eq!(page.usage.sentence(), "No trigger belongs to an organization.");
    // Known by their ids only: the table of an adopted database may be elsewhere.
    database.run("alter table public.triggers drop constraint triggers_organization_id_fkey; drop table public.organizations; update public.triggers set organization_id = 'x'").await;
    let page = ask(&database, "").await;
    assert_eq!((page.are_known, page.usage.0.rows[0].title(), page.usage.0.rows[0].counts.total()), (true, "x", 1));
}

#[tokio::test]
async fn before_hours_are_kept_days_count_whole_and_that_is_said() {
    let database = FreshDatabase::migrated().await;
    twenty_days(&database).await;
    database
        .run("update tidemark.frontier set trigger_hours_from = date_trunc('hour', now()) - interval '30 hours'")
        .await;
    let page = ask(&database, "range=7d").await;
    assert!(page.note.unwrap().ends_with("are counted by whole UTC days."));
}

#[tokio::test]
async fn organizations_are_offered_by_name_and_by_id_where_they_have_none() {
    let database = FreshDatabase::migrated().await;
    database
        .run(
            "insert into public.organizations (id, name) values ('1', 'Zebra'), ('2', 'acme'), ('3', 'Unused');
            insert into public.triggers (id, name, organization_id) values ('a', 'A', '1'), ('b', 'B', '2')",
        )
        .await;
    let offered = |choices: domain::choices::Choices| -> Vec<(String, String)> {
        choices.organizations.into_iter().map(|choice| (choice.value, choice.name)).collect()
    };
    let choices = offered(store::choices::load(&database.pool, &domain::access::Scope::All).await.unwrap());
    assert_eq!(choices, [("2".into(), "acme".into()), ("1".into(), "Zebra".into())]);
    database.run("drop table public.organizations cascade").await;
    let choices = offered(store::choices::load(&database.pool, &domain::access::Scope::All).await.unwrap());
    assert_eq!(choices, [("1".into(), "1".into()), ("2".into(), "2".into())]);
}

#[tokio::test]
async fn organizations_are_known_by_their_table_or_by_a_trigger_that_they_own() {
    let database = FreshDatabase::migrated().await;
    let unknown = async |ids: &str| {
        let limit = domain::access::Scope::read(ids).unwrap();
        store::organizations::find_unknown(&database.pool, &limit).await.unwrap()
    };
    assert_eq!(unknown("b, a").await, [""; 0], "nobody can know any yet");
    database.run("insert into public.organizations (id, name) values ('a', 'Acme')").await;
    assert_eq!(unknown("c, b, a").await, ["b", "c"]);
    assert_eq!(unknown("").await, [""; 0]);
    database
        .run(
            "alter table public.triggers drop constraint triggers_organization_id_fkey;
            insert into public.triggers (id, name, organization_id) values ('t', 'T', 'b')",
        )
        .await;
    assert_eq!(unknown("a,b,c").await, ["c"]);
    database.run("drop table public.organizations cascade").await;
    assert_eq!(unknown("a,b,c").await, ["a", "c"]);
}
