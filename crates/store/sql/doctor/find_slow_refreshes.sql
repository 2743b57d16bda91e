-- Which views took over $1 ms to refresh the last time, and over five times their usual; or the fold before them? The longest
-- first.
with part as (
    select view_name as name, run_id, data_as_of, duration_ms, 0 as waited_ms, rows_folded
    from tidemark.refresh_log
    where success and was_needed
    union all
    select 'the fold', run_id, min(data_as_of), max(fold_ms), max(waited_ms), max(rows_folded)
    from tidemark.refresh_log
    where fold_ms is not null
    group by run_id
),
newest as (
    select distinct on (name) * from part order by name, data_as_of desc
)
select
    newest.name as "subject!",
    format(
        'it took %s ms of the refresh at %s UTC, which took %s ms, and usually takes %s ms%s; %s rows had changed, action_results takes %s, and work_mem is %s',
        to_char(newest.duration_ms, 'FM999,999,999'),
        to_char(newest.data_as_of at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
        to_char(run.duration_ms, 'FM999,999,999'),
        to_char(usual.duration_ms, 'FM999,999,990'),
        case when newest.waited_ms > newest.duration_ms / 2 then format('; %s ms of that it waited for who writes', to_char(newest.waited_ms, 'FM999,999,999')) end,
        to_char(coalesce(newest.rows_folded, 0), 'FM999,999,999,990'),
        pg_size_pretty(coalesce(
            (select sum(pg_table_size(relid)) from pg_partition_tree('public.action_results')),
            pg_table_size('public.action_results')
        )),
        current_setting('work_mem')
    ) as "evidence!",
    case
        when newest.waited_ms <= newest.duration_ms / 2 then
            array['analyze public.action_results', 'select * from public.refresh_action_analytics()']
    end as statements,
    case
        when newest.waited_ms > newest.duration_ms / 2 then
            'the end of transactions that write for long; then the next refresh'
    end as advice
from newest
cross join lateral (
    select percentile_cont(0.5) within group (order by part.duration_ms) as duration_ms
    from part
    where part.name = newest.name and part.data_as_of > now() - interval '30 days'
) as usual
cross join lateral (
    select coalesce(max(log.fold_ms), 0) + sum(log.duration_ms) as duration_ms
    from tidemark.refresh_log as log
    where log.run_id = newest.run_id
) as run
where newest.duration_ms >= $1::bigint and newest.duration_ms > 5 * usual.duration_ms
order by newest.duration_ms desc
