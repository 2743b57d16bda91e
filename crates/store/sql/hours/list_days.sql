-- What ran on the UTC days $1, and how long did it take? A group may come several times: what changed lately is in rows of
-- its own. Only of action type $2 and status $3, where those are asked for.
select
    day as "day!",
    action_type as "action_type!",
    status as "status!",
    executions as "executions!",
    executions_with_duration as "executions_with_duration!",
    duration_sum_ms as "duration_sum_ms!",
    total_retries as "total_retries!",
    durations as "durations!: PackedDurations"
from tidemark.live_executions_daily
where day = any($1) and ($2::text is null or action_type = $2) and ($3::text is null or status = $3)
