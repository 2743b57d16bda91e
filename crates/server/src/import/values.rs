//! What the cells of a row must hold; each refusal says what would be right.

use serde_json::Value;

/// Bytes of an id (`id`, `job_id`, `trigger_id`, `event_id`): more does not fit into an index of the database.
pub const ID_LIMIT_BYTES: usize = 1_000;
/// Bytes of an action type: it stands in indexes beside other columns, and on every chart.
pub const ACTION_TYPE_LIMIT_BYTES: usize = 200;
/// Digits of a number within JSON; the database holds some more.
const NUMBER_LIMIT_DIGITS: usize = 1_000;
/// Digits of the exponent of such a number.
const EXPONENT_LIMIT_DIGITS: usize = 3;

const STATUSES: [&str; 3] = ["success", "failed", "retrying"];

/// Any text the database can hold.
pub fn text(text: &str) -> Result<&str, String> {
    if text.contains('\0') {
        return Err("has a NUL character, which the database cannot hold; take it out".to_owned());
    }
    Ok(text)
}

/// A text that must fit into an index.
pub fn short(cell: &str, limit_bytes: usize) -> Result<&str, String> {
    if cell.len() > limit_bytes {
        return Err(format!("has {} bytes; at most {limit_bytes} fit", cell.len()));
    }
    text(cell)
}

/// One of the three ways an execution ends.
pub fn status(text: &str) -> Result<&str, String> {
    if STATUSES.contains(&text) {
        return Ok(text);
    }
    Err(format!("unknown status {}; it is one of {}", super::quoted(text), STATUSES.join(", ")))
}

/// A whole number that fits into four bytes.
pub fn whole_number(text: &str) -> Result<i32, String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{} is not a whole number; write it like 1250", super::quoted(text)));
    }
    text.parse().map_err(|_| {
        format!("{} is out of range; it must lie between {} and {}", super::quoted(text), i32::MIN, i32::MAX)
    })
}

/// JSON that the database can hold.
pub fn json(text: &str) -> Result<&str, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| format!("{} is not JSON ({error}); write it like {{\"code\": 200}}", super::quoted(text)))?;
    if has_nul(&value) {
        return Err("has \\u0000, which the database cannot hold; take it out".to_owned());
    }
    if has_huge_number(text) {
        return Err("has a number too long, or with an exponent beyond ±999; write it as text, in quotes".to_owned());
    }
    Ok(text)
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether valid JSON has a number that a `numeric` of the database cannot hold (with much room to spare).
fn has_huge_number(json: &str) -> bool {
    let (mut in_text, mut escaped, mut digits, mut in_exponent) = (false, false, 0, false);
    for byte in json.bytes() {
        if in_text {
            (in_text, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' | b'+' | b'-' => {}
            b'e' | b'E' if digits > 0 => (digits, in_exponent) = (0, true),
            _ => (in_text, digits, in_exponent) = (byte == b'"', 0, false),
        }
        if digits > if in_exponent { EXPONENT_LIMIT_DIGITS } else { NUMBER_LIMIT_DIGITS } {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_status_is_one_of_three() {
        assert_eq!(status("retrying"), Ok("retrying"));
        for wrong in ["Success", "ok", "", " failed"] {
            assert!(status(wrong).unwrap_err().ends_with("it is one of success, failed, retrying"));
        }
    }

    #[test]
    fn a_number_is_whole_and_in_range() {
        assert_eq!(whole_number("2147483647"), Ok(i32::MAX));
        assert_eq!(whole_number("-2147483648"), Ok(i32::MIN));
        for wrong in ["", "-", "1.5", "12 ms", "1e3", " 1", "NaN", "٣"] {
            assert!(whole_number(wrong).unwrap_err().contains("is not a whole number"), "{wrong}");
        }
        for wrong in ["2147483648", "-2147483649", "99999999999999999999"] {
            assert!(whole_number(wrong).unwrap_err().contains("between -2147483648 and 2147483647"), "{wrong}");
        }
    }

    #[test]
    fn json_is_what_the_database_takes() {
        for right in [r#"{"a": [1, 2.5e10, "e99999", true]}"#, "null", r#""\\\"1e9999""#, "[]", "-1E+300"] {
            assert_eq!(json(right), Ok(right));
        }
        for wrong in ["{", "{a: 1}", "", r#""\ud800""#, "[1,]", "nul"] {
            assert!(json(wrong).unwrap_err().contains("is not JSON"), "{wrong}");
        }
        for wrong in [r#""a\u0000b""#, r#"{"\u0000": 1}"#, r#"[{"a": ["\u0000"]}]"#] {
            assert!(json(wrong).unwrap_err().contains("\\u0000"), "{wrong}");
        }
        for wrong in ["1e-20000".to_owned(), format!("0.{}", "1".repeat(2_000))] {
            assert!(json(&wrong).unwrap_err().contains("number too long"), "{wrong}");
        }
    }

    #[test]
    fn text_has_no_nul_and_an_end() {
        assert!(text("a\0b").unwrap_err().contains("NUL"));
        assert!(short(&"é".repeat(501), ID_LIMIT_BYTES).unwrap_err().contains("1002 bytes; at most 1000"));
    }
}
