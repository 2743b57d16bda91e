//! Histograms as the database packs them: two bytes a bucket, 2048 times its step from the bucket before plus its executions.
//! Where those do not fit, two bytes of zero come first, then the step in two and the executions in eight.

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
        Ok(Self(unpack(bytes).ok_or("these bytes end inside of a bucket")?))
    }
}

fn unpack(mut bytes: &[u8]) -> Option<Vec<(i32, i64)>> {
    let (mut durations, mut bucket) = (Vec::with_capacity(bytes.len() / 2), 0_i32);
    while !bytes.is_empty() {
        let entry = u16::from_be_bytes(take(&mut bytes)?);
        let (step, executions) = if entry == 0 {
            (i16::from_be_bytes(take(&mut bytes)?).into(), i64::from_be_bytes(take(&mut bytes)?))
        } else {
            (i32::from(entry >> 11), i64::from(entry & 2047))
        };
        bucket = bucket.checked_add(step)?;
        durations.push((bucket, executions));
    }
    Some(durations)
}

fn take<const LENGTH: usize>(bytes: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn steps_are_added_up() {
        let entry = |step: u16, executions: u16| (step * 2048 + executions).to_be_bytes();
        let wide = |step: i16, executions: i64| [&[0, 0], &step.to_be_bytes()[..], &executions.to_be_bytes()].concat();
        assert_eq!(unpack(&[entry(7, 3), entry(1, 5), entry(2, 1)].concat()), Some(vec![(7, 3), (8, 5), (10, 1)]));
        assert_eq!(unpack(&entry(15, 2047)), Some(vec![(15, 2047)]));
        let far = [wide(-1, i64::MAX), wide(1_075, -3), entry(1, 4).to_vec()].concat();
        assert_eq!(unpack(&far), Some(vec![(-1, i64::MAX), (1_074, -3), (1_075, 4)]));
        assert_eq!(unpack(b""), Some(Vec::new()));
    }

    #[test]
    fn bytes_that_end_inside_of_a_bucket_are_refused() {
        let wide = [0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 3];
        assert_eq!(unpack(&wide), Some(vec![(7, 3)]));
        for length in [1, 2, 3, 4, 11] {
            assert_eq!(unpack(&wide[..length]), None, "{length}");
        }
        assert_eq!(unpack(&[8, 1, 8]), None);
    }
}
