-- What ran of the triggers of each organization in a window and in the one before it, by how it ended? Both are put together
-- from parts, each counted so many times (`before`, `now`): the UTC days from the first of $1 up to the third, of which those
-- from the second on are of the window; the UTC hours $2; and what ran from the moments $5 on and before the moments $6, read
-- from the source by its index on executed_at. Only of action type $9, status $10 and triggers $11, where those are asked for.
with ran as (
    select
        trigger_id, status,
        (day < ($1::timestamptz[])[2])::integer as before, (day >= ($1::timestamptz[])[2])::integer as now,
        executions, executions_with_duration, duration_sum_ms, total_retries
    from tidemark.live_trigger_executions_daily
    where day >= ($1::timestamptz[])[1] and day < ($1::timestamptz[])[3]
        and ($9::text is null or action_type = $9) and ($10::text is null or status = $10)
        and ($11::text[] is null or trigger_id = any($11))
    union all
    select
        trigger_id, status, part.before, part.now,
        executions, executions_with_duration, duration_sum_ms, total_retries
    from unnest($2::timestamptz[], $3::smallint[], $4::smallint[]) as part (hour, before, now)
    join tidemark.live_trigger_executions_hourly as ran on ran.hour = part.hour
    where ran.hour = any($2)
        and ($9::text is null or action_type = $9) and ($10::text is null or status = $10)
        and ($11::text[] is null or trigger_id = any($11))
    union all
    select
        result.trigger_id, result.status, part.before, part.now,
        1, (result.duration_ms is not null)::integer, coalesce(result.duration_ms, 0), coalesce(result.retry_count, 0)
    from unnest($5::timestamptz[], $6::timestamptz[], $7::smallint[], $8::smallint[]) as part (begins, ends, before, now)
    cross join lateral (
        select *
        from public.action_results
        where executed_at >= part.begins and executed_at < part.ends
            and ($9::text is null or action_type = $9) and ($10::text is null or status = $10)
            and ($11::text[] is null or trigger_id = any($11))
        -- Each part is read by itself: joined, they would be taken for a ninth of the table each.
        offset 0
    ) as result
)
select
    directory.organization_id as "organization_id!",
    status as "status!",
    sum(before * executions)::bigint as "before!",
    sum(now * executions)::bigint as "executions!",
    sum(now * executions_with_duration)::bigint as "executions_with_duration!",
    sum(now * duration_sum_ms)::bigint as "duration_sum_ms!",
    sum(now * total_retries)::bigint as "total_retries!"
from ran
join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
where directory.organization_id is not null
group by directory.organization_id, status
