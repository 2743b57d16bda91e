-- What do the newest $4 failures after $1 and before $2 say, and which message came most often among them? Messages that
-- start alike are the same message.
with newest as (
    select left(error_message, $3) as message
    from public.action_results
    where status = 'failed' and executed_at > $1 and executed_at < $2
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
