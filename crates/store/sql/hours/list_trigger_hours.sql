-- What ran of the triggers $1 in the UTC hours from $2 to $3? Only of action type $4 and status $5, where those are asked
-- for. Hours that are older than tidemark.frontier.trigger_hours_from are not kept.
select
    hour as "hour!",
    action_type as "action_type!",
    status as "status!",
    sum(executions)::bigint as "executions!",
    sum(executions_with_duration)::bigint as "executions_with_duration!",
    sum(duration_sum_ms)::bigint as "duration_sum_ms!",
    sum(total_retries)::bigint as "total_retries!"
from tidemark.live_trigger_executions_hourly
where trigger_id = any($1) and hour >= $2 and hour <= $3 and ($4::text is null or action_type = $4)
    and ($5::text is null or status = $5)
group by hour, action_type, status
