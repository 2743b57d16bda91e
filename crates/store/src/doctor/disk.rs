//! How full the disk of the database is, where that is a disk of this machine: Postgres itself does not tell.

use std::path::Path;

use domain::{doctor::Thresholds, format};

use super::Found;
use crate::{Pool, StoreError};

/// That too little is free.
pub(super) async fn find(pool: &Pool, thresholds: &Thresholds) -> Result<Option<Found>, StoreError> {
    let place = sqlx::query_file!("sql/doctor/find_data_directory.sql").fetch_one(pool).await?;
    let folder = place.folder.filter(|_| place.is_here);
    Ok(folder.and_then(|folder| look(&folder, thresholds)))
}

/// A folder that cannot be looked at is on another machine, or in a container.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "disks stay far below 2^52 bytes")]
fn look(folder: &str, thresholds: &Thresholds) -> Option<Found> {
    let disk = nix::sys::statvfs::statvfs(Path::new(folder)).ok()?;
    let (all, free) = (disk.blocks() * disk.fragment_size(), disk.blocks_available() * disk.fragment_size());
    let share = free as f64 / all.max(1) as f64;
    (share < thresholds.free_disk && free < thresholds.free_disk_bytes).then(|| Found {
        subject: folder.to_owned(),
        evidence: format!(
            "{} of {} are free, {}",
            format::bytes(free as i64),
            format::bytes(all as i64),
            format::percent(Some(share * 100.0))
        ),
        statements: None,
        advice: Some("a larger disk; or fewer rows, indexes and old files on this one: see /admin/storage".to_owned()),
    })
}
