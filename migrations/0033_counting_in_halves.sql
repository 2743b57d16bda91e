-- Existing rows are counted as in 0013, but in halves.

create or replace function tidemark.count_hours(from_at timestamptz, until_at timestamptz)
returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
-- Workers are worth their while here, whatever they cost elsewhere.
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
-- Nothing tells the planner how few groups there are; without this it would sort all rows.
set enable_sort = off
-- A half is one process's, and who asked collects: spread by rows, they would all go through the process that aggregates.
set min_parallel_table_scan_size = '1TB'
set min_parallel_index_scan_size = '1TB'
set parallel_leader_participation = off
as $$
declare
    middle constant timestamptz := tidemark.middle_hour(from_at, until_at);
    rows_counted bigint;
begin
    create temporary table hour_bucket on commit drop as
    select * from tidemark.hour_buckets(from_at, middle)
    union all
    select * from tidemark.hour_buckets(middle, until_at);

    insert into tidemark.executions_daily
    select
        day, action_type, status,
        sum(executions), coalesce(sum(executions) filter (where bucket is not null), 0),
        coalesce(sum(duration_sum_ms), 0), sum(total_retries), sum(executions_with_retries),
        coalesce(array_agg(bucket order by bucket) filter (where bucket is not null), '{}'),
        coalesce(array_agg(executions order by bucket) filter (where bucket is not null), '{}'),
        tidemark.packed_durations(
            coalesce(array_agg(bucket order by bucket) filter (where bucket is not null), '{}'),
            coalesce(array_agg(executions order by bucket) filter (where bucket is not null), '{}')
        )
    from (
        select
            tidemark.utc_day(hour) as day, action_type, status, bucket,
            sum(executions)::bigint as executions,
            sum(duration_sum_ms)::bigint as duration_sum_ms,
            sum(total_retries) as total_retries,
            sum(executions_with_retries) as executions_with_retries
        from hour_bucket
        group by 1, 2, 3, 4
    ) as counted
    group by day, action_type, status;

    with hour as materialized (
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
    stored as (
        insert into tidemark.executions_hourly
        select
            hour.hour, hour.action_type, hour.status, hour.executions, hour.executions_with_duration,
            hour.duration_sum_ms, hour.duration_min_ms, hour.duration_max_ms, hour.total_retries,
            hour.executions_with_retries, hour.last_execution_at,
            percentile.p50, percentile.p95, percentile.p99, few.durations, hour.buckets, hour.bucket_executions,
            tidemark.packed_durations(hour.buckets, hour.bucket_executions)
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
                    where source.executed_at >= hour.hour and source.executed_at < least(tidemark.end_of_hour(hour.hour), until_at)
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
    )
    select coalesce(sum(executions), 0) into rows_counted from hour;
    drop table hour_bucket;
    return rows_counted;
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
set min_parallel_table_scan_size = '1TB'
set min_parallel_index_scan_size = '1TB'
set parallel_leader_participation = off
as $$
declare
    middle constant timestamptz := tidemark.middle_hour(from_at, until_at);
    hours_from constant timestamptz := (select trigger_hours_from from tidemark.frontier);
begin
    -- Hours where they are kept, days before. What is of one trigger is read together, so it comes together, and lies together
    -- once it is stored; in which order triggers come is all the same.
    create temporary table trigger_time on commit drop as
    (select * from tidemark.trigger_times(from_at, middle, hours_from) order by trigger_id collate "C")
    union all
    (select * from tidemark.trigger_times(middle, until_at, hours_from) order by trigger_id collate "C");

    insert into tidemark.trigger_executions_hourly select * from trigger_time where time >= hours_from;
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

create or replace function tidemark.count_triggers(from_at timestamptz, until_at timestamptz, with_timeless boolean)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set enable_sort = off
set min_parallel_table_scan_size = '1TB'
set min_parallel_index_scan_size = '1TB'
set parallel_leader_participation = off
as $$
declare
    middle constant timestamptz := tidemark.middle_hour(from_at, until_at);
begin
    create temporary table trigger_bucket on commit drop as
    select * from tidemark.trigger_buckets(from_at, middle)
    union all
    select * from tidemark.trigger_buckets(middle, until_at);
    create temporary table trigger_retry on commit drop as
    select * from tidemark.trigger_retries(from_at, middle)
    union all
    select * from tidemark.trigger_retries(middle, until_at);
    if with_timeless then
        insert into trigger_bucket
        select
            tidemark.duration_bucket(duration_ms), trigger_id, count(*),
            count(*) filter (where status = 'success'),
            count(*) filter (where status = 'failed'),
            count(*) filter (where status = 'retrying'),
            sum(duration_ms), min(duration_ms), max(duration_ms)
        from public.action_results
        where (executed_at is null or executed_at in ('infinity', '-infinity')) and trigger_id is not null
        group by 1, 2;
        insert into trigger_retry
        select trigger_id, retry_count, count(*)
        from public.action_results
        where (executed_at is null or executed_at in ('infinity', '-infinity')) and trigger_id is not null
            and retry_count <> 0
        group by 1, 2;
    end if;

    with counted as materialized (
        select
            trigger_id,
            sum(executions)::bigint as executions,
            sum(successes)::bigint as successes,
            sum(failures)::bigint as failures,
            sum(retrying)::bigint as retrying,
            coalesce(sum(executions) filter (where bucket is not null), 0)::bigint as executions_with_duration,
            coalesce(sum(duration_sum_ms), 0)::bigint as duration_sum_ms,
            min(duration_min_ms) as duration_min_ms,
            max(duration_max_ms) as duration_max_ms,
            min(first_execution_at) as first_execution_at,
            max(last_execution_at) as last_execution_at
        from trigger_bucket
        group by trigger_id
    ),
    newer as materialized (
        select * from tidemark.trigger_executions where trigger_id in (select trigger_id from counted)
    ),
    durations as materialized (
        select
            trigger_id, array_agg(bucket order by bucket) as buckets,
            array_agg(executions order by bucket) as bucket_executions
        from (
            select trigger_id, bucket, sum(executions)::bigint as executions
            from (
                select trigger_id, bucket, executions from trigger_bucket where bucket is not null
                union all
                select trigger_id, unnest(duration_buckets), unnest(bucket_executions) from newer
            ) as ranges
            group by trigger_id, bucket
        ) as added
        group by trigger_id
    ),
    retries as materialized (
        select
            trigger_id, array_agg(retry_count order by retry_count) as retry_values,
            array_agg(executions order by retry_count) as retry_executions, sum(retry_count * executions) as total_retries
        from (
            select trigger_id, retry_count, sum(executions)::bigint as executions
            from (
                select trigger_id, retry_count, executions from trigger_retry
                union all
                select trigger_id, unnest(retry_values), unnest(retry_executions) from newer
            ) as ranges
            group by trigger_id, retry_count
        ) as added
        group by trigger_id
    ),
    few_trigger as (
        select trigger_id, array_agg(duration) as durations, array_agg(1::bigint) as times
        from (
            select
                trigger_id,
                unnest(
                    tidemark.durations_in(
                        bucket.executions, bucket.duration_min_ms, bucket.duration_max_ms, bucket.duration_sum_ms
                    )
                ) as duration
            from trigger_bucket as bucket
            where bucket.bucket is not null
                and bucket.trigger_id in (select trigger_id from counted where executions_with_duration <= 50)
        ) as recovered
        group by trigger_id
    )
    insert into tidemark.trigger_executions as kept
    select
        counted.trigger_id,
        counted.executions + coalesce(newer.executions, 0),
        counted.successes + coalesce(newer.successes, 0),
        counted.failures + coalesce(newer.failures, 0),
        counted.retrying + coalesce(newer.retrying, 0),
        counted.executions_with_duration + coalesce(newer.executions_with_duration, 0),
        counted.duration_sum_ms + coalesce(newer.duration_sum_ms, 0),
        least(counted.duration_min_ms, newer.duration_min_ms),
        greatest(counted.duration_max_ms, newer.duration_max_ms),
        coalesce(retries.total_retries, 0),
        least(counted.first_execution_at, newer.first_execution_at),
        greatest(counted.last_execution_at, newer.last_execution_at),
        null, null, null,
        case
            when counted.executions_with_duration + coalesce(newer.executions_with_duration, 0) <= 50
                and cardinality(coalesce(few_trigger.durations, '{}')) = counted.executions_with_duration
                and (newer.trigger_id is null or newer.few_durations is not null)
            then tidemark.few_changed(coalesce(newer.few_durations, '{}'), few_trigger.durations, few_trigger.times)
        end,
        coalesce(durations.buckets, '{}'), coalesce(durations.bucket_executions, '{}'),
        coalesce(retries.retry_values, '{}'), coalesce(retries.retry_executions, '{}')
    from counted
    left join newer using (trigger_id)
    left join durations using (trigger_id)
    left join retries using (trigger_id)
    left join few_trigger using (trigger_id)
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
        retry_executions = excluded.retry_executions;
    drop table trigger_bucket, trigger_retry;
end
$$;
