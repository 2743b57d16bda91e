-- What was marked in the time from $1 to $2, itself left out, newest first? At most $3. Nothing lasts longer than 31 days.
select id, at, until, kind, text, created_by, created_at
from tidemark.annotations
where at < $2 and at >= $1::timestamptz - interval '31 days' and coalesce(until, at) >= $1
order by at desc, id desc
limit $3
