-- How the rollups begin: changes are captured first, then what is there already is counted, newest rows first, in ranges.
--
-- Each range is one repeatable-read transaction, hence one snapshot: it drops the log entries that tell of the range,
-- reads its rows, and stores the counts. In two snapshots a change in between would be counted twice or never. Ranges that
-- are not built yet are never folded. Whatever is killed goes on with the range it was at.

create function tidemark.begin_build()
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    watermark timestamptz;
begin
    perform pg_advisory_xact_lock(1953064037, 1);
    -- Readers of these are waited for before writers have to wait.
    truncate tidemark.executions_hourly, tidemark.executions_daily, tidemark.trigger_executions,
        tidemark.trigger_executions_hourly, tidemark.trigger_executions_daily;
    -- An index is made of many rows in half the time in which it grows with them.
    alter table tidemark.trigger_executions_hourly drop constraint if exists trigger_executions_hourly_pkey;
    alter table tidemark.trigger_executions_daily drop constraint if exists trigger_executions_daily_pkey;
    -- Nobody writes while the triggers are put in place: whoever writes afterwards is captured.
    lock table public.action_results in share row exclusive mode;
    perform tidemark.capture_changes();
    truncate tidemark.change_log;
    watermark := tidemark.raise_watermark();
    insert into tidemark.frontier as frontier (
        frontier_at, built_from, rows_to_build, trigger_hours_from, system_identifier, database_id, source_id
    )
    select
        watermark, watermark, estimate.rows,
        tidemark.utc_day(watermark - tidemark.setting('trigger_hours_kept', '14 days')::interval),
        (select system_identifier from pg_control_system()),
        (select oid from pg_database where datname = current_database()),
        'public.action_results'::regclass
    from (
        select sum(nullif(class.reltuples, -1))::bigint
        from pg_class as class
        where class.relkind = 'r' and (
            class.oid = 'public.action_results'::regclass
            or class.oid in (select relid from pg_partition_tree('public.action_results'))
        )
    ) as estimate (rows)
    on conflict (is_only) do update set
        frontier_at = excluded.frontier_at,
        change_number = frontier.change_number + 1,
        checked_at = null,
        is_built = false,
        built_from = excluded.built_from,
        build_began_at = now(),
        rows_built = 0,
        rows_to_build = excluded.rows_to_build,
        trigger_hours_from = excluded.trigger_hours_from,
        system_identifier = excluded.system_identifier,
        database_id = excluded.database_id,
        source_id = excluded.source_id;
end
$$;
comment on function tidemark.begin_build() is
    'Captures changes from now on, and empties the rollups to have everything counted (build_next).';
revoke all on function tidemark.begin_build() from public;

create function tidemark.require_one_snapshot(asked text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('transaction_isolation') <> 'repeatable read' then
        raise exception using
            errcode = 'feature_not_supported',
            message = format('%s has to run in a repeatable read transaction: all it reads must be of one moment', asked),
            hint = 'begin isolation level repeatable read; and try again where it fails with SQLSTATE 40001.';
    end if;
    perform tidemark.take_turn();
    -- Fails with a serialization error when somebody folded since the snapshot was taken: then it is too old.
    update tidemark.frontier set is_only = true;
end
$$;
comment on function tidemark.require_one_snapshot(text) is
    'Stops a transaction that has not one snapshot, or one that is older than the refresh lock.';

create function tidemark.next_range(until_at timestamptz, rows_at_most bigint)
returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    newest constant timestamptz := (
        select executed_at
        from public.action_results
        where executed_at < until_at and executed_at > '-infinity'
        order by executed_at desc
        limit 1
    );
    days float8 := (
        -- Null while nothing is known of any day: then this is one.
        select rows_at_most / nullif(sum(executions) / count(distinct day), 0) from tidemark.executions_daily
    );
    begins timestamptz;
begin
    -- Days may hold more than those before did, so there is an end to trusting in that.
    days := least(greatest(floor(coalesce(days, 1)), 1), 366);
    if newest >= '0001-01-01 00:00:00+00' then
        begins := tidemark.utc_day(newest) - interval '1 day' * (days - 1);
        if exists (select from public.action_results where executed_at < begins and executed_at > '-infinity') then
            return begins;
        end if;
    end if;
    return '-infinity';
end
$$;
comment on function tidemark.next_range(timestamptz, bigint) is
    'Where a range of whole UTC days begins that ends at a moment: about so many rows, if days hold what they held so far; -infinity when nothing is older than that.';

create function tidemark.finish_build()
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
    analyze tidemark.executions_hourly, tidemark.executions_daily, tidemark.trigger_executions,
        tidemark.trigger_executions_hourly, tidemark.trigger_executions_daily;
    update tidemark.frontier set is_built = true, built_from = '-infinity';
end
$$;
comment on function tidemark.finish_build() is 'Ends a build, once all rows are counted.';

create function tidemark.build_next(rows_at_most bigint)
returns table (is_done boolean, rows_built bigint, rows_to_build bigint, built_from timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    until_at timestamptz;
    from_at timestamptz;
    rows_counted bigint;
begin
    perform tidemark.require_one_snapshot('a build');
    select frontier.built_from into until_at from tidemark.frontier where not frontier.is_built;
    if until_at is not null then
        if tidemark.truncated_at() is not null then
            -- What was counted is void, and nothing older is left.
            delete from tidemark.executions_hourly;
            delete from tidemark.executions_daily;
            delete from tidemark.trigger_executions;
            delete from tidemark.trigger_executions_hourly;
            delete from tidemark.trigger_executions_daily;
            delete from tidemark.change_log where entry <= tidemark.truncated_at();
        end if;
        from_at := tidemark.next_range(until_at, rows_at_most);
        delete from tidemark.change_log
        where (executed_at >= from_at and executed_at < until_at)
            or (from_at = '-infinity' and isfinite(executed_at) is not true);
        rows_counted := tidemark.count_hours(from_at, until_at);
        perform tidemark.count_trigger_times(from_at, until_at);
        perform tidemark.count_triggers(from_at, until_at, from_at = '-infinity');
        update tidemark.frontier set built_from = from_at, rows_built = frontier.rows_built + rows_counted;
        if from_at = '-infinity' then
            perform tidemark.finish_triggers((select frontier_at from tidemark.frontier));
            perform tidemark.finish_build();
        end if;
    end if;
    return query
    select
        frontier.is_built, frontier.rows_built, greatest(frontier.rows_to_build, frontier.rows_built),
        frontier.built_from
    from tidemark.frontier;
end
$$;
comment on function tidemark.build_next(bigint) is
    'Counts the next older range of about so many rows; to be called until is_done, each time in a repeatable read transaction of its own.';
revoke all on function tidemark.build_next(bigint) from public;
