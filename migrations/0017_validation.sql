-- How anybody can check the rollups and the views against the rows, and have a range counted anew.
--
-- What should be is counted from the rows in the plainest way, on purpose not by the functions that keep the rollups.
-- Differences are told one measure at a time: where it was found, what was found, what was expected.

create function tidemark.differing(found jsonb, expected jsonb)
returns table (measure text, found text, expected text)
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select coalesce(is_found.key, should_be.key), is_found.value, should_be.value
    from jsonb_each_text(found) as is_found
    full join jsonb_each_text(expected) as should_be on should_be.key = is_found.key
    where is_found.value is distinct from should_be.value
        -- A percentile comes from a histogram where the group has more than 50 durations.
        and not coalesce(
            should_be.key ~ '^p[0-9]+_duration_ms$'
            and (expected ->> 'executions_with_duration')::bigint > 50
            and abs(is_found.value::numeric - should_be.value::numeric) <= abs(should_be.value::numeric) * 0.01 + 0.01,
            false
        )
$$;
comment on function tidemark.differing(jsonb, jsonb) is
    'The measures in which two groups differ; percentiles may do so by 1% where they come from a histogram.';

create function tidemark.percentiles_of(durations integer[])
returns jsonb
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
    select jsonb_build_object(
        'p50_duration_ms', tidemark.clamped(answers[1]::numeric),
        'p95_duration_ms', tidemark.clamped(answers[2]::numeric),
        'p99_duration_ms', tidemark.clamped(answers[3]::numeric)
    )
    from (
        select percentile_cont(array[0.5, 0.95, 0.99]) within group (order by duration) from unnest(durations) as duration
    ) as percentile (answers)
$$;
comment on function tidemark.percentiles_of(integer[]) is 'The exact percentiles of these durations.';

create function tidemark.find_differences(from_at timestamptz, until_at timestamptz)
returns table (relation text, group_key text, measure text, found text, expected text)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    hours_from constant timestamptz := (select trigger_hours_from from tidemark.frontier);
begin
    if (from_at, until_at) is distinct from (tidemark.utc_day(from_at), tidemark.utc_day(until_at)) then
        raise exception using
            errcode = 'invalid_parameter_value',
            message = format('%s to %s are not whole UTC days', from_at, until_at);
    end if;
    return query
    with expected as (
        select
            tidemark.utc_hour(executed_at) as hour, action_type, status,
            jsonb_build_object(
                'executions', count(*),
                'executions_with_duration', count(duration_ms),
                'duration_sum_ms', coalesce(sum(duration_ms), 0),
                'duration_min_ms', min(duration_ms),
                'duration_max_ms', max(duration_ms),
                'total_retries', sum(coalesce(retry_count, 0)),
                'executions_with_retries', count(*) filter (where retry_count > 0),
                'last_execution_at', max(executed_at),
                'executions_in_buckets', count(duration_ms)
            ) || tidemark.percentiles_of(array_agg(duration_ms) filter (where duration_ms is not null)) as measures
        from public.action_results
        where executed_at >= from_at and executed_at < until_at and isfinite(executed_at)
        group by 1, 2, 3
    ),
    found as (
        select
            hour, action_type, status,
            to_jsonb(live) - array['hour', 'action_type', 'status', 'few_durations', 'duration_buckets', 'bucket_executions']
                || jsonb_build_object(
                    'executions_in_buckets', (select coalesce(sum(unnest), 0) from unnest(live.bucket_executions))
                ) as measures
        from tidemark.live_executions_hourly as live
        where hour >= from_at and hour < until_at
    )
    select
        'executions_hourly', concat_ws(' ', hour, action_type, status), difference.*
    from found
    full join expected using (hour, action_type, status)
    cross join lateral tidemark.differing(coalesce(found.measures, '{}'), coalesce(expected.measures, '{}')) as difference;

    return query
    with row as (
        select
            tidemark.utc_day(executed_at) as day, action_type, status,
            tidemark.duration_bucket(duration_ms) as bucket,
            count(*) as executions,
            count(duration_ms) as executions_with_duration,
            coalesce(sum(duration_ms), 0) as duration_sum_ms,
            sum(coalesce(retry_count, 0)) as total_retries,
            count(*) filter (where retry_count > 0) as executions_with_retries
        from public.action_results
        where executed_at >= from_at and executed_at < until_at and isfinite(executed_at)
        group by 1, 2, 3, 4
    ),
    expected as (
        select
            day, action_type, status,
            jsonb_build_object(
                'executions', sum(executions),
                'executions_with_duration', sum(executions_with_duration),
                'duration_sum_ms', sum(duration_sum_ms),
                'total_retries', sum(total_retries),
                'executions_with_retries', sum(executions_with_retries)
            ) || coalesce(jsonb_object_agg('bucket ' || bucket, executions) filter (where bucket is not null), '{}')
                as measures
        from row
        group by 1, 2, 3
    ),
    bucket as (
        select day, action_type, status, 'bucket ' || kept.bucket as bucket, sum(kept.executions) as executions
        from tidemark.live_executions_daily
        cross join lateral unnest(duration_buckets, bucket_executions) as kept (bucket, executions)
        where day >= from_at and day < until_at
        group by 1, 2, 3, 4
        having sum(kept.executions) <> 0
    ),
    found as (
        select
            day, action_type, status,
            jsonb_build_object(
                'executions', sum(executions),
                'executions_with_duration', sum(executions_with_duration),
                'duration_sum_ms', sum(duration_sum_ms),
                'total_retries', sum(total_retries),
                'executions_with_retries', sum(executions_with_retries)
            ) || coalesce(
                (
                    select jsonb_object_agg(bucket.bucket, bucket.executions)
                    from bucket
                    where (bucket.day, bucket.action_type, bucket.status) = (live.day, live.action_type, live.status)
                ),
                '{}'
            ) as measures
        from tidemark.live_executions_daily as live
        where day >= from_at and day < until_at
        group by 1, 2, 3
        having sum(executions) <> 0
    )
    select
        'executions_daily', concat_ws(' ', day, action_type, status), difference.*
    from found
    full join expected using (day, action_type, status)
    cross join lateral tidemark.differing(coalesce(found.measures, '{}'), coalesce(expected.measures, '{}')) as difference;

    return query
    with counted as (
        select
            trigger_id, tidemark.utc_hour(executed_at) as hour, action_type, status,
            count(*) as executions,
            count(duration_ms) as executions_with_duration,
            coalesce(sum(duration_ms), 0) as duration_sum_ms,
            sum(coalesce(retry_count, 0)) as total_retries,
            count(*) filter (where retry_count > 0) as executions_with_retries
        from public.action_results
        where executed_at >= from_at and executed_at < until_at and isfinite(executed_at) and trigger_id is not null
        group by 1, 2, 3, 4
    ),
    expected as (
        select
            'trigger_executions_hourly' as relation, trigger_id, hour as time, action_type, status,
            executions, executions_with_duration, duration_sum_ms, total_retries, executions_with_retries
        from counted
        where hour >= hours_from
        union all
        select
            'trigger_executions_daily', trigger_id, tidemark.utc_day(hour), action_type, status,
            sum(executions), sum(executions_with_duration), sum(duration_sum_ms), sum(total_retries),
            sum(executions_with_retries)
        from counted
        group by trigger_id, tidemark.utc_day(hour), action_type, status
    ),
    found as (
        select
            relation, trigger_id, time, action_type, status,
            sum(executions) as executions, sum(executions_with_duration) as executions_with_duration,
            sum(duration_sum_ms) as duration_sum_ms, sum(total_retries) as total_retries,
            sum(executions_with_retries) as executions_with_retries
        from (
            select 'trigger_executions_hourly' as relation, hour as time, live.*
            from tidemark.live_trigger_executions_hourly as live
            where hour >= from_at and hour < until_at
            union all
            select 'trigger_executions_daily', day, live.*
            from tidemark.live_trigger_executions_daily as live
            where day >= from_at and day < until_at
        ) as part
        group by relation, trigger_id, time, action_type, status
        having sum(executions) <> 0
    )
    select
        relation, concat_ws(' ', trigger_id, time, action_type, status), difference.*
    from found
    full join expected using (relation, trigger_id, time, action_type, status)
    cross join lateral tidemark.differing(
        to_jsonb(found) - array['relation', 'trigger_id', 'time', 'action_type', 'status'],
        to_jsonb(expected) - array['relation', 'trigger_id', 'time', 'action_type', 'status']
    ) as difference
    -- Most groups are equal, and quickly compared.
    where (
        found.executions, found.executions_with_duration, found.duration_sum_ms, found.total_retries,
        found.executions_with_retries
    ) is distinct from (
        expected.executions, expected.executions_with_duration, expected.duration_sum_ms, expected.total_retries,
        expected.executions_with_retries
    );
end
$$;
comment on function tidemark.find_differences(timestamptz, timestamptz) is
    'Compares the hours, and the hours and days of triggers, of whole UTC days with the rows, as of now.';
revoke all on function tidemark.find_differences(timestamptz, timestamptz) from public;

create function tidemark.find_trigger_differences(share float8)
returns table (relation text, group_key text, measure text, found text, expected text)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set work_mem = '256MB'
as $$
#variable_conflict use_column
declare
    -- The same triggers on both sides, chosen by their names.
    threshold constant bigint := round(share * 2147483648)::bigint;
begin
    return query
    with expected as (
        select
            trigger_id,
            jsonb_build_object(
                'executions', count(*),
                'successes', count(*) filter (where status = 'success'),
                'failures', count(*) filter (where status = 'failed'),
                'retrying', count(*) filter (where status = 'retrying'),
                'executions_with_duration', count(duration_ms),
                'duration_sum_ms', coalesce(sum(duration_ms), 0),
                'duration_min_ms', min(duration_ms),
                'duration_max_ms', max(duration_ms),
                'total_retries', sum(coalesce(retry_count, 0)),
                'most_retries', max(coalesce(retry_count, 0)),
                'first_execution_at', min(executed_at) filter (where isfinite(executed_at)),
                'last_execution_at', max(executed_at) filter (where isfinite(executed_at)),
                'executions_in_buckets', count(duration_ms)
            ) || tidemark.percentiles_of(array_agg(duration_ms) filter (where duration_ms is not null)) as measures
        from public.action_results
        where trigger_id is not null and abs(hashtext(trigger_id)::bigint) <= threshold
        group by trigger_id
    ),
    found as (
        select
            trigger_id,
            to_jsonb(live) - array[
                'trigger_id', 'few_durations', 'duration_buckets', 'bucket_executions', 'retry_values', 'retry_executions'
            ] || jsonb_build_object(
                'executions_in_buckets', (select coalesce(sum(unnest), 0) from unnest(live.bucket_executions)),
                'most_retries', tidemark.most_retries(live.executions, live.retry_values, live.retry_executions)
            ) as measures
        from tidemark.live_trigger_executions as live
        where abs(hashtext(trigger_id)::bigint) <= threshold
    )
    select 'trigger_executions', trigger_id, difference.*
    from found
    full join expected using (trigger_id)
    cross join lateral tidemark.differing(coalesce(found.measures, '{}'), coalesce(expected.measures, '{}')) as difference;
end
$$;
comment on function tidemark.find_trigger_differences(float8) is
    'Compares the totals of triggers with the rows, as of now: of all (1), or of a share of them, always the same ones.';
revoke all on function tidemark.find_trigger_differences(float8) from public;

create function tidemark.find_view_differences()
returns table (relation text, group_key text, measure text, found text, expected text)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
    view record;
begin
    for view in
        select *
        from (
            values
                ('action_metrics_hourly', array['hour', 'action_type', 'status']),
                ('trigger_performance_summary', array['trigger_id']),
                ('recent_failures', array['id']),
                ('action_type_distribution', array['action_type'])
        ) as views (name, keys)
    loop
        return query execute format(
            'select %1$L, concat_ws('' '', %2$s), difference.*
            from public.%1$I as stored
            full join (%3$s) as defined using (%2$s)
            cross join lateral tidemark.differing(
                coalesce(to_jsonb(stored), ''{}''), coalesce(to_jsonb(defined), ''{}'')
            ) as difference
            where stored is distinct from defined',
            view.name,
            array_to_string(view.keys, ', '),
            rtrim(pg_get_viewdef(format('public.%I', view.name)::regclass), ';')
        );
    end loop;
end
$$;
comment on function tidemark.find_view_differences() is
    'Compares what the four views store with what they would show now. Right after a refresh, what differs may be newer than it; what differs twice in the same way is wrong.';
revoke all on function tidemark.find_view_differences() from public;

create function tidemark.rebuild_range(from_at timestamptz, until_at timestamptz)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    frontier_was timestamptz;
    wrong bigint;
    counts_until timestamptz;
begin
    perform tidemark.require_one_snapshot('a rebuild');
    select frontier_at into frontier_was from tidemark.frontier where is_built;
    if frontier_was is null then
        raise exception using errcode = 'TM002', message = 'the rollups are not built yet', hint = 'Run tidemark migrate.';
    end if;
    select count(distinct (relation, group_key)) into wrong from tidemark.find_differences(from_at, until_at);
    if wrong > 0 then
        -- With the log drained, the rollups hold exactly the rows before the frontier, or should.
        perform tidemark.store_changes(frontier_was);
        counts_until := least(until_at, frontier_was);
        delete from tidemark.executions_hourly where hour >= from_at and hour < until_at;
        delete from tidemark.executions_daily where day >= from_at and day < until_at;
        delete from tidemark.trigger_executions_hourly where hour >= from_at and hour < until_at;
        delete from tidemark.trigger_executions_daily where day >= from_at and day < until_at;
        perform tidemark.count_hours(from_at, counts_until);
        perform tidemark.count_trigger_times(from_at, counts_until);
        update tidemark.frontier set change_number = change_number + 1;
    end if;
    return wrong;
end
$$;
comment on function tidemark.rebuild_range(timestamptz, timestamptz) is
    'Counts whole UTC days anew where they differ from the rows, and puts the counts in place with the commit; returns how many groups were wrong.';
revoke all on function tidemark.rebuild_range(timestamptz, timestamptz) from public;

create function tidemark.rebuild_triggers()
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    frontier_was timestamptz;
    wrong bigint;
begin
    perform tidemark.require_one_snapshot('a rebuild');
    select frontier_at into frontier_was from tidemark.frontier where is_built;
    if frontier_was is null then
        raise exception using errcode = 'TM002', message = 'the rollups are not built yet', hint = 'Run tidemark migrate.';
    end if;
    select count(distinct group_key) into wrong from tidemark.find_trigger_differences(1);
    if wrong > 0 then
        perform tidemark.store_changes(frontier_was);
        delete from tidemark.trigger_executions;
        perform tidemark.count_triggers('-infinity', frontier_was, true);
        perform tidemark.finish_triggers(frontier_was);
        update tidemark.frontier set change_number = change_number + 1;
    end if;
    return wrong;
end
$$;
comment on function tidemark.rebuild_triggers() is
    'Counts the totals of all triggers anew if any differs from the rows; returns how many did.';
revoke all on function tidemark.rebuild_triggers() from public;
