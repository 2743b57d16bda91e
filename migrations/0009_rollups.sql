-- What the rollups hold, and how a histogram of durations changes.
--
-- Averages come from sums and counts, percentiles from histograms. A histogram counts executions in logarithmic buckets
-- (DDSketch: Masson, Rim and Lee, VLDB 2019), which puts every percentile within 1% of percentile_cont; the proof is in
-- crates/domain/src/histogram.rs. While a group has at most 50 durations they are kept themselves, and it is exact.
-- Histograms are wide. Those of hours are seldom written again, so a low toast_tuple_target keeps them out of the rows,
-- which are read often. Those of triggers change with every fold: there a high one keeps Postgres from compressing them
-- each time, which took half of a fold.

create table tidemark.executions_hourly (
    hour timestamptz not null,
    action_type text not null,
    status text not null,
    executions bigint not null,
    executions_with_duration bigint not null,
    duration_sum_ms bigint not null,
    duration_min_ms integer,
    duration_max_ms integer,
    total_retries bigint not null,
    executions_with_retries bigint not null,
    last_execution_at timestamptz not null,
    p50_duration_ms numeric(10, 2),
    p95_duration_ms numeric(10, 2),
    p99_duration_ms numeric(10, 2),
    few_durations integer[],
    duration_buckets integer[] not null,
    bucket_executions bigint[] not null,
    primary key (hour, action_type, status)
)
with (fillfactor = 80, toast_tuple_target = 256, autovacuum_vacuum_scale_factor = 0.05);
comment on table tidemark.executions_hourly is 'Executions before the frontier by UTC hour, action type and status.';

create table tidemark.executions_daily (
    day timestamptz not null,
    action_type text not null,
    status text not null,
    executions bigint not null,
    executions_with_duration bigint not null,
    duration_sum_ms bigint not null,
    total_retries bigint not null,
    executions_with_retries bigint not null,
    duration_buckets integer[] not null,
    bucket_executions bigint[] not null,
    primary key (day, action_type, status)
)
with (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
comment on table tidemark.executions_daily is
    'Executions before the frontier by UTC day, action type and status: what a month is added up from. A row whose executions went has 0.';

create table tidemark.trigger_executions (
    trigger_id text primary key,
    executions bigint not null,
    successes bigint not null,
    failures bigint not null,
    retrying bigint not null,
    executions_with_duration bigint not null,
    duration_sum_ms bigint not null,
    duration_min_ms integer,
    duration_max_ms integer,
    total_retries bigint not null,
    first_execution_at timestamptz,
    last_execution_at timestamptz,
    p50_duration_ms numeric(10, 2),
    p95_duration_ms numeric(10, 2),
    p99_duration_ms numeric(10, 2),
    few_durations integer[],
    duration_buckets integer[] not null,
    bucket_executions bigint[] not null,
    retry_values integer[] not null,
    retry_executions bigint[] not null
)
with (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
comment on table tidemark.trigger_executions is
    'All executions of each trigger before the frontier, and those without a finite executed_at.';
comment on column tidemark.trigger_executions.retry_values is
    'How many executions (retry_executions) had how many retries, in order; those without any are left out.';

create table tidemark.trigger_executions_hourly (
    trigger_id text not null,
    hour timestamptz not null,
    action_type text not null,
    status text not null,
    executions bigint not null,
    executions_with_duration bigint not null,
    duration_sum_ms bigint not null,
    total_retries bigint not null,
    executions_with_retries bigint not null,
    primary key (trigger_id, hour, action_type, status)
)
with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
comment on table tidemark.trigger_executions_hourly is
    'Executions before the frontier by trigger, UTC hour, action type and status, for the last tidemark.trigger_hours_kept (14 days). A row whose executions went has 0.';

create table tidemark.trigger_executions_daily (
    trigger_id text not null,
    day timestamptz not null,
    action_type text not null,
    status text not null,
    executions bigint not null,
    executions_with_duration bigint not null,
    duration_sum_ms bigint not null,
    total_retries bigint not null,
    executions_with_retries bigint not null,
    primary key (trigger_id, day, action_type, status)
)
with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
comment on table tidemark.trigger_executions_daily is
    'Executions before the frontier by trigger, UTC day, action type and status. A row whose executions went has 0.';

create function tidemark.utc_hour(moment timestamptz)
returns timestamptz
language sql immutable strict parallel safe
return date_bin('1 hour', moment, '2000-01-01 00:00:00+00');
comment on function tidemark.utc_hour(timestamptz) is 'The UTC hour that a moment is in; an infinite one is in none, and answers itself.';

create function tidemark.utc_day(moment timestamptz)
returns timestamptz
language sql immutable strict parallel safe
return date_bin('1 day', moment, '2000-01-01 00:00:00+00');
comment on function tidemark.utc_day(timestamptz) is 'The UTC day that a moment is in; an infinite one is in none, and answers itself.';

create function tidemark.end_of_hour(hour timestamptz)
returns timestamptz
language sql immutable strict parallel safe
return case when hour < '200000-01-01 00:00:00+00' then hour + interval '1 hour' else 'infinity' end;
comment on function tidemark.end_of_hour(timestamptz) is
    'Where an hour ends; the last ones that can be told have no end that could be.';

create function tidemark.bucket_duration(bucket integer)
returns float8
language sql immutable strict parallel safe
return case
    when bucket = -1 then 0
    when bucket >= 0 then 2 * power((1.0::float8 + 0.01) / (1.0::float8 - 0.01), bucket) / ((1.0::float8 + 0.01) / (1.0::float8 - 0.01) + 1)
    else -2 * power((1.0::float8 + 0.01) / (1.0::float8 - 0.01), -2 - bucket) / ((1.0::float8 + 0.01) / (1.0::float8 - 0.01) + 1)
end;
comment on function tidemark.bucket_duration(integer) is
    'The duration in milliseconds that a bucket stands for, the same as value_of in crates/domain/src/histogram.rs.';

create function tidemark.few_changed(few integer[], durations integer[], weights bigint[])
returns integer[]
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(array_agg(net.duration order by net.duration), '{}')
    from (
        select change.duration, sum(change.weight) as times
        from (
            select unnest(few), 1
            union all
            select unnest(durations), unnest(weights)
        ) as change (duration, weight)
        group by change.duration
    ) as net
    cross join generate_series(1, net.times)
$$;
comment on function tidemark.few_changed(integer[], integer[], bigint[]) is
    'Few durations, kept themselves, after each of the durations came (weight > 0) or went (weight < 0) so many times.';

create function tidemark.counts_changed(
    keys integer[], counts bigint[], changed_keys integer[], weights bigint[], out new_keys integer[], out new_counts bigint[]
)
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    place integer;
begin
    new_keys := coalesce(keys, '{}');
    new_counts := coalesce(counts, '{}');
    if cardinality(changed_keys) <= 256 then
        -- A few changes are made in place, which takes a tenth of the time.
        for change in 1..cardinality(changed_keys) loop
            place := width_bucket(changed_keys[change], new_keys);
            if place > 0 and new_keys[place] = changed_keys[change] then
                new_counts[place] := new_counts[place] + weights[change];
            else
                new_keys := new_keys[:place] || changed_keys[change] || new_keys[place + 1:];
                new_counts := new_counts[:place] || weights[change] || new_counts[place + 1:];
            end if;
        end loop;
        if not 0 = any (new_counts) then
            return;
        end if;
        changed_keys := '{}';
        weights := '{}';
    end if;
    select coalesce(array_agg(net.key order by net.key), '{}'), coalesce(array_agg(net.count order by net.key), '{}')
    into new_keys, new_counts
    from (
        select change.key, sum(change.weight)::bigint as count
        from (
            select unnest(new_keys), unnest(new_counts)
            union all
            select unnest(changed_keys), unnest(weights)
        ) as change (key, weight)
        group by change.key
        having sum(change.weight) <> 0
    ) as net;
end
$$;
comment on function tidemark.counts_changed(integer[], bigint[], integer[], bigint[]) is
    'Counts by key, in the order of the keys, after each of the changed keys was counted so many times more (or fewer).';

create function tidemark.percentiles(
    few integer[], buckets integer[], executions bigint[], total bigint, shortest integer, longest integer,
    out p50 numeric(10, 2), out p95 numeric(10, 2), out p99 numeric(10, 2)
)
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The rank of percentile_cont, from 0, mostly falls between two executions: it is looked up below and above.
    ranks constant bigint[] := array[
        floor(0.5 * (total - 1)), ceil(0.5 * (total - 1)), floor(0.95 * (total - 1)), ceil(0.95 * (total - 1)),
        floor(0.99 * (total - 1)), ceil(0.99 * (total - 1)), 9223372036854775807
    ];
    next_rank bigint := ranks[1];
    found float8[] := '{}';
    seen bigint := 0;
begin
    if few is not null then
        select answers[1], answers[2], answers[3]
        into p50, p95, p99
        from (
            select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration)
            from unnest(few) as duration
        ) as exact (answers);
    elsif total > 0 then
        for position in 1..cardinality(buckets) loop
            seen := seen + executions[position];
            while seen > next_rank loop
                found := found || least(greatest(tidemark.bucket_duration(buckets[position]), shortest), longest);
                next_rank := ranks[cardinality(found) + 1];
            end loop;
        end loop;
        p50 := found[1] + (found[2] - found[1]) * (0.5 * (total - 1) - ranks[1]);
        p95 := found[3] + (found[4] - found[3]) * (0.95 * (total - 1) - ranks[3]);
        p99 := found[5] + (found[6] - found[5]) * (0.99 * (total - 1) - ranks[5]);
    end if;
    p50 := tidemark.clamped(p50);
    p95 := tidemark.clamped(p95);
    p99 := tidemark.clamped(p99);
end
$$;
comment on function tidemark.percentiles(integer[], integer[], bigint[], bigint, integer, integer) is
    'Median, 95th and 99th percentile as percentile_cont interpolates them: exact from few durations, otherwise within 1% from buckets.';
