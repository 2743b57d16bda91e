//! Histograms as the database packs them: two arrays as Postgres prints them, one after the other.

use atoi::FromRadix10SignedChecked;
use sqlx::{
    Decode, Postgres, Type,
    error::BoxDynError,
    postgres::{PgTypeInfo, PgValueRef},
};

/// Executions by bucket of their duration, from `tidemark.packed_durations`; a bucket may come several times. Of no bytes
/// there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedDurations(pub Vec<(i32, i64)>);

impl Type<Postgres> for PackedDurations {
    fn type_info() -> PgTypeInfo {
        <[u8] as Type<Postgres>>::type_info()
    }
}

impl<'r> Decode<'r, Postgres> for PackedDurations {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes = <&[u8] as Decode<Postgres>>::decode(value)?;
        Ok(Self(unpack(bytes).ok_or("these bytes are not two arrays of one length, as Postgres prints them")?))
    }
}

/// Both arrays, put together element by element.
fn unpack(mut bytes: &[u8]) -> Option<Vec<(i32, i64)>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let buckets: Vec<i32> = take_array(&mut bytes)?;
    let executions: Vec<i64> = take_array(&mut bytes)?;
    (bytes.is_empty() && buckets.len() == executions.len()).then(|| buckets.into_iter().zip(executions).collect())
}

/// The numbers of an array as in `{1,-2,3}`.
fn take_array<Number: FromRadix10SignedChecked>(bytes: &mut &[u8]) -> Option<Vec<Number>> {
    let mut rest = bytes.strip_prefix(b"{")?;
    let mut numbers = Vec::with_capacity(rest.len() / 3);
    if !rest.starts_with(b"}") {
        loop {
            let (number, length) = Number::from_radix_10_signed_checked(rest);
            if length == 0 {
                return None;
            }
            numbers.push(number?);
            rest = &rest[length..];
            let Some(next) = rest.strip_prefix(b",") else { break };
            rest = next;
        }
    }
    *bytes = rest.strip_prefix(b"}")?;
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn two_arrays_are_read_together() {
        assert_eq!(unpack(b"{-1,7}{9223372036854775807,-3}"), Some(vec![(-1, i64::MAX), (7, -3)]));
        assert_eq!(unpack(b"{}{}"), Some(Vec::new()));
        assert_eq!(unpack(b""), Some(Vec::new()));
    }

    #[test]
    fn anything_else_is_refused() {
        let whole = b"{7}{12}";
        for length in 1..whole.len() {
            assert_eq!(unpack(&whole[..length]), None, "the first {length} bytes");
        }
        let wrong = ["{7}{12} ", "{7}{1,2}", "{7,}{1,2}", "{NULL}{1}", "{7}{9223372036854775808}", "{2147483648}{1}", "{ 7}{1}"];
        for bytes in wrong {
            assert_eq!(unpack(bytes.as_bytes()), None, "{bytes}");
        }
    }
}
