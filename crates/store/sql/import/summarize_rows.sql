-- What waits to be merged: how many rows, how many repeat the id of an earlier one, how many do not say when they ran,
-- and by how many whole weeks would the newest have to move to be at or just before now?
select
    count(*) as staged,
    count(id) - count(distinct id) as repeated,
    count(*) filter (where executed_at is null) as without_time,
    floor(extract(epoch from now() - max(executed_at)) / 604800)::integer as weeks_to_now
from import_rows
