-- Which triggers are in worst health as of $1? When fewer than $8 are unwell, the busiest follow. Only
-- of the triggers $9, where those are asked for.
-- 3 is critical, 2 a warning, 1 idle, 0 well. A trigger that is no longer listed can't be idle, one that never ran can.
-- Each step is kept (materialized), so that no rate is worked out again for every use of it.
with known as materialized (
    select
        coalesce(ran.trigger_id, directory.id) as trigger_id,
        directory.name,
        directory.id is not null and coalesce(directory.enabled, true) as is_enabled,
        coalesce(ran.executions, 0) as total,
        ran.successes,
        ran.retrying,
        ran.failures,
        100 * ran.successes::float8 / ran.executions::float8 as success_rate,
        ran.p95_duration_ms::float8 as p95_duration_ms,
        ran.total_retries::float8 / ran.executions::float8 as avg_retries,
        ran.last_execution_at,
        coalesce(ran.last_execution_at, directory.created_at) as last_sign_of_life
    from tidemark.live_trigger_executions as ran
    full join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
),
judged as materialized (
    select
        known.*,
        case
            when success_rate < $2::float8 or p95_duration_ms > $4::float8 then 3
            when success_rate < $3::float8 or p95_duration_ms > $5::float8 or avg_retries > $6::float8 then 2
            when is_enabled and last_sign_of_life < $1::timestamptz - make_interval(secs => $7::float8 * 86400) then 1
            else 0
        end as health
    from known
    where (total > 0 or is_enabled) and ($9::text[] is null or trigger_id = any($9))
),
counted as (
    select
        count(*) as total,
        count(*) filter (where health = 3) as critical,
        count(*) filter (where health = 2) as warning,
        count(*) filter (where health = 1) as idle
    from judged
)
select
    judged.trigger_id as "trigger_id!",
    coalesce(judged.name, judged.trigger_id) as "trigger_name!",
    coalesce(judged.successes, 0) as "success!",
    coalesce(judged.retrying, 0) as "retrying!",
    coalesce(judged.failures, 0) as "failed!",
    judged.p95_duration_ms,
    judged.avg_retries,
    case when judged.last_execution_at < '10000-01-01 00:00:00+00' then judged.last_execution_at end as last_execution_at,
    judged.health as "health!",
    counted.total as "total!",
    counted.critical as "critical!",
    counted.warning as "warning!",
    counted.idle as "idle!"
from judged
cross join counted
order by judged.health desc, case when judged.health > 0 then judged.success_rate end, judged.total desc, judged.trigger_id
limit $8
