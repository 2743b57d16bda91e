-- What failed last, from $2 to $1? A message may be a megabyte; its start is enough here.
select
    failure.id as "id!",
    failure.trigger_id,
    directory.name as "trigger_name?",
    failure.action_type as "action_type!",
    left(failure.error_message, $3) as error_message,
    failure.executed_at as "executed_at!",
    failure.duration_ms,
    coalesce(failure.retry_count, 0) as "retry_count!"
from public.recent_failures as failure
left join tidemark.trigger_directory as directory on directory.id = failure.trigger_id
where failure.executed_at > $2 and failure.executed_at <= $1
order by failure.executed_at desc, failure.id
limit $4
