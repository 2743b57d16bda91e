//! The real flights of February 2013, against totals counted from the file without Tidemark.

use std::time::Duration;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn february_has_the_totals_of_the_file() {
    let place = Place::new().await;
    let totals: Value =
        serde_json::from_slice(&std::fs::read(fixture("flights-2013-02.totals.json")).unwrap()).unwrap();
    let report = place.import(&february()).await.unwrap();
    assert_eq!(json!(report.imported), totals["rows"]);
    assert_eq!((report.read, report.already_there, report.rejected), (report.imported, 0, 0));

    let found: Value = sqlx::query_scalar(TOTALS).fetch_one(&place.database.pool).await.unwrap();
    assert_eq!(found, totals);
    assert_eq!(place.number("select count(*) from triggers where enabled and organization_id is not null").await, 439);
    assert_eq!(place.number("select count(*) from organizations where id = 'delta-air-lines-inc'").await, 1);
}

const TOTALS: &str = "
    select jsonb_build_object(
        'rows', count(*),
        'by_status', (
            select jsonb_object_agg(status, rows) from (select status, count(*) as rows from action_results group by 1) s
        ),
        'by_action_type', (
            select jsonb_object_agg(action_type, rows)
            from (select action_type, count(*) as rows from action_results group by 1) a
        ),
        'top_triggers', (
            select jsonb_agg(t)
            from (select trigger_id, count(*) as rows from action_results group by 1 order by 2 desc, 1 limit 5) t
        ),
        'first_executed_at', to_char(min(executed_at) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
        'last_executed_at', to_char(max(executed_at) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
        'sum_duration_ms', sum(duration_ms),
        'null_durations', count(*) - count(duration_ms),
        'sum_retry_count', sum(retry_count)
    )
    from action_results";

#[tokio::test]
async fn a_second_import_adds_nothing() {
    let place = Place::new().await;
    place.import(&format!("{} --batch-rows 7000", february())).await.unwrap();
    let again = place.import(&february()).await.unwrap();
    assert_eq!((again.read, again.imported, again.already_there), (24_936, 0, 24_936));
    let empty = place.import(&format!("{} --if-empty", february())).await.unwrap();
    assert_eq!(empty.read, 0);
    assert_eq!(place.rows().await, 24_936);
}

#[tokio::test]
async fn shifted_rows_end_within_the_last_week_and_come_once() {
    let place = Place::new().await;
    let line = format!("{} --shift-to-now", february());
    let report = place.import(&line).await.unwrap();
    assert_eq!(
        place
            .number(
                "select count(*) from (select max(executed_at) as m from action_results) x
        where m > now() - interval '168 hours' and m <= now()"
            )
            .await,
        1
    );
    let shift_seconds = place
        .number(
            "select extract(epoch from max(executed_at) - timestamptz '2013-02-28 23:59Z')::bigint from action_results",
        )
        .await;
    assert_eq!(shift_seconds, i64::from(report.shift_weeks) * 7 * 24 * 3600);
    assert_eq!(place.import(&line).await.unwrap().imported, 0);
    assert_eq!(place.import(&february()).await.unwrap().imported, 0);
}

#[tokio::test]
async fn rows_without_ids_come_once_too_however_shifted() {
    let place = Place::new().await;
    let row = "a,rest,success,2013-02-08 17:30:00\n";
    let text = format!("job_id,action_type,status,executed_at\n{row}{row}b,rest,failed,\n{row}");
    let path = place.write("no-ids.csv", text).display().to_string();
    let first = place.import(&format!("{path} --shift-to-now")).await.unwrap();
    assert_eq!((first.imported, first.without_time), (4, 1));
    let copy = place.write("copy.csv", std::fs::read(&path).unwrap()).display().to_string();
    for line in [path.clone(), format!("{path} --shift-weeks -3"), format!("{copy} --batch-rows 1")] {
        let again = place.import(&line).await.unwrap();
        assert_eq!((again.imported, again.already_there), (0, 4), "{line}");
    }
    // One more of the same is one more, and only one.
    let longer = format!("{}{row}", std::fs::read_to_string(&path).unwrap());
    let longer = place.write("longer.csv", longer).display().to_string();
    assert_eq!(place.import(&longer).await.unwrap().imported, 1);
}

#[tokio::test]
async fn gzip_plain_and_json_lines_are_the_same() {
    let digest = "select hashtextextended(string_agg(r::text, '|' order by id), 0) from action_results r";
    let place = Place::new().await;
    place.import(&february()).await.unwrap();
    let expected = place.number(digest).await;

    let packed = std::fs::File::open(fixture("flights-2013-02.csv.gz")).unwrap();
    let mut plain = Vec::new();
    std::io::copy(&mut GzDecoder::new(packed), &mut plain).unwrap();
    let csv = place.write("february.csv", &plain);
    let jsonl = place.write("february.jsonl", json_lines(&plain));
    for path in [csv, jsonl] {
        sqlx::raw_sql("truncate action_results").execute(&place.database.pool).await.unwrap();
        let report = place.import(&path.display().to_string()).await.unwrap();
        assert_eq!(report.imported, 24_936, "{}", path.display());
        assert_eq!(place.number(digest).await, expected, "{}", path.display());
    }
}

fn json_lines(csv: &[u8]) -> String {
    let mut reader = csv::Reader::from_reader(csv);
    let header = reader.headers().unwrap().clone();
    let mut lines = String::new();
    for record in reader.records() {
        let record = record.unwrap();
        let fields = header.iter().zip(&record).map(|(name, field)| {
            let number = matches!(name, "duration_ms" | "retry_count");
            let value = if field.is_empty() {
                Value::Null
            } else if number {
                serde_json::from_str(field).unwrap()
            } else {
                json!(field)
            };
            (name.to_owned(), value)
        });
        lines += &format!("{}\n", Value::Object(fields.collect()));
    }
    lines
}

#[tokio::test]
async fn an_import_that_is_dropped_leaves_nothing_behind() {
    let place = Place::new().await;
    let february = february();
    for milliseconds in [40, 160, 320, 640] {
        let import = place.import(&february);
        let dropped = tokio::time::timeout(Duration::from_millis(milliseconds), import).await.is_err();
        let rows = place.rows().await;
        // Everything, when it was dropped after the commit; never a part.
        assert!(rows == 24_936 || (dropped && rows == 0), "{rows} rows after {milliseconds} ms");
        assert!(milliseconds > 40 || rows == 0, "too late to prove anything");
        sqlx::raw_sql("truncate action_results").execute(&place.database.pool).await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_leaves_nothing_behind() {
    let place = Place::new().await;
    let pool = place.database.pool.clone();
    // Cuts the import as soon as it merges, and not before.
    let cut = tokio::spawn(async move {
        loop {
            let cut: i64 = sqlx::query_scalar(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
                     and query like '%insert into public.' || 'action_results%'",
            )
            .fetch_one(&pool)
            .await
            .unwrap();
            if cut > 0 {
                break;
            }
        }
    });
    let error = tokio::time::timeout(Duration::from_secs(60), place.import(&february())).await.unwrap().unwrap_err();
    cut.await.unwrap();
    assert!(
        format!("{error:#}").contains("terminating connection") || format!("{error:#}").contains("closed"),
        "{error:#}"
    );
    assert_eq!(place.rows().await, 0);
    assert_eq!(place.number("select count(*) from triggers").await, 0);
}

#[tokio::test]
async fn a_database_without_organizations_and_foreign_keys_is_fine() {
    let database = FreshDatabase::empty().await;
    let plain = "create table triggers (id text primary key, name text not null, enabled boolean);
        create table action_results (id text primary key, job_id text not null, trigger_id text, event_id text,
            action_type text not null, status text not null, executed_at timestamptz, duration_ms integer,
            error_message text, response_data jsonb, retry_count integer, user_id text)";
    sqlx::raw_sql(plain).execute(&database.pool).await.unwrap();
    let place = Place { database, folder: tempfile::tempdir().unwrap() };
    let report = place.import(&february()).await.unwrap();
    assert_eq!(report.imported, 24_936);
    assert!(report.notices[0].contains("no organizations"));
    let path = place.write("a.csv", "job_id,trigger_id,action_type,status\na,nobody,rest,success\n");
    assert_eq!(place.import(&path.display().to_string()).await.unwrap().imported, 1);
}

#[tokio::test]
async fn triggers_are_brought_up_to_date() {
    let place = Place::new().await;
    let rows =
        place.write("rows.csv", "job_id,trigger_id,action_type,status\na,1,rest,success\n").display().to_string();
    let first = place.write("first.csv", "id,name,organization,enabled\n1,One,Acme,false\n2,Two,ACME!,\n");
    let second = place.write("second.csv", "id,name\n1,Uno\n");
    place.import(&format!("{rows} --triggers {}", first.display())).await.unwrap();
    place.import(&format!("{rows} --triggers {}", second.display())).await.unwrap();
    let triggers: Vec<(String, bool, String)> =
        sqlx::query_as("select name, enabled, organization_id from triggers order by id")
            .fetch_all(&place.database.pool)
            .await
            .unwrap();
    let expected = [("Uno", false, "acme"), ("Two", true, "acme-2")];
    assert_eq!(triggers, expected.map(|(name, enabled, organization)| (name.into(), enabled, organization.into())));
}
