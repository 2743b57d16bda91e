-- What was done on each UTC day from $1 on: refreshes and how long they kept the database busy, and other statements?
with refreshes as (
    select day, count(*) filter (where was_needed) as refreshes, sum(spent_ms)::float8 as spent_ms
    from (
        select
            date_bin('1 day', min(started_at), '2000-01-01 00:00:00+00') as day,
            bool_or(was_needed) as was_needed,
            sum(duration_ms) + max(coalesce(fold_ms, 0) - coalesce(waited_ms, 0)) as spent_ms
        from tidemark.refresh_log
        where started_at >= $1
            and view_name in (
                'action_metrics_hourly', 'trigger_performance_summary', 'recent_failures', 'action_type_distribution'
            )
        group by run_id
    ) as runs
    group by day
),
calls as (
    select known.day::timestamp at time zone 'UTC' as day, sum(known.calls)::bigint as calls, sum(known.total_ms) as spent_ms
    from tidemark.statement_days as known
    join tidemark.statements on statements.hash = known.hash
    where known.day >= ($1 at time zone 'UTC')::date
        and not statements.is_refresh
    group by known.day
)
select
    coalesce(refreshes.day, calls.day) as "day!",
    coalesce(refreshes.refreshes, 0) as "refreshes!",
    coalesce(refreshes.spent_ms, 0) as "refreshes_ms!",
    coalesce(calls.calls, 0) as "calls!",
    coalesce(calls.spent_ms, 0) as "calls_ms!"
from refreshes
full join calls on calls.day = refreshes.day
order by 1
