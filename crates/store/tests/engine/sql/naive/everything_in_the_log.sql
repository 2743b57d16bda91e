-- Entries at or beyond the frontier are not left to the scan, but added as well: they are counted twice.
create or replace function tidemark.changes(frontier_at timestamptz, until timestamptz, truncated_at bigint, asked_triggers text[] default null)
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
    where log.weight <> 0 and log.entry > coalesce(truncated_at, 0)
        and (asked_triggers is null or log.trigger_id = any (asked_triggers))
    union all
    select
        1::smallint, tail.executed_at, tail.trigger_id, tail.action_type, tail.status, tail.duration_ms,
        coalesce(tail.retry_count, 0)
    from public.action_results as tail
    where tail.executed_at >= frontier_at and tail.executed_at < until
        and (asked_triggers is null or tail.trigger_id = any (asked_triggers))
$$;
