//! Histograms as the database packs them: three bytes a bucket, 4096 times its number plus its executions. Where those do not
//! fit, nothing is added, and they follow in eight bytes.

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
    let mut durations = Vec::with_capacity(bytes.len() / 3);
    while !bytes.is_empty() {
        let [high, middle, low] = take(&mut bytes)?;
        let entry = i32::from_be_bytes([high, middle, low, 0]) >> 8;
        let executions = match entry & 4095 {
            0 => i64::from_be_bytes(take(&mut bytes)?),
            executions => executions.into(),
        };
        durations.push((entry >> 12, executions));
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

    /// What is there for a bucket whose executions fit.
    fn three(bucket: i32, executions: i32) -> Vec<u8> {
        (bucket * 4096 + executions).to_be_bytes()[1..].to_vec()
    }

    fn eleven(bucket: i32, executions: i64) -> Vec<u8> {
        [three(bucket, 0), executions.to_be_bytes().to_vec()].concat()
    }

    #[test]
    fn buckets_are_told_from_executions() {
        let near = [three(-1_077, 5), three(-1, 1), three(0, 4_095), three(1_075, 3)].concat();
        assert_eq!(unpack(&near), Some(vec![(-1_077, 5), (-1, 1), (0, 4_095), (1_075, 3)]));
        let far = [eleven(-1, i64::MAX), eleven(1_075, -3), three(8, 4), eleven(8, 0)].concat();
        assert_eq!(unpack(&far), Some(vec![(-1, i64::MAX), (1_075, -3), (8, 4), (8, 0)]));
        assert_eq!(unpack(b""), Some(Vec::new()));
    }

    #[test]
    fn bytes_that_end_inside_of_a_bucket_are_refused() {
        let bytes = eleven(7, 3);
        for length in 1..11 {
            assert_eq!(unpack(&bytes[..length]), None, "{length}");
        }
        assert_eq!(unpack(&[three(7, 3), vec![0]].concat()), None);
    }
}
