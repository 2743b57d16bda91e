//! Histograms as the database packs them: `7:3,5,2:1` are 3 executions of bucket 7, 5 of bucket 8 and 1 of bucket 10. What
//! stands before a colon is the step from the bucket before; mostly it is 1 and not told.

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
        Ok(Self(unpack(bytes).ok_or("these bytes are not steps and executions, as in 7:3,5")?))
    }
}

fn unpack(mut bytes: &[u8]) -> Option<Vec<(i32, i64)>> {
    let (mut durations, mut bucket) = (Vec::with_capacity(bytes.len() / 2), 0_i64);
    while !bytes.is_empty() {
        let (mut executions, mut length) = number(bytes)?;
        let mut step = 1;
        if bytes.get(length) == Some(&b':') {
            step = executions;
            bytes = &bytes[length + 1..];
            (executions, length) = number(bytes)?;
        }
        bucket += step;
        durations.push((i32::try_from(bucket).ok()?, executions));
        bytes = match &bytes[length..] {
            [] => &[],
            [b',', rest @ ..] if !rest.is_empty() => rest,
            _ => return None,
        };
    }
    Some(durations)
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
    fn steps_are_added_up() {
        assert_eq!(unpack(b"7:3,5,2:1"), Some(vec![(7, 3), (8, 5), (10, 1)]));
        assert_eq!(unpack(b"-1:999999999999999999,8:-3"), Some(vec![(-1, 999_999_999_999_999_999), (7, -3)]));
        assert_eq!(unpack(b"4"), Some(vec![(1, 4)]));
        assert_eq!(unpack(b""), Some(Vec::new()));
    }

    #[test]
    fn anything_else_is_refused() {
        let wrong = [
            "7:",
            ":3",
            "7:3,",
            ",7:3",
            "7:3,,4",
            "7:3 ",
            " 7:3",
            "7:3:1",
            "7:NULL",
            "7:-",
            "7:9223372036854775808",
            "2147483648:1",
            "2147483647:1,1",
            "{7}{3}",
        ];
        for bytes in wrong {
            assert_eq!(unpack(bytes.as_bytes()), None, "{bytes}");
        }
    }
}
