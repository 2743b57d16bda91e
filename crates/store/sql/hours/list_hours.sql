-- How did executions of the UTC hours from $1 to $2 end, how often were they tried again, and how long did they take?
select
    hour as "hour!",
    status as "status!",
    executions as "executions!",
    total_retries as "total_retries!",
    duration_buckets as "duration_buckets!",
    bucket_executions as "bucket_executions!"
from tidemark.live_executions_hourly
where hour >= $1 and hour <= $2
