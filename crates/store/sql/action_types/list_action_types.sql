-- What ran of each action type in the UTC hours from $1 to $2, by how it ended?
select
    action_type as "action_type!",
    status as "status!",
    sum(executions)::bigint as "executions!",
    sum(executions_with_duration)::bigint as "executions_with_duration!",
    sum(duration_sum_ms)::bigint as "duration_sum_ms!",
    max(last_execution_at) as "last_execution_at!"
from tidemark.live_executions_hourly
where hour >= $1 and hour <= $2
group by action_type, status
