-- How long does a refresh of all views take, in the median of the last 7 days and of the 3 weeks before, in milliseconds?
select
    percentile_cont(0.5) within group (order by spent_ms) filter (where began_at >= now() - interval '7 days') as now_ms,
    percentile_cont(0.5) within group (order by spent_ms) filter (where began_at < now() - interval '7 days') as before_ms
from (
    select min(started_at) as began_at, sum(duration_ms) + max(coalesce(fold_ms, 0) - coalesce(waited_ms, 0)) as spent_ms
    from tidemark.refresh_log
    where started_at > now() - interval '28 days' and success
    group by run_id
    having bool_or(was_needed)
) as runs
