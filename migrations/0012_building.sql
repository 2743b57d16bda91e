-- How the rollups begin: changes are captured first, then what is there already is counted, newest rows first, in ranges.
--
-- Each range is one statement: it reads the rows of the range, drops the log entries that tell of them, and stores the
-- counts. Ranges that are not built yet are never folded. Whatever is killed goes on with the range it was at.

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
    -- Nobody writes while the triggers are put in place: whoever writes afterwards is captured.
    lock table public.action_results in share row exclusive mode;
    perform tidemark.capture_changes();
    truncate tidemark.change_log, tidemark.executions_hourly, tidemark.trigger_executions,
        tidemark.trigger_executions_hourly, tidemark.trigger_executions_daily;
    watermark := tidemark.raise_watermark();
    insert into tidemark.frontier as frontier (
        frontier_at, built_from, rows_to_build, trigger_hours_from, system_identifier, database_id, source_id
    )
    select
        watermark, watermark, nullif(estimate.rows, -1),
        tidemark.utc_day(watermark - tidemark.setting('trigger_hours_kept', '14 days')::interval),
        (select system_identifier from pg_control_system()),
        (select oid from pg_database where datname = current_database()),
        'public.action_results'::regclass
    from (
        select sum(greatest(class.reltuples, -1))::bigint
        from pg_class as class
        where class.oid = 'public.action_results'::regclass
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

create function tidemark.durations_in(executions bigint, shortest integer, longest integer, total bigint)
returns integer[]
language sql immutable parallel safe
return case
    when shortest = longest then array_fill(shortest, array[executions::integer])
    when executions = 2 then array[shortest, longest]
    when executions = 3 then array[shortest, (total - shortest - longest)::integer, longest]
end;
comment on function tidemark.durations_in(bigint, integer, integer, bigint) is
    'The durations in a bucket, where its count, shortest, longest and total tell them: not more than three, or all the same.';

create function tidemark.build_range(from_at timestamptz, until_at timestamptz, with_timeless boolean)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- Nothing tells the planner how few groups there are; without this it would sort all rows.
set enable_sort = off
as $$
declare
    hours_from constant timestamptz := (select trigger_hours_from from tidemark.frontier);
    rows_counted bigint;
begin
    with dropped as (
        delete from tidemark.change_log
        where (executed_at >= from_at and executed_at < until_at)
            or (with_timeless and (isfinite(executed_at)) is not true)
    ),
    timeless as (
        select trigger_id, status, duration_ms, coalesce(retry_count, 0) as retry_count
        from public.action_results
        where with_timeless and (executed_at is null or executed_at in ('infinity', '-infinity'))
    ),
    hour_bucket as materialized (
        select
            tidemark.duration_bucket(duration_ms) as bucket,
            tidemark.utc_hour(executed_at) as hour, action_type, status,
            count(*) as executions,
            sum(duration_ms) as duration_sum_ms,
            min(duration_ms) as duration_min_ms,
            max(duration_ms) as duration_max_ms,
            sum(coalesce(retry_count, 0)) as total_retries,
            count(*) filter (where retry_count > 0) as executions_with_retries,
            max(executed_at) as last_execution_at
        from public.action_results
        where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity'
        group by 1, 2, 3, 4
    ),
    hour as materialized (
        select
            hour, action_type, status,
            sum(executions)::bigint as executions,
            coalesce(sum(executions) filter (where bucket is not null), 0)::bigint as executions_with_duration,
            coalesce(sum(duration_sum_ms), 0)::bigint as duration_sum_ms,
            min(duration_min_ms) as duration_min_ms,
            max(duration_max_ms) as duration_max_ms,
            sum(total_retries)::bigint as total_retries,
            sum(executions_with_retries)::bigint as executions_with_retries,
            max(last_execution_at) as last_execution_at,
            coalesce(array_agg(bucket order by bucket) filter (where bucket is not null), '{}') as buckets,
            coalesce(array_agg(executions order by bucket) filter (where bucket is not null), '{}')
                as bucket_executions
        from hour_bucket
        group by hour, action_type, status
    ),
    few_hour as (
        select hour, action_type, status, array_agg(duration order by duration) as durations
        from (
            select
                hour, action_type, status,
                unnest(tidemark.durations_in(executions, duration_min_ms, duration_max_ms, duration_sum_ms)) as duration
            from hour_bucket
            join (
                select hour, action_type, status from hour where executions_with_duration between 1 and 50
            ) as few using (hour, action_type, status)
            where bucket is not null
        ) as recovered
        group by hour, action_type, status
    ),
    stored_hours as (
        insert into tidemark.executions_hourly
        select
            hour.hour, hour.action_type, hour.status, hour.executions, hour.executions_with_duration,
            hour.duration_sum_ms, hour.duration_min_ms, hour.duration_max_ms, hour.total_retries,
            hour.executions_with_retries, hour.last_execution_at,
            percentile.p50, percentile.p95, percentile.p99, few.durations, hour.buckets, hour.bucket_executions
        from hour
        left join few_hour using (hour, action_type, status)
        cross join lateral (
            select case
                when hour.executions_with_duration > 50 then null
                when cardinality(coalesce(few_hour.durations, '{}')) = hour.executions_with_duration
                then coalesce(few_hour.durations, '{}')
                else array(
                    select source.duration_ms
                    from public.action_results as source
                    where source.executed_at >= hour.hour and source.executed_at < hour.hour + interval '1 hour'
                        and source.executed_at < until_at
                        and source.action_type = hour.action_type and source.status = hour.status
                        and source.duration_ms is not null
                    order by source.duration_ms
                )
            end
        ) as few (durations)
        cross join lateral tidemark.percentiles(
            few.durations, hour.buckets, hour.bucket_executions, hour.executions_with_duration,
            hour.duration_min_ms, hour.duration_max_ms
        ) as percentile
    ),
    -- Hours where they are kept, days before.
    trigger_time as materialized (
        select
            trigger_id,
            case
                when executed_at >= hours_from then tidemark.utc_hour(executed_at) else tidemark.utc_day(executed_at)
            end as time,
            action_type, status, coalesce(retry_count, 0) as retry_count,
            count(*) as executions,
            count(duration_ms) as executions_with_duration,
            coalesce(sum(duration_ms), 0) as duration_sum_ms,
            min(executed_at) as first_execution_at,
            max(executed_at) as last_execution_at
        from public.action_results
        where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity'
            and trigger_id is not null
        group by 1, 2, 3, 4, 5
    ),
    stored_trigger_hours as (
        insert into tidemark.trigger_executions_hourly
        select
            trigger_id, time, action_type, status,
            sum(executions), sum(executions_with_duration), sum(duration_sum_ms), sum(executions * retry_count),
            coalesce(sum(executions) filter (where retry_count > 0), 0)
        from trigger_time
        where time >= hours_from
        group by trigger_id, time, action_type, status
        -- In the order of its key, an index grows several times faster.
        order by trigger_id, time
    ),
    stored_trigger_days as (
        insert into tidemark.trigger_executions_daily
        select
            trigger_id, tidemark.utc_day(time), action_type, status,
            sum(executions), sum(executions_with_duration), sum(duration_sum_ms), sum(executions * retry_count),
            coalesce(sum(executions) filter (where retry_count > 0), 0)
        from trigger_time
        group by trigger_id, tidemark.utc_day(time), action_type, status
        order by trigger_id, tidemark.utc_day(time)
    ),
    trigger_retry as materialized (
        select
            trigger_id, status, retry_count,
            sum(executions)::bigint as executions,
            sum(executions_with_duration)::bigint as executions_with_duration,
            sum(duration_sum_ms)::bigint as duration_sum_ms,
            min(first_execution_at) as first_execution_at,
            max(last_execution_at) as last_execution_at
        from (
            select
                trigger_id, status, retry_count, executions, executions_with_duration, duration_sum_ms,
                first_execution_at, last_execution_at
            from trigger_time
            union all
            select trigger_id, status, retry_count, 1, num_nonnulls(duration_ms), coalesce(duration_ms, 0), null, null
            from timeless
            where trigger_id is not null
        ) as counted
        group by trigger_id, status, retry_count
    ),
    trigger_bucket as materialized (
        select
            tidemark.duration_bucket(duration_ms) as bucket, trigger_id,
            count(*) as executions,
            sum(duration_ms) as duration_sum_ms,
            min(duration_ms) as duration_min_ms,
            max(duration_ms) as duration_max_ms
        from (
            select trigger_id, duration_ms
            from public.action_results
            where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity'
            union all
            select trigger_id, duration_ms from timeless
        ) as row
        where trigger_id is not null and duration_ms is not null
        group by 1, 2
    ),
    counted as (
        select
            total.*,
            duration.duration_min_ms, duration.duration_max_ms, duration.buckets, duration.bucket_executions,
            retry.retry_values, retry.retry_executions
        from (
            select
                trigger_id,
                sum(executions)::bigint as executions,
                coalesce(sum(executions) filter (where status = 'success'), 0)::bigint as successes,
                coalesce(sum(executions) filter (where status = 'failed'), 0)::bigint as failures,
                coalesce(sum(executions) filter (where status = 'retrying'), 0)::bigint as retrying,
                sum(executions_with_duration)::bigint as executions_with_duration,
                sum(duration_sum_ms)::bigint as duration_sum_ms,
                sum(executions * retry_count)::bigint as total_retries,
                min(first_execution_at) as first_execution_at,
                max(last_execution_at) as last_execution_at
            from trigger_retry
            group by trigger_id
        ) as total
        left join (
            select
                trigger_id, array_agg(retry_count order by retry_count) as retry_values,
                array_agg(executions order by retry_count) as retry_executions
            from (
                select trigger_id, retry_count, sum(executions)::bigint as executions
                from trigger_retry
                where retry_count <> 0
                group by trigger_id, retry_count
            ) as summed
            group by trigger_id
        ) as retry using (trigger_id)
        left join (
            select
                trigger_id,
                min(duration_min_ms) as duration_min_ms, max(duration_max_ms) as duration_max_ms,
                array_agg(bucket order by bucket) as buckets,
                array_agg(executions order by bucket) as bucket_executions
            from trigger_bucket
            group by trigger_id
        ) as duration using (trigger_id)
    ),
    few_trigger as (
        select trigger_id, array_agg(duration) as durations, array_agg(1::bigint) as times
        from (
            select
                trigger_id,
                unnest(tidemark.durations_in(executions, duration_min_ms, duration_max_ms, duration_sum_ms)) as duration
            from trigger_bucket
            join (
                select trigger_id from counted where executions_with_duration between 1 and 50
            ) as few using (trigger_id)
        ) as recovered
        group by trigger_id
    ),
    stored_triggers as (
        insert into tidemark.trigger_executions as kept
        select
            counted.trigger_id,
            counted.executions + coalesce(older.executions, 0),
            counted.successes + coalesce(older.successes, 0),
            counted.failures + coalesce(older.failures, 0),
            counted.retrying + coalesce(older.retrying, 0),
            counted.executions_with_duration + coalesce(older.executions_with_duration, 0),
            counted.duration_sum_ms + coalesce(older.duration_sum_ms, 0),
            least(counted.duration_min_ms, older.duration_min_ms),
            greatest(counted.duration_max_ms, older.duration_max_ms),
            counted.total_retries + coalesce(older.total_retries, 0),
            least(counted.first_execution_at, older.first_execution_at),
            greatest(counted.last_execution_at, older.last_execution_at),
            null, null, null, few.durations, buckets.new_keys, buckets.new_counts, retries.new_keys, retries.new_counts
        from counted
        left join tidemark.trigger_executions as older using (trigger_id)
        left join few_trigger using (trigger_id)
        cross join lateral (
            select case
                when counted.executions_with_duration + coalesce(older.executions_with_duration, 0) <= 50
                    and cardinality(coalesce(few_trigger.durations, '{}')) = counted.executions_with_duration
                    and (older.trigger_id is null or older.few_durations is not null)
                then tidemark.few_changed(coalesce(older.few_durations, '{}'), few_trigger.durations, few_trigger.times)
            end
        ) as few (durations)
        cross join lateral tidemark.counts_changed(
            older.duration_buckets, older.bucket_executions,
            coalesce(counted.buckets, '{}'), coalesce(counted.bucket_executions, '{}')
        ) as buckets
        cross join lateral tidemark.counts_changed(
            older.retry_values, older.retry_executions,
            coalesce(counted.retry_values, '{}'), coalesce(counted.retry_executions, '{}')
        ) as retries
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
            few_durations = excluded.few_durations,
            duration_buckets = excluded.duration_buckets,
            bucket_executions = excluded.bucket_executions,
            retry_values = excluded.retry_values,
            retry_executions = excluded.retry_executions
    )
    select coalesce(sum(executions), 0) into rows_counted from hour;
    return rows_counted;
end
$$;
comment on function tidemark.build_range(timestamptz, timestamptz, boolean) is
    'Counts the rows of whole UTC days into the rollups, in one statement; returns how many. Percentiles of triggers come last.';

create function tidemark.build_next(rows_at_most bigint)
returns table (is_done boolean, rows_built bigint, rows_to_build bigint, built_from timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    problem text;
    until_at timestamptz;
    from_at timestamptz;
    rows_counted bigint;
begin
    perform tidemark.refuse_old_snapshot('a build');
    perform pg_advisory_xact_lock(1953064037, 1);
    lock table public.action_results in access share mode;
    select frontier.built_from into until_at from tidemark.frontier where not frontier.is_built;
    if until_at is not null and tidemark.truncated_at() is not null then
        -- Nothing older is left, and what was counted is void.
        truncate tidemark.executions_hourly, tidemark.trigger_executions, tidemark.trigger_executions_hourly,
            tidemark.trigger_executions_daily;
        delete from tidemark.change_log where entry <= tidemark.truncated_at();
    end if;
    if until_at is not null then
        -- Whole days, so that no group but the newest is in two ranges.
        from_at := coalesce(
            (
                select tidemark.utc_day(executed_at)
                from public.action_results
                where executed_at < until_at and executed_at > '-infinity'
                order by executed_at desc
                offset rows_at_most
                limit 1
            ),
            '-infinity'
        );
        rows_counted := tidemark.build_range(from_at, until_at, from_at = '-infinity');
        if from_at = '-infinity' then
            update tidemark.trigger_executions as kept
            set p50_duration_ms = percentile.p50, p95_duration_ms = percentile.p95, p99_duration_ms = percentile.p99
            from tidemark.trigger_executions as counted
            cross join lateral tidemark.percentiles(
                counted.few_durations, counted.duration_buckets, counted.bucket_executions,
                counted.executions_with_duration, counted.duration_min_ms, counted.duration_max_ms
            ) as percentile
            where counted.trigger_id = kept.trigger_id;
        end if;
        update tidemark.frontier
        set built_from = from_at, is_built = from_at = '-infinity', rows_built = rows_built + rows_counted;
    end if;
    return query
    select
        frontier.is_built, frontier.rows_built, greatest(frontier.rows_to_build, frontier.rows_built),
        frontier.built_from
    from tidemark.frontier;
end
$$;
comment on function tidemark.build_next(bigint) is
    'Counts the next older range of about so many rows; to be called until is_done, each time in a transaction of its own.';
revoke all on function tidemark.build_next(bigint) from public;
