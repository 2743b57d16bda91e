-- A fold changes the bytes of histograms in place; the rest of this is as in 0030. Packing whole ones again took a quarter of the
-- time in which late rows are folded.

create or replace function tidemark.changed_executions_hourly(until timestamptz)
returns table (
    now tidemark.executions_hourly,
    executions bigint, executions_with_duration bigint, duration_sum_ms bigint, total_retries bigint,
    executions_with_retries bigint, durations integer[], times bigint[]
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
rows 100
as $$
#variable_conflict use_column
declare
    frontier_was constant timestamptz := tidemark.built_frontier();
    truncated constant bigint := tidemark.truncated_at();
begin
    return query
    -- The same duration that came and went is no change of a minimum.
    with duration as (
        select
            tidemark.utc_hour(executed_at) as hour, action_type, status, duration_ms,
            sum(weight) as times,
            sum(weight * retry_count::bigint) as total_retries,
            coalesce(sum(weight) filter (where retry_count > 0), 0) as executions_with_retries,
            max(executed_at) filter (where weight > 0) as last_come,
            max(executed_at) filter (where weight < 0) as last_gone
        from tidemark.changes(frontier_was, until, truncated)
        where isfinite(executed_at)
        group by 1, 2, 3, 4
    ),
    change as (
        select
            hour, action_type, status,
            sum(duration.times) as executions,
            coalesce(sum(duration.times) filter (where duration_ms is not null), 0) as executions_with_duration,
            coalesce(sum(duration.times * duration_ms), 0) as duration_sum_ms,
            min(duration_ms) filter (where duration.times > 0) as shortest_come,
            max(duration_ms) filter (where duration.times > 0) as longest_come,
            min(duration_ms) filter (where duration.times < 0) as shortest_gone,
            max(duration_ms) filter (where duration.times < 0) as longest_gone,
            sum(total_retries) as total_retries,
            sum(executions_with_retries) as executions_with_retries,
            max(last_come) as last_come,
            max(last_gone) as last_gone,
            array_agg(duration_ms) filter (where duration_ms is not null and duration.times <> 0) as durations,
            array_agg(duration.times) filter (where duration_ms is not null and duration.times <> 0) as times
        from duration
        group by hour, action_type, status
    ),
    new as (
        select
            change.hour, change.action_type, change.status,
            (coalesce(kept.executions, 0) + change.executions)::bigint as executions,
            (coalesce(kept.executions_with_duration, 0) + change.executions_with_duration)::bigint
                as executions_with_duration,
            (coalesce(kept.duration_sum_ms, 0) + change.duration_sum_ms)::bigint as duration_sum_ms,
            least(kept.duration_min_ms, change.shortest_come) as duration_min_ms,
            greatest(kept.duration_max_ms, change.longest_come) as duration_max_ms,
            (coalesce(kept.total_retries, 0) + change.total_retries)::bigint as total_retries,
            (coalesce(kept.executions_with_retries, 0) + change.executions_with_retries)::bigint
                as executions_with_retries,
            greatest(kept.last_execution_at, change.last_come) as last_execution_at,
            case when kept.hour is null then '{}' else kept.few_durations end as few_durations,
            kept.duration_buckets, kept.bucket_executions, kept.durations as packed_durations,
            change.executions as executions_change,
            change.executions_with_duration as executions_with_duration_change,
            change.duration_sum_ms as duration_sum_ms_change,
            change.total_retries as total_retries_change,
            change.executions_with_retries as executions_with_retries_change,
            change.durations, change.times,
            change.shortest_gone <= least(kept.duration_min_ms, change.shortest_come) is true
                or change.longest_gone >= greatest(kept.duration_max_ms, change.longest_come) is true
                or change.last_gone >= greatest(kept.last_execution_at, change.last_come) is true
                or (
                    kept.few_durations is null and kept.hour is not null
                    and kept.executions_with_duration + change.executions_with_duration <= 50
                ) as is_to_be_read
        from change
        left join tidemark.executions_hourly as kept
            on kept.hour = change.hour and kept.action_type = change.action_type and kept.status = change.status
            and truncated is null
    )
    select
        row(
            new.hour, new.action_type, new.status, new.executions, new.executions_with_duration, new.duration_sum_ms,
            extreme.shortest, extreme.longest, new.total_retries, new.executions_with_retries,
            extreme.last_execution_at,
            percentile.p50::numeric(10, 2), percentile.p95::numeric(10, 2), percentile.p99::numeric(10, 2),
            few.durations, counts.new_buckets, counts.new_executions, counts.new_durations
        )::tidemark.executions_hourly,
        new.executions_change::bigint, new.executions_with_duration_change::bigint, new.duration_sum_ms_change::bigint,
        new.total_retries_change::bigint, new.executions_with_retries_change::bigint, new.durations, new.times
    from new
    cross join lateral (
        select
            min(source.duration_ms) as shortest, max(source.duration_ms) as longest,
            max(source.executed_at) as last_execution_at,
            array_agg(source.duration_ms order by source.duration_ms) filter (
                where source.duration_ms is not null and new.executions_with_duration <= 50
            ) as durations
        from public.action_results as source
        where new.is_to_be_read
            and source.executed_at >= new.hour
            and source.executed_at < least(tidemark.end_of_hour(new.hour), until)
            and source.action_type = new.action_type
            and source.status = new.status
    ) as again
    cross join lateral (
        select
            case when new.is_to_be_read then again.shortest else new.duration_min_ms end,
            case when new.is_to_be_read then again.longest else new.duration_max_ms end,
            case when new.is_to_be_read then again.last_execution_at else new.last_execution_at end
    ) as extreme (shortest, longest, last_execution_at)
    cross join lateral (
        select case
            when new.executions_with_duration > 50 then null
            when new.is_to_be_read then coalesce(again.durations, '{}')
            else tidemark.few_changed(new.few_durations, new.durations, new.times)
        end
    ) as few (durations)
    cross join lateral tidemark.durations_changed(
        new.duration_buckets, new.bucket_executions, new.packed_durations,
        array(select tidemark.duration_bucket(unnest) from unnest(new.durations)), coalesce(new.times, '{}')
    ) as counts
    cross join lateral tidemark.percentiles(
        few.durations, counts.new_buckets, counts.new_executions, new.executions_with_duration, extreme.shortest,
        extreme.longest
    ) as percentile;
end
$$;

create or replace function tidemark.store_changes(until timestamptz, out tail_rows bigint, out log_entries bigint, out late_rows bigint)
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
            bucket_executions = excluded.bucket_executions,
            durations = excluded.durations
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
            executions_with_retries, coalesce(buckets, '{}'), coalesce(bucket_executions, '{}'),
            tidemark.packed_durations(coalesce(buckets, '{}'), coalesce(bucket_executions, '{}'))
        from day_change
        left join duration_change using (day, action_type, status)
        on conflict (day, action_type, status) do update set
            executions = kept.executions + excluded.executions,
            executions_with_duration = kept.executions_with_duration + excluded.executions_with_duration,
            duration_sum_ms = kept.duration_sum_ms + excluded.duration_sum_ms,
            total_retries = kept.total_retries + excluded.total_retries,
            executions_with_retries = kept.executions_with_retries + excluded.executions_with_retries,
            (duration_buckets, bucket_executions, durations) = (
                select new_buckets, new_executions, new_durations
                from tidemark.durations_changed(
                    kept.duration_buckets, kept.bucket_executions, kept.durations,
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
