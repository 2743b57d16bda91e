-- How did executions end in the last 24 hours ($1 to $2), and how in the 24 before ($2 to $3)?
-- Whole hours come from the view. The two hours that a window's edge cuts are read from the source by its index on
-- executed_at, so that both windows are equally long.
select
    period.is_current as "is_current!",
    coalesce(sum(period.executions) filter (where period.status = 'success'), 0)::bigint as "success!",
    coalesce(sum(period.executions) filter (where period.status = 'retrying'), 0)::bigint as "retrying!",
    coalesce(sum(period.executions) filter (where period.status = 'failed'), 0)::bigint as "failed!",
    coalesce(sum(period.retries), 0)::bigint as "total_retries!"
from (
    select hour > $2 as is_current, status, execution_count as executions, total_retries as retries
    from public.action_metrics_hourly
    where hour > $3::timestamptz and hour <= $1::timestamptz and hour <> date_trunc('hour', $2::timestamptz, 'UTC')
    union all
    select executed_at > $2, status, 1, coalesce(retry_count, 0)
    from public.action_results
    where executed_at >= date_trunc('hour', $2, 'UTC')
        and executed_at < date_trunc('hour', $2, 'UTC') + interval '1 hour'
    union all
    select false, status, 1, coalesce(retry_count, 0)
    from public.action_results
    where executed_at > $3 and executed_at < date_trunc('hour', $3, 'UTC') + interval '1 hour'
) as period (is_current, status, executions, retries)
group by period.is_current
