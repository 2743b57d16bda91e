-- Which triggers are in worst health as of $1? When fewer than $8 are unwell, the busiest follow.
-- 3 is critical, 2 a warning, 1 idle, 0 well. A trigger that is no longer listed can't be idle, one that never ran can.
with known as (
    select
        coalesce(summary.trigger_id, directory.id) as trigger_id,
        coalesce(directory.name, summary.trigger_id) as trigger_name,
        directory.id is not null and coalesce(directory.enabled, true) as is_enabled,
        coalesce(summary.total_executions, 0) as total,
        coalesce(summary.success_count, 0) as success,
        coalesce(summary.retrying_count, 0) as retrying,
        coalesce(summary.failure_count, 0) as failed,
        summary.success_rate,
        summary.p95_duration_ms::float8 as p95_duration_ms,
        summary.avg_retries::float8 as avg_retries,
        summary.last_execution_at,
        coalesce(summary.last_execution_at, directory.created_at) as last_sign_of_life
    from public.trigger_performance_summary as summary
    full join tidemark.trigger_directory as directory on directory.id = summary.trigger_id
),
judged as (
    select
        known.*,
        case
            when success_rate < $2::float8 or p95_duration_ms > $4::float8 then 3
            when success_rate < $3::float8 or p95_duration_ms > $5::float8 or avg_retries > $6::float8 then 2
            when is_enabled and last_sign_of_life < $1::timestamptz - make_interval(secs => $7::float8 * 86400) then 1
            else 0
        end as health
    from known
    where total > 0 or is_enabled
)
select
    trigger_id as "trigger_id!",
    trigger_name as "trigger_name!",
    success as "success!",
    retrying as "retrying!",
    failed as "failed!",
    p95_duration_ms,
    avg_retries,
    case when last_execution_at < '10000-01-01 00:00:00+00' then last_execution_at end as last_execution_at,
    health as "health!",
    count(*) over () as "total!",
    count(*) filter (where health = 3) over () as "critical!",
    count(*) filter (where health = 2) over () as "warning!",
    count(*) filter (where health = 1) over () as "idle!"
from judged
order by health desc, case when health > 0 then success_rate end, total desc, trigger_id
limit $8
