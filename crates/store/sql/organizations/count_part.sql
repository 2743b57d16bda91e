-- What ran of the triggers of each organization from $1 on and before $2, a part of an hour, by how it ended? Only of action
-- type $3, status $4 and triggers $5, where those are asked for. Read from the source by its index on executed_at.
select
    directory.organization_id as "organization_id!",
    $1::timestamptz as "at!",
    result.status as "status!",
    count(*) as "executions!",
    count(result.duration_ms) as "executions_with_duration!",
    coalesce(sum(result.duration_ms), 0) as "duration_sum_ms!",
    sum(coalesce(result.retry_count, 0)) as "total_retries!"
from public.action_results as result
join tidemark.trigger_directory as directory on directory.id = result.trigger_id
where directory.organization_id is not null and result.executed_at >= $1 and result.executed_at < $2
    and ($3::text is null or result.action_type = $3) and ($4::text is null or result.status = $4)
    and ($5::text[] is null or result.trigger_id = any($5))
group by directory.organization_id, result.status
