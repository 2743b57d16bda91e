-- Which executions that were retrying have succeeded by now? $1 of them, after $1 random moments of the last $2 seconds.
update public.action_results as execution
set status = 'success', duration_ms = execution.duration_ms + 500, retry_count = execution.retry_count + 1
from (
    select distinct retrying.id
    from (
        select now() - make_interval(secs => $2::float8 * (0.01 + 0.98 * random())) as moment
        from generate_series(1, $1::integer)
    ) as drawn
    cross join lateral (
        select id
        from public.action_results
        where executed_at >= drawn.moment and executed_at < 'infinity' and status = 'retrying'
        order by executed_at
        limit 1
    ) as retrying
) as chosen
where execution.id = chosen.id
