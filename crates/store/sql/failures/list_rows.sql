-- What is there to see of the executions $1, newest first? At most $2 characters of a text, and no response of more than $3
-- bytes: those may be megabytes.
select
    result.id as "id!",
    result.job_id as "job_id!",
    result.event_id,
    result.trigger_id,
    directory.name as "trigger_name?",
    result.action_type as "action_type!",
    result.status as "status!",
    result.executed_at as "executed_at!",
    result.duration_ms,
    coalesce(result.retry_count, 0) as "retry_count!",
    left(result.error_message, $2 + 1) as message,
    octet_length(result.error_message) as message_bytes,
    case
        when pg_column_size(result.response_data) <= $3 then left(jsonb_pretty(result.response_data), $2 + 1)
    end as response,
    pg_column_size(result.response_data) as response_bytes
from public.action_results as result
left join tidemark.trigger_directory as directory on directory.id = result.trigger_id
where result.id = any($1)
order by result.executed_at desc, result.id
