-- Is what Tidemark tells what the rows tell? Everything is counted from scratch, in the one snapshot of the statement
-- that asks. Nothing of the engine is used but tidemark.duration_bucket and tidemark.clamped.

create schema oracle;

create function oracle.counts(numbers integer[], out keys integer[], out counts bigint[])
language sql immutable
as $$
    select coalesce(array_agg(number order by number), '{}'), coalesce(array_agg(times order by number), '{}')
    from (select number, count(*) as times from unnest(numbers) as number group by number) as counted
$$;

-- How far a percentile may be off: 1% of what it is interpolated from, and nothing where durations are few.
create function oracle.tolerance(durations integer[], share numeric)
returns numeric
language sql immutable
as $$
    select case
        when cardinality(durations) <= 50 then 0
        else 0.011 + 0.01 * (
            (1 - rank % 1) * abs(durations[floor(rank) + 1]::numeric)
            + (rank % 1) * abs(durations[ceil(rank) + 1]::numeric)
        )
    end
    from (select share * (cardinality(durations) - 1)) as place (rank)
$$;

-- All that is known of durations, which come in order.
create function oracle.durations(
    durations integer[], out duration_min_ms integer, out duration_max_ms integer,
    out p50_duration_ms numeric, out p95_duration_ms numeric, out p99_duration_ms numeric, out few_durations integer[],
    out duration_buckets integer[], out bucket_executions bigint[], out tolerances jsonb
)
language sql immutable
as $$
    select
        durations[1],
        durations[cardinality(durations)],
        tidemark.clamped(answers[1]::numeric),
        tidemark.clamped(answers[2]::numeric),
        tidemark.clamped(answers[3]::numeric),
        case when cardinality(durations) <= 50 then durations end,
        buckets.keys,
        buckets.counts,
        jsonb_build_object(
            'p50_duration_ms', oracle.tolerance(durations, 0.5),
            'p95_duration_ms', oracle.tolerance(durations, 0.95),
            'p99_duration_ms', oracle.tolerance(durations, 0.99)
        )
    from (
        select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration)
        from unnest(durations) as duration
    ) as percentile (answers)
    cross join oracle.counts(array(select tidemark.duration_bucket(unnest) from unnest(durations))) as buckets
$$;

create view oracle.executions_hourly as
select counted.*, duration.*
from (
    select
        date_trunc('hour', executed_at, 'UTC') as hour, action_type, status,
        count(*) as executions,
        count(duration_ms) as executions_with_duration,
        coalesce(sum(duration_ms), 0) as duration_sum_ms,
        coalesce(sum(retry_count), 0) as total_retries,
        count(*) filter (where retry_count > 0) as executions_with_retries,
        max(executed_at) as last_execution_at,
        coalesce(array_agg(duration_ms order by duration_ms) filter (where duration_ms is not null), '{}') as durations
    from public.action_results
    where isfinite(executed_at)
    group by 1, 2, 3
) as counted
cross join lateral oracle.durations(counted.durations) as duration;

create view oracle.trigger_executions as
select counted.*, duration.*, retry.keys as retry_values, retry.counts as retry_executions
from (
    select
        trigger_id,
        count(*) as executions,
        count(*) filter (where status = 'success') as successes,
        count(*) filter (where status = 'failed') as failures,
        count(*) filter (where status = 'retrying') as retrying,
        count(duration_ms) as executions_with_duration,
        coalesce(sum(duration_ms), 0) as duration_sum_ms,
        coalesce(sum(retry_count), 0) as total_retries,
        min(executed_at) filter (where isfinite(executed_at)) as first_execution_at,
        max(executed_at) filter (where isfinite(executed_at)) as last_execution_at,
        max(coalesce(retry_count, 0)) as max_retries,
        coalesce(array_agg(retry_count) filter (where retry_count <> 0), '{}') as retries,
        coalesce(array_agg(duration_ms order by duration_ms) filter (where duration_ms is not null), '{}') as durations
    from public.action_results
    where trigger_id is not null
    group by trigger_id
) as counted
cross join lateral oracle.durations(counted.durations) as duration
cross join lateral oracle.counts(counted.retries) as retry;

create view oracle.trigger_executions_daily as
select
    trigger_id, date_trunc('day', executed_at, 'UTC') as day, action_type, status,
    count(*) as executions,
    count(duration_ms) as executions_with_duration,
    coalesce(sum(duration_ms), 0) as duration_sum_ms,
    coalesce(sum(retry_count), 0) as total_retries,
    count(*) filter (where retry_count > 0) as executions_with_retries
from public.action_results
where trigger_id is not null and isfinite(executed_at)
group by 1, 2, 3, 4;

create view oracle.trigger_executions_hourly as
select
    trigger_id, date_trunc('hour', executed_at, 'UTC') as hour, action_type, status,
    count(*) as executions,
    count(duration_ms) as executions_with_duration,
    coalesce(sum(duration_ms), 0) as duration_sum_ms,
    coalesce(sum(retry_count), 0) as total_retries,
    count(*) filter (where retry_count > 0) as executions_with_retries
from public.action_results
where trigger_id is not null and isfinite(executed_at)
    and executed_at >= (select trigger_hours_from from tidemark.frontier)
group by 1, 2, 3, 4;

create view oracle.executions_daily as
select counted.*, buckets.keys as duration_buckets, buckets.counts as bucket_executions
from (
    select
        date_trunc('day', executed_at, 'UTC') as day, action_type, status,
        count(*) as executions,
        count(duration_ms) as executions_with_duration,
        coalesce(sum(duration_ms), 0) as duration_sum_ms,
        coalesce(sum(retry_count), 0) as total_retries,
        count(*) filter (where retry_count > 0) as executions_with_retries,
        coalesce(array_agg(tidemark.duration_bucket(duration_ms)) filter (where duration_ms is not null), '{}') as durations
    from public.action_results
    where isfinite(executed_at)
    group by 1, 2, 3
) as counted
cross join lateral oracle.counts(counted.durations) as buckets;

-- What changed lately is in rows of its own in these live views: they are added up, as any reader does.

create view oracle.live_executions_daily as
select added.*, buckets.keys as duration_buckets, buckets.counts as bucket_executions
from (
    select
        day, action_type, status,
        sum(executions) as executions, sum(executions_with_duration) as executions_with_duration,
        sum(duration_sum_ms) as duration_sum_ms, sum(total_retries) as total_retries,
        sum(executions_with_retries) as executions_with_retries
    from tidemark.live_executions_daily
    group by 1, 2, 3
    having sum(executions) <> 0
) as added
cross join lateral (
    select coalesce(array_agg(bucket order by bucket), '{}'), coalesce(array_agg(times order by bucket), '{}')
    from (
        select bucket, sum(times) as times
        from tidemark.live_executions_daily as live
        cross join lateral unnest(live.duration_buckets, live.bucket_executions) as kept (bucket, times)
        where (live.day, live.action_type, live.status) = (added.day, added.action_type, added.status)
        group by bucket
        having sum(times) <> 0
    ) as net
) as buckets (keys, counts);

-- A histogram from its bytes: three for each bucket, 4096 times its number plus its executions; where nothing is added, they
-- follow in eight.
create function oracle.unpacked(durations bytea)
returns table (bucket integer, times bigint)
language plpgsql immutable
as $$
declare
    place integer := 1;
begin
    while place <= length(durations) loop
        -- Numbers below 0 have their first bit set.
        bucket := ('x' || encode(substring(durations from place for 3), 'hex') || '00')::bit(32)::integer / 256;
        times := bucket & 4095;
        bucket := bucket >> 12;
        place := place + 3;
        if times = 0 then
            times := ('x' || encode(substring(durations from place for 8), 'hex'))::bit(64)::bigint;
            place := place + 8;
        end if;
        return next;
    end loop;
end
$$;

create view oracle.live_executions_hourly_parts as
select added.*, buckets.keys as duration_buckets, buckets.counts as bucket_executions
from (
    select
        hour, action_type, status,
        sum(executions) as executions, sum(executions_with_duration) as executions_with_duration,
        sum(duration_sum_ms) as duration_sum_ms, sum(total_retries) as total_retries,
        sum(executions_with_retries) as executions_with_retries
    from tidemark.live_executions_hourly_parts
    group by 1, 2, 3
    having sum(executions) <> 0
) as added
cross join lateral (
    select coalesce(array_agg(bucket order by bucket), '{}'), coalesce(array_agg(times order by bucket), '{}')
    from (
        select bucket, sum(times) as times
        from tidemark.live_executions_hourly_parts as live
        cross join lateral oracle.unpacked(live.durations)
        where (live.hour, live.action_type, live.status) = (added.hour, added.action_type, added.status)
        group by bucket
        having sum(times) <> 0
    ) as net
) as buckets (keys, counts);

create view oracle.live_triggers as
select live.*
from (
    select trigger_id from public.action_results
    union
    select trigger_id from tidemark.trigger_executions
) as one
cross join lateral tidemark.live_triggers(array[one.trigger_id]) as live;

create view oracle.live_trigger_executions_hourly as
select
    trigger_id, hour, action_type, status,
    sum(executions) as executions, sum(executions_with_duration) as executions_with_duration,
    sum(duration_sum_ms) as duration_sum_ms, sum(total_retries) as total_retries,
    sum(executions_with_retries) as executions_with_retries
from tidemark.live_trigger_executions_hourly
group by 1, 2, 3, 4
having sum(executions) <> 0;

create view oracle.live_trigger_executions_daily as
select
    trigger_id, day, action_type, status,
    sum(executions) as executions, sum(executions_with_duration) as executions_with_duration,
    sum(duration_sum_ms) as duration_sum_ms, sum(total_retries) as total_retries,
    sum(executions_with_retries) as executions_with_retries
from tidemark.live_trigger_executions_daily
group by 1, 2, 3, 4
having sum(executions) <> 0;

create view oracle.action_metrics_hourly as
select
    hour, action_type, status,
    executions as execution_count,
    tidemark.clamped(duration_sum_ms::numeric / nullif(executions_with_duration, 0)) as avg_duration_ms,
    p50_duration_ms, p95_duration_ms, p99_duration_ms,
    duration_min_ms as min_duration_ms,
    duration_max_ms as max_duration_ms,
    case status when 'success' then executions else 0 end as success_count,
    case status when 'failed' then executions else 0 end as failure_count,
    case status when 'retrying' then executions else 0 end as retrying_count,
    total_retries,
    executions_with_retries as actions_with_retries,
    tolerances
from oracle.executions_hourly;

create view oracle.trigger_performance_summary as
select
    trigger_id,
    executions as total_executions,
    successes as success_count,
    failures as failure_count,
    retrying as retrying_count,
    round(100.0 * successes / executions, 2) as success_rate,
    tidemark.clamped(duration_sum_ms::numeric / nullif(executions_with_duration, 0)) as avg_duration_ms,
    p50_duration_ms, p95_duration_ms, p99_duration_ms,
    duration_min_ms as min_duration_ms,
    duration_max_ms as max_duration_ms,
    total_retries,
    tidemark.clamped(total_retries::numeric / executions) as avg_retries,
    max_retries,
    last_execution_at,
    first_execution_at,
    round((extract(epoch from last_execution_at) - extract(epoch from first_execution_at)) / 3600, 2) as hours_active,
    tolerances
from oracle.trigger_executions;

create view oracle.recent_failures as
select
    id, job_id, trigger_id, event_id, action_type, error_message, retry_count, executed_at, duration_ms, response_data
from public.action_results
where status = 'failed' and executed_at >= now() - interval '24 hours' and executed_at < 'infinity';

create view oracle.action_type_distribution as
select
    action_type,
    count(*) as total_executions,
    count(*) filter (where status = 'success') as success_count,
    count(*) filter (where status = 'failed') as failure_count,
    round(100.0 * count(*) / sum(count(*)) over (), 2) as percentage,
    tidemark.clamped(avg(duration_ms)) as avg_duration_ms,
    sum(coalesce(retry_count, 0)) as total_retries,
    max(executed_at) as last_execution_at
from public.action_results
where executed_at >= now() - interval '30 days' and executed_at < 'infinity'
group by action_type;

-- A group that is there twice has a second copy, which nothing is expected to match.
create function oracle.groups(relation text, keys text[])
returns table (key text, copy bigint, measures jsonb)
language plpgsql stable
as $$
begin
    return query execute format(
        'select grouped.key, row_number() over (partition by grouped.key), grouped.measures
        from (
            select
                (select string_agg(coalesce(row.measures ->> name, ''null''), ''/'') from unnest(%L::text[]) as name),
                row.measures
            from (select to_jsonb(source) from %s as source) as row (measures)
        ) as grouped (key, measures)',
        keys, relation
    );
end
$$;

create function oracle.differences(relation text, expectation text, keys text[])
returns setof text
language sql stable
as $$
    with pair as materialized (
        select key, found.measures as found, expected.measures as expected
        from oracle.groups(relation, keys) as found
        full join oracle.groups(expectation, keys) as expected using (key, copy)
    )
    select format(
        '%s of %s: %s is %s instead of %s', relation, key, measure,
        coalesce(found ->> measure, 'null'), coalesce(expected ->> measure, 'null')
    )
    from pair
    cross join lateral jsonb_object_keys(found) as measure
    where expected is not null
        and found -> measure is distinct from expected -> measure
        and case
            when expected -> 'tolerances' ? measure then
                abs((found ->> measure)::numeric - (expected ->> measure)::numeric)
                    <= (expected -> 'tolerances' ->> measure)::numeric
        end is not true
    union all
    select format('%s of %s: %s', relation, key, case when found is null then 'is missing' else 'is too much' end)
    from pair
    where found is null or expected is null
$$;

create function oracle.live_differences()
returns setof text
language sql stable
as $$
    select oracle.differences(
        'tidemark.live_executions_hourly', 'oracle.executions_hourly', '{hour,action_type,status}'
    )
    union all
    select oracle.differences(
        'oracle.live_executions_hourly_parts', 'oracle.executions_hourly', '{hour,action_type,status}'
    )
    union all
    select oracle.differences('oracle.live_executions_daily', 'oracle.executions_daily', '{day,action_type,status}')
    union all
    select format('live_executions_daily of %s/%s/%s: durations are not those of the arrays', day, action_type, status)
    from tidemark.live_executions_daily
    where array(select row(bucket, times) from oracle.unpacked(durations))
        <> array(select row(bucket, times) from unnest(duration_buckets, bucket_executions) as kept (bucket, times))
    union all
    select oracle.differences('tidemark.live_trigger_executions', 'oracle.trigger_executions', '{trigger_id}')
    union all
    select oracle.differences('oracle.live_triggers', 'oracle.trigger_executions', '{trigger_id}')
    union all
    select oracle.differences(
        'oracle.live_trigger_executions_hourly', 'oracle.trigger_executions_hourly',
        '{trigger_id,hour,action_type,status}'
    )
    union all
    select oracle.differences(
        'oracle.live_trigger_executions_daily', 'oracle.trigger_executions_daily',
        '{trigger_id,day,action_type,status}'
    )
$$;

-- To be asked in the transaction that refreshed: windows of time end at its beginning.
create function oracle.view_differences()
returns setof text
language sql stable
as $$
    select oracle.differences(
        'public.action_metrics_hourly', 'oracle.action_metrics_hourly', '{hour,action_type,status}'
    )
    union all
    select oracle.differences(
        'public.trigger_performance_summary', 'oracle.trigger_performance_summary', '{trigger_id}'
    )
    union all
    select oracle.differences('public.recent_failures', 'oracle.recent_failures', '{id}')
    union all
    select oracle.differences('public.action_type_distribution', 'oracle.action_type_distribution', '{action_type}')
$$;
