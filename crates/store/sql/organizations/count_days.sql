-- What ran of the triggers of each organization on the UTC days from $2 on and before $3, and from $1 on and before $2, by
-- how it ended, in all and day by day? Only of action type $4, status $5 and triggers $6, where those are asked for.
select
    organization_id as "organization_id!",
    status as "status!",
    coalesce(sum(executions) filter (where day < $2), 0)::bigint as "before!",
    coalesce(sum(executions) filter (where day >= $2), 0)::bigint as "executions!",
    coalesce(sum(executions_with_duration) filter (where day >= $2), 0)::bigint as "executions_with_duration!",
    coalesce(sum(duration_sum_ms) filter (where day >= $2), 0)::bigint as "duration_sum_ms!",
    coalesce(sum(total_retries) filter (where day >= $2), 0)::bigint as "total_retries!",
    array_agg(day) as "moments!",
    array_agg(case when day < $2 then executions else 0 end) as "moments_before!",
    array_agg(case when day >= $2 then executions else 0 end) as "moments_now!"
from (
    select
        directory.organization_id,
        ran.status,
        ran.day,
        sum(ran.executions)::bigint as executions,
        sum(ran.executions_with_duration) as executions_with_duration,
        sum(ran.duration_sum_ms) as duration_sum_ms,
        sum(ran.total_retries) as total_retries
    from tidemark.live_trigger_executions_daily as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where directory.organization_id is not null and ran.day >= $1 and ran.day < $3
        and ($4::text is null or ran.action_type = $4) and ($5::text is null or ran.status = $5)
        and ($6::text[] is null or ran.trigger_id = any($6))
    group by directory.organization_id, ran.status, ran.day
) as daily
group by organization_id, status
