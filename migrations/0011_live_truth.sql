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

create view tidemark.live_executions_daily as
select *
from tidemark.executions_daily
where tidemark.truncated_at() is null
union all
select
    tidemark.utc_day((change.now).hour), (change.now).action_type, (change.now).status, change.executions,
    change.executions_with_duration, change.duration_sum_ms, change.total_retries, change.executions_with_retries,
    durations.new_keys, durations.new_counts
from tidemark.changed_executions_hourly('infinity') as change
cross join lateral tidemark.counts_changed(
    '{}', '{}',
    array(select tidemark.duration_bucket(unnest) from unnest(change.durations)), coalesce(change.times, '{}')
) as durations;
comment on view tidemark.live_executions_daily is
    'Executions by UTC day, action type and status, as of now. What changed lately is in rows of its own: add up the rows of a group.';

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

-- A series of a trigger, or of all those of an organization, is added up anyway: doing it here too would take twice as long.

create view tidemark.live_trigger_executions_hourly as
select *
from tidemark.trigger_executions_hourly
where tidemark.truncated_at() is null
union all
select
    trigger_id, hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
    executions_with_retries
from tidemark.trigger_changes('infinity')
where isfinite(hour) and hour >= (select trigger_hours_from from tidemark.frontier);
comment on view tidemark.live_trigger_executions_hourly is
    'Executions by trigger, UTC hour, action type and status, as of now, for the last tidemark.trigger_hours_kept. What changed lately is in rows of its own: add up the rows of a group.';

create view tidemark.live_trigger_executions_daily as
select *
from tidemark.trigger_executions_daily
where tidemark.truncated_at() is null
union all
select
    trigger_id, tidemark.utc_day(hour), action_type, status, executions, executions_with_duration, duration_sum_ms,
    total_retries, executions_with_retries
from tidemark.trigger_changes('infinity')
where isfinite(hour);
comment on view tidemark.live_trigger_executions_daily is
    'Executions by trigger, UTC day, action type and status, as of now. What changed lately is in rows of its own: add up the rows of a group.';
