//! What to measure.

use crate::Result;

/// What to measure.
pub struct Arguments {
    /// Sizes of `action_results`, each in a database of its own.
    pub rows: Vec<u32>,
    /// How many triggers there are.
    pub triggers: u32,
    /// Only to make the data of the first size, in the database of `DATABASE_URL`, for others to measure with.
    pub only_load: bool,
    /// Only to measure reads, of the data that the database of `DATABASE_URL` holds already.
    pub only_reads: bool,
}

impl Arguments {
    /// From the command line; nothing when cargo did not start this to measure.
    pub fn parse(words: impl Iterator<Item = String>) -> Result<Option<Self>> {
        let mut arguments =
            Self { rows: vec![1_000_000, 10_000_000], triggers: 1_000, only_load: false, only_reads: false };
        let (mut words, mut is_to_measure) = (words, false);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--bench" => is_to_measure = true,
                "--only-load" => arguments.only_load = true,
                "--only-reads" => arguments.only_reads = true,
                "--rows" => {
                    arguments.rows = value()?.split(',').map(str::parse).collect::<std::result::Result<_, _>>()?
                }
                "--triggers" => arguments.triggers = value()?.parse()?,
                _ => {
                    return Err(format!(
                        "{word} is not understood: --rows 1000000,10000000 --triggers 1000 --only-load --only-reads"
                    )
                    .into());
                }
            }
        }
        Ok(is_to_measure.then_some(arguments))
    }
}
