-- What ran in the part of an hour from $1 on and before $2? Read from the source by its index on executed_at; the bucket
-- of executions without a duration is null.
select
    action_type as "action_type!",
    status as "status!",
    tidemark.duration_bucket(duration_ms) as bucket,
    count(*) as "executions!",
    sum(coalesce(retry_count, 0)) as "total_retries!",
    coalesce(sum(duration_ms), 0) as "duration_sum_ms!",
    max(executed_at) as "last_execution_at!"
from public.action_results
where executed_at >= $1 and executed_at < $2
group by 1, 2, 3
