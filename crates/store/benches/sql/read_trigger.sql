-- What did the trigger $1 ever run?
select
    executions, successes, failures, retrying, executions_with_duration, duration_sum_ms, p50_duration_ms,
    p95_duration_ms, p99_duration_ms, last_execution_at
from tidemark.live_triggers(array[$1])
