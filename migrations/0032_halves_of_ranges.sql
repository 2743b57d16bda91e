-- What is counted of existing rows, as plain aggregates over a half of a range each: two processes then count at once. Spread
-- over workers row by row, as in 0013, all rows went through the one process that aggregates.

create function tidemark.middle_hour(from_at timestamptz, until_at timestamptz)
returns timestamptz
language sql stable
set search_path = pg_catalog, pg_temp
return coalesce(
    (
        select tidemark.utc_hour(oldest + (until_at - oldest) / 2)
        from (
            select greatest(from_at, (select min(executed_at) from public.action_results where executed_at > '-infinity'))
        ) as range (oldest)
        where isfinite(oldest) and oldest < until_at
    ),
    until_at
);
comment on function tidemark.middle_hour(timestamptz, timestamptz) is
    'The hour that cuts a range of whole UTC days in two; each hour is in one half.';

-- These are put into a query in place of their names.

create function tidemark.hour_buckets(from_at timestamptz, until_at timestamptz)
returns table (
    bucket integer, hour timestamptz, action_type text, status text, executions bigint, duration_sum_ms bigint,
    duration_min_ms integer, duration_max_ms integer, total_retries bigint, executions_with_retries bigint,
    last_execution_at timestamptz
)
language sql stable parallel safe
as $$
    select
        tidemark.duration_bucket(duration_ms),
        tidemark.utc_hour(executed_at), action_type, status,
        count(*),
        sum(duration_ms),
        min(duration_ms),
        max(duration_ms),
        sum(coalesce(retry_count, 0)),
        count(*) filter (where retry_count > 0),
        max(executed_at)
    from public.action_results
    where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity'
    group by 1, 2, 3, 4
$$;
comment on function tidemark.hour_buckets(timestamptz, timestamptz) is
    'The rows of whole UTC hours by hour, action type, status and bucket of their duration.';

create function tidemark.trigger_times(from_at timestamptz, until_at timestamptz, hours_from timestamptz)
returns table (
    trigger_id text, "time" timestamptz, action_type text, status text, executions bigint, executions_with_duration bigint,
    duration_sum_ms bigint, total_retries bigint, executions_with_retries bigint
)
language sql stable parallel safe
as $$
    select
        trigger_id,
        case
            when executed_at >= hours_from then tidemark.utc_hour(executed_at) else tidemark.utc_day(executed_at)
        end,
        action_type, status,
        count(*),
        count(duration_ms),
        coalesce(sum(duration_ms), 0),
        sum(coalesce(retry_count, 0)),
        count(*) filter (where retry_count > 0)
    from public.action_results
    where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity'
        and trigger_id is not null
    group by 1, 2, 3, 4
$$;
comment on function tidemark.trigger_times(timestamptz, timestamptz, timestamptz) is
    'The rows of whole UTC hours by trigger, action type, status and hour, or day before a moment; a day may come twice.';

create function tidemark.trigger_buckets(from_at timestamptz, until_at timestamptz)
returns table (
    bucket integer, trigger_id text, executions bigint, successes bigint, failures bigint, retrying bigint,
    duration_sum_ms bigint, duration_min_ms integer, duration_max_ms integer,
    first_execution_at timestamptz, last_execution_at timestamptz
)
language sql stable parallel safe
as $$
    select
        tidemark.duration_bucket(duration_ms), trigger_id,
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
    group by 1, 2
$$;
comment on function tidemark.trigger_buckets(timestamptz, timestamptz) is
    'The rows of a range by trigger and bucket of their duration.';

create function tidemark.trigger_retries(from_at timestamptz, until_at timestamptz)
returns table (trigger_id text, retry_count integer, executions bigint)
language sql stable parallel safe
as $$
    select trigger_id, retry_count, count(*)
    from public.action_results
    where executed_at >= from_at and executed_at < until_at and executed_at > '-infinity' and trigger_id is not null
        and retry_count <> 0
    group by 1, 2
$$;
comment on function tidemark.trigger_retries(timestamptz, timestamptz) is
    'The rows of a range that were tried again, by trigger and how often.';
