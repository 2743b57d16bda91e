-- How the rollups come up to date: a fold stores what the live views would show, up to the new frontier. The protocol is
-- told at the head of 0008_change_capture.sql.

create function tidemark.refuse_old_snapshot(asked text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception using
            errcode = 'feature_not_supported',
            message = format(
                '%s cannot run in a %s transaction: it would see the past, as it was when the transaction began',
                asked, current_setting('transaction_isolation')
            ),
            hint = 'Call it in read committed.';
    end if;
end
$$;
comment on function tidemark.refuse_old_snapshot(text) is 'Stops a transaction whose snapshot is older than its locks.';

create function tidemark.take_turn()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    loop
        begin
            lock table public.action_results in access share mode;
            -- 1953064037 is "tide" in ASCII; the lock ends with the transaction.
            if pg_try_advisory_xact_lock(1953064037, 1) then
                return;
            end if;
            raise exception using errcode = 'TM003', message = 'somebody else refreshes';
        exception
            when sqlstate 'TM003' then null;
        end;
        begin
            perform pg_advisory_xact_lock(1953064037, 1);
            begin
                lock table public.action_results in access share mode nowait;
                return;
            exception
                when lock_not_available then
                    raise exception using errcode = 'TM003', message = 'somebody empties the table';
            end;
        exception
            when sqlstate 'TM003' then null;
        end;
    end loop;
end
$$;
comment on function tidemark.take_turn() is
    'Takes the refresh lock, once nobody is emptying the table. Who empties it and refreshes in one transaction, in whichever order, holds one lock and wants the other; so nobody waits here for one while holding the other: a block that fails gives its locks back.';

create function tidemark.raise_watermark()
returns timestamptz
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    milliseconds bigint;
begin
    -- Neither the watermark nor the frontier ever steps back, whatever the clock does.
    select greatest(
        floor(extract(epoch from clock_timestamp()) * 1000)::bigint,
        (select last_value from tidemark.watermark),
        (select ceil(extract(epoch from frontier_at) * 1000)::bigint from tidemark.frontier)
    )
    into milliseconds;
    return to_timestamp(setval('tidemark.watermark', milliseconds) / 1000::float8);
end
$$;
comment on function tidemark.raise_watermark() is
    'Sets the watermark to now, to the millisecond, and returns it. Only who holds the refresh lock may.';

create function tidemark.store_changes(until timestamptz, out tail_rows bigint, out log_entries bigint, out late_rows bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
    with frontier as (
        select frontier_at from tidemark.frontier
    ),
    drained as (
        delete from tidemark.change_log returning weight, executed_at
    ),
    tail as (
        select count(*) as rows
        from public.action_results
        where executed_at >= (select frontier_at from frontier) and executed_at < until
    ),
    found as (
        select (select rows from tail) > 0 or exists (select from drained) as something
    ),
    hours as materialized (
        select * from tidemark.changed_executions_hourly(until)
    ),
    hours_now as materialized (
        select (now).* from hours
    ),
    stored_hours as (
        insert into tidemark.executions_hourly as kept
        select * from hours_now where executions <> 0
        on conflict (hour, action_type, status) do update set
            executions = excluded.executions,
            executions_with_duration = excluded.executions_with_duration,
            duration_sum_ms = excluded.duration_sum_ms,
            duration_min_ms = excluded.duration_min_ms,
            duration_max_ms = excluded.duration_max_ms,
            total_retries = excluded.total_retries,
            executions_with_retries = excluded.executions_with_retries,
            last_execution_at = excluded.last_execution_at,
            p50_duration_ms = excluded.p50_duration_ms,
            p95_duration_ms = excluded.p95_duration_ms,
            p99_duration_ms = excluded.p99_duration_ms,
            few_durations = excluded.few_durations,
            duration_buckets = excluded.duration_buckets,
            bucket_executions = excluded.bucket_executions
    ),
    gone_hours as (
        delete from tidemark.executions_hourly as kept
        using hours_now as gone
        where gone.executions = 0
            and kept.hour = gone.hour and kept.action_type = gone.action_type and kept.status = gone.status
    ),
    day_change as (
        select
            tidemark.utc_day((now).hour) as day, (now).action_type, (now).status,
            sum(executions)::bigint as executions,
            sum(executions_with_duration)::bigint as executions_with_duration,
            sum(duration_sum_ms)::bigint as duration_sum_ms,
            sum(total_retries)::bigint as total_retries,
            sum(executions_with_retries)::bigint as executions_with_retries
        from hours
        -- What came and went since leaves nothing to add, and may have no row yet, nor a key that fits an index.
        where durations is not null
            or (executions, executions_with_duration, total_retries, executions_with_retries) <> (0, 0, 0, 0)
        group by 1, 2, 3
    ),
    duration_change as (
        select
            day, action_type, status,
            array_agg(bucket order by bucket) as buckets, array_agg(executions order by bucket) as bucket_executions
        from (
            select
                tidemark.utc_day((hours.now).hour) as day, (hours.now).action_type, (hours.now).status,
                tidemark.duration_bucket(change.duration) as bucket, sum(change.times)::bigint as executions
            from hours
            cross join lateral unnest(hours.durations, hours.times) as change (duration, times)
            group by 1, 2, 3, 4
        ) as net
        group by day, action_type, status
    ),
    stored_days as (
        insert into tidemark.executions_daily as kept
        select
            day, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
            executions_with_retries, coalesce(buckets, '{}'), coalesce(bucket_executions, '{}')
        from day_change
        left join duration_change using (day, action_type, status)
        on conflict (day, action_type, status) do update set
            executions = kept.executions + excluded.executions,
            executions_with_duration = kept.executions_with_duration + excluded.executions_with_duration,
            duration_sum_ms = kept.duration_sum_ms + excluded.duration_sum_ms,
            total_retries = kept.total_retries + excluded.total_retries,
            executions_with_retries = kept.executions_with_retries + excluded.executions_with_retries,
            (duration_buckets, bucket_executions) = (
                select new_keys, new_counts
                from tidemark.counts_changed(
                    kept.duration_buckets, kept.bucket_executions,
                    excluded.duration_buckets, excluded.bucket_executions
                )
            )
    ),
    triggers as materialized (
        select * from tidemark.changed_trigger_executions(until)
    ),
    stored_triggers as (
        insert into tidemark.trigger_executions as kept
        select * from triggers where executions <> 0
        on conflict (trigger_id) do update set
            executions = excluded.executions,
            successes = excluded.successes,
            failures = excluded.failures,
            retrying = excluded.retrying,
            executions_with_duration = excluded.executions_with_duration,
            duration_sum_ms = excluded.duration_sum_ms,
            duration_min_ms = excluded.duration_min_ms,
            duration_max_ms = excluded.duration_max_ms,
            total_retries = excluded.total_retries,
            first_execution_at = excluded.first_execution_at,
            last_execution_at = excluded.last_execution_at,
            p50_duration_ms = excluded.p50_duration_ms,
            p95_duration_ms = excluded.p95_duration_ms,
            p99_duration_ms = excluded.p99_duration_ms,
            few_durations = excluded.few_durations,
            duration_buckets = excluded.duration_buckets,
            bucket_executions = excluded.bucket_executions,
            retry_values = excluded.retry_values,
            retry_executions = excluded.retry_executions
    ),
    gone_triggers as (
        delete from tidemark.trigger_executions as kept
        using triggers
        where triggers.executions = 0 and kept.trigger_id = triggers.trigger_id
    ),
    trigger_change as materialized (
        select *
        from tidemark.trigger_changes(until)
        where isfinite(hour)
            and (executions, executions_with_duration, duration_sum_ms, total_retries, executions_with_retries)
                <> (0, 0, 0, 0, 0)
    ),
    stored_trigger_hours as (
        insert into tidemark.trigger_executions_hourly as kept
        select
            trigger_id, hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
            executions_with_retries
        from trigger_change
        where hour >= (select trigger_hours_from from tidemark.frontier)
        on conflict (trigger_id, hour, action_type, status) do update set
            executions = kept.executions + excluded.executions,
            executions_with_duration = kept.executions_with_duration + excluded.executions_with_duration,
            duration_sum_ms = kept.duration_sum_ms + excluded.duration_sum_ms,
            total_retries = kept.total_retries + excluded.total_retries,
            executions_with_retries = kept.executions_with_retries + excluded.executions_with_retries
    ),
    stored_trigger_days as (
        insert into tidemark.trigger_executions_daily as kept
        select
            trigger_id, tidemark.utc_day(hour), action_type, status, sum(executions), sum(executions_with_duration),
            sum(duration_sum_ms), sum(total_retries), sum(executions_with_retries)
        from trigger_change
        group by 1, 2, 3, 4
        on conflict (trigger_id, day, action_type, status) do update set
            executions = kept.executions + excluded.executions,
            executions_with_duration = kept.executions_with_duration + excluded.executions_with_duration,
            duration_sum_ms = kept.duration_sum_ms + excluded.duration_sum_ms,
            total_retries = kept.total_retries + excluded.total_retries,
            executions_with_retries = kept.executions_with_retries + excluded.executions_with_retries
    ),
    advanced as (
        update tidemark.frontier
        set frontier_at = until,
            change_number = change_number + case when (select something from found) then 1 else 0 end
    )
    select
        (select rows from tail),
        (select count(*) from drained),
        (select count(*) from drained where (executed_at >= (select frontier_at from frontier)) is not true)
    into tail_rows, log_entries, late_rows;
end
$$;
comment on function tidemark.store_changes(timestamptz) is
    'Drains the log, adds it and the tail before a moment to the rollups, and moves the frontier there: one statement, one snapshot.';

create function tidemark.forget_trigger_hours(now timestamptz)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    keeps_from constant timestamptz := tidemark.utc_day(now - tidemark.setting('trigger_hours_kept', '14 days')::interval);
begin
    if keeps_from > (select trigger_hours_from from tidemark.frontier) then
        delete from tidemark.trigger_executions_hourly where hour < keeps_from;
        update tidemark.frontier set trigger_hours_from = keeps_from;
    end if;
end
$$;
comment on function tidemark.forget_trigger_hours(timestamptz) is
    'Once a day, forgets the hours of triggers that are older than tidemark.trigger_hours_kept; their days stay.';

create function tidemark.fold()
returns table (
    frontier_at timestamptz, change_number bigint, waited_ms integer, rows_folded bigint, late_rows bigint,
    is_held boolean, found_changes boolean
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    problem text;
    watermark timestamptz;
    waited_from timestamptz;
    stored record;
begin
    perform tidemark.refuse_old_snapshot('a fold');
    perform tidemark.take_turn();
    select string_agg(capture_problems, '; ') into problem from tidemark.capture_problems();
    if problem is not null then
        raise exception using
            errcode = 'TM002',
            message = 'the rollups can not be trusted: ' || problem,
            hint = 'Run tidemark migrate: it counts all rows anew while the old numbers stay readable.';
    end if;
    if not (select is_built from tidemark.frontier) then
        return query
        select frontier.frontier_at, frontier.change_number, 0, 0::bigint, 0::bigint, false, false from tidemark.frontier;
        return;
    end if;

    watermark := tidemark.raise_watermark();
    waited_from := clock_timestamp();
    is_held := not tidemark.writers_are_done(tidemark.setting('writer_wait', '500ms')::interval);
    waited_ms := tidemark.milliseconds_between(waited_from, clock_timestamp());
    if is_held then
        watermark := (select frontier.frontier_at from tidemark.frontier);
    end if;

    perform tidemark.forget_trigger_hours(watermark);
    if tidemark.truncated_at() is not null then
        delete from tidemark.executions_hourly;
        delete from tidemark.executions_daily;
        delete from tidemark.trigger_executions;
        delete from tidemark.trigger_executions_hourly;
        delete from tidemark.trigger_executions_daily;
    end if;
    stored := tidemark.store_changes(watermark);
    rows_folded := stored.tail_rows + stored.late_rows;
    late_rows := stored.late_rows;
    found_changes := stored.tail_rows + stored.log_entries > 0;
    select frontier.frontier_at, frontier.change_number into frontier_at, change_number from tidemark.frontier;
    if found_changes then
        perform pg_notify('tidemark_folded', change_number::text);
    end if;
    return next;
end
$$;
comment on function tidemark.fold() is
    'Brings the rollups up to date. Refreshes no view: those are exact without it, and pages read tidemark.live_….';
revoke all on function tidemark.fold() from public;
