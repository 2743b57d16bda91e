-- What ran in the last 24 hours, by hour, action type and status?
select hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries
from tidemark.live_executions_hourly_parts
where hour > now() - interval '25 hours'
order by hour
