-- Does the hour from $1 on count as many executions as it has rows, by type and status?
select
    format('%s, %s', coalesce(kept.action_type, counted.action_type), coalesce(kept.status, counted.status)) as "subject!",
    format(
        'of the hour from %s UTC, %s executions are shown, and there are %s',
        to_char($1::timestamptz at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
        coalesce(kept.executions, 0),
        coalesce(counted.executions, 0)
    ) as "evidence!",
    null::text[] as statements,
    null as advice
from (
    select action_type, status, executions from tidemark.live_executions_hourly where hour = $1
) as kept
full join (
    select action_type, status, count(*) as executions
    from public.action_results
    where executed_at >= $1 and executed_at < $1::timestamptz + interval '1 hour'
    group by 1, 2
) as counted on counted.action_type = kept.action_type and counted.status = kept.status
where coalesce(kept.executions, 0) <> coalesce(counted.executions, 0)
order by 1
limit 5
