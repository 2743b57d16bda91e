-- How did executions of the last 30 days spread over action types, busiest first?
-- A date beyond the year 9999 is no use to anybody, and more than programs can hold.
select
    action_type as "action_type!",
    total_executions as "total!",
    success_count as "success!",
    failure_count as "failed!",
    percentage::float8 as "percentage!",
    avg_duration_ms::float8 as avg_duration_ms,
    case when last_execution_at < '10000-01-01 00:00:00+00' then last_execution_at end as last_execution_at,
    count(*) over () as "total_types!"
from public.action_type_distribution
order by total_executions desc, action_type
limit $1
