-- How long did executions take in the last 24 hours ($1 to $2), and in the 24 before ($2 to $3)?
-- Whole hours come from the histograms; the two hours that a window's edge cuts, from the source.
select period.is_current as "is_current!", period.bucket as "bucket!", sum(period.executions)::bigint as "executions!"
from (
    select hour > $2 as is_current, bucket, executions
    from tidemark.duration_histograms_hourly
    where hour > $3::timestamptz and hour <= $1::timestamptz and hour <> date_trunc('hour', $2::timestamptz, 'UTC')
    union all
    select executed_at > $2, tidemark.duration_bucket(duration_ms), 1
    from public.action_results
    where executed_at >= date_trunc('hour', $2, 'UTC')
        and executed_at < date_trunc('hour', $2, 'UTC') + interval '1 hour'
        and duration_ms is not null
    union all
    select false, tidemark.duration_bucket(duration_ms), 1
    from public.action_results
    where executed_at > $3
        and executed_at < date_trunc('hour', $3, 'UTC') + interval '1 hour'
        and duration_ms is not null
) as period (is_current, bucket, executions)
group by period.is_current, period.bucket
