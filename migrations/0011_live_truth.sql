-- What is true now, for pages and for the four public views: the rollups with every change since.

create function tidemark.truncated_at()
returns bigint
language sql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
    select max(entry) from tidemark.change_log where weight = 0
$$;
comment on function tidemark.truncated_at() is
    'The newest entry of the log that says that the table was emptied: the rollups and all entries before it are void.';

create function tidemark.built_frontier()
returns timestamptz
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    built constant timestamptz := (select frontier_at from tidemark.frontier where is_built);
begin
    if built is null then
        raise exception using
            errcode = 'TM002',
            message = 'the rows are still being counted: what is shown stays as it was until that is done',
            hint = 'tidemark status tells how far it is; tidemark migrate goes on with it.';
    elsif exists (select from tidemark.change_log where weight = 2) then
        raise exception using
            errcode = 'TM002',
            message = 'rows went that nobody can tell: what is shown stays as it was until all are counted anew',
            hint = 'Run tidemark migrate.';
    end if;
    -- Waits for who empties the table. A truncate takes rows away from older snapshots too, but not from the rollups
    -- that they show: the catalog as this snapshot shows it and the catalog of now tell whether there was one.
    perform from public.action_results limit 0;
    if exists (
        select
        from pg_class as class
        where class.relfilenode <> pg_relation_filenode(class.oid) and (
            class.oid = 'public.action_results'::regclass
            or class.oid in (select relid from pg_partition_tree('public.action_results'))
        )
    ) then
        raise exception using
            errcode = 'serialization_failure',
            message = 'action_results was emptied or rewritten since this began',
            hint = 'Try again.';
    end if;
    return built;
end
$$;
comment on function tidemark.built_frontier() is
    'The frontier, once all rows were counted, for a snapshot that shows the rollups and the rows alike: otherwise a live view would show a part of the truth as if it were all.';

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
