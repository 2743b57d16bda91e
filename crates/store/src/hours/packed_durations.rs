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

/// Both arrays, put together element by element, in one pass: a page reads a quarter of a megabyte of them.
fn unpack(mut bytes: &[u8]) -> Option<Vec<(i32, i64)>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let mut durations = Vec::with_capacity(bytes.len() / 6);
    take_array(&mut bytes, |bucket| {
        durations.push((i32::try_from(bucket).ok()?, 0));
        Some(())
    })?;
    let mut counted = durations.iter_mut();
    take_array(&mut bytes, |executions| {
        counted.next()?.1 = executions;
        Some(())
    })?;
    (bytes.is_empty() && counted.len() == 0).then_some(durations)
}

/// The numbers of an array as in `{1,-2,3}`.
fn take_array(bytes: &mut &[u8], mut take: impl FnMut(i64) -> Option<()>) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"{")?;
    if let Some(after) = rest.strip_prefix(b"}") {
        *bytes = after;
        return Some(());
    }
    loop {
        let (number, length) = number(rest)?;
        take(number)?;
        let (end, after) = rest[length..].split_first()?;
        rest = after;
        match end {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    *bytes = rest;
    Some(())
}

/// The number that bytes begin with, and its length. Of 18 digits at most: no more executions are counted, and so many
/// never overflow.
fn number(bytes: &[u8]) -> Option<(i64, usize)> {
    let first = usize::from(bytes.first() == Some(&b'-'));
    let (mut number, mut length) = (0_i64, first);
    while let Some(digit @ b'0'..=b'9') = bytes.get(length) {
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
        length += 1;
    }
    let sign = if first == 0 { 1 } else { -1 };
    (first + 1..=first + 18).contains(&length).then_some((sign * number, length))
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn two_arrays_are_read_together() {
        assert_eq!(unpack(b"{-1,7}{999999999999999999,-3}"), Some(vec![(-1, 999_999_999_999_999_999), (7, -3)]));
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
