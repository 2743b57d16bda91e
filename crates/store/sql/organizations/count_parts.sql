-- What ran of the triggers of each organization in parts of days, by how it ended, in the bars before number $8, in those
-- from there on, and bar by bar? Each part counts so many times for a bar: the UTC hours $1 ($3 times for the bars $2), and
-- what ran from the moments $4 on and before the moments $5 ($7 times for the bars $6), read from the source by its index on
-- executed_at. Only of action type $9, status $10 and triggers $11, where those are asked for.
with ran as (
    select
        trigger_id, status, hour as begins, hour + interval '1 hour' as ends,
        executions, executions_with_duration, duration_sum_ms, total_retries
    from tidemark.live_trigger_executions_hourly
    where hour = any($1)
        and ($9::text is null or action_type = $9) and ($10::text is null or status = $10)
        and ($11::text[] is null or trigger_id = any($11))
    union all
    select result.trigger_id, result.status, minute.begins, minute.ends, result.executions, result.with_duration, result.ms, result.retries
    from (select distinct begins, ends from unnest($4::timestamptz[], $5::timestamptz[]) as minute (begins, ends)) as minute
    cross join lateral (
        select
            trigger_id, status, count(*) as executions, count(duration_ms) as with_duration,
            coalesce(sum(duration_ms), 0) as ms, coalesce(sum(retry_count), 0) as retries
        from public.action_results
        where executed_at >= minute.begins and executed_at < minute.ends
            and ($9::text is null or action_type = $9) and ($10::text is null or status = $10)
            and ($11::text[] is null or trigger_id = any($11))
        group by trigger_id, status
    ) as result
),
part as (
    select hour as begins, hour + interval '1 hour' as ends, bar, times
    from unnest($1::timestamptz[], $2::integer[], $3::smallint[]) as part (hour, bar, times)
    union all
    select begins, ends, bar, times
    from unnest($4::timestamptz[], $5::timestamptz[], $6::integer[], $7::smallint[]) as part (begins, ends, bar, times)
),
counted as (
    select
        directory.organization_id, ran.status, ran.begins, ran.ends,
        sum(ran.executions)::bigint as executions,
        sum(ran.executions_with_duration) as executions_with_duration,
        sum(ran.duration_sum_ms) as duration_sum_ms,
        sum(ran.total_retries) as total_retries
    from ran
    join tidemark.trigger_directory as directory on directory.id = ran.trigger_id
    where directory.organization_id is not null
    group by directory.organization_id, ran.status, ran.begins, ran.ends
)
select
    organization_id as "organization_id!",
    status as "status!",
    coalesce(sum(times * executions) filter (where bar < $8), 0)::bigint as "before!",
    coalesce(sum(times * executions) filter (where bar >= $8), 0)::bigint as "executions!",
    coalesce(sum(times * executions_with_duration) filter (where bar >= $8), 0)::bigint as "executions_with_duration!",
    coalesce(sum(times * duration_sum_ms) filter (where bar >= $8), 0)::bigint as "duration_sum_ms!",
    coalesce(sum(times * total_retries) filter (where bar >= $8), 0)::bigint as "total_retries!",
    array_agg(bar) as "bars!",
    array_agg(times * executions) as "bar_executions!"
from counted
join part using (begins, ends)
group by organization_id, status
