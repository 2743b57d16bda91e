-- Existing rows are counted in halves, as in 0033, but an hour is put together by the process that counts it: so who collects
-- gets thousands of rows instead of hundreds of thousands. Of triggers one pass less reads all rows.

create function tidemark.counted_hours(from_at timestamptz, until_at timestamptz)
returns table (
    hour timestamptz, action_type text, status text, executions bigint, executions_with_duration bigint,
    duration_sum_ms bigint, duration_min_ms integer, duration_max_ms integer, total_retries bigint,
    executions_with_retries bigint, last_execution_at timestamptz, buckets integer[], bucket_executions bigint[],
    few_times bigint[], few_shortest integer[], few_longest integer[], few_totals bigint[]
)
language sql stable parallel safe
as $$
    select
        hour, action_type, status,
        sum(executions)::bigint,
        coalesce(sum(executions) filter (where bucket is not null), 0)::bigint,
        coalesce(sum(duration_sum_ms), 0)::bigint,
        min(duration_min_ms),
        max(duration_max_ms),
        sum(total_retries)::bigint,
        sum(executions_with_retries)::bigint,
        max(last_execution_at),
        coalesce(array_agg(bucket order by bucket) filter (where bucket is not null), '{}'),
        coalesce(array_agg(executions order by bucket) filter (where bucket is not null), '{}'),
        -- What tells 50 durations or fewer, which are in as many buckets (and one is of those without), in one order, whichever.
        case when count(*) <= 51 then array_agg(executions) filter (where bucket is not null) end,
        case when count(*) <= 51 then array_agg(duration_min_ms) filter (where bucket is not null) end,
        case when count(*) <= 51 then array_agg(duration_max_ms) filter (where bucket is not null) end,
        case when count(*) <= 51 then array_agg(duration_sum_ms) filter (where bucket is not null) end
    from tidemark.hour_buckets(from_at, until_at)
    group by hour, action_type, status
$$;
comment on function tidemark.counted_hours(timestamptz, timestamptz) is
    'The rows of whole UTC hours by hour, action type and status, with their histogram; and what is in each bucket, where those are few.';

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
    create temporary table counted_hour on commit drop as
    select * from tidemark.counted_hours(from_at, middle)
    union all
    select * from tidemark.counted_hours(middle, until_at);

    insert into tidemark.executions_hourly
    select
        hour.hour, hour.action_type, hour.status, hour.executions, hour.executions_with_duration,
        hour.duration_sum_ms, hour.duration_min_ms, hour.duration_max_ms, hour.total_retries,
        hour.executions_with_retries, hour.last_execution_at,
        percentile.p50, percentile.p95, percentile.p99, few.durations, hour.buckets, hour.bucket_executions,
        tidemark.packed_durations(hour.buckets, hour.bucket_executions)
    from counted_hour as hour
    cross join lateral (
        select array(
            select duration
            from unnest(hour.few_times, hour.few_shortest, hour.few_longest, hour.few_totals)
                as bucket (executions, shortest, longest, total)
            cross join lateral unnest(
                tidemark.durations_in(bucket.executions, bucket.shortest, bucket.longest, bucket.total)
            ) as duration
            where hour.executions_with_duration <= 50
            order by duration
        )
    ) as recovered (durations)
    cross join lateral (
        select case
            when hour.executions_with_duration > 50 then null
            when cardinality(recovered.durations) = hour.executions_with_duration then recovered.durations
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
    ) as percentile;

    insert into tidemark.executions_daily
    select
        day, action_type, status, counted.executions, counted.executions_with_duration, counted.duration_sum_ms,
        counted.total_retries, counted.executions_with_retries, durations.buckets, durations.executions,
        tidemark.packed_durations(durations.buckets, durations.executions)
    from (
        select
            tidemark.utc_day(hour) as day, action_type, status,
            sum(executions) as executions,
            sum(executions_with_duration) as executions_with_duration,
            sum(duration_sum_ms) as duration_sum_ms,
            sum(total_retries) as total_retries,
            sum(executions_with_retries) as executions_with_retries
        from counted_hour
        group by 1, 2, 3
    ) as counted
    left join (
        select
            day, action_type, status,
            array_agg(bucket order by bucket) as buckets, array_agg(executions order by bucket) as bucket_executions
        from (
            select
                tidemark.utc_day(hour) as day, action_type, status, bucket.number as bucket,
                sum(bucket.executions)::bigint as executions
            from counted_hour
            cross join lateral unnest(buckets, bucket_executions) as bucket (number, executions)
            group by 1, 2, 3, 4
        ) as bucket
        group by day, action_type, status
    ) as histogram using (day, action_type, status)
    cross join lateral (
        select coalesce(histogram.buckets, '{}'), coalesce(histogram.bucket_executions, '{}')
    ) as durations (buckets, executions);
    select coalesce(sum(executions), 0) into rows_counted from counted_hour;
    drop table counted_hour;
    return rows_counted;
end
$$;

create function tidemark.trigger_retry_buckets(from_at timestamptz, until_at timestamptz)
returns table (
    bucket integer, trigger_id text, retry_count integer, executions bigint, successes bigint, failures bigint,
    retrying bigint, duration_sum_ms bigint, duration_min_ms integer, duration_max_ms integer,
    first_execution_at timestamptz, last_execution_at timestamptz
)
language sql stable parallel safe
as $$
    select
        tidemark.duration_bucket(duration_ms), trigger_id, coalesce(retry_count, 0),
        count(*),
        count(*) filter (where status = 'success'),
        count(*) filter (where status = 'failed'),
        count(*) filter (where status = 'retrying'),
        sum(duration_ms),
        min(duration_ms),
        max(duration_ms),
        min(executed_at),
        max(executed_at)
    from public.action_results
    where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity' and trigger_id is not null
    group by 1, 2, 3
$$;
comment on function tidemark.trigger_retry_buckets(timestamptz, timestamptz) is
    'The rows of a range by trigger, bucket of their duration and how often they were tried again.';

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
    select * from tidemark.trigger_retry_buckets(from_at, middle)
    union all
    select * from tidemark.trigger_retry_buckets(middle, until_at);
    if with_timeless then
        insert into trigger_bucket
        select
            tidemark.duration_bucket(duration_ms), trigger_id, coalesce(retry_count, 0), count(*),
            count(*) filter (where status = 'success'),
            count(*) filter (where status = 'failed'),
            count(*) filter (where status = 'retrying'),
            sum(duration_ms), min(duration_ms), max(duration_ms)
        from public.action_results
        where (executed_at is null or executed_at in ('infinity', '-infinity')) and trigger_id is not null
        group by 1, 2, 3;
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
                select trigger_id, retry_count, executions from trigger_bucket where retry_count <> 0
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
    drop table trigger_bucket;
end
$$;

drop function tidemark.trigger_buckets(timestamptz, timestamptz);
drop function tidemark.trigger_retries(timestamptz, timestamptz);
