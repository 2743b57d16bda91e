#![allow(clippy::unwrap_used)]
use super::super::intake::tests::Collected;
use super::*;

fn rows(text: &[u8]) -> Collected {
    let mut collected = Collected::default();
    read(text, &[], &mut collected).unwrap();
    collected
}

fn refusal(text: &[u8]) -> String {
    format!("{:#}", read(text, &[], &mut Collected::default()).unwrap_err())
}

fn lines(collected: &Collected) -> Vec<u64> {
    collected.rows.iter().map(|(line, _)| *line).collect()
}

#[test]
fn lines_are_those_an_editor_shows() {
    let unix = rows(b"job_id,action_type,status\n\na,rest,success\nb,\"re\nst\",failed\n\n\nc,rest,success");
    assert_eq!(lines(&unix), [3, 4, 8]);
    let windows =
        rows(b"job_id,action_type,status\r\n\r\na,rest,success\r\nb,\"re\r\nst\",failed\r\n\r\nc,rest,success\r\n");
    assert_eq!(lines(&windows), [3, 4, 7]);
    let old_mac = rows(b"job_id,action_type,status\ra,rest,success\rb,rest,failed\r");
    assert_eq!(lines(&old_mac), [2, 3]);
}

#[test]
fn rows_come_with_their_very_bytes() {
    let collected = rows(b"\xef\xbb\xbf job_id ,action_type,status\r\n\"a\"\"b\",rest, success\r\nx\xff,rest,\r\n");
    assert_eq!(collected.header, b"\xef\xbb\xbf job_id ,action_type,status\r");
    assert_eq!(collected.bytes[0].trim_ascii(), b"\"a\"\"b\",rest, success");
    assert_eq!(collected.bytes[1].trim_ascii(), b"x\xff,rest,");
    let cells = collected.rows[0].1.as_ref().unwrap();
    assert_eq!(cells[1].as_deref(), Some("a\"b"));
    assert_eq!(cells[5].as_deref(), Some(" success"));
}

#[test]
fn rows_keep_their_bytes_beyond_the_read_buffer() {
    let row = |number: usize| format!("job-{number},\"{}\",success\n", "long\n".repeat(number % 97));
    let text: String = std::iter::once("job_id,action_type,status\n".to_owned()).chain((0..5_000).map(row)).collect();
    let text_lines: Vec<&str> = text.lines().collect();
    let collected = rows(text.as_bytes());
    assert_eq!(collected.bytes.len(), 5_000);
    for (number, bytes) in collected.bytes.iter().enumerate() {
        assert_eq!(bytes, row(number).as_bytes());
        let line = text_lines[usize::try_from(collected.rows[number].0).unwrap() - 1];
        assert!(line.starts_with(&format!("job-{number},")), "{line}");
    }
}

#[test]
fn each_bad_row_says_why_and_the_next_is_read() {
    for (bad, column, reason) in [
        (&b"a,rest\n"[..], None, "has 2 fields, the header has 3"),
        (b"a,rest,success,more\n", None, "has 4 fields"),
        (b"a,r\xc3\x28,success\n", Some("action_type"), "byte 2 is not UTF-8"),
    ] {
        let collected = rows(&[b"job_id,action_type,status\n", bad, b"b,rest,success\n"].concat());
        let problem = &collected.rows[0].1.as_ref().unwrap_err()[0];
        assert_eq!(problem.column.as_deref(), column);
        assert!(problem.reason.contains(reason), "{problem}");
        assert!(collected.rows[1].1.is_ok());
        assert_eq!(lines(&collected), [2, 3]);
    }
}

#[test]
fn a_quote_that_is_never_closed_is_one_bad_row() {
    let collected = rows(b"job_id,action_type,status\na,rest,\"success\nb,rest,failed\n");
    assert_eq!(lines(&collected), [2]);
    assert!(collected.rows[0].1.as_ref().unwrap_err()[0].reason.contains("never closed"));
    assert_eq!(collected.bytes[0], b"a,rest,\"success\nb,rest,failed\n");
}

#[test]
fn a_row_without_end_does_not_fill_the_memory() {
    let text = [&b"job_id,action_type,status\na,rest,\""[..], &b"x\n".repeat(ROW_LIMIT_BYTES)].concat();
    assert!(refusal(&text).contains("more than 16 MiB"));
}

#[test]
fn the_header_is_checked() {
    assert!(refusal(b"").contains("the file is empty"));
    assert!(refusal(b"job_id,status\n").contains("no column action_type"));
    assert!(refusal(b"job_id,status,action_type,status\n").contains("column status is there twice"));
    let unknown = refusal(b"job_id,status,action_type,user_id\n");
    assert!(unknown.contains("unknown column \"user_id\"") && unknown.contains("--ignore-columns"), "{unknown}");
    let mut collected = Collected::default();
    let ignored = ["user_id".to_owned()];
    read(&b"user_id,job_id,status,action_type\n1,a,failed,rest\n"[..], &ignored, &mut collected).unwrap();
    assert_eq!(collected.rows[0].1.as_ref().unwrap()[1].as_deref(), Some("a"));
}
