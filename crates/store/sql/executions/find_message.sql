-- What did the execution $1 report? Only the size of what has more than $2 bytes.
select
    case when octet_length(error_message) <= $2::bigint then error_message end as text,
    octet_length(error_message)::bigint as bytes
from public.action_results
where id = $1
