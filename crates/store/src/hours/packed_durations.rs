//! Histograms as the database packs them: two arrays as Postgres prints them, one after the other.

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
    let (buckets, executions) = (take_array(&mut bytes)?, take_array(&mut bytes)?);
    if !bytes.is_empty() || buckets.len() != executions.len() {
        return None;
    }
    buckets.into_iter().zip(executions).map(|(bucket, times)| Some((i32::try_from(bucket).ok()?, times))).collect()
}

/// The numbers of an array as in `{1,-2,3}`, in one pass: a page reads a quarter of a megabyte of them.
fn take_array(bytes: &mut &[u8]) -> Option<Vec<i64>> {
    let printed = bytes.strip_prefix(b"{")?;
    let end = printed.iter().position(|&byte| byte == b'}')?;
    *bytes = &printed[end + 1..];
    if end == 0 {
        return Some(Vec::new());
    }
    printed[..end].split(|&byte| byte == b',').map(number).collect()
}

/// A number as Postgres prints it. Digits are taken away from zero: the smallest number has no opposite.
fn number(printed: &[u8]) -> Option<i64> {
    let digits = printed.strip_prefix(b"-").unwrap_or(printed);
    let add = |number: i64, &byte: &u8| {
        let digit = byte.wrapping_sub(b'0');
        number.checked_mul(10)?.checked_sub(i64::from((digit < 10).then_some(digit)?))
    };
    let opposite = digits.iter().try_fold(0, add).filter(|_| !digits.is_empty())?;
    if digits.len() < printed.len() { Some(opposite) } else { opposite.checked_neg() }
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
        let wrong = [
            "{7}{12} ",
            "{7}{1,2}",
            "{7,}{1,2}",
            "{NULL}{1}",
            "{7}{9223372036854775808}",
            "{2147483648}{1}",
            "{ 7}{1}",
            "{-}{1}",
        ];
        for bytes in wrong {
            assert_eq!(unpack(bytes.as_bytes()), None, "{bytes}");
        }
    }
}
