-- What ran of the triggers of each organization on the UTC days from $1 on and before $2, by how it ended? Only of action
-- type $3, status $4 and triggers $5, where those are asked for.
select
    directory.organization_id as "organization_id!",
    ran.day as "at!",
    ran.status as "status!",
    sum(ran.executions)::bigint as "executions!",
    sum(ran.executions_with_duration)::bigint as "executions_with_duration!",
    sum(ran.duration_sum_ms)::bigint as "duration_sum_ms!",
    sum(ran.total_retries)::bigint as "total_retries!"
from tidemark.live_trigger_executions_daily as ran
join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
where directory.organization_id is not null and ran.day >= $1 and ran.day < $2
    and ($3::text is null or ran.action_type = $3) and ($4::text is null or ran.status = $4)
    and ($5::text[] is null or ran.trigger_id = any($5))
group by directory.organization_id, ran.day, ran.status
