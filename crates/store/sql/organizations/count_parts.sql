-- What ran of the triggers of each organization in parts of days, by how it ended, in all and
-- part by part? Each part counts so many times for the time
-- before and for the time itself: the UTC hours $1 ($2 and $3 times), and what ran from the moments $4 on and before the
-- moments $5 ($6 and $7 times), read from the source by its index on executed_at. Only of action type $8, status $9 and
-- triggers $10, where those are asked for.
with ran as (
    select
        trigger_id, status, ran.hour as moment, part.before, part.now,
        executions, executions_with_duration, duration_sum_ms, total_retries
    from unnest($1::timestamptz[], $2::smallint[], $3::smallint[]) as part (hour, before, now)
    join tidemark.live_trigger_executions_hourly as ran on ran.hour = part.hour
    where ran.hour = any($1)
        and ($8::text is null or action_type = $8) and ($9::text is null or status = $9)
        and ($10::text[] is null or trigger_id = any($10))
    union all
    select
        result.trigger_id, result.status, part.begins, part.before, part.now,
        1, (result.duration_ms is not null)::integer, coalesce(result.duration_ms, 0), coalesce(result.retry_count, 0)
    from unnest($4::timestamptz[], $5::timestamptz[], $6::smallint[], $7::smallint[]) as part (begins, ends, before, now)
    cross join lateral (
        select *
        from public.action_results
        where executed_at >= part.begins and executed_at < part.ends
            and ($8::text is null or action_type = $8) and ($9::text is null or status = $9)
            and ($10::text[] is null or trigger_id = any($10))
        -- Each part is read by itself: joined, they would be taken for a ninth of the table each.
        offset 0
    ) as result
)
select
    organization_id as "organization_id!",
    status as "status!",
    sum(before)::bigint as "before!",
    sum(executions)::bigint as "executions!",
    sum(executions_with_duration)::bigint as "executions_with_duration!",
    sum(duration_sum_ms)::bigint as "duration_sum_ms!",
    sum(total_retries)::bigint as "total_retries!",
    array_agg(moment) as "moments!",
    array_agg(before) as "moments_before!",
    array_agg(executions) as "moments_now!"
from (
    select
        directory.organization_id,
        ran.status,
        ran.moment,
        sum(ran.before * ran.executions)::bigint as before,
        sum(ran.now * ran.executions)::bigint as executions,
        sum(ran.now * ran.executions_with_duration) as executions_with_duration,
        sum(ran.now * ran.duration_sum_ms) as duration_sum_ms,
        sum(ran.now * ran.total_retries) as total_retries
    from ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where directory.organization_id is not null
    group by directory.organization_id, ran.status, ran.moment
) as parts
group by organization_id, status
