-- How long did what ran in the last 24 hours take? The buckets are merged by whoever asks.
select durations
from tidemark.live_executions_hourly_parts
where hour >= now() - interval '24 hours'
