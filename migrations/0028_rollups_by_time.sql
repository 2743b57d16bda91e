-- What ran of all triggers at some time, as an organization's page asks, is read by indexes of its own: the primary keys begin
-- with the trigger. An hour or day never changes once it is stored, so updates of its counts stay as cheap as they are.

create function tidemark.index_times()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set client_min_messages = warning
as $$
begin
    create index if not exists trigger_executions_hourly_hour on tidemark.trigger_executions_hourly (hour);
    comment on index tidemark.trigger_executions_hourly_hour is 'Serves "what ran of all triggers in this hour?".';
    create index if not exists trigger_executions_daily_day on tidemark.trigger_executions_daily (day);
    comment on index tidemark.trigger_executions_daily_day is 'Serves "what ran of all triggers on these days?".';
end
$$;
comment on function tidemark.index_times() is 'Makes the indexes by time of the rollups of triggers, where they are not there.';

select tidemark.index_times() from tidemark.frontier where is_built;

create or replace function tidemark.finish_build()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set maintenance_work_mem = '256MB'
as $$
begin
    alter table tidemark.trigger_executions_hourly
        add constraint trigger_executions_hourly_pkey primary key (trigger_id, hour, action_type, status);
    alter table tidemark.trigger_executions_daily
        add constraint trigger_executions_daily_pkey primary key (trigger_id, day, action_type, status);
    perform tidemark.index_times();
    analyze tidemark.executions_hourly, tidemark.executions_daily, tidemark.trigger_executions,
        tidemark.trigger_executions_hourly, tidemark.trigger_executions_daily;
    update tidemark.frontier set is_built = true, built_from = '-infinity';
end
$$;

create or replace function tidemark.count_trigger_times(from_at timestamptz, until_at timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set enable_sort = off
as $$
declare
    hours_from constant timestamptz := (select trigger_hours_from from tidemark.frontier);
begin
    -- Hours where they are kept, days before.
    create temporary table trigger_time on commit drop as
    select
        trigger_id,
        case
            when executed_at >= hours_from then tidemark.utc_hour(executed_at) else tidemark.utc_day(executed_at)
        end as time,
        action_type, status,
        count(*) as executions,
        count(duration_ms) as executions_with_duration,
        coalesce(sum(duration_ms), 0) as duration_sum_ms,
        sum(coalesce(retry_count, 0)) as total_retries,
        count(*) filter (where retry_count > 0) as executions_with_retries
    from public.action_results
    where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity'
        and trigger_id is not null
    group by 1, 2, 3, 4;

    -- What is of one trigger is read together, so it lies together; in which order triggers come is all the same.
    insert into tidemark.trigger_executions_hourly
    select * from trigger_time where time >= hours_from order by trigger_id collate "C";
    -- Grouped first, then sorted: hours are many times more than days.
    with day as materialized (
        select
            trigger_id, tidemark.utc_day(time) as day, action_type, status,
            sum(executions), sum(executions_with_duration), sum(duration_sum_ms), sum(total_retries),
            sum(executions_with_retries)
        from trigger_time
        group by 1, 2, 3, 4
    )
    insert into tidemark.trigger_executions_daily
    select * from day order by trigger_id collate "C";
    drop table trigger_time;
end
$$;

-- They only read, at the snapshot of who asks, so several processes may add up the many rows of many triggers.
alter function tidemark.truncated_at() parallel safe;
alter function tidemark.built_frontier() parallel safe;
alter function tidemark.trigger_changes(timestamptz) parallel safe;
