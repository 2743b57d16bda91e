-- What came of bringing the rollups up to date?
select
    waited_ms as "waited_ms!",
    rows_folded as "rows_folded!",
    is_held as "is_held!",
    found_changes as "found_changes!"
from tidemark.fold()
