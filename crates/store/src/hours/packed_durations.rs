//! Histograms as the database packs them.

use sqlx::{
    Decode, Postgres, Type,
    error::BoxDynError,
    postgres::{PgTypeInfo, PgValueRef},
};

/// Executions by bucket of their duration, from `tidemark.packed_durations`; a bucket may come several times.
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
        let durations =
            unpack(bytes).ok_or_else(|| format!("{} bytes are no histogram: 10 make a bucket", bytes.len()))?;
        Ok(Self(durations))
    }
}

/// Each bucket is in 2 bytes and its executions in 8, the highest byte first.
fn unpack(bytes: &[u8]) -> Option<Vec<(i32, i64)>> {
    let pair = |pair: &[u8]| {
        let (bucket, executions) = pair.split_first_chunk::<2>()?;
        Some((i16::from_be_bytes(*bucket).into(), i64::from_be_bytes(*executions.first_chunk()?)))
    };
    bytes.chunks(10).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn buckets_keep_their_executions() {
        let pairs: [(i16, i64); 3] = [(-1_100, i64::MAX), (0, 0), (1_099, -3)];
        let bytes: Vec<u8> = pairs
            .iter()
            .flat_map(|(bucket, times)| [&bucket.to_be_bytes()[..], &times.to_be_bytes()].concat())
            .collect();
        assert_eq!(unpack(&bytes), Some(vec![(-1_100, i64::MAX), (0, 0), (1_099, -3)]));
        assert_eq!(unpack(&[]), Some(Vec::new()));
        for length in (1..bytes.len()).filter(|length| length % 10 != 0) {
            assert_eq!(unpack(&bytes[..length]), None, "the first {length} bytes");
        }
    }
}
