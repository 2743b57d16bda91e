-- What do the newest $4 failures from $1 on and before $2 say, and which message came most often among them? Messages that
-- start alike are the same message. Only failures of action type $5 and triggers $6, where those are asked for; they are
-- looked for among the newest $7.
with looked_at as (
    select action_type, trigger_id, executed_at, left(error_message, $3) as message
    from public.action_results
    where status = 'failed' and executed_at >= $1 and executed_at < $2
    order by executed_at desc
    limit $7
),
newest as (
    select message
    from looked_at
    where ($5::text is null or action_type = $5) and ($6::text[] is null or trigger_id = any($6))
    order by executed_at desc
    limit $4
),
messages as (
    select message, count(*) as times
    from newest
    group by message
)
select
    coalesce(sum(times), 0)::bigint as "failures!",
    count(message) as "kinds!",
    (array_agg(message order by times desc, message) filter (where message is not null))[1] as most_frequent,
    coalesce(max(times) filter (where message is not null), 0) as "times!"
from messages
