-- What is true now, for pages and for the four public views: the rollups with every change since.

-- A view stands for the function's owner, so whoever may read it needs no rights on the rollups themselves.

create view tidemark.live_executions_hourly as
with changed as materialized (
    select (now).* from tidemark.changed_executions_hourly('infinity')
)
select kept.*
from tidemark.executions_hourly as kept
where tidemark.truncated_at() is null
    and not exists (
        select
        from changed
        where changed.hour = kept.hour and changed.action_type = kept.action_type and changed.status = kept.status
    )
union all
select * from changed where executions <> 0;
comment on view tidemark.live_executions_hourly is 'Executions by UTC hour, action type and status, as of now.';

create view tidemark.live_durations_daily as
select day, action_type, status, duration_buckets, bucket_executions
from tidemark.durations_daily
where tidemark.truncated_at() is null
union all
select day, action_type, status, array_agg(bucket order by bucket), array_agg(executions order by bucket)
from (
    select
        tidemark.utc_day((hour.now).hour) as day, (hour.now).action_type, (hour.now).status,
        tidemark.duration_bucket(change.duration) as bucket, sum(change.times)::bigint as executions
    from tidemark.changed_executions_hourly('infinity') as hour
    cross join lateral unnest(hour.durations, hour.times) as change (duration, times)
    group by 1, 2, 3, 4
) as changed
group by day, action_type, status;
comment on view tidemark.live_durations_daily is
    'Histograms of durations by UTC day, action type and status, as of now. What changed lately is a row of its own: add up the rows of a group.';

create view tidemark.live_trigger_executions as
with changed as materialized (
    select * from tidemark.changed_trigger_executions('infinity')
)
select kept.*
from tidemark.trigger_executions as kept
where tidemark.truncated_at() is null
    and not exists (select from changed where changed.trigger_id = kept.trigger_id)
union all
select * from changed where executions <> 0;
comment on view tidemark.live_trigger_executions is 'All executions of each trigger, as of now.';

create view tidemark.live_trigger_executions_hourly as
select
    trigger_id, hour, action_type, status,
    sum(executions)::bigint as executions,
    sum(executions_with_duration)::bigint as executions_with_duration,
    sum(duration_sum_ms)::bigint as duration_sum_ms,
    sum(total_retries)::bigint as total_retries,
    sum(executions_with_retries)::bigint as executions_with_retries
from (
    select
        trigger_id, hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
        executions_with_retries
    from tidemark.trigger_executions_hourly
    where tidemark.truncated_at() is null
    union all
    select
        trigger_id, hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
        executions_with_retries
    from tidemark.trigger_changes('infinity')
    where isfinite(hour) and hour >= (select trigger_hours_from from tidemark.frontier)
) as counted
group by trigger_id, hour, action_type, status
having sum(executions) <> 0;
comment on view tidemark.live_trigger_executions_hourly is
    'Executions by trigger, UTC hour, action type and status, as of now, for the last tidemark.trigger_hours_kept.';

create view tidemark.live_trigger_executions_daily as
select
    trigger_id, day, action_type, status,
    sum(executions)::bigint as executions,
    sum(executions_with_duration)::bigint as executions_with_duration,
    sum(duration_sum_ms)::bigint as duration_sum_ms,
    sum(total_retries)::bigint as total_retries,
    sum(executions_with_retries)::bigint as executions_with_retries
from (
    select
        trigger_id, day, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
        executions_with_retries
    from tidemark.trigger_executions_daily
    where tidemark.truncated_at() is null
    union all
    select
        trigger_id, tidemark.utc_day(hour), action_type, status, executions, executions_with_duration,
        duration_sum_ms, total_retries, executions_with_retries
    from tidemark.trigger_changes('infinity')
    where isfinite(hour)
) as counted
group by trigger_id, day, action_type, status
having sum(executions) <> 0;
comment on view tidemark.live_trigger_executions_daily is
    'Executions by trigger, UTC day, action type and status, as of now.';
