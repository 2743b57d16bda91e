-- Which views took over $1 ms to refresh the last time, and over five times their usual?
select
    newest.view_name as "subject!",
    format(
        'its refresh took %s ms, usually %s ms; %s rows changed for it, action_results takes %s, and work_mem is %s',
        newest.duration_ms,
        round(usual.duration_ms),
        coalesce(newest.rows_folded, 0),
        pg_size_pretty(coalesce(
            (select sum(pg_table_size(relid)) from pg_partition_tree('public.action_results')),
            pg_table_size('public.action_results')
        )),
        current_setting('work_mem')
    ) as "evidence!",
    'what else is found here; else the plan of its query at /admin/queries' as "fix!",
    false as "can_be_run!"
from (
    select distinct on (view_name) view_name, duration_ms, rows_folded
    from tidemark.refresh_log
    where success and was_needed
    order by view_name, data_as_of desc
) as newest
cross join lateral (
    select percentile_cont(0.5) within group (order by log.duration_ms) as duration_ms
    from tidemark.refresh_log as log
    where log.view_name = newest.view_name and log.success and log.was_needed
        and log.started_at > now() - interval '30 days'
) as usual
where newest.duration_ms >= $1::bigint and newest.duration_ms > 5 * usual.duration_ms
order by newest.view_name
