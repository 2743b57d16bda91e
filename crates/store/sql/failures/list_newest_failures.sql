-- What failed last, after $1 and before $2? A message may be a megabyte; its start is enough here.
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
    select *
    from public.action_results
    where status = 'failed' and executed_at > $1 and executed_at < $2
    order by executed_at desc, id
    limit $4
) as failure
left join tidemark.trigger_directory as directory on directory.id = failure.trigger_id
order by failure.executed_at desc, failure.id
