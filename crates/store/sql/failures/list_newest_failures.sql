-- What failed last, from $1 on and before $2? A message may be a megabyte; its start is enough here. Only failures of
-- action type $5 and triggers $6, where those are asked for; they are looked for among the newest $7.
select
    failure.id as "id!",
    failure.trigger_id,
    directory.name as "trigger_name?",
    failure.action_type as "action_type!",
    left(failure.error_message, $3) as error_message,
    failure.executed_at as "executed_at!",
    failure.duration_ms,
    coalesce(failure.retry_count, 0) as "retry_count!"
from (
    select looked_at.*
    from (
        select *
        from public.action_results
        where status = 'failed' and executed_at >= $1 and executed_at < $2
        order by executed_at desc, id
        limit $7
    ) as looked_at
    where ($5::text is null or action_type = $5) and ($6::text[] is null or trigger_id = any($6))
    order by executed_at desc, id
    limit $4
) as failure
left join tidemark.trigger_directory as directory on directory.id = failure.trigger_id
order by failure.executed_at desc, failure.id
