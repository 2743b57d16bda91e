-- How did executions end in each of the last 24 hours, up to the one that $1 is in?
-- An hour is compared with the same one a day before; nothing is known of hours before the first execution of all.
with hours as (
    select *
    from generate_series(
        date_trunc('hour', $1::timestamptz, 'UTC') - interval '23 hours',
        date_trunc('hour', $1::timestamptz, 'UTC'),
        interval '1 hour'
    ) as hour
),
counts as (
    select
        hour,
        sum(execution_count) filter (where status = 'success') as success,
        sum(execution_count) filter (where status = 'retrying') as retrying,
        sum(execution_count) filter (where status = 'failed') as failed
    from public.action_metrics_hourly
    where hour > $1 - interval '48 hours' and hour <= $1
    group by hour
)
select
    hours.hour as "start!",
    coalesce(counts.success, 0)::bigint as "success!",
    coalesce(counts.retrying, 0)::bigint as "retrying!",
    coalesce(counts.failed, 0)::bigint as "failed!",
    case
        when hours.hour - interval '24 hours' >= (select min(hour) from public.action_metrics_hourly)
        then (coalesce(before.success, 0) + coalesce(before.retrying, 0) + coalesce(before.failed, 0))::bigint
    end as day_before
from hours
left join counts on counts.hour = hours.hour
left join counts as before on before.hour = hours.hour - interval '24 hours'
order by hours.hour
