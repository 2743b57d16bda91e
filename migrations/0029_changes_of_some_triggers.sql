-- What changed of some triggers. Whoever asked for the totals of one waited for the histograms of all that ran since the last
-- fold; now the functions that tell what changed can be asked for some.

drop function tidemark.changes(timestamptz, timestamptz, bigint);
-- Inlined into the queries below, so that the tail is read by index and nothing is stored on the way.
create function tidemark.changes(frontier_at timestamptz, until timestamptz, truncated_at bigint, asked_triggers text[] default null)
returns table (
    weight smallint, executed_at timestamptz, trigger_id text, action_type text, status text, duration_ms integer,
    retry_count integer
)
language sql stable
as $$
    select
        log.weight, log.executed_at, log.trigger_id, log.action_type, log.status, log.duration_ms,
        coalesce(log.retry_count, 0)
    from tidemark.change_log as log
    where log.weight in (-1, 1)
        -- Written as an "or", it would be taken for a hundredth of the rows, and they would be sorted to be counted.
        and coalesce(log.trigger_id = any (asked_triggers), asked_triggers is null)
        and log.entry > coalesce(truncated_at, 0)
        and (log.executed_at >= frontier_at and log.executed_at < 'infinity') is not true
    union all
    select
        1::smallint, tail.executed_at, tail.trigger_id, tail.action_type, tail.status, tail.duration_ms,
        coalesce(tail.retry_count, 0)
    from public.action_results as tail
    where tail.executed_at >= frontier_at and tail.executed_at < until
        and coalesce(tail.trigger_id = any (asked_triggers), asked_triggers is null)
$$;
comment on function tidemark.changes(timestamptz, timestamptz, bigint, text[]) is
    'Rows that came (weight 1) or went (-1) since the rollups, of all triggers or some: the log before the frontier, and the tail from it to a moment.';

create function tidemark.trigger_changes(until timestamptz, asked_triggers text[] default null)
returns table (
    trigger_id text, hour timestamptz, action_type text, status text,
    executions bigint, executions_with_duration bigint, duration_sum_ms bigint, total_retries bigint,
    executions_with_retries bigint,
    first_come timestamptz, last_come timestamptz, first_gone timestamptz, last_gone timestamptz
)
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
rows 1000
as $$
#variable_conflict use_column
declare
    frontier_was constant timestamptz := tidemark.built_frontier();
    truncated constant bigint := tidemark.truncated_at();
begin
    return query
    select
        trigger_id, tidemark.utc_hour(executed_at), action_type, status,
        sum(weight),
        coalesce(sum(weight) filter (where duration_ms is not null), 0),
        coalesce(sum(weight * duration_ms::bigint), 0)::bigint,
        sum(weight * retry_count::bigint)::bigint,
        coalesce(sum(weight) filter (where retry_count > 0), 0),
        min(executed_at) filter (where weight > 0 and isfinite(executed_at)),
        max(executed_at) filter (where weight > 0 and isfinite(executed_at)),
        min(executed_at) filter (where weight < 0 and isfinite(executed_at)),
        max(executed_at) filter (where weight < 0 and isfinite(executed_at))
    from tidemark.changes(frontier_was, until, truncated, asked_triggers)
    where trigger_id is not null
    group by 1, 2, 3, 4;
end
$$;
comment on function tidemark.trigger_changes(timestamptz, text[]) is
    'What changed since the rollups by trigger (all, or some), hour, action type and status, as what to add; the hour is null or infinite where the time is.';

create function tidemark.changed_trigger_executions(until timestamptz, asked_triggers text[] default null)
returns setof tidemark.trigger_executions
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
    with change as (
        select
            trigger_id,
            sum(executions) as executions,
            coalesce(sum(executions) filter (where status = 'success'), 0) as successes,
            coalesce(sum(executions) filter (where status = 'failed'), 0) as failures,
            coalesce(sum(executions) filter (where status = 'retrying'), 0) as retrying,
            sum(executions_with_duration) as executions_with_duration,
            sum(duration_sum_ms) as duration_sum_ms,
            sum(total_retries) as total_retries,
            min(first_come) as first_come,
            max(last_come) as last_come,
            min(first_gone) as first_gone,
            max(last_gone) as last_gone
        from tidemark.trigger_changes(until, asked_triggers)
        group by trigger_id
    ),
    duration as (
        select
            trigger_id,
            min(duration_ms) filter (where times > 0) as shortest_come,
            max(duration_ms) filter (where times > 0) as longest_come,
            min(duration_ms) filter (where times < 0) as shortest_gone,
            max(duration_ms) filter (where times < 0) as longest_gone,
            array_agg(duration_ms) as durations,
            array_agg(times) as times
        from (
            select trigger_id, duration_ms, sum(weight) as times
            from tidemark.changes(frontier_was, until, truncated, asked_triggers)
            where trigger_id is not null and duration_ms is not null
            group by trigger_id, duration_ms
            having sum(weight) <> 0
        ) as net
        group by trigger_id
    ),
    retry as (
        select trigger_id, array_agg(retry_count) as retry_values, array_agg(times) as times
        from (
            select trigger_id, retry_count, sum(weight) as times
            from tidemark.changes(frontier_was, until, truncated, asked_triggers)
            where trigger_id is not null and retry_count <> 0
            group by trigger_id, retry_count
            having sum(weight) <> 0
        ) as net
        group by trigger_id
    ),
    new as (
        select
            change.trigger_id,
            (coalesce(kept.executions, 0) + change.executions)::bigint as executions,
            (coalesce(kept.successes, 0) + change.successes)::bigint as successes,
            (coalesce(kept.failures, 0) + change.failures)::bigint as failures,
            (coalesce(kept.retrying, 0) + change.retrying)::bigint as retrying,
            (coalesce(kept.executions_with_duration, 0) + change.executions_with_duration)::bigint
                as executions_with_duration,
            (coalesce(kept.duration_sum_ms, 0) + change.duration_sum_ms)::bigint as duration_sum_ms,
            least(kept.duration_min_ms, duration.shortest_come) as duration_min_ms,
            greatest(kept.duration_max_ms, duration.longest_come) as duration_max_ms,
            (coalesce(kept.total_retries, 0) + change.total_retries)::bigint as total_retries,
            least(kept.first_execution_at, change.first_come) as first_execution_at,
            greatest(kept.last_execution_at, change.last_come) as last_execution_at,
            case when kept.trigger_id is null then '{}' else kept.few_durations end as few_durations,
            kept.duration_buckets, kept.bucket_executions, kept.retry_values, kept.retry_executions,
            duration.durations, duration.times,
            retry.retry_values as changed_retry_values, retry.times as retry_times,
            change.first_gone <= least(kept.first_execution_at, change.first_come)
                or change.last_gone >= greatest(kept.last_execution_at, change.last_come) as is_time_to_be_read,
            duration.shortest_gone <= least(kept.duration_min_ms, duration.shortest_come) is true
                or duration.longest_gone >= greatest(kept.duration_max_ms, duration.longest_come) is true
                or (
                    kept.few_durations is null and kept.trigger_id is not null
                    and kept.executions_with_duration + change.executions_with_duration <= 50
                ) as is_to_be_read
        from change
        left join duration on duration.trigger_id = change.trigger_id
        left join retry on retry.trigger_id = change.trigger_id
        left join tidemark.trigger_executions as kept on kept.trigger_id = change.trigger_id and truncated is null
    )
    select
        new.trigger_id, new.executions, new.successes, new.failures, new.retrying,
        new.executions_with_duration, new.duration_sum_ms, extreme.shortest, extreme.longest,
        new.total_retries,
        case
            when new.is_time_to_be_read then (
                select min(source.executed_at)
                from public.action_results as source
                where source.trigger_id = new.trigger_id
                    and source.executed_at > '-infinity' and source.executed_at < until
            )
            else new.first_execution_at
        end,
        case
            when new.is_time_to_be_read then (
                select max(source.executed_at)
                from public.action_results as source
                where source.trigger_id = new.trigger_id
                    and source.executed_at > '-infinity' and source.executed_at < until
            )
            else new.last_execution_at
        end,
        percentile.p50::numeric(10, 2), percentile.p95::numeric(10, 2), percentile.p99::numeric(10, 2),
        few.durations, counts.new_keys, counts.new_counts, retries.new_keys, retries.new_counts
    from new
    cross join lateral (
        select
            min(source.duration_ms) as shortest, max(source.duration_ms) as longest,
            array_agg(source.duration_ms order by source.duration_ms) filter (
                where source.duration_ms is not null and new.executions_with_duration <= 50
            ) as durations
        from public.action_results as source
        where new.is_to_be_read
            and source.trigger_id = new.trigger_id
            and (source.executed_at >= until and source.executed_at < 'infinity') is not true
    ) as again
    cross join lateral (
        select
            case when new.is_to_be_read then again.shortest else new.duration_min_ms end,
            case when new.is_to_be_read then again.longest else new.duration_max_ms end
    ) as extreme (shortest, longest)
    cross join lateral (
        select case
            when new.executions_with_duration > 50 then null
            when new.is_to_be_read then coalesce(again.durations, '{}')
            else tidemark.few_changed(new.few_durations, new.durations, new.times)
        end
    ) as few (durations)
    cross join lateral tidemark.counts_changed(
        new.duration_buckets, new.bucket_executions,
        array(select tidemark.duration_bucket(unnest) from unnest(new.durations)), coalesce(new.times, '{}')
    ) as counts
    cross join lateral tidemark.counts_changed(
        new.retry_values, new.retry_executions,
        coalesce(new.changed_retry_values, '{}'), coalesce(new.retry_times, '{}')
    ) as retries
    cross join lateral tidemark.percentiles(
        few.durations, counts.new_keys, counts.new_counts, new.executions_with_duration, extreme.shortest,
        extreme.longest
    ) as percentile;
end
$$;
comment on function tidemark.changed_trigger_executions(timestamptz, text[]) is
    'The triggers, all or some, that changed since the rollups, as they are with every row before a moment; one without executions is gone.';

create or replace view tidemark.live_trigger_executions as
with changed as materialized (
    select * from tidemark.changed_trigger_executions('infinity', null)
)
select kept.*
from tidemark.trigger_executions as kept
where tidemark.truncated_at() is null
    and not exists (select from changed where changed.trigger_id = kept.trigger_id)
union all
select * from changed where executions <> 0;

create or replace view tidemark.live_trigger_executions_hourly as
select *
from tidemark.trigger_executions_hourly
where tidemark.truncated_at() is null
union all
select
    trigger_id, hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
    executions_with_retries
from tidemark.trigger_changes('infinity', null)
where isfinite(hour) and hour >= (select trigger_hours_from from tidemark.frontier);

create or replace view tidemark.live_trigger_executions_daily as
select *
from tidemark.trigger_executions_daily
where tidemark.truncated_at() is null
union all
select
    trigger_id, tidemark.utc_day(hour), action_type, status, executions, executions_with_duration, duration_sum_ms,
    total_retries, executions_with_retries
from tidemark.trigger_changes('infinity', null)
where isfinite(hour);

drop function tidemark.trigger_changes(timestamptz);
drop function tidemark.changed_trigger_executions(timestamptz);

create function tidemark.live_triggers(asked_triggers text[])
returns setof tidemark.trigger_executions
language sql stable strict
security definer
set search_path = pg_catalog, pg_temp
rows 10
as $$
    with changed as materialized (
        select * from tidemark.changed_trigger_executions('infinity', asked_triggers)
    )
    select kept.*
    from tidemark.trigger_executions as kept
    where kept.trigger_id = any (asked_triggers)
        and tidemark.truncated_at() is null
        and not exists (select from changed where changed.trigger_id = kept.trigger_id)
    union all
    select * from changed where executions <> 0
$$;
comment on function tidemark.live_triggers(text[]) is
    'All executions of some triggers, as of now: their rows of tidemark.live_trigger_executions, whatever else changed since the last fold.';
