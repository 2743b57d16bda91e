-- How many of the triggers $1 are critical, deserve a warning, or ran nothing since $2? As of the last refresh.
select
    count(*) filter (where severity >= 2000) as "critical!",
    count(*) filter (where severity >= 1000 and severity < 2000) as "warning!",
    count(*) filter (where severity < 1000 and is_enabled and last_execution_at < $2) as "idle!"
from (
    select
        tidemark.trigger_severity(ran.success_rate, ran.p95_duration_ms, ran.avg_retries) as severity,
        ran.last_execution_at,
        coalesce(directory.enabled, true) as is_enabled
    from public.trigger_performance_summary as ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where ran.trigger_id = any ($1)
) as matching
