-- How many executions of trigger $1 took about how long, of all it ever ran?
select duration_buckets as "duration_buckets!", bucket_executions as "bucket_executions!"
from tidemark.live_triggers(array[$1])
