-- How long did what ran in the last 30 days take? The buckets are merged by whoever asks.
select duration_buckets, bucket_executions
from tidemark.live_executions_hourly
where hour >= now() - interval '30 days'
