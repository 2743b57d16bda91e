-- What did the execution $1 report? Only the size of what has more than $2 bytes. Only of the triggers of the organizations
-- $3, where not all are seen.
select
    case when octet_length(error_message) <= $2::bigint then error_message end as text,
    octet_length(error_message)::bigint as bytes
from public.action_results
where id = $1
    and (
        $3::text[] is null
        or trigger_id in (select directory.id from tidemark.trigger_directory as directory where organization_id = any($3))
    )
