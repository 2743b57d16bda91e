//! Histograms as the database packs them: two arrays in the binary format of Postgres, one after the other.

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
        Ok(Self(unpack(bytes).ok_or("these bytes are not two arrays of one length, as Postgres sends them")?))
    }
}

/// Both arrays, put together element by element.
fn unpack(mut bytes: &[u8]) -> Option<Vec<(i32, i64)>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let buckets = take_array(&mut bytes)?.map(i32::from_be_bytes);
    let executions = take_array(&mut bytes)?.map(i64::from_be_bytes);
    (bytes.is_empty() && buckets.len() == executions.len()).then(|| buckets.zip(executions).collect())
}

/// The elements of an array without nulls, each of `SIZE` bytes. Before them come the number of dimensions (none when it is
/// empty), whether there are nulls, the type, and of the one dimension its length and where it begins; before each element,
/// its size: 4 bytes each. (`array_send` in `src/backend/utils/adt/arrayfuncs.c` of Postgres.)
fn take_array<'a, const SIZE: usize>(
    bytes: &mut &'a [u8],
) -> Option<impl ExactSizeIterator<Item = [u8; SIZE]> + use<'a, SIZE>> {
    let dimensions = i32::from_be_bytes(*bytes.first_chunk()?);
    let (header, length) = match dimensions {
        0 => (12, 0),
        1 => (20, usize::try_from(i32::from_be_bytes(*bytes.get(12..)?.first_chunk()?)).ok()?),
        _ => return None,
    };
    let (array, rest) = bytes.split_at_checked(header + length * (4 + SIZE))?;
    *bytes = rest;
    let mut element = [0; SIZE];
    Some(array[header..].chunks_exact(4 + SIZE).map(move |chunk| {
        element.copy_from_slice(&chunk[4..]);
        element
    }))
}

#[cfg(test)]
mod tests {
    use super::unpack;

    /// What Postgres sends of an array of elements that are as long as these.
    fn sent<const SIZE: usize>(elements: &[[u8; SIZE]]) -> Vec<u8> {
        let length = i32::try_from(elements.len()).unwrap_or_default();
        let header: &[i32] = if length == 0 { &[0, 0, 23] } else { &[1, 0, 23, length, 1] };
        let mut bytes: Vec<u8> = header.iter().flat_map(|word| word.to_be_bytes()).collect();
        for element in elements {
            bytes.extend(i32::try_from(SIZE).unwrap_or_default().to_be_bytes());
            bytes.extend(element);
        }
        bytes
    }

    #[test]
    fn two_arrays_are_read_together() {
        let buckets = sent(&[(-1_i32).to_be_bytes(), 7_i32.to_be_bytes()]);
        let executions = sent(&[i64::MAX.to_be_bytes(), (-3_i64).to_be_bytes()]);
        assert_eq!(unpack(&[buckets, executions].concat()), Some(vec![(-1, i64::MAX), (7, -3)]));
        assert_eq!(unpack(&[sent::<4>(&[]), sent::<8>(&[])].concat()), Some(Vec::new()));
        assert_eq!(unpack(&[]), Some(Vec::new()));
    }

    #[test]
    fn anything_else_is_refused() {
        let (buckets, executions) = (sent(&[7_i32.to_be_bytes()]), sent(&[1_i64.to_be_bytes()]));
        let whole = [buckets.clone(), executions.clone()].concat();
        for length in 1..whole.len() {
            assert_eq!(unpack(&whole[..length]), None, "the first {length} bytes");
        }
        assert_eq!(unpack(&[&whole[..], &[0]].concat()), None, "one byte too many");
        assert_eq!(unpack(&[buckets, sent::<8>(&[])].concat()), None, "lengths that differ");
    }
}
