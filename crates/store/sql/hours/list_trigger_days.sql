-- What ran of the triggers $1 on the UTC days from $2 on and before $3? Only of action type $4 and status $5, where those
-- are asked for.
select
    day as "day!",
    action_type as "action_type!",
    status as "status!",
    sum(executions)::bigint as "executions!",
    sum(executions_with_duration)::bigint as "executions_with_duration!",
    sum(duration_sum_ms)::bigint as "duration_sum_ms!",
    sum(total_retries)::bigint as "total_retries!"
from tidemark.live_trigger_executions_daily
where trigger_id = any($1) and day >= $2 and day < $3 and ($4::text is null or action_type = $4)
    and ($5::text is null or status = $5)
group by day, action_type, status
