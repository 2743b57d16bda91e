//! Rows that cannot be imported as they stand.

use super::*;

const HEADER: &str = "id,job_id,trigger_id,event_id,action_type,status,executed_at,duration_ms,error_message,response_data,retry_count\n";
const GOOD: &str = "g1,job,,,rest,success,2013-02-08T17:30:00Z,5,,,0\n\"g2\",\"jo\nb\",,,rest,failed,,,\"a\nb\n\",\"{\"\"a\"\": 1}\",\n";

/// Bad rows, with the column and a part of the reason of each.
const BAD: [(&[u8], &str, &str); 15] = [
    (b"b,job,,,rest,done,,,,,", "column status", "one of success, failed, retrying"),
    (b"b,job,,,,success,,,,,", "column action_type", "is empty"),
    (b"b,,,,rest,success,,,,,", "column job_id", "is empty"),
    (b"b,job,,,rest,success,,12.5,,,", "column duration_ms", "not a whole number"),
    (b"b,job,,,rest,success,,2147483648,,,", "column duration_ms", "out of range"),
    (b"b,job,,,rest,success,,,,,many", "column retry_count", "not a whole number"),
    (b"b,job,,,rest,success,08.02.2013,,,,", "column executed_at", "write it like 2013-02-08T17:30:00Z"),
    (b"b,job,,,rest,success,,,,{oops},", "column response_data", "is not JSON"),
    (b"b,job,,,rest,success,,,,\"\"\"\\u0000\"\"\",", "column response_data", "\\u0000"),
    (b"b,job,,,rest,success,,,,", "", "has 10 fields, the header has 11"),
    (b"b,job,,,rest,success,,,,,,,", "", "has 13 fields"),
    (b"b,j\xc3\x28b,,,rest,success,,,,,", "column job_id", "byte 2 is not UTF-8"),
    (b"b,job,,,rest,success,,,a\0b,,", "column error_message", "NUL"),
    (b"b,job,,\0\0,rest,success,,,,,", "column event_id", "NUL"),
    (b"b,job,nobody,,rest,success,,,,,", "column trigger_id", "there is no trigger \"nobody\""),
];

#[tokio::test]
async fn each_kind_of_bad_row_is_told_by_file_line_and_column_and_nothing_is_imported() {
    let place = Place::new().await;
    for (bad, column, reason) in BAD {
        let path = place.write("bad.csv", [HEADER.as_bytes(), GOOD.as_bytes(), bad, b"\n"].concat());
        let error = format!("{:#}", place.import(&path.display().to_string()).await.unwrap_err());
        let expected = format!("{}:7: {column}", path.display());
        assert!(error.contains(&expected) && error.contains(reason), "{expected} … {reason} in\n{error}");
        assert!(error.contains("nothing was imported: 1 of 3 rows bad"), "{error}");
    }
    assert_eq!(place.rows().await, 0);
}

#[tokio::test]
async fn only_the_first_bad_rows_are_shown_and_all_are_counted() {
    let place = Place::new().await;
    let path = place.write("bad.csv", format!("{HEADER}{}", "b,job,,,rest,done,,,,,\n".repeat(50)));
    let error = format!("{:#}", place.import(&path.display().to_string()).await.unwrap_err());
    assert_eq!(error.matches("unknown status").count(), 20);
    assert!(error.contains("… and 30 rows more"), "{error}");
}

#[tokio::test]
async fn skipped_rows_can_be_mended_and_imported() {
    let place = Place::new().await;
    let bad = BAD.map(|(bad, ..)| [bad, b"\n"].concat()).concat();
    let path = place.write("some.csv", [HEADER.as_bytes(), GOOD.as_bytes(), &bad].concat());
    let line = format!("{} --on-error skip", path.display());
    let report = place.import(&line).await.unwrap();
    assert_eq!((report.read, report.imported, report.rejected), (17, 2, 15));
    assert_eq!(place.rows().await, 2);

    let rejects = place.folder.path().join("some.csv.rejects.csv");
    assert_eq!(report.rejects, std::slice::from_ref(&rejects));
    assert_eq!(std::fs::read(&rejects).unwrap(), [HEADER.as_bytes(), &bad].concat());
    let reasons = std::fs::read_to_string(place.folder.path().join("some.csv.rejects.csv.reasons")).unwrap();
    assert_eq!(reasons.lines().count(), 15);
    assert!(reasons.starts_with(&format!("{}:7: column status", path.display())), "{reasons}");
    assert_eq!(place.import(&line).await.unwrap().rejects, std::slice::from_ref(&rejects));

    let mended: String = (0..15).map(|number| format!("m{number},job,,,rest,success,,,,,\n")).collect();
    std::fs::write(&rejects, format!("{HEADER}{mended}")).unwrap();
    assert_eq!(place.import(&rejects.display().to_string()).await.unwrap().imported, 15);
    assert_eq!(place.rows().await, 17);
}

#[tokio::test]
async fn skipped_json_lines_keep_their_format() {
    let place = Place::new().await;
    let good = r#"{"id": "a", "job_id": "j", "action_type": "rest", "status": "success", "response_data": {"a": 1}}"#;
    let bad = r#"{"id": "b", "job_id": "j", "action_type": "rest", "status": "ok", "duration_ms": true}"#;
    let path = place.write("some.jsonl", format!("\n{bad}\n{good}\n"));
    let rejects = place.folder.path().join("aside.jsonl");
    let line = format!("{} --on-error skip --rejects {}", path.display(), rejects.display());
    let report = place.import(&line).await.unwrap();
    assert_eq!((report.imported, report.rejected), (1, 1));
    assert_eq!(report.shown[0].line, 2);
    assert_eq!(std::fs::read_to_string(&rejects).unwrap(), format!("{bad}\n"));
    std::fs::write(&rejects, bad.replace("ok", "failed").replace("true", "7")).unwrap();
    assert_eq!(place.import(&rejects.display().to_string()).await.unwrap().imported, 1);
}

#[tokio::test]
async fn a_torn_file_imports_nothing() {
    let place = Place::new().await;
    let packed = std::fs::read(fixture("flights-2013-02.csv.gz")).unwrap();
    let path = place.write("torn.csv.gz", &packed[..packed.len() / 2]).display().to_string();
    let line = format!("{path} --on-error skip --triggers {}", fixture("flights.triggers.csv"));
    let error = format!("{:#}", place.import(&line).await.unwrap_err());
    assert!(error.contains(&format!("cannot import {path}: cannot read on after line")), "{error}");
    assert_eq!(place.rows().await, 0);
}

#[tokio::test]
async fn bad_triggers_and_bad_arguments_are_one_clear_line() {
    let place = Place::new().await;
    let rows = place.write("a.csv", format!("{HEADER}{GOOD}")).display().to_string();
    let triggers = place.write("t.csv", "id,name\n1,\n").display().to_string();
    for (line, part) in [
        (format!("{rows} --triggers {triggers}"), "t.csv:2: column name: is empty"),
        (format!("{rows} {rows} --on-error skip --rejects r.csv"), "--rejects FILE takes the bad rows of one file"),
        ("- -".to_owned(), "standard input (-) can be read once only"),
        (format!("{rows}.missing"), "cannot open"),
        (place.folder.path().display().to_string(), "is a folder"),
    ] {
        let error = format!("{:#}", place.import(&line).await.unwrap_err());
        assert!(error.contains(part), "{part} in {error}");
    }
    assert_eq!(place.rows().await, 0);
}
