-- What ran of the triggers of each organization on the UTC days from $2 on and before $3, and from $1 on and before $2, by
-- how it ended? Only of action type $4, status $5 and triggers $6, where those are asked for.
select
    directory.organization_id as "organization_id!",
    ran.status as "status!",
    coalesce(sum(ran.executions) filter (where ran.day < $2), 0)::bigint as "before!",
    coalesce(sum(ran.executions) filter (where ran.day >= $2), 0)::bigint as "executions!",
    coalesce(sum(ran.executions_with_duration) filter (where ran.day >= $2), 0)::bigint as "executions_with_duration!",
    coalesce(sum(ran.duration_sum_ms) filter (where ran.day >= $2), 0)::bigint as "duration_sum_ms!",
    coalesce(sum(ran.total_retries) filter (where ran.day >= $2), 0)::bigint as "total_retries!"
from tidemark.live_trigger_executions_daily as ran
join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
where directory.organization_id is not null and ran.day >= $1 and ran.day < $3
    and ($4::text is null or ran.action_type = $4) and ($5::text is null or ran.status = $5)
    and ($6::text[] is null or ran.trigger_id = any($6))
group by directory.organization_id, ran.status
