-- How long did what ran on the last 30 days take? The buckets are merged by whoever asks.
select durations
from tidemark.live_executions_daily
where day >= now() - interval '30 days'
