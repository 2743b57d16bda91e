-- What ran from $1 on and before $2, a part of an hour? Only of action type $3, status $4 and triggers $5, where those are
-- asked for. Read from the source by its index on executed_at; the bucket of executions without a duration is null.
select
    action_type as "action_type!",
    status as "status!",
    tidemark.duration_bucket(duration_ms) as bucket,
    count(*) as "executions!",
    sum(coalesce(retry_count, 0)) as "total_retries!",
    coalesce(sum(duration_ms), 0) as "duration_sum_ms!"
from public.action_results
where executed_at >= $1 and executed_at < $2 and ($3::text is null or action_type = $3)
    and ($4::text is null or status = $4) and ($5::text[] is null or trigger_id = any($5))
group by 1, 2, 3
