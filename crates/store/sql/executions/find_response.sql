-- What was the execution $1 answered, as JSON? Only the size of what takes more than $2 bytes as it is stored. Only
-- of the triggers of the organizations $3, where not all are seen.
select
    case when pg_column_size(response_data) <= $2::bigint then jsonb_pretty(response_data) end as text,
    pg_column_size(response_data)::bigint as bytes
from public.action_results
where id = $1
    and (
        $3::text[] is null
        or trigger_id in (select directory.id from tidemark.trigger_directory as directory where organization_id = any($3))
    )
