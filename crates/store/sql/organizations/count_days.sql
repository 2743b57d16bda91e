-- What ran of the triggers of each organization on the UTC days from $2 on and before $3, by how it ended, bar by bar, and in
-- all bars from number $4 on? The days of a bar begin with one of the midnights $1 and end before the next. Only of action
-- type $5, status $6 and triggers $7, where those are asked for.
select
    organization_id as "organization_id!",
    status as "status!",
    coalesce(sum(executions_with_duration) filter (where bar >= $4), 0)::bigint as "executions_with_duration!",
    coalesce(sum(duration_sum_ms) filter (where bar >= $4), 0)::bigint as "duration_sum_ms!",
    coalesce(sum(total_retries) filter (where bar >= $4), 0)::bigint as "total_retries!",
    array_agg(bar) as "bars!",
    array_agg(executions) as "executions!"
from (
    select
        directory.organization_id,
        ran.status,
        width_bucket(ran.day, $1::timestamptz[]) - 1 as bar,
        sum(ran.executions)::bigint as executions,
        sum(ran.executions_with_duration) as executions_with_duration,
        sum(ran.duration_sum_ms) as duration_sum_ms,
        sum(ran.total_retries) as total_retries
    from tidemark.live_trigger_executions_daily as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where directory.organization_id is not null and ran.day >= $2 and ran.day < $3
        and ($5::text is null or ran.action_type = $5) and ($6::text is null or ran.status = $6)
        and ($7::text[] is null or ran.trigger_id = any($7))
    group by directory.organization_id, ran.status, 3
) as counted
group by organization_id, status
