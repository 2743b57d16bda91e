-- How many executions failed from $2 to $1, and which message came most often?
-- Messages that start alike are the same message.
with messages as (
    select left(error_message, $3) as message, count(*) as times
    from public.recent_failures
    where executed_at > $2 and executed_at <= $1
    group by 1
)
select
    coalesce(sum(times), 0)::bigint as "total!",
    (array_agg(message order by times desc, message) filter (where message is not null))[1] as message,
    coalesce(max(times) filter (where message is not null), 0) as "times!"
from messages
