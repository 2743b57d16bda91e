-- Hours and days as pages add them up: what is stored, and what changed since as rows of its own. The rows that
-- tidemark.live_executions_hourly puts together also have a smallest and a largest duration and percentiles, which take most
-- of its time and which nobody adds up.

create function tidemark.execution_changes(until timestamptz)
returns table (
    hour timestamptz, action_type text, status text, executions bigint, executions_with_duration bigint,
    duration_sum_ms bigint, total_retries bigint, executions_with_retries bigint,
    duration_buckets integer[], bucket_executions bigint[]
)
language plpgsql stable parallel safe
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
    with bucket as (
        select
            tidemark.utc_hour(executed_at) as hour, action_type, status,
            tidemark.duration_bucket(duration_ms) as bucket,
            sum(weight) as executions,
            coalesce(sum(weight * duration_ms::bigint), 0) as duration_sum_ms,
            sum(weight * retry_count::bigint) as total_retries,
            coalesce(sum(weight) filter (where retry_count > 0), 0) as executions_with_retries
        from tidemark.changes(frontier_was, until, truncated)
        where isfinite(executed_at)
        group by 1, 2, 3, 4
    )
    select
        hour, action_type, status,
        sum(executions)::bigint,
        coalesce(sum(executions) filter (where bucket is not null), 0)::bigint,
        sum(duration_sum_ms)::bigint, sum(total_retries)::bigint, sum(executions_with_retries)::bigint,
        coalesce(array_agg(bucket) filter (where bucket is not null), '{}'),
        coalesce(array_agg(executions) filter (where bucket is not null), '{}')
    from bucket
    group by hour, action_type, status;
end
$$;
comment on function tidemark.execution_changes(timestamptz) is
    'What changed since the rollups by hour, action type and status, as what to add.';

create view tidemark.live_executions_hourly_parts as
select
    hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
    executions_with_retries,
    coalesce(durations, tidemark.packed_durations(duration_buckets, bucket_executions)) as durations
from tidemark.executions_hourly
where tidemark.truncated_at() is null
union all
select
    hour, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
    executions_with_retries, tidemark.packed_durations(duration_buckets, bucket_executions)
from tidemark.execution_changes('infinity');
comment on view tidemark.live_executions_hourly_parts is
    'Executions by UTC hour, action type and status, as of now. What changed lately is in rows of its own: add up the rows of a group.';

create or replace view tidemark.live_executions_daily as
select
    day, action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
    executions_with_retries, duration_buckets, bucket_executions,
    coalesce(durations, tidemark.packed_durations(duration_buckets, bucket_executions)) as durations
from tidemark.executions_daily
where tidemark.truncated_at() is null
union all
select
    tidemark.utc_day(hour), action_type, status, executions, executions_with_duration, duration_sum_ms, total_retries,
    executions_with_retries, duration_buckets, bucket_executions,
    tidemark.packed_durations(duration_buckets, bucket_executions)
from tidemark.execution_changes('infinity');
