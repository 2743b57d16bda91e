-- What is known of the triggers $1, and what did each ever run? In the order of $1.
select
    wanted.id as "id!",
    directory.id is not null as "is_listed!",
    coalesce(directory.name, wanted.id) as "name!",
    coalesce(directory.enabled, true) as "is_enabled!",
    directory.created_at,
    directory.organization_id as organization,
    coalesce(ran.successes, 0) as "success!",
    coalesce(ran.retrying, 0) as "retrying!",
    coalesce(ran.failures, 0) as "failed!",
    coalesce(ran.total_retries, 0) as "total_retries!",
    ran.p50_duration_ms::float8 as p50_ms,
    ran.p95_duration_ms::float8 as p95_ms,
    ran.p99_duration_ms::float8 as p99_ms,
    case when ran.first_execution_at > '1000-01-01 00:00:00+00' then ran.first_execution_at end as first_execution_at,
    case when ran.last_execution_at < '10000-01-01 00:00:00+00' then ran.last_execution_at end as last_execution_at
from unnest($1::text[]) with ordinality as wanted (id, place)
left join tidemark.trigger_directory as directory on directory.id = wanted.id
left join tidemark.live_triggers($1) as ran on ran.trigger_id = wanted.id
order by wanted.place
