-- What ran of the triggers of each organization on the UTC days from $2 on and before $3, by how it ended, bar by bar, and in
-- all bars from number $4 on? The days of a bar begin with one of the midnights $1 and end before the next. Only of action
-- type $5, status $6 and triggers $7, where those are asked for. What is stored is summed up apart from what changed since,
-- since only so do several processes sum it up.
with stored as (
    select
        directory.organization_id, ran.status, ran.day,
        sum(ran.executions)::bigint as executions,
        sum(ran.executions_with_duration) as executions_with_duration,
        sum(ran.duration_sum_ms) as duration_sum_ms,
        sum(ran.total_retries) as total_retries
    from tidemark.trigger_executions_daily as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where tidemark.truncated_at() is null
        and directory.organization_id is not null and ran.day >= $2 and ran.day < $3
        and ($5::text is null or ran.action_type = $5) and ($6::text is null or ran.status = $6)
        and ($7::text[] is null or ran.trigger_id = any($7))
    group by directory.organization_id, ran.status, ran.day
),
changed as (
    select
        directory.organization_id, ran.status, tidemark.utc_day(ran.hour) as day,
        ran.executions, ran.executions_with_duration, ran.duration_sum_ms, ran.total_retries
    from tidemark.trigger_changes('infinity', $7) as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where isfinite(ran.hour)
        and directory.organization_id is not null and ran.hour >= $2 and ran.hour < $3
        and ($5::text is null or ran.action_type = $5) and ($6::text is null or ran.status = $6)
),
counted as (
    select *, width_bucket(day, $1::timestamptz[]) - 1 as bar
    from (select * from stored union all select * from changed) as ran
)
select
    organization_id as "organization_id!",
    status as "status!",
    coalesce(sum(executions_with_duration) filter (where bar >= $4), 0)::bigint as "executions_with_duration!",
    coalesce(sum(duration_sum_ms) filter (where bar >= $4), 0)::bigint as "duration_sum_ms!",
    coalesce(sum(total_retries) filter (where bar >= $4), 0)::bigint as "total_retries!",
    array_agg(bar) as "bars!",
    array_agg(executions) as "executions!"
from counted
group by organization_id, status
