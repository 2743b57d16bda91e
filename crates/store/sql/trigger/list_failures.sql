-- What failed last of trigger $1, from $2 on and before $3? The newest $6 are looked for among its newest $7 executions,
-- by the index on (trigger_id, executed_at), the only one that such a comparison of both fits. Only action type $5 where
-- that is asked for. A message may be a megabyte; its first $4 characters are enough here.
select
    failure.id as "id!",
    failure.trigger_id,
    directory.name as "trigger_name?",
    failure.action_type as "action_type!",
    left(failure.error_message, $4) as error_message,
    failure.executed_at as "executed_at!",
    failure.duration_ms,
    coalesce(failure.retry_count, 0) as "retry_count!"
from (
    select looked_at.*
    from (
        select *
        from public.action_results
        where trigger_id = $1 and (trigger_id, executed_at) >= ($1, $2) and (trigger_id, executed_at) < ($1, $3)
        order by executed_at desc
        limit $7
    ) as looked_at
    where status = 'failed' and ($5::text is null or action_type = $5)
    order by executed_at desc, id
    limit $6
) as failure
left join tidemark.trigger_directory as directory on directory.id = failure.trigger_id
order by failure.executed_at desc, failure.id
