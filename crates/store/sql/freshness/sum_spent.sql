-- Which share of one core did refreshes take in the database over the last $1 seconds, without what they waited?
select coalesce(sum(run.spent_ms), 0)::float8 / (1000 * $1::float8) as "spent!"
from (
    select sum(duration_ms) + max(coalesce(fold_ms, 0) - coalesce(waited_ms, 0)) as spent_ms
    from tidemark.refresh_log
    where view_name = any (array[
            'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
        ])
        and data_as_of > now() - make_interval(secs => $1)
    group by run_id
) as run
