-- What did an admin say about refreshes?
select is_paused, profile, extract(epoch from every)::bigint as every_seconds, changed_by, changed_at
from tidemark.schedule
